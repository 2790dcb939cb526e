import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInput, type Diagnostic } from '../catalog/diagnostic.ts';
import type { Trees } from './commits.ts';
import { headPolicyProblems } from './head-policy.ts';
import type { Inputs } from './inputs.ts';
import { readPolicy, type Policy } from './policy.ts';

const WHERE = ' in the base commit';

/**
 * Reads the policy of the base commit. Where the pull request brings the configuration that the workflow names, there is none yet: the
 * inputs and the defaults hold. A policy that is broken in the base commit stops every pull request; the way out is told.
 */
export async function readBasePolicy(inputs: Inputs, trees: Trees): Promise<Policy> {
  const { base, head, from } = trees;
  const { config, ...others } = inputs;
  const isIn = (directory: string): boolean => config !== undefined && existsSync(resolve(directory, from, config));
  const isNew = isIn(head.directory) && !isIn(base.directory);
  try {
    return await readPolicy(isNew ? others : inputs, join(base.directory, from), WHERE);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const mends = (await headPolicyProblems(inputs, trees)).length === 0;
    throw new InvalidInput([stopped(base.commit, mends), ...error.diagnostics.map(ofBase)]);
  }
}

function stopped(commit: string, mends: boolean): Diagnostic {
  return {
    file: commit.slice(0, 12),
    message: 'the policy of the base commit cannot be read, and every pull request is judged by that',
    hint: mends
      ? 'this pull request mends it: merge it past this check (who may bypass the rule can), and the next one is judged'
      : 'mend it on the base branch, or merge a pull request that mends it past this check',
  };
}

function ofBase(problem: Diagnostic): Diagnostic {
  return { ...problem, message: `${problem.message} (${WHERE.trim()})` };
}
