import { bool, double, int, list, oneOf, resourceKind, string, timestamp } from './kind.ts';

/** Something that watches for intrusion. */
export const idsSensor = resourceKind({
  name: 'ids.sensor',
  title: { en: 'Detection sensor', zh: '入侵检测' },
  doc: 'Something that watches for intrusion or change: its mode, its rules and their age, where it reports to.',
  key: 'engine',
  attributes: {
    engine: {
      type: oneOf('suricata', 'snort', 'zeek', 'wazuh', 'modsecurity', 'fail2ban', 'aide', 'clamav'),
      doc: 'Product.',
      example: '"suricata"',
    },
    form: { type: oneOf('network', 'web', 'guessing', 'files', 'malware'), doc: 'What it watches.', example: '"network"' },
    running: { type: bool, doc: 'It runs now, or is run by a timer.', example: 'true' },
    blocking: { type: bool, doc: 'It refuses what it finds, and does not only tell.', example: 'false' },
    rules: { type: int, doc: 'Rules, jails or signatures that are enabled.', example: '41235' },
    rules_changed: { type: timestamp, doc: 'When its rules, signatures or baseline were last renewed.', example: '"2026-11-24T02:00:00Z"' },
    last_run: {
      type: timestamp,
      doc: 'When it last finished a run; absent where it runs all the time.',
      example: '"2026-11-25T05:00:00Z"',
      optional: true,
    },
    watches: { type: list(string), doc: 'Interfaces, services or paths that it watches.', example: '["/etc", "/usr/bin"]' },
    reports_to: { type: list(string), doc: 'Where its findings go: channels as of log sources.', example: '["syslog:local5"]' },
    max_tries: { type: int, doc: 'Failed tries that it lets pass; absent where it does not count tries.', example: '5', optional: true },
    block_time: {
      type: double,
      doc: 'How long it blocks an address; absent where it blocks none.',
      unit: 'minute',
      example: '60',
      optional: true,
    },
  },
});
