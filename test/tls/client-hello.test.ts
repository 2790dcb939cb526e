import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CIPHER_SUITES } from '../../src/tls/cipher-suites.ts';
import { clientHello, clientHelloMessage, GREASE, type HelloQuestion } from '../../src/tls/client-hello.ts';
import { NAMED_GROUPS, TLS12_GROUPS, TLS13_GROUPS } from '../../src/tls/named-groups.ts';
import { SIGNATURE_SCHEMES } from '../../src/tls/signature-schemes.ts';
import { olderQuestion } from '../../src/collect/tls/enumerate.ts';
import { candidateGroups, TLCP_SUITES, TLS13_SUITES } from '../../src/collect/tls/suite-order.ts';
import { parseClientHello, type ClientHello } from '../support/servers/client-hello.ts';
import { Reader } from '../support/servers/wire.ts';

/** The hello as a server that knows nothing of src/tls reads it. */
function read(question: HelloQuestion): ClientHello & { readonly record: Buffer } {
  const record = Buffer.from(clientHello(question));
  const reader = new Reader(record);
  expect(reader.uint(1)).toBe(22);
  const version = reader.uint(2);
  const fragment = reader.vector(2);
  expect(reader.left).toBe(0);
  const message = new Reader(fragment);
  expect(message.uint(1)).toBe(1);
  const body = message.vector(3);
  expect(message.left).toBe(0);
  return { ...parseClientHello(body, version, fragment.length), record };
}

const VERSIONS = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0303, TLCP: 0x0101 } as const;
const protocol = fc.constantFrom(...(Object.keys(VERSIONS) as (keyof typeof VERSIONS)[]));
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const question: fc.Arbitrary<HelloQuestion> = fc.record(
  {
    protocol,
    suites: fc.uniqueArray(fc.constantFrom(...CIPHER_SUITES.keys()), { minLength: 1, maxLength: 124 }),
    alsoOlder: fc.boolean(),
    serverName: fc.domain(),
    groups: fc.uniqueArray(fc.constantFrom(...NAMED_GROUPS.keys()), { maxLength: 55 }),
    signatureSchemes: fc.uniqueArray(fc.constantFrom(...SIGNATURE_SCHEMES), { minLength: 1 }),
    keyShares: fc.array(fc.record({ group: fc.constantFrom(...TLS13_GROUPS), key: bytes(1_300) }), { maxLength: 3 }),
    alpn: fc.array(fc.constantFrom('h2', 'http/1.1', 'imap'), { maxLength: 3 }),
    compression: fc.constantFrom([], [1], [1, 64]),
    fallback: fc.boolean(),
    sessionId: bytes(32),
    ticket: bytes(300),
    heartbeat: fc.boolean(),
    statusRequest: fc.boolean(),
    cookie: bytes(80),
    grease: fc.boolean(),
    extendedMasterSecret: fc.boolean(),
    encryptThenMac: fc.boolean(),
    renegotiation: bytes(12),
    random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  },
  { requiredKeys: ['protocol', 'suites'] },
);

describe('any question', () => {
  test('is read back as it was asked', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const hello = read(asked);
        const signals = [...(asked.protocol === 'SSLv3' ? [0x00ff] : []), ...(asked.fallback === true ? [0x5600] : [])];
        expect(hello.suites).toEqual([...(asked.grease === true ? [GREASE] : []), ...asked.suites, ...signals]);
        expect(hello.compressions).toEqual([...(asked.compression ?? []), 0]);
        if (asked.sessionId !== undefined) expect(Uint8Array.from(hello.sessionId)).toEqual(Uint8Array.from(asked.sessionId));
        if (asked.random !== undefined) expect(Uint8Array.from(hello.random)).toEqual(Uint8Array.from(asked.random));
        const bare = asked.protocol === 'SSLv3' || asked.protocol === 'TLCP';
        expect(hello.groups).toEqual(
          bare || asked.groups === undefined || asked.groups.length === 0
            ? []
            : [...(asked.grease === true ? [GREASE] : []), ...asked.groups],
        );
        expect(hello.versions.length > 0).toBe(asked.protocol === 'TLSv1.3');
        if (asked.protocol === 'TLSv1.3') {
          expect(hello.versions.filter((one) => one !== GREASE)).toEqual(
            asked.alsoOlder === true ? [0x0304, 0x0303, 0x0302, 0x0301] : [0x0304],
          );
          expect(hello.shares?.map(({ group }) => group)).toEqual((asked.keyShares ?? []).map(({ group }) => group));
          if (asked.cookie !== undefined) expect(Uint8Array.from(hello.cookie ?? [])).toEqual(Uint8Array.from(asked.cookie));
        }
        expect(hello.extensions.has(0)).toBe(asked.serverName !== undefined && asked.protocol !== 'SSLv3');
      }),
      { numRuns: 400 },
    );
  });

  test('says its version, and a higher one only as GREASE', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { version, recordVersion } = read(asked);
        const greased = asked.grease === true && asked.protocol === 'TLSv1.2';
        expect(version).toBe(greased ? 0x0304 : VERSIONS[asked.protocol]);
        expect(recordVersion).toBe(asked.protocol === 'SSLv3' || asked.protocol === 'TLCP' ? VERSIONS[asked.protocol] : 0x0301);
      }),
    );
  });

  test('with extensions is never 256 to 511 bytes long, and its last extension is never empty', () => {
    fc.assert(
      fc.property(question, (asked) => {
        fc.pre(asked.protocol !== 'SSLv3' && asked.protocol !== 'TLCP');
        const { size, extensions } = read(asked);
        expect(size < 256 || size > 511).toBe(true);
        expect([0x0a, 0x0e]).not.toContain(size & 255);
        const last = [...extensions.values()].at(-1);
        if (last !== undefined) expect(last.length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('has each extension once, and fits one record', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { record, extensions } = read(asked);
        const inBytes = [...extensions.values()].reduce((sum, { length }) => sum + 4 + length, 0);
        const message = clientHelloMessage(asked);
        expect(record.length - 5).toBe(message.length);
        if (extensions.size === 0) return;
        expect(message.length).toBeGreaterThanOrEqual(inBytes + 2);
        expect(record.subarray(-inBytes - 2).readUInt16BE(0)).toBe(inBytes); // were one there twice, the map would be shorter
        expect(message.length).toBeLessThan(2 ** 14);
      }),
    );
  });
});

describe('SSL 3.0 and TLCP', () => {
  test('send no extensions, TLCP a server name where one is asked for', () => {
    const suites = [0x0005, 0xe013];
    expect(
      read({ protocol: 'SSLv3', suites, serverName: 'a.example', groups: [23], alpn: ['h2'], ticket: new Uint8Array() }).extensions.size,
    ).toBe(0);
    expect(read({ protocol: 'TLCP', suites, groups: [41], alpn: ['h2'], ticket: new Uint8Array() }).extensions.size).toBe(0);
    expect([...read({ protocol: 'TLCP', suites, serverName: 'a.example' }).extensions.keys()]).toEqual([0]);
  });
});

describe('what is asked in an enumeration', () => {
  const groups = (['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] as const).flatMap((one) =>
    candidateGroups(one).map((suites) => [one, suites] as const),
  );
  test.each([...groups, ['TLCP', TLCP_SUITES] as const])(
    '%s, %#: at most 128 suites, never 256 to 511 bytes however far it has come',
    (protocol, suites) => {
      expect(suites.length).toBeLessThanOrEqual(120);
      const lengths: number[] = [];
      for (let left = suites.length; left > 0; left -= 1) {
        const { size, suites: offered } = read(olderQuestion(protocol, suites.slice(-left), 'www.example.com'));
        expect(offered.length).toBeLessThanOrEqual(128);
        if (size > 255 && size < 512) lengths.push(size);
      }
      expect(lengths).toEqual([]);
    },
  );

  test('TLS 1.3: every suite and group in one hello', () => {
    const { size } = read({ protocol: 'TLSv1.3', suites: TLS13_SUITES, groups: TLS13_GROUPS, keyShares: [] });
    expect(size < 256 || size > 511).toBe(true);
    expect(new Set(TLS13_GROUPS).size).toBe(TLS13_GROUPS.length);
    expect(new Set(TLS12_GROUPS).size).toBe(TLS12_GROUPS.length);
  });
});
