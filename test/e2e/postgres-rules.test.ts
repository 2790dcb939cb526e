import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import type { Target } from '../../src/model/resource.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { filesTarget, plain } from '../support/collect.ts';
import { available } from '../support/servers/available.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';

const PASSWORD = 'canary-Pa55word-4712';
process.env['CUSTOS_TEST_PG_RULES'] = PASSWORD;
/** Lets this test in, over TLS, and nobody else. */
const OURS = 'hostssl all postgres 127.0.0.1/32 scram-sha-256\n';
const USERS = Array.from({ length: 20 }, (_, at) => `application_user_${at + 1}`).join(',');

describe.skipIf(!available('postgresql'))('rules of a running server', () => {
  let server: Daemon;
  const path = (name: string): string => join(server.directory, 'data', name);
  const reload = async (): Promise<void> => {
    const pid = readFileSync(path('postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    process.kill(Number(pid), 'SIGHUP');
    await delay(500);
  };
  const load = async (rules: string): Promise<void> => {
    writeFileSync(path('pg_hba.conf'), OURS + rules);
    await reload();
  };
  beforeAll(async () => {
    server = await startPostgresql({
      hba: OURS,
      sql: { postgres: `alter role postgres password '${PASSWORD}';\n\ncreate role alice login;\n\n` },
    });
  });
  afterAll(() => server?.stop());

  async function look() {
    const from = filesTarget({}, { user: 'postgres', password: '${env:CUSTOS_TEST_PG_RULES}' });
    const target: Target = { ...from, id: 'db', kind: 'postgres', address: `postgres://127.0.0.1:${server.port}/postgres` };
    const schedule = { concurrency: 1, timeout: 60, signal: new AbortController().signal, limits: DEFAULT_LIMITS };
    for await (const { resources, gaps } of collect([target], nodeWorld('/'), schedule)) {
      const fact = (kind: string, id: string, name: string): unknown =>
        plain(resources.find((one) => one.kind === kind && one.id === id)?.facts[name]);
      return {
        gaps: gaps.map(({ detail }) => detail),
        rules: resources.filter(({ kind }) => kind === 'access.rule').map(({ id }) => id),
        authentication: fact('datastore', 'postgresql', 'authentication'),
        tls: fact('datastore', 'postgresql', 'tls'),
        anywhere: fact('identity.principal', 'alice', 'any_source'),
        encrypted: fact('identity.principal', 'alice', 'requires_tls'),
        protects: (id: string) => fact('access.rule', id, 'protects_password'),
      };
    }
    throw new Error('no record');
  }

  test('two rules that begin with the same three hundred characters are two', async () => {
    await load(`hostssl all ${USERS} 10.0.0.0/24 scram-sha-256\nhostssl all ${USERS} all trust\n`);
    const { rules, authentication } = await look();
    expect(rules).toHaveLength(3);
    expect(authentication).toBe(false);
  });

  test('a file that was put in its place with an old date is newer than what is in force', async () => {
    await load('host all all 0.0.0.0/0 trust\n');
    expect(await look()).toMatchObject({ authentication: false });
    await delay(1100);
    writeFileSync(path('new'), OURS);
    utimesSync(path('new'), new Date('2020-01-01'), new Date('2020-01-01'));
    renameSync(path('new'), path('pg_hba.conf'));
    expect(await look()).toMatchObject({ authentication: { unknown: 'unresolved' }, tls: { unknown: 'unresolved' }, rules: [] });
    await reload();
    expect(await look()).toMatchObject({ authentication: true, tls: 'required' });
  });

  test('a list in a file may have changed: what rests on all rules is unknown', async () => {
    writeFileSync(path('list'), 'alice\n');
    execFileSync('chmod', ['644', path('list')]);
    const why = 'pg_hba.conf: other files that it names may have changed after they were loaded';
    await load('# see @list\nhostssl all @list 10.0.0.0/8 scram-sha-256\n');
    const named = await look();
    expect(named.gaps).toContain(why);
    expect(named.authentication).toEqual({ unknown: 'unresolved' });
    await load('# see @list\nhostssl all alice 10.0.0.0/8 scram-sha-256\n');
    expect((await look()).gaps).toEqual([]);
  });

  test('what a rule refuses of one kind of address or way says nothing of the other', async () => {
    await load('host all all 0.0.0.0/0 reject\nhost all all ::/0 trust\n');
    expect(await look()).toMatchObject({ anywhere: true, encrypted: false, authentication: false, tls: 'offered' });
    await load('hostnossl all all all reject\nhost all all 10.0.0.0/8 scram-sha-256\n');
    expect(await look()).toMatchObject({ anywhere: false, encrypted: true, tls: 'required' });
    await load('hostssl all all all reject\nhost all all 10.0.0.0/8 scram-sha-256\n');
    expect(await look()).toMatchObject({ encrypted: false, tls: 'offered' });
    await load('host all all all reject\nhost replication all all scram-sha-256\n');
    expect(await look()).toMatchObject({ anywhere: true, encrypted: false, tls: 'offered' });
    await load('hostssl all alice 0.0.0.0/1 scram-sha-256\nhostssl all alice 128.0.0.0/1 scram-sha-256\n');
    expect(await look()).toMatchObject({ anywhere: true, encrypted: true, tls: 'required' });
  });

  test('a password that the server hands on in clear is not protected by the TLS before it', async () => {
    const at = (octet: number): string => `hostssl all alice 10.0.0.${octet}/32 ldap`;
    const rest = 'ldapprefix="uid=" ldapsuffix=",dc=example"';
    await load(
      `${at(1)} ldapserver=ldap.example ${rest}\n${at(2)} ldapserver=ldap.example ldaptls=1 ${rest}\n` +
        `${at(3)} ldapserver=ldap.example ldapscheme=ldaps ${rest}\n${at(4)} ldapserver=127.0.0.1 ${rest}\n` +
        `hostssl all alice 10.0.0.5/32 radius radiusservers=10.9.9.9 radiussecrets=canary\nhostssl all alice 10.0.0.6/32 pam\n`,
    );
    const { protects } = await look();
    expect([1, 2, 3, 4].map((octet) => protects(at(octet)))).toEqual([false, true, true, true]);
    expect(protects('hostssl all alice 10.0.0.5/32 radius')).toBe(false);
    expect(protects('hostssl all alice 10.0.0.6/32 pam')).toEqual({ unknown: 'unresolved' });
  });
});
