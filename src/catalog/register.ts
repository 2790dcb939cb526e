import type { Localized } from '../model/localized.ts';
import type { SourceText } from '../text/source-text.ts';
import { nearest, type Reporter } from './diagnostic.ts';
import { readDocument } from './yaml-document.ts';

/** An act or standard that a control may cite. */
export interface RegisterEntry {
  readonly name: Localized;
  readonly nature: 'law' | 'rule' | 'standard' | 'framework';
  readonly from?: string;
  readonly until?: string;
  readonly confirm?: boolean;
  readonly clauses?: readonly string[];
}

/** The register of laws and standards, by id. */
export type Register = ReadonlyMap<string, RegisterEntry>;

const registerSchema = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['name', 'nature'],
    additionalProperties: false,
    properties: {
      name: { type: 'object', required: ['en', 'zh'], properties: { en: { type: 'string' }, zh: { type: 'string' } } },
      nature: { enum: ['law', 'rule', 'standard', 'framework'] },
      from: { type: 'string' },
      until: { type: 'string' },
      confirm: { type: 'boolean' },
      clauses: { type: 'array', items: { type: 'string' } },
    },
  },
} as const;

/** Reads the register. */
export function readRegister(source: SourceText, reporter: Reporter): Register {
  const document = readDocument(source, registerSchema, reporter);
  return new Map(document !== undefined && isRegisterFile(document.plain) ? Object.entries(document.plain) : []);
}

function isRegisterFile(plain: unknown): plain is Record<string, RegisterEntry> {
  return typeof plain === 'object' && plain !== null; // the schema has been checked
}

/** What is wrong with a citation, if anything. A clause stands for its paragraphs and items: `32(4)` needs `32`. */
export function citationProblem(
  register: Register,
  id: string,
  clause: string,
): { readonly message: string; readonly hint?: string } | undefined {
  const entry = register.get(id);
  if (entry === undefined) {
    const hint = nearest(id, [...register.keys()]);
    return { message: `the register has no "${id}"`, ...(hint === undefined ? {} : { hint }) };
  }
  if (clause === '' || entry.clauses?.includes(clause) === true) return undefined;
  const act = clause.replace(/(?:\([^)]*\))+$/, '');
  if (entry.clauses?.includes(act) === true) return undefined;
  const known = entry.clauses ?? [];
  return {
    message: `the register names no clause "${clause}" of ${id}`,
    hint:
      known.length === 0 ? 'cite the act alone: []' : (nearest(clause, known) ?? 'cite the act alone, or add the clause to the register'),
  };
}
