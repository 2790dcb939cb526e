import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';

/** A process by the name of its program. */
export interface HostProcess {
  readonly pid: number;
  readonly name: string;
}

export interface HostProcesses {
  readonly list: readonly HostProcess[];
  /** False where the host hides those of other users (`hidepid`). */
  readonly complete: boolean;
  readonly origin: Origin;
}

const MAX_PROCESSES = 5000;
const seenBefore = new WeakMap<HostContext, Promise<HostProcesses | Unknown>>();

/** What runs, from /proc; asked once for all parts. */
export function processes(context: HostContext): Promise<HostProcesses | Unknown> {
  const before = seenBefore.get(context) ?? read(context);
  seenBefore.set(context, before);
  return before;
}

async function read({ host, at }: HostContext): Promise<HostProcesses | Unknown> {
  if (host.form === 'root') return unknown('not-collected', 'nothing runs in an offline root', at);
  const listing = await host.list('/proc');
  if (listing === 'not-there') return unknown('not-collected', '/proc is not there', at);
  if ('state' in listing) return listing;
  const pids = listing.entries.flatMap(({ path }) => /^\/proc\/(\d+)$/.exec(path)?.[1] ?? []);
  const list: HostProcess[] = [];
  for (const pid of pids.slice(0, MAX_PROCESSES)) {
    const comm = await host.read(`/proc/${pid}/comm`);
    if (comm === 'not-there') continue; // it ended meanwhile
    if ('state' in comm) return comm;
    list.push({ pid: Number(pid), name: new TextDecoder().decode(comm.bytes).trimEnd() });
  }
  return {
    list,
    complete: list.some(({ pid }) => pid === 1) && pids.length <= MAX_PROCESSES,
    origin: { kind: 'derived', rule: 'processes of /proc', from: [at] },
  };
}
