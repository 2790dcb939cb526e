import { known, unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { isFilledIn } from '../../text/template.ts';
import { declared, type FormatContext } from './format.ts';
import { originOfDirective, type RedisSettings } from './redis-settings.ts';

/** Commands that destroy, reconfigure or run code, by ACL categories @dangerous and @admin. */
export const DANGEROUS = ['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'KEYS', 'SAVE', 'REPLICAOF'] as const;

export interface RedisUser {
  readonly name: string;
  readonly resource: Resource;
  readonly facts: KindFacts<typeof identityPrincipal>;
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
    const nopass = words.lastIndexOf('nopass') > words.lastIndexOf('resetpass');
    const plain = words.some((word) => word.startsWith('>'));
    const hashed = words.some((word) => word.startsWith('#'));
    const rights = DANGEROUS.filter((command) => allows(words, command));
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
      superuser:
        filled ?? known(DANGEROUS.length === rights.length && words.some((word) => word === '+@all' || word === 'allcommands'), at),
      dangerous_rights:
        filled ??
        known(
          rights.map((right) => known(right, at)),
          at,
        ),
    };
    return [{ name: name.text, facts, resource: declared(identityPrincipal, `${settings.main.file} ${name.text}`, context.target, facts) }];
  });
}

/** Which categories each of the commands is in, besides @all, @admin and @dangerous (`ACL CAT`). */
const CATEGORIES: Readonly<Record<(typeof DANGEROUS)[number], readonly string[]>> = {
  FLUSHALL: ['@keyspace', '@write', '@slow', '@dangerous'],
  FLUSHDB: ['@keyspace', '@write', '@slow', '@dangerous'],
  CONFIG: ['@admin', '@slow', '@dangerous'],
  DEBUG: ['@admin', '@slow', '@dangerous'],
  MODULE: ['@admin', '@slow', '@dangerous'],
  SHUTDOWN: ['@admin', '@slow', '@dangerous'],
  KEYS: ['@keyspace', '@read', '@slow', '@dangerous'],
  SAVE: ['@admin', '@slow', '@dangerous'],
  REPLICAOF: ['@admin', '@slow', '@dangerous'],
};

/** ACL command rules apply from left to right; each category gives or takes its commands. A selector may give any. */
function allows(words: readonly string[], command: (typeof DANGEROUS)[number]): boolean {
  let allowed = false;
  const name = command.toLowerCase();
  for (const word of words) {
    const sign = word.charAt(0);
    const what = word.slice(1);
    const meant = what === '@all' || what === name || what.startsWith(`${name}|`) || CATEGORIES[command].includes(what);
    if (word === 'allcommands' || (sign === '+' && meant) || word.startsWith('(')) allowed = true;
    if (word === 'nocommands' || word === 'reset' || (sign === '-' && meant && !what.includes('|'))) allowed = false;
  }
  return allowed;
}
