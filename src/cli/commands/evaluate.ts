import { EvidenceLines, InvalidEvidence, openEvidence, type EvidenceReader } from '../../evidence/evidence-file.ts';
import { mergeEvidence } from '../../evidence/merge.ts';
import type { Plan } from '../../model/plan.ts';
import { assess } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { withInputs } from '../input-file.ts';
import { writeOutput } from '../output-file.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { toolVersion, type Shell } from '../shell.ts';
import { checkOutputs, reportTarget, withBase, writeReports } from '../write-reports.ts';
import { baselineFrom } from './scan.ts';

export interface EvaluateFlags extends PolicyFlags {
  readonly format: readonly string[];
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
  const asked = flags.format.map(reportTarget);
  checkOutputs([...asked.map(({ path }) => path), flags.output], shell);
  const readers: EvidenceReader[] = [];
  for (const file of files) readers.push(openEvidence(file, readers[0]?.header));
  const [first] = readers;
  if (first === undefined) throw new InvalidEvidence('evidence', 0, 'is missing');
  const plan = await planFor(first.header.plan, flags, shell);
  const baseline = baselineFrom(baselineFile);
  if (flags.output !== undefined) {
    const lines = new EvidenceLines();
    await writeOutput(flags.output, joined(lines, first.header.plan, first.header.base, mergeEvidence(readers, first.header.plan)), shell);
  }
  const records = mergeEvidence(readers, first.header.plan);
  const { summary, findings } = await assess(
    records,
    assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) }),
  );
  try {
    const placed = withBase(summary, first.header.base ?? '');
    const { lang, color } = flags;
    await writeReports(asked.length > 0 ? asked : [{ format: 'text' }], placed, findings, shell, { lang, color });
  } finally {
    findings.close();
  }
  return summary.verdict.exitCode;
}

function* joined(
  lines: EvidenceLines,
  plan: Plan,
  base: string | undefined,
  records: Iterable<Parameters<EvidenceLines['record']>[0]>,
): Iterable<string> {
  yield lines.header(plan, toolVersion(), undefined, base);
  for (const record of records) yield lines.record(record);
  yield lines.footer();
}

/** The evidence's own plan; where policy flags are given, that policy over the evidence's targets. The day stays, unless it is named. */
async function planFor(collected: Plan, flags: EvaluateFlags, shell: Shell): Promise<Plan> {
  const { config: _, ...rest } = flags;
  const gate = { ...collected.gate, ...policyRequest([], rest, shell).options.gate };
  const newPolicy =
    flags.profile !== undefined || flags.config !== undefined || flags.controls !== undefined || flags.waivers !== undefined;
  if (!newPolicy) {
    const asOf = flags.asOf === undefined ? collected.asOf : policyRequest([], { asOf: flags.asOf }, shell).options.asOf;
    return { ...collected, gate, asOf: asOf ?? collected.asOf };
  }
  const { base, options } = policyRequest([], flags, shell);
  const { plan } = await preparePlan(nodeWorld(base), { ...options, targets: ['.'], asOf: options.asOf ?? collected.asOf });
  return { ...plan, targets: collected.targets };
}
