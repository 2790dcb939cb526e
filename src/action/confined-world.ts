import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { unknown } from '../model/fact.ts';
import type { World } from '../world/world.ts';

/**
 * A world whose trees all lie below one of `roots`, links followed. A pull request may turn a target's directory into a link to
 * anywhere on the runner: what is there is none of its files, and unknown.
 */
export function confinedWorld(world: World, base: string, roots: readonly string[]): World {
  return {
    network: world.network,
    get roots() {
      return world.roots;
    },
    now: () => world.now(),
    tree: async (root) => {
      const real = await realpath(resolve(base, root)).catch(() => undefined);
      const inside = real === undefined || roots.some((one) => real === one || real.startsWith(one.endsWith(sep) ? one : one + sep));
      return inside ? world.tree(root) : unknown('refused', `outside-root: ${root}`);
    },
  };
}
