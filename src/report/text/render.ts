import type { Summary } from '../../model/assessment.ts';
import type { Finding } from '../../model/finding.ts';
import { isUndecided } from '../../model/finding.ts';
import type { Renderer } from '../renderer.ts';
import { endpointSections } from './endpoint.ts';
import { failedSection } from './failed.ts';
import { painter } from './layout.ts';
import type { Page } from './page.ts';
import { headSection, tailSections } from './summary.ts';
import { undecidedSection } from './undecided.ts';

const MAX_COLUMNS = 100;

/** The report for people: what was looked at, the score and why, failures worst first, what could not be determined, what to do. */
export const renderText: Renderer = function* (summary, findings, options) {
  const page: Page = { ...options, paint: painter(options.color), columns: Math.max(40, Math.min(options.width, MAX_COLUMNS)) };
  const failed: Finding[] = [];
  const undecided: Finding[] = [];
  for (const finding of findings) {
    if (finding.outcome === 'fail') failed.push(finding);
    else if (isUndecided(finding.outcome)) undecided.push(finding);
  }
  for (const section of sections(summary, failed, undecided, page)) if (section.length > 0) yield `${section.join('\n')}\n\n`;
};

function* sections(summary: Summary, failed: readonly Finding[], undecided: readonly Finding[], page: Page): Iterable<readonly string[]> {
  yield headSection(summary, page);
  yield* endpointSections(summary, page);
  yield failedSection(summary, failed, page);
  yield undecidedSection(summary, undecided, page);
  yield* tailSections(summary, failed, undecided, page);
}
