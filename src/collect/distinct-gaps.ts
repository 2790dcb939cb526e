import type { Unknown } from '../model/fact.ts';

/** Gaps without those that say the same again; the first of each stays. */
export function distinctGaps(gaps: readonly Unknown[]): readonly Unknown[] {
  const before = new Set<string>();
  return gaps.filter(({ cause, detail }) => !before.has(`${cause} ${detail}`) && before.add(`${cause} ${detail}`));
}
