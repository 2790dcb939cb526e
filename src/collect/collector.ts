import type { Target, TargetKind, TargetRecord } from '../model/resource.ts';
import type { Conduct } from './limits.ts';
import type { World } from '../world/world.ts';

/** What a collector delivers of one target; the schedule adds the target and the time. */
export type Collected = Pick<TargetRecord, 'resources' | 'coverage' | 'gaps' | 'looked'>;

/** Learns what some kinds of target says. It knows no control, and turns what it cannot see into unknowns. */
export interface Collector {
  readonly name: string;
  /** Kinds of target that it looks at. Several collectors may look at one kind, each for its own resources. */
  readonly targets: readonly TargetKind[];
  readonly version: string;
  /** Kinds (and `kind#probe`) that it can yield: what becomes unknown when it fails as a whole. */
  readonly provides: readonly string[];
  /** On `signal` it ends soon, with what it has learnt and unknowns for the rest. */
  collect(target: Target, world: World, signal: AbortSignal, conduct: Conduct): Promise<Collected>;
}
