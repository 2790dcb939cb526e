import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enumerate13 } from '../../../src/collect/tls/enumerate13.ts';
import { TLS13_SUITES } from '../../../src/collect/tls/suite-order.ts';
import { TLS13_GROUPS } from '../../../src/tls/named-groups.ts';
import { codes, meet, sorted } from '../../support/simulated-host.ts';

describe('suites and groups of TLS 1.3', () => {
  const modern = fc.record({
    suites: fc.shuffledSubarray([...TLS13_SUITES], { minLength: 1 }),
    groups: fc.shuffledSubarray([...TLS13_GROUPS], { minLength: 1 }),
    clientOrder: fc.boolean(),
    leastShare: fc.constantFrom('empty', 'any'),
    refusal: fc.constantFrom('alert', 'end', 'reset'),
  });

  test('are found exactly, whatever share the server wants', async () => {
    await fc.assert(
      fc.asyncProperty(modern, fc.constantFrom('spoken', 'unclear'), async ({ suites, ...more }, greeted) => {
        fc.pre(more.refusal === 'alert' || more.leastShare === 'empty');
        const { line, network } = meet({ suites: new Map([[0x0304, suites]]), ...more });
        const found = await enumerate13(line, undefined, greeted);
        expect(found.answer.state).toBe('accepted');
        expect([found.suites.open, found.groups.open]).toEqual([[], []]);
        expect(sorted(codes(found))).toEqual(sorted(suites));
        expect(sorted([...found.groups.codes.keys()])).toEqual(sorted(more.groups));
        expect(network.made).toBeLessThanOrEqual(suites.length + more.groups.length + 10);
      }),
      { numRuns: 150 },
    );
  });

  test('of a server that wants a real share are found, or open', async () => {
    await fc.assert(
      fc.asyncProperty(modern, async ({ suites, groups, clientOrder }) => {
        const { line } = meet({ suites: new Map([[0x0304, suites]]), groups, clientOrder, leastShare: 'real' });
        const found = await enumerate13(line, undefined, 'unclear');
        expect(found.answer.state).toBe('accepted');
        for (const code of codes(found)) expect(suites).toContain(code);
        for (const code of found.groups.codes.keys()) expect(groups).toContain(code);
        expect(sorted(codes(found))).toEqual(sorted(suites));
        if (found.groups.codes.size < groups.length) expect(found.groups.open.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  test('from wherever a host goes silent or away, nothing is claimed that it did not say', async () => {
    await fc.assert(
      fc.asyncProperty(modern, fc.nat(40), fc.constantFrom('silence', 'end', 'reset'), async ({ suites, ...more }, last, then) => {
        const { line } = meet({ suites: new Map([[0x0304, suites]]), ...more }, (reply, number) => (number > last ? { then } : reply));
        const found = await enumerate13(line, undefined, 'unclear');
        for (const code of codes(found)) expect(suites).toContain(code);
        for (const code of found.groups.codes.keys()) expect(more.groups).toContain(code);
        if (found.answer.state === 'unknown') expect([found.suites.open.length, found.groups.open.length]).not.toContain(0);
        else {
          expect(found.answer.state).toBe('accepted');
          if (codes(found).length < suites.length) expect(found.suites.open.length).toBeGreaterThan(0);
          if (found.groups.codes.size < more.groups.length) expect(found.groups.open.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('an older server refuses it by an alert, an older hello or, alive, by closing', async () => {
    const older = { suites: new Map([[0x0303, [0x002f]]]) };
    expect((await enumerate13(meet(older).line, undefined, 'not-spoken')).answer.state).toBe('refused');
    const closing = meet({ ...older, refusal: 'end' });
    expect((await enumerate13(closing.line, undefined, 'not-spoken')).answer.state).toBe('unknown');
    await closing.line.ask({ protocol: 'TLSv1.2', suites: [0x002f] });
    expect((await enumerate13(closing.line, undefined, 'not-spoken')).answer.state).toBe('refused');
  });
});
