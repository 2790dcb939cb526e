import type { EvaluationOptions } from '../evaluate/evaluation.ts';
import type { Summary } from '../model/assessment.ts';
import type { ControlDefinition } from '../model/control.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetRecord } from '../model/resource.ts';
import type { Proof } from '../proof/prove.ts';

/** What the sandbox is asked. One question at a time. */
export type Question =
  | { readonly kind: 'start'; readonly plan: Plan; readonly options: Omit<EvaluationOptions, 'onControl' | 'givenOutcomes'> }
  | { readonly kind: 'judge'; readonly record: TargetRecord }
  | { readonly kind: 'judge-rest' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'prove'; readonly definition: ControlDefinition };

export type Answer =
  | { readonly kind: 'started' }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'finished'; readonly findings: readonly Finding[]; readonly summary: Summary }
  | { readonly kind: 'proved'; readonly proof: Proof }
  | { readonly kind: 'failed'; readonly message: string };

/** Shared with the worker: the index of the control being judged, so that a deadline can name it. */
export interface SandboxData {
  readonly current: SharedArrayBuffer;
}
