import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  gives,
  grantText,
  isLike,
  privilegeOfColumn,
  privilegesOfBits,
  privilegesOfSet,
  wantedRight,
  type Grant,
} from '../../../src/collect/mysql/privileges.ts';

const onTable = (privilege: string, table: string, column?: string): Grant => ({
  privilege,
  scope: { level: 'table', schema: 'ledger', table, ...(column === undefined ? {} : { column }) },
});
const onSchema = (privilege: string, schema: string): Grant => ({ privilege, scope: { level: 'schema', schema } });
const everywhere = (privilege: string): Grant => ({ privilege, scope: { level: 'global' } });

describe('LIKE', () => {
  test.each([
    ['ledger', 'ledger', true],
    ['ledger', 'Ledger', false],
    ['led_er', 'ledger', true],
    ['led\\_er', 'ledger', false],
    ['led\\_er', 'led_er', true],
    ['%', '', true],
    ['%', 'anything', true],
    ['_', '', false],
    ['ledger%', 'ledger', true],
    ['%dger', 'ledger', true],
    ['l%d%r', 'ledger', true],
    ['l%x%r', 'ledger', false],
    ['', 'ledger', false],
    ['ledger\\', 'ledger\\', true],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(isLike(pattern, name)).toBe(fits);
  });

  const slow = (pattern: string, name: string): boolean => {
    if (pattern === '') return name === '';
    if (pattern.startsWith('%')) return slow(pattern.slice(1), name) || (name !== '' && slow(pattern, name.slice(1)));
    const [char, rest] = pattern.startsWith('\\') && pattern.length > 1 ? [pattern[1], pattern.slice(2)] : [pattern[0], pattern.slice(1)];
    const any = pattern.startsWith('_');
    return name !== '' && (any || name[0] === char) && slow(rest, name.slice(1));
  };
  test('as the definition says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\'), maxLength: 8 });
    fc.assert(fc.property(text, text, (pattern, name) => isLike(pattern, name) === slow(pattern, name)));
  });
  test('no pattern takes long', () => {
    const begin = performance.now();
    expect(isLike('%a'.repeat(2_000), `${'a'.repeat(1_999)}b`)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe('rights', () => {
  test('in words', () => {
    expect(
      [
        everywhere('SUPER'),
        everywhere('INSERT'),
        onSchema('SELECT', 'led_er'),
        onTable('INSERT', 'payment'),
        onTable('UPDATE', 'payment', 'amount'),
        { privilege: 'EXECUTE', scope: { level: 'routine', kind: 'PROCEDURE', schema: 'ledger', routine: 'release' } } satisfies Grant,
        { privilege: 'PROXY', scope: { level: 'account', account: 'app@%' } } satisfies Grant,
      ].map(grantText),
    ).toEqual([
      'SUPER',
      'INSERT on *.*',
      'SELECT on led_er.*',
      'INSERT on ledger.payment',
      'UPDATE (amount) on ledger.payment',
      'EXECUTE on PROCEDURE ledger.release',
      'PROXY on app@%',
    ]);
  });

  test.each([
    [everywhere('INSERT'), 'INSERT on ledger.payment', true],
    [onSchema('INSERT', 'ledger'), 'INSERT on ledger.payment', true],
    [onSchema('INSERT', 'led_er'), 'INSERT on ledger.payment', true],
    [onSchema('INSERT', 'other'), 'INSERT on ledger.payment', false],
    [onTable('INSERT', 'payment'), 'INSERT on ledger.payment', true],
    [onTable('INSERT', 'payment', 'amount'), 'insert on ledger.payment', true],
    [onTable('INSERT', 'payment'), 'INSERT on ledger.*', true],
    [onTable('INSERT', 'payment'), 'INSERT on *.*', true],
    [onTable('INSERT', 'approval'), 'INSERT on ledger.payment', false],
    [onTable('SELECT', 'payment'), 'INSERT on ledger.payment', false],
    [onSchema('EXECUTE', 'ledger'), 'EXECUTE on PROCEDURE ledger.release', true],
    [everywhere('SUPER'), 'SUPER', true],
    [onTable('INSERT', 'payment'), 'INSERT', false],
  ])('%j gives %s: %s', (grant, right, some) => {
    expect(gives(grant, wantedRight(right))).toBe(some);
  });

  test('of the bits of mysql.global_priv, as far as a version knows them', () => {
    expect(privilegesOfBits(0n, '10.11.8')).toEqual([]);
    expect(privilegesOfBits((1n << 15n) | (1n << 9n) | 1n, '10.11.8')).toEqual(['SELECT', 'FILE', 'SUPER']);
    expect(privilegesOfBits(18_446_744_073_709_551_615n, '10.11.8')).toHaveLength(39);
    expect(privilegesOfBits(18_446_744_073_709_551_615n, '11.4.2')).toHaveLength(40);
  });

  test('of columns and sets', () => {
    expect(['Select_priv', 'Grant_priv', 'Create_tmp_table_priv', 'Repl_slave_priv', 'Create_view_priv'].map(privilegeOfColumn)).toEqual([
      'SELECT',
      'GRANT OPTION',
      'CREATE TEMPORARY TABLES',
      'REPLICATION SLAVE',
      'CREATE VIEW',
    ]);
    expect(privilegesOfSet('Select,Grant,Create View')).toEqual(['SELECT', 'GRANT OPTION', 'CREATE VIEW']);
    expect(privilegesOfSet('')).toEqual([]);
  });
});
