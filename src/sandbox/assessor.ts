import { Evaluation, type EvaluationOptions } from '../evaluate/evaluation.ts';
import { planDigestOf } from '../evidence/evidence-file.ts';
import type { Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetRecord } from '../model/resource.ts';
import { Confined } from './confined.ts';

/** Judges target records, in this thread or apart from it. */
export interface Assessor {
  judge(record: TargetRecord): readonly Finding[] | Promise<readonly Finding[]>;
  /** After the last record: a piece of what is left to judge, until there is nothing. */
  judgeRest(): readonly Finding[] | undefined | Promise<readonly Finding[] | undefined>;
  finish():
    | { readonly findings: readonly Finding[]; readonly summary: Summary }
    | Promise<{ readonly findings: readonly Finding[]; readonly summary: Summary }>;
}

export type AssessorOptions = Pick<EvaluationOptions, 'baseline' | 'toolVersion'>;

/**
 * The bundled catalogue is judged in this thread. A plan that holds anybody's own controls is judged in a worker with a
 * memory limit and a deadline: a control that runs past them ends the run and is named; it never yields an outcome.
 */
export function assessorFor(plan: Plan, options: AssessorOptions): Assessor {
  const full = { ...options, planDigest: planDigestOf(plan) };
  if (plan.controls.every(({ control }) => control.bundled)) return new Evaluation(plan, full);
  const controls = plan.controls.map(({ control }) => control);
  const confined = new Confined(controls);
  const started = confined.ask({ kind: 'start', plan, options: full });
  return {
    judge: async (record) => {
      await started;
      const answer = await confined.ask({ kind: 'judge', record });
      return answer.kind === 'findings' ? answer.findings : [];
    },
    judgeRest: async () => {
      await started;
      const answer = await confined.ask({ kind: 'judge-rest' });
      return answer.kind === 'findings' ? answer.findings : undefined;
    },
    finish: async () => {
      await started;
      const answer = await confined.ask({ kind: 'finish' });
      await confined.end();
      if (answer.kind !== 'finished') throw new Error('the sandbox gave no summary');
      return { findings: answer.findings, summary: answer.summary };
    },
  };
}
