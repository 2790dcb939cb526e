import type { ControlDefinition, ParameterValue } from '../model/control.ts';
import type { Expectation, Gate, OwnSettings, Setting } from '../model/plan.ts';
import { kindOf, VOCABULARY } from '../resources/vocabulary.ts';
import { yamlAt, yamlEntry } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';
import type { Configuration } from './read-configuration.ts';

/** What custos.yaml sets itself, and what the command line says of the gate. What it names and nobody has is reported at its place. */
export function ownSettings(
  configuration: Configuration | undefined,
  gate: Partial<Gate>,
  controls: readonly ControlDefinition[],
  reporter: Reporter,
): OwnSettings {
  return {
    parameters: ownParameters(configuration, controls, reporter),
    expects: ownExpectations(configuration, reporter),
    gate: { ...configuration?.gate, ...gate },
  };
}

function ownParameters(
  configuration: Configuration | undefined,
  controls: readonly ControlDefinition[],
  reporter: Reporter,
): OwnSettings['parameters'] {
  const settings: Record<string, Record<string, Setting<ParameterValue>>> = {};
  if (configuration?.parameters === undefined) return settings;
  const { source, root } = configuration.document;
  for (const [id, values] of Object.entries(configuration.parameters)) {
    const control = controls.find((one) => one.id === id);
    const key = yamlEntry(yamlAt(root, 'parameters'), id)?.key;
    if (control === undefined) {
      if (key !== undefined)
        reporter.at(
          source,
          key.start,
          key.end,
          `no control is called "${id}"`,
          nearest(
            id,
            controls.map((one) => one.id),
          ),
        );
      continue;
    }
    for (const [name, value] of Object.entries(values)) {
      const at = yamlEntry(yamlAt(root, 'parameters', id), name)?.key;
      if (control.parameters[name] === undefined && at !== undefined)
        reporter.at(source, at.start, at.end, `${id} has no parameter "${name}"`, nearest(name, Object.keys(control.parameters)));
      settings[id] = { ...settings[id], [name]: { value, setBy: source.file } };
    }
  }
  return settings;
}

function ownExpectations(configuration: Configuration | undefined, reporter: Reporter): readonly Expectation[] {
  if (configuration?.expects === undefined) return [];
  const { source, root } = configuration.document;
  return configuration.expects.flatMap(({ kind, atLeast = 1 }, index) => {
    if (kindOf(kind) !== undefined) return [{ kind, atLeast, setBy: source.file }];
    const at = yamlAt(root, 'expects', index, 'kind');
    if (at !== undefined)
      reporter.at(
        source,
        at.start,
        at.end,
        `no resource kind is called "${kind}"`,
        nearest(
          kind,
          VOCABULARY.map(({ name }) => name),
        ),
      );
    return [];
  });
}
