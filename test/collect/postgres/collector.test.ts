import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountKind } from '../../../src/collect/account-kind.ts';
import type { Collected } from '../../../src/collect/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../../src/collect/limits.ts';
import { postgresCollector } from '../../../src/collect/postgres/collector.ts';
import { absent, known, unknown, type Fact, type FactValue, type Unknown } from '../../../src/model/fact.ts';
import type { Target } from '../../../src/model/resource.ts';
import type { Row, SqlSession } from '../../../src/world/database.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import type { World } from '../../../src/world/world.ts';
import { filesTarget, ofKind, plain } from '../../support/collect.ts';

type Answers = Readonly<Record<string, readonly Row[] | Unknown>>;

const setting = (name: string, value: string, source = 'configuration file', sourcefile: string | null = '/data/postgresql.conf'): Row => ({
  name,
  setting: value,
  source,
  sourcefile,
  line: sourcefile === null ? null : '7',
});
const role = (oid: number, name: string, fields: Row = {}): Row => ({
  oid: String(oid),
  name,
  login: 'true',
  super: 'false',
  createrole: 'false',
  createdb: 'false',
  bypassrls: 'false',
  replication: 'false',
  connections: '-1',
  until: null,
  ...fields,
});
const member = (roleid: number, of: number, fields: Row = {}): Row => ({
  roleid: String(roleid),
  member: String(of),
  admin: 'false',
  inherits: 'true',
  sets: 'true',
  ...fields,
});
const grant = (grantee: number, object: string, ...privileges: readonly string[]): Row => ({
  grantee: String(grantee),
  object,
  privileges: JSON.stringify(privileges),
});
const rule = (
  type: string,
  databases: readonly string[],
  users: readonly string[],
  address: string | null,
  netmask: string | null,
  method: string,
  line = 1,
): Row => ({
  line: String(line),
  type,
  databases: JSON.stringify(databases),
  users: JSON.stringify(users),
  address,
  netmask,
  auth_method: method,
  options: null,
  wrong: 'false',
});

/** What a sound server answers, by a word of each statement; the first that fits counts. */
const SOUND: Answers = {
  'from pg_catalog.pg_settings': [
    setting('server_version', '17.2', 'default', null),
    setting('listen_addresses', '10.0.0.5'),
    setting('ssl', 'on'),
    setting('port', '5432', 'command line', null),
    setting('max_connections', '100'),
    setting('cluster_name', 'ledger'),
    setting('data_checksums', 'on', 'override', null),
    setting('archive_mode', 'on'),
    setting('archive_command', 'pgbackrest archive-push %p'),
    setting('logging_collector', 'on'),
    setting('log_connections', 'on'),
  ],
  'pg_has_role(': [{ settings: 'true', statistics: 'true' }],
  'pg_hba_file_rules where file_name': [{ elsewhere: 'false' }],
  has_function_privilege: [{ elsewhere: 'true' }],
  'pg_read_file(pg_catalog': [{ elsewhere: 'false' }],
  pg_hba_file_rules: [rule('hostssl', ['ledger'], ['app'], '10.0.0.0', '255.255.255.0', 'scram-sha-256')],
  pg_stat_file: [{ newer: 'false' }],
  pg_db_role_setting: [],
  'from pg_catalog.pg_roles\n': [role(10, 'postgres', { super: 'true' }), role(20, 'app'), role(30, 'maker', { login: 'false' })],
  pg_auth_members: [member(30, 20)],
  'pg_catalog.pg_class c join': [grant(30, 'ledger.payment', 'INSERT'), grant(0, 'ledger.rate', 'SELECT')],
  "'database '": [grant(0, 'database ledger', 'CONNECT', 'TEMPORARY'), grant(10, 'database ledger', 'OWNER')],
  pg_extension: [{ name: 'plpgsql' }],
  'p.prosecdef': [],
  has_database_privilege: [],
  pg_stat_replication: [{ name: 'ledger-2', address: '10.0.0.6', state: 'streaming', sync_state: 'sync', standby: 'false', lag: '0.25' }],
  'distinct version': [{ version: 'TLSv1.3' }],
  pg_stat_ssl: [{ count: '0' }],
  'pg_catalog.pg_replication_slots s where': [],
  pg_stat_archiver: [{ failed: 'false', failing: 'false', archived: '2026-11-23T23:00:00Z' }],
  pg_stat_database: [{ used: '42' }],
  pg_authid: [
    { name: 'postgres', form: 'none' },
    { name: 'app', form: 'scram-sha-256' },
    { name: 'maker', form: 'none' },
  ],
  pg_stat_activity: [{ name: 'app' }],
};

const ADDRESS = {
  engine: 'postgres',
  scheme: 'postgres',
  host: '10.0.0.5',
  port: 5432,
  database: 'ledger',
  user: 'custos',
  parameters: {},
} as const;

function worldWith(answers: Answers): World & { readonly closed: () => number; readonly asked: string[] } {
  let closed = 0;
  const asked: string[] = [];
  const session: SqlSession = {
    transport: 'tls',
    address: ADDRESS,
    query: async (statement) => {
      asked.push(statement);
      const key = Object.keys({ ...SOUND, ...answers }).find((word) => statement.includes(word));
      return key === undefined ? unknown('unsupported', 'SQLSTATE 42601') : (answers[key] ?? SOUND[key] ?? []);
    },
    close: async () => void (closed += 1),
  };
  const world = memoryWorld({}, '2026-11-24T00:00:00Z');
  return { ...world, databases: { ...world.databases, postgres: async () => session }, closed: () => closed, asked };
}

const at = { kind: 'file', range: filesTarget().declaredAt } as const;
const target = (options: Readonly<Record<string, string>> = {}, labels: Target['labels'] = {}): Target => ({
  ...filesTarget({}, options),
  id: 'db',
  kind: 'postgres',
  address: 'postgres://custos@10.0.0.5/ledger',
  labels,
});

async function look(
  answers: Answers = {},
  options: Readonly<Record<string, string>> = {},
  labels: Target['labels'] = {},
): Promise<Collected> {
  const world = worldWith(answers);
  const collected = await postgresCollector.collect(
    target(options, labels),
    world,
    new AbortController().signal,
    conductOf(DEFAULT_LIMITS),
  );
  expect(world.closed()).toBeGreaterThan(0);
  for (const statement of world.asked) expect(statement.trim()).toMatch(/^select /);
  return collected;
}

const fact = (collected: Collected, kind: string, id: string, name: string): Fact<FactValue> | undefined =>
  ofKind(collected, kind)[id]?.facts[name];
const value = (collected: Collected, kind: string, id: string, name: string): unknown => plain(fact(collected, kind, id, name));
const store = async (answers: Answers, name: string): Promise<unknown> => value(await look(answers), 'datastore', 'postgresql', name);
const principal = async (answers: Answers, id: string, name: string, options = {}): Promise<unknown> =>
  value(await look(answers, options), 'identity.principal', id, name);
const ROLES = 'from pg_catalog.pg_roles\n';
const CLASS = 'pg_catalog.pg_class c join';
const SETTINGS = 'from pg_catalog.pg_settings';
const settings = (...rows: readonly Row[]): readonly Row[] => {
  const names = new Set(rows.map(({ name }) => name));
  const sound = SOUND[SETTINGS];
  return [...(Array.isArray(sound) ? sound : []).filter(({ name }: Row) => !names.has(name)), ...rows];
};
const denied = unknown('access-denied', 'insufficient privilege');

test('a sound server is told in full', async () => {
  const collected = await look();
  expect(collected.gaps).toEqual([]);
  expect(new Set(Object.values(collected.coverage).map(({ status }) => status))).toEqual(new Set(['complete']));
  expect(Object.keys(collected.coverage)).toEqual([...postgresCollector.provides]);
  expect(value(collected, 'datastore', 'postgresql', 'archiving')).toBe(true);
  expect(value(collected, 'datastore', 'postgresql', 'connections_used')).toBe(42);
  expect(value(collected, 'datastore', 'postgresql', 'supported_until')).toBe('2029-11-08T00:00:00Z');
  expect(
    Object.fromEntries(
      Object.entries(ofKind(collected, 'availability.group')['postgresql']?.facts ?? {}).map(([name, one]) => [name, plain(one)]),
    ),
  ).toEqual({
    form: 'replication',
    members: ['ledger-2 10.0.0.6'],
    replicas: 1,
    lag: 0.25,
    synchronous: true,
    health_checked: { unknown: 'not-collected' },
    failover: { unknown: 'not-collected' },
    quorum: { unknown: 'not-collected' },
    fenced: { unknown: 'not-collected' },
  });
  expect(fact(collected, 'datastore', 'postgresql', 'listens')?.origin).toEqual({
    kind: 'wire',
    target: 'db',
    exchange: 'select … from pg_settings: listen_addresses (/data/postgresql.conf:7)',
  });
});

describe('whatever a server leaves out, nothing passes for known', () => {
  const usable = async (answers: Answers) => {
    const collected = await look(answers);
    return {
      collected,
      facts: collected.resources.flatMap(({ kind, facts }) =>
        Object.entries(facts).map(([name, one]) => [`${kind} ${name}`, one] as const),
      ),
    };
  };

  test.each(Object.keys(SOUND))('a denied answer about %s takes facts away, and adds none', async (word) => {
    const before = new Map((await usable({})).facts.map(([name, one]) => [name, plain(one)]));
    const { collected, facts } = await usable({ [word]: denied });
    for (const [name, one] of facts) {
      if (one.state === 'unknown' || (one.state === 'known' && one.open !== undefined)) continue;
      // What is still known is what it was.
      if (before.has(name) && !name.startsWith('identity.principal') && !name.startsWith('access.rule'))
        expect([name, plain(one)]).toEqual([name, before.get(name)]);
    }
    // Somebody says why: a gap, a fact, or the rest of a list.
    const reasons = [
      ...collected.gaps,
      ...facts.flatMap(([, one]) => (one.state === 'known' ? (one.open ?? []) : one.state === 'unknown' ? [one] : [])),
    ];
    // What these tell only adds to what is known otherwise.
    const quiet = word === 'pg_stat_activity' || word === 'distinct version';
    expect(quiet || reasons.some(({ cause }) => cause === 'access-denied')).toBe(true);
  });

  test.each(Object.keys(SOUND))('rows of another shape about %s are none', async (word) => {
    const { collected } = await usable({ [word]: [{ a: '1' }] });
    expect(() => JSON.stringify(collected)).not.toThrow();
    if (word === SETTINGS) expect(collected.resources).toEqual([]);
    if (word === ROLES) expect(ofKind(collected, 'identity.principal')).toEqual({});
  });

  test('hostile cells: nothing throws, and every kind stays accounted for', async () => {
    const cell = fc.oneof(fc.string(), fc.constant(null), fc.integer(), fc.constant('true'), fc.constant('["a"]'), fc.constant('-1'));
    const columns = Object.values(SOUND).flatMap((rows) => (Array.isArray(rows) ? Object.keys((rows as readonly Row[])[0] ?? {}) : []));
    const row = fc.record(Object.fromEntries([...new Set(columns)].map((name) => [name, cell])));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(SOUND)), fc.array(row, { maxLength: 4 }), async (word, rows) => {
        const collected = await look({ [word]: rows });
        expect(Object.keys(collected.coverage)).toEqual([...postgresCollector.provides]);
      }),
      { numRuns: 150 },
    );
  });

  test('a server that cannot be entered: everything is unknown, with the reason', async () => {
    const world = memoryWorld({}, '2026-11-24T00:00:00Z');
    const collected = await postgresCollector.collect(target(), world, new AbortController().signal, conductOf(DEFAULT_LIMITS));
    expect(collected.resources).toEqual([]);
    expect(new Set(Object.values(collected.coverage).map(({ status }) => status))).toEqual(new Set(['failed']));
    const sealed = await postgresCollector.collect(
      { ...target(), address: '${env:NO_SUCH}' },
      world,
      new AbortController().signal,
      conductOf(DEFAULT_LIMITS),
    );
    expect(sealed.gaps[0]).toMatchObject({ cause: 'not-collected' });
  });
});

describe('settings', () => {
  test('of an account that may not see all of them, what is not listed is unknown, not its default', async () => {
    const answers = { 'pg_has_role(': [{ settings: 'false', statistics: 'false' }] };
    expect(await store(answers, 'password_storage')).toEqual({ unknown: 'access-denied' });
    expect(await store({}, 'password_storage')).toBe('scram-sha-256');
    expect(await store(answers, 'replication')).toEqual({ unknown: 'access-denied' });
    expect(await store(answers, 'clear_sessions')).toEqual({ unknown: 'access-denied' });
  });
  test('a value of our own hides that of all others', async () => {
    const own = { [SETTINGS]: settings(setting('synchronous_commit', 'on', 'user', null)) };
    expect(await store(own, 'durable_writes')).toEqual({ unknown: 'unresolved' });
  });
  test('an override that loses commits counts; what records is told for each that has its own', async () => {
    const overrides = (config: readonly string[]): Answers => ({
      pg_db_role_setting: [{ database: 'ledger', role: 'app', login: 'true', config: JSON.stringify(config) }],
    });
    expect(await store(overrides(['synchronous_commit=off']), 'durable_writes')).toBe(false);
    expect(await store({ pg_db_role_setting: denied }, 'durable_writes')).toEqual({ unknown: 'access-denied' });
    const collected = await look(overrides(['log_min_messages=panic', 'work_mem=64MB']));
    expect(Object.keys(ofKind(collected, 'log.source'))).toEqual(['postgresql', 'postgresql role app in database ledger']);
    expect(value(collected, 'log.source', 'postgresql role app in database ledger', 'events')).toEqual([]);
    expect(Object.keys(ofKind(await look(overrides(['work_mem=64MB'])), 'log.source'))).toEqual(['postgresql']);
  });
  test('versions of TLS that sessions use are accepted; others may be', async () => {
    const protocols = async (answers: Answers) => value(await look(answers), 'tls.listener', 'postgresql', 'protocols');
    expect(await protocols({})).toEqual(['TLSv1.2', 'TLSv1.3']);
    expect(await protocols({ 'distinct version': [] })).toEqual(['TLSv1.2', '…']);
    expect(await protocols({ 'distinct version': denied })).toEqual(['TLSv1.2', '…']);
    expect(await protocols({ 'distinct version': [{ version: 'TLSv1' }] })).toEqual(['TLSv1.2', 'TLSv1', '…']);
    const open = { [SETTINGS]: settings(setting('ssl_min_protocol_version', 'TLSv1')) };
    expect(await protocols(open)).toEqual(['TLSv1.2', 'TLSv1.3', '…']);
  });
  test('libraries that every session has count as extensions', async () => {
    const loaded = { [SETTINGS]: settings(setting('shared_preload_libraries', '"$libdir/pgaudit", plpgsql, passwordcheck.so')) };
    expect(await store(loaded, 'extensions')).toEqual(['plpgsql', 'pgaudit', 'passwordcheck']);
    expect(await store({ ...loaded, 'pg_has_role(': [{ settings: 'false', statistics: 'true' }] }, 'extensions')).toEqual([
      'plpgsql',
      'pgaudit',
      'passwordcheck',
      '…',
    ]);
  });
  test('a version before its release is in no series', async () => {
    expect(await store({ [SETTINGS]: settings(setting('server_version', '19beta1', 'default', null)) }, 'supported_until')).toEqual({
      unknown: 'unresolved',
    });
  });
});

describe('archiving and replicas', () => {
  const archiver = (failed: string, failing: string, archived: string | null): Answers => ({
    pg_stat_archiver: [{ failed, failing, archived }],
  });
  test.each([
    ['the last attempt failed', archiver('true', 'true', '2026-11-23T23:00:00Z'), [false, true, '2026-11-23T23:00:00Z']],
    ['none ever succeeded', archiver('true', 'true', null), [false, true, 'absent']],
    [
      'nothing since the figures were reset',
      archiver('false', 'false', null),
      [{ unknown: 'not-collected' }, { unknown: 'not-collected' }, { unknown: 'not-collected' }],
    ],
    ['it failed once, and goes on', archiver('true', 'false', '2026-11-23T23:00:00Z'), [true, false, '2026-11-23T23:00:00Z']],
    [
      'nobody tells',
      { pg_stat_archiver: denied },
      [{ unknown: 'access-denied' }, { unknown: 'access-denied' }, { unknown: 'access-denied' }],
    ],
  ])('%s', async (_, answers, expected) => {
    const collected = await look(answers);
    expect(['archiving', 'archive_failing', 'last_archived'].map((name) => value(collected, 'datastore', 'postgresql', name))).toEqual(
      expected,
    );
  });
  test.each([
    ['none', [], [[], 0]],
    ['one that was never used', [{ name: 'new', free: 'true', held: null }], [['new'], 0]],
    [
      'two that are behind',
      [
        { name: 'a', free: 'false', held: '100' },
        { name: 'b', free: 'false', held: '5000000000' },
      ],
      [['a', 'b'], 5e9],
    ],
    ['one that does not tell', [{ name: 'a', free: 'false', held: null }], [{ unknown: 'unparseable' }, { unknown: 'unparseable' }]],
    ['nobody tells', denied, [{ unknown: 'access-denied' }, { unknown: 'access-denied' }]],
  ])('slots that nobody reads: %s', async (_, rows, expected) => {
    const collected = await look({ 'pg_catalog.pg_replication_slots s where': rows });
    expect(['idle_slots', 'idle_slots_hold'].map((name) => value(collected, 'datastore', 'postgresql', name))).toEqual(expected);
  });
  const none = { name: 'replica', address: null, state: null, sync_state: null, standby: 'false', lag: null };
  test.each([
    ['none', [none], [0, 'absent', false]],
    ['one that tells no delay', [{ ...none, state: 'streaming', sync_state: 'async' }], [1, { unknown: 'not-collected' }, true]],
    ['one that catches up', [{ ...none, state: 'catchup', sync_state: 'async', lag: '3' }], [0, 'absent', true]],
    [
      'a standby',
      [{ ...none, standby: 'true' }],
      [{ unknown: 'not-collected' }, { unknown: 'not-collected' }, { unknown: 'not-collected' }],
    ],
  ])('replicas: %s', async (_, rows, expected) => {
    const collected = await look({ pg_stat_replication: rows });
    expect([
      value(collected, 'availability.group', 'postgresql', 'replicas'),
      value(collected, 'availability.group', 'postgresql', 'lag'),
      value(collected, 'datastore', 'postgresql', 'replication'),
    ]).toEqual(expected);
  });
});

describe('rules of access', () => {
  test.each([
    ['10.0.0.0', '255.255.255.0', '10.0.0.0/24', false],
    ['0.0.0.0', '0.0.0.0', '0.0.0.0/0', true],
    ['::', '::', '::/0', true],
    ['fe80::', 'ffff:ffff:ffff:ffff::', 'fe80::/64', false],
    ['10.0.0.1', '255.0.255.0', '10.0.0.1 255.0.255.0', false],
    ['all', null, 'all', true],
    ['db.example.com', null, 'db.example.com', false],
  ])('%s %s is %s', async (address, mask, source, any) => {
    const collected = await look({ pg_hba_file_rules: [rule('host', ['all'], ['all'], address, mask, 'scram-sha-256')] });
    const [one] = Object.values(ofKind(collected, 'access.rule'));
    expect([plain(one?.facts['source']), plain(one?.facts['any_source'])]).toEqual([source, any]);
  });
  test('an error in the file, a newer file, or no rule: which rules are in force is unknown', async () => {
    const sound = rule('hostssl', ['all'], ['all'], 'all', null, 'scram-sha-256');
    for (const answers of [
      { pg_hba_file_rules: [sound, { ...sound, wrong: 'true' }] },
      { pg_stat_file: [{ newer: 'true' }] },
      { pg_hba_file_rules: [] },
    ]) {
      const collected = await look(answers);
      expect(ofKind(collected, 'access.rule')).toEqual({});
      expect(collected.coverage['access.rule']?.status).toBe('failed');
      expect(value(collected, 'datastore', 'postgresql', 'authentication')).toMatchObject({ unknown: expect.any(String) });
      expect(value(collected, 'identity.principal', 'app', 'any_source')).toMatchObject({ unknown: expect.any(String) });
    }
  });
  test('whether the file changed since it was loaded is not for us: what is not seen in it may be in force all the same', async () => {
    for (const answers of [{ pg_stat_file: denied }, { pg_stat_file: [] }, { pg_stat_file: [{ newer: null }] }]) {
      const collected = await look(answers);
      expect(Object.keys(ofKind(collected, 'access.rule'))).toEqual(['hostssl ledger app 10.0.0.0/24 scram-sha-256']);
      expect(collected.coverage['access.rule']?.status).toBe('partial');
      expect(value(collected, 'datastore', 'postgresql', 'authentication')).toMatchObject({ unknown: expect.any(String) });
      expect(value(collected, 'datastore', 'postgresql', 'tls')).toMatchObject({ unknown: expect.any(String) });
      expect(value(collected, 'identity.principal', 'app', 'requires_tls')).toMatchObject({ unknown: expect.any(String) });
      const trusting = await look({ ...answers, pg_hba_file_rules: [rule('host', ['all'], ['all'], 'all', null, 'trust')] });
      expect(value(trusting, 'datastore', 'postgresql', 'authentication')).toBe(false);
    }
  });
  test('a method that nobody knows is a gap, and whatever it may decide is unknown', async () => {
    const collected = await look({
      pg_hba_file_rules: [rule('host', ['all'], ['all'], 'all', null, 'magic'), rule('local', ['all'], ['all'], null, null, 'peer', 2)],
    });
    expect(Object.keys(ofKind(collected, 'access.rule'))).toEqual(['local all all local peer']);
    expect(collected.coverage['access.rule']?.status).toBe('partial');
    expect(value(collected, 'datastore', 'postgresql', 'authentication')).toEqual({ unknown: 'unparseable' });
  });
  test('from where a role comes: by name, by membership, past a rejection', async () => {
    const rules = (...rows: readonly Row[]): Answers => ({ pg_hba_file_rules: rows });
    const reject = rule('host', ['all'], ['app'], 'all', null, 'reject');
    const clear = rule('host', ['all'], ['+maker'], 'all', null, 'scram-sha-256', 2);
    expect(await principal(rules(clear), 'app', 'any_source')).toBe(true);
    expect(await principal(rules(clear), 'app', 'requires_tls')).toBe(false);
    expect(await principal(rules(clear), 'postgres', 'any_source')).toBe(false);
    expect(await principal(rules(reject, clear), 'app', 'any_source')).toBe(false);
    expect(await principal({ ...rules(clear), pg_auth_members: denied }, 'app', 'any_source')).toEqual({ unknown: 'access-denied' });
    expect(await principal(rules(rule('host', ['all'], ['/^a'], 'all', null, 'scram-sha-256')), 'app', 'any_source')).toEqual({
      unknown: 'unresolved',
    });
  });
});

describe('effective rights', () => {
  const DUTIES = JSON.stringify({ initiate: ['INSERT on ledger.payment'], approve: ['role checker'], administer: ['CREATEROLE'] });
  const roles = [
    role(10, 'postgres', { super: 'true' }),
    role(20, 'app'),
    role(30, 'maker', { login: 'false' }),
    role(40, 'checker', { login: 'false' }),
  ];
  const duties = (answers: Answers) => principal({ [ROLES]: roles, ...answers }, 'app', 'duties', { duties: DUTIES });

  test('through any chain, and not beyond what a membership lets', async () => {
    expect(await duties({ pg_auth_members: [member(30, 20)] })).toEqual(['initiate']);
    expect(await duties({ pg_auth_members: [member(40, 30), member(30, 20)] })).toEqual(['initiate', 'approve']);
    expect(await duties({ pg_auth_members: [member(30, 20, { inherits: 'false', sets: 'false' })] })).toEqual([]);
    expect(await duties({ pg_auth_members: [member(30, 20, { inherits: 'false', sets: 'false', admin: 'true' })] })).toEqual(['initiate']);
    expect(await duties({ pg_auth_members: denied })).toEqual(['…']);
    expect(await duties({ pg_auth_members: [member(99, 20)] })).toEqual(['…']);
    expect(await duties({ pg_auth_members: [member(30, 40), member(40, 30), member(30, 20)] })).toEqual(['initiate', 'approve']);
  });
  test('attributes come with a role that may be taken on, not with one that is only inherited', async () => {
    const creator = { [ROLES]: [role(20, 'app'), role(30, 'maker', { createrole: 'true', super: 'true' })] };
    expect(await principal({ ...creator, pg_auth_members: [member(30, 20)] }, 'app', 'superuser')).toBe(true);
    expect(await principal({ ...creator, pg_auth_members: [member(30, 20, { sets: 'false' })] }, 'app', 'superuser')).toBe(false);
    expect(await principal({ ...creator, pg_auth_members: [member(30, 20)] }, 'app', 'dangerous_rights')).toContain('CREATEROLE');
  });
  test('CREATEROLE is every role before 16', async () => {
    const creator = [
      role(20, 'app', { createrole: 'true' }),
      role(40, 'checker', { login: 'false' }),
      role(30, 'maker', { login: 'false' }),
    ];
    const old = { [SETTINGS]: settings(setting('server_version', '15.14', 'default', null)) };
    expect(await duties({ [ROLES]: creator, pg_auth_members: [], ...old })).toEqual(['initiate', 'approve', 'administer']);
    expect(await duties({ [ROLES]: creator, pg_auth_members: [] })).toEqual(['administer']);
  });
  test.each([
    ['a role that runs programs', role(50, 'pg_execute_server_program', { login: 'false' }), undefined],
    ['a role that writes files', role(50, 'pg_write_server_files', { login: 'false' }), undefined],
    ['a setting that is a command', undefined, grant(20, 'parameter archive_command', 'ALTER SYSTEM')],
    ['a setting that names a library', undefined, grant(20, 'parameter session_preload_libraries', 'SET')],
    ['a function that writes files', undefined, grant(20, 'function pg_catalog.lo_export(oid,text)', 'EXECUTE')],
  ])('who acts as the server itself holds every duty: %s', async (_name, by, granted) => {
    const answers = {
      [ROLES]: by === undefined ? roles : [...roles, by],
      [CLASS]: [grant(10, 'ledger.payment', 'INSERT'), ...(granted === undefined ? [] : [granted])],
      pg_auth_members: by === undefined ? [] : [member(50, 20)],
    };
    expect(await duties(answers)).toEqual(['initiate', 'approve', 'administer']);
    const reader = {
      ...answers,
      [ROLES]: [...roles, role(50, 'pg_read_server_files', { login: 'false' })],
      [CLASS]: answers[CLASS].slice(0, 1),
    };
    expect(await duties({ ...reader, pg_auth_members: [member(50, 20)] })).toEqual([]);
  });
  test('grants to everybody, to columns, and of all data count', async () => {
    const grants = (...rows: readonly Row[]): Answers => ({
      [CLASS]: [grant(10, 'ledger.payment', 'INSERT'), ...rows],
      pg_auth_members: [],
    });
    expect(await duties(grants())).toEqual([]);
    expect(await duties(grants(grant(0, 'ledger.payment', 'INSERT')))).toEqual(['initiate']);
    expect(await duties(grants(grant(20, 'ledger.payment', 'INSERT (amount)')))).toEqual(['initiate']);
    const writer = [...roles, role(50, 'pg_write_all_data', { login: 'false' })];
    expect(await duties({ ...grants(), [ROLES]: writer, pg_auth_members: [member(50, 20)] })).toEqual(['initiate']);
  });
  test('what is misspelt, or lies where nobody looked, leaves its duty open', async () => {
    expect(await duties({ pg_auth_members: [], [CLASS]: [] })).toEqual(['…']);
    expect(await duties({ pg_auth_members: [], [CLASS]: denied })).toEqual(['…']);
    expect(await principal({ pg_auth_members: [] }, 'app', 'duties', { duties: DUTIES })).toEqual(['…']);
    expect(await principal({}, 'app', 'duties')).toEqual({ unknown: 'not-collected' });
  });
  test('of grants that were read in part nothing is taken', async () => {
    const broken = { grantee: '20', object: 'ledger.payment', privileges: 'none' };
    expect(await duties({ pg_auth_members: [], [CLASS]: [grant(10, 'ledger.payment', 'INSERT'), broken] })).toEqual(['…']);
  });
  test('a database that does not let us in leaves every right open', async () => {
    const collected = await look({ has_database_privilege: [{ name: 'archive', open: 'false' }] });
    expect(value(collected, 'identity.principal', 'app', 'rights')).toEqual(['INSERT on ledger.payment', 'SELECT on ledger.rate', '…']);
    expect(value(collected, 'identity.principal', 'app', 'dangerous_rights')).toEqual(['…']);
    expect(value(collected, 'datastore', 'postgresql', 'dangerous_commands')).toEqual(['…']);
    expect(value(collected, 'datastore', 'postgresql', 'extensions')).toEqual(['plpgsql', '…']);
    expect(collected.coverage['database.routine']).toMatchObject({ status: 'failed' });
    expect(collected.gaps.map(({ detail }) => detail)).toEqual(['database archive: it takes CONNECT on it']);
  });
  test('objects of another database carry its name', async () => {
    const collected = await look({
      has_database_privilege: [{ name: 'Archive', open: 'true' }],
      [CLASS]: [
        grant(20, 'ledger.payment', 'INSERT'),
        grant(20, 'schema ledger', 'USAGE'),
        grant(20, 'function ledger.pay(bigint)', 'EXECUTE'),
      ],
    });
    expect(value(collected, 'identity.principal', 'app', 'rights')).toEqual([
      'INSERT on ledger.payment',
      'USAGE on schema ledger',
      'EXECUTE on function ledger.pay(bigint)',
      'INSERT on "Archive".ledger.payment',
      'USAGE on schema "Archive".ledger',
      'EXECUTE on function "Archive".ledger.pay(bigint)',
    ]);
  });
  test('passwords: none, hashed, in clear, and not for us', async () => {
    const forms = (form: string): Answers => ({ pg_authid: [{ name: 'app', form }] });
    expect([await principal(forms('none'), 'app', 'password'), await principal(forms('none'), 'app', 'hash')]).toEqual(['none', 'absent']);
    expect([await principal(forms('md5'), 'app', 'password'), await principal(forms('md5'), 'app', 'hash')]).toEqual(['hashed', 'md5']);
    expect([await principal(forms('plain'), 'app', 'password'), await principal(forms('plain'), 'app', 'hash')]).toEqual([
      'plain',
      'plain',
    ]);
    expect(await principal(forms('rot13'), 'app', 'password')).toEqual({ unknown: 'unresolved' });
    expect(await principal({ pg_authid: denied }, 'app', 'hash')).toEqual({ unknown: 'access-denied' });
  });
});

describe('definer routines', () => {
  const routine = async (config: readonly string[] | null, answers: Answers = {}): Promise<unknown> => {
    const rows = [
      { name: 'ledger.release(bigint)', owner: '20', config: config === null ? null : JSON.stringify(config), everybody: 'false' },
    ];
    return value(
      await look({ 'p.prosecdef': rows, ...answers }),
      'database.routine',
      'ledger ledger.release(bigint)',
      'search_path_pinned',
    );
  };
  test.each([
    [null, false],
    [['work_mem=1MB'], false],
    [['search_path=ledger, pg_temp'], true],
    [['search_path=pg_catalog, pg_temp'], true],
    [['search_path="", pg_temp'], true],
    [['search_path=""'], false],
    [['search_path=pg_catalog'], false],
    [['search_path=pg_temp, ledger'], false],
    [['search_path=pg_temp, pg_catalog, pg_temp'], false],
    [['search_path=ledger'], false],
    [['search_path="$user", pg_temp'], false],
  ])('%j: %s', async (config, expected) => {
    expect(await routine(config)).toBe(expected);
  });
  test('a schema where everybody may create pins nothing', async () => {
    expect(await routine(['search_path=public, pg_temp'], { [CLASS]: [grant(0, 'schema public', 'CREATE', 'USAGE')] })).toBe(false);
  });
  test('where grants could not be read, everybody may create in any schema', async () => {
    const unread = { [CLASS]: unknown('unsupported', 'more than 100000 rows') };
    expect(await routine(['search_path=public, pg_temp'], unread)).toEqual({ unknown: 'unsupported' });
    expect(await routine(['search_path=public'], unread)).toEqual(false);
    expect(await routine(['search_path=pg_catalog, pg_temp'], unread)).toBe(true);
  });
});

test('whom an account stands for is said by labels, and by nothing else', () => {
  const kinds = (service: string, personal: string, name: string): unknown =>
    plain(accountKind(target({}, { service_accounts: known(service, at), personal_accounts: known(personal, at) }), name));
  expect(kinds('ledger_app, report_*', 'zhao', 'ledger_app')).toBe('service');
  expect(kinds('ledger_app, report_*', 'zhao', 'report_daily')).toBe('service');
  expect(kinds('*_app', 'zhao, li.*', 'li.wei')).toBe('person');
  expect(kinds('ledger_app', 'zhao', 'chen')).toEqual({ unknown: 'not-collected' });
  expect(kinds('*', 'zhao', 'zhao')).toEqual({ unknown: 'unresolved' });
  expect(kinds('', '', '')).toEqual({ unknown: 'not-collected' });
  expect(kinds('a*b*a', '', 'aba')).toBe('service');
  expect(kinds('aba*aba', '', 'aba')).toEqual({ unknown: 'not-collected' });
  expect(plain(accountKind(target(), 'zhao'))).toEqual({ unknown: 'not-collected' });
  expect(plain(accountKind(target({}, { service_accounts: absent(at) }), 'zhao'))).toEqual({ unknown: 'not-collected' });
});
