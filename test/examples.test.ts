import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../src/model/assessment.ts';
import { golden } from './support/golden.ts';
import { custos } from './support/shell.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'custos-examples-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Golden file's ending, format and language of reports that are compared whole. */
const REPORTS = [
  ['en.md', 'markdown', 'en'],
  ['zh.md', 'markdown', 'zh'],
  ['junit.xml', 'junit', 'en'],
  ['gitlab.json', 'gitlab', 'zh'],
  ['gitlab-sast.json', 'gitlab-sast', 'en'],
] as const;

const runs = new Map<
  string,
  {
    readonly assessment: Assessment;
    readonly json: string;
    readonly text: { readonly en: string; readonly zh: string };
    /** Golden file's ending → report. */
    readonly reports: Readonly<Record<string, string>>;
    readonly code: number;
  }
>();

beforeAll(async () => {
  for (const platform of ['weak-platform', 'hardened-platform']) {
    const file = join(directory, `${platform}.json`);
    const { code } = await custos(['scan', '-c', `examples/${platform}/custos.yaml`, '--as-of', '2026-11-24', '-f', `json=${file}`], {
      cwd: ROOT,
    });
    const json = readFileSync(file, 'utf8').replaceAll(/"collectedAt": "[^"]*"/g, '"collectedAt": "…"');
    const report = async (lang: string): Promise<string> => (await custos(['report', file, '--lang', lang], { cwd: ROOT })).out;
    const reports: Record<string, string> = {};
    for (const [ending, format, lang] of REPORTS) {
      const { out } = await custos(['report', file, '-f', format, '--lang', lang], { cwd: ROOT });
      reports[ending] = out.replaceAll(/"((?:start|end)_time)": "[^"]*"/g, '"$1": "…"');
    }
    runs.set(platform, { reports, assessment: JSON.parse(json), json, text: { en: await report('en'), zh: await report('zh') }, code });
  }
}, 60_000);

const of = (platform: string): NonNullable<ReturnType<typeof runs.get>> => {
  const run = runs.get(platform);
  if (run === undefined) throw new Error(`${platform} was not run`);
  return run;
};

describe.each(['weak-platform', 'hardened-platform'])('%s', (platform) => {
  test('its complete findings are as they were', () => golden(`${platform}.json`, of(platform).json));
  test.each(['en', 'zh'] as const)('its text report in %s is as it was, and fits 80 columns', (language) => {
    const text = of(platform).text[language];
    golden(`${platform}.${language}.txt`, text);
    for (const line of text.split('\n'))
      expect(
        Array.from(line).reduce(
          (width, character) =>
            width + (/[\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(character) ? 2 : 1),
          0,
        ),
        line,
      ).toBeLessThanOrEqual(80);
  });
  test.each(REPORTS)('its report %s is as it was', (ending) => golden(`${platform}.${ending}`, of(platform).reports[ending] ?? ''));
  test('no secret of its files is in any of it', () => {
    const { json, text, reports } = of(platform);
    for (const secret of ['Tr0ub4dor-3', '9b1deb4d3b7d4bad', 'live_51HxQm2eZ', 'hunter2-session-cache', 'correct horse battery'])
      expect(json + text.en + text.zh + Object.values(reports).join('')).not.toContain(secret);
  });
  test('every pass has a witness that was seen, every finding a place', () => {
    for (const finding of of(platform).assessment.findings) {
      if (finding.outcome === 'pass') expect(finding.witnesses.length).toBeGreaterThan(0);
      // What people must attest stands in no file, and what belongs to the whole assessment may not either.
      if (finding.outcome !== 'manual' && finding.target !== 'assessment')
        expect(finding.locations.length, `${finding.control} ${finding.resource}`).toBeGreaterThan(0);
    }
  });
});

test('the weak platform fails in at least 30 distinct ways, and is given no good grade', () => {
  const { assessment, code } = of('weak-platform');
  const failed = new Set(assessment.findings.filter(({ outcome }) => outcome === 'fail').map(({ control }) => control));
  expect(failed.size).toBeGreaterThanOrEqual(30);
  expect(assessment.grade).toBe('F');
  expect(code).toBe(1);
});

test('the hardened platform passes custody-strict for what files can show; what it leaves open is unknown', () => {
  const { assessment, code } = of('hardened-platform');
  expect(assessment.profile).toBe('custody-strict');
  expect(
    assessment.findings
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'error')
      .map(({ control, resource, message }) => `${control} ${resource}: ${message.en}`),
  ).toEqual([]);
  expect(assessment.counts.pass).toBeGreaterThan(40);
  expect(code).toBe(2);
});
