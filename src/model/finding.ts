import type { CauseCode, NonEmpty, Origin, TargetId } from './fact.ts';
import type { Severity } from './control.ts';
import type { Localized } from './localized.ts';
import type { SourceRange } from './source-range.ts';

export const OUTCOMES = ['fail', 'error', 'unknown', 'manual', 'pass', 'not-applicable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that leave the question open. They count as failed in a score's low and as passed in its high. */
export type Undecided = Extract<Outcome, 'unknown' | 'manual' | 'error'>;

/** Is it one of the outcomes that leave the question open? */
export function isUndecided(outcome: Outcome): outcome is Undecided {
  return outcome === 'unknown' || outcome === 'manual' || outcome === 'error';
}

/** A read that decided an outcome: something that was positively seen, or positively not there. */
export interface Witness {
  /** Where in the resource: `r.protocols[1]`. */
  readonly path: string;
  readonly state: 'known' | 'absent';
  /** The value, or what stands for a list or record. Absent for `absent`. */
  readonly value?: boolean | number | string;
  readonly origin: Origin;
}

/** Something an outcome could not be decided without. */
export interface UndecidedRead {
  readonly path: string;
  readonly cause: CauseCode | 'nothing-to-judge';
  readonly detail: string;
  readonly origin?: Origin;
}

/** One of the values that made it fail: a digest that a baseline or waiver can name, how it reads, and where it stands. */
export interface Offender {
  /** Absent beyond the first 200: the digests are always all there. */
  readonly text?: string;
  readonly digest: string;
  readonly origin?: Origin;
}

/** A place in a file that a reader should look at. */
export interface Location {
  readonly file: string;
  readonly range: { readonly start: SourceRange['start']; readonly end: SourceRange['end'] };
  readonly excerpt?: SourceRange['excerpt'];
  /** `evidence`: where the value stands; `declared`: where the user declared the live target. */
  readonly role: 'evidence' | 'declared';
  /** Where it stands on the machine that was looked at: `file` is an absolute path there. */
  readonly seen?: {
    readonly on: TargetId;
    readonly file: string;
    readonly range: { readonly start: SourceRange['start']; readonly end: SourceRange['end'] };
    readonly excerpt?: SourceRange['excerpt'];
  };
}

/** The place that a reader is led to; on a machine that was looked at its path has the target's name before it. */
export function shownPlace({ file, range, excerpt, seen }: Location): Omit<Location, 'role' | 'seen'> {
  if (seen === undefined) return excerpt === undefined ? { file, range } : { file, range, excerpt };
  const there = { file: `${seen.on}:${seen.file}`, range: seen.range };
  return seen.excerpt === undefined ? there : { ...there, excerpt: seen.excerpt };
}

/** A waiver as it bears on one finding. */
export interface AppliedWaiver {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly until: string;
  /** `worse`: the finding has offenders that the waiver does not know; it forgives nothing. */
  readonly status: 'active' | 'expired' | 'worse';
}

/** A part of the control's expression, and what it came to: `size(r.members) >= 2` → `false`. */
export interface Part {
  readonly expression: string;
  readonly came: string;
}

/** How a finding stands to the baseline that was given. */
export type BaselineState = 'new' | 'unchanged' | 'worse' | 'new-control';

interface FindingCommon {
  readonly control: string;
  readonly family: string;
  readonly target: TargetId;
  /** The resource's natural key; `''` where the finding is about the target or the whole assessment. */
  readonly resource: string;
  readonly kind: string;
  readonly stance?: 'live' | 'declared';
  readonly severity: Severity;
  readonly basis: 'automated' | 'attested';
  readonly message: Localized;
  readonly locations: readonly Location[];
  readonly alsoUnknown: readonly UndecidedRead[];
  /** What each part of `when` and `assert` came to, inside out; those inside comprehensions are in the witnesses. */
  readonly parts: readonly Part[];
  /** SHA-256 over scheme, control, target and resource. Absent where the ids are local to the run. */
  readonly fingerprint?: string;
  readonly waiver?: AppliedWaiver;
  readonly baseline?: BaselineState;
  /** More than one resource folded into this finding (passes and not-applicables only). */
  readonly count?: number;
  /** Digest of the sorted ids of the folded resources. */
  readonly resourcesDigest?: string;
}

/**
 * What came out of one control on one resource. `pass`, `fail` and `not-applicable` cannot be built without
 * witnesses, nor `unknown` without a cause: the type is the lock.
 */
export type Finding = FindingCommon &
  (
    | { readonly outcome: 'pass'; readonly witnesses: NonEmpty<Witness>; readonly offenders: readonly [] }
    | { readonly outcome: 'fail'; readonly witnesses: NonEmpty<Witness>; readonly offenders: readonly Offender[] }
    | { readonly outcome: 'not-applicable'; readonly witnesses: NonEmpty<Witness>; readonly offenders: readonly [] }
    | {
        readonly outcome: 'unknown';
        readonly witnesses: readonly [];
        readonly offenders: readonly [];
        readonly causes: NonEmpty<UndecidedRead>;
      }
    | { readonly outcome: 'manual'; readonly witnesses: readonly []; readonly offenders: readonly [] }
    | {
        readonly outcome: 'error';
        readonly witnesses: readonly [];
        readonly offenders: readonly [];
        readonly error: string;
      }
  );

/** Does the gate let it be: waived in force, or known to the baseline and no worse? `error` is never forgiven. */
export function isForgiven(finding: Finding): boolean {
  if (finding.outcome === 'error') return false;
  return finding.waiver?.status === 'active' || finding.baseline === 'unchanged' || finding.baseline === 'new-control';
}
