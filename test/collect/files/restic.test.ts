import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const unresolved = { unknown: 'unresolved' };
const elsewhere = { unknown: 'not-collected' };

const plans = async (files: Files, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(files, versions);
  return { collected, plans: ofKind(collected, 'backup.plan') };
};
const profile = async (text: string, versions: Record<string, string> = {}) =>
  (await plans({ 'resticprofile.yaml': text }, versions)).plans['resticprofile.yaml ledger']?.facts ?? {};

test('a profile over what it inherits: every fact known, pointing at its value', async () => {
  const { collected, plans: found } = await plans({
    'resticprofile.yaml': `version: "1"
default:
  repository: "rest:https://u:hunter2@backup.example.net/ledger"
  password-file: key
ledger:
  inherit: default
  env: { AWS_SECRET_ACCESS_KEY: "hunter3 x" }
  backup:
    source: [/srv/ledger]
    schedule: daily
    check-after: true
  retention:
    after-backup: true
    keep-daily: 35
`,
  });
  expect(Object.keys(found)).toEqual(['resticprofile.yaml ledger']);
  const facts = found['resticprofile.yaml ledger']?.facts ?? {};
  expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    tool: 'restic',
    covers: ['/srv/ledger'],
    retention: 35,
    interval: 24,
    point_in_time: false,
    verified: true,
    credentials_in_clear: true,
    repositories: [{ location: 'rest:https://u@backup.example.net/ledger', off_site: true, encrypted: true, append_only: unresolved }],
  });
  expect(placeOf(facts['retention'])).toBe('resticprofile.yaml:14:17 35');
  expect(JSON.stringify(collected)).not.toMatch(/hunter/);
});

const base = 'ledger:\n  repository: /mnt/b\n  backup: { source: /srv }\n';

test.each([
  [
    '',
    {},
    {
      retention: unresolved,
      interval: { unknown: 'not-collected' },
      verified: elsewhere,
      covers: ['/srv'],
      credentials_in_clear: false,
      repositories: [{ location: '/mnt/b', off_site: false, encrypted: true, append_only: false }],
    },
  ],
  ['', { resticprofile: '0.29' }, { retention: 'absent' }],
  ['  retention: { keep-within: 1y2m }\n', {}, { retention: 423 }],
  ['  retention: { keep-last: 10 }\n', {}, { retention: unresolved }],
  ['  retention: { keep-daily: 30 }\n  forget: { keep-daily: 7 }\n', {}, { retention: 7 }],
  ['  retention: { keep-daily: "{{ .Days }}" }\n', {}, { retention: unresolved }],
  ['  retention: { keep-monthly: 12 }\n', {}, { retention: 0 }],
  [
    '  use: mixin\n',
    { resticprofile: '0.29' },
    { retention: { unknown: 'unsupported' }, credentials_in_clear: { unknown: 'unsupported' } },
  ],
  ['  inherit: gone\n', { resticprofile: '0.29' }, { retention: unresolved }],
  ['  check: { schedule: weekly }\n', {}, { verified: true }],
])('%j %o gives %o', async (lines, versions, expected) => {
  const facts = await profile(base + lines, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
});

test('version 2, and a repository that stands elsewhere', async () => {
  const facts = await profile('version: "2"\nprofiles:\n  ledger:\n    backup: { source: ["${HOME}/x"], schedule: "Mon..Fri 02:00" }\n');
  expect([plain(facts['covers']), plain(facts['interval'])]).toEqual([[unresolved], 72]);
  expect(plain(facts['repositories'])).toEqual([{ location: elsewhere, off_site: elsewhere, encrypted: true, append_only: elsewhere }]);
});

test('an include that is not there hides what is not written, and what it may override', async () => {
  const { collected, plans: found } = await plans({ 'resticprofile.yaml': `includes: [more.yaml]\n${base}` }, { resticprofile: '0.29' });
  expect(plain(found['resticprofile.yaml ledger']?.facts['retention'])).toEqual(unresolved);
  expect(collected.coverage['backup.plan']?.status).toBe('partial');
});

test('an environment file alone tells where to, and no more', async () => {
  const { collected, plans: found } = await plans({
    'etc/restic/ledger.env': 'export RESTIC_REPOSITORY=s3:s3.example.net/b\nRESTIC_PASSWORD="hunter2 x"\n',
  });
  const facts = found['etc/restic/ledger.env']?.facts ?? {};
  expect([plain(facts['covers']), plain(facts['retention']), plain(facts['credentials_in_clear'])]).toEqual([elsewhere, elsewhere, true]);
  expect(plain(facts['repositories'])).toEqual([
    { location: 's3:s3.example.net/b', off_site: true, encrypted: true, append_only: unresolved },
  ]);
  expect(JSON.stringify(collected)).not.toContain('hunter2');
});

test('a systemd unit that runs restic', async () => {
  const { collected, plans: found } = await plans({
    'etc/systemd/system/restic.service':
      '[Service]\nEnvironmentFile=/etc/restic.env\nEnvironment=A=b "RESTIC_PASSWORD=hunter2 three"\nExecStart=/usr/bin/restic backup --exclude /srv/tmp --tag=x -x /srv/ledger %h\nExecStartPost=/usr/bin/restic forget --keep-daily 40 --prune\nExecStartPost=/usr/bin/restic check\n',
    'etc/restic.env': 'RESTIC_REPOSITORY=sftp:b@backup.example.net:/r\n',
  });
  expect(Object.keys(found)).toEqual(['etc/systemd/system/restic.service']);
  const facts = found['etc/systemd/system/restic.service']?.facts ?? {};
  expect([plain(facts['covers']), plain(facts['retention']), plain(facts['verified']), plain(facts['credentials_in_clear'])]).toEqual([
    ['/srv/ledger', unresolved],
    40,
    true,
    true,
  ]);
  expect(plain(facts['repositories'])).toMatchObject([{ location: 'sftp:b@backup.example.net:/r', off_site: true }]);
  expect(JSON.stringify(collected)).not.toMatch(/hunter2|three/);
});

test('a unit whose options or environment are not known', async () => {
  const { plans: found } = await plans({
    'restic.service': '[Service]\nEnvironmentFile=/etc/gone.env\nExecStart=/usr/bin/restic backup --new-option x /srv\n',
  });
  const facts = found['restic.service']?.facts ?? {};
  expect([plain(facts['covers']), plain(facts['retention']), plain(facts['credentials_in_clear'])]).toEqual([
    ['x', '/srv', '…'],
    elsewhere,
    unresolved,
  ]);
  expect(plain(facts['repositories'])).toMatchObject([{ location: unresolved }]);
});

test('what does not parse or may not be read is a gap', async () => {
  for (const text of ['ledger: [\nx: "hunter2', '- a\n']) {
    const { collected } = await plans({ 'resticprofile.yaml': text });
    expect(collected.coverage['backup.plan']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unparseable' }] });
    expect(JSON.stringify(collected)).not.toContain('hunter2');
  }
  expect((await plans({ 'restic.env': unknown('access-denied', 'EACCES') })).collected.coverage['backup.plan']).toMatchObject({
    gaps: [{ cause: 'access-denied' }],
  });
});

test.each([['profiles', Array.from({ length: 2000 }, (_, n) => `p${n}:\n  inherit: p${n + 1}\n  backup: { source: /x }\n`).join('')]])(
  'many %s end in bounded time',
  async (_name, text) => {
    const started = performance.now();
    await plans({ 'resticprofile.yaml': text });
    expect(performance.now() - started).toBeLessThan(8000);
  },
);

test('a dry run is no backup, and forgets nothing', async () => {
  const { plans: found, collected } = await plans({
    'restic-a.service': '[Service]\nExecStart=/usr/bin/restic -r s3:https://s3.example.net/b backup --dry-run /srv/ledger\n',
    'restic-b.service': '[Service]\nExecStart=/usr/bin/restic -r s3:https://s3.example.net/b backup -vn /srv/ledger\n',
    'restic-c.service':
      '[Service]\nExecStart=/usr/bin/restic -r /b backup /srv/ledger\nExecStartPost=/usr/bin/restic -r /b forget -n --keep-daily 400\n',
    'restic-d.service': '[Service]\nExecStart=/usr/local/bin/backup.sh\n',
  });
  expect(Object.keys(found)).toEqual(['restic-c.service']);
  expect(plain(found['restic-c.service']?.facts['retention'])).toEqual(elsewhere);
  expect(collected.coverage['backup.plan']).toMatchObject({ status: 'partial', gaps: [{ cause: 'not-collected' }] });
  const profiles = await plans({
    'resticprofile.yaml': 'default:\n  repository: /b\n  dry-run: true\n  backup:\n    source: [/srv/ledger]\n',
  });
  expect(Object.keys(profiles.plans)).toEqual([]);
});

test('without a password nothing is encrypted, whatever restic does', async () => {
  const { plans: found } = await plans({
    'restic-a.service': '[Service]\nExecStart=/usr/bin/restic --insecure-no-password -r s3:https://s3.example.net/b backup /srv/ledger\n',
  });
  expect(plain(found['restic-a.service']?.facts['repositories'])).toMatchObject([{ encrypted: false }]);
  const text = 'ledger:\n  repository: /b\n  insecure-no-password: true\n  backup:\n    source: [/srv/ledger]\n';
  expect(plain((await profile(text))['repositories'])).toMatchObject([{ encrypted: false }]);
});
