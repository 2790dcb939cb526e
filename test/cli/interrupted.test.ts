import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Assessment } from '../../src/model/assessment.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/custos.cjs', import.meta.url));
const TARGETS = 600;
const cwd = mkdtempSync(join(tmpdir(), 'custos-interrupted-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** The scan has begun: the evidence that it keeps has its header on disk. */
async function begun(): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const file = readdirSync(cwd).find((name) => name.endsWith('.custos.tmp'));
    if (file !== undefined && statSync(join(cwd, file)).size > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the scan did not begin');
}

test('Ctrl-C: what was found is written, what was not is unknown, and the exit code is 130', async () => {
  const ids = Array.from({ length: TARGETS }, (_, index) => `t${String(index).padStart(4, '0')}`);
  for (const id of ids) {
    mkdirSync(join(cwd, id));
    writeFileSync(join(cwd, id, 'redis.conf'), 'bind 0.0.0.0\nprotected-mode no\nport 6379\n');
  }
  writeFileSync(join(cwd, 'custos.yaml'), `targets:\n${ids.map((id) => `  - { id: ${id}, files: ./${id} }\n`).join('')}`);
  const args = [LAUNCHER, 'scan', '--concurrency', '1', '--evidence', 'evidence.jsonl', '-f', 'json=found.json', '-f', 'text'];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<readonly [number | null, string | null]>((resolve) =>
    child.on('close', (code, signal) => resolve([code, signal])),
  );
  await begun();
  child.kill('SIGINT');
  expect(await ended, said).toEqual([130, null]);
  expect(said).toContain('IAM-01');
  expect(said).not.toMatch(/\n\s+at /);

  const found: Assessment = JSON.parse(readFileSync(join(cwd, 'found.json'), 'utf8'));
  expect(found.targets).toHaveLength(TARGETS);
  const unseen = found.findings.filter((finding) => finding.outcome === 'unknown' && finding.causes[0].cause === 'interrupted');
  expect(unseen.length).toBeGreaterThan(0);
  // It found failures too, and would end with 1 had it not been interrupted: 130 comes first.
  expect(found.verdict.exitCode).not.toBe(0);
  const evidence = readFileSync(join(cwd, 'evidence.jsonl'), 'utf8').trimEnd().split('\n');
  expect(evidence).toHaveLength(TARGETS + 2);
  expect(JSON.parse(evidence.at(-1) ?? '')).toMatchObject({ footer: true, targets: TARGETS });
}, 60_000);
