import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Collected } from '../../src/collect/collector.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { Secret } from '../../src/world/secret.ts';
import { filesTarget, ofKind, plain } from '../support/collect.ts';
import { goldenFindings } from '../support/complete-findings.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import { available } from '../support/servers/available.ts';
import {
  barmanBackup,
  borgRepository,
  inventory,
  resticRepository,
  resticSnapshot,
  startBackedUpDatabase,
  type BackedUpDatabase,
} from '../support/servers/backup-repositories.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';
import { collectHost, stage } from '../support/staged-host.ts';

const PASS_PHRASE = 'canary-pass-phrase-7391';
/** A time as facts have it, without its seconds: what was just made is of now. */
const hour = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 13) : JSON.stringify(value));
const all = available('restic') && available('borg') && available('pgbackrest') && available('barman');

function runs(collected: Collected): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    Object.entries(ofKind(collected, 'backup.run')).map(([id, { facts }]) => [
      id,
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
    ]),
  );
}

function findingsOn(collected: Collected, asOf?: string): Promise<readonly Finding[]> {
  const record: TargetRecord = {
    target: { ...filesTarget(), kind: 'host' },
    ...collected,
    collectors: { host: '1' },
    collectedAt: new Date().toISOString(),
  };
  return verdictsOf({ record }, asOf);
}

/** What the rest of a machine comes to is the kernel's it runs on. */
function onBackups(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ kind }) => kind.startsWith('backup.'));
}

async function outcomes(collected: Collected, asOf?: string): Promise<readonly string[]> {
  return (await findingsOn(collected, asOf))
    .filter(({ control }) => /^BCK-0[2349]$/.test(control))
    .map(({ control, resource, outcome }) => `${control} ${resource} ${outcome}`)
    .toSorted();
}

describe.skipIf(!all)('backups of a machine, by their tools’ own reports', () => {
  let hardened = '';
  let weak = '';
  let database: BackedUpDatabase | undefined;
  let before: Readonly<Record<string, string>> = {};
  let seen: Collected;
  let seenWeak: Collected;

  beforeAll(async () => {
    hardened = temporaryDirectory('hardened-host');
    weak = temporaryDirectory('weak-host');
    for (const directory of [hardened, weak]) chmodSync(directory, 0o711);
    for (const directory of [hardened, weak]) {
      stage(directory, {
        'etc/hostname': `${hostname()}\n`,
        'etc/debian_version': '12.5\n',
        'etc/restic/pass': `${PASS_PHRASE}\n`,
        'srv/ledger/book': 'a'.repeat(100_000),
        'srv/small/book': 'a'.repeat(1000),
        'var/lib/dpkg/status': ['pgbackrest 2.45-1', 'barman 3.4.0-1', 'borgmatic 1.7.7-1']
          .map((line) => `Package: ${line.split(' ')[0]}\nStatus: install ok installed\nVersion: ${line.split(' ')[1]}\n\n`)
          .join(''),
      });
      mkdirSync(join(directory, 'etc/systemd/system/timers.target.wants'), { recursive: true });
      mkdirSync(join(directory, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
      symlinkSync('/lib/systemd/system/cron.service', join(directory, 'etc/systemd/system/multi-user.target.wants/cron.service'));
    }
    const pass = join(hardened, 'etc/restic/pass');
    database = await startBackedUpDatabase(hardened);
    database.pgbackrest('--type=full', 'backup');
    database.pgbackrest('--type=diff', 'backup');
    await barmanBackup(database);
    resticRepository(join(hardened, 'srv/restic'), pass, join(hardened, 'srv/ledger'), ['2026-01-02 02:00:00', undefined]);
    borgRepository(
      join(hardened, 'srv/borg'),
      'repokey-blake2',
      PASS_PHRASE,
      join(hardened, 'srv/ledger'),
      ['one@2026-01-02T02:00:00', 'two'],
      temporaryDirectory('borg-home'),
    );
    stage(hardened, {
      'etc/pgbackrest.conf': database.pgbackrestConf,
      'etc/barman.conf': database.barmanConf,
      'etc/borgmatic/config.yaml': `source_directories: [${hardened}/srv/ledger]\nrepositories:\n  - path: ${hardened}/srv/borg\nencryption_passcommand: cat ${pass}\nkeep_daily: 35\n`,
      'etc/systemd/system/restic-ledger.service': `[Service]\nType=oneshot\nExecStart=/usr/bin/restic -r ${hardened}/srv/restic --password-file ${pass} backup ${hardened}/srv/ledger\nExecStartPost=/usr/bin/restic -r ${hardened}/srv/restic --password-file ${pass} check\n`,
      'etc/systemd/system/restic-ledger.timer': '[Timer]\nOnCalendar=*-*-* 02:00\n[Install]\nWantedBy=timers.target\n',
      'etc/cron.d/backups': `30 1 * * 0 postgres pgbackrest --stanza=ledger --type=full backup
30 1 * * 1-6 postgres pgbackrest --stanza=ledger --type=diff backup
0 3 * * * barman /usr/bin/barman backup all
0 4 * * * root test -x /usr/bin/borgmatic && /usr/bin/borgmatic --syslog-verbosity 1
`,
    });
    symlinkSync('../restic-ledger.timer', join(hardened, 'etc/systemd/system/timers.target.wants/restic-ledger.timer'));

    const weakPass = join(weak, 'etc/restic/pass');
    resticRepository(join(weak, 'srv/restic'), weakPass, join(weak, 'srv/ledger'), ['2026-01-01 02:00:00', '2026-01-02 02:00:00']);
    // The source was gone in the night: what is stored of it is a hundredth of what was.
    resticRepository(join(weak, 'srv/shrunk'), weakPass, join(weak, 'srv/ledger'), ['2026-01-01 02:00:00']);
    writeFileSync(join(weak, 'srv/ledger/book'), 'a'.repeat(1000));
    resticSnapshot(join(weak, 'srv/shrunk'), weakPass, join(weak, 'srv/ledger'));
    borgRepository(join(weak, 'srv/plain'), 'none', '', join(weak, 'srv/ledger'), ['one'], temporaryDirectory('borg-home'));
    borgRepository(
      join(weak, 'srv/cut'),
      'repokey',
      PASS_PHRASE,
      join(weak, 'srv/ledger'),
      ['one@2026-01-02T02:00:00', 'two.checkpoint'],
      temporaryDirectory('borg-home'),
    );
    writeFileSync(join(weak, 'etc/restic/wrong'), 'not-the-pass-phrase\n');
    stage(weak, {
      'etc/default/restic-old': `RESTIC_REPOSITORY=${weak}/srv/restic\nRESTIC_PASSWORD_FILE=${weakPass}\n`,
      'etc/default/restic-shrunk': `RESTIC_REPOSITORY=${weak}/srv/shrunk\nRESTIC_PASSWORD_FILE=${weakPass}\n`,
      'etc/default/restic-wrong': `RESTIC_REPOSITORY=${weak}/srv/restic\nRESTIC_PASSWORD_FILE=${weak}/etc/restic/wrong\n`,
      'etc/default/restic-far': 'RESTIC_REPOSITORY=sftp:vault.example.net:/srv/restic\nRESTIC_PASSWORD_FILE=/etc/restic/pass\n',
      'etc/borgmatic.d/plain.yaml': `source_directories: [${weak}/srv/ledger]\nrepositories:\n  - path: ${weak}/srv/plain\n`,
      'etc/borgmatic.d/cut.yaml': `source_directories: [${weak}/srv/ledger]\nrepositories:\n  - path: ${weak}/srv/cut\nencryption_passcommand: cat ${weakPass}\n`,
      'etc/barman.conf': `[barman]\nbarman_home = ${weak}/srv/barman\n[ledger]\nconninfo = host=ledger-db user=barman\n[never]\nconninfo = host=ledger-db user=barman\n`,
      'srv/barman/ledger/base/20260101T020000/backup.info':
        'begin_time=2026-01-01 02:00:00+00:00\nbegin_wal=000000010000000000000003\nend_time=2026-01-01 02:10:00+00:00\nmode=postgres\nsize=1000\nstatus=DONE\nxlog_segment_size=16777216\n',
      'srv/barman/ledger/base/20260102T020000/backup.info':
        'begin_time=2026-01-02 02:00:00+00:00\nend_time=None\nerror=failure\nmode=postgres\nstatus=FAILED\n',
      'srv/barman/ledger/wals/xlog.db': '000000010000000000000003\t1\t1\tNone\n000000010000000000000005\t1\t1\tNone\n',
      'etc/cron.d/backups':
        '0 2 * * 1-5 root borgmatic -c /etc/borgmatic.d/cut.yaml create\n@reboot root borgmatic -c /etc/borgmatic.d/plain.yaml\n',
    });
    mkdirSync(join(weak, 'srv/barman/never/base'), { recursive: true });
    before = { ...inventory(hardened), ...inventory(weak) };
    seen = await collectHost(hardened);
    seenWeak = await collectHost(weak);
  }, 300_000);
  afterAll(async () => database?.daemon.stop());

  test('hardened: what every tool says of its repository', () => {
    const found = runs(seen);
    const now = new Date().toISOString().slice(0, 13);
    const earlier = new Date(Date.now() - 3_600_000).toISOString().slice(0, 13);
    for (const one of Object.values(found)) expect([now, earlier]).toContain(hour(one['last_success']));
    const fresh = 'now';
    expect(
      Object.fromEntries(Object.entries(found).map(([id, one]) => [id.replaceAll(hardened, ''), { ...one, last_success: fresh }])),
    ).toEqual({
      'barman ledger': {
        tool: 'barman',
        form: 'database',
        covers: ['ledger'],
        repository: `${hardened}/barman/ledger`,
        last_success: fresh,
        count: 1,
        last_failed: false,
        size_ratio: 'absent',
        verified: { unknown: 'not-collected' },
        encrypted: false,
        gap_free: true,
      },
      'borgmatic /srv/borg of etc/borgmatic/config.yaml': {
        tool: 'borgmatic',
        form: 'files',
        covers: [`${hardened}/srv/ledger`],
        repository: `${hardened}/srv/borg`,
        last_success: fresh,
        count: 2,
        last_failed: false,
        size_ratio: 1,
        verified: { unknown: 'not-collected' },
        encrypted: true,
        gap_free: 'absent',
      },
      'pgbackrest ledger repo1': {
        tool: 'pgbackrest',
        form: 'database',
        covers: ['ledger'],
        repository: `${hardened}/pgbackrest`,
        last_success: fresh,
        count: 2,
        last_failed: false,
        size_ratio: 'absent',
        verified: { unknown: 'not-collected' },
        encrypted: true,
        gap_free: true,
      },
      'restic /srv/restic of etc/systemd/system/restic-ledger.service': {
        tool: 'restic',
        form: 'files',
        covers: [`${hardened}/srv/ledger`],
        repository: `${hardened}/srv/restic`,
        last_success: fresh,
        count: 2,
        last_failed: false,
        size_ratio: 1,
        verified: { unknown: 'not-collected' },
        encrypted: true,
        gap_free: 'absent',
      },
    });
  });

  test('hardened: what starts each plan, and what its repository’s tool says of encryption', () => {
    expect(
      Object.fromEntries(
        Object.entries(ofKind(seen, 'backup.plan')).map(([id, { facts }]) => [id, [plain(facts['interval']), plain(facts['verified'])]]),
      ),
    ).toEqual({
      'barman ledger': [24, { unknown: 'unresolved' }],
      'etc/borgmatic/config.yaml': [24, true],
      'etc/pgbackrest.conf ledger': [24, { unknown: 'unresolved' }],
      'etc/systemd/system/restic-ledger.service': [24, true],
    });
    expect(plain(ofKind(seen, 'backup.plan')['etc/borgmatic/config.yaml']?.facts['repositories'])).toEqual([
      { location: `${hardened}/srv/borg`, off_site: false, encrypted: true, append_only: false },
    ]);
    expect(seen.coverage['backup.run']?.status).toBe('complete');
    expect(seen.coverage['backup.plan']?.status).toBe('complete');
  });

  test('Barman says the same of itself', () => {
    const told: unknown = JSON.parse(database?.barman('-f', 'json', 'list-backup', 'ledger') ?? '');
    const found = runs(seen)['barman ledger'];
    expect(told).toMatchObject({
      ledger: [{ status: 'DONE', end_time_timestamp: String(Math.floor(Date.parse(String(found?.['last_success'])) / 1000)) }],
    });
  });

  test('weak: old, shrunk, cut off, failed, unencrypted, not opened, elsewhere', () => {
    const found = runs(seenWeak);
    const TOLD = ['last_success', 'count', 'last_failed', 'size_ratio', 'encrypted', 'gap_free'];
    const of = (id: string): Readonly<Record<string, unknown>> => Object.fromEntries(TOLD.map((name) => [name, found[id]?.[name]]));
    const nothing = (cause: string): Readonly<Record<string, unknown>> =>
      Object.fromEntries(TOLD.map((name) => [name, { unknown: cause }]));
    expect(Object.keys(found).toSorted()).toEqual(
      [
        'barman ledger',
        'barman never',
        `borgmatic ${weak}/srv/cut of etc/borgmatic.d/cut.yaml`,
        `borgmatic ${weak}/srv/plain of etc/borgmatic.d/plain.yaml`,
        `restic ${weak}/srv/restic of etc/default/restic-old`,
        `restic ${weak}/srv/restic of etc/default/restic-wrong`,
        `restic ${weak}/srv/shrunk of etc/default/restic-shrunk`,
        'restic sftp:vault.example.net:/srv/restic of etc/default/restic-far',
      ].toSorted(),
    );
    expect(of('barman ledger')).toEqual({
      last_success: '2026-01-01T02:10:00Z',
      count: 1,
      last_failed: true,
      size_ratio: 'absent',
      encrypted: false,
      gap_free: false,
    });
    expect(of('barman never')).toEqual({
      last_success: 'absent',
      count: 0,
      last_failed: false,
      size_ratio: 'absent',
      encrypted: { unknown: 'not-collected' },
      gap_free: 'absent',
    });
    expect(of(`borgmatic ${weak}/srv/cut of etc/borgmatic.d/cut.yaml`)).toEqual({
      last_success: '2026-01-02T02:00:00Z',
      count: 1,
      last_failed: true,
      size_ratio: 'absent',
      encrypted: true,
      gap_free: 'absent',
    });
    expect(of(`borgmatic ${weak}/srv/plain of etc/borgmatic.d/plain.yaml`)).toEqual({ ...nothing('refused'), encrypted: false });
    expect(of(`restic ${weak}/srv/restic of etc/default/restic-old`)).toEqual({
      last_success: '2026-01-02T02:00:00Z',
      count: 2,
      last_failed: false,
      size_ratio: 1,
      encrypted: true,
      gap_free: 'absent',
    });
    expect(of(`restic ${weak}/srv/restic of etc/default/restic-wrong`)).toEqual(nothing('refused'));
    expect(of(`restic ${weak}/srv/shrunk of etc/default/restic-shrunk`)['size_ratio']).toBe(0.01);
    expect(of('restic sftp:vault.example.net:/srv/restic of etc/default/restic-far')).toEqual(nothing('not-collected'));
  });

  test('complete findings, and those of a month later', async () => {
    goldenFindings('backups-hardened', onBackups(await findingsOn(seen)), [hardened]);
    goldenFindings('backups-weak', onBackups(await findingsOn(seenWeak)), [weak]);
    const later = new Date(Date.now() + 30 * 86_400_000).toISOString();
    expect((await outcomes(seen, later)).filter((one) => one.startsWith('BCK-03')).every((one) => one.endsWith('fail'))).toBe(true);
  });

  test('a repository that is locked answers all the same', async () => {
    // Locks as the tools write them while they work: Borg's is a directory, restic's a file of the repository.
    mkdirSync(join(weak, 'srv/cut/lock.exclusive'));
    writeFileSync(join(weak, 'srv/cut/lock.exclusive', `${hostname()}@1.1-0`), '');
    const again = runs(await collectHost(weak));
    expect(again[`borgmatic ${weak}/srv/cut of etc/borgmatic.d/cut.yaml`]).toMatchObject({ count: 1, last_failed: true });
    rmSync(join(weak, 'srv/cut/lock.exclusive'), { recursive: true });
  });

  test('nothing was written: no lock, no cache, no changed time', () => {
    const settled = (list: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
      // The database runs on, and the locked repository is unlocked.
      Object.fromEntries(
        Object.entries(list).filter(
          ([path]) => !/\/socket\/|\/barman\/(?:ledger\/streaming|barman\.log|\.)|\/srv\/cut$|\/pgbackrest\/archive/.test(path),
        ),
      );
    expect(settled({ ...inventory(hardened), ...inventory(weak) })).toEqual(settled(before));
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('custos-scratch-'))).toEqual([]);
  });

  test('no pass phrase leaves the machine', () => {
    for (const collected of [seen, seenWeak]) {
      const text = JSON.stringify(collected);
      for (const canary of [PASS_PHRASE, 'canary-cipher-pass-5521', 'not-the-pass-phrase']) expect(text).not.toContain(canary);
    }
  });

  test('the pass phrase of the target is used where the configuration names no file, and is registered', async () => {
    stage(weak, { 'etc/default/restic-old': `RESTIC_REPOSITORY=${weak}/srv/restic\n` });
    const id = `restic ${weak}/srv/restic of etc/default/restic-old`;
    expect(runs(await collectHost(weak))[id]).toMatchObject({ last_success: { unknown: 'not-collected' } });
    const secret = async (): Promise<Secret> => new Secret(PASS_PHRASE);
    const given = await collectHost(weak, 'staged', { options: { password: '${env:PASS}' }, world: { secret } });
    expect(runs(given)[id]).toMatchObject({ last_success: '2026-01-02T02:00:00Z', count: 2 });
    expect(JSON.stringify(given)).not.toContain(PASS_PHRASE);
  });

  test('a machine that does not run: the configuration is the same, and no report is made up', async () => {
    const offline = await collectHost(hardened, 'root');
    // All but what a report tells of a repository's encryption.
    const plans = (collected: Collected): unknown =>
      Object.fromEntries(
        Object.entries(ofKind(collected, 'backup.plan')).map(([id, { facts }]) => [
          id,
          Object.entries(facts).flatMap(([name, fact]) => (name === 'repositories' ? [] : [[name, plain(fact)]])),
        ]),
      );
    expect(plans(offline)).toEqual(plans(seen));
    for (const [id, facts] of Object.entries(runs(offline)))
      if (!id.startsWith('barman'))
        expect(facts).toMatchObject({ last_success: { unknown: 'unsupported' }, last_failed: { unknown: 'unsupported' } });
  });

  test.skipIf(process.getuid?.() !== 0)('seen by nobody in particular: no fail turns into a pass', async () => {
    const high = new Set(await outcomes(seen));
    const highWeak = new Set(await outcomes(seenWeak));
    chmodSync(join(hardened, 'etc/pgbackrest.conf'), 0o600);
    chmodSync(join(hardened, 'etc/restic'), 0o700);
    process.seteuid?.(65_534);
    let low: readonly string[];
    let lowWeak: readonly string[];
    let coverage: string | undefined;
    try {
      const collected = await collectHost(hardened);
      coverage = collected.coverage['backup.run']?.status;
      low = await outcomes(collected);
      lowWeak = await outcomes(await collectHost(weak));
    } finally {
      process.seteuid?.(0);
    }
    expect(coverage).toBe('partial');
    for (const [above, after] of [
      [high, low],
      [highWeak, lowWeak],
    ] as const)
      for (const outcome of after) if (outcome.endsWith(' pass')) expect(above).toContain(outcome);
  });
});
