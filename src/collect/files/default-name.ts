import { unknown, type Fact, type FactValue } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';

/** Among the files of one target, too, a default name says nothing once two stores have it: they are those of several machines. */
export function withoutTwins(resources: readonly Resource[]): readonly Resource[] {
  const counts = new Map<string, number>();
  for (const { facts } of resources) {
    const name = nameIn(facts['default_name']);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return resources.map((resource) => {
    const fact = resource.facts['default_name'];
    const name = nameIn(fact);
    if (name === undefined || (counts.get(name) ?? 0) < 2) return resource;
    const why = unknown('unresolved', `several stores here are called ${name}`, fact?.origin);
    return { ...resource, facts: { ...resource.facts, default_name: why } };
  });
}

function nameIn(fact: Fact<FactValue> | undefined): string | undefined {
  return fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
}
