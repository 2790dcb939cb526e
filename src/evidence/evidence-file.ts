import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonicalJson, canonicalPieces } from '../model/canonical.ts';
import { unknown } from '../model/fact.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetRecord } from '../model/resource.ts';
import { planSchema, recordSchema } from '../schema/evidence.ts';
import { easeMemory } from './ease-memory.ts';
import { linesOf } from './lines-of-file.ts';

/** Compiled when evidence is first read: most runs read none. */
let validators: { readonly record: ValidateFunction; readonly plan: ValidateFunction } | undefined;

function valid(): NonNullable<typeof validators> {
  if (validators !== undefined) return validators;
  const ajv = new Ajv2020({ strict: false });
  validators = { record: ajv.compile(recordSchema), plan: ajv.compile(planSchema) };
  return validators;
}
/** Evidence may come from anywhere: what does not have the published shape is refused with its line, never judged. */

/** First line of an evidence file: which plan it was collected for, and the plan itself. */
export interface EvidenceHeader {
  readonly format: 'custos-evidence';
  readonly version: 1;
  readonly tool: { readonly name: 'custos'; readonly version: string };
  readonly planDigest: string;
  readonly plan: Plan;
  /** Leads from where the run stood to the directory that paths are relative to; absent where they are one. */
  readonly base?: string;
  /** Present on the evidence of one shard. */
  readonly shard?: { readonly index: number; readonly of: number };
}

/** Last line: how many records there are, and the digest of their lines. A file without it is incomplete. */
export interface EvidenceFooter {
  readonly footer: true;
  readonly targets: number;
  readonly digest: string;
}

/** Makes the lines of an evidence file, one record at a time. */
export class EvidenceLines {
  readonly #hash = createHash('sha256');
  #targets = 0;

  /** In pieces: the plan of a fleet names every target. */
  *header(plan: Plan, toolVersion: string, shard?: { readonly index: number; readonly of: number }, base = ''): Iterable<string> {
    const header: EvidenceHeader = {
      format: 'custos-evidence',
      version: 1,
      tool: { name: 'custos', version: toolVersion },
      planDigest: planDigestOf(plan),
      plan,
      ...(base === '' ? {} : { base }),
      ...(shard === undefined ? {} : { shard }),
    };
    yield* canonicalPieces(header);
    yield '\n';
  }

  record(record: TargetRecord): string {
    const line = canonicalJson(record);
    this.#hash.update(line).update('\n');
    this.#targets += 1;
    return `${line}\n`;
  }

  footer(): string {
    const footer: EvidenceFooter = { footer: true, targets: this.#targets, digest: this.#hash.digest('hex') };
    return `${canonicalJson(footer)}\n`;
  }
}

/**
 * Identifies a plan: shards of one plan carry the same. The time is part of it where the user named one; where it is the clock's,
 * shards that were collected one after the other are still of one plan.
 */
export function planDigestOf({ asOf, ...plan }: Plan): string {
  const hash = createHash('sha256');
  for (const piece of canonicalPieces(plan.asOfGiven === undefined ? plan : { ...plan, asOf })) hash.update(piece);
  return hash.digest('hex');
}

/** Something wrong with an evidence file: the file, the line, and what to do. */
export class InvalidEvidence extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, message: string) {
    super(message);
    this.name = 'InvalidEvidence';
    this.file = file;
    this.line = line;
  }
}

/** An evidence file being read: its header, then its records one at a time. */
export interface EvidenceReader {
  readonly file: string;
  readonly header: EvidenceHeader;
  /** Records in the order of the file. Where it was cut off the rest is not here: evaluation finds every target of the plan that is missing. */
  records(): Iterable<TargetRecord>;
}

/**
 * Opens an evidence file. A header that is none of ours is an error with its place. Shards of one plan each carry it
 * whole: given the header of another, its plan is held once.
 */
export function openEvidence(file: string, sibling?: EvidenceHeader): EvidenceReader {
  easeMemory(); // of the header that was read before this one
  const lines = linesOf(file, 0, (line, message) => new InvalidEvidence(file, line, message));
  const first = lines.next();
  lines.return();
  const header = first.done === true ? undefined : first.value.value;
  if (!isHeader(header))
    throw new InvalidEvidence(file, 1, 'is no Custos evidence: its first line must be a header of format custos-evidence, version 1');
  if (planDigestOf(header.plan) !== header.planDigest)
    throw new InvalidEvidence(file, 1, 'its plan does not have the digest that the header states: the file was changed');
  const shared = sibling?.planDigest === header.planDigest ? { ...header, plan: { ...sibling.plan, asOf: header.plan.asOf } } : header;
  const start = first.done === true ? 0 : first.value.end;
  return { file, header: shared, records: () => recordsOf(file, start) };
}

/** The records after the header, which ends at `start`: a fleet's header is large, and is read once. */
function* recordsOf(file: string, start: number): Iterable<TargetRecord> {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  let number = 1;
  let complete = false;
  let held: TargetRecord | undefined;
  for (const { bytes, value } of linesOf(file, start, (line, message) => new InvalidEvidence(file, line + 1, message))) {
    number += 1;
    if (bytes.length === 0) continue;
    if (complete) throw new InvalidEvidence(file, number, 'goes on after its footer');
    if (value === undefined) throw new InvalidEvidence(file, number, 'is not JSON');
    if (isFooter(value)) {
      if (value.targets !== seen.size || value.digest !== hash.digest('hex'))
        throw new InvalidEvidence(
          file,
          number,
          'its records do not have the count and digest that the footer states: the file was changed',
        );
      complete = true;
    } else if (isRecord(value)) {
      hash.update(bytes).update('\n');
      if (seen.has(value.target.id)) throw new InvalidEvidence(file, number, `holds target ${value.target.id} twice`);
      seen.add(value.target.id);
      if (held !== undefined) {
        yield held;
        easeMemory();
      }
      held = value;
    } else
      throw new InvalidEvidence(
        file,
        number,
        `is no target record: ${new Ajv2020().errorsText(valid().record.errors, { dataVar: 'record' }).slice(0, 200)}`,
      );
  }
  if (held === undefined) return;
  // A file that was cut off says so wherever it is looked at; what is missing of its plan is unknown besides.
  const cut = unknown('not-collected', `${basename(file)} ends without its footer: it is not complete`, {
    kind: 'file',
    range: held.target.declaredAt,
  });
  yield complete ? held : { ...held, gaps: [...held.gaps, cut] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isHeader(value: unknown): value is EvidenceHeader {
  return (
    isObject(value) &&
    value['format'] === 'custos-evidence' &&
    value['version'] === 1 &&
    typeof value['planDigest'] === 'string' &&
    (value['base'] === undefined || typeof value['base'] === 'string') &&
    valid().plan(value['plan'])
  );
}

function isFooter(value: unknown): value is EvidenceFooter {
  return isObject(value) && value['footer'] === true;
}

function isRecord(value: unknown): value is TargetRecord {
  return valid().record(value);
}
