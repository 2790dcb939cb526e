import { existsSync, realpathSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import type { Summary } from '../model/assessment.ts';
import type { Target } from '../model/resource.ts';
import { LINK, type CommitTree } from './commit-tree.ts';
import type { Trees } from './commits.ts';
import { isWithin } from './confined-world.ts';
import type { Inputs } from './inputs.ts';
import type { Notice } from './judged.ts';
import type { Policy } from './policy.ts';
import { someOf } from './some-of.ts';

/** Changed files of one directory of policy that are told. */
const MAX_CHANGES = 5;

/**
 * Files of the policy that a pull request changes. `below` leads from the repository's root to where paths of the policy start.
 */
export function policyChanges(inputs: Inputs, policy: Policy, { base, head, from }: Trees, below: string): readonly string[] {
  const rooted = (path: string): string => posix.normalize(posix.join(below.replaceAll('\\', '/'), path));
  const { configuration, file } = policy;
  const own = [inputs.profile ?? configuration?.profile ?? ''].filter((profile) => /[/.]/.test(profile));
  const seenFrom = (path: string): string => posix.normalize(posix.join(from.replaceAll('\\', '/'), path));
  const paths = [
    ...(file === undefined ? [seenFrom(inputs.config ?? 'custos.yaml')] : [rooted(file)]),
    ...(inputs.profile === undefined ? own.map(rooted) : own.map(seenFrom)),
    ...[configuration?.waivers, configuration?.baseline, ...(configuration?.controls ?? [])].flatMap((path) =>
      path === undefined ? [] : [rooted(path)],
    ),
    ...(inputs.baseline !== undefined && 'file' in inputs.baseline ? [seenFrom(inputs.baseline.file)] : []),
  ];
  return [...new Set([...new Set(paths)].flatMap((path) => differing(base, head, path).slice(0, MAX_CHANGES)))];
}

/** Changes of policy are told: they count once they are merged. */
export function policyNotices(changes: readonly string[], { base }: Trees): readonly Notice[] {
  const known = new Set(base.entries.map(({ path }) => path));
  return changes.map((name) => ({ level: 'notice', file: name, message: policyWords(name, known.has(name)) }));
}

/** What the reader of a pull request must know of its trees: targets that are gone, and what was not read. */
export function treeNotices({ base, head, behind }: Trees, files: readonly Target[], below: string): readonly Notice[] {
  const notices: Notice[] = [];
  if (behind)
    notices.push({
      level: 'notice',
      message: {
        en: 'the head of this pull request is checked out alone, and the base branch has gone on: what was mended there since counts as new here; actions/checkout as it comes on pull_request takes the merge of both',
        zh: '检出的仅是本拉取请求的头部提交，而基准分支已有新提交：其间在基准分支修复的问题在此会算作新增；pull_request 事件下默认的 actions/checkout 会检出两者的合并',
      },
    });
  for (const { id, address } of files) {
    const was = existsSync(join(base.directory, below, address));
    const place = posix.normalize(posix.join(below.replaceAll('\\', '/'), address));
    if (was && !existsSync(join(head.directory, below, address)))
      notices.push({
        level: 'warning',
        message: {
          en: `${id}: ${place} is gone in this pull request, so that nothing of it can be determined; merge the change of custos.yaml that names its new place first`,
          zh: `${id}：本拉取请求中 ${place} 已不存在，因此无法判定；请先合并 custos.yaml 中指明新位置的改动`,
        },
      });
  }
  const nameless = [...new Set([...base.nameless, ...head.nameless])];
  if (nameless.length > 0)
    notices.push({
      level: 'notice',
      message: {
        en: `not read, and unknown where a target holds it, since its name is no UTF-8: ${someOf(nameless, 'en')}; give it another name`,
        zh: `名称不是 UTF-8，未读取，所在目标中视为未知：${someOf(nameless, 'zh')}；请改名`,
      },
    });
  const closed = [...new Set([...base.closed, ...head.closed])];
  if (closed.length > 0)
    notices.push({
      level: 'notice',
      message: {
        en: `not read, and unknown where a target holds it: ${someOf(closed, 'en')}; actions/checkout with submodules: true and fetch-depth: 0 brings submodules`,
        zh: `未读取，所在目标中视为未知：${someOf(closed, 'zh')}；actions/checkout 设置 submodules: true 与 fetch-depth: 0 可取得子模块`,
      },
    });
  return notices;
}

function policyWords(name: string, known: boolean): Notice['message'] {
  return known
    ? {
        en: `${name} is policy: this pull request is judged by its version in the base commit, and the change counts once it is merged`,
        zh: `${name} 属于审计策略：本拉取请求按基准提交中的版本判断，此处改动合并后才生效`,
      }
    : {
        en: `${name} is policy: the base commit has none, so this pull request is judged without it, and it counts once it is merged`,
        zh: `${name} 属于审计策略：基准提交中没有该文件，本拉取请求在没有它的情况下判断，合并后才生效`,
      };
}

/**
 * What was judged in the base commit and finds nothing to judge in the head is told: it is no finding, and it is not well either.
 * `judged` are the controls that came to something there: where nothing could be seen, nothing is lost.
 */
export function outOfReach(judged: ReadonlySet<string>, after: Summary): readonly Notice[] {
  const lost = after.notLookedAt.map(({ control }) => control).filter((control) => judged.has(control));
  if (lost.length === 0) return [];
  return [
    {
      level: 'warning',
      message: {
        en: `judged in the base commit, and nothing left to judge in this pull request: ${someOf(lost, 'en')}`,
        zh: `基准提交中可判断，本拉取请求中已无判断对象：${someOf(lost, 'zh')}`,
      },
    },
  ];
}

/** Files at a path, or below it, that are not the same in both commits; what a link leads to within a commit is such a file, too. */
function differing(base: CommitTree, head: CommitTree, path: string): readonly string[] {
  const paths = new Set([path, ...[base, head].flatMap((tree) => leadsTo(tree, path))]);
  const at = ({ entries }: CommitTree): ReadonlyMap<string, string> =>
    new Map(
      entries
        .filter((entry) => [...paths].some((one) => entry.path === one || entry.path.startsWith(`${one}/`)))
        .map((entry) => [entry.path, `${entry.mode} ${entry.id}`]),
    );
  const [before, after] = [at(base), at(head)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).toSorted();
}

/** Where a path of a commit leads, links followed, and every link below it. */
function leadsTo({ directory, entries }: CommitTree, path: string): readonly string[] {
  const links = entries.filter(({ mode, path: one }) => mode === LINK && one.startsWith(`${path}/`)).map((entry) => entry.path);
  return [path, ...links].flatMap((one) => {
    const real = realPath(join(directory, one));
    return real === undefined || !isWithin(real, directory) || real === directory ? [] : [relative(directory, real).replaceAll('\\', '/')];
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // it is not in this commit, or leads to nothing
  }
}
