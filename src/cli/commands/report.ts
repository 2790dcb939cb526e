import { resolve } from 'node:path';
import { openAssessment } from '../../evidence/assessment-file.ts';
import type { Shell } from '../shell.ts';
import { EXIT } from '../shell.ts';
import { reportTarget, writeReports } from '../write-reports.ts';

export interface ReportFlags {
  readonly format: readonly string[];
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos report`: another look at an assessment. The gate was decided when it was judged; this exits 0. */
export async function reportCommand(file: string, flags: ReportFlags, shell: Shell): Promise<number> {
  const asked = flags.format.map(reportTarget);
  const { summary, findings } = openAssessment(resolve(shell.cwd, file));
  await writeReports(asked.length > 0 ? asked : [{ format: 'text' }], summary, findings, shell, {
    lang: flags.lang,
    color: flags.color,
    base: shell.cwd,
  });
  return EXIT.ok;
}
