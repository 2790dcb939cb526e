import { causeSentence } from '../../model/cause.ts';
import type { Unknown } from '../../model/fact.ts';
import type { TargetRecord } from '../../model/resource.ts';
import { clean } from '../../report/text/layout.ts';
import { collectLines } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { nodeWorld } from '../../world/node.ts';
import { writeOutput } from '../output-file.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, shardOf, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { EXIT, languageOf, toolVersion, type Shell } from '../shell.ts';
import { baseFrom, checkOutputs } from '../write-reports.ts';

export interface CollectFlags extends PolicyFlags, ScheduleFlags {
  readonly output: string;
  readonly shard?: string;
  readonly lang?: string;
}

/** So many targets of which nothing was seen are named. */
const MAX_TOLD = 50;

/** Why nothing of a target was seen; undefined where something was. */
function unseen({ coverage, gaps }: TargetRecord): Unknown | undefined {
  const kinds = Object.values(coverage);
  return kinds.length > 0 && kinds.every(({ status }) => status === 'failed') ? (gaps[0] ?? kinds[0]?.gaps[0]) : undefined;
}

/** `custos collect`: writes evidence as it comes, so that a fleet needs no memory. */
export async function collectCommand(targets: readonly string[], flags: CollectFlags, shell: Shell): Promise<number> {
  const numbers = scheduleNumbers(flags);
  const language = languageOf(flags.lang, shell.env);
  checkOutputs([flags.output], shell);
  const { base, options } = policyRequest(targets, flags, shell);
  const shard = flags.shard === undefined ? undefined : shardOf(flags.shard);
  const world = nodeWorld(base);
  const { plan } = await preparePlan(world, options);
  const { schedule, interrupted, end } = startSchedule(numbers, flags, plan.targets.length, shell);
  const missed: string[] = [];
  const told = (record: TargetRecord): void => {
    const why = unseen(record);
    if (why !== undefined) missed.push(`${record.target.id}: ${causeSentence(why)[language]}`);
  };
  const lines = collectLines(plan, world, schedule, toolVersion(), shard, baseFrom(shell.cwd, base), told);
  await writeOutput(flags.output, lines, shell).finally(end);
  // Evidence of what could not be seen is evidence: nothing is judged here, so that the exit code is no verdict (docs/semantics.md).
  if (missed.length > 0) {
    shell.stderr.write(`custos: of ${missed.length} target${missed.length === 1 ? '' : 's'} nothing could be seen:\n`);
    for (const line of missed.slice(0, MAX_TOLD)) shell.stderr.write(`   ${clean(line)}\n`);
    if (missed.length > MAX_TOLD) shell.stderr.write(`   and ${missed.length - MAX_TOLD} more\n`);
  }
  return interrupted() ? EXIT.interrupted : EXIT.ok;
}
