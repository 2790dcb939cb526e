import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { startProgress } from '../../src/cli/progress.ts';
import { folders } from '../support/folder.ts';
import { custos } from '../support/shell.ts';

const folder = folders();
const ESCAPE = String.fromCodePoint(27);
const HOSTILE = `a${ESCAPE}[31mX\nY`;
const terminal = (env: Readonly<Record<string, string>> = {}) => {
  const written = { err: '' };
  return { written, stderr: { isTTY: true, write: (text: string) => void (written.err += text) }, env };
};

describe('progress', () => {
  test('names steer no terminal', async () => {
    const cwd = folder({ [`${HOSTILE}/redis.conf`]: 'port 0\n', 'b/redis.conf': 'port 0\n' });
    const { written, stderr } = terminal();
    await run(['scan', HOSTILE, 'b', '-f', 'json'], { stdout: { write: () => undefined }, stderr, env: {}, cwd });
    expect(written.err).toContain('2/2');
    expect(written.err.replaceAll(`${ESCAPE}[K`, '')).not.toContain(ESCAPE);
    expect(written.err).not.toContain('\n');
  });
  test('a terminal that cannot erase has none, nor has --quiet', () => {
    for (const [env, quiet] of [
      [{ TERM: 'dumb' }, false],
      [{}, true],
    ] as const) {
      const { written, stderr } = terminal();
      const progress = startProgress(3, quiet, { stderr, env });
      progress.target(1, 'a');
      progress.end();
      expect(written.err).toBe('');
    }
  });
  test('one target that takes long is told by the seconds, and leaves no trace', async () => {
    const { written, stderr } = terminal();
    const progress = startProgress(1, false, { stderr, env: {} });
    expect(written.err).toBe('');
    await sleep(1_200);
    expect(written.err).toMatch(/0\/1 1 s/);
    progress.end();
    expect(written.err.endsWith(`\r${ESCAPE}[K`)).toBe(true);
  });
});

test.each([
  [[HOSTILE]],
  [['scan', `--${HOSTILE}`]],
  [['scan', HOSTILE]],
  [['explain', HOSTILE]],
  [['controls', 'list', '--family', HOSTILE]],
])('an error about %j prints no escape codes', async (args) => {
  const { err, code } = await custos(args);
  expect(code).toBe(3);
  expect(err).not.toContain(ESCAPE);
  expect(err).not.toMatch(/^Y/m);
});
