import type { Environment } from '@marcbachmann/cel-js';
import type { ExpressionProblem } from './bounds.ts';
import { compile, type Expression } from './compile.ts';
import { evaluateExpression } from './evaluate.ts';
import type { Context } from './run.ts';
import type { Result, Value } from './result.ts';

/** Where `{offending}` stands. */
const OFFENDING = { offending: true } as const;

/** A message with placeholders: literal text, expressions, and `{offending}`. */
export interface Template {
  readonly parts: readonly (string | { readonly expression: Expression } | typeof OFFENDING)[];
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
const MAX_LISTED = 5;

/** Compiles `"{r.id} still accepts {offending}"`: each placeholder is `offending` or an expression over the resource. */
export function compileTemplate(
  text: string,
  environment: Environment,
  resource: string,
  parameters: readonly string[] = [],
): { readonly template: Template; readonly problems: readonly ExpressionProblem[] } {
  const parts: Template['parts'][number][] = [];
  const problems: ExpressionProblem[] = [];
  let last = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    problems.push(...loneBraces(text, last, match.index));
    if (match.index > last) parts.push(text.slice(last, match.index));
    last = match.index + match[0].length;
    const source = (match[1] ?? '').trim();
    if (source === 'offending') parts.push(OFFENDING);
    else {
      const compiled = compile(source, environment, 'any', resource, parameters);
      if (compiled.ok) parts.push({ expression: compiled.expression });
      else
        for (const problem of compiled.problems)
          problems.push({ ...problem, start: match.index + 1 + problem.start, end: match.index + 1 + problem.end });
    }
  }
  problems.push(...loneBraces(text, last, text.length));
  if (last < text.length) parts.push(text.slice(last));
  return { template: { parts }, problems };
}

/** A brace without its other half was meant as a placeholder, and would be printed as it stands. */
function loneBraces(text: string, from: number, to: number): readonly ExpressionProblem[] {
  return [...text.slice(from, to).matchAll(/[{}]/g)].map(({ 0: brace, index }) => ({
    start: from + index,
    end: from + index + 1,
    message: brace === '{' ? 'this placeholder has no closing brace' : 'this brace closes no placeholder',
  }));
}

/** Writes the message out. What is not known reads as `?`, never as a guess. */
export function renderTemplate(template: Template, context: Context, offending: readonly string[]): string {
  return template.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'offending' in part ? listed(offending) : resultText(evaluateExpression(part.expression, context));
    })
    .join('');
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_LISTED).join(', ');
  return texts.length > MAX_LISTED ? `${shown}, … (+${texts.length - MAX_LISTED})` : shown === '' ? '?' : shown;
}

/** How a result reads in a sentence. */
export function resultText(result: Result): string {
  if (result.state === 'absent') return '–';
  return result.state === 'value' ? valueText(result.value) : '?';
}

/** How a value reads in a sentence: a list by its elements, a record by what names it. */
export function valueText(value: Value): string {
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'list':
      return value.items.length === 0 ? '–' : listed(value.items.map(resultText));
    case 'instant':
      return new Date(value.ms).toISOString();
    case 'span':
      return `${value.ms / 1000} s`;
    case 'record': {
      const named = ['name', 'location', 'path', 'address', 'file'].map((key) => value.facts[key]).find((fact) => fact?.state === 'known');
      if (named?.state === 'known' && typeof named.value !== 'object') return String(named.value);
      return value.names?.['id'] ?? value.path;
    }
  }
}
