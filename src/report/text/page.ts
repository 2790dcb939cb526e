import type { ReportOptions } from '../renderer.ts';
import type { Paint } from './layout.ts';

/** What every section is given: the page to write for. */
export interface Page extends ReportOptions {
  readonly paint: Paint;
  /** Columns that text is wrapped to; wide terminals do not make lines longer than people read. */
  readonly columns: number;
}
