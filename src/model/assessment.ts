import type { Finding, Outcome } from './finding.ts';
import type { EndpointProfile } from './endpoint.ts';
import type { Severity } from './control.ts';
import type { Localized } from './localized.ts';
import type { Gate, PolicySource, Setting, Waiver } from './plan.ts';
import type { ParameterValue } from './control.ts';
import type { Looked, Target } from './resource.ts';
import type { Unknown } from './fact.ts';

/** 0–100, one decimal. `low` counts the undecided as failed, `high` as passed: the width is our ignorance. */
export interface ScoreInterval {
  readonly low: number;
  readonly high: number;
}

export type Grade = 'A' | 'B' | 'C' | 'D' | 'F' | '–';

/** Why a grade is lower than its score alone would give. */
export interface Cap {
  readonly kind: 'failed' | 'undecided';
  readonly grade: Grade;
  readonly reason: Localized;
  readonly controls: readonly string[];
}

export interface FamilyScore extends ScoreInterval {
  readonly family: string;
  readonly weight: number;
  readonly controls: number;
}

export interface Scores {
  /** Ignores waivers: what auditors and the grade go by. */
  readonly total: ScoreInterval;
  /** Waived failures left out: what `minScore` compares. */
  readonly accepted: ScoreInterval;
  readonly families: readonly FamilyScore[];
}

/** What a control is called and how to mend it: reports need it without the catalogue at hand. */
export interface RuleText {
  readonly id: string;
  readonly revision: number;
  readonly family: string;
  readonly title: Localized;
  readonly rationale: Localized;
  readonly severity: Severity;
  readonly remediation: Localized & { readonly examples: { readonly [product: string]: string } };
  readonly references: { readonly [register: string]: readonly string[] };
  readonly parameters: { readonly [name: string]: Setting<ParameterValue> };
  readonly tags: readonly string[];
}

/** A control that no target could say anything about: neither pass nor fail, and not in the score. */
export interface NotLookedAt {
  readonly control: string;
  readonly title: Localized;
  readonly severity: Severity;
  readonly kind: string;
  readonly reason: Localized;
}

export interface TargetSummary {
  readonly target: Target;
  readonly resources: number;
  readonly looked: readonly Looked[];
  readonly gaps: readonly Unknown[];
  readonly collectedAt: string;
}

/** A finding of the baseline that is not open any more. */
export interface GoneFinding {
  readonly fingerprint: string;
  readonly control: string;
  readonly target: string;
  readonly resource: string;
  /** `fixed`: it passes now, or its kind was seen completely and nothing of it is there. */
  readonly state: 'fixed' | 'no-longer-determinable';
  /** What it came to in the baseline. */
  readonly was?: Outcome;
  /** What it comes to now; absent where nothing of it is there any more. */
  readonly now?: Outcome;
}

export interface WaiverReport {
  readonly waiver: Waiver;
  readonly status: 'active' | 'expired' | 'unmatched';
  readonly findings: number;
}

/** The gate's decision: the same exit code for every format. 130: the run was interrupted, and nothing was decided. */
export interface Verdict {
  readonly exitCode: 0 | 1 | 2 | 130;
  readonly reasons: readonly Localized[];
}

/** Everything of an assessment but its findings, which are streamed. */
export interface Summary {
  readonly format: 'custos-assessment';
  readonly version: 1;
  readonly tool: { readonly name: 'custos'; readonly version: string };
  readonly profile: string;
  readonly asOf: string;
  readonly policy: readonly PolicySource[];
  readonly planDigest: string;
  /** Leads from where the run stood to the directory that paths are relative to (`examples/weak-platform/`). Absent where they are one. */
  readonly base?: string;
  readonly gate: Gate;
  readonly targets: readonly TargetSummary[];
  /** Live TLS endpoints, each in full. */
  readonly endpoints: readonly EndpointProfile[];
  readonly rules: readonly RuleText[];
  readonly counts: { readonly [O in Outcome]: number };
  readonly failed: { readonly [S in Severity]: number };
  readonly scores: Scores;
  readonly grade: Grade;
  /** The grade if all that is undecided turned out well. */
  readonly gradeHigh: Grade;
  readonly caps: readonly Cap[];
  /** Weight in reach ÷ weight selected, 0–1. Stands beside every grade. */
  readonly coverage: number;
  readonly notLookedAt: readonly NotLookedAt[];
  readonly waivers: readonly WaiverReport[];
  readonly gone: readonly GoneFinding[];
  readonly verdict: Verdict;
}

/** An assessment in memory. Large ones are read as a stream of findings and a summary. */
export interface Assessment extends Summary {
  readonly findings: readonly Finding[];
}
