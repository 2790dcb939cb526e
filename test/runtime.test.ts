import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin', 'custos.cjs');
/** The machine's own Node, which may be older than the one that runs the tests. */
const SYSTEM = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && major(path) < 24);

function major(node: string): number {
  return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));
}

test('tests run under Node 24 or later', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

test('the launcher runs under this Node', () => {
  expect(execFileSync(process.execPath, [LAUNCHER, '--version'], { encoding: 'utf8' }).trim()).toMatch(/^\d+\.\d+\.\d+$/);
});

test.runIf(SYSTEM !== undefined)('under an old Node it finds the local one, or says in one sentence what it needs', () => {
  const node = SYSTEM ?? '';
  expect(execFileSync(node, [LAUNCHER, '--version'], { encoding: 'utf8' }).trim()).toMatch(/^\d+\.\d+\.\d+$/);
  const without = spawnSync(node, [LAUNCHER, '--version'], { encoding: 'utf8', env: { ...process.env, CUSTOS_RELAUNCHED: '1' } });
  expect(without.status).toBe(3);
  expect(without.stderr.trim().split('\n')).toHaveLength(1);
  expect(without.stderr).toContain('needs Node.js 24');
});

test.runIf(SYSTEM !== undefined)('a crash of the Node that it finds is no interruption', () => {
  const crash = (signal: string) =>
    spawnSync(SYSTEM ?? '', [LAUNCHER, '--version'], {
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`if(process.env.CUSTOS_RELAUNCHED)process.kill(process.pid,"${signal}")`)}`,
      },
    });
  const killed = crash('SIGKILL');
  expect(killed.stderr).toContain('was ended by SIGKILL');
  expect(killed.status).toBe(70);
  expect(crash('SIGTERM').status).toBe(130);
});
