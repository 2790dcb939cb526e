import { describe, expect, test } from 'vitest';
import { absent, allTrue, anyTrue, known, mapFact, unknown, type Fact } from '../../src/model/fact.ts';
import { SourceText } from '../../src/text/source-text.ts';

const source = new SourceText('a.conf', 'one two three four\n');
const [one, two, three] = [source.origin(0, 3), source.origin(4, 7), source.origin(8, 13)];

const yes = known(true, one);
const no = known(false, two);
const doubt = unknown('unresolved', 'x', three);
const missing = absent(three);

describe('several facts as one', () => {
  test.each<{ readonly facts: readonly [Fact<boolean>, ...Fact<boolean>[]]; readonly any: Fact<boolean>; readonly all: Fact<boolean> }>([
    { facts: [yes], any: yes, all: yes },
    { facts: [no], any: no, all: no },
    { facts: [doubt], any: doubt, all: doubt },
    { facts: [no, yes], any: yes, all: no },
    // What one of them decides no doubt takes back.
    { facts: [doubt, yes], any: yes, all: doubt },
    { facts: [doubt, no], any: doubt, all: no },
    { facts: [missing, doubt, yes, no], any: yes, all: no },
    // Nothing is true, or false, of all while one is not known.
    { facts: [no, missing, doubt], any: missing, all: no },
    { facts: [yes, doubt, missing], any: yes, all: doubt },
  ])('$facts', ({ facts, any, all }) => {
    expect(anyTrue(facts)).toBe(any);
    expect(allTrue(facts)).toBe(all);
  });
  test('the first of several that agree is the one that tells', () => {
    expect(anyTrue([no, known(false, one)])).toBe(no);
    expect(allTrue([yes, known(true, two)])).toBe(yes);
  });
});

test('what is not known stays so when it is computed with, and an open list stays open', () => {
  const length = (list: readonly string[]): number => list.length;
  expect(mapFact(doubt, 'length', length)).toBe(doubt);
  expect(mapFact(missing, 'length', length)).toBe(missing);
  expect(mapFact(known(['a'], one, [doubt]), 'length', length)).toEqual({
    ...known(1, { kind: 'derived', rule: 'length', from: [one] }),
    open: [doubt],
  });
});
