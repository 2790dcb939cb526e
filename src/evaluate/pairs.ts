import type { Finding } from '../model/finding.ts';
import type { Target } from '../model/resource.ts';

/**
 * The subjects that two targets share: what is declared in a file and what is live, paired where the user said so
 * (`declares:`) and by the resource's natural key.
 */
export class Pairs {
  /** Live targets that some files claim to describe. Made once: a fleet asks for every finding. */
  readonly #declared: ReadonlySet<string>;

  constructor(targets: readonly Target[]) {
    this.#declared = new Set(targets.flatMap(({ declares }) => (declares === undefined ? [] : [declares])));
  }

  /** The name of the subject that a finding shares with another target's, if any. */
  subjectOf(finding: Finding, target: Target | undefined): string | undefined {
    if (target === undefined || finding.resource === '') return undefined;
    const live = target.declares ?? (this.#declared.has(target.id) ? target.id : undefined);
    return live === undefined ? undefined : `${live}\u0000${finding.kind}\u0000${finding.resource}`;
  }
}
