import type { SourceText } from './source-text.ts';
import { hidesLines } from './template.ts';

/** A parameter of an object: `target="logs.example.net"`. Arrays are joined by a comma. */
export interface RsyslogParameter {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** A backtick expression or the like: what it comes to is known at run time only. */
  readonly computed: boolean;
}

/** What a record must be for a statement to see it: all selectors, and a condition that is not read here. */
export interface RsyslogFilter {
  readonly selectors: readonly string[];
  readonly condition: boolean;
}

/** One statement of an rsyslog configuration, in any of its three languages. */
export type RsyslogStatement = { readonly source: SourceText; readonly start: number; readonly end: number } & (
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly parameters: readonly RsyslogParameter[];
      readonly ruleset: string;
      readonly filter: RsyslogFilter;
    }
  | { readonly kind: 'directive'; readonly name: string; readonly value: string; readonly at: number }
  | { readonly kind: 'action'; readonly text: string; readonly ruleset: string; readonly filter: RsyslogFilter }
  /** Records that it sees go no further. */
  | { readonly kind: 'stop'; readonly ruleset: string; readonly filter: RsyslogFilter }
  /** Hands records to a ruleset; without name, to one that is computed. */
  | { readonly kind: 'call'; readonly name: string | undefined; readonly ruleset: string; readonly filter: RsyslogFilter }
  | { readonly kind: 'broken' }
);

const EVERYTHING: RsyslogFilter = { selectors: [], condition: false };

function both(a: RsyslogFilter, b: RsyslogFilter): RsyslogFilter {
  return { selectors: [...a.selectors, ...b.selectors].slice(0, MAX_SELECTORS), condition: a.condition || b.condition };
}

const MAX_SELECTORS = 50;

const OBJECT =
  /^(action|module|input|global|main_queue|include|ruleset|template|lookup_table|parser|timezone|dyn_stats|percentile_stats|property|constant|ratelimit)[ \t]*\(/i;
const WORD = /^(?:set|unset|reset|call|call_indirect|stop|continue|else|reload_lookup_table|if|foreach)(?![\w.])/i;
/** A selector (`auth,authpriv.*`, `*.*;mail.none`) or a property filter (`:msg, contains, "x"`), then the action. */
const SELECTOR = /^(?::[^,\n]{1,100},[^,\n]{1,100},[ \t]*"(?:[^"\\\n]|\\.){0,1000}"|[^\s]{1,1000})[ \t]+/;
const ACTION = /^(?:[-/@|?^~:]|stop\b|[*]|[a-z_][\w,]*[ \t\r]*$)/i;

/** Cuts an rsyslog configuration into statements: https://www.rsyslog.com/doc/configuration/index.html. Linear in the text. */
export function parseRsyslog(source: SourceText): readonly RsyslogStatement[] {
  const statements = new Parser(source).run();
  // An object or text without end: nobody can tell where a value ends, and with it a secret.
  if (statements.some(({ kind, end }) => kind === 'broken' && end === source.text.length)) source.withholdExcerpts();
  return statements;
}

class Parser {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #statements: RsyslogStatement[] = [];
  /** The ruleset and filter around each open brace. */
  readonly #blocks: { readonly ruleset: string; readonly filter: RsyslogFilter }[] = [];
  #ruleset = '';
  /** What the block around lets through. */
  #filter = EVERYTHING;
  /** What stands before the next statement, for it alone. */
  #pending = EVERYTHING;
  /** What the last action saw: `&` says it again. */
  #last = EVERYTHING;
  /** A block of BSD (`!program`, `+host`) selects what follows it. */
  #selected = false;
  #at = 0;

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
  }

  run(): readonly RsyslogStatement[] {
    let announced: string | undefined; // a ruleset whose block is about to open
    while (this.#skipBlank()) {
      const character = this.#text[this.#at] ?? '';
      const head = this.#text.slice(this.#at, this.#at + 64);
      const object = OBJECT.exec(head);
      if (this.#hides()) {
        this.#statements.push({ kind: 'broken', source: this.#source, start: this.#at, end: this.#lineEnd(this.#at) });
        this.#at = this.#lineEnd(this.#at);
      } else if (character === '{') {
        this.#blocks.push({ ruleset: this.#ruleset, filter: this.#filter });
        this.#filter = announced === undefined ? this.#seen() : EVERYTHING;
        this.#pending = EVERYTHING;
        this.#ruleset = announced ?? this.#ruleset;
        announced = undefined;
        this.#at += 1;
      } else if (character === '}') {
        const block = this.#blocks.pop();
        this.#ruleset = block?.ruleset ?? '';
        this.#filter = block?.filter ?? EVERYTHING;
        this.#at += 1;
      } else if (object !== null) {
        announced = this.#object(object[1] ?? '', object[0].length);
      } else if (character === '$') {
        this.#directive();
      } else if (character === '&') {
        this.#pending = this.#last;
        this.#at += 1;
      } else if (/^[;)]/.test(head)) {
        this.#at += 1;
      } else {
        const word = WORD.exec(head)?.[0].toLowerCase();
        if (word === undefined) this.#rule();
        else this.#script(word);
      }
    }
    return this.#statements;
  }

  /** Does a template's statement or a merge conflict stand here, a comment to rsyslog perhaps? */
  #hides(): boolean {
    return hidesLines(this.#text.slice(this.#at, Math.min(this.#lineEnd(this.#at), this.#at + 500))) !== undefined;
  }

  /** What a statement that stands here sees. */
  #seen(): RsyslogFilter {
    const filter = both(this.#filter, this.#pending);
    return this.#selected ? { ...filter, condition: true } : filter;
  }

  /** A statement took what stood before it. */
  #take(): RsyslogFilter {
    this.#last = this.#seen();
    this.#pending = EVERYTHING;
    return this.#last;
  }

  /** White space and comments; false at the end. */
  #skipBlank(): boolean {
    for (;;) {
      while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
      if (this.#text[this.#at] === '#' && this.#hides()) return true;
      if (this.#text[this.#at] === '#') this.#at = this.#lineEnd(this.#at);
      else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        this.#at = end === -1 ? this.#text.length : end + 2;
      } else return this.#at < this.#text.length;
    }
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end === -1 ? this.#text.length : end;
  }

  #directive(): void {
    const start = this.#at;
    const end = this.#lineEnd(start);
    const line = this.#text.slice(start, end);
    const [, name = '', space = '', rest = ''] = /^\$(\w+)([ \t]*)(.*)$/.exec(line.slice(0, 2000)) ?? [];
    const value = (rest.startsWith('"') ? rest : rest.replace(/[ \t]#.*$/, '')).trimEnd();
    if (name === '') this.#statements.push({ kind: 'broken', source: this.#source, start, end });
    else
      this.#statements.push({
        kind: 'directive',
        name: name.toLowerCase(),
        value,
        at: start + 1 + name.length + space.length,
        source: this.#source,
        start,
        end: start + 1 + name.length + space.length + value.length,
      });
    if (name.toLowerCase() === 'ruleset' && this.#blocks.length === 0) this.#ruleset = value === 'RSYSLOG_DefaultRuleset' ? '' : value;
    this.#at = end;
  }

  /** Returns the ruleset that the next block belongs to, if this object opens one. */
  #object(name: string, length: number): string | undefined {
    const start = this.#at;
    this.#at += length;
    const parameters: RsyslogParameter[] = [];
    for (;;) {
      if (!this.#skipBlank()) {
        this.#statements.push({ kind: 'broken', source: this.#source, start, end: this.#text.length });
        return undefined;
      }
      if (this.#text[this.#at] === ')') break;
      const parameter = this.#parameter();
      if (parameter !== undefined) parameters.push(parameter);
    }
    this.#at += 1;
    this.#statements.push({
      kind: 'object',
      name: name.toLowerCase(),
      parameters,
      ruleset: this.#ruleset,
      filter: /^action$/i.test(name) ? this.#take() : EVERYTHING,
      source: this.#source,
      start,
      end: this.#at,
    });
    return name.toLowerCase() === 'ruleset' ? (parameters.find((parameter) => parameter.name === 'name')?.value ?? '') : undefined;
  }

  #parameter(): RsyslogParameter | undefined {
    const name = /^[\w.]{1,80}/.exec(this.#text.slice(this.#at, this.#at + 80))?.[0];
    if (name === undefined) {
      this.#at += 1;
      return undefined;
    }
    this.#at += name.length;
    if (!this.#skipBlank() || this.#text[this.#at] !== '=') return undefined;
    this.#at += 1;
    if (!this.#skipBlank()) return undefined;
    if (this.#text[this.#at] !== '[') return { name: name.toLowerCase(), ...this.#value() };
    const values: string[] = [];
    const start = this.#at + 1;
    let computed = false;
    this.#at += 1;
    while (this.#skipBlank() && this.#text[this.#at] !== ']') {
      if (this.#text[this.#at] === ',') this.#at += 1;
      else {
        const value = this.#value();
        computed ||= value.computed;
        values.push(value.value);
      }
    }
    const end = this.#at;
    this.#at += 1;
    return { name: name.toLowerCase(), value: values.join(','), start, end, computed };
  }

  #value(): Omit<RsyslogParameter, 'name'> {
    const quote = this.#text[this.#at] ?? '';
    const from = this.#at;
    if (quote !== '"' && quote !== "'" && quote !== '`') {
      while (this.#at < this.#text.length && !/[\s,)\]]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
      if (this.#at === from) this.#at += 1;
      return {
        value: this.#text.slice(from, this.#at),
        start: from,
        end: this.#at,
        computed: /[(]/.test(this.#text.slice(from, this.#at)),
      };
    }
    let value = '';
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== quote) {
      if (this.#text[this.#at] === '\\') this.#at += 1;
      value += this.#text[this.#at] ?? '';
      this.#at += 1;
    }
    this.#at += 1;
    return { value, start: from + 1, end: Math.max(from + 1, this.#at - 1), computed: quote === '`' };
  }

  /** Control flow: conditions are passed over, so that every action that may run is seen. */
  #script(word: string): void {
    const start = this.#at;
    this.#at += word.length;
    const place = { ruleset: this.#ruleset, source: this.#source, start, end: this.#at };
    if (word === 'if' || word === 'foreach' || word === 'else') this.#pending = { ...this.#pending, condition: true };
    if (word === 'stop') this.#statements.push({ kind: 'stop', filter: this.#take(), ...place });
    if (word.startsWith('call')) {
      const name = word === 'call' ? /^[ \t]+"?([\w.-]{1,200})/.exec(this.#text.slice(this.#at, this.#at + 300))?.[1] : undefined;
      this.#statements.push({ kind: 'call', name, filter: this.#take(), ...place });
    }
    if (word === 'if') this.#passTo('then');
    else if (word === 'foreach') this.#passTo('do');
    else if (/^(?:set|unset|reset|reload_lookup_table)$/.test(word)) this.#passTo(';');
    else if (word.startsWith('call')) this.#at = this.#lineEnd(this.#at);
    else return;
    this.#bareAction();
  }

  /** Behind `then` on the same line an action may stand without a selector. */
  #bareAction(): void {
    const rest = /^[ \t]*/.exec(this.#text.slice(this.#at, this.#at + 200))?.[0].length ?? 0;
    const head = this.#text.slice(this.#at + rest, this.#at + rest + 64);
    if (!/^[-/@|?^~:*]/.test(head) || head.startsWith('/*')) return;
    this.#at += rest;
    this.#action();
  }

  #passTo(end: string): void {
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '"' || character === "'") this.#value();
      else if (character === '#') this.#at = this.#lineEnd(this.#at);
      else if (/[A-Za-z_$;]/.test(character)) {
        const word = /^(?:[$\w.!]{1,1000}|;)/.exec(this.#text.slice(this.#at, this.#at + 1000))?.[0] ?? character;
        this.#at += word.length;
        if (word.toLowerCase() === end) return;
      } else this.#at += 1;
    }
    this.#statements.push({ kind: 'broken', source: this.#source, start, end: this.#text.length });
  }

  #rule(): void {
    const start = this.#at;
    const line = this.#text.slice(start, Math.min(this.#lineEnd(start), start + 4000));
    // A program or host block of BSD (`!sshd`, `+host`) selects only; a bare action follows `&`.
    if (/^[!+]/.test(line) || /^-[\w*]/.test(line)) {
      this.#selected = !/^[!+-]\*[ \t\r]*$/.test(line);
      this.#at = this.#lineEnd(start);
      return;
    }
    const selector = SELECTOR.exec(line)?.[0];
    if (/^(?:[-/@|?^~]|:om)/.test(line)) this.#action();
    else if (selector === undefined) {
      this.#statements.push({ kind: 'broken', source: this.#source, start, end: start + line.length });
      this.#at = this.#lineEnd(start);
    } else {
      this.#at += selector.length;
      const bare = selector.trim();
      this.#pending = both(
        this.#pending,
        bare.startsWith(':') ? { selectors: [], condition: true } : { selectors: [bare], condition: false },
      );
      const rest = line.slice(selector.length);
      if (rest.startsWith('{') || OBJECT.test(rest.slice(0, 64)) || WORD.test(rest.slice(0, 64))) return;
      if (ACTION.test(rest)) this.#action();
      else {
        this.#statements.push({ kind: 'broken', source: this.#source, start, end: start + line.length });
        this.#at = this.#lineEnd(start);
      }
    }
  }

  #action(): void {
    const start = this.#at;
    const end = this.#lineEnd(start);
    // A template behind `;` and a comment are no part of the destination.
    const text = /^[^\s;]*/.exec(this.#text.slice(start, Math.min(end, start + 4000)))?.[0] ?? '';
    const filter = this.#take();
    const place = { ruleset: this.#ruleset, filter, source: this.#source, start, end: start + text.length };
    this.#statements.push(/^(?:~|stop)$/i.test(text) ? { kind: 'stop', ...place } : { kind: 'action', text, ...place });
    this.#at = end;
  }
}
