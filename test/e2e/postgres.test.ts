import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { known } from '../../src/model/fact.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Target, TargetRecord } from '../../src/model/resource.ts';
import { databaseAddressOf } from '../../src/world/database-address.ts';
import { postgresSession } from '../../src/world/node-postgres.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { OpenedSecrets, Secret } from '../../src/world/secret.ts';
import { collectFiles, filesTarget, plain } from '../support/collect.ts';
import { completeFindings } from '../support/complete-findings.ts';
import { Seen } from '../support/live.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import { available, program } from '../support/servers/available.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';
import { CANARY, crowdedPostgresql, hardenedPostgresql, weakPostgresql } from '../support/servers/postgresql-cases.ts';

const DUTIES = { initiate: ['INSERT on ledger.payment'], approve: ['role checker'], administer: ['CREATEROLE'] };
const LABELS = { service_accounts: 'ledger_app, importer', personal_accounts: 'zhao, li_*, chen' };
process.env['CUSTOS_TEST_PG'] = CANARY;

function targetOf(server: Daemon, user: string, database = 'ledger'): Target {
  const target = filesTarget({ openssl: '3.0.17' }, { user, password: '${env:CUSTOS_TEST_PG}', duties: JSON.stringify(DUTIES) });
  const at = { kind: 'file', range: target.declaredAt } as const;
  return {
    ...target,
    id: 'ledger-db',
    kind: 'postgres',
    address: `postgres://127.0.0.1:${server.port}/${database}`,
    labels: Object.fromEntries(Object.entries(LABELS).map(([name, value]) => [name, known(value, at)])),
  };
}

async function look(server: Daemon, user: string, database?: string): Promise<TargetRecord> {
  const schedule = { concurrency: 1, timeout: 60, signal: new AbortController().signal, limits: DEFAULT_LIMITS };
  for await (const record of collect([targetOf(server, user, database)], nodeWorld('/'), schedule)) return record;
  throw new Error('no record');
}

type Plain = Readonly<Record<string, unknown>>;
const factsOf = (record: Pick<Collected, 'resources'>, kind: string): Readonly<Record<string, Plain>> =>
  Object.fromEntries(
    record.resources
      .filter((resource) => resource.kind === kind)
      .map(({ id, facts }) => [id, Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))]),
  );
const pick = (facts: Plain | undefined, ...names: readonly string[]): Plain =>
  Object.fromEntries(names.map((name) => [name, facts?.[name]]));
const status = (record: TargetRecord): Plain =>
  Object.fromEntries(Object.entries(record.coverage).map(([kind, { status: state }]) => [kind, state]));
const outcomes = (findings: readonly Finding[]): Readonly<Record<string, string>> =>
  Object.fromEntries(findings.map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]));

const unknown = (cause: string): Plain => ({ unknown: cause });
const COMPLETE = {
  'access.rule': 'complete',
  'availability.group': 'complete',
  'database.routine': 'complete',
  datastore: 'complete',
  'identity.policy': 'complete',
  'identity.principal': 'complete',
  'log.sink': 'complete',
  'log.source': 'complete',
  'tls.listener': 'complete',
};

describe.skipIf(!available('postgresql'))('a weak ledger', () => {
  let server: Daemon;
  let record: TargetRecord;
  beforeAll(async () => {
    server = await weakPostgresql();
    record = await look(server, 'ledger_app');
  });
  afterAll(() => server?.stop());

  test('every kind is told in full', () => {
    expect(record.gaps).toEqual([]);
    expect(status(record)).toEqual(COMPLETE);
  });

  test('the store', () => {
    expect(factsOf(record, 'datastore')).toEqual({
      postgresql: {
        engine: 'postgresql',
        name: unknown('not-collected'),
        default_name: 'absent',
        listens: ['127.0.0.1'],
        wildcard_bind: false,
        loopback_only: true,
        authentication: false,
        tls: 'offered',
        protected_mode: 'absent',
        dangerous_commands: ['FILE'],
        password_storage: 'md5',
        checksums: false,
        durable_writes: false,
        archiving: false,
        archives_to: 'absent',
        replication: false,
        version: expect.stringMatching(/^15\.\d+$/),
        supported_until: '2027-11-11T00:00:00Z',
        extensions: ['plpgsql'],
        clear_sessions: false,
        archive_failing: 'absent',
        last_archived: 'absent',
        idle_slots: [],
        idle_slots_hold: 0,
        connections_used: 1,
      },
    });
  });

  test('accounts, with what they have through any chain', () => {
    const principals = factsOf(record, 'identity.principal');
    expect(Object.keys(principals)).toEqual([
      'auditor',
      'checker',
      'deputy',
      'importer',
      'ledger_app',
      'maker',
      'postgres',
      'watcher',
      'zhao',
    ]);
    expect(principals['zhao']).toEqual({
      name: 'zhao',
      kind: 'person',
      login: true,
      password: 'hashed',
      superuser: false,
      dangerous_rights: ['FILE'],
      system: 'postgresql',
      hash: 'scram-sha-256',
      password_changed: unknown('not-collected'),
      password_max_age: 'absent',
      expires: 'absent',
      last_login: unknown('not-collected'),
      any_source: true,
      requires_tls: false,
      connection_limit: 'absent',
      member_of: ['checker', 'deputy', 'maker'],
      rights: [
        'INSERT on ledger.payment',
        'UPDATE (status) on ledger.payment',
        'SELECT on ledger.payment',
        'EXECUTE on function postgres.pg_catalog.pg_read_file(text)',
      ],
      duties: ['initiate', 'approve'],
    });
    expect(pick(principals['ledger_app'], 'kind', 'superuser', 'dangerous_rights', 'rights', 'duties')).toEqual({
      kind: 'service',
      superuser: true,
      dangerous_rights: [
        'SUPERUSER',
        'CREATEROLE',
        'BYPASSRLS',
        'REPLICATION',
        'COPY PROGRAM',
        'FILE',
        'pg_read_all_data',
        'pg_write_all_data',
      ],
      rights: ['SUPERUSER'],
      duties: ['initiate', 'approve', 'administer'],
    });
    expect(principals['ledger_app']?.['last_login']).toEqual(unknown('not-collected'));
    expect(pick(principals['importer'], 'kind', 'expires', 'member_of', 'dangerous_rights')).toEqual({
      kind: 'service',
      expires: '2020-01-01T00:00:00Z',
      member_of: ['pg_execute_server_program'],
      dangerous_rights: ['COPY PROGRAM', 'FILE'],
    });
    expect(principals['importer']?.['rights']).toContain('SELECT on future tables of postgres in ledger');
    expect(pick(principals['postgres'], 'kind', 'password', 'hash')).toEqual({ kind: 'default', password: 'none', hash: 'absent' });
    expect(pick(principals['auditor'], 'kind', 'connection_limit')).toEqual({ kind: unknown('not-collected'), connection_limit: 5 });
    expect(pick(principals['checker'], 'kind', 'login')).toEqual({ kind: 'role', login: false });
  });

  test('routines, policy, logs and those with settings of their own', () => {
    expect(factsOf(record, 'database.routine')).toEqual({
      'ledger ledger.release(bigint)': {
        name: 'ledger.release(bigint)',
        database: 'ledger',
        owner: 'postgres',
        owner_superuser: true,
        search_path_pinned: false,
        executable_by_all: true,
      },
    });
    expect(factsOf(record, 'identity.policy')['postgresql']).toEqual({
      system: 'postgresql',
      checks_quality: false,
      min_length: 0,
      min_classes: 0,
      applies_to_admins: false,
      history: 0,
      max_age: 'absent',
      max_tries: 'absent',
      lockout: 'absent',
      idle_timeout: 'absent',
      hash: 'md5',
    });
    const logs = factsOf(record, 'log.source');
    expect(Object.keys(logs)).toEqual(['postgresql', 'postgresql role zhao']);
    expect(pick(logs['postgresql'], 'enabled', 'events', 'fields')).toEqual({
      enabled: unknown('not-collected'),
      events: ['authentication-failure'],
      fields: ['when', 'what', 'outcome'],
    });
  });

  test('complete findings', () => completeFindings('postgresql-weak', record));

  test('no password and no hash is in what is kept', async () => {
    const kept = JSON.stringify([record, await verdictsOf(new Seen(record))]);
    expect(kept).not.toContain(CANARY);
    expect(kept).not.toMatch(/SCRAM-SHA-256\$|md5[0-9a-f]{32}/);
  });
});

describe.skipIf(!available('pgaudit'))('a hardened ledger', () => {
  let server: Daemon;
  let record: TargetRecord;
  beforeAll(async () => {
    server = await hardenedPostgresql();
    record = await look(server, 'chen');
  });
  afterAll(() => server?.stop());

  test('the store, its rules and logs', () => {
    expect(record.gaps).toEqual([]);
    expect(status(record)).toEqual(COMPLETE);
    const store = factsOf(record, 'datastore')['postgresql'];
    expect(
      pick(
        store,
        'name',
        'authentication',
        'tls',
        'dangerous_commands',
        'password_storage',
        'checksums',
        'durable_writes',
        'archives_to',
        'extensions',
      ),
    ).toEqual({
      name: 'ledger',
      authentication: true,
      tls: 'required',
      dangerous_commands: [],
      password_storage: 'scram-sha-256',
      checksums: true,
      durable_writes: true,
      archives_to: 'cp',
      extensions: ['plpgsql', 'pgaudit', 'passwordcheck'],
    });
    expect(factsOf(record, 'access.rule')['hostssl ledger +people 10.20.0.0/16 scram-sha-256']).toEqual({
      effect: 'allow',
      transport: 'tls',
      local: false,
      source: '10.20.0.0/16',
      any_source: false,
      users: ['+people'],
      all_users: false,
      objects: ['ledger'],
      all_objects: false,
      method: 'scram-sha-256',
      authenticates: true,
      protects_password: true,
    });
    expect(pick(factsOf(record, 'log.source')['postgresql'], 'enabled', 'events', 'fields', 'logs_parameters')).toEqual({
      enabled: true,
      events: ['connection', 'disconnection', 'authentication-failure', 'error', 'ddl', 'role', 'write'],
      fields: ['when', 'who', 'where', 'what', 'outcome'],
      logs_parameters: false,
    });
    expect(pick(factsOf(record, 'identity.policy')['postgresql'], 'checks_quality', 'min_length', 'idle_timeout', 'hash')).toEqual({
      checks_quality: true,
      min_length: 8,
      idle_timeout: 900,
      hash: 'scram-sha-256',
    });
    expect(factsOf(record, 'database.routine')).toEqual({
      'ledger ledger.release(bigint)': {
        name: 'ledger.release(bigint)',
        database: 'ledger',
        owner: 'ledger_owner',
        owner_superuser: false,
        search_path_pinned: true,
        executable_by_all: false,
      },
    });
  });

  test('duties lie apart', () => {
    const principals = factsOf(record, 'identity.principal');
    expect(Object.fromEntries(Object.entries(principals).map(([name, facts]) => [name, facts['duties']]))).toEqual({
      auditor: [],
      checker: ['approve'],
      chen: ['initiate', 'approve', 'administer'],
      ledger_app: ['initiate'],
      ledger_owner: ['initiate'],
      li_wei: ['initiate'],
      maker: ['initiate'],
      people: [],
      postgres: ['initiate', 'approve', 'administer'],
      watcher: [],
      zhao: ['approve'],
    });
    expect(pick(principals['zhao'], 'member_of', 'any_source', 'requires_tls', 'rights')).toEqual({
      member_of: ['checker', 'people'],
      any_source: false,
      requires_tls: true,
      rights: [
        'EXECUTE on function ledger.release(bigint)',
        'USAGE on schema ledger',
        'UPDATE (status) on ledger.payment',
        'CONNECT on database ledger',
      ].toSorted(),
    });
  });

  test('the server’s own view agrees: SHOW and pg_hba_file_rules', async () => {
    const parsed = databaseAddressOf('postgres', `postgres://chen@127.0.0.1:${server.port}/ledger`);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const session = await postgresSession(
      { address: parsed.address, password: new Secret(CANARY), insecure: false, timeout: 2000, signal: new AbortController().signal },
      new OpenedSecrets(),
    );
    if ('state' in session) throw new Error(session.detail);
    const show = async (name: string): Promise<unknown> => {
      const rows = await session.query(`select current_setting('${name}') as value`);
      return 'state' in rows ? rows : rows[0]?.['value'];
    };
    const store = factsOf(record, 'datastore')['postgresql'];
    expect(await show('data_checksums')).toBe(store?.['checksums'] === true ? 'on' : 'off');
    expect(await show('password_encryption')).toBe(store?.['password_storage']);
    expect(await show('cluster_name')).toBe(store?.['name']);
    expect(String(await show('server_version')).startsWith(String(store?.['version']))).toBe(true);
    const rules = await session.query('select type, auth_method from pg_hba_file_rules where error is null');
    expect('state' in rules ? rules : rules.length).toBe(Object.keys(factsOf(record, 'access.rule')).length);
    await session.close();
  });

  test('the files say the same', async () => {
    const data = join(server.directory, 'data');
    const read = (name: string): string => readFileSync(join(data, name), 'utf8');
    const files = await collectFiles(
      { 'postgresql.conf': read('postgresql.conf'), 'pg_hba.conf': read('pg_hba.conf') },
      { postgresql: '15', openssl: '3.0.17' },
    );
    const rules = Object.entries(factsOf(files, 'access.rule')).map(([id, facts]) => [id.replace(/^pg_hba\.conf /, ''), facts] as const);
    expect(factsOf(record, 'access.rule')).toEqual(Object.fromEntries(rules));
    expect(factsOf(record, 'log.source')['postgresql']).toEqual(Object.values(factsOf(files, 'log.source'))[0]);
    expect(factsOf(record, 'log.sink')['postgresql']).toEqual(Object.values(factsOf(files, 'log.sink'))[0]);
    const same = ['authentication', 'password_storage', 'durable_writes', 'archives_to', 'name'];
    expect(pick(factsOf(record, 'datastore')['postgresql'], ...same)).toEqual(pick(Object.values(factsOf(files, 'datastore'))[0], ...same));
  });

  test('settings point at their file and line', () => {
    const [source] = record.resources.filter(({ kind }) => kind === 'log.source');
    const events = source?.facts['events'];
    const [first] = events?.state === 'known' && Array.isArray(events.value) ? events.value : [];
    expect(first?.origin).toEqual({
      kind: 'wire',
      target: 'ledger-db',
      exchange: expect.stringMatching(/^select … from pg_settings: log_connections \(.*\/data\/postgresql\.conf:\d+\)$/),
    });
  });

  test('complete findings', () => completeFindings('postgresql-hardened', record));

  test('with lesser rights nothing turns from fail to pass: it becomes unknown, and names what is missing', async () => {
    for (const make of [hardenedPostgresql, weakPostgresql]) {
      const one = make === hardenedPostgresql ? server : await make();
      try {
        const full = outcomes(await verdictsOf(new Seen(await look(one, make === hardenedPostgresql ? 'chen' : 'ledger_app'))));
        for (const user of ['auditor', 'watcher']) {
          const partial = await look(one, user);
          const lesser = outcomes(await verdictsOf(new Seen(partial)));
          const better = Object.entries(lesser).filter(
            ([id, outcome]) => outcome === 'pass' && full[id] !== undefined && full[id] !== 'pass',
          );
          expect([user, better]).toEqual([user, []]);
          const worse = Object.entries(lesser).filter(([id, outcome]) => outcome === 'fail' && full[id] === 'pass');
          expect([user, worse]).toEqual([user, []]);
        }
      } finally {
        if (one !== server) await one.stop();
      }
    }
  });

  test('pg_monitor with three grants sees all but passwords; a bare account names what it lacks', async () => {
    const auditor = await look(server, 'auditor');
    expect(auditor.gaps).toEqual([]);
    expect(factsOf(auditor, 'identity.principal')['zhao']?.['hash']).toEqual(unknown('access-denied'));
    expect({ ...factsOf(auditor, 'datastore')['postgresql'], connections_used: 0 }).toEqual({
      ...factsOf(record, 'datastore')['postgresql'],
      connections_used: 0,
      archiving: expect.anything(),
      archive_failing: expect.anything(),
      last_archived: expect.anything(),
    });
    const watcher = await look(server, 'watcher');
    expect(watcher.gaps.map(({ cause, detail }) => `${cause}: ${detail}`)).toEqual([
      'access-denied: pg_hba_file_rules: it takes GRANT SELECT ON pg_hba_file_rules and EXECUTE ON FUNCTION pg_hba_file_rules()',
    ]);
    expect(factsOf(watcher, 'datastore')['postgresql']).toMatchObject({
      authentication: unknown('access-denied'),
      replication: unknown('access-denied'),
      clear_sessions: unknown('access-denied'),
    });
    expect(status(watcher)['access.rule']).toBe('failed');
  });
});

describe.skipIf(!available('postgresql'))('replication', () => {
  test('a slot that nobody reads holds logs back', async () => {
    const server = await startPostgresql({ hba: 'local all all trust\nhost all all 127.0.0.1/32 trust\n' });
    try {
      const run = (statement: string) =>
        execFileSync(program('psql'), ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-c', statement], { stdio: 'pipe' });
      run("select pg_create_physical_replication_slot('unused')");
      run("select pg_create_physical_replication_slot('gone', true)");
      run('create table filler as select repeat(md5(n::text), 100) from generate_series(1, 2000) as n');
      const store = factsOf(await look(server, 'postgres', 'postgres'), 'datastore')['postgresql'];
      expect(store?.['idle_slots']).toEqual(['gone', 'unused']);
      expect(store?.['idle_slots_hold']).toBeGreaterThan(100_000);
    } finally {
      await server.stop();
    }
  });

  test('a standby that streams is a replica until it stops; it does not see what its primary feeds', async () => {
    const hba = 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n';
    const primary = await startPostgresql({ hba, settings: ['wal_level=replica'] });
    const standbys: Daemon[] = [];
    try {
      const group = async (server: Daemon): Promise<Plain> => {
        const record = await look(server, 'postgres', 'postgres');
        return {
          ...pick(factsOf(record, 'availability.group')['postgresql'], 'members', 'replicas', 'lag'),
          any: factsOf(record, 'datastore')['postgresql']?.['replication'],
        };
      };
      expect(await group(primary)).toEqual({ members: [], replicas: 0, lag: 'absent', any: false });
      standbys.push(await startPostgresql({ standbyOf: primary }));
      await expect
        .poll(() => group(primary), { timeout: 10_000 })
        .toMatchObject({ members: ['standby 127.0.0.1'], replicas: 1, lag: expect.any(Number), any: true });
      const away = unknown('not-collected');
      expect(await group(standbys[0] ?? primary)).toEqual({ members: away, replicas: away, lag: away, any: away });
      await standbys.pop()?.stop();
      await expect.poll(() => group(primary), { timeout: 10_000 }).toEqual({ members: [], replicas: 0, lag: 'absent', any: false });
    } finally {
      for (const one of standbys) await one.stop();
      await primary.stop();
    }
  }, 60_000);
});

describe.skipIf(!available('postgresql'))('a cluster of 100,000 roles', () => {
  test('is told in bounded time and memory, the rest is a gap', async () => {
    const server = await crowdedPostgresql();
    try {
      const started = performance.now();
      const record = await look(server, 'postgres', 'postgres');
      expect(performance.now() - started).toBeLessThan(30_000);
      expect(record.gaps.map(({ detail }) => detail)).toContain('pg_roles: more than 5000 accounts');
      expect(status(record)['identity.principal']).toBe('partial');
      const principals = factsOf(record, 'identity.principal');
      expect(Object.keys(principals).length).toBe(5000);
      expect(principals['postgres']?.['superuser']).toBe(true);
      // Each belongs to the one before: the chain of the ten-thousandth is followed no further than the bound.
      const last = principals['customer_10000'];
      expect(last?.['member_of']).toHaveLength(501);
      expect(last?.['superuser']).toEqual(unknown('unsupported'));
    } finally {
      await server.stop();
    }
  }, 120_000);
});
