import { collectLines } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { nodeWorld } from '../../world/node.ts';
import { writeOutput } from '../output-file.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, shardOf, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { EXIT, toolVersion, type Shell } from '../shell.ts';
import { baseFrom, checkOutputs } from '../write-reports.ts';

export interface CollectFlags extends PolicyFlags, ScheduleFlags {
  readonly output: string;
  readonly shard?: string;
}

/** `custos collect`: writes evidence as it comes, so that a fleet needs no memory. */
export async function collectCommand(targets: readonly string[], flags: CollectFlags, shell: Shell): Promise<number> {
  const numbers = scheduleNumbers(flags);
  checkOutputs([flags.output], shell);
  const { base, options } = policyRequest(targets, flags, shell);
  const shard = flags.shard === undefined ? undefined : shardOf(flags.shard);
  const world = nodeWorld(base);
  const { plan } = await preparePlan(world, options);
  const { schedule, interrupted, end } = startSchedule(numbers, flags, plan.targets.length, shell);
  await writeOutput(flags.output, collectLines(plan, world, schedule, toolVersion(), shard, baseFrom(shell.cwd, base)), shell).finally(end);
  return interrupted() ? EXIT.interrupted : EXIT.ok;
}
