import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

const MAIN = `; Barman of the custody platform
[barman]
barman_home = /var/lib/barman
configuration_files_directory = /etc/barman.d
retention_policy: REDUNDANCY 3
`;
const LEDGER = `[ledger]
description = "Ledger"
conninfo = host=ledger-db user=barman dbname=postgres
  connect_timeout=5
backup_method = postgres
streaming_archiver = on
retention_policy = RECOVERY WINDOW OF 5 WEEKS
`;

async function plans(
  files: Readonly<Record<string, string>>,
  versions: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  return Object.fromEntries(
    Object.entries(ofKind(await collectFiles(files, versions), 'backup.plan')).map(([id, { facts }]) => [
      id,
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
    ]),
  );
}

const one = async (text: string, versions: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, unknown>>> =>
  (await plans({ 'etc/barman.conf': `[barman]\nbarman_home=/b\n[ledger]\n${text}` }, versions))['barman ledger'] ?? {};
const repository = async (text: string): Promise<unknown> => (await one(text))['repositories'];

test('a server of a file of its own: every fact known, pointing at its value', async () => {
  const files = { 'etc/barman.conf': MAIN, 'etc/barman.d/ledger.conf': LEDGER };
  expect(await plans(files)).toEqual({
    'barman ledger': {
      tool: 'barman',
      covers: ['ledger'],
      repositories: [{ location: '/var/lib/barman/ledger', off_site: true, encrypted: false, append_only: { unknown: 'unresolved' } }],
      retention: 35,
      interval: { unknown: 'not-collected' },
      point_in_time: true,
      verified: { unknown: 'unresolved' },
      credentials_in_clear: false,
    },
  });
  const facts = ofKind(await collectFiles(files), 'backup.plan')['barman ledger']?.facts ?? {};
  expect(placeOf(facts['retention'])).toBe('etc/barman.d/ledger.conf:7:20 RECOVERY WINDOW OF 5 WEEKS');
  expect(placeOf(facts['point_in_time'])).toBe('etc/barman.d/ledger.conf:6:22 on');
});

test('what a server does not say, [barman] does; and what that does not, the version', async () => {
  const files = { 'etc/barman.conf': `${MAIN}[plain]\nconninfo = host=/run/postgresql dbname=postgres\n` };
  expect((await plans({ ...files, 'etc/barman.d/x.conf': '' }, { barman: '3.4' }))['barman plain']).toMatchObject({
    retention: { unknown: 'unresolved' },
    point_in_time: false,
    repositories: [{ location: '/var/lib/barman/plain', off_site: false, encrypted: false, append_only: false }],
  });
  expect((await plans({ ...files, 'etc/barman.d/x.conf': '' }))['barman plain']?.['point_in_time']).toEqual({ unknown: 'unresolved' });
});

test.each([
  ['retention_policy = RECOVERY WINDOW OF 2 MONTHS\n', 'retention', 62],
  ['retention_policy = recovery window of 10 days\n', 'retention', 10],
  ['retention_policy = forever\n', 'retention', { unknown: 'unparseable' }],
  ['retention_policy = {{ days }}\n', 'retention', { unknown: 'unresolved' }],
  ['retention_policy = none\n', 'retention', 'absent'],
  ['archiver = on\n', 'point_in_time', true],
  ['archiver = off\nstreaming_archiver = off\n', 'point_in_time', false],
  ['archiver = perhaps\nstreaming_archiver = off\n', 'point_in_time', { unknown: 'unparseable' }],
  ['conninfo = host=db user=barman password=hunter2horse\n', 'credentials_in_clear', true],
  ['; conninfo = host=db password=hunter2horse\nconninfo = host=db\n', 'credentials_in_clear', false],
])('%j: %s is %j', async (text, name, expected) => expect((await one(text))[name]).toEqual(expected));

test.each([
  ['conninfo = host=127.0.0.1\n', false],
  ['conninfo = dbname=postgres\n', false],
  ['conninfo = postgresql://barman@ledger-db/postgres\n', true],
  ['primary_ssh_command = ssh barman@first\n', true],
  ['description = x\n', { unknown: 'unresolved' }],
])('%j is off-site: %j', async (text, off_site) => expect(await repository(text)).toMatchObject([{ off_site }]));

test('encryption, and a directory of its own', async () => {
  expect(await repository('conninfo = host=db\nencryption = gpg\nbackup_directory = /srv/b\n')).toMatchObject([
    { location: '/srv/b', encrypted: true },
  ]);
  expect(await repository('conninfo = host=db\nencryption = rot13\n')).toMatchObject([{ encrypted: { unknown: 'unparseable' } }]);
});

test('a server that is switched off is no plan', async () => {
  expect(await one('disabled = true\nconninfo = host=db\n')).toEqual({});
  expect(await one('active = false\nconninfo = host=db\n')).toEqual({});
});

test('what is not there, and what stops Barman, leaves plans unknown', async () => {
  const missing = await collectFiles({ 'etc/barman.conf': MAIN });
  expect(missing.coverage['backup.plan']?.status).toBe('partial');
  const broken = await collectFiles({ 'etc/barman.conf': `${MAIN}[ledger]\nthis is no setting\npassword = hunter2horse\n` });
  expect([broken.resources.filter(({ kind }) => kind === 'backup.plan'), broken.coverage['backup.plan']?.status]).toEqual([[], 'partial']);
  expect(JSON.stringify(broken)).not.toContain('hunter2horse');
  const alone = await collectFiles({ 'etc/barman.d/ledger.conf': LEDGER });
  expect(alone.coverage['backup.plan']?.gaps.map(({ detail }) => detail)).toEqual(['etc/barman.d/ledger.conf: read without barman.conf']);
  expect(plain(ofKind(alone, 'backup.plan')['barman ledger']?.facts['repositories'])).toMatchObject([
    { location: { unknown: 'unresolved' } },
  ]);
});

test('no text makes it throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 120 }), async (text) => {
      const collected = await collectFiles({ 'barman.conf': `[barman]\nbarman_home = /b\n[a]\n${text}` });
      expect(collected.gaps.map(({ cause }) => cause)).not.toContain('collector-failed');
    }),
    { numRuns: 60 },
  );
});
