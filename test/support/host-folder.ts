import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** When the files of a machine in a directory were last changed. */
export const CHANGED = new Date('2026-11-20T00:00:00Z');

/** Makes a machine in a directory out of texts; `-> target` is a link. It is gone after the tests of a file. */
export function hostFolder(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'custos-host-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  for (const [path, text] of Object.entries(files)) {
    const place = join(directory, path);
    mkdirSync(dirname(place), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), place);
    else {
      writeFileSync(place, text);
      utimesSync(place, CHANGED, CHANGED);
    }
  }
  return directory;
}
