import { relative } from 'node:path';
import type { Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import { FORMATS, rendererOf } from '../report/report.ts';
import { nearest } from '../catalog/diagnostic.ts';
import { outputProblem, STANDARD_OUTPUT, writeOutput, writeStandard } from './output-file.ts';
import { columnsOf, languageOf, UsageError, wantsColor, type Shell } from './shell.ts';

/** A report to write: a format, and a file; without one it goes to standard output. */
export interface ReportTarget {
  readonly format: string;
  readonly path?: string;
}

/** Reads `FORMAT[=PATH]`. */
export function reportTarget(text: string): ReportTarget {
  const at = text.indexOf('=');
  const format = at === -1 ? text : text.slice(0, at);
  const names = FORMATS.map(({ name }) => name);
  if (!names.includes(format))
    throw new UsageError(`there is no format "${format}"`, nearest(format, names) ?? `formats are: ${names.join(', ')}`);
  if (at === -1) return { format };
  if (at === text.length - 1) throw new UsageError(`-f ${text}: a path is missing after =`);
  const path = text.slice(at + 1);
  return path === STANDARD_OUTPUT ? { format } : { format, path };
}

/** Throws what cannot be written, all of it, before anything is looked at: a report that is lost after a long scan helps nobody. */
export function checkOutputs(paths: readonly (string | undefined)[], shell: Shell): void {
  const problems = paths.flatMap((path) => {
    const problem = path === undefined || path === STANDARD_OUTPUT ? undefined : outputProblem(path, shell.cwd);
    return problem === undefined ? [] : [`${path}: ${problem}`];
  });
  if (problems.length > 0) throw new UsageError(problems);
}

export interface WriteOptions {
  readonly lang?: string | undefined;
  readonly color?: boolean | undefined;
}

/** A summary that says where its paths start from, seen from where the run stands: every later report then says the same. */
export function withBase(summary: Summary, base: string): Summary {
  return base === '' ? summary : { ...summary, base };
}

/** `examples/weak-platform/`: from where the run stands to a directory; nothing where they are one. */
export function baseFrom(cwd: string, directory: string): string {
  const path = relative(cwd, directory).replaceAll('\\', '/');
  return path === '' ? '' : `${path}/`;
}

/** Writes every report that was asked for. A file appears whole or not at all. */
export async function writeReports(
  targets: readonly ReportTarget[],
  summary: Summary,
  findings: Iterable<Finding>,
  shell: Shell,
  options: WriteOptions,
): Promise<void> {
  for (const { format, path } of targets) {
    const render = await rendererOf(format);
    if (render === undefined) throw new UsageError(`there is no format "${format}"`);
    const toTerminal = path === undefined;
    const chunks = render(summary, findings, {
      language: languageOf(options.lang, shell.env),
      color: toTerminal && wantsColor(shell.stdout, shell.env, options.color),
      width: toTerminal ? columnsOf(shell.stdout) : 80,
      pathPrefix: summary.base ?? '',
    });
    await (path === undefined ? writeStandard(chunks, shell) : writeOutput(path, chunks, shell));
  }
}
