import { openEvidence, type EvidenceReader } from '../../evidence/evidence-file.ts';
import { mergedPlan, mergeEvidence } from '../../evidence/merge.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { Plan } from '../../model/plan.ts';
import { withWaivers } from '../../plan.ts';
import { assess, watched } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { ConfiguredFiles } from '../configured-files.ts';
import { withInputs } from '../input-file.ts';
import { keeping } from '../kept-evidence.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { toolVersion, UsageError, type Shell } from '../shell.ts';
import { checkOutputs, reportTarget, withBase, writeReports } from '../write-reports.ts';
import { baselineFrom } from './scan.ts';

export interface EvaluateFlags extends PolicyFlags {
  readonly format?: readonly string[];
  readonly baseline?: string;
  readonly output?: string;
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos evaluate` and `custos merge`: judges evidence files of one plan, by that plan or by a newer policy. */
export function evaluateCommand(paths: readonly string[], flags: EvaluateFlags, shell: Shell): Promise<number> {
  const inputs = flags.baseline === undefined ? paths : [...paths, flags.baseline];
  return withInputs(inputs, shell, (files) => evaluateFiles(files.slice(0, paths.length), files[paths.length], flags, shell));
}

async function evaluateFiles(
  files: readonly string[],
  baselineFile: string | undefined,
  flags: EvaluateFlags,
  shell: Shell,
): Promise<number> {
  const asked = (flags.format ?? []).map(reportTarget);
  checkOutputs([...asked.map(({ path }) => path), flags.output], shell);
  const readers: EvidenceReader[] = [];
  for (const file of files) readers.push(openEvidence(file, readers[0]?.header));
  const collected = mergedPlan(readers);
  const from = readers[0]?.header.base ?? '';
  const { plan, baseline: configured } = await policyOver(collected, flags, shell);
  const baseline = baselineFile === undefined ? configured : baselineFrom(baselineFile);
  const assessor = assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) });
  const { summary, findings } = await keeping(flags.output, collected, from, shell, (onRecord) =>
    assess(watched(mergeEvidence(readers, collected), onRecord), assessor),
  );
  try {
    const placed = withBase(summary, from);
    const { lang, color } = flags;
    await writeReports(asked.length > 0 ? asked : [{ format: 'text' }], placed, findings, shell, { lang, color });
  } finally {
    findings.close();
  }
  return summary.verdict.exitCode;
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
    const files = new ConfiguredFiles(base, { baseline: flags.baseline === undefined, reports: false });
    const { plan } = await preparePlan(world, {
      ...asked,
      collected: over,
      check: (configuration, reporter) => files.check(configuration, reporter),
    });
    return { plan, baseline: files.baseline };
  }
  const time = options.asOf === undefined ? {} : ({ asOf: options.asOf, asOfGiven: true } as const);
  const plan = { ...collected, gate: { ...collected.gate, ...options.gate }, ...time };
  return { plan: options.waivers === undefined ? plan : await withWaivers(world, plan, options.waivers), baseline: undefined };
}
