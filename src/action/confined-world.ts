import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { unknown } from '../model/fact.ts';
import type { World } from '../world/world.ts';

/** A directory of a tree that stands for one elsewhere: where it is in the tree, and where it leads. */
export interface Door {
  readonly at: string;
  readonly to: string;
}

/**
 * A world whose trees all lie below `root`, links followed; what is named behind a door lies below what that leads to. A pull
 * request may turn a target's directory into a link to anywhere on the runner: what is there is none of its files, and unknown.
 */
export function confinedWorld(world: World, base: string, root: string, doors: readonly Door[]): World {
  return {
    ...world,
    tree: async (named) => {
      const path = resolve(base, named);
      const allowed = doors.find(({ at }) => isWithin(path, at))?.to ?? root;
      const real = await realpath(path).catch(() => undefined);
      // Nothing is there: the world says so.
      return real === undefined || isWithin(real, allowed) ? world.tree(named) : unknown('refused', `outside-root: ${named}`);
    },
  };
}

/** Is a path a directory, or below it? Both absolute. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
