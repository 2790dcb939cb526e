import type { Target, TargetKind, TargetRecord } from '../model/resource.ts';
import type { World } from '../world/world.ts';

/** What a collector delivers of one target; the schedule adds the target and the time. */
export type Collected = Pick<TargetRecord, 'resources' | 'coverage' | 'gaps' | 'looked'>;

/** Learns what one kind of target says. It knows no control, and turns what it cannot see into unknowns. */
export interface Collector {
  readonly kind: TargetKind;
  readonly version: string;
  /** Kinds (and `kind#probe`) that it can yield: what becomes unknown when it fails as a whole. */
  readonly provides: readonly string[];
  collect(target: Target, world: World, signal: AbortSignal): Promise<Collected>;
}
