import { bool, double, int, oneOf, resourceKind, string, list, timestamp } from './kind.ts';

/** What the backup tool itself reports of what was really done. */
export const backupRun = resourceKind({
  name: 'backup.run',
  title: { en: 'Backup run', zh: '备份执行' },
  doc: 'What a backup tool’s own report says was done: the last success, its errors, and whether what is stored was verified. Never taken from a schedule.',
  key: 'tool and stanza, repository or server name',
  attributes: {
    tool: { type: string, doc: 'Product.', example: '"pgbackrest"' },
    covers: { type: list(string), doc: 'What the backups are of: datastore names, paths, databases.', example: '["ledger"]' },
    repository: { type: string, doc: 'Where they lie, without credentials.', example: '"/var/lib/pgbackrest"' },
    last_success: {
      type: timestamp,
      doc: 'End of the last backup that is complete; absent where there is none.',
      example: '"2026-11-25T01:00:00Z"',
      optional: true,
    },
    count: { type: int, doc: 'Backups that can be restored.', example: '14' },
    last_failed: { type: bool, doc: 'The last attempt that the tool tells of ended in an error.', example: 'false' },
    size_ratio: {
      type: double,
      doc: 'Size of the last backup by the mean of up to ten before it of its kind (full with full); absent where there are none.',
      example: '1.02',
      optional: true,
    },
    verified: {
      type: timestamp,
      doc: 'When what is stored was last verified and found whole; absent where it never was.',
      example: '"2026-11-23T03:00:00Z"',
      optional: true,
    },
    encrypted: { type: bool, doc: 'The repository is encrypted, as the tool reports.', example: 'true' },
    gap_free: {
      type: bool,
      doc: 'Logs since the oldest full backup are there without a gap; absent where no logs are archived.',
      example: 'true',
      optional: true,
    },
    form: { type: oneOf('database', 'files'), doc: 'What kind of thing is backed up.', example: '"database"' },
  },
});
