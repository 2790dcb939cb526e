import { createHash } from 'node:crypto';
import { isFactList, type Fact, type FactValue } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { keyOf } from '../in-order.ts';

/**
 * Two resources with one natural key would hide each other. Where they say the same they are one; else each is told apart by a digest
 * of what it says, never by its order: a waiver or baseline must not pass from one to the other when somebody swaps their lines.
 */
export function unique(resources: readonly Resource[]): readonly Resource[] {
  const groups = Map.groupBy(resources, keyOf);
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1) return group;
    const byContent = new Map<string, Resource>();
    for (const resource of group) {
      const digest = digestOf(resource);
      if (!byContent.has(digest)) byContent.set(digest, resource);
    }
    if (byContent.size === 1) return [...byContent.values()];
    return [...byContent].map(([digest, resource]) => ({ ...resource, id: `${resource.id} #${digest}` }));
  });
}

function digestOf({ facts }: Resource): string {
  return createHash('sha256')
    .update(JSON.stringify(contentOf(facts)))
    .digest('hex')
    .slice(0, 12);
}

/** Facts without their places. */
function contentOf(value: FactValue): unknown {
  if (typeof value !== 'object') return value;
  if (isFactList(value)) return value.map(factOf);
  return Object.keys(value)
    .toSorted()
    .map((name) => [name, factOf(value[name])]);
}

function factOf(fact: Fact<FactValue> | undefined): unknown {
  if (fact === undefined || fact.state === 'absent') return null;
  return fact.state === 'unknown' ? [fact.cause, fact.detail] : [contentOf(fact.value), (fact.open ?? []).map(({ detail }) => detail)];
}
