import type { TargetRecord } from '../model/resource.ts';
import type { Notice } from './judged.ts';
import { someOf } from './some-of.ts';

/** Every file that is read has one of these besides what it configures. */
const OF_EVERY_FILE = 'secret.exposure';

/** Target → kind → ids of the resources that were seen. */
export type Held = Map<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Remembers what a record holds. */
export function hold(held: Held, { target, resources }: TargetRecord): void {
  const kinds = new Map<string, Set<string>>();
  for (const { kind, id } of resources) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(id));
  held.set(target.id, kinds);
}

/**
 * What the base commit holds and the head does not is named, whatever came of it before: it is no finding, and it may only have been
 * given a name that nothing recognises.
 */
export function lostResources(before: Held, after: Held): readonly Notice[] {
  const lost = [...before].flatMap(([target, kinds]) => lostOf(target, kinds, after.get(target) ?? new Map()));
  if (lost.length === 0) return [];
  const message = {
    en: `no longer there in this pull request: ${someOf(lost, 'en')}; what was only renamed so that no format recognises it is judged by nobody now`,
    zh: `本拉取请求中已不存在：${someOf(lost, 'zh')}；如仅是改名而不再被任何格式识别，则现已无人判断`,
  };
  return [{ level: 'warning', message }];
}

function lostOf(
  target: string,
  before: ReadonlyMap<string, ReadonlySet<string>>,
  after: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const lost = [...before].flatMap(([kind, ids]) => [...ids].filter((id) => after.get(kind)?.has(id) !== true).map((id) => ({ kind, id })));
  const own = lost.filter(({ kind }) => kind !== OF_EVERY_FILE);
  return (own.length > 0 ? own : lost).map(({ kind, id }) => `${target}: ${id} (${kind})`);
}
