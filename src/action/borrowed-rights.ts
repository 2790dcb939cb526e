import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathIn } from '../cli/policy-options.ts';
import { UsageError } from '../cli/shell.ts';
import { isWithin } from './confined-world.ts';
import type { Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import { Repository } from './repository.ts';
import { workingDirectory } from './workspace.ts';

const HINT = 'check pull requests on pull_request: there they have no secrets, and are judged by the policy of their base commit';

/**
 * Where others made a run that has the rights of the default branch, only that branch's own commit is looked at: secrets are at hand,
 * and a custos.yaml says where they are sent. Every checkout that an input leads into must be at that commit; a directory that is in
 * none may hold anything.
 */
export async function refuseBorrowedRights(inputs: Inputs, around: Surroundings): Promise<void> {
  const { borrowed, event, sha } = around;
  if (!borrowed) return;
  if (inputs.evidence.length > 0)
    throw new UsageError(`${event} runs with the rights of the default branch, and evidence brings a policy of its own`, HINT);
  for (const directory of directoriesOf(inputs, around)) {
    const head = await Repository.of(directory)
      .then((repository) => repository.head())
      .catch(() => undefined);
    if (head === undefined)
      throw new UsageError(
        `${event} runs with the rights of the default branch, and nothing shows that ${directory} holds that branch's commit`,
        `use actions/checkout as it comes on ${event}; ${HINT}`,
      );
    if (head !== sha)
      throw new UsageError(
        `${event} runs with the rights of the default branch, and another commit than that branch's is checked out`,
        HINT,
      );
  }
}

/** The directories of the workspace that inputs lead into, links followed. */
function directoriesOf(inputs: Inputs, around: Surroundings): readonly string[] {
  const start = workingDirectory(inputs, around);
  const { config, profile, baseline, targets } = inputs;
  const paths = [
    config,
    profile !== undefined && /[/.]/.test(profile) ? profile : undefined,
    baseline !== undefined && 'file' in baseline ? baseline.file : undefined,
    ...targets.map((target) => pathIn(target)),
  ].flatMap((path) => (path === undefined ? [] : [directoryAt(resolve(start, path))]));
  const workspace = realpathSync(around.workspace);
  return [...new Set([realpathSync(start), ...paths.filter((path) => isWithin(path, workspace))])];
}

/** The directory that a path is, or is in. */
function directoryAt(path: string): string {
  if (!existsSync(path)) return directoryAt(dirname(path));
  const real = realpathSync(path);
  return statSync(real).isDirectory() ? real : dirname(real);
}
