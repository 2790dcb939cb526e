import type { TargetRecord } from '../model/resource.ts';
import type { Notice } from './judged.ts';
import { someOf } from './some-of.ts';

/** Every file that is read has one of these besides what it configures. */
const OF_EVERY_FILE = 'secret.exposure';

/** Of one target: kind → ids of the resources that were seen, and whether there may be more. */
type Kinds = ReadonlyMap<string, { readonly ids: ReadonlySet<string>; readonly open: boolean }>;
/** Target → kinds. */
export type Held = Map<string, Kinds>;

/** Remembers what a record holds. */
export function hold(held: Held, { target, resources, coverage }: TargetRecord): void {
  const ids = new Map<string, Set<string>>(Object.keys(coverage).map((kind) => [kind, new Set()]));
  for (const { kind, id } of resources) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
  held.set(target.id, new Map([...ids].map(([kind, some]) => [kind, { ids: some, open: coverage[kind]?.status !== 'complete' }])));
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

function lostOf(target: string, before: Kinds, after: Kinds): readonly string[] {
  const lost = [...before].flatMap(([kind, { ids, open }]) => {
    const now = after.get(kind);
    // Where something can no longer be read, what is missing may be there: it is unknown, and told as that.
    if (now?.open === true && !open) return [];
    return [...ids].filter((id) => now?.ids.has(id) !== true).map((id) => ({ kind, id }));
  });
  const own = lost.filter(({ kind }) => kind !== OF_EVERY_FILE);
  return (own.length > 0 ? own : lost).map(({ kind, id }) => `${target}: ${id} (${kind})`);
}
