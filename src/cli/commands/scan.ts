import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openAssessment, baselineOf } from '../../evidence/assessment-file.ts';
import { EvidenceLines } from '../../evidence/evidence-file.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { Plan } from '../../model/plan.ts';
import type { TargetRecord } from '../../model/resource.ts';
import { scan, type Assessed } from '../../scan.ts';
import { preparePlan } from '../../sandbox/prepare.ts';
import { assessorFor } from '../../sandbox/assessor.ts';
import { nodeWorld } from '../../world/node.ts';
import { policyRequest, type PolicyFlags } from '../policy-options.ts';
import { scheduleNumbers, startSchedule, type ScheduleFlags } from '../schedule-options.ts';
import { EXIT, toolVersion, type Shell } from '../shell.ts';
import { WholeFile } from '../whole-file.ts';
import { reportTarget, writeReports } from '../write-reports.ts';

export interface ScanFlags extends PolicyFlags, ScheduleFlags {
  readonly format: readonly string[];
  readonly baseline?: string;
  readonly evidence?: string;
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos scan`: plan, collect, evaluate, report; the gate gives the exit code. */
export async function scanCommand(targets: readonly string[], flags: ScanFlags, shell: Shell): Promise<number> {
  const asked = flags.format.map(reportTarget);
  const numbers = scheduleNumbers(flags);
  const { base, options } = policyRequest(targets, flags, shell);
  hint(targets, flags, shell);
  const world = nodeWorld(base);
  const { plan, configuration } = await preparePlan(world, options);
  const baseline = baselineFrom(flags.baseline ?? configuration?.baseline, flags.baseline === undefined ? base : shell.cwd);
  const { schedule, interrupted, end } = startSchedule(numbers, flags, plan.targets.length, shell);
  const evidence = flags.evidence === undefined ? undefined : new KeptEvidence(resolve(shell.cwd, flags.evidence), plan);
  const assessor = assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) });
  let assessed: Assessed;
  try {
    assessed = await scan(plan, world, schedule, assessor, evidence && ((record) => evidence.add(record)));
    evidence?.done();
  } catch (error) {
    evidence?.abandon();
    throw error;
  } finally {
    end();
  }
  const { summary, findings } = assessed;
  try {
    const configured = (configuration?.output ?? []).map(({ format, path }) => ({ ...reportTarget(format), path: resolve(base, path) }));
    const reports = asked.length > 0 ? asked : [{ format: 'text' }, ...configured];
    await writeReports(reports, summary, findings, shell, { lang: flags.lang, color: flags.color, base });
  } finally {
    findings.close();
  }
  return interrupted() ? EXIT.interrupted : summary.verdict.exitCode;
}

/** The evidence file of a scan, written as records come. */
class KeptEvidence {
  readonly #lines = new EvidenceLines();
  readonly #file: WholeFile;

  constructor(path: string, plan: Plan) {
    this.#file = new WholeFile(path);
    this.#file.write(this.#lines.header(plan, toolVersion()));
  }

  add(record: TargetRecord): void {
    this.#file.write(this.#lines.record(record));
  }

  done(): void {
    this.#file.write(this.#lines.footer());
    this.#file.done();
  }

  abandon(): void {
    this.#file.abandon();
  }
}

/** Reads a baseline, if there is one. */
export function baselineFrom(path: string | undefined, base: string): Baseline | undefined {
  return path === undefined ? undefined : baselineOf(openAssessment(resolve(base, path)));
}

/** A directory with a custos.yaml of its own is scanned without it when it is named as a target: say so. */
function hint(targets: readonly string[], flags: ScanFlags, shell: Shell): void {
  const [only] = targets;
  if (only === undefined || targets.length > 1 || flags.config !== undefined || flags.quiet === true) return;
  const path = resolve(shell.cwd, only);
  const own = join(path, 'custos.yaml');
  if (existsSync(own) && statSync(path).isDirectory())
    shell.stderr.write(`custos: ${only} has a custos.yaml; to scan by it: custos scan -c ${join(only, 'custos.yaml')}\n`);
}
