import type { GoneFinding } from '../model/assessment.ts';
import { causeKey, type Baseline, type BaselineFinding } from '../model/baseline.ts';
import { atLeast } from '../model/control.ts';
import { isUndecided, type BaselineState, type Finding, type Outcome } from '../model/finding.ts';
import { allKnown } from './offenders.ts';

/** Compares findings, as they are made, with those of a baseline. */
export class Comparison {
  readonly #known: ReadonlyMap<string, BaselineFinding>;
  readonly #controls: Readonly<Record<string, number>>;
  readonly #now = new Map<string, Outcome>();

  constructor(baseline: Baseline) {
    this.#known = new Map(baseline.findings.map((finding) => [finding.fingerprint, finding]));
    this.#controls = baseline.controls;
  }

  /** Marks what is open as new, unchanged, worse, or of a control that the baseline did not have. */
  mark(finding: Finding, revision: number): Finding {
    const { fingerprint } = finding;
    const before = fingerprint === undefined ? undefined : this.#known.get(fingerprint);
    if (before !== undefined && fingerprint !== undefined) this.#now.set(fingerprint, finding.outcome);
    if (finding.outcome !== 'fail' && !isUndecided(finding.outcome)) return finding;
    return { ...finding, baseline: this.#stateOf(finding, before, revision) };
  }

  #stateOf(finding: Finding, before: BaselineFinding | undefined, revision: number): BaselineState {
    if (this.#controls[finding.control] !== revision) return 'new-control';
    if (before === undefined || before.outcome !== finding.outcome) return 'new';
    const { seen } = before;
    if (seen !== undefined && !atLeast(seen.severity, finding.severity)) return 'worse';
    if (seen !== undefined && finding.outcome === 'unknown' && !finding.causes.every((cause) => seen.causes.includes(causeKey(cause))))
      return 'worse';
    return allKnown(finding.offenders, before.offenders) ? 'unchanged' : 'worse';
  }

  /**
   * What is not open any more: fixed if its fingerprint passes now, or its resource is gone and its kind was seen
   * completely there; otherwise nobody can tell. `complete` answers for a target and kind.
   */
  gone(complete: (target: string, kind: string) => boolean): readonly GoneFinding[] {
    return [...this.#known.values()]
      .filter(({ outcome }) => outcome === 'fail' || isUndecided(outcome))
      .flatMap(({ fingerprint, control, target, resource, kind, outcome }) => {
        const now = this.#now.get(fingerprint);
        if (now === 'fail' || now === outcome) return [];
        const open = now !== undefined && isUndecided(now);
        const settled = !open && (now === 'pass' || now === 'not-applicable' || complete(target, kind));
        const state = settled ? ('fixed' as const) : ('no-longer-determinable' as const);
        return [{ fingerprint, control, target, resource, state, was: outcome, ...(now === undefined ? {} : { now }) }];
      })
      .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  }
}
