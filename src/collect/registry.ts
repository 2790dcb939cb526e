import type { Collector } from './collector.ts';
import { filesCollector } from './files/collector.ts';
import { httpCollector } from './http/collector.ts';
import { tlsCollector } from './tls/collector.ts';

/** Every collector. A new kind of target is one folder and one line here. */
export const COLLECTORS: readonly Collector[] = [filesCollector, httpCollector, tlsCollector];

/** Kinds of target that something can be learnt from. */
export const TARGET_KINDS: readonly string[] = [...new Set(COLLECTORS.flatMap(({ targets }) => targets))];

/** The collectors that look at targets of a kind. */
export function collectorsFor(kind: string): readonly Collector[] {
  return COLLECTORS.filter(({ targets }) => targets.includes(kind));
}
