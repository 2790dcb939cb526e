import type { Plan } from '../model/plan.ts';
import type { TargetRecord } from '../model/resource.ts';
import { InvalidEvidence, type EvidenceReader } from './evidence-file.ts';

/** The plan that shards have in common, as of the latest of them. Evidence of another plan is refused. */
export function mergedPlan(readers: readonly EvidenceReader[]): Plan {
  const [first] = readers;
  if (first === undefined) throw new InvalidEvidence('evidence', 0, 'is missing');
  for (const { file, header } of readers) {
    if (header.planDigest !== first.header.planDigest)
      throw new InvalidEvidence(
        file,
        1,
        `was collected for another plan than ${first.file}: shards of one plan can be merged, nothing else`,
      );
  }
  const times = readers.map(({ header }) => header.plan.asOf).toSorted();
  return { ...first.header.plan, asOf: times.at(-1) ?? first.header.plan.asOf };
}

/**
 * Joins the evidence of one plan's shards: records in the order of target ids, each target once. A target that is in none of
 * them is left out here, and unknown in the evaluation.
 */
export function* mergeEvidence(readers: readonly EvidenceReader[], plan: Plan): Iterable<TargetRecord> {
  const heads = readers.map((reader) => {
    const iterator = reader.records()[Symbol.iterator]();
    return { reader, iterator, next: iterator.next() };
  });
  const expected = plan.targets.map(({ id }) => id).toSorted();
  let at = 0;
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const lowest = open.reduce<(typeof open)[number] | undefined>(
      (best, head) => (best === undefined || idOf(head) < idOf(best) ? head : best),
      undefined,
    );
    if (lowest === undefined || lowest.next.done === true) break;
    const record = lowest.next.value;
    const { id } = record.target;
    while (at < expected.length && (expected[at] ?? '') < id) at += 1;
    if (expected[at] !== id)
      throw new InvalidEvidence(
        lowest.reader.file,
        0,
        open.some((head) => head !== lowest && idOf(head) === id) || (at > 0 && expected[at - 1] === id)
          ? `target ${id} is in more than one of the files`
          : `target ${id} is not in the plan, or out of order`,
      );
    at += 1;
    yield record;
    lowest.next = lowest.iterator.next();
  }
}

function idOf({ next }: { readonly next: IteratorResult<TargetRecord> }): string {
  return next.done === true ? '' : next.value.target.id;
}
