import { describe, expect, test } from 'vitest';
import { compileControl } from '../../src/cel/control.ts';
import { compile } from '../../src/cel/compile.ts';
import { environmentFor } from '../../src/cel/environment.ts';
import { control, outcomeOf } from '../support/assess.ts';

const environment = environmentFor({ resource: 'datastore', parameters: { words: 'list<string>' }, findings: false });

function refusal(source: string): string {
  const compiled = compile(source, environment, 'bool', 'datastore');
  return compiled.ok ? 'accepted' : (compiled.problems[0]?.message ?? '');
}

describe('a hostile private catalogue', () => {
  test.each([
    ['r.name.matches("^(a+)+$")', /matches\(\) is not part/],
    ['cel.bind(x, r.listens, x.size() > 0)', /not part of the control language/],
    ['(r.listens + r.listens).size() > 0', /lists cannot be joined/],
    ['r.listens.all(x, (x + x + x).size() > 3)', /strings cannot be joined inside/],
    ['r.listens == ["a"]', /lists cannot be compared/],
    ['["a"] != r.listens', /lists cannot be compared/],
    ['r.listens.all(a, r.listens.all(b, r.listens.all(c, a == b || b == c)))', /at most 2 of/],
    [`r.name in [${Array(101).fill('"x"').join(',')}]`, /100|maximum|limit/i],
    ['r.listens[0] == "a"', /indexing is not part/],
    ['{"a": 1}.size() > 0', /map|Exceeded/i],
    ['r.name.split("").size() > 0', /not part|overload|function/],
    ['google.protobuf.Timestamp == r.name', /./],
    ['dyn(r.name) == "a"', /not part|overload|function/],
    ['re2(r.name, r.engine)', /must be a literal/],
    ['re2(r.name, "(")', /not an RE2 pattern/],
    [`${'('.repeat(500)}true${')'.repeat(500)}`, /./],
    [`r.name == "${'x'.repeat(5000)}"`, /longer than/],
    ['r.nope', /no attribute or parameter "nope"/],
    ['has(r.nope)', /has no attribute "nope"/],
    ['r.listens.exists(x, has(x.nope))', /./],
    ['resources("bakup.plan").exists(b, true)', /no resource kind is called "bakup.plan"/],
    ['resources("backup.plan").exists(b, b.coverz.size() > 0)', /no attribute or parameter "coverz"/],
    ['resources("backup.plan", r.name, "x").size() > 0', /must be a literal/],
    ['resources(r.name).size() > 0', /./],
    ['params.word == "x"', /no parameter "word"/],
    ['r.name', /must be bool/],
    ['outcomes("T-01").all(o, o == "pass")', /outcomes/],
    ['label(r.name) == "x"', /must be a literal/],
  ])('%s is refused', (source, message) => {
    expect(refusal(source)).toMatch(message);
  });

  test('what the language has is accepted', () => {
    for (const source of [
      'has(r.protected_mode) && r.protected_mode',
      're2(r.name, "^ledger-[0-9]+$")',
      'resources("backup.plan", "covers", r.name).exists(b, b.verified)',
      'resources("backup.plan").exists(b, r.name in b.covers && b.repositories.exists(p, p.off_site))',
      'r.listens.all(x, x in params.words)',
      'label("zone") == "dmz" ? r.authentication : true',
      'r.name.startsWith("l") && r.name.endsWith("r") && r.name.contains("edge")',
    ])
      expect(refusal(source)).toBe('accepted');
  });

  test('an expression that reads no fact is refused', () => {
    for (const assert of ['true', '1 < 2', 'r.id == "x"', 'params.on']) {
      const parameters = { on: { type: 'bool', default: true, description: { en: 'x', zh: 'x' } } } as const;
      const compiled = compileControl(control({ id: 'T-01', assert, parameters }));
      expect(compiled).toMatchObject({ ok: false, problems: [{ message: 'reads no fact, so that nothing could ever decide it' }] });
    }
  });

  test('default and opt-in attributes do not mix', () => {
    const compiled = compileControl(control({ id: 'T-01', resource: 'tls.listener', assert: 'r.early_data || r.heartbleed == "safe"' }));
    expect(compiled).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('mixes facts') }] });
  });

  test('a control over its step budget is an error, the same on every machine', () => {
    const listens = Array.from({ length: 2000 }, (_, index) => `x${index}`);
    const finding = outcomeOf('r.listens.all(a, r.listens.all(b, a.size() > 0 && b.size() > 0))', { listens });
    expect(finding).toMatchObject({ outcome: 'error', error: expect.stringContaining('steps') });
  });

  test('a pattern that hangs a backtracking engine is answered in linear time', () => {
    const started = performance.now();
    const finding = outcomeOf('re2(r.name, "^(a+)+$")', { name: `${'a'.repeat(5000)}!` });
    expect(finding.outcome).toBe('fail');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
