import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, canonicalPieces } from '../../src/model/canonical.ts';

test('pieces are the same bytes as the whole, with indentation and without', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
      expect([...canonicalPieces(value, indent)].join('')).toBe(canonicalJson(value, indent));
    }),
    { numRuns: 1000 },
  );
  expect([...canonicalPieces({ a: undefined, b: [undefined, {}], c: { d: undefined } })].join('')).toBe('{"b":[null,{}],"c":{}}');
});

test('keys in any order give one text', () => {
  expect(canonicalJson({ b: { d: 1, c: 2 }, a: 0 })).toBe('{"a":0,"b":{"c":2,"d":1}}');
});
