import { posix } from 'node:path';
import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { lexLines, type Line, type LineSyntax, type Word } from '../../text/lines.ts';
import { isReference, isSecretName } from '../../text/secrets.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import type { FormatContext } from './format.ts';
import { isRedisDirective } from './redis-directives.ts';

/** redis.conf: `#` begins a comment at a line's start only; both quotes; the last of several settings counts. */
const SYNTAX: LineSyntax = {
  comment: ['#'],
  commentAnywhere: false,
  quotes: ['"', "'"],
  escape: 'backslash',
  separators: [],
  continuation: false,
};

/** A directive as it stands, with the file it stands in. */
export interface RedisDirective {
  readonly name: string;
  readonly words: readonly Word[];
  readonly line: Line;
  readonly source: SourceText;
}

/** A place where anything may be set: what stands behind it still counts, what stands before it may be overridden. */
interface Hole {
  readonly why: Unknown;
  /** How many directives stand before it. */
  readonly after: number;
}

/** All directives of one instance, its includes in place. */
export interface RedisSettings {
  readonly main: SourceText;
  readonly all: readonly RedisDirective[];
  readonly holes: readonly Hole[];
  /** A line that Redis does not start with: nothing of the file is in force then. */
  readonly refused: Unknown | undefined;
}

/** Reads a redis.conf with what it includes; the files that it included are added to `included`. */
export async function readRedisSettings(main: SourceText, context: FormatContext, included: Set<string>): Promise<RedisSettings> {
  const all: RedisDirective[] = [];
  const holes: Hole[] = [];
  let refused: Unknown | undefined;
  const hole = (why: Unknown): void => void holes.push({ why, after: all.length });
  const visit = async (source: SourceText, chain: readonly string[]): Promise<void> => {
    const lines = lexLines(source, SYNTAX);
    // Before any range is made of the file: an excerpt shows the lines beside its own.
    markSecrets(source, lines);
    if (lines.some((line) => isStrange(line))) source.withholdExcerpts();
    for (const line of lines) {
      const [first, ...words] = line.words;
      if (first === undefined) continue;
      const at = (): Origin => source.origin(line.start, line.end);
      const name = first.text.toLowerCase();
      if (line.hides !== undefined) hole(unknown('unresolved', line.hides, at()));
      else if (line.broken) refused ??= unknown('unparseable', `${source.file}: a quote is not closed`, at());
      else if (isFilledIn(first.text)) hole(unknown('unresolved', 'a template in the place of a directive', at()));
      else if (!isRedisDirective(name)) refused ??= unknown('unparseable', `${source.file}: no directive of Redis`, at());
      else if (name !== 'include') all.push({ name, words, line, source });
      else {
        const pattern = words[0]?.text ?? '';
        const { files, gaps } = await context.include(pattern, posix.dirname(source.file));
        for (const gap of gaps) hole({ ...gap, origin: at() });
        for (const file of files) {
          if (chain.includes(file.file)) hole(unknown('unresolved', `include loop: ${pattern}`, at()));
          else {
            included.add(file.file);
            await visit(file, [...chain, file.file]);
          }
        }
      }
    }
  };
  await visit(main, [main.file]);
  return { main, all, holes, refused };
}

/** Nobody can tell what such a line holds: a secret, too. */
function isStrange({ words, broken, hides }: Line): boolean {
  const [first] = words;
  return hides === undefined && (broken || (first !== undefined && !isFilledIn(first.text) && !isRedisDirective(first.text)));
}

/** A comment that is a directive switched off. */
const COMMENTED = /^[ \t]*#[ \t]*([A-Za-z][\w-]{1,60})[ \t]+(\S[^\n]{0,4000})$/gm;

/** Marks every password: of directives in any case, up to the end of the value, and in comments. */
function markSecrets(source: SourceText, lines: readonly Line[]): void {
  for (const match of source.text.matchAll(COMMENTED)) {
    const [whole, name = '', value = ''] = match;
    const start = match.index + whole.length - value.length;
    if (isSecretName(name)) source.markSecret(start, start + value.trimEnd().length, name);
    else if (/^(?:user|sentinel)$/i.test(name))
      for (const rule of value.matchAll(/(?:["']?[<>]|(?:auth|sentinel)-pass[ \t]+(?:\S+[ \t]+)?)(\S+)/gi)) {
        const end = start + rule.index + rule[0].length;
        source.markSecret(end - (rule[1]?.length ?? 0), end, `password of ${name.toLowerCase()}`);
      }
  }
  for (const { words } of lines) {
    const [first, second, third, ...others] = words;
    if (first === undefined || second === undefined) continue;
    const name = first.text.toLowerCase();
    const last = words.at(-1) ?? second;
    if (name === 'user') markRules(source, second.text, words.slice(2));
    else if (name === 'sentinel' && /^(?:auth-pass|sentinel-pass)$/i.test(second.text)) {
      // sentinel auth-pass <master> <password>; sentinel sentinel-pass <password>
      const value = /^auth/i.test(second.text) ? others[0] : third;
      if (value !== undefined && isSecret(value.text)) source.markSecret(value.start, last.end, `sentinel ${second.text.toLowerCase()}`);
    } else if (
      isSecretName(name) &&
      isSecret(
        words
          .slice(1)
          .map(({ text }) => text)
          .join(' '),
      )
    )
      source.markSecret(second.start, last.end, name);
  }
}

function isSecret(value: string): boolean {
  return value !== '' && !isReference(value);
}

/** `>password` and `<password` of a `user` line. */
function markRules(source: SourceText, user: string, rules: readonly Word[]): void {
  for (const { text, start, end } of rules) {
    if (/^[<>]/.test(text) && isSecret(text.slice(1)))
      source.markSecret(source.text.indexOf(text.charAt(0), start) + 1, end, `password of ${user}`);
  }
}

/** Where a directive's values stand. */
export function originOfDirective({ source, line, words }: RedisDirective): Origin {
  const [first] = words;
  const end = words.at(-1);
  return first === undefined || end === undefined ? source.origin(line.start, line.end) : source.origin(first.start, end.end);
}

/** The last directive of a name, which is the one that Redis obeys; unknown where something that cannot be seen may override it. */
export function lastOf({ all, holes, refused }: RedisSettings, ...names: readonly string[]): RedisDirective | Unknown | undefined {
  const index = all.findLastIndex(({ name }) => names.includes(name));
  return refused ?? holes.find(({ after }) => after > index)?.why ?? all[index];
}

/** All directives of a name, which add up; unknown where something that cannot be seen may add to them. */
export function allOf({ all, holes, refused }: RedisSettings, name: string): readonly RedisDirective[] | Unknown {
  return refused ?? holes[0]?.why ?? all.filter((directive) => directive.name === name);
}

/** One setting: what is written, else the version's default. */
export function redisSetting<T>(
  settings: RedisSettings,
  context: FormatContext,
  name: string,
  parse: (text: string) => T | undefined,
  table: readonly DefaultSince<T>[],
): Fact<T> {
  const directive = lastOf(settings, name);
  if (directive === undefined) return defaultOf(name, 'redis', context.version('redis'), table, settings.main.origin(0, 0));
  if ('state' in directive) return directive;
  const at = originOfDirective(directive);
  const text = directive.words.map((word) => word.text).join(' ');
  if (isFilledIn(text)) return unknown('unresolved', `${name}: a value that is filled in elsewhere`, at);
  const value = parse(text);
  return value === undefined ? unknown('unparseable', `${name} ${text}`.slice(0, 200), at) : known(value, at);
}

/** A default since the beginning. */
export const always = <T>(value: T): readonly DefaultSince<T>[] => [{ since: '0', value }];
export const yesNo = (text: string): boolean | undefined => (/^yes$/i.test(text) ? true : /^no$/i.test(text) ? false : undefined);
export const integer = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
