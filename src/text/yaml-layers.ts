import type { Origin, Unknown } from '../model/fact.ts';
import type { SourceText } from './source-text.ts';
import { yamlEntry, type YamlNode } from './yaml.ts';

/** A YAML value together with the text that it stands in. */
export interface PlacedNode {
  readonly source: SourceText;
  readonly node: YamlNode;
}

/** One of several texts that are laid over each other; unknown where one of them could not be read. */
export type YamlLayer = PlacedNode | Unknown;

/** Where a placed value stands. */
export function placeOfNode({ source, node }: PlacedNode): Origin {
  return source.origin(node.start, node.end);
}

/**
 * YAML maps laid over each other (overrides, inheritance, includes), the strongest first. A layer that could not be read
 * hides what lies below it: a search that reaches it gives its unknown. `!reset` and `!override` are obeyed.
 */
export class YamlLayers {
  readonly #layers: readonly YamlLayer[];

  constructor(layers: readonly YamlLayer[]) {
    this.#layers = layers;
  }

  /** The layers themselves, the strongest first. */
  get layers(): readonly YamlLayer[] {
    return this.#layers;
  }

  /** The value in force at a path; null values say nothing. */
  first(...path: readonly string[]): YamlLayer | undefined {
    for (const layer of this.#layers) {
      if ('state' in layer) return layer;
      const { value, last } = walk(layer, path);
      if (value !== undefined) return value;
      if (last) return undefined;
    }
    return undefined;
  }

  /** The values of all layers at a path, the weakest first, and the layers that could not be read. */
  all(...path: readonly string[]): { readonly values: readonly PlacedNode[]; readonly holes: readonly Unknown[] } {
    const values: PlacedNode[] = [];
    const holes: Unknown[] = [];
    for (const layer of this.#layers) {
      if ('state' in layer) {
        holes.push(layer);
        continue;
      }
      const { value, last } = walk(layer, path);
      if (value !== undefined) values.unshift(value);
      if (last) break;
    }
    return { values, holes };
  }

  /** The elements of lists at a path, joined over all layers; a scalar in a list's place is its only element. */
  elements(...path: readonly string[]): { readonly values: readonly PlacedNode[]; readonly holes: readonly Unknown[] } {
    const { values, holes } = this.all(...path);
    return {
      values: values.flatMap(({ source, node }) =>
        node.kind === 'list' ? node.items.map((item) => ({ source, node: item })) : [{ source, node }],
      ),
      holes,
    };
  }

  /** Names of the entries of the maps at a path, over all layers. */
  names(...path: readonly string[]): readonly string[] {
    return [...new Set(this.all(...path).values.flatMap(({ node }) => (node.kind === 'map' ? node.entries.map(({ name }) => name) : [])))];
  }
}

/** Follows a path into one layer. `last` says that no weaker layer counts any more. */
function walk({ source, node }: PlacedNode, path: readonly string[]): { readonly value?: PlacedNode; readonly last: boolean } {
  let at = node;
  let last = false;
  for (const step of path) {
    const entry = yamlEntry(at, step);
    if (entry === undefined) return { last };
    at = entry.value;
    if (at.tag === '!reset') return { last: true };
    last ||= at.tag === '!override';
  }
  return at.kind === 'scalar' && at.value === null ? { last } : { value: { source, node: at }, last };
}
