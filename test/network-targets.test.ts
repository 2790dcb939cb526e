import { expect, test } from 'vitest';
import type { Target } from '../src/model/resource.ts';
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
