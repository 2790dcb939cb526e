import type { Fact, FactRecord, FactValue } from '../model/fact.ts';

/** What a fact says: a value, that it is not there, or nothing. */
export type Said<T> = { readonly state: 'said'; readonly value: T } | { readonly state: 'absent' } | { readonly state: 'unknown' };

/** A list of facts: its known elements, and whether there may be more. */
export interface SaidList<T> {
  readonly values: readonly T[];
  readonly whole: boolean;
}

/** Reads the facts of one resource by the types of its kind; what is of another type is unknown. */
export class FactReader {
  readonly #facts: FactRecord;

  constructor(facts: FactRecord) {
    this.#facts = facts;
  }

  string(name: string): Said<string> {
    return scalar(this.#facts[name], (value) => (typeof value === 'string' ? value : undefined));
  }

  number(name: string): Said<number> {
    return scalar(this.#facts[name], (value) => (typeof value === 'number' ? value : undefined));
  }

  boolean(name: string): Said<boolean> {
    return scalar(this.#facts[name], (value) => (typeof value === 'boolean' ? value : undefined));
  }

  strings(name: string): SaidList<string> {
    return list(this.#facts[name], (value) => (typeof value === 'string' ? value : undefined));
  }

  records(name: string): SaidList<FactReader> {
    return list(this.#facts[name], (value) => (isRecord(value) ? new FactReader(value) : undefined));
  }
}

function isRecord(value: FactValue): value is FactRecord {
  return typeof value === 'object' && !Array.isArray(value);
}

function scalar<T>(fact: Fact<FactValue> | undefined, read: (value: FactValue) => T | undefined): Said<T> {
  if (fact === undefined || fact.state === 'unknown') return { state: 'unknown' };
  if (fact.state === 'absent') return { state: 'absent' };
  const value = read(fact.value);
  return value === undefined ? { state: 'unknown' } : { state: 'said', value };
}

function list<T>(fact: Fact<FactValue> | undefined, read: (value: FactValue) => T | undefined): SaidList<T> {
  if (fact === undefined || fact.state !== 'known' || !isList(fact.value)) return { values: [], whole: false };
  const values = fact.value.flatMap((element) => {
    const value = element.state === 'known' ? read(element.value) : undefined;
    return value === undefined ? [] : [value];
  });
  return { values, whole: fact.open === undefined && values.length === fact.value.length };
}

function isList(value: FactValue): value is readonly Fact<FactValue>[] {
  return Array.isArray(value);
}

/** The value, or undefined where there is none to say. */
export function valueOf<T>(said: Said<T>): T | undefined {
  return said.state === 'said' ? said.value : undefined;
}
