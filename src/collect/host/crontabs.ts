import { unknown, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { cronCalendar } from '../calendar.ts';
import type { HostContext } from './part.ts';
import { scriptCommands, withScripts, type ScheduledJob, type FoundJobs, type When } from './scheduled-job.ts';
import { shellCommands } from './shell-commands.ts';

/** Directories whose programs are run by run-parts(8), and how many hours apart. */
const PERIODS: readonly (readonly [string, number])[] = [
  ['/etc/cron.hourly', 1],
  ['/etc/cron.daily', 24],
  ['/etc/cron.weekly', 168],
  ['/etc/cron.monthly', 744],
];
/** Where users' own crontabs lie: Debian, and the Red Hat family. */
const SPOOLS = ['/var/spool/cron/crontabs', '/var/spool/cron'];

/** crontab(5): the machine's, those of packages, users' own, and what cron.daily and its like hold. `started` says whether cron is. */
export async function crontabs(context: HostContext, started: Unknown | undefined): Promise<FoundJobs> {
  const jobs: ScheduledJob[] = [];
  const gaps: Unknown[] = [];
  const debian = (await context.host.stat('/etc/debian_version')) !== 'not-there';
  const isRead = (name: string): boolean => (debian ? /^[\w-]+$/.test(name) : !/^\.|~$|\.(?:rpm\w+|swp|bak)$/.test(name));
  const list = async (directory: string): Promise<readonly { readonly path: string; readonly executable: boolean }[]> => {
    const listing = await context.host.list(directory);
    if (listing === 'not-there') return [];
    if ('state' in listing) {
      gaps.push(listing);
      return [];
    }
    gaps.push(...listing.unseen.map(({ why }) => why));
    return listing.entries
      .filter(({ kind, path }) => kind !== 'directory' && kind !== 'other' && isRead(path.slice(directory.length + 1)))
      .map(({ path, mode }) => ({ path, executable: (mode & 0o111) !== 0 }));
  };
  const table = async (path: string, withUser: boolean): Promise<void> => {
    const source = await context.open(path);
    if (source === 'not-there') return;
    if (!(source instanceof SourceText)) {
      gaps.push(source);
      return;
    }
    for (const line of entriesOf(source, withUser)) {
      const { commands, gaps: hidden } = await withScripts(shellCommands(line.command), context);
      gaps.push(...hidden);
      jobs.push({ commands, when: started ?? line.when, at: source.origin(line.start, line.end), file: path.slice(1) });
    }
  };
  await table('/etc/crontab', true);
  const anacron = await context.open('/etc/anacrontab');
  if (anacron instanceof SourceText) {
    for (const { 0: line, 1: days = '', 2: command = '', index } of anacron.text.matchAll(
      /^[ \t]*(\d{1,4}|@\w+)[ \t]+\d+[ \t]+\S+[ \t]+(\S.*)$/gm,
    )) {
      const at = anacron.origin(index, index + line.length);
      const hours = days === '@monthly' ? 744 : days === '@weekly' ? 168 : days === '@daily' ? 24 : Number(days) * 24;
      const when: When = Number.isNaN(hours) ? unknown('unsupported', `schedule ${days}`, at) : { hours };
      const { commands, gaps: hidden } = await withScripts(shellCommands(command), context);
      gaps.push(...hidden);
      jobs.push({ commands, when: started ?? when, at, file: 'etc/anacrontab' });
    }
  } else if (anacron !== 'not-there') gaps.push(anacron);
  for (const { path } of await list('/etc/cron.d')) await table(path, true);
  for (const spool of SPOOLS) for (const { path } of await list(spool)) await table(path, false);
  for (const [directory, hours] of PERIODS) {
    for (const { path, executable } of await list(directory)) {
      if (!executable) continue; // run-parts passes it over
      const commands = await scriptCommands(path, context);
      if ('state' in commands) gaps.push(commands);
      else {
        const source = await context.open(path);
        const at = source instanceof SourceText ? source.origin(0, 0) : context.at;
        jobs.push({ commands, when: started ?? { hours }, at, file: path.slice(1) });
      }
    }
  }
  return { jobs, gaps };
}

interface Entry {
  readonly command: string;
  readonly when: When;
  readonly start: number;
  readonly end: number;
}

function entriesOf(source: SourceText, withUser: boolean): readonly Entry[] {
  const entries: Entry[] = [];
  let start = 0;
  for (const whole of source.text.split('\n')) {
    const [from, end] = [start, start + whole.length];
    start = end + 1;
    const line = whole.trim();
    if (line === '' || line.startsWith('#') || /^[A-Za-z_]\w*\s*=/.test(line)) continue;
    const fields = line.startsWith('@') ? 1 : 5;
    const pattern = new RegExp(String.raw`^((?:\S+\s+){${fields - 1}}\S+)\s+${withUser ? String.raw`\S+\s+` : ''}(.+)$`);
    const [, time = '', command = ''] = pattern.exec(line) ?? [];
    const calendar = cronCalendar(time);
    const at = source.origin(from, end);
    const when: When =
      calendar !== undefined
        ? { calendar }
        : unknown('unsupported', time === '@reboot' ? '@reboot: how often it starts' : `schedule ${(time || line).slice(0, 40)}`, at);
    // Behind an unescaped % stands what the command reads.
    entries.push({ command: command.replace(/(?<!\\)%.*$/, '').replaceAll(String.raw`\%`, '%'), when, start: from, end });
  }
  return entries;
}
