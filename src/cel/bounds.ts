import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { attributesOf, typeName } from './environment.ts';
import type { Attribute } from '../resources/kind.ts';

/** Something wrong with an expression: where in its text, and what would be right. */
export interface ExpressionProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Names that would have been right there, for "did you mean". */
  readonly candidates?: readonly string[];
}

/** An attribute that the expression reads, statically. */
export interface AttributeRead {
  readonly type: string;
  readonly name: string;
  readonly attribute: Attribute;
}

/** What a walk over the checked tree finds out. */
export interface Inspection {
  readonly problems: readonly ExpressionProblem[];
  readonly reads: readonly AttributeRead[];
  readonly kinds: readonly string[];
  /** It selects something of a record whose type is not known here: any attribute may be read. */
  readonly readsAny: boolean;
  readonly outcomes: readonly string[];
  readonly labels: readonly string[];
}

const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const METHODS = new Set([...COMPREHENSIONS, 'size', 'startsWith', 'endsWith', 'contains']);
const FUNCTIONS = new Set(['has', 'size', 'label', 'outcomes', 're2', 'days', 'timestamp', 'duration', 'double', 'int', 'string']);
const MAX_NESTED_COMPREHENSIONS = 2;
const MAX_LITERAL = 100;

interface Type {
  readonly name: string;
  readonly kind?: string;
  readonly valueType?: Type;
}

/** The type that the library's checker left on a node. */
export function checkedType(node: ASTNode): Type | undefined {
  return 'checkedType' in node ? asType(node.checkedType) : undefined;
}

function asType(value: unknown): Type | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value) || typeof value.name !== 'string') return undefined;
  const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : '';
  const element = 'valueType' in value && kind === 'list' ? asType(value.valueType) : undefined;
  return element === undefined ? { name: value.name, kind } : { name: value.name, kind, valueType: element };
}

/**
 * Walks a type-checked expression: refuses what is not part of the control language or could cost without bound
 * (SEMANTICS: `matches`, `cel.bind`, `+` on lists, list equality, deep nesting), checks the attributes inside `has()`,
 * which the library's checker skips, and collects what the expression reads.
 */
export function inspect(root: ASTNode, resource: string): Inspection {
  const problems: ExpressionProblem[] = [];
  const reads: AttributeRead[] = [];
  const kinds = new Set<string>();
  const outcomes = new Set<string>();
  const labels = new Set<string>();
  let readsAny = false;

  const refuse = (node: ASTNode, message: string, candidates?: readonly string[]): void => {
    problems.push({ start: node.start, end: node.end, message, ...(candidates === undefined ? {} : { candidates }) });
  };

  const typeOf = (node: ASTNode, scope: ReadonlyMap<string, Type>): Type | undefined => {
    const checked = checkedType(node);
    if (checked !== undefined && checked.name !== 'dyn') return checked;
    if (node.op === 'id') return scope.get(node.args) ?? (node.args === 'r' ? { name: typeName(resource) } : undefined);
    if (node.op === '.') {
      const owner = typeOf(node.args[0], scope);
      const attribute = owner === undefined ? undefined : attributesOf(owner.name)?.[node.args[1]];
      if (attribute !== undefined && 'record' in attribute.type) return { name: attribute.type.record };
    }
    return undefined;
  };

  const select = (node: ASTNode, scope: ReadonlyMap<string, Type>): void => {
    if (node.op !== '.') return;
    const [receiver, name] = node.args;
    const owner = typeOf(receiver, scope);
    const attributes = owner === undefined ? undefined : attributesOf(owner.name);
    if (owner === undefined) readsAny = true;
    if (owner === undefined || attributes === undefined) return;
    const attribute = attributes[name];
    if (attribute !== undefined) reads.push({ type: owner.name, name, attribute });
    else if (name !== 'id' && name !== 'target') {
      refuse(node, `${owner.name} has no attribute "${name}"`, Object.keys(attributes));
    }
  };

  const visit = (node: ASTNode, scope: ReadonlyMap<string, Type>, nesting: number): void => {
    switch (node.op) {
      case 'value':
        if (node.args instanceof Uint8Array || node.args === null) refuse(node, 'bytes and null are not part of the control language');
        return;
      case 'id':
        if (node.args.startsWith('resources_')) kinds.add(node.args);
        if (node.args === 'cel') refuse(node, 'cel.bind is not part of the control language: it can build lists without bound');
        return;
      case '.':
        select(node, scope);
        visit(node.args[0], scope, nesting);
        return;
      case '[]':
      case '.?':
      case '[?]':
        refuse(node, 'indexing is not part of the control language: use exists(…) or all(…)');
        return;
      case 'list':
        if (node.args.length > MAX_LITERAL) refuse(node, `a list literal may have at most ${MAX_LITERAL} elements`);
        for (const element of node.args) visit(element, scope, nesting);
        return;
      case 'map':
        refuse(node, 'map literals are not part of the control language');
        return;
      case '!_':
      case '-_':
        visit(node.args, scope, nesting);
        return;
      case '?:':
        for (const part of node.args) visit(part, scope, nesting);
        return;
      case 'call':
        call(node, scope, nesting);
        return;
      case 'rcall':
        method(node, scope, nesting);
        return;
      case '==':
      case '!=':
      case '+': {
        const sides = node.args.map((side) => typeOf(side, scope));
        const isList = sides.some((type) => type?.kind === 'list' || type?.name.startsWith('list') === true);
        if (isList) refuse(node, node.op === '+' ? 'lists cannot be joined' : 'lists cannot be compared: use all(…) and size(…)');
        const isText = sides.some((type) => type?.name === 'string');
        if (node.op === '+' && isText && nesting > 0) refuse(node, 'strings cannot be joined inside all, exists, filter or map');
        for (const side of node.args) visit(side, scope, nesting);
        return;
      }
      case 'in': {
        const needle = typeOf(node.args[0], scope);
        if (needle !== undefined && (needle.kind === 'list' || attributesOf(needle.name) !== undefined))
          refuse(node, 'a record or list cannot be looked for with in: use exists(…) and compare an attribute');
        for (const side of node.args) visit(side, scope, nesting);
        return;
      }
      default:
        for (const side of node.args) visit(side, scope, nesting);
    }
  };

  const literal = (node: ASTNode | undefined): string | undefined =>
    node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;

  const call = (node: Extract<ASTNode, { op: 'call' }>, scope: ReadonlyMap<string, Type>, nesting: number): void => {
    const [name, args] = node.args;
    if (name.startsWith('resources_')) {
      kinds.add(name);
      const key = literal(args[0]);
      if (key === undefined) refuse(node, 'the key of resources(kind, key, value) must be a literal');
      const type = checkedType(node)?.valueType?.name;
      const attribute = key === undefined || type === undefined ? undefined : attributesOf(type)?.[key];
      if (key !== undefined && type !== undefined && attribute !== undefined) reads.push({ type, name: key, attribute });
    } else if (!FUNCTIONS.has(name)) refuse(node, `${name}() is not part of the control language`, [...FUNCTIONS]);
    if (name === 'outcomes' || name === 'label') {
      const id = literal(args[0]);
      if (id === undefined) refuse(node, `the argument of ${name}() must be a literal`);
      else (name === 'outcomes' ? outcomes : labels).add(id);
    }
    if (name === 're2') pattern(node, literal(args[1]));
    for (const argument of args) visit(argument, scope, nesting);
  };

  const pattern = (node: ASTNode, text: string | undefined): void => {
    if (text === undefined) return refuse(node, 'the pattern of re2() must be a literal');
    try {
      RE2JS.compile(text);
    } catch (error) {
      refuse(node, `not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const method = (node: Extract<ASTNode, { op: 'rcall' }>, scope: ReadonlyMap<string, Type>, nesting: number): void => {
    const [name, receiver, args] = node.args;
    if (name === 'matches') {
      refuse(
        node,
        'matches() is not part of the control language, since a native regular expression can be made to hang: use re2(text, pattern)',
      );
    } else if (!METHODS.has(name)) refuse(node, `.${name}() is not part of the control language`, [...METHODS]);
    visit(receiver, scope, nesting);
    if (!COMPREHENSIONS.has(name)) {
      for (const argument of args) visit(argument, scope, nesting);
      return;
    }
    if (nesting >= MAX_NESTED_COMPREHENSIONS)
      refuse(node, `at most ${MAX_NESTED_COMPREHENSIONS} of all, exists, filter and map may be nested`);
    const [variable, ...bodies] = args;
    const inner = new Map(scope);
    const element = typeOf(receiver, scope)?.valueType;
    if (variable?.op === 'id' && element !== undefined) inner.set(variable.args, element);
    for (const body of bodies) visit(body, inner, nesting + 1);
  };

  visit(root, new Map(), 0);
  return { problems, reads, readsAny, kinds: [...kinds], outcomes: [...outcomes], labels: [...labels] };
}
