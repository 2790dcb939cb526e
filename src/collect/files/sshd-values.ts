import { allTrue, anyTrue, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Word } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import { defaultAlgorithms, type AlgorithmList } from './sshd-defaults.ts';
import type { Conditions, SshdEntry, SshdSettings } from './sshd-settings.ts';

const MAX_ELEMENTS = 1000;

/** Settings as they are in force for one Match, or globally. */
export interface SshdScope {
  readonly settings: SshdSettings;
  readonly conditions: Conditions;
  readonly version: Fact<string>;
  /** Where a setting that is not written would stand. */
  readonly at: Origin;
}

/** A list of names, each with its own place. */
export type Names = Fact<readonly Fact<string>[]>;

/** Where the arguments of a line stand. */
export function placeOfArgs({ line, source }: SshdEntry): Origin {
  const [first] = line.args;
  const last = line.args.at(-1);
  return first === undefined || last === undefined ? source.origin(line.start, line.end) : source.origin(first.start, last.end);
}

/** What is written where a keyword counts first, if it can be read; undefined where nobody wrote it. */
export function argsOf(scope: SshdScope, ...names: readonly string[]): (SshdEntry & { readonly at: Origin }) | Unknown | undefined {
  const [name = ''] = names;
  const found = scope.settings.first(names, scope.conditions);
  if (found === undefined)
    return scope.settings.fragment ? unknown('unresolved', `${name}: a fragment that no file here includes`, scope.at) : undefined;
  if ('cause' in found) return { ...found, detail: `${name}: ${found.detail}` };
  const at = placeOfArgs(found);
  const { problem } = found.line;
  return problem === undefined ? { ...found, at } : unknown(problem.cause, `${name}: ${problem.detail}`, at);
}

/** A setting of one argument: what is written first, else the version's default. */
export function setting<T>(
  scope: SshdScope,
  name: string,
  parse: (text: string) => T | undefined,
  table: readonly DefaultSince<T>[],
): Fact<T> {
  const found = argsOf(scope, name);
  return found === undefined ? defaultOf(name, 'openssh', scope.version, table, scope.at) : single(found, name, parse);
}

/** The one argument of an entry. */
export function single<T>(
  found: (SshdEntry & { readonly at: Origin }) | Unknown,
  name: string,
  parse: (text: string) => T | undefined,
): Fact<T> {
  if ('cause' in found) return found;
  const [word, ...more] = found.line.args;
  const value = word === undefined || more.length > 0 ? undefined : parse(word.text);
  const text = found.line.args.map((one) => one.text).join(' ');
  return value === undefined ? unknown('unparseable', `${name} ${text.slice(0, 60)}`, found.at) : known(value, found.at);
}

/** sshd compares its switches without regard to case, and knows no `true` and `false`. */
export function yesNo(text: string): boolean | undefined {
  return /^yes$/i.test(text) ? true : /^no$/i.test(text) ? false : undefined;
}

/** TIME FORMATS of sshd_config(5): `120`, `2m`, `1h30m`. */
export function seconds(text: string): number | undefined {
  if (!/^(?:\d{1,9}[smhdw]?){1,8}$/i.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return [...text.matchAll(/(\d+)([smhdw]?)/gi)].reduce(
    (sum, [, number = '0', unit = '']) => sum + Number(number) * (units[unit.toLowerCase()] ?? 1),
    0,
  );
}

/** The elements of a comma-separated word, each at its place; a quoted word's elements stand at the word. */
export function elements(word: Word, source: SourceText, skip = 0): readonly { readonly text: string; readonly at: Origin }[] {
  const whole = source.origin(word.start, word.end);
  return [...word.text.slice(skip).matchAll(/[^,]+/g)].slice(0, MAX_ELEMENTS).map(({ 0: text, index }) => ({
    text,
    at: word.quoted ? whole : source.origin(word.start + skip + index, word.start + skip + index + text.length),
  }));
}

/** A list of algorithms: `+` adds to the version's default, `^` puts before it, `-` takes away from it. */
export function algorithms(scope: SshdScope, name: AlgorithmList): Names {
  const found = argsOf(scope, name);
  const standard = defaultAlgorithms(name, scope.version, scope.at);
  if (found === undefined)
    return standard.state === 'known'
      ? known(
          standard.value.map((text) => known(text, standard.origin)),
          standard.origin,
        )
      : standard;
  if ('cause' in found) return found;
  const [word, ...more] = found.line.args;
  const [, sign = '', body = ''] = /^([+^-]?)(.*)$/s.exec(word?.text ?? '') ?? [];
  if (word === undefined || more.length > 0 || body === '') return unknown('unparseable', name, found.at);
  const listed = elements(word, found.source, sign.length);
  const open =
    body.split(',', MAX_ELEMENTS + 1).length > MAX_ELEMENTS ? [unknown('unsupported', `${name}: more than ${MAX_ELEMENTS}`, found.at)] : [];
  // A pattern stands for algorithms that the version knows.
  const written = listed.map(({ text, at }): Fact<string> =>
    /[*?]/.test(text) ? unknown('unsupported', `${name} ${text.slice(0, 60)}`, at) : known(text, at),
  );
  if (sign === '') return known(written, found.at, open);
  if (standard.state !== 'known')
    return sign === '-' || standard.state === 'absent' ? standard : known(written, found.at, [...open, standard]);
  const from = derived(`${sign} changes the default`, found.at, standard.origin);
  if (sign === '-') {
    const gone = listed.map(({ text }) => pattern(text));
    return known(
      standard.value.filter((text) => !gone.some((one) => one(text))).map((text) => known(text, from)),
      from,
      open,
    );
  }
  const names = new Set(listed.map(({ text }) => text));
  const others = standard.value.filter((text) => !names.has(text)).map((text) => known(text, from));
  if (sign === '^') return known([...written, ...others], from, open);
  // What is added stands behind, and what was there already where it stood.
  const usual = new Set(standard.value);
  const added = written.filter((name) => name.state !== 'known' || !usual.has(name.value));
  return known([...standard.value.map((text) => known(text, from)), ...added], from, open);
}

/** A pattern of sshd: `*` and `?` only. Matched without regular expressions that could run away. */
export function pattern(text: string): (name: string) => boolean {
  const parts = text.replaceAll(/\*+/g, '*').slice(0, 200);
  return (name) => {
    let reached = new Set([0]);
    const close = (): void => {
      for (const at of reached) if (parts[at] === '*') reached.add(at + 1);
    };
    close();
    for (const character of name) {
      const next = new Set<number>();
      for (const at of reached) {
        if (parts[at] === '*') next.add(at);
        else if (parts[at] === '?' || parts[at] === character) next.add(at + 1);
      }
      reached = next;
      close();
    }
    return reached.has(parts.length);
  };
}

/** True where one of them is; unknown where one may be. */
export function anyOf(rule: string, first: Fact<boolean>, ...rest: readonly Fact<boolean>[]): Fact<boolean> {
  const decided = anyTrue([first, ...rest]);
  return decided.state !== 'known' || decided.value ? decided : known(false, byEach(rule, decided.origin, rest));
}

/** True where all of them are; false as soon as one is. */
export function allOf(rule: string, first: Fact<boolean>, ...rest: readonly Fact<boolean>[]): Fact<boolean> {
  const decided = allTrue([first, ...rest]);
  return decided.state !== 'known' || !decided.value ? decided : known(true, byEach(rule, decided.origin, rest));
}

function byEach(rule: string, first: Origin, rest: readonly Fact<boolean>[]): Origin {
  return derived(rule, first, ...rest.flatMap(({ origin }) => origin ?? []));
}
