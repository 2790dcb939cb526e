import { EvidenceLines } from '../evidence/evidence-file.ts';
import type { Plan } from '../model/plan.ts';
import type { Assessed, OnRecord } from '../scan.ts';
import { OutputFile } from './output-file.ts';
import { toolVersion, type Shell } from './shell.ts';

/**
 * Judges, and where a path is named keeps what was judged as an evidence file, written as records come: nothing is read twice.
 * The file appears when all of it was judged, so that it may have the name of what was read; where that fails, nothing appears.
 */
export async function keeping(
  path: string | undefined,
  plan: Plan,
  base: string,
  shell: Shell,
  judge: (onRecord?: OnRecord) => Promise<Assessed>,
): Promise<Assessed> {
  if (path === undefined) return judge();
  const lines = new EvidenceLines();
  const file = await OutputFile.open(path, shell);
  let assessed: Assessed | undefined;
  try {
    for (const piece of lines.header(plan, toolVersion(), undefined, base)) {
      file.write(piece);
      await file.settled();
    }
    assessed = await judge((record) => {
      file.write(lines.record(record));
      return file.settled();
    });
    file.write(lines.footer());
    await file.done();
    return assessed;
  } catch (error) {
    assessed?.findings.close();
    await file.abandon();
    throw error;
  }
}
