import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import type { SqlSession } from '../../world/database.ts';

/** Columns of a row as texts; null is SQL's. */
export type Cells<C extends string> = { readonly [column in C]: string | null };

/** What a question gives. */
export interface Answer<C extends string> {
  readonly rows: readonly Cells<C>[];
  /** `select … from pg_roles`. */
  readonly origin: Origin;
}

interface Question<C extends string> {
  /** What it is about, as a person would write it. */
  readonly from: string;
  /** A select without limit whose columns are texts. */
  readonly statement: string;
  readonly columns: readonly C[];
  readonly maxRows?: number;
  /** Privilege that a role without it lacks. */
  readonly needs?: string;
}

/** The system catalogues of one database, as this session may see them. */
export class Catalogue {
  readonly session: SqlSession;
  readonly target: Target;

  constructor(session: SqlSession, target: Target) {
    this.session = session;
    this.target = target;
  }

  get database(): string {
    return this.session.address.database ?? '';
  }

  origin(exchange: string): Origin {
    return { kind: 'wire', target: this.target.id, exchange };
  }

  /** The rows of a question. A row without one of its columns is no answer of PostgreSQL's. */
  async ask<const C extends string>({ from, statement, columns, maxRows, needs }: Question<C>): Promise<Answer<C> | Unknown> {
    const origin = this.origin(`select … from ${from}`);
    const rows = await this.session.query(statement, maxRows);
    if ('state' in rows) {
      const lacking = rows.cause === 'access-denied' && needs !== undefined ? `: it takes ${needs}` : `: ${rows.detail}`;
      return unknown(rows.cause, `${from}${lacking}`, origin);
    }
    const read: Cells<C>[] = [];
    for (const row of rows) {
      const cells = cellsOf(row, columns);
      if (cells === undefined) return unknown('unparseable', `${from}: not the columns that were asked for`, origin);
      read.push(cells);
    }
    return { rows: read, origin };
  }
}

function cellsOf<C extends string>(row: Readonly<Record<string, unknown>>, columns: readonly C[]): Cells<C> | undefined {
  const cells: Partial<Record<C, string | null>> = {};
  for (const column of columns) {
    const value = row[column];
    if (value !== null && typeof value !== 'string') return undefined;
    cells[column] = value;
  }
  return isWhole(cells, columns) ? cells : undefined;
}

function isWhole<C extends string>(cells: Partial<Record<C, string | null>>, columns: readonly C[]): cells is Record<C, string | null> {
  return columns.every((column) => cells[column] !== undefined);
}

/** A number, as the server writes it without an exponent. */
export function numberIn(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** A time as our statements ask for it: ISO 8601 in UTC. */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
}

/** The names in a JSON list that the server made of an array; undefined where it is none. */
export function namesIn(text: string | null): readonly string[] | undefined {
  if (text === null) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
