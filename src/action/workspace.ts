import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { outputProblem, writeOutput } from '../cli/output-file.ts';
import { keeping } from '../cli/kept-evidence.ts';
import { pathIn } from '../cli/policy-options.ts';
import { toolVersion, UsageError } from '../cli/shell.ts';
import { InvalidEvidence, openEvidence, type EvidenceReader } from '../evidence/evidence-file.ts';
import { mergedPlan, mergeEvidence } from '../evidence/merge.ts';
import type { Target } from '../model/resource.ts';
import { assessorFor } from '../sandbox/assessor.ts';
import { assess, collectLines, scan, watched } from '../scan.ts';
import { nodeWorld } from '../world/node.ts';
import { isWithin } from './confined-world.ts';
import type { Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import { someOf } from './some-of.ts';
import { scheduleOf, type Judged, type Notice, type Run } from './judged.ts';
import type { NamedBaseline } from './named-baseline.ts';
import { ofCategories, readPolicy, type Policy } from './policy.ts';
import { Repository } from './repository.ts';

/** The directory that inputs are seen from. It lies in the workspace, links followed. */
export function workingDirectory({ workingDirectory: written }: Inputs, { workspace }: Surroundings): string {
  const directory = resolve(workspace, written);
  if (!existsSync(directory))
    throw new UsageError(
      `input working-directory: ${written} is not there`,
      'paths are taken from the workspace; use actions/checkout first',
    );
  if (!isWithin(realpathSync(directory), realpathSync(workspace)))
    throw new UsageError(`input working-directory: ${written} is outside of the workspace`);
  return directory;
}

/** The checkout that a directory of the workspace is in; the workspace, where it is in none. */
export function checkoutOf(directory: string, { workspace }: Pick<Surroundings, 'workspace'>): string {
  let at = directory;
  while (isWithin(at, workspace) && at !== workspace && !existsSync(join(at, '.git'))) at = resolve(at, '..');
  return isWithin(at, workspace) ? at : workspace;
}

/** `deploy/`: leads from one directory to another; nothing where they are one. */
export function prefixFrom(root: string, directory: string): string {
  const path = relative(root, directory).replaceAll('\\', '/');
  return path === '' ? '' : `${path}/`;
}

/** Judges what the workspace holds and what its policy names: a push, a schedule, a release. */
export async function judgeWorkspace(
  inputs: Inputs,
  around: Surroundings,
  named: NamedBaseline,
  { folder, shell, signal }: Run,
): Promise<Judged> {
  const { policy, plan, notices, prefix } = await planOf(inputs, around);
  const baseline = named.baseline ?? policy.baseline;
  const evidence = join(folder, 'custos-evidence.jsonl');
  const assessor = assessorFor(plan, { toolVersion: toolVersion(), ...(baseline === undefined ? {} : { baseline }) });
  const world = nodeWorld(policy.base);
  const assessed = await keeping(evidence, plan, prefix, shell, (onRecord) =>
    scan(plan, world, scheduleOf(plan.targets.length, signal), assessor, onRecord),
  );
  return { ...assessed, notices: [...named.notices, ...notices], evidence, prefix, commit: around.sha, compared: baseline !== undefined };
}

/** Collects one share of the targets, and judges nothing. Returns the evidence file. */
export async function collectShard(
  inputs: Inputs,
  around: Surroundings,
  { folder, shell, signal }: Run,
): Promise<{ readonly evidence: string; readonly notices: readonly Notice[] }> {
  const { policy, plan, notices, prefix } = await planOf(inputs, around);
  const { index = 1, of = 1 } = inputs.shard ?? {};
  const evidence = join(folder, `custos-evidence-${index}-of-${of}.jsonl`);
  const schedule = scheduleOf(plan.targets.length, signal);
  await writeOutput(evidence, collectLines(plan, nodeWorld(policy.base), schedule, toolVersion(), { index, of }, prefix), shell);
  // A share that was cut short is none: its targets are unknown where all are judged.
  signal.throwIfAborted();
  return { evidence, notices };
}

/** Merges the evidence of shards and judges it once, by its own plan. What is wrong with a file is told with the input that named it. */
export async function judgeEvidence(inputs: Inputs, around: Surroundings, named: NamedBaseline, run: Run): Promise<Judged> {
  try {
    return await judgeMerged(inputs, around, named, run);
  } catch (error) {
    if (!(error instanceof InvalidEvidence)) throw error;
    const file = isWithin(error.file, around.workspace) ? relative(around.workspace, error.file) : error.file;
    throw new UsageError(`input evidence: ${file}${error.line > 0 ? `:${error.line}` : ''} ${error.message}`);
  }
}

async function judgeMerged(
  inputs: Inputs,
  around: Surroundings,
  { baseline: named, notices }: NamedBaseline,
  { folder, shell, signal }: Run,
): Promise<Judged> {
  const readers: EvidenceReader[] = [];
  for (const path of inputs.evidence.flatMap((file) => evidenceFiles(file, around))) readers.push(openEvidence(path, readers[0]?.header));
  const collected = mergedPlan(readers);
  const { gate } = collected;
  const plan = {
    ...ofCategories(collected, inputs.categories),
    gate: {
      ...gate,
      ...(inputs.failOn === undefined ? {} : { failOn: inputs.failOn }),
      ...(inputs.minScore === undefined ? {} : { minScore: inputs.minScore }),
      ...(inputs.allowUndecided ? { allowUndecided: true } : {}),
    },
  };
  const prefix = readers[0]?.header.base ?? '';
  const evidence = join(folder, 'custos-evidence.jsonl');
  const assessor = assessorFor(plan, { toolVersion: toolVersion(), ...(named === undefined ? {} : { baseline: named }) });
  const assessed = await keeping(evidence, collected, prefix, shell, (onRecord) =>
    assess(
      watched(mergeEvidence(readers, collected), (record) => {
        signal.throwIfAborted();
        return onRecord?.(record);
      }),
      assessor,
    ),
  );
  return { ...assessed, notices, evidence, prefix, commit: around.sha, compared: named !== undefined };
}

/** A file, or every `.jsonl` that stands directly in a directory. */
function evidenceFiles(written: string, { workspace }: Surroundings): readonly string[] {
  const path = resolve(workspace, written);
  if (!existsSync(path))
    throw new UsageError(
      `input evidence: ${written} is not there`,
      'paths are taken from the workspace; actions/download-artifact brings the shards',
    );
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.jsonl'));
  if (names.length === 0) throw new UsageError(`input evidence: ${written} holds no evidence`, 'every share is a file that ends in .jsonl');
  return names.toSorted().map((name) => join(path, name));
}

async function planOf(
  inputs: Inputs,
  around: Surroundings,
): Promise<{
  readonly policy: Policy;
  readonly plan: Policy['plan'];
  readonly notices: readonly Notice[];
  readonly prefix: string;
}> {
  const directory = workingDirectory(inputs, around);
  const missing = inputs.targets.filter((target) => {
    const path = pathIn(target);
    return path !== undefined && !existsSync(resolve(directory, path));
  });
  if (missing.length > 0)
    throw new UsageError(
      missing.map((target) => `input targets: ${target} is not there`),
      'paths are taken from working-directory',
    );
  const policy = await readPolicy(inputs, directory, '');
  const left = inputs.live === false ? policy.plan.targets.filter(({ kind }) => kind !== 'files') : [];
  const plan = { ...policy.plan, targets: policy.plan.targets.filter((target) => !left.includes(target)) };
  return { policy, plan, notices: notRun(left, 'live: false'), prefix: prefixFrom(checkoutOf(directory, around), policy.base) };
}

/** Targets that this run leaves aside are told: nothing is said of them, neither good nor bad. */
export function notRun(targets: readonly Target[], why: string): readonly Notice[] {
  if (targets.length === 0) return [];
  const names = targets.map(({ id, kind }) => `${id} (${kind})`);
  const message = {
    en: `not looked at in this run (${why}): ${someOf(names, 'en')}`,
    zh: `本次运行未查看（${why}）：${someOf(names, 'zh')}`,
  };
  return [{ level: 'notice', message }];
}

async function isTracked(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const repository = await Repository.of(dirname(path)).catch(() => undefined);
  return repository !== undefined && (await repository.tracks(path));
}

/**
 * Throws where an output may not be written. A checkout can hold links to anywhere: what an input names in the workspace is written
 * into the workspace only, never through a link, and never over a file that is in the repository.
 */
export async function checkedOutput(input: string, written: string, from: string, around: Surroundings): Promise<string> {
  const path = resolve(from, written);
  const problem = outputProblem(path, from);
  if (problem !== undefined) throw new UsageError(`input ${input}: ${written} ${problem}`);
  const directory = realpathSync(resolve(path, '..'));
  const allowed = [around.workspace, around.temporary].filter((one) => one !== '').map((one) => realpathSync(one));
  const linked = existsSync(path) && realpathSync(path) !== join(directory, path.slice(path.lastIndexOf(sep) + 1));
  if (
    linked ||
    !allowed.some((one) => isWithin(directory, one)) ||
    /(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(around.workspace, directory))
  )
    throw new UsageError(
      `input ${input}: ${written} leads out of the workspace`,
      'name a regular file in the workspace, or leave the input out: one in RUNNER_TEMP is used then',
    );
  if (await isTracked(path))
    throw new UsageError(
      `input ${input}: ${written} is a file of the repository, and would be overwritten`,
      'name another, or leave the input out: one in RUNNER_TEMP is used then',
    );
  return path;
}
