import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { cleanRunner, pullRequest, runOn, type Files, type PullRequest, type Step } from '../support/action-runner.ts';
import { folders } from '../support/folder.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanRunner);

const CONFIG = 'profile: custody-strict\ntargets:\n  - { id: bastion, files: ./hosts, versions: { openssh: "9.2" } }\n';
const STRICT = 'PermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAllowGroups admins\n';
const WEAK = STRICT.replace('PermitRootLogin no', 'PermitRootLogin yes');
const SSHD = 'hosts/sshd_config';
const BASE: Files = { 'custos.yaml': CONFIG, [SSHD]: STRICT };

const pull = (base: Files, head: Files): PullRequest => pullRequest(folder({}), base, head);
const messages = (step: Step, level: string): readonly string[] =>
  step.commands.filter(({ name }) => name === level).map(({ message }) => message);

describe('what the summary says of both commits', () => {
  test('which they are, what they came to, and what is fixed', async () => {
    const change = pull({ ...BASE, [SSHD]: WEAK }, { [SSHD]: STRICT });
    const step = await runOn(change);
    const link = `https://github.com/custody/platform/compare/${change.base}...${change.merge}`;
    expect(step.summary).toContain(
      `\nCompared: [<code>${change.base.slice(0, 12)}</code> → <code>${change.merge.slice(0, 12)}</code>](${link})\n`,
    );
    expect(step.summary).toMatch(/\*\*Grade F…D → D…C\*\* · Score \*\*\S+ → \S+\*\* of 100/);
    expect(step.summary).toMatch(
      /<summary>Fixed 1<\/summary>\n\n- bastion\/sshd&#95;config: \[IAM-06\]\(https:\/\/github\.com\/custos-audit\/custos\/blob\/v[\d.]+\/controls\/README\.md#iam-06\)\n/,
    );
    expect(step.summary).toContain('Nothing is new or worse.');
  });

  test('what is worse is called so, with what it was before and how to put it right', async () => {
    const step = await runOn(pull({ ...BASE, [SSHD]: `${STRICT}MaxAuthTries 10\n` }, { [SSHD]: `${STRICT}MaxAuthTries 20\n` }));
    const annotation = step.commands.find(({ properties }) => properties['title'] === 'Custos IAM-10 (worse)');
    expect(annotation?.message).toMatch(/MaxAuthTries 20.*; before: .*MaxAuthTries 10/);
    expect(step.summary).toMatch(/\| medium \| \[IAM-10\].*MaxAuthTries 20.* · \*\*worse\*\* \(before: .*MaxAuthTries 10/);
    expect(step.summary).toMatch(/<details><summary>How to fix it<\/summary>[^<|]{20,}<\/details> \|/);
  });

  test('what is not determined any more is new, and never "nothing"', async () => {
    const step = await runOn(pull(BASE, { [SSHD]: `${'\u0000'.repeat(20)}\n` }));
    expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
    expect(step.summary).not.toContain('Nothing is new or worse.');
    expect(messages(step, 'warning').join('\n')).not.toContain('no longer there');
    expect(step.summary).toMatch(/## Not determined, new or worse \d+\n/);
    const same = await runOn(pull({ ...BASE, [SSHD]: '\u0000\n' }, { 'README.md': '\n' }));
    expect(same.summary).toMatch(/Nothing is new or worse\.[^]*<summary>Not determined, already there \d+<\/summary>/);
  });

  test('what is only given another name is no longer there, and not fixed', async () => {
    const two = { 'custos.yaml': CONFIG, 'hosts/a/sshd_config': STRICT, 'hosts/b/sshd_config': STRICT };
    const step = await runOn(pull(two, { 'hosts/a/sshd_config': undefined, 'hosts/a/sshd.txt': WEAK }));
    expect(step.code).toBe(0);
    expect(messages(step, 'warning')).toEqual([
      expect.stringMatching(/^no longer there in this pull request: bastion: a\/sshd_config \(remote\.access\); what was only renamed/),
    ]);
    expect(step.summary).toMatch(/gone since the baseline: 0 fixed, \d+ no longer there, 0 no longer determinable/);
    expect(step.summary).toMatch(
      /<summary>No longer there, so that nothing of it is judged \d+<\/summary>\n\n- bastion\/a\/sshd&#95;config: /,
    );
  });
});

describe('the policy of both commits', () => {
  test('one that would stop every run after the merge is told at its line', async () => {
    const step = await runOn(pull(BASE, { 'custos.yaml': `${CONFIG}profil: x\nbaseline: custos.yaml\n` }));
    expect(step.code).toBe(0);
    expect(step.commands.filter(({ name }) => name === 'warning')).toEqual([
      {
        name: 'warning',
        properties: { file: 'custos.yaml', line: '4', title: 'Custos' },
        message: expect.stringMatching(/^custos\.yaml:4: "profil" is not known here; after the merge this stops every run$/),
      },
    ]);
  });

  test('what the pull request names elsewhere on the runner is not opened', async () => {
    const secret = folder({ 'secret.yaml': 'canary-8812: x\n', 'secret.json': 'canary-8812' });
    for (const line of [`profile: ${secret}/secret.yaml`, `waivers: ${secret}/secret.yaml`, `baseline: ${secret}/secret.json`]) {
      const step = await runOn(pull(BASE, { 'custos.yaml': `${CONFIG.replace('profile: custody-strict\n', '')}${line}\n` }));
      expect(step.code).toBe(0);
      expect(step.log + step.summary).not.toContain('canary-8812');
    }
  });

  test('one that is broken in the base commit stops the run, and the way out is told', async () => {
    const broken = { ...BASE, 'custos.yaml': `${CONFIG}profil: x\n` };
    const mended = await runOn(pull(broken, { 'custos.yaml': CONFIG }));
    expect([mended.code, messages(mended, 'error')]).toEqual([
      3,
      [
        expect.stringMatching(/: the policy of the base commit cannot be read.*this pull request mends it: merge it past this check/),
        expect.stringMatching(/^custos\.yaml:4: "profil" is not known here \(in the base commit\)/),
      ],
    ]);
    const other = await runOn(pull(broken, { 'README.md': '\n' }));
    expect(messages(other, 'error')[0]).toMatch(/mend it on the base branch, or merge a pull request that mends it/);
  });

  test('the first custos.yaml is said to be the first, and nothing is said to be lost', async () => {
    const step = await runOn(pull({ 'README.md': '\n' }, { ...BASE, [SSHD]: WEAK }), { profile: 'custody-strict' });
    expect(messages(step, 'notice')[0]).toMatch(
      /^custos\.yaml is policy: the base commit has none, so this pull request is judged without it/,
    );
    expect(messages(step, 'warning').join('\n')).not.toMatch(/nothing left to judge|no longer there/);
    expect(step.summary).not.toMatch(/no longer determinable|\*\*\.\*\*/);
    const named = await runOn(pull({ [SSHD]: STRICT }, { 'policy/custos.yaml': CONFIG, [SSHD]: WEAK }), { config: 'policy/custos.yaml' });
    expect([named.code, named.outputs['verdict']]).toEqual([1, 'not-met']);
    expect(messages(named, 'notice')[0]).toMatch(/^policy\/custos\.yaml is policy: the base commit has none/);
    const nowhere = await runOn(pull(BASE, {}), { config: 'policy/custos.yaml' });
    expect([nowhere.code, messages(nowhere, 'error')[0]]).toEqual([3, expect.stringMatching(/^input config: .* in the base commit/)]);
  });

  test('a baseline that the base commit does not have is told, one that is none is an error', async () => {
    const absent = await runOn(pull(BASE, { 'known.json': '{}' }), { baseline: 'known.json' });
    expect([absent.code, messages(absent, 'warning')[0]]).toEqual([
      0,
      expect.stringMatching(/^input baseline: known\.json is not in the base/),
    ]);
    const none = await runOn(pull({ ...BASE, 'known.json': '{}' }, {}), { baseline: 'known.json' });
    expect([none.code, messages(none, 'error')[0]]).toEqual([
      3,
      expect.stringMatching(/^input baseline: known\.json in the base commit is no Custos/),
    ]);
  });

  test('what a link leads to is policy, too', async () => {
    const linked = { [SSHD]: STRICT, 'custos.yaml': { link: 'policy/c.yaml' }, 'policy/c.yaml': CONFIG };
    const step = await runOn(pull(linked, { 'policy/c.yaml': `${CONFIG}# a word\n` }));
    expect(messages(step, 'notice')).toEqual([expect.stringMatching(/^policy\/c\.yaml is policy: /)]);
  });
});

test('a pull request that takes the working directory away is judged all the same', async () => {
  const below = { 'deploy/custos.yaml': CONFIG, [`deploy/${SSHD}`]: STRICT, 'README.md': '\n' };
  const change = pull(below, { deploy: undefined });
  rmSync(join(change.workspace, 'deploy'), { recursive: true, force: true });
  const step = await runOn(change, { 'working-directory': 'deploy' });
  expect([step.code, step.outputs['verdict']]).toEqual([2, 'undecided']);
  expect(messages(step, 'warning')[0]).toMatch(/^bastion: deploy\/hosts is gone in this pull request/);
  const nowhere = await runOn(change, { 'working-directory': 'nowhere' });
  expect([nowhere.code, messages(nowhere, 'error')[0]]).toEqual([
    3,
    expect.stringMatching(/^input working-directory: nowhere is in neither commit/),
  ]);
  const outside = await runOn(change, { 'working-directory': '../nowhere' });
  expect(outside.code).toBe(3);
});
