import { known, unknown, type Unknown } from '../../model/fact.ts';
import type { datastore } from '../../resources/datastore.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { numberIn, type Catalogue } from './catalogue.ts';

/**
 * Replication slots that nobody reads now. The server keeps every log from where such a slot stands, until its disk is full or
 * max_slot_wal_keep_size gives the slot up: https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export async function slotsOf(catalogue: Catalogue): Promise<Pick<LiveKindFacts<typeof datastore>, 'idle_slots' | 'idle_slots_hold'>> {
  const from = 'pg_replication_slots';
  const answer = await catalogue.ask({
    from,
    statement: `select s.slot_name::text as name, (s.restart_lsn is null)::text as free, pg_catalog.pg_wal_lsn_diff(
        case when pg_catalog.pg_is_in_recovery() then coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())
          else pg_catalog.pg_current_wal_lsn() end, s.restart_lsn)::text as held
      from pg_catalog.pg_replication_slots s where not s.active order by 1`,
    columns: ['name', 'free', 'held'],
  });
  if ('state' in answer) return { idle_slots: answer, idle_slots_hold: answer };
  const { origin } = answer;
  // One that was never used, or was given up, holds nothing back.
  const held = answer.rows.map((row) => (row.free === 'true' ? 0 : numberIn(row.held)));
  const odd: Unknown | undefined =
    answer.rows.some(({ name }) => name === null) || held.includes(undefined)
      ? unknown('unparseable', `${from}: not the columns that were asked for`, origin)
      : undefined;
  return {
    idle_slots:
      odd ??
      known(
        answer.rows.map(({ name }) => known(name ?? '', origin)),
        origin,
      ),
    idle_slots_hold: odd ?? known(Math.max(0, ...held.map((bytes) => bytes ?? 0)), origin),
  };
}
