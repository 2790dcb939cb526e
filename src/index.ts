/** The public API of Custos: everything else is private. */
export type { Assessment, Scores, Summary } from './model/assessment.ts';
export type { Control, Severity } from './model/control.ts';
export type { Fact, Origin } from './model/fact.ts';
export type { Finding, Outcome } from './model/finding.ts';
export type { Plan, Waiver } from './model/plan.ts';
export type { Resource, Target, TargetRecord } from './model/resource.ts';
export { InvalidInput } from './catalog/diagnostic.ts';
export { openAssessment } from './evidence/assessment-file.ts';
export { openEvidence } from './evidence/evidence-file.ts';
export { mergedPlan, mergeEvidence } from './evidence/merge.ts';
export { rendererOf } from './report/report.ts';
export { assessorFor } from './sandbox/assessor.ts';
export { preparePlan } from './sandbox/prepare.ts';
export { assess, collectLines, scan } from './scan.ts';
export { nodeWorld } from './world/node.ts';
