import { unknown } from '../model/fact.ts';
import type { Coverage, Target, TargetRecord } from '../model/resource.ts';

/**
 * The targets of a plan, called in their order. Who does not answer (a shard that is missing, evidence that was cut off) is
 * no silence: a record in its name says that nothing at all is known of it.
 */
export class RollCall {
  readonly #targets: readonly Target[];
  readonly #keys: readonly string[];
  readonly #asOf: string;
  #at = 0;
  #last: string | undefined;

  /** `keys` are the coverage keys that the plan's controls judge or ask for: what a missing target may have shown. */
  constructor(targets: readonly Target[], keys: Iterable<string>, asOf: string) {
    this.#targets = targets.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    this.#keys = [...new Set(keys)].toSorted();
    this.#asOf = asOf;
  }

  /**
   * Takes a target's record, and gives it after those of targets before it that did not answer. What the target is (its system,
   * its labels) the plan says. Out of order, or of no plan, is a bug.
   */
  answer(record: TargetRecord): readonly TargetRecord[] {
    const { id } = record.target;
    if (this.#last !== undefined && !(this.#last < id)) throw new Error(`target records out of order: ${id} after ${this.#last}`);
    this.#last = id;
    const missing: TargetRecord[] = [];
    for (let next = this.#targets[this.#at]; next !== undefined && next.id < id; next = this.#targets[this.#at]) {
      missing.push(this.#missing(next));
      this.#at += 1;
    }
    const target = this.#targets[this.#at];
    if (target?.id !== id) throw new Error(`target ${id} is not in the plan`);
    this.#at += 1;
    return [...missing, { ...record, target }];
  }

  /** Records of up to `most` targets after the last that answered. Empty when all have been called. */
  rest(most: number): readonly TargetRecord[] {
    const missing = this.#targets.slice(this.#at, this.#at + most).map((target) => this.#missing(target));
    this.#at += missing.length;
    return missing;
  }

  #missing(target: Target): TargetRecord {
    const why = unknown('not-collected', 'in none of the evidence', { kind: 'file', range: target.declaredAt });
    const coverage: Coverage = { status: 'failed', gaps: [why], looked: why };
    return {
      target,
      resources: [],
      coverage: Object.fromEntries(this.#keys.map((key) => [key, coverage])),
      gaps: [why],
      looked: [],
      collectors: {},
      collectedAt: this.#asOf,
    };
  }
}
