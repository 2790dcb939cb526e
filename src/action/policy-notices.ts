import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Summary } from '../model/assessment.ts';
import type { Language } from '../model/localized.ts';
import type { Target } from '../model/resource.ts';
import type { CommitTree } from './commit-tree.ts';
import type { Trees } from './commits.ts';
import type { Inputs } from './inputs.ts';
import type { Notice } from './judged.ts';
import type { Policy } from './policy.ts';

/** Names of one notice that are told. */
const MAX_NAMED = 10;

/**
 * What the reader of a pull request must know besides its findings: changes of policy, which count once they are merged, targets
 * that are gone, and what was not read. `below` leads from the repository's root to where paths of the policy start.
 */
export function noticesOf(
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
  const nameless = [...new Set([...base.nameless, ...head.nameless])];
  if (nameless.length > 0)
    notices.push({
      level: 'notice',
      message: {
        en: `not read, and unknown where a target holds it, since its name is no UTF-8: ${counted(nameless, 'en')}; give it another name`,
        zh: `名称不是 UTF-8，未读取，所在目标中视为未知：${counted(nameless, 'zh')}；请改名`,
      },
    });
  const closed = [...new Set([...base.closed, ...head.closed])];
  if (closed.length > 0)
    notices.push({
      level: 'notice',
      message: {
        en: `not read, and unknown where a target holds it: ${counted(closed, 'en')}; actions/checkout with submodules: true and fetch-depth: 0 brings submodules`,
        zh: `未读取，所在目标中视为未知：${counted(closed, 'zh')}；actions/checkout 设置 submodules: true 与 fetch-depth: 0 可取得子模块`,
      },
    });
  return notices;
}

/** What was judged in the base commit and finds nothing to judge in the head is told: it is no finding, and it is not well either. */
export function outOfReach(before: Summary, after: Summary): readonly Notice[] {
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

/** The first names of a list, and how many more there are. */
function counted(names: readonly string[], language: Language): string {
  const shown = names.slice(0, MAX_NAMED).join(language === 'zh' ? '、' : ', ');
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${shown} (+${more})` : shown;
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
