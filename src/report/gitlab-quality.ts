import { createHash } from 'node:crypto';
import type { Severity } from '../model/control.ts';
import { isUndecided, type Finding } from '../model/finding.ts';
import { placer } from './place.ts';
import type { Renderer } from './renderer.ts';
import { clean } from './text/layout.ts';

/** GitLab's five words, worst first: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const SEVERITY = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' } as const satisfies Record<
  Severity,
  string
>;

/**
 * GitLab code quality: one array of issues. What could not be determined is an issue too, of the least severity: a merge request
 * that makes a configuration unreadable must not look like one that mends it. Waived failures are left out.
 */
export const renderGitlabQuality: Renderer = function* (summary, findings, { language, pathPrefix }) {
  const place = placer(summary, pathPrefix);
  yield '[';
  let first = true;
  for (const finding of findings) {
    if (finding.waiver?.status === 'active' || !(finding.outcome === 'fail' || isUndecided(finding.outcome))) continue;
    const { file, line = 1, endLine = line } = place(finding);
    const issue = {
      description: clean(`${finding.control}: ${finding.message[language]}`),
      check_name: finding.control,
      fingerprint: identityOf(finding),
      severity: finding.outcome === 'fail' ? SEVERITY[finding.severity] : SEVERITY.info,
      location: { path: clean(file), lines: { begin: line, end: endLine } },
    };
    yield `${first ? '\n' : ',\n'}  ${JSON.stringify(issue)}`;
    first = false;
  }
  yield first ? ']\n' : '\n]\n';
};

/** The fingerprint, or for what has none (ids that are local to the run) a digest of what it is about. */
export function identityOf({ fingerprint, control, target, resource }: Finding): string {
  return (
    fingerprint ??
    createHash('sha256')
      .update(JSON.stringify(['run', control, target, resource]))
      .digest('hex')
  );
}
