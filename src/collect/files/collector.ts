import { posix } from 'node:path';
import { unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { FORMATS } from './formats.ts';
import { kindsOf, nothing, readTree } from './read-tree.ts';

/**
 * Reads configuration files below one directory, or one file. Opens files read-only, runs nothing, follows no link out
 * of the root. Cost: one directory walk, and one read of each file that a format recognises.
 */
export const filesCollector = {
  name: 'files',
  targets: ['files'],
  version: '1',
  provides: kindsOf(FORMATS),
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal): Promise<Collected> {
  const tree = await world.tree(target.address);
  const at = { kind: 'file', range: target.declaredAt } as const;
  if ('state' in tree) return nothing(FORMATS, { ...tree, origin: at });
  const found = await readTree({
    target,
    tree,
    formats: FORMATS,
    under: tree.single ? posix.dirname(target.address) : target.address.replace(/^\.\//, '').replace(/\/$/, ''),
    version: (product) => target.versions[product] ?? unknown('unresolved', `version of ${product}`, at),
    roots: world.roots,
    now: world.now(),
    signal,
  });
  if (Object.keys(found.coverage).length > 0) return found;
  const { entries } = await tree.walk();
  const none = unknown('unsupported', `${target.address}: none of its ${entries.length} files is in a format that Custos reads`, at);
  return { ...found, gaps: [...found.gaps, none] };
}
