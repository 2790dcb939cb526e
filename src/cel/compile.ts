import { EvaluationError, ParseError, TypeError as CelTypeError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { VOCABULARY } from '../resources/vocabulary.ts';
import { inspect, type AttributeRead, type ExpressionProblem } from './bounds.ts';
import { resourcesName } from './environment.ts';

/** A parsed, type-checked expression of the control language, and what it reads. */
export interface Expression {
  readonly source: string;
  readonly ast: ASTNode;
  readonly reads: readonly AttributeRead[];
  /** Kinds named in `resources("…")`: evaluation keeps the facts of these, and only these. */
  readonly kinds: readonly string[];
  readonly outcomes: readonly string[];
  readonly labels: readonly string[];
}

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

const KIND_OF_NAME = new Map(VOCABULARY.map((kind) => [resourcesName(kind.name), kind.name]));

/** The kind that `resources_backup_plan` stands for. */
export function kindOfResourcesName(name: string): string | undefined {
  return KIND_OF_NAME.get(name);
}

const RESOURCES_CALL = /\bresources\(\s*(?:"([a-z.]+)"|'([a-z.]+)')\s*([,)])/g;
const MAX_SOURCE = 4000;

/**
 * `resources("backup.plan")` becomes an identifier with the kind's own list type, padded to the same length, so that
 * the checker knows the attributes of neighbours too and every position still points into the text as written.
 */
function rewriteResources(source: string): { readonly text: string; readonly problems: readonly ExpressionProblem[] } {
  const problems: ExpressionProblem[] = [];
  const text = source.replaceAll(
    RESOURCES_CALL,
    (whole: string, double: string | undefined, single: string | undefined, end: string, offset: number) => {
      const kind = double ?? single ?? '';
      if (!VOCABULARY.some(({ name }) => name === kind)) {
        const message = `no resource kind is called "${kind}"`;
        problems.push({ start: offset, end: offset + whole.length, message, candidates: VOCABULARY.map(({ name }) => name) });
      }
      const name = resourcesName(kind);
      return (end === ',' ? `${name}(` : name).padEnd(whole.length);
    },
  );
  return { text, problems };
}

/** Compiles an expression against an environment; `expected` is the CEL type it must have, `resource` the kind of `r`. */
export function compile(
  source: string,
  environment: Environment,
  expected: 'bool' | 'list' | 'any',
  resource: string,
  parameters: readonly string[] = [],
): Compiled {
  const whole = { start: 0, end: source.length };
  if (source.length > MAX_SOURCE) return { ok: false, problems: [{ ...whole, message: `longer than ${MAX_SOURCE} characters` }] };
  const { text, problems } = rewriteResources(source);
  if (problems.length > 0) return { ok: false, problems };
  try {
    const parsed = environment.parse(text);
    const early = inspect(parsed.ast, resource).problems.filter(({ message }) => message.includes('not part of the control language'));
    if (early.length > 0) return { ok: false, problems: early };
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new Error('did not type-check');
    const inspection = inspect(parsed.ast, resource);
    if (inspection.problems.length > 0) return { ok: false, problems: inspection.problems };
    const type = checked.type ?? 'dyn';
    if ((expected === 'bool' && type !== 'bool') || (expected === 'list' && !type.startsWith('list'))) {
      return { ok: false, problems: [{ ...whole, message: `is ${type}, and must be ${expected}` }] };
    }
    const kinds = inspection.kinds.map((name) => KIND_OF_NAME.get(name) ?? name);
    const { reads, outcomes, labels } = inspection;
    return { ok: true, expression: { source, ast: parsed.ast, reads, kinds, outcomes, labels } };
  } catch (error) {
    return { ok: false, problems: [problemOf(error, source, resource, parameters)] };
  }
}

function problemOf(error: unknown, source: string, resource: string, parameters: readonly string[]): ExpressionProblem {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    const start = Math.min(error.range?.start ?? 0, source.length);
    const end = Math.max(start + 1, error.range?.end ?? source.length);
    const missing = /^No such key: (.+)$/.exec(error.summary)?.[1];
    if (missing === undefined) return { start, end, message: error.summary };
    if (/\bparams\s*\.\s*\w+\s*$/.test(source.slice(0, end)))
      return { start, end, message: `there is no parameter "${missing}"`, candidates: parameters };
    const near = VOCABULARY.filter(({ name }) => name === resource || source.includes(`resources("${name}"`));
    const candidates = near.flatMap(({ attributes }) =>
      Object.entries(attributes).flatMap(([name, { type }]) => {
        const inner = 'list' in type ? type.list : type;
        return 'record' in inner ? [name, ...Object.keys(inner.fields)] : [name];
      }),
    );
    return { start, end, message: `there is no attribute or parameter "${missing}" here`, candidates };
  }
  throw error;
}
