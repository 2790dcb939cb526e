import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, uint } from '../../src/tls/bytes.ts';
import { askSsl2, type Ssl2Answer } from '../../src/tls/ssl2.ts';
import { AT_ONCE, chunked, flipped, playedWire, type End } from '../support/played-wire.ts';
import { recorded } from '../support/recorded-flights.ts';
import { Reader } from '../support/servers/wire.ts';

const heard = (chunks: Iterable<Uint8Array>, end: End = 'end'): Promise<Ssl2Answer> => askSsl2(playedWire(chunks, end), AT_ONCE);
const flight = recorded('scripted-sslv2');
const SPECS = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0];

test('the hello offers every cipher kind, 16 bytes of challenge and no session', async () => {
  const wire = playedWire([]);
  await askSsl2(wire, AT_ONCE);
  const reader = new Reader(Buffer.from(joined(...wire.written)));
  const length = reader.uint(2) & 0x7fff;
  expect(length).toBe(reader.left);
  expect([reader.uint(1), reader.uint(2)]).toEqual([1, 2]);
  const [specs, id, challenge] = [reader.uint(2), reader.uint(2), reader.uint(2)];
  expect([specs % 3, id, challenge]).toEqual([0, 0, 16]);
  const kinds = Array.from({ length: specs / 3 }, () => reader.uint(3));
  expect(kinds).toEqual(expect.arrayContaining(SPECS));
  expect(reader.left).toBe(challenge);
});

test('a SERVER-HELLO is read, its certificate and kinds with it', async () => {
  const answer = await heard([flight]);
  expect(answer).toMatchObject({ kind: 'hello', strangers: 0 });
  if (answer.kind !== 'hello') return;
  expect(answer.ciphers.map(({ code }) => code)).toEqual(SPECS);
  expect(answer.certificate?.[0]).toBe(0x30);
});

test('cut at every byte it is the end of the connection, never a hello or a refusal', async () => {
  for (const end of ['end', 'reset', 'timed-out'] as const) {
    for (let length = 0; length < flight.length; length += 1) {
      const { kind } = await heard([flight.subarray(0, length)], end);
      if (kind !== (end === 'end' ? 'closed' : end)) expect.fail(`${length} bytes: ${kind}`);
    }
  }
});

test('in pieces of any size it reads as in one', async () => {
  const whole = await heard([flight]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), async (places) => {
      expect(await heard(chunked(flight, places))).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test('a bit turned round makes no refusal of it', async () => {
  for (let bit = 0; bit < 1_600; bit += 1) {
    const { kind } = await heard([flipped(flight, bit)]);
    if (kind === 'refused') expect.fail(`bit ${bit}`);
  }
});

test('an SSL 2.0 error or a TLS alert is a refusal, whole ones only', async () => {
  const error = Uint8Array.of(0x80, 3, 0, 0, 1);
  const alert = Uint8Array.of(21, 3, 1, 0, 2, 2, 70);
  expect(await heard([error])).toEqual({ kind: 'refused', detail: 'SSL 2.0 error' });
  expect(await heard([alert])).toEqual({ kind: 'refused', detail: 'alert 70' });
  for (const [bytes, least] of [
    [error, 5],
    [alert, 7],
  ] as const)
    for (let length = 0; length < least; length += 1) expect((await heard([bytes.subarray(0, length)])).kind).toBe('closed');
  expect((await heard([Uint8Array.of(0x80, 200, 0, 0, 1, 1, 1)])).kind).toBe('malformed');
  expect((await heard([Uint8Array.of(21, 3, 1, 0x16, 3, 1, 9)])).kind).toBe('malformed');
});

test('random bytes are never a hello, and seldom anything', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), async (chunks) => {
      const answer = await heard(chunks, 'timed-out');
      expect(['malformed', 'timed-out']).toContain(answer.kind);
    }),
    { numRuns: 1_000 },
  );
});

test('an answer without end is ended', async () => {
  const endless = function* (): Generator<Uint8Array> {
    yield Uint8Array.of(0xff, 0xff, 4);
    for (;;) yield new Uint8Array(1_000);
  };
  const wire = playedWire(endless());
  expect((await askSsl2(wire, AT_ONCE)).kind).toBe('malformed');
  expect(wire.reads).toBeLessThan(70);
});

test('a hello without ciphers is SSL 2.0 all the same (CVE-2015-3197)', async () => {
  const body = joined([4, 0, 1, 0, 2], uint(0, 2), uint(0, 2), uint(16, 2), new Uint8Array(16));
  expect(await heard([joined(uint(0x8000 | body.length, 2), body)])).toEqual({ kind: 'hello', ciphers: [], strangers: 0 });
});
