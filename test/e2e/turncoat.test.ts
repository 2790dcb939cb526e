import { expect, test } from 'vitest';
import { look } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { startTurncoatServer, TURNS, type Turn } from '../support/servers/turncoat-server.ts';

const kept = keeper();
const LIMITS = { connect: 500, firstByte: 500, idle: 400, host: 20_000 };
const PROBES = ['heartbleed', 'early_ccs', 'client_renegotiation', 'robot', 'padding_oracles'] as const;
const BOUND = 12_000;

async function verdicts(how: Turn, after: 'flight' | 'handshake'): Promise<Readonly<Record<string, unknown>>> {
  const { port } = await kept(startTurncoatServer(how, after));
  const begin = performance.now();
  const seen = await look(port, { limits: LIMITS, options: { probes: 'odd,intrusive' } });
  expect(performance.now() - begin).toBeLessThan(BOUND);
  expect(seen.record.gaps.filter(({ cause }) => cause === 'collector-failed')).toEqual([]);
  return seen.pick(...PROBES);
}

const [late, garbled, open] = ['timed-out', 'unparseable', 'unresolved'].map((cause) => ({ unknown: cause }));

test('an honest flight, and then anything: only an alert or an end of the connection is a refusal', async () => {
  const all = await Promise.all(TURNS.map(async (how) => [how, await verdicts(how, 'flight')] as const));
  // No handshake is ever completed: what needs one is unknown.
  const rest = { client_renegotiation: open, padding_oracles: open };
  const refused = { heartbleed: 'safe', early_ccs: 'safe', robot: 'safe', ...rest };
  const nonsense = { heartbleed: garbled, early_ccs: garbled, robot: garbled, ...rest };
  expect(Object.fromEntries(all)).toEqual({
    silence: { heartbleed: late, early_ccs: late, robot: late, ...rest },
    close: refused,
    reset: refused,
    garbage: nonsense,
    http: nonsense,
    data: nonsense,
    endless: nonsense,
    alerts: refused,
    banner: refused,
  });
}, 60_000);

test('an honest handshake, and then anything', async () => {
  const all = await Promise.all(TURNS.map(async (how) => [how, await verdicts(how, 'handshake')] as const));
  const found = Object.fromEntries(
    all.map(([how, { client_renegotiation, padding_oracles }]) => [how, [client_renegotiation, padding_oracles]]),
  );
  expect(found).toEqual({
    silence: [late, late],
    close: ['refused', []],
    reset: ['refused', []],
    garbage: [garbled, garbled],
    http: [garbled, garbled],
    data: [garbled, garbled],
    endless: [garbled, garbled],
    alerts: ['refused', []],
    // What a mail server says first is no answer to a malformed record.
    banner: ['refused', []],
  });
}, 60_000);
