import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { getActiveResourcesInfo } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { DANGEROUS } from '../../src/collect/redis-acl.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { collectFiles, ofKind, plain } from '../support/collect.ts';
import { completeFindings } from '../support/complete-findings.ts';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { redisCli, startRedis } from '../support/servers/redis-server.ts';
import { startScriptedServer, type Connection } from '../support/servers/scripted-server.ts';
import { custos } from '../support/shell.ts';

const kept = keeper();
const here = available('redis');
const SECRETS = {
  AUDIT: 'canary-audit-password-1',
  LEDGER: 'canary-ledger-password-2',
  OPS: 'canary-ops-password-3',
  LOW: 'canary-low-password-4',
};

/** What docs/targets/redis.md asks for, and no more. */
const AUDIT = 'resetkeys resetchannels -@all +ping +info +acl|users +acl|getuser +command|info +module|list +config|get +client|setname';
const HARDENED = [
  'bind 127.0.0.1',
  'user default off',
  `user audit on >${SECRETS.AUDIT} ${AUDIT}`,
  `user ledger on >${SECRETS.LEDGER} ~ledger:* -@all +@read +@write -@dangerous`,
  `user low on >${SECRETS.LOW} +ping +info`,
  'user retired off ~* +@all',
  'user locked on ~* +get',
  'tls-protocols "TLSv1.2 TLSv1.3"',
  'appendonly yes',
  'appendfsync everysec',
];

const WEAK = ['protected-mode no', 'save ""', `user ops on >${SECRETS.OPS} ~* -@all +get +config|set (~tmp:* +flushall)`];

let weak: Daemon;
let hardened: Daemon;
let weakRecord: TargetRecord;
let full: TargetRecord;
let low: TargetRecord;

const tlsTarget = (user: string, password: keyof typeof SECRETS, more: Readonly<Record<string, string>> = {}) =>
  insideTarget('redis', `rediss://127.0.0.1:${hardened.port}`, { user, password: `\${env:${password}}`, ca: certificate().ca, ...more });
const facts = (record: TargetRecord, kind: string) => Object.values(plainKind(record, kind))[0] ?? {};
/** What Redis has no word for. */
const ANY_USER = {
  system: 'redis',
  password_max_age: 'absent',
  expires: 'absent',
  last_login: { unknown: 'unsupported' },
  connection_limit: 'absent',
  member_of: [],
  duties: { unknown: 'not-collected' },
};

beforeAll(async () => {
  if (!here) return;
  weak = await kept(startRedis({ settings: WEAK }));
  hardened = await kept(startRedis({ tls: 'only', settings: HARDENED }));
  weakRecord = await lookInside(insideTarget('redis', `redis://127.0.0.1:${weak.port}`));
  full = await lookInside(tlsTarget('audit', 'AUDIT'), SECRETS);
  low = await lookInside(tlsTarget('low', 'LOW'), SECRETS);
}, 60_000);

describe.skipIf(!here)('Redis from inside', () => {
  test('weak: everything is open, and all of it is known', () => {
    expect(plainKind(weakRecord, 'datastore')).toEqual({
      [`redis:${weak.port}`]: {
        engine: 'redis',
        name: { unknown: 'not-collected' },
        default_name: `redis-${weak.port}`,
        listens: ['*', '-::*'],
        wildcard_bind: true,
        loopback_only: false,
        authentication: false,
        tls: 'off',
        protected_mode: false,
        dangerous_commands: [...DANGEROUS],
        password_storage: 'sha256',
        checksums: 'absent',
        durable_writes: false,
        archiving: 'absent',
        archives_to: 'absent',
        replication: false,
        version: '7.0.15',
        supported_until: '2024-07-29T00:00:00Z',
        extensions: [],
        clear_sessions: { unknown: 'unsupported' },
        archive_failing: 'absent',
        last_archived: 'absent',
        idle_slots: 'absent',
        idle_slots_hold: 'absent',
        connections_used: expect.any(Number),
      },
    });
    expect(plainKind(weakRecord, 'identity.principal')).toEqual({
      default: {
        ...ANY_USER,
        name: 'default',
        kind: 'default',
        login: true,
        password: 'none',
        superuser: true,
        dangerous_rights: [...DANGEROUS],
        hash: 'absent',
        password_changed: 'absent',
        any_source: true,
        requires_tls: false,
        rights: ['@all on ~*'],
      },
      ops: {
        ...ANY_USER,
        name: 'ops',
        kind: 'service',
        login: true,
        password: 'hashed',
        superuser: false,
        dangerous_rights: ['FLUSHALL', 'CONFIG'],
        hash: 'sha256',
        password_changed: { unknown: 'unsupported' },
        any_source: true,
        requires_tls: false,
        rights: ['config|set on ~*', 'flushall on ~tmp:*', 'get on ~*'],
      },
    });
    expect(Object.entries(weakRecord.coverage).map(([kind, { status }]) => `${kind} ${status}`)).toEqual([
      'availability.group complete',
      'datastore complete',
      'identity.principal complete',
      'tls.listener complete',
    ]);
  });

  test('hardened: the instance', () => {
    expect(facts(full, 'datastore')).toMatchObject({
      listens: ['127.0.0.1'],
      wildcard_bind: false,
      loopback_only: true,
      authentication: true,
      tls: 'required',
      protected_mode: true,
      dangerous_commands: [],
      durable_writes: true,
      clear_sessions: false,
    });
    expect(plainKind(full, 'tls.listener')).toMatchObject({
      [`redis:${hardened.port}`]: {
        protocols: ['TLSv1.2', 'TLSv1.3'],
        client_certificate: 'none',
        server_preference: false,
        session_lifetime: 300,
      },
    });
  });

  test('hardened: who may do what in the end', () => {
    const users = Object.entries(plainKind(full, 'identity.principal')).map(([name, user]) => [
      name,
      user['login'],
      user['password'],
      user['hash'],
      user['superuser'],
      user['dangerous_rights'],
    ]);
    expect(users).toEqual([
      ['audit', true, 'hashed', 'sha256', false, []],
      ['default', false, 'none', 'absent', false, []],
      ['ledger', true, 'hashed', 'sha256', false, []],
      ['locked', false, 'none', 'absent', false, []],
      ['low', true, 'hashed', 'sha256', false, []],
      ['retired', false, 'none', 'absent', true, [...DANGEROUS]],
    ]);
  });

  test('complete findings, weak and hardened', async () => {
    await completeFindings('redis-weak', weakRecord);
    await completeFindings('redis-hardened', full);
  });

  test('ACL DRYRUN says the same of each user and command', () => {
    const login = ['--user', 'admin', '-a', 'x'];
    const arguments_: Readonly<Record<string, readonly string[]>> = {
      CONFIG: ['set', 'maxmemory', '0'],
      DEBUG: ['sleep', '0'],
      MODULE: ['load', '/x'],
      KEYS: ['*'],
      REPLICAOF: ['no', 'one'],
    };
    redisCli(weak.port, [], 'ACL', 'SETUSER', 'admin', 'on', '>x', '~*', '+@all');
    const rules = [
      '~* -@all +@read +@write -@dangerous',
      '~* -@all +@write',
      '~* -@all +config|get +acl|list',
      '~* -@all +@admin -config|set -config|rewrite',
      '~* -@all +@keyspace -keys',
      '~* -@all +@slow',
      '~* +@all -@dangerous',
      '~* +@all -@admin',
      '~* -@all +get (~* -@all +flushall +save)',
      '~* -@all +debug|sleep +module|load',
      '~* -@all +replicaof',
    ];
    const told = rules.map((rule, index) => {
      redisCli(weak.port, login, 'ACL', 'SETUSER', `u${index}`, 'reset', 'on', '>x', ...argumentsOf(rule));
      return DANGEROUS.filter((command) => {
        const answer = redisCli(weak.port, login, 'ACL', 'DRYRUN', `u${index}`, command, ...(arguments_[command] ?? []));
        return answer === 'OK';
      });
    });
    return lookInside(insideTarget('redis', `redis://127.0.0.1:${weak.port}`)).then((record) => {
      const found = plainKind(record, 'identity.principal');
      expect(rules.map((rule, index) => [rule, found[`u${index}`]?.['dangerous_rights']])).toEqual(
        rules.map((rule, index) => [rule, told[index]]),
      );
      for (const name of ['admin', ...rules.map((_, index) => `u${index}`)]) redisCli(weak.port, [], 'ACL', 'DELUSER', name);
    });
  });

  test('CONFIG GET is the oracle, and the file of the same server says the same', async () => {
    const text = readFileSync(join(hardened.directory, 'redis.conf'), 'utf8');
    const declared = await collectFiles({ 'redis.conf': text }, { redis: '7.0.15' });
    const file = ofKind(declared, 'datastore')['redis.conf']?.facts ?? {};
    const live = facts(full, 'datastore');
    for (const name of [
      'listens',
      'wildcard_bind',
      'loopback_only',
      'authentication',
      'tls',
      'protected_mode',
      'durable_writes',
      'default_name',
    ])
      expect([name, plain(file[name])]).toEqual([name, live[name]]);
    const users = ofKind(declared, 'identity.principal');
    const seen = plainKind(full, 'identity.principal');
    for (const name of ['ledger', 'audit', 'low', 'retired', 'default'])
      for (const fact of ['login', 'superuser', 'dangerous_rights'])
        expect([name, fact, plain(users[`redis.conf ${name}`]?.facts[fact])]).toEqual([name, fact, seen[name]?.[fact]]);
    const listener = ofKind(declared, 'tls.listener')['redis.conf']?.facts ?? {};
    for (const name of ['protocols', 'client_certificate', 'server_preference', 'session_lifetime', 'port'])
      expect([name, plain(listener[name])]).toEqual([name, facts(full, 'tls.listener')[name]]);
    expect(redisCli(weak.port, [], 'CONFIG', 'GET', 'bind').split('\n')).toEqual(['bind', '* -::*']);
  });

  test('a stranger who is let in settles it; one who is not leaves users who take any password', async () => {
    const server = await kept(
      startRedis({ settings: ['bind 127.0.0.1', 'requirepass canary-7', 'user guest on nopass ~* +get', 'user low on >low +info +ping'] }),
    );
    const look = (user: string, password: string) =>
      lookInside(insideTarget('redis', `redis://127.0.0.1:${server.port}`, { user, password: '${env:P}' }), { P: password });
    expect(facts(await look('default', 'canary-7'), 'datastore')['authentication']).toBe(false);
    expect(facts(await look('low', 'low'), 'datastore')['authentication']).toEqual({ unknown: 'access-denied' });
    const text = readFileSync(join(server.directory, 'redis.conf'), 'utf8');
    expect(plain(ofKind(await collectFiles({ 'redis.conf': text }), 'datastore')['redis.conf']?.facts['authentication'])).toBe(false);
    expect(
      facts(
        await lookInside(insideTarget('redis', `redis://127.0.0.1:${weak.port}`, { user: 'ops', password: '${env:OPS}' }), SECRETS),
        'datastore',
      )['authentication'],
    ).toBe(false);
  });

  test('a command that is renamed is not open under its name', async () => {
    const server = await kept(
      startRedis({ settings: ['bind 127.0.0.1', 'rename-command FLUSHALL ""', 'rename-command KEYS all-of-them'] }),
    );
    const record = await lookInside(insideTarget('redis', `redis://127.0.0.1:${server.port}`));
    expect(facts(record, 'datastore')['dangerous_commands']).toEqual(DANGEROUS.filter((name) => !['FLUSHALL', 'KEYS'].includes(name)));
    const without = await kept(startRedis({ settings: ['bind 127.0.0.1', 'rename-command CONFIG ""'] }));
    const blind = await lookInside(insideTarget('redis', `redis://127.0.0.1:${without.port}`));
    expect(facts(blind, 'datastore')['wildcard_bind']).toEqual({ unknown: 'unsupported' });
    expect(blind.coverage['tls.listener']).toMatchObject({ status: 'partial' });
  });

  test('little rights: what is missing is named, and nothing that failed passes', async () => {
    const details = Object.values(low.coverage).flatMap(({ gaps }) => gaps.map(({ detail }) => detail));
    expect(details).toEqual(['the ACL permission +acl|users is missing', 'the ACL permission +config|get is missing']);
    expect(plainKind(low, 'identity.principal')).toEqual({});
    const before = new Map(
      (await verdictsOf({ record: full })).map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]),
    );
    const after = await verdictsOf({ record: low });
    const better = after.filter(({ control, resource, outcome }) => {
      const known = before.get(`${control} ${resource}`);
      return outcome !== 'unknown' && known !== undefined && known !== outcome;
    });
    expect(better.map(({ control, outcome }) => `${control} ${outcome}`)).toEqual([]);
  });

  test('duties go by rights', async () => {
    const duties = JSON.stringify({
      initiate: ['@write on ~ledger:*', '@hash on ~ledger:*'],
      administer: ['CONFIG'],
      approve: ['role checkers'],
    });
    const record = await lookInside(insideTarget('redis', `redis://127.0.0.1:${weak.port}`, { duties }));
    const held = Object.entries(plainKind(record, 'identity.principal')).map(([name, user]) => [name, user['duties']]);
    expect(Object.fromEntries(held)).toEqual({ default: ['initiate', 'administer', '…'], ops: ['administer', '…'] });
  });

  test('of a command that a duty names the server tells its categories: ACL DRYRUN says the same', async () => {
    const login = ['--user', 'admin', '-a', 'x'];
    redisCli(weak.port, [], 'ACL', 'SETUSER', 'admin', 'on', '>x', '~*', '+@all');
    const rules = [
      '+@all -@dangerous',
      '-@all +@write',
      '+@all -@dangerous -@string',
      '-@all +@read',
      '-@all +@slow -@dangerous',
      '-@all +set',
      '+@all -@dangerous -set',
    ];
    const told = rules.map((rule, index) => {
      redisCli(weak.port, login, 'ACL', 'SETUSER', `u${index}`, 'reset', 'on', '>x', '~payment:*', ...rule.split(' '));
      return redisCli(weak.port, login, 'ACL', 'DRYRUN', `u${index}`, 'SET', 'payment:1', '2') === 'OK';
    });
    redisCli(weak.port, login, 'ACL', 'SETUSER', 'old', 'reset', 'on', '>x', '-@all', '+slaveof');
    const look = async (claim: string) => {
      const duties = JSON.stringify({ initiate: [claim] });
      return plainKind(await lookInside(insideTarget('redis', `redis://127.0.0.1:${weak.port}`, { duties })), 'identity.principal');
    };
    const found = await look('SET on ~payment:*');
    expect(rules.map((rule, index) => [rule, found[`u${index}`]?.['duties']])).toEqual(
      rules.map((rule, index) => [rule, told[index] === true ? ['initiate'] : []]),
    );
    expect(found['old']?.['dangerous_rights']).toEqual(['REPLICAOF']);
    for (const misspelt of ['sett on ~payment:*', '@writ on ~payment:*', 'CONFIGG'])
      expect([misspelt, (await look(misspelt))['u3']?.['duties']]).toEqual([misspelt, ['…']]);
    expect((await look('config'))['u3']?.['duties']).toEqual([]);
    for (const name of ['admin', 'old', ...rules.map((_, index) => `u${index}`)]) redisCli(weak.port, [], 'ACL', 'DELUSER', name);
  });

  test('replicas: how many stream, and how far behind', async () => {
    const primary = await kept(startRedis());
    const replica = await kept(startRedis({ settings: ['bind 127.0.0.1', `replicaof 127.0.0.1 ${primary.port}`] }));
    const until = Date.now() + 15_000;
    while (!redisCli(primary.port, [], 'INFO', 'replication').includes('state=online') && Date.now() < until) await delay(100);
    const record = await lookInside(insideTarget('redis', `redis://127.0.0.1:${primary.port}`));
    expect(plainKind(record, 'availability.group')).toEqual({
      [`redis:${primary.port} replication`]: {
        form: 'replication',
        members: [`127.0.0.1:${replica.port}`],
        health_checked: { unknown: 'unresolved' },
        replicas: 1,
        lag: expect.any(Number),
        synchronous: false,
        failover: { unknown: 'unresolved' },
        quorum: 'absent',
        fenced: 'absent',
      },
    });
    expect(facts(record, 'datastore')['replication']).toBe(true);
    const behind = facts(await lookInside(insideTarget('redis', `redis://127.0.0.1:${replica.port}`)), 'availability.group');
    expect(behind).toMatchObject({ members: [`127.0.0.1:${primary.port}`, '…'], replicas: { unknown: 'not-collected' } });
  });
});

describe.skipIf(!here)('credentials', () => {
  test('a wrong password, none, or a user who is off: what a stranger was told stays known, and nothing else', async () => {
    const tries = [
      [tlsTarget('audit', 'OPS'), 'AUTH: WRONGPASS'],
      [tlsTarget('retired', 'OPS'), 'AUTH: WRONGPASS'],
    ] as const;
    for (const [target, detail] of tries) {
      const record = await lookInside(target, SECRETS);
      const { engine, ...rest } = facts(record, 'datastore');
      expect(engine).toBe('redis');
      expect(new Set(Object.values(rest).map((value) => JSON.stringify(value)))).toEqual(new Set(['{"unknown":"access-denied"}']));
      expect(record.gaps.map((gap) => gap.detail)).toEqual([detail]);
    }
    const none = await lookInside(insideTarget('redis', `rediss://127.0.0.1:${hardened.port}`, { ca: certificate().ca }));
    expect(facts(none, 'datastore')).toMatchObject({
      authentication: { unknown: 'access-denied' },
      wildcard_bind: { unknown: 'access-denied' },
    });
    expect(plainKind(none, 'identity.principal')).toEqual({});
  });

  test('a certificate that does not verify gets no password', async () => {
    const { ca: _, ...options } = tlsTarget('audit', 'AUDIT').options;
    const record = await lookInside(insideTarget('redis', `rediss://127.0.0.1:${hardened.port}`, options), SECRETS);
    expect(record.gaps.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['refused', 'its certificate does not verify: SELF_SIGNED_CERT_IN_CHAIN'],
    ]);
    expect(record.resources).toEqual([]);
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  test.skipIf(outside === undefined)('no password crosses a network in clear, unless the target says so', async () => {
    const server = await kept(startRedis({ settings: [`bind ${outside ?? ''} 127.0.0.1`, 'requirepass canary-clear-password-5'] }));
    const options = { password: '${env:CLEAR}' };
    const address = `redis://${outside ?? ''}:${server.port}`;
    const refused = await lookInside(insideTarget('redis', address, options), { CLEAR: 'canary-clear-password-5' });
    expect(refused.gaps.map(({ cause }) => cause)).toEqual(['refused']);
    expect(facts(refused, 'datastore')).toMatchObject({ authentication: { unknown: 'refused' }, tls: { unknown: 'refused' } });
    const allowed = await lookInside(insideTarget('redis', address, { ...options, insecure: 'true' }), {
      CLEAR: 'canary-clear-password-5',
    });
    expect(facts(allowed, 'datastore')).toMatchObject({ tls: 'off', clear_sessions: true });
    const sealed = await lookInside(insideTarget('redis', '${env:DSN}'), {
      DSN: `redis://:canary-clear-password-5@127.0.0.1:${server.port}`,
    });
    expect(facts(sealed, 'datastore')).toMatchObject({ authentication: true, tls: 'off' });
    expect(JSON.stringify([refused, allowed, sealed])).not.toContain('canary');
  });

  test('no password and no hash is in evidence, reports or on standard error', async () => {
    const login = ['--tls', '--cacert', certificate().ca, '--user', 'audit', '-a', SECRETS.AUDIT];
    const hashes = ['audit', 'ledger', 'low'].flatMap(
      (name) => redisCli(hardened.port, login, 'ACL', 'GETUSER', name).match(/[0-9a-f]{64}/g) ?? [],
    );
    expect(hashes).toHaveLength(3);
    writeFileSync(join(hardened.directory, 'ca.pem'), readFileSync(certificate().ca));
    writeFileSync(
      join(hardened.directory, 'custos.yaml'),
      `targets:\n  - { id: cache, redis: "rediss://127.0.0.1:${hardened.port}", user: audit, password: "\${file:password}", ca: ca.pem }\n`,
    );
    writeFileSync(join(hardened.directory, 'password'), SECRETS.AUDIT);
    const outputs = [JSON.stringify([weakRecord, full, low]), JSON.stringify(await verdictsOf({ record: full }))];
    for (const format of ['json', 'text', 'sarif']) {
      const { out, err, code } = await custos(['scan', '-f', format, '-v'], { cwd: hardened.directory });
      expect([0, 1, 2]).toContain(code);
      expect(out).toContain('cache');
      outputs.push(out, err);
    }
    for (const output of outputs) for (const secret of [...Object.values(SECRETS), ...hashes]) expect(output).not.toContain(secret);
  });
});

/** What a server may do to whoever asks it. */
const SCRIPTS: Readonly<Record<string, (connection: Connection, number: number) => Promise<void> | void>> = {
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
    for (const byte of Buffer.from('+OK\r\n+PONG\r\n')) {
      if (!(await connection.push(Buffer.from([byte])))) return;
      await delay(1_000);
    }
  },
  endless: async (connection) => {
    await connection.take(1);
    while (await connection.push(Buffer.alloc(65_536, 'x')));
  },
  'endless elements': async (connection) => {
    await connection.take(1);
    connection.send(Buffer.from('*499999\r\n'));
    while (await connection.push(Buffer.from(':1\r\n'.repeat(4_000))));
  },
  'a reply of a gigabyte': async (connection) => {
    await connection.take(1);
    connection.send(Buffer.from('$1000000000\r\n'));
    await connection.drain();
  },
  'dies after AUTH': async (connection, number) => {
    await connection.take(1);
    if (number === 1) connection.send(Buffer.from('-NOAUTH x\r\n-NOAUTH x\r\n'));
    else connection.send(Buffer.from('+OK\r\n+OK\r\n'));
    await delay(300);
    connection.socket.destroy();
  },
};

describe('hostile servers', () => {
  test.each(Object.keys(SCRIPTS))('%s', async (name) => {
    const server = await kept(startScriptedServer(SCRIPTS[name] ?? (() => undefined)));
    const begin = performance.now();
    const target = insideTarget('redis', `redis://127.0.0.1:${server.port}`, { password: '${env:P}' });
    const record = await lookInside(target, { P: 'canary-hostile-6' }, { connect: 500 });
    expect(performance.now() - begin).toBeLessThan(6_000);
    for (const { cause } of record.gaps) expect(cause).not.toBe('collector-failed');
    for (const kind of ['identity.principal', 'availability.group', 'tls.listener'])
      expect([kind, plainKind(record, kind), record.coverage[kind]?.status === 'complete']).toEqual([kind, {}, false]);
    const told = Object.entries(facts(record, 'datastore')).filter(([, value]) => typeof value !== 'object' && value !== 'absent');
    expect(told.map(([fact]) => fact)).toEqual(name === 'dies after AUTH' ? ['engine'] : []);
  });

  test('a closed port is refused, and no socket is left', async () => {
    const record = await lookInside(insideTarget('redis', 'redis://127.0.0.1:1'));
    expect(record.gaps.map(({ cause }) => cause)).toEqual(['refused']);
    const ours = (): number => getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    for (let tries = 0; tries < 50 && ours() > 0; tries += 1) await delay(20);
    expect(ours()).toBeLessThanOrEqual(Object.keys(SCRIPTS).length);
  });
});

function argumentsOf(rule: string): readonly string[] {
  return rule.match(/\([^)]*\)|\S+/g) ?? [];
}
