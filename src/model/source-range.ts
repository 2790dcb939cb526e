declare const made: unique symbol;

/** A place in a text: 1-based line, 1-based column in UTF-16 code units, and the offset in the text. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A range of a source file, with the excerpt that a reader needs to see. Only `text/source-text.ts` makes one
 * (and `evidence/` restores one from a record): it is in bounds, its end is exclusive, and its excerpt was redacted
 * when it was made, because nothing after collection opens a source file.
 */
export interface SourceRange {
  readonly [made]?: true;
  /** Path relative to the configuration's root, `/`-separated. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  /** At most 3 lines of 200 columns around the value. Absent when the file did not parse. */
  readonly excerpt?: Excerpt;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly digest: string;
  /** Where the file lies, when not beside the reader: `file` is then a path on that target's machine. */
  readonly on?: string;
}

/** Lines of the source as they were, secrets replaced. `firstLine` is the number of the first of them. */
export interface Excerpt {
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** How many leading columns were cut from every line, so that a caret still stands under the value. */
  readonly cut: number;
}
