import { baselineOf } from '../evidence/assessment-file.ts';
import { causeKey, type Baseline, type BaselineFinding } from '../model/baseline.ts';
import type { Finding } from '../model/finding.ts';
import type { Assessed } from '../scan.ts';

/**
 * The base commit's findings as the baseline of the head: those of its files, as this run has seen them. Of live targets nothing
 * of this run was there before; what `earlier` knows of them was.
 */
export function baselineOfBase(before: Assessed, live: ReadonlySet<string>, earlier: Baseline | undefined): Baseline {
  const known = baselineOf({ summary: before.summary, findings: beforehand(before.findings) });
  const seen = new Map([...before.findings].map((one) => [one.fingerprint, seenOf(one)]));
  const ofFiles = known.findings.filter(({ target }) => !live.has(target)).map((one) => ({ ...one, ...seen.get(one.fingerprint) }));
  return { controls: known.controls, findings: [...ofFiles, ...ofLive(earlier, known, live)] };
}

/** What hindered this run, and says nothing of the commit that it looked at. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['collector-failed', 'timed-out', 'interrupted']);

/** What was there before the pull request. What this run itself failed to see was not: blind on both sides, it has compared nothing. */
function* beforehand(findings: Iterable<Finding>): Generator<Finding, void> {
  for (const finding of findings)
    if (finding.outcome !== 'unknown' || !finding.causes.some(({ cause }) => OF_THE_RUN.has(cause))) yield finding;
}

/** What more of is worse: reasons not to know (the pull request may have put one there, to hide what was seen before), and severity. */
function seenOf(finding: Finding): Pick<BaselineFinding, 'seen'> {
  return { seen: { severity: finding.severity, causes: finding.outcome === 'unknown' ? finding.causes.map(causeKey) : [] } };
}

/** Of live targets an earlier assessment knows what was there before; of a control that was revised since it knows nothing. */
function ofLive(earlier: Baseline | undefined, now: Baseline, live: ReadonlySet<string>): Baseline['findings'] {
  return (earlier?.findings ?? []).filter(
    ({ target, control }) => live.has(target) && earlier?.controls[control] === now.controls[control],
  );
}
