import { absent, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { datastore } from '../../resources/datastore.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { supportedUntil } from '../end-of-life.ts';
import type { HbaRules } from '../files/postgres-hba-rule.ts';
import { onOff } from '../files/postgres-server.ts';
import { storeFacts } from '../files/postgres-store.ts';
import { seen } from '../seen.ts';
import { isTime, numberIn, type Answer, type Catalogue } from './catalogue.ts';
import type { Grants } from './grants.ts';
import { dangerousForAll } from './holding.ts';
import { durableForAll, type Variant } from './logging.ts';
import type { Replicas } from './replicas.ts';
import { slotsOf } from './slots.ts';
import { plainVersion, type LiveServer } from './settings.ts';

/** What the store's facts rest on. */
export interface StoreSurroundings {
  readonly catalogue: Catalogue;
  readonly server: LiveServer;
  readonly hba: HbaRules | Unknown;
  readonly variants: readonly Variant[];
  readonly variantGaps: readonly Unknown[];
  readonly grants: Grants;
  readonly replicas: Replicas | Unknown;
  /** Sessions over a network without encryption. */
  readonly clear: Answer<'count'> | Unknown;
  readonly extensions: Fact<readonly Fact<string>[]>;
}

/** The store itself. */
export async function storeOf(around: StoreSurroundings): Promise<Resource> {
  const { catalogue, server, hba, clear, replicas } = around;
  const { at } = server;
  const version = plainVersion(server.version);
  const written = storeFacts(server, hba);
  const name = server.text('cluster_name', '');
  const archiver = await archiverOf(catalogue, written.archiving);
  const durable = durableForAll(server, around.variants);
  const [variantGap] = around.variantGaps;
  const facts: LiveKindFacts<typeof datastore> = {
    ...written,
    archiving: arrives(written.archiving, archiver.archive_failing),
    durable_writes: durable.state === 'known' && durable.value && variantGap !== undefined ? variantGap : durable,
    name: name.state === 'known' && name.value === '' ? unknown('not-collected', 'cluster_name', name.origin) : name,
    default_name: absent(at),
    dangerous_commands: dangerousForAll(around.grants, at),
    checksums: server.value('data_checksums', onOff, []),
    replication: 'state' in replicas ? replicas : replicas.any,
    version,
    supported_until: supportedUntil('postgresql', version),
    extensions: around.extensions,
    clear_sessions: countOf(clear),
    ...archiver,
    ...(await slotsOf(catalogue)),
    connections_used: await connectionsUsed(catalogue, server),
  };
  return seen(datastore, 'postgresql', catalogue.target, 'live', facts);
}

function countOf(clear: Answer<'count'> | Unknown): Fact<boolean> {
  if ('state' in clear) return clear;
  const count = numberIn(clear.rows[0]?.count);
  return count === undefined ? unknown('unparseable', 'pg_stat_ssl', clear.origin) : known(count > 0, clear.origin);
}

/** What pg_stat_archiver tells of logs that were archived, since its figures were last reset. */
async function archiverOf(
  catalogue: Catalogue,
  archiving: Fact<boolean>,
): Promise<Pick<LiveKindFacts<typeof datastore>, 'archive_failing' | 'last_archived'>> {
  if (archiving.state !== 'known')
    return { archive_failing: archiving, last_archived: archiving.state === 'absent' ? absent(archiving.origin) : archiving };
  if (!archiving.value) return { archive_failing: absent(archiving.origin), last_archived: absent(archiving.origin) };
  const from = 'pg_stat_archiver';
  const answer = await catalogue.ask({
    from,
    statement: `select (failed_count > 0)::text as failed, (last_failed_time > coalesce(last_archived_time, '-infinity'))::text as failing,
      pg_catalog.to_char(last_archived_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as archived from pg_catalog.pg_stat_archiver`,
    columns: ['failed', 'failing', 'archived'],
  });
  if ('state' in answer) return { archive_failing: answer, last_archived: answer };
  const [row] = answer.rows;
  if (row === undefined || (row.archived !== null && !isTime(row.archived))) {
    const none = unknown('unparseable', from, answer.origin);
    return { archive_failing: none, last_archived: none };
  }
  const quiet = unknown('not-collected', `${from}: nothing was archived since its figures were reset`, answer.origin);
  const failing = row.failing === 'true';
  return {
    archive_failing: failing ? known(true, answer.origin) : row.archived === null ? quiet : known(false, answer.origin),
    last_archived: row.archived !== null ? known(row.archived, answer.origin) : failing ? absent(answer.origin) : quiet,
  };
}

/** Logs are archived where that is on and the last attempt succeeded. */
function arrives(on: Fact<boolean>, failing: Fact<boolean>): Fact<boolean> {
  if (on.state !== 'known' || !on.value) return on;
  if (failing.state !== 'known') return failing.state === 'unknown' ? failing : on;
  return failing.value ? known(false, derived('the last attempt to archive failed', failing.origin, on.origin)) : on;
}

async function connectionsUsed(catalogue: Catalogue, server: LiveServer): Promise<Fact<number>> {
  const most = server.value('max_connections', (text) => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined), []);
  if (most.state !== 'known') return most;
  const answer = await catalogue.ask({
    from: 'pg_stat_database',
    statement: 'select sum(numbackends)::text as used from pg_catalog.pg_stat_database',
    columns: ['used'],
  });
  if ('state' in answer) return answer;
  const used = numberIn(answer.rows[0]?.used);
  return used === undefined
    ? unknown('unparseable', 'pg_stat_database', answer.origin)
    : known(Math.round((used / most.value) * 1000) / 10, derived('sessions by max_connections', answer.origin, most.origin));
}

/** The replicas as a group whose members stand in for each other. */
export function groupOf({ catalogue, server, replicas }: StoreSurroundings): Resource {
  const { at } = server;
  const elsewhere = unknown('not-collected', 'PostgreSQL leaves fail-over to others', at);
  const told = 'state' in replicas ? undefined : replicas;
  const why = 'state' in replicas ? replicas : unknown('unresolved', 'pg_stat_replication', at);
  const facts: LiveKindFacts<typeof availabilityGroup> = {
    members: told?.members ?? why,
    health_checked: elsewhere,
    form: known('replication', at),
    replicas: told?.count ?? why,
    lag: told?.lag ?? why,
    synchronous: told === undefined ? why : synchronous(server, told),
    failover: elsewhere,
    quorum: elsewhere,
    fenced: elsewhere,
  };
  return seen(availabilityGroup, 'postgresql', catalogue.target, 'live', facts);
}

/** Commits wait where synchronous_commit asks for it, and a replica counts as synchronous. */
function synchronous(server: LiveServer, replicas: Replicas): Fact<boolean> {
  const commit = server.text('synchronous_commit', 'on');
  if (commit.state !== 'known') return commit;
  const waits = !/^(?:off|local|false|no|0)$/i.test(commit.value);
  return waits ? replicas.synchronous : mapFact(commit, 'commits wait for no replica', () => false);
}
