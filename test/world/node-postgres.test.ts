import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Unknown } from '../../src/model/fact.ts';
import { databaseAddressOf } from '../../src/world/database-address.ts';
import type { DatabaseLogin, Row, SqlSession } from '../../src/world/database.ts';
import { postgresSession } from '../../src/world/node-postgres.ts';
import { OpenedSecrets, Secret } from '../../src/world/secret.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';

const PASSWORD = 'canary-Pa55word-in-the-mine';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(url: string, login: Partial<DatabaseLogin> = {}, opened = new OpenedSecrets()): Promise<SqlSession | Unknown> {
  const parsed = databaseAddressOf('postgres', url);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const session = await postgresSession(
    {
      address: parsed.address,
      insecure: false,
      timeout: 500,
      signal: new AbortController().signal,
      ...(parsed.password === undefined ? {} : { password: parsed.password }),
      ...login,
    },
    opened,
  );
  if (!('state' in session)) closers.push(() => session.close());
  return session;
}

async function opened(url: string, login: Partial<DatabaseLogin> = {}): Promise<SqlSession> {
  const session = await open(url, login);
  if ('state' in session) throw new Error(`${session.cause}: ${session.detail}`);
  return session;
}

const why = (found: SqlSession | readonly Row[] | Unknown): string => ('state' in found ? `${found.cause}: ${found.detail}` : 'a session');

test('a parameter that would change whom is asked, or how, is refused; others have no effect', async () => {
  const refused = ['target_session_attrs=primary', 'hostaddr=10.0.0.9', 'sslrootcert=x', 'service=other', 'dbname=other'];
  for (const parameter of refused)
    expect(why(await open(`postgres://u@127.0.0.1:1/x?${parameter}`))).toBe(
      `unsupported: postgres://127.0.0.1:1/x: the parameter ${parameter.split('=')[0] ?? ''}`,
    );
  expect(why(await open('postgres://u@127.0.0.1:1/x?application_name=app&connect_timeout=3'))).toMatch(/^(?:refused|unreachable): /);
});

describe.skipIf(!available('postgresql'))('a real server', () => {
  let server: Daemon;
  const own = certificate({ name: 'localhost', extensions: [] });
  beforeAll(async () => {
    server = await startPostgresql({
      certificate: own,
      hba: `local all all trust
host all clear 127.0.0.1/32 password
host all hashed 127.0.0.1/32 md5
hostssl all app 127.0.0.1/32 scram-sha-256
host all late 127.0.0.1/32 scram-sha-256
`,
      sql: {
        postgres: `create role app login password '${PASSWORD}';

create role late login password '${PASSWORD}' valid until '2001-01-01';

create role clear login password '${PASSWORD}';

set password_encryption = md5; create role hashed login password '${PASSWORD}';

create sequence public.numbers; grant all on sequence public.numbers to app;

create database ledger owner app;

`,
      },
    });
  });
  afterAll(() => server?.stop());
  const url = (user: string, rest = ''): string => `postgres://${user}:${PASSWORD}@127.0.0.1:${server.port}/ledger${rest}`;

  test('a session is read-only, bounded in time, and says who it is', async () => {
    const session = await opened(url('app').replace('/ledger', '/postgres'));
    expect(session.transport).toBe('loopback');
    expect(session.address).toMatchObject({ user: 'app', database: 'postgres' });
    const names = ['default_transaction_read_only', 'statement_timeout', 'lock_timeout', 'application_name', 'search_path'];
    expect(await session.query(`select ${names.map((name) => `current_setting('${name}') as "${name}"`).join(', ')}`)).toEqual([
      {
        default_transaction_read_only: 'on',
        statement_timeout: '2s',
        lock_timeout: '1s',
        application_name: 'custos',
        search_path: 'pg_catalog',
      },
    ]);
    expect(why(await session.query("select nextval('public.numbers') as made"))).toBe('unsupported: SQLSTATE 25006');
    expect(why(await session.query('select rolpassword from pg_authid'))).toBe('access-denied: insufficient privilege');
    expect(why(await session.query('select pg_sleep(20) as slept'))).toBe('timed-out: statement');
    expect(await session.query('select 1 as one')).toEqual([{ one: '1' }]);
  });

  test('rows beyond the bound make it unknown, and the session goes on; bytes beyond end it', async () => {
    const session = await opened(url('app'));
    expect(why(await session.query('select n from generate_series(1, 11) as n', 10))).toBe('unsupported: more than 10 rows');
    expect(await session.query('select n from generate_series(1, 2) as n', 2)).toEqual([{ n: '1' }, { n: '2' }]);
    expect(why(await session.query(`select repeat('x', 1000000) as x from generate_series(1, 100)`, 100))).toBe(
      'unsupported: more than it may send',
    );
    expect(why(await session.query('select 1 as one'))).toBe('unsupported: more than it may send');
  });

  test('another database of the server, a Unix socket, a sealed address, and verified TLS', async () => {
    expect((await opened(url('app'), { database: 'postgres' })).address.database).toBe('postgres');
    expect(why(await open(`postgres://postgres@/postgres?host=${server.directory}`))).toMatch(/^unreachable: .*\.s\.PGSQL\.5432: ENOENT$/);
    const socket = await opened(`postgres://postgres@:${server.port}/postgres?host=${server.directory}`);
    expect(socket.transport).toBe('socket');
    const secrets = new OpenedSecrets();
    const sealed = await open('postgres://x', { address: new Secret(url('app')) }, secrets);
    expect(why(sealed)).toBe('a session');
    expect([secrets.revealedBy(() => url('app')), secrets.revealedBy(() => `"${PASSWORD}"`), secrets.revealedBy(() => 'app')]).toEqual([
      true,
      true,
      false,
    ]);
    const ca = readFileSync(own.ca, 'utf8');
    const host = `postgres://app:${PASSWORD}@localhost:${server.port}/ledger?sslmode=verify-full`;
    expect(why(await open(host, { ca }))).toBe('a session');
    expect(why(await open(host))).toBe('refused: its certificate does not verify: UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    // Its certificate is for localhost and 127.0.0.1.
    expect(why(await open(host.replace('localhost', '[::ffff:127.0.0.1]'), { ca }))).toBe(
      'refused: its certificate does not verify: ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });

  test('what does not let us in says so, and never why in the server’s words', async () => {
    expect(why(await open(url('app').replace(PASSWORD, 'wrong')))).toBe('access-denied: the password was not accepted');
    expect(why(await open(url('late')))).toBe('access-denied: the password was not accepted');
    expect(why(await open(url('nobody')))).toBe('access-denied: the server does not let this account in from here');
    expect(why(await open(url('app', '?sslmode=disable')))).toBe('access-denied: the server does not let this account in from here');
    expect(why(await open(url('app').replace('/ledger', '/none')))).toBe('unreachable: there is no database of that name');
    expect(why(await open(`postgres://app@127.0.0.1:${server.port}/ledger`))).toBe(
      'access-denied: the server asks for a password, and the target has none',
    );
    expect(why(await open(url('app', '?sslmode=yes')))).toBe('unsupported: sslmode: none of PostgreSQL’s own');
    expect(why(await open(url('clear')))).toBe('a session');
    expect(why(await open(url('hashed')))).toBe('a session');
  });

  test('told to stop, it stops', async () => {
    const controller = new AbortController();
    const session = await opened(url('app'), { signal: controller.signal });
    const running = session.query('select pg_sleep(20) as slept');
    controller.abort();
    expect(why(await running)).toBe('timed-out: the run was told to stop');
    expect(why(await open(url('app'), { signal: AbortSignal.abort() }))).toMatch(/^timed-out: /);
  });
});

/** Plays a server: what comes is told, what it says is up to the test. Closes all its connections in the end. */
async function played(
  play: (socket: Socket, received: () => string) => void,
): Promise<{ port: number; received: () => string; open: () => number }> {
  let text = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => (text += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    play(socket, () => text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, received: () => text, open: () => sockets.size };
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const authentication = (code: number, rest = Buffer.alloc(0)): Buffer => {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(code);
  return message('R', Buffer.concat([body, rest]));
};
const READY = Buffer.concat([authentication(0), message('Z', Buffer.from('I'))]);
const column = (name: string): Buffer =>
  message(
    'T',
    Buffer.concat([
      Buffer.from([0, 1]),
      Buffer.from(`${name}\0`),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
    ]),
  );
const rowOf = (value: string): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(1);
  head.writeUInt32BE(value.length, 2);
  return message('D', Buffer.concat([head, Buffer.from(value)]));
};
const DONE = Buffer.concat([message('C', Buffer.from('SELECT 1\0')), message('Z', Buffer.from('I'))]);
/** Refuses TLS, lets everybody in and answers that the session is read-only; what follows is the test's. */
const friendly =
  (then: (socket: Socket) => void) =>
  (socket: Socket): void => {
    let step = 0;
    socket.on('data', () => {
      step += 1;
      if (step === 1) socket.write('N');
      else if (step === 2) socket.write(READY);
      else if (step === 3) socket.write(Buffer.concat([column('read_only'), rowOf('on'), DONE]));
      else then(socket);
    });
  };

describe('hostile servers', () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['silence', () => undefined, /^timed-out: SSLRequest$/],
    ['an end at once', (socket) => socket.end(), /^unreachable: SSLRequest: the connection ended$/],
    ['garbage', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /^unparseable: SSLRequest: neither S nor N$/],
    ['octets behind the answer', (socket) => socket.write('SR'), /^unparseable: SSLRequest: neither S nor N$/],
    ['TLS that never comes', (socket) => socket.write('S'), /^timed-out: TLS$/],
    ['no login', (socket) => socket.write('N'), /^timed-out: login$/],
    [
      'garbage behind the answer',
      (socket) => {
        socket.write('N');
        socket.once('data', () => setTimeout(() => socket.write('\0'.repeat(200)), 50));
      },
      /^unparseable: what answers does not speak PostgreSQL’s protocol$/,
    ],
    [
      'an authentication that nobody knows',
      (socket) =>
        socket.once('data', () => {
          socket.write('N');
          socket.once('data', () => socket.write(authentication(99)));
        }),
      /^unparseable: what answers does not speak PostgreSQL’s protocol$/,
    ],
    [
      'endless data',
      (socket) =>
        socket.once('data', () => {
          socket.write('N');
          socket.once('data', () => {
            const more = (): void =>
              void (socket.destroyed || socket.write(message('N', Buffer.from(`M${'A'.repeat(60_000)}\0\0`)), () => setImmediate(more)));
            more();
          });
        }),
      /^unsupported: more than it may send$/,
    ],
    [
      'a notice without an end',
      (socket) =>
        socket.once('data', () => {
          socket.write('N');
          socket.once('data', () => socket.write(message('N', Buffer.alloc(60_000, 65))));
        }),
      /^unparseable: what answers does not speak PostgreSQL’s protocol$/,
    ],
    [
      'one octet at a time',
      (socket) =>
        socket.once('data', () => {
          socket.write('N');
          let at = 0;
          const slow = message('N', Buffer.from(`M${'A'.repeat(90)}\0\0`));
          const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write(slow.subarray(at, (at += 1)))), 60);
        }),
      /^timed-out: login$/,
    ],
    [
      'a message of 4 GB',
      (socket) =>
        socket.once('data', () => {
          socket.write('N');
          socket.once('data', () => socket.write(Buffer.from([0x52, 255, 255, 255, 255])));
        }),
      /^unparseable: what answers does not speak PostgreSQL’s protocol$/,
    ],
  ])('%s', async (_, play, expected) => {
    const server = await played(play);
    const started = performance.now();
    expect(why(await open(`postgres://app:${PASSWORD}@127.0.0.1:${server.port}/x`))).toMatch(expected);
    expect(performance.now() - started).toBeLessThan(2500);
    expect(server.received()).not.toContain(PASSWORD);
    await expect.poll(server.open).toBe(0);
  });

  test('a closed port', async () => {
    const server = await played(() => undefined);
    await closers.pop()?.();
    expect(why(await open(`postgres://app@127.0.0.1:${server.port}/x`))).toBe(`refused: 127.0.0.1:${server.port}: ECONNREFUSED`);
  });

  test.each<[string, (socket: Socket) => void, string]>([
    [
      'a death half-way',
      (socket) => {
        socket.write(Buffer.concat([column('a'), rowOf('1')]));
        setTimeout(() => socket.destroy(), 30);
      },
      'unreachable',
    ],
    ['silence', () => undefined, 'timed-out: statement'],
    [
      'more rows than were asked for',
      (socket) => socket.write(Buffer.concat([column('a'), ...Array.from({ length: 50 }, () => rowOf('1'))])),
      'unsupported: more than 10 rows',
    ],
    ['rows that belong to nothing', (socket) => socket.write(Buffer.concat([rowOf('1'), rowOf('2')])), 'timed-out: statement'],
  ])('%s in the middle of a session', async (_, then, expected) => {
    const server = await played(friendly(then));
    const session = await opened(`postgres://app@127.0.0.1:${server.port}/x`, { timeout: 150 });
    expect(why(await session.query('select a from t', 10))).toContain(expected);
    expect(why(await session.query('select a from t', 10))).not.toBe('a session');
    await session.close();
    await expect.poll(server.open).toBe(0);
  });

  test('a session that does not say that it is read-only is none', async () => {
    let step = 0;
    const server = await played((socket) =>
      socket.on('data', () => {
        step += 1;
        socket.write(step === 1 ? 'N' : step === 2 ? READY : Buffer.concat([column('read_only'), rowOf('off'), DONE]));
      }),
    );
    expect(why(await open(`postgres://app@127.0.0.1:${server.port}/x`))).toBe(
      'refused: the session would not be read-only: a pooler between us and the server, perhaps',
    );
  });
});

describe('over a network that nobody vouches for', () => {
  // Every address of the machine beyond loopback is such a network.
  const away = (): string | undefined =>
    Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  const sasl = Buffer.from('SCRAM-SHA-256\0\0');
  const asks = async (...demands: readonly Buffer[]) => {
    const host = away();
    if (host === undefined) return undefined;
    let text = '';
    const server = createServer((socket) => {
      let step = 0;
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        step += 1;
        const demand = demands[step - 2];
        if (step === 1) socket.write('N');
        else if (demand !== undefined) socket.write(demand);
      });
    });
    server.listen(0, host);
    await once(server, 'listening');
    closers.push(() => server.close());
    const address = server.address();
    return { url: `postgres://app:${PASSWORD}@${host}:${typeof address === 'object' ? address?.port : 0}/x`, received: () => text };
  };

  test('nothing is sent without verified TLS', async () => {
    const server = await asks(authentication(3));
    if (server === undefined) return;
    for (const mode of ['', '?sslmode=prefer', '?sslmode=require'])
      expect(why(await open(server.url + mode))).toBe('refused: it offers no TLS: no credentials are sent without verified TLS');
    expect(why(await open(`${server.url}?sslmode=disable`))).toBe('refused: no credentials are sent without verified TLS');
    expect(server.received()).not.toContain('app');
  });

  test.each([
    ['in clear', [authentication(3)], 'refused: it asks for the password in clear'],
    ['as MD5', [authentication(5, Buffer.from('salt'))], 'refused: it asks for the password as MD5'],
    ['in clear, after SCRAM', [authentication(10, sasl), authentication(3)], 'refused: it asks for the password in clear'],
  ])('insecure: true gives the password to nobody who asks for it %s', async (_, demands, expected) => {
    const server = await asks(...demands);
    if (server === undefined) return;
    expect(why(await open(`${server.url}?sslmode=prefer`, { insecure: true }))).toBe(expected);
    expect(server.received()).toContain('app');
    expect(server.received()).not.toContain(PASSWORD);
    expect(server.received()).not.toMatch(/md5[0-9a-f]{32}/);
  });
});
