import { constants, createPublicKey, getDiffieHellman, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { joined, uint, vector } from '../../src/tls/bytes.ts';
import { handshake12, isSameSession, Tls12Connection, type Broken12 } from '../../src/tls/tls12-handshake.ts';
import { encryptedTo } from '../../src/tls/tls12-key-exchange.ts';
import { nodeNetwork } from '../../src/world/node-network.ts';
import { AT_ONCE, chunked, flipped, playedWire, type End } from '../support/played-wire.ts';
import { recorded } from '../support/recorded-flights.ts';
import { startScriptedServer, type ScriptedServer } from '../support/servers/scripted-server.ts';
import { finish, greet, identityOf, renegotiationInfo, ticketExtension } from '../support/servers/tls12-handshake.ts';
import { handshake, record, serverHello } from '../support/servers/wire.ts';

const running: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const RSA = [0x002f];
const VERSIONS = { TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303 } as const;

describe.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)('with %s', (protocol) => {
  const serve = async (): Promise<number> => {
    const identity = identityOf();
    const server = await startScriptedServer(async (connection) => {
      const hello = await connection.hello();
      const greeting = await greet(connection, identity, hello, {
        extensions: (one) => [...ticketExtension(one), ...renegotiationInfo(one).slice(1)],
      });
      if (greeting === undefined) return;
      const session = await finish(connection, identity, greeting, Buffer.from('ticket'));
      if (session === undefined) return;
      const { type, body } = await connection.record();
      const { content } = session.keys.client.open(type, body);
      connection.send(session.keys.server.seal(23, Buffer.concat([Buffer.from('echo '), content])));
      await connection.drain();
    });
    running.push(server);
    return server.port;
  };

  test('a whole handshake ends in records that both sides can read', async () => {
    const wire = await nodeNetwork.connect({
      host: '127.0.0.1',
      port: await serve(),
      timeout: 2_000,
      signal: new AbortController().signal,
    });
    if ('state' in wire) throw new Error(wire.detail);
    const connection = await handshake12(wire, { protocol, suites: RSA, ticket: new Uint8Array() }, AT_ONCE);
    if (!(connection instanceof Tls12Connection)) throw new Error(connection.detail);
    expect(connection.made).toMatchObject({ resumed: false, clientCertificate: 'none', ticketLifetime: 7_200 });
    expect(connection.made.resumable.ticket).toEqual(Uint8Array.from(Buffer.from('ticket')));
    expect(isSameSession(connection, connection.made.resumable)).toBe(false);
    connection.send(23, new TextEncoder().encode('hello'));
    const answer = await connection.next(1_000);
    expect('body' in answer && Buffer.from(answer.body).toString()).toBe('echo hello');
    wire.close();
  });
});

const outcome = (
  chunks: Iterable<Uint8Array>,
  end: End = 'end',
  protocol: keyof typeof VERSIONS = 'TLSv1.2',
): Promise<Tls12Connection | Broken12> =>
  handshake12(playedWire(chunks, end), { protocol, suites: [0x009e, 0x0033, 0x009c, 0x002f, 0xc02f] }, AT_ONCE);

describe('a peer of garbage', () => {
  const FLIGHTS = ['openssl-tls12-dhe', 'gnutls-tls12-rsa', 'nginx-tls12-client-certificate'] as const;

  test('random bytes end in words', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }),
        fc.constantFrom<End>('end', 'reset', 'timed-out'),
        async (chunks, end) => {
          expect(await outcome(chunks, end)).toMatchObject({ stage: 'hello' });
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(FLIGHTS)('%s, cut, turned round, in pieces and with anything behind it, is no handshake', async (name) => {
    const flight = recorded(name);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: flight.length }),
        fc.array(fc.nat(flight.length * 8 - 1), { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.array(fc.tuple(fc.constantFrom(20, 21, 22, 23), fc.uint8Array({ maxLength: 80 })), { maxLength: 4 }),
        async (length, bits, places, rest) => {
          const turned = bits.reduce(flipped, flight).subarray(0, length);
          const behind = rest.map(([type, body]) => joined([type, 3, 3], vector(2, body)));
          expect(await outcome([...chunked(turned, places), ...behind])).not.toBeInstanceOf(Tls12Connection);
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each(FLIGHTS)('%s: without a Finished the stage is the keys, and an alert keeps its code', async (name) => {
    const flight = recorded(name);
    const alert = (code: number): Uint8Array => joined([21, 3, 3, 0, 2, 2, code]);
    expect(await outcome([flight])).toMatchObject({ kind: 'closed', stage: 'keys' });
    expect(await outcome([flight], 'timed-out')).toMatchObject({ kind: 'timed-out', stage: 'keys' });
    expect(await outcome([flight, alert(40)])).toMatchObject({ kind: 'alert', alert: 40, stage: 'keys' });
    expect(await outcome([flight, joined([20, 3, 3, 0, 1, 1]), joined([22, 3, 3, 0, 40], new Uint8Array(40))])).toMatchObject({
      detail: 'a false Finished',
    });
  });

  test('a ChangeCipherSpec without a session to resume is none', async () => {
    const hello = recorded('gnutls-tls12-rsa').subarray(0, 90);
    expect(await outcome([joined([20, 3, 3, 0, 1, 1])])).toMatchObject({ detail: 'an early ChangeCipherSpec' });
    expect(await outcome([hello, joined([20, 3, 3, 0, 1, 1])])).toMatchObject({ kind: 'malformed' });
  });
});

const hello = (suite: number): Buffer => serverHello({ version: 0x0303, random: Buffer.alloc(32, 1), sessionId: Buffer.alloc(0), suite });
const flight = (...messages: readonly Uint8Array[]): readonly Uint8Array[] => messages.map((one) => record(22, 0x0303, one));

describe('numbers that cannot be computed with', () => {
  const dhe = (prime: Uint8Array, generator: Uint8Array, key: Uint8Array): Promise<Tls12Connection | Broken12> => {
    const parameters = handshake(12, Buffer.concat([vector(2, prime), vector(2, generator), vector(2, key)]));
    return outcome(flight(hello(0x009e), handshake(11, vector(3)), parameters, handshake(14)));
  };
  const good = getDiffieHellman('modp5').getPrime();
  const even = Uint8Array.from(good).fill(0xfe, -1);

  test.each<[string, Uint8Array, Uint8Array, Uint8Array]>([
    ['a prime of 60,000 bits', new Uint8Array(7_500).fill(0xff), Uint8Array.of(2), Uint8Array.of(5)],
    ['a prime of 9000 bits', new Uint8Array(1_125).fill(0xff), Uint8Array.of(2), Uint8Array.of(5)],
    ['no prime', new Uint8Array(), Uint8Array.of(2), Uint8Array.of(5)],
    ['zero', new Uint8Array(128), Uint8Array.of(2), Uint8Array.of(5)],
    ['one', Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(1)],
    ['an even number', even, Uint8Array.of(2), Uint8Array.of(5)],
    ['generator zero', good, Uint8Array.of(0), Uint8Array.of(5)],
    ['no generator', good, new Uint8Array(), Uint8Array.of(5)],
    ['public key zero', good, Uint8Array.of(2), Uint8Array.of(0)],
    ['public key one', good, Uint8Array.of(2), Uint8Array.of(1)],
    ['a public key above the prime', good, Uint8Array.of(2), new Uint8Array(300).fill(0xff)],
  ])('%s', async (_, prime, generator, key) => {
    const started = performance.now();
    expect(await dhe(prime, generator, key)).not.toBeInstanceOf(Tls12Connection);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('RSA keys of 256 and 32,768 bits, and an exponent as long as the modulus', () => {
    const key = (bytes: number, exponent = 'AQAB'): KeyObject =>
      createPublicKey({ key: { kty: 'RSA', n: Buffer.alloc(bytes, 0xff).toString('base64url'), e: exponent }, format: 'jwk' });
    const block = new Uint8Array(48).fill(1);
    expect(encryptedTo(key(256), constants.RSA_PKCS1_PADDING, block)?.length).toBe(256);
    expect(encryptedTo(key(32), constants.RSA_PKCS1_PADDING, block)).toBeUndefined();
    expect(encryptedTo(key(4_096), constants.RSA_PKCS1_PADDING, block)).toBeUndefined();
    expect(encryptedTo(key(2_048, Buffer.alloc(2_000, 0xff).toString('base64url')), constants.RSA_PKCS1_PADDING, block)).toBeUndefined();
  });

  test('messages without number', async () => {
    const many = Buffer.concat(Array.from({ length: 4_000 }, () => handshake(99)));
    const endless = function* (): Generator<Uint8Array> {
      yield* flight(hello(0x009e));
      for (;;) yield record(22, 0x0303, many);
    };
    const started = performance.now();
    expect(await outcome(endless())).toMatchObject({ kind: 'malformed', detail: 'more than 128 messages' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('a suite or version that was not asked for', async () => {
    expect(await outcome(flight(hello(0x0035)))).toMatchObject({ detail: 'no ServerHello of this version', stage: 'hello' });
    expect(await outcome(flight(hello(0x009e)), 'end', 'TLSv1.1')).toMatchObject({ detail: 'no ServerHello of this version' });
    expect(uint(VERSIONS['TLSv1.2'], 2)).toEqual(Uint8Array.of(3, 3));
  });
});
