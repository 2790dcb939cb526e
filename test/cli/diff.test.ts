import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/model/assessment.ts';
import type { Finding } from '../../src/model/finding.ts';
import { custos } from '../support/shell.ts';

const cwd = mkdtempSync(join(tmpdir(), 'custos-diff-'));
afterAll(() => rmSync(cwd, { recursive: true }));
let whole: Assessment;
let failing: Finding;
let passing: Finding;
beforeAll(async () => {
  writeFileSync(join(cwd, 'redis.conf'), 'bind 0.0.0.0\nport 6379\n');
  await custos(['scan', '.', '--product', 'redis=7.2', '-f', 'json=whole.json'], { cwd });
  whole = JSON.parse(readFileSync(join(cwd, 'whole.json'), 'utf8'));
  failing = found('fail');
  passing = found('pass');
});

function found(outcome: Finding['outcome']): Finding {
  const finding = whole.findings.find((one) => one.outcome === outcome);
  if (finding === undefined) throw new Error(`no finding came out ${outcome}`);
  return finding;
}

/** Writes an assessment of these findings alone, as lines. */
function write(name: string, findings: readonly Finding[]): void {
  const { findings: _, ...summary } = whole;
  const counts: Record<Finding['outcome'], number> = { fail: 0, error: 0, unknown: 0, manual: 0, pass: 0, 'not-applicable': 0 };
  for (const { outcome } of findings) counts[outcome] += 1;
  const lines = [{ format: 'custos-assessment-lines', version: 1 }, ...findings, { summary: { ...summary, counts } }];
  writeFileSync(join(cwd, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const print = (number: number): string => number.toString(16).padStart(64, '0');
const many = (finding: Finding, from: number, count: number): Finding[] =>
  Array.from({ length: count }, (_, index) => ({ ...finding, fingerprint: print(from + index), resource: `r${from + index}` }));

describe('a failure whose resource is gone', () => {
  const diff = (): Promise<{ readonly code: number; readonly out: string }> => custos(['diff', 'before.jsonl', 'after.jsonl'], { cwd });
  const undecided = (): Finding => ({ ...found('unknown'), control: failing.control, target: failing.target, resource: '' });

  test('is fixed where its control came out at its target, and nothing of it is open', async () => {
    write('before.jsonl', [failing]);
    write('after.jsonl', [{ ...passing, control: failing.control, target: failing.target }]);
    expect(await diff()).toMatchObject({ code: 0, out: expect.stringMatching(/Fixed 1/) });
  });
  test('is no longer determinable where nothing of its control is there, or it was not seen completely', async () => {
    write('before.jsonl', [failing]);
    write('after.jsonl', [{ ...passing, control: failing.control, target: 'another' }]);
    expect(await diff()).toMatchObject({ code: 2, out: expect.stringMatching(/determinable 1[\s\S]*Fixed 0/) });
    write('after.jsonl', [{ ...passing, control: failing.control, target: failing.target }, undecided()]);
    expect(await diff()).toMatchObject({ code: 2, out: expect.stringMatching(/determinable 1[\s\S]*Fixed 0/) });
  });
  test('is looked up, however many there are: the later assessment is read no further time', { timeout: 10_000 }, async () => {
    write('before.jsonl', many(failing, 0, 3000));
    write('after.jsonl', many({ ...passing, control: failing.control, target: failing.target }, 5000, 3000));
    expect((await diff()).out).toMatch(/Fixed 3000/);
  });
});
