import { getActiveResourcesInfo } from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { tlsListener } from '../../src/resources/tls-listener.ts';
import { look, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { HOSTILITIES, startHostileServer, type Hostility } from '../support/servers/hostile-server.ts';

const kept = keeper();
const LIMITS = { connect: 500, firstByte: 500, idle: 400, host: 6_000 };
/** Until the host's deadline, and a little for what is under way. */
const BOUND = LIMITS.host + 1_500;

interface Outcome {
  readonly seen: Seen;
  readonly took: number;
  readonly errors: readonly string[];
}
const outcomes = new Map<Hostility, Outcome>();
let peak = 0;

beforeAll(async () => {
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - before)), 20);
  // One after the other: what they take is measured.
  for (const hostility of HOSTILITIES) {
    const server = await kept(startHostileServer(hostility));
    const begin = performance.now();
    const seen = await look(server.port, { limits: LIMITS, options: { probes: 'odd,intrusive' } });
    outcomes.set(hostility, { seen, took: performance.now() - begin, errors: server.errors });
  }
  clearInterval(watch);
}, 180_000);

/** Facts that the declaration makes, not the server. */
const DECLARED = ['role', 'observed', 'service', 'names', 'port', 'address', 'connections', 'verifies_peer', 'verifies_name'];

/** Those that say something: a ServerHello of TLS 1.2 with one suite and no extension, whatever they were asked. */
const HELLO: readonly Hostility[] = ['half-silence', 'half-close', 'endless', 'huge-certificate', 'tiny-records'];
/** What this one hello shows, of itself or against what was asked. */
const SHOWN = {
  protocols: ['TLSv1.2', '…'],
  compression: false,
  secure_renegotiation: false,
  downgrade_sentinel: 'absent',
  extended_master_secret: false,
  encrypt_then_mac: false,
  session_tickets: false,
  early_data: false,
  alpn: [],
  tolerant: true,
  heartbleed: 'safe',
};

describe.each(HOSTILITIES)('%s', (hostility) => {
  const of = (): Outcome => outcomes.get(hostility) as Outcome;

  test('ends in bounded time', () => {
    expect(of().took).toBeLessThan(BOUND);
  });

  test('no exception reaches the collector’s caller', () => {
    for (const { cause } of of().seen.record.gaps) expect(cause).not.toBe('collector-failed');
  });

  test('no certificate is known, and none is known not to be there', () => {
    const { record, certificates } = of().seen;
    expect(certificates).toEqual([]);
    expect(record.coverage['certificate']?.status).not.toBe('complete');
  });

  test('nothing is known but what was said', () => {
    const { seen } = of();
    for (const { facts } of seen.listeners) {
      const known = Object.entries(facts).flatMap(([name, fact]) => {
        if (DECLARED.includes(name) || fact.state === 'unknown') return [];
        const empty = fact.state === 'known' && Array.isArray(fact.value) && fact.value.length === 0 && fact.open !== undefined;
        return empty ? [] : [name];
      });
      if (!HELLO.includes(hostility)) expect(known).toEqual([]);
      else {
        expect(known.toSorted()).toEqual([...Object.keys(SHOWN), 'suites', 'weaknesses'].toSorted());
        expect(seen.pick(...Object.keys(SHOWN))).toEqual(SHOWN);
        expect(seen.suites()).toEqual({ 'TLSv1.2': ['AES128-SHA'] });
        expect([seen.openOf('suites').length > 0, seen.openOf('weaknesses').length > 0]).toEqual([true, true]);
      }
    }
  });

  test('no attribute that every endpoint has is absent', () => {
    for (const { facts } of of().seen.listeners)
      for (const [name, attribute] of Object.entries(tlsListener.attributes))
        if (!('optional' in attribute)) expect([name, facts[name]?.state]).not.toEqual([name, 'absent']);
  });
});

test('no socket is left open', async () => {
  const sockets = (): number => getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  for (let tries = 0; tries < 50 && sockets() > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sockets()).toBe(0);
});

test('memory stays bounded', () => {
  expect(peak).toBeLessThan(200 * 1024 * 1024);
});
