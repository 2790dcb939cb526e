import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { custos } from '../support/shell.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'custos-sarif-'));
afterAll(() => rmSync(directory, { recursive: true }));
const require = createRequire(import.meta.url);
const logs = new Map<string, Log>();

beforeAll(async () => {
  for (const platform of ['weak-platform', 'hardened-platform']) {
    const { out } = await custos(['scan', '-c', `examples/${platform}/custos.yaml`, '--as-of', '2026-11-24', '-f', 'sarif'], { cwd: ROOT });
    logs.set(platform, JSON.parse(out));
    writeFileSync(join(directory, `${platform}.sarif`), out);
  }
}, 60_000);

/** Where the multitool's binary and the official schema are. */
function packaged(): string {
  return dirname(
    require.resolve('@microsoft/sarif-multitool-linux/package.json', {
      paths: [require.resolve('@microsoft/sarif-multitool/package.json')],
    }),
  );
}

/**
 * Notes that do not bear here: which repository this is (SARIF2003), whether addresses answer (SARIF2006: no network in
 * tests), message ids in the place of texts (SARIF2002: GitHub shows `message.text` alone), and snippets of findings that
 * stand in no line of a file (SARIF2010, SARIF2011: what belongs to the whole assessment).
 */
const OUT_OF_REACH = new Set(['SARIF2002', 'SARIF2003', 'SARIF2006', 'SARIF2010', 'SARIF2011']);

/** The multitool ships as a binary whose install script we do not run: a copy of it is made executable. */
function multitool(): string {
  const copy = join(directory, 'Sarif.Multitool');
  if (!existsSync(copy)) {
    copyFileSync(join(packaged(), 'Sarif.Multitool'), copy);
    chmodSync(copy, 0o755);
  }
  return copy;
}

describe.each(['weak-platform', 'hardened-platform'])('SARIF of %s', (platform) => {
  test('has the official schema', () => {
    const schema = JSON.parse(readFileSync(join(packaged(), 'sarif-2.1.0.json'), 'utf8'));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(logs.get(platform)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  test('GitHub’s rules find nothing', () => {
    const report = join(directory, `${platform}-report.sarif`);
    execFileSync(
      multitool(),
      [
        'validate',
        join(directory, `${platform}.sarif`),
        '--rule-kind',
        'Sarif;Ghas',
        '--level',
        'Error;Warning;Note',
        '-o',
        report,
        '--log',
        'ForceOverwrite',
      ],
      { stdio: 'ignore', env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
    );
    const { runs }: Log = JSON.parse(readFileSync(report, 'utf8'));
    const found = runs
      .flatMap(({ results }) => results ?? [])
      .filter(({ ruleId }) => !OUT_OF_REACH.has(ruleId ?? ''))
      .map(({ ruleId, message }) => `${ruleId} ${message.text ?? message.id ?? ''} ${(message.arguments ?? []).join(' ')}`);
    expect([...new Set(found)]).toEqual([]);
  }, 60_000);

  test('every result has a file, a region with all four corners, and a fingerprint', () => {
    const results = logs.get(platform)?.runs[0]?.results ?? [];
    expect(results.length).toBeGreaterThan(20);
    for (const result of results) {
      const place = result.locations?.[0]?.physicalLocation;
      expect(place?.artifactLocation?.uri).toMatch(/^(?:examples\/|custos\.yaml)/);
      expect(place?.region).toMatchObject({
        startLine: expect.any(Number),
        startColumn: expect.any(Number),
        endLine: expect.any(Number),
        endColumn: expect.any(Number),
      });
      expect(result.partialFingerprints?.['custos/v1']).toMatch(/^[0-9a-f]{64}$/);
      expect(result.level === 'none').toBe(result.kind !== 'fail');
    }
  });

  test('rules carry security-severity, and results point at theirs', () => {
    const run = logs.get(platform)?.runs[0];
    const rules = run?.tool.driver.rules ?? [];
    for (const rule of rules) expect(rule.properties?.['security-severity']).toMatch(/^\d\.\d$/);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
  });
});

test('fingerprints survive moved lines', async () => {
  const [a, b] = [mkdtempSync(join(directory, 'a-')), mkdtempSync(join(directory, 'b-'))];
  writeFileSync(join(a, 'redis.conf'), 'protected-mode no\nbind 0.0.0.0\n');
  writeFileSync(join(b, 'redis.conf'), '# moved\n\n\nbind 0.0.0.0\n\nprotected-mode no\n');
  const prints = async (cwd: string): Promise<readonly unknown[]> => {
    const log: Log = JSON.parse((await custos(['scan', '.', '-f', 'sarif'], { cwd })).out);
    return (log.runs[0]?.results ?? []).map((result) => [result.ruleId, result.partialFingerprints]);
  };
  expect(await prints(a)).toEqual(await prints(b));
});

test('an active waiver is a suppression, with who and why', async () => {
  const cwd = mkdtempSync(join(directory, 'w-'));
  writeFileSync(join(cwd, 'redis.conf'), 'bind 0.0.0.0\nprotected-mode no\n');
  writeFileSync(join(cwd, 'w.yaml'), 'waivers:\n  - { control: IAM-01, target: ".", owner: CISO, reason: migration, until: 2099-12-31 }\n');
  const log: Log = JSON.parse((await custos(['scan', '.', '--waivers', 'w.yaml', '-f', 'sarif'], { cwd })).out);
  const suppressed = (log.runs[0]?.results ?? []).filter(({ suppressions }) => (suppressions ?? []).length > 0);
  expect(suppressed).toMatchObject([
    { ruleId: 'IAM-01', suppressions: [{ kind: 'external', status: 'accepted', justification: expect.stringContaining('CISO') }] },
  ]);
});
