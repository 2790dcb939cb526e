import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../src/tls/exchange.ts';
import { FlightReader, type Flight, type FlightEnd } from '../../src/tls/flight.ts';
import { AT_ONCE, chunked, flipped, playedWire } from '../support/played-wire.ts';
import { questionOf, recorded, recordFlights, RECORDING_NAMES, type RecordingName } from '../support/recorded-flights.ts';

// Recorded once and kept; FLIGHTS_UPDATE=1 records them anew.
beforeAll(() => recordFlights(process.env['FLIGHTS_UPDATE'] === '1'));

const TLS = RECORDING_NAMES.filter((name) => name !== 'scripted-sslv2');

interface Read {
  readonly flight: Flight;
  readonly end: FlightEnd | undefined;
}

function read(chunks: readonly Uint8Array[]): Read {
  const reader = new FlightReader('flight');
  for (const chunk of chunks) {
    const end = reader.push(chunk);
    if (end !== undefined) return { flight: reader.flight, end };
  }
  return { flight: reader.flight, end: undefined };
}

const facts = (name: RecordingName): unknown => {
  const { flight, end } = read([recorded(name)]);
  const { hello, keyExchange } = flight;
  return {
    end: end?.kind === 'alert' ? `alert ${end.code}` : end?.kind,
    version: hello?.version.toString(16),
    suite: hello?.suite.toString(16),
    retry: hello?.retry,
    group: hello?.group,
    certificates: flight.certificates?.length,
    authorities: flight.authorities?.length,
    exchange: keyExchange?.kind,
    scheme: keyExchange !== undefined && 'scheme' in keyExchange ? keyExchange.scheme?.toString(16) : undefined,
    done: flight.done,
  };
};

describe('what real servers sent is read', () => {
  test.each([
    [
      'nginx-tls12-client-certificate',
      { end: 'wanted', version: '303', suite: 'c02f', certificates: 1, authorities: 1, exchange: 'ecdhe', scheme: '804' },
    ],
    ['nginx-tls13-retry', { end: 'wanted', version: '304', suite: '1301', retry: true, group: 29, certificates: undefined, done: false }],
    ['openssl-tls12-dhe', { end: 'wanted', version: '303', suite: '9e', certificates: 1, authorities: undefined, exchange: 'dhe' }],
    ['openssl-tls10-ecdhe', { end: 'wanted', version: '301', certificates: 1, exchange: 'ecdhe', scheme: undefined }],
    ['openssl-tls13', { end: 'wanted', version: '304', retry: false, group: 29 }],
    ['gnutls-tls12-rsa', { end: 'wanted', version: '303', suite: '9c', certificates: 1, exchange: undefined, done: true }],
    ['gnutls-refusal', { end: 'alert 40', version: undefined, done: false }],
    ['scripted-tlcp', { end: 'wanted', version: '101', suite: 'e013', certificates: 3, exchange: 'other', done: true }],
  ] as const)('%s', (name, expected) => {
    expect(facts(name)).toMatchObject(expected);
  });
});

/** Nothing is invented: each field is not there yet, or what the whole flight says. */
function isPartOf(part: Flight, whole: Flight): boolean {
  const same = (a: unknown, b: unknown): boolean => a === undefined || JSON.stringify(a) === JSON.stringify(b);
  return (
    same(part.hello?.random, whole.hello?.random) &&
    same(part.hello?.suite, whole.hello?.suite) &&
    same(part.certificates, whole.certificates) &&
    same(part.keyExchange, whole.keyExchange) &&
    same(part.authorities, whole.authorities) &&
    (!part.done || whole.done)
  );
}

describe.each(TLS)('%s', (name) => {
  test('cut at every byte, it says less, and nothing else', () => {
    const bytes = recorded(name);
    const whole = read([bytes]);
    for (let length = 0; length < bytes.length; length += 1) {
      const part = read([bytes.subarray(0, length)]);
      if (part.end !== undefined && part.end.kind !== whole.end?.kind) expect.fail(`${length}: ${part.end.kind}`);
      if (!isPartOf(part.flight, whole.flight)) expect.fail(`${length} bytes say what the whole does not`);
    }
  });

  test('cut anywhere and ended in every way, an answer claims no more than came', async () => {
    const bytes = recorded(name);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.constantFrom('end', 'reset', 'timed-out'), async (length, end) => {
        const wire = playedWire([bytes.subarray(0, length)], end);
        const answer = await ask(wire, new Uint8Array(), 'flight', AT_ONCE);
        if (answer.kind === 'hello') return answer.whole === answer.flight.done || answer.hello.version === 0x0304;
        return answer.kind === (end === 'end' ? 'closed' : end);
      }),
      { numRuns: 200 },
    );
  });

  test('in pieces of any size it reads as in one', () => {
    const bytes = recorded(name);
    const whole = read([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
        expect(read(chunked(bytes, places))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('each of its first 1600 bits turned round, it is read or refused', () => {
    const bytes = recorded(name);
    for (let bit = 0; bit < Math.min(1600, bytes.length * 8); bit += 1) {
      const turned = flipped(bytes, bit);
      const { flight } = read([turned]);
      if (flight.done && flight.hello === undefined) expect.fail(`bit ${bit}: done without a hello`);
    }
  });

  test('with bits turned round and in pieces it reads as in one', () => {
    const bytes = recorded(name);
    fc.assert(
      fc.property(
        fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (bits, places) => {
          const turned = bits.reduce(flipped, bytes);
          const [whole, pieces] = [read([turned]), read(chunked(turned, places))];
          expect(pieces).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('its own hello is one that a server can read', () => {
    expect(questionOf(name).suites.length).toBeGreaterThan(0);
  });
});
