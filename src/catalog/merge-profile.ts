import type { ControlDefinition, ParameterValue } from '../model/control.ts';
import type { Bound, Expectation, Gate, Setting } from '../model/plan.ts';
import { kindOf, VOCABULARY } from '../resources/vocabulary.ts';
import { yamlAt, yamlEntry } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';
import type { Profile, Selection } from './read-profile.ts';

/** A profile with all that it extends, merged left to right, then itself. */
export interface MergedProfile {
  readonly id: string;
  readonly selected: ReadonlySet<string>;
  readonly parameters: ReadonlyMap<string, ReadonlyMap<string, Setting<ParameterValue>>>;
  readonly bounds: readonly Bound[];
  readonly weights: ReadonlyMap<string, Setting<number>>;
  readonly expects: readonly Expectation[];
  readonly labels: Readonly<Record<string, Setting<string>>>;
  readonly gate: Partial<Gate>;
}

/** Label defaults may only widen what is judged: unlabelled stores hold client data. */
const WIDENING_LABELS: Readonly<Record<string, string>> = { 'client-data': 'true', 'card-data': 'true', bastion: 'false' };

interface Merging {
  readonly selected: Set<string>;
  readonly parameters: Map<string, Map<string, Setting<ParameterValue>>>;
  readonly bounds: Bound[];
  readonly weights: Map<string, Setting<number>>;
  readonly expects: Map<string, Expectation>;
  readonly labels: Record<string, Setting<string>>;
  gate: Partial<Gate>;
}

/** Resolves `extends`; a cycle, an unknown control, parameter or kind is a diagnostic at its place. */
export function mergeProfile(
  profile: Profile,
  profiles: ReadonlyMap<string, Profile>,
  controls: readonly ControlDefinition[],
  reporter: Reporter,
): MergedProfile {
  const merging: Merging = {
    selected: new Set(),
    parameters: new Map(),
    bounds: [],
    weights: new Map(),
    expects: new Map(),
    labels: {},
    gate: {},
  };
  apply(profile, [], merging, profiles, controls, reporter);
  return { ...merging, id: profile.id, expects: [...merging.expects.values()] };
}

function apply(
  profile: Profile,
  chain: readonly string[],
  merging: Merging,
  profiles: ReadonlyMap<string, Profile>,
  controls: readonly ControlDefinition[],
  reporter: Reporter,
): void {
  const { source, root } = profile.document;
  const complain = (path: readonly (string | number)[], message: string, hint?: string): void => {
    const parent = yamlAt(root, ...path.slice(0, -1));
    const at = yamlEntry(parent, String(path.at(-1)))?.key ?? yamlAt(root, ...path) ?? root;
    reporter.at(source, at.start, at.end, message, hint);
  };
  for (const [index, parent] of (profile.extends ?? []).entries()) {
    const extended = profiles.get(parent);
    if (extended === undefined) complain(['extends', index], `no profile is called "${parent}"`, nearest(parent, [...profiles.keys()]));
    else if (parent === profile.id || chain.includes(parent))
      complain(['extends', index], `profiles extend each other in a circle: ${[...chain, profile.id, parent].join(' → ')}`);
    else apply(extended, [...chain, profile.id], merging, profiles, controls, reporter);
  }
  const ids = new Map(controls.map((control) => [control.id, control]));
  const knownControl = (field: string, id: string): ControlDefinition | undefined => {
    const control = ids.get(id);
    if (control === undefined) complain([field, id], `no control is called "${id}"`, nearest(id, [...ids.keys()]));
    return control;
  };
  const knownParameter = (field: string, id: string, name: string): boolean => {
    const control = knownControl(field, id);
    if (control === undefined) return false;
    if (control.parameters[name] !== undefined) return true;
    complain([field, id, name], `${id} has no parameter "${name}"`, nearest(name, Object.keys(control.parameters)));
    return false;
  };

  for (const id of choose(profile.select, controls, (path, message, hint) => complain(['select', ...path], message, hint)))
    merging.selected.add(id);
  for (const id of choose(profile.exclude, controls, (path, message, hint) => complain(['exclude', ...path], message, hint)))
    merging.selected.delete(id);
  const setBy = `profile ${profile.id}`;
  for (const [id, values] of Object.entries(profile.parameters ?? {})) {
    for (const [name, value] of Object.entries(values)) {
      if (!knownParameter('parameters', id, name)) continue;
      const settings = merging.parameters.get(id) ?? new Map<string, Setting<ParameterValue>>();
      merging.parameters.set(id, settings.set(name, { value, setBy }));
    }
  }
  for (const [id, values] of Object.entries(profile.bounds ?? {})) {
    for (const [name, value] of Object.entries(values)) {
      if (!knownParameter('bounds', id, name)) continue;
      if (ids.get(id)?.parameters[name]?.tighter === undefined)
        complain(
          ['bounds', id, name],
          `${id} does not say in which direction "${name}" is tighter`,
          'the control must declare tighter: on the parameter',
        );
      else merging.bounds.push({ control: id, parameter: name, value, claimedBy: setBy });
    }
  }
  for (const [id, { weight }] of Object.entries(profile.weights ?? {})) {
    if (knownControl('weights', id) !== undefined) merging.weights.set(id, { value: weight, setBy });
  }
  for (const [index, { kind, atLeast = 1 }] of (profile.expects ?? []).entries()) {
    if (kindOf(kind) === undefined)
      complain(
        ['expects', index, 'kind'],
        `no resource kind is called "${kind}"`,
        nearest(
          kind,
          VOCABULARY.map(({ name }) => name),
        ),
      );
    else merging.expects.set(kind, { kind, atLeast, setBy });
  }
  for (const [label, value] of Object.entries(profile.labels ?? {})) {
    if (WIDENING_LABELS[label] === value) merging.labels[label] = { value, setBy };
    else
      complain(
        ['labels', label],
        `a default ${label}: ${value} could narrow what is judged`,
        `defaults are allowed for: ${Object.entries(WIDENING_LABELS)
          .map((pair) => pair.join(': '))
          .join(', ')}`,
      );
  }
  merging.gate = { ...merging.gate, ...profile.gate };
}

/** The ids that a selection names, as a union; what it names and nobody has is reported. */
function choose(
  selection: Selection | undefined,
  controls: readonly ControlDefinition[],
  complain: (path: readonly (string | number)[], message: string, hint?: string) => void,
): readonly string[] {
  if (selection === undefined) return [];
  const chosen = new Set<string>(selection.all === true ? controls.map(({ id }) => id) : []);
  const take = (
    field: 'ids' | 'families' | 'severities' | 'tags' | 'references',
    fits: (control: ControlDefinition, name: string) => boolean,
    names: () => readonly string[],
  ): void => {
    for (const [index, name] of (selection[field] ?? []).entries()) {
      const found = controls.filter((control) => fits(control, name));
      for (const { id } of found) chosen.add(id);
      if (found.length === 0 && field !== 'severities') complain([field, index], `"${name}" selects no control`, nearest(name, names()));
    }
  };
  take(
    'ids',
    (control, id) => control.id === id,
    () => controls.map(({ id }) => id),
  );
  take(
    'families',
    (control, family) => control.family === family,
    () => [...new Set(controls.map(({ family }) => family))],
  );
  take(
    'severities',
    (control, severity) => control.severity === severity,
    () => [],
  );
  take(
    'tags',
    (control, tag) => control.tags.includes(tag),
    () => [...new Set(controls.flatMap(({ tags }) => tags))],
  );
  take(
    'references',
    ({ references }, reference) => {
      const [id = '', clause] = reference.split(' ');
      return references[id] !== undefined && (clause === undefined || references[id].includes(clause));
    },
    () => [...new Set(controls.flatMap(({ references }) => Object.keys(references)))],
  );
  return [...chosen];
}
