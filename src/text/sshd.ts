import type { Word } from './lines.ts';
import type { SourceText } from './source-text.ts';
import { hidesLines, isFilledIn, isManagedHead } from './template.ts';

/** A line of sshd_config: a keyword in lower case and its arguments, by offsets. */
export interface SshdLine {
  readonly keyword: string;
  readonly args: readonly Word[];
  readonly start: number;
  readonly end: number;
  /** Why the line cannot be read: sshd would not start with it, or it is a template that somebody else fills in. */
  readonly problem?: { readonly cause: 'unparseable' | 'unresolved'; readonly detail: string };
}

/** Longer lines than this are no configuration; looking into them costs more than it tells. */
const MAX_LINE = 8192;
/** As much of a line tells whether it is a template's statement. */
const MAX_HEAD = 500;

/**
 * Cuts sshd_config into lines: a keyword, an optional `=`, arguments in either quotes, `#` where a word could begin.
 * A keyword that is none is left empty: nobody can tell what such a line sets.
 */
export function parseSshd(source: SourceText): readonly SshdLine[] {
  const lines: SshdLine[] = [];
  const { text } = source;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = end - start > MAX_LINE ? tooLong(text, start, end) : readLine(text.slice(start, end), start);
    if (line !== undefined) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function tooLong(text: string, start: number, end: number): SshdLine | undefined {
  const [, indent = '', keyword = ''] = /^([ \t]*)([A-Za-z][A-Za-z0-9]*)?/.exec(text.slice(start, start + 256)) ?? [];
  if (text[start + indent.length] === '#') return undefined;
  const problem = { cause: 'unparseable', detail: 'a line of more than 8192 characters' } as const;
  return { keyword: keyword.toLowerCase(), args: [], start, end: Math.min(end, start + 256), problem };
}

function readLine(line: string, offset: number): SshdLine | undefined {
  const text = line.replace(/[ \t\r\f]+$/, '');
  const [lead = '', indent = '', keyword = ''] = /^([ \t]*)([A-Za-z][A-Za-z0-9]*(?=[ \t=]|$))?/.exec(text) ?? [];
  const first = text[indent.length];
  const hides = hidesLines(text.slice(0, MAX_HEAD));
  if (hides !== undefined)
    return { keyword: '', args: [], start: offset, end: offset + text.length, problem: { cause: 'unresolved', detail: hides } };
  if (first === undefined || first === '#' || isManagedHead(text.slice(0, MAX_HEAD))) return undefined;
  const place = { start: offset + indent.length, end: offset + text.length };
  const template = isFilledIn(text);
  if (keyword === '') {
    const problem = template
      ? ({ cause: 'unresolved', detail: 'a template' } as const)
      : ({ cause: 'unparseable', detail: 'no keyword' } as const);
    return { keyword: '', args: [], ...place, problem };
  }
  const gap = /^[ \t]*=?[ \t]*/.exec(text.slice(lead.length))?.[0].length ?? 0;
  const { words, closed } = readWords(text, lead.length + gap, offset);
  const detail = closed ? (words.length === 0 ? 'no argument' : '') : 'a quote is not closed';
  const problem = template
    ? ({ cause: 'unresolved', detail: 'a template' } as const)
    : detail === ''
      ? undefined
      : ({ cause: 'unparseable', detail } as const);
  return { keyword: keyword.toLowerCase(), args: words, ...place, ...(problem === undefined ? {} : { problem }) };
}

/** `\` escapes quotes and itself, and a space outside quotes; before anything else it stands for itself. */
function readWords(text: string, from: number, offset: number): { readonly words: readonly Word[]; readonly closed: boolean } {
  const words: Word[] = [];
  let at = from;
  let closed = true;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1;
      continue;
    }
    if (text[at] === '#') break;
    const start = at;
    let value = '';
    let quote = '';
    let quoted = false;
    while (at < text.length) {
      const character = text[at] ?? '';
      const next = text[at + 1] ?? '';
      if (character === '\\' && (next === '"' || next === "'" || next === '\\' || (next === ' ' && quote === ''))) {
        value += next;
        quoted = true;
        at += 1;
      } else if (quote === '' && (character === ' ' || character === '\t')) break;
      else if (quote === '' && (character === '"' || character === "'")) {
        quote = character;
        quoted = true;
      } else if (quote !== '' && character === quote) quote = '';
      else value += character;
      at += 1;
    }
    if (quote !== '') closed = false;
    words.push({ text: value, start: offset + start, end: offset + at, quoted });
  }
  return { words, closed };
}
