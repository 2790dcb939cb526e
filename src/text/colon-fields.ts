import type { SourceText } from './source-text.ts';

/** A field of a line, by offsets into its source. */
export interface Field {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A line of fields that colons part: passwd(5), group(5), shadow(5). */
export interface FieldLine {
  readonly fields: readonly Field[];
  readonly start: number;
  readonly end: number;
}

/** Cuts a text into its lines and their fields; empty lines and comments are left out, at most `most` lines are given. */
export function colonFields(source: SourceText, most: number): { readonly lines: readonly FieldLine[]; readonly cut: boolean } {
  const lines: FieldLine[] = [];
  const { text } = source;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    if (line.trim() !== '' && !line.startsWith('#')) {
      if (lines.length >= most) return { lines, cut: true };
      let at = start;
      const fields = line.split(':').map((part) => {
        const field = { text: part, start: at, end: at + part.length };
        at += part.length + 1;
        return field;
      });
      lines.push({ fields, start, end });
    }
    start = end + 1;
  }
  return { lines, cut: false };
}
