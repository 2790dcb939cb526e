import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve } from 'node:path';
import { keeping } from '../cli/kept-evidence.ts';
import { toolVersion, UsageError, type Shell } from '../cli/shell.ts';
import { baselineOf, openAssessment } from '../evidence/assessment-file.ts';
import type { Summary } from '../model/assessment.ts';
import { causeKey, type Baseline, type BaselineFinding } from '../model/baseline.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { Target, TargetRecord } from '../model/resource.ts';
import { isWholeFile } from '../report/place.ts';
import { assessorFor } from '../sandbox/assessor.ts';
import { judgeUntil } from '../scan.ts';
import { nodeWorld } from '../world/node.ts';
import { layOut, type CommitTree, type Written } from './commit-tree.ts';
import { confinedWorld, isWithin, type Door } from './confined-world.ts';
import type { Change, Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import { collectShares, scheduleOf, untilCancelled, type Judged, type Notice, type Share } from './judged.ts';
import { readPolicy, type Policy } from './policy.ts';
import { Repository } from './repository.ts';
import { notRun, workingDirectory } from './workspace.ts';

/** Both commits of a pull request, written out; `from` leads from a tree's root to the working directory. */
interface Trees {
  readonly repository: Repository;
  readonly base: CommitTree;
  readonly head: CommitTree;
  readonly from: string;
  /** Other checkouts in the workspace (a private catalogue): no commit of this repository can hold or change them. */
  readonly beside: readonly Beside[];
}

/** Another checkout: its path in the repository's working tree, and where it is. */
interface Beside {
  readonly path: string;
  readonly real: string;
}

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
  named: Baseline | undefined,
  folder: string,
  shell: Shell,
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
  const place = join(folder, 'commits');
  mkdirSync(place);
  try {
    const trees = await writeTrees(inputs, around, change, place);
    return await compare(inputs, around, trees, named, folder, shell);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function writeTrees(inputs: Inputs, around: Surroundings, change: Change, place: string): Promise<Trees> {
  const directory = workingDirectory(inputs, around);
  const repository = await Repository.of(directory);
  if (!isWithin(realpathSync(repository.root), realpathSync(around.workspace)))
    throw new UsageError('the workspace is no git checkout', 'use actions/checkout with fetch-depth: 0 before this step');
  const { head, base } = await commitsOf(repository, around, change);
  const from = relative(realpathSync(repository.root), realpathSync(directory));
  const outside = join(place, 'outside');
  await mkdir(outside);
  const written: Written = new Map();
  const commits = {
    base: await layOut(repository, base, realpathSync(await made(join(place, 'base'))), outside, written),
    head: await layOut(repository, head, realpathSync(await made(join(place, 'head'))), outside, written),
  };
  const beside = await placeBeside(repository.root, commits);
  for (const tree of Object.values(commits)) await mkdir(join(tree.directory, from), { recursive: true });
  return { repository, ...commits, from, beside };
}

async function made(directory: string): Promise<string> {
  await mkdir(directory);
  return directory;
}

/**
 * The head is what is checked out, and must be the pull request's. Where it is the merge that GitHub made of it, the base is that
 * merge's other parent: the event's own may be older, and would lay changes of others at this door.
 */
async function commitsOf(
  repository: Repository,
  around: Surroundings,
  change: Change,
): Promise<{ readonly head: string; readonly base: string }> {
  const head = await repository.head();
  const parents = await repository.parents(head);
  const merge = head === around.sha && parents.length === 2 && parents[1] === change.headSha;
  if (head !== change.headSha && !merge)
    throw new UsageError(
      `the commit that is checked out (${head.slice(0, 12)}) is not this pull request's (${change.headSha.slice(0, 12)})`,
      'use actions/checkout as it comes on pull_request, or with ref: ${{ github.event.pull_request.head.sha }}',
    );
  const base = merge ? (parents[0] ?? change.baseSha) : change.baseSha;
  if (!(await repository.has(base)))
    throw new UsageError(
      `the base commit ${base.slice(0, 12)} is not in this clone, and a pull request is never judged by its own policy`,
      `give actions/checkout fetch-depth: 0, or run before this step: git fetch --no-tags --depth=1 origin ${base}`,
    );
  return { head, base };
}

/** Other checkouts beside the repository's files, up to two directories deep: each has a `.git`, which no commit can hold. */
async function placeBeside(
  root: string,
  { base, head }: { readonly base: CommitTree; readonly head: CommitTree },
): Promise<readonly Beside[]> {
  const tracked = new Set([...base.entries, ...head.entries].flatMap(({ path }) => parentsOf(path)));
  const found: string[] = [];
  const look = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = posix.join(below, entry.name);
      if (!entry.isDirectory() || entry.name === '.git' || entry.name === 'node_modules') continue;
      if (!tracked.has(path) && existsSync(join(root, path, '.git'))) found.push(path);
      else if (depth > 1) look(path, depth - 1);
    }
  };
  look('', 2);
  for (const path of found)
    for (const { directory } of [base, head]) {
      await mkdir(resolve(directory, path, '..'), { recursive: true });
      await symlink(join(root, path), join(directory, path));
    }
  return found.map((path) => ({ path, real: realpathSync(join(root, path)) }));
}

function parentsOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/**
 * A path as it is seen from the working directory. One that leads from the root of the file system into the checkout means the file
 * of the commit that is looked at, never the one in the working tree: that is the pull request's.
 */
function rerooted(written: string, { repository: { root }, from }: Trees): string {
  if (!isAbsolute(written)) return written;
  const inside = [root, realpathSync(root)].find((one) => isWithin(resolve(written), one));
  return inside === undefined ? written : relative(join(inside, from), resolve(written)) || '.';
}

function rerootedInputs(inputs: Inputs, trees: Trees): Inputs {
  const { config, profile, baseline } = inputs;
  return {
    ...inputs,
    targets: inputs.targets.map((target) => rerooted(target, trees)),
    ...(config === undefined ? {} : { config: rerooted(config, trees) }),
    ...(profile === undefined ? {} : { profile: rerooted(profile, trees) }),
    ...(baseline !== undefined && 'file' in baseline ? { baseline: { file: rerooted(baseline.file, trees) } } : {}),
  };
}

/** custos.yaml of the base commit may not name policy in the working tree, by whatever way: there it is the pull request's. */
function refuseWorkingTree({ configuration }: Policy, { repository: { root }, beside }: Trees): void {
  const { profile, waivers, baseline, controls = [] } = configuration ?? {};
  const places = [root, realpathSync(root)];
  for (const path of [profile, waivers, baseline, ...controls])
    if (
      path !== undefined &&
      isAbsolute(path) &&
      places.some((one) => isWithin(resolve(path), one)) &&
      !beside.some((one) => isWithin(resolve(path), join(root, one.path)))
    )
      throw new UsageError(
        `custos.yaml of the base commit names ${path} in the working tree, which is the pull request's`,
        'write the path as seen from custos.yaml',
      );
}

async function compare(
  asked: Inputs,
  around: Surroundings,
  trees: Trees,
  named: Baseline | undefined,
  folder: string,
  shell: Shell,
): Promise<Judged> {
  const { base, head, from } = trees;
  const inputs = rerootedInputs(asked, trees);
  const isMissing = (target: string): boolean => ![base, head].some(({ directory }) => existsSync(resolve(directory, from, target)));
  const missing = inputs.targets.filter((target) => !target.includes('://') && !isAbsolute(target) && isMissing(target));
  if (missing.length > 0)
    throw new UsageError(
      missing.map((target) => `input targets: ${target} is in neither commit`),
      'paths are taken from working-directory',
    );
  const policy = await readPolicy(inputs, join(base.directory, from), ' in the base commit');
  refuseWorkingTree(policy, trees);
  const below = relative(base.directory, policy.base);
  const parted = part(policy, trees);
  const live = inputs.live === true ? [...parted.network, ...parted.elsewhere] : [];
  const left = inputs.live === true ? [] : [...parted.network, ...parted.elsewhere];
  const plan: Plan = { ...policy.plan, targets: policy.plan.targets.filter((target) => !left.includes(target)) };
  const prefix = below === '' ? '' : `${below.replaceAll('\\', '/')}/`;
  const { baseline: source } = inputs;
  const inBase = live.length > 0 && source !== undefined && 'file' in source ? join(base.directory, from, source.file) : undefined;
  const earlier = named ?? (inBase === undefined ? policy.baseline : baselineOf(openAssessment(inBase)));
  const evidence = join(folder, 'custos-evidence.jsonl');
  const [tool, options] = [toolVersion(), scheduleOf(plan.targets.length, new AbortController().signal)];
  return untilCancelled(async (signal) => {
    const schedule = { ...options, signal };
    const shares: readonly Share[] = [
      { targets: parted.network, world: nodeWorld(policy.base) },
      { targets: parted.elsewhere, world: nodeWorld(join(trees.repository.root, below)) },
    ].filter(({ targets }) => live.length > 0 && targets.length > 0);
    // What is live is looked at once: a pull request changes none of it, and both sides see the same neighbours.
    const seen: TargetRecord[] = [];
    for await (const record of collectShares(shares, schedule)) seen.push(record);
    const side = (tree: CommitTree): readonly Share[] => {
      const start = join(tree.directory, below);
      return [{ targets: parted.files, world: confinedWorld(nodeWorld(start), start, tree.directory, doorsOf(tree, trees.beside)) }];
    };
    const before = await judgeUntil(
      signal,
      withRecords(collectShares(side(base), schedule), seen),
      assessorFor(plan, { toolVersion: tool }),
    );
    const known = baselineOf({ summary: before.summary, findings: beforehand(before.findings) });
    const seenBefore = new Map([...before.findings].map((one) => [one.fingerprint, seenOf(one)]));
    before.findings.close();
    const liveIds = new Set(live.map(({ id }) => id));
    const baseline: Baseline = {
      controls: known.controls,
      findings: [
        ...known.findings.filter(({ target }) => !liveIds.has(target)).map((one) => ({ ...one, ...seenBefore.get(one.fingerprint) })),
        ...ofLive(earlier, known, liveIds),
      ],
    };
    const judgedBy: Plan = { ...plan, gate: gateAfter(plan, before.summary.scores.accepted.low) };
    const assessed = await keeping(evidence, judgedBy, prefix, shell, (onRecord) =>
      judgeUntil(
        signal,
        withRecords(collectShares(side(head), schedule), seen),
        assessorFor(judgedBy, { toolVersion: tool, baseline }),
        onRecord,
      ),
    );
    return {
      ...assessed,
      notices: [
        ...noticesOf(inputs, policy, trees, parted.files, below),
        ...outOfReach(before.summary, assessed.summary),
        ...notRun(left, 'pull request, without live: true'),
      ],
      evidence,
      prefix,
      commit: around.change?.headSha ?? head.commit,
      compared: true,
      onChangedLine: changedLines(trees, prefix),
    };
  });
}

/** What hindered this run, and says nothing of the commit that it looked at. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['collector-failed', 'timed-out', 'interrupted']);

/** What was there before the pull request. What this run itself failed to see was not: blind on both sides, it has compared nothing. */
function* beforehand(findings: Iterable<Finding>): Generator<Finding, void> {
  for (const finding of findings)
    if (finding.outcome !== 'unknown' || !finding.causes.some(({ cause }) => OF_THE_RUN.has(cause))) yield finding;
}

/** What more of is worse: reasons not to know (the pull request may have put one there, to hide what was seen before), and severity. */
function seenOf(finding: Finding): Pick<BaselineFinding, 'seen'> {
  return { seen: { severity: finding.severity, causes: finding.outcome === 'unknown' ? finding.causes.map(causeKey) : [] } };
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

function doorsOf({ directory }: CommitTree, beside: readonly Beside[]): readonly Door[] {
  return beside.map(({ path, real }) => ({ at: join(directory, path), to: real }));
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

/** Of live targets an earlier assessment knows what was there before; of a control that was revised since it knows nothing. */
function ofLive(earlier: Baseline | undefined, now: Baseline, live: ReadonlySet<string>): Baseline['findings'] {
  return (earlier?.findings ?? []).filter(
    ({ target, control }) => live.has(target) && earlier?.controls[control] === now.controls[control],
  );
}

/** A score that the base commit does not reach is not asked of the pull request: that it is no worse is. */
function gateAfter({ gate }: Plan, before: number): Plan['gate'] {
  return gate.minScore === undefined ? gate : { ...gate, minScore: Math.min(gate.minScore, before) };
}

function noticesOf(
  inputs: Inputs,
  policy: Policy,
  { base, head, from }: Trees,
  files: readonly Target[],
  below: string,
): readonly Notice[] {
  const notices: Notice[] = [];
  const rooted = (path: string): string => posix.normalize(posix.join(below.replaceAll('\\', '/'), path));
  const { configuration, file } = policy;
  const own = [inputs.profile ?? configuration?.profile ?? ''].filter((profile) => /[/.]/.test(profile));
  const seenFrom = (path: string): string => posix.normalize(posix.join(from.replaceAll('\\', '/'), path));
  const paths = [
    ...(file === undefined ? [seenFrom('custos.yaml')] : [rooted(file)]),
    ...(inputs.profile === undefined ? own.map(rooted) : own.map(seenFrom)),
    ...[configuration?.waivers, configuration?.baseline, ...(configuration?.controls ?? [])].flatMap((path) =>
      path === undefined ? [] : [rooted(path)],
    ),
    ...(inputs.baseline !== undefined && 'file' in inputs.baseline ? [seenFrom(inputs.baseline.file)] : []),
  ];
  for (const path of new Set(paths)) {
    const changed = differing(base, head, path);
    for (const name of changed.slice(0, 5))
      notices.push({
        level: 'notice',
        file: name,
        message: {
          en: `${name} is policy: this pull request is judged by its version in the base commit, and the change counts once it is merged`,
          zh: `${name} 属于审计策略：本拉取请求按基准提交中的版本判断，此处改动合并后才生效`,
        },
      });
  }
  for (const { id, address } of files) {
    const was = existsSync(join(base.directory, below, address));
    if (was && !existsSync(join(head.directory, below, address)))
      notices.push({
        level: 'warning',
        message: {
          en: `${id}: ${rooted(address)} is gone in this pull request, so that nothing of it can be determined; merge the change of custos.yaml that names its new place first`,
          zh: `${id}：本拉取请求中 ${rooted(address)} 已不存在，因此无法判定；请先合并 custos.yaml 中指明新位置的改动`,
        },
      });
  }
  const closed = [...new Set([...base.closed, ...head.closed])];
  if (closed.length > 0)
    notices.push({
      level: 'notice',
      message: {
        en: `not read, and unknown where a target holds it: ${closed.slice(0, 10).join(', ')}; actions/checkout with submodules: true and fetch-depth: 0 brings submodules`,
        zh: `未读取，所在目标中视为未知：${closed.slice(0, 10).join('、')}；actions/checkout 设置 submodules: true 与 fetch-depth: 0 可取得子模块`,
      },
    });
  return notices;
}

/** What was judged in the base commit and finds nothing to judge in the head is told: it is no finding, and it is not well either. */
function outOfReach(before: Summary, after: Summary): readonly Notice[] {
  const missed = new Set(before.notLookedAt.map(({ control }) => control));
  const lost = after.notLookedAt.map(({ control }) => control).filter((control) => !missed.has(control));
  if (lost.length === 0) return [];
  return [
    {
      level: 'warning',
      message: {
        en: `judged in the base commit, and nothing left to judge in this pull request: ${lost.join(', ')}`,
        zh: `基准提交中可判断，本拉取请求中已无判断对象：${lost.join('、')}`,
      },
    },
  ];
}

/** Files at a path, or below it, that are not the same in both commits. */
function differing(base: CommitTree, head: CommitTree, path: string): readonly string[] {
  const at = ({ entries }: CommitTree): ReadonlyMap<string, string> =>
    new Map(
      entries
        .filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`))
        .map((entry) => [entry.path, `${entry.mode} ${entry.id}`]),
    );
  const [before, after] = [at(base), at(head)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).toSorted();
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
