import type { AppliedWaiver, Finding } from '../model/finding.ts';
import type { Pattern, Waiver } from '../model/plan.ts';
import { startOfDay } from '../model/day.ts';
import type { WaiverReport } from '../model/assessment.ts';
import { allKnown } from './offenders.ts';

const DAY_MS = 86_400_000;

/** Overlays waivers on findings, and counts what each of them met. The outcome stays what it is. */
export class Waivers {
  readonly #waivers: readonly Waiver[];
  readonly #asOf: number;
  readonly #met = new Map<string, number>();

  constructor(waivers: readonly Waiver[], asOf: string) {
    this.#waivers = waivers;
    this.#asOf = Date.parse(asOf);
  }

  /** Applies the first matching waiver that is in force, else the first that matches. `error` cannot be waived. */
  apply(finding: Finding): Finding {
    if (finding.outcome !== 'fail' && finding.outcome !== 'unknown') return finding;
    const applied = this.#waivers.filter((waiver) => concerns(waiver, finding)).map((waiver) => this.#applied(waiver, finding));
    const chosen = applied.find(({ status }) => status === 'active') ?? applied[0];
    if (chosen === undefined) return finding;
    this.#met.set(chosen.id, (this.#met.get(chosen.id) ?? 0) + 1);
    return { ...finding, waiver: chosen };
  }

  report(): readonly WaiverReport[] {
    return this.#waivers.map((waiver) => {
      const findings = this.#met.get(waiver.id) ?? 0;
      return { waiver, findings, status: this.#expired(waiver) ? 'expired' : findings === 0 ? 'unmatched' : 'active' };
    });
  }

  #applied(waiver: Waiver, finding: Finding): AppliedWaiver {
    const { id, owner, reason, until } = waiver;
    const status = this.#expired(waiver) ? 'expired' : knowsAll(waiver, finding) ? 'active' : 'worse';
    return { id, owner, reason, until, status };
  }

  /** A waiver holds until 24:00 UTC of its last day. */
  #expired(waiver: Waiver): boolean {
    const last = startOfDay(waiver.until);
    return last === undefined || !(this.#asOf < last + DAY_MS); // a day in no calendar has expired, too
  }
}

/** A waiver that names offenders speaks of those and of nothing else: what is unknown may hold any others. */
function concerns(waiver: Waiver, finding: Finding): boolean {
  return (
    (waiver.offenders === undefined || finding.outcome === 'fail') &&
    matches(waiver.control, finding.control) &&
    matches(waiver.target, finding.target) &&
    (waiver.resource === undefined || matches(waiver.resource, finding.resource))
  );
}

/** An exact id, or a glob in which `*` stands for anything. */
export function matches(pattern: Pattern, text: string): boolean {
  if (typeof pattern === 'string') return pattern === text;
  const [first = '', ...rest] = pattern.glob.split('*');
  if (rest.length === 0) return first === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    if (index === rest.length - 1) return text.length - part.length >= at && text.endsWith(part);
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

function knowsAll(waiver: Waiver, finding: Finding): boolean {
  return waiver.offenders === undefined || allKnown(finding.offenders, waiver.offenders);
}
