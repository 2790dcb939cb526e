import { beforeAll, expect, test } from 'vitest';
import { contradictions } from '../support/contradictions.ts';
import { look, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { startHelloServer, type HelloServerOptions } from '../support/servers/hello-server.ts';
import type { Limit } from '../support/servers/scripted-server.ts';

const kept = keeper();
const LIMITS = { connect: 1_000, firstByte: 1_000, idle: 600, host: 12_000 };
const OPTIONS: HelloServerOptions = {
  tls13: {},
  ignoresFallback: true,
  noSentinel: true,
  compressions: [1],
  reusesKeys: true,
  dh: 'modp2',
};
const looked = async (limit?: Limit): Promise<Seen> =>
  look((await kept(startHelloServer({ ...OPTIONS, ...(limit === undefined ? {} : { limit }) }))).port, { limits: LIMITS });

let whole: Seen;
beforeAll(async () => {
  whole = await looked();
});

const AFTER = [1, 2, 3, 5, 8, 12, 20, 30, 40, 50] as const;

for (const then of ['silence', 'reset', 'close'] as const)
  test(`${then} after some connections: what was learnt is kept, the rest is unknown`, async () => {
    const parts = await Promise.all(AFTER.map((connections) => looked({ connections, then })));
    for (const [index, part] of parts.entries()) {
      const after = AFTER[index] ?? 0;
      expect(contradictions(part, whole), `after ${after}`).toEqual([]);
      // It noticed: a whole look takes more connections than any of these.
      const open = Object.keys(part.listener.facts).filter((name) => part.openOf(name).length > 0 || part.fact(name)?.state === 'unknown');
      expect(open.length, `after ${after}`).toBeGreaterThan(after < 50 ? 3 : 0);
    }
    // The more was answered, the more is known.
    const known = parts.map((part) => Object.values(part.suites()).flat().length);
    expect(known[0]).toBeLessThan(known.at(-1) ?? 0);
    expect(known.at(-1)).toBe(Object.values(whole.suites()).flat().length);
  }, 60_000);

test.each(['silence', 'reset', 'close'] as const)('%s from the very start: nothing is known, and nothing complete', async (then) => {
  const { record, listeners } = await looked({ connections: 0, then });
  // Where a connection came about, an endpoint is there; nothing is known of it.
  expect(record.coverage['tls.listener']?.status).toBe(listeners.length === 0 ? 'failed' : 'complete');
  expect(record.coverage['certificate']?.status).not.toBe('complete');
  expect(record.gaps.length).toBeGreaterThan(0);
  for (const { facts } of listeners) expect(facts['protocols']).toMatchObject({ value: [], open: expect.any(Array) });
});
