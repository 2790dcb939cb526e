import type { Localized } from './localized.ts';
import type { SourceRange } from './source-range.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** Worst first. */
export type Severity = (typeof SEVERITIES)[number];

/** What a control's ratio weighs in its family, and its family in the total. */
export const SEVERITY_WEIGHT = { critical: 10, high: 7, medium: 4, low: 1, info: 0 } as const satisfies Record<Severity, number>;

/** Is `a` at or above `b`? */
export function atLeast(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b);
}

/** Parameter and label values: what YAML can say without structure. */
export type ParameterValue = boolean | number | string | readonly string[] | readonly number[];

export type ParameterType = 'bool' | 'int' | 'double' | 'string' | 'list<string>' | 'list<int>';

/** In which direction a profile may move a parameter. A number a law sets is tightened, never loosened. */
export type Tighter = 'lower' | 'higher' | 'subset' | 'superset';

export interface Parameter {
  readonly type: ParameterType;
  readonly default: ParameterValue;
  readonly description: Localized;
  readonly tighter?: Tighter;
}

/** A control that is decided by a document: which attestation kind, and what must hold of it. */
export interface AttestedClaim {
  readonly kind: string;
  readonly assert: string;
}

/** A lesser severity that a finding has when `if` is true. */
export interface Lesser {
  readonly if: string;
  readonly severity: Severity;
}

/** One of a control's proofs: facts, or a configuration text, and what must come out. */
export interface ControlExample {
  readonly name: string;
  readonly expect: 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'manual';
  /** Attribute values of the subject: plain values are known facts, `{ unknown: cause }` and `{ absent: true }` are themselves. */
  readonly facts?: { readonly [attribute: string]: unknown };
  /** Neighbours that `resources(…)` sees: kind → list of facts. */
  readonly neighbours?: { readonly [kind: string]: readonly { readonly [attribute: string]: unknown }[] };
  /** First-pass outcomes that `outcomes(id)` sees, for `scope: findings`. */
  readonly outcomes?: { readonly [control: string]: readonly string[] };
  readonly format?: string;
  readonly text?: string;
  /** Further files beside `text`: path → content. */
  readonly files?: { readonly [path: string]: string };
  readonly versions?: { readonly [product: string]: string };
  readonly labels?: { readonly [name: string]: string };
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** Where its name stands, and its format. */
  readonly declaredAt?: SourceRange;
  readonly formatAt?: SourceRange;
}

export type Verification = 'automated' | 'either' | 'attested';
export type Scope = 'resource' | 'assessment' | 'findings';

/** A custody security control, as its YAML file says it. Expressions are text: compiling them again is cheap. */
export interface Control {
  readonly id: string;
  readonly revision: number;
  readonly family: string;
  readonly title: Localized;
  readonly rationale: Localized;
  readonly severity: Severity;
  readonly lesser: readonly Lesser[];
  readonly scope: Scope;
  /** The resource kind it judges; `''` for the scopes `assessment` and `findings`. */
  readonly resource: string;
  readonly when?: string;
  /** Absent only where people alone can know (`verification: attested`). */
  readonly assert?: string;
  readonly attested?: AttestedClaim;
  readonly offending?: readonly string[];
  readonly message: Localized;
  readonly remediation: Localized & { readonly examples: { readonly [product: string]: string } };
  readonly references: { readonly [register: string]: readonly string[] };
  readonly report: readonly string[];
  readonly tags: readonly string[];
  readonly verification: Verification;
  readonly parameters: { readonly [name: string]: Parameter };
  readonly declaredAt: SourceRange;
  /** False for a user's own control (`--controls`): those are evaluated apart, with limits. */
  readonly bundled: boolean;
}

/** A control with its proofs, as the catalogue holds it. A plan carries controls without them. */
export interface ControlDefinition extends Control {
  readonly examples: readonly ControlExample[];
}
