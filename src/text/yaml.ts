import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments, type Document, type Scalar } from 'yaml';
import type { SourceText } from './source-text.ts';

/** Offsets of something in the source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A YAML value with the place where it stands. Aliases and merge keys are resolved; an aliased value stands at its anchor.
 * `tag` is one that YAML itself does not know (`!include`, `!reset`, `!vault`): what it does is its product's affair.
 */
export type YamlNode = Span &
  (
    | {
        readonly kind: 'scalar';
        readonly value: boolean | number | string | null;
        /** As it was written (`1.10`, `0640`, `yes`), for products that read a string where YAML sees a number. */
        readonly text: string;
        readonly style: 'plain' | 'quoted' | 'block';
        readonly tag?: string;
      }
    | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly tag?: string }
    | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly tag?: string }
  );

/** One entry of a map: its key's place, and its value. */
export interface YamlEntry {
  readonly name: string;
  readonly key: Span;
  readonly value: YamlNode;
}

/** Something that the parser did not accept, with its place. */
export interface YamlProblem extends Span {
  readonly message: string;
}

/** The documents of a text that could be read, and every problem. A text with problems has no documents. */
export interface YamlReading {
  readonly documents: readonly YamlNode[];
  readonly problems: readonly YamlProblem[];
}

/** More nodes than these after aliases are resolved is an attack, not a configuration. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 64;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PROBLEMS = 20;

class TooLarge extends Error {}

/**
 * Reads a YAML (or JSON) text. Duplicate keys are problems; what expands without bound is refused. An entry `<<` whose value
 * is a tagged scalar (`<<: !include common.yaml`) stays in its map under that name.
 */
export function parseYaml(source: SourceText): YamlReading {
  if (source.text.length > MAX_BYTES) return refuse(`larger than ${MAX_BYTES} characters`);
  if (nestsTooDeep(source.text)) return refuse(`nested deeper than ${MAX_DEPTH}`);
  // A comment to YAML, and a statement to the template that makes the file: it decides which lines are there.
  const statement = /^[ \t]{0,200}#[^\n]{0,500}?\{%/m.exec(source.text);
  if (statement !== null)
    return {
      documents: [],
      problems: [{ start: statement.index, end: statement.index + statement[0].length, message: 'a template statement' }],
    };
  let documents: readonly Document.Parsed[];
  try {
    // uniqueKeys compares each key of a map with every other: our own check, with a set, is linear.
    const parsed = parseAllDocuments(source.text, {
      uniqueKeys: false,
      merge: false,
      strict: true,
      version: '1.2',
      logLevel: 'silent',
      prettyErrors: false,
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch {
    return refuse('cannot be parsed'); // the parser's own stack, on hostile nesting
  }
  const errors = documents.flatMap((document) => document.errors).slice(0, MAX_PROBLEMS);
  if (errors.length > 0)
    return {
      documents: [],
      problems: errors.map(({ message, pos: [start, end] }) => ({ start, end: Math.max(end, start + 1), message: withoutSource(message) })),
    };
  const problems: YamlProblem[] = [];
  try {
    const nodes = documents.flatMap((document) =>
      document.contents === null ? [] : [new Resolver(problems).resolve(document.contents, 0)],
    );
    return problems.length > 0 ? { documents: [], problems: problems.slice(0, MAX_PROBLEMS) } : { documents: nodes, problems };
  } catch (error) {
    if (error instanceof TooLarge) return refuse(error.message);
    throw error;
  }
}

function refuse(message: string): YamlReading {
  return { documents: [], problems: [{ start: 0, end: 1, message }] };
}

/** The parser's message without what it quotes of the source: that may be a secret. */
function withoutSource(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/:? ?".*$/, '');
}

/** Collections nested by the thousand would exhaust the parser's stack. Brackets inside scalars are counted too, hence the room. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth -= 1;
    if (depth > 1000) return true;
  }
  return /(?:[-?:][ \t]+){200}/.test(text);
}

/** A value that an anchor names, with what an alias to it costs. `open` while it is being read: an alias then would never end. */
type Anchored =
  | { readonly state: 'open' }
  | { readonly state: 'read'; readonly node: YamlNode; readonly nodes: number; readonly height: number };

class Resolver {
  readonly #problems: YamlProblem[];
  /** By name; a later anchor of the same name replaces the earlier one for what follows it. */
  readonly #anchors = new Map<string, Anchored>();
  #nodes = 0;
  #deepest = 0;

  constructor(problems: YamlProblem[]) {
    this.#problems = problems;
  }

  resolve(node: unknown, depth: number): YamlNode {
    this.#count(1, depth);
    if (isAlias(node)) return this.#alias(node.source, spanOf(node), depth);
    const anchor = isScalar(node) || isSeq(node) || isMap(node) ? node.anchor : undefined;
    if (anchor === undefined) return this.#value(node, depth);
    this.#anchors.set(anchor, { state: 'open' });
    const before = this.#nodes;
    const deepest = this.#deepest;
    this.#deepest = depth;
    const value = this.#value(node, depth);
    this.#anchors.set(anchor, { state: 'read', node: value, nodes: this.#nodes - before + 1, height: this.#deepest - depth });
    this.#deepest = Math.max(deepest, this.#deepest);
    return value;
  }

  #count(nodes: number, depth: number): void {
    this.#nodes += nodes;
    this.#deepest = Math.max(this.#deepest, depth);
    if (this.#nodes > MAX_NODES) throw new TooLarge(`more than ${MAX_NODES} values once aliases are resolved`);
    if (depth > MAX_DEPTH) throw new TooLarge(`nested deeper than ${MAX_DEPTH}`);
  }

  #alias(name: string, at: Span, depth: number): YamlNode {
    const anchored = this.#anchors.get(name);
    if (anchored?.state === 'read') {
      this.#count(anchored.nodes, depth + anchored.height);
      return anchored.node;
    }
    this.#problem(at, anchored === undefined ? 'an alias to nothing' : 'an alias to what it stands in');
    return { kind: 'scalar', value: null, text: '', style: 'plain', ...at };
  }

  #value(node: unknown, depth: number): YamlNode {
    if (isScalar(node))
      return {
        kind: 'scalar',
        value: scalarValue(node),
        text: node.source ?? String(scalarValue(node) ?? ''),
        style: styleOf(node),
        ...tagOf(node),
        ...spanOf(node),
      };
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.resolve(item, depth + 1)), ...tagOf(node), ...spanOf(node) };
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node.items, depth), ...tagOf(node), ...spanOf(node) };
    return { kind: 'scalar', value: null, text: '', style: 'plain', start: 0, end: 0 };
  }

  /** Own keys win over merged ones, and of several merges the first. */
  #entries(pairs: readonly unknown[], depth: number): readonly YamlEntry[] {
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    const seen = new Set<string>();
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const key = this.resolve(pair.key, depth + 1);
      const name = key.kind === 'scalar' ? String(key.value) : JSON.stringify(toPlain(key));
      const value = this.resolve(pair.value, depth + 1);
      const at = { start: key.start, end: key.end };
      if (seen.has(name)) this.#problem(at, 'this key stands in its map twice');
      seen.add(name);
      if (name !== '<<' || (value.kind === 'scalar' && value.tag !== undefined)) {
        own.push({ name, key: at, value: value.end === 0 ? { ...value, start: key.end, end: key.end } : value });
        continue;
      }
      for (const from of value.kind === 'list' ? value.items : [value]) {
        if (from.kind !== 'map') this.#problem(at, 'only maps can be merged');
        else {
          this.#count(from.entries.length, depth);
          merged.push(...from.entries);
        }
      }
    }
    for (const entry of merged) {
      if (seen.has(entry.name)) continue;
      seen.add(entry.name);
      own.push(entry);
    }
    return own;
  }

  #problem(at: Span, message: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ start: at.start, end: Math.max(at.end, at.start + 1), message });
  }
}

function spanOf(node: { readonly range?: readonly number[] | null | undefined }): Span {
  const [start = 0, end = start] = node.range ?? [];
  return { start, end };
}

function tagOf({ tag }: { readonly tag?: string | undefined }): { readonly tag?: string } {
  return tag === undefined || tag.startsWith('tag:yaml.org,2002:') ? {} : { tag };
}

function scalarValue({ value }: Scalar): boolean | number | string | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function styleOf({ type }: Scalar): 'plain' | 'quoted' | 'block' {
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
    ? 'quoted'
    : type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL'
      ? 'block'
      : 'plain';
}

/** The node at a path of keys and indices, if it is there. */
export function yamlAt(node: YamlNode | undefined, ...path: readonly (string | number)[]): YamlNode | undefined {
  let at = node;
  for (const step of path) {
    if (at?.kind === 'map') at = yamlEntry(at, String(step))?.value;
    else if (at?.kind === 'list') at = at.items[Number(step)];
    else return undefined;
  }
  return at;
}

/** The entry of a map by its key. */
export function yamlEntry(node: YamlNode | undefined, name: string): YamlEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  const { entries } = node;
  if (entries.length < 16) return entries.find((entry) => entry.name === name);
  let index = indexes.get(entries);
  if (index === undefined) {
    index = new Map(entries.map((entry) => [entry.name, entry]));
    indexes.set(entries, index);
  }
  return index.get(name);
}

/** Large maps by name, so that asking for each of their entries stays linear. */
const indexes = new WeakMap<readonly YamlEntry[], ReadonlyMap<string, YamlEntry>>();

/** The value without places, for schema validation. Keys that would reach a prototype are plain own keys. */
export function toPlain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const { name, value } of node.entries) plain[name] = toPlain(value);
  return { ...plain };
}

/** The node that a JSON pointer names (`/targets/0/id`), or the nearest one above it that exists. */
export function yamlAtPointer(root: YamlNode, pointer: string): { readonly node: YamlNode; readonly entry?: YamlEntry } {
  let node = root;
  let entry: YamlEntry | undefined;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const own = yamlEntry(node, name);
    const next = own?.value ?? (node.kind === 'list' ? node.items[Number(name)] : undefined);
    if (next === undefined) break;
    node = next;
    entry = own;
  }
  return entry === undefined ? { node } : { node, entry };
}
