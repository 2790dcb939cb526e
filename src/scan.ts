import { collect, type Schedule } from './collect/collect.ts';
import { EvidenceLines } from './evidence/evidence-file.ts';
import { FindingStore } from './evidence/finding-store.ts';
import type { Summary } from './model/assessment.ts';
import type { Plan } from './model/plan.ts';
import type { TargetRecord } from './model/resource.ts';
import type { Assessor } from './sandbox/assessor.ts';
import type { World } from './world/world.ts';

/** An assessment whose findings may be more than memory holds. Close its findings when done. */
export interface Assessed {
  readonly summary: Summary;
  readonly findings: FindingStore;
}

/** Sees each record before it is judged; the next one waits for it. */
export type OnRecord = (record: TargetRecord) => void | Promise<void>;

/** Judges records as they come; they must be in the order of target ids. */
export async function assess(records: Iterable<TargetRecord> | AsyncIterable<TargetRecord>, assessor: Assessor): Promise<Assessed> {
  const findings = new FindingStore();
  try {
    for await (const record of records) findings.add(await assessor.judge(record));
    for (let some = await assessor.judgeRest(); some !== undefined; some = await assessor.judgeRest()) findings.add(some);
    const end = await assessor.finish();
    findings.add(end.findings);
    return { findings, summary: end.summary };
  } catch (error) {
    findings.close(); // evidence that turns out to be none, halfway through a fleet, leaves nothing in /tmp
    throw error;
  }
}

/** Collects and judges in one go. `onRecord` sees what was collected, for an evidence file. An interrupted run decides nothing. */
export function scan(plan: Plan, world: World, schedule: Schedule, assessor: Assessor, onRecord?: OnRecord): Promise<Assessed> {
  return judgeUntil(schedule.signal, collect(plan.targets, world, schedule), assessor, onRecord);
}

/** Judges records that come until `signal` says otherwise: an interrupted run decides nothing. */
export async function judgeUntil(
  signal: AbortSignal,
  records: AsyncIterable<TargetRecord>,
  assessor: Assessor,
  onRecord?: OnRecord,
): Promise<Assessed> {
  const { findings, summary } = await assess(watched(records, onRecord), assessor);
  if (!signal.aborted) return { findings, summary };
  const reasons = [INTERRUPTED, ...summary.verdict.reasons];
  return { findings, summary: { ...summary, verdict: { exitCode: 130, reasons } } };
}

const INTERRUPTED = { en: 'interrupted: what was not looked at by then is not determined', zh: '已中断：此前未查看的内容均未判定' };

/** Records on their way to be judged, shown to somebody else first. */
export async function* watched(
  records: Iterable<TargetRecord> | AsyncIterable<TargetRecord>,
  onRecord: OnRecord | undefined,
): AsyncGenerator<TargetRecord, void> {
  for await (const record of records) {
    await onRecord?.(record);
    yield record;
  }
}

/** Collects into the text of an evidence file, piece by piece; `shard` takes every target whose place in the order falls to it. */
export async function* collectLines(
  plan: Plan,
  world: World,
  schedule: Schedule,
  toolVersion: string,
  shard?: { readonly index: number; readonly of: number },
  base?: string,
  told?: (record: TargetRecord) => void,
): AsyncGenerator<string, void> {
  const lines = new EvidenceLines();
  const ordered = plan.targets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const share = shard === undefined ? ordered : ordered.filter((_, place) => place % shard.of === shard.index - 1);
  yield* lines.header(plan, toolVersion, shard, base);
  for await (const record of collect(share, world, schedule)) {
    told?.(record);
    yield lines.record(record);
  }
  yield lines.footer();
}
