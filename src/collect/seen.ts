import type { FactRecord } from '../model/fact.ts';
import type { Resource, Target } from '../model/resource.ts';
import type { Attributes, LiveFactsOf, ResourceKind } from '../resources/kind.ts';

/** A resource that was seen from inside: every attribute of its kind, those of live targets too. */
export function seen<A extends Attributes>(
  kind: ResourceKind<A>,
  id: string,
  target: Target,
  stance: Resource['stance'],
  facts: LiveFactsOf<A>,
): Resource {
  const record: FactRecord = facts;
  return { kind: kind.name, id, target: target.id, stance, facts: record };
}
