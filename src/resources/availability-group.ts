import { bool, double, int, list, oneOf, resourceKind, string } from './kind.ts';

/** Members that stand in for each other. */
export const availabilityGroup = resourceKind({
  name: 'availability.group',
  title: { en: 'Availability group', zh: '高可用组' },
  doc: 'Members that stand in for each other: back ends of a balancer, replicas of a database.',
  key: 'name of the group',
  attributes: {
    members: {
      type: list(string),
      doc: 'Members that take part; back-ups and those taken out aside.',
      example: '["10.0.1.11:8443", "10.0.1.12:8443"]',
    },
    health_checked: { type: bool, doc: 'A failing member is taken out by itself.', example: 'true' },
    form: {
      type: oneOf('balancer', 'replication', 'address', 'cluster'),
      doc: 'Back ends of a balancer; replicas of a database; an address that moves; a cluster that elects.',
      example: '"replication"',
      live: true,
    },
    replicas: { type: int, doc: 'Replicas that stream now; absent where it is no replication.', example: '2', optional: true, live: true },
    lag: {
      type: double,
      doc: 'How far the furthest streaming replica is behind; absent without replicas.',
      unit: 'second',
      example: '0.4',
      optional: true,
      live: true,
    },
    synchronous: {
      type: bool,
      doc: 'A commit waits for at least one replica; absent where it is no replication.',
      example: 'true',
      optional: true,
      live: true,
    },
    failover: { type: oneOf('automatic', 'manual', 'none'), doc: 'How another member takes over.', example: '"automatic"', live: true },
    quorum: {
      type: int,
      doc: 'Members (witnesses too) that vote on who leads; absent where nothing votes.',
      example: '3',
      optional: true,
      live: true,
    },
    fenced: { type: bool, doc: 'A member that lost the vote is stopped (fencing, watchdog).', example: 'true', optional: true, live: true },
  },
});
