import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Catalogue } from './catalogue.ts';

/** Other databases of a cluster that are looked into; each costs a connection. */
const MAX_DATABASES = 25;

/** The databases beside ours: those that may be looked into, and why others may not. Templates hold nobody's records. */
export async function otherDatabases(
  catalogue: Catalogue,
): Promise<{ readonly names: readonly string[]; readonly gaps: Unknown[]; readonly origin: Origin }> {
  const from = 'pg_database';
  const answer = await catalogue.ask({
    from,
    statement: `select datname::text as name, (datallowconn and pg_catalog.has_database_privilege(oid, 'CONNECT'))::text as open
      from pg_catalog.pg_database where not datistemplate and datname <> pg_catalog.current_database() order by 1`,
    columns: ['name', 'open'],
    maxRows: 100_000,
  });
  const origin = catalogue.origin(`select … from ${from}`);
  if ('state' in answer) return { names: [], gaps: [answer], origin };
  const names = answer.rows.flatMap(({ name, open }) => (name !== null && open === 'true' ? [name] : []));
  const gaps = answer.rows.flatMap(({ name, open }) =>
    open === 'true' ? [] : [unknown('access-denied', `database ${name ?? ''}: it takes CONNECT on it`, origin)],
  );
  if (names.length > MAX_DATABASES) gaps.push(unknown('unsupported', `more than ${MAX_DATABASES} other databases`, origin));
  return { names: names.slice(0, MAX_DATABASES), gaps: gaps.slice(0, 100), origin };
}
