import { unknown } from '../model/fact.ts';
import type { Coverage, Target, TargetRecord } from '../model/resource.ts';
import type { World } from '../world/world.ts';
import type { Collected } from './collector.ts';
import { collectorFor } from './registry.ts';

/** How many targets at once, how long for each, and when to stop. */
export interface Schedule {
  readonly concurrency: number;
  /** Seconds for one target. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly onTarget?: (done: number, target: Target) => void;
}

/**
 * Collects every target, at most `concurrency` at once, and yields their records in the order of target ids. A
 * collector that fails or takes too long leaves unknowns; it never stops the others.
 */
export async function* collect(targets: readonly Target[], world: World, schedule: Schedule): AsyncGenerator<TargetRecord, void> {
  const ordered = targets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const running: Promise<TargetRecord>[] = [];
  let started = 0;
  let done = 0;
  while (done < ordered.length) {
    while (started < ordered.length && running.length < Math.max(1, schedule.concurrency)) {
      const target = ordered[started];
      if (target !== undefined) running.push(collectOne(target, world, schedule));
      started += 1;
    }
    const record = await running.shift();
    if (record === undefined) return;
    done += 1;
    schedule.onTarget?.(done, record.target);
    yield record;
  }
}

async function collectOne(target: Target, world: World, schedule: Schedule): Promise<TargetRecord> {
  const collector = collectorFor(target.kind);
  if (collector === undefined) throw new Error(`no collector for targets of kind ${target.kind}`);
  const deadline = AbortSignal.timeout(schedule.timeout * 1000);
  const signal = AbortSignal.any([schedule.signal, deadline]);
  const cancelled = new Promise<'cancelled'>((resolve) => {
    if (signal.aborted) resolve('cancelled');
    signal.addEventListener('abort', () => resolve('cancelled'), { once: true });
  });
  let collected: Collected;
  try {
    const result = await Promise.race([collector.collect(target, world, signal), cancelled]);
    collected =
      result === 'cancelled'
        ? failed(
            target,
            collector.provides,
            deadline.aborted ? 'timed-out' : 'not-collected',
            deadline.aborted ? `${schedule.timeout} s` : 'interrupted',
          )
        : result;
  } catch (error) {
    if (signal.aborted)
      collected = failed(
        target,
        collector.provides,
        deadline.aborted ? 'timed-out' : 'not-collected',
        deadline.aborted ? `${schedule.timeout} s` : 'interrupted',
      );
    else collected = failed(target, collector.provides, 'collector-failed', error instanceof Error ? error.message : String(error));
  }
  return { target, ...collected, collectors: { [collector.kind]: collector.version }, collectedAt: world.now() };
}

function failed(
  target: Target,
  provides: readonly string[],
  cause: 'timed-out' | 'not-collected' | 'collector-failed',
  detail: string,
): Collected {
  const why = unknown(cause, detail, { kind: 'file', range: target.declaredAt });
  const coverage: Coverage = { status: 'failed', gaps: [why], looked: why };
  return { resources: [], coverage: Object.fromEntries(provides.map((kind) => [kind, coverage])), gaps: [why], looked: [] };
}
