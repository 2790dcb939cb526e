import { RE2JS } from 're2js';
import {
  failure,
  firstObstacle,
  undecided,
  valued,
  type Instant,
  type ListValue,
  type Result,
  type Span,
  type Value,
  type Valued,
} from './result.ts';

const DAY_MS = 86_400_000;

function isList(value: Value | undefined): value is ListValue {
  return typeof value === 'object' && value.kind === 'list';
}

function isTime(value: Value | undefined): value is Instant | Span {
  return typeof value === 'object' && (value.kind === 'instant' || value.kind === 'span');
}

/** What orders two values: numbers and strings as they are, times by their milliseconds. */
function comparable(value: Value): boolean | number | string | undefined {
  return isTime(value) ? value.ms : typeof value === 'object' ? undefined : value;
}

/**
 * Comparison and arithmetic. The type checker has refused mixed types; what is left and odd is the control's error. `type` is
 * what the checker says the result is: a double that happens to be whole is still divided as a double.
 */
export function compare(operator: string, left: Valued | undefined, right: Valued | undefined, type: string | undefined): Result {
  if (left === undefined || right === undefined) return failure(`${operator} takes two operands`);
  const [a, b] = [comparable(asTime(left.value, right.value)), comparable(asTime(right.value, left.value))];
  if (Number.isNaN(a) || Number.isNaN(b)) return failure(`${operator} of a time that is not ISO 8601`);
  if (a === undefined || b === undefined || typeof a !== typeof b) return failure(`${operator} of values that cannot be compared`);
  switch (operator) {
    case '==':
      return valued(a === b);
    case '!=':
      return valued(a !== b);
    case '<':
      return valued(a < b);
    case '<=':
      return valued(a <= b);
    case '>':
      return valued(a > b);
    case '>=':
      return valued(a >= b);
    default:
      return arithmetic(operator, left.value, right.value, type);
  }
}

/** Timestamps travel as ISO 8601 strings in facts: beside a moment they are moments. */
function asTime(value: Value, other: Value): Value {
  if (typeof value !== 'string' || !isTime(other) || other.kind !== 'instant') return value;
  return instant(value);
}

function instant(text: string): Instant {
  return { kind: 'instant', ms: Date.parse(text) };
}

function arithmetic(operator: string, first: Value, second: Value, type: string | undefined): Result {
  // The type checker lets strings be added and nothing else: what is subtracted are two timestamps.
  const times = operator === '-' && typeof first === 'string' && typeof second === 'string';
  const [left, right] = times ? [instant(first), instant(second)] : [asTime(first, second), asTime(second, first)];
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') return valued(left + right);
  if (isTime(left) && isTime(right)) {
    const ms = operator === '-' ? left.ms - right.ms : operator === '+' ? left.ms + right.ms : Number.NaN;
    const kind =
      left.kind === 'instant' && right.kind === 'instant'
        ? 'span'
        : left.kind === 'instant' || right.kind === 'instant'
          ? 'instant'
          : 'span';
    return Number.isNaN(ms) ? failure(`a time that is not valid, or ${operator} of times`) : valued({ kind, ms });
  }
  if (typeof left !== 'number' || typeof right !== 'number') return failure(`${operator} of values that are no numbers`);
  if ((operator === '/' || operator === '%') && right === 0) return failure('division by zero');
  const value =
    operator === '+'
      ? left + right
      : operator === '-'
        ? left - right
        : operator === '*'
          ? left * right
          : operator === '/'
            ? type === 'int'
              ? Math.trunc(left / right)
              : left / right
            : operator === '%'
              ? left % right
              : Number.NaN;
  return Number.isFinite(value) ? valued(value) : failure(`${operator} gave no number`);
}

/** `needle in list`. Found decides, even in an open list; not found decides only in a list that is whole. */
export function contains(needle: Valued | undefined, list: Valued | undefined): Result {
  if (needle === undefined || list === undefined || !isList(list.value)) return failure('in takes a list on its right');
  const wanted = comparable(needle.value);
  const odd = list.value.items.some((item) => item.state === 'value' && comparable(item.value) === undefined);
  if (wanted === undefined || odd) return failure('in of values that cannot be compared');
  for (const item of list.value.items) {
    if (item.state === 'value' && comparable(item.value) === wanted) return valued(true, [...needle.reads, ...item.reads]);
  }
  const obstacle = firstObstacle(list.value.items);
  if (obstacle !== undefined) return obstacle;
  if (list.value.open.length > 0) return undecided(list.value.open);
  return valued(false, [], list.value.items.length === 0 ? [list.value.source] : []);
}

/** `size()` of a list that is whole, or of a string. */
function size(operand: Valued): Result {
  if (typeof operand.value === 'string') return valued(Array.from(operand.value).length);
  if (!isList(operand.value)) return failure('size() of something that is no list');
  if (operand.value.open.length > 0) return undecided(operand.value.open);
  return valued(operand.value.items.length, [], operand.value.items.length === 0 ? [operand.value.source] : []);
}

/** Methods of strings, and `size`. */
export function callMethod(name: string, [receiver, argument]: readonly Valued[]): Result {
  if (receiver === undefined) return failure(`.${name}() of nothing`);
  if (name === 'size') return size(receiver);
  const [text, part] = [receiver.value, argument?.value];
  if (typeof text !== 'string' || typeof part !== 'string') return failure(`.${name}() takes strings`);
  if (name === 'startsWith') return valued(text.startsWith(part));
  if (name === 'endsWith') return valued(text.endsWith(part));
  if (name === 'contains') return valued(text.includes(part));
  return failure(`.${name}() is not part of the control language`);
}

const patterns = new Map<string, RE2JS>();

/** Global functions. `re2` runs in linear time on any text. */
export function callFunction(name: string, operands: readonly Valued[]): Result {
  const [first, second] = operands;
  if (first === undefined) return failure(`${name}() of nothing`);
  const value = first.value;
  switch (name) {
    case 'size':
      return size(first);
    case 're2': {
      if (typeof value !== 'string' || typeof second?.value !== 'string') return failure('re2() takes strings');
      const pattern = patterns.get(second.value) ?? RE2JS.compile(second.value);
      patterns.set(second.value, pattern);
      return valued(pattern.matcher(value).find());
    }
    case 'days':
      return isTime(value) ? valued(value.ms / DAY_MS) : failure('days() takes a duration');
    case 'timestamp': {
      const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isNaN(ms) ? failure('timestamp() takes an ISO 8601 time') : valued({ kind: 'instant', ms });
    }
    case 'duration': {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      return ms === undefined ? failure('duration() takes the like of "24h" or "90s"') : valued({ kind: 'span', ms });
    }
    case 'double':
      return typeof value === 'number' ? valued(value) : failure('double() takes a number');
    case 'int':
      return typeof value === 'number' ? valued(Math.trunc(value)) : failure('int() takes a number');
    case 'string':
      return typeof value === 'object' ? failure('string() takes a scalar') : valued(String(value));
    default:
      return failure(`${name}() is not part of the control language`);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) total += Number(amount) * (UNIT_MS[unit] ?? 0);
  return total;
}
