import type { Catalogue } from '../catalog/load.ts';
import type { ControlDefinition } from '../model/control.ts';
import { preparePlan as preparePlanHere, type Prepared, type PlanOptions } from '../plan.ts';
import { prove, type KnownProofs, type Proof } from '../proof/prove.ts';
import type { World } from '../world/world.ts';
import { Confined } from './confined.ts';

/**
 * Prepares a plan. The examples of the bundled catalogue were run when it was built (`controls/proofs.json`, by digest of
 * each file) and are run again only where a file has changed; those of anybody's own controls are run now, in the sandbox.
 */
export async function preparePlan(world: World, options: PlanOptions): Promise<Prepared> {
  const known = await knownProofs(world, options.bundled);
  return preparePlanHere(world, { ...options, prove: (catalogue) => proveApart(catalogue, known) });
}

/** Runs examples: the bundled catalogue's here, others' in a worker with limits. */
export async function proveApart({ controls }: Catalogue, known: KnownProofs = {}): Promise<ReadonlyMap<string, Proof>> {
  const proofs = new Map<string, Proof>();
  for (const control of controls) {
    const before = control.bundled ? known[control.id] : undefined;
    const proof = before?.digest === control.declaredAt.digest ? { emptyMayPass: before.emptyMayPass, problems: [] } : undefined;
    proofs.set(control.id, proof ?? (control.bundled ? await prove(control) : await proveConfined(control)));
  }
  return proofs;
}

async function knownProofs(world: World, bundled: string): Promise<KnownProofs> {
  const tree = await world.tree(`${bundled}/controls`);
  const content = 'state' in tree ? tree : await tree.read('proofs.json');
  if (content === 'not-there' || 'state' in content) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content.bytes));
    return isKnownProofs(value) ? value : {};
  } catch {
    return {}; // not readable: the examples are run
  }
}

function isKnownProofs(value: unknown): value is KnownProofs {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (proof: unknown) =>
      typeof proof === 'object' && proof !== null && 'digest' in proof && 'emptyMayPass' in proof && Array.isArray(proof.emptyMayPass),
  );
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
