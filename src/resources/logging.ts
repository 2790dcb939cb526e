import { bool, double, list, oneOf, resourceKind, string } from './kind.ts';

/** The fields that a record of access needs, by GB/T 22239 8.1.4.3 and PCI DSS 10.2.2. */
export const LOG_FIELDS = ['who', 'what', 'when', 'where', 'outcome'] as const;
/** Groups of security-relevant events. */
export const LOG_EVENTS = [
  'access',
  'error',
  'connection',
  'disconnection',
  'authentication-failure',
  'ddl',
  'role',
  'write',
  'read',
  'identity-files',
  'privilege-use',
  'time-change',
  'kernel-modules',
  'audit-configuration',
  'ledger-paths',
  'logins',
] as const;

/** Something that records events. */
export const logSource = resourceKind({
  name: 'log.source',
  title: { en: 'Log source', zh: '日志来源' },
  doc: 'Something that records events: which ones, with what detail, and what happens when it cannot.',
  key: 'service, and the server or instance',
  attributes: {
    service: {
      type: oneOf('nginx', 'apache', 'haproxy', 'postgresql', 'mysql', 'redis', 'sshd', 'auditd', 'journald', 'kubernetes', 'cloud'),
      doc: 'Product.',
      example: '"postgresql"',
    },
    enabled: { type: bool, doc: 'It records at all.', example: 'true' },
    events: { type: list(oneOf(...LOG_EVENTS)), doc: 'Groups of events that it records.', example: '["connection", "ddl"]' },
    fields: {
      type: list(oneOf(...LOG_FIELDS)),
      doc: 'Which of who, what, when, from where and outcome a record holds.',
      example: '["when", "who"]',
    },
    host: { type: string, doc: 'Machine, where the files of one target describe several; else empty.', example: '"hosts/bastion"' },
    channels: {
      type: list(string),
      doc: 'Ways by which its records leave it, any of which has them all: `syslog:` with a facility, `file:` with a path or the pattern of a directory, or its own connection by the id of the sink.',
      example: '["syslog:local7", "file:/var/log/nginx/access.log"]',
    },
    shipped_otherwise: {
      type: bool,
      doc: 'Something that is not looked at here (an agent, the platform) takes its records to another machine.',
      example: 'true',
    },
    immutable: { type: bool, doc: 'Whom it watches cannot turn it off without a reboot.', example: 'true', optional: true },
    alarms_when_full: {
      type: bool,
      doc: 'A full disk raises an alarm or stops the system, never silence; and where lost records are counted, there is none.',
      example: 'true',
      optional: true,
    },
    logs_parameters: {
      type: bool,
      doc: 'Values of statements or request bodies are written unbounded and may hold personal data.',
      example: 'false',
      optional: true,
    },
  },
});

/** Where records end up. */
export const logSink = resourceKind({
  name: 'log.sink',
  title: { en: 'Log sink', zh: '日志存储' },
  doc: 'Where records end up: a rotated file, a remote collector, a container’s driver; how they get there and how long they stay.',
  key: 'the path, address or service it belongs to',
  attributes: {
    host: { type: string, doc: 'Machine, where the files of one target describe several; else empty.', example: '"hosts/bastion"' },
    by: { type: string, doc: 'What writes, keeps or sends it.', example: '"rsyslog"' },
    takes: {
      type: list(string),
      doc: 'Channels of log sources whose records it takes, all of them. Open where a condition decides.',
      example: '["syslog:auth", "file:/var/log/audit/audit.log"]',
    },
    form: { type: oneOf('file', 'remote', 'container', 'journal', 'bucket'), doc: 'What it is.', example: '"file"' },
    destination: { type: string, doc: 'Path or address.', example: '"/var/log/nginx/*.log"' },
    encrypted: { type: bool, doc: 'Records cross the network inside TLS.', example: 'true', optional: true },
    verifies_peer: { type: bool, doc: 'The receiver’s certificate and name are checked.', example: 'true', optional: true },
    retention: {
      type: double,
      doc: 'How long records stay, by the smallest of its limits. Absent where nothing here rotates or removes them, and where they are a copy of what another sink keeps.',
      unit: 'day',
      example: '184',
      optional: true,
    },
    mode: { type: string, doc: 'Permission bits of new files, octal.', example: '"0640"', optional: true },
    readable_by_others: { type: bool, doc: 'New files can be read or written beyond owner and group.', example: 'false', optional: true },
    bounded: { type: bool, doc: 'Its growth is limited by size or rotation.', example: 'true' },
    buffered: { type: bool, doc: 'Records are kept on disk while the receiver is away.', example: 'true', optional: true },
  },
});
