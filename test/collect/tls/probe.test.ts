import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate } from '../../../src/collect/limits.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import type { Observation } from '../../../src/collect/tls/observation.ts';
import { probe } from '../../../src/collect/tls/probe.ts';
import { candidateGroups, TLCP_SUITES, TLS13_SUITES } from '../../../src/collect/tls/suite-order.ts';
import type { Unknown } from '../../../src/model/fact.ts';
import { CIPHER_SUITES } from '../../../src/tls/cipher-suites.ts';
import { TLS12_GROUPS, TLS13_GROUPS } from '../../../src/tls/named-groups.ts';
import { PROTOCOLS, WIRE_VERSION, type Protocol } from '../../../src/tls/protocols.ts';
import { fakeNetwork, type FakeNetwork, type Reply } from '../../support/fake-network.ts';
import { simulated, type Simulation } from '../../support/simulated-server.ts';

const some = (all: readonly number[], most: number): fc.Arbitrary<readonly number[]> => fc.shuffledSubarray([...all], { maxLength: most });

/** Any server: versions, suites and groups as they fall, and ways of its own. */
const server: fc.Arbitrary<Simulation> = fc
  .record({
    ssl3: some(candidateGroups('SSLv3').flat(), 6),
    tls10: some(candidateGroups('TLSv1').flat(), 6),
    tls11: some(candidateGroups('TLSv1.1').flat(), 6),
    tls12: some(candidateGroups('TLSv1.2').flat(), 10),
    tls13: some(TLS13_SUITES, 4),
    tlcp: some(TLCP_SUITES, 3),
    groups: fc.shuffledSubarray([...TLS13_GROUPS], { minLength: 1, maxLength: 6 }),
    curves: fc.shuffledSubarray([...TLS12_GROUPS], { minLength: 1, maxLength: 5 }),
    clientOrder: fc.boolean(),
    reusesKeys: fc.boolean(),
    refusal: fc.constantFrom('alert', 'end', 'reset'),
    leastShare: fc.constantFrom('empty', 'any', 'real'),
    helloOnly: fc.boolean(),
    fallsTo: fc.option(fc.constantFrom(0x0300, 0x0301, 0x0302), { nil: undefined }),
  })
  .map(({ ssl3, tls10, tls11, tls12, tls13, tlcp, fallsTo, ...ways }) => {
    const lists = [
      [0x0300, ssl3],
      [0x0301, tls10],
      [0x0302, tls11],
      [0x0303, tls12],
      [0x0304, tls13],
      [0x0101, tlcp],
    ] as const;
    return { suites: new Map(lists.filter(([, suites]) => suites.length > 0)), ...ways, ...(fallsTo === undefined ? {} : { fallsTo }) };
  });

/** What goes wrong from a connection on. */
const fault = fc.record({
  from: fc.nat(90),
  reply: fc.oneof(
    fc.constantFrom<Reply>({ then: 'silence' }, { then: 'end' }, { then: 'reset' }),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes): Reply => ({ bytes, then: 'end' })),
  ),
});

async function met(
  simulation: Simulation,
  change: (reply: Reply, number: number, first: Uint8Array) => Reply = (reply) => reply,
): Promise<{ readonly seen: Observation | Unknown; readonly network: FakeNetwork }> {
  const answer = simulated(simulation);
  const network = fakeNetwork((first, number) => change(answer(first, number), number, first));
  const limits = { ...DEFAULT_LIMITS, connections: 400 };
  const line = new HostLine(
    network,
    { address: '192.0.2.1', port: 443, name: 'h' },
    limits,
    new HostGate(limits),
    new AbortController().signal,
  );
  return { seen: await probe(line, '192.0.2.1', 'host.example', 'https'), network };
}

/** Everything in an observation that is not true of the server, in words. */
function falsehoods(
  seen: Observation,
  { suites, groups = [], curves = [], reusesKeys, fallsTo, helloOnly }: Simulation,
): readonly string[] {
  const wrong: string[] = [];
  const claim = (holds: boolean, words: string): void => void (holds || wrong.push(words));
  const truth = (protocol: Protocol): readonly number[] => suites.get(WIRE_VERSION[protocol]) ?? [];
  for (const protocol of PROTOCOLS) {
    const answer = seen.protocols.get(protocol);
    const spoken = truth(protocol).length > 0;
    claim(answer?.state !== 'accepted' || spoken, `${protocol} accepted`);
    claim(answer?.state !== 'refused' || !spoken, `${protocol} refused`);
    const list = seen.suites.get(protocol);
    const found = list?.suites.map(({ code }) => code) ?? [];
    for (const code of found) claim(truth(protocol).includes(code), `${protocol} suite ${code}`);
    const closed = answer?.state === 'accepted' && list?.open.length === 0;
    claim(!closed || found.length === truth(protocol).length, `${protocol} suites closed at ${found.length} of ${truth(protocol).length}`);
  }
  const ecdhe = (protocol: Protocol): boolean => truth(protocol).some((code) => CIPHER_SUITES.get(code)?.keyExchange === 'ECDHE');
  const best = (['TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'] as const).find((protocol) => truth(protocol).length > 0);
  for (const code of seen.groups.codes.keys()) claim(groups.includes(code) || curves.includes(code), `group ${code}`);
  if (seen.groups.open.length === 0 && [...seen.protocols.values()].every(({ state }) => state !== 'unknown')) {
    const older = best !== undefined && ecdhe(best) ? curves : [];
    const modern = truth('TLSv1.3').length > 0 ? groups : [];
    for (const group of [...older, ...modern]) claim(seen.groups.codes.has(group), `groups closed without ${group}`);
  }
  if (seen.reusesKeys.state === 'seen') claim(seen.reusesKeys.value === (reusesKeys === true), `reuses keys: ${seen.reusesKeys.value}`);
  if (seen.fallbackScsv.state === 'seen')
    claim(seen.fallbackScsv.value === (fallsTo === undefined), `fallback: ${seen.fallbackScsv.value}`);
  claim(seen.compression.state !== 'seen' || !seen.compression.value, 'compression');
  claim(seen.downgradeSentinel.state !== 'seen' || !seen.downgradeSentinel.value, 'sentinel');
  claim(
    seen.downgradeSentinel.state !== 'none' || truth('TLSv1.3').length === 0 || best === undefined,
    'no TLS 1.3 that could set the sentinel',
  );
  claim(seen.tickets.state !== 'seen' || !seen.tickets.value, 'tickets');
  claim(seen.earlyData.state !== 'seen' || !seen.earlyData.value, 'early data');
  // Nobody here completes a handshake, so that nothing is known of certificates that are asked for but by whole flights.
  if (helloOnly === true) claim(seen.clientCertificate.state !== 'seen', 'client certificate of a flight that broke off');
  claim(seen.clientCertificate.state !== 'seen' || seen.clientCertificate.value === 'none', 'client certificate');
  claim(seen.alpn.names.size === 0, 'ALPN');
  return wrong;
}

describe('whatever the server', () => {
  test('what is said of it is true, and whole where nothing goes wrong', async () => {
    await fc.assert(
      fc.asyncProperty(server, async (simulation) => {
        const { seen, network } = await met(simulation);
        expect(network.open).toBe(0);
        expect(network.peak).toBeLessThanOrEqual(DEFAULT_LIMITS.atOnce);
        if ('state' in seen) return;
        expect(falsehoods(seen, simulation)).toEqual([]);
        if (simulation.refusal !== 'alert') return;
        for (const [version, suites] of simulation.suites) {
          const protocol = PROTOCOLS.find((one) => WIRE_VERSION[one] === version) ?? 'SSLv2';
          // TLS 1.3 of a server that wants shares of groups that nobody makes may stay unknown.
          if (protocol === 'TLSv1.3') continue;
          expect(seen.protocols.get(protocol)?.state).toBe('accepted');
          expect(seen.suites.get(protocol)?.suites.length).toBe(suites.length);
        }
      }),
      { numRuns: 120 },
    );
  });

  test('from wherever it goes silent, away or mad, nothing false is said', async () => {
    await fc.assert(
      fc.asyncProperty(server, fault, async (simulation, { from, reply }) => {
        const { seen, network } = await met(simulation, (good, number) => (number > from ? reply : good));
        expect(network.open).toBe(0);
        expect(network.made).toBeLessThan(250);
        if (!('state' in seen)) expect(falsehoods(seen, simulation)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('where every hello is cut off once, nothing false is said', async () => {
    await fc.assert(
      fc.asyncProperty(server, fc.constantFrom('end', 'reset'), async (simulation, then) => {
        const known = new Set<string>();
        const { seen } = await met(simulation, (good, _, first) => {
          const key = Buffer.from(first).toString('latin1');
          if (known.has(key)) return good;
          known.add(key);
          return { then };
        });
        if (!('state' in seen)) expect(falsehoods(seen, simulation)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });
});

test('a host that answers nothing, or no TLS, is a gap, by few connections', async () => {
  for (const reply of [
    { then: 'silence' },
    { bytes: new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'), then: 'end' },
  ] as const) {
    const { seen, network } = await met({ suites: new Map() }, () => reply);
    expect(seen).toMatchObject({ state: 'unknown' });
    expect(network.made).toBe(1);
  }
});
