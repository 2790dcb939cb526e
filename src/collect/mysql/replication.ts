import { absent, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { seen } from '../seen.ts';
import { portOf } from './logging.ts';
import { columnOf, numberIn, type MysqlServer } from './server.ts';
import { newWords } from './store.ts';

type Facts = LiveKindFacts<typeof availabilityGroup>;

/** Who stands in for this server, and what was not seen of it. */
export interface Replication {
  readonly resources: readonly Resource[];
  readonly gaps: readonly Unknown[];
  /** Something streams from this server. */
  readonly streams: Fact<boolean>;
}

/** Galera, group replication, or the replicas that follow its binary log. A server that follows nobody stands in a group of its own. */
export async function replication(server: MysqlServer): Promise<Replication> {
  const galera = server.flag('wsrep_on');
  if (galera.state === 'known' && galera.value) return { resources: [galeraCluster(server)], gaps: [], streams: galera };
  const group = await groupReplication(server);
  if (group !== undefined) return group;
  return followers(server);
}

/** Members that certify every write together; a member without a majority takes none. */
function galeraCluster(server: MysqlServer): Resource {
  const list = server.status('wsrep_incoming_addresses');
  const name = server.variable('wsrep_cluster_name');
  const size = server.counter('wsrep_cluster_size');
  const facts: Facts = {
    members:
      list.state === 'known'
        ? known(
            list.value.split(',').flatMap((one) => (one.trim() === '' || one.trim() === 'AUTO' ? [] : [known(one.trim(), list.origin)])),
            list.origin,
            // AUTO stands for an address that the member did not find out.
            list.value.includes('AUTO') ? [unknown('unresolved', 'wsrep_incoming_addresses: a member without address', list.origin)] : [],
          )
        : list,
    health_checked: mapFact(list, 'members that do not answer are evicted', () => true),
    form: known('cluster', server.origin('show global variables like wsrep_on')),
    replicas: mapFact(size, 'members beside this one', (count) => Math.max(0, count - 1)),
    lag: unknown(
      'unsupported',
      'lag: Galera holds the others back, and counts no seconds',
      list.state === 'known' ? list.origin : undefined,
    ),
    synchronous: mapFact(size, 'a write is certified by all members', (count) => count > 1),
    failover: known('automatic', derived('every member takes writes', server.origin('show global variables like wsrep_on'))),
    quorum: size,
    fenced: mapFact(server.status('wsrep_cluster_status'), 'a member without a majority takes no writes', () => true),
  };
  return seen(availabilityGroup, name.state === 'known' ? name.value.slice(0, 100) : 'galera', server.target, 'live', facts);
}

/** MySQL's group replication: members by performance_schema. */
async function groupReplication(server: MysqlServer): Promise<Replication | undefined> {
  const name = server.written('group_replication_group_name');
  if (name === undefined || name.value === '') return undefined;
  const found = await server.rows(
    'select … from performance_schema.replication_group_members',
    'SELECT on performance_schema.replication_group_members',
    "select concat(member_host, ':', member_port) as member, member_state as state from performance_schema.replication_group_members",
    100,
  );
  if ('state' in found) return { resources: [], gaps: [found], streams: found };
  const online = found.rows.filter((row) => columnOf(row, 'state') === 'ONLINE').flatMap((row) => columnOf(row, 'member') ?? []);
  const { origin } = found;
  const facts: Facts = {
    members: known(
      online.map((member) => known(member, origin)),
      origin,
    ),
    health_checked: known(true, derived('members that do not answer are expelled', origin)),
    form: known('cluster', origin),
    replicas: known(Math.max(0, online.length - 1), origin),
    lag: unknown('unsupported', 'lag: the group counts transactions, not seconds', origin),
    // A commit waits for a majority to have received it, not for it to be written there.
    synchronous: known(online.length > 1, derived('a majority has received a transaction before it is committed', origin)),
    failover: known('automatic', derived('the group elects', origin)),
    quorum: known(found.rows.length, origin),
    fenced: known(true, derived('a member without a majority takes no writes', origin)),
  };
  return {
    resources: [seen(availabilityGroup, name.value.slice(0, 100), server.target, 'live', facts)],
    gaps: [],
    streams: known(online.length > 1, origin),
  };
}

/** A primary is told by its replicas' sessions, a replica by its own threads. */
async function followers(server: MysqlServer): Promise<Replication> {
  const word = newWords(server) ? 'replica' : 'slave';
  const upstream = await server.rows(
    `show ${word} status`,
    server.mariadb ? 'SLAVE MONITOR' : 'REPLICATION CLIENT',
    server.mariadb ? 'show all slaves status' : `show ${word} status`,
    200,
  );
  const sessions = await server.rows(
    'select … from information_schema.processlist',
    'PROCESS',
    "select host as host, command as command, state as state from information_schema.processlist where command like 'Binlog Dump%'",
    1_000,
  );
  const resources: Resource[] = 'state' in upstream ? [] : upstream.rows.map((row) => replicaOf(server, row, upstream.origin));
  const gaps: readonly Unknown[] = 'state' in upstream ? [upstream] : [];
  const binary = server.flag('log_bin');
  const alone = resources.length === 0 && gaps.length === 0;
  if (binary.state === 'unknown') return { resources, gaps: [...gaps, binary], streams: binary };
  if (binary.state === 'known' && !binary.value)
    return { resources: alone ? [primary(server, [], 0, derived('log_bin is off', binary.origin))] : resources, gaps, streams: binary };
  // Without PROCESS the list holds our own sessions only, and says so to nobody.
  const hidden = 'state' in sessions ? sessions : await mayWatch(server, sessions.origin);
  if (hidden !== undefined || 'state' in sessions) {
    const why = hidden ?? unknown('unresolved', 'information_schema.processlist');
    return { resources, gaps: [...gaps, why], streams: why };
  }
  const { rows, origin } = sessions;
  const hosts = [...new Set(rows.flatMap((row) => columnOf(row, 'host')?.replace(/:\d+$/, '') ?? []))];
  if (rows.length > 0 || alone) resources.push(primary(server, hosts, rows.length, origin));
  return { resources, gaps, streams: known(rows.length > 0, origin) };
}

/** Do we see everybody's sessions? The server's own threads are listed to whoever has PROCESS. */
async function mayWatch(server: MysqlServer, at: Origin): Promise<Unknown | undefined> {
  const own = await server.rows('show grants', 'nothing', 'show grants', 10_000);
  if ('state' in own) return own;
  const held = own.rows.some((row) =>
    Object.values(row).some((text) => typeof text === 'string' && /^GRANT (?:ALL PRIVILEGES|.*\bPROCESS\b.*) ON \*\.\* TO /.test(text)),
  );
  return held ? undefined : unknown('access-denied', 'select … from information_schema.processlist: needs PROCESS', at);
}

function primary(server: MysqlServer, hosts: readonly string[], count: number, origin: Origin): Resource {
  const semi = server.status('Rpl_semi_sync_master_status', 'Rpl_semi_sync_source_status');
  const clients = server.counter('Rpl_semi_sync_master_clients', 'Rpl_semi_sync_source_clients');
  const facts: Facts = {
    members: known(
      hosts.map((host) => known(host, origin)),
      origin,
    ),
    health_checked: unknown('not-collected', 'who watches the primary stands outside of it', origin),
    form: known('replication', origin),
    replicas: count === 0 ? absent(origin) : known(count, origin),
    lag: count === 0 ? absent(origin) : unknown('not-collected', 'lag: only the replica tells', origin),
    synchronous: count === 0 ? absent(origin) : semiSynchronous(semi, clients, origin),
    failover:
      count === 0
        ? known('none', derived('nothing streams from it', origin))
        : unknown('not-collected', 'who watches the primary stands outside of it', origin),
    quorum: absent(origin),
    fenced: absent(origin),
  };
  return seen(availabilityGroup, `${server.engine} ${portOf(server)} primary`, server.target, 'live', facts);
}

/** Semi-synchronous replication is on by itself only while a replica answers in time; without the plugin no commit waits. */
function semiSynchronous(semi: Fact<string>, clients: Fact<number>, origin: Origin): Fact<boolean> {
  if (semi.state !== 'known')
    return semi.state === 'unknown' && semi.cause === 'unsupported'
      ? known(false, derived('no semi-synchronous replication', origin))
      : unknown('unresolved', 'Rpl_semi_sync_master_status');
  if (clients.state !== 'known') return clients.state === 'unknown' ? clients : unknown('unresolved', 'Rpl_semi_sync_master_clients');
  return known(semi.value === 'ON' && clients.value > 0, derived('semi-synchronous replicas', semi.origin, clients.origin));
}

/** This server as the replica of another. */
function replicaOf(server: MysqlServer, row: Readonly<Record<string, unknown>>, origin: Origin): Resource {
  const column = (...names: readonly string[]): string | undefined =>
    names.map((name) => columnOf(row, name)).find((value) => value !== undefined);
  const source = `${column('Source_Host', 'Master_Host') ?? ''}:${column('Source_Port', 'Master_Port') ?? ''}`;
  const runs =
    ['Yes'].includes(column('Replica_IO_Running', 'Slave_IO_Running') ?? '') &&
    column('Replica_SQL_Running', 'Slave_SQL_Running') === 'Yes';
  const behind = column('Seconds_Behind_Source', 'Seconds_Behind_Master');
  const seconds = behind === undefined ? undefined : numberIn(behind);
  const channel = column('Connection_name', 'Channel_Name') ?? '';
  const facts: Facts = {
    members: known([known(source, origin), ...(runs ? [known('this server', origin)] : [])], origin),
    health_checked: unknown('not-collected', 'who watches the primary stands outside of it', origin),
    form: known('replication', origin),
    replicas: runs
      ? known(1, origin, [unknown('not-collected', 'the primary may have more', origin)])
      : known(0, derived('replication does not run', origin)),
    lag: seconds === undefined ? unknown('unsupported', 'Seconds_Behind: replication does not run', origin) : known(seconds, origin),
    synchronous: unknown('not-collected', 'only the primary tells whether it waits', origin),
    failover: unknown('not-collected', 'who watches the primary stands outside of it', origin),
    quorum: absent(origin),
    fenced: absent(origin),
  };
  return seen(
    availabilityGroup,
    `${server.engine} ${portOf(server)} replica of ${source}${channel === '' ? '' : ` ${channel}`}`,
    server.target,
    'live',
    facts,
  );
}
