import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cel/compile.ts';
import { environmentFor } from '../../src/cel/environment.ts';
import { evaluateExpression } from '../../src/cel/evaluate.ts';
import type { Context } from '../../src/cel/run.ts';
import { undecided, type Result } from '../../src/cel/result.ts';
import { subjectOf } from '../../src/evaluate/neighbourhood.ts';
import { resourceOf } from '../../src/proof/example-record.ts';

const BOOLS = ['authentication', 'replication', 'durable_writes', 'wildcard_bind'] as const;
const WORDS = ['a', 'b', 'c'] as const;

/** Random boolean expressions over four booleans and a list of words. */
const expression: fc.Arbitrary<string> = fc.letrec<{ bool: string }>((tie) => ({
  bool: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(...BOOLS.map((name) => `r.${name}`)),
    fc.constantFrom(...WORDS).map((word) => `("${word}" in r.listens)`),
    fc
      .tuple(fc.constantFrom('all', 'exists', 'exists_one'), fc.constantFrom(...WORDS))
      .map(([word, value]) => `r.listens.${word}(x, x == "${value}")`),
    fc
      .tuple(fc.constantFrom('all', 'exists'), tie('bool'))
      .map(([word, inner]) => `r.listens.${word}(x, x != "a" || ${inner.includes('(x,') ? 'r.replication' : inner})`),
    fc.tuple(fc.constantFrom(...WORDS), fc.nat(3)).map(([word, count]) => `(r.listens.filter(x, x == "${word}").size() >= ${count})`),
    fc.nat(3).map((count) => `(size(r.listens) == ${count})`),
    fc
      .tuple(tie('bool'), fc.constantFrom('&&', '||', '==', '!='), tie('bool'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie('bool').map((inner) => `!(${inner})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).bool;

type Values = Record<string, unknown>;
const known: fc.Arbitrary<Values> = fc.record({
  ...Object.fromEntries(BOOLS.map((name) => [name, fc.boolean()])),
  listens: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }),
});

const environment = environmentFor({ resource: 'datastore', parameters: {}, findings: false });

function run(source: string, values: Values, more: Partial<Context> = {}): Result {
  const compiled = compile(source, environment, 'bool', 'datastore');
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems.map(({ message }) => message).join()}`);
  const none = undecided([{ path: '', cause: 'not-collected', detail: '' }]);
  const context: Context = {
    subject: subjectOf(resourceOf('datastore', 'db', values), 'r'),
    parameters: {},
    asOf: 0,
    resources: () => none,
    label: () => none,
    outcomes: () => none,
    ...more,
  };
  return evaluateExpression(compiled.expression, context);
}

/** What a result says: true, false, or how it does not. */
function said(result: Result): unknown {
  return result.state === 'value' ? result.value : result.state;
}

const RUNS = { numRuns: 3000 };

describe('properties of the logic', () => {
  test('on known facts it agrees with the library’s own evaluator', () => {
    const library = new Environment({ unlistedVariablesAreDyn: true });
    fc.assert(
      fc.property(expression, known, (source, values) => {
        expect(said(run(source, values))).toBe(library.evaluate(source, { r: values }));
      }),
      RUNS,
    );
  });

  test('forgetting a fact keeps the result or makes it unknown', () => {
    fc.assert(
      fc.property(expression, known, fc.constantFrom(...BOOLS, 'listens'), (source, values, forgotten) => {
        const before = said(run(source, values));
        const after = said(run(source, { ...values, [forgotten]: { unknown: 'timed-out' } }));
        expect([before, 'unknown']).toContain(after);
      }),
      RUNS,
    );
  });

  test('a list that may have more elements keeps the result or makes it unknown, whatever the further element is', () => {
    fc.assert(
      fc.property(expression, known, fc.constantFrom(...WORDS), (source, values, further) => {
        const listens = Array.isArray(values['listens']) ? values['listens'] : [];
        const open = said(run(source, { ...values, listens: [...listens, { open: 'timed-out' }] }));
        if (open === 'unknown') return;
        expect(said(run(source, values))).toBe(open);
        expect(said(run(source, { ...values, listens: [...listens, further] }))).toBe(open);
      }),
      RUNS,
    );
  });

  test('nothing known, nothing decided', () => {
    fc.assert(
      fc.property(expression, (source) => {
        expect(said(run(source, {}))).toBe('unknown');
      }),
      RUNS,
    );
  });

  test('what decides is really read: every witness is a known or absent read of the subject', () => {
    fc.assert(
      fc.property(expression, known, (source, values) => {
        const result = run(source, values);
        expect(result.state).toBe('value');
        if (result.state !== 'value') return;
        expect(result.reads.length).toBeGreaterThan(0);
        for (const read of result.reads) expect(read.path).toMatch(/^r\./);
      }),
      RUNS,
    );
  });

  test('reading everything that decides gives the same value, and at least the same reads', () => {
    fc.assert(
      fc.property(expression, known, fc.constantFrom(...BOOLS), (source, values, forgotten) => {
        const partly = { ...values, [forgotten]: { unknown: 'refused' } };
        const [result, whole] = [run(source, partly), run(source, partly, { exhaustive: true })];
        expect(said(whole)).toBe(said(result));
        if (result.state !== 'value' || whole.state !== 'value') return;
        // Where an element of a list decides too, it stands for the list.
        for (const { path } of result.reads) expect(whole.reads.some((read) => read.path.startsWith(path))).toBe(true);
      }),
      RUNS,
    );
  });

  test('the witnesses alone decide: forgetting everything else keeps the result', () => {
    fc.assert(
      fc.property(expression, known, (source, values) => {
        const result = run(source, values);
        if (result.state !== 'value') return;
        const kept = new Set(result.reads.map(({ path }) => path.replace(/^r\./, '').replace(/\[.*$/, '')));
        const rest = Object.fromEntries(Object.entries(values).filter(([name]) => kept.has(name)));
        expect(said(run(source, rest))).toBe(said(result));
      }),
      RUNS,
    );
  });

  test('both sides of && and || commute', () => {
    fc.assert(
      fc.property(
        expression,
        expression,
        known,
        fc.constantFrom(...BOOLS),
        fc.constantFrom('&&', '||'),
        (left, right, values, forgotten, operator) => {
          const partly = { ...values, [forgotten]: { unknown: 'refused' } };
          expect(said(run(`(${left}) ${operator} (${right})`, partly))).toBe(said(run(`(${right}) ${operator} (${left})`, partly)));
        },
      ),
      RUNS,
    );
  });
});
