import type { Collected } from '../../src/collect/collector.ts';
import { hostCollector } from '../../src/collect/host/collector.ts';
import { packageVersions } from '../../src/collect/host/packages.ts';
import type { HostContext } from '../../src/collect/host/part.ts';
import { DEFAULT_LIMITS, HostGates } from '../../src/collect/limits.ts';
import { seen } from '../../src/collect/seen.ts';
import type { Origin } from '../../src/model/fact.ts';
import type { Target } from '../../src/model/resource.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { HOST_COMMANDS } from '../../src/world/host-command.ts';
import type { Host } from '../../src/world/host.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { nodeWorld } from '../../src/world/node.ts';

/** A `host` target: `local`, `root:DIR`. */
export function hostTarget(address: string): Target {
  const source = new SourceText('custos.yaml', 'targets: [{ id: t, host: local }]');
  return { id: 't', kind: 'host', address, system: 'default', labels: {}, versions: {}, options: {}, declaredAt: source.range(10, 30) };
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
  const host = change(nodeHost(directory === undefined ? 'local' : 'root', directory ?? '/', signal));
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
    package: packageVersions(open),
    resource: (kind, id, facts) => seen(kind, id, target, host.form === 'root' ? 'declared' : 'live', facts),
    secret: async () => undefined,
    now: '2026-11-26T00:00:00Z',
    signal,
  };
}
