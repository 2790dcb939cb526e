import { expect, test } from 'vitest';
import { current, generated } from '../tools/generate.ts';

test('generated files say what the code says (npm run generate writes them)', async () => {
  for (const [path, content] of await generated()) expect(current(path), path).toBe(content);
});
