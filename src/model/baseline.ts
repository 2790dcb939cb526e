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
  /** Why it was unknown (`causeKey`), where both sides were seen by one run: one more reason is then worse. */
  readonly causes?: readonly string[];
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
