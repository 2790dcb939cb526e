import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSink, logSource } from '../../resources/logging.ts';
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
    enabled: known(true, derived('PostgreSQL always logs', at)),
    events: events(server, statement),
    fields: fields(server),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters: logsParameters(server, statement),
  };
}

interface Found {
  readonly events: Fact<Event>[];
  readonly open: Unknown[];
}

function events(server: PostgresServer, statement: Fact<string>): KindFacts<typeof logSource>['events'] {
  const found: Found = { events: [], open: [] };
  const add = (origin: Origin, ...names: readonly Event[]): void => {
    for (const name of names) if (!found.events.some((event) => event.state === 'known' && event.value === name)) found.events.push(known(name, origin));
  };
  const when = (fact: Fact<boolean>, ...names: readonly Event[]): void => {
    if (fact.state === 'unknown') found.open.push(fact);
    else if (fact.state === 'known' && fact.value) add(fact.origin, ...names);
  };
  // 18 made a list of log_connections; what is not off logs at least the authorised connection.
  when(server.value('log_connections', (text) => (text === '' ? false : (onOff(text) ?? true)), [{ since: '0', value: false }]), 'connection');
  when(server.flag('log_disconnections', false), 'disconnection');
  const level = server.text('log_min_messages', 'warning');
  if (level.state === 'unknown') found.open.push(level);
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

/** pgaudit.log has an effect only where the library is loaded. `-class` takes one away again. */
function pgaudit(server: PostgresServer, add: (origin: Origin, ...names: readonly Event[]) => void, open: Unknown[]): void {
  const [libraries, log] = [server.written('shared_preload_libraries'), server.written('pgaudit.log')];
  for (const one of [libraries, log]) if (one !== undefined && 'state' in one) open.push(one);
  if (libraries === undefined || log === undefined || 'state' in libraries || 'state' in log) return;
  if (!libraries.value.split(',').some((name) => name.trim() === 'pgaudit')) return;
  const words = log.value.toLowerCase().split(',').map((word) => word.trim());
  for (const word of ['ddl', 'role', 'write', 'read'] as const) {
    const on = words.includes(word) || words.includes('all');
    if (on && words.lastIndexOf(`-${word}`) < Math.max(words.lastIndexOf(word), words.lastIndexOf('all'))) add(log.origin, word);
  }
}

const ESCAPES: readonly (readonly [RegExp, Field])[] = [
  [/%[mtn]/, 'when'],
  [/%u/, 'who'],
  [/%[hr]/, 'where'],
];

/** log_line_prefix gives who, when and where; what was done and how it ended are the message itself. */
function fields(server: PostgresServer): KindFacts<typeof logSource>['fields'] {
  const destination = server.text('log_destination', 'stderr');
  if (destination.state === 'known' && /\b(?:csvlog|jsonlog)\b/.test(destination.value)) {
    const all: readonly Field[] = ['who', 'what', 'when', 'where', 'outcome'];
    return known(all.map((field) => known(field, destination.origin)), destination.origin);
  }
  const prefix = server.value('log_line_prefix', (text) => text, [
    { since: '0', value: '' },
    { since: '10', value: '%m [%p] ' },
  ]);
  if (prefix.state !== 'known') return prefix;
  const named = ESCAPES.flatMap(([escape, field]): readonly Fact<Field>[] => (escape.test(prefix.value.replaceAll('%%', '')) ? [known(field, prefix.origin)] : []));
  const message: readonly Field[] = ['what', 'outcome'];
  return known([...named, ...message.map((field) => known(field, derived('the message itself', prefix.origin)))], prefix.origin);
}

/** Parameter values are written out where every statement is logged, or pgaudit is told to, and nothing cuts them. */
function logsParameters(server: PostgresServer, statement: Fact<string>): Fact<boolean> {
  const length = server.value('log_parameter_max_length', (text) => (/^-?\d+/.test(text) ? Number.parseInt(text, 10) : undefined), [{ since: '0', value: -1 }]);
  const audited = server.flag('pgaudit.log_parameter', false);
  if (audited.state === 'known' && audited.value) return audited;
  if (length.state === 'known' && length.value === 0) return audited.state === 'known' || server.written('pgaudit.log_parameter') === undefined ? known(false, derived('log_parameter_max_length is 0', length.origin)) : audited;
  if (statement.state !== 'known') return statement.state === 'unknown' ? statement : unknown('unresolved', 'log_statement');
  if (/^(?:none|ddl)$/i.test(statement.value)) return known(false, derived('statements with parameters are not logged', statement.origin));
  return length.state === 'known' ? known(length.value < 0 || length.value > 64, derived('statements are logged with their parameters', length.origin, statement.origin)) : length;
}

/** The file that the logging collector writes; undefined where the collector is known to be off. */
export function logSinkFacts(server: PostgresServer): KindFacts<typeof logSink> | undefined {
  const collector = server.flag('logging_collector', false);
  if (collector.state === 'known' && !collector.value) return undefined;
  if (collector.state !== 'known' && server.written('logging_collector') === undefined) return undefined;
  const { at } = server;
  const origin = collector.state === 'known' ? collector.origin : at;
  const [directory, name] = [server.text('log_directory', 'log'), server.text('log_filename', 'postgresql-%Y-%m-%d_%H%M%S.log')];
  const mode = server.value('log_file_mode', (text) => (/^0?[0-7]{3,4}$/.test(text) ? text.padStart(4, '0') : undefined), [{ since: '0', value: '0600' }]);
  const retention = retentionOf(server, name);
  return {
    form: known('file', origin),
    destination: directory.state === 'known' && name.state === 'known' ? known(`${directory.value}/${name.value}`, derived('log_directory and log_filename', name.origin, directory.origin)) : unknown('unresolved', 'log_directory, log_filename', origin),
    encrypted: absent(origin),
    verifies_peer: absent(origin),
    retention,
    mode,
    readable_by_others: mode.state === 'known' ? known((Number.parseInt(mode.value, 8) & 0o007) !== 0, mode.origin) : mode,
    bounded: retention.state === 'known' ? known(true, retention.origin) : retention.state === 'absent' ? known(false, derived('PostgreSQL removes no log file', origin)) : retention,
    buffered: absent(origin),
  };
}

/** Days until a name comes round again. Longest unit first. */
const CYCLES: readonly (readonly [RegExp, number])[] = [[/%[Yy]|%s/, 0], [/%j/, 365], [/%m/, 31], [/%d/, 28], [/%a|%A|%u|%w/, 7], [/%H|%I/, 1]];

/** PostgreSQL removes nothing; names that come round again overwrite what was there, where truncation is on. */
function retentionOf(server: PostgresServer, name: Fact<string>): Fact<number> {
  const truncates = server.flag('log_truncate_on_rotation', false);
  if (name.state !== 'known') return name.state === 'unknown' ? name : unknown('unresolved', 'log_filename');
  const days = CYCLES.find(([escape]) => escape.test(name.value))?.[1] ?? 0;
  const cyclic = days > 0 && !/%[Yy]|%s/.test(name.value);
  if (!cyclic) return absent(derived('PostgreSQL removes no log file', name.origin));
  if (truncates.state !== 'known') return truncates;
  return truncates.value ? known(days, derived('log_filename comes round again', name.origin, truncates.origin)) : absent(derived('nothing is truncated', truncates.origin));
}
