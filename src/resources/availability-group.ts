import { bool, list, resourceKind, string } from './kind.ts';

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
  },
});
