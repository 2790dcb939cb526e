import type { Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';

/** How a report is to be written. */
export interface ReportOptions {
  readonly language: Language;
  readonly color: boolean;
  /** Columns of the terminal, or of the page that text is wrapped to. */
  readonly width: number;
  /** Leads from where the reader stands to the configuration's root: `examples/weak-platform/`, or nothing. */
  readonly pathPrefix: string;
}

/** One way to look at an assessment. Pure: findings in, text out; it computes no outcome and writes no file. */
export type Renderer = (summary: Summary, findings: Iterable<Finding>, options: ReportOptions) => Iterable<string>;

interface Format {
  readonly name: string;
  readonly description: { readonly en: string; readonly zh: string };
  readonly load: () => Promise<Renderer>;
}

/** Every format. A new one is one file, one line here, and its goldens. */
export const FORMATS: readonly Format[] = [
  {
    name: 'text',
    description: { en: 'for people, in a terminal', zh: '供人在终端阅读' },
    load: async () => (await import('./text/render.ts')).renderText,
  },
  {
    name: 'json',
    description: { en: 'the whole assessment as one object', zh: '完整评估，单个 JSON 对象' },
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    name: 'jsonl',
    description: { en: 'the same as JSON Lines, for large fleets', zh: '同上，JSON Lines，适用于大规模目标' },
    load: async () => (await import('./json.ts')).renderJsonLines,
  },
  {
    name: 'sarif',
    description: { en: 'SARIF 2.1.0, for code scanning', zh: 'SARIF 2.1.0，用于代码扫描平台' },
    load: async () => (await import('./sarif.ts')).renderSarif,
  },
];

/** The renderer of a format, loaded when it is asked for; undefined where there is none of that name. */
export async function rendererOf(name: string): Promise<Renderer | undefined> {
  return FORMATS.find((format) => format.name === name)?.load();
}
