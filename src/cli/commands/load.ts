import { relative, resolve } from 'node:path';
import { InvalidInput, Reporter } from '../../catalog/diagnostic.ts';
import { loadCatalogue, type Catalogue } from '../../catalog/load.ts';
import { nodeWorld } from '../../world/node.ts';
import { packageRoot, type Shell } from '../shell.ts';

/** The catalogue, and the directories given. Throws what is wrong with any of it. */
export async function loadControls(directories: readonly string[], shell: Shell): Promise<Catalogue> {
  const reporter = new Reporter();
  const own = directories.map((directory) => relative(shell.cwd, resolve(shell.cwd, directory)) || '.');
  const catalogue = await loadCatalogue(nodeWorld(shell.cwd), packageRoot(), own, reporter);
  if (reporter.diagnostics.length > 0) throw new InvalidInput(reporter.diagnostics);
  return catalogue;
}
