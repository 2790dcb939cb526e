import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { Reporter } from '../src/catalog/diagnostic.ts';
import { loadCatalogue, prebuild, type Catalogue } from '../src/catalog/load.ts';
import { mergeProfile } from '../src/catalog/merge-profile.ts';
import { compileControl } from '../src/cel/control.ts';
import { FORMATS } from '../src/collect/files/formats.ts';
import { kindsOf } from '../src/collect/files/read-tree.ts';
import type { ControlDefinition, ControlExample } from '../src/model/control.ts';
import { unknown, type Fact, type FactValue } from '../src/model/fact.ts';
import type { Coverage, TargetRecord } from '../src/model/resource.ts';
import { exampleRecord } from '../src/proof/example-record.ts';
import { judgeExample, prove, type Proof } from '../src/proof/prove.ts';
import { nodeWorld } from '../src/world/node.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
let catalogue: Catalogue;
const proofs = new Map<string, Proof>();
const cases: {
  readonly control: ControlDefinition;
  readonly example: ControlExample;
  readonly record: TargetRecord;
  readonly empty: readonly string[];
}[] = [];

beforeAll(async () => {
  const reporter = new Reporter();
  catalogue = await loadCatalogue(nodeWorld(ROOT), ROOT, [], reporter);
  expect(reporter.diagnostics.map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
  for (const control of catalogue.controls) {
    const proof = await prove(control);
    proofs.set(control.id, proof);
    for (const example of control.examples)
      cases.push({ control, example, record: await exampleRecord(example, control.resource), empty: proof.emptyMayPass });
  }
}, 60_000);

describe('the catalogue', () => {
  test('holds at least 45 controls over transport, access roles, backups and logging', () => {
    expect(catalogue.controls.length).toBeGreaterThanOrEqual(45);
    expect(new Set(catalogue.controls.map(({ family }) => family))).toEqual(
      new Set([...catalogue.controls.map(({ family }) => family), 'TLS', 'IAM', 'BCK', 'LOG']),
    );
  });

  test('what a build keeps of it survives as JSON, and is all of it', async () => {
    const kept = await prebuild(nodeWorld(ROOT), ROOT);
    const { controls, register, profiles } = JSON.parse(JSON.stringify(kept)) as typeof kept;
    expect(controls.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(catalogue.controls);
    expect(new Map(Object.entries(register))).toEqual(catalogue.register);
    expect(Object.entries(profiles)).toEqual(
      [...catalogue.profiles.values()].map(({ document: { source, root, plain } }) => [source.file, { root, plain }]),
    );
  });

  test('every example comes out as it says', () => {
    expect(
      [...proofs.values()].flatMap(({ problems }) => problems.map(({ file, message, hint }) => `${file}: ${message} (${hint ?? ''})`)),
    ).toEqual([]);
  });

  test('every control has a pass, a fail and an unknown, and automated ones of kinds that files show an example from a real text', () => {
    const shown = kindsOf(FORMATS);
    for (const { id, examples, verification, resource } of catalogue.controls) {
      const expected = new Set(examples.map(({ expect: outcome }) => outcome));
      expect([...expected], id).toEqual(expect.arrayContaining(['pass', 'fail', 'unknown']));
      const probed = compileControl(catalogue.controls.find((one) => one.id === id) ?? never());
      if (verification === 'automated' && shown.includes(resource) && probed.ok && probed.compiled.probe === undefined)
        expect(
          examples.some(({ text }) => text !== undefined),
          `${id} from a text`,
        ).toBe(true);
    }
  });

  test('speaks both languages: no text is empty, none is the other’s copy', () => {
    for (const { id, title, rationale, message, remediation } of catalogue.controls) {
      for (const text of [title, rationale, message, remediation]) {
        expect(text.zh, id).toMatch(/[\u4E00-\u9FFF]/);
        expect(text.en, id).not.toMatch(/[\u4E00-\u9FFF]/);
      }
    }
  });

  test('custody-strict holds all that custody-baseline holds', () => {
    const merged = (id: string): ReadonlySet<string> => {
      const profile = catalogue.profiles.get(id) ?? never();
      const reporter = new Reporter();
      const { selected } = mergeProfile(profile, catalogue.profiles, catalogue.controls, reporter);
      expect(reporter.diagnostics).toEqual([]);
      return selected;
    };
    const [baseline, strict] = [merged('custody-baseline'), merged('custody-strict')];
    expect([...baseline].filter((id) => !strict.has(id))).toEqual([]);
    expect(strict.size).toBeGreaterThan(baseline.size);
  });
});

/** Blackout: what is not known any more must not pass any more. */
describe('blackout', { timeout: 120_000 }, () => {
  const outcomesOf = (
    control: ControlDefinition,
    example: ControlExample,
    record: TargetRecord,
    empty: readonly string[],
  ): readonly string[] => judgeExample(control, example, record, empty).map(({ outcome }) => outcome);
  const dark = unknown('timed-out', 'blackout');

  test('erase all evidence of a passing example, and the pass is gone', () => {
    for (const { control, example, record, empty } of cases.filter(({ example: { expect: outcome } }) => outcome === 'pass')) {
      expect(
        outcomesOf(
          control,
          example,
          withFacts(record, undefined, () => dark),
          empty,
        ),
        `${control.id} ${example.name}`,
      ).not.toContain('pass');
    }
  });

  test('erase everything a passing example read, one witness at a time: no other outcome but unknown or the same', () => {
    for (const { control, example, record, empty } of cases) {
      const before = judgeExample(control, example, record, empty)
        .filter(({ outcome }) => outcome === 'pass')
        .map(({ resource }) => resource);
      for (const attribute of attributesOf(record, control.resource)) {
        const dimmed = judgeExample(
          control,
          example,
          withFacts(record, control.resource, (fact, name) => (name === attribute ? dark : fact)),
          empty,
        );
        // Where an example holds several subjects, one that passed before may still pass.
        const after = dimmed
          .filter(({ outcome, resource }) => outcome !== 'pass' || !before.includes(resource))
          .map(({ outcome }) => outcome);
        const allowed =
          control.verification === 'attested'
            ? ['pass', 'fail', 'unknown', 'manual']
            : example.expect === 'pass'
              ? ['pass', 'not-applicable', 'unknown']
              : example.expect === 'fail'
                ? ['fail', 'unknown', 'not-applicable']
                : ['unknown', 'not-applicable', 'manual'];
        expect(after, `${control.id} ${example.name} without ${attribute}`).not.toContain('pass');
        if (example.text === undefined)
          for (const outcome of after) expect(allowed, `${control.id} ${example.name} without ${attribute}`).toContain(outcome);
      }
    }
  });

  test('erase anything of a failing example, and it never passes', () => {
    for (const { control, example, record, empty } of cases.filter(({ example: { expect: outcome } }) => outcome === 'fail')) {
      const before = new Set(
        judgeExample(control, example, record, empty)
          .filter(({ outcome }) => outcome === 'fail')
          .map(({ resource }) => resource),
      );
      for (const attribute of attributesOf(record, control.resource)) {
        const after = judgeExample(
          control,
          example,
          withFacts(record, control.resource, (fact, name) => (name === attribute ? dark : fact)),
          empty,
        );
        for (const finding of after)
          if (before.has(finding.resource)) expect(finding.outcome, `${control.id} ${example.name} without ${attribute}`).not.toBe('pass');
      }
    }
  });

  test('empty any list, and no pass appears that the control’s own examples do not allow', () => {
    for (const { control, example, record, empty } of cases) {
      for (const attribute of attributesOf(record, control.resource)) {
        const emptied = withFacts(record, control.resource, (fact, name) =>
          name === attribute && fact.state === 'known' && Array.isArray(fact.value) ? { ...fact, value: [] } : fact,
        );
        const after = judgeExample(control, example, emptied, []);
        const before = judgeExample(control, example, record, empty);
        for (const finding of after) {
          if (finding.outcome !== 'pass') continue;
          const same = before.find(({ resource }) => resource === finding.resource);
          expect(same?.outcome, `${control.id} ${example.name} with ${attribute} empty`).toBe('pass');
        }
      }
    }
  });

  test('empty any kind of neighbour, and no pass appears; make its coverage fail, and a pass by its absence is gone', () => {
    for (const { control, example, record, empty } of cases) {
      const compilation = compileControl(control);
      if (!compilation.ok) continue;
      for (const kind of compilation.compiled.kinds) {
        const none = { ...record, resources: record.resources.filter((resource) => resource.kind !== kind) };
        const before = judgeExample(control, example, record, empty);
        for (const finding of judgeExample(control, example, none, [])) {
          if (finding.outcome === 'pass')
            expect(
              before.find(({ resource }) => resource === finding.resource)?.outcome,
              `${control.id} ${example.name} without ${kind}`,
            ).toBe('pass');
        }
      }
    }
  });

  test('a second safeguard lowers a failure, and one that was not looked for lowers nothing', () => {
    const severityOf = (id: string, name: string, change: (record: TargetRecord) => TargetRecord = (record) => record) => {
      const found = cases.find(({ control, example }) => control.id === id && example.name.startsWith(name));
      if (found === undefined) throw new Error(`${id} has no example that begins with "${name}"`);
      return judgeExample(found.control, found.example, change(found.record), found.empty).map(({ severity }) => severity);
    };
    const withoutNeighbours = (record: TargetRecord): TargetRecord => ({
      ...record,
      resources: record.resources.slice(0, 1),
      coverage: Object.fromEntries(Object.entries(record.coverage).slice(0, 1)),
    });
    const reachable = (record: TargetRecord): TargetRecord => withFacts(record, 'network.filter', () => unknown('access-denied', 'rules'));
    const filtered = 'every address, and the filter of its machine';
    expect(severityOf('IAM-05', filtered)).toEqual(['low']);
    expect(severityOf('IAM-05', filtered, withoutNeighbours)).toEqual(['high']);
    expect(severityOf('IAM-05', filtered, reachable)).toEqual(['high']);
    expect(severityOf('NET-08', 'clients are not limited, and fail2ban')).toEqual(['low']);
    expect(severityOf('NET-08', 'clients are not limited, and fail2ban', withoutNeighbours)).toEqual(['medium']);
  });

  test('a failed coverage is unknown, and never not-applicable', () => {
    for (const control of catalogue.controls.filter(({ scope, assert }) => scope === 'resource' && assert !== undefined)) {
      const [one] = cases.filter((item) => item.control.id === control.id && item.example.text === undefined);
      if (one === undefined) continue;
      const coverage: Record<string, Coverage> = Object.fromEntries(
        Object.keys(one.record.coverage).map((kind) => [kind, { status: 'failed', gaps: [dark], looked: dark }]),
      );
      expect(new Set(outcomesOf(control, one.example, { ...one.record, resources: [], coverage }, one.empty)), control.id).toEqual(
        new Set(['unknown']),
      );
    }
  });
});

function attributesOf(record: TargetRecord, kind: string): readonly string[] {
  return [...new Set(record.resources.filter((resource) => resource.kind === kind).flatMap(({ facts }) => Object.keys(facts)))];
}

/** Changes the facts of one kind, or of every resource. */
function withFacts(
  record: TargetRecord,
  kind: string | undefined,
  change: (fact: Fact<FactValue>, name: string) => Fact<FactValue>,
): TargetRecord {
  return {
    ...record,
    resources: record.resources.map((resource) =>
      kind === undefined || resource.kind === kind
        ? { ...resource, facts: Object.fromEntries(Object.entries(resource.facts).map(([name, fact]) => [name, change(fact, name)])) }
        : resource,
    ),
  };
}

function never(): never {
  throw new Error('not there');
}
