import { relative, resolve } from 'node:path';
import type { Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import { FORMATS, rendererOf } from '../report/report.ts';
import { nearest } from '../catalog/diagnostic.ts';
import { columnsOf, languageOf, UsageError, wantsColor, type Shell } from './shell.ts';
import { writeWhole } from './whole-file.ts';

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
  return { format, path: text.slice(at + 1) };
}

export interface WriteOptions {
  readonly lang?: string | undefined;
  readonly color?: boolean | undefined;
  /** Directory that paths in findings are relative to. */
  readonly base: string;
}

/** Writes every report that was asked for. A file appears whole or not at all. */
export async function writeReports(
  targets: readonly ReportTarget[],
  summary: Summary,
  findings: Iterable<Finding>,
  shell: Shell,
  options: WriteOptions,
): Promise<void> {
  const prefix = relative(shell.cwd, options.base).replaceAll('\\', '/');
  for (const { format, path } of targets) {
    const render = await rendererOf(format);
    if (render === undefined) throw new UsageError(`there is no format "${format}"`);
    const toTerminal = path === undefined;
    const chunks = render(summary, findings, {
      language: languageOf(options.lang, shell.env),
      color: toTerminal && wantsColor(shell.stdout, shell.env, options.color),
      width: toTerminal ? columnsOf(shell.stdout) : 80,
      pathPrefix: prefix === '' ? '' : `${prefix}/`,
    });
    if (path === undefined) for (const chunk of batched(chunks)) await written(shell.stdout, chunk);
    else writeWhole(resolve(shell.cwd, path), chunks);
  }
}

/** Waits where a pipe is full, so that a large report does not pile up in memory. */
function written(output: Shell['stdout'], text: string): Promise<void> {
  if ('once' in output && typeof output.once === 'function' && output.write(text) === false) {
    const { once } = output;
    return new Promise((resolveDrain) => once.call(output, 'drain', () => resolveDrain()));
  }
  if (!('once' in output)) output.write(text);
  return Promise.resolve();
}

const BATCH = 64 * 1024;

function* batched(chunks: Iterable<string>): Iterable<string> {
  let held = '';
  for (const chunk of chunks) {
    held += chunk;
    if (held.length < BATCH) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}
