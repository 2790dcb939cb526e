import { Evaluation, type EvaluationOptions } from '../../src/evaluate/evaluation.ts';
import type { Summary } from '../../src/model/assessment.ts';
import { SEVERITY_WEIGHT, type Control } from '../../src/model/control.ts';
import { known, type Fact, type Unknown } from '../../src/model/fact.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Plan, PlannedControl } from '../../src/model/plan.ts';
import type { Coverage, Resource, Target, TargetRecord } from '../../src/model/resource.ts';
import { resourceOf } from '../../src/proof/example-record.ts';
import { SourceText } from '../../src/text/source-text.ts';

export const NOW = '2026-11-24T00:00:00.000Z';
const SOURCE = new SourceText('custos.yaml', 'targets:\n  - { id: one, files: ./one }\n');
export const HERE = SOURCE.origin(11, 20);

/** A control with sensible fields; a test names what it is about. */
export function control(fields: Partial<Control> & Pick<Control, 'id'>): Control {
  const text = { en: fields.id, zh: fields.id };
  return {
    revision: 1,
    family: fields.id.replace(/-\d+$/, ''),
    title: text,
    rationale: text,
    severity: 'high',
    lesser: [],
    scope: 'resource',
    resource: fields.scope === undefined || fields.scope === 'resource' ? 'datastore' : '',
    message: text,
    remediation: { ...text, examples: {} },
    references: {},
    report: [],
    tags: [],
    verification: 'automated',
    parameters: {},
    declaredAt: SOURCE.range(0, 7),
    bundled: true,
    ...fields,
  };
}

/** A control as a plan holds it. */
export function planned(fields: Partial<Control> & Pick<Control, 'id'>, more: Partial<PlannedControl> = {}): PlannedControl {
  const made = control(fields);
  const parameters = Object.fromEntries(
    Object.entries(made.parameters).map(([name, { default: value }]) => [name, { value, setBy: 'default' }]),
  );
  return { control: made, parameters, weight: { value: SEVERITY_WEIGHT[made.severity], setBy: 'severity' }, emptyMayPass: [], ...more };
}

export function target(id: string, more: Partial<Target> = {}): Target {
  return {
    id,
    kind: 'files',
    address: `./${id}`,
    system: 'default',
    labels: {},
    versions: {},
    options: {},
    declaredAt: SOURCE.range(11, 20),
    ...more,
  };
}

export const label = (value: string): Fact<string> => known(value, HERE);
export const COMPLETE: Coverage = { status: 'complete', gaps: [], looked: known('all', HERE) };
export const partial = (...gaps: readonly Unknown[]): Coverage => ({ status: 'partial', gaps, looked: known('some', HERE) });
export const failed = (why: Unknown): Coverage => ({ status: 'failed', gaps: [why], looked: why });

/** A datastore (or another kind) of plain values, as examples write them. */
export function resource(
  id: string,
  values: Readonly<Record<string, unknown>>,
  kind = 'datastore',
  stance: Resource['stance'] = 'declared',
): Resource {
  return { ...resourceOf(kind, id, values), stance };
}

export function record(
  of: Target | string,
  resources: readonly Resource[],
  coverage: TargetRecord['coverage'] = { datastore: COMPLETE },
): TargetRecord {
  const about = typeof of === 'string' ? target(of) : of;
  return {
    target: about,
    resources: resources.map((one) => ({ ...one, target: about.id })),
    coverage,
    gaps: [],
    looked: [],
    collectors: { files: '1' },
    collectedAt: NOW,
  };
}

export function plan(controls: readonly PlannedControl[], records: readonly TargetRecord[], more: Partial<Plan> = {}): Plan {
  return {
    format: 'custos-plan',
    version: 1,
    profile: 'test',
    controls,
    targets: records.map((one) => one.target),
    expects: [],
    labelDefaults: {},
    waivers: [],
    gate: { failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: false },
    policy: [],
    asOf: NOW,
    ...more,
  };
}

/** Evaluates records by a plan. */
export function assess(
  controls: readonly PlannedControl[],
  records: readonly TargetRecord[],
  more: Partial<Plan> = {},
  options: Partial<EvaluationOptions> = {},
): { readonly findings: readonly Finding[]; readonly summary: Summary } {
  const evaluation = new Evaluation(plan(controls, records, more), { toolVersion: 'test', planDigest: 'test', ...options });
  const findings = records.flatMap((one) => [...evaluation.judge(one)]);
  const end = evaluation.finish();
  return { findings: [...findings, ...end.findings], summary: end.summary };
}

/** `control target/resource outcome` of each finding: what most tests compare. */
export function outcomes(findings: readonly Finding[]): readonly string[] {
  return findings.map(
    (finding) => `${finding.control} ${finding.target}${finding.resource === '' ? '' : `/${finding.resource}`} ${finding.outcome}`,
  );
}

/** Judges one datastore by one assertion: the outcome. */
export function outcomeOf(
  assert: string,
  values: Readonly<Record<string, unknown>>,
  more: Partial<Control> = {},
  plannedMore: Partial<PlannedControl> = {},
): Finding {
  const { findings } = assess(
    [planned({ id: 'T-01', assert, ...more }, plannedMore)],
    [record('one', [resource('db', values, more.resource ?? 'datastore')], { [more.resource ?? 'datastore']: COMPLETE })],
  );
  const [finding] = findings;
  if (finding === undefined) throw new Error('no finding');
  return finding;
}
