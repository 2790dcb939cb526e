import { hostCollector } from '../../src/collect/host/collector.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { DEFAULT_LIMITS, HostGates } from '../../src/collect/limits.ts';
import type { Target } from '../../src/model/resource.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { nodeWorld } from '../../src/world/node.ts';

/** A `host` target: `local`, `root:DIR`. */
export function hostTarget(address: string, options: Readonly<Record<string, string>> = {}): Target {
  const source = new SourceText('custos.yaml', 'targets: [{ id: t, host: local }]');
  return { id: 't', kind: 'host', address, system: 'default', labels: {}, versions: {}, options, declaredAt: source.range(10, 30) };
}

/** Looks at a machine: this one, or one that lies in a directory. */
export function collectHost(address: string, options: Readonly<Record<string, string>> = {}): Promise<Collected> {
  const conduct = { limits: DEFAULT_LIMITS, gates: new HostGates(DEFAULT_LIMITS) };
  return hostCollector.collect(hostTarget(address, options), nodeWorld('/'), new AbortController().signal, conduct);
}
