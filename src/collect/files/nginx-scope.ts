import { known, unknown, type Fact, type NonEmpty, type Origin, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import type { FormatContext } from './format.ts';
import { byName, originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

/** What the reading of one nginx tree needs to know besides its text. */
export interface NginxWorld {
  readonly target: Target;
  readonly nginx: Fact<string>;
  readonly openssl: Fact<string>;
  /** nginx's configuration directory, in the tree: relative paths are taken from it. */
  readonly base: string;
  readonly include: FormatContext['include'];
}

/** A block and the blocks around it, which it inherits from. */
export interface Scope {
  readonly level: Level;
  /** Where something that this block does not say would have to be written. */
  readonly at: Origin;
  readonly parent?: Scope;
  /** The only directives that can stand in this block, so that nothing else is hidden in it. */
  readonly holds?: readonly string[];
}

/** A directive where it is in force: all of its name at the innermost level that has any. */
export interface InForce {
  readonly state: 'set';
  readonly nodes: NonEmpty<Node>;
  /** What could not be read at that level: lists may go on there. */
  readonly holes: readonly Unknown[];
}

/** Nobody writes it, and nothing is hidden where it could stand. */
export interface Unset {
  readonly state: 'unset';
  readonly at: Origin;
}

/** A block inside of `parent`. */
export function inner(parent: Scope, node: Node, level: Level): Scope {
  return { level, at: node.source.origin(node.word.start, (node.args.at(-1) ?? node.word).end), parent };
}

/** The directives of a name that are in force, as nginx inherits: a level that has any replaces all above it. */
export function inForce(scope: Scope, name: string): InForce | Unset | Unknown {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const { holds } = at;
    if (holds !== undefined && !holds.includes(name)) continue;
    const [first, ...rest] = byName(at.level).get(name) ?? [];
    if (first !== undefined) return { state: 'set', nodes: [first, ...rest], holes: at.level.holes.map(({ why }) => why) };
    const [hole] = at.level.holes;
    // What is missing here may set it, and would win over the levels above.
    if (hole !== undefined) return hole.why;
  }
  return { state: 'unset', at: scope.at };
}

/** A setting of one word. Written twice at one level nginx refuses it; what a variable decides is unknown. */
export function setting<T>(scope: Scope, name: string, parse: (text: string) => T | undefined, missing: (at: Origin) => Fact<T>): Fact<T> {
  const found = inForce(scope, name);
  if (found.state === 'unknown') return unknown(found.cause, `${name}: ${found.detail}`, found.origin);
  if (found.state === 'unset') return missing(found.at);
  const [node, second] = found.nodes;
  if (second !== undefined) return unknown('unparseable', `${name} is written twice`, originOf(second));
  const [word] = node.args;
  if (word?.dynamic === true) return unknown('unresolved', `${name} ${word.text}`, originOf(node));
  const value = word === undefined || node.args.length !== 1 ? undefined : parse(word.text);
  return value === undefined
    ? unknown('unparseable', `${name} ${node.args.map(({ text }) => text).join(' ')}`.slice(0, 200), originOf(node))
    : known(value, originOf(node));
}

/** The default of a known version of nginx. */
export function nginxDefault<T>(world: NginxWorld, name: string, ...table: readonly DefaultSince<T>[]): (at: Origin) => Fact<T> {
  return (at) => defaultOf(name, 'nginx', world.nginx, table, at);
}

/** A default that nginx has had from the beginning. */
export function always<T>(value: T): DefaultSince<T> {
  return { since: '0', value };
}

/** A list of names out of a closed set, which nginx joins when it is written more than once at one level. */
export function nameList<T extends string>(
  scope: Scope,
  name: string,
  names: readonly T[],
  missing: (at: Origin) => Fact<readonly T[]>,
): Fact<readonly Fact<T>[]> {
  const found = inForce(scope, name);
  if (found.state === 'unknown') return unknown(found.cause, `${name}: ${found.detail}`, found.origin);
  if (found.state === 'unset') {
    const fallback = missing(found.at);
    return fallback.state === 'known'
      ? known(
          fallback.value.map((value) => known(value, fallback.origin)),
          fallback.origin,
        )
      : fallback;
  }
  const open: Unknown[] = [...found.holes];
  const elements: Fact<T>[] = [];
  const seen = new Set<T>();
  for (const node of found.nodes) {
    for (const word of node.args) {
      // nginx compares without regard to case.
      const value = names.find((one) => one.toLowerCase() === word.text.toLowerCase());
      if (value === undefined) {
        const text = `${name} ${word.text}`.slice(0, 200);
        if (open.length < MAX_OPEN) open.push(unknown(word.dynamic ? 'unresolved' : 'unparseable', text, wordOrigin(node, word)));
      } else if (!seen.has(value)) {
        seen.add(value);
        elements.push(known(value, wordOrigin(node, word)));
      }
    }
  }
  return known(elements, originOf(found.nodes[0]), open);
}

/** One word that nobody understands opens a list; thousands say no more. */
const MAX_OPEN = 20;

export function onOff(text: string): boolean | undefined {
  return /^on$/i.test(text) ? true : /^off$/i.test(text) ? false : undefined;
}

const SECONDS: Readonly<Record<string, number>> = { y: 31_536_000, M: 2_592_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1, '': 1 };

/** A time in seconds: `5m`, `1h 30m`, `300`. https://nginx.org/en/docs/syntax.html */
export function seconds(text: string): number | undefined {
  if (text === '' || !/^(?:\d{1,9}[yMwdhms] ?){0,8}(?:\d{1,9})?$/.test(text) || text.endsWith(' ')) return undefined;
  return [...text.matchAll(/(\d+)([yMwdhms]?)/g)].reduce((sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 1), 0);
}

/** A size in bytes: `0`, `8k`, `1m`, `2g`. */
export function bytes(text: string): number | undefined {
  const match = /^(\d{1,15})([kmg]?)$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
}
