import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { startMariadbDatabase, type MariadbDatabase } from '../support/servers/mariadb-server.ts';

const kept = keeper();
const SECRETS = { AUDIT: 'Canary-Audit-Password-9' };
const TABLES = ['global_priv', 'db', 'tables_priv', 'columns_priv', 'procs_priv', 'proxies_priv', 'roles_mapping'];
/** What docs/targets/mysql.md asks for, and no more: above all nothing on the ledger itself. */
const AUDIT = `CREATE USER audit@'127.0.0.1' IDENTIFIED BY '${SECRETS.AUDIT}';
${TABLES.map((table) => `GRANT SELECT ON mysql.${table} TO audit@'127.0.0.1';`).join('\n')}
GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO audit@'127.0.0.1';
`;
const LEDGER = `DROP USER IF EXISTS root@'${hostname()}', root@'127.0.0.1', root@'::1';
CREATE DATABASE ledger;
CREATE TABLE ledger.payment (id INT, Status VARCHAR(10), amount INT) ENGINE=InnoDB;
CREATE USER clerk@'10.%' IDENTIFIED BY 'x';
GRANT UPDATE (Status) ON ledger.payment TO clerk@'10.%';
`;

const look = async (server: MariadbDatabase, duties: Readonly<Record<string, readonly string[]>> = {}, path = '') => {
  const options = { password: '${env:AUDIT}', duties: JSON.stringify(duties) };
  return lookInside(insideTarget('mysql', `mysql://audit@127.0.0.1:${server.port}${path}`, options), SECRETS);
};
const store = (record: Awaited<ReturnType<typeof look>>) => Object.values(plainKind(record, 'datastore'))[0] ?? {};

describe.skipIf(!available('mariadb'))('MariaDB, what is easily overlooked', () => {
  test('the documented rights do for an address that names a database', async () => {
    const server = await kept(startMariadbDatabase({ settings: ['log-bin=ledger-bin'], statements: LEDGER + AUDIT }));
    const record = await look(server, {}, '/ledger');
    expect(record.gaps.filter(({ cause }) => cause === 'access-denied')).toEqual([]);
    expect(store(record)).toMatchObject({ name: 'ledger', archiving: true, archive_failing: false });
    expect(store(await look(server))).toMatchObject({ archiving: true });
    const duties = async (claim: string): Promise<unknown> =>
      plainKind(await look(server, { approve: [claim] }), 'identity.principal')['clerk@10.%']?.['duties'];
    expect(await duties('update on ledger.payment')).toEqual(['approve']);
    expect(await duties('UPDATE (status) on ledger.payment')).toEqual(['approve']);
    expect(await duties('UPDATE (amount, STATUS) on ledger.payment')).toEqual(['approve']);
    expect(await duties('UPDATE (amount) on ledger.payment')).toEqual([]);
    for (const misspelt of [
      'UPDATE (statuz) on ledger.payment',
      'UPDATE (amount, statuz) on ledger.payment',
      'INSRT on ledger.payment',
      'DELETE (amount) on ledger.payment',
      'EXECUTE on ledger.payment',
      'INSERT on ledger.paiment',
    ])
      expect([misspelt, await duties(misspelt)]).toEqual([misspelt, ['…']]);
  }, 60_000);

  test.each([
    ['binlog-ignore-db=ledger', false, { unknown: 'unsupported' }],
    ['binlog-do-db=ledger', true, { unknown: 'unsupported' }],
    ['binlog-do-db=other', false, { unknown: 'unsupported' }],
  ])('%s keeps changes out of the binary log', async (setting, named, unnamed) => {
    const server = await kept(startMariadbDatabase({ settings: ['log-bin=ledger-bin', setting], statements: LEDGER + AUDIT }));
    expect(store(await look(server, {}, '/ledger'))['archiving']).toEqual(named ? { unknown: 'unsupported' } : false);
    expect(store(await look(server))['archiving']).toEqual(unnamed);
  });

  test('where the tables of privileges are skipped, every account may do everything', async () => {
    const server = await kept(startMariadbDatabase({ settings: ['skip-grant-tables'] }));
    server.sql(
      `INSERT INTO mysql.global_priv VALUES ('10.%', 'clerk', '{"access":0,"plugin":"mysql_native_password","authentication_string":"*${'A'.repeat(40)}"}');`,
    );
    const record = await look(server, { initiate: ['role root'] });
    expect(store(record)).toMatchObject({ authentication: false });
    expect(plainKind(record, 'identity.principal')['clerk@10.%']).toMatchObject({ superuser: true, duties: ['initiate'] });
  });
});
