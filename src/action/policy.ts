import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { ConfiguredFiles } from '../cli/configured-files.ts';
import { addressFrom } from '../cli/policy-options.ts';
import { packageRoot, UsageError } from '../cli/shell.ts';
import { InvalidInput, nearest } from '../catalog/diagnostic.ts';
import type { Configuration } from '../catalog/read-configuration.ts';
import type { Baseline } from '../model/baseline.ts';
import type { Plan } from '../model/plan.ts';
import { preparePlan } from '../sandbox/prepare.ts';
import { nodeWorld } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { Inputs } from './inputs.ts';
import { InvalidPolicy } from './invalid-policy.ts';

/** What is judged, by which rules, and the directory that its paths start from. */
export interface Policy {
  readonly plan: Plan;
  readonly base: string;
  /** The file that it was read from, as seen from `base`. */
  readonly file?: string;
  readonly configuration?: Configuration;
  /** The baseline that custos.yaml names. */
  readonly baseline?: Baseline;
}

const CONFIGURATION = 'custos.yaml';

/**
 * Reads the policy that inputs and custos.yaml ask for, from `directory` (the working directory, or what it was in the base
 * commit). Without targets of either, the directory itself is looked at. `where` is said of what is not there.
 */
export async function readPolicy(
  inputs: Inputs,
  directory: string,
  where: string,
  worldOf: (base: string) => World = nodeWorld,
): Promise<Policy> {
  const named = inputs.config === undefined ? undefined : resolve(directory, inputs.config);
  if (named !== undefined && !existsSync(named))
    throw new UsageError(`input config: ${inputs.config} is not there${where}`, 'paths are taken from working-directory');
  const found = resolve(directory, CONFIGURATION);
  const file = named ?? (inputs.targets.length === 0 && existsSync(found) ? found : undefined);
  const base = file === undefined ? directory : dirname(file);
  const from = (path: string): string => (isAbsolute(path) ? path : relative(base, resolve(directory, path)).replaceAll('\\', '/') || '.');
  const files = new ConfiguredFiles(base, { baseline: inputs.baseline === undefined, reports: false });
  let configuration: Configuration | undefined;
  const targets = inputs.targets.length === 0 && file === undefined ? ['.'] : inputs.targets;
  const profile = inputs.profile;
  const { plan } = await preparePlan(worldOf(base), {
    bundled: packageRoot(),
    ...(file === undefined ? {} : { configuration: relative(base, file) }),
    targets: targets.map((target) => addressFrom(target, from)),
    ...(profile === undefined ? {} : { profile: /[/.]/.test(profile) ? pathOf(from(profile)) : profile }),
    controls: [],
    versions: {},
    network: {},
    gate: {
      ...(inputs.failOn === undefined ? {} : { failOn: inputs.failOn }),
      ...(inputs.minScore === undefined ? {} : { minScore: inputs.minScore }),
      ...(inputs.allowUndecided ? { allowUndecided: true } : {}),
    },
    check: (read, reporter) => {
      configuration = read;
      files.check(read, reporter);
    },
  }).catch((error: unknown) => {
    throw error instanceof InvalidInput ? new InvalidPolicy(error.diagnostics, base) : error;
  });
  return {
    plan: ofCategories(plan, inputs.categories),
    base,
    ...(file === undefined ? {} : { file: relative(base, file) }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(files.baseline === undefined ? {} : { baseline: files.baseline }),
  };
}

/** A path without a slash would be read as the name of a bundled profile. */
function pathOf(path: string): string {
  return path.includes('/') ? path : `./${path}`;
}

/** The plan's controls of some families only. */
export function ofCategories(plan: Plan, categories: readonly string[]): Plan {
  if (categories.length === 0) return plan;
  const families = [...new Set(plan.controls.map(({ control }) => control.family))].toSorted();
  const strange = categories.filter((category) => !families.includes(category));
  if (strange.length > 0)
    throw new UsageError(
      strange.map((category) => `input categories: no control of profile ${plan.profile} is of the family "${category}"`),
      nearest(strange[0] ?? '', families) ?? `families are: ${families.join(', ')}`,
    );
  return { ...plan, controls: plan.controls.filter(({ control }) => categories.includes(control.family)) };
}
