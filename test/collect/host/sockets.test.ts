import { expect, test } from 'vitest';
import { fromSs, listeningSockets } from '../../../src/collect/host/sockets.ts';
import type { Origin } from '../../../src/model/fact.ts';
import { unknown } from '../../../src/model/fact.ts';
import { hostContext } from '../../support/host.ts';

const at = (line: number): Origin => ({ kind: 'command', target: 't', command: 'ss', line });

test('lines of ss: families, zones, programs', () => {
  const text = [
    'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3)) ino:1 sk:1 cgroup:/ <->',
    'tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=1,fd=4)) ino:2 sk:2 cgroup:/ v6only:1 <->',
    'tcp LISTEN 0 511 *:80 *:* ino:3 sk:3 cgroup:/ v6only:0 <->',
    'udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* ino:4 sk:4 cgroup:/ <->',
    'udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:* ino:5 sk:5 cgroup:/ v6only:1 <->',
    'tcp LISTEN 0 9 [::ffff:192.0.2.1]:8080 *:* ino:6 sk:6 cgroup:/ v6only:0 <->',
  ].join('\n');
  const found = fromSs(text, at);
  expect(
    'state' in found ? found : found.map(({ protocol, address, port, versions, program }) => [protocol, address, port, versions, program]),
  ).toEqual([
    ['tcp', '0.0.0.0', 22, [4], 'sshd'],
    ['tcp', '::', 22, [6], 'sshd'],
    ['tcp', '::', 80, [4, 6], undefined],
    ['udp', '127.0.0.1', 53, [4], undefined],
    ['udp', 'fe80::1', 546, [6], undefined],
    ['tcp', '192.0.2.1', 8080, [4], undefined],
  ]);
});

test.each(['nonsense', 'sctp LISTEN 0 1 0.0.0.0:22 0.0.0.0:*', 'tcp LISTEN 0 1 0.0.0.0:ssh 0.0.0.0:*'])(
  'a line that is not understood hides a socket: %s',
  (line) => {
    expect(fromSs(`tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n${line}`, at)).toMatchObject({ state: 'unknown', cause: 'unparseable' });
  },
);

const TABLE = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function machine(files: Readonly<Record<string, string>>) {
  const context = hostContext(undefined, (host) => ({
    ...host,
    read: async (path) => {
      const text = files[path];
      if (text === undefined) return 'not-there';
      if (text === 'denied') return unknown('access-denied', path);
      return {
        path,
        kind: 'file',
        size: 0,
        mode: 0o444,
        uid: 0,
        gid: 0,
        modified: '2026-11-26T00:00:00Z',
        bytes: new TextEncoder().encode(text),
      };
    },
  }));
  return listeningSockets({ ...context, command: async () => 'not-there' });
}

test('without ss, the kernel’s own tables say the same', async () => {
  const found = await machine({
    '/proc/net/tcp': `${TABLE}   0: 00000000:0016 00000000:0000 0A 0\n   1: 0100007F:1538 00000000:0000 0A 0\n   2: 0102000A:0016 0202000A:D431 01 0\n`,
    '/proc/net/tcp6': `${TABLE}   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0\n   1: 0000000000000000FFFF00000102000A:1F90 00000000000000000000000000000000:0000 0A 0\n`,
    '/proc/net/udp': `${TABLE}   0: 00000000:0044 00000000:0000 07 0\n   1: 0102000A:8F1C 08080808:0035 01 0\n`,
  });
  expect('state' in found ? found : found.map(({ protocol, address, port, versions }) => [protocol, address, port, versions])).toEqual([
    ['tcp', '0.0.0.0', 22, [4]],
    ['udp', '0.0.0.0', 68, [4]],
    ['tcp', '::', 80, [4, 6]],
    ['tcp', '10.0.2.1', 8080, [4]],
  ]);
});

test.each<[name: string, files: Readonly<Record<string, string>>, cause: string]>([
  ['a table that is not there', {}, 'not-collected'],
  ['a table that may not be seen', { '/proc/net/tcp': 'denied' }, 'access-denied'],
  ['garbage', { '/proc/net/tcp': `${TABLE}   0: nonsense\n` }, 'unparseable'],
])('%s says nothing of what listens', async (_, files, cause) => {
  expect(await machine(files)).toMatchObject({ state: 'unknown', cause });
});
