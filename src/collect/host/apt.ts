import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { parseAptConf } from '../../text/apt-conf.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn } from './host-files.ts';
import type { HostContext } from './part.ts';
import { unitState } from './units.ts';

/** Everything that apt.conf(5) sets on a host, merged in its order. */
interface AptSettings {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly at: Origin;
  readonly gaps: readonly Unknown[];
}

async function aptSettings(context: HostContext): Promise<AptSettings> {
  const values = new Map<string, string[]>();
  const parts = await filesIn(context, '/etc/apt/apt.conf.d', '');
  const last = await context.open('/etc/apt/apt.conf');
  const gaps = [...parts.gaps];
  // apt reads names without an ending, or that end with .conf.
  const files = parts.files.filter(({ file }) => /^\/etc\/apt\/apt\.conf\.d\/(?:[^.]+|.*\.conf)$/.test(file));
  if (last instanceof SourceText) files.push(last);
  else if (last !== 'not-there') gaps.push(last);
  for (const file of files) if (!parseAptConf(file.text, values)) gaps.push(unknown('unparseable', file.file, file.origin(0, 0)));
  return { values, at: files[0]?.origin(0, 0) ?? context.at, gaps };
}

const YES = /^(?:1|yes|true|with|on|enable)$/i;

/** Are security updates installed by themselves? apt's daily run with unattended-upgrades. */
export async function aptAutomatic(context: HostContext): Promise<Fact<boolean>> {
  const { values, at, gaps } = await aptSettings(context);
  const [gap] = gaps;
  const last = (name: string): string | undefined => values.get(name.toLowerCase())?.at(-1);
  const installed = await context.package('unattended-upgrades');
  if (installed.state === 'unknown') return installed;
  if (gap !== undefined) return gap;
  // Without new lists there is nothing new to install; apt fetches none by itself where nothing is written.
  const isOff = (name: string): boolean => /^(?:0[smhd]?)?$/.test(last(name) ?? '');
  const off =
    installed.state === 'absent' ||
    isOff('APT::Periodic::Unattended-Upgrade') ||
    isOff('APT::Periodic::Update-Package-Lists') ||
    last('APT::Periodic::Enable') === '0';
  const origin = derived('apt.conf.d, and what of it unattended-upgrades runs by', at, installed.origin);
  if (off) return known(false, origin);
  const lists = ['Unattended-Upgrade::Origins-Pattern', 'Unattended-Upgrade::Allowed-Origins'].flatMap(
    (name) => values.get(name.toLowerCase()) ?? [],
  );
  if (!lists.some((pattern) => /security/i.test(pattern))) return known(false, origin);
  const { enabled, running } = await unitState(context, ['apt-daily-upgrade.timer']);
  // A host without systemd runs it from cron.daily, which apt-compat is.
  if (enabled.state === 'known' && !enabled.value && running.state !== 'known') {
    const job = await context.host.stat('/etc/cron.daily/apt-compat');
    if (job === 'not-there') return known(false, origin);
    return 'state' in job ? job : (await unitState(context, ['cron.service', 'crond.service'], ['cron', 'crond'])).running;
  }
  if (enabled.state !== 'known') return enabled.state === 'unknown' ? enabled : known(false, origin);
  return known(enabled.value || (running.state === 'known' && running.value), origin);
}

/** Sources of packages whose signatures are not checked: sources.list(5), and settings that let all of them go unchecked. */
export async function aptUnsigned(context: HostContext): Promise<Fact<readonly Fact<string>[]>> {
  const { values, at, gaps } = await aptSettings(context);
  const found: Fact<string>[] = [];
  const missing = [...gaps];
  for (const name of [
    'APT::Get::AllowUnauthenticated',
    'Acquire::AllowInsecureRepositories',
    'Acquire::AllowWeakRepositories',
    'Acquire::AllowDowngradeToInsecureRepositories',
  ])
    if (YES.test(values.get(name.toLowerCase())?.at(-1) ?? '')) found.push(known(name, at));
  const lists = await filesIn(context, '/etc/apt/sources.list.d', '.list');
  const deb822 = await filesIn(context, '/etc/apt/sources.list.d', '.sources');
  const main = await context.open('/etc/apt/sources.list');
  missing.push(...lists.gaps, ...deb822.gaps);
  if (typeof main === 'object' && 'state' in main) missing.push(main);
  for (const file of main instanceof SourceText ? [main, ...lists.files] : lists.files)
    for (const { 0: line, 1: options = '', index } of file.text.matchAll(/^[ \t]*deb(?:-src)?[ \t]+\[([^\]\n]*)\][^\n]*/gm))
      if (/\b(?:trusted|allow-insecure|allow-weak)[ \t]*=[ \t]*(?:1|yes|true|with|on|enable)\b/i.test(options))
        found.push(file.fact(line.trim().slice(0, 200), index, index + line.length));
  for (const file of deb822.files) {
    let start = 0;
    for (const stanza of file.text.split(/\n[ \t]*\n/)) {
      const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';
      const on = !/^(?:no|false|0|without|off|disable)$/i.test(field('Enabled'));
      if (on && ['Trusted', 'Allow-Insecure', 'Allow-Weak'].some((name) => YES.test(field(name))))
        found.push(file.fact(`${field('URIs')} ${field('Suites')}`.slice(0, 200), start, start + stanza.length));
      start += stanza.length + 2;
    }
  }
  return known(found, main instanceof SourceText ? main.origin(0, 0) : (deb822.files[0]?.origin(0, 0) ?? at), missing);
}
