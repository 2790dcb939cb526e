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

/** A part of the expression as its author wrote it, on one line: names it where its emptiness decides. */
export function writtenAs({ start, end }: ASTNode, { source }: Run): string {
  return source
    .slice(start, end)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=\.)/g, '');
}
