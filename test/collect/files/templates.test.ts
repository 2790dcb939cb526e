import { describe, expect, test } from 'vitest';
import type { Fact, FactValue } from '../../../src/model/fact.ts';
import { collectFiles, plain } from '../../support/collect.ts';

/** One setting that counts, in each format that is written line by line, and the fact that it decides. */
const SETTINGS: readonly {
  readonly file: string;
  readonly text: string;
  readonly kind: string;
  readonly fact: string;
  /** Files that it takes to tell. */
  readonly more?: Readonly<Record<string, string>>;
  /** What the fact holds where it is open, if that is no unknown. */
  readonly open?: '"…"';
}[] = [
  { file: 'redis.conf', text: 'bind 127.0.0.1', kind: 'datastore', fact: 'loopback_only' },
  { file: 'postgresql.conf', text: "listen_addresses = 'localhost'", kind: 'datastore', fact: 'loopback_only' },
  { file: 'sshd_config', text: 'PermitRootLogin no', kind: 'remote.access', fact: 'root_login' },
  { file: 'audit/auditd.conf', text: 'max_log_file_action = keep_logs\nmax_log_file = 8', kind: 'log.sink', fact: 'bounded' },
  {
    file: 'audit/plugins.d/syslog.conf',
    text: 'active = yes\nargs = LOG_LOCAL3',
    kind: 'log.source',
    fact: 'channels',
    open: '"…"',
    more: { 'audit/auditd.conf': 'log_file = /var/log/audit/audit.log\n', 'audit/rules.d/a.rules': '-D\n' },
  },
  { file: 'logrotate.conf', text: '/var/log/a {\n  rotate 5\n  daily\n}', kind: 'log.sink', fact: 'retention' },
  {
    file: 'pgbackrest.conf',
    text: '[global]\nrepo1-path=/b\nrepo1-retention-full=7\nrepo1-retention-full-type=time\n[main]\npg1-path=/p',
    kind: 'backup.plan',
    fact: 'retention',
  },
  { file: 'restic.env', text: 'RESTIC_REPOSITORY=/b', kind: 'backup.plan', fact: 'repositories' },
  { file: 'docker-compose.yml', text: 'services:\n  a:\n    image: a:1\n    privileged: false', kind: 'workload', fact: 'privileged' },
  { file: 'borgmatic.yaml', text: 'repositories: [/b]\nkeep_daily: 7', kind: 'backup.plan', fact: 'retention' },
  {
    file: 'nginx.conf',
    text: 'events {}\nhttp { server { listen 80; server_tokens off; } }',
    kind: 'http.site',
    fact: 'discloses_version',
  },
];

async function factOf(
  file: string,
  text: string,
  kind: string,
  fact: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Fact<FactValue> | undefined> {
  const collected = await collectFiles(
    { ...more, [file]: text },
    { redis: '7.2', postgresql: '16', openssh: '9.9', nginx: '1.26.2', auditd: '3.0' },
  );
  const found = collected.resources.find((resource) => resource.kind === kind)?.facts[fact];
  const { status } = collected.coverage[kind] ?? {};
  return found ?? (status === 'complete' ? undefined : { state: 'unknown', cause: 'unresolved', detail: 'no resource, and a gap' });
}

/** Holds a fact, or a list of records, any unknown? */
const isDecided = (fact: Fact<FactValue> | undefined, open = '"unknown"'): boolean =>
  fact !== undefined && !JSON.stringify(plain(fact)).includes(open);

describe.each(SETTINGS)('$file', ({ file, text, kind, fact, more, open }) => {
  test('decides without a template', async () => {
    expect(isDecided(await factOf(file, `# {{ ansible_managed }}\n${text}\n`, kind, fact, more), open)).toBe(true);
  });
  test.each([
    ['a statement', '{% if hardened %}', '{% endif %}'],
    ['a statement in a comment', '# {% if hardened %}', '# {% endif %}'],
    ['a statement of ERB', '<% if @hardened -%>', '<% end -%>'],
    ['a statement of Go', '{{- if .Values.hardened }}', '{{- end }}'],
    ['a merge conflict', '<<<<<<< HEAD', '=======\n>>>>>>> theirs'],
  ])('%s around it leaves it open', async (_, before, after) => {
    expect(isDecided(await factOf(file, `${before}\n${text}\n${after}\n`, kind, fact, more), open)).toBe(false);
  });
});

test.each([
  ['sshd_config', 'AllowUsers @USERS@\n', 'remote.access', 'limited_to'],
  ['sshd_config', 'AllowUsers __USERS__\n', 'remote.access', 'limited_to'],
  ['sshd_config', 'AllowUsers $USERS\n', 'remote.access', 'limited_to'],
  ['postgresql.conf', "listen_addresses = '@ADDRESS@'\n", 'datastore', 'loopback_only'],
  ['restic.env', 'RESTIC_REPOSITORY=@REPOSITORY@\n', 'backup.plan', 'repositories'],
  ['borgmatic.yaml', 'repositories: ["__REPOSITORY__"]\n', 'backup.plan', 'repositories'],
  ['rsyslog.conf', '*.* @@@LOG_HOST@:514\n', 'log.sink', 'destination'],
  ['audit/plugins.d/syslog.conf', 'active = {{ ship }}\n', 'log.source', 'channels'],
  ['audit/plugins.d/syslog.conf', 'active = yes\nargs = {{ facility }}\n', 'log.source', 'channels'],
  ['audit/plugins.d/syslog.conf', 'active = yes\n{{ settings }}\n', 'log.source', 'channels'],
])('%s: %s is filled in by somebody else', async (file, text, kind, fact) => {
  const { more, open } = SETTINGS.find((one) => one.file === file) ?? {};
  expect(isDecided(await factOf(file, text, kind, fact, more), open)).toBe(false);
});
