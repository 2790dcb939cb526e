import { createHash } from 'node:crypto';
import { known, type Known, type Origin, type TargetId } from '../model/fact.ts';
import type { Excerpt, Position, SourceRange } from '../model/source-range.ts';
import { findSecrets, isCommented, REDACTED, type SecretSpan } from './secrets.ts';

const EXCERPT_LINES = 3;
const EXCERPT_COLUMNS = 200;

/** The machine of a target, where files lie that are not the reader's. */
export interface OnTarget {
  readonly on: TargetId;
}

/**
 * A file's text with a line index: the only maker of `SourceRange`. Secrets are found by their signs, and parsers
 * may mark more while they build their tree; both are gone from every excerpt that leaves here.
 */
export class SourceText {
  /** Path below the tree that it was read from: what includes and resource ids go by. */
  readonly file: string;
  readonly text: string;
  readonly digest: string;
  readonly #place: string;
  readonly #on: string | undefined;
  readonly #lineStarts: readonly number[];
  #found: SecretSpan[] | undefined;
  #parsed = true;
  #binary = false;

  /**
   * `file` is `/`-separated and relative to its tree; `under` says where that tree is below the configuration's root, so
   * that ranges name the file as a reader finds it. On a target's machine (`on`) that is its absolute path there. `bytes` are decoded
   * as UTF-8, BOM dropped.
   */
  constructor(file: string, bytes: Uint8Array | string, under: string | OnTarget = '', digest?: string) {
    this.file = file;
    this.#on = typeof under === 'string' ? undefined : under.on;
    this.#place = typeof under !== 'string' ? `/${file.replace(/^\/+/, '')}` : under === '' || under === '.' ? file : `${under}/${file}`;
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8').decode(bytes);
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.digest = digest ?? createHash('sha256').update(bytes).digest('hex');
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /** A file that is no text (DER, a key store): its ranges name it as a whole, without excerpt. */
  static binary(file: string, bytes: Uint8Array, under: string | OnTarget = ''): SourceText {
    const source = new SourceText(file, '', under, createHash('sha256').update(bytes).digest('hex'));
    source.#binary = true;
    return source;
  }

  /** Looked for when first asked for: of most of the catalogue nobody ever asks. */
  get #secrets(): SecretSpan[] {
    this.#found ??= [...findSecrets(this.text)];
    return this.#found;
  }

  /** The secrets that stand in this text in the clear, by offsets. */
  get secrets(): readonly SecretSpan[] {
    return this.#secrets;
  }

  /**
   * A parser knows that this stretch is a secret (a value whose key says so in this format). What it overlaps becomes part of
   * it: the generic signs may have seen only the beginning of a value.
   */
  markSecret(start: number, end: number, name: string): void {
    if (end <= start) return;
    const first = this.#firstSecretAfter(start);
    let last = first;
    let span: SecretSpan = { start, end, name, commented: isCommented(this.text, start) };
    for (let other = this.#secrets[last]; other !== undefined && other.start < end; other = this.#secrets[last]) {
      span =
        other.start <= start && other.end >= end
          ? other
          : { ...span, start: Math.min(span.start, other.start), end: Math.max(span.end, other.end) };
      last += 1;
    }
    this.#secrets.splice(first, last - first, span);
  }

  /** A parser knows that the values which begin at these offsets are none, though the word before them sounds like one: tags of sudoers. */
  markPlain(starts: ReadonlySet<number>): void {
    if (starts.size > 0) this.#found = this.#secrets.filter(({ start }) => !starts.has(start));
  }

  /** Index of the first secret that ends after an offset: they stand in order and do not overlap. */
  #firstSecretAfter(offset: number): number {
    let low = 0;
    let high = this.#secrets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#secrets[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The file did not parse, so nobody marked its secrets: its ranges carry no excerpt from now on. */
  withholdExcerpts(): void {
    this.#parsed = false;
  }

  /** False once its parser gave up on it. */
  get parsed(): boolean {
    return this.#parsed;
  }

  /** 1-based line and column (UTF-16 code units) of an offset. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The range from `start` to `end` (exclusive), in bounds, with its redacted excerpt. */
  range(start: number, end: number): SourceRange {
    const from = Math.max(0, Math.min(start, this.text.length));
    const to = Math.max(from, Math.min(end, this.text.length));
    const place = {
      file: this.#place,
      start: this.position(from),
      end: this.position(to),
      digest: this.digest,
      ...(this.#on === undefined ? {} : { on: this.#on }),
    };
    return this.#parsed && !this.#binary ? { ...place, excerpt: this.#excerpt(place.start) } : place;
  }

  /** The origin of a value that stands from `start` to `end`. */
  origin(start: number, end: number): Origin {
    return { kind: 'file', range: this.range(start, end) };
  }

  /** A value seen from `start` to `end`. */
  fact<T>(value: T, start: number, end: number): Known<T> {
    return known(value, this.origin(start, end));
  }

  /** The whole of a line, without its end; 1-based. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1];
    if (start === undefined) return '';
    const next = this.#lineStarts[number];
    const line = this.text.slice(start, next === undefined ? undefined : next - 1);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #excerpt(start: Position): Excerpt {
    const first = Math.max(1, Math.min(start.line - 1, this.#lineStarts.length - EXCERPT_LINES + 1));
    const last = Math.min(this.#lineStarts.length, first + EXCERPT_LINES - 1);
    const cut = start.column > EXCERPT_COLUMNS - 40 ? start.column - 40 : 0;
    const lines: string[] = [];
    for (let number = first; number <= last; number += 1) {
      lines.push(this.#redactedLine(number, cut).slice(0, EXCERPT_COLUMNS));
    }
    while (lines.length > 1 && lines.at(-1)?.trim() === '' && first + lines.length - 1 > start.line) lines.pop();
    return { firstLine: first, lines, cut };
  }

  /** A line's columns from `cut` on, secrets replaced, and nothing in it that could steer a terminal or reorder text. */
  #redactedLine(number: number, cut: number): string {
    const from = (this.#lineStarts[number - 1] ?? 0) + cut;
    const to = from + Math.min(Math.max(0, this.line(number).length - cut), EXCERPT_COLUMNS);
    let line = '';
    let at = from;
    for (let index = this.#firstSecretAfter(from); at < to; index += 1) {
      const secret = this.#secrets[index];
      if (secret === undefined || secret.start >= to) break;
      line += this.text.slice(at, Math.max(at, secret.start)) + REDACTED;
      at = Math.min(to, secret.end);
    }
    line += this.text.slice(at, Math.max(at, to));
    return line.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
  }
}
