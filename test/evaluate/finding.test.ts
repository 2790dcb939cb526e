import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/evaluate/finding.ts';
import type { Fact, FactValue } from '../../src/model/fact.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Resource } from '../../src/model/resource.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { assess, planned, record, resource } from '../support/assess.ts';

const FILE = new SourceText('db.conf', 'auth off\nrepl off\nlisten a\nlisten b\nlisten c\n');
const at = (line: number): Fact<FactValue>['origin'] => FILE.origin((line - 1) * 9, (line - 1) * 9 + 4);

/** A datastore whose facts stand in the lines of a file. */
function store(): Resource {
  const listens = ['a', 'b', 'c'].map((value, index): Fact<FactValue> => ({
    state: 'known',
    value,
    origin: at(index + 3) ?? FILE.origin(0, 1),
  }));
  const facts: Record<string, Fact<FactValue>> = {
    authentication: FILE.fact(false, 0, 4),
    replication: FILE.fact(false, 9, 13),
    listens: FILE.fact(listens, 18, 24),
  };
  return { ...resource('db', {}), facts };
}

function findingOf(fields: Omit<Parameters<typeof planned>[0], 'id'>): Finding {
  const [finding] = assess([planned({ id: 'T-01', ...fields })], [record('one', [store()])]).findings;
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

const lines = ({ locations }: Finding): readonly number[] => locations.map(({ range }) => range.start.line);

describe('where a finding points', () => {
  test('the first witness gives its place: the side that decided, not the first that was read', () => {
    expect(lines(findingOf({ assert: 'r.listens.size() > 0 && r.replication' }))).toEqual([2]);
    expect(lines(findingOf({ assert: 'r.listens.all(x, x == "a")' }))).toEqual([4]);
    expect(lines(findingOf({ when: '!r.authentication', assert: 'r.replication' }))).toEqual([2]);
  });
  test('what offending names gives the further places, and only on a failure', () => {
    const offending = ['r.listens.filter(x, x != "a")'];
    const failing = findingOf({ assert: 'r.listens.all(x, x == "a")', offending });
    expect(lines(failing)).toEqual([4, 5]);
    expect(failing.offenders.map(({ text = '' }) => text).toSorted()).toEqual(['b', 'c']);
    const passing = findingOf({ assert: 'r.listens.exists(x, x == "a")', offending });
    expect([passing.outcome, passing.offenders, lines(passing)]).toEqual(['pass', [], [3]]);
  });
});

describe('fingerprints', () => {
  test('are SHA-256 over scheme, control, target and resource, and over nothing else', () => {
    const expected = createHash('sha256').update('["custos/1","T-01","one","db"]').digest('hex');
    expect(fingerprintOf('T-01', 'one', 'db')).toBe(expected);
    const finding = findingOf({ assert: 'r.replication' });
    expect(finding.fingerprint).toBe(expected);
    expect(findingOf({ assert: 'r.authentication', severity: 'low', revision: 7 }).fingerprint).toBe(expected);
  });
  test('no two subjects share one, whatever their names are made of', () => {
    const all = [
      fingerprintOf('T-01', 'a', 'b'),
      fingerprintOf('T-01', 'a","b', ''),
      fingerprintOf('T-01', '', 'a b'),
      fingerprintOf('T-01a', '', 'b'),
      fingerprintOf('T-01', 'b', 'a'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
