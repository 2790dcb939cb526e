import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAssessment } from '../../src/evidence/assessment-file.ts';
import type { Assessment } from '../../src/model/assessment.ts';
import { custos } from '../support/shell.ts';

const directory = mkdtempSync(join(tmpdir(), 'custos-assessment-'));
const path = (name: string): string => join(directory, name);
let assessment: Assessment;
let lines: readonly string[];

beforeAll(async () => {
  writeFileSync(path('redis.conf'), 'bind 0.0.0.0\nport 6379\n');
  await custos(['scan', '.', '--product', 'redis=7.2', '-f', 'json=a.json', '-f', 'jsonl=a.jsonl', '-p', 'custody-strict'], {
    cwd: directory,
  });
  assessment = JSON.parse(readFileSync(path('a.json'), 'utf8'));
  lines = readFileSync(path('a.jsonl'), 'utf8').trimEnd().split('\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Opens what an object became; the message where it is refused. */
function opened(change: (before: Assessment) => object): string {
  writeFileSync(path('changed.json'), JSON.stringify(change(structuredClone(assessment))));
  return refusal('changed.json');
}

function refusal(name: string): string {
  try {
    const { findings } = openAssessment(path(name));
    return `${[...findings].length} findings`;
  } catch (error) {
    return error instanceof Error ? error.message : 'thrown';
  }
}

describe('an assessment that is read again', () => {
  test('is taken as it was written', () => {
    expect(refusal('a.json')).toBe(`${assessment.findings.length} findings`);
    expect(refusal('a.jsonl')).toBe(`${assessment.findings.length} findings`);
  });
  test('is refused without its failures: no report may say that nothing failed', () => {
    expect(opened((before) => ({ ...before, findings: before.findings.filter(({ outcome }) => outcome !== 'fail') }))).toMatch(
      /its summary counts/,
    );
  });
  test.each([
    ['a finding that is none', { findings: [1] }, /findings\[0\] is no finding/],
    ['a finding without its message', { findings: [{ control: 'A-01', outcome: 'pass' }] }, /findings\[0\] is no finding/],
    ['no counts', { counts: undefined }, /no Custos assessment/],
  ])('is refused with %s', (_, change, message) => expect(opened((before) => ({ ...before, ...change }))).toMatch(message));
  test('is refused as lines without some of them, or with more behind its summary', () => {
    writeFileSync(path('fewer.jsonl'), [...lines.slice(0, 2), ...lines.slice(4)].join('\n'));
    expect(refusal('fewer.jsonl')).toMatch(/its summary counts/);
    writeFileSync(path('more.jsonl'), [...lines, lines[1]].join('\n'));
    expect(refusal('more.jsonl')).toMatch(/goes on after its summary/);
    writeFileSync(path('cut.jsonl'), lines.slice(0, -1).join('\n'));
    expect(refusal('cut.jsonl')).toMatch(/it was cut off/);
  });
  test('the command line says so with exit code 3, and shows no stack', async () => {
    writeFileSync(path('bad.json'), JSON.stringify({ ...assessment, findings: [null] }));
    for (const args of [
      ['report', 'bad.json'],
      ['diff', 'a.json', 'bad.json'],
      ['explain', 'IAM-01', '--assessment', 'bad.json'],
    ]) {
      const { code, err } = await custos(args, { cwd: directory });
      expect(code, args.join(' ')).toBe(3);
      expect(err).toMatch(/bad\.json/);
      expect(err).not.toMatch(/\n\s+at /);
    }
  });
});

test('evidence without its footer says so in every report', async () => {
  await custos(['collect', '.', '-o', 'whole.jsonl'], { cwd: directory });
  const whole = readFileSync(path('whole.jsonl'), 'utf8').trimEnd().split('\n');
  writeFileSync(path('cut.evidence.jsonl'), `${whole.slice(0, -1).join('\n')}\n`);
  const { out } = await custos(['evaluate', 'cut.evidence.jsonl'], { cwd: directory });
  expect(out.replaceAll(/\s+/g, ' ')).toMatch(/ends without its footer/);
  expect((await custos(['evaluate', 'whole.jsonl'], { cwd: directory })).out).not.toMatch(/footer/);
});
