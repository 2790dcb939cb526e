import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  // Without a custos.yaml, in which findings of targets would stand; below the directory one stands in, and elsewhere.
  const cwd = mkdtempSync(join(directory, 'here-'));
  const elsewhere = mkdtempSync(join(directory, 'elsewhere-'));
  for (const place of [cwd, elsewhere]) {
    mkdirSync(join(place, 'app'));
    writeFileSync(join(place, 'app', 'redis.conf'), 'bind 0.0.0.0\nprotected-mode no\nmaxmemory 1gb\n');
    writeFileSync(join(place, 'app', 'sshd_config'), 'PermitRootLogin yes\n');
  }
  for (const [name, path] of [
    ['a path', 'app'],
    ['a path elsewhere', join(elsewhere, 'app')],
  ] as const) {
    const { out } = await custos(['scan', path, '-p', 'custody-strict', '--as-of', '2026-11-24', '-f', 'sarif'], { cwd });
    logs.set(name, JSON.parse(out));
    writeFileSync(join(directory, `${name}.sarif`), out);
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
 * Notes that do not bear here: message ids in the place of texts (SARIF2002: GitHub shows `message.text` alone), which
 * repository this is (SARIF2003), and whether addresses answer (SARIF2006: no network in tests).
 */
const OUT_OF_REACH = new Set(['SARIF2002', 'SARIF2003', 'SARIF2006']);

/** The multitool ships as a binary whose install script we do not run: a copy of it is made executable. */
function multitool(): string {
  const copy = join(directory, 'Sarif.Multitool');
  if (!existsSync(copy)) {
    copyFileSync(join(packaged(), 'Sarif.Multitool'), copy);
    chmodSync(copy, 0o755);
  }
  return copy;
}

describe.each(['weak-platform', 'hardened-platform', 'a path', 'a path elsewhere'])('SARIF of %s', (platform) => {
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
      // What the command line names is a place without lines (SARIF2017).
      .filter(({ ruleId }) => ruleId !== 'SARIF2017' || platform.endsWith('platform'))
      .map(({ ruleId, message }) => `${ruleId} ${message.text ?? message.id ?? ''} ${(message.arguments ?? []).join(' ')}`);
    expect([...new Set(found)]).toEqual([]);
  }, 60_000);

  test('every result has a file and a fingerprint, and a region with all four corners where a value stands', () => {
    const results = logs.get(platform)?.runs[0]?.results ?? [];
    expect(results.length).toBeGreaterThan(20);
    for (const result of results) {
      const place = result.locations?.[0]?.physicalLocation;
      expect(place?.artifactLocation?.uri).toMatch(/^(?:examples\/|app|tmp\/)/);
      expect(place?.artifactLocation?.uri).not.toContain('custos.yaml:1');
      if (place?.region !== undefined)
        expect(place.region).toMatchObject({
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

test('no file is invented where there is no custos.yaml', () => {
  for (const platform of ['a path', 'a path elsewhere']) {
    const [run] = logs.get(platform)?.runs ?? [];
    expect(run?.results?.length).toBeGreaterThan(0);
    expect(JSON.stringify(run?.results)).not.toContain('custos.yaml'); // rules may tell what to write into one
  }
});

test('a report of an assessment says what the scan said, byte for byte', async () => {
  const scan = ['scan', '-c', 'examples/weak-platform/custos.yaml', '--as-of', '2026-11-24', '--allow-undecided'];
  const file = join(directory, 'again.json');
  await custos([...scan, '-f', `json=${file}`], { cwd: ROOT });
  for (const format of ['sarif', 'text']) {
    const { out } = await custos([...scan, '-f', format], { cwd: ROOT });
    expect((await custos(['report', file, '-f', format], { cwd: ROOT })).out, format).toBe(out);
    expect(out).toContain('examples/weak-platform/cache/redis.conf');
  }
});

test('one directory has one fingerprint, however it is named', async () => {
  const cwd = mkdtempSync(join(directory, 'named-'));
  mkdirSync(join(cwd, 'cache'));
  writeFileSync(join(cwd, 'cache', 'redis.conf'), 'bind 0.0.0.0\n');
  const prints = async (path: string): Promise<readonly unknown[]> => {
    const log: Log = JSON.parse((await custos(['scan', path, '-f', 'sarif'], { cwd })).out);
    return (log.runs[0]?.results ?? []).map((result) => [result.ruleId, result.partialFingerprints]);
  };
  expect(await prints(join(cwd, 'cache'))).toEqual(await prints('cache'));
  expect(await prints('./cache/')).toEqual(await prints('cache'));
});
