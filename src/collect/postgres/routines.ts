import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { databaseRoutine } from '../../resources/database-routine.ts';
import { seen } from '../seen.ts';
import { namesIn, type Catalogue } from './catalogue.ts';
import type { Roles } from './roles.ts';

const MAX_ROUTINES = 2000;

/**
 * Functions of one database that run with their owners' rights; those of extensions are their makers' and told too. `open` tells
 * whether everybody may create objects in a schema.
 */
export async function definerRoutines(
  catalogue: Catalogue,
  roles: Roles,
  open: (schema: string) => boolean | Unknown,
): Promise<{ readonly resources: readonly Resource[]; readonly gaps: readonly Unknown[] }> {
  const from = `pg_proc in ${catalogue.database}`;
  const answer = await catalogue.ask({
    from,
    statement: `select p.oid::pg_catalog.regprocedure::text as name, p.proowner::text as owner, pg_catalog.to_json(p.proconfig)::text as config,
      exists (select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
        where a.grantee = 0 and a.privilege_type = 'EXECUTE')::text as everybody
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
    columns: ['name', 'owner', 'config', 'everybody'],
    maxRows: MAX_ROUTINES,
  });
  if ('state' in answer) return { resources: [], gaps: [answer] };
  const { origin } = answer;
  const gaps: Unknown[] = [];
  const resources: Resource[] = [];
  for (const { name, owner, config, everybody } of answer.rows) {
    const settings = namesIn(config);
    if (name === null || owner === null || settings === undefined) {
      gaps.push(unknown('unparseable', `${from}: not the columns that were asked for`, origin));
      continue;
    }
    const role = roles.byOid(owner);
    const nobody = unknown('unresolved', `${from}: an owner that pg_roles does not have`, origin);
    resources.push(
      seen(databaseRoutine, `${catalogue.database} ${name}`, catalogue.target, 'live', {
        name: known(name, origin),
        database: known(catalogue.database, origin),
        owner: role === undefined ? nobody : known(role.name, origin),
        owner_superuser: role === undefined ? nobody : known(role.superuser, origin),
        search_path_pinned: pinned(settings, open, origin),
        executable_by_all: known(everybody === 'true', origin),
      }),
    );
  }
  return { resources, gaps };
}

/**
 * Callers choose the search_path of a function that sets none. One that names `"$user"` or a schema where everybody may create is as
 * good as theirs, and so is one that does not end with pg_temp: where it is not named, relations and types are looked for in it before
 * everything else, those of pg_catalog included (functions and operators never are).
 * https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
 */
function pinned(settings: readonly string[], open: (schema: string) => boolean | Unknown, origin: Origin): Fact<boolean> {
  const path = settings.find((setting) => /^search_path=/i.test(setting))?.slice('search_path='.length);
  if (path === undefined) return known(false, origin);
  const schemas = path.split(',').map((schema) => schema.trim().replace(/^"(.*)"$/, '$1'));
  if (schemas.includes('$user') || schemas.indexOf('pg_temp') !== schemas.length - 1) return known(false, origin);
  const answers = schemas.filter((schema) => schema !== 'pg_catalog' && schema !== 'pg_temp' && schema !== '').map(open);
  if (answers.includes(true)) return known(false, origin);
  const unread = answers.find((answer) => typeof answer !== 'boolean');
  return unread ?? known(true, origin);
}
