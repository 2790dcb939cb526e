import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Unknown } from '../../src/model/fact.ts';
import type { Proxy } from '../../src/world/network.ts';
import { throughProxy } from '../../src/world/node-proxy.ts';
import { AT_ONCE, chunked, playedWire, type End, type PlayedWire } from '../support/played-wire.ts';

const bytes = (said: string | readonly number[]): Uint8Array =>
  typeof said === 'string' ? new TextEncoder().encode(said) : Uint8Array.from(said);
type Said = string | readonly number[];

/** What a proxy says to each thing that it is told. */
function wireOf(then: readonly Said[], end: End = 'timed-out', cut: readonly number[] = []): PlayedWire {
  const waiting = [...then];
  return playedWire([], end, () => {
    const said = waiting.shift();
    return said === undefined ? [] : chunked(bytes(said), cut);
  });
}
const outcome = (
  kind: Proxy['kind'],
  then: readonly Said[],
  end?: End,
  cut?: readonly number[],
  host = 'host.example',
): Promise<Uint8Array | Unknown> =>
  throughProxy(wireOf(then, end, cut), { host, port: 443 }, { kind, host: 'proxy', port: 1 }, AT_ONCE.first);

const OPEN: { readonly [K in Proxy['kind']]: readonly (readonly Said[])[] } = {
  http: [['HTTP/1.1 200 Connection established\r\n\r\n'], ['HTTP/1.0 200 OK\r\nVia: x\r\n\r\n'], ['HTTP/1.1 204\r\n\r\n']],
  socks5: [
    [
      [5, 0],
      [5, 0, 0, 1, 1, 2, 3, 4, 1, 187],
    ],
    [
      [5, 0],
      [5, 0, 0, 4, ...Array<number>(16).fill(0), 0, 0],
    ],
    [
      [5, 0],
      [5, 0, 0, 3, 4, 97, 98, 99, 100, 0, 0],
    ],
  ],
};

const SHUT: { readonly [K in Proxy['kind']]: readonly (readonly Said[])[] } = {
  http: [['HTTP/1.1 403 Forbidden\r\n\r\n'], ['HTTP/1.1 407 Who\r\nA: b\r\n\r\n'], ['HTTP/1.1 302 There\r\nLocation: x\r\n\r\n']],
  socks5: [
    [[5, 255]],
    [[5, 2]],
    [
      [5, 0],
      [5, 5, 0, 1, 0, 0, 0, 0, 0, 0],
    ],
  ],
};

const KINDS = ['http', 'socks5'] as const;

test.each(KINDS)('%s: a way that is open, and not a byte behind it is lost', async (kind) => {
  for (const then of OPEN[kind]) {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), fc.uint8Array({ maxLength: 30 }), async (cut, behind) => {
        const last = bytes(then.at(-1) ?? '');
        const got = await outcome(kind, [...then.slice(0, -1), [...last, ...behind]], 'timed-out', cut);
        if ('state' in got) throw new Error(got.detail);
        // What came in a later read is still in the connection.
        expect([...behind].slice(0, got.length)).toEqual([...got]);
        if (cut.length === 0) expect(got.length).toBe(behind.length);
      }),
      { numRuns: 60 },
    );
  }
});

test.each(KINDS)('%s: a refusal is one', async (kind) => {
  for (const then of SHUT[kind]) expect(await outcome(kind, then), JSON.stringify(then)).toMatchObject({ cause: 'refused' });
});

test.each(KINDS)('%s: cut at every byte, the way is not open', async (kind) => {
  for (const then of OPEN[kind]) {
    for (let said = 0; said < then.length; said += 1) {
      const whole = bytes(then[said] ?? '');
      for (let length = 0; length < whole.length; length += 1)
        for (const end of ['timed-out', 'end', 'reset'] as const) {
          const got = await outcome(kind, [...then.slice(0, said), [...whole.subarray(0, length)]], end);
          expect(got).toMatchObject({ cause: end === 'timed-out' ? 'timed-out' : 'refused' });
        }
    }
  }
});

test.each(KINDS)('%s: random words open nothing, and end', async (kind) => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('HTTP/1.1 ', '20', '\r\n\r\n', 'HTTP/2 200\r\n\r\n').map(bytes));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 10 }), fc.constantFrom<End>('timed-out', 'end', 'reset'), async (pieces, end) => {
      const wire = playedWire(pieces, end);
      const got = await throughProxy(wire, { host: 'h', port: 1 }, { kind, host: 'proxy', port: 1 }, 1_000);
      const said = Buffer.concat(pieces);
      const opens =
        kind === 'http'
          ? /^HTTP\/1\.[01] 2\d\d\b/.test(said.toString('latin1'))
          : said[0] === 5 && said[1] === 0 && said[2] === 5 && said[3] === 0;
      if (!opens) expect(got).toHaveProperty('state', 'unknown');
      expect(wire.reads).toBeLessThan(15);
    }),
    { numRuns: 500 },
  );
});

test('an answer of another protocol is none, though its bytes look like a yes', async () => {
  expect(
    await outcome('socks5', [
      [5, 0],
      [4, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    ]),
  ).toMatchObject({ cause: 'unparseable' });
  expect(
    await outcome('socks5', [
      [5, 0],
      [5, 0, 0, 9, 1, 0, 0, 0],
    ]),
  ).toMatchObject({ cause: 'unparseable' });
  expect(await outcome('socks5', ['HTTP/1.1 400 Bad\r\n\r\n'])).toHaveProperty('state', 'unknown');
  expect(await outcome('http', ['SSH-2.0-x\r\n\r\n'])).toMatchObject({ cause: 'unparseable' });
});

test('words without end are ended', async () => {
  for (const kind of KINDS) {
    const endless = function* (): Generator<Uint8Array> {
      for (;;) yield new Uint8Array(1_000).fill(65);
    };
    const wire = playedWire(endless());
    expect(await throughProxy(wire, { host: 'h', port: 1 }, { kind, host: 'p', port: 1 }, 1_000)).toHaveProperty('state', 'unknown');
    expect(wire.reads).toBeLessThan(15);
  }
});

test('what is asked for is what the target says', async () => {
  const asked = async (kind: Proxy['kind'], host: string): Promise<readonly Uint8Array[]> => {
    const wire = wireOf(OPEN[kind][0] ?? []);
    await throughProxy(wire, { host, port: 8443 }, { kind, host: 'proxy', port: 1 }, 1_000);
    return wire.written;
  };
  expect(Buffer.from((await asked('http', 'a.example'))[0] ?? []).toString()).toBe(
    'CONNECT a.example:8443 HTTP/1.1\r\nHost: a.example:8443\r\n\r\n',
  );
  expect(Buffer.from((await asked('http', '2001:db8::1'))[0] ?? []).toString()).toContain('CONNECT [2001:db8::1]:8443 ');
  expect([...((await asked('socks5', 'a.b'))[1] ?? [])]).toEqual([5, 1, 0, 3, 3, 97, 46, 98, 32, 251]);
  expect([...((await asked('socks5', '192.0.2.1'))[1] ?? [])]).toEqual([5, 1, 0, 1, 192, 0, 2, 1, 32, 251]);
  expect((await asked('socks5', '::1'))[1]?.length).toBe(22);
});
