import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { cleanRunner, git, runAction, writeFiles, type Files, type Step, type StepOptions } from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanRunner);

const CONFIG = 'profile: custody-strict\ntargets: [ { id: bastion, files: ./hosts, versions: { openssh: "9.2" } } ]\n';
const OWN: Files = { 'custos.yaml': CONFIG, 'hosts/sshd_config': 'PermitRootLogin yes\n' };
const AFTER_PULL = { workflow_run: { event: 'pull_request' }, repository: { default_branch: 'main' } };

/** A checkout with one commit. */
function checkout(files: Files): { readonly workspace: string; readonly sha: string } {
  const workspace = folder({});
  git(workspace, 'init', '-q');
  writeFiles(workspace, files);
  git(workspace, 'add', '-A');
  git(workspace, 'commit', '-q', '-m', 'one');
  return { workspace, sha: git(workspace, 'rev-parse', 'HEAD') };
}

/** The default branch's checkout, with a pull request's below `pr/`. */
function nested(theirs: Files): { readonly workspace: string; readonly sha: string } {
  const own = checkout(OWN);
  renameSync(checkout(theirs).workspace, join(own.workspace, 'pr'));
  return own;
}

const after = (options: StepOptions): Promise<Step> => runAction({ event: 'workflow_run', payload: AFTER_PULL, ...options });
const refusal = ({ code, commands }: Step): readonly unknown[] => [code, commands.find(({ name }) => name === 'error')?.message];
const REFUSED = [3, expect.stringMatching(/^workflow_run runs with the rights of the default branch/)];

describe('with the rights of the default branch', () => {
  test('a share of another commit is not collected, and no secret is sent where it says', async () => {
    const sent: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        sent.push(data.toString());
        socket.write('+OK\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const evil = {
      'custos.yaml': `targets: [ { id: x, redis: "redis://127.0.0.1:${port}", user: a, password: "\${env:PRODUCTION}" } ]\n`,
    };
    const env = { PRODUCTION: 'canary-7f3a9e' };
    const other = checkout(evil);
    expect(refusal(await after({ workspace: other.workspace, sha: 'a'.repeat(40), inputs: { shard: '1/1' }, env }))).toEqual(REFUSED);
    const below = nested(evil);
    for (const inputs of [{ 'working-directory': 'pr' }, { config: 'pr/custos.yaml' }, { 'working-directory': 'pr', shard: '1/2' }])
      expect(refusal(await after({ ...below, inputs, env }))).toEqual(REFUSED);
    expect(sent.join('')).not.toContain('canary-7f3a9e');
    await new Promise((resolve) => server.close(resolve));
  });

  test('no input leads into the checkout of another commit, or into what is in none', async () => {
    const below = nested({ ...OWN, 'own.yaml': 'id: own\ntitle: { en: Own, zh: 自有 }\nselect: { ids: [WEB-01] }\n' });
    for (const inputs of [{ targets: 'pr/hosts' }, { profile: 'pr/own.yaml' }, { baseline: 'pr/known.json' }])
      expect(refusal(await after({ ...below, inputs }))).toEqual(REFUSED);
    rmSync(join(below.workspace, 'pr', '.git'), { recursive: true });
    const bare = folder({ 'custos.yaml': CONFIG, 'hosts/sshd_config': '' });
    expect(refusal(await after({ workspace: bare, sha: below.sha }))).toEqual([3, expect.stringMatching(/nothing shows that/)]);
    mkdirSync(join(below.workspace, 'shards'));
    expect(refusal(await after({ ...below, inputs: { evidence: 'shards' } }))).toEqual([3, expect.stringMatching(/policy of its own/)]);
  });

  test('the commit of the default branch is judged; so is a run after a push, whatever is checked out', async () => {
    const own = checkout(OWN);
    expect((await after(own)).outputs['verdict']).toBe('not-met');
    const later = await after({ ...own, sha: 'a'.repeat(40), payload: { workflow_run: { event: 'push' } } });
    expect(later.outputs['verdict']).toBe('not-met');
    for (const event of ['check_run', 'check_suite', 'status', 'deployment_status'])
      expect((await runAction({ ...own, sha: 'a'.repeat(40), event, payload: {} })).code).toBe(3);
  });
});
