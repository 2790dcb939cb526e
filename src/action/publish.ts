import { createHash } from 'node:crypto';
import { appendFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../cli/complain.ts';
import { writeOutput } from '../cli/output-file.ts';
import { UsageError, type Shell } from '../cli/shell.ts';
import { SEVERITIES } from '../model/control.ts';
import { isForgiven, isUndecided, OUTCOMES, type Finding } from '../model/finding.ts';
import { escapeMarkdown } from '../report/escape-markdown.ts';
import { rendererOf } from '../report/report.ts';
import { gradeText } from '../report/score-text.ts';
import type { ReportOptions } from '../report/renderer.ts';
import { worstFirst } from '../report/worst-first.ts';
import { annotationsOf } from './annotations.ts';
import type { Surroundings } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Judged, Notice } from './judged.ts';
import { annotationLine, asLog, harmless, outputLines } from './workflow-commands.ts';

/** GitHub drops a step's summary beyond 1 MiB altogether. */
const MAX_SUMMARY = 900_000;
/** GitHub refuses a SARIF file with more results than these in one run. */
const MAX_RESULTS = 25_000;

/** Of one part of a category. */
const MAX_PART = 80;

/** Files of the reports, where no path was named. */
const FILE_OF: Readonly<Record<string, string>> = {
  text: 'custos.txt',
  json: 'custos.json',
  jsonl: 'custos.jsonl',
  sarif: 'custos-full.sarif',
  markdown: 'custos.md',
  junit: 'custos-junit.xml',
  gitlab: 'gl-code-quality-report.json',
  'gitlab-sast': 'gl-sast-report.json',
};

/** The files that reports go to, settled and checked before anything is looked at. */
export interface Destinations {
  readonly sarif: string;
  readonly reports: readonly { readonly format: string; readonly path: string }[];
}

export async function destinationsOf(
  { formats, sarifFile }: Inputs,
  folder: string,
  check: (input: string, path: string) => Promise<string>,
): Promise<Destinations> {
  const taken = new Map<string, string>();
  const settle = async (input: string, name: string, written: string | undefined, fallback: string): Promise<string> => {
    const path = written === undefined ? join(folder, fallback) : await check(input, written);
    const real = join(realpathSync(dirname(path)), basename(path));
    const other = taken.get(real);
    if (other !== undefined)
      throw new UsageError(
        `input ${input}: ${name} goes to the same file as ${other}`,
        'one would stand in the place of the other: give each a path of its own',
      );
    taken.set(real, name);
    return path;
  };
  const sarif = await settle('sarif-file', 'the SARIF for code scanning', sarifFile, 'custos.sarif');
  const reports: Destinations['reports'][number][] = [];
  for (const { format, path } of formats)
    reports.push({ format, path: await settle('formats', format, path, FILE_OF[format] ?? `custos.${format}`) });
  return { sarif, reports };
}

/** Says what came of a run: log, annotations, reports, job summary and outputs. */
export async function publish(judged: Judged, inputs: Inputs, around: Surroundings, to: Destinations, shell: Shell): Promise<void> {
  const { language } = inputs;
  const { findings, notices } = judged;
  const summary = judged.prefix === '' ? judged.summary : { ...judged.summary, base: judged.prefix };
  const category = categoryOf(inputs);
  const options: ReportOptions = {
    language,
    color: false,
    width: 100,
    pathPrefix: judged.prefix,
    ...(category === undefined ? {} : { category }),
  };
  const written = async (format: string, path: string, shown: Iterable<Finding>): Promise<void> => {
    const render = await rendererOf(format);
    if (render !== undefined) await writeOutput(path, render(summary, shown, options), shell);
  };
  for (const { format, path } of to.reports) await written(format, path, findings);
  await written('sarif', to.sarif, { [Symbol.iterator]: () => worstFirst(findings, isAlert, MAX_RESULTS) });
  tell(shell, outputsOf({ ...judged, summary }, to));
  const text = await rendererOf('text');
  if (text !== undefined) shell.stdout.write(asLog([...text(summary, findings, options)].join('')));
  if (inputs.annotate)
    for (const annotation of await annotationsOf({ ...judged, summary }, language)) shell.stdout.write(annotationLine(annotation));
  else for (const { message } of notices) shell.stdout.write(`${harmless(message[language])}\n`);
  if (!inputs.summary) return;
  const page = await rendererOf('markdown');
  if (page === undefined) return;
  const pieces = [...page(summary, findings, { ...options, ...linksOf(judged, around) }), ...noticeLines(notices, language)];
  try {
    appendSummary(shell, pieces);
  } catch (error) {
    // What was decided stays decided: the summary is one way to read it, and the log has it all.
    const words = { en: 'the job summary could not be written', zh: '无法写入任务摘要' }[language];
    const message = `${words}: ${error instanceof Error ? error.message : String(error)}`;
    shell.stdout.write(annotationLine({ level: 'warning', title: 'Custos', message }));
  }
}

/**
 * What code scanning is to know: failures that nobody accepted, and what could not be determined, since an alert that is not named
 * again is closed as fixed. What passed is none of its business: it would open an alert.
 */
function isAlert(finding: Finding): boolean {
  if (finding.waiver?.status === 'active') return false;
  return finding.outcome === 'fail' || finding.outcome === 'unknown' || finding.outcome === 'error';
}

/** Two runs of one profile must not replace each other's alerts. */
function categoryOf({ workingDirectory, config, targets, categories }: Inputs): string | undefined {
  const parts = [workingDirectory, config ?? '', shortened(targets.join('+')), categories.join('+')]
    .map((part) => part.replaceAll(/[^\w./+-]+/g, '-').replaceAll(/^[./]+|\/+$/g, ''))
    .filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('/');
}

/** A category is a name: of many targets it has the first ones, and what tells it from others of the kind. */
function shortened(text: string): string {
  return text.length <= MAX_PART ? text : `${text.slice(0, MAX_PART)}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** Where GitHub shows what was read: the files of the commit, and what differs from the one that it was compared with. */
function linksOf({ commit, comparison }: Judged, { serverUrl, repository }: Surroundings): Pick<ReportOptions, 'links' | 'comparison'> {
  const place = `${serverUrl}/${repository}`;
  const known = /^https?:\/\/[\w.:-]+$/.test(serverUrl) && /^[\w.-]+\/[\w.-]+$/.test(repository);
  const links = known && /^[0-9a-f]{40,64}$/.test(commit) ? { links: `${place}/blob/${commit}` } : {};
  if (comparison === undefined) return links;
  const link = known ? { link: `${place}/compare/${comparison.before}...${comparison.now}` } : {};
  return { ...links, comparison: { ...comparison, ...link } };
}

function noticeLines(notices: readonly Notice[], language: Inputs['language']): readonly string[] {
  if (notices.length === 0) return [];
  return [`\n## ${language === 'zh' ? '说明' : 'Notes'}\n\n`, ...notices.map(({ message }) => `- ${escapeMarkdown(message[language])}\n`)];
}

const VERDICTS = { 0: 'met', 1: 'not-met', 2: 'undecided', 130: 'interrupted' } as const;

function outputsOf({ summary, findings, evidence, compared }: Judged, to: Destinations): Readonly<Record<string, string>> {
  const { counts, failed, scores, coverage, verdict } = summary;
  let fresh = 0;
  for (const finding of findings)
    if (
      (finding.outcome === 'fail' || isUndecided(finding.outcome)) &&
      (finding.baseline === 'new' || finding.baseline === 'worse') &&
      !isForgiven(finding)
    )
      fresh += 1;
  return {
    verdict: VERDICTS[verdict.exitCode],
    'exit-code': String(verdict.exitCode),
    'score-low': String(scores.total.low),
    'score-high': String(scores.total.high),
    grade: gradeText(summary),
    coverage: String(coverage),
    ...Object.fromEntries(OUTCOMES.map((outcome) => [`count-${outcome}`, String(counts[outcome])])),
    ...Object.fromEntries(SEVERITIES.map((severity) => [`failed-${severity}`, String(failed[severity])])),
    counts: JSON.stringify({ outcomes: counts, failed }),
    'new-findings': compared ? String(fresh) : '',
    'sarif-file': to.sarif,
    'report-file': to.reports.map(({ path }) => path).join('\n'),
    'evidence-file': evidence,
  };
}

/** Appends to GITHUB_OUTPUT, as far as there is one. Later steps go by it: where it cannot be written, the step has failed. */
export function tell({ env }: Pick<Shell, 'env'>, outputs: Readonly<Record<string, string>>): void {
  const file = env['GITHUB_OUTPUT'] ?? '';
  if (file === '') return;
  try {
    appendFileSync(file, outputLines(outputs));
  } catch (error) {
    throw new UsageError(`GITHUB_OUTPUT: ${file} ${reasonOf(error)}`);
  }
}

/** Appends pieces to the job summary, as many as it holds whole. */
export function appendSummary({ env }: Pick<Shell, 'env'>, pieces: readonly string[]): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  let length = 0;
  const fitting: string[] = [];
  for (const piece of pieces) {
    length += Buffer.byteLength(piece);
    if (length > MAX_SUMMARY) {
      fitting.push('\n…\n');
      break;
    }
    fitting.push(piece);
  }
  appendFileSync(file, fitting.join(''));
}
