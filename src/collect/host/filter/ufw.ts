import type { Origin, Unknown } from '../../../model/fact.ts';
import { derived } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import type { HostContext } from '../part.ts';
import { readIptables, type IptablesLine } from './iptables.ts';
import type { FilterChain, Ruleset } from './ruleset.ts';

const POLICIES: Readonly<Record<string, string>> = { ACCEPT: 'ACCEPT', DROP: 'DROP', REJECT: 'DROP' };
/** What a comment of `ufw allow … comment …` is written as. */
const TUPLE = /^### tuple ###.* comment=([0-9a-f]+)/;
/** Chains of ufw's own; in them, what is not of the user is shipped. */
const SHIPPED = /^-A ufw6?-(?:before|after|not-local|logging|skip|track|user-limit)/;

/** Is ufw set to start its rules? `not-there` where it is not installed. */
export async function ufwEnabled(open: HostContext['open']): Promise<boolean | Unknown | 'not-there'> {
  const settings = await open('/etc/ufw/ufw.conf');
  if (!(settings instanceof SourceText)) return settings;
  return /^[ \t]*ENABLED=["']?(?:yes|YES)["']?[ \t]*$/m.test(settings.text);
}

/** The rules that ufw loads when it starts: its framework, and the files that it reads into it. */
export async function readUfw({ open }: HostContext): Promise<Ruleset | Unknown> {
  const defaults = await open('/etc/default/ufw');
  if (defaults === 'not-there') return readNothing('/etc/default/ufw');
  if (!(defaults instanceof SourceText)) return defaults;
  const chains = new Map<string, FilterChain>();
  const problems: Ruleset['problems'][number][] = [];
  const setting = (name: string): { readonly value: string; readonly origin: Origin } => {
    const found = [...defaults.text.matchAll(new RegExp(`^[ \\t]*${name}=["']?(\\w*)["']?`, 'gm'))].at(-1);
    return { value: found?.[1] ?? '', origin: defaults.origin(found?.index ?? 0, (found?.index ?? 0) + (found?.[0].length ?? 0)) };
  };
  const ipv6 = /^(?:yes|YES)$/.test(setting('IPV6').value);
  for (const version of ipv6 ? ([4, 6] as const) : ([4] as const)) {
    const six = version === 6 ? '6' : '';
    const framework = derived('ufw sets up its chains', defaults.origin(0, 0));
    const lines: IptablesLine[] = hooks(`ufw${six}`).map((text) => ({ text, origin: framework, shipped: true }));
    for (const hook of ['INPUT', 'FORWARD', 'OUTPUT'] as const) {
      const { value, origin } = setting(`DEFAULT_${hook}_POLICY`);
      const policy = Object.hasOwn(POLICIES, value) ? POLICIES[value] : undefined;
      if (policy === undefined) problems.push({ cause: 'unparseable', detail: `ufw: DEFAULT_${hook}_POLICY` });
      else lines.push({ text: `:${hook} ${policy} [0:0]`, origin });
      if (value === 'REJECT') lines.push({ text: `-A ufw${six}-reject-${hook.toLowerCase()} -j REJECT`, origin });
      lines.push({
        text: `-A ufw${six}-skip-to-policy-${hook.toLowerCase()} -j ${policy === undefined ? 'unreadable' : value}`,
        origin,
        shipped: true,
      });
    }
    for (const file of [`before${six}.rules`, `after${six}.rules`, `user${six}.rules`]) {
      const text = await open(`/etc/ufw/${file}`);
      if (text instanceof SourceText) lines.push(...ufwLines(text));
      else
        problems.push(
          text === 'not-there'
            ? { cause: 'unresolved', detail: `/etc/ufw/${file} is not there` }
            : { cause: 'access-denied', detail: text.detail },
        );
    }
    for (const hook of ['input', 'forward', 'output'])
      lines.push({ text: `-A ufw${six}-before-${hook} -j ufw${six}-user-${hook}`, origin: framework });
    problems.push(...readIptables(lines, version, chains));
  }
  return { chains, problems };
}

/** The lines of one of ufw's files, with the comments of its user. */
export function ufwLines(text: SourceText): readonly IptablesLine[] {
  const lines: IptablesLine[] = [];
  let comment: string | undefined;
  let at = 0;
  for (const line of text.text.split('\n')) {
    const tuple = TUPLE.exec(line);
    if (line.startsWith('### ')) comment = tuple === null ? undefined : Buffer.from(tuple[1] ?? '', 'hex').toString('utf8');
    const own = comment === undefined ? {} : { comment };
    lines.push({ text: line, origin: text.origin(at, at + line.length), ...(SHIPPED.test(line) ? { shipped: true as const } : own) });
    at += line.length + 1;
  }
  return lines;
}

/** Chains and their order as /lib/ufw/ufw-init-functions sets them up. */
function hooks(ufw: string): readonly string[] {
  const asked = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'];
  return ['input', 'output', 'forward'].flatMap((hook) => [
    ...[...asked, 'skip-to-policy', 'user', 'user-logging'].map((what) => `:${ufw}-${what}-${hook} - [0:0]`),
    ...['logging-deny', 'logging-allow', 'user-limit', 'user-limit-accept'].map((what) => `:${ufw}-${what} - [0:0]`),
    ...asked.map((what) => `-A ${hook.toUpperCase()} -j ${ufw}-${what}-${hook}`),
  ]);
}

function readNothing(path: string): Ruleset {
  return { chains: new Map(), problems: [{ cause: 'unresolved', detail: `${path} is not there` }] };
}
