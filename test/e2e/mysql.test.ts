import { readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { known } from '../../src/model/fact.ts';
import type { Target, TargetRecord } from '../../src/model/resource.ts';
import { completeFindings } from '../support/complete-findings.ts';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { startMariadbDatabase, type MariadbDatabase } from '../support/servers/mariadb-server.ts';
import { custos } from '../support/shell.ts';

const kept = keeper();
const here = available('mariadb');
const SECRETS = {
  AUDIT: 'Canary-Audit-Password-1',
  LOW: 'Canary-Low-Password-2',
  DBA: 'Canary-Dba-Password-3',
  LEDGER: 'Canary-Ledger-Password-4',
  MAKER: 'Canary-Maker-Password-5',
  EXPIRED: 'Canary-Expired-Password-6',
  GONE: 'Canary-Gone-Password-7',
};
const TABLES = ['global_priv', 'db', 'tables_priv', 'columns_priv', 'procs_priv', 'proxies_priv', 'roles_mapping'];
/** What docs/targets/mysql.md asks for, and no more. */
const AUDIT_GRANTS = (account: string): string =>
  [
    ...TABLES.map((table) => `GRANT SELECT ON mysql.${table} TO ${account}`),
    `GRANT SELECT ON performance_schema.threads TO ${account}`,
    `GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO ${account}`,
  ].join(';\n') + ';\n';

const WEAK = `
  DROP USER IF EXISTS root@'${hostname()}', root@'127.0.0.1', root@'::1';
  CREATE DATABASE ledger;
  CREATE USER audit@'%' IDENTIFIED BY '${SECRETS.AUDIT}';
  ${AUDIT_GRANTS("audit@'%'")}
  CREATE USER app@'%' IDENTIFIED BY '${SECRETS.LEDGER}';
  GRANT ALL ON *.* TO app@'%' WITH GRANT OPTION;
  CREATE USER guest@'10.%';
  GRANT SELECT ON ledger.* TO guest@'10.%';
  CREATE USER ''@'10.9.%';
  GRANT FILE ON *.* TO PUBLIC;
`;

const HARDENED_SETTINGS = [
  'bind-address=127.0.0.1',
  'require-secure-transport=ON',
  'local-infile=OFF',
  'secure-file-priv=/tmp',
  'performance-schema=ON',
  'plugin-load-add=server_audit;auth_ed25519;simple_password_check;password_reuse_check',
  'server-audit=FORCE_PLUS_PERMANENT',
  'server-audit-logging=ON',
  'simple-password-check-minimal-length=12',
  'max-password-errors=6',
  'wait-timeout=600',
  'interactive-timeout=900',
  'log-bin=ledger-bin',
  'sync-binlog=1',
  'binlog-expire-logs-seconds=604800',
];
const HARDENED = `
  DROP USER IF EXISTS root@'${hostname()}', root@'127.0.0.1', root@'::1';
  CREATE DATABASE ledger;
  CREATE TABLE ledger.payment (id INT, amount INT);
  CREATE TABLE ledger.approval (id INT);
  CREATE PROCEDURE ledger.release_payment() SELECT 1;
  CREATE USER dba@localhost IDENTIFIED BY '${SECRETS.DBA}';
  GRANT ALL ON *.* TO dba@localhost WITH GRANT OPTION;
  CREATE USER audit@'127.0.0.1' IDENTIFIED BY '${SECRETS.AUDIT}' REQUIRE SSL WITH MAX_USER_CONNECTIONS 2;
  ${AUDIT_GRANTS("audit@'127.0.0.1'")}
  CREATE USER low@'127.0.0.1' IDENTIFIED BY '${SECRETS.LOW}' REQUIRE SSL;
  CREATE ROLE ledger_writer;
  CREATE ROLE payments_maker;
  GRANT INSERT, UPDATE (amount) ON ledger.payment TO ledger_writer;
  GRANT ledger_writer TO payments_maker;
  CREATE USER ledger_app@'10.20.0.%' IDENTIFIED VIA ed25519 USING PASSWORD('${SECRETS.LEDGER}') REQUIRE SSL;
  GRANT SELECT, INSERT ON ledger.* TO ledger_app@'10.20.0.%';
  GRANT EXECUTE ON PROCEDURE ledger.release_payment TO ledger_app@'10.20.0.%';
  CREATE USER maker@'10.30.0.0/255.255.255.0' IDENTIFIED VIA ed25519 USING PASSWORD('${SECRETS.MAKER}') OR unix_socket REQUIRE X509 PASSWORD EXPIRE INTERVAL 30 DAY;
  GRANT payments_maker TO maker@'10.30.0.0/255.255.255.0';
  GRANT PROXY ON ledger_app@'10.20.0.%' TO maker@'10.30.0.0/255.255.255.0';
  CREATE USER expired@'127.0.0.1' IDENTIFIED BY '${SECRETS.EXPIRED}' PASSWORD EXPIRE;
  CREATE USER gone@'127.0.0.1' IDENTIFIED BY '${SECRETS.GONE}' ACCOUNT LOCK;
  CREATE USER desk@'10.40.%' IDENTIFIED BY '${SECRETS.GONE}' REQUIRE SSL;
  GRANT CREATE USER ON *.* TO desk@'10.40.%';
  ALTER USER root@localhost ACCOUNT LOCK;
  SET GLOBAL default_password_lifetime = 90;
`;
const DUTIES = JSON.stringify({
  initiate: ['INSERT on ledger.payment'],
  release: ['EXECUTE on PROCEDURE ledger.release_payment'],
  approve: ['INSERT on ledger.misspelt'],
  administer: ['role dba@localhost'],
});

let weak: MariadbDatabase;
let hardened: MariadbDatabase;
let weakRecord: TargetRecord;
let full: TargetRecord;
let low: TargetRecord;

const secure = (user: string, password: keyof typeof SECRETS, more: Readonly<Record<string, string>> = {}) =>
  insideTarget('mysql', `mysql://127.0.0.1:${hardened.port}`, {
    user,
    password: `\${env:${password}}`,
    ca: hardened.ca,
    duties: DUTIES,
    ...more,
  });
/** Whom the accounts stand for, as a user says it in custos.yaml. */
const labelled = (target: Target): Target => {
  const label = (text: string) => known(text, { kind: 'file' as const, range: target.declaredAt });
  return {
    ...target,
    labels: { service_accounts: label('app@*, guest@*, ledger_app@*, audit@*'), personal_accounts: label('dba@localhost, maker@*') },
  };
};
const only = (record: TargetRecord, kind: string) => Object.values(plainKind(record, kind))[0] ?? {};
const columns = (record: TargetRecord, kind: string, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(plainKind(record, kind)).map(([id, facts]) => [id, names.map((name) => facts[name])]));

beforeAll(async () => {
  if (!here) return;
  weak = await kept(startMariadbDatabase({ settings: ['skip-ssl', 'innodb-flush-log-at-trx-commit=2'], statements: WEAK }));
  hardened = await kept(
    startMariadbDatabase({ settings: HARDENED_SETTINGS, statements: HARDENED, administrator: { user: 'dba', password: SECRETS.DBA } }),
  );
  weakRecord = await lookInside(
    labelled(insideTarget('mysql', `mysql://audit@127.0.0.1:${weak.port}`, { password: '${env:AUDIT}' })),
    SECRETS,
  );
  full = await lookInside(labelled(secure('audit', 'AUDIT')), SECRETS);
  low = await lookInside(labelled(secure('low', 'LOW')), SECRETS);
}, 60_000);

/** What MariaDB has no word for. */
const ANY_ACCOUNT = {
  system: 'mariadb',
  last_login: { unknown: 'unsupported' },
  connection_limit: 'absent',
  password_max_age: 'absent',
  expires: 'absent',
};
const NO_PASSWORD = { password: 'none', hash: 'absent', password_changed: 'absent', password_max_age: 'absent', expires: 'absent' };
const TIME: unknown = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe.skipIf(!here)('MariaDB from inside', () => {
  test('weak: everything is open, and all of it is known', () => {
    expect(weakRecord.gaps).toEqual([]);
    expect(weakRecord.looked).toEqual([{ name: `mysql://127.0.0.1:${weak.port}`, as: 'mariadb' }]);
    expect(plainKind(weakRecord, 'datastore')).toEqual({
      [`mariadb ${weak.port}`]: {
        engine: 'mariadb',
        name: { unknown: 'not-collected' },
        default_name: 'absent',
        listens: ['*'],
        wildcard_bind: true,
        loopback_only: false,
        authentication: false,
        tls: 'off',
        protected_mode: 'absent',
        dangerous_commands: ['LOAD DATA LOCAL', 'FILE'],
        password_storage: 'mysql_native_password',
        checksums: true,
        durable_writes: false,
        archiving: false,
        archives_to: 'absent',
        replication: false,
        version: weak.sql("SELECT regexp_replace(version(), '-.*', '')")[0],
        supported_until: '2028-02-16T00:00:00Z',
        extensions: [],
        clear_sessions: { unknown: 'unsupported' },
        archive_failing: 'absent',
        last_archived: 'absent',
        idle_slots: 'absent',
        idle_slots_hold: 'absent',
        connections_used: expect.any(Number),
      },
    });
    expect(plainKind(weakRecord, 'identity.policy')).toEqual({
      mariadb: {
        system: 'mariadb',
        checks_quality: false,
        min_length: 0,
        min_classes: 0,
        applies_to_admins: false,
        history: 0,
        max_age: 'absent',
        max_tries: 'absent',
        lockout: 'absent',
        idle_timeout: 28_800,
        hash: 'mysql_native_password',
      },
    });
    expect(plainKind(weakRecord, 'log.source')).toEqual({
      [`mariadb ${weak.port}`]: {
        service: 'mysql',
        enabled: true,
        events: ['error', 'authentication-failure'],
        fields: ['who', 'what', 'when', 'where', 'outcome'],
        host: '',
        channels: ['…'],
        shipped_otherwise: { unknown: 'not-collected' },
        immutable: 'absent',
        alarms_when_full: 'absent',
        logs_parameters: false,
      },
    });
    const guest = {
      ...ANY_ACCOUNT,
      ...NO_PASSWORD,
      login: true,
      superuser: false,
      any_source: false,
      requires_tls: false,
      dangerous_rights: ['FILE'],
      member_of: ['PUBLIC'],
      duties: { unknown: 'not-collected' },
    };
    expect(plainKind(weakRecord, 'identity.principal')).toMatchObject({
      "''@10.9.%": { ...guest, name: "''", kind: 'default', rights: ['FILE on any path'] },
      'guest@10.%': { ...guest, name: 'guest', kind: 'service', rights: ['FILE on any path', 'SELECT on ledger.*'] },
      'app@%': {
        kind: 'service',
        superuser: true,
        any_source: true,
        password: 'hashed',
        hash: 'mysql_native_password',
        password_changed: TIME,
      },
      PUBLIC: { kind: 'role', login: false, member_of: [], rights: ['FILE on any path'] },
      'root@localhost': { kind: 'default', login: true, password: 'none', superuser: true },
      'mariadb.sys@localhost': { kind: 'default', login: false, superuser: false },
    });
    expect(
      columns(weakRecord, 'access.rule', 'effect', 'source', 'any_source', 'users', 'all_users', 'objects', 'all_objects', 'authenticates'),
    ).toEqual({
      "''@10.9.%": ['allow', '10.9.%', false, ["''"], true, [], false, false],
      'app@%': ['allow', '%', true, ['app'], false, ['all'], true, true],
      'audit@%': ['allow', '%', true, ['audit'], false, ['mysql', 'performance_schema'], false, true],
      'guest@10.%': ['allow', '10.%', false, ['guest'], false, ['ledger'], false, false],
      'mariadb.sys@localhost': ['deny', 'localhost', false, ['mariadb.sys'], false, ['mysql'], false, false],
      'root@localhost': ['allow', 'localhost', false, ['root'], false, ['all'], true, false],
    });
    expect(plainKind(weakRecord, 'availability.group')).toEqual({
      [`mariadb ${weak.port} primary`]: {
        form: 'replication',
        members: [],
        health_checked: { unknown: 'not-collected' },
        replicas: 'absent',
        lag: 'absent',
        synchronous: 'absent',
        failover: 'none',
        quorum: 'absent',
        fenced: 'absent',
      },
    });
    expect(Object.values(weakRecord.coverage).map(({ status }) => status)).toEqual(Array(8).fill('complete'));
  });

  test('hardened: the server', () => {
    expect(full.gaps).toEqual([]);
    expect(only(full, 'datastore')).toMatchObject({
      listens: ['127.0.0.1'],
      wildcard_bind: false,
      loopback_only: true,
      authentication: true,
      tls: 'required',
      dangerous_commands: [],
      checksums: true,
      durable_writes: true,
      archiving: true,
      replication: false,
      extensions: ['ed25519', 'password_reuse_check', 'server_audit', 'simple_password_check'],
      clear_sessions: false,
      archive_failing: false,
      last_archived: { unknown: 'unsupported' },
    });
    expect(plainKind(full, 'identity.policy')).toEqual({
      mariadb: {
        system: 'mariadb',
        checks_quality: true,
        min_length: 12,
        min_classes: 4,
        applies_to_admins: true,
        history: 1_000_000,
        max_age: 90,
        max_tries: 6,
        lockout: 0,
        idle_timeout: 900,
        hash: 'mysql_native_password',
      },
    });
    expect(plainKind(weakRecord, 'tls.listener')).toEqual({});
    expect(plainKind(full, 'tls.listener')).toMatchObject({
      [`mariadb ${hardened.port}`]: {
        port: hardened.port,
        protocols: ['TLSv1.2', 'TLSv1.3'],
        suites: { unknown: 'unresolved' },
        client_certificate: 'none',
        early_data: false,
      },
    });
    const log = join(hardened.directory, 'data', 'server_audit.log');
    expect(plainKind(full, 'log.source')).toMatchObject({
      [`mariadb ${hardened.port}`]: {
        enabled: true,
        events: ['connection', 'disconnection', 'authentication-failure', 'ddl', 'role', 'write', 'read'],
        fields: ['who', 'what', 'when', 'where', 'outcome'],
        channels: [`file:${log}`, `file:${log.replace('server_audit', '*')}`, `file:${log.replace('server_audit.log', '*')}`],
        logs_parameters: { unknown: 'unsupported' },
      },
    });
    expect(plainKind(full, 'log.sink')).toMatchObject({
      [`mariadb ${hardened.port} server_audit`]: {
        by: 'mariadb',
        form: 'file',
        destination: log,
        bounded: true,
        retention: { unknown: 'unsupported' },
        mode: { unknown: 'not-collected' },
      },
    });
  });

  test('hardened: who may log in, how, and what he holds in the end', () => {
    const names = [
      'kind',
      'login',
      'password',
      'hash',
      'password_max_age',
      'connection_limit',
      'superuser',
      'member_of',
      'rights',
    ] as const;
    const { 'dba@localhost': dba, 'root@localhost': root, ...others } = columns(full, 'identity.principal', ...names);
    expect([dba?.slice(0, 7), root?.slice(0, 7)]).toEqual([
      ['person', true, 'hashed', 'mysql_native_password', 90, 'absent', true],
      ['default', false, 'none', 'absent', 'absent', 'absent', true],
    ]);
    const audit = [
      'BINLOG MONITOR',
      'PROCESS',
      ...TABLES.map((table) => `SELECT on mysql.${table}`).toSorted(),
      'SELECT on performance_schema.threads',
      'SLAVE MONITOR',
    ];
    const unlabelled = { unknown: 'not-collected' };
    const native = ['hashed', 'mysql_native_password', 90];
    const app = ['EXECUTE on PROCEDURE ledger.release_payment', 'INSERT on ledger.*', 'SELECT on ledger.*'];
    const writer = ['INSERT on ledger.payment', 'UPDATE (amount) on ledger.payment'];
    expect(others).toEqual({
      'audit@127.0.0.1': ['service', true, ...native, 2, false, [], audit],
      'desk@10.40.%': [unlabelled, true, ...native, 'absent', false, [], ['CREATE USER']],
      'expired@127.0.0.1': [unlabelled, true, ...native, 'absent', false, [], []],
      'gone@127.0.0.1': [unlabelled, false, ...native, 'absent', false, [], []],
      'ledger_app@10.20.0.%': ['service', true, 'hashed', 'ed25519', 90, 'absent', false, [], app],
      ledger_writer: ['role', false, 'none', 'absent', 'absent', 'absent', false, [], writer],
      'low@127.0.0.1': [unlabelled, true, ...native, 'absent', false, [], []],
      'maker@10.30.0.0/255.255.255.0': [
        'person',
        true,
        'hashed',
        'ed25519',
        30,
        'absent',
        false,
        ['ledger_app@10.20.0.%', 'ledger_writer', 'payments_maker'],
        [app[0], app[1], writer[0], 'PROXY on ledger_app@10.20.0.%', app[2], writer[1]],
      ],
      'mariadb.sys@localhost': [
        'default',
        false,
        'none',
        'absent',
        'absent',
        'absent',
        false,
        [],
        ['DELETE on mysql.global_priv', 'SELECT on mysql.global_priv'],
      ],
      payments_maker: ['role', false, 'none', 'absent', 'absent', 'absent', false, ['ledger_writer'], writer],
    });
    const { expires, password_changed: changed } = plainKind(full, 'identity.principal')['expired@127.0.0.1'] ?? {};
    expect([expires, changed]).toEqual([{ unknown: 'unsupported' }, { unknown: 'unsupported' }]);
    const rules = columns(full, 'access.rule', 'effect', 'transport', 'source', 'local', 'method', 'authenticates', 'protects_password');
    const network = '10.30.0.0/255.255.255.0';
    expect(rules).toMatchObject({
      'ledger_app@10.20.0.%': ['allow', 'tls', '10.20.0.%', false, 'ed25519', true, true],
      [`maker@${network} ed25519`]: ['allow', 'tls', network, false, 'ed25519', true, true],
      [`maker@${network} unix_socket`]: ['allow', 'local', 'local', true, 'unix_socket', true, true],
      'gone@127.0.0.1': ['deny', 'tls', '127.0.0.1', true, 'mysql_native_password', true, true],
    });
  });

  test('duties go by rights, through roles and proxies; what is misspelt is open for everybody', () => {
    const held = Object.fromEntries(
      Object.entries(columns(full, 'identity.principal', 'duties')).map(([name, [duties]]) => [name, duties]),
    );
    expect(held).toEqual({
      'audit@127.0.0.1': ['…'],
      'dba@localhost': ['initiate', 'release', 'administer', '…'],
      // It sets anybody's password.
      'desk@10.40.%': ['initiate', 'release', 'administer', '…'],
      'expired@127.0.0.1': ['…'],
      'gone@127.0.0.1': ['…'],
      'ledger_app@10.20.0.%': ['initiate', 'release', '…'],
      ledger_writer: ['initiate', '…'],
      'low@127.0.0.1': ['…'],
      'maker@10.30.0.0/255.255.255.0': ['initiate', 'release', '…'],
      'mariadb.sys@localhost': ['…'],
      payments_maker: ['initiate', '…'],
      'root@localhost': ['initiate', 'release', 'administer', '…'],
    });
  });

  test('complete findings, weak and hardened', async () => {
    await completeFindings('mariadb-weak', weakRecord);
    await completeFindings('mariadb-hardened', full);
  });

  test('SHOW GRANTS says the same of each account and role', () => {
    for (const [server, record] of [
      [weak, weakRecord],
      [hardened, full],
    ] as const) {
      const all = server.sql('SHOW PRIVILEGES').flatMap((line) => line.split('\t')[0]?.toUpperCase() ?? []);
      const everything = all.filter((name) => name !== 'PROXY' && name !== 'USAGE' && name !== 'GRANT OPTION');
      const accounts = server.sql("SELECT concat(if(is_role = 'Y', quote(User), concat(quote(User), '@', quote(Host)))) FROM mysql.user");
      const told = new Map(accounts.map((account) => [account.replaceAll("'", ''), server.sql(`SHOW GRANTS FOR ${account}`)]));
      const rightsOf = (name: string, seen: Set<string>): readonly string[] => {
        if (seen.has(name)) return [];
        seen.add(name);
        return (told.get(name) ?? []).flatMap((line) => {
          const [, role] = /^GRANT `?([\w.]+)`? TO /.exec(line) ?? [];
          if (role !== undefined) return rightsOf(role, seen);
          const [, privileges = '', object = ''] = /^GRANT (.+?) ON (.+?) TO /.exec(line) ?? [];
          const on = object.replaceAll('`', '');
          const option = line.includes(' WITH GRANT OPTION') && privileges !== 'PROXY' ? ['GRANT OPTION'] : [];
          if (privileges === 'PROXY') return [`PROXY on ${on.replace(/^@/, "''@")}`, ...rightsOf(on, seen)];
          return [...(privileges === 'ALL PRIVILEGES' ? everything : privileges.split(/, (?![^(]*\))/)), ...option]
            .filter((privilege) => privilege !== 'USAGE')
            .map((privilege) => `${privilege.replaceAll('`', '')} on ${on}`);
        });
      };
      const expected = accounts.map((account) => {
        const name = account.replaceAll("'", '');
        return [name.replace(/^@/, "''@"), [...new Set([...rightsOf(name, new Set()), ...rightsOf('PUBLIC', new Set())])].toSorted()];
      });
      const found = Object.entries(columns(record, 'identity.principal', 'rights')).map(([name, [rights]]) => [
        name,
        (rights as readonly string[])
          .map((right) => (right.startsWith('FILE') ? 'FILE on *.*' : / on /.test(right) ? right : `${right} on *.*`))
          .toSorted(),
      ]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    }
  });
});

describe.skipIf(!here)('credentials', () => {
  test('a wrong password, a locked or expired account: unknown in everything, and the reason', async () => {
    const tries = [
      [secure('audit', 'DBA'), 'access-denied', 'the user or its password was refused'],
      [secure('expired', 'EXPIRED'), 'access-denied', 'the password of this account has expired'],
      [secure('gone', 'GONE'), 'access-denied', 'this account is locked'],
    ] as const;
    for (const [target, cause, detail] of tries) {
      const record = await lookInside(target, SECRETS);
      expect(record.resources).toEqual([]);
      expect(record.gaps.map((gap) => [gap.cause, gap.detail])).toEqual([[cause, `mysql://127.0.0.1:${hardened.port}: ${detail}`]]);
      expect(new Set(Object.values(record.coverage).map(({ status }) => status))).toEqual(new Set(['failed']));
    }
  });

  test('the server is told goodbye, and counts no connection as broken off', async () => {
    const aborted = (): readonly string[] => hardened.sql("SHOW GLOBAL STATUS LIKE 'Aborted_clients'");
    const before = aborted();
    await lookInside(secure('audit', 'AUDIT'), SECRETS);
    expect(aborted()).toEqual(before);
  });

  test('over a Unix socket, and by an address that is a secret as a whole', async () => {
    const socket = await lookInside(
      insideTarget('mysql', `mysql://dba@localhost/ledger?socket=${hardened.socket}`, { password: '${env:DBA}' }),
      SECRETS,
    );
    expect(socket.gaps).toEqual([]);
    expect(only(socket, 'datastore')).toMatchObject({ name: 'ledger', tls: 'required', authentication: true });
    const sealed = await lookInside(insideTarget('mysql', '${env:DSN}'), {
      DSN: `mariadb://audit:${SECRETS.AUDIT}@127.0.0.1:${weak.port}`,
    });
    expect(sealed.gaps).toEqual([]);
    expect(JSON.stringify([socket, sealed])).not.toContain('Canary');
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  test.skipIf(outside === undefined)('a certificate of another authority, or for another address, gets no password', async () => {
    const why = 'its certificate could not be verified, and nothing was sent (ca: names its authority)';
    const server = await kept(startMariadbDatabase({ statements: `CREATE USER audit@'%' IDENTIFIED BY '${SECRETS.AUDIT}' REQUIRE SSL` }));
    const at = (host: string, ca: Readonly<Record<string, string>>) =>
      lookInside(insideTarget('mysql', `mysql://audit@${host}:${server.port}`, { password: '${env:AUDIT}', ...ca }), SECRETS);
    // The certificate is for 127.0.0.1 and localhost.
    for (const ca of [{}, { ca: server.ca }]) {
      const record = await at(outside ?? '', ca);
      expect(record.gaps.map(({ cause, detail }) => [cause, detail])).toEqual([['refused', `mysql://${outside}:${server.port}: ${why}`]]);
    }
    const admitted = await at('127.0.0.1', { ca: server.ca });
    expect(only(admitted, 'datastore')).toMatchObject({ engine: 'mariadb', tls: 'offered' });
    const accepted = await at(outside ?? '', { insecure: 'true' });
    // Encrypted with whoever answered: not a session in clear, and none of the others is known by it.
    expect(only(accepted, 'datastore')).toMatchObject({ engine: 'mariadb', clear_sessions: { unknown: 'unsupported' } });
  });

  test('no password and no hash is in evidence, reports or on standard error', async () => {
    const hashes = hardened
      .sql('SELECT Priv FROM mysql.global_priv')
      .flatMap((priv) => [...priv.matchAll(/"authentication_string":"([^"]+)"/g)].flatMap(([, hash]) => hash ?? []));
    expect(hashes.length).toBeGreaterThan(6);
    writeFileSync(join(hardened.directory, 'ca.pem'), readFileSync(hardened.ca));
    writeFileSync(
      join(hardened.directory, 'custos.yaml'),
      `targets:\n  - { id: ledger, mysql: "mysql://127.0.0.1:${hardened.port}", user: audit, password: "\${file:password}", ca: ca.pem }\n`,
    );
    writeFileSync(join(hardened.directory, 'password'), SECRETS.AUDIT);
    const outputs = [JSON.stringify([weakRecord, full, low]), JSON.stringify(await verdictsOf({ record: full }))];
    for (const format of ['json', 'text', 'sarif']) {
      const { out, err, code } = await custos(['scan', '-f', format, '-v'], { cwd: hardened.directory });
      expect([0, 1, 2]).toContain(code);
      expect(out).toContain('ledger');
      outputs.push(out, err);
    }
    for (const output of outputs) for (const secret of [...Object.values(SECRETS), ...hashes]) expect(output).not.toContain(secret);
  });
});

describe.skipIf(!here)('little rights', () => {
  const worse = async (record: TargetRecord): Promise<readonly string[]> => {
    const before = new Map(
      (await verdictsOf({ record: full })).map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]),
    );
    return (await verdictsOf({ record })).flatMap(({ control, resource, outcome }) => {
      const known = before.get(`${control} ${resource}`);
      return outcome === 'unknown' || known === undefined || known === outcome ? [] : [`${control} ${resource} ${known} → ${outcome}`];
    });
  };

  test('an account that may log in and no more: what is missing is named, and nothing that failed passes', async () => {
    expect(low.gaps.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['access-denied', 'select … from mysql.global_priv: needs SELECT on mysql.global_priv'],
      ['access-denied', 'show slave status: needs SLAVE MONITOR'],
      ['access-denied', 'select … from information_schema.processlist: needs PROCESS'],
    ]);
    expect(Object.entries(low.coverage).flatMap(([kind, { status }]) => (status === 'complete' ? [kind] : []))).toEqual([
      'datastore',
      'identity.policy',
      'log.sink',
      'log.source',
      'tls.listener',
    ]);
    expect(only(low, 'datastore')).toMatchObject({
      authentication: { unknown: 'access-denied' },
      clear_sessions: { unknown: 'access-denied' },
      archive_failing: { unknown: 'access-denied' },
      dangerous_commands: ['…'],
      tls: 'required',
    });
    expect(await worse(low)).toEqual([]);
  });

  test.each(TABLES)('all rights but on mysql.%s', async (table) => {
    const account = "audit@'127.0.0.1'";
    hardened.sql(`REVOKE SELECT ON mysql.${table} FROM ${account}`);
    const record = await lookInside(labelled(secure('audit', 'AUDIT')), SECRETS);
    hardened.sql(`GRANT SELECT ON mysql.${table} TO ${account}`);
    expect(record.gaps.map(({ detail }) => detail).join()).toContain(`needs SELECT on mysql.${table}`);
    expect(await worse(record)).toEqual([]);
    // What is held through a table that is not seen stays open, for everybody who is no superuser anyway.
    const open = Object.entries(plainKind(record, 'identity.principal')).filter(
      ([, { rights, superuser }]) => superuser !== true && Array.isArray(rights) && !rights.includes('…'),
    );
    expect(open.map(([name]) => name)).toEqual([]);
  });
});

describe.skipIf(!here)('a crowd', () => {
  test('a hundred thousand roles: too many to look at, soon, and none of them half', async () => {
    const target = insideTarget('mysql', `mysql://audit@127.0.0.1:${weak.port}`, { password: '${env:AUDIT}' });
    weak.sql(`INSERT INTO mysql.global_priv SELECT '', concat('role', seq), '{"access":0,"is_role":true}' FROM mysql.seq_1_to_100000`);
    const begin = performance.now();
    const record = await lookInside(target, SECRETS);
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(record.gaps.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['unsupported', `mysql://127.0.0.1:${weak.port}: more than 20000 rows`],
    ]);
    expect(plainKind(record, 'identity.principal')).toEqual({});
    expect(only(record, 'datastore')).toMatchObject({ authentication: { unknown: 'unsupported' }, wildcard_bind: true });
    weak.sql("DELETE FROM mysql.global_priv WHERE User LIKE 'role%'");
  }, 60_000);
});

describe.skipIf(!here)('replication', () => {
  test('a primary and its replica, each by its own words', async () => {
    const primary = await kept(
      startMariadbDatabase({
        settings: ['log-bin=bin', 'server-id=1', 'binlog-expire-logs-seconds=600'],
        statements: `CREATE USER repl@'127.0.0.1' IDENTIFIED BY '${SECRETS.MAKER}'; GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'; RESET MASTER;`,
      }),
    );
    const replica = await kept(
      startMariadbDatabase({
        settings: ['server-id=2'],
        statements: `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${primary.port}, MASTER_USER='repl', MASTER_PASSWORD='${SECRETS.MAKER}'; START SLAVE;`,
      }),
    );
    const until = Date.now() + 15_000;
    while (primary.sql("SELECT 1 FROM information_schema.processlist WHERE command = 'Binlog Dump'").length === 0 && Date.now() < until)
      await delay(100);
    while (!/Slave_SQL_Running: Yes/.test(replica.sql('SHOW SLAVE STATUS\\G').join('\n')) && Date.now() < until) await delay(100);
    const asRoot = (server: MariadbDatabase) => lookInside(insideTarget('mysql', `mysql://root@localhost?socket=${server.socket}`));
    const above = await asRoot(primary);
    const group = {
      form: 'replication',
      health_checked: { unknown: 'not-collected' },
      failover: { unknown: 'not-collected' },
      quorum: 'absent',
      fenced: 'absent',
    };
    expect(plainKind(above, 'availability.group')).toEqual({
      [`mariadb ${primary.port} primary`]: {
        ...group,
        members: ['localhost'],
        replicas: 1,
        lag: { unknown: 'not-collected' },
        synchronous: false,
      },
    });
    // Binary logs that are gone after ten minutes bring nothing back.
    expect(only(above, 'datastore')).toMatchObject({ replication: true, archiving: false, archive_failing: false });
    const below = await asRoot(replica);
    expect(plainKind(below, 'availability.group')).toEqual({
      [`mariadb ${replica.port} replica of 127.0.0.1:${primary.port}`]: {
        ...group,
        members: [`127.0.0.1:${primary.port}`, 'this server'],
        replicas: 1,
        lag: expect.any(Number),
        synchronous: { unknown: 'not-collected' },
      },
    });
    expect(JSON.stringify([above, below])).not.toContain('Canary');
  }, 90_000);
});
