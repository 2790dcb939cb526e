import type { ASTNode } from '@marcbachmann/cel-js';
import type { UndecidedRead, Witness } from '../model/finding.ts';
import {
  failure,
  firstObstacle,
  joinNames,
  type joinReads,
  joinUnknowns,
  undecided,
  valued,
  type ListValue,
  type Result,
  type Valued,
} from './result.ts';
import { joining, writtenAs, type Run } from './run.ts';

const COMPREHENSIONS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const;
type Comprehension = (typeof COMPREHENSIONS)[number];

/** Is it one of the words that go over a list? */
export function isComprehension(name: string): name is Comprehension {
  return COMPREHENSIONS.some((word) => word === name);
}

/** A list that is being gone over, and the result it came from. */
interface Pass {
  readonly list: ListValue;
  readonly valued: Valued;
  readonly join: typeof joinReads;
  readonly exhaustive: boolean;
}

/**
 * `all`, `exists`, `exists_one`, `filter` and `map`. An open list has one further element that is unknown: a
 * counterexample still decides `all`, a witness still decides `exists`, and everything else stays unknown.
 */
export function comprehend(word: Comprehension, receiver: ASTNode, args: readonly ASTNode[], node: ASTNode, run: Run): Result {
  const list = run.evaluate(receiver, run);
  if (list.state !== 'value') return list;
  if (typeof list.value !== 'object' || list.value.kind !== 'list') return failure(`.${word}() of something that is no list`);
  const [variable, ...bodies] = args;
  const body = bodies.at(-1);
  if (variable?.op !== 'id' || body === undefined) return failure(`.${word}() takes a variable and a predicate`);
  const predicate = word === 'map' && bodies.length === 1 ? undefined : bodies[0];
  const judge = (item: Result, what: ASTNode): Result =>
    run.evaluate(what, { ...run, scope: new Map([...run.scope, [variable.args, item]]), depth: run.depth + 1 });

  const source = writtenAs(node, run);
  if (word === 'map') {
    const chosen = predicate === undefined ? list : select(list, list.value, joining(run), (item) => judge(item, predicate), source);
    return mapOver(chosen, (item) => judge(item, body), source);
  }
  if (predicate === undefined) return failure(`.${word}() takes a predicate`);
  if (word === 'filter') return select(list, list.value, joining(run), (item) => judge(item, predicate), source);
  const pass: Pass = { list: list.value, valued: list, join: joining(run), exhaustive: run.context.exhaustive === true };
  if (word === 'exists_one') return exactlyOne(pass, (item) => judge(item, predicate));
  return quantify(word === 'exists', pass, (item) => judge(item, predicate));
}

/** `exists` (decided by a true) and `all` (decided by a false). */
function quantify(decides: boolean, { list, valued: base, join, exhaustive }: Pass, judge: (item: Result) => Result): Result {
  const undecidedResults: Result[] = [];
  const reads: (readonly Witness[])[] = [];
  const empty: (readonly string[])[] = [base.empty];
  const also: (readonly UndecidedRead[])[] = [base.also];
  const deciding: (readonly Witness[])[] = [];
  let vacuous: Valued | undefined;
  for (const item of list.items) {
    const result = judge(item);
    if (result.state !== 'value') {
      undecidedResults.push(result);
      continue;
    }
    if (result.value === decides) {
      if (result.empty.length > 0) {
        vacuous ??= result;
        continue;
      }
      if (exhaustive) {
        deciding.push(result.reads);
        continue;
      }
      const unknowns = undecidedResults.flatMap((other) => (other.state === 'unknown' ? other.unknowns : []));
      return valued(decides, withList(result.reads, base), base.empty, joinUnknowns(base.also, result.also, unknowns));
    }
    reads.push(result.reads);
    empty.push(result.empty);
    also.push(result.also);
  }
  if (deciding.length > 0) return valued(decides, withList(join(...deciding), base), base.empty);
  if (vacuous !== undefined)
    return valued(decides, withList(vacuous.reads, base), joinNames(base.empty, vacuous.empty), joinUnknowns(base.also, vacuous.also));
  const obstacle = firstObstacle([...undecidedResults, ...openEnd(list)]);
  if (obstacle !== undefined) return obstacle;
  const nothing = list.items.length === 0 ? [list.source] : [];
  return valued(!decides, withList(join(...reads), base), joinNames(nothing, ...empty), joinUnknowns(...also));
}

/** `exists_one`: two that hold decide against it; otherwise every element decided, and with each the lists that it rests on. */
function exactlyOne({ list, valued: base, join }: Pass, judge: (item: Result) => Result): Result {
  const judged = list.items.map(judge);
  const values = judged.filter((result) => result.state === 'value');
  const hits = values.filter(({ value }) => value === true);
  const seen = hits.filter(({ empty }) => empty.length === 0);
  const reads = withList(join(...values.map((result) => result.reads)), base);
  const restsOn = (results: readonly Valued[], nothing: readonly string[] = []): readonly string[] =>
    joinNames(nothing, base.empty, ...results.map(({ empty }) => empty));
  const absorbed = (results: readonly Valued[]): readonly UndecidedRead[] =>
    joinUnknowns(
      base.also,
      ...results.map(({ also }) => also),
      judged.flatMap((result) => (result.state === 'unknown' ? result.unknowns : [])),
    );
  if (hits.length > 1) {
    const deciding = seen.length > 1 ? seen : hits;
    return valued(false, reads, restsOn(deciding), absorbed(deciding));
  }
  const obstacle = firstObstacle([...judged, ...openEnd(list)]);
  if (obstacle !== undefined) return obstacle;
  return valued(hits.length === 1, reads, restsOn(values, list.items.length === 0 ? [list.source] : []), absorbed(values));
}

/**
 * `filter`: keeps what matches; an element that cannot be judged leaves the result open. What is said of the list rests on
 * the lists by whose being empty an element was kept.
 */
function select(base: Valued, list: ListValue, join: typeof joinReads, judge: (item: Result) => Result, source: string): Result {
  const kept: Result[] = [];
  const open: UndecidedRead[] = [...list.open];
  const reads: (readonly Witness[])[] = [];
  const empty: (readonly string[])[] = [base.empty];
  const also: (readonly UndecidedRead[])[] = [base.also];
  for (const item of list.items) {
    const result = judge(item);
    if (result.state === 'unknown') open.push(...result.unknowns);
    else if (result.state !== 'value') return result;
    else {
      reads.push(result.reads);
      if (result.value !== true) continue;
      kept.push(item);
      empty.push(result.empty);
      also.push(result.also);
    }
  }
  return {
    ...base,
    value: { kind: 'list', items: kept, open, source: list.items.length === 0 ? list.source : source },
    reads: withList(join(...reads), base),
    empty: joinNames(...empty),
    also: joinUnknowns(...also),
  };
}

function mapOver(base: Result, transform: (item: Result) => Result, source: string): Result {
  if (base.state !== 'value' || typeof base.value !== 'object' || base.value.kind !== 'list') return base;
  return {
    ...base,
    value: { ...base.value, items: base.value.items.map(transform), source: base.value.items.length === 0 ? base.value.source : source },
  };
}

/** The reads of elements stand for their list; where no element was read, the list itself decided too, and comes last. */
function withList(reads: readonly Witness[], base: Valued): readonly Witness[] {
  const [list] = base.reads;
  return list === undefined || reads.some(({ path }) => path.startsWith(list.path)) ? reads : [...reads, ...base.reads];
}

/** The further element that an open list may have. */
function openEnd(list: ListValue): readonly Result[] {
  return list.open.length === 0 ? [] : [undecided(list.open)];
}
