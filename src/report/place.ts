import { posix } from 'node:path';
import type { Summary } from '../model/assessment.ts';
import type { Finding, Location } from '../model/finding.ts';
import type { SourceRange } from '../model/source-range.ts';

/** Where a reader is led to: a file as seen from where the run stood, or a URL, and the line in it where there is one. */
export interface Place {
  readonly file: string;
  /** 1-based. Absent where the file as a whole is meant. */
  readonly line?: number;
  readonly endLine?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
}

/** Stands in the place of a file where the command line itself declared a target. */
const COMMAND_LINE = '(command line)';

/**
 * Finds the place of each finding of an assessment. What stands in no file is placed where its target is declared, or else where
 * the policy is: hosts of reports show nothing that has no file.
 */
export function placer(summary: Summary, pathPrefix: string): (finding: Finding) => Place {
  const addresses = new Map(summary.targets.map(({ target }) => [target.id, target.address]));
  const declared = summary.targets.map(({ target }) => target.declaredAt).find(({ file }) => file !== COMMAND_LINE);
  const configuration = summary.policy.find(({ role }) => role === 'configuration')?.name;
  const [first] = summary.targets;
  const whole =
    declared === undefined ? { file: shown(configuration ?? first?.target.address ?? '.', pathPrefix) } : at(declared, pathPrefix);
  return ({ target, locations: [location] }) => {
    if (location === undefined) return whole;
    if (location.file !== COMMAND_LINE) return at({ ...location.range, file: location.file }, pathPrefix);
    const address = addresses.get(target);
    return address === undefined ? whole : { file: shown(address, pathPrefix) };
  };
}

function at({ file, start, end }: Pick<SourceRange, 'file' | 'start' | 'end'>, pathPrefix: string): Place {
  const path = shown(file, pathPrefix);
  if (isWholeFile({ start, end })) return { file: path };
  // An end is exclusive: one at the beginning of a line is the end of the line before.
  const endLine = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  return { file: path, line: start.line, endLine, column: start.column };
}

/** Nothing from the first sign on: how collectors say "this file". */
export function isWholeFile({ start, end }: Location['range']): boolean {
  return start.line === 1 && start.column === 1 && end.line === 1 && end.column === 1;
}

function shown(file: string, pathPrefix: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return file;
  return posix.normalize(file.startsWith('/') ? file : pathPrefix + file);
}

/** `nginx.conf:12`, or the file alone. */
export function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}
