import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../src/tls/byte-reader.ts';
import { joined, uint, vector } from '../../src/tls/bytes.ts';
import { CIPHER_SUITES } from '../../src/tls/cipher-suites.ts';
import {
  certificateList,
  extensionsIn,
  keyExchange,
  ocspResponse,
  requestedAuthorities,
  serverHello,
} from '../../src/tls/server-messages.ts';
import { extensionList, serverHello as builtHello, type Extension } from '../support/servers/wire.ts';

const bytes = (maxLength = 400): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const version = fc.constantFrom(0x0101, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304);
const suite = fc.constantFrom(...CIPHER_SUITES.keys());

describe('whatever the bytes, each reader reads or says that it cannot', () => {
  test('ServerHello, and what it says lies within its bytes', () => {
    fc.assert(
      fc.property(bytes(), (body) => {
        const hello = serverHello(body);
        if (hello === undefined) return;
        expect(hello.random.length).toBe(32);
        expect(hello.sessionId.length).toBeLessThanOrEqual(32);
        expect([...hello.extensions.values()].reduce((sum, { length }) => sum + length + 4, 0)).toBeLessThanOrEqual(body.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('Certificate, CertificateRequest, ServerKeyExchange, CertificateStatus', () => {
    fc.assert(
      fc.property(bytes(), version, suite, (body, version, suite) => {
        const certificates = certificateList(body, version)?.certificates ?? [];
        expect(certificates.every(({ length }) => length > 0 && length <= body.length)).toBe(true);
        const authorities = requestedAuthorities(body, version) ?? [];
        expect(authorities.every(({ length }) => length > 0 && length <= body.length)).toBe(true);
        const exchange = keyExchange(body, suite, version);
        if (exchange?.kind === 'dhe') expect(exchange.prime.length + exchange.key.length).toBeLessThan(body.length);
        if (exchange?.kind === 'ecdhe') expect(exchange.key.length).toBeLessThan(body.length);
        expect(ocspResponse(body)?.length ?? 0).toBeLessThanOrEqual(body.length);
        extensionsIn(body);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a reader that broke once gives nothing more', () => {
    fc.assert(
      fc.property(bytes(20), fc.array(fc.constantFrom('uint', 'vector', 'bytes'), { maxLength: 20 }), (body, steps) => {
        const reader = new ByteReader(body);
        let broken = false;
        for (const step of steps) {
          const got = step === 'uint' ? reader.uint(2) : step === 'vector' ? reader.vector(1) : reader.bytes(3);
          if (broken) expect(got).toBeUndefined();
          broken ||= got === undefined;
          expect(reader.broken).toBe(broken);
          expect(reader.left).toBeGreaterThanOrEqual(0);
        }
        if (broken) expect(reader.rest()).toEqual(new Uint8Array());
      }),
    );
  });
});

const extension = fc.tuple(
  fc.nat(65_535),
  fc.uint8Array({ maxLength: 30 }).map((body) => Buffer.from(body)),
);
const extensions = fc.uniqueArray(extension, { maxLength: 6, selector: ([type]) => type });

describe('a ServerHello', () => {
  const hello = (extensions: readonly Extension[], more: Partial<Parameters<typeof builtHello>[0]> = {}): ReturnType<typeof serverHello> =>
    serverHello(builtHello({ version: 0x0303, random: Buffer.alloc(32, 5), suite: 0xc02f, extensions, ...more }).subarray(4));

  test('is read as it was built', () => {
    fc.assert(
      fc.property(extensions, suite, fc.uint8Array({ maxLength: 32 }), (list, suite, sessionId) => {
        fc.pre(!list.some(([type]) => type === 43 || type === 51));
        const read = hello(list, { suite, sessionId });
        expect(read).toMatchObject({ version: 0x0303, suite, compression: 0, retry: false });
        expect(Buffer.from(read?.sessionId ?? [])).toEqual(Buffer.from(sessionId));
        expect([...(read?.extensions ?? [])].map(([type, body]) => [type, Buffer.from(body)])).toEqual(list);
      }),
    );
  });

  test('says its version in supported_versions, and none where that is broken', () => {
    expect(hello([[43, Buffer.from([3, 4])]])?.version).toBe(0x0304);
    for (const body of [[], [3], [3, 4, 0], [2, 3, 4]]) expect(hello([[43, Buffer.from(body)]])).toBeUndefined();
  });

  test('with an extension twice or a session id too long is none', () => {
    const twice: Extension = [0xff01, Buffer.from([0])];
    expect(hello([twice, twice])).toBeUndefined();
    expect(hello([], { sessionId: Buffer.alloc(33) })).toBeUndefined();
  });
});

describe('a list of certificates', () => {
  const list = (...certificates: readonly Uint8Array[]): Uint8Array => vector(3, ...certificates.map((one) => vector(3, one)));

  test('is read as it was built, with and without entries’ extensions', () => {
    const chain = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 });
    fc.assert(
      fc.property(chain, extensions, (chain, extra) => {
        const before = certificateList(list(...chain), 0x0303);
        expect(before?.certificates.map((one) => Uint8Array.from(one))).toEqual(chain.map((one) => Uint8Array.from(one)));
        const entries = chain.map((one) => joined(vector(3, one), extensionList(extra)));
        const modern = certificateList(joined([0], vector(3, ...entries)), 0x0304);
        expect(modern?.certificates.map((one) => Uint8Array.from(one))).toEqual(chain.map((one) => Uint8Array.from(one)));
      }),
    );
  });

  test('cut anywhere is none', () => {
    const whole = list(new Uint8Array(20), new Uint8Array(30));
    for (let length = 0; length < whole.length; length += 1) expect(certificateList(whole.subarray(0, length), 0x0303)).toBeUndefined();
  });

  test('of empty certificates, or of more than any server has, is none', () => {
    expect(certificateList(list(new Uint8Array()), 0x0303)).toBeUndefined();
    expect(certificateList(list(Uint8Array.of(1), new Uint8Array()), 0x0303)).toBeUndefined();
    const many = (count: number): Uint8Array => list(...Array.from({ length: count }, () => Uint8Array.of(0x30)));
    expect(certificateList(many(50), 0x0303)?.certificates.length).toBe(50);
    expect(certificateList(many(10_000), 0x0303)).toBeUndefined();
  });

  test('gives the staple of the first entry alone', () => {
    const status = extensionList([[5, joined([1], vector(3, [7, 7]))]]);
    const entry = (more: Uint8Array): Uint8Array => joined(vector(3, [1]), more);
    const none = extensionList([]);
    expect(certificateList(joined([0], vector(3, entry(status), entry(none))), 0x0304)?.status).toEqual(Uint8Array.of(7, 7));
    expect(certificateList(joined([0], vector(3, entry(none), entry(status))), 0x0304)?.status).toBeUndefined();
  });
});

describe('a ServerKeyExchange', () => {
  const signed = (body: Uint8Array): Uint8Array => joined(body, uint(0x0804, 2), vector(2, new Uint8Array(64)));
  const curve = joined([3], uint(29, 2), vector(1, new Uint8Array(32)));
  const dh = joined(vector(2, new Uint8Array(128)), vector(2, [2]), vector(2, new Uint8Array(128)));

  test('is read by the suite and the version', () => {
    expect(keyExchange(signed(curve), 0xc02f, 0x0303)).toMatchObject({ kind: 'ecdhe', group: 29, scheme: 0x0804 });
    expect(keyExchange(signed(curve), 0xc013, 0x0302)).not.toHaveProperty('scheme');
    expect(keyExchange(curve, 0xc018, 0x0303)).toEqual({ kind: 'ecdhe', group: 29, key: new Uint8Array(32) }); // anonymous: nothing is signed
    expect(keyExchange(signed(dh), 0x009e, 0x0303)).toMatchObject({ kind: 'dhe', scheme: 0x0804 });
    expect(keyExchange(joined([1], new Uint8Array(40)), 0xc02f, 0x0303)).toEqual({ kind: 'explicit-curve' });
    expect(keyExchange(joined(vector(2, new Uint8Array(64)), vector(2, [1, 0, 1])), 0x0003, 0x0301)).toMatchObject({ kind: 'rsa-export' });
    expect(keyExchange(new Uint8Array(3), 0xe013, 0x0101)).toEqual({ kind: 'other' });
  });

  test('cut before its parameters end is none', () => {
    for (let length = 0; length < curve.length; length += 1)
      if (length !== 1 || curve[0] !== 3) expect(keyExchange(curve.subarray(0, length), 0xc02f, 0x0303)).toBeUndefined();
    for (let length = 0; length < dh.length; length += 1) expect(keyExchange(dh.subarray(0, length), 0x009e, 0x0303)).toBeUndefined();
  });
});

describe('the authorities of a CertificateRequest', () => {
  const names = vector(2, vector(2, [0x30, 0]), vector(2, [0x30, 1, 5]));
  test('are read in each version’s form', () => {
    const older = joined(vector(1, [1, 64]), names);
    const twelve = joined(vector(1, [1, 64]), vector(2, [4, 3]), names);
    const thirteen = joined(vector(1, []), extensionList([[47, names]]));
    for (const [body, version] of [
      [older, 0x0302],
      [twelve, 0x0303],
      [thirteen, 0x0304],
    ] as const) {
      expect(requestedAuthorities(body, version)?.length).toBe(2);
      for (let length = 0; length < body.length; length += 1)
        expect(requestedAuthorities(body.subarray(0, length), version)).toBeUndefined();
    }
  });

  test('are none where none is named, and not read where one is empty', () => {
    expect(requestedAuthorities(joined(vector(1, []), extensionList([])), 0x0304)).toEqual([]);
    expect(requestedAuthorities(joined(vector(1, [1]), vector(2, [])), 0x0302)).toEqual([]);
    expect(requestedAuthorities(joined(vector(1, [1]), vector(2, vector(2, []))), 0x0302)).toBeUndefined();
  });
});
