import { describe, expect, test } from 'vitest';
import { gradeOf, round } from '../../src/evaluate/score.ts';
import type { Waiver } from '../../src/model/plan.ts';
import { assess, planned, record, resource, target } from '../support/assess.ts';

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
  test('a score is never rounded up', () => {
    expect([round(99.99), round(66.666), round(70.0), round(0.1 + 0.2)]).toEqual([99.9, 66.6, 70, 0.3]);
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
    const listing = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")', offending: 'r.listens.filter(x, x != "a")' });
    const records = [record('one', [resource('a', { listens: ['a', 'b', 'c'] })])];
    const run = (offenders: readonly string[]) => assess([listing], records, { waivers: [{ ...WAIVER, offenders }] });
    expect(run(['b', 'c']).summary.verdict.exitCode).toBe(0);
    expect(run(['b']).findings[0]?.waiver?.status).toBe('worse');
    expect(run(['b']).summary.verdict.exitCode).toBe(1);
    const digest = run([]).findings[0]?.offenders.map((one) => one.digest) ?? [];
    expect(run(digest).summary.verdict.exitCode).toBe(0);
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
  const listing = planned({ id: 'T-01', assert: 'r.listens.all(x, x == "a")', offending: 'r.listens.filter(x, x != "a")' });
  const world = (listens: unknown) => [record('one', [resource('db', { listens })])];
  const baselineOf = (listens: unknown, revision = 1) => {
    const { findings } = assess([listing], world(listens));
    return {
      controls: { 'T-01': revision },
      findings: findings.flatMap(({ fingerprint, control: id, target: at, resource: name, kind, outcome, offenders }) =>
        fingerprint === undefined || outcome === 'pass'
          ? []
          : [{ fingerprint, control: id, target: at, resource: name, kind, outcome, offenders: offenders.map(({ digest }) => digest) }],
      ),
    };
  };
  const compared = (before: unknown, after: unknown, records = world(after), revision = 1) =>
    assess([listing], records, {}, { baseline: baselineOf(before, revision) });

  test('what it knows is unchanged and forgiven; what is more is worse and counts as new', () => {
    expect(compared(['b'], ['b'])).toMatchObject({ findings: [{ baseline: 'unchanged' }], summary: { verdict: { exitCode: 0 } } });
    expect(compared(['b', 'c'], ['b'])).toMatchObject({ findings: [{ baseline: 'unchanged' }], summary: { verdict: { exitCode: 0 } } });
    expect(compared(['b'], ['b', 'c'])).toMatchObject({ findings: [{ baseline: 'worse' }], summary: { verdict: { exitCode: 1 } } });
    expect(compared(['a'], ['b'])).toMatchObject({ findings: [{ baseline: 'new' }], summary: { verdict: { exitCode: 1 } } });
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
  test('a failure that became unknown is not forgiven', () => {
    expect(compared(['b'], { unknown: 'refused' }).summary.verdict.exitCode).toBe(2);
  });
});
