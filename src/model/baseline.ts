import type { Severity } from './control.ts';
import type { Outcome, UndecidedRead } from './finding.ts';

/** What a baseline remembers of one finding that was open. */
export interface BaselineFinding {
  readonly fingerprint: string;
  readonly control: string;
  readonly target: string;
  readonly resource: string;
  readonly kind: string;
  readonly outcome: Outcome;
  /** Digests of the offenders it knew. */
  readonly offenders: readonly string[];
  /** Where both sides were seen by one run: why it was unknown (`causeKey`), and how severe it was. More of either is then worse. */
  readonly seen?: { readonly causes: readonly string[]; readonly severity: Severity };
}

/** What two unknowns of one run have in common where they have one reason. */
export function causeKey({ cause, detail }: Pick<UndecidedRead, 'cause' | 'detail'>): string {
  return `${cause} ${detail}`;
}

/** An earlier assessment, as far as it is compared with. */
export interface Baseline {
  readonly findings: readonly BaselineFinding[];
  /** Control id → revision of the baseline's plan. */
  readonly controls: Readonly<Record<string, number>>;
}
