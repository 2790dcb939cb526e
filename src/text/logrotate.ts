import type { SourceText } from './source-text.ts';
import { hidesLines } from './template.ts';

/** A directive with its value as it stands: `rotate 12`, `create 0640 root adm`. */
export interface LogrotateDirective {
  readonly name: string;
  readonly value: string;
  /** The value's place, or the name's where it has none. */
  readonly start: number;
  readonly end: number;
}

/** A statement of a logrotate configuration. */
export type LogrotateStatement =
  | { readonly kind: 'directive'; readonly directive: LogrotateDirective }
  | {
      readonly kind: 'block';
      readonly patterns: readonly string[];
      readonly directives: readonly LogrotateDirective[];
      /** Shell scripts of the block, as they stand. */
      readonly scripts: readonly { readonly text: string; readonly start: number; readonly end: number }[];
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'broken'; readonly start: number; readonly end: number };

const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove']);

/**
 * Cuts a logrotate configuration into statements (logrotate(8)): directives stand on lines of their own, patterns run from
 * their first line to the `{`, scripts to `endscript`, comments begin a line.
 */
export function parseLogrotate(source: SourceText): readonly LogrotateStatement[] {
  const { text } = source;
  const statements: LogrotateStatement[] = [];
  let block:
    | {
        patterns: readonly string[];
        directives: LogrotateDirective[];
        scripts: { text: string; start: number; end: number }[];
        start: number;
        end: number;
      }
    | undefined;
  let at = 0;
  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) at += 1;
    else if (
      (at === 0 || text[at - 1] === '\n' || character === '#') &&
      hidesLines(text.slice(at, Math.min(lineEnd(at), at + 500))) !== undefined
    ) {
      statements.push({ kind: 'broken', start: at, end: lineEnd(at) });
      at = lineEnd(at);
    } else if (character === '#') at = lineEnd(at);
    else if (character === '}') {
      if (block === undefined) statements.push({ kind: 'broken', start: at, end: at + 1 });
      else statements.push({ kind: 'block', ...block });
      block = undefined;
      at += 1;
    } else if (/[A-Za-z]/.test(character)) {
      const end = lineEnd(at);
      const directive = directiveAt(text, at, end);
      at = end;
      if (SCRIPTS.has(directive.name)) {
        const script = /^[ \t]*endscript[ \t\r]*$/m.exec(text.slice(end));
        if (script === null) {
          statements.push({ kind: 'broken', start: directive.start, end: text.length });
          return statements;
        }
        block?.scripts.push({ text: text.slice(end, end + script.index), start: end + 1, end: end + script.index });
        at = end + script.index + script[0].length;
      } else if (block === undefined) statements.push({ kind: 'directive', directive });
      else block.directives.push(directive);
    } else if (block === undefined && /["'/~\\]/.test(character)) {
      const open = readPatterns(text, at);
      if (open.patterns === undefined) {
        statements.push({ kind: 'broken', start: at, end: open.end });
        at = open.end;
      } else {
        block = { patterns: open.patterns, directives: [], scripts: [], start: at, end: open.last };
        at = open.end;
      }
    } else {
      const end = lineEnd(at);
      statements.push({ kind: 'broken', start: at, end });
      at = end;
    }
  }
  if (block !== undefined) statements.push({ kind: 'broken', start: block.start, end: block.end });
  return statements;
}

function directiveAt(text: string, start: number, end: number): LogrotateDirective {
  const line = text.slice(start, Math.min(end, start + 4000));
  const [, name = '', gap = '', value = ''] = /^([A-Za-z]+)([ \t]*=?[ \t]*)(.*?)[ \t\r]*$/.exec(line) ?? [];
  const from = value === '' ? start : start + name.length + gap.length;
  return { name: name === '' ? line.trim() : name, value, start: from, end: from + (value === '' ? name.length : value.length) };
}

/** File patterns, quoted or not, up to the `{` that opens their block. */
function readPatterns(text: string, from: number): { readonly patterns?: readonly string[]; readonly last: number; readonly end: number } {
  const patterns: string[] = [];
  let at = from;
  let last = from;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '{') return { patterns, last, end: at + 1 };
    if (character === '}') break;
    if (/\s/.test(character)) at += 1;
    else if (character === '#' && text.slice(text.lastIndexOf('\n', at) + 1, at).trim() === '') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else {
      let word = '';
      let quote = '';
      while (at < text.length) {
        const next = text[at] ?? '';
        if (quote === '' && /[\s{]/.test(next)) break;
        if (next === '\n') return { last, end: at };
        if (next === quote) quote = '';
        else if (quote === '' && (next === '"' || next === "'")) quote = next;
        else if (next === '\\' && quote !== "'") {
          at += 1;
          word += text[at] ?? '';
        } else word += next;
        at += 1;
      }
      patterns.push(word);
      last = at;
    }
  }
  return { last, end: Math.max(at, from + 1) };
}
