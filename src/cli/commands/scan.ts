import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baselineOf, openAssessment } from '../../evidence/assessment-file.ts';
import type { Baseline } from '../../model/baseline.ts';
import { clean } from '../../report/text/layout.ts';
import { scan } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { ConfiguredFiles } from '../configured-files.ts';
import { withInputs } from '../input-file.ts';
import { keeping } from '../kept-evidence.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { toolVersion, type Shell } from '../shell.ts';
import { baseFrom, checkOutputs, reportTarget, withBase, writeReports } from '../write-reports.ts';

export interface ScanFlags extends PolicyFlags, ScheduleFlags {
  readonly format?: readonly string[];
  readonly baseline?: string;
  readonly evidence?: string;
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos scan`: plan, collect, evaluate, report; the gate gives the exit code. */
export function scanCommand(targets: readonly string[], flags: ScanFlags, shell: Shell): Promise<number> {
  return withInputs(flags.baseline === undefined ? [] : [flags.baseline], shell, ([baseline]) => scanBy(targets, flags, baseline, shell));
}

async function scanBy(targets: readonly string[], flags: ScanFlags, baselineFile: string | undefined, shell: Shell): Promise<number> {
  const asked = (flags.format ?? []).map(reportTarget);
  const numbers = scheduleNumbers(flags);
  checkOutputs([...asked.map(({ path }) => path), flags.evidence], shell);
  const { base, options } = policyRequest(targets, flags, shell);
  hint(targets, flags, shell);
  const world = nodeWorld(base);
  const named = baselineFrom(baselineFile);
  const files = new ConfiguredFiles(base, { baseline: named === undefined, reports: asked.length === 0 });
  const { plan } = await preparePlan(world, { ...options, check: (configuration, reporter) => files.check(configuration, reporter) });
  const baseline = named ?? files.baseline;
  const from = baseFrom(shell.cwd, base);
  const { schedule, end } = startSchedule(numbers, flags, plan.targets.length, shell);
  const assessor = assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) });
  const judged = keeping(flags.evidence, plan, from, shell, (onRecord) => scan(plan, world, schedule, assessor, onRecord));
  const { summary, findings } = await judged.finally(end);
  try {
    const reports = asked.length > 0 ? asked : [{ format: 'text' }, ...files.reports];
    await writeReports(reports, withBase(summary, from), findings, shell, { lang: flags.lang, color: flags.color });
  } finally {
    findings.close();
  }
  return summary.verdict.exitCode;
}

/** Reads a baseline, if there is one. */
export function baselineFrom(file: string | undefined): Baseline | undefined {
  return file === undefined ? undefined : baselineOf(openAssessment(file));
}

/** A directory with a custos.yaml of its own is scanned without it when it is named as a target: say so. */
function hint(targets: readonly string[], flags: ScanFlags, shell: Shell): void {
  const [only] = targets;
  if (only === undefined || targets.length > 1 || flags.config !== undefined || flags.quiet === true) return;
  const path = resolve(shell.cwd, only);
  const own = join(path, 'custos.yaml');
  if (existsSync(own) && statSync(path).isDirectory())
    shell.stderr.write(`custos: ${clean(only)} has a custos.yaml; to scan by it: custos scan -c ${clean(join(only, 'custos.yaml'))}\n`);
}
