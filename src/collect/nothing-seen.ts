import type { Unknown } from '../model/fact.ts';
import type { Coverage } from '../model/resource.ts';
import type { Collected } from './collector.ts';

/** Nothing of a target was seen: of every kind that it may have shown, with the reason. */
export function nothingSeen(provides: readonly string[], why: Unknown): Collected {
  const coverage: Coverage = { status: 'failed', gaps: [why], looked: why };
  return { resources: [], coverage: Object.fromEntries(provides.map((kind) => [kind, coverage])), gaps: [why], looked: [] };
}
