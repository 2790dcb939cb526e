import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../src/model/resource.ts';
import { completeFindings } from '../support/complete-findings.ts';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import { keeper } from '../support/run-servers.ts';
import { available, program } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startScriptedServer, type Connection } from '../support/servers/scripted-server.ts';
import { ldapiSocket, startSlapd } from '../support/servers/slapd-server.ts';
import { custos } from '../support/shell.ts';

const kept = keeper();
const here = available('slapd');
const SECRETS = { AUDIT: 'canary-audit-password-1', LI: 'canary-li-password-2', ROOT: 'canary-root-password-3' };
const AUDIT = 'cn=audit,dc=example,dc=com';
const LI = 'uid=li.wei,ou=people,dc=example,dc=com';
const hashed = (password: string, scheme = '{SSHA}'): string =>
  execFileSync(program('slappasswd'), ['-h', scheme, '-s', password], { encoding: 'utf8' }).trim();

/** `audit` and `li.wei` have the passwords above; `hr` writes people, and is within `staff`. */
function entries(schemes: { readonly audit: string; readonly zhao: string }): string {
  return `dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ${AUDIT}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: audit
userPassword: ${schemes.audit}

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=com
objectClass: organizationalUnit
ou: groups

dn: ou=policies,dc=example,dc=com
objectClass: organizationalUnit
ou: policies

dn: cn=default,ou=policies,dc=example,dc=com
objectClass: pwdPolicy
objectClass: device
cn: default
pwdAttribute: userPassword
pwdMinLength: 12
pwdMaxFailure: 5
pwdLockout: TRUE
pwdLockoutDuration: 1800
pwdMaxAge: 7776000
pwdInHistory: 5
pwdCheckQuality: 2

dn: ${LI}
objectClass: inetOrgPerson
uid: li.wei
cn: Li Wei
sn: Li
userPassword: ${hashed(SECRETS.LI)}

dn: uid=zhao,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: zhao
cn: Zhao
sn: Zhao
userPassword: ${schemes.zhao}

dn: uid=none,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: none
cn: None
sn: None

dn: cn=hr,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: hr
member: ${LI}

dn: cn=staff,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: staff
member: cn=hr,ou=groups,dc=example,dc=com
`;
}

const DATABASE = ['database mdb', 'suffix dc=example,dc=com', 'directory %d/db'];
const HARDENED = [
  'security simple_bind=128',
  'disallow bind_anon',
  'idletimeout 900',
  'database config',
  `access to * by dn.exact="${AUDIT}" read by * none`,
  'database monitor',
  `access to * by dn.exact="${AUDIT}" read by * none`,
  ...DATABASE,
  'rootdn cn=admin,dc=example,dc=com',
  'overlay ppolicy',
  'ppolicy_default cn=default,ou=policies,dc=example,dc=com',
  'ppolicy_hash_cleartext',
  `access to attrs=userPassword by dn.exact="${AUDIT}" read by self write by anonymous auth by * none`,
  `access to dn.subtree="ou=people,dc=example,dc=com" by group.exact="cn=hr,ou=groups,dc=example,dc=com" write by dn.exact="${AUDIT}" read by * none`,
  `access to * by dn.exact="${AUDIT}" read by * none`,
];
const weakSettings = (): readonly string[] => [
  'database config',
  'rootdn cn=config',
  `rootpw ${hashed(SECRETS.ROOT)}`,
  ...DATABASE,
  'rootdn cn=admin,dc=example,dc=com',
  `rootpw ${SECRETS.ROOT}`,
  'dbnosync',
  'access to * by users write by * read',
];

let weak: Daemon;
let hardened: Daemon;
let weakRecord: TargetRecord;
let full: TargetRecord;
let low: TargetRecord;

const inside = (server: Daemon, user: string, password: keyof typeof SECRETS, more: Readonly<Record<string, string>> = {}) =>
  insideTarget('ldap', `ldap://127.0.0.1:${server.port}`, { user, password: `\${env:${password}}`, ca: certificate().ca, ...more });
const facts = (record: TargetRecord, kind: string) => Object.values(plainKind(record, kind))[0] ?? {};

beforeAll(async () => {
  if (!here) return;
  weak = await kept(
    startSlapd({ tls: false, entries: entries({ audit: SECRETS.AUDIT, zhao: '{MD5}X03MO1qnZdYdgyfeuILPmQ==' }), settings: weakSettings() }),
  );
  hardened = await kept(
    startSlapd({
      entries: entries({ audit: hashed(SECRETS.AUDIT), zhao: '{CRYPT}$6$abcdefgh$canary-hash-4' }),
      settings: HARDENED,
      ldapi: true,
    }),
  );
  weakRecord = await lookInside(inside(weak, 'cn=config', 'ROOT'), SECRETS);
  full = await lookInside(inside(hardened, AUDIT, 'AUDIT'), SECRETS);
  low = await lookInside(inside(hardened, LI, 'LI'), SECRETS);
}, 60_000);

const STORE = {
  engine: 'ldap',
  name: 'dc=example,dc=com',
  default_name: 'absent',
  protected_mode: 'absent',
  dangerous_commands: 'absent',
  password_storage: 'absent',
  checksums: 'absent',
  archiving: 'absent',
  archives_to: 'absent',
  supported_until: { unknown: 'unresolved' },
  archive_failing: 'absent',
  last_archived: 'absent',
  idle_slots: 'absent',
  idle_slots_hold: 'absent',
  connections_used: { unknown: 'unsupported' },
};
const ACCOUNT = {
  system: 'ldap',
  superuser: false,
  dangerous_rights: [],
  password_changed: { unknown: 'not-collected' },
  password_max_age: 90,
  expires: 'absent',
  last_login: { unknown: 'not-collected' },
  any_source: false,
  requires_tls: true,
  connection_limit: 'absent',
  member_of: [],
  duties: { unknown: 'not-collected' },
};

describe.skipIf(!here)('a directory from inside', () => {
  test('hardened: the server', () => {
    expect(facts(full, 'datastore')).toEqual({
      ...STORE,
      listens: [`127.0.0.1:${hardened.ports[0] ?? 0}`, `127.0.0.1:${hardened.ports[1] ?? 0}`].toSorted().concat(ldapiSocket(hardened)),
      wildcard_bind: false,
      loopback_only: true,
      authentication: true,
      tls: 'offered',
      durable_writes: true,
      replication: false,
      version: '2.5.13',
      extensions: ['argon2', 'back_mdb', 'back_monitor', 'ppolicy', 'syncprov'],
      clear_sessions: false,
    });
    expect(Object.entries(full.coverage).map(([kind, { status }]) => `${kind} ${status}`)).toEqual([
      'access.rule complete',
      'datastore complete',
      'identity.policy complete',
      'identity.principal complete',
    ]);
  });

  test('hardened: the policy', () => {
    expect(plainKind(full, 'identity.policy')).toEqual({
      'cn=default,ou=policies,dc=example,dc=com': {
        system: 'ldap',
        checks_quality: true,
        min_length: 12,
        min_classes: 0,
        applies_to_admins: false,
        history: 5,
        max_age: 90,
        max_tries: 5,
        lockout: 30,
        idle_timeout: 900,
        hash: 'ssha',
      },
    });
  });

  test('hardened: who may do what in the end', () => {
    const hidden = { unknown: 'access-denied' };
    expect(plainKind(full, 'identity.principal')).toEqual({
      [AUDIT]: {
        ...ACCOUNT,
        name: 'audit',
        kind: 'service',
        login: true,
        password: 'hashed',
        hash: 'ssha',
        rights: ['read on *', 'read on attrs=userPassword', 'read on dn.subtree=ou=people,dc=example,dc=com'],
      },
      'cn=admin,dc=example,dc=com': {
        ...ACCOUNT,
        name: 'cn=admin,dc=example,dc=com',
        kind: 'default',
        login: false,
        password: 'none',
        hash: 'absent',
        superuser: true,
        dangerous_rights: ['manage on *'],
        rights: ['manage on *'],
        password_max_age: 'absent',
        password_changed: { unknown: 'unsupported' },
        last_login: { unknown: 'unsupported' },
      },
      'cn=config': expect.objectContaining({ kind: 'default', login: false, superuser: true }),
      [LI]: {
        ...ACCOUNT,
        name: 'li.wei',
        kind: 'person',
        login: true,
        password: 'hashed',
        hash: 'ssha',
        member_of: ['hr', 'staff'],
        rights: ['self write on attrs=userPassword', 'write on dn.subtree=ou=people,dc=example,dc=com'],
      },
      'uid=none,ou=people,dc=example,dc=com': {
        ...ACCOUNT,
        name: 'none',
        kind: 'person',
        login: hidden,
        password: hidden,
        hash: hidden,
        rights: ['self write on attrs=userPassword'],
      },
      'uid=zhao,ou=people,dc=example,dc=com': {
        ...ACCOUNT,
        name: 'zhao',
        kind: 'person',
        login: true,
        password: 'hashed',
        hash: 'sha512crypt',
        rights: ['self write on attrs=userPassword'],
      },
    });
  });

  test('weak: everything is open, and all of it is known', () => {
    expect(facts(weakRecord, 'datastore')).toMatchObject({
      authentication: false,
      tls: 'off',
      durable_writes: false,
      listens: { unknown: 'access-denied' },
    });
    const rules = Object.entries(plainKind(weakRecord, 'access.rule')).filter(([id]) => id.startsWith('dc='));
    expect(rules).toEqual([
      [
        'dc=example,dc=com: read on * by *',
        {
          effect: 'allow',
          transport: 'any',
          local: false,
          source: 'any',
          any_source: true,
          users: ['*'],
          all_users: true,
          objects: ['*'],
          all_objects: true,
          method: 'none',
          authenticates: false,
          protects_password: true,
        },
      ],
      [
        'dc=example,dc=com: write on * by users',
        {
          effect: 'allow',
          transport: 'any',
          local: false,
          source: 'any',
          any_source: false,
          users: ['users'],
          all_users: true,
          objects: ['*'],
          all_objects: true,
          method: 'ldap',
          authenticates: true,
          protects_password: false,
        },
      ],
    ]);
    const people = plainKind(weakRecord, 'identity.principal');
    const shown = ([name, login, password, hash, superuser]: readonly unknown[]): unknown => [name, login, password, hash, superuser];
    expect(Object.values(people).map((one) => shown([one['name'], one['login'], one['password'], one['hash'], one['superuser']]))).toEqual([
      ['cn=admin,dc=example,dc=com', true, 'plain', 'plain', true],
      ['audit', true, 'plain', 'plain', true],
      ['cn=config', true, 'hashed', 'ssha', true],
      ['li.wei', true, 'hashed', 'ssha', true],
      ['none', { unknown: 'access-denied' }, { unknown: 'access-denied' }, { unknown: 'access-denied' }, true],
      ['zhao', true, 'hashed', 'md5', true],
    ]);
    expect(facts(weakRecord, 'identity.policy')).toMatchObject({
      checks_quality: false,
      min_length: 0,
      max_tries: 'absent',
      max_age: 'absent',
    });
  });

  test('complete findings, weak and hardened', async () => {
    await completeFindings('slapd-weak', weakRecord);
    await completeFindings('slapd-hardened', full);
  });

  test('slapd says the same of what it grants (slapacl)', () => {
    const verdict = (who: string, what: string, entry: string): string =>
      spawnSync(program('slapacl'), ['-f', join(hardened.directory, 'slapd.conf'), '-D', who, '-b', entry, what], { encoding: 'utf8' })
        .stderr;
    expect(verdict(LI, 'cn/write', 'uid=zhao,ou=people,dc=example,dc=com')).toContain('ALLOWED');
    expect(verdict(LI, 'cn/write', 'cn=hr,ou=groups,dc=example,dc=com')).toContain('DENIED');
    expect(verdict('uid=zhao,ou=people,dc=example,dc=com', 'cn/write', LI)).toContain('DENIED');
  });

  test('little rights: what is missing is named, and nothing that failed passes', async () => {
    expect(low.gaps.map(({ cause, detail }) => `${cause} ${detail}`)).toEqual([
      'access-denied cn=config may not be read',
      'access-denied dc=example,dc=com may not be read',
      'access-denied whether every entry was shown, only cn=config tells',
    ]);
    const before = new Map(
      (await verdictsOf({ record: full })).map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]),
    );
    const other = (await verdictsOf({ record: low })).filter(({ control, resource, outcome }) => {
      const known = before.get(`${control} ${resource}`);
      return outcome !== 'unknown' && known !== undefined && known !== outcome;
    });
    expect(other.map(({ control, outcome }) => `${control} ${outcome}`)).toEqual([]);
  });

  test('little rights on an open server: nothing that failed passes', async () => {
    const poor = await lookInside(insideTarget('ldap', `ldap://127.0.0.1:${weak.port}`));
    expect(facts(poor, 'datastore')).toMatchObject({ authentication: false, tls: 'off', durable_writes: { unknown: 'access-denied' } });
    const before = new Map(
      (await verdictsOf({ record: weakRecord })).map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]),
    );
    const better = (await verdictsOf({ record: poor })).filter(
      ({ control, resource, outcome }) => outcome === 'pass' && before.get(`${control} ${resource}`) === 'fail',
    );
    expect(better.map(({ control }) => control)).toEqual([]);
    expect(poor.coverage['identity.principal']).toMatchObject({ status: 'partial' });
  });

  test('duties go by groups, through groups', async () => {
    const duties = JSON.stringify({ approve: ['group staff'], administer: ['manage on *'], audit: ['group auditors'] });
    const record = await lookInside(inside(hardened, AUDIT, 'AUDIT', { duties }), SECRETS);
    const held = Object.fromEntries(Object.entries(plainKind(record, 'identity.principal')).map(([dn, user]) => [dn, user['duties']]));
    expect(held).toMatchObject({ [LI]: ['approve', '…'], 'cn=admin,dc=example,dc=com': ['approve', 'administer', '…'], [AUDIT]: ['…'] });
  });

  test('a server that hands out so many entries and no more leaves the list open', async () => {
    const people = Array.from(
      { length: 700 },
      (_, index) => `
dn: uid=u${index},ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: u${index}
cn: u${index}
sn: u${index}
`,
    ).join('');
    const many = await kept(
      startSlapd({ tls: false, entries: `${entries({ audit: hashed(SECRETS.AUDIT), zhao: 'x' })}${people}`, settings: HARDENED.slice(2) }),
    );
    const record = await lookInside(inside(many, AUDIT, 'AUDIT'), SECRETS);
    expect(record.coverage['identity.principal']).toMatchObject({
      status: 'partial',
      gaps: [{ cause: 'access-denied', detail: 'the server hands out no more entries of dc=example,dc=com' }],
    });
    expect(Object.keys(plainKind(record, 'identity.principal')).length).toBeGreaterThan(400);
    // The rights that docs/targets/ldap.md names, and no more: all of it is shown.
    const granted = await kept(
      startSlapd({
        tls: false,
        entries: `${entries({ audit: hashed(SECRETS.AUDIT), zhao: 'x' })}${people}`,
        settings: [
          ...HARDENED.slice(2, -3),
          `limits dn.exact="${AUDIT}" size=unlimited`,
          `access to attrs=userPassword by dn.exact="${AUDIT}" none by * break`,
          `access to * by dn.exact="${AUDIT}" read by * break`,
          'access to attrs=userPassword by self write by anonymous auth by * none',
          'access to * by * none',
        ],
      }),
    );
    const all = await lookInside(inside(granted, AUDIT, 'AUDIT'), SECRETS);
    expect(all.coverage['identity.principal']).toMatchObject({ status: 'complete', gaps: [] });
    expect(Object.keys(plainKind(all, 'identity.principal'))).toHaveLength(706);
    expect(plainKind(all, 'identity.principal')[LI]).toMatchObject({
      hash: { unknown: 'access-denied' },
      rights: ['self write on attrs=userPassword'],
    });
    expect(facts(all, 'datastore')['authentication']).toBe(true);
  });

  test('what a rule hides leaves every list open', async () => {
    const [first = '', ...rest] = HARDENED.slice(-3);
    const veiled = await kept(
      startSlapd({
        tls: false,
        entries: entries({ audit: hashed(SECRETS.AUDIT), zhao: 'x' }),
        settings: [...HARDENED.slice(2, -3), first, 'access to dn.exact="uid=zhao,ou=people,dc=example,dc=com" by * none', ...rest],
      }),
    );
    const record = await lookInside(inside(veiled, AUDIT, 'AUDIT'), SECRETS);
    const why = { cause: 'access-denied', detail: 'olcAccess does not let this account read every entry' };
    expect(record.coverage['identity.principal']).toMatchObject({ status: 'partial', gaps: [why] });
    expect(record.coverage['identity.policy']).toMatchObject({ status: 'partial', gaps: [why] });
    expect(plainKind(record, 'identity.principal')[LI]?.['member_of']).toEqual(['hr', 'staff', '…']);
    expect(plainKind(record, 'identity.principal')['uid=zhao,ou=people,dc=example,dc=com']).toBeUndefined();
  });

  test('ldaps, ldapi, and a server that answers over TLS only', async () => {
    const tls = await lookInside(
      insideTarget('ldap', `ldaps://127.0.0.1:${hardened.ports[1] ?? 0}`, { user: AUDIT, password: '${env:AUDIT}', ca: certificate().ca }),
      SECRETS,
    );
    expect(tls.looked.map(({ as }) => as)).toEqual(['ldap, over tls']);
    expect(plainKind(tls, 'identity.policy')).toEqual(plainKind(full, 'identity.policy'));
    const strict = await kept(
      startSlapd({
        entries: entries({ audit: hashed(SECRETS.AUDIT), zhao: 'x' }),
        settings: ['security ssf=128', ...HARDENED.slice(2)],
        ldapi: true,
      }),
    );
    const required = await lookInside(inside(strict, AUDIT, 'AUDIT'), SECRETS);
    expect(facts(required, 'datastore')).toMatchObject({ tls: 'required', authentication: true, clear_sessions: false });
    const local = await lookInside(insideTarget('ldap', `ldapi:///?socket=${ldapiSocket(hardened)}`));
    expect(local.looked.map(({ as }) => as)).toEqual(['ldap, over socket']);
    expect(local.gaps[0]?.detail).toBe('cn=config may not be read');
  });
});

describe.skipIf(!here)('credentials', () => {
  test('a wrong password: what nobody is shown stays known', async () => {
    const record = await lookInside(inside(weak, AUDIT, 'LI'), SECRETS);
    expect(record.gaps[0]?.detail).toBe('bind: the name or its password was refused');
    expect(facts(record, 'datastore')).toMatchObject({ authentication: false, tls: 'off' });
    expect(Object.values(record.coverage).map(({ status }) => status)).toEqual(['partial', 'partial', 'partial', 'partial']);
  });

  test('a certificate that does not verify gets no password', async () => {
    const { ca: _, ...options } = inside(hardened, AUDIT, 'AUDIT').options;
    const record = await lookInside(insideTarget('ldap', `ldaps://127.0.0.1:${hardened.ports[1] ?? 0}`, options), SECRETS);
    expect(record.gaps.map(({ detail }) => detail)).toEqual(['its certificate does not verify: UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    const upgraded = await lookInside(insideTarget('ldap', `ldap://127.0.0.1:${hardened.port}`, options), SECRETS);
    expect(upgraded.gaps[0]?.detail).toBe('its certificate does not verify: UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  test.skipIf(outside === undefined)('without StartTLS no password crosses a network, and none is asked for', async () => {
    const bytes: Buffer[] = [];
    const server = await kept(
      startScriptedServer(
        async (connection) => {
          connection.socket.on('data', (chunk: Buffer) => bytes.push(chunk));
          await connection.take(1);
          // protocolError to StartTLS: there is none.
          connection.send(Buffer.from('300c02010178070a010204000400', 'hex'));
          await connection.drain();
        },
        undefined,
        outside,
      ),
    );
    const record = await lookInside(
      insideTarget('ldap', `ldap://${outside ?? ''}:${server.port}`, { user: AUDIT, password: '${env:AUDIT}' }),
      SECRETS,
      { connect: 400 },
    );
    expect(record.gaps[0]).toMatchObject({ cause: 'refused', detail: 'StartTLS: the server offers no TLS' });
    expect(Buffer.concat(bytes).toString('latin1')).not.toContain(SECRETS.AUDIT);
    // Where the target says that it may be so, StartTLS is asked for all the same, and first.
    bytes.length = 0;
    await lookInside(
      insideTarget('ldap', `ldap://${outside ?? ''}:${server.port}`, { user: AUDIT, password: '${env:AUDIT}', insecure: 'true' }),
      SECRETS,
      { connect: 400 },
    );
    const sent = Buffer.concat(bytes).toString('latin1');
    expect([sent.indexOf('1.3.6.1.4.1.1466.20037') >= 0, sent.indexOf(SECRETS.AUDIT) > sent.indexOf('1.3.6.1.4.1.1466.20037')]).toEqual([
      true,
      true,
    ]);
  });

  test('no password and no hash is in evidence, reports or on standard error', async () => {
    const stored = execFileSync(program('slapcat'), ['-f', join(hardened.directory, 'slapd.conf'), '-b', 'dc=example,dc=com'], {
      encoding: 'utf8',
    });
    const hashes = [...stored.matchAll(/^userPassword:: (\S+)$/gm)].map(([, text = '']) => Buffer.from(text, 'base64').toString('utf8'));
    expect(hashes).toHaveLength(3);
    writeFileSync(join(hardened.directory, 'ca.pem'), readFileSync(certificate().ca));
    writeFileSync(join(hardened.directory, 'password'), SECRETS.AUDIT);
    writeFileSync(
      join(hardened.directory, 'custos.yaml'),
      `targets:\n  - { id: people, ldap: "ldap://127.0.0.1:${hardened.port}", user: "${AUDIT}", password: "\${file:password}", ca: ca.pem }\n`,
    );
    const outputs = [JSON.stringify([weakRecord, full, low]), JSON.stringify(await verdictsOf({ record: full }))];
    for (const format of ['json', 'text', 'sarif']) {
      const { out, err, code } = await custos(['scan', '-f', format, '-v'], { cwd: hardened.directory });
      expect([0, 1, 2]).toContain(code);
      expect(out).toContain('people');
      outputs.push(out, err);
    }
    const parts = hashes.map((hash) => hash.replace(/^\{\w+\}/, ''));
    for (const output of outputs) for (const secret of [...Object.values(SECRETS), ...parts]) expect(output).not.toContain(secret);
  });
});

/** What a server may do to whoever asks it. */
const success = (id: number, tag: number): Buffer =>
  Buffer.from([0x30, 0x0c, 0x02, 0x01, id, tag, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00]);
const SCRIPTS: Readonly<Record<string, (connection: Connection) => Promise<void> | void>> = {
  silent: (connection) => connection.drain(),
  close: (connection) => void connection.socket.end(),
  reset: (connection) => void connection.socket.resetAndDestroy(),
  garbage: async (connection) => {
    await connection.take(1);
    connection.send(Buffer.from('\u0000\u0001garbage'));
    await connection.drain();
  },
  http: async (connection) => {
    await connection.take(1);
    connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    connection.socket.end();
  },
  slow: async (connection) => {
    await connection.take(1);
    for (const byte of success(1, 0x61)) {
      if (!(await connection.push(Buffer.from([byte])))) return;
      await delay(1_000);
    }
  },
  endless: async (connection) => {
    await connection.take(1);
    while (await connection.push(Buffer.alloc(65_536, 0x30)));
  },
  'a message of a gigabyte': async (connection) => {
    await connection.take(1);
    connection.send(Buffer.from([0x30, 0x84, 0x40, 0, 0, 0]));
    while (await connection.push(Buffer.alloc(65_536)));
  },
  'tiny messages': async (connection) => {
    await connection.take(1);
    while (
      await connection.push(Buffer.concat(Array.from({ length: 9_000 }, () => Buffer.from([0x30, 0x05, 0x02, 0x01, 0x7f, 0x78, 0x00]))))
    );
  },
  'empty sequences': async (connection) => {
    await connection.take(1);
    while (await connection.push(Buffer.from([0x30, 0x00].concat(...Array.from({ length: 2_000 }, () => [0x30, 0x00])))));
  },
  'endless entries': async (connection) => {
    await connection.take(1);
    connection.send(success(1, 0x61));
    await delay(50);
    const entry = Buffer.from([0x30, 0x09, 0x02, 0x01, 0x02, 0x64, 0x04, 0x04, 0x00, 0x30, 0x00]);
    while (await connection.push(Buffer.concat(Array.from({ length: 5_000 }, () => entry))));
  },
  'dies after the bind': async (connection) => {
    await connection.take(1);
    connection.send(success(1, 0x61));
    await delay(200);
    connection.socket.destroy();
  },
};

describe('hostile servers', () => {
  test.each(Object.keys(SCRIPTS))('%s', async (name) => {
    const server = await kept(startScriptedServer(SCRIPTS[name] ?? (() => undefined)));
    const begin = performance.now();
    const target = insideTarget('ldap', `ldap://127.0.0.1:${server.port}`, { user: AUDIT, password: '${env:P}' });
    const record = await lookInside(target, { P: 'canary-hostile-6' }, { connect: 300 });
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(record.resources).toEqual([]);
    for (const { cause } of record.gaps) expect(cause).not.toBe('collector-failed');
    expect(Object.values(record.coverage).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);
  });

  test('a closed port is refused', async () => {
    const record = await lookInside(insideTarget('ldap', 'ldap://127.0.0.1:1'));
    expect(record.gaps.map(({ cause }) => cause)).toEqual(['refused']);
  });
});
