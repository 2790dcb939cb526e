import { expect, test } from 'vitest';
import { Duties, heldByLists, type Claim, type Holder } from '../../src/collect/duties.ts';
import { known, unknown, type Fact, type Origin } from '../../src/model/fact.ts';
import { filesTarget, plain } from '../support/collect.ts';

const at: Origin = { kind: 'wire', target: 't', exchange: 'select' };
const list = (...names: readonly string[]): Fact<readonly Fact<string>[]> =>
  known(
    names.map((name) => known(name, at)),
    at,
  );
const denied = unknown('access-denied', 'pg_auth_members');
const MAPPING = {
  initiate: ['role payments_maker', 'INSERT on ledger.payment'],
  approve: ['group checkers'],
  administer: ['CREATEROLE'],
};

const duties = (mapping: unknown): Duties => {
  const found = Duties.of(filesTarget({}, { duties: typeof mapping === 'string' ? mapping : JSON.stringify(mapping) }));
  if (!(found instanceof Duties)) throw new Error(found.detail);
  return found;
};
const held = (holder: Partial<Holder>, exists: (claim: Claim) => boolean = () => true, mapping: unknown = MAPPING): unknown =>
  plain(
    duties(mapping).heldBy(heldByLists({ name: 'zhao', memberOf: list(), rights: list(), superuser: known(false, at), ...holder }), exists),
  );

test('claims are read as they are written', () => {
  expect(duties(MAPPING).claims).toEqual([
    { kind: 'role', name: 'payments_maker', text: 'role payments_maker' },
    { kind: 'right', name: 'INSERT on ledger.payment', text: 'INSERT on ledger.payment' },
    { kind: 'group', name: 'checkers', text: 'group checkers' },
    { kind: 'right', name: 'CREATEROLE', text: 'CREATEROLE' },
  ]);
});

test('a duty is held by a role, a group or a right, and by none of them it is not', () => {
  expect(held({})).toEqual([]);
  expect(held({ memberOf: list('payments_maker') })).toEqual(['initiate']);
  expect(held({ rights: list('INSERT on ledger.payment', 'CREATEROLE') })).toEqual(['initiate', 'administer']);
  expect(held({ memberOf: list('checkers', 'staff') })).toEqual(['approve']);
  expect(held({ name: 'payments_maker' })).toEqual(['initiate']);
  expect(held({ memberOf: list('INSERT on ledger.payment'), rights: list('payments_maker', 'checkers') })).toEqual([]);
});

test('a superuser holds every duty', () => {
  expect(held({ superuser: known(true, at), memberOf: denied, rights: denied })).toEqual(['initiate', 'approve', 'administer']);
});

test('what may be held is open, never missing', () => {
  expect(held({ memberOf: denied })).toEqual(['…']);
  expect(held({ rights: known([], at, [denied]) })).toEqual(['…']);
  expect(held({ rights: known([unknown('unparseable', 'x')], at) })).toEqual(['…']);
  expect(held({ superuser: denied })).toEqual(['…']);
  expect(held({ superuser: denied, name: 'payments_maker' })).toEqual(['…']);
  expect(held({ memberOf: known([known('payments_maker', at)], at, [denied]), rights: list('CREATEROLE') })).toEqual([
    'initiate',
    'administer',
    '…',
  ]);
});

test('a claim that names nothing of the target leaves its duty open for everybody', () => {
  const misspelt = ({ name }: Claim): boolean => name !== 'payments_maker';
  expect(held({ memberOf: list('checkers') }, misspelt)).toEqual(['approve', '…']);
  expect(held({ rights: list('INSERT on ledger.payment') }, misspelt)).toEqual(['initiate']);
});

test('without a mapping, or with one that is none, nothing is known', () => {
  const at = { kind: 'file', range: filesTarget().declaredAt };
  expect(Duties.of(filesTarget())).toEqual({
    state: 'unknown',
    cause: 'not-collected',
    detail: 'duties: none are mapped for this target',
    origin: at,
  });
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    'null',
    '"x"',
    '{"initiate":[]}',
    '{"initiate":"role x"}',
    '{"initiate":[1]}',
    '{"initiate":[" "]}',
  ])
    expect(Duties.of(filesTarget({}, { duties: text })), text).toEqual({
      state: 'unknown',
      cause: 'unparseable',
      detail: 'duties',
      origin: at,
    });
});
