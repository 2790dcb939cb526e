import { readFileSync, statSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import type { Baseline } from '../model/baseline.ts';
import { findingDocumentSchema } from '../schema/evidence.ts';
import { linesOf } from './lines-of-file.ts';

/** An assessment as it is read from a file: its summary, and its findings as often as they are needed. */
export interface AssessmentFile {
  readonly summary: Summary;
  readonly findings: Iterable<Finding>;
}

/** Something wrong with an assessment file. */
export class InvalidAssessment extends Error {
  readonly file: string;

  constructor(file: string, message: string) {
    super(message);
    this.name = 'InvalidAssessment';
    this.file = file;
  }
}

/** A JSON object larger than this must come as JSON Lines. */
const MAX_OBJECT = 400 * 1024 * 1024;

/** Opens an assessment written as one JSON object (`-f json`) or as JSON Lines (`-f jsonl`). */
export function openAssessment(file: string): AssessmentFile {
  const lines = linesOf(file);
  const first = lines.next();
  lines.return();
  if (first.done !== true && isLinesHeader(first.value.value)) return fromLines(file);
  if (statSync(file).size > MAX_OBJECT) throw new InvalidAssessment(file, 'is too large for one JSON object: write it with -f jsonl');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidAssessment(file, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isAssessment(value)) throw new InvalidAssessment(file, 'is no Custos assessment (format custos-assessment, version 1)');
  const { findings, ...summary } = value;
  const tally = new Tally(file);
  for (const [index, finding] of findings.entries()) tally.add(finding, `findings[${index}]`);
  tally.settle(summary);
  return { summary, findings };
}

/** Takes findings one by one: each by the published schema, and all of them by the counts of the summary. */
class Tally {
  readonly #file: string;
  readonly #valid = new Ajv2020({ strict: false }).compile(findingDocumentSchema);
  readonly #counts = new Map<string, number>();

  constructor(file: string) {
    this.#file = file;
  }

  add(finding: unknown, place: string): void {
    if (!this.#valid(finding) || !isFinding(finding)) {
      const [first] = this.#valid.errors ?? [];
      throw new InvalidAssessment(this.#file, `${place} is no finding: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
    }
    this.#counts.set(finding.outcome, (this.#counts.get(finding.outcome) ?? 0) + (finding.count ?? 1));
  }

  settle({ counts }: Summary): void {
    for (const [outcome, count] of Object.entries(counts)) {
      const found = this.#counts.get(outcome) ?? 0;
      if (found !== count)
        throw new InvalidAssessment(
          this.#file,
          `holds ${found} findings that came out ${outcome}, and its summary counts ${count}: it was changed or cut`,
        );
    }
  }
}

function fromLines(file: string): AssessmentFile {
  let summary: Summary | undefined;
  const tally = new Tally(file);
  let number = 0;
  for (const { value } of linesOf(file)) {
    number += 1;
    if (isLinesHeader(value)) continue;
    if (summary !== undefined) throw new InvalidAssessment(file, `line ${number} goes on after its summary`);
    if (isSummaryLine(value)) summary = value.summary;
    else tally.add(value, `line ${number}`);
  }
  if (summary === undefined) throw new InvalidAssessment(file, 'ends without its summary: it was cut off');
  tally.settle(summary);
  return { summary, findings: { [Symbol.iterator]: () => findingsIn(file) } };
}

function* findingsIn(file: string): Generator<Finding, void> {
  for (const { value } of linesOf(file)) if (isFinding(value)) yield value;
}

/** What later runs compare themselves with. */
export function baselineOf({ summary, findings }: AssessmentFile): Baseline {
  const open = [...findings].filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable');
  return {
    controls: Object.fromEntries(summary.rules.map(({ id, revision }) => [id, revision])),
    findings: open.flatMap(({ fingerprint, control, target, resource, kind, outcome, offenders }) =>
      fingerprint === undefined
        ? []
        : [{ fingerprint, control, target, resource, kind, outcome, offenders: offenders.map(({ digest }) => digest) }],
    ),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isLinesHeader(value: unknown): boolean {
  return isObject(value) && value['format'] === 'custos-assessment-lines' && value['version'] === 1;
}

function isSummaryLine(value: unknown): value is { readonly summary: Summary } {
  return isObject(value) && isObject(value['summary']) && value['summary']['format'] === 'custos-assessment';
}

function isFinding(value: unknown): value is Finding {
  return isObject(value) && typeof value['outcome'] === 'string' && typeof value['control'] === 'string';
}

function isAssessment(value: unknown): value is Summary & { readonly findings: readonly Finding[] } {
  return (
    isObject(value) &&
    value['format'] === 'custos-assessment' &&
    value['version'] === 1 &&
    Array.isArray(value['findings']) &&
    isObject(value['scores']) &&
    isObject(value['counts']) &&
    Array.isArray(value['rules'])
  );
}
