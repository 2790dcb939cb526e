import { describe, expect, test } from 'vitest';
import { compileControl } from '../../src/cel/control.ts';
import { contains } from '../../src/cel/functions.ts';
import { valued } from '../../src/cel/result.ts';
import { control, outcomeOf } from '../support/assess.ts';

const UNKNOWN = { unknown: 'timed-out' };
const of = (assert: string, values: Record<string, unknown>): string => outcomeOf(assert, values).outcome;
const paths = (assert: string, values: Record<string, unknown>): readonly string[] =>
  outcomeOf(assert, values).witnesses.map(({ path }) => path);

describe('three-valued logic', () => {
  test.each([
    ['r.authentication && r.replication', true, true, 'pass'],
    ['r.authentication && r.replication', true, false, 'fail'],
    ['r.authentication && r.replication', false, UNKNOWN, 'fail'],
    ['r.authentication && r.replication', UNKNOWN, false, 'fail'],
    ['r.authentication && r.replication', true, UNKNOWN, 'unknown'],
    ['r.authentication && r.replication', UNKNOWN, UNKNOWN, 'unknown'],
    ['r.authentication || r.replication', true, UNKNOWN, 'pass'],
    ['r.authentication || r.replication', UNKNOWN, true, 'pass'],
    ['r.authentication || r.replication', false, UNKNOWN, 'unknown'],
    ['r.authentication || r.replication', false, false, 'fail'],
    ['!r.authentication && !r.replication', UNKNOWN, UNKNOWN, 'unknown'],
    ['!(r.authentication || r.replication)', UNKNOWN, true, 'fail'],
    ['r.authentication ? r.replication : false', UNKNOWN, true, 'unknown'],
    ['r.authentication ? r.replication : false', true, UNKNOWN, 'unknown'],
    ['r.authentication ? r.replication : true', false, UNKNOWN, 'pass'],
    ['r.authentication == r.replication', UNKNOWN, true, 'unknown'],
    ['r.authentication != r.replication', true, UNKNOWN, 'unknown'],
  ])('%s with %j and %j is %s', (assert, authentication, replication, expected) => {
    expect(of(assert, { authentication, replication })).toBe(expected);
  });

  test('an absent fact decides only as an error that says what to ask', () => {
    const finding = outcomeOf('r.protected_mode', { protected_mode: { absent: true } });
    expect(finding).toMatchObject({ outcome: 'error', error: 'r.protected_mode is absent: the control must ask has() first' });
    expect(of('has(r.protected_mode) && r.protected_mode', { protected_mode: { absent: true } })).toBe('fail');
    expect(of('has(r.protected_mode)', { protected_mode: UNKNOWN })).toBe('unknown');
    expect(of('!has(r.protected_mode) || r.protected_mode', { protected_mode: { absent: true } })).toBe('pass');
  });

  test('absent beside unknown is unknown: what is not known might yet have decided', () => {
    expect(of('r.authentication && r.protected_mode', { authentication: UNKNOWN, protected_mode: { absent: true } })).toBe('unknown');
    expect(of('r.authentication && r.protected_mode', { authentication: false, protected_mode: { absent: true } })).toBe('fail');
  });
});

describe('open lists', () => {
  const open = ['a', { open: 'timed-out' }];
  test.each([
    ['r.listens.all(x, x == "a")', open, 'unknown'],
    ['r.listens.all(x, x == "b")', open, 'fail'],
    ['r.listens.exists(x, x == "a")', open, 'pass'],
    ['r.listens.exists(x, x == "b")', open, 'unknown'],
    ['!r.listens.exists(x, x == "b")', open, 'unknown'],
    ['r.listens.exists_one(x, x == "a")', open, 'unknown'],
    ['r.listens.exists_one(x, x.startsWith("a"))', ['a', 'ab', { open: 'timed-out' }], 'fail'],
    ['size(r.listens) >= 1', open, 'unknown'],
    ['r.listens.size() == 1', open, 'unknown'],
    ['"a" in r.listens', open, 'pass'],
    ['"b" in r.listens', open, 'unknown'],
    ['!("b" in r.listens)', open, 'unknown'],
    ['r.listens.filter(x, x == "a").size() == 1', open, 'unknown'],
    ['r.listens.map(x, x).exists(x, x == "a")', open, 'pass'],
    ['r.listens.filter(x, x != "a").all(x, false)', open, 'unknown'],
    ['r.listens.all(x, x == "a")', ['a', UNKNOWN], 'unknown'],
    ['r.listens.all(x, x == "a")', [UNKNOWN, 'b'], 'fail'],
    ['r.listens.filter(x, x == "a").size() == 1', ['a', UNKNOWN], 'unknown'],
    ['r.listens.exists(x, x == "a")', [UNKNOWN, 'a'], 'pass'],
    ['r.listens.all(x, x == "a")', { unknown: 'refused' }, 'unknown'],
  ])('%s of %j is %s', (assert, listens, expected) => {
    expect(of(assert, { listens })).toBe(expected);
  });
});

describe('no vacuous pass', () => {
  test.each([
    'r.listens.all(x, x == "a")',
    '!r.listens.exists(x, x == "b")',
    'r.listens.filter(x, x == "b").size() == 0',
    'size(r.listens) == 0',
    '!("b" in r.listens)',
    'r.listens.map(x, x + "").all(x, true)',
  ])('%s over an empty list is unknown', (assert) => {
    expect(outcomeOf(assert.replace(' + ""', ''), { listens: [] })).toMatchObject({
      outcome: 'unknown',
      causes: [{ cause: 'nothing-to-judge' }],
    });
  });

  test.each([
    // Each element holds because a list of it is empty: that it is the only one, or kept, was not seen.
    ['r.dangerous_commands.exists_one(a, r.listens.all(x, x == "a"))', 'r.listens'],
    ['r.dangerous_commands.exists_one(a, a == "1" || r.listens.all(x, x == "a"))', undefined],
    ['r.dangerous_commands.exists_one(a, a == "1" && !r.listens.exists(x, x == "a"))', 'r.listens'],
    ['r.dangerous_commands.filter(a, r.listens.all(x, x == "a")).exists(a, a == "1")', 'r.listens'],
    ['r.dangerous_commands.filter(a, r.listens.all(x, x == "a")).all(a, a == "1")', 'r.listens'],
    ['r.dangerous_commands.filter(a, r.listens.all(x, x == "a")).size() == 1', 'r.listens'],
    ['r.dangerous_commands.filter(a, a == "1").exists(a, a == "1")', undefined],
  ])('%s rests on %s', (assert, list) => {
    const finding = outcomeOf(assert, { dangerous_commands: ['1'], listens: [] });
    if (list === undefined) expect(finding.outcome).toBe('pass');
    else expect(finding).toMatchObject({ outcome: 'unknown', causes: [{ path: list, cause: 'nothing-to-judge' }] });
    expect(outcomeOf(assert, { dangerous_commands: ['1'], listens: [] }, {}, { emptyMayPass: ['r.listens'] }).outcome).toBe('pass');
  });

  test('two that hold decide against exists_one on what was seen of them', () => {
    const assert = '!r.dangerous_commands.exists_one(c, c == "1" || c == "2" || r.listens.all(x, x == "a"))';
    expect(outcomeOf(assert, { dangerous_commands: ['1', '2'], listens: [] }).outcome).toBe('pass');
    expect(outcomeOf(assert, { dangerous_commands: ['1', '2', '3'], listens: [] }).outcome).toBe('pass');
    expect(outcomeOf(assert, { dangerous_commands: ['1', '3'], listens: [] }).outcome).toBe('unknown');
    const absorbed = outcomeOf('!r.dangerous_commands.exists_one(c, c.startsWith("1"))', { dangerous_commands: ['1', '12', UNKNOWN] });
    expect(absorbed.outcome).toBe('pass');
    expect(absorbed.alsoUnknown.map(({ path }) => path)).toEqual(['r.dangerous_commands[2]']);
  });

  test('a control whose own example passes with that very list empty may pass', () => {
    expect(outcomeOf('r.listens.all(x, x == "a")', { listens: [] }, {}, { emptyMayPass: ['r.listens'] }).outcome).toBe('pass');
    expect(
      outcomeOf(
        'r.listens.all(x, x == "a") && r.dangerous_commands.all(c, false)',
        { listens: [], dangerous_commands: [] },
        {},
        { emptyMayPass: ['r.listens'] },
      ).outcome,
    ).toBe('unknown');
  });

  test('a side that saw something beats a side that rests on emptiness', () => {
    expect(of('r.listens.all(x, x == "a") || r.authentication', { listens: [], authentication: true })).toBe('pass');
    expect(of('r.listens.all(x, x == "a") || r.authentication', { listens: [], authentication: false })).toBe('unknown');
  });

  test('an empty list may still fail', () => {
    expect(of('r.listens.exists(x, x == "a")', { listens: [] })).toBe('fail');
    expect(of('size(r.listens) > 0', { listens: [] })).toBe('fail');
  });
});

describe('witnesses are the reads that decided', () => {
  test('of && the false side, of || the true side', () => {
    expect(paths('r.authentication && r.replication', { authentication: true, replication: false })).toEqual(['r.replication']);
    expect(paths('r.authentication || r.replication', { authentication: false, replication: true })).toEqual(['r.replication']);
    expect(paths('r.authentication && r.replication', { authentication: true, replication: true })).toEqual([
      'r.authentication',
      'r.replication',
    ]);
  });
  test('of all the counterexample, of exists the example', () => {
    expect(paths('r.listens.all(x, x == "a")', { listens: ['a', 'b', 'c'] })).toEqual(['r.listens[1]']);
    expect(paths('r.listens.exists(x, x == "b")', { listens: ['a', 'b'] })).toEqual(['r.listens[1]']);
  });
  test('an unknown that was absorbed is told apart', () => {
    const finding = outcomeOf('r.replication || r.authentication', { replication: UNKNOWN, authentication: true });
    expect(finding.witnesses.map(({ path }) => path)).toEqual(['r.authentication']);
    expect(finding.alsoUnknown.map(({ path }) => path)).toEqual(['r.replication']);
  });
  test('reads of when come last', () => {
    const finding = outcomeOf('r.replication', { authentication: true, replication: false }, { when: 'r.authentication' });
    expect(finding.witnesses.map(({ path }) => path)).toEqual(['r.replication', 'r.authentication']);
  });
  test('when: false is not applicable with its read, unknown is unknown', () => {
    expect(outcomeOf('r.replication', { authentication: false }, { when: 'r.authentication' })).toMatchObject({
      outcome: 'not-applicable',
      witnesses: [{ path: 'r.authentication' }],
    });
    expect(outcomeOf('r.replication', { replication: true }, { when: 'r.authentication' }).outcome).toBe('unknown');
  });
});

test('lesser severities: the first that is true; an unknown lowers nothing', () => {
  const lesser = [{ if: 'r.replication', severity: 'low' }] as const;
  expect(outcomeOf('r.authentication', { authentication: false, replication: true }, { lesser }).severity).toBe('low');
  expect(outcomeOf('r.authentication', { authentication: false, replication: UNKNOWN }, { lesser }).severity).toBe('high');
});

test('offenders of an open list are the known part', () => {
  const finding = outcomeOf(
    'r.listens.all(x, x == "a")',
    { listens: ['a', 'b', 'c', { open: 'timed-out' }] },
    { offending: ['r.listens.filter(x, x != "a")'], message: { en: 'has {offending}', zh: '有 {offending}' } },
  );
  expect(finding.offenders.map(({ text }) => text ?? '').toSorted()).toEqual(['b', 'c']);
  expect(finding.message).toEqual({ en: 'has b, c', zh: '有 b, c' });
});

test('time comes from the assessment, and a time that is none is the control’s error', () => {
  const dated = (value: string): string => outcomeOf('days(asOf - r.dated) <= 30.0', { dated: value }, { resource: 'attestation' }).outcome;
  expect(dated('2026-11-01T00:00:00Z')).toBe('pass');
  expect(dated('2026-10-01T00:00:00Z')).toBe('fail');
  expect(dated('yesterday')).toBe('error');
});

test('two timestamps of one resource are subtracted as times', () => {
  const lifetime = (not_after: string): string =>
    outcomeOf('days(r.not_after - r.not_before) <= 90.0', { not_before: '2026-01-01T00:00:00Z', not_after }, { resource: 'certificate' })
      .outcome;
  expect(lifetime('2026-04-01T00:00:00Z')).toBe('pass');
  expect(lifetime('2026-04-01T00:00:01Z')).toBe('fail');
  expect(lifetime('never')).toBe('error');
});

describe('arithmetic goes by type, not by what a number looks like', () => {
  const kept = (assert: string, retention: number): string => outcomeOf(assert, { retention }, { resource: 'log.sink' }).outcome;
  test('a double is divided as one, whole or not', () => {
    expect(kept('r.retention / 7.0 <= 5.0', 41)).toBe('fail'); // 5.86, not 5
    expect(kept('r.retention / 7.0 <= 5.0', 35)).toBe('pass');
    expect(kept('(r.retention + 1.0) / 2.0 > 2.0', 4)).toBe('pass');
    expect(kept('r.retention > 0.0 ? r.retention / 2.0 == 2.5 : false', 5)).toBe('pass');
  });
  test('an int is divided as one, towards zero', () => {
    const tries = (assert: string, value: number): string =>
      outcomeOf(assert, { max_auth_tries: value }, { resource: 'remote.access' }).outcome;
    expect(tries('r.max_auth_tries / 2 == 2', 5)).toBe('pass');
    expect(tries('double(r.max_auth_tries) / 2.0 == 2.5', 5)).toBe('pass');
    expect(tries('-r.max_auth_tries / 2 == -2', 5)).toBe('pass');
  });
});

test('a record is never in a list: two that cannot be compared are not equal', () => {
  for (const assert of [
    'resources("datastore").exists(d, d in resources("datastore").filter(x, x.engine == "mysql"))',
    'resources("datastore").all(d, !(d in resources("datastore")))',
    'r.listens in [r.listens]',
  ])
    expect(compileControl(control({ id: 'T-01', assert }))).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/cannot be looked for|list|overload/) }],
    });
  const list = { kind: 'list', items: [valued({ kind: 'record', facts: {}, path: 'a' })], open: [], source: 'x' } as const;
  expect(contains(valued({ kind: 'record', facts: {}, path: 'b' }), valued(list))).toMatchObject({ state: 'error' });
  expect(contains(valued('a'), valued(list))).toMatchObject({ state: 'error' });
});
