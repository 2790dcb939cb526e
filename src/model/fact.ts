import type { SourceRange } from './source-range.ts';

/** A list that cannot be empty: evidence, causes and witnesses are lists of this kind. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** Identifies a target within one plan: the `id` the user gave it in custos.yaml. */
export type TargetId = string;

/** Why something is not known. One table (`model/cause.ts`) turns each code into sentences and a next step. */
export const CAUSE_CODES = [
  'not-collected',
  'unreachable',
  'timed-out',
  'interrupted',
  'refused',
  'access-denied',
  'unparseable',
  'unresolved',
  'unsupported',
  'collector-failed',
] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

/** How we know. Every origin leads to a place: a range in a file, or a target that the user declared. */
export type Origin =
  | { readonly kind: 'file'; readonly range: SourceRange }
  | { readonly kind: 'wire'; readonly target: TargetId; readonly exchange: string }
  | { readonly kind: 'command'; readonly target: TargetId; readonly command: string; readonly line?: number }
  | { readonly kind: 'derived'; readonly rule: string; readonly from: NonEmpty<Origin> }
  | {
      readonly kind: 'attested';
      readonly attestation: string;
      readonly range: SourceRange;
      readonly by: 'self' | 'counterparty' | 'assessor';
    };

/** Something we could not find out. `detail` is verbatim foreign text or a short parameter, never a sentence. */
export interface Unknown {
  readonly state: 'unknown';
  readonly cause: CauseCode;
  readonly detail: string;
  readonly origin?: Origin;
}

/** We looked, here, and it is not there. */
export interface Absent {
  readonly state: 'absent';
  readonly origin: Origin;
}

/**
 * A value that was positively seen. `open` says that a list may have more elements than these
 * (an include that could not be read, a protocol that timed out).
 */
export interface Known<T> {
  readonly state: 'known';
  readonly value: T;
  readonly origin: Origin;
  readonly open?: NonEmpty<Unknown>;
}

/** What is known of one attribute. An unknown has no value to read: that is the lock on the first door to a false pass. */
export type Fact<T> = Known<T> | Absent | Unknown;

/** What a fact may hold. Elements that are judged one by one are facts themselves, each with its own origin. */
export type FactValue = boolean | number | string | readonly Fact<FactValue>[] | FactRecord;

/** A record of facts: a cipher suite, a header, a mount. */
export interface FactRecord {
  readonly [attribute: string]: Fact<FactValue>;
}

/** A value that was seen at `origin`. */
export function known<T>(value: T, origin: Origin, open?: readonly Unknown[]): Known<T> {
  const [first, ...rest] = open ?? [];
  return first === undefined ? { state: 'known', value, origin } : { state: 'known', value, origin, open: [first, ...rest] };
}

/** We looked at `origin` and it is not there. */
export function absent(origin: Origin): Absent {
  return { state: 'absent', origin };
}

/** Something that could not be found out. */
export function unknown(cause: CauseCode, detail: string, origin?: Origin): Unknown {
  return origin === undefined ? { state: 'unknown', cause, detail } : { state: 'unknown', cause, detail, origin };
}

/** A value that follows from others by a named rule (a product's default, inheritance, effective rights). */
export function derived(rule: string, first: Origin, ...rest: readonly Origin[]): Origin {
  return { kind: 'derived', rule, from: [first, ...rest] };
}

/** A value computed from another fact; what is not known stays not known, with its own cause. */
export function mapFact<A, B>(fact: Fact<A>, rule: string, compute: (value: A) => B): Fact<B> {
  if (fact.state !== 'known') return fact;
  return known(compute(fact.value), derived(rule, fact.origin), fact.open);
}

/** The elements of a list that stands in one value, each at its place; what may have more elements still may. */
export function elementsOf<T>(fact: Fact<readonly T[]>): Fact<readonly Fact<T>[]> {
  if (fact.state !== 'known') return fact;
  const { value, origin, open } = fact;
  return known(
    value.map((element) => known(element, origin)),
    origin,
    open,
  );
}

/** True as soon as one is; else unknown or absent where one is not known; else the first, which is false. */
export function anyTrue(facts: NonEmpty<Fact<boolean>>): Fact<boolean> {
  return decidedBy(true, facts);
}

/** False as soon as one is; else unknown or absent where one is not known; else the first, which is true. */
export function allTrue(facts: NonEmpty<Fact<boolean>>): Fact<boolean> {
  return decidedBy(false, facts);
}

function decidedBy(value: boolean, facts: NonEmpty<Fact<boolean>>): Fact<boolean> {
  return facts.find((fact) => fact.state === 'known' && fact.value === value) ?? facts.find(({ state }) => state !== 'known') ?? facts[0];
}

/** Is the list non-empty? Narrows it, so that what needs evidence can be built from it. */
export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

export function isFactList(value: FactValue): value is readonly Fact<FactValue>[] {
  return Array.isArray(value);
}

export function isFactRecord(value: FactValue): value is FactRecord {
  return typeof value === 'object' && !isFactList(value);
}
