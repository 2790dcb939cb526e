import type { Cap, FamilyScore, Grade, ScoreInterval, Scores } from '../model/assessment.ts';
import { isUndecided, type Finding, type Outcome } from '../model/finding.ts';
import type { PlannedControl } from '../model/plan.ts';

/** How the subjects of one control came out. */
interface Tally {
  passed: number;
  failed: number;
  undecided: number;
}

/** Worst first: what a paired subject (live and declared) counts as. */
const RANK: Readonly<Record<Outcome, number>> = { fail: 0, error: 1, unknown: 1, manual: 1, pass: 2, 'not-applicable': 3 };

/**
 * Counts subjects as findings are made, and gives the interval scores at the end. The subject of a ratio is the
 * resource; live and declared resources that are paired count once, with the worse outcome.
 */
export class Scorer {
  readonly #planned: ReadonlyMap<string, PlannedControl>;
  readonly #total = new Map<string, Tally>();
  readonly #accepted = new Map<string, Tally>();
  /** Paired subjects wait for their other half: control and subject → the worst so far, and the worst of what is not waived. */
  readonly #pairs = new Map<string, { readonly control: string; readonly worst: Outcome; readonly accepted: Outcome | undefined }>();
  readonly #criticalFailed = new Set<string>();
  readonly #criticalUndecided = new Set<string>();

  constructor(planned: readonly PlannedControl[]) {
    this.#planned = new Map(planned.map((one) => [one.control.id, one]));
  }

  /** Counts one finding; `pair` names the subject that it shares with another target's, if any. */
  add(finding: Finding, pair: string | undefined): void {
    if (finding.severity === 'critical' && finding.outcome === 'fail') this.#criticalFailed.add(finding.control);
    if (finding.severity === 'critical' && isUndecided(finding.outcome)) this.#criticalUndecided.add(finding.control);
    const accepted = finding.outcome === 'fail' && finding.waiver?.status === 'active' ? undefined : finding.outcome;
    if (pair === undefined) return this.#count(finding.control, finding.outcome, accepted);
    const key = `${finding.control}\u0000${pair}`;
    const before = this.#pairs.get(key);
    this.#pairs.set(key, {
      control: finding.control,
      worst: worse(before?.worst, finding.outcome),
      accepted: accepted === undefined ? before?.accepted : worse(before?.accepted, accepted),
    });
  }

  /** `accepted` is what is left of the subject without its waived failures: nothing, or the worst of its other halves. */
  #count(control: string, worst: Outcome, accepted: Outcome | undefined): void {
    if (worst !== 'not-applicable') tally(this.#total, control, worst);
    if (accepted !== undefined && accepted !== 'not-applicable') tally(this.#accepted, control, accepted);
  }

  scores(): Scores {
    for (const { control, worst, accepted } of this.#pairs.values()) this.#count(control, worst, accepted);
    this.#pairs.clear();
    const families = this.#families(this.#total);
    const shown = families.map((family) => ({ ...family, low: round(family.low), high: round(family.high) }));
    return { total: totalOf(families), accepted: totalOf(this.#families(this.#accepted)), families: shown };
  }

  /** Caps by findings' severity: one failed critical control caps at C, three at F; one undecided at B. Waived or not. */
  caps(): readonly Cap[] {
    const failed = [...this.#criticalFailed].toSorted();
    const undecided = [...this.#criticalUndecided].filter((control) => !this.#criticalFailed.has(control)).toSorted();
    const caps: Cap[] = [];
    if (failed.length > 0) {
      const grade = failed.length >= 3 ? 'F' : 'C';
      caps.push({
        kind: 'failed',
        grade,
        controls: failed,
        reason: {
          en: `${failed.length} critical control${failed.length === 1 ? '' : 's'} failed`,
          zh: `${failed.length} 项关键控制未通过`,
        },
      });
    }
    if (undecided.length > 0) {
      caps.push({
        kind: 'undecided',
        grade: 'B',
        controls: undecided,
        reason: {
          en: `${undecided.length} critical control${undecided.length === 1 ? '' : 's'} not determined`,
          zh: `${undecided.length} 项关键控制未能判定`,
        },
      });
    }
    return caps;
  }

  #families(tallies: ReadonlyMap<string, Tally>): readonly FamilyScore[] {
    const families = new Map<string, { weight: number; low: number; high: number; controls: number }>();
    for (const [id, { passed, failed, undecided }] of tallies) {
      const planned = this.#planned.get(id);
      const subjects = passed + failed + undecided;
      if (planned === undefined || subjects === 0 || planned.weight.value === 0) continue;
      const family = families.get(planned.control.family) ?? { weight: 0, low: 0, high: 0, controls: 0 };
      const weight = planned.weight.value;
      families.set(planned.control.family, {
        weight: family.weight + weight,
        low: family.low + (weight * passed) / subjects,
        high: family.high + (weight * (passed + undecided)) / subjects,
        controls: family.controls + 1,
      });
    }
    return [...families]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([family, { weight, low, high, controls }]) => ({
        family,
        weight,
        controls,
        low: (100 * low) / weight,
        high: (100 * high) / weight,
      }));
  }
}

function worse(before: Outcome | undefined, outcome: Outcome): Outcome {
  return before === undefined || RANK[outcome] < RANK[before] ? outcome : before;
}

function tally(tallies: Map<string, Tally>, control: string, outcome: Outcome): void {
  const counts = tallies.get(control) ?? { passed: 0, failed: 0, undecided: 0 };
  if (outcome === 'pass') counts.passed += 1;
  else if (outcome === 'fail') counts.failed += 1;
  else counts.undecided += 1;
  tallies.set(control, counts);
}

/** The weighted mean of families, which keep their full precision until here. Nothing judged: from 0 to 100, since nothing is known. */
function totalOf(families: readonly FamilyScore[]): ScoreInterval {
  const weight = families.reduce((sum, family) => sum + family.weight, 0);
  if (weight === 0) return { low: 0, high: 100 };
  const mean = (of: (family: FamilyScore) => number): number =>
    families.reduce((sum, family) => sum + of(family) * family.weight, 0) / weight;
  return { low: round(mean(({ low }) => low)), high: round(mean(({ high }) => high)) };
}

/** One decimal, rounded down: a score is never better than it is. The ten-thousandth makes up for binary fractions. */
export function round(score: number): number {
  return Math.floor(score * 10 + 1e-4) / 10;
}

const GRADES = ['A', 'B', 'C', 'D', 'F'] as const;
const THRESHOLDS = { A: 90, B: 80, C: 65, D: 50 } as const;

/** The grade of a score, not better than any of the caps. */
export function gradeOf(score: number, caps: readonly Cap[]): Grade {
  const own = score >= THRESHOLDS.A ? 'A' : score >= THRESHOLDS.B ? 'B' : score >= THRESHOLDS.C ? 'C' : score >= THRESHOLDS.D ? 'D' : 'F';
  return caps.map(({ grade }) => grade).reduce<Grade>((worst, cap) => (rank(cap) > rank(worst) ? cap : worst), own);
}

function rank(grade: Grade): number {
  return GRADES.findIndex((one) => one === grade);
}
