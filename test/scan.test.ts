import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FindingStore } from '../src/evidence/finding-store.ts';
import type { Finding } from '../src/model/finding.ts';
import { assess } from '../src/scan.ts';
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
