import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host, HostAccess } from '../../src/world/host.ts';
import { HOST_COMMANDS } from '../../src/world/host-command.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { OpenedSecrets } from '../../src/world/secret.ts';
import { sshHost } from '../../src/world/node-ssh.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { startSshd, type SshdServer } from '../support/servers/sshd-server.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const keep = keeper();
const signal = new AbortController().signal;

function enter(server: SshdServer, access: Partial<HostAccess> = {}): ReturnType<typeof sshHost> {
  const { key, knownHosts, port } = server;
  return sshHost({ form: 'ssh', user: 'root', host: '127.0.0.1', port }, { key, knownHosts, signal, timeout: 5_000, ...access }, '/');
}

function entered(host: Host | { readonly cause: string; readonly detail: string }): string {
  return 'cause' in host ? `${host.cause}: ${host.detail}` : 'it was entered';
}

describe.skipIf(!available('sshd'))('a machine over SSH', () => {
  test('its files, links, directories and commands are those of the machine itself', async () => {
    const server = await keep(startSshd());
    const there = await enter(server);
    if ('state' in there) throw new Error(`${entered(there)}\n${server.log()}`);
    const here = nodeHost('local', '/', signal, new OpenedSecrets());
    const directory = temporaryDirectory('ssh-host');
    mkdirSync(join(directory, "it's a $(touch x) directory"));
    writeFileSync(join(directory, 'set'), '', { mode: 0o4755 });
    try {
      for (const path of [
        '/etc/passwd',
        '/etc/shadow',
        '/etc/mtab',
        '/etc',
        '/dev/null',
        '/etc/nothing',
        `${directory}/it's a $(touch x) directory`,
      ]) {
        expect(await there.stat(path)).toEqual(await here.stat(path));
        expect(await there.stat(path, true)).toEqual(await here.stat(path, true));
      }
      expect(await there.readlink('/etc/mtab')).toEqual(await here.readlink('/etc/mtab'));
      expect(await there.list('/etc')).toEqual(await here.list('/etc'));
      expect(await there.read('/etc/passwd')).toEqual(await here.read('/etc/passwd'));
      expect(await there.read('/dev/null')).toMatchObject({ cause: 'unsupported', detail: '/dev/null: not a regular file' });
      expect(await there.search({ from: [directory], what: 'special' })).toEqual(await here.search({ from: [directory], what: 'special' }));
      expect(await there.run(HOST_COMMANDS['sshd -T'])).toEqual(await here.run(HOST_COMMANDS['sshd -T']));
      expect([there.form, there.name, there.privileged]).toEqual(['ssh', 'root@127.0.0.1', here.privileged]);
      const hung = await there.run({ id: 'sleep', programs: ['/bin/sleep'], args: ['60'], seconds: 1, maxBytes: 10, exits: [0] });
      expect(hung).toMatchObject({ state: 'unknown' });
    } finally {
      await there.close();
      rmSync(directory, { recursive: true });
    }
    expect(await there.stat('/etc/passwd')).toMatchObject({ state: 'unknown', cause: 'unreachable' });
  });

  test('a server that runs a program of its own in the place of every command: nothing that it did not run was found empty', async () => {
    const server = await keep(startSshd({ settings: ['ForceCommand internal-sftp'], sftp: 'internal-sftp' }));
    const there = await enter(server);
    if ('state' in there) throw new Error(`${entered(there)}\n${server.log()}`);
    try {
      expect(await there.stat('/etc/passwd')).toMatchObject({ kind: 'file' });
      const why = 'the server runs no commands';
      expect(await there.search({ from: ['/usr/bin'], what: 'special' })).toMatchObject({ state: 'unknown', detail: `find -xdev: ${why}` });
      expect(await there.run(HOST_COMMANDS['ss -tulnpe'])).toMatchObject({ state: 'unknown', detail: `ss -tulnpe: ${why}` });
      expect(there.privileged).toBe(false);
    } finally {
      await there.close();
    }
  });

  test('a host that is not known, a key that is not accepted, nobody there, silence: nothing is entered', async () => {
    const server = await keep(startSshd());
    const other = await keep(startSshd());
    expect(entered(await enter(server, { knownHosts: '/dev/null' }))).toBe(
      'refused: root@127.0.0.1: its host key is not among the known ones',
    );
    const wrong = readFileSync(other.knownHosts, 'utf8').replaceAll(String(other.port), String(server.port));
    writeFileSync(join(server.directory, 'wrong_hosts'), wrong);
    expect(entered(await enter(server, { knownHosts: join(server.directory, 'wrong_hosts') }))).toBe(
      'refused: root@127.0.0.1: its host key is another than the known one',
    );
    for (const files of [{ key: '/nowhere/key' }, { knownHosts: '/nowhere/hosts' }])
      expect(entered(await enter(server, files))).toBe(`unresolved: root@127.0.0.1: ${Object.values(files).join('')} cannot be read`);
    const open = join(server.directory, 'open_key');
    writeFileSync(open, readFileSync(server.key));
    chmodSync(open, 0o644);
    expect(entered(await enter(server, { key: open }))).toBe(
      'refused: root@127.0.0.1: the file of the key is open to others, and is not used',
    );
    expect(entered(await enter(server, { key: other.key }))).toBe('access-denied: root@127.0.0.1: no key of ours is accepted');
    const off = await keep(startSshd({ sftp: '/bin/false' }));
    expect(entered(await enter(off))).toMatch(/^(?:unreachable|unsupported|refused): /);
    await server.stop();
    // Its files went with it.
    expect(entered(await enter(server, { key: other.key, knownHosts: other.knownHosts }))).toMatch(/^(?:unreachable|unsupported): /);
    expect(entered(await enter(other, { signal: AbortSignal.abort() }))).toBe('interrupted: root@127.0.0.1');
  }, 60_000);
});
