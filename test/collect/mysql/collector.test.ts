import { describe, expect, test } from 'vitest';
import { mysqlCollector } from '../../../src/collect/mysql/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../../src/collect/limits.ts';
import type { Collected } from '../../../src/collect/collector.ts';
import { unknown, type Unknown } from '../../../src/model/fact.ts';
import type { Row, SqlSession } from '../../../src/world/database.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import { plain } from '../../support/collect.ts';
import { insideTarget } from '../../support/inside.ts';

/** Answers by the beginning, or a part, of a statement. What is not here is denied. */
type Answers = Readonly<Record<string, readonly Row[] | Unknown>>;

const DENIED = unknown('access-denied', 'SQL error 1142');

function session(answers: Answers, transport: SqlSession['transport'] = 'tls'): SqlSession {
  return {
    transport,
    address: { engine: 'mysql', scheme: 'mysql', host: 'db.example', port: 3306, user: 'audit', parameters: {} },
    query: async (statement) => Object.entries(answers).find(([part]) => statement.includes(part))?.[1] ?? DENIED,
    close: async () => undefined,
  };
}

async function look(answers: Answers, options: Readonly<Record<string, string>> = {}): Promise<Collected> {
  const world = {
    ...memoryWorld({}, '2026-11-24T00:00:00Z'),
    databases: { ...memoryWorld({}, '').databases, mysql: async () => session(answers) },
  };
  const target = insideTarget('mysql', 'mysql://audit@db.example', options);
  return mysqlCollector.collect(target, world, new AbortController().signal, conductOf(DEFAULT_LIMITS));
}

const kind = (collected: Collected, name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(
    collected.resources
      .filter((resource) => resource.kind === name)
      .map(({ id, facts }) => [id, Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, plain(value)]))]),
  );
const pairs = (settings: Readonly<Record<string, string | null>>): readonly Row[] =>
  Object.entries(settings).map(([Variable_name, Value]) => ({ Variable_name, Value }));

const VARIABLES = {
  version: '8.4.3',
  version_comment: 'MySQL Community Server - GPL',
  hostname: 'db1',
  port: '3306',
  bind_address: '10.20.0.4,127.0.0.1',
  mysqlx_bind_address: '*',
  skip_networking: 'OFF',
  require_secure_transport: 'ON',
  tls_version: 'TLSv1.2,TLSv1.3',
  ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
  tls_ciphersuites: null,
  ssl_ca: 'ca.pem',
  ssl_capath: null,
  local_infile: 'OFF',
  secure_file_priv: null,
  log_bin: 'ON',
  binlog_expire_logs_seconds: '2592000',
  sync_binlog: '1',
  innodb_flush_log_at_trx_commit: '1',
  innodb_flush_method: 'O_DIRECT',
  innodb_doublewrite: 'ON',
  innodb_checksum_algorithm: 'crc32',
  authentication_policy: '*,,',
  default_password_lifetime: '90',
  password_history: '5',
  'validate_password.length': '14',
  'validate_password.policy': 'MEDIUM',
  'validate_password.mixed_case_count': '1',
  'validate_password.number_count': '1',
  'validate_password.special_char_count': '1',
  wait_timeout: '600',
  interactive_timeout: '900',
  max_connections: '200',
  max_user_connections: '0',
  performance_schema: 'ON',
  general_log: 'OFF',
  slow_query_log: 'OFF',
  innodb_print_all_deadlocks: 'OFF',
  binlog_format: 'ROW',
  log_output: 'FILE',
  log_error: '/var/log/mysql/error.log',
  log_error_verbosity: '2',
  datadir: '/var/lib/mysql/',
  audit_log_policy: 'ALL',
  audit_log_file: 'audit.log',
  mandatory_roles: '`everyone`@`%`,reader@localhost',
};
const ON_SCHEMA = 'Select Insert Update Delete Create Drop Grant References Index Alter Create_tmp_table Lock_tables Create_view Show_view'
  .concat(' Create_routine Alter_routine Execute Event Trigger')
  .split(' ')
  .map((name) => `${name}_priv`);
const ON_SERVER = 'Reload Shutdown Process File Show_db Super Repl_slave Repl_client Create_user Create_tablespace'
  .split(' ')
  .map((name) => `${name}_priv`);
const USER_COLUMNS = ['Host', 'User', ...ON_SCHEMA, ...ON_SERVER, 'plugin'].concat(
  ['authentication_string', 'ssl_type', 'max_user_connections', 'password_expired', 'password_last_changed', 'password_lifetime'],
  ['account_locked', 'User_attributes'],
);
const account = (user: string, host: string, more: Row = {}): Row => ({
  user,
  host,
  plugin: 'caching_sha2_password',
  secret: 'other',
  ssl_type: '',
  max_user_connections: '0',
  password_expired: 'N',
  password_lifetime: null,
  account_locked: 'N',
  changed: '2026-10-01T00:00:00Z',
  tries: '5',
  lock_days: '1',
  privileges: '',
  ...more,
});
const ROLE = { account_locked: 'Y', secret: '' };

/** A MySQL 8.4 with a component, an audit plugin and roles. */
const MYSQL: Answers = {
  'show global variables': pairs(VARIABLES),
  'show global status': pairs({ Threads_connected: '20', Current_tls_cert: 'server-cert.pem' }),
  'information_schema.columns': [
    ...USER_COLUMNS.map((c) => ({ t: 'user', c })),
    ...['Host', 'Db', 'User', ...ON_SCHEMA].map((c) => ({ t: 'db', c })),
  ],
  'from mysql.user': [
    account('root', 'localhost', { privileges: 'Select_priv,Insert_priv,Super_priv,File_priv,Create_user_priv' }),
    account('mysql.sys', 'localhost', { account_locked: 'Y' }),
    account('ledger_app', '10.20.0.%'),
    account('maker', '10.30.%', { ssl_type: 'X509', tries: '3', lock_days: '-1', password_lifetime: '30', max_user_connections: '3' }),
    account('legacy', '%', { plugin: 'mysql_native_password', secret: 'native', tries: null, lock_days: null }),
    account('backup', '10.40.0.1', { privileges: 'Select_priv' }),
    account('everyone', '%', ROLE),
    account('writer', '%', ROLE),
    account('payments', '%', ROLE),
  ],
  'mysql.global_grants': [
    { host: '10.40.0.1', user: 'backup', priv: 'BACKUP_ADMIN' },
    { host: '10.40.0.1', user: 'backup', priv: 'SET_ANY_DEFINER' },
  ],
  'mysql.role_edges': [
    { host: '%', user: 'writer', to_host: '%', to_user: 'payments' },
    { host: '%', user: 'payments', to_host: '10.30.%', to_user: 'maker' },
    // Roles in a circle end the search, too.
    { host: '%', user: 'payments', to_host: '%', to_user: 'writer' },
  ],
  'from mysql.db': [
    { host: '10.20.0.%', user: 'ledger_app', db: 'ledger', privileges: 'Select_priv,Insert_priv' },
    { host: '%', user: '', db: 'test\\_%', privileges: 'Insert_priv' },
  ],
  'mysql.tables_priv': [{ host: '%', user: 'writer', db: 'ledger', tab: 'payment', privileges: 'Insert' }],
  'mysql.columns_priv': [],
  'mysql.procs_priv': [{ host: '%', user: 'everyone', db: 'ledger', routine: 'ping', kind: 'FUNCTION', privileges: 'Execute' }],
  'mysql.proxies_priv': [],
  'information_schema.plugins': [
    { name: 'InnoDB', library: null },
    { name: 'audit_log', library: 'audit_log.so' },
  ],
  'mysql.component': [{ urn: 'file://component_validate_password' }],
  'show binary log status': [{ File: 'binlog.000007', Binlog_Do_DB: '', Binlog_Ignore_DB: '' }],
  'show replica status': [],
  'information_schema.processlist': [],
  'show grants': [{ g: 'GRANT SELECT, PROCESS, REPLICATION CLIENT ON *.* TO `audit`@`%`' }],
  'performance_schema.threads': [{ way: 'SSL/TLS', number: '4' }],
};

describe('MySQL 8.4', () => {
  test('the server', async () => {
    const found = await look(MYSQL);
    expect(found.gaps).toEqual([]);
    expect(kind(found, 'datastore')).toEqual({
      'mysql 3306': {
        engine: 'mysql',
        name: { unknown: 'not-collected' },
        default_name: 'absent',
        listens: ['10.20.0.4', '127.0.0.1', '*'],
        wildcard_bind: true,
        loopback_only: false,
        authentication: true,
        tls: 'required',
        protected_mode: 'absent',
        dangerous_commands: [],
        password_storage: 'caching_sha2_password',
        checksums: true,
        durable_writes: true,
        archiving: true,
        archives_to: 'absent',
        replication: false,
        version: '8.4.3',
        supported_until: '2032-04-30T00:00:00Z',
        extensions: ['audit_log', 'validate_password'],
        clear_sessions: false,
        archive_failing: false,
        last_archived: { unknown: 'unsupported' },
        idle_slots: 'absent',
        idle_slots_hold: 'absent',
        connections_used: 10,
      },
    });
    // The least protected account is never locked: the rule does not hold.
    expect(kind(found, 'identity.policy')).toEqual({
      mysql: {
        system: 'mysql',
        checks_quality: true,
        min_length: 14,
        min_classes: 4,
        applies_to_admins: true,
        history: 5,
        max_age: 90,
        max_tries: 'absent',
        lockout: 'absent',
        idle_timeout: 900,
        hash: 'caching_sha2_password',
      },
    });
    expect(kind(found, 'log.source')['mysql 3306']).toMatchObject({
      events: ['connection', 'disconnection', 'authentication-failure', 'ddl', 'role', 'write', 'read'],
      channels: ['file:/var/lib/mysql/audit.log', 'file:/var/lib/mysql/*.log', 'file:/var/lib/mysql/*'],
      logs_parameters: true,
    });
  });

  test('accounts, and what they hold through roles, mandatory ones and nobody’s', async () => {
    const found = kind(await look(MYSQL), 'identity.principal');
    const told = Object.fromEntries(
      Object.entries(found).map(([name, facts]) => [
        name,
        [facts['kind'], facts['login'], facts['hash'], facts['superuser'], facts['dangerous_rights'], facts['member_of']],
      ]),
    );
    const nobody = { unknown: 'not-collected' };
    expect(told).toEqual({
      'backup@10.40.0.1': [
        nobody,
        true,
        'caching_sha2_password',
        false,
        ['BACKUP_ADMIN', 'SET_ANY_DEFINER'],
        ['everyone@%', 'reader@localhost'],
      ],
      'everyone@%': ['role', false, 'absent', false, [], ['reader@localhost']],
      'ledger_app@10.20.0.%': [nobody, true, 'caching_sha2_password', false, [], ['everyone@%', 'reader@localhost']],
      'legacy@%': [nobody, true, 'mysql_native_password', false, [], ['everyone@%', 'reader@localhost']],
      'maker@10.30.%': [nobody, true, 'caching_sha2_password', false, [], ['everyone@%', 'payments@%', 'reader@localhost', 'writer@%']],
      'mysql.sys@localhost': ['default', false, 'caching_sha2_password', false, [], ['everyone@%', 'reader@localhost']],
      'payments@%': ['role', false, 'absent', false, [], ['everyone@%', 'reader@localhost', 'writer@%']],
      'root@localhost': [
        'default',
        true,
        'caching_sha2_password',
        true,
        ['CREATE USER', 'FILE', 'SUPER'],
        ['everyone@%', 'reader@localhost'],
      ],
      'writer@%': ['role', false, 'absent', false, [], ['everyone@%', 'payments@%', 'reader@localhost']],
    });
    expect(found['maker@10.30.%']).toMatchObject({
      rights: ['EXECUTE on FUNCTION ledger.ping', 'INSERT on ledger.payment', 'INSERT on test\\_%.*'],
      password_max_age: 30,
      expires: '2026-10-31T00:00:00Z',
      connection_limit: 3,
      requires_tls: true,
    });
    expect(found['root@localhost']?.['rights']).toContain('FILE on no path');
  });

  test('lock-out holds as far as every account has one', async () => {
    const accounts = (MYSQL['from mysql.user'] as readonly Row[]).filter(({ user }) => user !== 'legacy');
    const { max_tries, lockout } = kind(await look({ ...MYSQL, 'from mysql.user': accounts }), 'identity.policy')['mysql'] ?? {};
    expect([max_tries, lockout]).toEqual([5, 1440]);
  });

  test('columns that may not be read: what they hold is unknown', async () => {
    const columns = (MYSQL['information_schema.columns'] as readonly Row[]).filter(
      ({ c }) => !/^(?:authentication_string|Super_priv)$/.test(String(c)),
    );
    const blind = (MYSQL['from mysql.user'] as readonly Row[]).map((row) => ({ ...row, secret: null, privileges: '' }));
    const found = await look({ ...MYSQL, 'information_schema.columns': columns, 'from mysql.user': blind });
    expect(found.gaps.map(({ detail }) => detail)).toEqual(['mysql.user: needs SELECT on mysql.user']);
    expect(kind(found, 'datastore')['mysql 3306']).toMatchObject({ authentication: { unknown: 'access-denied' } });
    expect(kind(found, 'identity.principal')['ledger_app@10.20.0.%']).toMatchObject({
      login: { unknown: 'access-denied' },
      password: { unknown: 'access-denied' },
      hash: { unknown: 'access-denied' },
      superuser: { unknown: 'access-denied' },
      dangerous_rights: ['…'],
    });
  });

  test.each([...ON_SCHEMA, ...ON_SERVER])('one column that may not be read may hold the right: %s', async (column) => {
    const columns = (MYSQL['information_schema.columns'] as readonly Row[]).filter(({ c }) => c !== column);
    const found = kind(await look({ ...MYSQL, 'information_schema.columns': columns }), 'identity.principal');
    expect(found['ledger_app@10.20.0.%']).toMatchObject({ superuser: { unknown: 'access-denied' }, dangerous_rights: ['…'] });
  });

  test('times that no calendar has', async () => {
    const accounts = [
      account('a', '%', { changed: '0000-00-00T00:00:00Z' }),
      account('b', '%', { changed: '2026-10-01T00:00:00Z', password_lifetime: '99999999999' }),
      account('c', '%', { changed: null }),
    ];
    const found = kind(await look({ ...MYSQL, 'from mysql.user': accounts }), 'identity.principal');
    const none = { unknown: 'unsupported' };
    expect(Object.values(found).map((facts) => [facts['password_changed'], facts['expires']])).toEqual([
      [none, none],
      ['2026-10-01T00:00:00Z', none],
      [none, none],
    ]);
  });

  test('components that may not be seen: an audit log may be among them', async () => {
    const { 'mysql.component': _, ...others } = MYSQL;
    const found = await look({ ...others, 'information_schema.plugins': [{ name: 'InnoDB', library: null }] });
    expect(kind(found, 'datastore')['mysql 3306']).toMatchObject({ extensions: ['…'] });
    expect(kind(found, 'log.source')['mysql 3306']).toMatchObject({ events: ['error', '…'] });
  });

  test('group replication', async () => {
    const found = await look({
      ...MYSQL,
      'show global variables': pairs({ ...VARIABLES, group_replication_group_name: 'aaaa-bbbb' }),
      replication_group_members: [
        { member: 'db1:3306', state: 'ONLINE' },
        { member: 'db2:3306', state: 'ONLINE' },
        { member: 'db3:3306', state: 'UNREACHABLE' },
      ],
    });
    expect(kind(found, 'availability.group')).toMatchObject({
      'aaaa-bbbb': { members: ['db1:3306', 'db2:3306'], replicas: 1, form: 'cluster', quorum: 3, failover: 'automatic', synchronous: true },
    });
  });

  test('a replica that stands still, and without PROCESS nobody knows who follows', async () => {
    const found = await look({
      ...MYSQL,
      'show replica status': [
        {
          Source_Host: 'db0',
          Source_Port: '3306',
          Replica_IO_Running: 'Connecting',
          Replica_SQL_Running: 'Yes',
          Seconds_Behind_Source: null,
          Channel_Name: 'c',
        },
      ],
      'show grants': [{ g: 'GRANT USAGE ON *.* TO `audit`@`%`' }],
    });
    expect(kind(found, 'availability.group')).toMatchObject({
      'mysql 3306 replica of db0:3306 c': { members: ['db0:3306'], replicas: 0, lag: { unknown: 'unsupported' } },
    });
    expect(found.coverage['availability.group']).toMatchObject({ status: 'partial' });
  });
});

describe('what is said differently, or not at all', () => {
  const settings = (more: Readonly<Record<string, string | null>>): Answers => ({
    ...MYSQL,
    'show global variables': pairs({ ...VARIABLES, ...more }),
  });

  test.each([
    ['TiDB', { version: '8.0.11-TiDB-v7.5.0' }],
    ['no version', { version: 'unknown' }],
  ])('%s is none of ours', async (_, more) => {
    const found = await look(settings(more));
    expect(found.resources).toEqual([]);
    expect(Object.values(found.coverage).map(({ status }) => status)).toEqual(Array(8).fill('failed'));
  });

  test('nothing but the variables: every list is open, and nothing is complete that was not seen', async () => {
    const found = await look({ 'show global variables': pairs(VARIABLES) });
    expect(kind(found, 'identity.principal')).toEqual({});
    expect(kind(found, 'access.rule')).toEqual({});
    expect(kind(found, 'datastore')['mysql 3306']).toMatchObject({
      authentication: { unknown: 'access-denied' },
      dangerous_commands: ['…'],
      extensions: { unknown: 'access-denied' },
      clear_sessions: { unknown: 'access-denied' },
      idle_slots: 'absent',
      idle_slots_hold: 'absent',
      connections_used: { unknown: 'access-denied' },
      archive_failing: { unknown: 'access-denied' },
    });
    expect(kind(found, 'log.source')['mysql 3306']).toMatchObject({
      events: ['error', '…'],
      channels: ['file:/var/log/mysql/error.log', 'file:/var/log/mysql/*.log', 'file:/var/log/mysql/*', '…'],
    });
    expect(Object.entries(found.coverage).flatMap(([name, { status }]) => (status === 'complete' ? [name] : []))).toEqual([
      'datastore',
      'identity.policy',
      'log.source',
      'tls.listener',
    ]);
  });

  test('every variable is missing: nothing is known of it', async () => {
    const found = await look({ ...MYSQL, 'show global variables': pairs({ version: '8.4.3' }) });
    const { engine, version, supported_until: _, ...store } = kind(found, 'datastore')['mysql port'] ?? {};
    expect([engine, version]).toEqual(['mysql', '8.4.3']);
    expect(found.coverage['log.sink']?.status).toBe('partial');
    expect(found.coverage['log.sink']?.gaps.map(({ detail }) => detail)).toEqual(
      ['audit_log_file', 'log_output', 'log_error'].map((name) => `${name}: no variable of this server`),
    );
    for (const name of [
      'listens',
      'wildcard_bind',
      'loopback_only',
      'checksums',
      'durable_writes',
      'archiving',
      'replication',
      'clear_sessions',
      'archive_failing',
    ])
      expect([name, store[name]]).toEqual([name, { unknown: 'unsupported' }]);
    const rules = kind(found, 'identity.policy')['mysql'] ?? {};
    for (const name of ['history', 'max_age', 'idle_timeout', 'hash'])
      expect([name, rules[name]]).toEqual([name, { unknown: 'unsupported' }]);
  });

  test('a Galera member', async () => {
    const galera: Answers = {
      ...settings({ version: '10.11.8-MariaDB', wsrep_on: 'ON', wsrep_cluster_name: 'ledger' }),
      'show global status': pairs({
        wsrep_cluster_size: '3',
        wsrep_incoming_addresses: '10.0.0.1:3306,AUTO,10.0.0.3:3306',
        wsrep_cluster_status: 'Primary',
      }),
    };
    expect(kind(await look(galera), 'availability.group')).toMatchObject({
      ledger: { members: ['10.0.0.1:3306', '10.0.0.3:3306', '…'], replicas: 2, quorum: 3, form: 'cluster', synchronous: true },
    });
  });

  test.each([
    ['the error log alone', {}, false],
    ['the slow log', { slow_query_log: 'ON' }, true],
    ['the slow log, written nowhere', { slow_query_log: 'ON', log_output: 'NONE' }, false],
    ['deadlocks in full', { innodb_print_all_deadlocks: 'ON' }, true],
    ['unsafe statements', { binlog_format: 'STATEMENT' }, true],
    ['the general log', { general_log: 'ON' }, true],
  ])('values of statements: %s', async (_, more, written) => {
    const plugins = { 'information_schema.plugins': [{ name: 'InnoDB', library: null }] };
    const found = kind(await look({ ...settings(more), ...plugins }), 'log.source')['mysql 3306'];
    expect(found?.['logs_parameters']).toBe(written);
  });

  test('binary logs that give way to newer ones by their size, and a port for administrators', async () => {
    const found = kind(await look(settings({ max_binlog_total_size: '1073741824', admin_address: '10.9.0.4' })), 'datastore')['mysql 3306'];
    expect(found).toMatchObject({ archiving: { unknown: 'unsupported' }, listens: ['10.20.0.4', '127.0.0.1', '*', '10.9.0.4'] });
  });

  test('a privilege table that skips, an audit of some accounts, a general log that nobody keeps', async () => {
    const found = await look(
      settings({ skip_grant_tables: 'ON', audit_log_include_accounts: 'a@b', general_log: 'ON', log_output: 'NONE' }),
    );
    expect(kind(found, 'datastore')['mysql 3306']).toMatchObject({ authentication: false });
    expect(kind(found, 'log.source')['mysql 3306']).toMatchObject({ events: ['…'] });
  });

  test('a list of accounts without any is none: ours let us in', async () => {
    for (const [answers, table] of [
      [{ ...settings({}), 'from mysql.user': [] }, 'mysql.user'],
      [{ ...settings({ version: '10.11.8-MariaDB' }), 'from mysql.global_priv': [] }, 'mysql.global_priv'],
    ] as const) {
      const found = await look(answers);
      expect(found.coverage['identity.principal']).toMatchObject({ status: 'partial', gaps: [{ detail: `${table}: no account` }] });
      expect(found.coverage['access.rule']?.status).toBe('partial');
      expect(Object.values(kind(found, 'datastore'))[0]).toMatchObject({ authentication: { unknown: 'unparseable' } });
    }
  });

  test('hostile rows are gaps, never accounts without rights', async () => {
    const found = await look({
      ...settings({ version: '10.11.8-MariaDB' }),
      'from mysql.global_priv': [
        { host: '%', user: 'a', access: '1', version: '101108', priv: 'no json' },
        { host: '%', user: 'b', access: '-1', version: '101108', priv: '{}' },
        { host: '%', user: 'c', access: '99999999999999999999999', version: '101108', priv: '{}' },
        { host: null, user: 'd', access: '1', version: '101108', priv: '{}' },
        { host: '%', user: 'e', access: '1', version: '101108', priv: '{"auth_or":[null,7,{}]}' },
        { host: '%', user: 'f', access: '1', version: '101108', priv: '{"auth_or":[]}' },
        { host: '%', user: '__proto__', access: '32768', version: '100400', priv: '{"auth_or":[{}]}' },
      ],
      'mysql.roles_mapping': [],
      'show all slaves status': [],
    });
    expect(Object.keys(kind(found, 'identity.principal'))).toEqual(['__proto__@%']);
    expect(found.coverage['identity.principal']).toMatchObject({ status: 'partial' });
    expect(found.gaps.map(({ detail }) => detail)).toEqual([
      'mysql.global_priv: a row',
      'mysql.global_priv: privileges of __proto__@% are written by an older version',
    ]);
  });
});
