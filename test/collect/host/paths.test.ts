import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import type { TargetRecord } from '../../../src/model/resource.ts';
import { factsOfKind, layMachine, lookInside, type MachineFile } from '../../support/host.ts';

const base = temporaryDirectory('paths');
let count = 0;

const MACHINE: Readonly<Record<string, MachineFile>> = {
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
  'etc/passwd': `root:x:0:0::/root:/bin/bash
redis:x:107:107::/var/lib/redis:/usr/sbin/nologin
alice:x:1000:1000::/home/alice:/bin/bash
bob:x:1001:1001::/home/bob:/bin/bash
`,
  'etc/group': 'root:x:0:\nadm:x:4:bob\nsudo:x:27:alice\nshadow:x:42:\nssl-cert:x:112:redis\nalice:x:1000:\nbob:x:1001:\n',
  'etc/shadow': { text: 'root:!:::::::\nalice:$y$a$b$c:::::::\nbob:$y$a$b$c:::::::\n', mode: 0o640, gid: 42 },
};

function lay(files: Readonly<Record<string, MachineFile>>): string {
  count += 1;
  return layMachine(join(base, String(count)), { ...MACHINE, ...files });
}
const machine = (files: Readonly<Record<string, MachineFile>>): Promise<TargetRecord> => lookInside(`root:${lay(files)}`);
/** Of a path: read by others, written by others, its group writes, its group are people, its owner is the system’s. */
async function bits(files: Readonly<Record<string, MachineFile>>, path: string): Promise<readonly unknown[]> {
  const facts = factsOfKind(await machine(files), 'host.path')[path] ?? {};
  return ['readable_by_others', 'writable_by_others', 'group_can_write', 'group_of_people', 'owned_by_system'].map((name) => facts[name]);
}

test('a path is told with all that decides', async () => {
  const record = await machine({});
  expect(record.coverage['host.path']).toMatchObject({ status: 'complete', gaps: [] });
  expect(factsOfKind(record, 'host.path')['/etc/shadow']).toEqual({
    path: '/etc/shadow',
    role: 'credentials',
    mode: '0640',
    owner: 'root',
    group: 'shadow',
    readable_by_others: false,
    writable_by_others: false,
    group_can_write: false,
    group_of_people: false,
    owned_by_system: true,
    expected: 'absent',
    directory: false,
    size: 56,
  });
});

describe.skipIf(process.getuid?.() !== 0)('who may read and change a file', () => {
  const log = (mode: number, uid = 0, gid = 0): Readonly<Record<string, MachineFile>> => ({ 'var/log/a.log': { mode, uid, gid } });
  test.each<[string, Readonly<Record<string, MachineFile>>, readonly unknown[]]>([
    ['closed', log(0o600), [false, false, false, false, true]],
    ['its group of administrators', log(0o640, 0, 27), [false, false, false, false, true]],
    ['a group with people', log(0o660, 0, 4), [false, false, true, true, true]],
    ['a service’s group', log(0o640, 107, 112), [false, false, false, false, true]],
    ['everybody', log(0o666), [true, true, false, false, true]],
    ['somebody’s', log(0o600, 1000, 1000), [false, false, false, false, false]],
    ['nobody’s number', log(0o600, 4711, 4711), [false, false, false, false, false]],
    ['a closed directory above', { ...log(0o666), 'var/log/': { mode: 0o750 } }, [false, false, false, false, true]],
    ['a directory above that all may write', { ...log(0o600), 'var/log/': { mode: 0o777 } }, [false, true, false, false, true]],
    ['far above', { ...log(0o600), 'var/': { mode: 0o777 } }, [false, true, false, false, true]],
    ['with the sticky bit', { ...log(0o600), 'var/log/': { mode: 0o1777 } }, [false, false, false, false, true]],
    ['behind a closed one', { ...log(0o600), 'var/log/': { mode: 0o777 }, 'var/': { mode: 0o700 } }, [false, false, false, false, true]],
    ['a directory of somebody else', { ...log(0o600), 'var/log/': { mode: 0o755, uid: 1001 } }, [false, true, false, false, true]],
    ['a directory of another group', { ...log(0o600), 'var/log/': { mode: 0o775, gid: 4 } }, [false, true, false, false, true]],
    ['a directory of its own group', { ...log(0o640, 0, 4), 'var/log/': { mode: 0o775, gid: 4 } }, [false, false, false, true, true]],
    ['a directory of a group without members', { ...log(0o600), 'var/log/': { mode: 0o775, gid: 42 } }, [false, false, false, false, true]],
  ])('%s', async (_, files, expected) => {
    expect(await bits(files, '/var/log/a.log')).toEqual(expected);
  });
  test('a link is followed as that machine would, and where it leads counts', async () => {
    const root = lay({ 'srv/open/': { mode: 0o777 }, 'srv/open/crontab': { mode: 0o600 }, 'etc/crontab': '' });
    unlinkSync(join(root, 'etc/crontab'));
    symlinkSync('/srv/open/crontab', join(root, 'etc/crontab'));
    const facts = factsOfKind(await lookInside(`root:${root}`), 'host.path')['/etc/crontab'];
    expect([facts?.['mode'], facts?.['writable_by_others']]).toEqual(['0600', true]);
  });
  test('a group of a directory service may have anybody in it', async () => {
    expect(await bits({ ...log(0o660, 0, 4), 'etc/nsswitch.conf': 'passwd: files\ngroup: files sss\n' }, '/var/log/a.log')).toEqual([
      false,
      { unknown: 'unsupported' },
      true,
      true,
      true,
    ]);
  });
});

test('keys are found where they lie, by what is in them, and where servers are told of them', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzg3d\n-----END PRIVATE KEY-----\n';
  const record = await machine({
    'etc/ssl/private/pay.key': { text: key, mode: 0o640, gid: 112 },
    'etc/ssl/certs/ca.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    'etc/ssh/ssh_host_ed25519_key': { text: key, mode: 0o600 },
    'etc/nginx/conf.d/a.conf': 'server {\n  ssl_certificate_key /srv/tls/a.pem;\n}\n',
    'srv/tls/a.pem': { text: key, mode: 0o644 },
    'home/alice/.ssh/id_ed25519': { text: key, mode: 0o600, uid: 1000 },
    'home/alice/.ssh/id_ed25519.pub': 'ssh-ed25519 AAAA',
    'home/alice/.pgpass': { text: '*:*:*:*:secret', mode: 0o600, uid: 1000 },
  });
  const found = Object.entries(factsOfKind(record, 'host.path')).filter(([, { role }]) => role === 'private-key' || role === 'credentials');
  expect(Object.fromEntries(found.map(([path, { role, mode, readable_by_others: open }]) => [path, [role, mode, open]]))).toEqual({
    '/etc/shadow': ['credentials', '0640', false],
    '/etc/ssl/private/pay.key': ['private-key', '0640', false],
    '/etc/ssh/ssh_host_ed25519_key': ['private-key', '0600', false],
    '/srv/tls/a.pem': ['private-key', '0644', true],
    '/home/alice/.ssh/id_ed25519': ['private-key', '0600', false],
    '/home/alice/.pgpass': ['credentials', '0600', false],
  });
  // A key in a file of its own is no secret in a configuration; nothing of it is told.
  expect(record.resources.filter(({ kind, id }) => kind === 'secret.exposure' && id.includes('key'))).toEqual([]);
  expect(JSON.stringify(record)).not.toContain('MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzg3d');
});

test.skipIf(process.getuid?.() !== 0)('what a search finds is held against what packages ship', async () => {
  const installed = (name: string): string => `Package: ${name}\nStatus: install ok installed\nVersion: 1.0\n\n`;
  const files = {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'var/lib/dpkg/status': installed('passwd') + installed('openssh-client') + installed('strange'),
    'var/lib/dpkg/statoverride': 'root sudo 4750 /usr/bin/limited\n',
    'var/lib/dpkg/info/passwd.list': '/usr/bin/passwd\n/usr/bin/chage\n',
    'var/lib/dpkg/info/openssh-client.list': '/usr/lib/openssh/ssh-keysign\n',
    'var/lib/dpkg/info/strange.list': '/usr/bin/strange\n/bin/limited\n',
    'usr/bin/passwd': { mode: 0o4755 },
    'usr/bin/chage': { mode: 0o4755, gid: 42 },
    'usr/lib/openssh/ssh-keysign': { mode: 0o4755 },
    'usr/bin/strange': { mode: 0o4755 },
    'usr/bin/limited': { mode: 0o4750, gid: 27 },
    'usr/bin/mount': { mode: 0o4755 },
    'tmp/': { mode: 0o1777 },
    'tmp/.x': { mode: 0o6755 },
    'srv/drop/': { mode: 0o777 },
    'opt/tool.sh': { mode: 0o757 },
  };
  const found = async (release: string): Promise<Readonly<Record<string, unknown>>> => {
    const all = Object.entries(factsOfKind(await machine({ ...files, 'etc/os-release': release }), 'host.path'));
    const ours = all.filter(([, { role }]) => role === 'setuid' || role === 'world-writable');
    return Object.fromEntries(ours.map(([path, { role, mode, expected }]) => [path, [role, mode, expected]]));
  };
  // What the packages of another release ship is not known here: neither that it is so, nor that it is not.
  for (const other of ['ID=debian\nVERSION_ID="13"\n', 'ID=ubuntu\nVERSION_ID="12"\n', 'NAME=Debian\n', ''])
    expect(await found(other)).toMatchObject({
      '/usr/bin/passwd': ['setuid', '4755', { unknown: 'unsupported' }],
      '/usr/bin/chage': ['setuid', '4755', { unknown: 'unsupported' }],
      '/usr/bin/limited': ['setuid', '4750', true],
      '/tmp/.x': ['setuid', '6755', false],
    });
  expect(await found(files['etc/os-release'])).toEqual({
    '/usr/bin/passwd': ['setuid', '4755', true],
    '/usr/bin/chage': ['setuid', '4755', false], // 2755 in its package
    '/usr/lib/openssh/ssh-keysign': ['setuid', '4755', true],
    '/usr/bin/strange': ['setuid', '4755', { unknown: 'unsupported' }],
    '/usr/bin/limited': ['setuid', '4750', true],
    '/usr/bin/mount': ['setuid', '4755', false], // no package has it here
    '/tmp/.x': ['setuid', '6755', false],
    '/srv/drop': ['world-writable', '0777', 'absent'],
    '/opt/tool.sh': ['world-writable', '0757', 'absent'],
  });
});
