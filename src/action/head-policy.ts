import { existsSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { InvalidInput } from '../catalog/diagnostic.ts';
import { packageRoot, UsageError } from '../cli/shell.ts';
import { nodeWorld } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { doorsOf, refuseWorkingTree, type Trees } from './commits.ts';
import { confinedWorld, isWithin } from './confined-world.ts';
import type { Inputs } from './inputs.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import type { Notice } from './judged.ts';
import { openBaseline } from './named-baseline.ts';
import { readPolicy } from './policy.ts';

/** Problems that are told one by one. */
const MAX_PROBLEMS = 5;

/**
 * What is wrong with the policy that a pull request would bring. It is read for that alone, from the files of its commit and from
 * nowhere else: what it names elsewhere on the runner is not opened, since a message could quote it.
 */
export async function headPolicyProblems(inputs: Inputs, trees: Trees): Promise<readonly Notice[]> {
  const { head, from, beside } = trees;
  const bundled = packageRoot();
  const doors = [...doorsOf(head, beside), { at: bundled, to: realpathSync(bundled) }];
  const worldOf = (base: string): World => confinedWorld(nodeWorld(base), base, head.directory, doors);
  try {
    // A baseline that custos.yaml names would be opened by its path, wherever that leads: one that is named here keeps it shut.
    const policy = await readPolicy({ ...inputs, baseline: { file: '' } }, join(head.directory, from), ' in this pull request', worldOf);
    refuseWorkingTree(policy, trees);
    const { baseline } = policy.configuration ?? {};
    const known = baseline === undefined ? undefined : resolve(policy.base, baseline);
    if (known !== undefined && baseline !== undefined && isWithin(realPath(known), head.directory)) openBaseline(known, baseline);
    return [];
  } catch (error) {
    return problemsIn(error, head.directory).slice(0, MAX_PROBLEMS);
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function problemsIn(error: unknown, root: string): readonly Notice[] {
  if (error instanceof InvalidInput)
    return error.diagnostics.map(({ file, range, message }) => {
      const path = error instanceof InvalidPolicy ? relative(root, resolve(error.base, file)).replaceAll('\\', '/') : file;
      const place = path.startsWith('../') ? {} : { file: path, ...(range === undefined ? {} : { line: range.start.line }) };
      return { ...place, ...stops(`${path}${range === undefined ? '' : `:${range.start.line}`}: ${message}`) };
    });
  if (error instanceof UsageError) return error.lines.map(stops);
  return [stops(error instanceof Error ? error.message : String(error))];
}

function stops(problem: string): Notice {
  return {
    level: 'warning',
    message: { en: `${problem}; after the merge this stops every run`, zh: `${problem}；合并后将使每次运行中止` },
  };
}
