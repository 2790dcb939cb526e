import { setMaxListeners } from 'node:events';
import { unknown } from '../model/fact.ts';
import type { Coverage, Target, TargetRecord } from '../model/resource.ts';
import type { World } from '../world/world.ts';
import type { Collected, Collector } from './collector.ts';
import { inOrder } from './in-order.ts';
import { conductOf, DEFAULT_LIMITS, type Conduct, type Limits } from './limits.ts';
import { nothingSeen } from './nothing-seen.ts';
import { collectorsFor } from './registry.ts';

/** How many targets at once, how long for each, and when to stop. */
export interface Schedule {
  readonly concurrency: number;
  /** Seconds for one target. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** How gently hosts are asked; the default where nobody says. */
  readonly limits?: Limits;
  readonly onTarget?: (done: number, target: Target) => void;
}

/**
 * Collects every target, at most `concurrency` at once, and yields their records in the order of target ids. A
 * collector that fails or takes too long leaves unknowns; it never stops the others.
 */
export async function* collect(targets: readonly Target[], world: World, schedule: Schedule): AsyncGenerator<TargetRecord, void> {
  const ordered = targets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const conduct = conductOf(schedule.limits ?? DEFAULT_LIMITS);
  const running: Promise<TargetRecord>[] = [];
  let started = 0;
  let done = 0;
  while (done < ordered.length) {
    while (started < ordered.length && running.length < Math.max(1, schedule.concurrency)) {
      const target = ordered[started];
      if (target !== undefined) running.push(collectOne(target, world, schedule, conduct));
      started += 1;
    }
    const record = await running.shift();
    if (record === undefined) return;
    done += 1;
    schedule.onTarget?.(done, record.target);
    yield record;
  }
}

/** Time for a collector that was told to stop to hand over what it has learnt, in milliseconds. */
const GRACE = 2_000;

async function collectOne(target: Target, world: World, schedule: Schedule, conduct: Conduct): Promise<TargetRecord> {
  const collectors = collectorsFor(target.kind);
  if (collectors.length === 0) throw new Error(`no collector for targets of kind ${target.kind}`);
  const parts = await Promise.all(collectors.map((collector) => runCollector(collector, target, world, schedule, conduct)));
  const found = merged(parts);
  return {
    target,
    ...(world.opened.revealedBy(() => JSON.stringify(found)) ? sealed(target, collectors) : found),
    collectors: Object.fromEntries(collectors.map(({ name, version }) => [name, version])),
    collectedAt: world.now(),
  };
}

async function runCollector(collector: Collector, target: Target, world: World, schedule: Schedule, conduct: Conduct): Promise<Collected> {
  const deadline = AbortSignal.timeout(schedule.timeout * 1000);
  const signal = AbortSignal.any([schedule.signal, deadline]);
  setMaxListeners(0, signal); // one for every exchange under way
  const cancelled = new Promise<'cancelled'>((resolve) => {
    const cancel = (): void => void setTimeout(() => resolve('cancelled'), GRACE).unref();
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });
  const stopped = (): Collected =>
    deadline.aborted
      ? failed(target, collector.provides, 'timed-out', `${schedule.timeout} s`)
      : failed(target, collector.provides, 'interrupted', '');
  try {
    const result = await Promise.race([collector.collect(target, world, signal, conduct), cancelled]);
    return result === 'cancelled' ? stopped() : result;
  } catch (error) {
    if (signal.aborted) return stopped();
    return failed(target, collector.provides, 'collector-failed', error instanceof Error ? error.message : String(error));
  }
}

/** What several collectors learnt of one target. A kind that two of them yield is only as complete as the lesser of the two. */
function merged(parts: readonly Collected[]): Collected {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const coverage = new Map<string, Coverage>();
  for (const [kind, found] of parts.flatMap((part) => Object.entries(part.coverage))) {
    const before = coverage.get(kind);
    coverage.set(kind, before === undefined ? found : lesser(before, found));
  }
  return {
    resources: inOrder(parts.flatMap(({ resources }) => resources)),
    coverage: Object.fromEntries([...coverage].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    gaps: parts.flatMap(({ gaps }) => gaps),
    looked: parts.flatMap(({ looked }) => looked),
  };
}

function lesser(a: Coverage, b: Coverage): Coverage {
  const status = a.status === b.status ? a.status : a.status === 'complete' || b.status === 'complete' ? 'partial' : 'failed';
  return { status, gaps: [...a.gaps, ...b.gaps], looked: a.looked };
}

/** What was found holds a secret that was opened to find it: none of it is kept, since which part of it does is not known. */
function sealed(target: Target, collectors: readonly Collector[]): Collected {
  return failed(
    target,
    collectors.flatMap(({ provides }) => provides),
    'collector-failed',
    'a credential of this target stood in what it said: nothing of it is kept',
  );
}

function failed(
  target: Target,
  provides: readonly string[],
  cause: 'timed-out' | 'interrupted' | 'collector-failed',
  detail: string,
): Collected {
  return nothingSeen(provides, unknown(cause, detail, { kind: 'file', range: target.declaredAt }));
}
