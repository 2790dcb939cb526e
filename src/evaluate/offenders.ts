import { createHash } from 'node:crypto';
import type { Result } from '../cel/result.ts';
import { valueText } from '../cel/template.ts';
import type { Origin } from '../model/fact.ts';
import type { Offender, Witness } from '../model/finding.ts';

/** Offenders beyond these are digests only: a reader needs no more texts, but what is compared must be all there. */
const MAX_SHOWN = 200;

/** What a control's own `offending:` names: the known elements of the list that it came to. */
export function namedOffenders(result: Result): readonly Offender[] {
  if (result.state !== 'value' || typeof result.value !== 'object' || result.value.kind !== 'list') return [];
  return result.value.items.flatMap((item) => {
    if (item.state !== 'value') return [];
    const origin =
      item.reads[0]?.origin ?? (typeof item.value === 'object' && item.value.kind === 'record' ? item.value.origin : undefined);
    return [offender(valueText(item.value), origin)];
  });
}

/**
 * The values of the reads that decided, where a control names no offenders: what a baseline or waiver knows a failure by. The
 * place in a list is no part of it, since lines move; the witnesses say where each stands.
 */
export function decidingOffenders(reads: readonly Witness[]): readonly Offender[] {
  return reads.map(({ path, state, value }) => {
    const name = path.replaceAll(/\[\d+\]/g, '[]');
    return offender(state === 'absent' ? `${name} is absent` : `${name} = ${String(value)}`, undefined);
  });
}

/** As a finding carries them: sorted by digest, so that the order of a file is not part of it. */
export function carried(offenders: readonly Offender[]): readonly Offender[] {
  return offenders
    .map((one, index) => (index < MAX_SHOWN ? one : { digest: one.digest }))
    .toSorted((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
}

/** Is each of them known, as often as it is there? A second place with the same value is one more. */
export function allKnown(offenders: readonly Offender[], known: readonly string[]): boolean {
  const left = new Map<string, number>();
  for (const name of known) left.set(name, (left.get(name) ?? 0) + 1);
  return offenders.every(({ text, digest }) => {
    const name = text !== undefined && (left.get(text) ?? 0) > 0 ? text : digest;
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count > 0;
  });
}

function offender(text: string, origin: Origin | undefined): Offender {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return origin === undefined ? { text, digest } : { text, digest, origin };
}
