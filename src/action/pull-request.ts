import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { isAbsolute, join, posix, relative, resolve } from 'node:path';
import { keeping } from '../cli/kept-evidence.ts';
import { pathIn } from '../cli/policy-options.ts';
import { toolVersion, UsageError } from '../cli/shell.ts';
import type { Finding } from '../model/finding.ts';
import type { Localized } from '../model/localized.ts';
import type { Plan } from '../model/plan.ts';
import type { Target, TargetRecord } from '../model/resource.ts';
import { isWholeFile } from '../report/place.ts';
import { gradeText } from '../report/score-text.ts';
import { assessorFor } from '../sandbox/assessor.ts';
import { judgeUntil, type Assessed } from '../scan.ts';
import { nodeWorld } from '../world/node.ts';
import { baselineOfBase } from './base-findings.ts';
import { readBasePolicy } from './base-policy.ts';
import type { CommitTree } from './commit-tree.ts';
import { doorsOf, refuseWorkingTree, rerootedInputs, writeTrees, type Trees } from './commits.ts';
import { confinedWorld, isWithin } from './confined-world.ts';
import type { Change, Surroundings } from './event.ts';
import { headPolicyProblems } from './head-policy.ts';
import type { Inputs } from './inputs.ts';
import { collectShares, scheduleOf, type Judged, type Run, type Share } from './judged.ts';
import { hold, lostResources, type Held } from './lost-resources.ts';
import { openBaseline, type NamedBaseline } from './named-baseline.ts';
import { outOfReach, policyChanges, policyNotices, treeNotices } from './policy-notices.ts';
import type { Policy } from './policy.ts';
import { notRun } from './workspace.ts';

/** How the targets of a plan are looked at on a pull request. */
interface Parting {
  /** In the repository: both commits of them are looked at. */
  readonly files: readonly Target[];
  /** On the network: looked at once, where the workflow says so. */
  readonly network: readonly Target[];
  /** Files elsewhere on the runner: the same. */
  readonly elsewhere: readonly Target[];
}

/**
 * Judges a pull request by the policy of its base commit, and by what is new or worse in its head commit. Both are evaluated by
 * one engine, of files that were written out in one way; the pull request has no part in the rules.
 */
export async function judgePullRequest(
  inputs: Inputs,
  around: Surroundings,
  change: Change,
  named: NamedBaseline,
  run: Run,
): Promise<Judged> {
  if (inputs.shard !== undefined || inputs.evidence.length > 0)
    throw new UsageError(
      `input ${inputs.shard === undefined ? 'evidence' : 'shard'}: a pull request is judged in one step`,
      'shards are for scans of what is merged: run them on push or schedule',
    );
  if (inputs.live === true && change.event === 'pull_request_target')
    throw new UsageError(
      'input live: true is refused on pull_request_target',
      'it would run with the secrets of this repository on code that anybody may send: use pull_request, or scan live targets on push',
    );
  const place = join(run.folder, 'commits');
  mkdirSync(place);
  try {
    const trees = await writeTrees(inputs, around, change, place, run.signal);
    return await compare(inputs, trees, named, run);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function compare(asked: Inputs, trees: Trees, named: NamedBaseline, { folder, shell, signal }: Run): Promise<Judged> {
  const { base, head, from } = trees;
  const inputs = rerootedInputs(asked, trees);
  const missing = inputs.targets.filter((target) => {
    const path = pathIn(target);
    return path !== undefined && !isAbsolute(path) && ![base, head].some(({ directory }) => existsSync(resolve(directory, from, path)));
  });
  if (missing.length > 0)
    throw new UsageError(
      missing.map((target) => `input targets: ${target} is in neither commit`),
      'paths are taken from working-directory',
    );
  const policy = await readBasePolicy(inputs, trees);
  refuseWorkingTree(policy, trees);
  const below = relative(base.directory, policy.base);
  const parted = part(policy, trees);
  const live = inputs.live === true ? [...parted.network, ...parted.elsewhere] : [];
  const left = inputs.live === true ? [] : [...parted.network, ...parted.elsewhere];
  const plan: Plan = { ...policy.plan, targets: policy.plan.targets.filter((target) => !left.includes(target)) };
  const prefix = below === '' ? '' : `${below.replaceAll('\\', '/')}/`;
  const known = baselineInBase(inputs, trees);
  const earlier = named.baseline ?? known.baseline ?? policy.baseline;
  const changes = policyChanges(inputs, policy, trees, below);
  const isOurs = isWithin(policy.base, base.directory);
  const problems = changes.length > 0 && isOurs ? await headPolicyProblems(inputs, trees) : [];
  const evidence = join(folder, 'custos-evidence.jsonl');
  const tool = toolVersion();
  const schedule = scheduleOf(plan.targets.length, signal);
  const shares: readonly Share[] = [
    { targets: parted.network, world: nodeWorld(policy.base) },
    { targets: parted.elsewhere, world: nodeWorld(join(trees.repository.root, below)) },
  ].filter(({ targets }) => live.length > 0 && targets.length > 0);
  // What is live is looked at once: a pull request changes none of it, and both sides see the same neighbours.
  const seen: TargetRecord[] = [];
  for await (const record of collectShares(shares, schedule)) seen.push(record);
  const side = (tree: CommitTree): readonly Share[] => {
    const start = join(tree.directory, below);
    // What is in a commit somebody put there, whatever the directory is called.
    const world = nodeWorld(start, { everywhere: true });
    return [{ targets: parted.files, world: confinedWorld(world, start, tree.directory, doorsOf(tree, trees.beside)) }];
  };
  const [was, is]: readonly [Held, Held] = [new Map(), new Map()];
  const before = await judgeUntil(
    signal,
    withRecords(collectShares(side(base), schedule), seen),
    assessorFor(plan, { toolVersion: tool }),
    (record) => hold(was, record),
  );
  signal.throwIfAborted();
  const baseline = baselineOfBase(before, new Set(live.map(({ id }) => id)), earlier);
  const judged = judgedControls(before.findings);
  const comparison = sidesOf(before, trees);
  before.findings.close();
  const judgedBy: Plan = { ...plan, gate: gateAfter(plan, before.summary.scores.accepted.low) };
  const assessed = await keeping(evidence, judgedBy, prefix, shell, (onRecord) =>
    judgeUntil(
      signal,
      withRecords(collectShares(side(head), schedule), seen),
      assessorFor(judgedBy, { toolVersion: tool, baseline }),
      (record) => {
        hold(is, record);
        return onRecord?.(record);
      },
    ),
  );
  return {
    ...assessed,
    notices: [
      ...named.notices,
      ...known.notices,
      ...policyNotices(changes, trees),
      ...problems,
      ...treeNotices(trees, parted.files, below),
      ...outOfReach(judged, assessed.summary),
      ...lostResources(was, is),
      ...notRun(left, 'pull request, without live: true'),
    ],
    evidence,
    prefix,
    commit: head.commit,
    compared: true,
    comparison,
    onChangedLine: changedLines(trees, prefix),
  };
}

/** An earlier assessment of live targets is read from the base commit; the pull request may bring the first one. */
function baselineInBase({ baseline }: Inputs, { base, from }: Trees): NamedBaseline {
  if (baseline === undefined || !('file' in baseline)) return { notices: [] };
  const path = resolve(base.directory, from, baseline.file);
  if (existsSync(path)) return { baseline: openBaseline(path, baseline.file, ' in the base commit'), notices: [] };
  const message = {
    en: `input baseline: ${baseline.file} is not in the base commit; of live targets nothing is known from before`,
    zh: `输入 baseline：基准提交中没有 ${baseline.file}；在线目标没有此前的结果可比较`,
  };
  return { notices: [{ level: 'warning', message }] };
}

/** Controls that came to something, whatever it was. */
function judgedControls(findings: Iterable<Finding>): ReadonlySet<string> {
  const judged = new Set<string>();
  for (const { control, outcome } of findings) if (outcome === 'pass' || outcome === 'fail') judged.add(control);
  return judged;
}

function sidesOf({ summary, findings }: Assessed, { base, head }: Trees): NonNullable<Judged['comparison']> {
  const said = new Map<string, Localized>();
  for (const { outcome, fingerprint, message } of findings)
    if (outcome === 'fail' && fingerprint !== undefined) said.set(fingerprint, message);
  return {
    before: base.commit,
    now: head.commit,
    scores: summary.scores.total,
    grade: gradeText(summary),
    said,
  };
}

/** Records that were collected before, put in their order. */
async function* withRecords(fresh: AsyncIterable<TargetRecord>, held: readonly TargetRecord[]): AsyncGenerator<TargetRecord, void> {
  let at = 0;
  for await (const record of fresh) {
    for (; at < held.length; at += 1) {
      const one = held[at];
      if (one === undefined || one.target.id > record.target.id) break;
      yield one;
    }
    yield record;
  }
  yield* held.slice(at);
}

function part({ plan, base: start }: Policy, { base }: Trees): Parting {
  const inside = (address: string): boolean => isWithin(resolve(start, address), base.directory);
  const files = plan.targets.filter(({ kind }) => kind === 'files');
  return {
    files: files.filter(({ address }) => inside(address)),
    elsewhere: files.filter(({ address }) => !inside(address)),
    network: plan.targets.filter(({ kind }) => kind !== 'files'),
  };
}

/** A score that the base commit does not reach is not asked of the pull request: that it is no worse is. */
function gateAfter({ gate }: Plan, before: number): Plan['gate'] {
  return gate.minScore === undefined ? gate : { ...gate, minScore: Math.min(gate.minScore, before) };
}

/** Asks git once for each file. */
function changedLines({ repository, base, head }: Trees, prefix: string): (finding: Finding) => Promise<boolean> {
  const known = new Map<string, Promise<readonly (readonly [number, number])[]>>();
  return async ({ locations: [place] }) => {
    if (place === undefined || place.role !== 'evidence' || isWholeFile(place.range)) return false;
    const path = posix.normalize(prefix + place.file);
    const ranges = known.get(path) ?? repository.changedLines(base.commit, head.commit, path).catch(() => []);
    known.set(path, ranges);
    return (await ranges).some(([first, last]) => place.range.start.line <= last && place.range.end.line >= first);
  };
}
