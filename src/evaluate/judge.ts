import type { CompiledControl } from '../cel/control.ts';
import type { Expression } from '../cel/compile.ts';
import { evaluateExpression } from '../cel/evaluate.ts';
import type { Context } from '../cel/run.ts';
import { joinReads, joinUnknowns, type Result } from '../cel/result.ts';
import { valueText } from '../cel/template.ts';
import type { Severity } from '../model/control.ts';
import { isNonEmpty, type NonEmpty } from '../model/fact.ts';
import type { Offender, Part, UndecidedRead, Witness } from '../model/finding.ts';
import { decidingOffenders, namedOffenders } from './offenders.ts';

/** What one control came to on one subject, before it is placed, waived or compared. */
export type Judgement =
  | { readonly outcome: 'pass' | 'not-applicable'; readonly witnesses: NonEmpty<Witness>; readonly alsoUnknown: readonly UndecidedRead[] }
  | {
      readonly outcome: 'fail';
      readonly witnesses: NonEmpty<Witness>;
      readonly alsoUnknown: readonly UndecidedRead[];
      readonly offenders: readonly Offender[];
      readonly severity: Severity;
    }
  | { readonly outcome: 'unknown'; readonly causes: NonEmpty<UndecidedRead> }
  | { readonly outcome: 'error'; readonly error: string };

/** Parts of an expression told with a finding. */
const MAX_PARTS = 24;

/** A context that notes what the parts of its expressions come to. */
export function noting(context: Context): { readonly context: Context; readonly parts: () => readonly Part[] } {
  const parts = new Map<string, string>();
  const trace: Context['trace'] = (part, result, depth) => {
    if (depth > 0 || parts.size >= MAX_PARTS) return;
    parts.set(part.replaceAll(/\s+/g, ' '), cameTo(result));
  };
  return { context: { ...context, trace }, parts: () => [...parts].map(([expression, came]) => ({ expression, came })) };
}

function cameTo(result: Result): string {
  if (result.state === 'value') return valueText(result.value);
  if (result.state === 'unknown') return `unknown: ${result.unknowns[0].path}`;
  return result.state === 'absent' ? `absent: ${result.witness.path}` : `error: ${result.message}`;
}

/**
 * Judges one subject. The only place where a pass is made: the assertion came out true, on at least one fact that was
 * positively seen, and not on the emptiness of a list that the control's own examples do not allow to be empty.
 */
export function judge(compiled: CompiledControl, assertion: Expression, context: Context, emptyMayPass: readonly string[]): Judgement {
  const applies = compiled.when === undefined ? undefined : evaluateExpression(compiled.when, context);
  if (applies !== undefined) {
    if (applies.state !== 'value') return undecidedBy(applies);
    if (applies.value !== true) return witnessed('not-applicable', applies.reads, applies.also);
  }
  const result = evaluateExpression(assertion, context);
  if (result.state !== 'value') return undecidedBy(result);
  // The reads of `when` come last: they say why it was judged, not why it came out so.
  const reads = joinReads(result.reads, applies?.reads ?? []);
  const also = joinUnknowns(result.also, applies?.also ?? []);
  if (result.value !== true) return failed(compiled, assertion, context, reads, also);
  const vacuous = result.empty.filter((source) => !emptyMayPass.includes(source));
  const [first] = vacuous;
  if (first !== undefined) {
    return { outcome: 'unknown', causes: [{ path: first, cause: 'nothing-to-judge', detail: first }] };
  }
  return witnessed('pass', result.reads.length > 0 ? reads : [], also);
}

/** Lists on whose emptiness a true assertion rests: what a passing example allows. */
export function emptyListsOf(compiled: CompiledControl, assertion: Expression, context: Context): readonly string[] {
  const applies = compiled.when === undefined ? undefined : evaluateExpression(compiled.when, context);
  if (applies !== undefined && (applies.state !== 'value' || applies.value !== true)) return [];
  const result = evaluateExpression(assertion, context);
  return result.state === 'value' && result.value === true ? result.empty : [];
}

function witnessed(outcome: 'pass' | 'not-applicable', reads: readonly Witness[], alsoUnknown: readonly UndecidedRead[]): Judgement {
  if (!isNonEmpty(reads)) return { outcome: 'error', error: `came to ${outcome} without reading a fact` };
  return { outcome, witnesses: reads, alsoUnknown };
}

function failed(
  compiled: CompiledControl,
  assertion: Expression,
  context: Context,
  reads: readonly Witness[],
  alsoUnknown: readonly UndecidedRead[],
): Judgement {
  if (!isNonEmpty(reads)) return { outcome: 'error', error: 'came to fail without reading a fact' };
  const lesser = compiled.lesser.find(({ if: condition }) => {
    const holds = evaluateExpression(condition, context);
    return holds.state === 'value' && holds.value === true;
  });
  return {
    outcome: 'fail',
    witnesses: reads,
    alsoUnknown,
    offenders: offendersOf(compiled, assertion, context, reads),
    severity: lesser?.severity ?? compiled.control.severity,
  };
}

/** What the control names, else every read that decided. Never none: a failure without offenders could not get worse. */
function offendersOf(
  { assert, offending }: CompiledControl,
  assertion: Expression,
  context: Context,
  reads: readonly Witness[],
): readonly Offender[] {
  // `offending:` speaks of the resource, and an attested claim is judged on a document.
  const named = assertion === assert ? offending.flatMap((list) => namedOffenders(evaluateExpression(list, context))) : [];
  if (named.length > 0) return named;
  const { trace: _, ...quiet } = context;
  const result = evaluateExpression(assertion, { ...quiet, exhaustive: true });
  return decidingOffenders(result.state === 'value' && result.reads.length > 0 ? result.reads : reads);
}

function undecidedBy(result: Exclude<Result, { state: 'value' }>): Judgement {
  if (result.state === 'unknown') return { outcome: 'unknown', causes: result.unknowns };
  if (result.state === 'absent') return { outcome: 'error', error: `${result.witness.path} is absent: the control must ask has() first` };
  return { outcome: 'error', error: result.message };
}
