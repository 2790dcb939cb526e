import { expect, test } from 'vitest';
import { supportedUntil, type LifeCycleProduct } from '../../src/collect/end-of-life.ts';
import { absent, known, unknown, type Origin } from '../../src/model/fact.ts';
import { plain } from '../support/collect.ts';

const at: Origin = { kind: 'wire', target: 't', exchange: 'show server_version' };
const until = (product: LifeCycleProduct, version: string): unknown => plain(supportedUntil(product, known(version, at)));
const UNKNOWN = { unknown: 'unresolved' };

test('a version has the end of its series, with the source', () => {
  expect(supportedUntil('postgresql', known('15.14 (Debian 15.14-0+deb12u1)', at))).toEqual({
    state: 'known',
    value: '2027-11-11T00:00:00Z',
    origin: {
      kind: 'derived',
      rule: 'end of life of postgresql 15 (https://www.postgresql.org/support/versioning/)',
      from: [at],
    },
  });
  expect(until('postgresql', '9.6.24')).toBe('2021-11-11T00:00:00Z');
  expect(until('postgresql', '18')).toBe('2030-11-14T00:00:00Z');
  expect(until('mariadb', '10.11.14-MariaDB-0+deb12u2')).toBe('2028-02-16T00:00:00Z');
  expect(until('mariadb', '10.1.48-MariaDB')).toBe('2020-10-17T00:00:00Z');
  expect(until('mysql', '8.0.45')).toBe('2026-04-30T00:00:00Z');
  expect(until('redis', '7.0.15')).toBe('2024-07-29T00:00:00Z');
  expect(until('debian', '12')).toBe('2028-06-30T00:00:00Z');
  expect(until('debian', '12.9')).toBe('2028-06-30T00:00:00Z');
  expect(until('ubuntu', '24.04')).toBe('2029-05-31T00:00:00Z');
});

test('a version that the table does not know is unknown, and never its neighbour', () => {
  for (const version of [
    '19.1',
    '1',
    '150.1',
    '9',
    '9.7.1',
    '19beta1',
    '18beta1',
    '16rc1',
    '18devel',
    'PostgreSQL 15',
    '',
    'constructor',
    '__proto__',
  ])
    expect(until('postgresql', version), version).toEqual(UNKNOWN);
  expect(until('mariadb', '10')).toEqual(UNKNOWN);
  expect(until('redis', '7.2.4')).toEqual(UNKNOWN);
  expect(until('ubuntu', '24')).toEqual(UNKNOWN);
});

test('of a version that is not known, nothing is known', () => {
  const denied = unknown('access-denied', 'version');
  expect(supportedUntil('debian', denied)).toBe(denied);
  expect(plain(supportedUntil('debian', absent(at)))).toEqual(UNKNOWN);
});
