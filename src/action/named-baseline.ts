import { resolve } from 'node:path';
import { reasonOf } from '../cli/complain.ts';
import { UsageError } from '../cli/shell.ts';
import { baselineOf, InvalidAssessment, openAssessment } from '../evidence/assessment-file.ts';
import type { Baseline } from '../model/baseline.ts';
import { fetchArtifact } from './baseline-artifact.ts';
import type { Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Notice } from './judged.ts';
import { workingDirectory } from './workspace.ts';

/** What input `baseline` names, and what is to be told of it. */
export interface NamedBaseline {
  readonly baseline?: Baseline;
  readonly notices: readonly Notice[];
}

/** Reads the baseline that the input names, if it names one. An artifact that no run has kept yet is told: then everything is new. */
export async function namedBaseline(inputs: Inputs, around: Surroundings, folder: string, signal: AbortSignal): Promise<NamedBaseline> {
  const { baseline } = inputs;
  if (baseline === undefined) return { notices: [] };
  if ('file' in baseline) {
    const from = inputs.evidence.length > 0 ? around.workspace : workingDirectory(inputs, around);
    return { baseline: openBaseline(resolve(from, baseline.file), baseline.file), notices: [] };
  }
  const { file, branch } = await fetchArtifact(baseline.artifact, around, inputs.token, folder, signal);
  if (file !== undefined) return { baseline: openBaseline(file, `the artifact "${baseline.artifact}"`), notices: [] };
  const message = {
    en: `no baseline was found: no run of ${branch} has kept an artifact "${baseline.artifact}" that is still there; there is nothing to compare with`,
    zh: `未找到基线：${branch} 的运行没有留存仍可用的工件“${baseline.artifact}”，因此没有可比较的对象`,
  };
  return { notices: [{ level: 'notice', message }] };
}

/** An assessment to compare with; what is wrong with it is told by the name that the workflow gave it. */
export function openBaseline(path: string, name: string, where = ''): Baseline {
  try {
    return baselineOf(openAssessment(path));
  } catch (error) {
    const reason = error instanceof InvalidAssessment ? error.message : reasonOf(error);
    throw new UsageError(
      `input baseline: ${name}${where} ${reason}`,
      'an assessment is what formats: json writes; paths are taken from working-directory',
    );
  }
}
