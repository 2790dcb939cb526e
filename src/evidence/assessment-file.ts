import { readFileSync, statSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Summary } from '../model/assessment.ts';
import { OUTCOMES, type Finding } from '../model/finding.ts';
import type { Baseline } from '../model/baseline.ts';
import { findingDocumentSchema, summarySchema } from '../schema/assessment.ts';
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
  if (beginsAsLines(file)) return fromLines(file);
  if (statSync(file).size > MAX_OBJECT) throw new InvalidAssessment(file, 'is too large for one JSON object: write it with -f jsonl');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InvalidAssessment(file, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isAssessment(value)) throw new InvalidAssessment(file, 'is no Custos assessment (format custos-assessment, version 1)');
  const { findings, ...rest } = value;
  const tally = new Tally(file);
  const summary = tally.summary(rest, 'summary');
  const taken = findings.map((finding, index) => tally.add(finding, `findings[${index}]`));
  tally.settle(summary);
  return { summary, findings: taken };
}

/** A first line that is too long to be a header begins an object that was written without line ends. */
function beginsAsLines(file: string): boolean {
  const beyond = new InvalidAssessment(file, 'begins with no header');
  try {
    for (const { value } of linesOf(file, 0, () => beyond)) return isLinesHeader(value);
  } catch (error) {
    if (error !== beyond) throw error;
  }
  return false;
}

/** Holds what was read against the published schema: the summary, each finding, and all of them by the counts of the summary. */
class Tally {
  readonly #file: string;
  readonly #ajv = new Ajv2020({ strict: false });
  readonly #validSummary = this.#ajv.compile<Summary>(summarySchema);
  readonly #validFinding = this.#ajv.compile<Finding>(findingDocumentSchema);
  readonly #counts = new Map<string, number>();
  /** Where each control was first met. */
  readonly #controls = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  summary(value: unknown, place: string): Summary {
    if (!this.#validSummary(value)) throw this.#refusal(place, 'no summary', this.#validSummary);
    return value;
  }

  add(finding: unknown, place: string): Finding {
    if (!this.#validFinding(finding)) throw this.#refusal(place, 'no finding', this.#validFinding);
    this.#counts.set(finding.outcome, (this.#counts.get(finding.outcome) ?? 0) + (finding.count ?? 1));
    if (!this.#controls.has(finding.control)) this.#controls.set(finding.control, place);
    return finding;
  }

  settle({ counts, rules }: Summary): void {
    for (const outcome of OUTCOMES) {
      const found = this.#counts.get(outcome) ?? 0;
      if (found !== counts[outcome])
        throw new InvalidAssessment(
          this.#file,
          `holds ${found} findings that came out ${outcome}, and its summary counts ${counts[outcome]}: it was changed or cut`,
        );
    }
    const known = new Set(rules.map(({ id }) => id));
    for (const [control, place] of this.#controls)
      if (!known.has(control))
        throw new InvalidAssessment(
          this.#file,
          `${place} is of control ${control}, which its summary does not name: it was changed or cut`,
        );
  }

  #refusal(place: string, what: string, { errors }: ValidateFunction): InvalidAssessment {
    const [first] = errors ?? [];
    return new InvalidAssessment(this.#file, `${place} is ${what}: ${`${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim()}`);
  }
}

function fromLines(file: string): AssessmentFile {
  let summary: Summary | undefined;
  const tally = new Tally(file);
  let number = 0;
  for (const { value } of linesOf(file, 0, (line, message) => new InvalidAssessment(file, `line ${line} ${message}`))) {
    number += 1;
    if (isLinesHeader(value)) continue;
    if (summary !== undefined) throw new InvalidAssessment(file, `line ${number} goes on after its summary`);
    if (isSummaryLine(value)) summary = tally.summary(value.summary, `line ${number}`);
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

function isSummaryLine(value: unknown): value is { readonly summary: unknown } {
  return isObject(value) && isObject(value['summary']);
}

function isFinding(value: unknown): value is Finding {
  return isObject(value) && typeof value['outcome'] === 'string' && typeof value['control'] === 'string';
}

/** What says it is an assessment: what it holds is looked at next. */
function isAssessment(value: unknown): value is { readonly findings: readonly unknown[] } {
  return (
    isObject(value) &&
    value['format'] === 'custos-assessment' &&
    value['version'] === 1 &&
    Array.isArray(value['findings']) &&
    isObject(value['counts']) &&
    Array.isArray(value['rules'])
  );
}
