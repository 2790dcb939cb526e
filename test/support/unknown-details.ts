import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** A text in the source that becomes the `detail` of an unknown: what stands between braces is filled in. */
export interface DetailLiteral {
  readonly place: string;
  readonly template: string;
}

function filesOf(rooms: readonly string[]): readonly string[] {
  return rooms.flatMap((room) =>
    readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(room, name)),
  );
}

/** The literals of one argument of every call of a function below some rooms. */
export function literalsOf(rooms: readonly string[], callee: string, argument: number): readonly DetailLiteral[] {
  return filesOf(rooms).flatMap((file) => callsIn(file, readFileSync(join(SRC, file), 'utf8'), callee, argument));
}

function callsIn(file: string, text: string, callee: string, argument: number): readonly DetailLiteral[] {
  return [...text.matchAll(new RegExp(`\\b${callee}\\(`, 'g'))].flatMap(({ index }) => {
    const line = text.slice(0, index).split('\n').length;
    const detail = argumentsAt(text, index + callee.length + 1)[argument] ?? '';
    return literalsIn(detail).map((template) => ({ place: `${file}:${line}`, template }));
  });
}

/** Every literal detail of an `unknown(…)` call below some rooms. What a variable gives is foreign text or another literal. */
export function detailLiterals(rooms: readonly string[]): readonly DetailLiteral[] {
  return filesOf(rooms).flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const calls = callsIn(file, text, 'unknown', 1);
    const properties = [...text.matchAll(/\bdetail: (['`])/g)].map(({ index, 0: found }) => {
      const start = index + found.length - 1;
      const line = text.slice(0, index).split('\n').length;
      return { place: `${file}:${line}`, template: templateOf(text.slice(start + 1, endOfLiteral(text, start))) };
    });
    return [...calls, ...properties];
  });
}

/** The source of each argument of a call whose parenthesis has just opened. */
function argumentsAt(text: string, from: number): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === "'" || sign === '"' || sign === '`') at = endOfLiteral(text, at);
    else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign) && depth > 0) depth -= 1;
    else if (sign === ',' && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    } else if (sign === ')') return [...found, text.slice(start, at)];
  }
  return found;
}

function endOfLiteral(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (quote === '`' && text.startsWith('${', at)) at = endOfHole(text, at + 2);
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function endOfHole(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === "'" || sign === '"' || sign === '`') at = endOfLiteral(text, at);
    else if (sign === '{') depth += 1;
    else if (sign === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return text.length;
}

/** The literals of an expression, outermost ones only, `${…}` as `{}`. Indexes and comparisons (`x['a']`, `=== 'b'`) are none. */
function literalsIn(expression: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < expression.length; at += 1) {
    const sign = expression[at] ?? '';
    if (sign !== "'" && sign !== '"' && sign !== '`') continue;
    const end = endOfLiteral(expression, at);
    const before = expression.slice(0, at).trimEnd();
    if (!/(?:[[(]|===|!==)$/.test(before)) found.push(templateOf(expression.slice(at + 1, end)));
    at = end;
  }
  return found;
}

function templateOf(body: string): string {
  let template = '';
  for (let at = 0; at < body.length; at += 1) {
    if (body.startsWith('${', at)) {
      template += '{}';
      at = endOfHole(body, at + 2);
    } else if (body[at] === '\\') {
      at += 1;
      template += body[at] ?? '';
    } else template += body[at] ?? '';
  }
  return template;
}
