import type { Duties } from '../duties.ts';
import { gives, wantedRight, type Grant, type WantedRight } from './privileges.ts';
import { columnOf, type MysqlServer } from './server.ts';

/** Names that InnoDB keeps as they are, and that need no quoting. */
const PLAIN = /^\w{1,64}$/;

/**
 * Tables that `duties:` names and that are there, as `schema.table`: a grant on a whole database names none. InnoDB's own list shows
 * every table to whoever has PROCESS; what it does not show stays open.
 */
export async function namedTables(server: MysqlServer, duties: Duties): Promise<ReadonlySet<string>> {
  const wanted = duties.claims.flatMap(({ kind, name }) => {
    const { object } = wantedRight(name);
    return kind === 'right' && object !== undefined && PLAIN.test(object.schema) && PLAIN.test(object.name) ? [object] : [];
  });
  if (wanted.length === 0) return new Set();
  const table = server.mariadb ? 'innodb_sys_tables' : 'innodb_tables';
  const found = await server.rows(
    `select name from information_schema.${table}`,
    'PROCESS',
    `select name as name from information_schema.${table} where name in (${wanted.map(({ schema, name }) => `'${schema}/${name}'`).join(', ')})`,
    wanted.length,
  );
  return new Set('state' in found ? [] : found.rows.map((row) => (columnOf(row, 'name') ?? '').replace('/', '.')));
}

/** Does a grant name the very object of a right? One on everything, or on a database, names no table. */
export function names(grant: Grant, wanted: WantedRight): boolean {
  if (!gives(grant, wanted)) return false;
  if (wanted.object === undefined) return true;
  if (wanted.object.name === '*') return grant.scope.level !== 'global';
  return grant.scope.level === 'table' || grant.scope.level === 'routine';
}
