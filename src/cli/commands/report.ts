import { openAssessment } from '../../evidence/assessment-file.ts';
import type { Shell } from '../shell.ts';
import { EXIT } from '../shell.ts';
import { withInputs } from '../input-file.ts';
import { checkOutputs, reportTarget, writeReports } from '../write-reports.ts';

export interface ReportFlags {
  readonly format: readonly string[];
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos report`: another look at an assessment. The gate was decided when it was judged; this exits 0. */
export function reportCommand(path: string, flags: ReportFlags, shell: Shell): Promise<number> {
  const asked = flags.format.map(reportTarget);
  checkOutputs(
    asked.map((one) => one.path),
    shell,
  );
  return withInputs([path], shell, async ([file = path]) => {
    const { summary, findings } = openAssessment(file);
    const { lang, color } = flags;
    await writeReports(asked.length > 0 ? asked : [{ format: 'text' }], summary, findings, shell, { lang, color });
    return EXIT.ok;
  });
}
