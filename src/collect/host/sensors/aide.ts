import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import { filesIn } from '../host-files.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import { either, found, type Sensor } from './sensor.ts';

const CONFIGURATIONS = ['/etc/aide/aide.conf', '/etc/aide.conf'] as const;
const DATABASE = '/var/lib/aide/aide.db';
const JOBS = ['/etc/cron.daily/aide', '/etc/cron.daily/dailyaidecheck', '/etc/cron.weekly/aide'] as const;
const LOG = '/var/log/aide/aide.log';

/** AIDE: what its files select, how old its database is, and what runs it (aide.conf(5)). */
export async function aideSensor(context: HostContext): Promise<Sensor | Unknown | 'not-there'> {
  const { host, open } = context;
  let main: SourceText | undefined;
  for (const path of CONFIGURATIONS) {
    const file = await open(path);
    if (file instanceof SourceText) main ??= file;
    else if (file !== 'not-there') return file;
  }
  if (main === undefined) return 'not-there';
  const included = await filesIn(context, '/etc/aide/aide.conf.d', '');
  const at = main.origin(0, 0);
  const files = [main, ...(/^@@x?_?include\b|^@@include/m.test(main.text) ? included.files : [])];
  const selections = files.flatMap((file) =>
    [...file.text.matchAll(/^[ \t]*=?(\/\S*)[ \t]+\S+.*$/gm)].map(({ 0: whole, 1: path = '', index }) =>
      file.fact(literal(path), index, index + whole.length),
    ),
  );
  const database = await host.stat(databaseOf(main), true);
  const baseline: Fact<string> =
    database === 'not-there'
      ? unknown('unresolved', `${databaseOf(main)}: aide has no database yet`, at)
      : 'state' in database
        ? database
        : known(database.modified, derived(`${database.path} was changed`, at));
  const log = await host.stat(LOG);
  const job = await scheduled(context, at);
  return found({
    engine: known('aide', at),
    form: known('files', derived('what aide is', at)),
    running:
      database === 'not-there' || (!('state' in database) && database.size === 0)
        ? known(false, derived('without a database it compares with nothing', at))
        : 'state' in database && !(job.state === 'known' && !job.value)
          ? database
          : job,
    blocking: known(false, derived('aide only tells', at)),
    rules: included.gaps[0] ?? known(selections.length, derived('lines that select', at)),
    rules_changed: baseline,
    last_run:
      log === 'not-there'
        ? unknown('not-collected', `${LOG} is not there`, at)
        : 'state' in log
          ? log
          : log.size === 0
            ? unknown('unresolved', `${LOG} is empty: rotation makes it anew`, at)
            : known(log.modified, derived(`${LOG} was changed`, at)),
    watches: known(
      [...new Map(selections.map((fact) => [fact.value, fact])).values()].toSorted((a, b) => (a.value < b.value ? -1 : 1)),
      at,
      included.gaps,
    ),
    reports_to: await reportsTo(main, files, context),
    max_tries: absent(at),
    block_time: absent(at),
  });
}

/** The part of a regular expression that is plain: `/usr/s?bin` begins with `/usr/`. */
function literal(path: string): string {
  const plain = /^(?:[\w/@,:~ -]|\\.)*/.exec(path)?.[0] ?? '';
  const rest = path.slice(plain.length);
  // A character that may be left out is none that is certain.
  const sure = /^[?*{]/.test(rest) ? plain.slice(0, -1) : plain;
  return sure.replaceAll(/\\(.)/g, '$1') || '/';
}

function databaseOf(file: SourceText): string {
  const written = /^[ \t]*database(?:_in)?[ \t]*=[ \t]*(?:file:\/*)?(\/?\S+)/m.exec(file.text)?.[1];
  const path = written?.replace(/^@@\{DBDIR\}/, /^@@define[ \t]+DBDIR[ \t]+(\S+)/m.exec(file.text)?.[1] ?? '/var/lib/aide');
  return path === undefined || path.includes('@@') ? DATABASE : `/${path.replace(/^\/+/, '')}`;
}

async function scheduled(context: HostContext, at: Origin): Promise<Fact<boolean>> {
  const { running } = await unitState(context, ['dailyaidecheck.timer', 'aidecheck.timer', 'aide.timer', 'aide-check.timer']);
  const jobs: Fact<boolean>[] = [];
  for (const path of JOBS) {
    const entry = await context.host.stat(path, true);
    if (entry === 'not-there') continue;
    // run-parts passes over what is not executable.
    jobs.push('state' in entry ? entry : known((entry.mode & 0o111) !== 0, derived(path, at)));
  }
  for (const path of ['/etc/crontab', '/var/spool/cron/crontabs/root', '/var/spool/cron/root']) {
    const text = await context.open(path);
    const line = text instanceof SourceText ? /^[ \t]*[^\s#].*\baide(?:\.wrapper)?\b.*(?:--check|-C)\b.*$/m.exec(text.text) : null;
    if (text instanceof SourceText && line !== null) jobs.push(text.fact(true, line.index, line.index + line[0].length));
  }
  return either([running, ...jobs]);
}

async function reportsTo(main: SourceText, files: readonly SourceText[], { open }: HostContext): Promise<Fact<readonly Fact<string>[]>> {
  const at = main.origin(0, 0);
  const channels: Fact<string>[] = files.flatMap((file) =>
    [...file.text.matchAll(/^[ \t]*report_url[ \t]*=[ \t]*(\S+).*$/gm)].flatMap(({ 0: whole, 1: url = '', index }) => {
      const channel = url.startsWith('syslog:')
        ? `syslog:${url.slice(7).replace(/^LOG_/, '').toLowerCase()}`
        : url.startsWith('file:')
          ? `file:${url.slice(5)}`
          : undefined;
      return channel === undefined ? [] : [file.fact(channel, index, index + whole.length)];
    }),
  );
  // Debian's job mails what aide writes.
  const settings = await open('/etc/default/aide');
  if (typeof settings === 'object' && 'state' in settings) return known(channels, at, [settings]);
  if (settings instanceof SourceText) {
    const mail = /^[ \t]*MAILTO=["']?([^"'\s#]+)/m.exec(settings.text);
    if (mail?.[1] !== undefined) channels.push(settings.fact(`mail:${mail[1]}`, mail.index, mail.index + mail[0].length));
  }
  return known(channels, at);
}
