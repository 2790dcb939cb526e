import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
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
    [['scan', '--concurrency', '0'], /whole number/],
    [['scan', 'https://pay.example.com'], /there is no collector for https/],
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
    expect(err).toContain('a glob is written as { glob: "edge*" }');
    expect(err).toContain('no control is called "IAM-1"');
  });
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
    expect((await custos(['controls', 'test', 'my'], { cwd })).out).toContain('1 controls, 5 examples');
    const { out, code } = await custos(['scan', '.', '--controls', 'my', '-p', './mine.yaml', '--fail-on', 'medium'], { cwd });
    expect(out).toContain('forgets what it holds');
    expect(code).toBe(1);
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
  test('an id of the bundled catalogue cannot be taken', async () => {
    const { code, err } = await custos(['controls', 'lint', 'my'], {
      cwd: cwdWith('IAM-01-mine.yaml', GOOD.replace('id: ACME-01', 'id: IAM-01')),
    });
    expect(code).toBe(3);
    expect(err).toContain('IAM-01 is already defined');
  });
});
