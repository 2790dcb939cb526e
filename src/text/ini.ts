import type { SourceText } from './source-text.ts';

/** `key = value` below a `[section]`, and where it stands. */
export interface IniEntry {
  /** Empty before the first section. */
  readonly section: string;
  readonly key: string;
  /** Lines that are indented below it belong to it where the format says so. */
  readonly value: string;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** How a product of the family reads its files. */
export interface IniSyntax {
  readonly comments: readonly string[];
  /** An indented line goes on with the value before it (Python's configparser). */
  readonly indentContinues: boolean;
  /** A backslash at the end of a line joins the next (systemd). */
  readonly backslashContinues: boolean;
}

/** Cuts a text into entries; lines that are neither entry, section nor comment are left out and counted in `odd`. */
export function parseIni(
  source: SourceText,
  { comments, indentContinues, backslashContinues }: IniSyntax,
): { readonly entries: readonly IniEntry[]; readonly odd: readonly number[] } {
  const entries: IniEntry[] = [];
  const odd: number[] = [];
  let section = '';
  let at = 0;
  const lines = source.text.split('\n');
  const joins = (line: string): boolean => backslashContinues && line.endsWith('\\');
  for (let index = 0; index < lines.length; index += 1) {
    const start = at;
    let line = (lines[index] ?? '').replace(/\r$/, '');
    at += (lines[index] ?? '').length + 1;
    while (joins(line) && index + 1 < lines.length) {
      index += 1;
      line = `${line.slice(0, -1)} ${lines[index] ?? ''}`;
      at += (lines[index] ?? '').length + 1;
    }
    const trimmed = line.trim();
    if (trimmed === '' || comments.some((sign) => trimmed.startsWith(sign))) continue;
    const last = entries.at(-1);
    if (indentContinues && /^\s/.test(line) && last !== undefined && last.section === section) {
      entries[entries.length - 1] = { ...last, value: `${last.value}\n${trimmed}`.trim(), end: start + line.length };
      continue;
    }
    const head = /^\[([^\]]*)\]/.exec(trimmed);
    if (head !== null) {
      section = (head[1] ?? '').trim();
      continue;
    }
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (pair === null) odd.push(start);
    else
      entries.push({
        section,
        key: (pair[1] ?? '').trim(),
        value: pair[2] ?? '',
        source,
        start: start + line.indexOf(trimmed.slice(0, 1)),
        end: start + line.trimEnd().length,
      });
  }
  return { entries, odd };
}
