import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const unresolved = { unknown: 'unresolved' };
const V = { pgbackrest: '2.45' };

const plans = async (files: Files | string, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(typeof files === 'string' ? { 'pgbackrest.conf': files } : files, versions);
  return { collected, plans: ofKind(collected, 'backup.plan') };
};
const main = async (global: string, versions: Record<string, string> = {}) =>
  (await plans(`[global]\n${global}\n[main]\npg1-path=/var/lib/postgresql/15/main\n`, versions)).plans['pgbackrest.conf main']?.facts ?? {};
const repository = async (global: string, versions: Record<string, string> = {}): Promise<unknown> =>
  plain((await main(global, versions))['repositories']);

test('two repositories: every fact known, pointing at its value', async () => {
  const found = await plans(
    `[global]
repo1-path=/backup
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=hunter2-pass
repo1-retention-full=60
repo1-retention-full-type=time
repo2-type=s3
repo2-s3-bucket=ledger
repo2-s3-endpoint=s3.example.net
repo2-path=/pg
repo2-cipher-type=none
repo2-retention-full-type=time
repo2-retention-full = 35
[global:archive-push]
compress-level=3
[ledger]
pg1-path=/var/lib/postgresql/15/main
pg1-database=ledger_db
`,
    V,
  );
  const facts = found.plans['pgbackrest.conf ledger']?.facts ?? {};
  expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    tool: 'pgbackrest',
    covers: ['ledger', 'ledger_db'],
    retention: 35,
    interval: { unknown: 'not-collected' },
    point_in_time: true,
    verified: unresolved,
    credentials_in_clear: true,
    repositories: [
      { location: '/backup', off_site: false, encrypted: true, append_only: false },
      { location: 's3:s3.example.net/ledger/pg', off_site: true, encrypted: false, append_only: unresolved },
    ],
  });
  expect(placeOf(facts['retention'])).toBe('pgbackrest.conf:13:24 35');
  expect(JSON.stringify(found.collected)).not.toContain('hunter2');
  expect(plain(ofKind(found.collected, 'secret.exposure')['pgbackrest.conf']?.facts['secrets'])).toMatchObject([
    { name: 'repo1-cipher-pass' },
  ]);
});

test('what is not written is the default of a known version', async () => {
  expect(await repository('')).toEqual([{ location: unresolved, off_site: unresolved, encrypted: unresolved, append_only: unresolved }]);
  expect(await repository('', V)).toEqual([{ location: '/var/lib/pgbackrest', off_site: false, encrypted: false, append_only: false }]);
});

test.each([
  [
    'repo1-host=backup.example.net\nrepo1-path=/b',
    [
      {
        location: 'backup.example.net:/b',
        off_site: true,
        encrypted: { unknown: 'not-collected' },
        append_only: { unknown: 'not-collected' },
      },
    ],
  ],
  [
    'repo1-host=localhost',
    [{ location: 'localhost', off_site: false, encrypted: { unknown: 'not-collected' }, append_only: { unknown: 'not-collected' } }],
  ],
  ['pg1-host=db1.example.net', [{ location: '/var/lib/pgbackrest', off_site: true, encrypted: false, append_only: unresolved }]],
  [
    'repo1-type=s3\nrepo1-s3-endpoint=127.0.0.1:9000\nrepo1-s3-bucket=b',
    [{ location: 's3:127.0.0.1:9000/b', off_site: false, encrypted: false, append_only: unresolved }],
  ],
  [
    'repo1-type=sftp\nrepo1-sftp-host=b.example.net\nrepo1-path=/b',
    [{ location: 'sftp:b.example.net/b', off_site: true, encrypted: false, append_only: unresolved }],
  ],
  ['repo1-type=${T}', [{ location: unresolved, off_site: unresolved, encrypted: false, append_only: unresolved }]],
  [
    'repo1-cipher-type=rot13',
    [{ location: '/var/lib/pgbackrest', off_site: false, encrypted: { unknown: 'unparseable' }, append_only: false }],
  ],
  [
    'repo1-cipher-type=none\nrepo1-cipher-type=aes-256-cbc',
    [{ location: '/var/lib/pgbackrest', off_site: false, encrypted: { unknown: 'unparseable' }, append_only: false }],
  ],
])('%j is the repository %o', async (global, expected) => {
  expect(await repository(global, V)).toEqual(expected);
});

test.each([
  ['repo1-retention-full=2', { retention: unresolved }],
  ['repo1-retention-full=30\nrepo1-retention-full-type=time', { retention: 30 }],
  ['repo1-retention-full=30\nrepo1-retention-full-type=time\nrepo2-path=/b', { retention: 30 }],
  ['repo1-retention-full=9999999', { retention: 'absent' }],
  ['', { retention: 'absent', point_in_time: { unknown: 'not-collected' }, credentials_in_clear: false }],
  ['repo1-retention-full=many', { retention: { unknown: 'unparseable' } }],
  ['repo1-retention-full=', { retention: { unknown: 'unparseable' } }],
  ['repo1-host=b', { retention: { unknown: 'not-collected' } }],
  ['online=n', { point_in_time: false }],
  ['repo1-retention-full=7\nrepo1-retention-archive=2\n[global:archive-push]\nprocess-max=2', { point_in_time: unresolved }],
  ['archive-check=n\n[global:archive-push]\nprocess-max=2', { point_in_time: { unknown: 'not-collected' } }],
  ['repo1-s3-key-secret={{ vault_key }}', { credentials_in_clear: unresolved }],
  ['repo1-gcs-key=/etc/gcs.json', { credentials_in_clear: false }],
])('%j gives %o', async (global, expected) => {
  const facts = await main(global, V);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
});

test('retention without a version is not known to be endless', async () => {
  expect(plain((await main('repo1-path=/b'))['retention'])).toEqual(unresolved);
});

test('the nearest section counts', async () => {
  const { plans: found } = await plans(
    '[global]\nrepo1-cipher-type=none\n[a]\npg1-path=/a\nrepo1-cipher-type=aes-256-cbc\n[b]\npg1-path=/b\n',
    V,
  );
  expect(Object.entries(found).map(([id, { facts }]) => [id, plain(facts['repositories'])])).toMatchObject([
    ['pgbackrest.conf a', [{ encrypted: true }]],
    ['pgbackrest.conf b', [{ encrypted: false }]],
  ]);
});

test('conf.d is one text with its main file; alone it tells only what it writes', async () => {
  const part = '[global]\nrepo1-cipher-type=aes-256-cbc\n';
  const whole = await plans({ 'etc/pgbackrest/pgbackrest.conf': '[main]\npg1-path=/p\n', 'etc/pgbackrest/conf.d/repo.conf': part }, V);
  expect(plain(whole.plans['etc/pgbackrest/pgbackrest.conf main']?.facts['repositories'])).toMatchObject([
    { encrypted: true, location: '/var/lib/pgbackrest' },
  ]);
  const denied = await plans(
    { 'etc/pgbackrest.conf': '[main]\npg1-path=/p\n', 'etc/pgbackrest/conf.d/repo.conf': unknown('access-denied', 'EACCES') },
    V,
  );
  const facts = denied.plans['etc/pgbackrest.conf main']?.facts ?? {};
  expect([plain(facts['retention']), plain(facts['credentials_in_clear']), plain(facts['point_in_time'])]).toEqual([
    { unknown: 'access-denied' },
    { unknown: 'access-denied' },
    { unknown: 'access-denied' },
  ]);
  expect(plain(facts['repositories'])).toMatchObject([{ encrypted: { unknown: 'access-denied' } }, '…']);
  expect(denied.collected.coverage['backup.plan']?.status).toBe('partial');
  const alone = await plans({ 'pgbackrest/conf.d/main.conf': '[main]\npg1-path=/p\n' }, V);
  expect(plain(alone.plans['pgbackrest/conf.d main']?.facts['repositories'])).toMatchObject([{ encrypted: unresolved }, '…']);
});

test('a line that stops pgBackRest is a gap without excerpt', async () => {
  for (const text of ['repo1-path=/b\n', '[main\npg1-path=/p\n', '[main]\nhunter2-secret\n']) {
    const { collected, plans: found } = await plans(text);
    expect(found).toEqual({});
    expect(collected.coverage['backup.plan']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unparseable' }] });
    expect(JSON.stringify(collected)).not.toContain('hunter2');
  }
});

test('secrets in comments are redacted and not counted', async () => {
  const { collected } = await plans('[main]\npg1-path=/p\n#repo1-s3-key-secret=hunter2, hunter3\n');
  expect(JSON.stringify(collected)).not.toMatch(/hunter/);
  expect(plain(ofKind(collected, 'secret.exposure')['pgbackrest.conf']?.facts['secrets'])).toMatchObject([]);
});

test.each([
  ['stanzas', Array.from({ length: 5000 }, (_, n) => `[s${n}]\npg1-path=/p\n`).join('')],
  ['repositories', `[m]\n${Array.from({ length: 5000 }, (_, n) => `repo${n}-path=/p\n`).join('')}`],
  ['characters', `[m]\na=${'x'.repeat(3_000_000)}`],
])('many %s end in bounded time', async (_name, text) => {
  const started = performance.now();
  await plans(text, V);
  expect(performance.now() - started).toBeLessThan(5000);
});
