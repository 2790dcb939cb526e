import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../src/cli/shell.ts';
import { FindingStore } from '../src/evidence/finding-store.ts';
import type { Finding } from '../src/model/finding.ts';
import { rendererOf } from '../src/report/report.ts';
import { assessorFor } from '../src/sandbox/assessor.ts';
import { preparePlan } from '../src/sandbox/prepare.ts';
import { assess, scan } from '../src/scan.ts';
import { nodeWorld } from '../src/world/node.ts';
import { outcomeOf, record } from './support/assess.ts';

// A temporary directory of its own: other tests run beside this one.
const usual = process.env['TMPDIR'];
beforeAll(() => void (process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'custos-scan-'))));
afterAll(() => {
  rmSync(tmpdir(), { recursive: true });
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
});
const kept = (): number => readdirSync(tmpdir()).filter((name) => name.startsWith('custos-findings-')).length;

test('findings that are kept in a temporary file are gone after a crash', async () => {
  const finding: Finding = outcomeOf('r.durable_writes', { durable_writes: true });
  const many = Array.from({ length: 20_001 }, () => finding);
  const store = new FindingStore();
  const before = kept();
  store.add(many);
  expect(kept()).toBe(before + 1);
  store.close();
  const crashing = {
    judge: () => many,
    judgeUndelivered: () => undefined,
    finish: () => {
      throw new Error('a bug');
    },
  };
  await expect(assess([record('a', [])], crashing)).rejects.toThrow('a bug');
  expect(kept()).toBe(before);
});

test('an interrupted run says so in every format: its own exit code, its own cause, and no verdict', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'target-'));
  writeFileSync(join(directory, 'redis.conf'), 'bind 0.0.0.0\n');
  const world = nodeWorld(directory);
  const { plan } = await preparePlan(world, {
    bundled: packageRoot(),
    targets: ['.'],
    controls: [],
    versions: {},
    network: {},
    gate: {},
  });
  const schedule = { concurrency: 1, timeout: 60, signal: AbortSignal.abort() };
  const { summary, findings } = await scan(plan, world, schedule, assessorFor(plan, { toolVersion: '1.0.0' }));
  expect(summary.verdict.exitCode).toBe(130);
  expect(
    [...findings]
      .filter(({ target }) => target !== 'assessment')
      .every((finding) => finding.outcome === 'unknown' && finding.causes[0].cause === 'interrupted'),
  ).toBe(true);
  const shown = async (format: string, language: 'en' | 'zh'): Promise<string> =>
    [...((await rendererOf(format))?.(summary, findings, { language, color: false, width: 80, pathPrefix: '' }) ?? [])].join('');
  const text = await shown('text', 'en');
  expect(text).toContain('✖ Interrupted (exit 130)');
  expect(text).toContain('run it again, to its end');
  expect(text).not.toMatch(/Gate/);
  expect(await shown('text', 'zh')).toContain('✖ 已中断 (退出码 130)');
  expect(JSON.parse(await shown('sarif', 'en')).runs[0].invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 130 });
});
