import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT, type Shell } from '../cli/shell.ts';
import { escapeMarkdown } from '../report/escape-markdown.ts';
import { refuseBorrowedRights } from './borrowed-rights.ts';
import { readSurroundings, type Surroundings } from './event.ts';
import { reportCancelled, reportFailure } from './failure.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { untilCancelled, type Judged } from './judged.ts';
import { namedBaseline } from './named-baseline.ts';
import { judgePullRequest } from './pull-request.ts';
import { appendSummary, destinationsOf, publish, tell } from './publish.ts';
import { asLog } from './workflow-commands.ts';
import { checkedOutput, collectShard, judgeEvidence, judgeWorkspace, workingDirectory } from './workspace.ts';

/** Where a step runs, and until when. */
interface Step {
  readonly around: Surroundings;
  /** A directory of the step's own, for what it writes. */
  readonly folder: string;
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

/** Runs the Action. Everything that it prints goes through the escaping of `workflow-commands.ts`. Returns the step's exit code. */
export function act(shell: Shell): Promise<number> {
  return untilCancelled(async (signal) => {
    try {
      return await run(shell, signal);
    } catch (error) {
      return signal.aborted ? reportCancelled(shell) : reportFailure(error, shell);
    }
  });
}

async function run(shell: Shell, signal: AbortSignal): Promise<number> {
  const inputs = readInputs(shell.env);
  const around = readSurroundings(shell.env);
  const step = { around, folder: mkdtempSync(join(around.temporary === '' ? tmpdir() : around.temporary, 'custos-')), shell, signal };
  if (around.change === undefined) await refuseBorrowedRights(inputs, around);
  if (inputs.shard !== undefined && around.change === undefined) return share(inputs, step);
  // The directory may be one that a pull request takes away.
  const from =
    inputs.evidence.length > 0
      ? around.workspace
      : around.change === undefined
        ? workingDirectory(inputs, around)
        : resolve(around.workspace, inputs.workingDirectory);
  const to = await destinationsOf(inputs, step.folder, (input, path) => checkedOutput(input, path, from, around));
  const judged = await judge(inputs, step);
  try {
    await publish(judged, inputs, around, to, shell);
  } finally {
    judged.findings.close();
  }
  return judged.summary.verdict.exitCode;
}

async function judge(inputs: Inputs, { around, folder, shell, signal }: Step): Promise<Judged> {
  const { change } = around;
  if (change !== undefined) {
    // Of the targets in the repository the base commit itself is the baseline; a file is read from that commit, too.
    const fetched = inputs.live === true && inputs.baseline !== undefined && 'artifact' in inputs.baseline;
    const named = fetched ? await namedBaseline(inputs, around, folder, signal) : { notices: [] };
    return judgePullRequest(inputs, around, change, named, { folder, shell, signal });
  }
  const named = await namedBaseline(inputs, around, folder, signal);
  if (inputs.evidence.length > 0) return judgeEvidence(inputs, around, named, { folder, shell, signal });
  return judgeWorkspace(inputs, around, named, { folder, shell, signal });
}

/** One share of the evidence: nothing is judged, and nothing is said to have met anything. */
async function share(inputs: Inputs, { around, folder, shell, signal }: Step): Promise<number> {
  const { evidence, notices } = await collectShard(inputs, around, { folder, shell, signal });
  tell(shell, { verdict: 'not-judged', 'exit-code': '0', 'evidence-file': evidence });
  const { index = 1, of = 1 } = inputs.shard ?? {};
  const words = { en: `share ${index} of ${of} is collected; nothing was judged`, zh: `已采集第 ${index}/${of} 份；尚未判定` };
  shell.stdout.write(asLog([words[inputs.language], ...notices.map(({ message }) => message[inputs.language])].join('\n')));
  if (inputs.summary) appendSummary(shell, [`# Custos\n\n${escapeMarkdown(words[inputs.language])}\n`]);
  return EXIT.ok;
}
