import { SEVERITY_WEIGHT, type ControlDefinition, type Parameter, type ParameterValue } from '../model/control.ts';
import type { Bound, Gate, OwnSettings, Plan, PlannedControl, PolicySource, Setting, Waiver } from '../model/plan.ts';
import type { Target } from '../model/resource.ts';
import { compileControl } from '../cel/control.ts';
import { yamlAt } from '../text/yaml.ts';
import type { Reporter } from './diagnostic.ts';
import type { Catalogue } from './load.ts';
import { mergeProfile, type MergedProfile } from './merge-profile.ts';
import { ownSettings } from './own-settings.ts';
import { parameterProblem } from './read-control.ts';
import type { Configuration } from './read-configuration.ts';
import type { Profile } from './read-profile.ts';

/** What the caller decides besides the files: the command line, the Action. */
export interface PlanRequest {
  readonly catalogue: Catalogue;
  readonly profile: Profile;
  readonly configuration?: Configuration;
  readonly targets: readonly Target[];
  readonly waivers: readonly Waiver[];
  readonly policy: readonly PolicySource[];
  readonly gate: Partial<Gate>;
  /** Settings of the plan that evidence was collected by, where they stay. */
  readonly kept?: OwnSettings;
  readonly time: Pick<Plan, 'asOf' | 'asOfGiven'>;
  /** Lists on whose emptiness a pass may rest, by control: what its own passing examples allow. */
  readonly emptyMayPass: ReadonlyMap<string, readonly string[]>;
}

const DEFAULT_GATE: Gate = { failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: false };

/** Settles what will be judged, of what, by which rules. What contradicts itself is reported at its place. */
export function resolvePlan(request: PlanRequest, reporter: Reporter): Plan {
  const { catalogue, configuration, targets } = request;
  const merged = mergeProfile(request.profile, catalogue.profiles, catalogue.controls, reporter);
  const settings = ownSettings(configuration, request.gate, catalogue.controls, reporter);
  const own = request.kept === undefined ? settings : over(request.kept, settings);
  const selected = catalogue.controls.filter(({ id }) => merged.selected.has(id));
  if (selected.length === 0) reporter.of(request.profile.document.source.file, `profile ${merged.id} selects no control`);
  return {
    format: 'custos-plan',
    version: 1,
    profile: merged.id,
    controls: selected.map((definition) => planned(definition, merged, own, request, reporter)),
    targets: targets.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    expects: [...merged.expects, ...own.expects],
    labelDefaults: merged.labels,
    waivers: request.waivers,
    gate: withError({ ...DEFAULT_GATE, ...merged.gate, ...own.gate }),
    policy: request.policy,
    ...request.time,
    own,
  };
}

/** Settings that were made later, over those of the plan that evidence was collected by: parameter by parameter. */
function over(kept: OwnSettings, later: OwnSettings): OwnSettings {
  const set = Object.entries(later.parameters).map(([id, values]) => [id, { ...kept.parameters[id], ...values }] as const);
  return {
    parameters: { ...kept.parameters, ...Object.fromEntries(set) },
    expects: [...kept.expects, ...later.expects],
    gate: { ...kept.gate, ...later.gate },
  };
}

/** An error stops every gate: a list that does not name it is shown as it works. */
function withError(gate: Gate): Gate {
  return gate.undecided.includes('error') ? gate : { ...gate, undecided: [...gate.undecided, 'error'] };
}

function planned(
  definition: ControlDefinition,
  merged: MergedProfile,
  own: OwnSettings,
  request: PlanRequest,
  reporter: Reporter,
): PlannedControl {
  const { examples: _, ...control } = definition;
  const parameters: Record<string, Setting<ParameterValue>> = {};
  for (const [name, parameter] of Object.entries(control.parameters)) {
    const setting = own.parameters[control.id]?.[name] ??
      merged.parameters.get(control.id)?.get(name) ?? { value: parameter.default, setBy: `default of ${control.id}` };
    parameters[name] = setting;
    const problem = parameterProblem(parameter.type, setting.value);
    if (problem !== undefined) reportParameter(request, control.id, name, setting.setBy, `${control.id} ${name} ${problem}`, reporter);
    for (const bound of merged.bounds.filter((one) => one.control === control.id && one.parameter === name)) {
      if (!isLooser(parameter, setting.value, bound)) continue;
      const message = `${control.id} ${name} is ${JSON.stringify(setting.value)} (${setting.setBy}), looser than ${JSON.stringify(bound.value)}, which ${bound.claimedBy} claims`;
      reportParameter(request, control.id, name, setting.setBy, message, reporter);
    }
  }
  const compilation = compileControl(control);
  const probe = compilation.ok ? compilation.compiled.probe : undefined;
  return {
    control,
    parameters,
    weight: merged.weights.get(control.id) ?? { value: SEVERITY_WEIGHT[control.severity], setBy: `severity ${control.severity}` },
    emptyMayPass: request.emptyMayPass.get(control.id) ?? [],
    ...(probe === undefined ? {} : { probe }),
  };
}

/** Points at the value in custos.yaml where that set it, else at the profile. */
function reportParameter(request: PlanRequest, id: string, name: string, setBy: string, message: string, reporter: Reporter): void {
  const documents = [
    request.configuration?.document,
    request.profile.document,
    ...[...request.catalogue.profiles.values()].map(({ document }) => document),
  ];
  const isConfiguration = !setBy.startsWith('profile ');
  for (const document of isConfiguration ? documents.slice(0, 1) : documents.slice(1)) {
    const at = document === undefined ? undefined : yamlAt(document.root, 'parameters', id, name);
    if (document === undefined || at === undefined) continue;
    reporter.at(document.source, at.start, at.end, message);
    return;
  }
  reporter.of(request.profile.document.source.file, message);
}

/** Is a value looser than a bound, in the parameter's own direction? */
export function isLooser({ tighter }: Parameter, value: ParameterValue, { value: bound }: Bound): boolean {
  switch (tighter) {
    case 'lower':
      return !(Number(value) <= Number(bound));
    case 'higher':
      return !(Number(value) >= Number(bound));
    case 'subset':
      return !elements(value).every((element) => elements(bound).includes(element));
    case 'superset':
      return !elements(bound).every((element) => elements(value).includes(element));
    default:
      return false; // no direction: nothing can be claimed of it
  }
}

function elements(value: ParameterValue): readonly string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}
