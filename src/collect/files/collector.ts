import { posix } from 'node:path';
import { unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { FORMATS } from './formats.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { kindsOf, readTree } from './read-tree.ts';

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
  if ('state' in tree) return nothingSeen(filesCollector.provides, { ...tree, origin: at });
  return readTree({
    target,
    tree,
    formats: FORMATS,
    under: tree.single ? posix.dirname(target.address) : target.address.replace(/^\.\//, '').replace(/\/$/, ''),
    version: (product) => target.versions[product] ?? unknown('unresolved', `version of ${product}`, at),
    roots: world.roots,
    now: world.now(),
    signal,
  });
}
