import { absent, derived, known, mapFact, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { availabilityGroup } from '../../resources/availability-group.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { asUnknown, numberOf } from './instance.ts';
import type { RedisReading } from './reading.ts';

type Group = LiveKindFacts<typeof availabilityGroup>;

/**
 * The primary and its replicas, by INFO; undefined where the instance has none and follows nobody. A replica sees its primary only:
 * what others there are is not known here.
 */
export function replicationFacts(reading: RedisReading, at: Origin): Fact<Group | undefined> {
  const role = reading.info('role');
  if (role.state !== 'known') return asUnknown(role, 'role');
  const cluster = mapFact(reading.info('cluster_enabled'), 'cluster_enabled', (text) => text === '1');
  const failover: Group['failover'] =
    cluster.state === 'known' && cluster.value
      ? known('automatic', derived('Redis Cluster elects another primary', cluster.origin))
      : unknown('unresolved', 'whether Sentinel watches it, the server does not tell', role.origin);
  const common: Pick<Group, 'form' | 'health_checked' | 'synchronous' | 'failover' | 'quorum' | 'fenced'> = {
    form: known('replication', role.origin),
    health_checked: mapFact(failover, 'failover', () => true),
    // https://redis.io/docs/latest/operate/oss_and_stack/management/replication/: the primary answers before its replicas have it.
    synchronous: known(false, derived('replication of Redis is asynchronous', role.origin)),
    failover,
    quorum: cluster.state === 'known' && cluster.value ? unknown('not-collected', 'primaries of the cluster', at) : absent(role.origin),
    fenced: absent(role.origin),
  };
  if (role.value === 'slave') {
    const host = reading.info('master_host');
    const link = reading.info('master_link_status');
    const others = unknown('not-collected', 'a replica does not know the others', role.origin);
    const members = host.state === 'known' ? [known(`${host.value}:${textOr(reading.info('master_port'))}`, host.origin)] : [];
    return known(
      {
        ...common,
        members: known(members, role.origin, [others]),
        replicas: others,
        lag:
          link.state === 'known' && link.value !== 'up'
            ? unknown('unreachable', 'master_link_status', link.origin)
            : numberOf(reading.info('master_last_io_seconds_ago')),
      },
      role.origin,
    );
  }
  if (role.value !== 'master') return unknown('unparseable', `role ${role.value.slice(0, 40)}`, role.origin);
  const lines = reading.infoLines('slave');
  const count = numberOf(reading.info('connected_slaves'));
  if (lines.state !== 'known') return asUnknown(lines, 'slave');
  if (count.state !== 'known') return asUnknown(count, 'connected_slaves');
  if (count.value !== lines.value.length) return unknown('unparseable', 'connected_slaves', count.origin);
  if (count.value === 0) return known(undefined, count.origin);
  const replicas = lines.value.map(
    (line) => new Map(line.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  );
  const streaming = replicas.filter((replica) => replica.get('state') === 'online');
  const lags = streaming.map((replica) => (/^\d{1,9}$/.test(replica.get('lag') ?? '') ? Number(replica.get('lag')) : Number.NaN));
  return known(
    {
      ...common,
      members: known(
        replicas.map((replica) => known(`${replica.get('ip') ?? '?'}:${replica.get('port') ?? '?'}`, lines.origin)),
        lines.origin,
      ),
      replicas: known(streaming.length, lines.origin),
      lag:
        lags.length === 0
          ? absent(lines.origin)
          : lags.every((lag) => lag >= 0)
            ? known(Math.max(...lags), derived('seconds since the last word of the furthest replica', lines.origin))
            : unknown('unsupported', 'lag: not of this version', lines.origin),
    },
    lines.origin,
  );
}

function textOr(fact: Fact<string>): string {
  return fact.state === 'known' ? fact.value : '?';
}
