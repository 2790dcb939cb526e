import type { Catalogue } from '../catalog/load.ts';
import type { ControlDefinition } from '../model/control.ts';
import { preparePlan as preparePlanHere, type Prepared, type PlanOptions } from '../plan.ts';
import { prove, type Proof } from '../proof/prove.ts';
import type { World } from '../world/world.ts';
import { Confined } from './confined.ts';

/** Prepares a plan; the examples of anybody's own controls are run in the sandbox. */
export function preparePlan(world: World, options: PlanOptions): Promise<Prepared> {
  return preparePlanHere(world, { ...options, prove: proveApart });
}

/** Runs examples: the bundled catalogue's here, others' in a worker with limits. */
export async function proveApart({ controls }: Catalogue): Promise<ReadonlyMap<string, Proof>> {
  const proofs = new Map<string, Proof>();
  for (const control of controls.filter(({ bundled }) => bundled)) proofs.set(control.id, await prove(control));
  for (const control of controls.filter(({ bundled }) => !bundled)) proofs.set(control.id, await proveConfined(control));
  return proofs;
}

async function proveConfined(definition: ControlDefinition): Promise<Proof> {
  const confined = new Confined([definition]);
  try {
    const answer = await confined.ask({ kind: 'prove', definition });
    if (answer.kind !== 'proved') throw new Error(`the sandbox did not prove ${definition.id}`);
    return answer.proof;
  } finally {
    await confined.end();
  }
}
