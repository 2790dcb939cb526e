import type { Fact, FactValue, Unknown } from '../model/fact.ts';
import type { Coverage } from '../model/resource.ts';
import { distinctGaps } from './distinct-gaps.ts';

/** A kind of which everything was seen but for what is missing: complete only where nothing is. */
export function coverageOf(missing: readonly Unknown[], looked: Fact<FactValue>): Coverage {
  const gaps = distinctGaps(missing);
  return { status: gaps.length === 0 ? 'complete' : 'partial', gaps, looked };
}
