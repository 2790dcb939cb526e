import { bool, double, list, record, resourceKind, string } from './kind.ts';

const repository = record('Repository', {
  location: { type: string, doc: 'Where, without credentials.', example: '"s3:backup.example.net/ledger"' },
  off_site: { type: bool, doc: 'On another machine or service than the data.', example: 'true' },
  encrypted: { type: bool, doc: 'What is stored there is encrypted by the tool.', example: 'true' },
  append_only: { type: bool, doc: 'The protected host cannot erase what is there: append-only, or locked.', example: 'true' },
});

/** What is meant to be backed up, how and where to. */
export const backupPlan = resourceKind({
  name: 'backup.plan',
  title: { en: 'Backup plan', zh: '备份计划' },
  doc: 'What is meant to be backed up, how, where to and for how long. Whether it happened is `backup.run`.',
  key: 'tool and stanza, repository or configuration name',
  attributes: {
    tool: { type: string, doc: 'Product.', example: '"pgbackrest"' },
    covers: { type: list(string), doc: 'What it backs up: datastore names, paths, databases.', example: '["ledger"]' },
    repositories: { type: list(repository), doc: 'Where copies go.', example: '[{ location: "/var/lib/pgbackrest", … }]' },
    retention: {
      type: double,
      doc: 'How long a daily state can be gone back to. Absent where nothing is ever removed.',
      unit: 'day',
      example: '35',
      optional: true,
    },
    interval: {
      type: double,
      doc: 'Longest time between two runs, by what starts them: its own schedule, a crontab, a timer. Absent where that was looked for and nothing does.',
      unit: 'hour',
      example: '24',
      optional: true,
    },
    point_in_time: { type: bool, doc: 'Logs are archived so that any moment can be restored.', example: 'true' },
    verified: { type: bool, doc: 'The tool is set up to verify what it stored.', example: 'true' },
    credentials_in_clear: { type: bool, doc: 'A pass phrase or key stands in the configuration.', example: 'false' },
  },
});
