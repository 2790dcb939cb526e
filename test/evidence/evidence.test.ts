import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syntheticEvidence, syntheticPlan, syntheticRecord } from '../../bench/synthetic-fleet.ts';
import { Reporter } from '../../src/catalog/diagnostic.ts';
import { loadCatalogue } from '../../src/catalog/load.ts';
import { EvidenceLines, openEvidence } from '../../src/evidence/evidence-file.ts';
import { mergedPlan, mergeEvidence } from '../../src/evidence/merge.ts';
import type { ControlDefinition } from '../../src/model/control.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { renderJson } from '../../src/report/json.ts';
import { assessorFor } from '../../src/sandbox/assessor.ts';
import { assess } from '../../src/scan.ts';
import { assessmentSchema } from '../../src/schema/assessment.ts';
import { evidenceSchema, planSchema } from '../../src/schema/evidence.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { plan, planned, record, resource } from '../support/assess.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'custos-evidence-'));
afterAll(() => rmSync(directory, { recursive: true }));
let controls: readonly ControlDefinition[] = [];
beforeAll(async () => {
  ({ controls } = await loadCatalogue(nodeWorld(ROOT), ROOT, [], new Reporter()));
});

const PAGE = { language: 'en', color: false, width: 80, pathPrefix: '' } as const;

function write(name: string, lines: Iterable<string>): string {
  const file = join(directory, name);
  writeFileSync(file, [...lines].join(''));
  return file;
}

async function judged(files: readonly string[]): Promise<string> {
  const readers = files.map((file) => openEvidence(file));
  const of = mergedPlan(readers);
  const { summary, findings } = await assess(mergeEvidence(readers, of), assessorFor(of, { toolVersion: 'test' }));
  return [...renderJson(summary, findings, PAGE)].join('');
}

describe('evidence', () => {
  test('200 targets: the merge of 8 shards equals one run, byte for byte', async () => {
    const plan = syntheticPlan(200, controls);
    const shards = Array.from({ length: 8 }, (_, index) =>
      write(`s${index}.jsonl`, syntheticEvidence(plan, 4000, { index: index + 1, of: 8 })),
    );
    const one = await judged([write('whole.jsonl', syntheticEvidence(plan, 4000))]);
    expect(await judged(shards)).toBe(one);
    expect(await judged(shards.toReversed())).toBe(one);
    expect(JSON.parse(one)).toMatchObject({ counts: { fail: expect.any(Number) } });
  });

  test('the same evidence gives the same bytes', async () => {
    const file = write('again.jsonl', syntheticEvidence(syntheticPlan(5, controls), 3000));
    expect(await judged([file])).toBe(await judged([file]));
  });

  test('it has the published shapes', async () => {
    const ajv = new Ajv2020({ strict: false });
    const plan = syntheticPlan(3, controls);
    const validLine = ajv.compile(evidenceSchema);
    for (const line of syntheticEvidence(plan, 2000)) expect(validLine(JSON.parse(line)), ajv.errorsText(validLine.errors)).toBe(true);
    const validPlan = ajv.compile(planSchema);
    expect(validPlan(plan), ajv.errorsText(validPlan.errors)).toBe(true);
    const validAssessment = ajv.compile(assessmentSchema);
    expect(
      validAssessment(JSON.parse(await judged([write('v.jsonl', syntheticEvidence(plan, 2000))]))),
      ajv.errorsText(validAssessment.errors),
    ).toBe(true);
  });

  test('without a footer its missing targets are unknown, not passed', async () => {
    const plan = syntheticPlan(6, controls);
    const lines = [...syntheticEvidence(plan, 1000)];
    const cut = JSON.parse(await judged([write('cut.jsonl', lines.slice(0, 4))]));
    const whole = JSON.parse(await judged([write('uncut.jsonl', lines)]));
    expect(cut.counts.pass).toBeLessThan(whole.counts.pass);
    const missing = cut.findings.filter((finding: { target: string }) => finding.target === 'host-000005');
    expect(new Set(missing.map((finding: { outcome: string }) => finding.outcome))).toEqual(new Set(['unknown']));
  });

  test('a shard that is missing leaves its targets unknown', async () => {
    const plan = syntheticPlan(6, controls);
    const shards = [1, 2, 3].map((index) => write(`m${index}.jsonl`, syntheticEvidence(plan, 1000, { index, of: 3 })));
    const merged = JSON.parse(await judged(shards.slice(0, 2)));
    expect(
      merged.findings.filter(
        (finding: { target: string; outcome: string }) => finding.target === 'host-000002' && finding.outcome === 'pass',
      ),
    ).toEqual([]);
  });

  /** Two targets, of which the second fails: whoever loses sight of it must not pass the claim about all of them. */
  const everyone = planned({
    id: 'T-05',
    scope: 'assessment',
    severity: 'critical',
    assert: 'resources("datastore").all(d, d.authentication)',
  });
  const records = [record('a', [resource('db', { authentication: true })]), record('b', [resource('db', { authentication: false })])];
  const together = plan([everyone], records);
  const linesFor = (shard?: { readonly index: number; readonly of: number }): string[] => {
    const lines = new EvidenceLines();
    const mine = records.filter((_, index) => shard === undefined || index % shard.of === shard.index - 1);
    return [[...lines.header(together, 'test', shard)].join(''), ...mine.map((one) => lines.record(one)), lines.footer()];
  };
  const outcomeOf = async (...files: readonly string[]): Promise<unknown> => {
    const { findings, verdict } = JSON.parse(await judged(files));
    return [findings.map(({ outcome }: { outcome: string }) => outcome), verdict.exitCode];
  };
  test('a claim about everything fails by the target that is seen, and is unknown where that target is missing', async () => {
    expect(await outcomeOf(write('all.jsonl', linesFor()))).toEqual([['fail'], 1]);
    expect(await outcomeOf(write('cut-off.jsonl', linesFor().slice(0, 2)))).toEqual([['unknown'], 2]);
    expect(await outcomeOf(write('share-1.jsonl', linesFor({ index: 1, of: 2 })))).toEqual([['unknown'], 2]);
    expect(await outcomeOf(join(directory, 'share-1.jsonl'), write('share-2.jsonl', linesFor({ index: 2, of: 2 })))).toEqual([['fail'], 1]);
  });
  test('a shard that was cut off leaves gaps, as a whole file does', async () => {
    const cut = write('cut-share.jsonl', linesFor({ index: 1, of: 2 }).slice(0, 1));
    expect(await outcomeOf(cut, write('other-share.jsonl', linesFor({ index: 2, of: 2 })))).toEqual([['fail'], 1]);
    expect(await outcomeOf(cut)).toEqual([['unknown'], 2]);
  });

  test.each([
    [
      'a changed record',
      (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('"authentication":{', '"authenticatio":{')),
      /count and digest/,
    ],
    ['a record twice', (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? ''), /twice/],
    ['a record taken out', (lines: string[]) => lines.toSpliced(1, 1), /count and digest/],
    ['a line of garbage', (lines: string[]) => lines.with(1, '{"target":\n'), /is not JSON/],
    [
      'a fact of no state',
      (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('"state":"known"', '"state":"fine"')),
      /no target record/,
    ],
    [
      'a known fact without origin',
      (lines: string[]) => lines.with(1, (lines[1] ?? '').replace(/"origin":/, '"orig":')),
      /no target record|count and digest/,
    ],
    [
      'a changed plan',
      (lines: string[]) => lines.with(0, (lines[0] ?? '').replace('"failOn":"critical"', '"failOn":"info"')),
      /does not have the digest/,
    ],
    ['no header', (lines: string[]) => lines.slice(1), /is no Custos evidence/],
    ['nothing at all', () => [], /is no Custos evidence/],
  ])('%s is refused with its place', async (_, change, message) => {
    const lines = [...syntheticEvidence(syntheticPlan(3, controls), 1000)];
    await expect(judged([write('bad.jsonl', change(lines))])).rejects.toThrow(message);
  });

  test('what is refused halfway through a fleet leaves no temporary file', async () => {
    const own = mkdtempSync(join(directory, 'tmp-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = own;
    try {
      const lines = [...syntheticEvidence(syntheticPlan(700, controls), 500)];
      const file = write('halfway.jsonl', lines.toSpliced(-2, 1, '{"target":\n'));
      let spilled = false;
      const readers = [openEvidence(file)];
      const of = mergedPlan(readers);
      const watched = function* (): Iterable<TargetRecord> {
        for (const one of mergeEvidence(readers, of)) {
          yield one;
          spilled ||= readdirSync(own).length > 0;
        }
      };
      await expect(assess(watched(), assessorFor(of, { toolVersion: 'test' }))).rejects.toThrow(/is not JSON/);
      expect(spilled).toBe(true);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  test('evidence of another plan, or of one target twice, cannot be merged', async () => {
    const [a, b] = [
      write('a.jsonl', syntheticEvidence(syntheticPlan(2, controls), 500)),
      write('b.jsonl', syntheticEvidence(syntheticPlan(3, controls), 500)),
    ];
    await expect(judged([a, b])).rejects.toThrow(/another plan/);
    await expect(judged([a, a])).rejects.toThrow(/more than one/);
  });

  test('canonical: keys are sorted, so that any machine writes the same line', () => {
    const plan = syntheticPlan(1, controls);
    const [target] = plan.targets;
    if (target === undefined) throw new Error('no target');
    const record = syntheticRecord(target, 0, 500);
    const shuffled = Object.fromEntries(Object.entries(record).toReversed());
    expect(Object.keys(JSON.parse(readFileSync(write('c.jsonl', syntheticEvidence(plan, 500)), 'utf8').split('\n')[1] ?? '{}'))).toEqual(
      Object.keys(shuffled).toSorted(),
    );
  });
});
