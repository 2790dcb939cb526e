import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import type { Target } from '../../src/model/resource.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { filesTarget, plain } from '../support/collect.ts';
import { available } from '../support/servers/available.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';

const block = (...statements: readonly string[]): string => statements.map((statement) => `${statement};\n\n`).join('');

describe.skipIf(!available('postgresql'))('rights that are easily overlooked', () => {
  let server: Daemon;
  beforeAll(async () => {
    server = await startPostgresql({
      hba: 'local all all trust\nhost all all 127.0.0.1/32 trust\n',
      sql: {
        postgres: block(
          'create role dbown login',
          'create role kate login',
          'create role rena login',
          'create role dora login',
          'create role maker',
          'create database ledger owner dbown',
          'create database archive',
        ),
        ledger: block(
          'create schema ledger',
          'create table ledger.payment (id bigint, status text)',
          'create table ledger."Odd One" (id bigint)',
          'grant insert on ledger.payment to pg_database_owner',
          'grant execute on function pg_catalog.pg_read_file(text) to pg_database_owner',
          'grant update (status) on ledger.payment to kate',
          'create extension adminpack',
          'create extension dblink',
          'grant execute on function pg_catalog.pg_file_write(text,text,boolean) to rena',
          'grant execute on function public.dblink_connect_u(text) to dora',
          "create function ledger.bare() returns bigint security definer set search_path = pg_catalog language sql as 'select count(*) from pg_roles'",
          "create function ledger.empty() returns bigint security definer set search_path = '' language sql as 'select count(*) from pg_roles'",
          "create function ledger.sound() returns bigint security definer set search_path = pg_catalog, pg_temp language sql as 'select count(*) from pg_roles'",
        ),
        archive: block('create table secret (id int)', 'grant insert on secret to pg_database_owner'),
      },
    });
  });
  afterAll(() => server?.stop());

  async function look(duties: Readonly<Record<string, readonly string[]>>, user = 'postgres') {
    const from = filesTarget({}, { user, duties: JSON.stringify(duties) });
    const target: Target = { ...from, id: 'db', kind: 'postgres', address: `postgres://127.0.0.1:${server.port}/ledger` };
    const schedule = { concurrency: 1, timeout: 60, signal: new AbortController().signal, limits: DEFAULT_LIMITS };
    for await (const { resources } of collect([target], nodeWorld('/'), schedule))
      return (kind: string, id: string, name: string): unknown =>
        plain(resources.find((one) => one.kind === kind && one.id === id)?.facts[name]);
    throw new Error('no record');
  }

  test('what the owner of a database has there he has, and no other database’s owner', async () => {
    const of = await look({ initiate: ['INSERT on ledger.payment'], audit: ['role pg_database_owner'] });
    expect(of('identity.principal', 'dbown', 'duties')).toEqual(['initiate', 'audit']);
    expect(of('identity.principal', 'dbown', 'dangerous_rights')).toEqual(['FILE']);
    expect(of('identity.principal', 'dbown', 'rights')).not.toContain('INSERT on archive.public.secret');
    expect(of('identity.principal', 'kate', 'duties')).toEqual([]);
  });

  test('functions of extensions that reach files, or other servers as anybody', async () => {
    const of = await look({ initiate: ['INSERT on ledger.payment'] });
    expect(of('identity.principal', 'rena', 'dangerous_rights')).toEqual(['FILE']);
    expect(of('identity.principal', 'rena', 'duties')).toEqual(['initiate']);
    expect(of('identity.principal', 'dora', 'dangerous_rights')).toEqual(['SET USER']);
    expect(of('identity.principal', 'dora', 'duties')).toEqual(['initiate']);
  });

  test.each([
    ['insert on ledger.payment', []],
    ['Insert ON ledger.payment', []],
    ['createrole', []],
    ['update(status) on ledger.payment', ['approve']],
    ['UPDATE (id, status) on ledger.payment', ['approve']],
    ['update on ledger.payment', ['approve']],
    ['UPDATE (statuz) on ledger.payment', ['…']],
    ['DELETE (status) on ledger.payment', ['…']],
    ['OWNER on ledger.payment', ['…']],
    ['INSRT on ledger.payment', ['…']],
    ['EXECUTE on ledger.payment', ['…']],
    ['INSERT on schema ledger', ['…']],
    ['CREATEROL', ['…']],
    ['select on ledger."Odd One"', []],
    ['USAGE on schema ledger', []],
  ])('a claim of %s', async (claim, held) => {
    const of = await look({ approve: [claim] });
    expect(of('identity.principal', 'kate', 'duties')).toEqual(held);
  });

  test('a definer function is pinned where pg_temp comes last, and in no other way', async () => {
    const of = await look({});
    expect(['bare', 'empty', 'sound'].map((name) => of('database.routine', `ledger ledger.${name}()`, 'search_path_pinned'))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('that we look proves nobody’s use of an account', async () => {
    const of = await look({}, 'kate');
    expect(of('identity.principal', 'kate', 'last_login')).toEqual({ unknown: 'not-collected' });
  });
});
