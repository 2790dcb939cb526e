import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidInput } from '../catalog/diagnostic.ts';
import { complain } from '../cli/complain.ts';
import { EXIT, UsageError, type Shell } from '../cli/shell.ts';
import { baselineOf, openAssessment } from '../evidence/assessment-file.ts';
import type { Baseline } from '../model/baseline.ts';
import { markdown } from '../report/markdown.ts';
import { fetchArtifact } from './baseline-artifact.ts';
import { readSurroundings, type Surroundings } from './event.ts';
import { readInputs, type Inputs } from './inputs.ts';
import type { Judged } from './judged.ts';
import { judgePullRequest } from './pull-request.ts';
import { appendSummary, destinationsOf, publish, tell } from './publish.ts';
import { Repository } from './repository.ts';
import { annotationLine, asLog, SHOWN_OF_A_LEVEL, type Annotation } from './workflow-commands.ts';
import { checkedOutput, collectShard, judgeEvidence, judgeWorkspace, workingDirectory } from './workspace.ts';

/** Runs the Action. Everything that it prints goes through the escaping of `workflow-commands.ts`. Returns the step's exit code. */
export async function act(shell: Shell): Promise<number> {
  try {
    const inputs = readInputs(shell.env);
    const around = readSurroundings(shell.env);
    const folder = mkdtempSync(join(around.temporary === '' ? tmpdir() : around.temporary, 'custos-'));
    if (inputs.shard !== undefined && around.change === undefined) return await share(inputs, around, folder, shell);
    const from = inputs.evidence.length > 0 ? around.workspace : workingDirectory(inputs, around);
    const to = destinationsOf(inputs, folder, (input, path) => checkedOutput(input, path, from, around));
    const judged = await judge(inputs, around, folder, shell);
    try {
      await publish(judged, inputs, around, to, shell);
    } finally {
      judged.findings.close();
    }
    return judged.summary.verdict.exitCode;
  } catch (error) {
    return fail(error, shell);
  }
}

async function judge(inputs: Inputs, around: Surroundings, folder: string, shell: Shell): Promise<Judged> {
  const { change, borrowed } = around;
  if (change !== undefined) {
    // Of the targets in the repository the base commit itself is the baseline; a file is read from that commit, too.
    const fetched = inputs.live === true && inputs.baseline !== undefined && 'artifact' in inputs.baseline;
    const named = fetched ? await namedBaseline(inputs, around, folder) : undefined;
    return judgePullRequest(inputs, around, change, named, folder, shell);
  }
  if (borrowed && (await isAnotherCommit(around)))
    throw new UsageError(
      `${around.event} runs with the rights of the default branch, and another commit than that branch's is checked out`,
      'check pull requests on pull_request: there they have no secrets, and are judged by the policy of their base commit',
    );
  const named = await namedBaseline(inputs, around, folder);
  if (inputs.evidence.length > 0) return judgeEvidence(inputs, around, named, folder, shell);
  return judgeWorkspace(inputs, around, named, folder, shell);
}

async function isAnotherCommit({ workspace, sha }: Surroundings): Promise<boolean> {
  try {
    return (await (await Repository.of(workspace)).head()) !== sha;
  } catch {
    return false; // no checkout: nothing of the pull request is here
  }
}

async function namedBaseline(inputs: Inputs, around: Surroundings, folder: string): Promise<Baseline | undefined> {
  const { baseline } = inputs;
  if (baseline === undefined) return undefined;
  if ('artifact' in baseline) {
    const file = await fetchArtifact(baseline.artifact, around, inputs.token, folder);
    return file === undefined ? undefined : baselineOf(openAssessment(file));
  }
  const from = inputs.evidence.length > 0 ? around.workspace : workingDirectory(inputs, around);
  return baselineOf(openAssessment(resolve(from, baseline.file)));
}

/** One share of the evidence: nothing is judged, and nothing is said to have met anything. */
async function share(inputs: Inputs, around: Surroundings, folder: string, shell: Shell): Promise<number> {
  const { evidence, notices } = await collectShard(inputs, around, folder, shell);
  tell(shell, { verdict: 'not-judged', 'exit-code': '0', 'evidence-file': evidence });
  const { index = 1, of = 1 } = inputs.shard ?? {};
  const words = { en: `share ${index} of ${of} is collected; nothing was judged`, zh: `已采集第 ${index}/${of} 份；尚未判定` };
  shell.stdout.write(asLog([words[inputs.language], ...notices.map(({ message }) => message[inputs.language])].join('\n')));
  if (inputs.summary) appendSummary(shell, [`# Custos\n\n${markdown(words[inputs.language])}\n`]);
  return EXIT.ok;
}

/** What is wrong, all of it: in the log, as annotations, in the summary, and as outputs. */
function fail(error: unknown, shell: Shell): number {
  let said = '';
  const code = complain(error, { ...shell, env: { ...shell.env, NO_COLOR: '1' }, stderr: { write: (text) => void (said += text) } }, true);
  shell.stdout.write(asLog(said));
  for (const annotation of annotationsOfError(error).slice(0, SHOWN_OF_A_LEVEL)) shell.stdout.write(annotationLine(annotation));
  tell(shell, { verdict: 'error', 'exit-code': String(code) });
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  appendSummary(shell, [`# Custos: ❌ nothing was judged\n\n`, ...lines.slice(0, 100).map((line) => `${markdown(line)}<br>\n`)]);
  return code;
}

function annotationsOfError(error: unknown): readonly Annotation[] {
  const title = 'Custos: nothing was judged';
  if (error instanceof InvalidInput)
    return error.diagnostics.map(({ file, range, message, hint }) => {
      const place = range === undefined ? file : `${file}:${range.start.line}`;
      return { level: 'error', title, message: `${place}: ${message}${hint === undefined ? '' : `; ${hint}`}` };
    });
  if (error instanceof UsageError)
    return error.lines.map((line) => ({ level: 'error', title, message: error.hint === undefined ? line : `${line}; ${error.hint}` }));
  return [{ level: 'error', title, message: error instanceof Error ? error.message : String(error) }];
}
