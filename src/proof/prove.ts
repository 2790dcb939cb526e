import { compileControl, type CompiledControl } from '../cel/control.ts';
import { nearest, type Diagnostic } from '../catalog/diagnostic.ts';
import { emptyListsOf } from '../evaluate/judge.ts';
import { Evaluation } from '../evaluate/evaluation.ts';
import { Neighbourhood, subjectOf } from '../evaluate/neighbourhood.ts';
import { readFact, undecided, valued, type Result } from '../cel/result.ts';
import type { Context } from '../cel/run.ts';
import type { ControlDefinition, ControlExample, ParameterValue } from '../model/control.ts';
import { absent, type Fact } from '../model/fact.ts';
import type { Finding, Outcome } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { TargetRecord } from '../model/resource.ts';
import { kindOf } from '../resources/vocabulary.ts';
import { EXAMPLE_TIME, exampleRecord, MAIN_FILE } from './example-record.ts';

/** What a control's examples show: on which empty lists a pass may rest, and what is wrong. */
export interface Proof {
  readonly emptyMayPass: readonly string[];
  readonly problems: readonly Diagnostic[];
}

/** Proofs that were run before: control id → digest of its file, and what its examples allow. */
export interface KnownProofs {
  readonly [control: string]: { readonly digest: string; readonly emptyMayPass: readonly string[] };
}

/** Runs a control's own examples, and each of them once more with every optional attribute absent. */
export async function prove(definition: ControlDefinition): Promise<Proof> {
  const compilation = compileControl(definition);
  if (!compilation.ok) return { emptyMayPass: [], problems: [] }; // reported when it was read
  const { compiled } = compilation;
  const problems: Diagnostic[] = [];
  const complain = (message: string, hint?: string, range = definition.declaredAt): void => {
    problems.push({ file: range.file, range, message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const expected of ['pass', 'fail'] as const) {
    if (!definition.examples.some(({ expect }) => expect === expected))
      complain(`${definition.id} has no example that is expected to ${expected}`);
  }
  const records = new Map<ControlExample, TargetRecord>();
  for (const example of definition.examples) {
    const { format } = example;
    if (format === undefined || MAIN_FILE[format] !== undefined) records.set(example, await exampleRecord(example, definition.resource));
    else {
      const known = Object.keys(MAIN_FILE);
      complain(`there is no format "${format}"`, nearest(format, known) ?? `formats are: ${known.join(', ')}`, example.formatAt);
    }
  }
  const emptyMayPass = [
    ...new Set([...records].flatMap(([example, record]) => (example.expect === 'pass' ? emptyIn(compiled, example, record) : []))),
  ];
  for (const [example, record] of records) {
    const outcomes = judgeExample(definition, example, record, emptyMayPass);
    const came = decisive(outcomes.map(({ outcome }) => outcome));
    if (came !== example.expect)
      complain(
        `example "${example.name}" is expected to ${example.expect}, and comes out ${came}`,
        outcomes[0]?.message.en,
        example.declaredAt,
      );
    for (const attribute of optionalAttributes(definition.resource)) {
      const without = withoutAttribute(record, definition.resource, attribute);
      if (without === undefined) continue;
      const error = judgeExample(definition, example, without, emptyMayPass).find(({ outcome }) => outcome === 'error');
      if (error !== undefined)
        complain(
          `example "${example.name}" without ${attribute}: ${error.outcome === 'error' ? error.error : ''}`,
          `ask has(r.${attribute}) first`,
          example.declaredAt,
        );
    }
  }
  return { emptyMayPass, problems };
}

/** Judges one example as if it were the only target, with the control's own parameters. */
export function judgeExample(
  definition: ControlDefinition,
  example: ControlExample,
  record: TargetRecord,
  emptyMayPass: readonly string[],
): readonly Finding[] {
  const { examples: _, ...control } = definition;
  const plan: Plan = {
    format: 'custos-plan',
    version: 1,
    profile: 'example',
    controls: [
      {
        control,
        parameters: Object.fromEntries(
          Object.entries(parametersOf(definition, example)).map(([name, value]) => [name, { value, setBy: 'example' }]),
        ),
        weight: { value: 1, setBy: 'example' },
        emptyMayPass,
      },
    ],
    targets: [record.target],
    expects: [],
    labelDefaults: {},
    waivers: [],
    gate: { failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: false },
    policy: [],
    asOf: EXAMPLE_TIME,
  };
  const evaluation = new Evaluation(plan, {
    toolVersion: 'example',
    planDigest: 'example',
    ...(example.outcomes === undefined ? {} : { givenOutcomes: example.outcomes }),
  });
  const first = evaluation.judge(record);
  return [...first, ...evaluation.finish().findings].filter((finding) => finding.control === definition.id);
}

/** Worst first: what several findings of one example come to together. */
const DECISIVE: readonly Outcome[] = ['error', 'fail', 'unknown', 'manual', 'pass', 'not-applicable'];

function decisive(outcomes: readonly Outcome[]): Outcome | 'nothing' {
  return DECISIVE.find((outcome) => outcomes.includes(outcome)) ?? 'nothing';
}

function parametersOf({ parameters }: ControlDefinition, example: ControlExample): Readonly<Record<string, ParameterValue>> {
  const defaults = Object.fromEntries(Object.entries(parameters).map(([name, { default: value }]) => [name, value]));
  return { ...defaults, ...example.parameters };
}

function optionalAttributes(kind: string): readonly string[] {
  return Object.entries(kindOf(kind)?.attributes ?? {}).flatMap(([name, { optional }]) => (optional === true ? [name] : []));
}

function withoutAttribute(record: TargetRecord, kind: string, attribute: string): TargetRecord | undefined {
  if (!record.resources.some((resource) => resource.kind === kind)) return undefined;
  const resources = record.resources.map((resource) => {
    if (resource.kind !== kind) return resource;
    const fact = resource.facts[attribute];
    const origin = fact?.origin ?? { kind: 'file' as const, range: record.target.declaredAt };
    return { ...resource, facts: { ...resource.facts, [attribute]: absent(origin) } };
  });
  return { ...record, resources };
}

/** The empty lists that decide when an example passes. */
function emptyIn(compiled: CompiledControl, example: ControlExample, record: TargetRecord): readonly string[] {
  const assertion = compiled.assert ?? compiled.attested;
  if (assertion === undefined) return [];
  const neighbourhood = new Neighbourhood(compiled.kinds);
  neighbourhood.add(record);
  const label = (name: string): Result => {
    const fact: Fact<string> | undefined = record.target.labels[name];
    return fact === undefined ? undecided([{ path: name, cause: 'not-collected', detail: name }]) : readFact(fact, name);
  };
  const subjects = record.resources.filter(({ kind }) => kind === compiled.control.resource);
  const contexts = (compiled.control.scope === 'resource' ? subjects : [undefined]).map((subject): Context => ({
    parameters: parametersOf({ ...compiled.control, examples: [] }, example),
    asOf: Date.parse(EXAMPLE_TIME),
    resources: (kind, join) => neighbourhood.resources('example', kind, join),
    label,
    outcomes: () => valued({ kind: 'list', items: [], open: [], source: 'outcomes' }),
    ...(subject === undefined ? {} : { subject: subjectOf(subject, 'r') }),
  }));
  return contexts.flatMap((context) => emptyListsOf(compiled, assertion, context));
}
