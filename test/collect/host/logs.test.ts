import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unknown, type Unknown } from '../../../src/model/fact.ts';
import type { Host } from '../../../src/world/host.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { collectHost, stage, type StagedLook } from '../../support/staged-host.ts';

/** Programs by what they write. */
function programs(written: Readonly<Record<string, string | Unknown>>): Host['run'] {
  return async ({ id }) => {
    const text = written[id];
    return text === undefined ? 'not-there' : typeof text === 'string' ? { text, exit: 0 } : text;
  };
}

function machine(
  files: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, number>> = {},
  enabled: readonly string[] = [],
): string {
  const directory = temporaryDirectory('logs');
  stage(directory, files);
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(directory, path), mode);
  const wants = join(directory, 'etc/systemd/system/multi-user.target.wants');
  mkdirSync(wants, { recursive: true });
  for (const name of enabled) symlinkSync(`/lib/systemd/system/${name}`, join(wants, name));
  return directory;
}

async function factsOf(directory: string, kind: string, id: string, look: StagedLook = {}): Promise<Readonly<Record<string, unknown>>> {
  const { facts = {} } = ofKind(await collectHost(directory, 'staged', { run: programs({}), ...look }), kind)[id] ?? {};
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]));
}

const AUDIT = {
  'etc/audit/auditd.conf':
    'local_events = yes\nwrite_logs = yes\nlog_file = /var/log/audit/audit.log\nspace_left_action = email\nadmin_space_left_action = halt\ndisk_full_action = halt\ndisk_error_action = halt\n',
  'etc/audit/rules.d/audit.rules': '-D\n-w /etc/passwd -p wa -k identity\n-e 2\n',
  'etc/audit/plugins.d/syslog.conf': 'active = no\n',
};
/** As auditctl 3.0 writes rules that are loaded. */
const LOADED = `-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/gshadow -p wa -k identity
-w /etc/sudoers -p wa -k identity
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -F key=time
-a always,exit -S all -F dir=/srv/ledger -F perm=wa -F key=ledger
-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -F key=privilege
`;
const status = (enabled: number, pid: number, lost: number): string =>
  `enabled ${enabled}\nfailure 1\npid ${pid}\nrate_limit 0\nbacklog_limit 8192\nlost ${lost}\nbacklog 0\nloginuid_immutable 0 unlocked\n`;

describe('the kernel’s audit', () => {
  const source = (
    run: Readonly<Record<string, string | Unknown>>,
    files: Readonly<Record<string, string>> = AUDIT,
  ): Promise<Readonly<Record<string, unknown>>> => factsOf(machine(files), 'log.source', 'etc/audit auditd', { run: programs(run) });

  test('what is loaded counts, not what the files would load', async () => {
    expect(await source({ 'auditctl -s': status(1, 611, 0), 'auditctl -l': LOADED })).toEqual({
      service: 'auditd',
      enabled: true,
      events: ['identity-files', 'privilege-use', 'time-change', 'ledger-paths'],
      fields: ['who', 'what', 'when', 'where', 'outcome'],
      host: '',
      channels: ['file:/var/log/audit/audit.log', 'file:/var/log/audit/*.log', 'file:/var/log/audit/*'],
      shipped_otherwise: { unknown: 'not-collected' },
      immutable: false,
      alarms_when_full: true,
      logs_parameters: 'absent',
    });
  });

  test('locked, switched off, without a daemon, without rules, with records lost', async () => {
    expect((await source({ 'auditctl -s': status(2, 611, 0), 'auditctl -l': LOADED }))['immutable']).toBe(true);
    expect((await source({ 'auditctl -s': status(0, 611, 0), 'auditctl -l': LOADED }))['enabled']).toBe(false);
    expect((await source({ 'auditctl -s': status(1, 0, 0), 'auditctl -l': LOADED }))['enabled']).toBe(false);
    expect((await source({ 'auditctl -s': status(1, 611, 0), 'auditctl -l': 'No rules\n' }))['events']).toEqual([]);
    expect((await source({ 'auditctl -s': status(1, 611, 17), 'auditctl -l': LOADED }))['alarms_when_full']).toBe(false);
  });

  test.each([
    ['not permitted', unknown('access-denied', 'auditctl: You must be root')],
    ['hangs', unknown('timed-out', 'auditctl: 10 s')],
  ])('%s: what files promise is not sure of a kernel that runs; what they lack is', async (_name, why) => {
    const denied = await source({ 'auditctl -s': why, 'auditctl -l': why });
    const offline = ofKind(await collectHost(machine(AUDIT), 'root'), 'log.source')['etc/audit auditd']?.facts ?? {};
    const files = Object.fromEntries(Object.entries(offline).map(([name, fact]) => [name, plain(fact)]));
    const still = { unknown: 'not-collected' }; // where nothing runs nothing records
    expect(files).toMatchObject({ enabled: still, immutable: still, alarms_when_full: still, events: [] });
    const unsure = { unknown: why.cause };
    expect(denied).toEqual({ ...files, enabled: unsure, immutable: unsure, alarms_when_full: unsure });
    const loose = { ...AUDIT, 'etc/audit/rules.d/audit.rules': '-D\n' };
    expect((await source({ 'auditctl -s': why, 'auditctl -l': why }, loose))['immutable']).toBe(false);
  });

  test('configured, and its programs are gone', async () => {
    expect((await source({}))['enabled']).toBe(false);
  });

  test.each([['nonsense'], [''], ['enabled many\npid x\nlost -3\n'], ['\u0000enabled 2']])(
    'a status of garbage is not known (%j)',
    async (text) => {
      const facts = await source({ 'auditctl -s': text, 'auditctl -l': LOADED });
      expect([facts['enabled'], facts['immutable']]).toEqual([{ unknown: 'unparseable' }, { unknown: 'unparseable' }]);
    },
  );

  test('rules of garbage leave open what is recorded', async () => {
    expect((await source({ 'auditctl -s': status(1, 611, 0), 'auditctl -l': 'what is this\n' }))['events']).toEqual(['…']);
  });

  test('a machine without it has a source that records nothing', async () => {
    expect(await source({}, { 'etc/hostname': 'plain\n' })).toMatchObject({
      service: 'auditd',
      enabled: false,
      events: [],
      immutable: false,
    });
  });
});

const JOURNALD = {
  'usr/lib/systemd/systemd-journald': '',
  'etc/systemd/journald.conf': '[Journal]\n#Storage=auto\n#ForwardToSyslog=yes\n',
};
const RSYSLOG = {
  'etc/rsyslog.conf': 'module(load="imuxsock")\n*.* action(type="omfile" file="/var/log/all")\n',
  'var/lib/dpkg/status': 'Package: rsyslog\nStatus: install ok installed\nVersion: 8.2302.0-1+deb12u2\n\n',
};

describe('the journal', () => {
  const sink = (files: Readonly<Record<string, string>>, enabled: readonly string[] = []): Promise<Readonly<Record<string, unknown>>> =>
    factsOf(machine(files, {}, enabled), 'log.sink', 'journald');

  test('in memory, and nobody else keeps its records', async () => {
    expect(await sink(JOURNALD)).toMatchObject({ form: 'journal', destination: '/run/log/journal', retention: 0, bounded: true });
  });

  test('on disk its size decides how long', async () => {
    expect(await sink({ ...JOURNALD, 'var/log/journal/m/system.journal': '' })).toMatchObject({
      destination: '/var/log/journal',
      retention: { unknown: 'unresolved' },
      readable_by_others: true,
      mode: '0644',
    });
  });

  test('a copy where rsyslog is started and gets it all', async () => {
    expect((await sink({ ...JOURNALD, ...RSYSLOG }, ['rsyslog.service']))['retention']).toBe('absent');
    expect((await sink({ ...JOURNALD, ...RSYSLOG }))['retention']).toBe(0);
  });

  test('drop-ins of all directories by their names, the nearer directory first; none of them seen by a build that shows no default', async () => {
    const files = {
      ...JOURNALD,
      'usr/lib/systemd/journald.conf.d/90-vendor.conf': '[Journal]\nStorage=none\n',
      'run/systemd/journald.conf.d/50-run.conf': '[Journal]\nStorage=volatile\n',
      'etc/systemd/journald.conf.d/10-own.conf': '[Journal]\nStorage=persistent\n',
    };
    expect((await sink(files))['destination']).toBe('none');
    expect((await sink({ ...files, 'etc/systemd/journald.conf.d/90-vendor.conf': '[Journal]\nStorage=persistent\n' }))['destination']).toBe(
      '/var/log/journal',
    );
    expect((await sink({ ...JOURNALD, 'etc/systemd/journald.conf': '' }))['destination']).toEqual({ unknown: 'unresolved' });
    for (const written of ['  Storage=none', 'Storage = none'])
      expect((await sink({ ...JOURNALD, 'etc/systemd/journald.conf.d/a.conf': `[Journal]\n${written}\n` }))['destination']).toBe('none');
    expect((await sink({ ...JOURNALD, 'etc/systemd/journald.conf.d/a.conf': 'Storage=sideways\n' }))['destination']).toEqual({
      unknown: 'unparseable',
    });
  });

  test('rsyslog takes nothing that the journal does not hand on, unless it reads the journal itself', async () => {
    const id = 'etc/rsyslog.conf /var/log/all';
    const takes = async (files: Readonly<Record<string, string>>, enabled: readonly string[] = ['rsyslog.service']): Promise<unknown> =>
      (await factsOf(machine(files, {}, enabled), 'log.sink', id))['takes'];
    const quiet = { ...JOURNALD, ...RSYSLOG, 'etc/systemd/journald.conf': '[Journal]\nForwardToSyslog=no\n' };
    expect(await takes({ ...JOURNALD, ...RSYSLOG })).toHaveLength(20);
    expect(await takes({ ...JOURNALD, ...RSYSLOG }, [])).toEqual(['…']); // nobody starts it
    expect(await takes(quiet)).toEqual([]);
    expect(await takes({ ...quiet, 'etc/systemd/journald.conf': '' })).toEqual(['…']);
    expect(await takes({ ...quiet, 'etc/rsyslog.conf': RSYSLOG['etc/rsyslog.conf'].replace('imuxsock', 'imjournal') })).toHaveLength(20);
  });

  test('uploaded where that is enabled', async () => {
    const upload = (
      text: string,
      enabled: readonly string[] = ['systemd-journal-upload.service'],
    ): Promise<Readonly<Record<string, unknown>>> =>
      factsOf(
        machine({ ...JOURNALD, 'var/log/journal/m/x': '', 'etc/systemd/journal-upload.conf': text }, {}, enabled),
        'log.sink',
        'systemd-journal-upload',
      );
    expect(await upload('[Upload]\nURL=https://logs.example.net\n')).toMatchObject({
      form: 'remote',
      destination: 'https://logs.example.net',
      encrypted: true,
      verifies_peer: true,
      buffered: true,
    });
    expect(await upload('[Upload]\nURL=https://logs.example.net\nTrustedCertificateFile=all\n')).toMatchObject({
      encrypted: true,
      verifies_peer: false,
    });
    expect(await upload('[Upload]\nURL=http://logs.example.net\n')).toMatchObject({ encrypted: false, verifies_peer: false });
    expect(await upload('[Upload]\n# URL=\n')).toMatchObject({
      destination: { unknown: 'unresolved' },
      encrypted: { unknown: 'unresolved' },
    });
    expect(await upload('[Upload]\nURL=https://logs.example.net\n', [])).toEqual({});
  });
});

describe('modes of log files', () => {
  const LOGROTATE =
    '/var/log/app/*.log {\n daily\n rotate 190\n create 0640 root adm\n}\n/var/log/plain {\n daily\n rotate 190\n create\n}\n';
  const modes = async (open: number): Promise<readonly unknown[]> => {
    const directory = machine(
      { 'etc/logrotate.conf': LOGROTATE, 'var/log/app/a.log': '', 'var/log/app/b.log': '', 'var/log/plain': '' },
      { 'var/log/app/a.log': 0o640, 'var/log/app/b.log': open, 'var/log/plain': open },
    );
    const found = ofKind(await collectHost(directory, 'root'), 'log.sink');
    return ['etc/logrotate.conf /var/log/app/*.log', 'etc/logrotate.conf /var/log/plain'].map((id) => [
      plain(found[id]?.facts['mode']),
      plain(found[id]?.facts['readable_by_others']),
    ]);
  };

  test('a file below a directory that is closed to others is not', async () => {
    const directory = machine(
      { 'etc/logrotate.conf': LOGROTATE, 'var/log/app/a.log': '' },
      { 'var/log/app/a.log': 0o644, 'var/log/app': 0o750 },
    );
    const sink = ofKind(await collectHost(directory, 'root'), 'log.sink')['etc/logrotate.conf /var/log/app/*.log'];
    expect(plain(sink?.facts['readable_by_others'])).toBe(false);
  });

  test('a file that is open is open, whatever new ones will be', async () => {
    expect(await modes(0o644)).toEqual([
      ['0644', true],
      ['0644', true],
    ]);
    expect(await modes(0o640)).toEqual([
      ['0640', false],
      ['0640', false],
    ]);
  });
});

test.each([
  [{}, []],
  [{ 'etc/rsyslog.conf': 'include(file="/etc/rsyslog.d/*.conf")\n' }, ['etc/rsyslog.conf', 'etc/rsyslog.d/20-ufw.conf']],
])('what packages leave for an rsyslog that is not there counts for nothing', async (main, looked) => {
  const directory = temporaryDirectory('no-rsyslog');
  stage(directory, { 'etc/rsyslog.d/20-ufw.conf': ':msg,contains,"[UFW " /var/log/ufw.log\n', ...main });
  const collected = await collectHost(directory, 'root');
  expect(collected.looked.filter(({ as }) => as === 'rsyslog').map(({ name }) => name)).toEqual(looked);
});
