import type { SourceText } from './source-text.ts';

/** A member of a list: a name, `%group`, `#uid`, an alias, `ALL`; `!` takes away. */
export interface SudoItem {
  readonly text: string;
  readonly negated: boolean;
  /** In quotes a name is never an alias, nor `ALL`. */
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** A command: its path (or alias, or `ALL`), and its arguments where any are written; `""` is none at all. */
export interface SudoCommand extends SudoItem {
  readonly args?: string;
}

/** One command of a rule, with what stands before it or is inherited along the list. */
export interface SudoGrant {
  /** Undefined: the default, root. */
  readonly runas: { readonly users: readonly SudoItem[]; readonly groups: readonly SudoItem[] } | undefined;
  /** PASSWD and NOPASSWD; undefined where neither is written. */
  readonly passwd: boolean | undefined;
  /** NOEXEC. */
  readonly noexec: boolean;
  /** SETENV and NOSETENV; undefined where neither is written. */
  readonly setenv: boolean | undefined;
  readonly command: SudoCommand;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

export interface SudoSetting {
  readonly name: string;
  readonly negated: boolean;
  readonly value: string | undefined;
  /** `-=`: what it names is taken out of a list. */
  readonly removes: boolean;
}

export type SudoScope = 'all' | 'host' | 'user' | 'runas' | 'command';
export type SudoAliasKind = 'user' | 'runas' | 'host' | 'command';

/** What a logical line of sudoers says: https://www.sudo.ws/docs/man/sudoers.man/ */
export type SudoersStatement = Place &
  (
    | { readonly kind: 'alias'; readonly of: SudoAliasKind; readonly name: string; readonly members: readonly SudoCommand[] }
    | {
        readonly kind: 'defaults';
        readonly scope: SudoScope;
        readonly members: readonly SudoItem[];
        readonly settings: readonly SudoSetting[];
      }
    | { readonly kind: 'include'; readonly directory: boolean; readonly path: string }
    | {
        readonly kind: 'rule';
        readonly users: readonly SudoItem[];
        readonly hosts: readonly SudoItem[];
        readonly grants: readonly SudoGrant[];
      }
    | { readonly kind: 'broken'; readonly detail: string }
  );

/** Longer logical lines are no policy that somebody reads. */
const MAX_LINE = 1 << 20;
const ALIASES: Readonly<Record<string, SudoAliasKind>> = {
  User_Alias: 'user',
  Runas_Alias: 'runas',
  Host_Alias: 'host',
  Cmnd_Alias: 'command',
  Cmd_Alias: 'command',
};
const TAG = /^(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)$/;
const OPTION = /^(?:ROLE|TYPE|PRIVS|LIMITPRIVS|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER|APPARMOR_PROFILE)$/;
const SCOPES: Readonly<Record<string, SudoScope>> = { '@': 'host', ':': 'user', '>': 'runas', '!': 'command' };

/** Cuts a sudoers file into its statements, each at its place; at most `most` of them. */
export function parseSudoers(
  source: SourceText,
  most: number,
): { readonly statements: readonly SudoersStatement[]; readonly cut: boolean } {
  const statements: SudoersStatement[] = [];
  const plain = new Set<number>();
  let cut = false;
  for (const { text, start, end } of logicalLines(source.text)) {
    cut = statements.length >= most;
    if (cut) break;
    if (text.length > MAX_LINE) statements.push({ kind: 'broken', detail: 'a line that is too long', start, end: start + 200 });
    else statements.push(...statementsOf(text, { start, end }, plain));
  }
  source.markPlain(plain);
  return { statements, cut };
}

/** Lines, with those that a backslash joins made one of the same length; comments blanked out. Offsets stay true. */
function* logicalLines(text: string): Generator<Place & { readonly text: string }> {
  for (let start = 0; start < text.length;) {
    let at = start;
    let quoted = false;
    let comment = -1;
    for (; at < text.length; at += 1) {
      const character = text[at];
      if (character === '\n') break;
      if (comment !== -1) continue;
      if (character === '\\') {
        const next = /^\\[ \t]*\r?\n/.exec(text.slice(at, at + 64))?.[0];
        at += next === undefined ? 1 : next.length - 1;
      } else if (character === '"') quoted = !quoted;
      else if (character === '#' && !quoted && isComment(text, start, at)) comment = at;
    }
    const end = Math.min(at, text.length);
    const line = text.slice(start, comment === -1 ? end : comment).replaceAll(/\\[ \t]*\r?\n/g, (joint) => ' '.repeat(joint.length));
    if (line.trim() !== '') {
      const lead = line.length - line.trimStart().length;
      yield { text: line, start: start + lead, end: start + line.trimEnd().length };
    }
    start = end + 1;
  }
}

/** `#include` and `#includedir` at a line's start are none, nor are `#1000` and `%#1000`. */
function isComment(text: string, start: number, at: number): boolean {
  if (/^#-?\d/.test(text.slice(at, at + 3))) return false;
  return text.slice(start, at).trim() !== '' || !/^#include(?:dir)?[ \t]/.test(text.slice(at, at + 12));
}

class Broken extends Error {}

function statementsOf(line: string, { start, end }: Place, plain: Set<number>): readonly SudoersStatement[] {
  const lead = line.length - line.trimStart().length;
  const cursor = new Cursor(line, lead, start - lead, plain);
  try {
    return readStatement(cursor).map((statement) => ({ ...statement, start, end }));
  } catch (error) {
    if (error instanceof Broken) return [{ kind: 'broken', detail: error.message, start, end }];
    throw error;
  }
}

type Bare<T> = T extends unknown ? Omit<T, 'start' | 'end'> : never;

function readStatement(cursor: Cursor): readonly Bare<SudoersStatement>[] {
  const include = cursor.take(/^[@#]include(dir)?[ \t]+(?:"([^"]+)"|((?:\\.|[^\s\\])+))[ \t\r]*$/);
  if (include !== undefined) {
    const path = include[2] ?? (include[3] ?? '').replaceAll(/\\(.)/g, '$1');
    return [{ kind: 'include', directory: include[1] !== undefined, path }];
  }
  if (cursor.peek(/^[@#]include/)) throw new Broken('include');
  const defaults = cursor.take(/^Defaults(?:([@:>!])|(?=[ \t]))/);
  if (defaults !== undefined) return [readDefaults(cursor, SCOPES[defaults[1] ?? ''] ?? 'all')];
  const alias = cursor.take(/^(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)[ \t]+/);
  if (alias !== undefined) return readAliases(cursor, ALIASES[alias[1] ?? ''] ?? 'user');
  return readRules(cursor);
}

function readDefaults(cursor: Cursor, scope: SudoScope): Bare<SudoersStatement> {
  const members =
    scope === 'all'
      ? []
      : scope === 'command'
        ? cursor.list(() => cursor.command(false))
        : cursor.list(() => cursor.item(scope === 'host'));
  const settings = cursor.list((): SudoSetting => {
    const sign = cursor.take(/^[ \t]*(!*)[ \t]*/)?.[1] ?? '';
    const name = cursor.take(/^[a-z_][a-z0-9_]*/i)?.[0];
    if (name === undefined) throw new Broken('Defaults');
    const value = cursor.take(/^[ \t]*([+-]?)=[ \t]*(?:"((?:\\.|[^"\\])*)"|((?:\\.|[^\s,\\])*))/);
    const text = value === undefined ? undefined : (value[2] ?? value[3] ?? '');
    return { name, negated: sign.length % 2 === 1, value: text, removes: value?.[1] === '-' };
  });
  cursor.finish();
  return { kind: 'defaults', scope, members, settings };
}

function readAliases(cursor: Cursor, of: SudoAliasKind): readonly Bare<SudoersStatement>[] {
  const found: Bare<SudoersStatement>[] = [];
  do {
    const name = cursor.take(/^[ \t]*([A-Z][A-Z0-9_]*)[ \t]*=/)?.[1];
    if (name === undefined) throw new Broken('an alias without name');
    const members = cursor.list(() => (of === 'command' ? cursor.command() : cursor.item(of === 'host')));
    found.push({ kind: 'alias', of, name, members });
  } while (cursor.take(/^[ \t]*:/) !== undefined);
  cursor.finish();
  return found;
}

/** `users hosts = commands : hosts = commands`: a rule for each part. */
function readRules(cursor: Cursor): readonly Bare<SudoersStatement>[] {
  const users = cursor.list(() => cursor.item());
  const rules: Bare<SudoersStatement>[] = [];
  do {
    const hosts = cursor.list(() => cursor.item(true));
    if (cursor.take(/^[ \t]*=/) === undefined) throw new Broken('a rule without =');
    let before: Omit<SudoGrant, 'command'> = { runas: undefined, passwd: undefined, noexec: false, setenv: undefined };
    const grants = cursor.list((): SudoGrant => {
      before = readOptions(cursor, before);
      return { ...before, command: cursor.command() };
    });
    rules.push({ kind: 'rule', users, hosts, grants });
  } while (cursor.take(/^[ \t]*:/) !== undefined);
  cursor.finish();
  return rules;
}

/** `(runas) OPTION=value TAG:` before a command; what is not written is inherited from the command before. */
function readOptions(cursor: Cursor, before: Omit<SudoGrant, 'command'>): Omit<SudoGrant, 'command'> {
  let { runas, passwd, noexec, setenv } = before;
  if (cursor.take(/^[ \t]*\(/) !== undefined) {
    const users = cursor.peek(/^[ \t]*[:)]/) ? [] : cursor.list(() => cursor.item());
    const groups = cursor.take(/^[ \t]*:/) === undefined || cursor.peek(/^[ \t]*\)/) ? [] : cursor.list(() => cursor.item());
    if (cursor.take(/^[ \t]*\)/) === undefined) throw new Broken('a parenthesis is not closed');
    runas = { users, groups };
  }
  for (;;) {
    const option = cursor.take(/^[ \t]*([A-Z_]+)[ \t]*=[ \t]*(?:"[^"]*"|(?:\\.|[^\s,\\])+)/, (found) => OPTION.test(found[1] ?? ''));
    if (option !== undefined) continue;
    const tag = cursor.take(/^[ \t]*([A-Z_]+)[ \t]*:/, (found) => TAG.test(found[1] ?? ''))?.[1];
    if (tag === undefined) return { runas, passwd, noexec, setenv };
    if (tag.endsWith('PASSWD')) {
      passwd = tag === 'PASSWD';
      // `PASSWD: ALL` looks like a password.
      cursor.markPlain();
    }
    if (tag.endsWith('SETENV')) setenv = tag === 'SETENV';
    if (tag.endsWith('EXEC')) noexec = tag === 'NOEXEC';
  }
}

/** Reads a logical line from left to right. */
class Cursor {
  readonly #line: string;
  readonly #offset: number;
  readonly #plain: Set<number>;
  #at: number;

  constructor(line: string, at: number, offset: number, plain: Set<number>) {
    this.#line = line;
    this.#at = at;
    this.#offset = offset;
    this.#plain = plain;
  }

  /** What comes next is no secret. */
  markPlain(): void {
    this.#plain.add(this.#offset + this.#line.slice(this.#at, this.#at + WINDOW).search(/\S|$/) + this.#at);
  }

  /** What comes next, if it is that; `accept` may still refuse it. */
  take(pattern: RegExp, accept: (found: RegExpExecArray) => boolean = () => true): RegExpExecArray | undefined {
    const found = pattern.exec(this.#line.slice(this.#at, this.#at + WINDOW));
    if (found === null || !accept(found)) return undefined;
    this.#at += found[0].length;
    return found;
  }

  peek(pattern: RegExp): boolean {
    return pattern.test(this.#line.slice(this.#at, this.#at + 256));
  }

  /** Members with commas between them. */
  list<T>(read: () => T): readonly T[] {
    const members = [read()];
    while (this.take(/^[ \t]*,/) !== undefined) members.push(read());
    return members;
  }

  finish(): void {
    if (this.#line.slice(this.#at).trim() !== '') throw new Broken(`"${this.#line.slice(this.#at).trim().slice(0, 40)}"`);
  }

  /** A member of a list of users, hosts or runas; IPv6 networks are hosts with colons. */
  item(host = false): SudoItem {
    const negated = this.#negation();
    const start = this.#at;
    const address = host ? this.take(/^[0-9a-f]{0,4}:[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d{1,3})?(?=[\s,=]|$)/i)?.[0] : undefined;
    const quoted = address === undefined ? this.take(/^([%+]?:?)"((?:\\.|[^"\\])*)"/) : undefined;
    const word = address ?? (quoted === undefined ? this.take(/^(?:\\.|[^\s,:=!()"\\])+/)?.[0] : undefined);
    if (word === undefined && quoted === undefined) throw new Broken('a name is missing');
    const text = quoted === undefined ? (word ?? '') : `${quoted[1] ?? ''}${quoted[2] ?? ''}`;
    const more = quoted === undefined && text === '%' ? (this.take(/^:(?:\\.|[^\s,:=!()"\\])+/)?.[0] ?? '') : '';
    return {
      text: unescaped(text + more),
      negated,
      quoted: quoted?.[1] === '',
      start: this.#offset + start,
      end: this.#offset + this.#at,
    };
  }

  /** A command, with its arguments where it may have any: they end at a comma, at a colon, or where the line does. */
  command(withArguments = true): SudoCommand {
    // Digests hold a command to one content of its file; which command it is they do not change.
    while (this.take(/^[ \t]*sha(?:224|256|384|512)[ \t]*:[ \t]*[A-Za-z0-9+/=]+(?:[ \t]*,(?=[ \t]*sha\d)|[ \t]+)/) !== undefined);
    const negated = this.#negation();
    const start = this.#at;
    const regex = this.take(/^\^(?:\\.|[^\\$])*\$/)?.[0];
    const word = regex ?? this.take(/^(?:\\.|[^\s,:=!()\\#])+/)?.[0];
    if (word === undefined) throw new Broken('a command is missing');
    const name = regex ?? unescaped(word);
    const takesArguments = withArguments && (regex !== undefined || name.startsWith('/') || name === 'sudoedit' || name === 'list');
    const args = takesArguments ? this.take(ARGUMENTS)?.[1]?.trim() : undefined;
    return {
      text: name,
      negated,
      quoted: false,
      start: this.#offset + start,
      end: this.#offset + this.#at,
      ...(args === undefined || args === '' ? {} : { args: unescaped(args) }),
    };
  }

  #negation(): boolean {
    const signs = this.take(/^[ \t]*((?:![ \t]*)*)/)?.[1] ?? '';
    return signs.replaceAll(/[^!]/g, '').length % 2 === 1;
  }
}

/** A member is looked for in this much of a line. */
const WINDOW = 16_384;
const ARGUMENTS = /^([ \t]+(?:\\.|[^\\,:])*)/;

/** Signs of sudoers lose their backslash; wildcards keep it, since then they stand for themselves. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\x([0-9a-f]{2})/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/\\([^*?[\]!^])/g, '$1');
}
