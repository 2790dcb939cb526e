import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { ACTION_BUNDLE, bundleAction, filesOf } from '../../tools/action-bundle.ts';
import { ACTION, ROOT } from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'custos-bundle-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const folder = folders();

test('the bundle that is checked in is what the sources give (npm run build:action writes it)', async () => {
  const fresh = join(scratch, 'fresh');
  await bundleAction(fresh);
  const [was, is] = [filesOf(ACTION_BUNDLE), filesOf(fresh)];
  expect([...was.keys()]).toEqual([...is.keys()]);
  const stale = [...is].filter(([name, content]) => was.get(name) !== content).map(([name]) => name);
  expect(stale, 'stale: npm run build:action').toEqual([]);
});

test('it imports nothing but itself and Node, and is not large', () => {
  const files = filesOf(ACTION_BUNDLE);
  const node = new Set(builtinModules);
  for (const [name, content] of files)
    for (const [, one, other] of content.matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?from\s*["']([^"']+)["']|\bimport\(["']([^"']+)["']\)/gm,
    )) {
      const from = one ?? other ?? '';
      if (!from.startsWith('./') && !node.has(from.replace('node:', ''))) expect.unreachable(`${name} imports ${from}`);
    }
  // A checkout of the Action is all that: the engine, undici, and the drivers of four kinds of database.
  expect([...files.values()].reduce((sum, content) => sum + content.length, 0)).toBeLessThan(6_500_000);
});

test('what is released runs by itself: action.yml, bundle, catalogue and profiles, and nothing else', () => {
  const released = join(scratch, 'released');
  for (const name of ['action.yml', 'dist-action', 'controls', 'profiles', 'package.json'])
    cpSync(join(ROOT, name), join(released, name), { recursive: true });
  // A control of one's own is judged in a worker: that it is found is part of what is released.
  const workspace = folder({
    'custos.yaml': 'profile: ./own.yaml\ncontrols: [ ./controls ]\ntargets: [ { id: a, files: ./a } ]\n',
    'own.yaml': 'id: own\ntitle: { en: Own, zh: 自有 }\nselect: { ids: [OWN-01] }\n',
    'a/sshd_config': 'PermitRootLogin no\n',
    'controls/OWN-01-root.yaml': [
      'id: OWN-01',
      'title: { en: Root does not log in, zh: 禁止 root 登录 }',
      'rationale: { en: It cannot be traced to a person., zh: 无法追溯到个人。 }',
      'severity: high',
      'resource: remote.access',
      'assert: r.root_login == "no"',
      'message: { en: root logs in, zh: root 可登录 }',
      'remediation: { en: Refuse it., zh: 请禁止。 }',
      'verification: automated',
      'examples:',
      '  - { name: refused, format: sshd, text: "PermitRootLogin no\\n", expect: pass }',
      '  - { name: let in, format: sshd, text: "PermitRootLogin yes\\n", expect: fail }',
      '',
    ].join('\n'),
  });
  const log = execFileSync(process.execPath, [join(released, ACTION.runs.main)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', GITHUB_WORKSPACE: workspace, GITHUB_EVENT_NAME: 'push', RUNNER_TEMP: scratch },
  });
  expect(log).toMatch(/✔ Gate met \(exit 0\)/);
});
