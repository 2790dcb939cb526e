import type { SourceText } from './source-text.ts';
import { hidesLines, isManagedHead } from './template.ts';

/** A word of a line, by offsets into the source. `text` is what it means: quotes and escapes resolved. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** A line that says something: its words, and where it stands without comment and white space. */
export interface Line {
  readonly words: readonly Word[];
  readonly start: number;
  readonly end: number;
  /** A quote was opened and not closed: the line cannot be trusted. */
  readonly broken: boolean;
  /** It is no line of the product: a template's statement or a merge conflict, by which others come or go. */
  readonly hides?: 'a template statement' | 'a merge conflict';
}

/** How a line-oriented format writes its lines. */
export interface LineSyntax {
  /** Signs that begin a comment: at a line's start, or after white space too. */
  readonly comment: readonly string[];
  readonly commentAnywhere: boolean;
  readonly quotes: readonly string[];
  /** Inside quotes: `\` escapes the next character, or the quote is doubled. */
  readonly escape: 'backslash' | 'doubled' | 'none';
  /** Characters that are words of their own (`=`, `,`). */
  readonly separators: readonly string[];
  /** A backslash at the end of a line joins the next. */
  readonly continuation: boolean;
  /** And does so inside of a comment, too. */
  readonly commentContinues?: boolean;
}

/** As much of a line tells whether it is a template's statement. */
const MAX_HEAD = 500;

/** Cuts a text into lines of words. Bounded by the text: each character is looked at once. */
export function lexLines(source: SourceText, syntax: LineSyntax): readonly Line[] {
  const { text } = source;
  const lines: Line[] = [];
  let words: Word[] = [];
  let broken = false;
  let at = 0;

  const finish = (): void => {
    const [first] = words;
    const last = words.at(-1);
    if (first !== undefined && last !== undefined) {
      const from = text.lastIndexOf('\n', first.start) + 1;
      const head = text.slice(from, Math.min(last.end, from + MAX_HEAD));
      const hides = hidesLines(head);
      if (!isManagedHead(head)) lines.push({ words, start: first.start, end: last.end, broken, ...(hides === undefined ? {} : { hides }) });
    }
    words = [];
    broken = false;
  };

  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\n') {
      finish();
      at += 1;
    } else if (syntax.continuation && character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf('\n', at) + 1;
    } else if (/\s/.test(character)) {
      at += 1;
    } else if (syntax.comment.includes(character) && (words.length === 0 || syntax.commentAnywhere)) {
      const end = commentEnd(text, at, syntax.commentContinues === true);
      const comment = text.slice(at, Math.min(end, at + MAX_HEAD));
      if (words.length === 0 && hidesLines(comment) !== undefined) words.push({ text: comment, start: at, end, quoted: false });
      at = end;
    } else if (syntax.separators.includes(character)) {
      words.push({ text: character, start: at, end: at + 1, quoted: false });
      at += 1;
    } else {
      const word = readWord(text, at, syntax);
      words.push(word.word);
      broken ||= word.broken;
      at = word.word.end;
    }
  }
  finish();
  // A quote that is not closed: nobody can tell where a value ends, and with it a secret.
  if (lines.some((line) => line.broken)) source.withholdExcerpts();
  return lines;
}

/** The end of the comment that begins at `from`: that of its line, or of the last line that a backslash joins to it. */
function commentEnd(text: string, from: number, continues: boolean): number {
  for (let at = from; ;) {
    const end = text.indexOf('\n', at);
    if (end === -1) return text.length;
    if (!continues || !/\\\r?$/.test(text.slice(Math.max(from, end - 2), end))) return end;
    at = end + 1;
  }
}

function readWord(text: string, from: number, syntax: LineSyntax): { readonly word: Word; readonly broken: boolean } {
  let at = from;
  let value = '';
  let quoted = false;
  let broken = false;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character) || syntax.separators.includes(character)) break;
    if (syntax.continuation && character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) break;
    if (syntax.comment.includes(character) && syntax.commentAnywhere && at === from) break;
    if (!syntax.quotes.includes(character)) {
      value += character;
      at += 1;
      continue;
    }
    const closed = readQuoted(text, at, character, syntax.escape);
    quoted = true;
    value += closed.value;
    at = closed.end;
    broken ||= !closed.closed;
  }
  return { word: { text: value, start: from, end: at, quoted }, broken };
}

function readQuoted(
  text: string,
  from: number,
  quote: string,
  escape: LineSyntax['escape'],
): { readonly value: string; readonly end: number; readonly closed: boolean } {
  let value = '';
  let at = from + 1;
  while (at < text.length && text[at] !== '\n') {
    const character = text[at] ?? '';
    if (escape === 'backslash' && character === '\\' && at + 1 < text.length) {
      value += text[at + 1] ?? '';
      at += 2;
    } else if (character === quote && escape === 'doubled' && text[at + 1] === quote) {
      value += quote;
      at += 2;
    } else if (character === quote) {
      return { value, end: at + 1, closed: true };
    } else {
      value += character;
      at += 1;
    }
  }
  return { value, end: at, closed: false };
}
