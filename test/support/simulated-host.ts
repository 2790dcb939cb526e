import { DEFAULT_LIMITS, HostGate } from '../../src/collect/limits.ts';
import { HostLine } from '../../src/collect/tls/host-line.ts';
import type { SeenSuites } from '../../src/collect/tls/observation.ts';
import { fakeNetwork, type FakeNetwork, type Reply } from './fake-network.ts';
import { simulated, type Simulation } from './simulated-server.ts';

/** A line to a simulated server, and the network it goes over. */
export interface Met {
  readonly network: FakeNetwork;
  readonly line: HostLine;
}
export function meet(server: Simulation, change: (reply: Reply, number: number) => Reply = (reply) => reply): Met {
  const answer = simulated(server);
  const network = fakeNetwork((first, number) => change(answer(first, number), number));
  const limits = { ...DEFAULT_LIMITS, connections: 1_000 };
  const line = new HostLine(
    network,
    { address: '192.0.2.1', port: 443, name: 'h' },
    limits,
    new HostGate(limits),
    new AbortController().signal,
  );
  return { network, line };
}
export const codes = ({ suites }: { readonly suites: SeenSuites }): readonly number[] => suites.suites.map(({ code }) => code);
export const sorted = (list: readonly number[]): readonly number[] => list.toSorted((a, b) => a - b);
