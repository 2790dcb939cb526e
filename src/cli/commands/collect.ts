import { resolve } from 'node:path';
import { collectLines } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { nodeWorld } from '../../world/node.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, shardOf, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { EXIT, toolVersion, type Shell } from '../shell.ts';
import { appendWhole } from '../whole-file.ts';

export interface CollectFlags extends PolicyFlags, ScheduleFlags {
  readonly output: string;
  readonly shard?: string;
}

/** `custos collect`: writes evidence as it comes, so that a fleet needs no memory. */
export async function collectCommand(targets: readonly string[], flags: CollectFlags, shell: Shell): Promise<number> {
  const numbers = scheduleNumbers(flags);
  const { base, options } = policyRequest(targets, flags, shell);
  const shard = flags.shard === undefined ? undefined : shardOf(flags.shard);
  const world = nodeWorld(base);
  const { plan } = await preparePlan(world, options);
  const { schedule, interrupted, end } = startSchedule(numbers, flags, plan.targets.length, shell);
  await appendWhole(resolve(shell.cwd, flags.output), collectLines(plan, world, schedule, toolVersion(), shard));
  end();
  return interrupted() ? EXIT.interrupted : EXIT.ok;
}
