import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { SectionOption } from '../../text/section-option.ts';
import { SourceText } from '../../text/source-text.ts';
import { timerCalendar } from '../calendar.ts';
import type { HostContext } from './part.ts';
import {
  runsBackupTool,
  withScripts,
  type FoundJobs,
  type Job,
  type ScheduledJob,
  type ScheduledJobs,
  type When,
} from './scheduled-job.ts';
import { shellCommands } from './shell-commands.ts';

/** Where units lie; the first that has one counts: systemd.unit(5). */
const DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Units that something wants at the start of the machine: by their names, those of instances too. */
export interface EnabledUnits {
  readonly names: ReadonlySet<string>;
  readonly gaps: readonly Unknown[];
}

/** Reads the links in `*.wants` and `*.requires`, by which units are enabled. */
export async function enabledUnits(context: HostContext): Promise<EnabledUnits> {
  const names = new Set<string>();
  const gaps: Unknown[] = [];
  for (const directory of DIRECTORIES) {
    const listing = await context.host.list(directory);
    if (listing === 'not-there') continue;
    if ('state' in listing) {
      gaps.push(listing);
      continue;
    }
    gaps.push(...listing.unseen.filter(({ path }) => /\.(?:wants|requires)$/.test(path)).map(({ why }) => why));
    for (const { path } of listing.entries.filter((entry) => entry.kind === 'directory' && /\.(?:wants|requires)$/.test(entry.path))) {
      const wanted = await context.host.list(path);
      if (wanted === 'not-there') continue;
      if ('state' in wanted) gaps.push(wanted);
      else {
        gaps.push(...wanted.unseen.map(({ why }) => why));
        for (const entry of wanted.entries) names.add(entry.path.slice(path.length + 1));
      }
    }
  }
  return { names, gaps };
}

/** Timers that are enabled, and what they start. */
export async function timers(context: HostContext, { names, gaps: unread }: EnabledUnits): Promise<FoundJobs> {
  const jobs: ScheduledJob[] = [];
  const gaps: Unknown[] = [...unread];
  for (const name of [...names].filter((one) => one.endsWith('.timer')).toSorted()) {
    const timer = await readUnit(name, context);
    if (timer === 'not-there' || timer === 'masked') continue;
    if ('state' in timer) {
      gaps.push(timer);
      continue;
    }
    const service = lastOf(timer.settings, 'Timer', 'Unit')?.value ?? name.replace(/\.timer$/, '.service');
    const unit = await readUnit(service, context);
    if (unit === 'not-there' || unit === 'masked') continue;
    if ('state' in unit) {
      gaps.push(unit);
      continue;
    }
    const { commands, gaps: hidden } = await startedBy(unit, service, context);
    gaps.push(...hidden);
    const at = beginningOf(timer, context);
    const when = await conditionOf([...timer.settings, ...unit.settings], context);
    for (const one of when === undefined ? whens(timer.settings, name) : [when])
      jobs.push({ commands, when: one, at, file: unit.file.slice(1) });
  }
  return { jobs, gaps };
}

/**
 * Services that administrators wrote to run a tool of backups, and that no timer starts: a timer that was disabled leaves such a one. One
 * that is wanted at the start of the machine is a job of unknown frequency.
 */
export async function services(context: HostContext, { names }: EnabledUnits, started: ReadonlySet<string>): Promise<ScheduledJobs> {
  const [directory = ''] = DIRECTORIES;
  const listing = await context.host.list(directory);
  if (listing === 'not-there') return { jobs: [], idle: [], gaps: [] };
  if ('state' in listing) return { jobs: [], idle: [], gaps: [listing] };
  const jobs: ScheduledJob[] = [];
  const idle: Job[] = [];
  const gaps: Unknown[] = listing.unseen.map(({ why }) => why);
  for (const { path } of listing.entries.filter((entry) => entry.kind === 'file' && /(?<!@)\.service$/.test(entry.path))) {
    if (started.has(path.slice(1))) continue;
    const name = path.slice(directory.length + 1);
    const unit = await readUnit(name, context);
    if (unit === 'not-there' || unit === 'masked') continue;
    if ('state' in unit) {
      gaps.push(unit);
      continue;
    }
    const { commands, gaps: hidden } = await startedBy(unit, name, context);
    gaps.push(...hidden);
    if (!commands.some(runsBackupTool)) continue;
    const at = beginningOf(unit, context);
    const job = { commands, at, file: unit.file.slice(1) };
    if (names.has(name)) jobs.push({ ...job, when: unknown('unsupported', `${name}: how often it starts`, at) });
    else idle.push(job);
  }
  return { jobs, idle, gaps };
}

/** What a service runs, by itself and through its scripts. */
function startedBy({ settings }: Unit, service: string, context: HostContext): ReturnType<typeof withScripts> {
  const starts = listOf(settings, 'Service', /^ExecStart(?:Pre|Post)?$/);
  return withScripts(
    starts.flatMap(({ value }) => shellCommands(unitCommand(value, service))),
    context,
  );
}

function beginningOf({ settings: [first] }: Unit, { at }: HostContext): Origin {
  return first === undefined ? at : first.source.origin(first.start, first.end);
}

/** `-`, `@` and their like before the program; specifiers that name the instance; `$$` for a dollar sign. */
function unitCommand(written: string, unit: string): string {
  const instance = /@([^.]*)\./.exec(unit)?.[1] ?? '';
  return written
    .replace(/^[-@:+!|]+/, '')
    .replaceAll('%i', instance)
    .replaceAll('%I', instance)
    .replaceAll('%%', '%')
    .replaceAll('$$', '$');
}

function whens(settings: readonly SectionOption[], name: string): readonly When[] {
  const found: When[] = [];
  for (const setting of listOf(settings, 'Timer', /^On(?:Calendar|UnitActiveSec|UnitInactiveSec)$/)) {
    const at = setting.source.origin(setting.start, setting.end);
    if (setting.name === 'OnCalendar') {
      const calendar = timerCalendar(setting.value);
      found.push(calendar === undefined ? unknown('unsupported', `OnCalendar=${setting.value.slice(0, 60)}`, at) : { calendar });
    } else {
      const hours = spanOf(setting.value);
      found.push(hours === undefined ? unknown('unsupported', `${setting.name}=${setting.value.slice(0, 60)}`, at) : { hours });
    }
  }
  const [first] = settings;
  return found.length > 0 ? found : [unknown('unsupported', `${name}: how often it starts`, first?.source.origin(first.start, first.end))];
}

/** A server has power; whether it is virtual does not change from run to run. */
const HARMLESS_CONDITION = /^Condition(?:ACPower|Virtualization|Capability)$/;

/** Why it is not known whether a unit runs when its time comes; undefined where nothing keeps it from that. */
async function conditionOf(settings: readonly SectionOption[], { host }: HostContext): Promise<Unknown | undefined> {
  for (const { section, name, value, source, start, end } of settings) {
    if (section !== 'Unit' || !/^(?:Condition|Assert)/.test(name) || HARMLESS_CONDITION.test(name) || value === '') continue;
    const [, not, path] = /^Condition(?:PathExists|FileIsExecutable)=(!?)(\/\S*)$/.exec(`${name}=${value}`) ?? [];
    const entry = path === undefined ? undefined : await host.stat(path, true);
    const holds = entry !== undefined && (not === '!' ? entry === 'not-there' : entry !== 'not-there' && !('state' in entry));
    if (!holds) return unknown('unresolved', 'a condition decides whether it runs', source.origin(start, end));
  }
  return undefined;
}

const UNITS: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, h: 1, d: 24, w: 168 };

/** A span such as `1d`, `12h 30min`, `1week`; a bare number is seconds: systemd.time(7). In hours. */
function spanOf(text: string): number | undefined {
  let hours = 0;
  const parts = [...text.matchAll(/\s*(\d{1,9})\s*([a-z]*)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trimEnd()) return undefined;
  for (const [, number = '', unit = ''] of parts) {
    const factor = /^(?:s|sec|seconds?|m|min|minutes?|h|hr|hours?|d|days?|w|weeks?)?$/.test(unit)
      ? UNITS[unit === '' ? 's' : (unit[0] ?? 's')]
      : undefined;
    if (factor === undefined) return undefined;
    hours += Number(number) * factor;
  }
  return Math.round(hours * 100) / 100;
}

interface Unit {
  readonly file: string;
  readonly settings: readonly SectionOption[];
}

/** A unit with its drop-ins, or its template where it is an instance; `masked` where it is a link to /dev/null. */
async function readUnit(name: string, context: HostContext): Promise<Unit | Unknown | 'not-there' | 'masked'> {
  const template = name.replace(/@[^.]+\./, '@.');
  for (const directory of DIRECTORIES) {
    for (const path of new Set([`${directory}/${name}`, `${directory}/${template}`])) {
      const link = await context.host.readlink(path).catch(() => 'not-there' as const);
      if (link !== 'not-there' && 'to' in link && link.to === '/dev/null') return 'masked';
      const source = await context.open(path);
      if (source === 'not-there') continue;
      if (!(source instanceof SourceText)) return source;
      const settings = [...settingsOf(source)];
      for (const drop of await dropIns([name, template], context)) {
        if ('state' in drop) return drop;
        settings.push(...settingsOf(drop));
      }
      return { file: path, settings };
    }
  }
  return 'not-there';
}

/** `NAME.d/*.conf` of every directory by their names; of two with one name the earlier directory's counts. */
async function dropIns(names: readonly string[], context: HostContext): Promise<readonly (SourceText | Unknown)[]> {
  const paths = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    for (const name of new Set(names)) {
      const listing = await context.host.list(`${directory}/${name}.d`);
      if (listing === 'not-there') continue;
      if ('state' in listing) return [listing];
      const [hidden] = listing.unseen;
      if (hidden !== undefined) return [hidden.why];
      for (const { path } of listing.entries) {
        const base = path.slice(path.lastIndexOf('/') + 1);
        if (base.endsWith('.conf') && !paths.has(base)) paths.set(base, path);
      }
    }
  }
  const found: (SourceText | Unknown)[] = [];
  for (const [, path] of [...paths].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const source = await context.open(path);
    if (source !== 'not-there') found.push(source);
  }
  return found;
}

function settingsOf(source: SourceText): readonly SectionOption[] {
  const settings: SectionOption[] = [];
  let section = '';
  let start = 0;
  for (const line of source.text.replaceAll(/\\\n/g, '  ').split('\n')) {
    const named = /^\s*\[([^\]]{1,60})\]\s*$/.exec(line)?.[1];
    const [, name, value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (named !== undefined) section = named;
    else if (name !== undefined && !/^\s*[#;]/.test(line)) settings.push({ section, name, value, source, start, end: start + line.length });
    start += line.length + 1;
  }
  return settings;
}

function lastOf(settings: readonly SectionOption[], section: string, name: string): SectionOption | undefined {
  return settings.findLast((one) => one.section === section && one.name === name && one.value !== '');
}

/** Settings that add up; an empty one takes back those before it. */
function listOf(settings: readonly SectionOption[], section: string, name: RegExp): readonly SectionOption[] {
  let found: SectionOption[] = [];
  for (const setting of settings.filter((one) => one.section === section && name.test(one.name))) {
    // Of a timer it takes back those of every kind.
    if (setting.value === '') found = section === 'Timer' ? [] : found.filter((one) => one.name !== setting.name);
    else found.push(setting);
  }
  return found;
}
