import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import { fingerprintOf } from './finding.ts';

/** Beyond this many resources, passes and not-applicables of one control and target are one finding each. */
const FOLD_BEYOND = 100;

/** Folds what is well: one finding with a count and the digest of the sorted resource ids. Fails and undecided are never folded. */
export function fold(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= FOLD_BEYOND) return findings;
  const folded: Finding[] = [];
  for (const outcome of ['pass', 'not-applicable'] as const) {
    const alike = findings.filter((finding) => finding.outcome === outcome);
    const [first] = alike;
    if (first === undefined) continue;
    const ids = alike.map(({ resource }) => resource).toSorted();
    const resourcesDigest = createHash('sha256').update(JSON.stringify(ids)).digest('hex');
    folded.push(
      alike.length === 1
        ? first
        : { ...first, resource: '*', fingerprint: fingerprintOf(first.control, first.target, '*'), count: alike.length, resourcesDigest },
    );
  }
  return [...findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable'), ...folded];
}
