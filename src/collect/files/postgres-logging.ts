import { posix } from 'node:path';
import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSource } from '../../resources/logging.ts';
import { fileChannels, syslogChannel } from './log-channels.ts';
import { formFile, FORMS, wordsOf } from './postgres-log-files.ts';
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
    host: known(server.host, at),
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

/** The files of the collector, or syslog; standard error goes where whoever started the server sends it. */
function channels(server: PostgresServer): KindFacts<typeof logSource>['channels'] {
  const destination = server.text('log_destination', 'stderr');
  if (destination.state !== 'known') return destination;
  const found: Fact<string>[] = [];
  const open: Unknown[] = [];
  const words = wordsOf(destination.value);
  if (words.includes('syslog')) {
    const facility = server.text('syslog_facility', 'local0');
    if (facility.state === 'known') found.push(known(syslogChannel(facility.value), facility.origin));
    else if (facility.state === 'unknown') open.push(facility);
  }
  const forms = FORMS.filter(([word]) => words.includes(word));
  const others = forms.length > 0;
  for (const word of words)
    if (word !== 'syslog' && !FORMS.some(([form]) => form === word))
      open.push(unknown('unsupported', `log_destination ${word}`.slice(0, 80), destination.origin));
  const collector = server.flag('logging_collector', false);
  if (others && collector.state === 'unknown') open.push(collector);
  else if (others && collector.state === 'known' && collector.value) {
    const [directory, name] = [server.text('log_directory', 'log'), server.text('log_filename', 'postgresql-%Y-%m-%d_%H%M%S.log')];
    if (directory.state === 'known' && name.state === 'known' && directory.value.startsWith('/'))
      for (const channel of new Set(forms.flatMap(([, suffix]) => fileChannels(formFile(`${directory.value}/${name.value}`, suffix)))))
        found.push(known(channel, directory.origin));
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
  pgaudit(server, level.value, add, found.open);
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

/** From what is told least to what is told always; INFO aside, clients alone are told of it unless the threshold is as low. */
const LEVELS = ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'info', 'notice', 'warning', 'error'];

/**
 * Do records of pgaudit reach the log? They are LOG, which every threshold below FATAL lets through, unless clients are told too: then
 * pgaudit.log_level counts, and WARNING is the highest. https://github.com/pgaudit/pgaudit/blob/main/README.md#pgauditlog_level
 */
function isWritten(server: PostgresServer, threshold: string): Fact<boolean> {
  const client = server.flag('pgaudit.log_client', false);
  if (client.state !== 'known' || !client.value) return client.state === 'known' ? known(true, client.origin) : client;
  const level = server.text('pgaudit.log_level', 'log');
  if (level.state !== 'known') return level;
  const rank = (word: string): number => LEVELS.indexOf(word.toLowerCase().replace(/^debug$/, 'debug2'));
  if (level.value.toLowerCase() === 'log') return known(true, level.origin);
  // A threshold of LOG stands above ERROR.
  return known(rank(threshold) !== -1 && rank(level.value) >= rank(threshold), level.origin);
}

/** pgaudit.log has an effect only where the library is loaded. `-class` takes one away again. */
function pgaudit(
  server: PostgresServer,
  threshold: string,
  add: (origin: Origin, ...names: readonly Event[]) => void,
  open: Unknown[],
): void {
  const [libraries, log] = [server.written('shared_preload_libraries'), server.written('pgaudit.log')];
  for (const one of [libraries, log]) if (one !== undefined && 'state' in one) open.push(one);
  if (libraries === undefined || log === undefined || 'state' in libraries || 'state' in log) return;
  if (!libraries.value.split(',').some((name) => posix.basename(name.trim().replaceAll('"', ''), '.so') === 'pgaudit')) return;
  const written = isWritten(server, threshold);
  if (written.state === 'unknown') open.push(written);
  if (written.state !== 'known' || !written.value) return;
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
