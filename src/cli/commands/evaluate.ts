import { resolve } from 'node:path';
import { EvidenceLines, openEvidence, type EvidenceReader } from '../../evidence/evidence-file.ts';
import { mergedPlan, mergeEvidence } from '../../evidence/merge.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { Plan } from '../../model/plan.ts';
import { withWaivers } from '../../plan.ts';
import { assess } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { toolVersion, UsageError, type Shell } from '../shell.ts';
import { reportTarget, writeReports } from '../write-reports.ts';
import { writeWhole } from '../whole-file.ts';
import { baselineFrom } from './scan.ts';

export interface EvaluateFlags extends PolicyFlags {
  readonly format: readonly string[];
  readonly baseline?: string;
  readonly output?: string;
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos evaluate` and `custos merge`: judges evidence files of one plan, by that plan or by a newer policy. */
export async function evaluateCommand(files: readonly string[], flags: EvaluateFlags, shell: Shell): Promise<number> {
  const asked = flags.format.map(reportTarget);
  const readers: EvidenceReader[] = [];
  for (const file of files) readers.push(openEvidence(resolve(shell.cwd, file), readers[0]?.header));
  const collected = mergedPlan(readers);
  const { plan, baseline: configured } = await policyOver(collected, flags, shell);
  const baseline = flags.baseline === undefined ? configured : baselineFrom(flags.baseline, shell.cwd);
  if (flags.output !== undefined) {
    const lines = new EvidenceLines();
    writeWhole(resolve(shell.cwd, flags.output), joined(lines, collected, mergeEvidence(readers, collected)));
  }
  const records = mergeEvidence(readers, collected);
  const { summary, findings } = await assess(
    records,
    assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) }),
  );
  try {
    await writeReports(asked.length > 0 ? asked : [{ format: 'text' }], summary, findings, shell, {
      lang: flags.lang,
      color: flags.color,
      base: shell.cwd,
    });
  } finally {
    findings.close();
  }
  return summary.verdict.exitCode;
}

function* joined(lines: EvidenceLines, plan: Plan, records: Iterable<Parameters<EvidenceLines['record']>[0]>): Iterable<string> {
  yield lines.header(plan, toolVersion());
  for (const record of records) yield lines.record(record);
  yield lines.footer();
}

/**
 * The evidence's own plan, with what the command line names in its place: another profile (custos.yaml's own settings stay),
 * other waivers, or with `-c` another policy altogether. A custos.yaml that lies here was not named, and is not looked at.
 */
async function policyOver(
  collected: Plan,
  flags: EvaluateFlags,
  shell: Shell,
): Promise<{ readonly plan: Plan; readonly baseline: Baseline | undefined }> {
  if (flags.product !== undefined && flags.product.length > 0)
    throw new UsageError(
      `--product ${flags.product[0]}: evidence was collected by the versions of its own plan`,
      'name it to: custos collect',
    );
  const { base, options } = policyRequest([], flags, shell, 'named');
  const world = nodeWorld(base);
  if (flags.config !== undefined || flags.profile !== undefined || flags.controls !== undefined) {
    const asked = flags.profile === undefined && flags.config === undefined ? { ...options, profile: collected.profile } : options;
    const over = { plan: collected, keeps: flags.config === undefined };
    const { plan, configuration } = await preparePlan(world, { ...asked, collected: over });
    return { plan, baseline: baselineFrom(configuration?.baseline, base) };
  }
  const time = options.asOf === undefined ? {} : ({ asOf: options.asOf, asOfGiven: true } as const);
  const plan = { ...collected, gate: { ...collected.gate, ...options.gate }, ...time };
  return { plan: options.waivers === undefined ? plan : await withWaivers(world, plan, options.waivers), baseline: undefined };
}
