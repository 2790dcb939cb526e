import { absent, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { numberIn, type Catalogue } from './catalogue.ts';

/** Replicas that stream now. */
export interface Replicas {
  readonly members: Fact<readonly Fact<string>[]>;
  readonly count: Fact<number>;
  /** Seconds. */
  readonly lag: Fact<number>;
  readonly synchronous: Fact<boolean>;
  readonly any: Fact<boolean>;
}

/**
 * Reads pg_stat_replication. What only keeps logs (pg_receivewal) replays none, and a logical subscriber stands in for nobody: neither
 * is a replica. One that has nothing left to replay tells no delay: it is 0 behind. A standby does not see what else its primary feeds.
 */
export async function replicasOf(catalogue: Catalogue): Promise<Replicas | Unknown> {
  const from = 'pg_stat_replication';
  const answer = await catalogue.ask({
    from,
    statement: `select coalesce(nullif(application_name, ''), 'replica') as name, host(client_addr) as address, state, sync_state,
      pg_catalog.pg_is_in_recovery()::text as standby,
      case when pg_catalog.pg_is_in_recovery() then null when replay_lag is not null then extract(epoch from replay_lag)
        when replay_lsn >= pg_catalog.pg_current_wal_lsn() then 0 end::text as lag
      from (select 1) as one left join (select * from pg_catalog.pg_stat_replication r where r.replay_lsn is not null and not exists
        (select from pg_catalog.pg_replication_slots l where l.active_pid = r.pid and l.slot_type = 'logical')) as replica on true`,
    columns: ['name', 'address', 'state', 'sync_state', 'standby', 'lag'],
    maxRows: 1000,
  });
  if ('state' in answer) return answer;
  const { origin } = answer;
  const [first] = answer.rows;
  if (first === undefined) return unknown('unparseable', from, origin);
  if (first.standby !== 'false') return unknown('not-collected', 'a standby does not see the replicas of its primary', origin);
  const replicas = answer.rows.filter(({ state }) => state !== null);
  const streaming = replicas.filter(({ state }) => state === 'streaming');
  const name = (row: (typeof streaming)[number]): string => (row.address === null ? (row.name ?? '') : `${row.name ?? ''} ${row.address}`);
  const delays = streaming.map(({ lag }) => numberIn(lag) ?? Number.NaN);
  const lag = delays.length === 0 ? undefined : Math.max(...delays);
  return {
    members: known(
      streaming.map((row) => known(name(row), origin)),
      origin,
    ),
    count: known(streaming.length, origin),
    lag:
      lag === undefined
        ? absent(origin)
        : Number.isNaN(lag)
          ? unknown('not-collected', `${from}: a replica that tells no delay`, origin)
          : known(lag, origin),
    synchronous: known(
      streaming.some(({ sync_state: state }) => state === 'sync' || state === 'quorum'),
      origin,
    ),
    any: known(replicas.length > 0, origin),
  };
}
