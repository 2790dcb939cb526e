import { relative, resolve } from 'node:path';
import { Reporter } from '../../catalog/diagnostic.ts';
import { loadCatalogue, type Catalogue } from '../../catalog/load.ts';
import { nodeWorld } from '../../world/node.ts';
import { packageRoot, type Shell } from '../shell.ts';

/** The catalogue, and the directories given. What is wrong with any of it goes to the reporter. */
export function readControls(directories: readonly string[], shell: Shell, reporter: Reporter): Promise<Catalogue> {
  const own = directories.map((directory) => relative(shell.cwd, resolve(shell.cwd, directory)) || '.');
  return loadCatalogue(nodeWorld(shell.cwd), packageRoot(), own, reporter);
}

/** The same, for commands that need it whole: throws what is wrong with it. */
export async function loadControls(directories: readonly string[], shell: Shell): Promise<Catalogue> {
  const reporter = new Reporter();
  const catalogue = await readControls(directories, shell, reporter);
  reporter.settle();
  return catalogue;
}
