import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { getActiveResourcesInfo } from 'node:process';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import type { Unknown } from '../../src/model/fact.ts';
import type { DatabaseLogin, SqlSession } from '../../src/world/database.ts';
import { readGreeting } from '../../src/world/mysql-greeting.ts';
import { nodeDatabases } from '../../src/world/node-databases.ts';
import { OpenedSecrets, Secret } from '../../src/world/secret.ts';
import { keeper } from '../support/run-servers.ts';
import { certificate } from '../support/servers/certificate.ts';
import { Connection, startScriptedServer } from '../support/servers/scripted-server.ts';

const kept = keeper();
const PASSWORD = 'canary-mysql-password';
const CLIENT_SSL = 0x0800;

/** A packet: 3 bytes of length, its number, and what it holds. */
function packet(number: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  return Buffer.concat([Buffer.from([body.length & 255, (body.length >> 8) & 255, body.length >> 16, number]), body]);
}

/** What a MySQL 8.4 says first. */
function greeting({ tls = false, plugin = 'caching_sha2_password', version = '8.4.3' } = {}): Buffer {
  const capabilities = 0x0200 | 0x8000 | 0x0001 | 0x0008 | (tls ? CLIENT_SSL : 0);
  const upper = 0x0008 | 0x0010 | 0x0020; // PLUGIN_AUTH, CONNECT_ATTRS, PLUGIN_AUTH_LENENC_CLIENT_DATA
  const salt = 'abcdefgh';
  const rest = 'ijklmnopqrst\0';
  return packet(
    0,
    Buffer.from([10]),
    `${version}\0`,
    Buffer.from([7, 0, 0, 0]),
    salt,
    Buffer.from([0, capabilities & 255, capabilities >> 8, 255, 2, 0, upper & 255, upper >> 8, 21]),
    Buffer.alloc(10),
    rest,
    `${plugin}\0`,
  );
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);
const switchTo = (plugin: string): Buffer => packet(2, Buffer.from([0xfe]), `${plugin}\0`, 'ABCDEFGHIJKLMNOPQRST\0');
const column = (number: number, name: string): Buffer => {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return packet(
    number,
    text('def'),
    text(''),
    text(''),
    text(''),
    text(name),
    text(name),
    Buffer.from([12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
  );
};

/** Everything that the client has sent. */
async function readAll(connection: Connection, into: Buffer[]): Promise<void> {
  while (!connection.closed) into.push(await connection.take(1));
}

async function message(connection: Connection, into: Buffer[] = []): Promise<Buffer> {
  const header = await connection.take(4);
  const body = await connection.take(header.readUIntLE(0, 3));
  into.push(header, body);
  return body;
}

/** Lets the client in, whatever it proves, and answers each statement by `answer`. */
const serving =
  (answer: (statement: string, connection: Connection) => Promise<void> | void) =>
  async (connection: Connection): Promise<void> => {
    connection.send(greeting({ plugin: 'mysql_native_password' }));
    await message(connection);
    connection.send(packet(2, OK));
    while (!connection.closed) await answer((await message(connection)).subarray(1).toString(), connection);
  };

/** Answers what every session begins with; the rest is the test's. */
const begun =
  (answer: (connection: Connection) => Promise<void> | void) =>
  (statement: string, connection: Connection): Promise<void> | void => {
    if (statement.startsWith('SET ')) return connection.send(packet(1, OK));
    if (statement.startsWith('show session variables'))
      return connection.send(
        Buffer.concat([
          packet(1, Buffer.from([2])),
          column(2, 'Variable_name'),
          column(3, 'Value'),
          packet(4, EOF),
          packet(5, Buffer.from([21]), 'transaction_read_only', Buffer.from([2]), 'ON'),
          packet(6, EOF),
        ]),
      );
    return answer(connection);
  };

function login(host: string, port: number, more: Partial<DatabaseLogin> = {}): DatabaseLogin {
  return {
    address: { engine: 'mysql', scheme: 'mysql', host, port, user: 'audit', parameters: {} },
    password: new Secret(PASSWORD),
    insecure: false,
    timeout: 500,
    signal: new AbortController().signal,
    ...more,
  };
}

async function tryTo(host: string, port: number, more: Partial<DatabaseLogin> = {}): Promise<SqlSession | Unknown> {
  return nodeDatabases(new OpenedSecrets()).mysql(login(host, port, more));
}

async function refusal(host: string, port: number, more: Partial<DatabaseLogin> = {}): Promise<readonly [string, string]> {
  const session = await tryTo(host, port, more);
  if (!('state' in session)) {
    await session.close();
    throw new Error('it was let in');
  }
  return [session.cause, session.detail.replace(/^mysql:\/\/[\d.]+:\d+:? ?/, '')];
}

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('the greeting', () => {
  test('is read whole, and nothing beside it', () => {
    const whole = greeting({ tls: true });
    expect(readGreeting(whole)).toEqual({ kind: 'greeting', version: '8.4.3', tls: true });
    for (let length = 0; length < whole.length; length += 1) expect(readGreeting(whole.subarray(0, length))).toBeUndefined();
    expect(readGreeting(Buffer.concat([whole, switchTo('mysql_clear_password')]))).toEqual({ problem: 'it speaks before it is asked' });
    expect(readGreeting(packet(0, Buffer.from([0xff, 0x6a, 0x04]), 'Host is not allowed'))).toEqual({ kind: 'error', code: 1130 });
  });
  test.each([
    ['a packet with another number', packet(1, Buffer.from([10]), '8.4.3\0', Buffer.alloc(20))],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['an empty packet', packet(0)],
    ['another protocol', packet(0, Buffer.from([9]), '3.20\0', Buffer.alloc(20))],
    ['no end of the version', packet(0, Buffer.from([10]), '8.4.3')],
    ['capabilities from before 4.1', packet(0, Buffer.from([10]), '4.0\0', Buffer.alloc(20))],
    ['16 MB', Buffer.from([255, 255, 255, 0, 10])],
  ])('%s is none', (_, bytes) => {
    expect(readGreeting(bytes)).toHaveProperty('problem');
  });
});

describe('a hostile server', () => {
  const scripts: Readonly<Record<string, readonly [(connection: Connection) => Promise<void> | void, string]>> = {
    silence: [(connection) => connection.drain(), 'timed-out'],
    close: [(connection) => void connection.socket.end(), 'unreachable'],
    reset: [(connection) => void connection.socket.resetAndDestroy(), 'unreachable'],
    garbage: [(connection) => connection.send(Buffer.from('\u0001\u0002garbage and more of it')), 'unparseable'],
    'one byte a second': [
      async (connection) => {
        for (const byte of greeting()) {
          if (!(await connection.push(Buffer.from([byte])))) return;
          await delay(1_000);
        }
      },
      'timed-out',
    ],
    'a refusal': [(connection) => connection.send(packet(0, Buffer.from([0xff, 0x10, 0x04]), 'Too many connections')), 'refused'],
    'an answer before the question': [(connection) => connection.send(Buffer.concat([greeting(), packet(1, OK)])), 'unparseable'],
    'silence after the login': [
      async (connection) => {
        connection.send(greeting());
        await connection.drain();
      },
      'timed-out',
    ],
    'endless data after the login': [
      async (connection) => {
        connection.send(greeting());
        await message(connection);
        while (await connection.push(packet(2, Buffer.alloc(65_000, 1))));
      },
      'unsupported',
    ],
    'a packet of 16 MB after the login': [
      async (connection) => {
        connection.send(greeting());
        await message(connection);
        connection.send(Buffer.from([255, 255, 255, 2]));
        while (await connection.push(Buffer.alloc(65_536, 1)));
      },
      'unsupported',
    ],
    'garbage after the login': [
      async (connection) => {
        connection.send(greeting());
        await message(connection);
        connection.send(packet(2, Buffer.from([0x77]), 'what is this'));
        await connection.drain();
      },
      'unparseable',
    ],
    'a plugin that nobody knows': [
      async (connection) => {
        connection.send(greeting());
        await message(connection);
        connection.send(switchTo('__proto__'));
        await connection.drain();
      },
      'unsupported',
    ],
    'the password scheme of MySQL 3': [
      async (connection) => {
        connection.send(greeting());
        await message(connection);
        connection.send(packet(2, Buffer.from([0xfe])));
        await connection.drain();
      },
      'unsupported',
    ],
    'it takes no SET': [
      serving((_, connection) => connection.send(packet(1, Buffer.from([0xff, 0x28, 0x04]), '#42000syntax'))),
      'unsupported',
    ],
    'a session that would not be read-only': [
      serving((statement, connection) =>
        connection.send(
          statement.startsWith('SET ')
            ? packet(1, OK)
            : Buffer.concat([
                packet(1, Buffer.from([1])),
                column(2, 'v'),
                packet(3, EOF),
                packet(4, Buffer.from([3]), 'OFF'),
                packet(5, EOF),
              ]),
        ),
      ),
      'refused',
    ],
  };
  test.each(Object.keys(scripts))('%s', async (name) => {
    const [script, cause] = scripts[name] ?? [() => undefined, ''];
    const server = await kept(startScriptedServer(script));
    const begin = performance.now();
    expect((await refusal('127.0.0.1', server.port))[0]).toBe(cause);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  const answers: Readonly<Record<string, readonly [(connection: Connection) => Promise<void> | void, string]>> = {
    'no list': [(connection) => connection.send(packet(1, OK)), 'unparseable'],
    'a list that breaks off': [
      (connection) => {
        connection.send(Buffer.concat([packet(1, Buffer.from([1])), column(2, 'a'), packet(3, EOF), packet(4, Buffer.from([1]), 'x')]));
        connection.socket.end();
      },
      'unreachable',
    ],
    'an error in the middle of a list': [
      (connection) =>
        connection.send(
          Buffer.concat([
            packet(1, Buffer.from([1])),
            column(2, 'a'),
            packet(3, EOF),
            packet(4, Buffer.from([1]), 'x'),
            packet(5, Buffer.from([0xff, 0xb1, 0x07]), '#70100max_statement_time exceeded'),
          ]),
        ),
      'timed-out',
    ],
    'rows without end': [
      async (connection) => {
        connection.send(Buffer.concat([packet(1, Buffer.from([1])), column(2, 'a'), packet(3, EOF)]));
        const row = Buffer.concat(
          Array.from({ length: 256 }, (_, index) => packet((4 + index) & 255, Buffer.from([200]), 'x'.repeat(200))),
        );
        while (await connection.push(row));
      },
      'unsupported',
    ],
    'a request for a file of ours': [(connection) => connection.send(packet(1, Buffer.from([0xfb]), '/etc/passwd')), 'any'],
    'packets out of order': [
      (connection) => {
        connection.send(Buffer.concat([packet(1, Buffer.from([1])), column(2, 'a'), packet(3, EOF)]));
        connection.send(Buffer.concat(Array.from({ length: 500 }, (_, index) => packet((90 + index) & 255, Buffer.from([1]), 'x'))));
        connection.send(packet(4, EOF));
      },
      'unparseable',
    ],
    silence: [(connection) => connection.drain(), 'timed-out'],
    'columns without end': [
      async (connection) => {
        connection.send(packet(1, Buffer.from([0xfc, 255, 255])));
        for (let number = 2; await connection.push(column(number & 255, 'a')); number += 1);
      },
      'any',
    ],
  };
  test.each(Object.keys(answers))(
    'in answer to a query: %s',
    async (name) => {
      const [answer, cause] = answers[name] ?? [() => undefined, ''];
      const got: Buffer[] = [];
      const server = await kept(
        startScriptedServer(
          serving(
            begun(async (connection) => {
              await answer(connection);
              if (!connection.closed) await readAll(connection, got).catch(() => undefined);
            }),
          ),
        ),
      );
      const session = await tryTo('127.0.0.1', server.port, { timeout: 300 });
      if ('state' in session) throw new Error(session.detail);
      const begin = performance.now();
      const said = vi.spyOn(console, 'error').mockReturnValue();
      const rows = await session.query('select 1', 100);
      expect(performance.now() - begin).toBeLessThan(8_000);
      expect('state' in rows ? (cause === 'any' ? cause : rows.cause) : rows).toBe(cause);
      expect(Buffer.concat(got).toString()).not.toContain('root:');
      // Whatever happened, the next answer is an answer to the next question, or there is none.
      expect(await session.query('select 2')).toHaveProperty('state', 'unknown');
      await session.close();
      expect(said.mock.calls.length).toBeLessThan(2);
      said.mockRestore();
    },
    15_000,
  );
});

/** What a server on another machine does to get at the password, and what it got. */
async function thief(
  script: (connection: Connection, got: Buffer[]) => Promise<void>,
  more: Partial<DatabaseLogin>,
): Promise<{ readonly refused: readonly [string, string]; readonly got: string }> {
  const got: Buffer[] = [];
  const server = await kept(
    startScriptedServer(
      async (connection) => {
        await script(connection, got);
        await readAll(connection, got);
      },
      undefined,
      outside,
    ),
  );
  // The machine’s authorities are read for the first time, which takes a while where others work.
  const refused = await refusal(outside ?? '', server.port, { timeout: 5_000, ...more });
  await delay(50);
  return { refused, got: Buffer.concat(got).toString('latin1') };
}

/** TLS by a certificate that nobody trusts, after the client asked for it. */
async function turnToTls(connection: Connection): Promise<Connection> {
  await message(connection);
  const { cert, key } = certificate({ selfSigned: true });
  const wire = new Duplex({ read: () => {}, write: (chunk: Buffer, _, done) => void connection.socket.write(chunk, done) });
  void (async () => {
    for (;;) wire.push(await connection.take(Math.max(1, connection.waiting)));
  })().catch(() => wire.destroy());
  const secure = new TLSSocket(wire, { isServer: true, cert: readFileSync(cert), key: readFileSync(key) });
  secure.on('error', () => {});
  return new Connection(secure);
}

describe.skipIf(outside === undefined)('credentials and a server on another machine', () => {
  const CLEAR = 'it asks for the password in clear, and nothing verified protects it';

  test('without TLS it gets nothing at all', async () => {
    const { refused, got } = await thief(async (connection) => connection.send(greeting()), {});
    expect(refused).toEqual(['refused', 'no password is sent in clear: use TLS, a Unix socket or loopback, or say insecure: true']);
    expect(got).toBe('');
  });

  test('with a certificate that does not verify it gets a request for TLS, and neither user nor password', async () => {
    const { refused, got } = await thief(async (connection, into) => {
      connection.send(greeting({ tls: true }));
      const secure = await turnToTls(connection);
      await readAll(secure, into).catch(() => undefined);
    }, {});
    expect(refused).toEqual(['refused', 'its certificate could not be verified, and nothing was sent (ca: names its authority)']);
    expect(got).toBe('');
  });

  test('where the user accepts a clear network it gets answers to its challenges, never the password', async () => {
    const tries: readonly [string, (connection: Connection, got: Buffer[]) => Promise<void>][] = [
      ['mysql_clear_password', async (connection) => connection.send(switchTo('mysql_clear_password'))],
      ['sha256_password', async (connection) => connection.send(switchTo('sha256_password'))],
      [
        'caching_sha2_password, all of it',
        async (connection, got) => {
          connection.send(switchTo('caching_sha2_password'));
          await message(connection, got);
          connection.send(packet(4, Buffer.from([1, 4])));
        },
      ],
    ];
    for (const [name, ask] of tries) {
      const { refused, got } = await thief(
        async (connection, into) => {
          connection.send(greeting());
          await message(connection, into);
          await ask(connection, into);
        },
        { insecure: true },
      );
      expect([name, ...refused]).toEqual([name, 'refused', CLEAR]);
      expect([name, got.includes('audit'), got.includes(PASSWORD)]).toEqual([name, true, false]);
    }
  });

  test('TLS that nobody verified protects no password either', async () => {
    for (const plugin of ['mysql_clear_password', 'sha256_password']) {
      const advertised = await thief(
        async (connection, into) => {
          connection.send(greeting({ tls: true, plugin }));
          const secure = await turnToTls(connection);
          await message(secure, into);
          secure.send(packet(3, Buffer.from([0xfe]), `${plugin}\0`, 'ABCDEFGHIJKLMNOPQRST\0'));
          await readAll(secure, into).catch(() => undefined);
        },
        { insecure: true },
      );
      expect([plugin, ...advertised.refused]).toEqual([plugin, 'refused', CLEAR]);
      expect([plugin, advertised.got.includes('audit'), advertised.got.includes(PASSWORD)]).toEqual([plugin, true, false]);
    }
  });
});

test('no socket is left', async () => {
  const ours = (): number => getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  for (let tries = 0; tries < 50 && ours() > 2; tries += 1) await delay(20);
  expect(ours()).toBeLessThanOrEqual(2);
});
