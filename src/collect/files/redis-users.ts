import { absent, known, unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { isFilledIn } from '../../text/template.ts';
import { dangerousCommandsOf, isSuperuser, takesAnyPassword } from '../redis-acl.ts';
import { declared, type FormatContext } from './format.ts';
import { originOfDirective, type RedisSettings } from './redis-settings.ts';

export interface RedisUser {
  readonly name: string;
  readonly resource: Resource;
  readonly facts: KindFacts<typeof identityPrincipal>;
  /** It logs in with any password, as far as its line tells. */
  readonly open: boolean;
}

/** `user` lines (Redis 6 ACL). An aclfile may replace all of them, so it leaves the default user unknown. None is in force where Redis refuses the file. */
export function redisUsers(settings: RedisSettings, context: FormatContext): readonly RedisUser[] {
  if (settings.refused !== undefined) return [];
  const lines = settings.all.filter(({ name }) => name === 'user');
  return lines.flatMap((directive) => {
    const [name, ...rules] = directive.words;
    if (name === undefined) return [];
    const at = originOfDirective(directive);
    const words = rules.map((rule) => rule.text.toLowerCase());
    const nopass = takesAnyPassword(words);
    const plain = words.some((word) => word.startsWith('>'));
    const hashed = words.some((word) => word.startsWith('#'));
    const rights = dangerousCommandsOf(words);
    // Behind `>` and `#` a template gives the password, elsewhere it may give any rule.
    const written = rules.map((rule) => rule.text);
    const why = unknown('unresolved', `user ${name.text.slice(0, 80)}: filled in elsewhere`, at);
    const filled = written.some((text) => !/^[#<>]/.test(text) && isFilledIn(text)) ? why : undefined;
    const filledPassword = filled ?? (written.some((text) => isFilledIn(text)) && !nopass ? why : undefined);
    const facts: KindFacts<typeof identityPrincipal> = {
      name: directive.source.fact(name.text, name.start, name.end),
      kind: known(name.text === 'default' ? 'default' : 'service', at),
      login: filled ?? known(words.lastIndexOf('on') > words.lastIndexOf('off'), at),
      password: filledPassword ?? known<'none' | 'plain' | 'hashed'>(nopass ? 'none' : plain ? 'plain' : hashed ? 'hashed' : 'none', at),
      superuser: filled ?? known(isSuperuser(words), at),
      dangerous_rights:
        filled ??
        known(
          rights.map((right) => known(right, at)),
          at,
        ),
      system: absent(at),
    };
    return [
      {
        name: name.text,
        facts,
        open: nopass && words.lastIndexOf('on') > words.lastIndexOf('off'),
        resource: declared(identityPrincipal, `${settings.main.file} ${name.text}`, context.target, facts),
      },
    ];
  });
}
