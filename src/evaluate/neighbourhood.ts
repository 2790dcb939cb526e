import { readFact, valued, type RecordValue, type Result } from '../cel/result.ts';
import type { UndecidedRead, Witness } from '../model/finding.ts';
import type { Coverage, Resource, TargetRecord } from '../model/resource.ts';
import type { Keeper } from './retention.ts';

/** A join of `resources(kind, key, value)`. */
export interface Join {
  readonly key: string;
  readonly value: boolean | number | string;
}

interface Member {
  readonly system: string;
  readonly resource: Resource;
}

/** A resource as expressions see it. */
export function subjectOf(resource: Resource, path: string): RecordValue {
  return { kind: 'record', facts: resource.facts, path, names: { id: resource.id, target: resource.target } };
}

/**
 * What `resources("…")` sees. Keeps the resources of the kinds that some control names, and of no other: that is what
 * bounds the memory of a fleet.
 */
export class Neighbourhood {
  readonly #kinds: ReadonlySet<string>;
  readonly #members = new Map<string, Member[]>();
  readonly #coverage = new Map<string, { readonly system: string; readonly target: string; readonly coverage: Coverage }[]>();
  readonly #indexes = new Map<string, Map<string, Result[]>>();

  constructor(kinds: Iterable<string>) {
    this.#kinds = new Set(kinds);
  }

  add(record: TargetRecord, keeper: Keeper): void {
    for (const resource of record.resources) {
      if (this.#kinds.has(resource.kind))
        push(this.#members, resource.kind, { system: record.target.system, resource: keeper.resource(resource) });
    }
    for (const [kind, coverage] of Object.entries(record.coverage)) {
      const { id, system } = record.target;
      if (this.#kinds.has(kind)) push(this.#coverage, kind, { system, target: id, coverage: keeper.coverage(coverage) });
    }
  }

  /** Can any target show this kind at all? */
  covers(kind: string): boolean {
    return this.#coverage.has(kind);
  }

  /**
   * The resources of a kind in one system (or, without one, in all): a list that is open unless every target that
   * can show the kind delivered it completely, and at least one can.
   */
  resources(system: string | undefined, kind: string, join?: Join): Result {
    const all = (this.#coverage.get(kind) ?? []).filter((source) => system === undefined || source.system === system);
    // Of one target that target alone tells, where it can: what others hide is not its own.
    const own = join?.key === 'target' ? all.filter(({ target }) => target === join.value) : [];
    const sources = own.length > 0 ? own : all;
    const path = `resources("${kind}")`;
    const open: UndecidedRead[] = sources.flatMap(({ target, coverage }) =>
      coverage.status === 'complete' ? [] : gapsOf(coverage, `${path} of ${target}`),
    );
    if (sources.length === 0) open.push({ path, cause: 'not-collected', detail: kind });
    const reads = sources.flatMap(({ coverage: { looked } }): Witness[] =>
      looked.state === 'known' ? [{ path, state: 'known', value: kind, origin: looked.origin }] : [],
    );
    const found = join === undefined ? this.#all(system, kind) : this.#joined(system, kind, join, open);
    return valued({ kind: 'list', items: found, open, source: path }, reads.slice(0, 3));
  }

  #all(system: string | undefined, kind: string): readonly Result[] {
    return (this.#members.get(kind) ?? [])
      .filter((member) => system === undefined || member.system === system)
      .map(({ resource }) => valued(subjectOf(resource, `resources("${kind}")[${resource.id.replaceAll(']', ')')}]`)));
  }

  /** By an index over the key, made once: joins must not be nested loops. A resource whose key is unknown leaves the list open. */
  #joined(system: string | undefined, kind: string, join: Join, open: UndecidedRead[]): readonly Result[] {
    const name = `${system ?? ''}\u0000${kind}\u0000${join.key}`;
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = new Map();
      for (const item of this.#all(system, kind)) {
        for (const key of keysOf(item, join.key)) push(index, key, item);
      }
      this.#indexes.set(name, index);
    }
    for (const item of index.get(UNKNOWN_KEY) ?? []) {
      if (item.state === 'value' && typeof item.value === 'object' && item.value.kind === 'record') {
        open.push({ path: `${item.value.path}.${join.key}`, cause: 'not-collected', detail: join.key });
      }
    }
    return index.get(keyText(join.value)) ?? [];
  }
}

const UNKNOWN_KEY = '\u0000unknown';

function keyText(value: boolean | number | string): string {
  return `${typeof value}:${value}`;
}

/** The values under which a resource is found: its attribute, or each element of its list attribute. */
function keysOf(item: Result, key: string): readonly string[] {
  if (item.state !== 'value' || typeof item.value !== 'object' || item.value.kind !== 'record') return [];
  const named = item.value.names?.[key];
  if (named !== undefined) return [keyText(named)];
  const read = readFact(item.value.facts[key], key);
  if (read.state === 'absent') return [];
  if (read.state !== 'value') return [UNKNOWN_KEY];
  if (typeof read.value !== 'object') return [keyText(read.value)];
  if (read.value.kind !== 'list') return [];
  const elements = read.value.items.map((element) =>
    element.state === 'value' && typeof element.value !== 'object' ? keyText(element.value) : UNKNOWN_KEY,
  );
  return read.value.open.length > 0 ? [...elements, UNKNOWN_KEY] : elements;
}

/** Why a coverage is not complete, as reads that could not be made. */
export function gapsOf(coverage: Coverage, path: string): readonly UndecidedRead[] {
  const gaps = coverage.gaps.map(({ cause, detail, origin }): UndecidedRead =>
    origin === undefined ? { path, cause, detail } : { path, cause, detail, origin },
  );
  return gaps.length > 0 ? gaps : [{ path, cause: 'not-collected', detail: path }];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
