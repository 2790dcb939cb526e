import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate } from '../../../src/collect/limits.ts';
import { enumerateOlder } from '../../../src/collect/tls/enumerate.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import { Notebook } from '../../../src/collect/tls/notebook.ts';
import { orderOf } from '../../../src/collect/tls/preference.ts';
import { candidateGroups, TLCP_SUITES } from '../../../src/collect/tls/suite-order.ts';
import { CIPHER_SUITES } from '../../../src/tls/cipher-suites.ts';
import { fakeNetwork } from '../../support/fake-network.ts';
import { record, serverHello as helloMessage } from '../../support/servers/wire.ts';
import { codes, meet, sorted } from '../../support/simulated-host.ts';
import type { Simulation } from '../../support/simulated-server.ts';

const VERSIONS = { SSLv3: 0x0300, TLSv1: 0x0301, 'TLSv1.1': 0x0302, 'TLSv1.2': 0x0303 } as const;
const OLDER = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;
type Older = (typeof OLDER)[number];

/** Some of a version's suites, in any order. */
const some = (protocol: Older, most: number): fc.Arbitrary<readonly number[]> => {
  const all = candidateGroups(protocol).flat();
  return fc.shuffledSubarray(all, { minLength: 0, maxLength: most });
};
const world = fc.constantFrom(...OLDER).chain((protocol) =>
  fc.record({
    protocol: fc.constant(protocol),
    accepted: some(protocol, 40),
    clientOrder: fc.boolean(),
    refusal: fc.constantFrom('alert', 'end', 'reset'),
  }),
);
const server = ({
  protocol,
  accepted,
  ...more
}: {
  readonly protocol: Older;
  readonly accepted: readonly number[];
  readonly clientOrder: boolean;
  readonly refusal: 'alert' | 'end' | 'reset';
}): Simulation => ({
  suites: new Map([[VERSIONS[protocol], accepted]]),
  curves: [0x001d, 0x0017],
  ...more,
});

describe('suites up to TLS 1.2', () => {
  test('are found exactly, none open, in accepted + groups + few connections', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const { network, line } = meet(server(given));
        const result = await enumerateOlder(line, given.protocol, 'h.example', new Notebook('h.example'));
        const { accepted, refusal, protocol } = given;
        const groups = candidateGroups(protocol).length;
        expect(sorted(codes(result))).toEqual(sorted(accepted));
        if (refusal === 'alert' || accepted.length > 0) {
          expect(result.suites.open).toEqual([]);
          expect(result.answer.state).toBe(accepted.length > 0 ? 'accepted' : 'refused');
        } else {
          // A host that only breaks off, and never answered, has refused nothing.
          expect(result.answer.state).toBe('unknown');
        }
        expect(network.made).toBeLessThanOrEqual(accepted.length + groups * (refusal === 'alert' ? 1 : 2) + 2);
        expect(network.open).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('each of them is found alone', async () => {
    for (const protocol of ['SSLv3', 'TLSv1.2'] as const) {
      for (const code of candidateGroups(protocol).flat()) {
        const { line } = meet({ suites: new Map([[VERSIONS[protocol], [code]]]) });
        const result = await enumerateOlder(line, protocol, undefined, new Notebook(undefined));
        expect([codes(result), result.suites.open]).toEqual([[code], []]);
      }
    }
  });

  test('stand in the server’s order, where it has one and few comparisons tell', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...OLDER).chain((protocol) => fc.tuple(fc.constant(protocol), some(protocol, 12), fc.boolean())),
        async ([protocol, accepted, clientOrder]) => {
          fc.pre(accepted.length >= 2);
          const { line } = meet({ suites: new Map([[VERSIONS[protocol], accepted]]), clientOrder });
          const notebook = new Notebook(undefined);
          const found = await enumerateOlder(line, protocol, undefined, notebook);
          const preference = await orderOf(line, protocol, found.suites, undefined, notebook);
          const inOneGroup = candidateGroups(protocol).some((group) => group.filter((code) => accepted.includes(code)).length >= 2);
          if (!inOneGroup) return;
          // ChaCha20 may have priority of its own: beside it alone the order tells nothing.
          const chacha = accepted.some((code) => CIPHER_SUITES.get(code)?.encryption === 'CHACHA20');
          if (!chacha) expect(preference.server.state).toBe('seen');
          if (preference.server.state !== 'seen') return;
          expect(preference.server.value).toBe(!clientOrder);
          if (clientOrder) {
            expect(preference.suites).toBeUndefined();
            return;
          }
          if (preference.suites?.ordered === true) expect(preference.suites.suites.map(({ code }) => code)).toEqual(accepted);
          expect(sorted(preference.suites?.suites.map(({ code }) => code) ?? [])).toEqual(sorted(accepted));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('from wherever a host goes silent or away, nothing is claimed that it did not say', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.nat(45), fc.constantFrom('silence', 'end', 'reset'), async (given, last, then) => {
        const { line, network } = meet(server(given), (reply, number) => (number > last ? { then } : reply));
        const result = await enumerateOlder(line, given.protocol, undefined, new Notebook(undefined));
        const found = codes(result);
        for (const code of found) expect(given.accepted).toContain(code);
        if (found.length < given.accepted.length) expect(result.suites.open.length).toBeGreaterThan(0);
        if (found.length === 0 && given.accepted.length > 0) expect(result.answer.state).toBe('unknown');
        if (last === 0) expect(result.answer.state).toBe('unknown');
        expect(network.made).toBeLessThan(150);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['a suite of TLS 1.3', 0x0303, 0x1301],
    ['a signalling value', 0x0303, 0x00ff],
    ['a version above', 0x0304, 0x002f],
    ['no version at all', 0x0002, 0x002f],
    ['no version that anybody speaks', 0x7f1c, 0x002f],
  ])('of a server that chooses %s are not known', async (_, version, suite) => {
    const bytes = record(22, 0x0303, helloMessage({ version, random: Buffer.alloc(32, 1), suite }));
    const limits = DEFAULT_LIMITS;
    const network = fakeNetwork(() => ({ bytes, then: 'silence' }));
    const line = new HostLine(
      network,
      { address: '192.0.2.1', port: 443, name: 'h' },
      limits,
      new HostGate(limits),
      new AbortController().signal,
    );
    const result = await enumerateOlder(line, 'TLSv1.2', undefined, new Notebook(undefined));
    expect(result.answer).toMatchObject({ state: 'unknown', why: { cause: 'unparseable' } });
    expect(result.suites.open.length).toBeGreaterThan(0);
  });

  test('a lower version than asked for is a refusal of this one', async () => {
    const { line } = meet({ suites: new Map([[0x0301, [0x002f]]]) });
    const result = await enumerateOlder(line, 'TLSv1.2', undefined, new Notebook(undefined));
    expect(result).toMatchObject({ answer: { state: 'refused' }, suites: { suites: [], open: [] } });
  });
});

describe('TLCP', () => {
  test('is found by its own hello alone, in any subset of its suites', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...TLCP_SUITES]), fc.boolean(), async (accepted, clientOrder) => {
        const { line } = meet({ suites: new Map([[0x0101, accepted]]), clientOrder });
        const result = await enumerateOlder(line, 'TLCP', 'h.example', new Notebook('h.example'));
        expect(sorted(codes(result))).toEqual(sorted(accepted));
        expect(result.answer.state).toBe(accepted.length > 0 ? 'accepted' : 'refused');
        const tls = await enumerateOlder(line, 'TLSv1.2', 'h.example', new Notebook('h.example'));
        expect(tls.answer.state).toBe('refused');
      }),
      { numRuns: 60 },
    );
  });
});
