import type { SourceText } from './source-text.ts';

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
}

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
    if (first !== undefined && last !== undefined) lines.push({ words, start: first.start, end: last.end, broken });
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
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
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
  return lines;
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
