import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, uint, vector } from '../../src/tls/bytes.ts';
import { ask } from '../../src/tls/exchange.ts';
import { FlightReader, MessageReader, RecordReader } from '../../src/tls/flight.ts';
import { AT_ONCE, chunked, playedWire } from '../support/played-wire.ts';
import { recorded } from '../support/recorded-flights.ts';

const record = (type: number, body: Uint8Array | readonly number[], version = 0x0303): Uint8Array =>
  joined([type], uint(version, 2), vector(2, body));
const message = (type: number, body: Uint8Array | readonly number[] = []): Uint8Array => joined([type], vector(3, body));

/** The same bytes again and again: no reader may follow them for long. */
function* forever(bytes: Uint8Array): Generator<Uint8Array> {
  for (;;) yield bytes;
}

describe('records', () => {
  const any = fc.record({
    type: fc.integer({ min: 20, max: 24 }),
    version: fc.constantFrom(0x0101, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304),
    body: fc.uint8Array({ maxLength: 300 }),
  });

  test('come out as they went in, however they were cut', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 30 }), (sent, places) => {
        const reader = new RecordReader();
        const bytes = joined(...sent.map(({ type, version, body }) => record(type, body, version)));
        const got = chunked(bytes, places).flatMap((chunk) => reader.push(chunk));
        expect(got.map(({ type, version, body }) => ({ type, version, body: Uint8Array.from(body) }))).toEqual(
          sent.map(({ type, version, body }) => ({ type, version, body: Uint8Array.from(body) })),
        );
        expect(reader.malformed).toBeUndefined();
      }),
    );
  });

  test('random bytes are no records, and stay none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 60 }), (bytes) => {
        fc.pre(bytes[0] !== undefined && (bytes[0] < 20 || bytes[0] > 24));
        const reader = new RecordReader();
        expect(reader.push(bytes)).toEqual([]);
        expect(reader.malformed).toBe('no TLS record');
        expect(reader.push(record(22, [1]))).toEqual([]);
      }),
    );
  });

  test.each([
    ['a body longer than a record may be', joined([22, 3, 3], uint(2 ** 14 + 2049, 2))],
    ['version 2.0', joined([22, 2, 0], uint(1, 2), [0])],
    ['version 1.0, which is not TLCP', joined([22, 1, 0], uint(1, 2), [0])],
  ])('%s is none', (_, bytes) => {
    const reader = new RecordReader();
    expect(reader.push(bytes)).toEqual([]);
    expect(reader.malformed).toBe('no TLS record');
  });

  test('what came before the garbage was said', () => {
    const reader = new RecordReader();
    expect(reader.push(joined(record(21, [2, 40]), new TextEncoder().encode('HTTP/1.1 400'))).length).toBe(1);
    expect(reader.malformed).toBe('a broken record');
    const flight = new FlightReader('flight');
    expect(flight.push(joined(record(21, [2, 40]), [0, 0, 0, 0, 0, 0]))).toEqual({ kind: 'alert', level: 2, code: 40 });
  });
});

describe('handshake messages', () => {
  test('come out as they went in, however records cut them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 80 })), { maxLength: 10 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (sent, places) => {
          const reader = new MessageReader();
          const bytes = joined(...sent.map(([type, body]) => message(type, body)));
          const got = chunked(bytes, places).flatMap((chunk) => reader.push(chunk));
          expect(got.map(({ type, body }) => [type, Uint8Array.from(body)])).toEqual(
            sent.map(([type, body]) => [type, Uint8Array.from(body)]),
          );
          expect(joined(...got.map(({ whole }) => whole))).toEqual(bytes);
        },
      ),
    );
  });

  test('of half a megabyte is too long, announced or sent', () => {
    const reader = new MessageReader();
    const part = new Uint8Array(2 ** 14);
    let pushed = 0;
    reader.push(Uint8Array.of(11, 255, 255, 255));
    while (reader.malformed === undefined && pushed < 64) {
      expect(reader.push(part)).toEqual([]);
      pushed += 1;
    }
    expect(pushed).toBe(32);
  });

  test('without number are none', () => {
    const reader = new MessageReader();
    const many = joined(...Array.from({ length: 4_096 }, () => message(24)));
    const came = reader.push(many).length;
    expect(came).toBeLessThanOrEqual(128);
    expect(reader.malformed).toMatch(/messages/);
    expect(reader.push(many)).toEqual([]);
  });
});

describe('what never ends is ended here', () => {
  const hello = recorded('openssl-tls12-dhe').subarray(0, 100);
  test.each([
    ['empty records', [], record(22, [])],
    ['one byte a record of a message that is announced long', [record(22, Uint8Array.of(11, 255, 255, 255))], record(22, [0])],
    ['warnings', [], record(21, [1, 112])],
    ['HelloRequests', [], record(22, joined(...Array.from({ length: 512 }, () => message(0))))],
    ['unknown messages after a hello', [hello], record(22, joined(...Array.from({ length: 512 }, () => message(99))))],
    ['whole records of nothing', [], record(22, new Uint8Array(2 ** 14))],
    ['a record one byte at a time', [], Uint8Array.of(22)],
  ] as const)('%s', async (_, first, then) => {
    const wire = playedWire(
      (function* () {
        yield* first;
        yield* forever(then);
      })(),
    );
    const answer = await ask(wire, new Uint8Array(), 'flight', AT_ONCE);
    expect(wire.reads).toBeLessThan(25_000);
    expect(answer.kind === 'malformed' || (answer.kind === 'hello' && !answer.whole)).toBe(true);
  });

  test('a hello with records of another kind behind it is a hello, not a whole flight', async () => {
    const bytes = recorded('openssl-tls12-dhe');
    const firstRecord = bytes.subarray(0, 5 + (bytes[3] ?? 0) * 256 + (bytes[4] ?? 0));
    for (const stray of [record(20, [1]), record(23, [1, 2, 3]), record(24, [1, 0, 0])]) {
      const answer = await ask(playedWire([firstRecord, stray]), new Uint8Array(), 'flight', AT_ONCE);
      expect(answer).toMatchObject({ kind: 'hello', whole: false });
    }
  });
});
