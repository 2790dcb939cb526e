import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Collected } from '../../src/collect/collector.ts';
import { hostCollector } from '../../src/collect/host/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { isFactList, type Fact, type FactValue } from '../../src/model/fact.ts';
import type { Host, HostAccess } from '../../src/world/host.ts';
import { HOST_COMMANDS } from '../../src/world/host-command.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { OpenedSecrets } from '../../src/world/secret.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { sshHost } from '../../src/world/node-ssh.ts';
import { filesTarget } from '../support/collect.ts';
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

/** What was said of a machine without the places; the machine itself is called the same, however it was reached. */
interface Look {
  readonly resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly coverage: Readonly<Record<string, string>>;
}

/** Kinds whose one resource is the machine: it has the name by which it was reached. */
const MACHINE = new Set(['host.os', 'network.filter', 'time.sync']);
/**
 * Facts that SSH cannot give as the machine itself does: those of secrets, which would stand in the command line there, and of Borg, which
 * needs a directory of its own. None is on the machine of the tests, so the list is empty.
 */
const NOT_OVER_SSH = new Set<string>();

function lookOf({ resources, coverage }: Collected): Look {
  return {
    resources: new Map(
      resources.map(({ kind, id, facts }) => [
        MACHINE.has(kind) ? kind : `${kind} ${id}`,
        Object.fromEntries(
          Object.entries(facts).flatMap(([name, fact]) => (NOT_OVER_SSH.has(`${kind} ${name}`) ? [] : [[name, said(fact)]])),
        ),
      ]),
    ),
    coverage: Object.fromEntries(Object.entries(coverage).map(([kind, { status }]) => [kind, status])),
  };
}

/** A fact without its places: its value, `absent`, or why it is unknown; lists with what leaves them open. */
function said(fact: Fact<FactValue>): unknown {
  if (fact.state === 'absent') return 'absent';
  if (fact.state === 'unknown') return { unknown: `${fact.cause}: ${fact.detail}` };
  const { value, open = [] } = fact;
  if (typeof value !== 'object') return value;
  if (isFactList(value)) return { list: value.map(said), open: open.map(({ cause, detail }) => `${cause}: ${detail}`) };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, said(inner)]));
}

/** Does an offline fact say something that the running machine does not? Not where it is unknown, or absent for want of a running machine. */
function contradicts(offline: unknown, running: unknown): boolean {
  if (isDeepStrictEqual(offline, running) || offline === 'absent' || isUnknown(offline)) return false;
  if (!isList(offline) || !isList(running)) return true;
  // An open list says of what is in it that it is there.
  const all = running.list.map((one) => JSON.stringify(one));
  return offline.open.length === 0 || offline.list.some((one) => !all.includes(JSON.stringify(one)));
}

function isUnknown(fact: unknown): boolean {
  return typeof fact === 'object' && fact !== null && 'unknown' in fact;
}

function isList(fact: unknown): fact is { readonly list: readonly unknown[]; readonly open: readonly string[] } {
  return typeof fact === 'object' && fact !== null && 'list' in fact;
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

  test('the three forms show the same machine', async () => {
    const server = await keep(startSshd());
    const look = async (address: string): Promise<Look> => {
      const target = { ...filesTarget({}, { key: server.key, known_hosts: server.knownHosts }), kind: 'host', address };
      const collected = await hostCollector.collect(target, nodeWorld('/'), signal, conductOf(DEFAULT_LIMITS));
      expect(collected.gaps.filter(({ cause }) => cause === 'collector-failed')).toEqual([]);
      return lookOf(collected);
    };
    const local = await look('local');
    expect([...local.resources.keys()].map((key) => key.split(' ')[0])).toEqual(
      expect.arrayContaining([
        'host.os',
        'host.path',
        'identity.principal',
        'identity.policy',
        'network.filter',
        'remote.access',
        'time.sync',
      ]),
    );
    const remote = await look(`ssh://root@127.0.0.1:${server.port}`);
    expect([...remote.resources.keys()]).toEqual([...local.resources.keys()]);
    for (const [key, facts] of local.resources) expect([key, remote.resources.get(key)]).toEqual([key, facts]);
    expect(remote.coverage).toEqual(local.coverage);
    const offline = await look('root:/');
    for (const [key, facts] of offline.resources) {
      const seen = local.resources.get(key);
      if (seen === undefined) throw new Error(`${key} is seen offline only`);
      for (const [name, fact] of Object.entries(facts)) expect([key, name, contradicts(fact, seen[name])]).toEqual([key, name, false]);
    }
    // What is missing offline is not claimed to be nowhere.
    for (const key of local.resources.keys())
      if (!offline.resources.has(key)) expect([key, offline.coverage[key.split(' ')[0] ?? '']]).toEqual([key, 'partial']);
  }, 180_000);

  test('a host that is not known, a key that is not accepted, nobody there, silence: nothing is entered', async () => {
    const server = await keep(startSshd());
    const other = await keep(startSshd());
    expect(entered(await enter(server, { knownHosts: '/dev/null' }))).toBe(
      'refused: root@127.0.0.1: its host key is not among the known ones',
    );
    const wrong = readFileSync(other.knownHosts, 'utf8').replaceAll(String(other.port), String(server.port));
    writeFileSync(join(server.directory, 'wrong_hosts'), wrong);
    expect(entered(await enter(server, { knownHosts: join(server.directory, 'wrong_hosts') }))).toBe(
      'refused: root@127.0.0.1: its host key is not among the known ones',
    );
    expect(entered(await enter(server, { key: other.key }))).toBe('access-denied: root@127.0.0.1: no key of ours is accepted');
    const off = await keep(startSshd({ sftp: '/bin/false' }));
    expect(entered(await enter(off))).toMatch(/^(?:unreachable|unsupported|refused): /);
    await server.stop();
    expect(entered(await enter(server))).toMatch(/^(?:unreachable|unsupported): /);
    expect(entered(await enter(other, { signal: AbortSignal.abort() }))).toBe('interrupted: root@127.0.0.1');
  }, 60_000);
});
