import type { SourceRange } from '../model/source-range.ts';
import type { SourceText } from '../text/source-text.ts';

/** Something wrong with a file that the user wrote: where, what, and what would be right. */
export interface Diagnostic {
  readonly file: string;
  readonly range?: SourceRange;
  readonly message: string;
  /** What to do, or the nearest name that would have been right. */
  readonly hint?: string;
}

/** Everything that is wrong with the configuration or the catalogue, at once. Ends the run with exit code 3. */
export class InvalidInput extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ file, message }) => `${file}: ${message}`).join('\n'));
    this.name = 'InvalidInput';
    this.diagnostics = diagnostics;
  }
}

/** Says what is wrong with something whose place it knows. */
export type Complain = (message: string, hint?: string) => void;

/** Collects diagnostics of one file. */
export class Reporter {
  readonly #found: Diagnostic[] = [];

  get diagnostics(): readonly Diagnostic[] {
    return this.#found;
  }

  /** Something is wrong at this stretch of the text. */
  at(source: SourceText, start: number, end: number, message: string, hint?: string): void {
    this.#found.push({
      file: source.file,
      range: source.range(start, Math.max(end, start + 1)),
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Something is wrong with the file as a whole. */
  of(file: string, message: string, hint?: string): void {
    this.#found.push({ file, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** The same, for whoever reads a file that nothing names; messages go on from its name. */
  ofFile(file: string): Complain {
    return (message, hint) => this.of(file, `"${file}" ${message}`, hint);
  }

  add(diagnostics: readonly Diagnostic[]): void {
    this.#found.push(...diagnostics);
  }

  /** Throws what was found, if anything. */
  settle(): void {
    if (this.#found.length > 0) throw new InvalidInput(this.#found);
  }
}

/** `did you mean "x"?`, where a known name is near enough to the one that was written. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const name = nearestName(written, known);
  return name === undefined ? undefined : `did you mean "${name}"?`;
}

/** The known name that is nearest to the one that was written; one that was only begun, or gone on with, is near too. */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  if (best !== undefined) return best.name;
  const begun = known.filter((name) => written.length > 2 && name.length > 2 && (name.startsWith(written) || written.startsWith(name)));
  return begun.length === 1 ? begun[0] : undefined;
}

/** Damerau–Levenshtein distance (adjacent letters swapped count as one). */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, (before[j - 2] ?? 0) + 1);
      row.push(value);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? limit + 1;
}
