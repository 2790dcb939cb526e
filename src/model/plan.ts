import type { Control, ParameterValue, Severity } from './control.ts';
import type { Target } from './resource.ts';
import type { SourceRange } from './source-range.ts';

/** A value, and the place that set it: the control's default, a profile, custos.yaml or the command line. */
export interface Setting<T> {
  readonly value: T;
  readonly setBy: string;
}

/** A control as this plan judges it: parameters resolved, weight settled. */
export interface PlannedControl {
  readonly control: Control;
  readonly parameters: { readonly [name: string]: Setting<ParameterValue> };
  readonly weight: Setting<number>;
  /** Lists (by their expression) on whose emptiness a pass may rest: those of the control's own passing examples. */
  readonly emptyMayPass: readonly string[];
  /** Opt-in probe class whose facts it reads; it is out of reach where that class was not asked for. */
  readonly probe?: string;
}

/** "at least one tls.listener": an empty world is not a clean one. */
export interface Expectation {
  readonly kind: string;
  readonly atLeast: number;
  readonly setBy: string;
}

/** A bound that a profile claims of a parameter, and that no later setting may loosen. */
export interface Bound {
  readonly control: string;
  readonly parameter: string;
  readonly value: ParameterValue;
  readonly claimedBy: string;
}

/** What the exit code is decided by. */
export interface Gate {
  readonly failOn: Severity;
  readonly minScore?: number;
  readonly undecided: readonly ('unknown' | 'error' | 'manual')[];
  readonly allowUndecided: boolean;
}

/** An exact id, or a glob that was written as one: nothing becomes a pattern by accident. */
export type Pattern = string | { readonly glob: string };

/** An accepted risk: an overlay on findings, never an outcome. */
export interface Waiver {
  readonly id: string;
  readonly control: Pattern;
  readonly target: Pattern;
  readonly resource?: Pattern;
  /** Digests or texts of the offenders it knows; more than these is `worse`. */
  readonly offenders?: readonly string[];
  readonly owner: string;
  readonly reason: string;
  /** Last day it holds, ISO date: until 24:00 UTC. */
  readonly until: string;
  readonly declaredAt: SourceRange;
}

/** A document of policy, with the digest of its bytes, so that a reader knows by what law was judged. */
export interface PolicySource {
  readonly role: 'profile' | 'configuration' | 'waivers' | 'baseline' | 'catalogue' | 'controls';
  readonly name: string;
  readonly digest: string;
}

/** What custos.yaml and the command line set themselves: it stays where evidence is judged by another profile. */
export interface OwnSettings {
  /** Control id → parameter → value, of controls that the profile selected or not. */
  readonly parameters: { readonly [control: string]: { readonly [parameter: string]: Setting<ParameterValue> } };
  readonly expects: readonly Expectation[];
  readonly gate: Partial<Gate>;
}

/** What will be judged, of what, by which rules. Plain data: it travels inside evidence and bundles. */
export interface Plan {
  readonly format: 'custos-plan';
  readonly version: 1;
  readonly profile: string;
  readonly controls: readonly PlannedControl[];
  readonly targets: readonly Target[];
  readonly expects: readonly Expectation[];
  readonly labelDefaults: { readonly [label: string]: Setting<string> };
  readonly waivers: readonly Waiver[];
  readonly gate: Gate;
  readonly policy: readonly PolicySource[];
  /** The assessment's time, ISO 8601 in UTC: the only clock that controls and waivers see. */
  readonly asOf: string;
  /** The user named the time. Without this it is when the plan was made, and no part of which plan it is. */
  readonly asOfGiven?: true;
  readonly own?: OwnSettings;
}
