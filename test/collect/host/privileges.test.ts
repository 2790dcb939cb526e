import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { join } from 'node:path';
import type { TargetRecord } from '../../../src/model/resource.ts';
import { factsOfKind, layMachine, lookInside, pickFacts, type MachineFile } from '../../support/host.ts';

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

test.each<[string, Readonly<Record<string, MachineFile>>, string]>([
  [
    'su',
    { 'etc/pam.d/su': 'auth sufficient pam_rootok.so\nauth sufficient pam_wheel.so trust\n' },
    'unsupported su: pam_wheel trusts a group',
  ],
  ['a vendor', { 'usr/etc/sudoers': 'ALL ALL=(ALL) NOPASSWD: ALL\n' }, 'unsupported /usr/etc/sudoers: rules of another sudo'],
])('who is root may be settled elsewhere: %s', async (_, files, gap) => {
  const record = await sudoers('root ALL=(ALL) ALL\n', files);
  expect(gapsOf(record, 'privilege.rule')).toEqual([gap]);
  expect(pickFacts(record, 'identity.principal', 'superuser')['linux bob']).toEqual([{ unknown: 'unsupported' }]);
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
  ])('a password: %s', async (_, text, expected) => {
    const [rule] = Object.values(factsOfKind(await sudoers(`${text}\n`), 'privilege.rule'));
    expect(rule?.['password']).toEqual(expected);
  });
  test.each([
    ['/bin/sh', true],
    ['/bin/sh /opt/fixed.sh', false],
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
    expect(rule?.['escapable']).toBe(expected);
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
    const record = await sudoers('Defaults targetpw\nALL ALL=(ALL) ALL\n');
    expect(roots(record)).toEqual({ root: ['root by uid 0'], dan: ['root by group docker'] });
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
