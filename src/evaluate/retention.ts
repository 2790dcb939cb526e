import type { CompiledControl } from '../cel/control.ts';
import { typeName } from '../cel/environment.ts';
import { NAMING_ATTRIBUTES } from '../cel/template.ts';
import type { Fact, FactRecord, FactValue, Origin } from '../model/fact.ts';
import type { Coverage, Resource } from '../model/resource.ts';

/**
 * What is kept of resources that must wait for their neighbours, or be neighbours: of the attributes, those that some control
 * with a `resources("…")` reads. A fleet's access rules are the bulk of its evidence, and what is asked of them is whom they let in.
 */
export class Retention {
  readonly #attributes = new Set<string>(NAMING_ATTRIBUTES);
  readonly #whole: boolean;

  constructor(controls: readonly CompiledControl[]) {
    const waiting = controls.filter(({ kinds, attested }) => kinds.length > 0 || attested !== undefined);
    this.#whole = waiting.some(({ readsAny }) => readsAny);
    for (const { reads } of waiting) for (const read of reads) this.#attributes.add(read);
  }

  /** Keeps what one target's record says. */
  ofRecord(): Keeper {
    return new Keeper((kind, name) => {
      // An attestation is read by its form and by the controls that it speaks of, before any expression is.
      if (this.#whole || kind === 'attestation') return true;
      return this.#attributes.has(name) || this.#attributes.has(`${typeName(kind)}.${name}`);
    });
  }
}

/** Keeps parts of one record: each of them once, and each place once, however many facts stand there. */
export class Keeper {
  readonly #reads: (kind: string, attribute: string) => boolean;
  readonly #kept = new Map<Resource | Coverage, Resource | Coverage>();
  readonly #origins = new Map<string, Origin>();

  constructor(reads: (kind: string, attribute: string) => boolean) {
    this.#reads = reads;
  }

  resource(resource: Resource): Resource {
    return this.#once(resource, () => {
      const facts = Object.entries(resource.facts).filter(([name]) => this.#reads(resource.kind, name));
      return { ...resource, facts: Object.fromEntries(facts.map(([name, fact]) => [name, this.#fact(fact)])) };
    });
  }

  coverage(coverage: Coverage): Coverage {
    return this.#once(coverage, () => ({ ...coverage, looked: this.#fact(coverage.looked) }));
  }

  #once<T extends Resource | Coverage>(whole: T, make: () => T): T;
  #once(whole: Resource | Coverage, make: () => Resource | Coverage): Resource | Coverage {
    const before = this.#kept.get(whole) ?? make();
    this.#kept.set(whole, before);
    return before;
  }

  #fact(fact: Fact<FactValue>): Fact<FactValue> {
    if (fact.origin === undefined) return fact;
    if (fact.state !== 'known') return { ...fact, origin: this.#origin(fact.origin) };
    return { ...fact, value: this.#value(fact.value), origin: this.#origin(fact.origin) };
  }

  #value(value: FactValue): FactValue {
    if (typeof value !== 'object') return value;
    if (isList(value)) return value.map((element) => this.#fact(element));
    return Object.fromEntries(Object.entries(value).map(([name, fact]) => [name, this.#fact(fact)]));
  }

  #origin(origin: Origin): Origin {
    if (origin.kind === 'derived') {
      const [first, ...rest] = origin.from;
      return { ...origin, from: [this.#origin(first), ...rest.map((one) => this.#origin(one))] };
    }
    if (origin.kind !== 'file') return origin;
    const { file, start, end, digest, on = '' } = origin.range;
    const key = `${start.line}:${start.column}-${end.line}:${end.column} ${digest} ${on} ${file}`;
    const same = this.#origins.get(key) ?? origin;
    this.#origins.set(key, same);
    return same;
  }
}

function isList(value: readonly Fact<FactValue>[] | FactRecord): value is readonly Fact<FactValue>[] {
  return Array.isArray(value);
}
