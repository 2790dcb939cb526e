import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { cleanRunner, git, pullRequest, runAction, runOn, writeFiles, type Files, type Step } from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanRunner);

const CONFIG = 'profile: custody-strict\ntargets: [ { id: bastion, files: ./hosts, versions: { openssh: "9.2" } } ]\n';
const WEAK = 'PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAllowGroups admins\n';
const weak = (): string => folder({ 'custos.yaml': CONFIG, 'hosts/sshd_config': WEAK });
const errors = (step: Step): readonly string[] => step.commands.filter(({ name }) => name === 'error').map(({ message }) => message);

describe('what is wrong', () => {
  test('is told at its line, and in the summary as it stands there', async () => {
    const workspace = folder({ 'deploy/custos.yaml': `${CONFIG}profil: x\n` });
    git(workspace, 'init', '-q');
    const step = await runAction({ workspace, inputs: { 'working-directory': 'deploy' } });
    expect(step.commands).toEqual([
      {
        name: 'error',
        properties: { file: 'deploy/custos.yaml', line: '3', title: 'Custos: nothing was judged' },
        message: expect.stringMatching(/^custos\.yaml:3: "profil" is not known/),
      },
    ]);
    expect(step.summary).toMatch(/^# Custos: ❌ nothing was judged\n\n```text\n[^]*\n {3}3 │ profil: x\n {5}│ \^+\n[^]*```\n$/);
  });

  test('no line of it ends the block that it stands in', async () => {
    const step = await runAction({ workspace: folder({ 'custos.yaml': 'profil: "```` </details>"\ntargets: [ { id: a, files: . } ]\n' }) });
    expect(step.summary).toMatch(/\n`{5}text\n[^]*\n`{5}\n$/);
  });

  test('is told in the asked language as far as it goes, and nowhere that nobody wants it', async () => {
    const inputs = { language: 'zh', 'fail-on': 'x' };
    const step = await runAction({ workspace: weak(), inputs });
    expect(step.summary).toMatch(/^# Custos: ❌ 未作任何判定\n/);
    expect(step.commands[0]?.properties['title']).toBe('Custos: 未作任何判定');
    const quiet = await runAction({ workspace: weak(), inputs: { ...inputs, annotate: 'false', summary: 'false' } });
    expect([quiet.code, quiet.commands, quiet.summary]).toEqual([3, [], '']);
    expect(quiet.log).toContain('input fail-on');
  });

  test.each([
    [{ baseline: 'none.json' }, /^input baseline: none\.json is not there/],
    [{ baseline: 'custos.yaml' }, /^input baseline: custos\.yaml is not JSON/],
    [{ evidence: 'custos.yaml' }, /^input evidence: custos\.yaml(:\d+)? is no/],
  ] as const)('with a file of %o is told with the input', async (inputs, message) => {
    const step = await runAction({ workspace: weak(), inputs });
    expect([step.code, errors(step)[0]]).toEqual([3, expect.stringMatching(message)]);
  });

  test('files of the runner that cannot be written are told, without a trace', async () => {
    const output = await runAction({ workspace: weak(), env: { GITHUB_OUTPUT: '/nonexistent/x' } });
    expect([output.code, output.errors]).toEqual([3, '']);
    expect(errors(output).at(-1)).toMatch(/^GITHUB_OUTPUT: \/nonexistent\/x is not there/);
    const temporary = await runAction({ workspace: weak(), env: { RUNNER_TEMP: '/nonexistent' } });
    expect([temporary.code, errors(temporary)[0]]).toEqual([3, expect.stringMatching(/^\/nonexistent\S* is not there$/)]);
    const summary = await runAction({ workspace: weak(), env: { GITHUB_STEP_SUMMARY: '/nonexistent/x' } });
    expect([summary.code, summary.outputs['verdict'], summary.errors]).toEqual([1, 'not-met', '']);
    expect(summary.commands.at(-1)).toMatchObject({
      name: 'warning',
      message: expect.stringMatching(/^the job summary could not be written/),
    });
  });
});

describe('outputs', () => {
  test.each([
    [{ formats: 'json, json' }, /^input formats: json goes to the same file as json/],
    [{ formats: 'json=a.json, markdown=./a.json' }, /^input formats: markdown goes to the same file as json/],
    [{ formats: 'json=a.json', 'sarif-file': 'a.json' }, /^input formats: json goes to the same file as the SARIF/],
    [{ formats: 'json=custos.yaml' }, /^input formats: custos\.yaml is a file of the repository/],
    [{ 'sarif-file': 'hosts/sshd_config' }, /^input sarif-file: hosts\/sshd_config is a file of the repository/],
  ] as const)('of %o would stand in the place of something else', async (inputs, message) => {
    const workspace = weak();
    git(workspace, 'init', '-q');
    git(workspace, 'add', '-A');
    const step = await runAction({ workspace, inputs });
    expect([step.code, errors(step)[0]]).toEqual([3, expect.stringMatching(message)]);
    expect(git(workspace, 'status', '--porcelain', '--untracked-files=no')).not.toMatch(/^.M/m);
    writeFileSync(join(workspace, 'old.json'), '');
    expect((await runAction({ workspace, inputs: { formats: 'json=old.json' } })).code).toBe(1);
  });
});

describe('baseline: artifact', () => {
  const servers: Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));
  const asked = async (answer: (page: number) => unknown): Promise<readonly [Step, readonly number[]]> => {
    const pages: number[] = [];
    const server = createServer((request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? '1');
      pages.push(page);
      response.end(JSON.stringify(answer(page)));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const payload = { repository: { default_branch: 'main' } };
    const env = { GITHUB_API_URL: `http://127.0.0.1:${port}` };
    return [await runAction({ workspace: weak(), payload, env, inputs: { baseline: 'artifact', token: 'x' } }), pages];
  };

  test('that finds none says so; all pages are asked for', async () => {
    const one = {
      id: 1,
      name: 'custos-assessment',
      expired: true,
      created_at: '2026-01-01T00:00:00Z',
      workflow_run: { head_branch: 'main' },
    };
    const [step, pages] = await asked((page) => ({ artifacts: Array.from({ length: page === 3 ? 1 : 100 }, () => one) }));
    expect([step.code, pages]).toEqual([1, [1, 2, 3]]);
    expect(step.commands.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^no baseline was found: no run of main has kept an artifact "custos-assessment"/),
    );
    expect(step.summary).toContain('no baseline was found');
  });

  test.each([[[]], [null], ['x'], [{}]])('that is answered %j is an error', async (answer) => {
    const [step] = await asked(() => answer);
    expect([step.code, errors(step)[0]]).toEqual([3, expect.stringMatching(/its answer is no list of them/)]);
  });
});

describe('a run that is cancelled', () => {
  const many: Files = {
    'custos.yaml': `targets:\n${Array.from({ length: 40 }, (_, index) => `  - { id: h${index}, files: ./hosts/h${index} }\n`).join('')}`,
    ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`hosts/h${index}/sshd_config`, WEAK])),
  };
  test('before it has seen anything says so, and leaves no commit behind', async () => {
    const change = pullRequest(folder({}), many, { 'README.md': '\n' });
    const started = (temporary: string): boolean =>
      readdirSync(temporary).some((name) => name.startsWith('custos-') && existsSync(join(temporary, name, 'commits')));
    const step = await runOn(change, {}, { cancelWhen: started });
    expect([step.code, step.outputs['verdict'], step.outputs['exit-code'], step.errors]).toEqual([130, 'interrupted', '130', '']);
    expect(step.summary).toMatch(/^# Custos: ❌ interrupted/i);
    for (const name of readdirSync(step.temporary).filter((one) => one.startsWith('custos-')))
      expect(existsSync(join(step.temporary, name, 'commits'))).toBe(false);
  });
});

test('what a run leaves aside is counted where it is more than a notice holds', async () => {
  const live = Array.from({ length: 60 }, (_, index) => `  - { id: l${index}, tls: "127.0.0.1:${index + 1}" }\n`).join('');
  const workspace = folder({});
  writeFiles(workspace, { 'custos.yaml': `targets:\n  - { id: bastion, files: ./hosts }\n${live}`, 'hosts/sshd_config': WEAK });
  const step = await runAction({ workspace, inputs: { live: 'false', formats: 'json' } });
  expect(step.commands.find(({ name }) => name === 'notice')?.message).toMatch(/l26 \(tls\) \(\+40\)$/);
  expect(readFileSync(step.outputs['report-file'] ?? '', 'utf8')).not.toContain('l59');
});

test('a choice of targets has a category of its own in code scanning', async () => {
  const workspace = folder({ 'hosts/sshd_config': WEAK, 'edge/sshd_config': WEAK });
  const ids = [];
  for (const targets of ['hosts', 'edge', `hosts\n${'edge,'.repeat(40)}`]) {
    const step = await runAction({ workspace, inputs: { targets } });
    ids.push(JSON.parse(readFileSync(step.outputs['sarif-file'] ?? '', 'utf8')).runs[0].automationDetails.id);
  }
  expect(ids.slice(0, 2)).toEqual(['custos/custody-baseline/hosts/', 'custos/custody-baseline/edge/']);
  expect(ids[2]).toMatch(/^custos\/custody-baseline\/hosts\+edge\+[\w+]{60,}-[0-9a-f]{12}\/$/);
});
