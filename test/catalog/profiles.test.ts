import { describe, expect, test } from 'vitest';
import { Reporter } from '../../src/catalog/diagnostic.ts';
import { mergeProfile, type MergedProfile } from '../../src/catalog/merge-profile.ts';
import { readConfiguration } from '../../src/catalog/read-configuration.ts';
import { readProfile, type Profile } from '../../src/catalog/read-profile.ts';
import { isLooser, resolvePlan } from '../../src/catalog/resolve.ts';
import type { ControlDefinition, Parameter } from '../../src/model/control.ts';
import type { Gate, Plan } from '../../src/model/plan.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { control, NOW } from '../support/assess.ts';

const text = { en: 'x', zh: 'x' };
const parameter = (value: Parameter['default'], tighter?: Parameter['tighter']): Parameter => ({
  type: typeof value === 'number' ? 'int' : 'list<string>',
  default: value,
  description: text,
  ...(tighter === undefined ? {} : { tighter }),
});

const CONTROLS: readonly ControlDefinition[] = [
  control({ id: 'A-01', severity: 'critical', tags: ['baseline'], parameters: { days: parameter(30, 'higher'), free: parameter(1) } }),
  control({ id: 'A-02', severity: 'low', references: { law: ['1', '2'] }, parameters: { words: parameter(['a'], 'subset') } }),
  control({ id: 'B-01', severity: 'low', references: { law: ['2'] } }),
  control({ id: 'C-01', severity: 'high' }),
].map((one) => ({ ...one, assert: 'r.authentication', examples: [] }));

/** Profiles as files would give them; the last is the one that is asked for. */
function profilesOf(...files: readonly string[]): {
  readonly last: Profile;
  readonly all: ReadonlyMap<string, Profile>;
  readonly reporter: Reporter;
} {
  const reporter = new Reporter();
  const profiles = files.map((file, index) => {
    const profile = readProfile(new SourceText(`p${index}.yaml`, `title: { en: x, zh: x }\n${file}`), reporter);
    if (profile === undefined) throw new Error(reporter.diagnostics.map(({ message }) => message).join());
    return profile;
  });
  const last = profiles.at(-1);
  if (last === undefined) throw new Error('no profile');
  return { last, all: new Map(profiles.map((one) => [one.id, one])), reporter };
}

function merged(...files: readonly string[]): MergedProfile & { readonly problems: readonly string[] } {
  const { last, all, reporter } = profilesOf(...files);
  const result = mergeProfile(last, all, CONTROLS, reporter);
  return { ...result, problems: reporter.diagnostics.map(({ message }) => message) };
}

function planOf(
  files: readonly string[],
  configuration = '',
  gate: Partial<Gate> = {},
): { readonly plan: Plan; readonly problems: readonly string[] } {
  const { last, all, reporter } = profilesOf(...files);
  const read = readConfiguration(
    new SourceText('custos.yaml', `targets: [ { id: a, files: ./a } ]\n${configuration}`),
    { kinds: ['files'], formats: ['redis'], products: ['redis'] },
    reporter,
  );
  const plan = resolvePlan(
    {
      catalogue: { controls: CONTROLS, profiles: all, register: new Map(), policy: [] },
      profile: last,
      targets: read?.targets ?? [],
      waivers: [],
      policy: [],
      gate,
      time: { asOf: NOW },
      emptyMayPass: new Map(),
      ...(read === undefined ? {} : { configuration: read }),
    },
    reporter,
  );
  return { plan, problems: reporter.diagnostics.map(({ message, range }) => `${range?.file ?? ''}:${range?.start.line ?? ''} ${message}`) };
}

describe('selection', () => {
  const ids = (...files: readonly string[]): readonly string[] => [...merged(...files).selected].toSorted();
  test('is the union of all that is named, by id, family, severity, tag and reference', () => {
    expect(ids('id: p\nselect: { ids: [C-01], severities: [critical] }')).toEqual(['A-01', 'C-01']);
    expect(ids('id: p\nselect: { families: [A], tags: [baseline] }')).toEqual(['A-01', 'A-02']);
    expect(ids('id: p\nselect: { references: [law] }')).toEqual(['A-02', 'B-01']);
    expect(ids('id: p\nselect: { references: [law 1] }')).toEqual(['A-02']);
    expect(ids('id: p\nselect: { all: true }')).toHaveLength(4);
  });
  test('then what is excluded is taken out, of what was inherited too', () => {
    expect(ids('id: p\nselect: { families: [A, B] }\nexclude: { severities: [low] }')).toEqual(['A-01']);
    expect(
      ids('id: base\nselect: { families: [A, B] }', 'id: p\nextends: [base]\nselect: { ids: [C-01] }\nexclude: { ids: [A-01] }'),
    ).toEqual(['A-02', 'B-01', 'C-01']);
  });
  test('what names nothing is told at its place', () => {
    expect(merged('id: p\nselect: { ids: [A-1], families: [A] }').problems).toEqual(['"A-1" selects no control']);
  });
});

describe('extends', () => {
  const left =
    'id: left\nselect: { ids: [A-01] }\nparameters: { A-01: { days: 60, free: 2 } }\nweights: { A-01: { weight: 5, reason: x } }\ngate: { failOn: low, minScore: 50 }';
  const right = 'id: right\nselect: { ids: [B-01] }\nparameters: { A-01: { days: 90 } }\ngate: { failOn: medium }';
  test('is merged left to right, then the profile itself: the later value stands whole, with who set it', () => {
    const days = (order: string, own = ''): unknown =>
      merged(left, right, `id: p\nextends: [${order}]\n${own}`).parameters.get('A-01')?.get('days');
    expect(days('left, right')).toEqual({ value: 90, setBy: 'profile right' });
    expect(days('right, left')).toEqual({ value: 60, setBy: 'profile left' });
    expect(days('left, right', 'parameters: { A-01: { days: 45 } }')).toEqual({ value: 45, setBy: 'profile p' });
    const both = merged(left, right, 'id: p\nextends: [left, right]');
    expect([...both.selected]).toEqual(['A-01', 'B-01']);
    expect(both.parameters.get('A-01')?.get('free')).toEqual({ value: 2, setBy: 'profile left' });
    expect(both.gate).toEqual({ failOn: 'medium', minScore: 50 });
    expect(both.weights.get('A-01')).toEqual({ value: 5, setBy: 'profile left' });
  });
  test('a list is replaced whole, never joined', () => {
    const base = 'id: base\nselect: { all: true }\nparameters: { A-02: { words: [a, b] } }';
    expect(
      merged(base, 'id: p\nextends: [base]\nparameters: { A-02: { words: [c] } }').parameters.get('A-02')?.get('words')?.value,
    ).toEqual(['c']);
  });
  test('a circle is told with its path', () => {
    expect(merged('id: a\nextends: [b]', 'id: b\nextends: [a]').problems).toEqual(['profiles extend each other in a circle: b → a → b']);
    expect(merged('id: a\nextends: [a]').problems).toEqual(['profiles extend each other in a circle: a → a']);
  });
});

describe('what is set last', () => {
  const PROFILE = 'id: p\nselect: { all: true }\nparameters: { A-01: { days: 60 } }\nweights: { C-01: { weight: 0, reason: not ours } }';
  const settings = ({ plan }: ReturnType<typeof planOf>, id: string) => plan.controls.find((one) => one.control.id === id);

  test('custos.yaml sets parameters over every profile; each value says who set it', () => {
    expect(settings(planOf([PROFILE]), 'A-01')?.parameters).toEqual({
      days: { value: 60, setBy: 'profile p' },
      free: { value: 1, setBy: 'default of A-01' },
    });
    expect(settings(planOf([PROFILE], 'parameters: { A-01: { days: 45 } }'), 'A-01')?.parameters['days']).toEqual({
      value: 45,
      setBy: 'custos.yaml',
    });
  });
  test('a weight is the severity’s, or the profile’s with its reason', () => {
    const plan = planOf([PROFILE]);
    expect(plan.plan.controls.map(({ control: { id }, weight }) => [id, weight.value, weight.setBy])).toEqual([
      ['A-01', 10, 'severity critical'],
      ['A-02', 1, 'severity low'],
      ['B-01', 1, 'severity low'],
      ['C-01', 0, 'profile p'],
    ]);
    expect(() => profilesOf('id: p\nweights: { C-01: { weight: 0 } }')).toThrow(/reason/);
  });
  test('the gate: by default high, with unknown and error undecided; then profile, custos.yaml, command line. error stays in it', () => {
    const gate = (profile: string, configuration = '', flags: Partial<Gate> = {}): Gate =>
      planOf([`id: p\nselect: { all: true }\n${profile}`], configuration, flags).plan.gate;
    expect(gate('')).toEqual({ failOn: 'high', undecided: ['unknown', 'error'], allowUndecided: false });
    expect(gate('gate: { failOn: medium }', 'gate: { failOn: low, minScore: 70 }')).toMatchObject({ failOn: 'low', minScore: 70 });
    expect(gate('', 'gate: { failOn: low }', { failOn: 'critical' }).failOn).toBe('critical');
    expect(gate('gate: { undecided: [unknown] }').undecided).toEqual(['unknown', 'error']);
  });
  test('a label’s default may only widen what is judged', () => {
    expect(planOf(['id: p\nselect: { all: true }\nlabels: { client-data: "true" }']).plan.labelDefaults).toEqual({
      'client-data': { value: 'true', setBy: 'profile p' },
    });
    expect(planOf(['id: p\nselect: { all: true }\nlabels: { client-data: "false" }']).problems).toEqual([
      expect.stringContaining('could narrow what is judged'),
    ]);
  });
  test('targets are of one system unless they name another', () => {
    const { plan } = planOf(['id: p\nselect: { all: true }'], '');
    expect(plan.targets.map(({ system }) => system)).toEqual(['default']);
  });
});

describe('bounds', () => {
  const BASE = 'id: base\nselect: { all: true }\nbounds: { A-01: { days: 30 } }';
  const looser = 'looser than 30, which profile base claims';
  test('of an ancestor hold in every profile that extends it, and in custos.yaml', () => {
    const child = (days: number): string => `id: p\nextends: [base]\nparameters: { A-01: { days: ${days} } }`;
    expect(planOf([BASE, child(45)]).problems).toEqual([]);
    expect(planOf([BASE, child(29)]).problems).toEqual([expect.stringMatching(new RegExp(`^p1.yaml:4 .*${looser}`))]);
    expect(planOf([BASE, 'id: middle\nextends: [base]', 'id: p\nextends: [middle]'], 'parameters: { A-01: { days: 7 } }').problems).toEqual(
      [expect.stringMatching(new RegExp(`^custos.yaml:2 .*${looser}`))],
    );
  });
  test('of several ancestors hold together', () => {
    const tight = 'id: tight\nselect: { all: true }\nbounds: { A-01: { days: 90 } }';
    expect(planOf([BASE, tight, 'id: p\nextends: [tight, base]'], 'parameters: { A-01: { days: 60 } }').problems).toEqual([
      expect.stringContaining('looser than 90, which profile tight claims'),
    ]);
  });
  test('need a direction: a parameter that declares none cannot be bounded', () => {
    expect(merged('id: p\nselect: { all: true }\nbounds: { A-01: { free: 3 } }').problems).toEqual([
      'A-01 does not say in which direction "free" is tighter',
    ]);
  });
  test.each([
    ['lower', 10, 10, false],
    ['lower', 11, 10, true],
    ['higher', 9, 10, true],
    ['higher', 10, 10, false],
    ['subset', ['a'], ['a', 'b'], false],
    ['subset', ['a', 'c'], ['a', 'b'], true],
    ['superset', ['a', 'b', 'c'], ['a', 'b'], false],
    ['superset', ['a'], ['a', 'b'], true],
  ] as const)('tighter: %s: %j against %j is looser: %s', (tighter, value, bound, expected) => {
    const claimed = { control: 'A-01', parameter: 'x', value: bound, claimedBy: 'p' };
    expect(isLooser(parameter(value, tighter), value, claimed)).toBe(expected);
  });
});
