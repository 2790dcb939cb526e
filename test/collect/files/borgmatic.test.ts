import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const unresolved = { unknown: 'unresolved' };
const V = { borgmatic: '1.8.3' };

const plan = async (files: Files | string, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(typeof files === 'string' ? { 'borgmatic.d/a.yaml': files } : files, versions);
  return { collected, facts: ofKind(collected, 'backup.plan')['borgmatic.d/a.yaml']?.facts ?? {} };
};

test('the flat layout: every fact known, pointing at its value', async () => {
  const { collected, facts } = await plan(`source_directories: [/srv/ledger]
repositories:
  - path: ssh://borg@vault.example.net/./ledger.borg
    label: vault
  - path: /mnt/local.borg
encryption_passcommand: cat /root/pass
keep_daily: 35
keep_weekly: 8
checks:
  - { name: repository }
postgresql_databases:
  - { name: ledger, password: "hunter2; x" }
`);
  expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    tool: 'borgmatic',
    covers: ['/srv/ledger', 'ledger'],
    retention: 35,
    interval: { unknown: 'not-collected' },
    point_in_time: false,
    verified: true,
    credentials_in_clear: true,
    repositories: [
      { location: 'ssh://borg@vault.example.net/./ledger.borg', off_site: true, encrypted: unresolved, append_only: unresolved },
      { location: '/mnt/local.borg', off_site: false, encrypted: unresolved, append_only: false },
    ],
  });
  expect(placeOf(facts['retention'])).toBe('borgmatic.d/a.yaml:7:13 35');
  expect(JSON.stringify(collected)).not.toContain('hunter2');
});

test('the nested layout says the same', async () => {
  const { facts } = await plan(
    'location:\n  source_directories: [/a]\n  repositories: [user@host:b.borg]\nstorage:\n  encryption_passphrase: ${PASS}\nretention:\n  keep_daily: 7\nconsistency:\n  checks: [disabled]\nhooks:\n  mysql_databases: [{ name: all }]\n',
  );
  expect([plain(facts['covers']), plain(facts['retention']), plain(facts['verified']), plain(facts['credentials_in_clear'])]).toEqual([
    ['/a', '…'],
    7,
    false,
    false,
  ]);
  expect(plain(facts['repositories'])).toEqual([
    { location: 'user@host:b.borg', off_site: true, encrypted: unresolved, append_only: unresolved },
  ]);
});

const base = 'source_directories: [/a]\nrepositories: [{ path: /b }]\n';

test.each([
  ['', {}, { retention: unresolved, verified: unresolved }],
  ['', V, { retention: 'absent', verified: true, credentials_in_clear: false }],
  ['checks: []', V, { verified: true }], // an empty list is the default too
  ['checks: []', {}, { verified: unresolved }],
  ['checks: [{ name: disabled }, { name: data }]', {}, { verified: false }],
  ['checks: [{ name: "${CHECK}" }]', {}, { verified: unresolved }],
  ['skip_actions: [check, prune]', {}, { verified: false, retention: 'absent' }],
  ['checks: [data]\ncheck_repositories: [x]', {}, { verified: unresolved }],
  ['keep_within: 30d\nkeep_daily: 7', {}, { retention: 30 }],
  ['keep_within: 2m', {}, { retention: 62 }],
  ['keep_hourly: 48', {}, { retention: 2 }],
  ['keep_weekly: 52', {}, { retention: 0 }],
  ['keep_daily: -1', {}, { retention: 'absent' }],
  ['keep_daily: "${DAYS}"', {}, { retention: unresolved }],
  ['keep_daily: many', {}, { retention: { unknown: 'unparseable' } }],
  ['encryption_passphrase: hunter2', {}, { credentials_in_clear: true }],
  ['encryption_passcommand: echo hunter2', {}, { credentials_in_clear: true }],
  ['patterns: ["R /srv", "- /srv/x"]\npatterns_from: [/etc/p]', {}, { covers: ['/a', '/srv', '…'] }],
  ['constants: { where: /x }\npatterns: ["R {where}"]', {}, { covers: ['/a', '…'] }],
])('%j %o gives %o', async (lines, versions, expected) => {
  const { collected, facts } = await plan(`${base}${lines}\n`, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
  expect(JSON.stringify(collected)).not.toContain('hunter2');
});

test.each([
  ['{ path: /b, encryption: none }', { off_site: false, encrypted: false }],
  ['{ path: /b, encryption: authenticated-blake2 }', { encrypted: false }],
  ['{ path: /b, encryption: repokey-blake2, append_only: true }', { encrypted: true, append_only: false }],
  ['ssh://b@localhost/x', { off_site: false, encrypted: unresolved, append_only: false }],
  ['"ssh://b:hunter2@v.example.net/x"', { location: 'ssh://b@v.example.net/x', off_site: true }],
  ['"ssh://b@{fqdn}/x"', { off_site: unresolved }],
  ['"${REPO}"', { location: unresolved, off_site: unresolved, append_only: unresolved }],
  ['rclone:remote:b', { off_site: unresolved }],
  ['{ label: x }', { location: { unknown: 'unparseable' } }],
])('the repository %s is %o', async (written, expected) => {
  const { collected, facts } = await plan(`repositories:\n  - ${written}\n`);
  expect(plain(facts['repositories'])).toMatchObject([expected]);
  expect(JSON.stringify(collected)).not.toContain('hunter2');
});

test('includes: below the file’s own values, a gap and a hole when not there, bounded in a loop', async () => {
  const own = '<<: !include common.yaml\nrepositories: [/b]\n';
  const there = await plan({ 'borgmatic.d/a.yaml': own, 'borgmatic.d/common.yaml': 'keep_daily: 40\nrepositories: [/c]\n' });
  expect([plain(there.facts['retention']), plain(there.facts['repositories'])]).toMatchObject([
    40,
    [{ location: '/c' }, { location: '/b' }],
  ]);
  const gone = await plan(own, V);
  expect([plain(gone.facts['retention']), plain(gone.facts['verified']), plain(gone.facts['credentials_in_clear'])]).toEqual([
    unresolved,
    unresolved,
    unresolved,
  ]);
  expect(plain(gone.facts['repositories'])).toMatchObject([{ location: '/b', encrypted: unresolved }, '…']);
  expect(gone.collected.coverage['backup.plan']?.status).toBe('partial');
  const loop = await plan('<<: !include a.yaml\nrepositories: [/b]\n', V);
  expect(plain(loop.facts['retention'])).toEqual(unresolved);
  const inner = await plan('repositories: [/b]\nretention: !include r.yaml\n', V);
  expect(plain(inner.facts['retention'])).toEqual(unresolved);
});

test('what does not parse, may not be read or names no repository is a gap', async () => {
  for (const text of ['repositories: [\nx: "hunter2', '- a\n', 'a: 1\na: 2\n', 'keep_daily: 1\n', 'repositories: [/b]\n---\nx: 1\n']) {
    const { collected, facts } = await plan(text, V);
    expect([text, facts]).toEqual([text, {}]);
    expect(collected.coverage['backup.plan']?.status).toBe('partial');
    expect(JSON.stringify(collected)).not.toContain('hunter2');
  }
  expect((await plan({ 'borgmatic.d/a.yaml': unknown('access-denied', 'EACCES') })).collected.coverage['backup.plan']).toMatchObject({
    gaps: [{ cause: 'access-denied' }],
  });
});
