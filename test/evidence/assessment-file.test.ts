import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
    ['counts of nothing', { counts: {}, findings: [] }, /summary is no summary: \/counts must have required property 'fail'/],
    ['counts that are no numbers', { counts: { fail: '0' } }, /summary is no summary/],
    ['no scores', { scores: {} }, /summary is no summary: \/scores must have required property 'total'/],
    ['no gate', { gate: undefined }, /summary is no summary: must have required property 'gate'/],
    ['a control without a revision', { rules: [{ id: 'IAM-01' }] }, /summary is no summary: \/rules\/0 must have required property/],
    [
      'findings of controls that its summary does not name',
      { rules: [] },
      /findings\[0\] is of control .*, which its summary does not name/,
    ],
  ])('is refused with %s', (_, change, message) => expect(opened((before) => ({ ...before, ...change }))).toMatch(message));
  test('is refused as lines without some of them, or with more behind its summary', () => {
    writeFileSync(path('fewer.jsonl'), [...lines.slice(0, 2), ...lines.slice(4)].join('\n'));
    expect(refusal('fewer.jsonl')).toMatch(/its summary counts/);
    writeFileSync(path('more.jsonl'), [...lines, lines[1]].join('\n'));
    expect(refusal('more.jsonl')).toMatch(/goes on after its summary/);
    writeFileSync(path('cut.jsonl'), lines.slice(0, -1).join('\n'));
    expect(refusal('cut.jsonl')).toMatch(/it was cut off/);
  });
  test('is refused as a baseline that names nothing: every failure would be of a new control', async () => {
    writeFileSync(
      path('nothing.json'),
      JSON.stringify({ format: 'custos-assessment', version: 1, findings: [], scores: {}, counts: {}, rules: [] }),
    );
    const { code, err } = await custos(['scan', 'redis.conf', '--baseline', 'nothing.json'], { cwd: directory });
    expect(code).toBe(3);
    expect(err).toMatch(/nothing\.json summary is no summary/);
  });
  test.each(['counts', 'rules'])('is refused as lines where its summary has no %s', async (field) => {
    const { summary } = JSON.parse(lines.at(-1) ?? '');
    writeFileSync(path('bare.jsonl'), [...lines.slice(0, -1), JSON.stringify({ summary: { ...summary, [field]: undefined } })].join('\n'));
    expect(refusal('bare.jsonl')).toMatch(new RegExp(`line ${lines.length} is no summary: must have required property '${field}'`));
    expect((await custos(['report', 'bare.jsonl'], { cwd: directory })).code).toBe(3);
  });
  test('is refused with a line that no reader can hold', async () => {
    writeFileSync(path('long.jsonl'), `${lines[0]}\n`);
    truncateSync(path('long.jsonl'), 258 * 1024 * 1024);
    expect(refusal('long.jsonl')).toMatch(/^line 2 is longer than 268435456 bytes/);
    expect((await custos(['report', 'long.jsonl'], { cwd: directory })).code).toBe(3);
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

test('evidence with a line that no reader can hold is refused with its place', async () => {
  await custos(['collect', '.', '-o', 'long.evidence.jsonl'], { cwd: directory });
  const [header = ''] = readFileSync(path('long.evidence.jsonl'), 'utf8').split('\n');
  writeFileSync(path('long.evidence.jsonl'), `${header}\n`);
  truncateSync(path('long.evidence.jsonl'), header.length + 258 * 1024 * 1024);
  const { code, err } = await custos(['evaluate', 'long.evidence.jsonl'], { cwd: directory });
  expect(err).toMatch(/long\.evidence\.jsonl:2 is longer than/);
  expect(code).toBe(3);
});

test('evidence whose header names a base that is no path is refused', async () => {
  await custos(['collect', '.', '-o', 'base.jsonl'], { cwd: directory });
  const [header = '', ...rest] = readFileSync(path('base.jsonl'), 'utf8').split('\n');
  writeFileSync(path('base.jsonl'), [JSON.stringify({ ...JSON.parse(header), base: 7 }), ...rest].join('\n'));
  const { code, err } = await custos(['evaluate', 'base.jsonl'], { cwd: directory });
  expect(err).toMatch(/base\.jsonl:1 is no Custos evidence/);
  expect(code).toBe(3);
});
