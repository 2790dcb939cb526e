import type { Duties } from '../duties.ts';
import { gives, isOfTables, wantedRight, type Grant, type WantedRight } from './privileges.ts';
import { columnOf, type MysqlServer } from './server.ts';

/** Names that InnoDB keeps as they are, and that need no quoting. */
const PLAIN = /^\w{1,64}$/;

/**
 * Tables that `duties:` names and that are there, as `schema.table`, and columns that it names, as `schema.table (column)`: a grant on a whole
 * database names none. InnoDB's own lists show all of them to whoever has PROCESS; what they do not show stays open.
 */
export async function namedTables(server: MysqlServer, duties: Duties): Promise<ReadonlySet<string>> {
  const wanted = duties.claims.flatMap(({ kind, name }) => {
    const { object, columns } = wantedRight(name);
    return kind === 'right' && object !== undefined && PLAIN.test(object.schema) && PLAIN.test(object.name)
      ? [{ ...object, columns: columns.filter((column) => PLAIN.test(column)) }]
      : [];
  });
  if (wanted.length === 0) return new Set();
  const prefix = server.mariadb ? 'innodb_sys_' : 'innodb_';
  const listed = wanted.map(({ schema, name }) => `'${schema}/${name}'`).join(', ');
  const tables = await server.rows(
    `select name from information_schema.${prefix}tables`,
    'PROCESS',
    `select name as name from information_schema.${prefix}tables where name in (${listed})`,
    wanted.length,
  );
  const found = new Set('state' in tables ? [] : tables.rows.map((row) => (columnOf(row, 'name') ?? '').replace('/', '.')));
  const columns = [...new Set(wanted.flatMap((one) => one.columns))];
  if (columns.length === 0) return found;
  const named = await server.rows(
    `select … from information_schema.${prefix}columns`,
    'PROCESS',
    `select t.name as name, lower(c.name) as col from information_schema.${prefix}columns c
      join information_schema.${prefix}tables t on t.table_id = c.table_id
      where t.name in (${listed}) and lower(c.name) in (${columns.map((column) => `'${column}'`).join(', ')})`,
    wanted.length * columns.length,
  );
  for (const row of 'state' in named ? [] : named.rows)
    found.add(`${(columnOf(row, 'name') ?? '').replace('/', '.')} (${columnOf(row, 'col') ?? ''})`);
  return found;
}

/** Is a table there, with the columns that a right names? */
export function isNamed(wanted: WantedRight, named: ReadonlySet<string>): boolean {
  if (wanted.object === undefined) return false;
  const table = `${wanted.object.schema}.${wanted.object.name}`;
  return isOfTables(wanted) && named.has(table) && wanted.columns.every((column) => named.has(`${table} (${column})`));
}

/** Does a grant name the very object of a right? One on everything, or on a database, names no table. */
export function names(grant: Grant, wanted: WantedRight): boolean {
  if (!gives(grant, wanted)) return false;
  if (wanted.object === undefined) return true;
  // A grant on the whole table says nothing of its columns.
  if (wanted.columns.length > 0) return wanted.columns.length === 1 && grant.scope.level === 'table' && grant.scope.column !== undefined;
  if (wanted.object.name === '*') return grant.scope.level !== 'global';
  return grant.scope.level === 'table' || grant.scope.level === 'routine';
}
