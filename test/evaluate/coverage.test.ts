import { describe, expect, test } from 'vitest';
import { unknown } from '../../src/model/fact.ts';
import { assess, COMPLETE, failed, label, outcomes, partial, planned, record, resource, target } from '../support/assess.ts';

const CONTROL = planned({ id: 'T-01', assert: 'r.authentication' });
const GOOD = resource('db', { authentication: true });

describe('coverage and reach', () => {
  test('every resource of the kind has a finding', () => {
    const { findings } = assess([CONTROL], [record('one', [GOOD, resource('b', { authentication: false }), resource('c', {})])]);
    expect(outcomes(findings)).toEqual(['T-01 one/b fail', 'T-01 one/c unknown', 'T-01 one/db pass']);
  });

  test('no resource and complete: not applicable, with the coverage as its witness', () => {
    const { findings } = assess([CONTROL], [record('one', [])]);
    expect(findings).toMatchObject([{ outcome: 'not-applicable', witnesses: [{ path: 'coverage of datastore', value: 'complete' }] }]);
  });

  test('no resource and not complete: unknown, with the gap as its cause', () => {
    const { findings } = assess([CONTROL], [record('one', [], { datastore: failed(unknown('access-denied', 'db.conf')) })]);
    expect(findings).toMatchObject([{ outcome: 'unknown', causes: [{ cause: 'access-denied', detail: 'db.conf' }] }]);
  });

  test('some resources and not complete: those are judged, and the rest is unknown', () => {
    const { findings, summary } = assess(
      [CONTROL],
      [record('one', [GOOD], { datastore: partial(unknown('unresolved', 'include more.conf')) })],
    );
    expect(outcomes(findings)).toEqual(['T-01 one/db pass', 'T-01 one unknown']);
    expect(summary.verdict.exitCode).toBe(2);
  });

  test('out of reach: no finding, listed, and out of the coverage', () => {
    const other = planned({ id: 'T-02', resource: 'tls.listener', assert: 'r.early_data', severity: 'medium' });
    const { findings, summary } = assess([CONTROL, other], [record('one', [GOOD])]);
    expect(outcomes(findings)).toEqual(['T-01 one/db pass']);
    expect(summary.notLookedAt.map(({ control }) => control)).toEqual(['T-02']);
    expect(summary.coverage).toBe(0.636); // 7 of 11
    expect(summary.grade).toBe('A');
  });

  test('expected and missing is unknown, whether or not a target could show it', () => {
    const expects = [{ kind: 'datastore', atLeast: 1, setBy: 'profile x' }];
    expect(outcomes(assess([CONTROL], [record('one', [], {})], { expects }).findings)).toEqual(['T-01 assessment unknown']);
    const complete = assess([CONTROL], [record('one', [])], { expects });
    expect(outcomes(complete.findings)).toEqual(['T-01 one not-applicable', 'T-01 assessment unknown']);
    expect(complete.summary.verdict.exitCode).toBe(2);
    expect(outcomes(assess([CONTROL], [record('one', [GOOD])], { expects }).findings)).toEqual(['T-01 one/db pass']);
  });

  test('an opt-in probe class is its own coverage: nobody asked, out of reach', () => {
    const probe = planned({ id: 'T-03', resource: 'tls.listener', assert: 'r.heartbleed == "safe"' });
    const listener = resource('www:443', { heartbleed: 'safe' }, 'tls.listener');
    expect(assess([probe], [record('one', [listener], { 'tls.listener': COMPLETE })]).summary.notLookedAt.map(({ kind }) => kind)).toEqual([
      'tls.listener#odd',
    ]);
    expect(
      outcomes(assess([probe], [record('one', [listener], { 'tls.listener': COMPLETE, 'tls.listener#odd': COMPLETE })]).findings),
    ).toEqual(['T-03 one/www:443 pass']);
  });

  test('nothing judged: from 0 to 100, no grade, exit 2', () => {
    const { summary } = assess([CONTROL], [record('one', [])]);
    expect(summary).toMatchObject({ scores: { total: { low: 0, high: 100 } }, grade: '–', verdict: { exitCode: 2 } });
  });

  test('records out of order are refused: order is what makes runs equal', () => {
    expect(() => assess([CONTROL], [record('b', []), record('a', [])])).toThrow(/out of order/);
  });
});

describe('neighbours', () => {
  const covered = planned({ id: 'T-04', assert: 'resources("backup.plan").exists(b, r.name in b.covers)' });
  const joined = planned({ id: 'T-04', assert: 'resources("backup.plan", "covers", r.name).size() > 0' });
  const store = resource('db', { name: 'ledger' });
  const backup = (...covers: readonly unknown[]): ReturnType<typeof resource> => resource('plan', { covers }, 'backup.plan');
  const BOTH = { datastore: COMPLETE, 'backup.plan': COMPLETE };

  test.each([
    ['exists', covered],
    ['join', joined],
  ])('%s: found passes, missing fails only where coverage is complete', (_, control) => {
    expect(outcomes(assess([control], [record('one', [store, backup('ledger')], BOTH)]).findings)).toEqual(['T-04 one/db pass']);
    expect(outcomes(assess([control], [record('one', [store, backup('other')], BOTH)]).findings)).toEqual(['T-04 one/db fail']);
    expect(
      outcomes(
        assess([control], [record('one', [store, backup('other')], { ...BOTH, 'backup.plan': partial(unknown('unreachable', 'x')) })])
          .findings,
      ),
    ).toEqual(['T-04 one/db unknown']);
    expect(outcomes(assess([control], [record('one', [store])]).findings)).toEqual(['T-04 one/db unknown']); // no target shows backups at all
    expect(outcomes(assess([control], [record('one', [store, backup('other', { open: 'unresolved' })], BOTH)]).findings)).toEqual([
      'T-04 one/db unknown',
    ]);
    expect(outcomes(assess([control], [record('one', [store], BOTH)]).findings)).toEqual(['T-04 one/db fail']);
  });

  test('a fail by a missing neighbour has the coverage as its witness', () => {
    const { findings } = assess([covered], [record('one', [store], BOTH)]);
    expect(findings).toMatchObject([{ outcome: 'fail', witnesses: [{ path: 'resources("backup.plan")' }] }]);
  });

  test('a system sees its own, scope: assessment sees all', () => {
    const records = [
      record(target('a', { system: 'payments' }), [store], BOTH),
      record(target('b', { system: 'other' }), [backup('ledger')], BOTH),
    ];
    expect(outcomes(assess([covered], records).findings)).toEqual(['T-04 a/db fail', 'T-04 b not-applicable']);
    const anywhere = planned({ id: 'T-05', scope: 'assessment', assert: 'resources("backup.plan").exists(b, "ledger" in b.covers)' });
    expect(outcomes(assess([anywhere], records).findings)).toEqual(['T-05 assessment pass']);
  });

  test('of one target, that target alone tells: another’s gap opens nothing', () => {
    const own = planned({ id: 'T-06', assert: '!resources("identity.principal", "target", r.target).exists(p, p.superuser)' });
    const store = resource('db', { engine: 'redis' });
    const app = resource('app', { superuser: false }, 'identity.principal');
    const covered = { datastore: COMPLETE, 'identity.principal': COMPLETE };
    const away = { datastore: failed(unknown('unreachable', 'x')), 'identity.principal': failed(unknown('unreachable', 'x')) };
    expect(outcomes(assess([own], [record('one', [store, app], covered), record('two', [], away)]).findings)).toContain('T-06 one/db pass');
    const partly = { ...covered, 'identity.principal': partial(unknown('access-denied', 'pg_authid')) };
    expect(outcomes(assess([own], [record('one', [store, app], partly), record('two', [], covered)]).findings)).toContain(
      'T-06 one/db unknown',
    );
  });

  test('scope: assessment is out of reach where nothing shows its kinds', () => {
    const anywhere = planned({ id: 'T-05', scope: 'assessment', assert: 'resources("backup.plan").exists(b, b.verified)' });
    expect(assess([anywhere], [record('one', [store])]).summary.notLookedAt.map(({ control }) => control)).toEqual(['T-05']);
  });
});

describe('a target of the plan that nobody delivered', () => {
  const covered = planned({ id: 'T-04', assert: 'resources("backup.plan").exists(b, r.name in b.covers)' });
  const store = resource('db', { name: 'ledger', authentication: true });
  const backup = resource('plan', { covers: ['ledger'] }, 'backup.plan');
  const STORE = record('one', [store]);
  const BOTH = { datastore: COMPLETE, 'backup.plan': COMPLETE };

  test('has an unknown for every control, at its place in the order', () => {
    const { findings, summary } = assess([CONTROL], [record('b', [GOOD])], { targets: [target('a'), target('b'), target('c')] });
    expect(outcomes(findings)).toEqual(['T-01 a unknown', 'T-01 b/db pass', 'T-01 c unknown']);
    expect(summary.targets.map((one) => one.target.id)).toEqual(['a', 'b', 'c']);
    expect(summary.verdict.exitCode).toBe(2);
  });
  test('opens what neighbours are asked for: its absence neither fails nor passes', () => {
    const other = record('two', [backup], BOTH);
    expect(outcomes(assess([covered], [STORE, other]).findings)).toContain('T-04 one/db pass');
    expect(outcomes(assess([covered], [STORE], { targets: [STORE.target, target('two')] }).findings)).toContain('T-04 one/db unknown');
    const none = planned({ id: 'T-04', assert: '!resources("backup.plan").exists(b, "bad" in b.covers)' });
    const seen = record('one', [store, resource('plan', { covers: ['good'] }, 'backup.plan')], BOTH);
    expect(outcomes(assess([none], [seen]).findings)).toEqual(['T-04 one/db pass']);
    expect(outcomes(assess([none], [seen], { targets: [seen.target, target('two')] }).findings)).toContain('T-04 one/db unknown');
  });
  test('opens a scope: assessment control', () => {
    const anywhere = planned({ id: 'T-05', scope: 'assessment', assert: 'resources("datastore").all(d, d.authentication)' });
    expect(outcomes(assess([anywhere], [STORE]).findings)).toEqual(['T-05 assessment pass']);
    expect(outcomes(assess([anywhere], [STORE], { targets: [STORE.target, target('two')] }).findings)).toEqual(['T-05 assessment unknown']);
  });
  test('opens its probe classes, and the attestations that it may have held', () => {
    const probe = planned({ id: 'T-03', resource: 'tls.listener', assert: 'r.heartbleed == "safe"' });
    const claim = { kind: 'att:event', assert: 'r.signed' } as const;
    const { assert: _, ...rest } = planned({ id: 'T-08', verification: 'attested', resource: 'attestation', attested: claim }).control;
    const attested = { ...planned({ id: 'T-08' }), control: rest };
    const { findings } = assess([probe, attested], [], { targets: [target('one')] });
    expect(outcomes(findings)).toEqual(['T-03 one unknown', 'T-08 assessment unknown']);
  });
  test('a record of a target that the plan does not have is refused', () => {
    expect(() => assess([CONTROL], [STORE], { targets: [] })).toThrow(/not in the plan/);
  });
});

describe('labels', () => {
  const control = planned({ id: 'T-06', when: 'label("client-data") == "true"', assert: 'r.authentication' });
  test('a label nobody set is unknown, not false', () => {
    expect(outcomes(assess([control], [record('one', [GOOD])]).findings)).toEqual(['T-06 one/db unknown']);
  });
  test('set, it decides', () => {
    expect(outcomes(assess([control], [record(target('one', { labels: { 'client-data': label('false') } }), [GOOD])]).findings)).toEqual([
      'T-06 one/db not-applicable',
    ]);
    expect(outcomes(assess([control], [record(target('one', { labels: { 'client-data': label('true') } }), [GOOD])]).findings)).toEqual([
      'T-06 one/db pass',
    ]);
  });
  test('a profile’s default widens', () => {
    const labelDefaults = { 'client-data': { value: 'true', setBy: 'profile x' } };
    expect(outcomes(assess([control], [record('one', [resource('db', { authentication: false })])], { labelDefaults }).findings)).toEqual([
      'T-06 one/db fail',
    ]);
  });
});

describe('attested, either, and findings', () => {
  const claim = { kind: 'att:event', assert: 'r.result == "met" && days(asOf - r.dated) <= 180.0' } as const;
  const either = planned({ id: 'T-07', verification: 'either', assert: 'r.authentication', attested: claim });
  const document = (values: Record<string, unknown>): ReturnType<typeof resource> =>
    resource(
      'drill.yaml',
      { form: 'att:event', controls: ['T-07', 'T-08'], result: 'met', dated: '2026-10-01T00:00:00Z', ...values },
      'attestation',
    );

  test('in reach, either is judged by assert alone; a source that failed stays unknown', () => {
    const all = [
      record('docs', [document({})], { attestation: COMPLETE }),
      record('one', [], { datastore: failed(unknown('unreachable', 'db')) }),
    ];
    expect(outcomes(assess([either], all).findings)).toEqual(['T-07 one unknown']);
  });
  test('out of reach it is judged by its attestation, and says so', () => {
    const { findings } = assess([either], [record('docs', [document({})], { attestation: COMPLETE })]);
    expect(findings).toMatchObject([{ outcome: 'pass', basis: 'attested', resource: 'drill.yaml' }]);
    expect(
      assess([either], [record('docs', [document({ dated: '2025-10-01T00:00:00Z' })], { attestation: COMPLETE })]).findings,
    ).toMatchObject([{ outcome: 'fail' }]);
    expect(
      assess([either], [record('docs', [document({ dated: { unknown: 'unparseable' } })], { attestation: COMPLETE })]).findings,
    ).toMatchObject([{ outcome: 'unknown' }]);
  });
  test('with neither it is manual, in the score as undecided', () => {
    const { findings, summary } = assess([either], [record('one', [], { 'tls.listener': COMPLETE })]);
    expect(findings).toMatchObject([{ outcome: 'manual', basis: 'attested' }]);
    expect(summary.scores.total).toEqual({ low: 0, high: 100 });
    expect(summary.verdict.exitCode).toBe(2); // nothing was judged
    const beside = assess(
      [either, planned({ id: 'T-10', resource: 'tls.listener', assert: 'r.stapling' })],
      [record('one', [resource('l', { stapling: true }, 'tls.listener')], { 'tls.listener': COMPLETE })],
    );
    expect(beside.summary.verdict.exitCode).toBe(0); // manual stops the gate only where a profile says so
  });
  test('an attestation never speaks for an automated control', () => {
    expect(assess([CONTROL], [record('docs', [document({ controls: ['T-01'] })], { attestation: COMPLETE })]).findings).toEqual([]);
  });
  test('attested controls are always in reach', () => {
    const { assert: _, ...rest } = planned({ id: 'T-08', verification: 'attested', resource: 'attestation', attested: claim }).control;
    const attested = { ...planned({ id: 'T-08' }), control: rest };
    expect(outcomes(assess([attested], [record('one', [])]).findings)).toEqual(['T-08 assessment manual']);
    expect(assess([attested], [record('docs', [], { attestation: failed(unknown('access-denied', 'docs')) })]).findings).toMatchObject([
      { outcome: 'unknown' },
    ]);
  });
  test('scope: findings judges the outcomes of the first pass', () => {
    const over = planned({ id: 'T-09', scope: 'findings', assert: 'outcomes("T-01").all(o, o == "pass")' });
    expect(outcomes(assess([CONTROL, over], [record('one', [GOOD])]).findings)).toEqual(['T-01 one/db pass', 'T-09 assessment pass']);
    expect(outcomes(assess([CONTROL, over], [record('one', [GOOD, resource('x', {})])]).findings).at(-1)).toBe('T-09 assessment fail');
    // It sees outcomes as they were before waivers, and is judged once, after all targets.
    const waiver = {
      id: 'w',
      control: 'T-01',
      target: { glob: '*' },
      owner: 'x',
      reason: 'y',
      until: '2099-12-31',
      declaredAt: target('a').declaredAt,
    };
    const waived = assess([CONTROL, over], [record('a', [resource('x', { authentication: false })]), record('b', [GOOD])], {
      waivers: [waiver],
    });
    expect(outcomes(waived.findings)).toEqual(['T-01 a/x fail', 'T-01 b/db pass', 'T-09 assessment fail']);
    expect(waived.findings[0]?.waiver?.status).toBe('active');
    expect(assess([CONTROL, over], [record('one', [], {})]).summary.notLookedAt.map(({ control }) => control)).toEqual(['T-01', 'T-09']);
  });
});

describe('folding', () => {
  const many = (count: number, values: (index: number) => Record<string, unknown>): ReturnType<typeof resource>[] =>
    Array.from({ length: count }, (_, index) => resource(`db-${String(index).padStart(4, '0')}`, values(index)));
  test('up to 100 resources nothing is folded', () => {
    expect(
      assess(
        [CONTROL],
        [
          record(
            'one',
            many(100, () => ({ authentication: true })),
          ),
        ],
      ).findings,
    ).toHaveLength(100);
  });
  test('beyond, passes are one finding with their count; fails and undecided stay', () => {
    const { findings, summary } = assess(
      [CONTROL],
      [
        record(
          'one',
          many(150, (index) => (index === 3 ? { authentication: false } : index === 4 ? {} : { authentication: true })),
        ),
      ],
    );
    expect(findings).toMatchObject([
      { outcome: 'fail', resource: 'db-0003' },
      { outcome: 'unknown', resource: 'db-0004' },
      { outcome: 'pass', resource: '*', count: 148, resourcesDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(summary.counts).toMatchObject({ pass: 148, fail: 1, unknown: 1 });
    expect(summary.scores.total).toEqual({ low: 98.6, high: 99.3 });
  });
});
