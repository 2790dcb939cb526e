import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSink, logSource } from '../../resources/logging.ts';
import { fileChannels, hostOf, syslogChannel } from './log-channels.ts';
import { logsParameters } from './postgres-parameters.ts';
import { onOff, type PostgresServer } from './postgres-server.ts';

type Event = (typeof LOG_EVENTS)[number];
type Field = (typeof LOG_FIELDS)[number];

/** What the server records, with which fields. */
export function logSourceFacts(server: PostgresServer): KindFacts<typeof logSource> {
  const { at } = server;
  const statement = server.text('log_statement', 'none');
  return {
    service: known('postgresql', at),
    // The server always writes errors somewhere; whether anything keeps them is the sink's matter.
    enabled: enabled(server),
    events: events(server, statement),
    fields: fields(server),
    host: known(hostOf(server.settings.main.file), at),
    channels: channels(server),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters: logsParameters(server),
  };
}

/** The collector or syslog keeps what is written; standard error is kept by whoever started the server, or by nobody. */
function enabled(server: PostgresServer): Fact<boolean> {
  const [collector, destination] = [server.flag('logging_collector', false), server.text('log_destination', 'stderr')];
  if (collector.state === 'known' && collector.value) return collector;
  if (destination.state === 'known' && /\b(?:syslog|eventlog)\b/.test(destination.value)) return known(true, destination.origin);
  return unknown('not-collected', 'standard error: whoever starts the server keeps it', server.at);
}

/** The file of the collector, or syslog; standard error goes where whoever started the server sends it. */
function channels(server: PostgresServer): KindFacts<typeof logSource>['channels'] {
  const destination = server.text('log_destination', 'stderr');
  if (destination.state !== 'known') return destination;
  const found: Fact<string>[] = [];
  const open: Unknown[] = [];
  const words = destination.value.split(',').map((word) => word.trim().toLowerCase());
  if (words.includes('syslog')) {
    const facility = server.text('syslog_facility', 'local0');
    if (facility.state === 'known') found.push(known(syslogChannel(facility.value), facility.origin));
    else if (facility.state === 'unknown') open.push(facility);
  }
  const others = words.some((word) => word !== 'syslog');
  const collector = server.flag('logging_collector', false);
  if (others && collector.state === 'unknown') open.push(collector);
  else if (others && collector.state === 'known' && collector.value) {
    const [directory, name] = [server.text('log_directory', 'log'), server.text('log_filename', 'postgresql-%Y-%m-%d_%H%M%S.log')];
    if (directory.state === 'known' && name.state === 'known' && directory.value.startsWith('/'))
      found.push(...fileChannels(`${directory.value}/${name.value}`).map((channel) => known(channel, directory.origin)));
    else open.push(unknown('unresolved', 'log_directory: below the data directory', directory.origin ?? server.at));
  } else if (others) open.push(unknown('not-collected', 'standard error: whoever starts the server takes it', destination.origin));
  return known(found, destination.origin, open);
}

interface Found {
  readonly events: Fact<Event>[];
  readonly open: Unknown[];
}

function events(server: PostgresServer, statement: Fact<string>): KindFacts<typeof logSource>['events'] {
  const found: Found = { events: [], open: [] };
  const add = (origin: Origin, ...names: readonly Event[]): void => {
    for (const name of names)
      if (!found.events.some((event) => event.state === 'known' && event.value === name)) found.events.push(known(name, origin));
  };
  const when = (fact: Fact<boolean>, ...names: readonly Event[]): void => {
    if (fact.state === 'unknown') found.open.push(fact);
    else if (fact.state === 'known' && fact.value) add(fact.origin, ...names);
  };
  const level = server.text('log_min_messages', 'warning');
  // Connections and statements are logged at LOG: a higher threshold hides them, and an unknown one may.
  if (level.state !== 'known' || /^(?:fatal|panic)$/i.test(level.value))
    return known(
      level.state === 'known' && /^fatal$/i.test(level.value)
        ? [known('authentication-failure' as const satisfies Event, level.origin)]
        : [],
      server.at,
      level.state === 'unknown' ? [level] : [],
    );
  // 18 made a list of log_connections: receipt alone tells of nobody.
  when(server.value('log_connections', connections, [{ since: '0', value: false }]), 'connection');
  when(server.flag('log_disconnections', false), 'disconnection');
  if (level.state !== 'known') found.open.push(level);
  else if (level.state === 'known') {
    // Failed authentication is FATAL: only PANIC hides it.
    if (level.value.toLowerCase() !== 'panic') add(level.origin, 'authentication-failure');
    if (!/^(?:panic|fatal|log)$/i.test(level.value)) add(level.origin, 'error');
  }
  if (statement.state === 'unknown') found.open.push(statement);
  else if (statement.state === 'known') {
    if (/^(?:ddl|mod|all)$/i.test(statement.value)) add(statement.origin, 'ddl', 'role');
    if (/^(?:mod|all)$/i.test(statement.value)) add(statement.origin, 'write');
    if (/^all$/i.test(statement.value)) add(statement.origin, 'read');
  }
  pgaudit(server, add, found.open);
  return known(found.events, server.at, found.open);
}

/** Is the authorised connection told? */
function connections(text: string): boolean | undefined {
  const simple = onOff(text);
  if (simple !== undefined || text === '') return simple ?? false;
  const words = text
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  if (!words.every((word) => ['receipt', 'authentication', 'authorization', 'setup_durations', 'all'].includes(word))) return undefined;
  return words.includes('all') || words.includes('authorization');
}

/** pgaudit.log has an effect only where the library is loaded. `-class` takes one away again. */
function pgaudit(server: PostgresServer, add: (origin: Origin, ...names: readonly Event[]) => void, open: Unknown[]): void {
  const [libraries, log] = [server.written('shared_preload_libraries'), server.written('pgaudit.log')];
  for (const one of [libraries, log]) if (one !== undefined && 'state' in one) open.push(one);
  if (libraries === undefined || log === undefined || 'state' in libraries || 'state' in log) return;
  if (!libraries.value.split(',').some((name) => name.trim().replaceAll('"', '') === 'pgaudit')) return;
  const words = log.value
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  for (const word of ['ddl', 'role', 'write', 'read'] as const) {
    const on = words.includes(word) || words.includes('all');
    if (on && words.lastIndexOf(`-${word}`) < Math.max(words.lastIndexOf(word), words.lastIndexOf('all'))) add(log.origin, word);
  }
}

/** A number between `%` and the letter pads: https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX */
const ESCAPES: readonly (readonly [RegExp, Field])[] = [
  [/%-?\d*[mtns]/, 'when'],
  [/%-?\d*u/, 'who'],
  [/%-?\d*[hr]/, 'where'],
];

/** log_line_prefix gives who, when and where; what was done and how it ended are the message itself. */
function fields(server: PostgresServer): KindFacts<typeof logSource>['fields'] {
  const destination = server.text('log_destination', 'stderr');
  const collector = server.flag('logging_collector', false);
  if (
    destination.state === 'known' &&
    /\b(?:csvlog|jsonlog)\b/.test(destination.value) &&
    !(collector.state === 'known' && collector.value)
  )
    return collector.state === 'unknown'
      ? collector
      : unknown('unresolved', 'csvlog and jsonlog need the logging collector', destination.origin);
  if (destination.state === 'known' && /\b(?:csvlog|jsonlog)\b/.test(destination.value)) {
    const all: readonly Field[] = ['who', 'what', 'when', 'where', 'outcome'];
    return known(
      all.map((field) => known(field, destination.origin)),
      destination.origin,
    );
  }
  const prefix = server.value('log_line_prefix', (text) => text, [
    { since: '0', value: '' },
    { since: '10', value: '%m [%p] ' },
  ]);
  if (prefix.state !== 'known') return prefix;
  const named = ESCAPES.flatMap(([escape, field]): readonly Fact<Field>[] =>
    escape.test(prefix.value.replaceAll('%%', '')) ? [known(field, prefix.origin)] : [],
  );
  const message: readonly Field[] = ['what', 'outcome'];
  return known([...named, ...message.map((field) => known(field, derived('the message itself', prefix.origin)))], prefix.origin);
}

/** The file that the logging collector writes; undefined where the collector is known to be off. */
export function logSinkFacts(server: PostgresServer): KindFacts<typeof logSink> | undefined {
  const collector = server.flag('logging_collector', false);
  if (collector.state === 'known' && !collector.value) return undefined;
  if (collector.state !== 'known' && server.written('logging_collector') === undefined) return undefined;
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
  return {
    host: known(hostOf(server.settings.main.file), at),
    by: known('postgresql', at),
    takes: known([], derived('it keeps what the server writes', at)),
    form: known('file', origin),
    destination:
      directory.state === 'known' && name.state === 'known'
        ? known(`${directory.value}/${name.value}`, derived('log_directory and log_filename', name.origin, directory.origin))
        : unknown('unresolved', 'log_directory, log_filename', origin),
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
  };
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
