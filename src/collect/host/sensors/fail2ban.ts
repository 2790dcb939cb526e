import { absent, derived, known, unknown, type Fact, type Unknown } from '../../../model/fact.ts';
import { parseIni, type IniEntry } from '../../../text/ini.ts';
import { SourceText } from '../../../text/source-text.ts';
import { filesIn } from '../host-files.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import { found, newestChange, type Sensor } from './sensor.ts';

const SYNTAX = { comments: ['#', ';'], indentContinues: true, backslashContinues: false } as const;
const SPANS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, mo: 2_628_000, y: 31_557_600 };
const FOR_EVER = 100 * 365 * 24 * 60;

/** fail2ban: jails by jail.conf(5)'s order of files (.conf, then .d/*.conf, .local, .d/*.local), the last word counts. */
export async function fail2banSensor(context: HostContext): Promise<Sensor | Unknown | 'not-there'> {
  const jails = await merged('jail', context);
  if (jails === 'not-there' || 'state' in jails) return jails;
  const own = await merged('fail2ban', context);
  const names = [...new Set(jails.entries.map(({ section }) => section))].filter(
    (name) => name !== 'DEFAULT' && name !== 'INCLUDES' && name !== '',
  );
  const enabled = names.filter((name) => /^(?:true|yes|on|1)$/i.test(valueOf(jails, name, 'enabled')?.value.trim() ?? ''));
  const { running } = await unitState(context, ['fail2ban.service'], ['fail2ban-server']);
  const at = jails.files[0]?.origin(0, 0) ?? context.at;
  const gaps = jails.gaps;
  const [gap] = gaps;
  const worst = (key: string, read: (text: string) => number | undefined, choose: (...numbers: number[]) => number): Fact<number> => {
    if (gap !== undefined) return gap;
    const values: { readonly value: number; readonly entry: IniEntry }[] = [];
    for (const name of enabled) {
      const entry = valueOf(jails, name, key);
      const value = entry === undefined ? undefined : read(entry.value.trim());
      if (entry === undefined || value === undefined)
        return unknown('unresolved', `fail2ban: ${key} of ${name}`, entry?.source.origin(entry.start, entry.end) ?? at);
      values.push({ value, entry });
    }
    const end = values.length === 0 ? undefined : choose(...values.map(({ value }) => value));
    const deciding = values.find(({ value }) => value === end);
    return deciding === undefined ? absent(at) : deciding.entry.source.fact(deciding.value, deciding.entry.start, deciding.entry.end);
  };
  const action = valueOf(jails, 'DEFAULT', 'banaction');
  return found({
    engine: known('fail2ban', at),
    form: known('guessing', derived('what fail2ban is', at)),
    running,
    blocking:
      gap ??
      known(
        enabled.length > 0 && action !== undefined && !/^(?:dummy)?$/.test(action.value.trim()),
        action?.source.origin(action.start, action.end) ?? at,
      ),
    rules: gap ?? known(enabled.length, derived('jails that are enabled', at)),
    rules_changed: await newestChange(
      jails.files.map(({ file }) => file),
      context,
      'fail2ban',
    ),
    last_run: absent(at),
    watches: known(
      enabled.toSorted().map((name) => known(name, originOf(jails, name) ?? at)),
      at,
      gaps,
    ),
    reports_to:
      own === 'not-there' || 'state' in own
        ? own === 'not-there'
          ? unknown('unresolved', 'fail2ban.conf is not there', at)
          : own
        : logTarget(own, at),
    max_tries: worst('maxretry', count, Math.max),
    block_time: worst('bantime', minutes, Math.min),
  });
}

interface Merged {
  readonly entries: readonly IniEntry[];
  readonly files: readonly SourceText[];
  readonly gaps: readonly Unknown[];
}

async function merged(name: string, context: HostContext): Promise<Merged | Unknown | 'not-there'> {
  const files: SourceText[] = [];
  const gaps: Unknown[] = [];
  for (const ending of ['.conf', '.local']) {
    const main = await context.open(`/etc/fail2ban/${name}${ending}`);
    if (main instanceof SourceText) files.push(main);
    else if (main !== 'not-there') return main;
    const more = await filesIn(context, `/etc/fail2ban/${name}.d`, ending);
    files.push(...more.files);
    gaps.push(...more.gaps);
  }
  return files.length === 0 ? 'not-there' : { files, gaps, entries: files.flatMap((file) => parseIni(file, SYNTAX).entries) };
}

/** What a jail is set to, with `%(other)s` filled in as Python's configparser would. */
function valueOf(of: Merged, section: string, key: string): IniEntry | undefined {
  return filledIn(of, section, key, 0);
}

function filledIn(of: Merged, section: string, key: string, depth: number): IniEntry | undefined {
  const entry =
    of.entries.findLast((one) => one.section === section && one.key === key) ??
    of.entries.findLast((one) => one.section === 'DEFAULT' && one.key === key);
  if (entry === undefined || depth > 8 || entry.value.length > 4096) return undefined;
  const value = entry.value.replaceAll(/%\(([\w/]+)\)s/g, (whole, name: string) => filledIn(of, section, name, depth + 1)?.value ?? whole);
  return { ...entry, value };
}

function originOf({ entries }: Merged, section: string) {
  const entry =
    entries.findLast((one) => one.section === section && one.key === 'enabled') ??
    entries.findLast((one) => one.section === 'DEFAULT' && one.key === 'enabled');
  return entry?.source.origin(entry.start, entry.end);
}

function logTarget(own: Merged, at: Sensor['facts']['engine']['origin']): Fact<readonly Fact<string>[]> {
  const target = valueOf(own, 'Definition', 'logtarget') ?? valueOf(own, 'DEFAULT', 'logtarget');
  if (target === undefined) return unknown('unresolved', 'fail2ban: logtarget', at);
  const origin = target.source.origin(target.start, target.end);
  const word = target.value.trim();
  const channel = /^SYSLOG$/i.test(word)
    ? 'syslog:daemon'
    : /^(?:STDOUT|STDERR|SYSTEMD-JOURNAL|SYSOUT)$/i.test(word)
      ? 'journal'
      : word.startsWith('/')
        ? `file:${word}`
        : undefined;
  return channel === undefined
    ? unknown('unresolved', `fail2ban: logtarget ${word.slice(0, 80)}`, origin)
    : known([known(channel, origin)], origin, own.gaps);
}

function count(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/** `10m`, `1d 12h`, `600`, `-1` for ever. */
function minutes(text: string): number | undefined {
  if (/^-\d+$/.test(text)) return FOR_EVER;
  const parts = text.match(/\d+\s*[a-z]*/g) ?? [];
  if (parts.join('').replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '') || parts.length === 0) return undefined;
  let seconds = 0;
  for (const part of parts) {
    const [, number = '', unit = ''] = /^(\d+)\s*([a-z]*)$/.exec(part) ?? [];
    const scale = unit === '' ? 1 : (SPANS[unit] ?? SPANS[/^mon|^mo/.test(unit) ? 'mo' : unit.slice(0, 1)]);
    if (scale === undefined) return undefined;
    seconds += Number(number) * scale;
  }
  return seconds / 60;
}
