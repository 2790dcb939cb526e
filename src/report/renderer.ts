import type { ScoreInterval, Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import type { Language, Localized } from '../model/localized.ts';

/** The other of two sides that were seen by one run: what both are called, and what came of that one. */
export interface ComparedSides {
  /** Commits. */
  readonly before: string;
  readonly now: string;
  /** Page that shows the difference of both. */
  readonly link?: string;
  readonly scores: ScoreInterval;
  readonly grade: string;
  /** Fingerprint → what its failure said. */
  readonly said: ReadonlyMap<string, Localized>;
}

/** How a report is to be written. */
export interface ReportOptions {
  readonly language: Language;
  readonly color: boolean;
  /** Columns of the terminal, or of the page that text is wrapped to. */
  readonly width: number;
  /** Leads from where the reader stands to the configuration's root: `examples/weak-platform/`, or nothing. */
  readonly pathPrefix: string;
  /** URL of the tree that files are shown from, without a slash at its end: places become links to lines. */
  readonly links?: string;
  readonly comparison?: ComparedSides;
  /** Tells runs of one profile apart in code scanning: a directory of a monorepo, a choice of families. */
  readonly category?: string;
}

/** One way to look at an assessment. Pure: findings in, text out; it computes no outcome and writes no file. */
export type Renderer = (summary: Summary, findings: Iterable<Finding>, options: ReportOptions) => Iterable<string>;
