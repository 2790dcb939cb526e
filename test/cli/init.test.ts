import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folders } from '../support/folder.ts';
import { custos } from '../support/shell.ts';

const folder = folders();
const REDIS = 'bind 127.0.0.1\n';
const written = (cwd: string): string => readFileSync(join(cwd, 'custos.yaml'), 'utf8');

test('names that are no ids, or the same one, make a custos.yaml that scans; links to nothing do not stop it', async () => {
  const cwd = folder({ 'my dir/redis.conf': REDIS, 'my-dir/redis.conf': REDIS, '中文/redis.conf': REDIS, '目录/redis.conf': REDIS });
  symlinkSync('nowhere', join(cwd, 'dangling'));
  const { code, out } = await custos(['init'], { cwd });
  expect([code, out]).toEqual([0, 'custos.yaml is written with 4 targets. Next: custos scan\n']);
  expect(written(cwd).match(/^ {2}- id: (\S+)/gm)).toEqual(['my-dir', 'my-dir-2', 'target', 'target-2'].map((id) => `  - id: ${id}`));
  const scanned = await custos(['scan', '-f', 'json'], { cwd });
  expect(scanned.err).toBe('');
  expect(JSON.parse(scanned.out).targets.map(({ target }: { readonly target: { readonly address: string } }) => target.address)).toEqual([
    './my dir',
    './my-dir',
    './中文',
    './目录',
  ]);
});

test('configuration that lies directly here is found, with what it includes', async () => {
  const cwd = folder({ 'nginx.conf': 'events {}\nhttp { include conf.d/*.conf; }\n', 'conf.d/a.conf': 'server { listen 80; }\n' });
  expect((await custos(['init'], { cwd })).out).toContain('1 target.');
  expect(written(cwd)).toContain('files: "."');
  expect((await custos(['scan', '-f', 'json'], { cwd })).err).toBe('');
});

test('where there is nothing, it names nothing that is not there, and says what to do', async () => {
  const cwd = folder({ 'notes.txt': 'hello' });
  expect((await custos(['init'], { cwd })).out).toMatch(/name your targets in it, then: custos scan/);
  expect(written(cwd)).not.toMatch(/^[^#]*deploy/m);
  expect((await custos(['init', '--force', '--lang', 'zh'], { cwd })).out).toContain('请在其中列出目标');
  expect((await custos(['scan'], { cwd })).err).toContain('nothing to look at');
});
