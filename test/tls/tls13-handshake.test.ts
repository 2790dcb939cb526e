import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handshake13, type Broken13, type Session13 } from '../../src/tls/tls13-handshake.ts';
import { SPOKEN13 } from '../../src/tls/tls13-keys.ts';
import { AT_ONCE, chunked, flipped, playedWire, type End } from '../support/played-wire.ts';
import { recorded } from '../support/recorded-flights.ts';
import { handshake, vector } from '../support/servers/wire.ts';
import {
  certificate13,
  certificateRequest,
  encryptedExtensions,
  newSessionTicket,
  tls13Peer,
  type Peer,
  type PeerOptions,
} from '../support/tls13-peer.ts';

const QUESTION = { protocol: 'TLSv1.3', suites: SPOKEN13.suites, groups: SPOKEN13.groups } as const;
type Outcome = Session13 | Broken13;

async function met(options: PeerOptions, end: End = 'timed-out'): Promise<{ readonly outcome: Outcome; readonly peer: Peer }> {
  const peer = tls13Peer(options);
  const wire = playedWire([], end, peer.answer);
  return { outcome: await handshake13(wire, QUESTION, AT_ONCE), peer };
}
const outcomeOf = async (options: PeerOptions, end?: End): Promise<Outcome> => (await met(options, end)).outcome;

const CLOSE = [21, Buffer.from([1, 0])] as const;
const ticket = (lifetime: number, early?: number): readonly [number, Buffer] => [
  22,
  newSessionTicket(lifetime, early === undefined ? [] : [[42, Buffer.from([0, 0, early >> 8, early & 255])]]),
];

describe('a whole handshake', () => {
  test('reads what is encrypted, answers with a Finished that the server takes, and closes in order', async () => {
    const { outcome, peer } = await met({
      messages: [encryptedExtensions([[16, vector(2, vector(1, Buffer.from('h2')))]]), certificate13(Buffer.from('abc'), Buffer.from('d'))],
      after: [ticket(7200, 16384), CLOSE],
    });
    expect(outcome).toMatchObject({ verified: true, alpn: 'h2', tickets: [{ lifetime: 7200, earlyData: 16384 }] });
    expect('certificates' in outcome && outcome.certificates.length).toBe(2);
    expect(peer.heard.map(({ type, body }) => [type, body[0]])).toEqual([
      [22, 20],
      [21, 1],
    ]);
  });

  test('with a CertificateRequest: an empty Certificate, whose context comes back', async () => {
    const { outcome, peer } = await met({ messages: [encryptedExtensions(), certificateRequest(), certificate13(Buffer.from('c'))] });
    expect(outcome).toMatchObject({ verified: true, authorities: [] });
    expect(outcome).not.toHaveProperty('withoutCertificate');
    expect(peer.heard[0]?.body.toString('hex')).toBe('0b00000703637478000000');
  });
});

describe('what comes after it', () => {
  const asked = [encryptedExtensions(), certificateRequest(), certificate13(Buffer.from('c'))];
  test.each<[string, PeerOptions['after'], End, Partial<Session13>, boolean]>([
    ['no ticket, and the end', [CLOSE], 'end', { tickets: [], ended: true }, false],
    ['no ticket, and silence', [], 'timed-out', { tickets: [], ended: false }, false],
    ['no ticket, and a connection that breaks off', [], 'reset', { tickets: [], ended: false }, false],
    ['a ticket', [ticket(300)], 'timed-out', { tickets: [{ lifetime: 300, earlyData: 0, size: 2 }] }, false],
    ['a broken ticket', [[22, handshake(4, Buffer.from([0, 0]))]], 'timed-out', { tickets: [], ended: false }, false],
    [
      'data, a ticket, the end',
      [[23, Buffer.from('220 hi')], ticket(1), CLOSE],
      'end',
      { tickets: [{ lifetime: 1, earlyData: 0, size: 2 }] },
      false,
    ],
    ['certificate_required', [[21, Buffer.from([2, 116])]], 'end', { withoutCertificate: 'refused' }, true],
    ['bad_certificate', [[21, Buffer.from([2, 42])]], 'end', { withoutCertificate: 'refused' }, true],
    ['a ticket without a certificate', [ticket(9)], 'timed-out', { withoutCertificate: 'accepted' }, true],
    ['an orderly end without a certificate', [CLOSE], 'end', { withoutCertificate: 'accepted', ended: true }, true],
  ])('%s', async (_, after, end, expected, certificate) => {
    expect(await outcomeOf({ ...(after === undefined ? {} : { after }), ...(certificate ? { messages: asked } : {}) }, end)).toMatchObject(
      expected,
    );
  });

  test.each<[string, PeerOptions['after'], End]>([
    ['silence', [], 'timed-out'],
    ['the end of the connection', [], 'end'],
    ['a reset', [], 'reset'],
    ['decrypt_error: it is about our arithmetic', [[21, Buffer.from([2, 51])]], 'end'],
    ['internal_error', [[21, Buffer.from([2, 80])]], 'end'],
    ['half an alert', [[21, Buffer.from([2])]], 'end'],
  ])('%s says nothing of certificates', async (_, after, end) => {
    const outcome = await outcomeOf({ messages: asked, ...(after === undefined ? {} : { after }) }, end);
    expect(outcome).toMatchObject({ verified: true, ended: false });
    expect(outcome).not.toHaveProperty('withoutCertificate');
  });
});

describe('nothing is proven by', () => {
  test.each<[string, PeerOptions, string]>([
    ['a false Finished', { falseFinished: true }, 'a false Finished'],
    ['a broken Certificate', { messages: [encryptedExtensions(), handshake(11, Buffer.from([0, 0, 0, 9, 1]))] }, 'a broken Certificate'],
    ['broken EncryptedExtensions', { messages: [handshake(8, Buffer.from([0, 9, 1]))] }, 'broken EncryptedExtensions'],
    [
      'a broken CertificateRequest',
      { messages: [encryptedExtensions(), handshake(13, Buffer.from([0, 0]))] },
      'a broken CertificateRequest',
    ],
    ['messages without number', { messages: Array.from({ length: 100_000 }, () => handshake(99)) }, 'more than 128 messages'],
  ])('%s', async (_, options, detail) => {
    const started = performance.now();
    expect(await outcomeOf(options)).toMatchObject({ kind: 'malformed', detail, hello: { version: 0x0304 } });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('encrypted records of which one bit was turned round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        const outcome = await outcomeOf({ bend: (records) => flipped(records, bit % (records.length * 8)) });
        expect(outcome).not.toHaveProperty('verified');
      }),
      { numRuns: 150 },
    );
  });

  test('random messages under the right keys, unless they lack nothing', async () => {
    const message = fc.tuple(fc.constantFrom(4, 8, 11, 13, 15, 20, 22, 24), fc.uint8Array({ maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), fc.constantFrom<End>('end', 'reset', 'timed-out'), async (list, end) => {
        const messages = list.map(([type, body]) => handshake(type, body));
        const outcome = await outcomeOf({ messages, after: list.map(([type, body]) => [type, body]) }, end);
        if (list.some(([type]) => type === 20)) expect(outcome).not.toHaveProperty('verified');
        else if ('verified' in outcome) expect(outcome.verified).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a peer of garbage', () => {
  const flight = recorded('openssl-tls13');

  test('random bytes end in words, never in an exception or without end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }),
        fc.constantFrom<End>('end', 'reset', 'timed-out'),
        async (chunks, end) => {
          const outcome = await handshake13(playedWire(chunks, end), QUESTION, AT_ONCE);
          expect(outcome).not.toHaveProperty('verified');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a recorded flight, cut, turned round and in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(flight.length),
        fc.array(fc.nat(flight.length * 8 - 1), { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (length, bits, places) => {
          const chunks = chunked(bits.reduce(flipped, flight).subarray(0, length), places);
          const outcome = await handshake13(playedWire(chunks), QUESTION, AT_ONCE);
          expect(outcome).not.toHaveProperty('verified');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('HelloRetryRequests without end are met once', async () => {
    const retry = recorded('nginx-tls13-retry');
    const wire = playedWire([retry, retry, retry, retry]);
    expect(await handshake13(wire, QUESTION, AT_ONCE)).toMatchObject({
      kind: 'malformed',
      detail: 'a HelloRetryRequest that cannot be met',
    });
    expect(wire.written.length).toBe(2);
  });

  test('an older version is said to be one', async () => {
    expect(await handshake13(playedWire([recorded('openssl-tls12-dhe')]), QUESTION, AT_ONCE)).toMatchObject({ kind: 'older' });
  });
});
