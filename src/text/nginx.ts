import type { SourceText } from './source-text.ts';
import { hidesLines } from './template.ts';

/** A word of an nginx configuration, by offsets. `text` is what it means: quotes gone, escapes resolved. */
export interface NginxWord {
  readonly text: string;
  /** Where the value stands, quotes left out. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** It stands in the source letter by letter, so that a part of it can be pointed at. */
  readonly literal: boolean;
  /** It holds a variable or a template's placeholder: what it will be is not in the file. */
  readonly dynamic: boolean;
}

/** A directive with its arguments; `block` where it has one. */
export interface NginxDirective {
  readonly name: string;
  readonly word: NginxWord;
  readonly args: readonly NginxWord[];
  readonly block?: readonly NginxDirective[];
  /** A template's placeholder in the place of a directive (`{{ extra }}`): anything may stand there. */
  readonly placeholder: boolean;
}

/** Why nginx would refuse the text, and where. */
export interface NginxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** The directives of a text, or the first problem: nginx refuses the whole file then, and so do we. */
export type NginxReading = { readonly directives: readonly NginxDirective[] } | { readonly problem: NginxProblem };

/** Nobody nests deeper by hand. */
const MAX_DEPTH = 64;
/** A placeholder that goes on for longer than this is none. */
const MAX_PLACEHOLDER = 500;
/** `$name`, `${name}`, `$1`; `{{ x }}`, `<% x %>`, `@NAME@`, `%(x)s`, `__NAME__`. */
const DYNAMIC = /\$[A-Za-z_{\d]|\{\{|<%|@[A-Z_]{2,64}@|%\(|__[A-Z]{2}/;
/** Statements of template languages: they decide which lines are there at all. */
const TEMPLATE_STATEMENT = /(?:\{%|<%(?!=)|\{\{[-~]?\s{0,8}(?:[#/^]|(?:if|else|end|range|with|each|unless)\b))/y;

interface Frame {
  readonly name: string;
  readonly word: NginxWord;
  readonly args: readonly NginxWord[];
  readonly children: NginxDirective[];
}

/**
 * Reads an nginx configuration as nginx's own tokenizer does: https://nginx.org/en/docs/beginners_guide.html#conf_structure
 * Bounded by the text: each character is looked at once.
 */
export function parseNginx({ text }: SourceText): NginxReading {
  const top: NginxDirective[] = [];
  const frames: Frame[] = [];
  let words: NginxWord[] = [];
  let at = 0;
  const refuse = (message: string, start: number, end = start + 1): NginxReading => ({ problem: { message, start, end } });
  const add = (directive: NginxDirective): void => void (frames.at(-1)?.children ?? top).push(directive);

  while (at < text.length) {
    const sign = text[at] ?? '';
    const [word] = words;
    if (/\s/.test(sign)) {
      at += 1;
    } else if (
      (at === 0 || text[at - 1] === '\n') &&
      hidesLines(text.slice(at, Math.min(endOf(text, '\n', at), at + 500))) === 'a merge conflict'
    ) {
      return refuse('a merge conflict', at, at + 7);
    } else if (sign === '#') {
      const end = endOf(text, '\n', at);
      if (word === undefined && hidesLines(text.slice(at, Math.min(end, at + 500))) !== undefined)
        return refuse('a template statement decides what stands here', at, end);
      at = end;
    } else if (sign === '{' && word === undefined && text.startsWith('{#', at)) {
      // Here nginx takes no brace, so this is a comment of Jinja. One that is not closed is nothing.
      const end = text.indexOf('#}', at);
      if (end === -1) return refuse('unexpected "{"', at);
      at = end + 2;
    } else if (sign === '{' && text.startsWith('{#', at) && text.includes('#}', at)) {
      // `location / {# old` … `#}`: a block with comments, or a comment of Jinja that hides all of it.
      return refuse('"{#" begins a block or a comment of a template', at, at + 2);
    } else if (matches(TEMPLATE_STATEMENT, text, at) && word === undefined) {
      return refuse('a template statement decides what stands here', at, at + 2);
    } else if (sign === ';') {
      if (word === undefined) return refuse('unexpected ";"', at);
      add({ name: word.text, word, args: words.slice(1), placeholder: false });
      words = [];
      at += 1;
    } else if (sign === '}') {
      const frame = frames.pop();
      if (word !== undefined) return refuse('a directive is not ended by ";"', word.start, word.end);
      if (frame === undefined) return refuse('unexpected "}"', at);
      add({ name: frame.name, word: frame.word, args: frame.args, block: frame.children, placeholder: false });
      at += 1;
    } else if (sign === '{' && placeholderEnd(text, at) === undefined) {
      if (word === undefined) return refuse('unexpected "{"', at);
      if (frames.length >= MAX_DEPTH) return refuse(`nested deeper than ${MAX_DEPTH}`, at);
      const args = words.slice(1);
      words = [];
      if (word.text.endsWith('_by_lua_block')) {
        const end = luaEnd(text, at + 1);
        if (end === undefined) return refuse(`"${cut(word.text)}" is not closed`, word.start, word.end);
        add({ name: word.text, word, args, placeholder: false });
        at = end;
      } else {
        frames.push({ name: word.text, word, args, children: [] });
        at += 1;
      }
    } else {
      const next = readWord(text, at);
      if ('message' in next) return { problem: next };
      at = next.after;
      const alone = word === undefined && /^(?:\{\{|<%=)/.test(next.word.text) && /[ \t]{0,64}(?:\r?\n|$)/y.test(text.slice(at, at + 66));
      if (alone) add({ name: next.word.text, word: next.word, args: [], placeholder: true });
      else words.push(next.word);
    }
  }
  const [word] = words;
  if (word !== undefined) return refuse('a directive is not ended by ";"', word.start, word.end);
  const open = frames.at(-1);
  if (open !== undefined) return refuse(`"${cut(open.name)}" is not closed`, open.word.start, open.word.end);
  return { directives: top };
}

/** The word that begins at `start`: up to white space, `;` or `{`; or a quoted one, up to its quote. */
function readWord(text: string, start: number): { readonly word: NginxWord; readonly after: number } | NginxProblem {
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : undefined;
  const from = quote === undefined ? start : start + 1;
  let at = from;
  let escaped = false;
  for (;;) {
    const sign = text[at];
    if (sign === undefined) {
      if (quote !== undefined) return { message: 'a quote is not closed', start, end: start + 1 };
      break;
    }
    const placeholder = placeholderEnd(text, at);
    if (sign === '\\') {
      escaped = true;
      at += 2;
    } else if (placeholder !== undefined) at = placeholder;
    else if (quote === undefined && sign === '$' && text[at + 1] === '{') at += 2;
    else if (quote === undefined ? /[\s;{]/.test(sign) : sign === quote) break;
    else at += 1;
  }
  const end = Math.min(at, text.length);
  const raw = text.slice(from, end);
  const after = quote === undefined ? end : end + 1;
  // nginx wants white space after a quoted word; a following word is a mistake that changes the meaning.
  if (quote !== undefined && !/[\s;{)]/.test(text[after] ?? ' '))
    return { message: 'unexpected character after a quote', start: after, end: after + 1 };
  const word = {
    text: escaped ? unescape(raw) : raw,
    start: from,
    end,
    quoted: quote !== undefined,
    literal: !escaped,
    dynamic: DYNAMIC.test(raw),
  };
  return { word, after };
}

/** Escapes that nginx resolves; before any other character the backslash stays (regular expressions live on that). */
function unescape(raw: string): string {
  const meanings: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', t: '\t', r: '\r', n: '\n' };
  return raw.replaceAll(/\\(["'\\trn])/g, (_, sign: string) => meanings[sign] ?? sign);
}

/** The end of a template's placeholder that begins at `at`, on one line. */
function placeholderEnd(text: string, at: number): number | undefined {
  const close = text.startsWith('{{', at) ? '}}' : text.startsWith('<%', at) ? '%>' : undefined;
  if (close === undefined) return undefined;
  const piece = text.slice(at, at + MAX_PLACEHOLDER);
  const found = piece.indexOf(close, 2);
  const line = piece.indexOf('\n');
  return found === -1 || (line !== -1 && line < found) ? undefined : at + found + 2;
}

/** The offset behind the brace that closes a Lua block; strings, long brackets and comments of Lua hide braces. */
function luaEnd(text: string, from: number): number | undefined {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    const sign = text[at];
    const comment = sign === '-' && text[at + 1] === '-';
    const bracket = /(?:--)?\[(=*)\[/y;
    bracket.lastIndex = at;
    const long = sign === '[' || comment ? bracket.exec(text) : null;
    if (long !== null) at = endOf(text, `]${long[1] ?? ''}]`, at + long[0].length) + 1;
    else if (comment) at = endOf(text, '\n', at);
    else if (sign === '"' || sign === "'") at = luaStringEnd(text, at, sign);
    else if (sign === '{') depth += 1;
    else if (sign === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  return undefined;
}

/** The offset of the quote that ends a Lua string, or of the line's end. */
function luaStringEnd(text: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** The name of a block, if it is one: problems quote nothing else, since a text that does not parse may hold secrets anywhere. */
function cut(text: string): string {
  return /^[a-z_]{1,40}$/.test(text) ? text : '…';
}
