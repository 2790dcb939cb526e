import type { ASTNode } from '@marcbachmann/cel-js';
import type { ParameterValue } from '../model/control.ts';
import { joinAllReads, joinReads, type RecordValue, type Result } from './result.ts';

/** What an expression is evaluated in. Pure: neighbours, labels and outcomes are looked up in what was collected. */
export interface Context {
  readonly subject?: RecordValue;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The assessment's time. */
  readonly asOf: number;
  /** `resources(kind)` and `resources(kind, key, value)`: a list, open unless coverage is complete. */
  readonly resources: (kind: string, join?: { readonly key: string; readonly value: boolean | number | string }) => Result;
  readonly label: (name: string) => Result;
  readonly outcomes: (control: string) => Result;
  /** Reads every counterexample and every deciding side, not the first alone: what a failure consists of, all of it. */
  readonly exhaustive?: true;
  /** Sees what every part of the expression came to; `depth` counts the comprehensions around it. */
  readonly trace?: (part: string, result: Result, depth: number) => void;
}

/** One evaluation under way: the context, the bound variables, and the steps spent. */
export interface Run {
  readonly context: Context;
  readonly scope: ReadonlyMap<string, Result>;
  readonly depth: number;
  readonly source: string;
  readonly spend: () => void;
  readonly evaluate: (node: ASTNode, run: Run) => Result;
}

/** How reads are joined in a run: bounded, unless it reads everything that decides. */
export function joining({ context }: Run): typeof joinReads {
  return context.exhaustive === true ? joinAllReads : joinReads;
}

/** Worked out once for each part, however many resources it is held against. */
const written = new WeakMap<ASTNode, string>();

/** A part of the expression as its author wrote it, on one line: names it where its emptiness decides. */
export function writtenAs(node: ASTNode, { source }: Run): string {
  const before = written.get(node);
  if (before !== undefined) return before;
  const text = source
    .slice(node.start, node.end)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=\.)/g, '');
  written.set(node, text);
  return text;
}
