import { randomUUID } from 'node:crypto';
import { clean } from '../report/text/layout.ts';

/** GitHub's three levels, and how many of each it shows of one step; what is beyond is dropped without a word. */
export const LEVELS = ['error', 'warning', 'notice'] as const;
export type Level = (typeof LEVELS)[number];
export const SHOWN_OF_A_LEVEL = 10;

/** One annotation. Lines and columns are 1-based; without a file it stands on the run's page only. */
export interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
}

/** GitHub cuts longer messages (64 KiB); a sentence is shorter. */
const MAX_MESSAGE = 4_000;

/**
 * A workflow command: `::error file=…,line=…::message`. The runner ends a property at `,` and `:` and a message at its line, and
 * reads `%XX` (actions/runner, ActionCommand.cs); every control character is gone before.
 */
export function annotationLine({ level, title, message, file, line, endLine, column }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [['file', file] as const]),
    ...(file === undefined || line === undefined ? [] : [['line', String(line)] as const]),
    ...(file === undefined || endLine === undefined ? [] : [['endLine', String(endLine)] as const]),
    ...(file === undefined || column === undefined ? [] : [['col', String(column)] as const]),
    ['title', title] as const,
  ].map(([name, value]) => `${name}=${escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`);
  return `::${level} ${properties.join(',')}::${escaped(message.slice(0, MAX_MESSAGE))}\n`;
}

function escaped(text: string): string {
  return clean(text.toWellFormed()).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('##[', '## [');
}

/**
 * Text for the log in which no line is a workflow command. The runner looks for `::` at the beginning of a line, blanks before
 * it left aside, and for `##[` anywhere in it.
 */
export function harmless(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) =>
      clean(line)
        .replaceAll('##[', '## [')
        .replace(/^([\s\uFFFD\uFEFF]*):(?=:)/, '$1: '),
    )
    .join('\n');
}

/** The same, and between commands that tell the runner to read none: two locks on one door. */
export function asLog(text: string): string {
  const token = `custos-${randomUUID()}`;
  return `::stop-commands::${token}\n${harmless(text)}\n::${token}::\n`;
}

/** Lines for GITHUB_OUTPUT. The delimiter is random, so that no value can end itself and begin another output. */
export function outputLines(outputs: Readonly<Record<string, string>>): string {
  return Object.entries(outputs)
    .map(([name, value]) => {
      const delimiter = `custos-${randomUUID()}`;
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
    })
    .join('');
}
