import { undecided, valued, type Result } from '../cel/result.ts';
import { OUTCOMES, type Finding, type Outcome, type Witness } from '../model/finding.ts';
import type { PlannedControl } from '../model/plan.ts';
import type { Target } from '../model/resource.ts';

interface Remembered {
  readonly path: string;
  readonly outcome: Outcome;
  readonly witness: Witness | undefined;
}

/** Outcomes of the first pass, before waivers, of the controls that some `scope: findings` control names: what `outcomes(id)` sees. */
export class FirstPass {
  readonly #outcomes: ReadonlyMap<string, Remembered[]>;

  constructor(ids: Iterable<string>) {
    this.#outcomes = new Map([...ids].map((id) => [id, []]));
  }

  /** Outcomes that an example gives, in the place of real ones. */
  give(id: string, given: readonly string[], by: PlannedControl | undefined): void {
    const witness = declaredWitness(undefined, by);
    const outcomes = given.flatMap((text, index) =>
      OUTCOMES.filter((outcome) => outcome === text).map((outcome) => ({ path: `[${index}]`, outcome, witness })),
    );
    this.#outcomes.get(id)?.push(...outcomes);
  }

  remember(finding: Finding, target: Target | undefined, planned: PlannedControl): void {
    const remembered = this.#outcomes.get(finding.control);
    if (remembered === undefined || planned.control.scope === 'findings') return;
    const witness = finding.witnesses[0] ?? declaredWitness(target, planned);
    remembered.push({ path: `[${finding.target}/${finding.resource}]`, outcome: finding.outcome, witness });
  }

  of(control: string): Result {
    const path = `outcomes("${control}")`;
    const outcomes = this.#outcomes.get(control) ?? [];
    if (outcomes.length === 0) return undecided([{ path, cause: 'not-collected', detail: control }]);
    const items = outcomes.map(({ path: at, outcome, witness }) =>
      valued(outcome, witness === undefined ? [] : [{ ...witness, path: `${path}${at}`, value: outcome }]),
    );
    const reads = outcomes.flatMap(({ witness }) => (witness === undefined ? [] : [{ ...witness, path, value: `[${outcomes.length}]` }]));
    return valued({ kind: 'list', items, open: [], source: path }, reads.slice(0, 3));
  }
}

function declaredWitness(target: Target | undefined, planned: PlannedControl | undefined): Witness | undefined {
  const range = target?.declaredAt ?? planned?.control.declaredAt;
  return range === undefined
    ? undefined
    : {
        path: 'outcome',
        state: 'known',
        value: '',
        origin: { kind: 'derived', rule: 'first-pass outcome', from: [{ kind: 'file', range }] },
      };
}
