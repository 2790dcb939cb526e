import { SEVERITIES } from '../model/control.ts';
import type { Finding } from '../model/finding.ts';

/** The findings that are wanted, worst first, at most `limit`. Reads them once for each severity, and keeps none. */
export function* worstFirst(
  findings: Iterable<Finding>,
  wanted: (finding: Finding) => boolean,
  limit = Number.POSITIVE_INFINITY,
): Generator<Finding, void> {
  let given = 0;
  for (const severity of SEVERITIES) {
    for (const finding of findings) {
      if (finding.severity !== severity || !wanted(finding)) continue;
      if (given >= limit) return;
      given += 1;
      yield finding;
    }
  }
}
