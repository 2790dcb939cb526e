import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));

/** Compares with a golden file; `npm run golden:update` (`golden:servers` for `servers/`) is the only writer. A missing golden fails. */
export function golden(name: string, text: string): void {
  const path = join(GOLDEN, name);
  if (process.env['GOLDEN_UPDATE'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${name} is missing: npm run golden:update or golden:servers writes it`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
