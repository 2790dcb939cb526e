import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, databaseAddressOf, DATABASE_KINDS, type Engine } from '../../src/world/database-address.ts';
import { Secret } from '../../src/world/secret.ts';

function read(engine: Engine, text: string): unknown {
  const parsed = databaseAddressOf(engine, text);
  if ('problem' in parsed) return parsed.problem;
  return { ...parsed.address, ...(parsed.password === undefined ? {} : { password: Secret.open(parsed.password) }) };
}

describe('addresses of databases', () => {
  test.each<[Engine, string, object]>([
    [
      'postgres',
      'postgres://audit@db.example.com/ledger',
      { engine: 'postgres', scheme: 'postgres', host: 'db.example.com', port: 5432, database: 'ledger', user: 'audit', parameters: {} },
    ],
    [
      'postgres',
      'audit@db:6432/ledger?sslmode=verify-full&application_name=x',
      {
        engine: 'postgres',
        scheme: 'postgres',
        host: 'db',
        port: 6432,
        database: 'ledger',
        user: 'audit',
        parameters: { sslmode: 'verify-full', application_name: 'x' },
      },
    ],
    [
      'postgres',
      'postgresql://a%40b:p%3Aw@[2001:db8::1]:5433/x',
      {
        engine: 'postgres',
        scheme: 'postgresql',
        host: '2001:db8::1',
        port: 5433,
        database: 'x',
        user: 'a@b',
        password: 'p:w',
        parameters: {},
      },
    ],
    [
      'postgres',
      'postgres://audit@/ledger?host=/run/postgresql',
      { engine: 'postgres', scheme: 'postgres', socket: '/run/postgresql', port: 5432, database: 'ledger', user: 'audit', parameters: {} },
    ],
    [
      'postgres',
      'postgres:///ledger?host=/run/postgresql&port=5451',
      { engine: 'postgres', scheme: 'postgres', socket: '/run/postgresql', port: 5451, database: 'ledger', parameters: {} },
    ],
    [
      'mysql',
      'mariadb://root@localhost?socket=/run/mysqld/mysqld.sock',
      { engine: 'mysql', scheme: 'mariadb', socket: '/run/mysqld/mysqld.sock', port: 3306, user: 'root', parameters: {} },
    ],
    ['redis', 'rediss://cache:6380/0', { engine: 'redis', scheme: 'rediss', host: 'cache', port: 6380, database: '0', parameters: {} }],
    [
      'ldap',
      'ldaps://directory.example.com',
      { engine: 'ldap', scheme: 'ldaps', host: 'directory.example.com', port: 636, parameters: {} },
    ],
    [
      'mysql',
      'mysql://u:p@ss@db',
      { engine: 'mysql', scheme: 'mysql', host: 'db', port: 3306, user: 'u', password: 'p@ss', parameters: {} },
    ],
  ])('%s %s', (engine, text, expected) => {
    expect(read(engine, text)).toEqual(expected);
  });
  test.each<[Engine, string, string]>([
    ['postgres', 'mysql://db', 'it is not written as postgres://user@host:port/database'],
    ['postgres', 'postgres://', 'it names no host: postgres://user@host:port/database'],
    ['mysql', 'mysql://db:0', 'its port is none'],
    ['mysql', 'mysql://db:99999', 'its port is none'],
    ['redis', 'redis://-oProxyCommand=x y', 'its host is none: redis://user@host:port/database'],
    ['postgres', 'postgres://[zz]/x', 'its host is none: postgres://user@host:port/database'],
    ['postgres', 'postgres://u:%ZZ@db/x', 'its user, password or database is not URL-encoded'],
    ['postgres', 'postgres://db:5432/x?port=5451', 'it names two ports'],
    ['postgres', 'postgres://db/x?port=none', 'its port is none'],
    ['postgres', 'postgres://db/x?host=other', 'its host stands before the path: postgres://user@host:port/database'],
    ['postgres', 'postgres://db/x?a=%E0%A4', 'its parameters are not URL-encoded'],
    ['postgres', 'host=db user=u password=hunter2', 'its host is none: postgres://user@host:port/database'],
  ])('%s %s is none', (engine, text, problem) => {
    expect(read(engine, text)).toBe(problem);
  });
  test('a problem never repeats what it was given, and nothing throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DATABASE_KINDS), fc.string({ unit: 'binary' }), (engine, noise) => {
        const parsed = databaseAddressOf(engine, `${engine}://user:hunter2-${noise}`);
        if ('problem' in parsed) expect(parsed.problem).not.toContain('hunter2');
        else expect(addressText(parsed.address)).not.toContain('user');
      }),
    );
  });
});
