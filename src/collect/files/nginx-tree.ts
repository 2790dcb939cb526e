import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { parseNginx, type NginxDirective, type NginxWord } from '../../text/nginx.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isManagedHead } from '../../text/template.ts';
import type { FormatContext } from './format.ts';
import { withoutSecrets } from './nginx-secrets.ts';

/** A directive in the file it stands in, with what its block holds once includes are in place. */
export interface Node {
  readonly name: string;
  readonly word: NginxWord;
  readonly args: readonly NginxWord[];
  readonly source: SourceText;
  readonly block?: Level;
}

/** A place in a block where something may stand that we cannot see: behind how many of its directives, and why. */
export interface Hole {
  readonly after: number;
  readonly why: Unknown;
}

/** The content of a block (or of the main file), includes in place. */
export interface Level {
  readonly nodes: readonly Node[];
  readonly holes: readonly Hole[];
}

/** A file with everything that it includes. */
export interface Tree {
  readonly main: SourceText;
  readonly top: Level;
  readonly includes: ReadonlySet<string>;
}

/** Data that comes with nginx and holds no setting that is read here: if such a file is not there, nothing is hidden. */
const DATA_FILES = new Set([
  'mime.types',
  'fastcgi_params',
  'fastcgi.conf',
  'uwsgi_params',
  'scgi_params',
  'koi-utf',
  'koi-win',
  'win-utf',
]);
const MAX_CHAIN = 16;
const MAX_INCLUDES = 10_000;
const MAX_NODES = 400_000;
/** One hole makes unknown what it could hold; after many, further ones say no more. */
const MAX_HOLES = 50;

const INDEX = new WeakMap<Level, ReadonlyMap<string, readonly Node[]>>();

/** The directives of a block by name: a block of thousands of servers is asked for its settings by each of them. */
export function byName(level: Level): ReadonlyMap<string, readonly Node[]> {
  const before = INDEX.get(level);
  if (before !== undefined) return before;
  const index = Map.groupBy(level.nodes, ({ name }) => name);
  INDEX.set(level, index);
  return index;
}

/** Where the directive's value stands; its name where it has no argument. */
export function originOf({ word, args, source }: Pick<Node, 'word' | 'args' | 'source'>): Origin {
  const first = args[0] ?? word;
  return source.origin(first.start, (args.at(-1) ?? word).end);
}

/** Where one word of a directive stands. */
export function wordOrigin({ source }: Pick<Node, 'source'>, word: NginxWord): Origin {
  return source.origin(word.start, word.end);
}

/** Reads nginx files, each once, and puts includes in place. */
export class NginxFiles {
  readonly #context: FormatContext;
  readonly #parsed = new Map<string, readonly NginxDirective[] | Unknown>();

  constructor(context: FormatContext) {
    this.#context = context;
  }

  /** The directives of a file; an unknown with its place where nginx would refuse it. */
  parse(source: SourceText): readonly NginxDirective[] | Unknown {
    const before = this.#parsed.get(source.file);
    if (before !== undefined) return before;
    const reading = parseNginx(source);
    if ('problem' in reading) {
      source.withholdExcerpts();
      const { message, start, end } = reading.problem;
      const why = unknown('unparseable', `${source.file}: ${message}`, source.origin(start, end));
      this.#parsed.set(source.file, why);
      return why;
    }
    const directives = withoutSecrets(source, reading.directives);
    this.#parsed.set(source.file, directives);
    return directives;
  }

  /** The file with its includes in place; relative ones are taken from `base`, nginx's configuration directory. */
  async tree(main: SourceText, base: string): Promise<Tree | Unknown> {
    const directives = this.parse(main);
    if (!isList(directives)) return directives;
    const includes = new Set<string>();
    const budget = { includes: 0, nodes: 0 };
    const fill = async (
      source: SourceText,
      list: readonly NginxDirective[],
      chain: readonly string[],
      into: { nodes: Node[]; holes: Hole[] },
    ): Promise<void> => {
      const hole = (why: Unknown, at: NginxDirective): void => {
        if (into.holes.length < MAX_HOLES)
          into.holes.push({ after: into.nodes.length, why: unknown(why.cause, why.detail, originOf({ ...at, source })) });
      };
      for (const directive of list) {
        budget.nodes += 1;
        if (budget.nodes > MAX_NODES) return hole(unknown('unsupported', `more than ${MAX_NODES} directives`), directive);
        const { name, word, args, block } = directive;
        if (directive.placeholder && isManagedHead(name)) continue;
        else if (directive.placeholder) hole(unknown('unresolved', name), directive);
        else if (name !== 'include') {
          if (block === undefined) into.nodes.push({ name, word, args, source });
          else {
            const inner: { nodes: Node[]; holes: Hole[] } = { nodes: [], holes: [] };
            await fill(source, block, chain, inner);
            into.nodes.push({ name, word, args, source, block: inner });
          }
        } else {
          const pattern = args[0]?.text ?? '';
          budget.includes += 1;
          if (args.length !== 1 || pattern === '') hole(unknown('unparseable', 'include'), directive);
          else if (args[0]?.dynamic === true) hole(unknown('unresolved', `include ${pattern}`), directive);
          else if (budget.includes > MAX_INCLUDES) hole(unknown('unsupported', `more than ${MAX_INCLUDES} includes`), directive);
          else {
            const { files, gaps } = await this.#context.include(pattern, base);
            budget.includes += files.length;
            for (const gap of gaps) if (!DATA_FILES.has(posix.basename(pattern))) hole(gap, directive);
            for (const file of files) {
              if (chain.includes(file.file)) hole(unknown('unresolved', `include ${pattern}: a loop`), directive);
              else if (chain.length >= MAX_CHAIN)
                hole(unknown('unsupported', `include ${pattern}: more than ${MAX_CHAIN} deep`), directive);
              else {
                includes.add(file.file);
                const content = this.parse(file);
                if (isList(content)) await fill(file, content, [...chain, file.file], into);
                else hole(content, directive);
              }
            }
          }
        }
      }
    };
    const top: { nodes: Node[]; holes: Hole[] } = { nodes: [], holes: [] };
    await fill(main, directives, [main.file], top);
    return { main, top, includes };
  }
}

function isList(parsed: readonly NginxDirective[] | Unknown): parsed is readonly NginxDirective[] {
  return Array.isArray(parsed);
}
