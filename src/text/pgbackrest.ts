import { unknown, type Unknown } from '../model/fact.ts';
import type { SectionOption } from './section-option.ts';
import type { SourceText } from './source-text.ts';
import { hidesLines, isManagedHead } from './template.ts';

const SECRET =
  /^[ \t]*#?[ \t]*(repo\d*-(?:cipher-pass|s3-key|s3-key-secret|s3-token|azure-key|gcs-key|sftp-private-key-passphrase))[ \t]*=[ \t]*(.*?)[ \t\r]*$/;

/** Is this the name of an option whose value is a credential? */
export function isPgbackrestSecret(name: string): boolean {
  return SECRET.test(`${name}=`);
}

/**
 * Reads a file of pgBackRest: sections in brackets, `key=value`, `#` at a line's start. A line that is none of these stops
 * pgBackRest, and so the reading. Secrets are marked first, those in comments too.
 */
export function parsePgbackrest(source: SourceText): readonly SectionOption[] | Unknown {
  const lines = source.text.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
    const [, name = '', value = ''] = SECRET.exec(line.slice(0, 8192)) ?? [];
    if (value === '' || (name.endsWith('gcs-key') && value.startsWith('/'))) continue; // a key of GCS may be the path of one
    const start = at - line.length - 1 + line.indexOf(value, line.indexOf('=') + 1);
    source.markSecret(start, start + value.length, name);
  }
  const options: SectionOption[] = [];
  let section: string | undefined;
  for (const [index, line] of lines.entries()) {
    const start = starts[index] ?? 0;
    const trimmed = line.trim();
    const hides = hidesLines(line.slice(0, 500));
    if (hides !== undefined) return unknown('unresolved', `${source.file}: ${hides}`, source.origin(start, start + line.length));
    if (isManagedHead(line)) continue;
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const named = /^\[([^\]]{1,200})\]$/.exec(trimmed.slice(0, 250))?.[1];
    const equals = line.indexOf('=');
    if (named !== undefined) section = named;
    else if (section === undefined || equals <= 0) {
      source.withholdExcerpts();
      return unknown('unparseable', `${source.file}: neither a section nor an option`, source.origin(start, start + line.length));
    } else {
      const value = line.slice(equals + 1).trim();
      const from = start + equals + 1 + (line.slice(equals + 1).length - line.slice(equals + 1).trimStart().length);
      options.push({ section, name: line.slice(0, equals).trim(), value, source, start: from, end: from + value.length });
    }
  }
  return options;
}
