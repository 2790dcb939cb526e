import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collect } from '../../src/collect/collect.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { hostCollector } from '../../src/collect/host/collector.ts';
import { packageVersions } from '../../src/collect/host/packages.ts';
import type { HostContext } from '../../src/collect/host/part.ts';
import { DEFAULT_LIMITS, HostGates } from '../../src/collect/limits.ts';
import { seen } from '../../src/collect/seen.ts';
import type { Origin } from '../../src/model/fact.ts';
import type { Resource, Target, TargetRecord } from '../../src/model/resource.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { HOST_COMMANDS } from '../../src/world/host-command.ts';
import type { Host } from '../../src/world/host.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { OpenedSecrets } from '../../src/world/secret.ts';
import { filesTarget, plain } from './collect.ts';

/** A file of a machine that lies in a directory: its text, its permissions, its owner. A text alone is a file of root’s with 0644. */
export type MachineFile =
  | string
  | { readonly text?: string | Uint8Array; readonly mode?: number; readonly uid?: number; readonly gid?: number };

/** Puts a machine into a directory. A name that ends with `/` is a directory. Owners are given where we are root. */
export function layMachine(root: string, files: Readonly<Record<string, MachineFile>>): string {
  mkdirSync(root, { recursive: true });
  chmodSync(root, 0o755);
  const settled: [path: string, mode: number, uid: number, gid: number][] = [];
  for (const [name, file] of Object.entries(files)) {
    const path = join(root, name);
    const { text = '', mode, uid = 0, gid = 0 } = typeof file === 'string' ? { text: file } : file;
    const directory = name.endsWith('/');
    mkdirSync(directory ? path : dirname(path), { recursive: true });
    if (!directory) writeFileSync(path, text);
    settled.push([path, mode ?? (directory ? 0o755 : 0o644), uid, gid]);
  }
  for (const [path, mode, uid, gid] of settled) {
    if (process.getuid?.() === 0) chownSync(path, uid, gid);
    chmodSync(path, mode);
  }
  return root;
}

/** A `host` target: `local`, `root:DIR`. */
export function hostTarget(address: string, options: Readonly<Record<string, string>> = {}): Target {
  return { ...filesTarget({}, options), kind: 'host', address };
}

/** What the host collector says of a machine. */
export async function lookInside(address: string, options: Readonly<Record<string, string>> = {}): Promise<TargetRecord> {
  const schedule = { concurrency: 1, timeout: 120, signal: new AbortController().signal };
  for await (const record of collect([hostTarget(address, options)], nodeWorld('/'), schedule)) return record;
  throw new Error('no record');
}

/** Resources of a kind by id, their facts as plain data. */
export function factsOfKind(record: TargetRecord, kind: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(record.resources.filter((one) => one.kind === kind).map((one) => [one.id, plainFacts(one)]));
}

export function plainFacts({ facts }: Resource): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]));
}

/** Some facts of each resource of a kind. */
export function pickFacts(record: TargetRecord, kind: string, ...names: readonly string[]): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(Object.entries(factsOfKind(record, kind)).map(([id, facts]) => [id, names.map((name) => facts[name])]));
}

/** Looks at a machine: this one, or one that lies in a directory. */
export function collectHost(address: string): Promise<Collected> {
  const conduct = { limits: DEFAULT_LIMITS, gates: new HostGates(DEFAULT_LIMITS) };
  return hostCollector.collect(hostTarget(address), nodeWorld('/'), new AbortController().signal, conduct);
}

/** What a part of the collector reads with, for tests of one part: a directory, or this machine without one. */
export function hostContext(directory?: string, change: (host: Host) => Host = (host) => host): HostContext {
  const target = hostTarget(directory === undefined ? 'local' : `root:${directory}`);
  const { signal } = new AbortController();
  const host = change(nodeHost(directory === undefined ? 'local' : 'root', directory ?? '/', signal, new OpenedSecrets()));
  const open: HostContext['open'] = async (path) => {
    const file = await host.read(path);
    return file === 'not-there' || 'state' in file ? file : new SourceText(path, file.bytes, { on: target.id });
  };
  return {
    target,
    host,
    at: { kind: 'file', range: target.declaredAt },
    open,
    command: async (id, values) => {
      const output = await host.run(HOST_COMMANDS[id], values);
      if (output === 'not-there' || 'state' in output) return output;
      const origin = (line?: number): Origin => ({
        kind: 'command',
        target: target.id,
        command: id,
        ...(line === undefined ? {} : { line }),
      });
      return { ...output, origin };
    },
    configured: { resources: [], gaps: () => [] },
    package: packageVersions(open),
    resource: (kind, id, facts) => seen(kind, id, target, host.form === 'root' ? 'declared' : 'live', facts),
    secret: async () => undefined,
    now: '2026-11-26T00:00:00Z',
    signal,
  };
}
