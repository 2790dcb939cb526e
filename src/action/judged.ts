import { collect, type Schedule } from '../collect/collect.ts';
import { DEFAULT_LIMITS, FLEET_RATE } from '../collect/limits.ts';
import type { Shell } from '../cli/shell.ts';
import type { Finding } from '../model/finding.ts';
import type { Localized } from '../model/localized.ts';
import type { Target, TargetRecord } from '../model/resource.ts';
import type { ComparedSides } from '../report/renderer.ts';
import type { Assessed } from '../scan.ts';
import type { World } from '../world/world.ts';

/** Something that the reader of a run must be told besides its findings. */
export interface Notice {
  readonly level: 'warning' | 'notice';
  readonly message: Localized;
  /** From the repository's root. */
  readonly file?: string;
  readonly line?: number;
}

/** What came of a run, before anything of it is published. */
export interface Judged extends Assessed {
  readonly notices: readonly Notice[];
  /** Path of the evidence that was judged. */
  readonly evidence: string;
  /** Leads from the repository's root to the directory that paths of findings start from: `deploy/`, or nothing. */
  readonly prefix: string;
  /** The commit whose files are shown. */
  readonly commit: string;
  /** There was something to compare with. */
  readonly compared: boolean;
  /** The base commit, as this run has seen it. */
  readonly comparison?: Omit<ComparedSides, 'link'>;
  /** Does a finding stand on a line that the pull request changes? Chooses annotations, and decides nothing. */
  readonly onChangedLine?: (finding: Finding) => Promise<boolean>;
}

/** What a run writes, says and heeds. */
export interface Run {
  /** A directory of the step's own, for what it writes. */
  readonly folder: string;
  readonly shell: Shell;
  /** Ends it early: the runner cancels. */
  readonly signal: AbortSignal;
}

/** Several targets at once, none of them hurried: what the command line does. */
export function scheduleOf(total: number, signal: AbortSignal): Schedule {
  const limits = total > 1 ? { ...DEFAULT_LIMITS, perSecond: FLEET_RATE } : DEFAULT_LIMITS;
  return { concurrency: 8, timeout: 300, signal, limits };
}

/** Targets that are looked at in one world. */
export interface Share {
  readonly targets: readonly Target[];
  readonly world: World;
}

/** Collects shares side by side, and yields their records in the order of target ids, as evaluation wants them. */
export async function* collectShares(shares: readonly Share[], schedule: Schedule): AsyncGenerator<TargetRecord, void> {
  const heads = await Promise.all(
    shares.map(async ({ targets, world }) => {
      const records = collect(targets, world, schedule);
      return { records, next: await records.next() };
    }),
  );
  yield* inOrder(heads);
}

interface Head {
  readonly records: AsyncGenerator<TargetRecord, void>;
  next: IteratorResult<TargetRecord, void>;
}

async function* inOrder(heads: readonly Head[]): AsyncGenerator<TargetRecord, void> {
  for (;;) {
    const lowest = heads.reduce<Head | undefined>(
      (best, head) => (head.next.done === true || (best !== undefined && idOf(best) <= idOf(head)) ? best : head),
      undefined,
    );
    if (lowest === undefined || lowest.next.done === true) return;
    yield lowest.next.value;
    lowest.next = await lowest.records.next();
  }
}

function idOf({ next }: Head): string {
  return next.done === true ? '' : next.value.target.id;
}

/** Ends at SIGINT and SIGTERM: the runner sends both when a run is cancelled. */
export async function untilCancelled<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await act(controller.signal);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}
