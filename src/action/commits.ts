import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve } from 'node:path';
import { addressFrom } from '../cli/policy-options.ts';
import { UsageError } from '../cli/shell.ts';
import { layOut, type CommitTree, type Writing } from './commit-tree.ts';
import { isWithin, type Door } from './confined-world.ts';
import type { Change, Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Policy } from './policy.ts';
import { Repository } from './repository.ts';
import { workingDirectory } from './workspace.ts';

/** Both commits of a pull request, written out; `from` leads from a tree's root to the working directory. */
export interface Trees {
  readonly repository: Repository;
  readonly base: CommitTree;
  readonly head: CommitTree;
  readonly from: string;
  /** The head alone is checked out, and the base branch has gone on without it. */
  readonly behind: boolean;
  /** Other checkouts in the workspace (a private catalogue): no commit of this repository can hold or change them. */
  readonly beside: readonly Beside[];
}

/** Another checkout: its path in the repository's working tree, and where it is. */
interface Beside {
  readonly path: string;
  readonly real: string;
}

/** Finds both commits of a pull request, and writes their files below `place`. */
export async function writeTrees(inputs: Inputs, around: Surroundings, change: Change, place: string, signal: AbortSignal): Promise<Trees> {
  const asked = resolve(around.workspace, inputs.workingDirectory);
  const directory = workingDirectory(isWithin(asked, around.workspace) ? standing(inputs, around) : inputs, around);
  const repository = await Repository.of(directory);
  if (!isWithin(realpathSync(repository.root), realpathSync(around.workspace)))
    throw new UsageError('the workspace is no git checkout', 'use actions/checkout with fetch-depth: 0 before this step');
  const { head, base, behind } = await commitsOf(repository, around, change);
  // As it is written, never where it leads: a pull request may have made it a link to a directory with a milder policy.
  const written = relative(around.workspace, asked);
  const from = relative(realpathSync(repository.root), join(realpathSync(around.workspace), written));
  const outside = join(place, 'outside');
  await mkdir(outside);
  const writing: Writing = { outside, written: new Map(), signal };
  const commits = {
    base: await layOut(repository, base, realpathSync(await made(join(place, 'base'))), writing),
    head: await layOut(repository, head, realpathSync(await made(join(place, 'head'))), writing),
  };
  if (![commits.base, commits.head].some((tree) => existsSync(join(tree.directory, from))))
    throw new UsageError(
      `input working-directory: ${inputs.workingDirectory} is in neither commit`,
      'name a directory of the repository, as seen from the workspace',
    );
  const beside = await placeBeside(repository.root, commits);
  return { repository, ...commits, from, behind, beside };
}

/** A pull request may take the working directory away: then the nearest directory that stands tells which checkout it was in. */
function standing(inputs: Inputs, { workspace }: Surroundings): Inputs {
  let at = resolve(workspace, inputs.workingDirectory);
  while (at !== workspace && isWithin(at, workspace) && !existsSync(at)) at = resolve(at, '..');
  return { ...inputs, workingDirectory: at };
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
): Promise<{ readonly head: string; readonly base: string; readonly behind: boolean }> {
  const head = await repository.head();
  const parents = await repository.parents(head);
  const merge = head === around.sha && parents.length === 2 && parents[1] === change.headSha;
  if (head !== change.headSha && !merge)
    throw new UsageError(
      `the commit that is checked out (${head.slice(0, 12)}) is not this pull request's (${change.headSha.slice(0, 12)})`,
      'use actions/checkout as it comes on pull_request: it checks out the merge that GitHub made of both',
    );
  const base = merge ? (parents[0] ?? change.baseSha) : change.baseSha;
  if (!(await repository.has(base)))
    throw new UsageError(
      `the base commit ${base.slice(0, 12)} is not in this clone, and a pull request is never judged by its own policy`,
      `give actions/checkout fetch-depth: 0, or run before this step: git fetch --no-tags --depth=1 origin ${base}`,
    );
  return { head, base, behind: !merge && !(await repository.goesOn(base, head)) };
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

/** What stands in a tree for the checkouts beside it. */
export function doorsOf({ directory }: CommitTree, beside: readonly Beside[]): readonly Door[] {
  return beside.map(({ path, real }) => ({ at: join(directory, path), to: real }));
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

/** The same for every path of the inputs. */
export function rerootedInputs(inputs: Inputs, trees: Trees): Inputs {
  const { config, profile, baseline } = inputs;
  return {
    ...inputs,
    targets: inputs.targets.map((target) => addressFrom(target, (path) => rerooted(path, trees))),
    ...(config === undefined ? {} : { config: rerooted(config, trees) }),
    ...(profile === undefined ? {} : { profile: rerooted(profile, trees) }),
    ...(baseline !== undefined && 'file' in baseline ? { baseline: { file: rerooted(baseline.file, trees) } } : {}),
  };
}

/** custos.yaml of the base commit may not name policy in the working tree, by whatever way: there it is the pull request's. */
export function refuseWorkingTree({ configuration }: Policy, { repository: { root }, beside }: Trees): void {
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
