import { collect } from '../../src/collect/collect.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/collect/limits.ts';
import type { Target, TargetRecord } from '../../src/model/resource.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { Secret } from '../../src/world/secret.ts';
import type { World } from '../../src/world/world.ts';
import { filesTarget, plain } from './collect.ts';

/** A world whose references are given here in the place of the environment. */
export function worldWith(secrets: Readonly<Record<string, string>>): World {
  const world = nodeWorld('/');
  return {
    ...world,
    secret: async (reference) => {
      const text = secrets[reference.replace(/^\$\{env:(.*)\}$/, '$1')];
      return text === undefined ? world.secret(reference) : new Secret(text);
    },
  };
}

/** A target that is looked at from inside. */
export function insideTarget(kind: string, address: string, options: Readonly<Record<string, string>> = {}): Target {
  return { ...filesTarget({}, options), kind, address };
}

/** What the collectors say of a target that is looked at from inside; secrets by the names of variables. */
export async function lookInside(
  target: Target,
  secrets: Readonly<Record<string, string>> = {},
  limits: Partial<Limits> = {},
): Promise<TargetRecord> {
  const schedule = { concurrency: 1, timeout: 30, signal: new AbortController().signal, limits: { ...DEFAULT_LIMITS, ...limits } };
  for await (const record of collect([target], worldWith(secrets), schedule)) return record;
  throw new Error('no record');
}

/** Facts of a kind by resource, as plain data. */
export function plainKind(record: TargetRecord, kind: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    record.resources
      .filter((resource) => resource.kind === kind)
      .map(({ id, facts }) => [id, Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))]),
  );
}
