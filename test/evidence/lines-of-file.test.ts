import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { easeMemory } from '../../src/evidence/ease-memory.ts';
import { linesOf } from '../../src/evidence/lines-of-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'custos-lines-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'lines.jsonl');

function values(from = 0): readonly unknown[] {
  const found: unknown[] = [];
  for (const { value } of linesOf(file, from)) found.push(value);
  return found;
}

test('lines that end on, before and after the border of a block, and longer than one, come whole', () => {
  const block = 1024 * 1024;
  for (const length of [10, block - 3, block - 2, block - 1, block, 2 * block + 5]) {
    const long = '银'.repeat(10) + 'x'.repeat(length);
    writeFileSync(file, `1\n${JSON.stringify(long)}\n\n${JSON.stringify({ a: '行' })}\nno json\n"last"`);
    expect(values()).toEqual([1, long, undefined, { a: '行' }, undefined, 'last']);
    const ends: number[] = [];
    for (const { end } of linesOf(file)) ends.push(end);
    expect(values(ends[1])).toEqual([undefined, { a: '行' }, undefined, 'last']);
  }
});

test('memory is cleaned up where a run has grown, and not again before it has grown further', () => {
  let kept: unknown[] = [];
  for (let round = 0; round < 40; round += 1) kept.push(Array.from({ length: 200_000 }, (_, index) => ({ round, index })));
  kept = [];
  const before = process.memoryUsage.rss();
  expect(before).toBeGreaterThan(240 * 1024 * 1024);
  expect(easeMemory()).toBe(true);
  expect(process.memoryUsage.rss()).toBeLessThan(before - 100 * 1024 * 1024);
  expect(easeMemory()).toBe(false);
  expect(kept).toEqual([]);
});
