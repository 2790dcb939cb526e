import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { join } from 'node:path';
import type { TargetRecord } from '../../../src/model/resource.ts';
import { unknown } from '../../../src/model/fact.ts';
import { privilegesPart } from '../../../src/collect/host/privileges.ts';
import type { Host } from '../../../src/world/host.ts';
import { factsOfKind, hostContext, layMachine, lookInside, pickFacts, type MachineFile } from '../../support/host.ts';

const base = temporaryDirectory('privileges');
let count = 0;

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
postgres:x:110:110::/var/lib/postgresql:/bin/bash
alice:x:1000:1000:Alice:/home/alice:/bin/bash
bob:x:1001:1001:Bob:/home/bob:/bin/bash
carol:x:1002:1002:Carol:/home/carol:/bin/bash
dan:x:1003:1003:Dan:/home/dan:/bin/bash
`;
const GROUP = `root:x:0:
daemon:x:1:
sudo:x:27:alice
ops:x:500:bob,carol
docker:x:501:dan
postgres:x:110:
alice:x:1000:
bob:x:1001:
carol:x:1002:
dan:x:1003:
`;
const NSS = 'passwd: files systemd\ngroup: files systemd\nshadow: files\n';

/** A machine with these files beside the usual accounts. */
function machine(files: Readonly<Record<string, MachineFile>>, options: Readonly<Record<string, string>> = {}): Promise<TargetRecord> {
  count += 1;
  const root = layMachine(join(base, String(count)), {
    'etc/passwd': PASSWD,
    'etc/group': GROUP,
    'etc/nsswitch.conf': NSS,
    'etc/hostname': 'ledger1\n',
    'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 ledger1.example.com ledger1\n',
    ...files,
  });
  return lookInside(`root:${root}`, options);
}
const sudoers = (text: string, more: Readonly<Record<string, MachineFile>> = {}): Promise<TargetRecord> =>
  machine({ 'etc/sudoers': { text, mode: 0o440 }, ...more });
/** Rules: as root, every command, amounts to it, with a password, to administrators only. */
const rules = (record: TargetRecord): Readonly<Record<string, readonly unknown[]>> =>
  pickFacts(record, 'privilege.rule', 'as_root', 'all_commands', 'escapable', 'password', 'administrators');
const gapsOf = (record: TargetRecord, kind: string): readonly string[] =>
  (record.coverage[kind]?.gaps ?? []).map(({ cause, detail }) => `${cause} ${detail}`);
/** Who is root in the end, and how. */
const roots = (record: TargetRecord): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(pickFacts(record, 'identity.principal', 'superuser', 'dangerous_rights')).flatMap(([id, [superuser, ways]]) =>
      superuser === false ? [] : [[id.replace('linux ', ''), superuser === true ? ways : superuser]],
    ),
  );

test.skipIf(process.getuid?.() !== 0)('a program that is not there is written by whoever may write its directory', async () => {
  const home = { 'home/alice/': { mode: 0o755, uid: 1000, gid: 1000 }, 'opt/': { mode: 0o755 }, 'tmp/': { mode: 0o1777 } };
  const record = await sudoers(
    'bob ALL=(root) /home/alice/bin/deploy\ncarol ALL=(root) /opt/none/deploy\ndan ALL=(root) /tmp/deploy\n',
    home,
  );
  expect(pickFacts(record, 'privilege.rule', 'escapable')).toEqual({
    'sudo bob /home/alice/bin/deploy': [true],
    'sudo carol /opt/none/deploy': [false],
    'sudo dan /tmp/deploy': [true],
  });
});

test('rights go by the number of a group, whatever its lines call it', async () => {
  const group = 'root:x:0:\nsudo:x:27:alice\nsudo:x:27:bob\nhelpers:x:27:carol\nengine:x:999:dan\ndocker:x:999:\n';
  const record = await sudoers('%sudo ALL=(ALL) ALL\n', { 'etc/group': group });
  expect(roots(record)).toMatchObject({
    alice: ['root by sudo'],
    bob: ['root by sudo'],
    carol: ['root by sudo'],
    dan: ['root by group docker'],
  });
});

test('who is root may be settled elsewhere: by a vendor', async () => {
  const record = await sudoers('root ALL=(ALL) ALL\n', { 'usr/etc/sudoers': 'ALL ALL=(ALL) NOPASSWD: ALL\n' });
  expect(gapsOf(record, 'privilege.rule')).toEqual(['unsupported /usr/etc/sudoers: rules of another sudo']);
  expect(pickFacts(record, 'identity.principal', 'superuser')['linux bob']).toEqual([{ unknown: 'unsupported' }]);
});

describe('su', () => {
  const SU = { 'usr/bin/su': { mode: 0o4755 } };
  const UNIX = 'auth required pam_unix.so\n';
  const su = (stack: string, more: Readonly<Record<string, MachineFile>> = SU): Promise<TargetRecord> =>
    machine({ 'etc/pam.d/su': `auth sufficient pam_rootok.so\n${stack}`, ...more });
  const none = { root: ['root by uid 0'], dan: ['root by group docker'] };
  const trusted = ['root by su without a password'];
  test.each<[string, string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a password', UNIX, none, []],
    ['a password of members', `auth required pam_wheel.so group=ops\n${UNIX}`, none, []],
    [
      'members are trusted',
      `auth sufficient pam_wheel.so trust group=ops\n${UNIX}`,
      { ...none, bob: trusted, carol: trusted },
      ['su %ops ALL'],
    ],
    [
      'all but members are',
      `auth sufficient pam_wheel.so trust deny group=ops\n${UNIX}`,
      { ...none, daemon: trusted, postgres: trusted, alice: trusted, dan: ['root by group docker', ...trusted] },
      ['su ALL,!%ops ALL'],
    ],
    ['everybody', `auth sufficient pam_permit.so\n${UNIX}`, { alice: trusted, bob: trusted, postgres: trusted }, ['su ALL ALL']],
    ['nobody refuses', 'auth required pam_permit.so\nauth sufficient pam_unix.so\n', { bob: trusted }, ['su ALL ALL']],
    ['nobody says yes', 'auth required pam_env.so\nauth sufficient pam_unix.so\n', none, []],
    [
      'Red Hat',
      'auth required pam_env.so\nauth sufficient pam_unix.so\nauth requisite pam_succeed_if.so uid >= 1000\nauth required pam_deny.so\n',
      none,
      [],
    ],
  ])('%s', async (_, stack, who, found) => {
    const record = await su(stack);
    expect(roots(record)).toMatchObject(who);
    if (who === none) expect(roots(record)).toEqual(none);
    expect(Object.keys(rules(record))).toEqual(found);
    for (const rule of Object.values(rules(record))) expect(rule.slice(0, 4)).toEqual([true, true, true, false]);
    expect(gapsOf(record, 'privilege.rule')).toEqual([]);
  });
  test('what another module says of an account leaves it open', async () => {
    const record = await su(`auth sufficient pam_succeed_if.so user ingroup ops use_uid\n${UNIX}`);
    expect(gapsOf(record, 'privilege.rule')).toEqual(['unresolved su: whether PAM asks for a password']);
    expect(roots(record)).toMatchObject({ bob: { unknown: 'unresolved' } });
  });
  test('by a stack of its own for `su -`', async () => {
    const record = await su(UNIX, { ...SU, 'etc/pam.d/su-l': 'auth sufficient pam_permit.so\n' });
    expect(roots(record)).toMatchObject({ bob: trusted });
  });
  test('who may run it is said by its file', async () => {
    const open = 'auth sufficient pam_permit.so\n';
    expect(roots(await su(open, {}))).toEqual(none);
    expect(roots(await su(open, { 'usr/bin/su': { mode: 0o755 } }))).toEqual(none);
  });
  test.skipIf(process.getuid?.() !== 0)('and by its group', async () => {
    const record = await su('auth sufficient pam_permit.so\n', { 'bin/su': { mode: 0o4750, gid: 500 } });
    expect(roots(record)).toEqual({ ...none, bob: trusted, carol: trusted });
  });
});

describe('names and numbers of sudo', () => {
  const twins = `${PASSWD}toor:x:0:0::/root:/bin/sh\ntwin:x:1001:1001::/home/bob:/bin/sh\n`;
  const sudo = ['root by sudo without a password'];
  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['a name in other capitals', 'Alice ALL=(ALL) NOPASSWD: ALL', { alice: sudo }],
    ['not where that is off', 'Alice ALL=(ALL) NOPASSWD: ALL\nDefaults !case_insensitive_user', {}],
    ['off for some', 'Alice ALL=(ALL) NOPASSWD: ALL\nDefaults:bob !case_insensitive_user', { alice: { unknown: 'unresolved' } }],
    ['a group in other capitals', '%OPS ALL=(ALL) NOPASSWD: ALL', { bob: sudo, carol: sudo }],
    ['not where that is off', 'Defaults !case_insensitive_group\n%OPS ALL=(ALL) NOPASSWD: ALL', {}],
    ['taken away in other capitals', 'ALL, !%OPS, !DAN ALL=(ALL) NOPASSWD: ALL', { daemon: sudo, postgres: sudo, alice: sudo, twin: sudo }],
    ['zeros before a number', '#01000 ALL=(ALL) NOPASSWD: ALL', { alice: sudo }],
    ['zeros before that of a group', '%#0500 ALL=(ALL) NOPASSWD: ALL', { bob: sudo, carol: sudo }],
    ['a second name of a number', 'bob ALL=(ALL) NOPASSWD: ALL', { bob: sudo, twin: sudo }],
    ['the name that sudo does not know', 'twin ALL=(ALL) NOPASSWD: ALL', {}],
    ['as a second name of root', 'bob ALL=(toor) NOPASSWD: ALL', { bob: sudo, twin: sudo }],
    ['as root in other capitals', 'alice ALL=(ROOT) NOPASSWD: ALL', { alice: sudo }],
    ['as the number of root', 'alice ALL=(#00) NOPASSWD: ALL', { alice: sudo }],
    ['as everybody but one name of root', 'alice ALL=(ALL,!root) NOPASSWD: ALL', { alice: sudo }],
    ['as everybody but the number of root', 'alice ALL=(ALL,!#0) NOPASSWD: ALL', { alice: ['root by account dan'] }],
    ['as the group of root', 'alice ALL=(%root) NOPASSWD: ALL', { alice: sudo }],
    ['as a number', 'alice ALL=(#1003) ALL', { alice: ['root by account dan'] }],
    ['as a number, and on', 'alice ALL=(#1002) ALL\ncarol ALL=(ALL) ALL', { alice: ['root by account carol'], carol: ['root by sudo'] }],
    ['as members of a group', 'alice ALL=(%docker) ALL', { alice: ['root by account dan'] }],
    ['as another by default', 'Defaults runas_default=postgres\nalice ALL=NOPASSWD: ALL', {}],
    ['as another by default, others only', 'Defaults:bob runas_default=postgres\nalice ALL=NOPASSWD: ALL', { alice: sudo }],
  ])('%s', async (_, text, expected) => {
    const record = await sudoers(`${text}\n`, { 'etc/passwd': twins });
    expect(roots(record)).toEqual({ root: ['root by uid 0'], toor: ['root by uid 0'], dan: ['root by group docker'], ...expected });
  });
  test('of a rule it is the same', async () => {
    const record = await sudoers('bob ALL=(toor) NOPASSWD: ALL\nbob ALL=(ROOT) /bin/a\nbob ALL=(:#0501) /bin/b\nbob ALL=(#1003) /bin/c\n', {
      'etc/passwd': twins,
    });
    expect(pickFacts(record, 'privilege.rule', 'as_root')).toEqual({
      'sudo bob (toor) NOPASSWD: ALL': [true],
      'sudo bob (ROOT) /bin/a': [true],
      'sudo bob (:#0501) /bin/b': [true],
      'sudo bob (#1003) /bin/c': [false],
    });
  });
  test('a name that another source of accounts may have may be one of root', async () => {
    const record = await sudoers('bob ALL=(app) ALL\nbob ALL=(postgres) ALL\n', {
      'etc/nsswitch.conf': 'passwd: files sss\ngroup: files\n',
    });
    expect(pickFacts(record, 'privilege.rule', 'as_root')).toEqual({
      'sudo bob (app) ALL': [{ unknown: 'unresolved' }],
      'sudo bob (postgres) ALL': [false],
    });
  });
});

describe('rules of sudo', () => {
  test('a rule of a part of it is one resource, with all that it says', async () => {
    const record = await sudoers('alice ALL=(root) NOPASSWD: /usr/bin/systemctl restart ledger\n');
    expect(record.coverage['privilege.rule']).toMatchObject({ status: 'complete', gaps: [] });
    expect(factsOfKind(record, 'privilege.rule')).toEqual({
      'sudo alice NOPASSWD: /usr/bin/systemctl restart ledger': {
        by: 'sudo',
        users: ['alice'],
        all_users: false,
        as_root: true,
        commands: ['/usr/bin/systemctl restart ledger'],
        all_commands: false,
        escapable: false,
        password: false,
        administrators: true,
        file_mode: '0440',
      },
    });
  });
  test('aliases, hosts, tags and what is inherited are resolved', async () => {
    const record = await sudoers(`
User_Alias OPS = %ops, !bob
Host_Alias LEDGER = ledger1, ledger2
Cmnd_Alias SHELLS = /bin/sh, /bin/bash
Runas_Alias DB = postgres
root ALL=(ALL:ALL) ALL
%sudo ALL=(ALL:ALL) ALL
OPS LEDGER=(DB) NOPASSWD: /usr/bin/createdb, PASSWD: SHELLS : other=ALL
bob ALL=ALL, !SHELLS
`);
    expect(rules(record)).toEqual({
      'sudo root (ALL) ALL': [true, true, true, true, true],
      'sudo %sudo (ALL) ALL': [true, true, true, true, true],
      'sudo %ops,!bob ledger1,ledger2 (postgres) NOPASSWD: /usr/bin/createdb': [false, false, false, false, false],
      'sudo %ops,!bob ledger1,ledger2 (postgres) /bin/sh, /bin/bash': [false, false, true, true, false],
      'sudo bob ALL, !/bin/sh, !/bin/bash': [true, false, true, true, false],
    });
  });
  test('the last rule that matches counts: what is said again below is without effect above', async () => {
    const record = await sudoers(`
%ops ALL=(ALL) NOPASSWD: ALL
alice ALL=(root) NOPASSWD: /bin/a, /bin/b
%ops ALL=(ALL) ALL
ALL ALL=(root) /bin/b, /bin/a
carol ALL=(ALL) !ALL
`);
    expect(Object.keys(rules(record))).toEqual(['sudo %ops (ALL) ALL', 'sudo ALL /bin/b, /bin/a']);
    expect(roots(record)).toMatchObject({ bob: ['root by sudo'] });
    expect(roots(record)).not.toHaveProperty('carol');
  });
  test.each([
    ['NOPASSWD', '%ops ALL=NOPASSWD: ALL', false],
    ['nothing', '%ops ALL=ALL', true],
    ['Defaults !authenticate', 'Defaults !authenticate\n%ops ALL=ALL', false],
    ['a tag goes before it', 'Defaults !authenticate\n%ops ALL=PASSWD: ALL', true],
    ['and a later setting', 'Defaults !authenticate\nDefaults authenticate\n%ops ALL=ALL', true],
    ['for one of them', 'Defaults:bob !authenticate\n%ops ALL=ALL', false],
    ['for somebody else', 'Defaults:alice !authenticate\n%ops ALL=ALL', true],
    ['for a netgroup', 'Defaults:+night !authenticate\n%ops ALL=ALL', { unknown: 'unresolved' }],
    ['for its runas', 'Defaults>root !authenticate\n%ops ALL=ALL', false],
    ['for another command', 'Defaults!/bin/ls !authenticate\n%ops ALL=/bin/cat', true],
    ['for one of all commands', 'Defaults!/bin/ls !authenticate\n%ops ALL=ALL', { unknown: 'unresolved' }],
    ['on another host', 'Defaults@other !authenticate\n%ops ALL=ALL', true],
    ['on a network', 'Defaults@10.0.0.0/8 !authenticate\n%ops ALL=ALL', { unknown: 'unresolved' }],
    ['exempt_group', 'Defaults exempt_group=ops\n%ops ALL=ALL', false],
    ['remembered for ever', 'Defaults timestamp_timeout=-1\n%ops ALL=ALL', false],
    ['not remembered', 'Defaults timestamp_timeout=0\n%ops ALL=ALL', true],
    ['remembered for ever for one', 'Defaults:bob timestamp_timeout=-1\n%ops ALL=ALL', false],
    ['remembered for ever for somebody else', 'Defaults:alice timestamp_timeout=-1\n%ops ALL=ALL', true],
    ['for one by number', 'Defaults:#01001 !authenticate\n%ops ALL=ALL', false],
    ['for a group by number', 'Defaults:%#500 !authenticate\nbob ALL=ALL', false],
    ['for another group', 'Defaults:%docker !authenticate\nbob ALL=ALL', true],
    ['for one in other capitals', 'Defaults:Bob !authenticate\nbob ALL=ALL', false],
    ['for all but him', 'Defaults:ALL,!bob !authenticate\nbob ALL=ALL', true],
    ['for all but another', 'Defaults:ALL,!alice !authenticate\nbob ALL=ALL', false],
    ['for its runas by number', 'Defaults>#0 !authenticate\n%ops ALL=ALL', false],
    ['for one of its runas', 'Defaults>postgres !authenticate\n%ops ALL=(ALL) ALL', false],
    ['for another runas', 'Defaults>postgres !authenticate\n%ops ALL=(dan) ALL', true],
    ['for him, and on again below', 'Defaults:bob !authenticate\nDefaults authenticate\nbob ALL=ALL', true],
    ['for a shell, whatever stands below', 'Defaults!/usr/bin/bash !authenticate\nDefaults authenticate\n%ops ALL=ALL', false],
    ['for its command, whatever stands below', 'Defaults!/bin/cat !authenticate\nDefaults authenticate\n%ops ALL=/bin/cat', false],
    ['for its directory', 'Defaults!/bin/ !authenticate\n%ops ALL=/bin/cat', false],
    ['for its file in another directory', 'Defaults!/bin/cat !authenticate\n%ops ALL=/usr/bin/cat', { unknown: 'unresolved' }],
    ['exempt_group goes before a tag', 'Defaults exempt_group=OPS\nbob ALL=PASSWD: ALL', false],
    ['exempt_group of others', 'Defaults exempt_group=docker\nbob ALL=PASSWD: ALL', true],
  ])('a password: %s', async (_, text, expected) => {
    const [rule] = Object.values(factsOfKind(await sudoers(`${text}\n`), 'privilege.rule'));
    expect(rule?.['password']).toEqual(expected);
  });
  test.each([
    ['/bin/sh', true],
    ['/bin/sh /opt/fixed.sh', false],
    ['/bin/bash -l', true],
    ['/bin/bash -x -o errexit /opt/fixed.sh', false],
    ['/bin/bash -o errexit', true],
    ['/bin/sh fixed.sh', true],
    ['/bin/sh -s', true],
    ['/bin/sh -c /opt/fixed.sh', false],
    ['/bin/sh -c "/bin/bash"', true],
    ['/bin/sh -c "systemctl restart ledger"', { unknown: 'unresolved' }],
    ['/bin/sh -c "/bin/cat /etc/issue > $HOME/x"', { unknown: 'unresolved' }],
    ['/usr/bin/python3 /opt/x.py', false],
    ['/usr/bin/python3 -i /opt/x.py', true],
    ['/usr/bin/python3 -m http.server', true],
    ['/usr/bin/python3 -c print', { unknown: 'unresolved' }],
    ['/usr/bin/awk -f /opt/x.awk', false],
    ['/usr/bin/ionice -c3 /bin/bash', true],
    ['/usr/bin/ionice -c 3 /opt/fixed', false],
    ['/usr/bin/env -i bash', true],
    ['/usr/bin/env -i A=b /opt/fixed', false],
    ['/usr/bin/env fixed', { unknown: 'unresolved' }],
    ['/usr/bin/nice -n 5 /usr/bin/ionice -c2 /bin/sh /opt/fixed.sh', false],
    ['/usr/bin/nice -n 5 /usr/bin/ionice -c2 /bin/sh', true],
    ['/usr/bin/flock /run/lock /opt/fixed', false],
    ['/usr/bin/chroot /srv/tree', true],
    ['/usr/bin/xargs /bin/kill', false],
    ['/usr/bin/xargs /bin/sh /opt/fixed.sh', true],
    ['/usr/bin/find /srv -name core -delete', false],
    ['/usr/bin/find /srv -exec /bin/sh {} +', true],
    ['/usr/bin/taskset', true],
    ['/usr/bin/taskset -c 0 bash', true],
    ['/usr/bin/ssh-agent', true],
    ['/usr/bin/ssh-agent -k', false],
    ['/usr/bin/run-parts', true],
    ['/usr/bin/run-parts /etc/ledger.d', false],
    ['/sbin/start-stop-daemon', true],
    ['/sbin/start-stop-daemon --start --exec /bin/sh', true],
    ['/sbin/start-stop-daemon --start --exec /opt/fixed', false],
    ['/usr/bin/sg ops', true],
    ['/usr/bin/sg ops -c /opt/fixed', false],
    ['/bin/busybox sh', true],
    ['/bin/busybox uptime', false],
    ['/usr/bin/java', true],
    ['/usr/bin/java -jar /opt/ledger.jar', false],
    ['/usr/bin/java -cp /opt/ledger.jar\\:lib Main', true],
    ['/usr/bin/java Main', true],
    ['/usr/bin/systemctl edit nginx', true],
    ['NOEXEC: /usr/bin/systemctl', true],
    ['/usr/bin/make', true],
    ['/usr/bin/make install', true],
    ['/usr/bin/make -C /opt/ledger install', false],
    ['/usr/bin/tar xf ledger.tar', true],
    ['/usr/bin/chmod 0640 /etc/issue', false],
    ['/usr/bin/rsync -a /srv/a/ /srv/b/', false],
    ['SETENV: /usr/bin/id', true],
    ['/usr/bin/id', false],
    ['/usr/bin/python3.11 ""', true],
    ['/usr/bin/vim /etc/hosts', true],
    ['/usr/bin/less /var/log/syslog', true],
    ['NOEXEC: /usr/bin/less /var/log/syslog', false],
    ['/usr/bin/systemctl', true],
    ['/usr/bin/systemctl restart ledger', false],
    ['/usr/bin/systemctl restart ledger*', true],
    ['/usr/bin/', true],
    ['/opt/ledger/bin/*', true],
    ['sudoedit /etc/hosts', false],
    ['sudoedit /etc/*', true],
    ['/usr/local/bin/rotate-ledger', false],
    ['/usr/bin/tee /etc/issue', false],
    ['/usr/bin/tee', true],
    ['/usr/bin/su - postgres', true],
    ['^/usr/bin/[a-z]+$', true],
  ])('%s amounts to every command: %s', async (command, expected) => {
    const [rule] = Object.values(factsOfKind(await sudoers(`bob ALL=${command}\n`), 'privilege.rule'));
    expect(rule?.['escapable']).toEqual(expected);
  });
  test.each([
    ['setenv', 'Defaults setenv', true],
    ['setenv for somebody', 'Defaults:bob setenv', true],
    ['off again', 'Defaults setenv\nDefaults !setenv', false],
    ['a variable of the loader is kept', 'Defaults env_keep += "LANG LD_PRELOAD"', true],
    ['another is', 'Defaults env_keep += "LANG LC_ALL"', false],
    ['it is taken out', 'Defaults env_keep -= LD_PRELOAD', false],
  ])('an environment that is handed over amounts to every command: %s', async (_, text, expected) => {
    const [rule] = Object.values(factsOfKind(await sudoers(`${text}\nbob ALL=/usr/bin/id\n`), 'privilege.rule'));
    expect(rule?.['escapable']).toBe(expected);
  });
  test.skipIf(process.getuid?.() !== 0).each([
    ['a script', '/bin/sh /home/carol/deploy.sh', true],
    ['a script through wrappers', '/usr/bin/nice -n 5 /bin/sh /home/carol/deploy.sh', true],
    ['a program behind a wrapper', '/usr/bin/nice -n 5 /home/carol/deploy.sh', true],
    ['a script by `-c`', '/bin/sh -c /home/carol/deploy.sh', true],
    ['a script of Python', '/usr/bin/python3 /home/carol/x.py', true],
    ['modules beside it', '/usr/bin/python3 /tmp/root.py', true],
    ['a script beside others, which no shell reads', '/bin/sh /tmp/root.py', false],
    ['an archive of classes', '/usr/bin/java -jar /home/carol/x.jar', true],
    ['a directory of scripts', '/usr/bin/run-parts /home/carol', true],
    ['a tree that is copied', '/usr/bin/rsync -a /home/carol/ /etc/', true],
    ['a file that is written', '/usr/bin/tee /home/carol/x', true],
    ['a file whose owner changes', '/usr/bin/chown carol /home/carol/x', true],
    ['a tree whose owner changes', '/usr/bin/chown -R carol /home/carol', false],
    ['what is made there', '/usr/bin/make -C /home/carol', true],
    ['an argument of another program', '/usr/bin/nice /opt/run /home/carol/x', false],
    ['a program itself', '/home/carol/run', true],
  ])('what somebody else than root may change, a command hands over: %s', async (_, command, expected) => {
    const record = await sudoers(`bob ALL=${command}\n`, {
      'home/carol/': { mode: 0o755, uid: 1002, gid: 1002 },
      'home/carol/deploy.sh': { mode: 0o755, uid: 0 },
      'tmp/': { mode: 0o1777 },
      'tmp/root.py': { mode: 0o644 },
      'opt/run': { mode: 0o755 },
    });
    expect(Object.values(pickFacts(record, 'privilege.rule', 'escapable'))).toEqual([[expected]]);
  });
  test('a script that may not be looked at leaves it open', async () => {
    const closed = (host: Host): Host => ({
      ...host,
      stat: async (path, ...more) => (path === '/srv/x.sh' ? unknown('access-denied', path) : host.stat(path, ...more)),
    });
    const directory = layMachine(join(base, 'closed'), {
      'etc/passwd': PASSWD,
      'etc/group': GROUP,
      'etc/nsswitch.conf': NSS,
      'etc/sudoers': 'bob ALL=/bin/sh /srv/x.sh\n',
      'srv/': {},
    });
    const { resources } = await privilegesPart.read(hostContext(directory, closed));
    expect(resources.map(({ facts }) => facts['escapable'])).toMatchObject([{ state: 'unknown' }]);
  });
  test.each<[string, string, readonly string[]]>([
    ['as root, then as everybody', 'bob ALL=(root) NOPASSWD: ALL\nbob ALL=(ALL) PASSWD: ALL', ['root by sudo']],
    ['one command', 'bob ALL=(root) NOPASSWD: /bin/sh\nbob ALL=(ALL) PASSWD: /bin/sh', ['root by sudo']],
    [
      'as everybody, then as root',
      'bob ALL=(ALL) NOPASSWD: ALL\nbob ALL=(root) PASSWD: ALL',
      ['root by sudo without a password', 'root by sudo'],
    ],
    [
      'with a group that the later one leaves out',
      'bob ALL=(root:ops) NOPASSWD: ALL\nbob ALL=(ALL) PASSWD: ALL',
      ['root by sudo without a password', 'root by sudo'],
    ],
    ['on a network only', 'bob ALL=(root) NOPASSWD: ALL\nbob 10.0.0.0/8=(ALL) PASSWD: ALL', ['root by sudo without a password', '…']],
  ])('a rule that one below overrules is none: %s', async (_, text, expected) => {
    expect(roots(await sudoers(`${text}\n`))).toMatchObject({ bob: expected });
  });
  test('a program that others may change amounts to every command', async () => {
    const record = await sudoers('bob ALL=/opt/a/run, /opt/b/run\ncarol ALL=/opt/b/run, /opt/missing\n', {
      'opt/a/run': { text: '#!/bin/sh\n', mode: 0o755, uid: 1001, gid: 1001 },
      'opt/b/run': { text: '#!/bin/sh\n', mode: 0o755 },
    });
    expect(pickFacts(record, 'privilege.rule', 'escapable')).toEqual({
      'sudo bob /opt/a/run, /opt/b/run': [true],
      'sudo carol /opt/b/run, /opt/missing': [false],
    });
    expect(roots(record)).toMatchObject({ bob: ['root by sudo'] });
    expect(roots(record)).not.toHaveProperty('carol');
  });
  test('custos.yaml says who administers', async () => {
    const files = { 'etc/sudoers': { text: '%ops ALL=ALL\n', mode: 0o440 } };
    const duties = JSON.stringify({ administer: ['group ops'] });
    expect(pickFacts(await machine(files), 'privilege.rule', 'administrators')).toEqual({ 'sudo %ops ALL': [false] });
    expect(pickFacts(await machine(files, { duties }), 'privilege.rule', 'administrators')).toEqual({ 'sudo %ops ALL': [true] });
  });
});

test.each<[string, string, string, unknown]>([
  ['its own', 'ledger1', '127.0.1.1 ledger1', true],
  ['another', 'other', '127.0.1.1 ledger1', false],
  ['the resolver says', 'ledger1', '', { unknown: 'unresolved' }],
  ['the resolver may say', 'other', '', { unknown: 'unresolved' }],
  // Debian’s sudo takes the first name: tried.
  ['it is called otherwise', 'ledger1', '127.0.0.1 localhost ledger1', { unknown: 'unresolved' }],
  ['what it is called', 'localhost', '127.0.0.1 localhost ledger1', { unknown: 'unresolved' }],
  ['with a domain', 'ledger1.example.com', '127.0.1.1 ledger1', { unknown: 'unresolved' }],
  ['of a network', '10.0.0.0/8', '127.0.1.1 ledger1', { unknown: 'unresolved' }],
])('a rule for a host: %s', async (_, name, hosts, expected) => {
  const record = await sudoers(`bob ${name} = ALL\n`, { 'etc/hosts': `${hosts}\n` });
  expect(pickFacts(record, 'identity.principal', 'superuser')['linux bob']).toEqual([expected]);
});

describe('what sudo includes', () => {
  test('names with a dot or a tilde at their end are not read; the others in their order', async () => {
    const record = await sudoers('@includedir /etc/sudoers.d\n#include extra\n', {
      'etc/sudoers.d/20-b': { text: 'bob ALL=/bin/b\n', mode: 0o440 },
      'etc/sudoers.d/10-a': { text: 'alice ALL=/bin/a\n', mode: 0o640 },
      'etc/sudoers.d/30.conf': 'carol ALL=ALL\n',
      'etc/sudoers.d/40~': 'carol ALL=ALL\n',
      'etc/extra': { text: 'dan ALL=/bin/d\n', mode: 0o440 },
    });
    expect(pickFacts(record, 'privilege.rule', 'file_mode')).toEqual({
      'sudo alice /bin/a': ['0640'],
      'sudo bob /bin/b': ['0440'],
      'sudo dan /bin/d': ['0440'],
    });
    expect(gapsOf(record, 'privilege.rule')).toEqual([]);
  });
  test.each([
    ['a loop', '@include /etc/sudoers\n', 'unresolved include loop: /etc/sudoers'],
    ['a file that is not there', '@include /etc/other\n', 'unresolved include /etc/other'],
    ['the name of the host', '@include /etc/sudoers.%h\n', 'unresolved include /etc/sudoers.%h'],
    ['a line that is none', 'alice\n', 'unparseable sudoers: a name is missing'],
    ['a program that knows groups', 'Defaults group_plugin="group_file.so /etc/other"\n', 'unsupported sudoers: group_plugin'],
    ['a binary', 'alice ALL=ALL\0\n', 'unparseable /etc/sudoers: not a text'],
  ])('%s leaves open who is root', async (_, text, gap) => {
    const record = await sudoers(text);
    expect(gapsOf(record, 'privilege.rule')).toEqual([gap]);
    expect(record.coverage['privilege.rule']?.status).toBe('partial');
    const { bob, root } = roots(record);
    expect([root, bob]).toEqual([['root by uid 0', '…'], { unknown: gap.split(' ')[0] }]);
  });
  test('other sources of rules, and another policy, leave it open, too', async () => {
    const record = await sudoers('', {
      'etc/nsswitch.conf': `${NSS}sudoers: files [NOTFOUND=continue] sss\n`,
      'etc/sudo.conf': 'Plugin sudoers_policy sudoers.so\nPlugin policy other.so\n',
    });
    expect(gapsOf(record, 'privilege.rule')).toEqual(['unsupported sudoers: rules of sss', 'unsupported sudo.conf: Plugin policy']);
  });
  test('more than can be read is said', { timeout: 60_000 }, async () => {
    const record = await sudoers('bob ALL=(root) /bin/ls\n'.repeat(200_000) + 'x ALL=ALL\n'.repeat(20_000));
    expect(gapsOf(record, 'privilege.rule')).toContain('unsupported sudoers: more than 200000 rules');
    const huge = await sudoers('x'.repeat(9 * 1024 * 1024));
    expect(gapsOf(huge, 'privilege.rule')).toEqual(['unsupported /etc/sudoers: larger than 8388608 bytes']);
    expect(roots(huge)).toMatchObject({ bob: { unknown: 'unsupported' } });
  });
  test('a hundred thousand rules of their own are bounded', { timeout: 60_000 }, async () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `u${index} ALL=(root) /bin/a${index}\n`).join('');
    const record = await sudoers(`${text}bob ALL=ALL\n`);
    expect(Object.keys(rules(record))).toHaveLength(5000);
    expect(gapsOf(record, 'privilege.rule')).toEqual(['unsupported privileges: more than 5000 rules']);
    // Who is root is worked out of all of them.
    expect(roots(record)).toMatchObject({ bob: ['root by sudo'] });
    expect(roots(record)).not.toHaveProperty('carol');
  });
});

describe('who is root in the end', () => {
  test('more commands of one account than are told apart leave it open; everything is found all the same', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => `/bin/a${index}`).join(', ');
    expect(roots(await sudoers(`bob ALL=${many}\ncarol ALL=${many}, ALL\n`))).toMatchObject({
      bob: { unknown: 'unresolved' },
      carol: ['root by sudo', '…'],
    });
  });
  test('by number, group, rule, another account, and any chain of them', async () => {
    const record = await sudoers(
      `%sudo ALL=(ALL) ALL
bob ALL=(postgres) ALL
postgres ALL=(dan) /bin/bash
carol ALL=(postgres) /usr/bin/psql -c "select 1"
`,
      { 'etc/passwd': `${PASSWD}toor:x:0:0::/root:/bin/sh\n`, 'etc/shadow': 'root:*:20000::::::\n' },
    );
    expect(roots(record)).toEqual({
      root: ['root by uid 0'],
      toor: ['root by uid 0'],
      alice: ['root by sudo'],
      dan: ['root by group docker'],
      postgres: ['root by account dan'],
      bob: ['root by account dan'],
      // psql hands out a shell whatever it is told.
      carol: ['root by account dan'],
    });
    expect(pickFacts(record, 'identity.principal', 'member_of', 'rights')).toMatchObject({
      'linux alice': [['alice', 'sudo'], ['sudo ALL']],
      'linux bob': [
        ['bob', 'ops', 'postgres', 'dan'],
        ['sudo (postgres) ALL', 'sudo (dan) /bin/bash'],
      ],
      'linux dan': [['dan', 'docker'], []],
      'linux root': [['root'], ['uid 0']],
    });
  });
  test('the password of root makes nobody root who does not know it', async () => {
    const none = { root: ['root by uid 0'], dan: ['root by group docker'] };
    expect(roots(await sudoers('Defaults targetpw\nALL ALL=(ALL) ALL\n'))).toEqual(none);
    expect(roots(await sudoers('Defaults targetpw\nDefaults:bob !targetpw\nALL ALL=(ALL) ALL\n'))).toEqual({
      ...none,
      bob: ['root by sudo'],
    });
  });
  test.each<[string, string, unknown]>([
    ['a password', 'auth required pam_unix.so', true],
    ['everybody is let in', 'auth sufficient pam_permit.so\nauth required pam_unix.so', false],
    ['root alone is', 'auth sufficient pam_rootok.so\nauth required pam_unix.so', true],
    ['a code', 'auth required pam_google_authenticator.so', true],
    ['a code of those who have set one up', 'auth required pam_google_authenticator.so nullok', { unknown: 'unresolved' }],
    [
      'members of a group are let in',
      'auth sufficient pam_succeed_if.so user ingroup ops\nauth required pam_unix.so',
      { unknown: 'unresolved' },
    ],
    ['nothing refuses', 'auth required pam_permit.so\nauth sufficient pam_unix.so', false],
    ['a line that is none', 'auht required pam_unix.so', { unknown: 'unresolved' }],
    ['some are passed over', 'auth required pam_sss.so ignore_unknown_user\nauth required pam_permit.so', { unknown: 'unresolved' }],
    [
      'Red Hat',
      `auth required pam_env.so
auth required pam_faildelay.so delay=2000000
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth [default=1 ignore=ignore success=ok] pam_localuser.so
auth sufficient pam_unix.so nullok
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth sufficient pam_sss.so forward_pass
auth required pam_deny.so`,
      true,
    ],
    [
      'Arch',
      `auth required pam_faillock.so preauth
-auth [success=2 default=ignore] pam_systemd_home.so
auth [success=1 default=bad] pam_unix.so try_first_pass nullok
auth [default=die] pam_faillock.so authfail
auth optional pam_permit.so
auth required pam_env.so
auth required pam_faillock.so authsucc`,
      true,
    ],
    ['SUSE', 'auth required pam_env.so\nauth optional pam_gnome_keyring.so\nauth required pam_unix.so try_first_pass', true],
  ])('sudo asks by PAM: %s', async (_, stack, expected) => {
    const record = await sudoers('bob ALL=(ALL) PASSWD: ALL\n', { 'etc/pam.d/sudo': `${stack}\n` });
    expect(Object.values(pickFacts(record, 'privilege.rule', 'password'))).toEqual([[expected]]);
    expect(roots(record)).toMatchObject({ bob: [expected === false ? 'root by sudo without a password' : 'root by sudo'] });
  });
  test('by a stack that a setting names, too', async () => {
    const open = { 'etc/pam.d/sudo': 'auth required pam_unix.so\n', 'etc/pam.d/open': 'auth required pam_permit.so\n' };
    const record = await sudoers('Defaults:bob pam_service=open\nbob ALL=(ALL) ALL\n', open);
    expect(Object.values(pickFacts(record, 'privilege.rule', 'password'))).toEqual([[false]]);
  });
  test('a group of a directory service may have anybody in it', async () => {
    const record = await sudoers('%admins ALL=ALL\n', { 'etc/nsswitch.conf': 'passwd: files sss\ngroup: files sss\n' });
    expect(roots(record)).toMatchObject({
      alice: { unknown: 'unresolved' },
      bob: { unknown: 'unresolved' },
      dan: ['root by group docker', '…'],
    });
    expect(gapsOf(record, 'identity.principal')).toEqual(['unsupported passwd: accounts of sss']);
  });
  test('duties are held by groups and rights', async () => {
    const duties = JSON.stringify({ approve: ['group ops'], administer: ['sudo ALL'] });
    const record = await machine({ 'etc/sudoers': '%sudo ALL=(ALL) ALL\n' }, { duties });
    expect(pickFacts(record, 'identity.principal', 'duties')).toMatchObject({
      'linux alice': [['approve', 'administer']], // whoever is root may do everything
      'linux bob': [['approve']],
      'linux daemon': [[]],
    });
  });
});

describe('doas and polkit', () => {
  test('the last rule of doas that matches counts', async () => {
    const record = await machine({
      'etc/doas.conf': {
        text: `permit persist :ops
permit nopass setenv { A=b -C } alice as root cmd /usr/bin/systemctl args restart ledger
permit nopass bob as postgres cmd /usr/bin/createdb args
deny carol
`,
        mode: 0o400,
      },
    });
    expect(rules(record)).toEqual({
      'doas %ops (ALL) ALL': [true, true, true, true, false],
      'doas alice /usr/bin/systemctl restart ledger': [true, false, false, false, true],
      'doas bob (postgres) /usr/bin/createdb ""': [false, false, false, false, false],
    });
    expect(roots(record)).toEqual({ root: ['root by uid 0'], bob: ['root by doas'], dan: ['root by group docker'] });
  });
  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['as a second name of root', 'permit nopass alice as toor', { alice: ['root by doas without a password'] }],
    ['by a second name of his number', 'permit twin', { bob: ['root by doas'], twin: ['root by doas'] }],
    ['overruled', 'permit nopass alice as root\npermit alice', { alice: ['root by doas'] }],
  ])('names and numbers of doas: %s', async (_, text, expected) => {
    const record = await machine({
      'etc/doas.conf': `${text}\n`,
      'etc/passwd': `${PASSWD}toor:x:0:0::/root:/bin/sh\ntwin:x:1001:1001::/home/bob:/bin/sh\n`,
    });
    expect(roots(record)).toEqual({ root: ['root by uid 0'], toor: ['root by uid 0'], dan: ['root by group docker'], ...expected });
  });
  test('a line of doas that is none is a gap', async () => {
    expect(gapsOf(await machine({ 'etc/doas.conf': 'allow alice\n' }), 'privilege.rule')).toEqual([
      'unparseable doas.conf: a line that is no rule',
    ]);
  });
  test('polkit names administrators; its programs are not run', async () => {
    const rule = 'polkit.addAdminRule(function(action, subject) {\n    return ["unix-group:ops", "unix-user:alice"];\n});\n';
    const record = await machine({
      'usr/bin/pkexec': { mode: 0o4755 },
      'etc/polkit-1/rules.d/40-ops.rules': `// ours\n${rule}`,
      'usr/share/polkit-1/rules.d/50-default.rules': rule.replace('ops', 'sudo'),
      'usr/share/polkit-1/rules.d/60-x.rules': 'polkit.addRule(function(a, s) { return polkit.Result.YES; });\n',
    });
    expect(rules(record)).toEqual({ 'polkit %ops,alice ALL': [true, true, true, true, false] });
    expect(gapsOf(record, 'privilege.rule')).toEqual(['unsupported polkit: /usr/share/polkit-1/rules.d/60-x.rules is a program']);
    expect(roots(record)).toMatchObject({ bob: ['root by polkit', '…'], postgres: { unknown: 'unsupported' } });
  });
  test('where polkit is not installed, its rules are none', async () => {
    const record = await machine({ 'etc/polkit-1/rules.d/x.rules': 'polkit.addRule(x)' });
    expect([rules(record), gapsOf(record, 'privilege.rule')]).toEqual([{}, []]);
  });
});

test('what is secret in a command line is not told', async () => {
  const record = await sudoers(
    'bob ALL = NOPASSWD: /usr/bin/curl -u backup\\:c4nary-one https\\://x\nbob ALL = NOPASSWD: /usr/bin/curl -u backup\\:c4nary-two https\\://x\n',
  );
  expect(Object.keys(rules(record))).toHaveLength(1);
  expect(JSON.stringify(record)).not.toContain('c4nary');
});

test('a file that is no sudoers shows nothing of what it holds', async () => {
  const record = await sudoers('bob ALL = ALL\nroot:c4nary-hash:19000:0:99999:7:::\n');
  expect(gapsOf(record, 'privilege.rule')).not.toEqual([]);
  expect(JSON.stringify(record)).not.toContain('c4nary');
});
