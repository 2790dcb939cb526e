import type { ASTNode } from '@marcbachmann/cel-js';
import type { ParameterValue } from '../model/control.ts';
import type { Witness } from '../model/finding.ts';
import { checkedType } from './bounds.ts';
import { kindOfResourcesName, type Expression } from './compile.ts';
import { comprehend, isComprehension } from './comprehension.ts';
import { callFunction, callMethod, compare, contains } from './functions.ts';
import { failure, firstObstacle, joinAllReads, joinNames, joinUnknowns, readFact, valued, type Result } from './result.ts';
import { joining, writtenAs, type Context, type Run } from './run.ts';

/** More steps than this for one resource is the control's error, the same on every machine. */
export const STEP_BUDGET = 250_000;

class OverBudget extends Error {}

/**
 * Evaluates an expression in three-valued logic. An unknown is absorbed only where it cannot change the result; the
 * reads of a result are those that decided it (of `&&` the false side, of `all` the counterexample).
 */
export function evaluateExpression(expression: Expression, context: Context, budget: number = STEP_BUDGET): Result {
  let steps = 0;
  const spend = (): void => {
    steps += 1;
    if (steps > budget) throw new OverBudget();
  };
  try {
    return evaluate(expression.ast, { context, scope: new Map(), depth: 0, source: expression.source, spend, evaluate });
  } catch (error) {
    if (error instanceof OverBudget) return failure(`needs more than ${budget} steps`);
    throw error;
  }
}

/** Operators whose value is worth telling: what reads, compares, connects, negates or goes over a list. */
const PARTS = new Set(['.', '&&', '||', '!_', '?:', '==', '!=', '<', '<=', '>', '>=', 'in', 'call', 'rcall']);

/** `resources("kind")` is an identifier to the parser, and a read to everybody else. */
function isPart(node: ASTNode): boolean {
  return PARTS.has(node.op) || (node.op === 'id' && kindOfResourcesName(node.args) !== undefined);
}

function evaluate(node: ASTNode, run: Run): Result {
  run.spend();
  const result = step(node, run);
  if (run.context.trace !== undefined && isPart(node)) run.context.trace(run.source.slice(node.start, node.end), result, run.depth);
  return result;
}

function step(node: ASTNode, run: Run): Result {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return identifier(node.args, run);
    case '.':
      return select(node.args[0], node.args[1], run);
    case 'list':
      return listLiteral(node, run);
    case '&&':
    case '||':
      return connect(node.op, node.args[0], node.args[1], run);
    case '!_': {
      const operand = evaluate(node.args, run);
      return operand.state === 'value' ? { ...operand, value: operand.value !== true } : operand;
    }
    case '-_': {
      const operand = evaluate(node.args, run);
      return operand.state === 'value' && typeof operand.value === 'number' ? { ...operand, value: -operand.value } : operand;
    }
    case '?:':
      return choose(node.args, run);
    case 'in':
      return strict([evaluate(node.args[0], run), evaluate(node.args[1], run)], run, ([needle, list]) => contains(needle, list));
    case 'call':
      return call(node, run);
    case 'rcall': {
      const [name, receiver, args] = node.args;
      if (isComprehension(name)) return comprehend(name, receiver, args, node, run);
      const [first, ...rest] = [evaluate(receiver, run), ...args.map((argument) => evaluate(argument, run))];
      return strict([first, ...rest], run, (values) => callMethod(name, values));
    }
    case '[]':
    case '[?]':
    case '.?':
    case 'map':
      return failure(`${node.op} is not part of the control language`);
    default: {
      const operator = node.op;
      return strict([evaluate(node.args[0], run), evaluate(node.args[1], run)], run, ([left, right]) =>
        compare(operator, left, right, checkedType(node)?.name),
      );
    }
  }
}

/** An operator that needs all its operands: what is not a value passes through it. */
function strict(operands: readonly Result[], run: Run, apply: (values: readonly Extract<Result, { state: 'value' }>[]) => Result): Result {
  const obstacle = firstObstacle(operands);
  if (obstacle !== undefined) return obstacle;
  const values = operands.filter((operand) => operand.state === 'value');
  const result = apply(values);
  if (result.state !== 'value') return result;
  return {
    ...result,
    reads: result.reads.length > 0 ? result.reads : joining(run)(...values.map(({ reads }) => reads)),
    empty: joinNames(result.empty, ...values.map(({ empty }) => empty)),
    also: joinUnknowns(result.also, ...values.map(({ also }) => also)),
  };
}

function literal(value: unknown): Result {
  if (typeof value === 'bigint') return valued(Number(value));
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return valued(value);
  return failure('a literal that is not part of the control language');
}

function identifier(name: string, run: Run): Result {
  const bound = run.scope.get(name);
  if (bound !== undefined) return bound;
  if (name === 'r' && run.context.subject !== undefined) return valued(run.context.subject);
  if (name === 'asOf') return valued({ kind: 'instant', ms: run.context.asOf });
  const kind = kindOfResourcesName(name);
  if (kind !== undefined) return run.context.resources(kind);
  return failure(`nothing is called "${name}" here`);
}

function select(receiverNode: ASTNode, name: string, run: Run): Result {
  if (receiverNode.op === 'id' && receiverNode.args === 'params' && !run.scope.has('params')) {
    const value = run.context.parameters[name];
    return value === undefined ? failure(`no parameter is called "${name}"`) : parameter(value, `params.${name}`);
  }
  const receiver = evaluate(receiverNode, run);
  if (receiver.state !== 'value') return receiver;
  if (typeof receiver.value !== 'object' || receiver.value.kind !== 'record') return failure(`.${name} of something that is no record`);
  const fixed = receiver.value.names?.[name];
  if (fixed !== undefined) return { ...receiver, value: fixed };
  const read = readFact(receiver.value.facts[name], `${receiver.value.path}.${name}`);
  if (read.state !== 'value' || receiver.reads.length === 0) return read;
  return { ...read, reads: joining(run)(read.reads, receiver.reads) };
}

function parameter(value: ParameterValue, source: string): Result {
  if (!isListParameter(value)) return valued(value);
  return valued({ kind: 'list', items: value.map((element) => valued(element)), open: [], source });
}

function isListParameter(value: ParameterValue): value is readonly string[] | readonly number[] {
  return Array.isArray(value);
}

function listLiteral(node: Extract<ASTNode, { op: 'list' }>, run: Run): Result {
  const items = node.args.map((element) => evaluate(element, run));
  return valued({ kind: 'list', items, open: [], source: writtenAs(node, run) });
}

/**
 * `&&` and `||`: the deciding value is `false` and `true`. A side that has it decides alone, whatever the other is;
 * otherwise an unknown side leaves it unknown, and only two definite sides give the other value.
 */
function connect(operator: '&&' | '||', leftNode: ASTNode, rightNode: ASTNode, run: Run): Result {
  const decides = operator === '||';
  const left = evaluate(leftNode, run);
  const leftDecides = left.state === 'value' && left.value === decides && left.empty.length === 0;
  if (leftDecides && run.context.exhaustive !== true) return left;
  const right = evaluate(rightNode, run);
  if (leftDecides && right.state === 'value' && right.value === decides && right.empty.length === 0)
    return { ...left, reads: joinAllReads(left.reads, right.reads) };
  // A true side that rests on an empty list gives way to one that rests on something seen.
  const sides =
    left.state === 'value' && left.value === decides && right.state === 'value' && right.value === decides && right.empty.length === 0
      ? [right, left]
      : [left, right];
  for (const [index, side] of sides.entries()) {
    if (side.state !== 'value' || side.value !== decides) continue;
    const other = sides[1 - index];
    return other?.state === 'unknown' ? { ...side, also: joinUnknowns(side.also, other.unknowns) } : side;
  }
  const obstacle = firstObstacle([left, right]);
  if (obstacle !== undefined) return obstacle;
  if (left.state !== 'value' || right.state !== 'value') return failure('a side that is neither a value nor an obstacle');
  return valued(!decides, joining(run)(left.reads, right.reads), joinNames(left.empty, right.empty), joinUnknowns(left.also, right.also));
}

function choose([conditionNode, thenNode, otherwiseNode]: readonly [ASTNode, ASTNode, ASTNode], run: Run): Result {
  const condition = evaluate(conditionNode, run);
  if (condition.state !== 'value') return condition;
  const branch = evaluate(condition.value === true ? thenNode : otherwiseNode, run);
  if (branch.state !== 'value') return branch;
  return valued(
    branch.value,
    joining(run)(branch.reads, condition.reads),
    joinNames(branch.empty, condition.empty),
    joinUnknowns(branch.also, condition.also),
  );
}

function call(node: Extract<ASTNode, { op: 'call' }>, run: Run): Result {
  const [name, args] = node.args;
  const [first] = args;
  if (name === 'has') return first?.op === '.' ? has(first.args[0], first.args[1], run) : failure('has() takes an attribute');
  const operands = args.map((argument) => evaluate(argument, run));
  const kind = kindOfResourcesName(name);
  return strict(operands, run, (values) => {
    const [key, value] = values.map((operand) => operand.value);
    if (kind !== undefined) {
      if (typeof key !== 'string' || value === undefined || typeof value === 'object')
        return failure('resources(kind, key, value) takes a scalar');
      return run.context.resources(kind, { key, value });
    }
    if (name === 'label' && typeof key === 'string') return run.context.label(key);
    if (name === 'outcomes' && typeof key === 'string') return run.context.outcomes(key);
    return callFunction(name, values);
  });
}

/** `has(x.y)`: true when it is there, false when we looked and it is not; an unknown stays unknown. */
function has(receiverNode: ASTNode, name: string, run: Run): Result {
  const result = select(receiverNode, name, run);
  if (result.state === 'value') return { ...result, value: true, empty: [] };
  if (result.state !== 'absent') return result;
  const reads: readonly Witness[] = [result.witness];
  return valued(false, reads);
}
