import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { OutputFile, writeOutput } from '../../src/cli/output-file.ts';
import { custos } from '../support/shell.ts';

const directory = mkdtempSync(join(tmpdir(), 'custos-output-'));
afterAll(() => rmSync(directory, { recursive: true }));
const path = join(directory, 'file');
const shell = { stdout: { write: () => undefined }, cwd: directory };

test('what is written goes to disk as it comes, and takes its place when it is done', async () => {
  const file = await OutputFile.open('file', shell);
  for (let line = 0; line < 3000; line += 1) file.write(`${'x'.repeat(99)}\n`);
  const [temporary = ''] = readdirSync(directory);
  expect(temporary).toMatch(/^\..*\.custos\.tmp$/);
  expect(statSync(join(directory, temporary)).size).toBeGreaterThan(200_000);
  await file.done();
  expect(readdirSync(directory)).toEqual(['file']);
  expect(readFileSync(path, 'utf8')).toHaveLength(300_000);
});

test('what breaks off leaves the old file, and nothing beside it', async () => {
  writeFileSync(path, 'old');
  const broken = function* (): Generator<string> {
    yield 'new';
    throw new Error('broke off');
  };
  await expect(writeOutput('file', broken(), shell)).rejects.toThrow('broke off');
  const brokenLater = async function* (): AsyncGenerator<string> {
    yield* broken();
  };
  await expect(writeOutput('file', brokenLater(), shell)).rejects.toThrow('broke off');
  await (await OutputFile.open('file', shell)).abandon();
  expect([readdirSync(directory), readFileSync(path, 'utf8')]).toEqual([['file'], 'old']);
});

test('the evidence of a scan is a file like any other: nowhere to write is told, and no half of it stays', async () => {
  writeFileSync(join(directory, 'redis.conf'), 'port 0\n');
  const { code, err } = await custos(['scan', 'redis.conf', '--evidence', 'nowhere/e.jsonl'], { cwd: directory });
  expect(code).toBe(3);
  expect(err).toContain('is not there');
  rmSync(join(directory, 'redis.conf'));
});
