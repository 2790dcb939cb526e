import type { Fact, FactRecord, FactValue, NonEmpty, Origin } from '../model/fact.ts';
import { isNonEmpty } from '../model/fact.ts';
import type { UndecidedRead, Witness } from '../model/finding.ts';

/** A moment, as milliseconds since the epoch. */
export interface Instant {
  readonly kind: 'instant';
  readonly ms: number;
}

/** A length of time in milliseconds. */
export interface Span {
  readonly kind: 'span';
  readonly ms: number;
}

/** A list in an expression. Its items are results: an element may itself be unknown. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Result[];
  /** Not empty: there may be further elements, and this is why. */
  readonly open: readonly UndecidedRead[];
  /** The expression that gave it: names it where its emptiness would decide. */
  readonly source: string;
}

/** A record of facts in an expression: the resource, a neighbour, an element. */
export interface RecordValue {
  readonly kind: 'record';
  readonly facts: FactRecord;
  readonly path: string;
  readonly origin?: Origin;
  /** `id` and `target`, which are names and not facts. */
  readonly names?: Readonly<Record<string, string>>;
}

export type Value = boolean | number | string | Instant | Span | ListValue | RecordValue;

/** A value and the reads it rests on. */
export interface Valued {
  readonly state: 'value';
  readonly value: Value;
  readonly reads: readonly Witness[];
  /** Lists whose being empty decided this value. */
  readonly empty: readonly string[];
  /** Unknowns that were absorbed because they could not change it. */
  readonly also: readonly UndecidedRead[];
}

/** What evaluating an expression came to. `unknown` and `absent` are not errors of anybody; `error` is the control's or ours. */
export type Result =
  | Valued
  | { readonly state: 'unknown'; readonly unknowns: NonEmpty<UndecidedRead> }
  | { readonly state: 'absent'; readonly witness: Witness }
  | { readonly state: 'error'; readonly message: string };

/** More reads than these name nothing further: a list of ten thousand rules is not ten thousand witnesses. */
const MAX_READS = 24;

export function valued(
  value: Value,
  reads: readonly Witness[] = [],
  empty: readonly string[] = [],
  also: readonly UndecidedRead[] = [],
): Valued {
  return { state: 'value', value, reads, empty, also };
}

export function undecided(unknowns: readonly UndecidedRead[]): Result {
  return isNonEmpty(unknowns) ? { state: 'unknown', unknowns } : { state: 'error', message: 'unknown without a cause' };
}

export function failure(message: string): Result {
  return { state: 'error', message };
}

/** Joins reads without repeating one, bounded: the witnesses of a finding. */
export function joinReads(...lists: readonly (readonly Witness[])[]): readonly Witness[] {
  return joined(MAX_READS, lists);
}

/** The same without a bound, where nothing that decided may be left out. */
export function joinAllReads(...lists: readonly (readonly Witness[])[]): readonly Witness[] {
  return joined(Number.POSITIVE_INFINITY, lists);
}

function joined(most: number, lists: readonly (readonly Witness[])[]): readonly Witness[] {
  const [first = [], ...rest] = lists.filter((list) => list.length > 0);
  if (rest.length === 0 && first.length <= most) return first;
  const all: Witness[] = [];
  const seen = new Set<string>();
  for (const list of lists) {
    for (const read of list) {
      if (all.length >= most) return all;
      if (seen.has(read.path)) continue;
      seen.add(read.path);
      all.push(read);
    }
  }
  return all;
}

/** Joins lists of names or unknowns without repeating one. */
export function joinUnknowns(...lists: readonly (readonly UndecidedRead[])[]): readonly UndecidedRead[] {
  const [first = [], ...rest] = lists.filter((list) => list.length > 0);
  if (rest.length === 0) return first;
  return distinctUnknowns(lists.flat()).slice(0, MAX_READS);
}

/** One of each: both sides of an expression may want the same fact. */
function distinctUnknowns(unknowns: readonly UndecidedRead[]): readonly UndecidedRead[] {
  const seen = new Set<string>();
  return unknowns.filter(({ path, cause, detail }) => {
    const key = `${path}\u0000${cause}\u0000${detail}`;
    return !seen.has(key) && seen.add(key);
  });
}

export function joinNames(...lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length <= 1 ? (filled[0] ?? []) : [...new Set(filled.flat())];
}

/** Reads a fact: an unknown stays unknown, an absent one is told apart, a value comes with its witness. */
export function readFact(fact: Fact<FactValue> | undefined, path: string): Result {
  if (fact === undefined) return undecided([{ path, cause: 'not-collected', detail: path }]);
  if (fact.state === 'unknown') {
    const { cause, detail, origin } = fact;
    return undecided([origin === undefined ? { path, cause, detail } : { path, cause, detail, origin }]);
  }
  if (fact.state === 'absent') return { state: 'absent', witness: { path, state: 'absent', origin: fact.origin } };
  if (fact.state !== 'known') return undecided([{ path, cause: 'unparseable', detail: path }]); // no such state: evidence that is none
  const { value, origin } = fact;
  if (isList(value)) {
    const open = (fact.open ?? []).map(({ cause, detail, origin: at }) =>
      at === undefined ? { path, cause, detail } : { path, cause, detail, origin: at },
    );
    const items = value.map((element, index) => readFact(element, `${path}[${index}]`));
    return valued({ kind: 'list', items, open, source: path.replaceAll(/\[[^\]]*\]/g, '[]') }, [
      { path, state: 'known', value: `[${value.length}]`, origin },
    ]);
  }
  if (typeof value === 'object') return valued({ kind: 'record', facts: value, path, origin });
  return valued(value, [{ path, state: 'known', value, origin }]);
}

function isList(value: FactValue): value is readonly Fact<FactValue>[] {
  return Array.isArray(value);
}

/** What must be passed on when an operand is not a value: an unknown before an absent before an error. */
export function firstObstacle(results: readonly Result[]): Exclude<Result, Valued> | undefined {
  const unknowns = distinctUnknowns(results.flatMap((result) => (result.state === 'unknown' ? result.unknowns : [])));
  if (isNonEmpty(unknowns)) return { state: 'unknown', unknowns };
  return results.find((result) => result.state === 'error') ?? results.find((result) => result.state === 'absent');
}
