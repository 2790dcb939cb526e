import { posix } from 'node:path';
import { absent, anyTrue, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { logSink, logSource, type LOG_EVENTS, type LOG_FIELDS } from '../../resources/logging.ts';
import { fileChannels, syslogChannel } from '../files/log-channels.ts';
import { seen } from '../seen.ts';
import { hasPlugin, type Plugins } from './plugins.ts';
import type { MysqlServer } from './server.ts';

type Event = (typeof LOG_EVENTS)[number];
type Field = (typeof LOG_FIELDS)[number];
type Source = LiveKindFacts<typeof logSource>;
type Sink = LiveKindFacts<typeof logSink>;

/** One of the logs that a server may write, as far as it is on. */
interface Log {
  readonly name: string;
  readonly on: Fact<boolean>;
  readonly events: readonly Fact<Event>[];
  /** Why it may record more. */
  readonly open: readonly Unknown[];
  readonly fields: readonly Field[];
  /** Values of statements stand in it at any length. */
  readonly values: Fact<boolean>;
  /** A path, syslog's facility, or the server's own tables. */
  readonly to: Fact<{ readonly form: 'file' | 'syslog' | 'table' | 'error-output'; readonly where: string }>;
  readonly retention: Fact<number>;
  readonly bounded: Fact<boolean>;
  readonly origin: Origin;
}

const EVERY_EVENT: readonly Event[] = ['connection', 'disconnection', 'authentication-failure', 'ddl', 'role', 'write', 'read'];

/** What a server records of its sessions and statements, in one source; a sink for each file that it writes, and why there may be more. */
export function logging(
  server: MysqlServer,
  plugins: Plugins | Unknown,
): { readonly resources: readonly Resource[]; readonly sinkGaps: readonly Unknown[] } {
  const logs = [serverAudit(server, plugins), mysqlAudit(server, plugins), generalLog(server), errorLog(server)].filter(
    (log) => log !== undefined,
  );
  const running = logs.filter(({ on }) => !(on.state === 'known' && !on.value));
  const id = `${server.engine} ${portOf(server)}`;
  const source = seen(logSource, id, server.target, 'live', sourceFacts(server, running));
  const sinks = running.flatMap((log) => sinkOf(server, id, log));
  return { resources: [source, ...sinks], sinkGaps: running.flatMap(({ to }) => (to.state === 'unknown' ? [to] : [])) };
}

export function portOf(server: MysqlServer): string {
  const port = server.variable('port');
  return port.state === 'known' ? port.value.slice(0, 5) : 'port';
}

function sourceFacts(server: MysqlServer, logs: readonly Log[]): Source {
  const at = server.origin('show global variables like %log%');
  const sure = recording(logs);
  const maybe = logs.flatMap(({ on }) => (on.state === 'unknown' ? [on] : []));
  const events = new Map<Event, Fact<Event>>();
  for (const log of sure)
    for (const event of log.events) if (event.state === 'known' && !events.has(event.value)) events.set(event.value, event);
  const [first, ...others] = sure;
  const fields = (first?.fields ?? []).filter((field) => others.every((log) => log.fields.includes(field)));
  const values = [...sure.map((log) => log.values), slowLog(server), errorLog(server).values];
  return {
    service: known('mysql', derived(`${server.engine} is of the family`, at)),
    enabled: sure.length > 0 ? known(true, sure[0]?.origin ?? at) : (maybe[0] ?? known(false, at)),
    events: known([...events.values()], at, [...maybe, ...sure.flatMap(({ open }) => open)]),
    fields: known(
      fields.map((field) => known(field, first?.origin ?? at)),
      at,
      maybe,
    ),
    host: known('', at),
    channels: channels(sure, [...events.keys()], at, maybe),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters:
      values.find((fact) => fact.state === 'known' && fact.value) ??
      values.find((fact) => fact.state !== 'known') ??
      maybe[0] ??
      known(false, at),
  };
}

/** The logs that are known to be on. The error log tells of the server first of all: it counts where no other records sessions. */
function recording(logs: readonly Log[]): readonly Log[] {
  const sure = logs.filter(({ on }) => on.state === 'known');
  const others = sure.filter(({ name }) => name !== 'error log');
  return others.length === 0 ? sure : others;
}

/** Ways out that have all records: those of a log that holds every event. */
function channels(logs: readonly Log[], events: readonly Event[], at: Origin, maybe: readonly Unknown[]): Source['channels'] {
  const whole = logs.filter((log) => events.every((event) => log.events.some((one) => one.state === 'known' && one.value === event)));
  if (whole.length === 0) return known([], at, [...maybe, unknown('unsupported', 'its records are spread over several logs', at)]);
  const found: Fact<string>[] = [];
  const open: Unknown[] = [...maybe];
  for (const { to, origin } of whole) {
    if (to.state !== 'known') open.push(to.state === 'unknown' ? to : unknown('unresolved', 'log_error', origin));
    else if (to.value.form === 'syslog') found.push(known(syslogChannel(to.value.where), to.origin));
    else if (to.value.form === 'file') for (const channel of new Set(fileChannels(to.value.where))) found.push(known(channel, to.origin));
    else if (to.value.form === 'error-output')
      open.push(unknown('not-collected', 'standard error: whoever starts the server takes it', origin));
  }
  return known(found, at, open);
}

/** MariaDB's audit plugin. https://mariadb.com/kb/en/mariadb-audit-plugin-log-settings/ */
function serverAudit(server: MysqlServer, plugins: Plugins | Unknown): Log | undefined {
  const loaded = hasPlugin(plugins, 'server_audit');
  if (loaded.state === 'known' && !loaded.value) return undefined;
  const on = loaded.state === 'known' ? server.flag('server_audit_logging') : loaded;
  const words = server.variable('server_audit_events');
  const events: Fact<Event>[] = [];
  const open: Unknown[] = [];
  if (words.state === 'known') {
    const list = words.value
      .toUpperCase()
      .split(',')
      .flatMap((word) => word.trim() || []);
    const named = (...some: readonly string[]): boolean => list.length === 0 || some.some((word) => list.includes(word));
    const add = (when: boolean, ...names: readonly Event[]): void => {
      if (when) events.push(...names.map((name) => known(name, words.origin)));
    };
    add(named('CONNECT'), 'connection', 'disconnection', 'authentication-failure');
    add(named('QUERY', 'QUERY_DDL'), 'ddl');
    add(named('QUERY', 'QUERY_DCL'), 'role');
    add(named('QUERY', 'QUERY_DML', 'QUERY_DML_NO_SELECT'), 'write');
    add(named('QUERY', 'QUERY_DML'), 'read');
  } else open.push(words.state === 'unknown' ? words : unknown('unresolved', 'server_audit_events'));
  // Of some users only: what of the others is recorded is nothing.
  const included = server.variable('server_audit_incl_users');
  const excluded = server.variable('server_audit_excl_users');
  const some = [included, excluded].find((fact) => !(fact.state === 'known' && fact.value === ''));
  const partly = some === undefined ? [] : [unknown('unsupported', 'server_audit: of some users only', some.origin)];
  const output = server.variable('server_audit_output_type');
  const limit = server.number('server_audit_query_log_limit');
  const rotations = server.number('server_audit_file_rotations');
  return {
    name: 'server_audit',
    on,
    events: partly.length > 0 ? events.filter(({ state }) => state !== 'known') : events,
    open: [...open, ...partly],
    fields: ['who', 'what', 'when', 'where', 'outcome'],
    values: valuesIn(limit, events),
    to:
      output.state !== 'known'
        ? output
        : output.value.toLowerCase() === 'syslog'
          ? facility(server)
          : pathOf(server, 'server_audit_file_path'),
    retention:
      rotations.state !== 'known'
        ? rotations
        : rotations.value === 0
          ? absent(derived('server_audit_file_rotations 0: nothing is rotated', rotations.origin))
          : unknown('unsupported', 'rotation by size: as long as traffic allows', rotations.origin),
    bounded: rotations.state === 'known' ? known(rotations.value > 0, rotations.origin) : rotations,
    origin: server.origin('show global variables like server_audit%'),
  };
}

/** So much of a statement holds hardly more than its verb and the names of its table and columns. */
const VERB_AND_NAMES = 64;

/** Statements are cut at a length, and hold the values up to there. */
function valuesIn(limit: Fact<number>, events: readonly Fact<Event>[]): Fact<boolean> {
  if (limit.state !== 'known') return limit.state === 'unknown' ? limit : unknown('unresolved', 'server_audit_query_log_limit');
  if (!events.some((event) => event.state === 'known' && (event.value === 'write' || event.value === 'read')))
    return known(false, derived('server_audit: no statements on data', limit.origin));
  return limit.value <= VERB_AND_NAMES
    ? known(false, derived('server_audit: statements are cut', limit.origin))
    : unknown('unsupported', 'server_audit: the beginning of each statement, with the values in it', limit.origin);
}

/** server_audit_syslog_facility: `LOG_USER`. */
function facility(server: MysqlServer): Log['to'] {
  const found = server.variable('server_audit_syslog_facility');
  if (found.state !== 'known') return found;
  return known({ form: 'syslog', where: found.value.replace(/^LOG_/i, '').toLowerCase() }, found.origin);
}

/** The audit log of MySQL Enterprise and Percona; with filters (`audit_log_filter`), tables of their own decide. */
function mysqlAudit(server: MysqlServer, plugins: Plugins | Unknown): Log | undefined {
  const loaded = hasPlugin(plugins, 'audit_log', 'audit_log_filter');
  if (loaded.state === 'known' && !loaded.value) return undefined;
  const policy = server.variable('audit_log_policy');
  const origin = server.origin('show global variables like audit_log%');
  const word = policy.state === 'known' ? policy.value.toUpperCase() : '';
  const names: readonly Event[] =
    word === 'ALL'
      ? EVERY_EVENT
      : word === 'LOGINS'
        ? ['connection', 'disconnection', 'authentication-failure']
        : word === 'QUERIES'
          ? ['ddl', 'role', 'write', 'read']
          : [];
  const restricted = [
    'audit_log_include_accounts',
    'audit_log_exclude_accounts',
    'audit_log_exclude_commands',
    'audit_log_exclude_databases',
  ]
    .map((name) => server.written(name))
    .find((found) => found !== undefined && found.value !== 'NULL' && found.value !== '');
  const open = [
    ...(word === '' ? [unknown('unsupported', 'audit_log: its filters decide', origin)] : []),
    ...(restricted === undefined ? [] : [unknown('unsupported', 'audit_log: of some accounts only', restricted.origin)]),
  ];
  return {
    name: 'audit_log',
    on: loaded.state === 'known' ? known(word !== 'NONE', origin) : loaded,
    events: restricted === undefined ? names.map((name) => known(name, policy.state === 'known' ? policy.origin : origin)) : [],
    open,
    fields: ['who', 'what', 'when', 'where', 'outcome'],
    values: known(names.includes('write') || word === '', derived('audit_log writes statements in full', origin)),
    to: pathOf(server, 'audit_log_file'),
    retention: unknown('unsupported', 'rotation by size: as long as traffic allows', origin),
    bounded: unknown('unsupported', 'audit_log_rotate_on_size: whether old files are removed', origin),
    origin,
  };
}

/** Every statement as it comes, before it is known how it ends; only the line of the connection says who and from where. */
function generalLog(server: MysqlServer): Log {
  const [general, output] = [server.flag('general_log'), server.variable('log_output')];
  const to = output.state === 'known' ? output.value.toUpperCase().split(',') : [];
  const origin = server.origin('show global variables like general_log%');
  return {
    name: 'general log',
    on:
      general.state === 'known' && general.value && output.state === 'known' && to.includes('NONE')
        ? known(false, derived('log_output NONE', output.origin))
        : general,
    events: EVERY_EVENT.map((event) => known(event, origin)),
    open: [],
    fields: ['who', 'what', 'when', 'where'],
    values: known(true, derived('the general log holds statements in full', origin)),
    to:
      output.state !== 'known'
        ? output
        : to.includes('FILE')
          ? pathOf(server, 'general_log_file')
          : known({ form: 'table', where: 'mysql.general_log' }, output.origin),
    retention: unknown('not-collected', 'the host rotates it, or nobody', origin),
    bounded: unknown('not-collected', 'the host rotates it, or nobody', origin),
    origin,
  };
}

/** Refused logins stand in the error log from log_warnings 2 (MariaDB) or log_error_verbosity 3 (MySQL). */
function errorLog(server: MysqlServer): Log {
  const level = server.number(server.mariadb ? 'log_warnings' : 'log_error_verbosity');
  const refused = level.state === 'known' && level.value >= (server.mariadb ? 2 : 3);
  const origin = server.origin('show global variables like log_error');
  const error = server.variable('log_error');
  return {
    name: 'error log',
    on: known(true, origin),
    events: [
      known<Event>('error', origin),
      ...(refused && level.state === 'known' ? [known<Event>('authentication-failure', level.origin)] : []),
    ],
    open: level.state === 'unknown' ? [level] : [],
    fields: ['who', 'what', 'when', 'where', 'outcome'],
    values: quotedStatements(server, origin),
    to:
      error.state === 'known' && /^(?:|stderr|NULL)$/.test(error.value)
        ? known({ form: 'error-output', where: 'stderr' }, error.origin)
        : pathOf(server, 'log_error'),
    retention: unknown('not-collected', 'the host rotates it, or nobody', origin),
    bounded: unknown('not-collected', 'the host rotates it, or nobody', origin),
    origin,
  };
}

/** The slow log holds its statements in full. */
function slowLog(server: MysqlServer): Fact<boolean> {
  const [on, output] = [server.flag('slow_query_log', 'log_slow_query'), server.variable('log_output')];
  return on.state === 'known' && on.value && output.state === 'known' && /\bnone\b/i.test(output.value)
    ? known(false, derived('log_output NONE', output.origin))
    : on;
}

/** The error log quotes statements of deadlocks, where all are told, and those that are unsafe in a binary log of statements. */
function quotedStatements(server: MysqlServer, origin: Origin): Fact<boolean> {
  const deadlocks = server.flag('innodb_print_all_deadlocks');
  const [binary, format] = [server.flag('log_bin'), server.variable('binlog_format')];
  const unsafe: Fact<boolean> =
    binary.state === 'known' && !binary.value
      ? known(false, binary.origin)
      : binary.state === 'unknown'
        ? binary
        : format.state === 'known'
          ? known(/^statement$/i.test(format.value), format.origin)
          : known(false, derived('binary logs of rows only', origin));
  return anyTrue([deadlocks, unsafe]);
}

/** A path of the server's machine; relative ones begin at the data directory. */
function pathOf(server: MysqlServer, name: string): Log['to'] {
  const [file, data] = [server.variable(name), server.variable('datadir')];
  if (file.state !== 'known') return file;
  if (file.value.startsWith('/')) return known({ form: 'file', where: file.value }, file.origin);
  return data.state === 'known'
    ? known({ form: 'file', where: posix.join(data.value, file.value) }, derived('below datadir', file.origin, data.origin))
    : data;
}

function sinkOf(server: MysqlServer, id: string, log: Log): readonly Resource[] {
  const { to, origin } = log;
  if (to.state !== 'known' || to.value.form !== 'file') return [];
  const none = absent(origin);
  const host = unknown('not-collected', 'the mode of the file: the host tells', to.origin);
  const facts: Sink = {
    host: known('', origin),
    by: known(server.engine, origin),
    takes: known([], derived('it keeps what the server writes', origin)),
    form: known('file', to.origin),
    destination: known(to.value.where, to.origin),
    encrypted: none,
    verifies_peer: none,
    retention: log.retention,
    mode: host,
    readable_by_others: host,
    bounded: log.bounded,
    buffered: none,
  };
  return [seen(logSink, `${id} ${log.name}`, server.target, 'live', facts)];
}
