import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes directories with given files, below one temporary directory that is gone after the tests of a file. */
export function folders(): (files: Readonly<Record<string, string>>) => string {
  const base = mkdtempSync(join(tmpdir(), 'custos-test-'));
  afterAll(() => rmSync(base, { recursive: true }));
  let count = 0;
  return (files) => {
    count += 1;
    const directory = join(base, `case-${count}`);
    mkdirSync(directory);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return directory;
  };
}
