import { describe, expect, test } from 'vitest';
import { baselineOf } from '../../src/evidence/assessment-file.ts';
import { gradeOf, round } from '../../src/evaluate/score.ts';
import { causeKey, type Baseline } from '../../src/model/baseline.ts';
import { unknown } from '../../src/model/fact.ts';
import type { Plan, Waiver } from '../../src/model/plan.ts';
import { assess, failed, planned, record, resource, target } from '../support/assess.ts';

const store = (id: string, authentication: unknown): ReturnType<typeof resource> => resource(id, { authentication });
const control = (id: string, severity: 'critical' | 'high' | 'medium' | 'low' | 'info' = 'high', assert = 'r.authentication') =>
  planned({ id, severity, assert });
const UNKNOWN = { unknown: 'timed-out' };

describe('interval scores', () => {
  test('low counts the undecided as failed, high as passed', () => {
    const { summary } = assess(
      [control('T-01')],
      [record('one', [store('a', true), store('b', true), store('c', false), store('d', UNKNOWN)])],
    );
    expect(summary.scores.total).toEqual({ low: 50, high: 75 });
  });
  test('unknown, manual and error are undecided alike', () => {
    const { assert: _, ...rest } = planned({
      id: 'T-02',
      verification: 'attested',
      resource: 'attestation',
      attested: { kind: 'att:event', assert: 'r.signed' },
    }).control;
    const records = [record('one', [resource('a', { authentication: UNKNOWN, protected_mode: { absent: true }, replication: true })])];
    for (const undecided of [control('T-02'), control('T-02', 'high', 'r.protected_mode'), { ...control('T-02'), control: rest }]) {
      const { summary } = assess([undecided, control('T-01', 'high', 'r.replication')], records);
      expect(summary.scores.total).toEqual({ low: 50, high: 100 });
    }
  });
  test('not-applicable leaves the ratio, and a control without judged subject the mean', () => {
    const when = planned({ id: 'T-02', when: 'r.replication', assert: 'r.authentication' });
    const { summary } = assess([control('T-01'), when], [record('one', [resource('a', { authentication: true, replication: false })])]);
    expect(summary.scores.total).toEqual({ low: 100, high: 100 });
    expect(summary.scores.families[0]?.controls).toBe(1);
  });
  test('families are weighted means, the total a weighted mean of families', () => {
    const records = [record('one', [resource('a', { authentication: true, replication: false, durable_writes: true })])];
    const { summary } = assess(
      [control('A-01', 'critical'), control('A-02', 'low', 'r.replication'), control('B-01', 'medium', 'r.durable_writes')],
      records,
    );
    expect(summary.scores.families).toMatchObject([
      { family: 'A', weight: 11, low: 90.9 },
      { family: 'B', weight: 4, low: 100 },
    ]);
    expect(summary.scores.total.low).toBe(93.3); // (10 + 4) of 15
  });
  test('info weighs nothing: a family of weight 0 leaves the mean', () => {
    const { summary } = assess([control('A-01', 'info'), control('B-01')], [record('one', [store('a', true)])]);
    expect(summary.scores.families.map(({ family }) => family)).toEqual(['B']);
  });
  test('where all that was judged weighs nothing, nothing was judged: no grade, 0 to 100, exit 2', () => {
    const { findings, summary } = assess([control('A-01', 'info')], [record('one', [store('a', true)])]);
    expect(findings).toMatchObject([{ outcome: 'pass' }]);
    expect(summary).toMatchObject({ grade: '–', scores: { total: { low: 0, high: 100 } }, verdict: { exitCode: 2 } });
  });
  test('a score is never rounded up', () => {
    expect([round(99.99), round(66.666), round(70.0), round(0.1 + 0.2)]).toEqual([99.9, 66.6, 70, 0.3]);
  });
  test('of a paired subject only the waived half is accepted, in either order', () => {
    const pair = (of: string, more: Partial<Plan>, first: unknown = false, second: unknown = false) =>
      assess(
        [control('T-01')],
        [record(target('a', { declares: 'b' }), [store('www', first)]), record(target('b'), [store('www', second)])],
        { waivers: [{ ...WAIVER, target: of }], ...more },
      ).summary.scores;
    for (const of of ['a', 'b']) expect(pair(of, {})).toMatchObject({ total: { low: 0, high: 0 }, accepted: { low: 0, high: 0 } });
    expect(pair('a', { waivers: [WAIVER, WAIVER].map((one, index) => ({ ...one, target: ['a', 'b'][index] ?? '' })) })).toMatchObject({
      total: { low: 0, high: 0 },
      accepted: { low: 0, high: 100 },
    });
    // What the waived half hides is still there: the other is unknown, or passes.
    expect(pair('a', {}, false, UNKNOWN)).toMatchObject({ total: { low: 0, high: 0 }, accepted: { low: 0, high: 100 } });
    expect(pair('a', {}, false, true)).toMatchObject({ total: { low: 0, high: 0 }, accepted: { low: 100, high: 100 } });
  });
  test('live and declared resources that are paired are one subject with the worse outcome', () => {
    const live = target('live');
    const declared = target('repo', { declares: 'live' });
    const records = [
      record(live, [{ ...store('www:443', true), stance: 'live' }, store('other', true)]),
      record(declared, [store('www:443', false)]),
    ];
    const { summary, findings } = assess([control('T-01')], records);
    expect(findings).toHaveLength(3); // both stay visible
    expect(summary.scores.total).toEqual({ low: 50, high: 50 });
  });
});

describe('grades and caps', () => {
  test.each([
    [100, 'A'],
    [90, 'A'],
    [89.9, 'B'],
    [80, 'B'],
    [65, 'C'],
    [50, 'D'],
    [49.9, 'F'],
    [0, 'F'],
  ] as const)('%d is %s', (score, grade) => {
    expect(gradeOf(score, [])).toBe(grade);
  });
  const many = (fields: Record<string, unknown>): ReturnType<typeof assess> => {
    const padding = Array.from({ length: 60 }, (_, index) =>
      planned({ id: `Z-${String(index).padStart(2, '0')}`, severity: 'critical', assert: 'r.replication' }),
    );
    const criticals = ['authentication', 'durable_writes', 'wildcard_bind'].map((name, index) =>
      planned({ id: `T-0${index + 1}`, severity: 'critical', assert: `r.${name}` }),
    );
    return assess(
      [...criticals, ...padding],
      [record('one', [resource('a', { replication: true, authentication: true, durable_writes: true, wildcard_bind: true, ...fields })])],
    );
  };
  test('one failed critical control caps at C, two too, three at F', () => {
    expect(many({}).summary.grade).toBe('A');
    expect(many({ authentication: false }).summary).toMatchObject({ grade: 'C', caps: [{ grade: 'C', controls: ['T-01'] }] });
    expect(many({ authentication: false, durable_writes: false }).summary.grade).toBe('C');
    expect(many({ authentication: false, durable_writes: false, wildcard_bind: false }).summary.grade).toBe('F');
  });
  test('a critical undecided caps at B, and the grade it could have is shown', () => {
    expect(many({ authentication: UNKNOWN }).summary).toMatchObject({ grade: 'B', gradeHigh: 'A' });
  });
  test('a waiver lifts no cap', () => {
    const waivers = [{ ...WAIVER, control: { glob: '*' }, target: { glob: '*' } }];
    const bad = [record('one', [store('a', false)])];
    const { summary } = assess([control('T-01', 'critical')], bad, { waivers });
    expect(summary).toMatchObject({ caps: [{ kind: 'failed', grade: 'C', controls: ['T-01'] }], verdict: { exitCode: 0 } });
  });
  test('caps go by the finding’s severity, the ratio by the control’s weight', () => {
    const lesser = planned({
      id: 'T-01',
      severity: 'critical',
      assert: 'r.authentication',
      lesser: [{ if: 'r.replication', severity: 'low' }],
    });
    const { summary } = assess([lesser], [record('one', [resource('a', { authentication: false, replication: true })])]);
    expect(summary.caps).toEqual([]);
    expect(summary.scores.families[0]?.weight).toBe(10);
    expect(summary.verdict.exitCode).toBe(0);
  });
});

const WAIVER: Waiver = {
  id: 'w',
  control: 'T-01',
  target: 'one',
  owner: 'CISO',
  reason: 'migration',
  until: '2026-12-31',
  declaredAt: record('one', []).target.declaredAt,
};
const BAD = [record('one', [store('a', false), store('b', true)])];

describe('waivers', () => {
  const waived = (waiver: Partial<Waiver>, more: Parameters<typeof assess>[2] = {}): ReturnType<typeof assess> =>
    assess([control('T-01')], BAD, { waivers: [{ ...WAIVER, ...waiver }], ...more });
  test('a waived failure stays a failure in the score, and is forgiven by the gate only', () => {
    const { findings, summary } = waived({});
    expect(findings[0]).toMatchObject({ outcome: 'fail', waiver: { status: 'active', owner: 'CISO' } });
    expect(summary.scores).toMatchObject({ total: { low: 50, high: 50 }, accepted: { low: 100, high: 100 } });
    expect(summary.verdict.exitCode).toBe(0);
  });
  test('it ends at 24:00 UTC of its day', () => {
    expect(waived({ until: '2026-11-24' }, { asOf: '2026-11-24T23:59:59.000Z' }).summary.verdict.exitCode).toBe(0);
    expect(waived({ until: '2026-11-24' }, { asOf: '2026-11-25T00:00:00.000Z' }).summary).toMatchObject({
      verdict: { exitCode: 1 },
      waivers: [{ status: 'expired' }],
    });
  });
  test('a day that is in no calendar has expired', () => {
    expect(waived({ until: '2027-02-31' }).summary).toMatchObject({ verdict: { exitCode: 1 }, waivers: [{ status: 'expired' }] });
  });
  test('one that matches nothing is reported', () => {
    expect(waived({ target: 'two' }).summary.waivers).toMatchObject([{ status: 'unmatched', findings: 0 }]);
  });
  test('a * is a letter unless it was written as a glob', () => {
    expect(waived({ target: 'o*' }).summary.verdict.exitCode).toBe(1);
    expect(waived({ target: { glob: 'o*' } }).summary.verdict.exitCode).toBe(0);
    expect(waived({ target: { glob: 'o*x' } }).summary.verdict.exitCode).toBe(1);
    expect(waived({ resource: 'b' }).summary.verdict.exitCode).toBe(1);
  });
  test('it forgives only the offenders it knows: more is worse, and forgives nothing', () => {
    const listing = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")', offending: ['r.listens.filter(x, x != "a")'] });
    const records = [record('one', [resource('a', { listens: ['a', 'b', 'c'] })])];
    const run = (offenders: readonly string[]) => assess([listing], records, { waivers: [{ ...WAIVER, offenders }] });
    expect(run(['b', 'c']).summary.verdict.exitCode).toBe(0);
    expect(run(['b']).findings[0]?.waiver?.status).toBe('worse');
    expect(run(['b']).summary.verdict.exitCode).toBe(1);
    const digest = run([]).findings[0]?.offenders.map((one) => one.digest) ?? [];
    expect(run(digest).summary.verdict.exitCode).toBe(0);
  });
  test('offenders speak of failures only: what is unknown may hold any others', () => {
    const listing = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")', offending: ['r.listens.filter(x, x != "a")'] });
    const waivers = [{ ...WAIVER, offenders: ['b'] }];
    const open = assess([listing], [record('one', [resource('a', { listens: ['a', { open: 'timed-out' }] })])], { waivers });
    expect(open.findings).toMatchObject([{ outcome: 'unknown' }]);
    expect(open.summary).toMatchObject({ verdict: { exitCode: 2 }, waivers: [{ status: 'unmatched' }] });
    const unseen = assess([listing], [record('one', [], { datastore: failed(unknown('access-denied', 'x')) })], { waivers });
    expect(unseen.summary.verdict.exitCode).toBe(2);
  });
  test('unknown can be waived, error cannot', () => {
    expect(assess([control('T-01')], [record('one', [store('a', UNKNOWN)])], { waivers: [WAIVER] }).summary.verdict.exitCode).toBe(0);
    expect(
      assess([control('T-01', 'high', 'r.protected_mode')], [record('one', [resource('a', { protected_mode: { absent: true } })])], {
        waivers: [WAIVER],
      }).summary.verdict.exitCode,
    ).toBe(2);
  });
});

describe('the gate', () => {
  const run = (records: Parameters<typeof assess>[1], gate: object = {}, severity: Parameters<typeof control>[1] = 'high') =>
    assess([control('T-01', severity)], records, {
      gate: { failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: false, ...gate },
    }).summary.verdict;
  const good = [record('one', [store('a', true)])];
  const open = [record('one', [store('a', UNKNOWN)])];
  const both = [record('one', [store('a', UNKNOWN), store('b', false)])];

  test('0 met, 1 a fail at or above failOn, 2 an undecided; both: 1, and both are told', () => {
    expect(run(good).exitCode).toBe(0);
    expect(run(BAD).exitCode).toBe(1);
    expect(run(open).exitCode).toBe(2);
    expect(run(both)).toMatchObject({ exitCode: 1, reasons: [expect.anything(), expect.anything()] });
  });
  test('below failOn nothing stops it', () => {
    expect(run(BAD, {}, 'medium').exitCode).toBe(0);
    expect(run(open, {}, 'medium').exitCode).toBe(0);
    expect(run(BAD, { failOn: 'medium' }, 'medium').exitCode).toBe(1);
  });
  test('minScore: high below it is 1, low below it is 2', () => {
    const mixed = [record('one', [store('a', true), store('b', UNKNOWN)])];
    expect(run(mixed, { failOn: 'critical', minScore: 60 }).exitCode).toBe(2);
    expect(run(BAD, { failOn: 'critical', minScore: 60 }).exitCode).toBe(1);
    expect(run(mixed, { failOn: 'critical', minScore: 50 }).exitCode).toBe(0);
  });
  test('--allow-undecided forgives unknown, manual and an unproven minScore, never an error', () => {
    expect(run(open, { allowUndecided: true }).exitCode).toBe(0);
    expect(run([record('one', [store('a', true), store('b', UNKNOWN)])], { allowUndecided: true, minScore: 60 }).exitCode).toBe(0);
    const broken = assess(
      [control('T-01', 'high', 'r.protected_mode')],
      [record('one', [resource('a', { protected_mode: { absent: true } })])],
      { gate: { failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: true } },
    );
    expect(broken.summary.verdict.exitCode).toBe(2);
  });
  test('a list of undecided outcomes without error stops on an error all the same', () => {
    const broken = planned({ id: 'T-01', assert: 'r.protected_mode' });
    for (const undecided of [['unknown'], ['manual'], []] as const) {
      const gate = { failOn: 'high', undecided, allowUndecided: true } as const;
      const { findings, summary } = assess([broken], [record('one', [resource('a', { protected_mode: { absent: true } })])], { gate });
      expect(findings).toMatchObject([{ outcome: 'error' }]);
      expect(summary.verdict).toMatchObject({ exitCode: 2, reasons: [{ en: '1 could not be computed' }] });
    }
  });
  test('manual stops it where a profile says so', () => {
    const { assert: _, ...rest } = planned({
      id: 'T-08',
      verification: 'attested',
      resource: 'attestation',
      attested: { kind: 'att:event', assert: 'r.signed' },
    }).control;
    const manual = assess([{ ...planned({ id: 'T-08' }), control: rest }], good, {
      gate: { failOn: 'high', undecided: ['manual'], allowUndecided: false },
    });
    expect(manual.summary.verdict.exitCode).toBe(2);
  });
});

describe('baselines', () => {
  const listing = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")', offending: ['r.listens.filter(x, x != "a")'] });
  const world = (listens: unknown) => [record('one', [resource('db', { listens })])];
  const baselineFrom = ({ findings, summary }: ReturnType<typeof assess>, revision?: number): Baseline => {
    const baseline = baselineOf({ findings, summary });
    return revision === undefined ? baseline : { ...baseline, controls: { 'T-01': revision } };
  };
  const compared = (before: unknown, after: unknown, records = world(after), revision = 1) =>
    assess([listing], records, {}, { baseline: baselineFrom(assess([listing], world(before)), revision) });

  test('what it knows is unchanged and forgiven; what is more is worse and counts as new', () => {
    expect(compared(['b'], ['b'])).toMatchObject({ findings: [{ baseline: 'unchanged' }], summary: { verdict: { exitCode: 0 } } });
    expect(compared(['b', 'c'], ['b'])).toMatchObject({ findings: [{ baseline: 'unchanged' }], summary: { verdict: { exitCode: 0 } } });
    expect(compared(['b'], ['b', 'c'])).toMatchObject({ findings: [{ baseline: 'worse' }], summary: { verdict: { exitCode: 1 } } });
    expect(compared(['a'], ['b'])).toMatchObject({ findings: [{ baseline: 'new' }], summary: { verdict: { exitCode: 1 } } });
  });
  test('without offending: the values of the reads that decided are the offenders, each counterexample and each false side', () => {
    const offenders = (assert: string, values: Record<string, unknown>): readonly (string | undefined)[] =>
      assess([planned({ id: 'T-01', assert })], [record('one', [resource('db', values)])])
        .findings[0]?.offenders.map(({ text }) => text)
        .toSorted() ?? [];
    expect(offenders('r.name == "x"', { name: 'y' })).toEqual(['r.name = y']);
    expect(offenders('r.authentication && r.name == "x"', { authentication: false, name: 'y' })).toEqual([
      'r.authentication = false',
      'r.name = y',
    ]);
    expect(offenders('!(r.authentication || r.replication)', { authentication: true, replication: true })).toHaveLength(2);
    expect(offenders('r.listens.all(x, x == "a")', { listens: ['b', 'a', 'c', 'b'] })).toEqual([
      'r.listens[] = b',
      'r.listens[] = b',
      'r.listens[] = c',
    ]);
    expect(offenders('has(r.protected_mode)', { protected_mode: { absent: true } })).toEqual(['r.protected_mode is absent']);
  });
  test('and what got worse is worse, in any place of the list, in value or in number; a list in another order is not', () => {
    const every = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a") && r.name == "good"' });
    const run = (values: Record<string, unknown>, baseline?: Baseline) =>
      assess([every], [record('one', [resource('db', values)])], {}, baseline === undefined ? {} : { baseline });
    const before = baselineFrom(run({ listens: ['b', 'c'], name: 'good' }));
    const state = (listens: readonly string[], name = 'good') => run({ listens, name }, before).findings[0]?.baseline;
    expect(state(['c', 'b'])).toBe('unchanged');
    expect(state(['c', 'a'])).toBe('unchanged');
    expect(state(['b', 'd'])).toBe('worse');
    expect(state(['b', 'c', 'c'])).toBe('worse');
    expect(state(['b', 'c'], 'bad')).toBe('worse');
  });
  test('where offending: names nothing that is known, the deciding reads are the offenders: nothing is forgiven for want of a name', () => {
    const nameless = planned({ id: 'T-01', assert: 'r.name == "x"', offending: ['r.listens.filter(l, l != "a")'] });
    for (const listens of [UNKNOWN, ['a'], []]) {
      const { findings } = assess([nameless], [record('one', [resource('db', { name: 'y', listens })])]);
      expect(findings[0]?.offenders.map(({ text }) => text)).toEqual(['r.name = y']);
    }
  });
  test('digests are sorted, and all of them are there where texts are only shown up to 200', () => {
    const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `x${index}`);
    for (const one of [listing, planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")' })]) {
      const run = (count: number, baseline?: Baseline) => assess([one], world(many(count)), {}, baseline === undefined ? {} : { baseline });
      const { offenders } = run(205).findings[0] ?? { offenders: [] };
      expect(offenders).toHaveLength(205);
      expect(offenders.map(({ digest }) => digest)).toEqual(offenders.map(({ digest }) => digest).toSorted());
      expect(offenders.filter(({ text }) => text !== undefined)).toHaveLength(200);
      expect(run(205, baselineFrom(run(205))).findings[0]?.baseline).toBe('unchanged');
      expect(run(206, baselineFrom(run(205))).findings[0]?.baseline).toBe('worse');
    }
  });
  test('one value twice is more than one: offenders are counted', () => {
    expect(compared(['b'], ['b', 'b'])).toMatchObject({ findings: [{ baseline: 'worse' }], summary: { verdict: { exitCode: 1 } } });
    expect(compared(['b', 'b'], ['b'])).toMatchObject({ findings: [{ baseline: 'unchanged' }] });
    const waiver = (offenders: readonly string[]) => assess([listing], world(['b', 'b']), { waivers: [{ ...WAIVER, offenders }] });
    expect(waiver(['b']).findings[0]?.waiver?.status).toBe('worse');
    expect(waiver(['b', 'b']).findings[0]?.waiver?.status).toBe('active');
  });
  test('a control or revision that it did not have is new-control, and the gate ignores it', () => {
    expect(compared(['a'], ['b'], world(['b']), 2)).toMatchObject({
      findings: [{ baseline: 'new-control' }],
      summary: { verdict: { exitCode: 0 } },
    });
  });
  test('gone is fixed only if it passes now, or its kind was seen completely; otherwise nobody can tell', () => {
    expect(compared(['b'], ['a']).summary.gone).toMatchObject([{ state: 'fixed' }]);
    expect(compared(['b'], ['a'], [record('one', [])]).summary.gone).toMatchObject([{ state: 'fixed' }]);
    expect(compared(['b'], ['a'], [record('one', [], {})]).summary.gone).toMatchObject([{ state: 'no-longer-determinable' }]);
    expect(compared(['b'], { unknown: 'refused' }).summary.gone).toMatchObject([{ state: 'no-longer-determinable' }]);
  });
  test('where one run has seen both sides, more reasons not to know and more severity are worse', () => {
    const two = planned({ id: 'T-01', severity: 'high', lesser: [{ if: 'r.replication', severity: 'low' }], assert: 'r.authentication' });
    const run = (values: Record<string, unknown>, baseline?: Baseline) =>
      assess([two], [record('one', [resource('db', values)])], {}, baseline === undefined ? {} : { baseline });
    const seen = (values: Record<string, unknown>): Baseline => {
      const before = run(values);
      const { controls, findings } = baselineFrom(before);
      const [first] = before.findings;
      if (first === undefined) throw new Error('nothing was found');
      const causes = first.outcome === 'unknown' ? first.causes.map(causeKey) : [];
      return { controls, findings: findings.map((one) => ({ ...one, seen: { causes, severity: first.severity } })) };
    };
    const low = { authentication: false, replication: true };
    expect(run(low, seen(low)).findings[0]).toMatchObject({ severity: 'low', baseline: 'unchanged' });
    const high = { authentication: false, replication: false };
    expect(run(high, seen(low)).findings[0]).toMatchObject({ severity: 'high', baseline: 'worse' });
    expect(run(low, seen(high)).findings[0]?.baseline).toBe('unchanged');
    expect(run(high, baselineFrom(run(low))).findings[0]?.baseline).toBe('unchanged');
    const open = { authentication: { unknown: 'refused' } };
    expect(run(open, seen(open)).findings[0]?.baseline).toBe('unchanged');
    expect(run({ authentication: { unknown: 'unparseable' } }, seen(open)).findings[0]?.baseline).toBe('worse');
  });
  test('a failure that became unknown is not forgiven', () => {
    expect(compared(['b'], { unknown: 'refused' }).summary.verdict.exitCode).toBe(2);
  });
});
