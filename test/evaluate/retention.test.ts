import { expect, test } from 'vitest';
import { compileControl } from '../../src/cel/control.ts';
import { Retention } from '../../src/evaluate/retention.ts';
import { assess, COMPLETE, control, HERE, outcomes, planned, record, resource } from '../support/assess.ts';

function retentionOf(...fields: readonly Parameters<typeof control>[0][]): Retention {
  return new Retention(
    fields.map((one) => {
      const compiled = compileControl(control(one));
      if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join());
      return compiled.compiled;
    }),
  );
}

const JOINED = {
  id: 'T-01',
  assert: 'resources("access.rule", "target", r.target).all(x, has(x.transport) && x.transport == "tls")',
  message: { en: '{r.engine}: {resources("access.rule").filter(x, x.local)}', zh: 'x' },
};

test('of what must wait, the attributes that some expression or message reads are kept, and no other', () => {
  const retention = retentionOf(JOINED, { id: 'T-02', assert: 'r.authentication' });
  const store = resource('db', { engine: 'redis', authentication: true, name: 'ledger', listens: ['a'] });
  const rule = resource('rule', { transport: 'tls', local: false, users: ['a', 'b'] }, 'access.rule');
  const keeper = retention.ofRecord();
  expect(Object.keys(keeper.resource(store).facts).toSorted()).toEqual(['engine', 'name']);
  expect(Object.keys(keeper.resource(rule).facts)).toEqual(expect.arrayContaining(['transport', 'local']));
  expect(Object.keys(keeper.resource(rule).facts)).not.toContain('users');
  expect(keeper.resource(rule)).toBe(keeper.resource(rule));
});

test('a place at which several facts stand is kept once', () => {
  const retention = retentionOf(JOINED);
  const here = (): typeof HERE => structuredClone(HERE);
  const rule = resource('rule', {}, 'access.rule');
  const facts = {
    transport: { state: 'known', value: 'tls', origin: here() },
    local: { state: 'known', value: true, origin: here() },
  } as const;
  const kept = retention.ofRecord().resource({ ...rule, facts });
  expect(kept.facts).toEqual(facts);
  expect(kept.facts['local']?.origin).toBe(kept.facts['transport']?.origin);
});

test('what is left out decides nothing: a control that waits comes out as it would with all of it', () => {
  const BOTH = { datastore: COMPLETE, 'access.rule': COMPLETE };
  const store = resource('db', { engine: 'redis', listens: ['a'] });
  const judged = (transport: string) => {
    const rule = resource('rule', { transport, local: false, users: ['x'] }, 'access.rule');
    return assess([planned({ ...JOINED, message: { en: '{r.engine} at {r.id}', zh: 'x' } })], [record('one', [store, rule], BOTH)])
      .findings;
  };
  expect(outcomes(judged('tls'))).toEqual(['T-01 one/db pass']);
  expect(judged('clear')).toMatchObject([{ outcome: 'fail', message: { en: 'redis at db' } }]);
});
