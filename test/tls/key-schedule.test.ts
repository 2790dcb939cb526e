import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined } from '../../src/tls/bytes.ts';
import { CIPHER_SUITES } from '../../src/tls/cipher-suites.ts';
import { MessageReader, RecordReader } from '../../src/tls/flight.ts';
import { certificateList, serverHello } from '../../src/tls/server-messages.ts';
import { keysOf, prf, protectionOf, type RecordKeys, type Version12 } from '../../src/tls/tls12-keys.ts';
import { expandLabel, extract, ownShare, Protection, SPOKEN13, SUITES13 } from '../../src/tls/tls13-keys.ts';
import { flipped } from '../support/played-wire.ts';
import { CbcDirection, keysOf as otherKeysOf, prf as otherPrf } from '../support/servers/tls12-keys.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** RFC 8448 3, "Simple 1-RTT Handshake", as the RFC prints it. */
const TRACE = Object.fromEntries(
  readFileSync(new URL('../fixtures/tls/rfc8448-simple.txt', import.meta.url), 'latin1')
    .split(/^(?=\w+:$)/m)
    .map((part) => [part.slice(0, part.indexOf(':')), bytes(part.slice(part.indexOf(':') + 1))]),
);
const traced = (name: string): Uint8Array => TRACE[name] ?? new Uint8Array();
const SHARED = bytes('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  createHash('sha256')
    .update(joined(...parts))
    .digest();

describe('the trace of RFC 8448', () => {
  const aes = SUITES13[0x1301];
  if (aes === undefined) throw new Error('AES-128-GCM is not spoken');
  const nothing = sha256();
  const derive = (secret: Uint8Array, label: string, context: Uint8Array): Uint8Array => expandLabel(secret, label, context, 32, 'sha256');
  const zeros = new Uint8Array(32);
  const early = extract(zeros, zeros, 'sha256');
  const handshake = extract(derive(early, 'derived', nothing), SHARED, 'sha256');
  const hellos = sha256(traced('ClientHello'), traced('ServerHello'));
  const master = extract(derive(handshake, 'derived', nothing), zeros, 'sha256');

  test('gives every secret that the RFC prints', () => {
    expect(hexOf(early)).toBe('33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a');
    expect(hexOf(derive(early, 'derived', nothing))).toBe('6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba');
    expect(hexOf(handshake)).toBe('1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac');
    expect(hexOf(hellos)).toBe('860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8');
    expect(hexOf(derive(handshake, 'c hs traffic', hellos))).toBe('b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
    expect(hexOf(derive(handshake, 's hs traffic', hellos))).toBe('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
    expect(hexOf(master)).toBe('18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919');
    const server = derive(handshake, 's hs traffic', hellos);
    expect(hexOf(expandLabel(server, 'key', new Uint8Array(), 16, 'sha256'))).toBe('3fce516009c21727d0f2e4e86ee403bc');
    expect(hexOf(expandLabel(server, 'iv', new Uint8Array(), 12, 'sha256'))).toBe('5d313eb2671276ee13000b30');
    expect(hexOf(new Protection(server, aes).finishedKey)).toBe('008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8');
  });

  test('is read: its ServerHello, its encrypted flight, its certificate and its Finished', () => {
    const hello = serverHello(traced('ServerHello').subarray(4));
    expect(hello).toMatchObject({ version: 0x0304, suite: 0x1301, group: 29, retry: false });
    const [record] = new RecordReader().push(traced('flight'));
    if (record === undefined) throw new Error('no record');
    const server = new Protection(derive(handshake, 's hs traffic', hellos), aes);
    const opened = server.open(record);
    expect(opened?.type).toBe(22);
    const messages = new MessageReader().push(opened?.body ?? new Uint8Array());
    expect(messages.map(({ type }) => type)).toEqual([8, 11, 15, 20]);
    expect(certificateList(messages[1]?.body ?? new Uint8Array(), 0x0304)?.certificates.map(({ length }) => length)).toEqual([432]);
    const before = sha256(traced('ClientHello'), traced('ServerHello'), ...messages.slice(0, 3).map(({ whole }) => whole));
    expect(hexOf(messages[3]?.body ?? new Uint8Array())).toBe(createHmac('sha256', server.finishedKey).update(before).digest('hex'));

    const finished = sha256(traced('ClientHello'), traced('ServerHello'), ...messages.map(({ whole }) => whole));
    expect(hexOf(finished)).toBe('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13');
    expect(hexOf(derive(master, 'c ap traffic', finished))).toBe('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
    expect(hexOf(derive(master, 's ap traffic', finished))).toBe('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');

    const client = new Protection(derive(handshake, 'c hs traffic', hellos), aes);
    const verify = createHmac('sha256', client.finishedKey).update(finished).digest();
    expect(hexOf(client.seal(22, joined([20, 0, 0, 32], verify)))).toBe(`1703030035${hexOf(traced('finished'))}`);
    const own = new Protection(derive(master, 'c ap traffic', finished), aes);
    own.seal(23, new Uint8Array(50)); // the trace sends data before it closes
    expect(hexOf(own.seal(21, Uint8Array.of(1, 0)))).toBe(`1703030013${hexOf(traced('close'))}`);
  });

  test('cannot be read with one bit of it turned round', () => {
    const [{ type, version, body } = { type: 0, version: 0, body: new Uint8Array() }] = new RecordReader().push(traced('flight'));
    for (let bit = 0; bit < body.length * 8; bit += 37) {
      const server = new Protection(derive(handshake, 's hs traffic', hellos), aes);
      expect(server.open({ type, version, body: flipped(body, bit) })).toBeUndefined();
    }
  });
});

describe('records of TLS 1.3', () => {
  test.each(SPOKEN13.suites)('suite %i: what is sealed is opened, in order and once', (code) => {
    const suite = SUITES13[code];
    if (suite === undefined) throw new Error('not spoken');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(21, 22, 23), fc.uint8Array({ maxLength: 200 })), { maxLength: 5 }), (sent) => {
        const secret = new Uint8Array(suite.hash === 'sha384' ? 48 : 32).fill(7);
        const [a, b, late] = [new Protection(secret, suite), new Protection(secret, suite), new Protection(secret, suite)];
        const records = sent.map(([type, body]) => a.seal(type, body));
        for (const [index, record] of records.entries()) {
          const [read] = new RecordReader().push(record);
          if (read === undefined) throw new Error('no record');
          const opened = b.open(read);
          expect([opened?.type, Uint8Array.from(opened?.body ?? [])]).toEqual([sent[index]?.[0], Uint8Array.from(sent[index]?.[1] ?? [])]);
          if (index > 0) expect(late.open(read) !== undefined && index === 0).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });

  test.each(SPOKEN13.groups)('group %i: both sides agree, and nobody with a point that is none', (group) => {
    const [a, b] = [ownShare(group), ownShare(group)];
    expect(hexOf(a.secret(b.key) ?? new Uint8Array())).toBe(hexOf(b.secret(a.key) ?? new Uint8Array(1)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), (theirs) => {
        if (theirs.length !== a.key.length || group !== 29) expect(a.secret(theirs)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
    expect(a.secret(new Uint8Array(a.key.length))).toBeUndefined(); // X25519's zero, and no point on a curve
  });
});

describe('the pseudorandom function', () => {
  // Mail of the TLS working group of 2010-11-02, "TLS 1.2 Test vectors".
  test('of TLS 1.2 with SHA-256', () => {
    const [secret, seed] = [bytes('9bbe436ba940f017b17652849a71db35'), bytes('a0ba9f936cda311827a6f796ffd5198c')];
    expect(hexOf(prf('TLSv1.2', 'sha256', secret, 'test label', seed, 100))).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab' +
        '4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    );
  });

  // The widely used vector of the TLS 1.0 function: 48 bytes of ab, 64 of cd.
  test('of TLS 1.0', () => {
    const [secret, seed] = [new Uint8Array(48).fill(0xab), new Uint8Array(64).fill(0xcd)];
    expect(hexOf(prf('TLSv1', 'sha256', secret, 'PRF Testvector', seed, 104))).toBe(
      'd3d4d1e349b5d515044666d51de32bab258cb521b6b053463e354832fd976754443bcf9a296519bc289abcbc1187e4ebd31e602353776c408aafb74cbc85eff6' +
        '9255f9788faa184cbb957a9819d84a5d7eb006eb459d3ae8de9810454b8b2d8f1afbc655a8c9a013',
    );
  });

  test('agrees with another one, whatever the secret', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 70 }),
        fc.uint8Array({ maxLength: 70 }),
        fc.integer({ min: 1, max: 150 }),
        (secret, seed, length) => {
          for (const [version, code] of [
            ['TLSv1', 0x0301],
            ['TLSv1.1', 0x0302],
            ['TLSv1.2', 0x0303],
          ] as const)
            expect(hexOf(prf(version, 'sha256', secret, 'x', seed, length))).toBe(hexOf(otherPrf(code, secret, 'x', seed, length)));
        },
      ),
    );
  });
});

const CODES = { TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303 } as const;

describe('records up to TLS 1.2', () => {
  const spoken = [...CIPHER_SUITES.keys()].filter((code) => protectionOf(code) !== undefined);
  const directions = (version: Version12, code: number): { readonly client: RecordKeys; readonly server: RecordKeys } => {
    const protection = protectionOf(code);
    if (protection === undefined) throw new Error(`${code} is not spoken`);
    return keysOf(version, protection, new Uint8Array(48).fill(1), new Uint8Array(32).fill(2), new Uint8Array(32).fill(3));
  };

  test('are spoken for AES, Camellia and 3DES with RSA, DHE and ECDHE alone', () => {
    expect(spoken.length).toBeGreaterThan(40);
    for (const code of spoken) {
      const suite = CIPHER_SUITES.get(code);
      expect(['AES', 'CAMELLIA', '3DES']).toContain(suite?.encryption);
      expect(suite?.exportGrade).toBe(false);
    }
  });

  test('what is sealed is opened, for every suite and version', () => {
    for (const code of spoken) {
      const suite = CIPHER_SUITES.get(code);
      for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const) {
        if (suite?.since === 'TLSv1.2' && version !== 'TLSv1.2') continue;
        const [a, b] = [directions(version, code).client, directions(version, code).client];
        for (const text of ['', 'a', 'x'.repeat(100)]) {
          const [record] = new RecordReader().push(a.seal(23, new TextEncoder().encode(text)));
          if (record === undefined) throw new Error('no record');
          expect(record.version).toBe(CODES[version]);
          expect(Buffer.from(b.open(record) ?? [255]).toString(), `${suite?.name ?? ''} ${version}`).toBe(text);
        }
      }
    }
  });

  test('agree with another record layer, both ways', () => {
    for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const) {
      const ours = directions(version, 0x002f);
      const theirs = otherKeysOf(CODES[version], new Uint8Array(48).fill(1), new Uint8Array(32).fill(2), new Uint8Array(32).fill(3));
      const opened = (direction: CbcDirection, sealed: Uint8Array): string => {
        const { verdict, content } = direction.open(23, Buffer.from(sealed.subarray(5)));
        return `${verdict} ${content.toString()}`;
      };
      for (const text of ['first', 'second', '']) {
        expect(opened(theirs.client, ours.client.seal(23, new TextEncoder().encode(text)))).toBe(`good ${text}`);
        const [record] = new RecordReader().push(theirs.server.seal(23, Buffer.from(text)));
        if (record === undefined) throw new Error('no record');
        expect(Buffer.from(ours.server.open(record) ?? [255]).toString()).toBe(text);
      }
    }
  });

  test('bent or random, are not opened, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0x002f, 0x0035, 0x000a, 0x009c, 0xc030),
        fc.nat(),
        fc.uint8Array({ maxLength: 120 }),
        (code, bit, random) => {
          const { client } = directions('TLSv1.2', code);
          const sealed = client.seal(23, new Uint8Array(40)).subarray(5);
          const reader = (): RecordKeys => directions('TLSv1.2', code).client;
          expect(reader().open({ type: 23, version: 0x0303, body: random })).toBeUndefined();
          expect(reader().open({ type: 22, version: 0x0303, body: sealed })).toBeUndefined();
          // The padding's own bytes but the last are not looked at: what the MAC covers is.
          expect(reader().open({ type: 23, version: 0x0303, body: flipped(sealed, bit % (8 * 32)) })).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });
});
