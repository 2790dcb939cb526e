import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Assessment } from '../../src/model/assessment.ts';
import {
  cleanRunner,
  git,
  payloadOf,
  pullRequest,
  runAction,
  runOn,
  writeFiles,
  type Files,
  type PullRequest,
  type Step,
} from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanRunner);

const CONFIG = 'profile: custody-strict\ntargets:\n  - { id: bastion, files: ./hosts, versions: { openssh: "9.2" } }\n';
const STRICT = 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAllowGroups admins\n';
const WEAK = STRICT.replace('PermitRootLogin no', 'PermitRootLogin yes');
const SSHD = 'hosts/sshd_config';
/** A platform that is as it should be, as far as IAM-06 (no root over SSH) goes. */
const BASE: Files = { 'custos.yaml': CONFIG, [SSHD]: STRICT };
const WAIVER = [
  'waivers:',
  '  - control: { glob: "*" }',
  '    target: { glob: "*" }',
  '    owner: Attacker',
  '    reason: because',
  '    until: 2999-12-31',
  '',
].join('\n');

const pull = (base: Files, head: Files): PullRequest => pullRequest(folder({}), base, head);
const fresh = (step: Step): readonly string[] => {
  const { findings }: Assessment = JSON.parse(readFileSync(step.outputs['report-file'] ?? '', 'utf8'));
  return findings
    .filter(({ baseline }) => baseline === 'new' || baseline === 'worse')
    .map(({ control, outcome }) => `${control} ${outcome}`);
};
const messages = (step: Step, level: string): readonly string[] =>
  step.commands.filter(({ name }) => name === level).map(({ message }) => message);

describe('what a pull request changes', () => {
  test('what was there before is told, and gates nothing', async () => {
    const step = await runOn(pull({ ...BASE, [SSHD]: WEAK }, { 'README.md': 'words\n' }));
    expect(step.errors).toBe('');
    expect([step.code, step.outputs['verdict'], step.outputs['new-findings']]).toEqual([0, 'met', '0']);
    expect(Number(step.outputs['failed-high'])).toBeGreaterThan(0);
    expect(step.commands).toEqual([]);
    expect(step.summary).toContain('Nothing is new or worse.');
    expect(step.summary).toMatch(/Already there \d+[\s\S]*IAM-06/);
  });

  test('a new weakness fails the gate, at its line, with a link to it', async () => {
    const change = pull(BASE, { [SSHD]: WEAK });
    const step = await runOn(change);
    expect([step.code, step.outputs['verdict'], step.outputs['exit-code'], step.outputs['new-findings']]).toEqual([1, 'not-met', '1', '1']);
    expect(fresh(step)).toEqual(['IAM-06 fail']);
    const [verdict, finding] = step.commands;
    expect(verdict).toMatchObject({ name: 'error', properties: { title: 'Custos: gate not met' } });
    expect(verdict?.message).toBe('1 finding at or above medium (grade F…D, score 42–56)');
    expect(finding).toEqual({
      name: 'error',
      properties: { file: SSHD, line: '1', endLine: '1', col: '17', title: 'Custos IAM-06' },
      message: 'sshd (sshd_config) lets root log in: yes',
    });
    expect(step.summary).toContain(`https://github.com/custody/platform/blob/${change.merge}/hosts/sshd_config#L1`);
  });

  test('a line that is deleted touches none that remain, and is seen', async () => {
    const step = await runOn(pull(BASE, { [SSHD]: STRICT.replace('AllowGroups admins\n', '') }));
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-09 fail']]);
  });

  test('what is mended is told', async () => {
    const step = await runOn(pull({ ...BASE, [SSHD]: WEAK }, { [SSHD]: STRICT }));
    expect(step.code).toBe(0);
    expect(step.summary).toMatch(/gone since the baseline: 1 fixed/);
  });

  test('more of what was there is worse', async () => {
    const redis = (user: string): string => `bind 127.0.0.1\nuser default off\n${user}`;
    const config = 'profile: custody-strict\ntargets: [ { id: cache, files: ./cache } ]\n';
    const one = 'services:\n  a: { image: "x:1", environment: { API_KEY: live_51HxQm2eZvKYlo2C } }\n';
    const step = await runOn(
      pull(
        { 'custos.yaml': config, 'cache/redis.conf': redis(''), 'cache/docker-compose.yml': one },
        { 'cache/docker-compose.yml': one.replace('API_KEY', 'DB_PASSWORD: Tr0ub4dor-3-x9, API_KEY') },
      ),
      { categories: 'iam' },
    );
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-16 fail']]);
    expect(step.log + step.summary + JSON.stringify(step.outputs)).not.toMatch(/Tr0ub4dor|live_51H/);
  });

  test('a file that cannot be read any more is undecided, never mended', async () => {
    const config = 'profile: custody-strict\ntargets: [ { id: app, files: ./app } ]\n';
    const step = await runOn(
      pull(
        { 'custos.yaml': config, 'app/docker-compose.yml': 'services: { a: { image: "x:1", privileged: true } }\n' },
        { 'app/docker-compose.yml': 'services: { a: [\n' },
      ),
    );
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
  });

  test('what has nothing left to judge is told', async () => {
    const step = await runOn(
      pull({ ...BASE, 'hosts/redis.conf': 'bind 127.0.0.1\n' }, { [SSHD]: undefined, 'hosts/sshd_config.txt': WEAK }),
    );
    expect(messages(step, 'warning')[0]).toMatch(
      /^judged in the base commit, and nothing left to judge in this pull request: IAM-06, IAM-07/,
    );
  });

  test('a score that the base does not reach is not asked of the pull request; to lower it is seen', async () => {
    const base = { ...BASE, [SSHD]: WEAK };
    expect((await runOn(pull(base, { 'README.md': '\n' }), { 'min-score': '99' })).code).toBe(0);
    const lower = await runOn(pull(base, { [SSHD]: WEAK.replace('AllowGroups admins\n', '') }), {
      'min-score': '99',
      'fail-on': 'critical',
    });
    expect([lower.code, messages(lower, 'error')[0]]).toEqual([2, expect.stringContaining('not proven to reach')]);
  });
});

describe('a pull request is not its own judge', () => {
  const weakened = { [SSHD]: WEAK };
  test.each<[string, Files, Files, Readonly<Record<string, string>>]>([
    ['adds waivers to custos.yaml', BASE, { 'custos.yaml': `${CONFIG}waivers: waivers.yaml\n`, 'waivers.yaml': WAIVER }, {}],
    [
      'widens a waiver that is in force',
      {
        ...BASE,
        'custos.yaml': `${CONFIG}waivers: waivers.yaml\n`,
        'waivers.yaml': WAIVER.replace('{ glob: "*" }\n    target', 'WEB-01\n    target'),
      },
      { 'waivers.yaml': WAIVER },
      {},
    ],
    ['chooses a milder profile', BASE, { 'custos.yaml': CONFIG.replace('custody-strict', 'custody-baseline') }, {}],
    [
      'empties the profile that the workflow names',
      { ...BASE, 'policy/own.yaml': 'id: own\ntitle: { en: Own, zh: 自有 }\nextends: [custody-strict]\nselect: { all: true }\n' },
      { 'policy/own.yaml': 'id: own\ntitle: { en: Own, zh: 自有 }\nselect: { ids: [WEB-01] }\n' },
      { profile: 'policy/own.yaml' },
    ],
    ['lowers the gate', BASE, { 'custos.yaml': `${CONFIG}gate: { failOn: critical }\n` }, {}],
    [
      'takes the target away',
      BASE,
      { 'custos.yaml': 'profile: custody-strict\ntargets: [ { id: other, files: ./other } ]\n', 'other/x.conf': '' },
      {},
    ],
    [
      'turns the target to another directory',
      BASE,
      { 'custos.yaml': CONFIG.replace('./hosts', './decoy'), 'decoy/sshd_config': STRICT },
      {},
    ],
    ['claims another version of the product', BASE, { 'custos.yaml': CONFIG.replace('9.2', '99.9') }, {}],
    ['breaks custos.yaml', BASE, { 'custos.yaml': 'targets: [' }, {}],
    ['deletes custos.yaml', BASE, { 'custos.yaml': undefined }, {}],
    ['waives in a comment beside the line', BASE, { [SSHD]: WEAK.replace('yes\n', 'yes # custos:ignore IAM-06\n') }, {}],
    ['makes custos.yaml a link to its own', BASE, { 'custos.yaml': { link: 'mild.yaml' }, 'mild.yaml': 'targets: []\n' }, {}],
  ])('that %s gains nothing', async (_, base, head, inputs) => {
    const step = await runOn(pull(base, { ...weakened, ...head }), inputs);
    expect([step.code, step.outputs['verdict']]).toEqual([1, 'not-met']);
    expect(fresh(step)).toContain('IAM-06 fail');
    if (Object.keys(head).some((name) => name === 'custos.yaml' || name === 'waivers.yaml' || name.startsWith('policy/')))
      expect(messages(step, 'notice')).toContainEqual(expect.stringMatching(/is policy: .* counts once it is merged/));
  });

  test('that writes its findings into the baseline gains nothing', async () => {
    const config = `${CONFIG}baseline: known.json\n`;
    const first = pull({ ...BASE, 'custos.yaml': CONFIG }, weakened);
    const good = await runAction({ workspace: first.workspace, inputs: { formats: 'json=good.json' }, sha: first.merge });
    const forged = readFileSync(join(first.workspace, 'good.json'), 'utf8');
    expect(good.outputs['failed-high']).not.toBe('0');
    const empty = await runAction({ workspace: pull(BASE, {}).workspace });
    const before = readFileSync(empty.outputs['report-file'] ?? '', 'utf8');
    const step = await runOn(pull({ ...BASE, 'custos.yaml': config, 'known.json': before }, { ...weakened, 'known.json': forged }));
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    expect(messages(step, 'notice')).toContainEqual(expect.stringMatching(/^known\.json is policy/));
    const named = await runOn(pull({ ...BASE, 'known.json': before }, { ...weakened, 'known.json': forged }), { baseline: 'known.json' });
    expect([named.code, fresh(named)]).toEqual([1, ['IAM-06 fail']]);
  });

  test('that rewrites a control of the private catalogue gains nothing', async () => {
    const control = (assert: string): string =>
      [
        'id: OWN-01',
        'title: { en: Root does not log in, zh: 禁止 root 登录 }',
        'rationale: { en: It cannot be traced to a person., zh: 无法追溯到个人。 }',
        'severity: high',
        'resource: remote.access',
        `assert: ${assert}`,
        'message: { en: root logs in, zh: root 可登录 }',
        'remediation: { en: Refuse it., zh: 请禁止。 }',
        'verification: automated',
        'examples:',
        '  - { name: refused, format: sshd, text: "PermitRootLogin no\\n", expect: pass }',
        '  - { name: let in, format: sshd, text: "PermitRootLogin yes\\n", expect: fail }',
        '',
      ].join('\n');
    const config = `${CONFIG}controls: [ ./controls ]\n`;
    const profile = 'id: own\ntitle: { en: Own, zh: 自有 }\nselect: { ids: [OWN-01] }\n';
    const base = {
      ...BASE,
      'custos.yaml': config.replace('custody-strict', './own.yaml'),
      'own.yaml': profile,
      'controls/OWN-01-root.yaml': control('r.root_login == "no"'),
    };
    const step = await runOn(pull(base, { ...weakened, 'controls/OWN-01-root.yaml': control('r.root_login != "perhaps"') }));
    expect([step.code, fresh(step)]).toEqual([1, ['OWN-01 fail']]);
    expect(messages(step, 'notice')).toContainEqual(expect.stringMatching(/^controls\/OWN-01-root\.yaml is policy/));
  });

  test('that turns the working directory into a link to a milder one gains nothing', async () => {
    const below = (directory: string, files: Files): Files =>
      Object.fromEntries(Object.entries(files).map(([path, content]) => [`${directory}/${path}`, content]));
    const mild = {
      'custos.yaml': 'profile: custody-strict\ngate: { failOn: critical, undecided: [] }\ntargets: [ { id: x, files: ./hosts } ]\n',
      [SSHD]: WEAK,
    };
    const change = pull({ ...below('deploy', BASE), ...below('lab', mild) }, { deploy: { link: 'lab' } });
    const step = await runOn(change, { 'working-directory': 'deploy' });
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
  });

  test('that is pointed at by paths from the root of the file system gains nothing', async () => {
    const change = pull(
      { ...BASE, 'policy/waivers.yaml': 'waivers: []\n' },
      { ...weakened, 'policy/waivers.yaml': WAIVER, 'custos.yaml': 'targets: []\n' },
    );
    const step = await runOn(change, { config: join(change.workspace, 'custos.yaml'), targets: join(change.workspace, 'hosts') });
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    const named = `${CONFIG}waivers: WORKSPACE/policy/waivers.yaml\n`;
    const workspace = folder({});
    const other = pullRequest(
      workspace,
      { ...BASE, 'custos.yaml': named.replace('WORKSPACE', workspace), 'policy/waivers.yaml': 'waivers: []\n' },
      { ...weakened, 'policy/waivers.yaml': WAIVER },
    );
    const refused = await runOn(other);
    expect([refused.code, messages(refused, 'error')[0]]).toEqual([
      3,
      expect.stringMatching(/in the working tree, which is the pull request's/),
    ]);
  });

  test('that brings the first custos.yaml is judged by the defaults, over the working directory', async () => {
    const step = await runOn(pull({ [SSHD]: STRICT }, { ...weakened, 'custos.yaml': 'targets: [ { id: nothing, files: ./none } ]\n' }), {
      profile: 'custody-strict',
    });
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    expect(messages(step, 'notice')).toContainEqual(expect.stringMatching(/^custos\.yaml is policy/));
  });
});

describe('the tree of a pull request', () => {
  test('a target that becomes a link out of the repository is unknown, and nothing behind it is read', async () => {
    const secret = folder({ sshd_config: 'PermitRootLogin no\n# runner-secret-7391\n' });
    const step = await runOn(pull(BASE, { hosts: { link: secret } }));
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
    expect(step.log + step.summary).toContain('outside-root');
    expect(step.log + step.summary).not.toContain('runner-secret-7391');
  });

  /** A pull request whose head is what `write` makes of the base. */
  const committed = (base: Files, write: (workspace: string) => void): PullRequest => {
    const change = pull(base, {});
    git(change.workspace, 'checkout', '-q', '-B', 'change', change.base);
    write(change.workspace);
    git(change.workspace, 'add', '-Af');
    git(change.workspace, 'commit', '-q', '-m', 'hidden');
    const sha = git(change.workspace, 'rev-parse', 'HEAD');
    return { ...change, merge: sha, payload: payloadOf(change.base, sha) };
  };

  test('what is committed is looked at, whatever the pull request ignores', async () => {
    const head = { 'hosts/.gitignore': 'old\n', 'hosts/old/sshd_config': WEAK, '.gitignore': 'hosts\n' };
    const step = await runOn(committed(BASE, (workspace) => writeFiles(workspace, head)));
    expect([step.code, fresh(step).includes('IAM-06 fail')]).toEqual([1, true]);
  });

  test.each(['node_modules', '.venv', '__pycache__', '.svn', '.hg'])('what is committed below %s is looked at', async (name) => {
    const two = { ...BASE, 'hosts/b/sshd_config': STRICT };
    const head = { 'hosts/b': undefined, [`hosts/${name}/b/sshd_config`]: WEAK };
    const step = await runOn(committed(two, (workspace) => writeFiles(workspace, head)));
    expect([step.code, fresh(step)]).toEqual([1, expect.arrayContaining(['IAM-06 fail'])]);
  });

  test.skipIf(process.platform !== 'linux')('what hides behind a name that is no UTF-8 is unknown, and told', async () => {
    const two = { ...BASE, 'hosts/b/sshd_config': STRICT };
    const step = await runOn(
      committed(two, (workspace) => {
        writeFiles(workspace, { 'hosts/b': undefined, 'hosts/b\uFFFD/note.txt': 'a name that it reads as\n' });
        const directory = Buffer.concat([Buffer.from(`${workspace}/hosts/b`), Buffer.from([0xff])]);
        mkdirSync(directory);
        writeFileSync(Buffer.concat([directory, Buffer.from('/sshd_config')]), WEAK);
      }),
    );
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
    expect(messages(step, 'notice')).toEqual([
      expect.stringMatching(
        /^not read, and unknown where a target holds it, since its name is no UTF-8: hosts\/b\uFFFD; give it another name/,
      ),
    ]);
  });

  test('a name that an include matches and that is no UTF-8 may say anything', async () => {
    const config = 'profile: custody-strict\ntargets: [ { id: edge, files: ./edge, versions: { nginx: "1.26.2", openssl: "3.5.1" } } ]\n';
    const nginx = 'events {}\nhttp {\n include conf.d/*.conf;\n}\n';
    const server = 'server { listen 443 ssl; server_name a; ssl_protocols TLSv1.3; ssl_certificate a.crt; ssl_certificate_key a.key; }\n';
    const open = 'server { listen 80; server_name x; location / { proxy_pass http://a; } }\n';
    const base = { 'custos.yaml': config, 'edge/nginx.conf': nginx, 'edge/conf.d/a.conf': server };
    const named = await runOn(pull(base, { 'edge/conf.d/b\uFFFD.conf': open }));
    expect([named.code, messages(named, 'notice').filter((text) => text.includes('UTF-8'))]).toEqual([1, []]);
    if (process.platform !== 'linux') return;
    const nameless = committed(base, (workspace) =>
      writeFileSync(Buffer.concat([Buffer.from(`${workspace}/edge/conf.d/b`), Buffer.from([0xff]), Buffer.from('.conf')]), open),
    );
    expect((await runOn(nameless)).code).toBe(2);
  });

  test('a target cannot be turned into the private catalogue beside the repository', async () => {
    const change = pull(BASE, { hosts: { link: 'catalogue' } });
    const catalogue = join(change.workspace, 'catalogue');
    mkdirSync(catalogue);
    git(catalogue, 'init', '-q');
    writeFileSync(join(catalogue, 'sshd_config'), 'PermitRootLogin yes\n# private-4242\n');
    const step = await runOn(change);
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
    expect(step.log + step.summary + readFileSync(step.outputs['evidence-file'] ?? '', 'utf8')).not.toContain('private-4242');
  });

  test('a file that becomes a link out of the target is unknown', async () => {
    const outside = folder({ sshd_config: STRICT });
    const step = await runOn(pull(BASE, { [SSHD]: { link: join(outside, 'sshd_config') } }));
    expect(step.code).toBe(2);
  });

  test('a target that is moved away is undecided, with what to do', async () => {
    const step = await runOn(
      pull(BASE, { hosts: undefined, 'machines/sshd_config': STRICT, 'custos.yaml': CONFIG.replace('./hosts', './machines') }),
    );
    expect(step.code).toBe(2);
    expect(messages(step, 'warning')[0]).toMatch(/^bastion: hosts is gone in this pull request.*merge the change of custos\.yaml/);
  });

  test('what hides behind a gap that was there before is worse', async () => {
    const config = 'profile: custody-strict\ntargets: [ { id: edge, files: ./edge, versions: { nginx: "1.26.2", openssl: "3.0.15" } } ]\n';
    const nginx = (...lines: readonly string[]): string =>
      ['events {}', 'http {', 'include /srv/elsewhere/a.conf;', ...lines, '}', ''].join('\n');
    const server = 'server { listen 443 ssl; server_name a.example; ssl_protocols TLSv1.3; }';
    const base = { 'custos.yaml': config, 'edge/nginx.conf': nginx(server) };
    expect((await runOn(pull(base, { 'README.md': '\n' }))).code).toBe(0);
    const step = await runOn(pull(base, { 'edge/nginx.conf': nginx('include /srv/elsewhere/b.conf;') }));
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
  });

  test('a submodule that was not fetched is a place that nobody looked at', async () => {
    const other = folder({ sshd_config: STRICT });
    git(other, 'init', '-q');
    git(other, 'add', '-A');
    git(other, 'commit', '-q', '-m', 'other');
    const workspace = folder({});
    git(workspace, 'init', '-q');
    writeFiles(workspace, BASE);
    git(workspace, 'add', '-A');
    git(workspace, 'commit', '-q', '-m', 'base');
    const base = git(workspace, 'rev-parse', 'HEAD');
    rmSync(join(workspace, 'hosts'), { recursive: true });
    git(workspace, 'rm', '-rq', '--cached', 'hosts');
    git(workspace, 'submodule', '--quiet', 'add', other, 'hosts');
    git(workspace, 'commit', '-q', '-m', 'head');
    const head = git(workspace, 'rev-parse', 'HEAD');
    const options = { workspace, event: 'pull_request', payload: payloadOf(base, head), sha: head };
    const fetched = await runAction(options);
    expect([fetched.code, fetched.outputs['verdict']]).toEqual([0, 'met']);
    rmSync(join(workspace, '.git', 'modules'), { recursive: true });
    const step = await runAction(options);
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
    expect(step.summary).toMatch(/not read, and unknown where a target holds it: hosts;/);
  });

  test('what earlier steps have written is in neither commit, and hooks and attributes of the repository do nothing', async () => {
    const marker = join(folder({}), 'ran');
    const change = pull({ ...BASE, '.gitattributes': '* filter=evil export-ignore diff=evil\n' }, { [SSHD]: WEAK });
    for (const hook of ['post-checkout', 'post-index-change', 'fsmonitor-watchman'])
      writeFileSync(join(change.workspace, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    git(change.workspace, 'config', 'filter.evil.smudge', `touch ${marker}; cat`);
    git(change.workspace, 'config', 'diff.evil.command', `touch ${marker}`);
    git(change.workspace, 'config', 'diff.evil.textconv', `touch ${marker}`);
    writeFileSync(join(change.workspace, SSHD), STRICT);
    const step = await runOn(change);
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    expect(() => readFileSync(marker)).toThrow(/ENOENT/);
  });

  test('a policy in another checkout of the workspace is taken from there: no commit of this one can hold it', async () => {
    const change = pull(
      { ...BASE, 'custos.yaml': CONFIG.replace('custody-strict', './policy/own.yaml') },
      weakenedWith('policy-decoy/x', ''),
    );
    const policy = join(change.workspace, 'policy');
    mkdirSync(policy);
    git(policy, 'init', '-q');
    writeFileSync(join(policy, 'own.yaml'), 'id: own\ntitle: { en: Own, zh: 自有 }\nselect: { ids: [IAM-06] }\n');
    const step = await runOn(change);
    expect([step.code, fresh(step), step.outputs['count-pass']]).toEqual([1, ['IAM-06 fail'], '0']);
  });

  function weakenedWith(path: string, content: string): Files {
    return { [SSHD]: WEAK, [path]: content };
  }
});

describe('commits', () => {
  const change = (): PullRequest => pull(BASE, { [SSHD]: WEAK });

  test.each([1, 2])('a clone of depth %i', async (depth) => {
    const origin = change();
    const workspace = mkdtempSync(join(tmpdir(), 'custos-clone-'));
    git(workspace, 'init', '-q');
    git(workspace, 'fetch', '-q', `--depth=${depth}`, `file://${origin.workspace}`, origin.merge);
    git(workspace, 'checkout', '-q', '--detach', 'FETCH_HEAD');
    const step = await runOn({ ...origin, workspace });
    rmSync(workspace, { recursive: true });
    if (depth === 2) expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    else {
      expect([step.code, step.outputs['verdict'], step.outputs['exit-code']]).toEqual([3, 'error', '3']);
      expect(step.summary).toContain('nothing was judged');
      expect(messages(step, 'error')[0]).toMatch(
        /^the base commit [0-9a-f]{12} is not in this clone, and a pull request is never judged by its own policy; give actions\/checkout fetch-depth: 0, or run before this step: git fetch/,
      );
    }
  });

  test('the head itself may be checked out; another commit may not', async () => {
    const one = change();
    git(one.workspace, 'checkout', '-q', '--detach', one.head);
    expect((await runOn(one)).code).toBe(1);
    git(one.workspace, 'checkout', '-q', '--detach', one.base);
    const step = await runOn(one);
    expect([step.code, messages(step, 'error')[0]]).toEqual([3, expect.stringMatching(/is not this pull request's/)]);
    expect(messages(step, 'error')[0]).not.toContain('head.sha');
  });

  test('what the base branch has mended since is laid at the door of a head that is checked out alone, and that is told', async () => {
    const one = pull({ ...BASE, [SSHD]: WEAK }, { 'README.md': '\n' });
    git(one.workspace, 'checkout', '-q', '-B', 'main', one.base);
    writeFiles(one.workspace, { [SSHD]: STRICT });
    git(one.workspace, 'commit', '-qam', 'mended');
    const payload = payloadOf(git(one.workspace, 'rev-parse', 'HEAD'), one.head);
    git(one.workspace, 'checkout', '-q', '--detach', one.head);
    const step = await runOn(one, {}, { payload });
    expect([step.code, messages(step, 'notice')[0]]).toEqual([
      1,
      expect.stringMatching(/is checked out alone, and the base branch has gone on/),
    ]);
  });

  test('what has come to the base branch since is not laid at its door', async () => {
    const one = change();
    git(one.workspace, 'checkout', '-q', 'main');
    git(one.workspace, 'reset', '-q', '--hard', one.base);
    writeFiles(one.workspace, { 'hosts/redis.conf': 'bind 0.0.0.0\nprotected-mode no\n' });
    git(one.workspace, 'add', '-A');
    git(one.workspace, 'commit', '-q', '-m', 'others');
    git(one.workspace, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
    const merge = git(one.workspace, 'rev-parse', 'HEAD');
    const step = await runOn({ ...one, merge });
    expect(fresh(step)).toEqual(['IAM-06 fail']);
  });

  test('on pull_request_target code is still judged by the base, and live targets are refused', async () => {
    const one = change();
    git(one.workspace, 'checkout', '-q', '--detach', one.head);
    const target = { event: 'pull_request_target', sha: one.base };
    expect((await runOn(one, {}, target)).code).toBe(1);
    const step = await runOn(one, { live: 'true' }, target);
    expect([step.code, messages(step, 'error')[0]]).toEqual([
      3,
      expect.stringMatching(/^input live: true is refused on pull_request_target/),
    ]);
    git(one.workspace, 'checkout', '-q', '--detach', one.base);
    expect((await runOn(one, {}, target)).code).toBe(3);
  });

  test('a merge group is judged alike; its code with the rights of another branch is not judged at all', async () => {
    const one = change();
    const group = { merge_group: { base_sha: one.base, head_sha: one.merge, base_ref: 'refs/heads/main' } };
    const step = await runOn(one, {}, { event: 'merge_group', payload: group });
    expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
    git(one.workspace, 'checkout', '-q', '--detach', one.head);
    for (const [event, payload] of [
      ['workflow_run', { workflow_run: { event: 'pull_request', head_sha: one.head } }],
      ['issue_comment', { issue: { pull_request: {} } }],
    ] as const) {
      const borrowed = await runOn(one, {}, { event, payload, sha: one.base });
      expect([borrowed.code, messages(borrowed, 'error')[0]]).toEqual([3, expect.stringMatching(/rights of the default branch/)]);
    }
  });

  test.each([
    ['no payload', { payload: undefined }],
    ['a payload without commits', { payload: { pull_request: {} } }],
    ['commits that are options', { payload: payloadOf('--upload-pack=touch /tmp/x', '--help') }],
  ])('%s is an error', async (_, more) => {
    const step = await runOn(
      change(),
      {},
      { ...more, ...(more.payload === undefined ? { env: { GITHUB_EVENT_PATH: '/nonexistent' } } : {}) },
    );
    expect([step.code, step.outputs['verdict']]).toEqual([3, 'error']);
  });

  test('without git there is no pull request to judge', async () => {
    const one = change();
    rmSync(join(one.workspace, '.git'), { recursive: true });
    const step = await runOn(one);
    expect([step.code, messages(step, 'error')[0]]).toEqual([3, expect.stringMatching(/no git checkout.*fetch-depth: 0/)]);
  });

  test('live targets do not run on a pull request, and are named', async () => {
    const config = `${CONFIG}  - { id: gateway, tls: "127.0.0.1:9" }\n  - { id: machine, files: /etc/ssh }\n`;
    const step = await runOn(pull({ ...BASE, 'custos.yaml': config }, { 'README.md': '\n' }));
    expect(step.code).toBe(0);
    expect(messages(step, 'notice')).toEqual([
      'not looked at in this run (pull request, without live: true): gateway (tls), machine (files)',
    ]);
    const live = await runOn(pull({ ...BASE, 'custos.yaml': config.replace(/ {2}- \{ id: machine.*\n/, '') }, { 'README.md': '\n' }), {
      live: 'true',
    });
    expect([live.code, live.outputs['verdict']]).toEqual([2, 'undecided']);
  });
});

describe('live targets on a pull request', () => {
  test('what they show is new, unless the baseline of the base commit knows it', async () => {
    const server = createServer((_, response) =>
      response.writeHead(200, { 'x-powered-by': 'PHP/5.6.40', 'content-type': 'text/html' }).end('ok'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const config = `profile: custody-strict\ntargets:\n  - { id: site, http: "127.0.0.1:${port}" }\n  - { id: bastion, files: ./hosts, versions: { openssh: "9.2" } }\n`;
    const change = pull({ ...BASE, 'custos.yaml': config, 'known.json': '{}' }, {});
    const open = await runOn(change, { live: 'true' });
    expect(fresh(open)).toEqual(expect.arrayContaining(['WEB-04 fail', 'TLS-01 unknown']));
    expect(open.code).toBe(2);
    const before = await runAction({ workspace: change.workspace, inputs: { formats: 'json' } });
    const known = readFileSync(before.outputs['report-file'] ?? '', 'utf8');
    const settled = pull({ ...BASE, 'custos.yaml': config, 'known.json': known }, { 'known.json': '{"forged": true}' });
    const step = await runOn(settled, { live: 'true', baseline: 'known.json' });
    expect([step.code, fresh(step)]).toEqual([0, []]);
    await new Promise((resolve) => server.close(resolve));
  }, 60_000);
});

test('a directory of a monorepo is judged by its own custos.yaml, and annotated where it is', async () => {
  const below = (files: Files): Files =>
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`platform/deploy/${path}`, content]));
  const step = await runOn(
    pull({ ...below(BASE), 'custos.yaml': 'targets: []\n' }, below({ [SSHD]: WEAK, 'custos.yaml': `${CONFIG}\n` })),
    {
      'working-directory': 'platform/deploy',
    },
  );
  expect([step.code, fresh(step)]).toEqual([1, ['IAM-06 fail']]);
  expect(step.commands.map(({ properties }) => properties['file'])).toEqual([
    undefined,
    `platform/deploy/${SSHD}`,
    'platform/deploy/custos.yaml',
  ]);
  const { runs } = JSON.parse(readFileSync(step.outputs['sarif-file'] ?? '', 'utf8'));
  expect(runs[0].automationDetails.id).toBe('custos/custody-strict/platform/deploy/');
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(`platform/deploy/${SSHD}`);
});
