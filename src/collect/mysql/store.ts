import { absent, allTrue, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { isEncrypted } from '../../world/database.ts';
import { supportedUntil } from '../end-of-life.ts';
import { seen } from '../seen.ts';
import { proves } from './access-rules.ts';
import { mayLogIn, openMethods } from './account.ts';
import type { AccountTables } from './accounts.ts';
import { Effective } from './effective.ts';
import { portOf } from './logging.ts';
import type { Plugins } from './plugins.ts';
import { newHash } from './policy.ts';
import { columnOf, type MysqlServer, type Rows } from './server.ts';

type Facts = LiveKindFacts<typeof datastore>;

const DAY = 86_400;

/** The server as a store: who reaches it and how, what it confirms and keeps. */
export async function store(
  server: MysqlServer,
  plugins: Plugins | Unknown,
  tables: AccountTables | Unknown,
  streams: Fact<boolean>,
): Promise<Resource> {
  const { version } = server;
  const listens = addresses(server);
  const binary = await binaryLog(server);
  const archive = archiving(server, binary);
  const facts: Facts = {
    engine: known(server.engine, server.origin('select version()')),
    name: nameOf(server),
    default_name: absent(server.at),
    listens,
    wildcard_bind: mapFact(listens, 'an address of every interface', (all) =>
      all.some((one) => one.state === 'known' && /^(?:\*|0\.0\.0\.0|::)$/.test(one.value)),
    ),
    loopback_only: mapFact(listens, 'every address is loopback', (all) =>
      all.every((one) => one.state === 'known' && /^(?:127\.[\d.]+|::1|localhost)$/.test(one.value)),
    ),
    authentication: authentication(server, tables),
    tls: transport(server),
    protected_mode: absent(server.at),
    dangerous_commands: dangerousForAll(server, tables),
    password_storage: passwordStorage(server),
    checksums: checksums(server),
    durable_writes: durable(server),
    archiving: archive,
    archives_to: absent(server.at),
    replication: streams,
    version,
    supported_until: supportedUntil(server.engine, version),
    extensions:
      'state' in plugins
        ? plugins
        : known(
            plugins.added.map((name) => known(name, plugins.origin)),
            plugins.origin,
            plugins.open,
          ),
    clear_sessions: await clearSessions(server),
    archive_failing: archiveFailing(server, archive, binary),
    last_archived:
      archive.state === 'known' && !archive.value
        ? absent(archive.origin)
        : unknown('unsupported', 'binary logs: when the last was kept', server.at),
    idle_slots: absent(server.at),
    idle_slots_hold: absent(server.at),
    connections_used: connectionsUsed(server),
  };
  return seen(datastore, `${server.engine} ${portOf(server)}`, server.target, 'live', facts);
}

/** What backup plans may call it: the database that the target names. The server has no name that anything else knows it by. */
function nameOf(server: MysqlServer): Fact<string> {
  const { database } = server.session.address;
  return database === undefined
    ? unknown('not-collected', 'name: the address of the target names no database', server.at)
    : known(database, server.at);
}

/** bind_address: a list, `*` or nothing for every address. MySQL's X plugin and its administrators' port listen beside it. */
function addresses(server: MysqlServer): Facts['listens'] {
  const off = server.flag('skip_networking');
  if (off.state === 'known' && off.value) return known([], off.origin);
  const bind = server.variable('bind_address');
  if (bind.state !== 'known') return bind;
  const list = /^(?:|NULL)$/.test(bind.value) ? ['*'] : bind.value.split(',').flatMap((word) => word.trim() || []);
  const beside = ['mysqlx_bind_address', 'admin_address'].flatMap((name) => {
    const found = server.written(name);
    return found === undefined || found.value === 'NULL'
      ? []
      : found.value.split(',').flatMap((word) => (word.trim() === '' ? [] : [known(word.trim(), found.origin)]));
  });
  return known([...list.map((word) => known(word.replace(/\/.*$/, ''), bind.origin)), ...beside], bind.origin);
}

/** No account that may log in does so with nothing, and the tables of privileges are asked at all. */
function authentication(server: MysqlServer, tables: AccountTables | Unknown): Fact<boolean> {
  const skipped = server.flag('skip_grant_tables');
  if (skipped.state === 'known' && skipped.value) return known(false, derived('skip_grant_tables', skipped.origin));
  if ('state' in tables) return tables;
  const hidden: Unknown[] = [...tables.gaps];
  for (const account of tables.accounts) {
    const login = mayLogIn(account);
    if (login.state === 'known' && !login.value) continue;
    for (const method of openMethods(account)) {
      const fact = proves(account, method);
      if (fact.state === 'known' && !fact.value && login.state === 'known')
        return known(false, derived(`${account.name.slice(0, 100)} logs in with an empty password`, fact.origin));
      if (fact.state === 'unknown') hidden.push(fact);
    }
  }
  const [first, ...rest] = tables.origins;
  return (
    hidden[0] ??
    (first === undefined ? unknown('not-collected', 'accounts') : known(true, derived('every account demands a proof', first, ...rest)))
  );
}

/** Our own session over TLS shows that it is offered where the server has no word for it (MySQL 8.4 has given up have_ssl). */
export function transport(server: MysqlServer): Facts['tls'] {
  const [has, demanded] = [server.variable('have_ssl'), server.flag('require_secure_transport')];
  const own = isEncrypted(server.session.transport);
  const origin = server.origin('show session status like Ssl_cipher');
  const offered: Fact<boolean> =
    has.state === 'known' ? known(has.value === 'YES', has.origin) : own ? known(true, origin) : tlsChannel(server, has);
  if (offered.state !== 'known') return offered;
  if (!offered.value) return known('off', offered.origin);
  // Versions without the setting cannot demand it of everybody.
  if (demanded.state !== 'known')
    return demanded.state === 'unknown' && demanded.cause === 'unsupported' ? known('offered', offered.origin) : demanded;
  return demanded.value
    ? known('required', derived('require_secure_transport', demanded.origin, offered.origin))
    : known('offered', offered.origin);
}

/** A certificate and a key that are set are offered; the server tells of none that it could not load. */
function tlsChannel(server: MysqlServer, why: Fact<string>): Fact<boolean> {
  const current = server.status('Current_tls_cert');
  return current.state === 'known' && current.value !== ''
    ? known(true, derived('a certificate is loaded', current.origin))
    : why.state === 'unknown'
      ? why
      : unknown('unresolved', 'have_ssl');
}

/** What everybody holds (PUBLIC, mandatory roles), and LOAD DATA LOCAL, by which a statement takes a file of the client’s machine. */
function dangerousForAll(server: MysqlServer, tables: AccountTables | Unknown): Facts['dangerous_commands'] {
  const local = server.flag('local_infile');
  const found: Fact<string>[] = local.state === 'known' && local.value ? [known('LOAD DATA LOCAL', local.origin)] : [];
  const open: Unknown[] = local.state === 'unknown' ? [local] : [];
  const at = server.origin('show global variables like local_infile');
  if ('state' in tables) return known(found, at, [...open, tables]);
  const names = new Set(tables.everybody);
  const effective = new Effective(tables);
  for (const account of tables.accounts)
    if (names.has(account.name))
      for (const { privilege, scope } of effective.of(account).grants)
        if (scope.level === 'global' && /^(?:FILE|SUPER|SHUTDOWN|PROCESS)$/.test(privilege)) found.push(known(privilege, account.origin));
  return known(found, at, [...open, ...effective.rightsOpen]);
}

function passwordStorage(server: MysqlServer): Facts['password_storage'] {
  const hash = newHash(server);
  if (hash.state !== 'known') return hash;
  switch (hash.value) {
    case 'caching_sha2_password':
    case 'mysql_native_password':
      return known(hash.value, hash.origin);
    case 'sha256_password':
      return known('sha256', hash.origin);
    default:
      return unknown('unsupported', `plugin ${hash.value}`, hash.origin);
  }
}

/** `none` and `strict_none` write pages without one. */
function checksums(server: MysqlServer): Fact<boolean> {
  return mapFact(server.variable('innodb_checksum_algorithm'), 'innodb_checksum_algorithm', (word) => !/none$/i.test(word));
}

/** A commit is on disk before it is confirmed, in the log of InnoDB and in the binary log; pages are written twice; fsync is really asked for. */
function durable(server: MysqlServer): Fact<boolean> {
  const binary = server.flag('log_bin');
  const flush = mapFact(server.number('innodb_flush_log_at_trx_commit'), 'at every commit', (value) => value === 1 || value === 3);
  const sync = mapFact(server.number('sync_binlog'), 'at every commit', (value) => value === 1);
  const method = mapFact(server.variable('innodb_flush_method'), 'fsync', (word) => !/nosync|littlesync/i.test(word));
  const twice = mapFact(server.variable('innodb_doublewrite'), 'pages are written twice', (word) => !/^(?:off|0|detect_only)$/i.test(word));
  return allTrue([flush, method, twice, ...(binary.state === 'known' && !binary.value ? [] : [binary.state === 'known' ? sync : binary])]);
}

/**
 * Binary logs hold every change since the last backup, where they are kept for at least a day, written now, and no database is left out:
 * its statement of status names those that are. https://mariadb.com/kb/en/show-binlog-status/
 */
function archiving(server: MysqlServer, binary: Rows | Unknown): Fact<boolean> {
  const on = server.flag('log_bin');
  if (on.state !== 'known' || !on.value) return on;
  const size = server.written('max_binlog_total_size');
  if (size !== undefined && size.value !== '0') return unknown('unsupported', 'rotation by size: as long as traffic allows', size.origin);
  const seconds = server.number('binlog_expire_logs_seconds');
  const days = server.number('expire_logs_days');
  const kept: Fact<number> =
    seconds.state === 'known' && seconds.value > 0
      ? seconds
      : days.state === 'known' && days.value > 0
        ? mapFact(days, 'expire_logs_days', (value) => value * DAY)
        : seconds.state === 'known'
          ? seconds
          : days;
  if (kept.state !== 'known') return kept;
  if (kept.value !== 0 && kept.value < DAY)
    return known(false, derived('binary logs are kept for less than a day', kept.origin, on.origin));
  if ('state' in binary) return binary;
  const [status] = binary.rows;
  if (status === undefined) return known(false, derived('no binary log is written', binary.origin, on.origin));
  const [only, without] = [columnOf(status, 'Binlog_Do_DB'), columnOf(status, 'Binlog_Ignore_DB')];
  if (only === undefined || without === undefined) return unknown('unparseable', 'binary log status', binary.origin);
  const { database } = server.session.address;
  if (database !== undefined && (without.split(',').includes(database) || (only !== '' && !only.split(',').includes(database))))
    return known(false, derived('binlog_do_db or binlog_ignore_db leaves the database out', binary.origin));
  return only === '' && without === ''
    ? known(true, derived('log_bin, kept for a day and more', on.origin, kept.origin, binary.origin))
    : unknown('unsupported', 'binlog_do_db, binlog_ignore_db: changes of some databases are left out', binary.origin);
}

async function binaryLog(server: MysqlServer): Promise<Rows | Unknown> {
  const statement = newWords(server) ? 'show binary log status' : 'show master status';
  return server.rows(statement, server.mariadb ? 'BINLOG MONITOR' : 'REPLICATION CLIENT', statement, 10);
}

/** The status of the binary log is a row where it is written; after an error that was ignored there is none. */
function archiveFailing(server: MysqlServer, archive: Fact<boolean>, binary: Rows | Unknown): Fact<boolean> {
  const on = server.flag('log_bin');
  if (on.state !== 'known') return on;
  if (!on.value) return archive.state === 'known' ? absent(on.origin) : archive;
  return 'state' in binary ? binary : known(binary.rows.length === 0, binary.origin);
}

/** MySQL 8.2 says `binary log` and `replica` only. */
export function newWords({ mariadb, version }: MysqlServer): boolean {
  if (mariadb || version.state !== 'known') return false;
  const [major = 0, minor = 0] = version.value.split('.').map(Number);
  return major > 8 || (major === 8 && minor >= 2);
}

/** Sessions over the network and how they are encrypted: performance_schema, where it is on. Our own counts too. */
async function clearSessions(server: MysqlServer): Promise<Fact<boolean>> {
  if (server.session.transport === 'clear') return known(true, server.origin('this session'));
  const on = server.flag('performance_schema');
  if (on.state !== 'known') return on;
  if (!on.value) return unknown('unsupported', 'performance_schema is off: the server does not tell of others’ sessions', on.origin);
  const found = await server.rows(
    'select connection_type from performance_schema.threads',
    'SELECT on performance_schema.threads',
    "select connection_type as way, count(*) as number from performance_schema.threads where processlist_id is not null and processlist_host not in ('localhost', '127.0.0.1', '::1') group by connection_type",
    100,
  );
  if ('state' in found) return found;
  const ways = found.rows.map((row) => columnOf(row, 'way') ?? '');
  if (ways.includes('TCP/IP')) return known(true, found.origin);
  const odd = ways.find((way) => !/^(?:SSL\/TLS|Socket)$/.test(way));
  return odd === undefined ? known(false, found.origin) : unknown('unparseable', 'connection_type', found.origin);
}

function connectionsUsed(server: MysqlServer): Fact<number> {
  const [used, most] = [server.counter('Threads_connected'), server.number('max_connections')];
  if (used.state !== 'known') return used;
  if (most.state !== 'known') return most;
  return most.value <= 0
    ? unknown('unparseable', 'max_connections', most.origin)
    : known(Math.round((used.value / most.value) * 1000) / 10, derived('Threads_connected of max_connections', used.origin, most.origin));
}
