import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import type { Host } from '../../../src/world/host.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { collectHost, stage, type StagedLook } from '../../support/staged-host.ts';

const PGBACKREST = '[global]\nrepo1-path=/srv/pgbackrest\n[ledger]\npg1-path=/var/lib/postgresql/15/main\n';
const BASE = { 'etc/pgbackrest.conf': PGBACKREST, 'etc/debian_version': '12.5\n', 'etc/hostname': 'ledger-1\n' };

function machine(
  files: Readonly<Record<string, string>>,
  wants: readonly string[] = ['cron.service'],
  executable: readonly string[] = [],
): string {
  const directory = temporaryDirectory('backups');
  stage(directory, { ...BASE, ...files });
  const wanted = join(directory, 'etc/systemd/system/timers.target.wants');
  mkdirSync(wanted, { recursive: true });
  for (const name of wants) symlinkSync(`../${name}`, join(wanted, name));
  for (const path of executable) chmodSync(join(directory, path), 0o755);
  return directory;
}

async function planFact(directory: string, name: string, id = 'etc/pgbackrest.conf ledger'): Promise<unknown> {
  return plain(ofKind(await collectHost(directory, 'root'), 'backup.plan')[id]?.facts[name]);
}

const BACKUP = 'pgbackrest --stanza=ledger --type=full backup';

describe('what starts a plan', () => {
  test.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['every day, by two entries', { 'etc/cron.d/b': `30 1 * * 0 postgres ${BACKUP}\n30 1 * * 1-6 postgres ${BACKUP}\n` }, 24],
    ['on working days', { 'etc/cron.d/b': `30 1 * * 1-5 postgres ${BACKUP}\n` }, 72],
    ['by the machine’s crontab', { 'etc/crontab': `SHELL=/bin/sh\n@daily postgres ${BACKUP} >/dev/null\n` }, 24],
    ['by a user’s own crontab', { 'var/spool/cron/crontabs/postgres': `0 */6 * * * ${BACKUP}\n` }, 6],
    ['of another stanza', { 'etc/cron.d/b': `30 1 * * * postgres pgbackrest --stanza=other backup\n` }, 'absent'],
    [
      'of a stanza that a variable names',
      { 'etc/cron.d/b': `30 1 * * * postgres pgbackrest --stanza=$S backup\n` },
      { unknown: 'unresolved' },
    ],
    [
      'for sure, and perhaps more often',
      { 'etc/cron.d/b': `30 1 * * * postgres ${BACKUP}\n0 9 * * * postgres test 1 -eq 2 && ${BACKUP}\n` },
      24,
    ],
    ['something else of the tool', { 'etc/cron.d/b': `30 1 * * * postgres pgbackrest --stanza=ledger info\n` }, 'absent'],
    ['nothing', {}, 'absent'],
    [
      'a word that is another option’s value',
      { 'etc/cron.d/b': `30 1 * * * postgres pgbackrest --stanza=ledger --type backup info\n` },
      'absent',
    ],
    [
      'a word whose part is not known',
      { 'etc/cron.d/b': `30 1 * * * postgres pgbackrest --stanza=ledger --new-option x backup\n` },
      { unknown: 'unresolved' },
    ],
    [
      'by a script of its own name alone',
      { 'etc/cron.d/b': '30 1 * * * postgres nightly\n', 'usr/local/bin/nightly': `#!/bin/sh\n${BACKUP}\n` },
      24,
    ],
    ['by anacron', { 'etc/anacrontab': `7 25 weekly.backup nice ${BACKUP}\n` }, 168],
    ['in a file that run-parts passes over', { 'etc/cron.d/b.dpkg-old': `30 1 * * * postgres ${BACKUP}\n` }, 'absent'],
    ['behind a condition', { 'etc/cron.d/b': `30 1 * * * postgres [ $(hostname) = a ] && ${BACKUP}\n` }, { unknown: 'unresolved' }],
    ['at the start of the machine', { 'etc/cron.d/b': `@reboot postgres ${BACKUP}\n` }, { unknown: 'unsupported' }],
    [
      'by a script',
      {
        'etc/cron.d/b': '30 1 * * * postgres /usr/local/bin/b\n',
        'usr/local/bin/b': `#!/bin/sh\nset -e\nSTANZA=ledger\npgbackrest --stanza=$STANZA backup\n`,
      },
      24,
    ],
    [
      'by a script with a condition',
      { 'etc/cron.d/b': '30 1 * * * postgres /usr/local/bin/b\n', 'usr/local/bin/b': `#!/bin/sh\nif true; then\n${BACKUP}\nfi\n` },
      { unknown: 'unresolved' },
    ],
    [
      'by a script that is not a shell’s',
      { 'etc/cron.d/b': '30 1 * * * postgres /usr/local/bin/b\n', 'usr/local/bin/b': '#!/usr/bin/python3\nrun("pgbackrest")\n' },
      { unknown: 'unsupported' },
    ],
    [
      'by a script that names no such tool',
      { 'etc/cron.d/b': '30 1 * * * postgres /usr/local/bin/b\n', 'usr/local/bin/b': '#!/usr/bin/python3\nprint(1)\n' },
      'absent',
    ],
  ])('cron: %s', async (_name, files, expected) => expect(await planFact(machine(files), 'interval')).toEqual(expected));

  test('cron.daily holds programs, and only those that may run', async () => {
    const files = { 'etc/cron.daily/pgbackrest': `#!/bin/sh\n${BACKUP}\n` };
    expect(await planFact(machine(files, ['cron.service'], ['etc/cron.daily/pgbackrest']), 'interval')).toBe(24);
    expect(await planFact(machine(files), 'interval')).toBe('absent');
  });

  test('nobody starts cron', async () => {
    expect(await planFact(machine({ 'etc/cron.d/b': `30 1 * * * postgres ${BACKUP}\n` }, []), 'interval')).toEqual({
      unknown: 'unresolved',
    });
  });

  const SERVICE = { 'etc/systemd/system/b.service': `[Service]\nExecStart=${BACKUP}\n` };
  test.each<[string, Readonly<Record<string, string>>, readonly string[], unknown]>([
    ['every day', { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n' }, ['b.timer'], 24],
    ['not enabled', { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n' }, [], 'absent'],
    [
      'every 12 hours after it ran',
      { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnBootSec=1h\nOnUnitActiveSec=12h\n' },
      ['b.timer'],
      12,
    ],
    [
      'once after the start',
      { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnBootSec=1h\n' },
      ['b.timer'],
      { unknown: 'unsupported' },
    ],
    [
      'a drop-in makes it weekly',
      {
        ...SERVICE,
        'usr/lib/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n',
        'etc/systemd/system/b.timer.d/weekly.conf': '[Timer]\nOnCalendar=\nOnCalendar=weekly\n',
      },
      ['b.timer'],
      168,
    ],
    ['two of them', { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=Mon 02:00\nOnCalendar=Thu 14:00\n' }, ['b.timer'], 84],
    [
      'another service',
      {
        'etc/systemd/system/c.service': `[Service]\nExecStart=-/usr/bin/${BACKUP}\n`,
        'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\nUnit=c.service\n',
      },
      ['b.timer'],
      24,
    ],
    [
      'an instance',
      {
        'etc/systemd/system/b@.service': `[Service]\nExecStart=pgbackrest --stanza=%i backup\n`,
        'etc/systemd/system/b@.timer': '[Timer]\nOnCalendar=daily\n',
      },
      ['b@ledger.timer'],
      24,
    ],
    [
      'a year',
      { ...SERVICE, 'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=2026-*-* 02:00\n' },
      ['b.timer'],
      { unknown: 'unsupported' },
    ],
    [
      'a condition of the unit',
      {
        'etc/systemd/system/b.service': `[Unit]\nConditionHost=a\n[Service]\nExecStart=${BACKUP}\n`,
        'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n',
      },
      ['b.timer'],
      { unknown: 'unresolved' },
    ],
    [
      'a drop-in that takes the command away',
      {
        ...SERVICE,
        'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n',
        'etc/systemd/system/b.service.d/x.conf': '[Service]\nExecStart=\nExecStart=/bin/true\n',
      },
      ['b.timer'],
      'absent',
    ],
  ])('timer: %s', async (_name, files, wants, expected) => expect(await planFact(machine(files, wants), 'interval')).toEqual(expected));

  test('a timer that is masked starts nothing', async () => {
    const directory = machine({ ...SERVICE, 'usr/lib/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n' }, ['b.timer', 'cron.service']);
    symlinkSync('/dev/null', join(directory, 'etc/systemd/system/b.timer'));
    expect(await planFact(directory, 'interval')).toBe('absent');
  });

  test('a spool that may not be read may hold what starts it', async () => {
    const why = unknown('access-denied', '/var/spool/cron/crontabs: EACCES');
    const look: StagedLook = { list: (path) => (path === '/var/spool/cron/crontabs' ? Promise.resolve(why) : undefined) };
    const collected = await collectHost(machine({}), 'staged', look);
    expect(plain(ofKind(collected, 'backup.plan')['etc/pgbackrest.conf ledger']?.facts['interval'])).toEqual({ unknown: 'access-denied' });
    expect([collected.coverage['backup.plan']?.status, collected.coverage['backup.run']?.status]).toEqual(['partial', 'partial']);
  });

  test('a directory that may not be entered may hold plans, and runs of them', async () => {
    const why = unknown('access-denied', '/etc/borgmatic.d: EACCES');
    const directory = temporaryDirectory('backups');
    stage(directory, { 'etc/hostname': 'ledger-1\n' });
    const collected = await collectHost(directory, 'staged', {
      list: (path) =>
        path === '/etc'
          ? Promise.resolve({ entries: [], unseen: [{ path: '/etc/borgmatic.d', why }] })
          : path.startsWith('/etc')
            ? Promise.resolve('not-there')
            : undefined,
    });
    for (const kind of ['backup.plan', 'backup.run', 'log.sink', 'log.source'])
      expect(collected.coverage[kind]?.status, kind).toBe('partial');
  });

  test('a verification that is scheduled is set up', async () => {
    expect(await planFact(machine({ 'etc/cron.d/b': '0 5 * * 6 postgres pgbackrest --stanza=ledger verify\n' }), 'verified')).toBe(true);
    expect(await planFact(machine({}), 'verified')).toEqual({ unknown: 'unresolved' });
  });
});

test('plans that no configuration describes', async () => {
  const directory = machine(
    {
      'etc/cron.d/b': `0 2 * * * root /usr/local/sbin/nightly
0 3 * * * root rsync -a --delete /srv/ledger/ backup@vault.example.net:/backup/ledger/
0 4 * * * root rsync -a /srv/web/ web-2:/srv/web/
0 5 * * 0 root restic -r /srv/restic --password-file /etc/restic/pass backup /srv/ledger /etc
`,
      'usr/local/sbin/nightly':
        '#!/bin/bash\nexport BORG_PASSCOMMAND="cat /root/.borg"\nREPO=/srv/borg\nborg create --stats "$REPO::{hostname}-{now}" /srv/ledger\nborg prune --keep-daily 35 $REPO\n',
    },
    ['cron.service'],
    ['usr/local/sbin/nightly'],
  );
  const plans = ofKind(await collectHost(directory, 'root'), 'backup.plan');
  const told = (id: string): unknown => ['covers', 'repositories', 'interval', 'retention'].map((name) => plain(plans[id]?.facts[name]));
  expect(Object.keys(plans).toSorted()).toEqual([
    'borg /srv/borg of etc/cron.d/b',
    'etc/pgbackrest.conf ledger',
    'restic /srv/restic of etc/cron.d/b',
    'rsync backup@vault.example.net:/backup/ledger/ of etc/cron.d/b',
  ]);
  expect(told('borg /srv/borg of etc/cron.d/b')).toEqual([
    ['/srv/ledger'],
    [{ location: '/srv/borg', off_site: false, encrypted: { unknown: 'unresolved' }, append_only: false }],
    24,
    { unknown: 'not-collected' },
  ]);
  expect(told('restic /srv/restic of etc/cron.d/b')).toEqual([
    ['/srv/ledger', '/etc'],
    [{ location: '/srv/restic', off_site: false, encrypted: true, append_only: false }],
    168,
    { unknown: 'not-collected' },
  ]);
  expect(told('rsync backup@vault.example.net:/backup/ledger/ of etc/cron.d/b')).toEqual([
    ['/srv/ledger/'],
    [{ location: 'backup@vault.example.net:/backup/ledger/', off_site: true, encrypted: false, append_only: { unknown: 'unresolved' } }],
    24,
    0,
  ]);
});

test('a job behind a condition is a plan whose pauses nobody knows', async () => {
  const directory = machine({ 'etc/cron.d/b': '0 2 * * * root mountpoint -q /mnt && rsync -a /srv/ /mnt/backup/\n' });
  expect(await planFact(directory, 'interval', 'rsync /mnt/backup/ of etc/cron.d/b')).toEqual({ unknown: 'unresolved' });
});

test('a crontab that takes the environment of a plan runs that plan', async () => {
  const directory = machine({
    'etc/default/restic': 'RESTIC_REPOSITORY=/srv/restic\nRESTIC_PASSWORD_FILE=/etc/restic/pass\n',
    'etc/cron.d/b':
      '0 2 * * * root . /etc/default/restic; restic backup /srv/ledger\n0 3 * * * root . /etc/default/restic && restic check\n',
  });
  const plans = ofKind(await collectHost(directory, 'root'), 'backup.plan');
  expect(Object.keys(plans).toSorted()).toEqual(['etc/default/restic', 'etc/pgbackrest.conf ledger']);
  const { interval, verified } = plans['etc/default/restic']?.facts ?? {};
  expect([plain(interval), plain(verified)]).toEqual([24, true]);
});

test.each([
  ['0 2 * * * root borgmatic', true],
  ['0 2 * * * root borgmatic create\n0 3 * * 0 root borgmatic check', true],
  ['0 2 * * * root borgmatic create', false],
  ['0 2 * * * root borgmatic --config /etc/borgmatic/other.yaml', false],
  ['0 2 * * * root borgmatic -c $FILE', { unknown: 'unresolved' }],
])('the checks of borgmatic’s configuration happen where something starts them: %s', async (line, verified) => {
  const directory = machine({
    'etc/borgmatic/config.yaml': 'source_directories: [/srv]\nrepositories: [{ path: /srv/borg }]\nchecks: [{ name: repository }]\n',
    'etc/cron.d/b': `${line}\n`,
  });
  const plan = ofKind(await collectHost(directory, 'root'), 'backup.plan')['etc/borgmatic/config.yaml'];
  expect(plain(plan?.facts['verified'])).toEqual(verified);
});

describe('units that run a tool of backups, whatever they are called', () => {
  const service = (command: string): string => `[Service]\nType=oneshot\nExecStart=${command}\n`;
  const plansOf = async (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(ofKind(await collectHost(machine(files), 'root'), 'backup.plan'))
        .filter(([id]) => id.includes('bk.'))
        .map(([id, { facts }]) => [id, plain(facts['interval'])]),
    );
  const RESTIC = service('/usr/bin/restic -r /srv/restic --password-file /etc/restic/pass backup /srv/ledger');
  const BORG = service('/usr/bin/borg create /srv/borg::{now} /srv/ledger');
  const TIMER = '[Timer]\nOnCalendar=daily\n';

  test('nothing starts them', async () => {
    expect(await plansOf({ 'etc/systemd/system/bk.service': RESTIC, 'etc/systemd/system/bk.timer': TIMER })).toEqual({
      'etc/systemd/system/bk.service': 'absent',
    });
    expect(await plansOf({ 'etc/systemd/system/bk.service': BORG, 'etc/systemd/system/bk.timer': TIMER })).toEqual({
      'borg /srv/borg of etc/systemd/system/bk.service': 'absent',
    });
  });
  test.each([
    ['restic -r /srv/restic backup /srv/ledger', 'restic -r /srv/restic check'],
    ['borg create /srv/borg::{now} /srv/ledger', 'borg check /srv/borg'],
  ])('a check in another line of a crontab counts: %s', async (backup, check) => {
    const verified = async (second: string) =>
      Object.values(
        ofKind(
          await collectHost(machine({ 'etc/cron.d/b': `0 2 * * * root ${backup}\n0 3 * * 0 root ${second}\n` }), 'root'),
          'backup.plan',
        ),
      )
        .filter(({ id }) => id.endsWith('etc/cron.d/b'))
        .map(({ facts }) => plain(facts['verified']));
    expect(await verified(check)).toEqual([true]);
    expect(await verified(check.replace('/srv/', '/elsewhere/'))).toEqual([{ unknown: 'not-collected' }]);
  });
  test('a service that has nothing to do with backups is none', async () => {
    expect(await plansOf({ 'etc/systemd/system/bk.service': service('/usr/bin/logger restic backup') })).toEqual({});
  });
});

describe('reports', () => {
  const FILES = {
    'etc/default/restic': 'RESTIC_REPOSITORY=/srv/restic\nRESTIC_PASSWORD_FILE=/etc/restic/pass\n',
    'etc/borgmatic/config.yaml': 'source_directories: [/srv/ledger]\nrepositories:\n  - path: /srv/borg\n',
  };
  /** Every program answers with the same text. */
  const saying =
    (text: string): Host['run'] =>
    async () => ({ text, exit: 0 });
  const runs = async (
    run: Host['run'],
    files: Readonly<Record<string, string>> = FILES,
  ): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> =>
    Object.fromEntries(
      Object.entries(ofKind(await collectHost(machine(files), 'staged', { run }), 'backup.run')).map(([id, { facts }]) => [
        id,
        Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
      ]),
    );
  const PG = 'pgbackrest ledger repo1';
  /** Commands of these tools; others ask for what else there is of a host. */
  const OF_BACKUPS = /^(?:pgbackrest|restic|borg) /;

  test.each([
    ['hangs', 'timed-out'],
    ['is locked', 'refused'],
    ['may not be read', 'access-denied'],
  ] as const)('a tool that %s: nothing is known', async (_name, cause) => {
    const found = await runs(async ({ id }) => unknown(cause, id));
    for (const facts of Object.values(found))
      for (const name of ['last_success', 'count', 'last_failed', 'size_ratio', 'verified', 'encrypted', 'gap_free'])
        expect(facts[name]).toEqual({ unknown: cause });
  });

  test('a tool that is not there', async () => {
    for (const facts of Object.values(await runs(async () => 'not-there')))
      expect(facts['last_success']).toEqual({ unknown: 'unsupported' });
  });

  test.each([
    [''],
    ['[]'],
    ['{}'],
    ['null'],
    ['[{"name":"ledger"}]'],
    ['{"archives":[{}]}'],
    ['[{"time":"2026-11-26T01:00:00Z"}]'],
    ['[1,2]'],
    ['{"archives":[{"name":"a","end":"yesterday","hostname":"ledger-1"}],"encryption":{"mode":"repokey"}}'],
    ['[{"name":"ledger","repo":[{"key":1,"cipher":"none","status":{"code":99,"message":"other"}}]}]'],
    ['[{"name":"ledger","repo":[{"key":1,"cipher":"none","status":{"code":0}}],"backup":[{"database":{"id":1,"repo-key":1}}]}]'],
  ])('what is no report makes no success: %s', async (text) => {
    for (const facts of Object.values(await runs(saying(text))))
      expect(typeof facts['last_success'] === 'string' && facts['last_success'] !== 'absent').toBe(false);
  });

  test('any JSON at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        for (const facts of Object.values(await runs(saying(text)))) expect(JSON.stringify(facts['last_success'])).not.toMatch(/^"\d/);
      }),
      { numRuns: 15 },
    );
  });

  const backup = (
    label: string,
    type: string,
    stop: number,
    more: Readonly<Record<string, unknown>> = {},
  ): Readonly<Record<string, unknown>> => ({
    label,
    type,
    timestamp: { start: stop - 60, stop },
    database: { id: 1, 'repo-key': 1 },
    error: false,
    info: { size: 1000, delta: 100 },
    archive: { start: '000000010000000000000002', stop: '000000010000000000000003' },
    ...more,
  });
  const info = (code: number, ...backups: readonly unknown[]): string =>
    JSON.stringify([
      {
        name: 'ledger',
        backup: backups,
        archive: [{ id: '15-1', max: '000000010000000000000003', database: { id: 1, 'repo-key': 1 } }],
        repo: [{ key: 1, cipher: 'none', status: { code } }],
      },
    ]);

  test('pgBackRest: pages that failed their checksums are a failure; sizes are held against those of their kind', async () => {
    const day = 86_400;
    const text = info(
      0,
      backup('a', 'full', 1_700_000_000, { info: { size: 2000, delta: 2000 } }),
      backup('b', 'full', 1_700_000_000 + day),
      backup('c', 'diff', 1_700_000_000 + 2 * day, { error: true }),
    );
    expect((await runs(saying(text)))[PG]).toMatchObject({
      last_success: '2023-11-15T22:13:20Z',
      count: 2,
      last_failed: true,
      size_ratio: 0.5,
      encrypted: false,
    });
  });

  test('pgBackRest: a stanza that was never made, one without backups, one that could not be read', async () => {
    for (const code of [1, 2, 3])
      expect((await runs(saying(info(code))))[PG]).toMatchObject({ last_success: 'absent', count: 0, last_failed: false });
    expect((await runs(saying(info(99))))[PG]).toMatchObject({ last_success: { unknown: 'refused' }, encrypted: { unknown: 'refused' } });
  });

  test('pgBackRest: an archive that ends before the last backup does', async () => {
    const text = info(
      0,
      backup('a', 'full', 1_700_000_000, { archive: { start: '000000010000000000000002', stop: '000000010000000000000004' } }),
    );
    expect((await runs(saying(text)))[PG]?.['gap_free']).toBe(false);
  });

  test('a repository on another machine is not asked', async () => {
    const asked: string[] = [];
    const run: Host['run'] = async ({ id }) => {
      asked.push(id);
      return unknown('refused', id);
    };
    const found = await runs(run, {
      'etc/pgbackrest.conf': PGBACKREST.replace(
        '[ledger]',
        'repo2-type=s3\nrepo2-s3-bucket=b\nrepo2-s3-endpoint=s3.example.net\nrepo3-host=backup.example.net\n[ledger]',
      ),
      'etc/default/restic': 'RESTIC_REPOSITORY=s3:https://s3.example.net/b\nRESTIC_PASSWORD_FILE=/etc/restic/pass\n',
    });
    for (const id of ['pgbackrest ledger repo2', 'pgbackrest ledger repo3', 'restic s3:https://s3.example.net/b of etc/default/restic'])
      expect(found[id]?.['last_success']).toEqual({ unknown: 'not-collected' });
    expect(asked.filter((id) => OF_BACKUPS.test(id))).toEqual(['pgbackrest info']);
  });

  test('what stands in a configuration is never an option', async () => {
    const given: Readonly<Record<string, string>>[] = [];
    const run: Host['run'] = async ({ id }, values = {}) => {
      if (OF_BACKUPS.test(id)) given.push(values);
      return unknown('refused', id);
    };
    await runs(run, {
      'etc/default/restic': 'RESTIC_REPOSITORY=--password-command=id\nRESTIC_PASSWORD_FILE=/etc/restic/pass\n',
      'etc/borgmatic/config.yaml': 'source_directories: [/srv]\nrepositories:\n  - path: "--rsh=id"\n',
      'etc/pgbackrest.conf': PGBACKREST.replace('[ledger]', '[--cmd=id]'),
    });
    for (const values of given) for (const value of Object.values(values)) expect(value).toMatch(/^(?:\/|\d+$|--cmd=id$)/);
    // The table refuses that stanza: see test/world/host-command.test.ts.
  });

  test('snapshots of another machine do not count, nor those that none can be told of', async () => {
    const snapshots = (hostname: string): string =>
      JSON.stringify([{ time: '2026-11-26T01:00:00.5+08:00', id: 'a'.repeat(64), paths: ['/srv/ledger'], hostname }]);
    const id = 'restic /srv/restic of etc/default/restic';
    expect((await runs(saying(snapshots('ledger-1'))))[id]).toMatchObject({ last_success: '2026-11-25T17:00:00Z', count: 1 });
    expect((await runs(saying(snapshots('elsewhere'))))[id]?.['last_success']).toEqual({ unknown: 'unresolved' });
  });

  test('a plan is as fresh as the stalest of its paths', async () => {
    const text = JSON.stringify([
      { time: '2026-11-26T01:00:00Z', id: 'a'.repeat(64), paths: ['/srv/ledger'], hostname: 'ledger-1' },
      { time: '2026-10-01T01:00:00Z', id: 'b'.repeat(64), paths: ['/srv'], hostname: 'ledger-1' },
    ]);
    const unit = (paths: string): Readonly<Record<string, string>> => ({
      'etc/systemd/system/restic-b.service': `[Service]\nExecStart=restic -r /srv/restic --password-file /etc/p backup ${paths}\n`,
    });
    const last = async (paths: string): Promise<unknown> =>
      (await runs(saying(text), unit(paths)))['restic /srv/restic of etc/systemd/system/restic-b.service']?.['last_success'];
    expect(await last('/srv/ledger')).toBe('2026-11-26T01:00:00Z');
    expect(await last('/srv/ledger /srv/other/')).toBe('2026-10-01T01:00:00Z');
    expect(await last('/srv/ledger /home')).toBe('absent');
  });

  test('pgBackRest: no list of backups, and a time that is none', async () => {
    const without = JSON.stringify([{ name: 'ledger', repo: [{ key: 1, cipher: 'none', status: { code: 0 } }] }]);
    expect((await runs(saying(without)))[PG]).toMatchObject({ count: { unknown: 'unparseable' }, last_failed: { unknown: 'unparseable' } });
    expect((await runs(saying(info(0, backup('a', 'full', 1e300)))))[PG]?.['last_success']).toEqual({ unknown: 'unparseable' });
  });
});

describe('Barman’s catalogue', () => {
  const HOME = 'srv/barman/ledger';
  const done = (day: string, lastSegment: string): string =>
    `begin_time=2026-01-${day} 02:00:00+00:00\nbegin_wal=000000010000000000000003\nend_time=2026-01-${day} 02:10:00+00:00\nend_wal=${lastSegment}\nmode=postgres\nsize=1000\nstatus=DONE\nxlog_segment_size=16777216\n`;
  const CATALOGUE = {
    'etc/barman.conf': '[barman]\nbarman_home = /srv/barman\n[ledger]\nconninfo = host=ledger-db user=barman\n',
    [`${HOME}/base/20260101T020000/backup.info`]: done('01', '000000010000000000000004'),
    [`${HOME}/wals/xlog.db`]: '000000010000000000000003\t1\t1\tNone\n000000010000000000000004\t1\t1\tNone\n',
  };
  const told = async (files: Readonly<Record<string, string>>, look: StagedLook = {}): Promise<unknown> => {
    const directory = machine({ ...CATALOGUE, ...files });
    const { facts = {} } =
      ofKind(await collectHost(directory, 'staged', { run: async () => 'not-there', ...look }), 'backup.run')['barman ledger'] ?? {};
    return Object.fromEntries(['last_success', 'count', 'last_failed', 'gap_free'].map((name) => [name, plain(facts[name])]));
  };
  const GOOD = { last_success: '2026-01-01T02:10:00Z', count: 1, last_failed: false, gap_free: true };
  const FAILED = 'begin_time=None\nend_time=None\nerror=failure\nmode=postgres\nstatus=FAILED\n';

  test.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['as it should be', {}, GOOD],
    ['the last failed before it began', { [`${HOME}/base/20260102T020000/backup.info`]: FAILED }, { ...GOOD, last_failed: true }],
    [
      'entries lie together, as since 3.13.2, and one that failed has no other',
      {
        [`${HOME}/meta/20260101T020000-backup.info`]: done('01', '000000010000000000000004'),
        [`${HOME}/meta/20260102T020000-backup.info`]: FAILED,
      },
      { ...GOOD, last_failed: true },
    ],
    [
      'the archive ends before the backup does',
      { [`${HOME}/base/20260101T020000/backup.info`]: done('01', '000000010000000000000005') },
      { ...GOOD, gap_free: false },
    ],
    ['the archive of 3.13', { [`${HOME}/wals/ledger-xlog.db`]: '000000010000000000000003\t1\t1\tNone\n' }, { ...GOOD, gap_free: false }],
  ])('%s', async (_, files, expected) => {
    expect(await told(files)).toEqual(expected);
  });

  test('a backup that may not be seen may be a failed one', async () => {
    const why = unknown('access-denied', '/srv/barman/ledger/base/20260102T020000');
    const list: StagedLook['list'] = (path) =>
      path === '/srv/barman/ledger/base' ? Promise.resolve({ entries: [], unseen: [{ path: `${path}/20260102T020000`, why }] }) : undefined;
    const hidden = { unknown: 'access-denied' };
    expect(await told({}, { list })).toEqual({ last_success: hidden, count: hidden, last_failed: hidden, gap_free: hidden });
  });
});

describe('a timer whose unit asks for a file', () => {
  const unit = (condition: string): Readonly<Record<string, string>> => ({
    'etc/systemd/system/b.timer': '[Timer]\nOnCalendar=daily\n',
    'etc/systemd/system/b.service': `[Unit]\n${condition}\n[Service]\nExecStart=/usr/bin/${BACKUP}\n`,
  });
  test.each([
    ['ConditionPathExists=/etc/hostname', 24],
    ['ConditionPathExists=!/etc/no-backup', 24],
    ['ConditionPathExists=/etc/do-backup', { unknown: 'unresolved' }],
    ['ConditionPathExists=!/etc/hostname', { unknown: 'unresolved' }],
    ['ConditionPathExists=|/etc/hostname', { unknown: 'unresolved' }],
    ['ConditionHost=other', { unknown: 'unresolved' }],
  ])('%s', async (condition, expected) => {
    expect(await planFact(machine(unit(condition), ['b.timer']), 'interval')).toEqual(expected);
  });
});
