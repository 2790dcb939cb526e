import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baselineOf, openAssessment } from '../../evidence/assessment-file.ts';
import { EvidenceLines } from '../../evidence/evidence-file.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { Plan } from '../../model/plan.ts';
import type { TargetRecord } from '../../model/resource.ts';
import { clean } from '../../report/text/layout.ts';
import { scan, type Assessed } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { ConfiguredFiles } from '../configured-files.ts';
import { withInputs } from '../input-file.ts';
import { OutputFile } from '../output-file.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { toolVersion, type Shell } from '../shell.ts';
import { baseFrom, checkOutputs, reportTarget, withBase, writeReports } from '../write-reports.ts';

export interface ScanFlags extends PolicyFlags, ScheduleFlags {
  readonly format: readonly string[];
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
  const asked = flags.format.map(reportTarget);
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
  const evidence = flags.evidence === undefined ? undefined : await KeptEvidence.open(flags.evidence, plan, from, shell);
  let assessed: Assessed;
  try {
    assessed = await scan(plan, world, schedule, assessor, evidence && ((record) => evidence.add(record)));
    await evidence?.done();
  } catch (error) {
    await evidence?.abandon();
    throw error;
  } finally {
    end();
  }
  const { summary, findings } = assessed;
  try {
    const reports = asked.length > 0 ? asked : [{ format: 'text' }, ...files.reports];
    await writeReports(reports, withBase(summary, from), findings, shell, { lang: flags.lang, color: flags.color });
  } finally {
    findings.close();
  }
  return summary.verdict.exitCode;
}

/** The evidence file of a scan, written as records come. */
class KeptEvidence {
  readonly #lines = new EvidenceLines();
  readonly #file: OutputFile;

  private constructor(file: OutputFile) {
    this.#file = file;
  }

  static async open(path: string, plan: Plan, base: string, shell: Shell): Promise<KeptEvidence> {
    const kept = new KeptEvidence(await OutputFile.open(path, shell));
    for (const piece of kept.#lines.header(plan, toolVersion(), undefined, base)) kept.#file.write(piece);
    return kept;
  }

  add(record: TargetRecord): void {
    this.#file.write(this.#lines.record(record));
  }

  async done(): Promise<void> {
    this.#file.write(this.#lines.footer());
    await this.#file.done();
  }

  abandon(): Promise<void> {
    return this.#file.abandon();
  }
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
