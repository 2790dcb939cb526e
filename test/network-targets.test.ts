import { expect, test } from 'vitest';
import { known } from '../src/model/fact.ts';
import type { Target } from '../src/model/resource.ts';
import { Duties } from '../src/collect/duties.ts';
import { networkTargets } from '../src/network-targets.ts';
import { SourceText } from '../src/text/source-text.ts';

const target = (kind: string, address: string, options: Target['options']): Target => ({
  id: 'one',
  kind,
  address,
  system: 'default',
  labels: {},
  versions: {},
  options,
  declaredAt: new SourceText('custos.yaml', 'targets').range(0, 7),
});

const problemsOf = (one: Target): readonly string[] =>
  networkTargets([one], {}, { now: '2026-11-24T00:00:00.000Z' }).problems.map(({ message }) => message);

const DUTIES = { duties: '{"approve":["role checker"]}' };

const at = (id: string, system: string, duties: object): Target => ({
  ...target('host', 'local', { duties: JSON.stringify(duties) }),
  id,
  system,
});

/** Are the duties of somebody who holds none of those that are mapped known to the last? */
const closed = (...targets: readonly Target[]): readonly (readonly [string, boolean])[] =>
  networkTargets(targets, {}, { now: '2026-11-24T00:00:00.000Z' }).targets.map((one) => {
    const duties = Duties.of(one);
    if (!(duties instanceof Duties)) return [one.id, false];
    const held = duties.heldBy(
      () => known(false, { kind: 'file', range: one.declaredAt }),
      () => true,
    );
    return [one.id, held.state === 'known' && held.open === undefined];
  });

test('where a system maps one duty only, nobody is known to hold no other', () => {
  const administer = { administer: ['group ops'] };
  const approve = { approve: ['group checkers'] };
  expect(closed(at('a', 'payments', administer))).toEqual([['a', false]]);
  expect(closed(at('a', 'payments', administer), at('b', 'payments', administer))).toEqual([
    ['a', false],
    ['b', false],
  ]);
  expect(closed(at('a', 'payments', administer), at('b', 'cards', approve))).toEqual([
    ['a', false],
    ['b', false],
  ]);
  expect(closed(at('a', 'payments', administer), at('b', 'payments', approve))).toEqual([
    ['a', true],
    ['b', true],
  ]);
  expect(closed(at('a', 'payments', { ...administer, ...approve }))).toEqual([['a', true]]);
});

test.each([
  ['files', './deploy'],
  ['tls', '10.0.0.5:443'],
  ['ssh', 'bastion.example.com'],
])('duties of %s are refused: nobody would be judged by them', (kind, address) => {
  expect(problemsOf(target(kind, address, DUTIES))).toEqual([`one: duties: has no effect on ${kind}`]);
  expect(problemsOf(target(kind, address, {}))).toEqual([]);
});

test.each([
  ['host', 'local'],
  ['ssh', 'audit@10.0.0.5'],
  ['postgres', 'postgres://db/ledger'],
  ['mysql', 'mysql://db'],
  ['redis', 'redis://cache'],
  ['ldap', 'ldap://people'],
])('duties of %s are taken', (kind, address) => {
  expect(problemsOf(target(kind, address, DUTIES))).toEqual([]);
});
