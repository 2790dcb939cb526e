import { known, unknown, type Fact, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import type { Coverage, Resource, Target } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { databaseRoutine } from '../../resources/database-routine.ts';
import { datastore } from '../../resources/datastore.ts';
import { accessRule, identityPolicy, identityPrincipal } from '../../resources/identity.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { addressText } from '../../world/database-address.ts';
import type { DatabaseLogin, SqlSession } from '../../world/database.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { loginOf } from '../database-login.ts';
import { declared } from '../files/format.ts';
import { unique } from '../files/unique.ts';
import { inOrder } from '../in-order.ts';
import { tlsFacts } from '../files/postgres-tls.ts';
import type { Conduct } from '../limits.ts';
import { Duties } from '../duties.ts';
import { distinctGaps } from '../distinct-gaps.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { Catalogue } from './catalogue.ts';
import { claimedRight } from './claimed-right.ts';
import { otherDatabases } from './databases.ts';
import { Grants, PUBLIC } from './grants.ts';
import { liveHba } from './hba.ts';
import { loadedBy } from './loaded-by.ts';
import { logsOf, variantsOf } from './logging.ts';
import { policyOf } from './policy.ts';
import { principalsOf } from './principals.ts';
import { replicasOf } from './replicas.ts';
import { Roles } from './roles.ts';
import { definerRoutines } from './routines.ts';
import { clearSessions, versionsInUse } from './sessions.ts';
import { LiveServer, majorOf } from './settings.ts';
import { groupOf, storeOf, type StoreSurroundings } from './store.ts';

const KINDS = [
  accessRule,
  availabilityGroup,
  databaseRoutine,
  datastore,
  identityPolicy,
  identityPrincipal,
  logSink,
  logSource,
  tlsListener,
].map(({ name }) => name);

/**
 * Looks at a PostgreSQL cluster from inside: some thirty selects on its catalogues in the database that the target names, and three in
 * each other one that lets us in. Read-only, without waiting for locks.
 */
export const postgresCollector = {
  name: 'postgres',
  targets: ['postgres'],
  version: '1',
  provides: KINDS,
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, { limits }: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const login = await loginOf('postgres', target, world, { timeout: limits.connect, signal });
  if ('state' in login) return nothingSeen(KINDS, { ...login, origin: at });
  const session = await world.databases.postgres(login);
  if ('state' in session) return nothingSeen(KINDS, { ...session, origin: at });
  try {
    return await look(session, login, target, world, at);
  } finally {
    await session.close();
  }
}

/** What was found of some kinds, and what of them could not be seen. */
class Findings {
  readonly resources: Resource[] = [];
  readonly #gaps = new Map<string, Unknown[]>(KINDS.map((kind) => [kind, []]));

  add(...resources: readonly Resource[]): void {
    this.resources.push(...resources);
  }

  miss(kinds: readonly { readonly name: string }[], ...gaps: readonly Unknown[]): void {
    for (const { name } of kinds) this.#gaps.get(name)?.push(...gaps);
  }

  collected(looked: Fact<FactValue>, name: string): Collected {
    const coverage = [...this.#gaps].map(([kind, missing]): readonly [string, Coverage] => {
      const gaps = distinctGaps(missing);
      const found = this.resources.some((resource) => resource.kind === kind);
      return [kind, { status: gaps.length === 0 ? 'complete' : found ? 'partial' : 'failed', gaps, looked }];
    });
    return {
      resources: inOrder(unique(this.resources)),
      coverage: Object.fromEntries(coverage),
      gaps: distinctGaps([...this.#gaps.values()].flat()),
      looked: [{ name, as: 'postgresql' }],
    };
  }
}

async function look(session: SqlSession, login: DatabaseLogin, target: Target, world: World, at: Origin): Promise<Collected> {
  const found = new Findings();
  const catalogue = new Catalogue(session, target);
  const [settingsShown, statisticsShown] = await ownPrivileges(catalogue);
  const server = await LiveServer.read(catalogue, settingsShown);
  if ('state' in server) return nothingSeen(KINDS, { ...server, origin: server.origin ?? at });
  const major = majorOf(server.version);
  const number = major.state === 'known' ? major.value : 0;
  const statistics = <T>(from: string, ask: () => Promise<T | Unknown>): Promise<T | Unknown> =>
    statisticsShown.state === 'known' && statisticsShown.value
      ? ask()
      : Promise.resolve(
          statisticsShown.state === 'unknown'
            ? statisticsShown
            : unknown(
                'access-denied',
                `${from}: it takes pg_read_all_stats (pg_monitor has it)`,
                catalogue.origin(`select … from ${from}`),
              ),
        );

  const hba = await liveHba(catalogue, number);
  if ('state' in hba) found.miss([accessRule], hba);
  else {
    found.add(...hba.rules.map(({ resource }) => resource));
    found.miss([accessRule], ...hba.gaps);
  }

  const { variants, gaps: variantGaps } = await variantsOf(catalogue, server);
  found.add(...logsOf(catalogue, server, variants));
  found.miss([logSource], ...variantGaps);
  const collector = server.flag('logging_collector', false);
  if (collector.state === 'unknown') found.miss([logSink], collector);
  found.add(policyOf(server, target));
  const ssl = server.flag('ssl', false);
  if (!(ssl.state === 'known' && !ssl.value))
    found.add(declared(tlsListener, 'postgresql', target, tlsFacts(server, ssl, hba, await versionsInUse(catalogue))));

  const roles = await Roles.read(catalogue, number);
  const grants = new Grants();
  const duties = Duties.of(target);
  const named = (duties instanceof Duties ? duties.claims : []).flatMap((claim) => {
    const right = claim.kind === 'right' ? claimedRight(claim.name) : undefined;
    return right === undefined || right.columns.length === 0 ? [] : [right.object];
  });
  const extensions = new Map<string, Fact<string>>();
  await grants.readShared(catalogue, number);
  const missing: Unknown[] = [];
  const inDatabase = async (one: Catalogue, prefix: string): Promise<void> => {
    const unread = await grants.read(one, prefix);
    await grants.readColumns(one, prefix, named);
    const listed = await one.ask({
      from: `pg_extension in ${one.database}`,
      statement: 'select extname::text as name from pg_catalog.pg_extension order by 1',
      columns: ['name'],
    });
    if ('state' in listed) missing.push(listed);
    else for (const { name } of listed.rows) if (name !== null && !extensions.has(name)) extensions.set(name, known(name, listed.origin));
    if ('state' in roles) return;
    const routines = await definerRoutines(one, roles, (schema) => unread ?? everybodyCreatesIn(grants, schema, prefix));
    found.add(...routines.resources);
    found.miss([databaseRoutine], ...routines.gaps);
  };
  await inDatabase(catalogue, '');
  const others = await otherDatabases(catalogue);
  for (const name of others.names) {
    const elsewhere = await world.databases.postgres({ ...login, database: name });
    if ('state' in elsewhere) {
      others.gaps.push(unknown(elsewhere.cause, `database ${name}: ${elsewhere.detail}`, others.origin));
      continue;
    }
    try {
      await inDatabase(new Catalogue(elsewhere, target), quoted(name));
    } finally {
      await elsewhere.close();
    }
  }
  grants.gaps.push(...others.gaps);
  missing.push(...others.gaps);
  found.miss([databaseRoutine], ...others.gaps);

  const around: StoreSurroundings = {
    catalogue,
    server,
    hba,
    variants,
    variantGaps,
    grants,
    replicas: await statistics('pg_stat_replication', () => replicasOf(catalogue)),
    clear: await statistics('pg_stat_ssl', () => clearSessions(catalogue, number)),
    extensions: loadedBy(server, [...extensions.values()], missing),
  };
  found.add(await storeOf(around), groupOf(around));

  if ('state' in roles) found.miss([identityPrincipal, databaseRoutine], roles);
  else {
    const principals = principalsOf({
      target,
      roles,
      grants,
      hba,
      passwords: await passwordForms(catalogue),
      sessions: await catalogue.ask({
        from: 'pg_stat_activity',
        // That we look proves nobody's use of an account.
        statement: `select distinct usename::text as name from pg_catalog.pg_stat_activity where backend_type = $$client backend$$
          and not (usename = current_user and application_name = 'custos')`,
        columns: ['name'],
        maxRows: 100_000,
      }),
      major,
      now: world.now(),
    });
    found.add(...principals.resources);
    found.miss([identityPrincipal], ...principals.gaps);
  }
  return found.collected(known(addressText(session.address), at), addressText(session.address));
}

/** May everybody create objects in a schema? */
function everybodyCreatesIn(grants: Grants, schema: string, prefix: string): boolean {
  return grants.on(`schema ${prefix === '' ? '' : `${prefix}.`}${schema}`, PUBLIC)?.privileges.includes('CREATE') === true;
}

/** May we see every setting, and every session's figures? */
async function ownPrivileges(catalogue: Catalogue): Promise<readonly [settings: Fact<boolean>, statistics: Fact<boolean>]> {
  const answer = await catalogue.ask({
    from: 'pg_has_role',
    statement: `select pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')::text as settings,
      pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')::text as statistics`,
    columns: ['settings', 'statistics'],
  });
  if ('state' in answer) return [answer, answer];
  const [row] = answer.rows;
  return [known(row?.settings === 'true', answer.origin), known(row?.statistics === 'true', answer.origin)];
}

/** The form of each role's password. Its hash does not leave the server. */
async function passwordForms(catalogue: Catalogue) {
  return catalogue.ask({
    from: 'pg_authid',
    statement: `select rolname::text as name, case when rolpassword is null then 'none' when rolpassword like 'SCRAM-SHA-256$%' then 'scram-sha-256'
        when rolpassword ~ '^md5[0-9a-f]{32}$' then 'md5' else 'plain' end as form from pg_catalog.pg_authid`,
    columns: ['name', 'form'],
    maxRows: 200_000,
    needs: 'SELECT ON pg_authid, which shows its hashes too',
  });
}

/** As quote_ident writes it. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
