import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { instantOf } from '../../src/cli/policy-options.ts';
import type { Assessment } from '../../src/model/assessment.ts';
import { custos } from '../support/shell.ts';

const base = mkdtempSync(join(tmpdir(), 'custos-cli-'));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;

/** A directory with the given files. */
function folder(files: Readonly<Record<string, string>>): string {
  count += 1;
  const directory = join(base, `case-${count}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

const WEAK = 'bind 0.0.0.0\nport 6379\nprotected-mode no\n';
const STRONG =
  'bind 127.0.0.1\nport 0\ntls-port 6379\ntls-protocols "TLSv1.2 TLSv1.3"\ntls-ciphers ECDHE-RSA-AES256-GCM-SHA384\nuser default off\n';
const ESCAPE = String.fromCodePoint(27);

describe('exit codes', () => {
  test('0, 1 and 2: met, not met, undecided', async () => {
    const only = 'id: mine\ntitle: { en: x, zh: x }\nselect: { ids: [IAM-01] }\n';
    const run = (text: string) =>
      custos(['scan', 'redis.conf', '-p', './mine.yaml', '-f', 'json'], { cwd: folder({ 'redis.conf': text, 'mine.yaml': only }) });
    expect((await run(STRONG)).code).toBe(0);
    expect((await run(WEAK)).code).toBe(1);
    expect((await run('aclfile /etc/redis/users.acl\n')).code).toBe(2);
  });
  test.each([
    [['scan', '--fail-on', 'hihg'], /did you mean "high"/],
    [['scan', '-f', 'sariff'], /did you mean "sarif"/],
    [['scan', '-f', 'json='], /a path is missing/],
    [['scan', '--min-score', 'lots'], /number from 0 to 100/],
    [['scan', '--as-of', 'tomorrow'], /is a date such as/],
    [['scan', '--as-of', '2026-02-30'], /is a date such as/],
    [['scan', '--as-of', '2026-02-30T10:00:00Z'], /is a date such as/],
    [['scan', '--concurrency', '0'], /whole number/],
    [['scan', 'gopher://pay.example.com'], /cannot be looked at/],
    [['scan', '-c', 'nowhere.yaml'], /is not there/],
    [['scan', '--product', 'nginx'], /is written as nginx=1.24.0/],
    [['scan', '-p', 'custody-basline', '.'], /did you mean "custody-baseline"/],
    [['scan'], /nothing to look at/],
    [['scann'], /Did you mean scan/],
    [['explain', 'IAM-1'], /did you mean|custos controls list/],
    [['profiles', 'show', 'custody'], /profiles are|did you mean/],
    [['collect', '.', '-o', 'x', '--shard', '3/2'], /is written as 1\/4/],
    [['evaluate', 'nowhere.jsonl'], /is not there/],
    [['report', 'nowhere.json'], /is not there/],
    [['completion', 'powershell'], /there is: bash, zsh, fish/],
  ])('3 for wrong usage: %j', async (args, message) => {
    const { code, err } = await custos(args, { cwd: folder({ 'a/redis.conf': WEAK }) });
    expect(err).toMatch(message);
    expect(code).toBe(3);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe('custos.yaml', () => {
  test('everything wrong is reported at once, with its place, a caret and the nearest name', async () => {
    const cwd = folder({
      'custos.yaml': [
        'profil: custody-baseline',
        'targets:',
        '  - { id: a, files: ./a, lables: { zone: dmz } }',
        '  - { id: b }',
        'parameters:',
        '  TLS-03: { allowed: [TLSv1.2] }',
        '',
      ].join('\n'),
    });
    const { code, err } = await custos(['scan'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain('custos.yaml:1:1');
    expect(err).toContain('did you mean "profile"?');
    expect(err).toContain('custos.yaml:3:26');
    expect(err).toContain('did you mean "labels"?');
    expect(err).toMatch(/\^{6}/);
  });
  test('a second layer: names that the schema cannot know', async () => {
    const text =
      'targets:\n  - { id: a, files: ./a, declares: bb }\n  - { id: b, files: ./b }\n  - { id: b, files: ./c }\nparameters:\n  TLS-3: { allowed: [] }\n  TLS-03: { alowed: [] }\nexpects: [ { kind: tls.listner } ]\n';
    const { code, err } = await custos(['scan'], { cwd: folder({ 'custos.yaml': text }) });
    expect(code).toBe(3);
    for (const part of ['no target is called "bb"', 'target "b" is declared twice']) expect(err).toContain(part);
  });
  test('an environment secret can be printed by nothing: it is refused where it would be', async () => {
    const text = 'targets:\n  - id: a\n    files: "./${env:TOKEN}"\n    labels: { note: "${env:TOKEN}" }\n';
    const { code, err, out } = await custos(['scan'], { cwd: folder({ 'custos.yaml': text }), env: { TOKEN: 'sup3r-s3cret' } });
    expect(code).toBe(3);
    expect(err.match(/a secret reference is allowed only/g)).toHaveLength(2);
    expect(err + out).not.toContain('sup3r-s3cret');
  });
  test('a profile may not be loosened below what it claims', async () => {
    const profile =
      'id: mine\ntitle: { en: x, zh: x }\nselect: { ids: [TLS-03] }\nbounds: { TLS-03: { allowed: [TLSv1.2, TLSv1.3] } }\nparameters: { TLS-03: { allowed: [TLSv1.3] } }\n';
    const looser = 'targets: [ { id: a, files: ./a } ]\nprofile: ./mine.yaml\nparameters: { TLS-03: { allowed: [TLSv1, TLSv1.2] } }\n';
    const { code, err } = await custos(['scan'], { cwd: folder({ 'custos.yaml': looser, 'mine.yaml': profile, 'a/redis.conf': STRONG }) });
    expect(code).toBe(3);
    expect(err).toContain('looser than ["TLSv1.2","TLSv1.3"], which profile mine claims');
    expect(err).toContain('custos.yaml:3:');
  });
  test('custody-strict claims the retention that the law demands: custos.yaml may keep logs longer, not shorter', async () => {
    const scan = (days: number) => {
      const text = `profile: custody-strict\ntargets: [ { id: a, files: ./a } ]\nparameters: { LOG-04: { days: ${days} } }\n`;
      return custos(['scan', '-f', 'json'], { cwd: folder({ 'custos.yaml': text, 'a/redis.conf': STRONG }) });
    };
    const { code, err } = await scan(1);
    expect(code).toBe(3);
    expect(err).toContain('looser than 184, which profile custody-strict claims');
    expect(err).toContain('custos.yaml:3:');
    expect((await scan(366)).code).not.toBe(3);
  });
  test('profiles that extend each other in a circle are told with their path', async () => {
    const { code, err } = await custos(['scan', '.', '-p', './a.yaml'], {
      cwd: folder({ 'a.yaml': 'id: a\ntitle: { en: x, zh: x }\nextends: [a]\nselect: { all: true }\n', 'redis.conf': WEAK }),
    });
    expect(code).toBe(3);
    expect(err).toMatch(/no profile is called "a"|in a circle/);
  });
  test('waivers: an unreadable date, an unknown control, a star that is no glob', async () => {
    const waivers = 'waivers:\n  - { control: IAM-1, target: "edge*", owner: x, reason: y, until: 2026-13-45 }\n';
    const { code, err } = await custos(['scan', '.', '--waivers', 'w.yaml'], { cwd: folder({ 'w.yaml': waivers, 'redis.conf': WEAK }) });
    expect(code).toBe(3);
    expect(err).toContain('"2026-13-45" is no date');
    const february = waivers.replace('2026-13-45', '2026-02-31');
    expect((await custos(['scan', '.', '--waivers', 'w.yaml'], { cwd: folder({ 'w.yaml': february, 'redis.conf': WEAK }) })).err).toContain(
      '"2026-02-31" is no date',
    );
    expect(err).toContain('a glob is written as { glob: "edge*" }');
    expect(err).toContain('no control is called "IAM-1"');
  });
});

test('a reference without quotes within { … } is one problem, and it is said what to do', async () => {
  const yaml = 'targets:\n  - { id: db, postgres: "postgres://u@10.0.0.5/x", password: ${env:CP}, labels: { client-data: true } }\n';
  const { code, err } = await custos(['scan'], { cwd: folder({ 'custos.yaml': yaml }) });
  expect(code).toBe(3);
  expect(err).toContain('custos.yaml:2:62');
  expect(err).toContain('quote it: "${env:NAME}"');
  expect(err).toContain('1 problem.');
});

test('of what collect could see nothing it says so, and why', async () => {
  const target = (id: string) => `  - { id: ${id}, postgres: "postgres://u@127.0.0.1:1/x", password: "\${env:CUSTOS_NO_SUCH}" }\n`;
  const cwd = folder({ 'custos.yaml': `targets:\n${target('db')}  - { id: app, files: ./a }\n`, 'a/redis.conf': WEAK });
  const { code, err } = await custos(['collect', '-o', 'e.jsonl', '--lang', 'en'], { cwd });
  expect(code).toBe(0);
  expect(err).toContain('of 1 target nothing could be seen:\n   db: it depends on something that is not here');
  expect(err).not.toContain('app:');
});

describe('the two halves, through a file', () => {
  test('collect and evaluate give what scan gives; report and diff read it', async () => {
    const cwd = folder({
      'app/redis.conf': WEAK,
      'custos.yaml': 'targets: [ { id: app, files: ./app, versions: { redis: "7.0.15" } } ]\n',
    });
    const day = ['--as-of', '2026-11-24'];
    const scanned = await custos(['scan', ...day, '-f', 'json=scan.json', '-f', 'jsonl=scan.jsonl', '--evidence', 'kept.jsonl'], { cwd });
    expect((await custos(['collect', ...day, '-o', 'evidence.jsonl'], { cwd })).code).toBe(0);
    const evaluated = await custos(['evaluate', 'evidence.jsonl', '-f', 'json=evaluated.json'], { cwd });
    expect(evaluated.code).toBe(scanned.code);
    const timeless = (file: string): string => readFileSync(join(cwd, file), 'utf8').replaceAll(/"collectedAt":\s*"[^"]*"/g, '""');
    expect(timeless('evaluated.json')).toBe(timeless('scan.json'));
    await custos(['evaluate', 'kept.jsonl', '-f', 'json=kept.json'], { cwd });
    expect(timeless('kept.json')).toBe(timeless('scan.json'));

    const fromJson = await custos(['report', 'scan.json'], { cwd });
    const fromLines = await custos(['report', 'scan.jsonl'], { cwd });
    expect(fromJson.out).toContain('IAM-01');
    expect(fromLines.out).toBe(fromJson.out);

    writeFileSync(join(cwd, 'app', 'redis.conf'), `${WEAK}user default off\n`);
    await custos(['scan', ...day, '-f', 'json=after.json'], { cwd });
    const diff = await custos(['diff', 'scan.json', 'after.json'], { cwd });
    expect(diff.out).toMatch(/Fixed [1-9]/);
    const back = await custos(['diff', 'after.json', 'scan.json'], { cwd });
    expect(back.code).toBe(1);
    expect(back.out).toMatch(/New [1-9]/);
  });
  test('diff: one value more is worse; what a control finds that is new or revised is told apart', async () => {
    const cwd = folder({ 'app/redis.conf': WEAK });
    await custos(['scan', 'app', '-f', 'json=after.json'], { cwd });
    const after: Assessment = JSON.parse(readFileSync(join(cwd, 'after.json'), 'utf8'));
    const write = (change: Partial<Assessment>): void => writeFileSync(join(cwd, 'before.json'), JSON.stringify({ ...after, ...change }));
    const diff = async (): Promise<{ readonly code: number; readonly out: string }> =>
      custos(['diff', 'before.json', 'after.json'], { cwd });
    write({});
    expect(await diff()).toMatchObject({ code: 0, out: expect.stringMatching(/New 0[\s\S]*Worse 0/) });
    const failing = after.findings.findIndex(({ offenders }) => offenders.length > 0);
    write({
      findings: after.findings.map((one, index) =>
        index === failing && one.outcome === 'fail' ? { ...one, offenders: one.offenders.slice(1) } : one,
      ),
    });
    expect(await diff()).toMatchObject({ code: 1, out: expect.stringMatching(/New 0[\s\S]*Worse 1/) });
    const counts = { fail: 0, error: 0, unknown: 0, manual: 0, pass: 0, 'not-applicable': 0 };
    write({ rules: after.rules.map((rule) => ({ ...rule, revision: rule.revision + 1 })), findings: [], counts });
    const { code, out } = await diff();
    expect(code).toBe(0);
    expect(out).toMatch(/New 0[\s\S]*Of controls that are new or revised [1-9]/);
  });
  test('a baseline forgives what it knows', async () => {
    const cwd = folder({ 'app/redis.conf': WEAK });
    const first = await custos(['scan', 'app', '--allow-undecided', '-f', 'json=base.json'], { cwd });
    expect(first.code).toBe(1);
    expect((await custos(['scan', 'app', '--allow-undecided', '--baseline', 'base.json', '-f', 'json'], { cwd })).code).toBe(0);
  });
  test('shards merge to what one run gives', async () => {
    const cwd = folder({
      'a/redis.conf': WEAK,
      'b/redis.conf': STRONG,
      'c/redis.conf': WEAK,
      'custos.yaml': 'targets: [ { id: a, files: ./a }, { id: b, files: ./b }, { id: c, files: ./c } ]\n',
    });
    const day = ['--as-of', '2026-11-24'];
    for (const shard of ['1/2', '2/2']) await custos(['collect', ...day, '--shard', shard, '-o', `${shard[0]}.jsonl`], { cwd });
    await custos(['merge', '1.jsonl', '2.jsonl', '-f', 'json=merged.json'], { cwd });
    await custos(['scan', ...day, '-f', 'json=one.json'], { cwd });
    const timeless = (file: string): string => readFileSync(join(cwd, file), 'utf8').replaceAll(/"collectedAt":\s*"[^"]*"/g, '""');
    expect(timeless('merged.json')).toBe(timeless('one.json'));
  });
});

describe('by which policy evidence is judged', () => {
  const CONFIG = [
    'profile: ./mine.yaml',
    'targets: [ { id: app, files: ./app } ]',
    'waivers: w.yaml',
    'parameters: { IAM-18: { refused: [FLUSHDB] } }',
    'gate: { failOn: low }',
    'expects: [ { kind: datastore, atLeast: 2 } ]',
    '',
  ].join('\n');
  const PROFILE = (id: string, ids: string): string =>
    `id: ${id}\ntitle: { en: x, zh: x }\nselect: { ids: [${ids}] }\ngate: { failOn: critical }\n`;
  const waiverOf = (control: string, target = '{ glob: "*" }'): string =>
    `waivers:\n  - { control: ${control}, target: ${target}, owner: x, reason: y, until: 2099-12-31 }\n`;
  /** Evidence that was collected by a custos.yaml of its own, in a place where another one lies. */
  const elsewhere = async (): Promise<string> => {
    const cwd = folder({
      'there/custos.yaml': CONFIG,
      'there/mine.yaml': PROFILE('mine', 'IAM-01, IAM-05'),
      'there/w.yaml': waiverOf('IAM-05', 'app'),
      'there/app/redis.conf': WEAK,
      'custos.yaml': 'profile: ./other.yaml\ntargets: [ { id: else, files: ./else } ]\nwaivers: all.yaml\ngate: { failOn: critical }\n',
      'other.yaml': PROFILE('other', 'TLS-03'),
      'all.yaml': waiverOf('{ glob: "*" }'),
      'own.yaml': PROFILE('own', 'IAM-01, IAM-05, IAM-18'),
      'bound.yaml': `${PROFILE('bound', 'IAM-18')}bounds: { IAM-18: { refused: [FLUSHALL] } }\n`,
    });
    expect((await custos(['collect', '-c', 'there/custos.yaml', '-o', 'e.jsonl'], { cwd })).code).toBe(0);
    return cwd;
  };
  const judged = async (cwd: string, ...flags: readonly string[]): Promise<Assessment> => {
    await custos(['evaluate', 'e.jsonl', ...flags, '-f', 'json=a.json'], { cwd });
    return JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'));
  };
  const waived = ({ findings }: Assessment): readonly string[] =>
    findings.flatMap(({ control, waiver }) => (waiver?.status === 'active' ? [control] : []));

  test('by its own plan, never by a custos.yaml that happens to lie here', async () => {
    const assessment = await judged(await elsewhere());
    expect(assessment).toMatchObject({ profile: 'mine', gate: { failOn: 'low' }, verdict: { exitCode: 1 } });
    expect(waived(assessment)).toEqual(['IAM-05']);
  });
  test('-p changes the profile alone: waivers, parameters, gate and expectations of its own custos.yaml stay', async () => {
    const assessment = await judged(await elsewhere(), '-p', './own.yaml');
    expect(assessment).toMatchObject({ profile: 'own', gate: { failOn: 'low' }, verdict: { exitCode: 1 } });
    expect(waived(assessment)).toEqual(['IAM-05']);
    expect(assessment.rules.find(({ id }) => id === 'IAM-18')?.parameters['refused']).toEqual({ value: ['FLUSHDB'], setBy: 'custos.yaml' });
    expect(assessment.findings.filter(({ target, outcome }) => target === 'assessment' && outcome === 'unknown').length).toBe(3);
    expect(assessment.policy.map(({ role }) => role)).toEqual(expect.arrayContaining(['configuration', 'waivers']));
    const loose = await custos(['evaluate', 'e.jsonl', '-p', './bound.yaml'], { cwd: await elsewhere() });
    expect(loose.code).toBe(3);
    expect(loose.err).toContain('looser than ["FLUSHALL"], which profile bound claims');
  });
  test('-c and --waivers are policy that the user names: they stand in the place of its own', async () => {
    const cwd = await elsewhere();
    const named = await judged(cwd, '--waivers', 'all.yaml');
    expect(named.profile).toBe('mine');
    expect(waived(named).toSorted()).toEqual(expect.arrayContaining(['IAM-01', 'IAM-05']));
    const other = await judged(cwd, '-c', 'custos.yaml');
    expect(other).toMatchObject({ profile: 'other', gate: { failOn: 'critical' } });
    expect(other.targets.map(({ target }) => target.id)).toEqual(['app']);
  });
  test('a product version is part of what was collected: it cannot be said afterwards', async () => {
    const { code, err } = await custos(['evaluate', 'e.jsonl', '--product', 'redis=7.2'], { cwd: await elsewhere() });
    expect(code).toBe(3);
    expect(err).toMatch(/--product.*collect/s);
  });
});

test('a moment is UTC unless it says otherwise, on a machine of any zone', () => {
  expect(instantOf('2026-11-24')).toBe('2026-11-24T00:00:00.000Z');
  expect(instantOf('2026-11-24T10:00')).toBe('2026-11-24T10:00:00.000Z');
  expect(instantOf('2026-11-24T10:00:00+08:00')).toBe('2026-11-24T02:00:00.000Z');
});

describe('shards of one plan', () => {
  const tree = (): string =>
    folder({
      'a/redis.conf': WEAK,
      'b/redis.conf': STRONG,
      'custos.yaml': 'targets: [ { id: a, files: ./a }, { id: b, files: ./b } ]\n',
    });
  test('collected at different times they merge, as of the latest of them', async () => {
    const cwd = tree();
    await custos(['collect', '--shard', '1/2', '-o', '1.jsonl'], { cwd });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await custos(['collect', '--shard', '2/2', '-o', '2.jsonl'], { cwd });
    const asOf = (file: string): string => JSON.parse(readFileSync(join(cwd, file), 'utf8').split('\n')[0] ?? '').plan.asOf;
    expect(asOf('2.jsonl') > asOf('1.jsonl')).toBe(true);
    for (const files of [
      ['1.jsonl', '2.jsonl'],
      ['2.jsonl', '1.jsonl'],
    ]) {
      expect((await custos(['merge', ...files, '-o', 'whole.jsonl', '-f', 'json=merged.json'], { cwd })).code).toBe(1);
      expect(JSON.parse(readFileSync(join(cwd, 'merged.json'), 'utf8')).asOf).toBe(asOf('2.jsonl'));
      expect(asOf('whole.jsonl')).toBe(asOf('2.jsonl'));
    }
    await custos(['merge', '1.jsonl', '2.jsonl', '--as-of', '2027-01-01', '-f', 'json=merged.json'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'merged.json'), 'utf8')).asOf).toBe('2027-01-01T00:00:00.000Z');
  });
  test('they may merge into one of themselves, and what is no evidence leaves that as it was', async () => {
    const cwd = tree();
    for (const shard of ['1/2', '2/2']) await custos(['collect', '--shard', shard, '-o', `${shard[0]}.jsonl`], { cwd });
    const read = (file: string): string => readFileSync(join(cwd, file), 'utf8');
    const [one, two] = [read('1.jsonl'), read('2.jsonl')];
    writeFileSync(join(cwd, 'changed.jsonl'), two.replace(/"collectedAt":"[^"]*"/, '"collectedAt":"earlier"'));
    const changed = await custos(['merge', '1.jsonl', 'changed.jsonl', '-o', '1.jsonl'], { cwd });
    expect(changed.err).toMatch(/changed\.jsonl:3 its records do not have the count and digest/);
    expect(changed.code).toBe(3);
    expect(read('1.jsonl')).toBe(one);
    expect((await custos(['merge', '1.jsonl', '2.jsonl', '-o', 'whole.jsonl', '-f', 'json=whole.json'], { cwd })).code).toBe(1);
    expect((await custos(['merge', '1.jsonl', '2.jsonl', '-o', '1.jsonl', '-f', 'json=own.json'], { cwd })).code).toBe(1);
    expect(read('1.jsonl')).toBe(read('whole.jsonl'));
    expect(read('own.json')).toBe(read('whole.json'));
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
  test('a day that was asked for is part of the plan: shards of two such days are of two plans', async () => {
    const cwd = tree();
    await custos(['collect', '--shard', '1/2', '--as-of', '2026-11-24', '-o', '1.jsonl'], { cwd });
    await custos(['collect', '--shard', '2/2', '--as-of', '2026-11-25', '-o', '2.jsonl'], { cwd });
    const { code, err } = await custos(['merge', '1.jsonl', '2.jsonl'], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(/another plan/);
  });
});

describe('what a person sees', () => {
  test('piped output never has escape codes; a terminal has; NO_COLOR and --no-color win', async () => {
    const cwd = folder({ 'redis.conf': WEAK });
    expect((await custos(['scan', '.'], { cwd })).out).not.toContain(ESCAPE);
    expect((await custos(['scan', '.'], { cwd, tty: true })).out).toContain(ESCAPE);
    expect((await custos(['scan', '.'], { cwd, tty: true, env: { NO_COLOR: '1' } })).out).not.toContain(ESCAPE);
    expect((await custos(['scan', '.', '--no-color'], { cwd, tty: true })).out).not.toContain(ESCAPE);
  });
  test('--lang zh, or the locale, speaks Chinese', async () => {
    const cwd = folder({ 'redis.conf': WEAK });
    expect((await custos(['scan', '.', '--lang', 'zh'], { cwd })).out).toContain('数据存储不接受未认证访问');
    expect((await custos(['scan', '.'], { cwd, env: { LANG: 'zh_CN.UTF-8' } })).out).toContain('未通过');
    expect((await custos(['scan', '.', '--lang', 'fr'], { cwd })).code).toBe(3);
  });
  test('explain: the control, and with an assessment why each resource came out so', async () => {
    const cwd = folder({ 'redis.conf': WEAK });
    expect((await custos(['explain', 'iam-01'], { cwd })).out).toMatch(
      /Why it matters[\s\S]*What is judged[\s\S]*r\.authentication[\s\S]*GB\/T 22239/,
    );
    await custos(['scan', '.', '-f', 'json=a.json'], { cwd });
    const { out } = await custos(['explain', 'IAM-01', '--assessment', 'a.json'], { cwd });
    expect(out).toMatch(
      /fail {2}\. \/ redis\.conf[\s\S]*came to[\s\S]*r\.authentication {2}→ {2}false[\s\S]*what decided[\s\S]*r\.authentication = false/,
    );
  });
  test('help teaches; completion knows every command', async () => {
    const { out } = await custos(['--help']);
    for (const word of ['scan', 'explain', 'Examples:', 'Exit codes:', 'not determined']) expect(out).toContain(word);
    for (const shell of ['bash', 'zsh', 'fish']) expect((await custos(['completion', shell])).out).toMatch(/scan[\s\S]*explain/);
  });
  test('init writes a custos.yaml that scans, and replaces none', async () => {
    const cwd = folder({ 'app/redis.conf': WEAK });
    expect((await custos(['init'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'custos.yaml'), 'utf8')).toContain('files: "./app"');
    expect((await custos(['scan', '-f', 'json'], { cwd })).code).toBe(1);
    expect((await custos(['init'], { cwd })).code).toBe(3);
  });
  test('a path on the command line that is not there is a mistype: all of them are told, and nothing is scanned', async () => {
    const cwd = folder({ 'deploy/redis.conf': WEAK });
    const { code, out, err } = await custos(['scan', './deplyo', 'deploy', 'a/b', '--allow-undecided'], { cwd });
    expect(err).toContain('./deplyo: is not there');
    expect(err).toContain('did you mean "./deploy"?');
    expect(err).toContain('a/b: is not there');
    expect(out).toBe('');
    expect(code).toBe(3);
  });
  test('a missing directory of custos.yaml is an honest unknown, not a clean one', async () => {
    const { code, out } = await custos(['scan'], { cwd: folder({ 'custos.yaml': 'targets: [ { id: a, files: ./nowhere } ]\n' }) });
    expect(code).toBe(2);
    expect(out).toContain('could not be reached');
  });
  test.each(['en', 'zh'])('where nothing passed there is no ✔ (%s)', async (lang) => {
    const cwd = folder({ 'custos.yaml': 'targets: [ { id: a, files: ./empty } ]\n', 'empty/.keep': '' });
    rmSync(join(cwd, 'empty', '.keep'));
    const { out } = await custos(['scan', '--allow-undecided', '--lang', lang], { cwd });
    expect(out).not.toContain('✔');
    expect(out).toMatch(/nothing passed either|也没有控制项通过/);
  });
  test('a file of no known format says so', async () => {
    const { code, out } = await custos(['scan', '.'], { cwd: folder({ 'notes.txt': 'hello' }) });
    expect(code).toBe(2);
    expect(out).toMatch(/in a format\s+that\s+Custos\s+reads/);
  });
});

describe('a private catalogue', () => {
  const GOOD =
    readFileSync(new URL('../../docs/writing-controls.md', import.meta.url), 'utf8').match(/```yaml\n(id: ACME-01[\s\S]*?)```/)?.[1] ?? '';
  const PROFILE = 'id: mine\ntitle: { en: x, zh: x }\nselect: { families: [ACME] }\n';
  const cwdWith = (name: string, text: string) =>
    folder({ [`my/${name}`]: text, 'mine.yaml': PROFILE, 'redis.conf': 'appendonly no\nappendfsync everysec\n' });

  test('the control of docs/writing-controls.md works as the page says', async () => {
    const cwd = cwdWith('ACME-01-redis-persists.yaml', GOOD);
    expect((await custos(['controls', 'test', 'my'], { cwd })).out).toContain('1 control, 5 examples');
    const { out, code } = await custos(['scan', '.', '--controls', 'my', '-p', './mine.yaml', '--fail-on', 'medium'], { cwd });
    expect(out).toContain('forgets what it holds');
    expect(code).toBe(1);
  });
  test('and so does the profile beside it, copied as it stands', async () => {
    const page = readFileSync(new URL('../../docs/writing-controls.md', import.meta.url), 'utf8');
    const profile = page.match(/```yaml\n(\s*id: my-profile[\s\S]*?)```/)?.[1]?.replaceAll(/^ {3}/gm, '') ?? '';
    const cwd = folder({
      'my-controls/ACME-01-redis-persists.yaml': GOOD,
      'my-profile.yaml': profile,
      'deploy/redis.conf': 'appendonly no\n',
    });
    const { out, err } = await custos(['scan', './deploy', '--controls', 'my-controls', '-p', './my-profile.yaml'], { cwd });
    expect(err).toBe('');
    expect(out).toMatch(/my-profile[\s\S]*ACME-01[\s\S]*IAM-01|my-profile[\s\S]*IAM-01[\s\S]*ACME-01/);
  });
  test.each([
    ['a mistyped attribute', GOOD.replace('assert: r.durable_writes', 'assert: r.durable_write'), /did you mean "durable_writes"/],
    ['a mistyped kind', GOOD.replace('resource: datastore', 'resource: datastor'), /did you mean "datastore"/],
    ['a mistyped field', GOOD.replace('rationale:', 'rational:'), /did you mean "rationale"/],
    ['an example that does not come out', GOOD.replace('expect: fail', 'expect: pass'), /is expected to pass, and comes out fail/],
    ['no failing example', GOOD.replace(/ {2}- name: it is off[\s\S]*?expect: fail\n/, ''), /has no example that is expected to fail/],
    ['an unknown citation', `${GOOD}references: { cn-mlsp: ["8.1.4.1"] }\n`, /did you mean "cn-mlps"/],
    ['an unknown clause', `${GOOD}references: { cn-mlps: ["8.1.44.1"] }\n`, /names no clause/],
    ['a pattern that can hang', GOOD.replace('assert: r.durable_writes', 'assert: r.name.matches("^(a+)+$")'), /use re2/],
    [
      'an attribute that may be absent',
      GOOD.replace('assert: r.durable_writes', 'assert: r.protected_mode')
        .replaceAll('durable_writes:', 'protected_mode:')
        .replace(/ {2}- name: from a real[\s\S]*$/, ''),
      /ask has\(r\.protected_mode\) first/,
    ],
    [
      'a bomb of aliases',
      `a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f]\n`,
      /aliases|not known here/,
    ],
    ['an attested automated control', `${GOOD}attested: { kind: att:event, assert: r.signed }\n`, /cannot be attested/],
    ['no YAML', '\t- nope: [', /mend the YAML/],
    ['nothing', '', /is empty/],
  ])('%s is refused with its place and what would be right', async (_, text, message) => {
    const { code, err } = await custos(['scan', '.', '--controls', 'my', '-p', './mine.yaml'], {
      cwd: cwdWith('ACME-01-redis-persists.yaml', text),
    });
    expect(err).toMatch(message);
    expect(err).toContain('ACME-01-redis-persists.yaml');
    expect(code).toBe(3);
  });
  test('what judges findings is named by no other control', async () => {
    const over = (id: string, named: string): string =>
      GOOD.replace('id: ACME-01', `id: ${id}`)
        .replace('resource: datastore\nwhen: r.engine == "redis"', 'scope: findings')
        .replace('assert: r.durable_writes', `assert: outcomes("${named}").all(o, o == "pass")`)
        .replace(/message:\n[\s\S]*?remediation:/, 'message: { en: "x", zh: "未满足" }\nremediation:')
        .replace(
          /\nexamples:[\s\S]*$/,
          `\nexamples:\n  - { name: a, outcomes: { ${named}: [pass] }, expect: pass }\n  - { name: b, outcomes: { ${named}: [fail] }, expect: fail }\n`,
        );
    const { code, err } = await custos(['controls', 'lint', 'my'], {
      cwd: folder({ 'my/ACME-01-a.yaml': over('ACME-01', 'IAM-01'), 'my/ACME-02-b.yaml': over('ACME-02', 'ACME-01') }),
    });
    expect(err).toContain('outcomes("ACME-01"): ACME-01 judges findings itself');
    expect(err).not.toContain('outcomes("IAM-01")');
    expect(code).toBe(3);
  });
  test('an id of the bundled catalogue cannot be taken', async () => {
    const { code, err } = await custos(['controls', 'lint', 'my'], {
      cwd: cwdWith('IAM-01-mine.yaml', GOOD.replace('id: ACME-01', 'id: IAM-01')),
    });
    expect(code).toBe(3);
    expect(err).toContain('IAM-01 is already defined');
  });
});
