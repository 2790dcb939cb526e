import { absent, derived, known, unknown, type Fact } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { logSink } from '../../resources/logging.ts';
import type { PostgresServer } from './postgres-server.ts';

/** The forms in which the collector writes, each to a file of its own, by the words of log_destination. */
export const FORMS: readonly (readonly [word: string, suffix: string | undefined])[] = [
  ['stderr', undefined],
  ['csvlog', '.csv'],
  ['jsonlog', '.json'],
];

/** The words of log_destination. */
export function wordsOf(destination: string): readonly string[] {
  return destination.split(',').flatMap((word) => word.trim().toLowerCase() || []);
}

/** The file of a form: the suffix replaces a trailing `.log`, or is appended: logfile_getname() in syslogger.c. */
export function formFile(path: string, suffix: string | undefined): string {
  return suffix === undefined ? path : `${path.replace(/\.log$/, '')}${suffix}`;
}

/** A file that the logging collector writes, with the form's name where it is not the first one. */
interface PostgresSink {
  readonly form: string | undefined;
  readonly facts: KindFacts<typeof logSink>;
}

/** The files that the logging collector writes, one of each form; none where the collector is known to be off. */
export function logSinks(server: PostgresServer): readonly PostgresSink[] {
  const collector = server.flag('logging_collector', false);
  if (collector.state === 'known' && !collector.value) return [];
  if (collector.state !== 'known' && server.written('logging_collector') === undefined) return [];
  const { at } = server;
  const origin = collector.state === 'known' ? collector.origin : at;
  const [directory, name] = [
    server.value('log_directory', (text) => text, [
      { since: '0', value: 'pg_log' },
      { since: '10', value: 'log' },
    ]),
    server.text('log_filename', 'postgresql-%Y-%m-%d_%H%M%S.log'),
  ];
  const mode = server.value('log_file_mode', (text) => (/^0?[0-7]{3,4}$/.test(text) ? text.padStart(4, '0') : undefined), [
    { since: '0', value: '0600' },
  ]);
  const retention = retentionOf(server, name);
  const log = server.text('log_destination', 'stderr');
  const destination = (suffix: string | undefined): Fact<string> => {
    if (log.state !== 'known' || directory.state !== 'known' || name.state !== 'known')
      return unknown('unresolved', 'log_directory, log_filename', origin);
    const from = suffix === undefined ? [directory.origin] : [directory.origin, log.origin];
    return known(formFile(`${directory.value}/${name.value}`, suffix), derived('log_directory and log_filename', name.origin, ...from));
  };
  const facts = (suffix: string | undefined): KindFacts<typeof logSink> => ({
    host: known(server.host, at),
    by: known('postgresql', at),
    takes: known([], derived('it keeps what the server writes', at)),
    form: known('file', origin),
    destination: destination(suffix),
    encrypted: absent(origin),
    verifies_peer: absent(origin),
    retention,
    mode,
    readable_by_others: mode.state === 'known' ? known((Number.parseInt(mode.value, 8) & 0o007) !== 0, mode.origin) : mode,
    bounded:
      retention.state === 'known'
        ? known(true, retention.origin)
        : retention.state === 'absent'
          ? known(false, derived('PostgreSQL removes no log file', origin))
          : retention,
    buffered: absent(origin),
  });
  // What is written before the collector knows better, and where it cannot, stands in the file of standard error.
  const [first, ...more] = log.state === 'known' ? FORMS.filter(([word]) => wordsOf(log.value).includes(word)) : [];
  return [{ form: undefined, facts: facts(first?.[1]) }, ...more.map(([form, suffix]) => ({ form, facts: facts(suffix) }))];
}

/** Days until a name comes round again. Longest unit first. */
const CYCLES: readonly (readonly [RegExp, number])[] = [
  [/%[Yy]|%s/, 0],
  [/%j/, 365],
  [/%m/, 31],
  [/%d/, 28],
  [/%a|%A|%u|%w/, 7],
  [/%H|%I/, 1],
];

/** PostgreSQL removes nothing; names that come round again overwrite what was there, where truncation is on. */
function retentionOf(server: PostgresServer, name: Fact<string>): Fact<number> {
  const truncates = server.flag('log_truncate_on_rotation', false);
  if (name.state !== 'known') return name.state === 'unknown' ? name : unknown('unresolved', 'log_filename');
  const age = server.value('log_rotation_age', (text) => (/^\d+/.test(text) ? Number.parseInt(text, 10) : undefined), [
    { since: '0', value: 1440 },
  ]);
  const days = CYCLES.find(([escape]) => escape.test(name.value))?.[1] ?? 0;
  // Only what comes round again: any other escape (%Y, %F, %s …) makes a name that never does.
  const cyclic = days > 0 && !/%[^jmdaAuwHIMSp%b]/.test(name.value) && !(age.state === 'known' && age.value === 0);
  if (!cyclic) return absent(derived('PostgreSQL removes no log file', name.origin));
  if (truncates.state !== 'known') return truncates;
  if (age.state !== 'known') return age;
  return truncates.value
    ? known(days, derived('log_filename comes round again', name.origin, truncates.origin))
    : absent(derived('nothing is truncated', truncates.origin));
}
