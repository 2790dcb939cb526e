import type { Collector } from './collector.ts';
import { filesCollector } from './files/collector.ts';

/** Every kind of target that Custos can look at. A new kind is one folder and one line here. */
export const COLLECTORS: readonly Collector[] = [filesCollector];

/** The collector for targets of a kind. */
export function collectorFor(kind: string): Collector | undefined {
  return COLLECTORS.find((collector) => collector.kind === kind);
}
