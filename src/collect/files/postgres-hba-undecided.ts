import type { HbaRule, HbaWay } from './postgres-hba-rule.ts';

/** Connections for physical replication are asked of rules that name `replication` only: a rule for `all` decides none of them. */
const PURPOSES = ['ordinary', 'replication'] as const;

/**
 * Connections that no rule has decided yet, by what they are for, how they travel and the kind of address they come from. PostgreSQL takes
 * the first rule that fits, so one behind a rule for everybody never counts.
 */
export class Undecided {
  readonly #decided = new Set<string>();

  /** The ways by which a rule is still asked; none where it never counts. */
  waysOf(rule: HbaRule): readonly HbaWay[] {
    return rule.ways.filter((way) =>
      PURPOSES.some((purpose) => rule.asked[purpose] && rule.families.some((family) => !this.#decided.has(`${purpose} ${way} ${family}`))),
    );
  }

  /** A rule has decided about its connections, whoever asks for them: those from whole families, to every database. */
  decide(rule: HbaRule): void {
    for (const purpose of PURPOSES)
      if (rule.everything[purpose])
        for (const way of rule.ways) for (const family of rule.whole) this.#decided.add(`${purpose} ${way} ${family}`);
  }
}
