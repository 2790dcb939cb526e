import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresCollector } from '../../src/collect/postgres/collector.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { known } from '../../src/model/fact.ts';
import type { Target } from '../../src/model/resource.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { filesTarget, ofKind, plain } from '../support/collect.ts';
import { available } from '../support/servers/available.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { CANARY, hardenedPostgresql, weakPostgresql } from '../support/servers/postgresql-cases.ts';

const DUTIES = JSON.stringify({ initiate: ['INSERT on ledger.payment'], approve: ['role checker'], administer: ['CREATEROLE'] });
process.env['CUSTOS_TEST_PG'] = CANARY;

function targetOf(server: Daemon, user: string, database = 'ledger', parameters = ''): Target {
  const target = filesTarget({}, { user, password: '${env:CUSTOS_TEST_PG}', duties: DUTIES });
  const label = (value: string) => known(value, { kind: 'file', range: target.declaredAt } as const);
  return {
    ...target,
    id: 'ledger-db',
    kind: 'postgres',
    address:
      user === 'postgres'
        ? `postgres://postgres@:${server.port}/${database}?host=${server.directory}`
        : `postgres://127.0.0.1:${server.port}/${database}${parameters}`,
    labels: { service_accounts: label('ledger_app, importer'), personal_accounts: label('zhao, li_*') },
  };
}

const look = (target: Target): Promise<Collected> =>
  postgresCollector.collect(target, nodeWorld('/'), new AbortController().signal, conductOf(DEFAULT_LIMITS));

const all = (collected: Collected) =>
  Object.fromEntries(
    collected.resources.map(({ kind, id, facts }) => [
      `${kind} ${id}`,
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
    ]),
  );

describe.skipIf(!available('postgresql'))('weak', () => {
  let server: Daemon;
  beforeAll(async () => {
    server = await weakPostgresql();
  });
  afterAll(() => server?.stop());
  test('dump', async () => {
    const seen = await look(targetOf(server, 'ledger_app'));
    console.log(
      JSON.stringify(all(seen), null, 1),
      JSON.stringify(seen.gaps, null, 1),
      JSON.stringify(Object.fromEntries(Object.entries(seen.coverage).map(([k, v]) => [k, v.status]))),
    );
  });
});
