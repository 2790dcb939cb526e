import { bool, list, oneOf, resourceKind, string } from './kind.ts';

/** A database, cache or bucket that holds records. */
export const datastore = resourceKind({
  name: 'datastore',
  title: { en: 'Datastore', zh: '数据存储' },
  doc: 'A database, cache or bucket: who reaches it, how it authenticates, encrypts, writes and archives.',
  key: 'engine and port, cluster or instance name',
  attributes: {
    engine: { type: oneOf('postgresql', 'mysql', 'mariadb', 'redis', 'mongodb', 'bucket'), doc: 'Product.', example: '"postgresql"' },
    name: { type: string, doc: 'What backup plans call it: stanza, cluster, database or instance.', example: '"ledger"' },
    default_name: {
      type: string,
      doc: 'The name that every such store has where nobody gives it one (Debian’s `main`, a port): it says which one is meant among the files of its own target only.',
      example: '"main"',
      optional: true,
    },
    listens: { type: list(string), doc: 'Addresses it listens on.', example: '["10.0.0.5", "127.0.0.1"]' },
    wildcard_bind: { type: bool, doc: 'It listens on every address of the host.', example: 'false' },
    loopback_only: { type: bool, doc: 'It answers on loopback addresses or a Unix socket only.', example: 'true' },
    authentication: { type: bool, doc: 'No connection is accepted without authentication.', example: 'true' },
    tls: { type: oneOf('required', 'offered', 'off'), doc: 'Transport encryption for clients.', example: '"required"' },
    protected_mode: { type: bool, doc: 'Redis protected mode.', example: 'true', optional: true },
    dangerous_commands: {
      type: list(string),
      doc: 'Commands that destroy or reconfigure and that ordinary clients can run.',
      example: '["FLUSHALL", "CONFIG"]',
      optional: true,
    },
    password_storage: {
      type: oneOf('scram-sha-256', 'md5', 'caching_sha2_password', 'mysql_native_password', 'sha256', 'plain'),
      doc: 'How new passwords are stored.',
      example: '"scram-sha-256"',
      optional: true,
    },
    checksums: { type: bool, doc: 'Data pages carry checksums.', example: 'true', optional: true },
    durable_writes: {
      type: bool,
      doc: 'A committed write survives a crash (fsync, full_page_writes, synchronous_commit; appendonly with fsync).',
      example: 'true',
    },
    archiving: { type: bool, doc: 'Write-ahead or binary logs are archived continuously.', example: 'true', optional: true },
    archives_to: { type: string, doc: 'The command or library that archives.', example: '"pgbackrest"', optional: true },
    replication: { type: bool, doc: 'It is set up to stream to a replica.', example: 'true' },
  },
});
