import type { Resource } from '../model/resource.ts';

/** What tells a resource from the others of its target. */
export function keyOf({ kind, id }: Resource): string {
  return `${kind}\u0000${id}`;
}

/** Resources by kind, then id: evidence has one order, whatever was read first. */
export function inOrder(resources: readonly Resource[]): readonly Resource[] {
  return resources.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
