import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PRODUCTS } from '../../src/collect/products.ts';
import { folders } from '../support/folder.ts';
import { custos } from '../support/shell.ts';

const folder = folders();
const WEAK = 'bind 0.0.0.0\nport 6379\nprotected-mode no\n';
const GOOD =
  readFileSync(new URL('../../docs/writing-controls.md', import.meta.url), 'utf8').match(/```yaml\n(id: ACME-01[\s\S]*?)```/)?.[1] ?? '';
const PROFILE = 'id: mine\ntitle: { en: x, zh: x }\nselect: { families: [ACME] }\n';

/** What is said of a custos.yaml. */
async function said(text: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { err, code, out } = await custos(['scan'], { cwd: folder({ 'custos.yaml': text, 'a/redis.conf': WEAK, ...more }) });
  expect(code).toBe(3);
  expect(out).toBe('');
  expect(err).not.toMatch(/\n\s+at /);
  return err;
}

/** The line and column that a message stands at, and what the caret is under. */
function place(err: string, message: string | RegExp): string {
  const lines = err.split('\n');
  const at = lines.findIndex((line) => (typeof message === 'string' ? line.includes(message) : message.test(line)));
  if (at === -1) return `nowhere in\n${err}`;
  const caret = lines.findIndex((line, index) => index > at && /│ +\^/.test(line));
  const [, spaces = '', marks = ''] = /│ ( *)(\^+)/.exec(lines[caret] ?? '') ?? [];
  const source = (lines[caret - 1] ?? '').replace(/^.*?│ /, '');
  return `${(lines[at + 1] ?? '').trim()} ${source.slice(spaces.length, spaces.length + marks.length)}`;
}

describe('everything that is wrong is told at once, at its place', () => {
  test('a custos.yaml whose every part is mistyped', async () => {
    const err = await said(
      [
        'profil: x',
        'profile: custody-strickt',
        'waivers: w.yaml',
        'baseline: nowhere.json',
        'controls: [ ./ctrls ]',
        'targets:',
        '  - { id: a, files: ./a, format: rediss, versions: { nginks: 1.24 } }',
        'parameters:',
        '  TLS-03: { alowed: [TLSv1.2] }',
        '  LOG-04: { days: many }',
        '  TLS-3: { allowed: [] }',
        'expects: [ { kind: tls.listner } ]',
        'output: [ { format: sariff, path: x.sarif }, { format: json, path: no/x.json } ]',
        '',
      ].join('\n'),
      { 'w.yaml': 'waivers:\n  - { control: IAM-1, target: a, reason: y, until: 2026-12-31 }\n' },
    );
    expect(place(err, '"profil" is not known here')).toBe('custos.yaml:1:1 profil');
    expect(place(err, '"custody-strickt" is no profile')).toBe('custos.yaml:2:10 custody-strickt');
    expect(err).toContain('did you mean "custody-strict"?');
    expect(place(err, 'the baseline "nowhere.json" is not there')).toBe('custos.yaml:4:11 nowhere.json');
    expect(place(err, '"./ctrls" is not there')).toBe('custos.yaml:5:13 ./ctrls');
    expect(place(err, '"rediss" is not one of')).toBe('custos.yaml:7:34 rediss');
    expect(err).toContain('did you mean "redis"?');
    expect(place(err, '"nginks" is not known here')).toBe('custos.yaml:7:54 nginks');
    expect(place(err, 'TLS-03 has no parameter "alowed"')).toBe('custos.yaml:9:13 alowed');
    expect(place(err, 'LOG-04 days must be a number')).toBe('custos.yaml:10:19 many');
    expect(place(err, 'no control is called "TLS-3"')).toBe('custos.yaml:11:3 TLS-3');
    expect(place(err, 'no resource kind is called "tls.listner"')).toBe('custos.yaml:12:20 tls.listner');
    expect(place(err, 'there is no format "sariff"')).toBe('custos.yaml:13:21 sariff');
    expect(place(err, 'cannot be made: no is not there')).toBe('custos.yaml:13:68 no/x.json');
    expect(place(err, 'waiver 1 lacks "owner"')).toBe('w.yaml:2:7 control');
    expect(err).not.toContain('ENOENT');
  });
  test('waivers that are not there, and waivers with mistyped controls', async () => {
    expect(place(await said('targets: [ { id: a, files: ./a } ]\nwaivers: w.yaml\n'), '"w.yaml" is not there')).toBe(
      'custos.yaml:2:10 w.yaml',
    );
    const err = await said('targets: [ { id: a, files: ./a } ]\nwaivers: w.yaml\n', {
      'w.yaml': 'waivers:\n  - { control: IAM-1, target: a, owner: o, reason: y, until: 2026-12-31 }\n',
    });
    expect(place(err, 'no control is called "IAM-1"')).toBe('w.yaml:2:16 IAM-1');
    expect(err).toMatch(/did you mean "IAM-\d+"\?/);
  });
  test.each([
    ['', /custos\.yaml.*\n.*is empty|is empty/],
    ['- a\n- b\n', /the file must be a mapping/],
    ['just text\n', /the file must be a mapping/],
  ])('a custos.yaml that is no mapping: %j', async (text, message) => {
    expect(await said(text)).toMatch(message);
  });
});

describe('names on the command line', () => {
  test.each([
    [['-p', 'custody-strickt'], /did you mean "custody-strict"\?/],
    [['--product', 'reddis=7.2'], /did you mean "redis"\?/],
    [['--controls', './ctrls'], /"\.\/ctrls" is not there|ctrls.*is not there/],
    [['--waivers', 'w.yaml'], /w\.yaml/],
  ])('%j', async (args, message) => {
    const { code, err } = await custos(['scan', 'a', ...args], { cwd: folder({ 'a/redis.conf': WEAK }) });
    expect(err).toMatch(message);
    expect(err).not.toContain('ENOENT');
    expect(code).toBe(3);
  });
  test('a profile of one’s own may be called anything', async () => {
    const cwd = folder({ 'a/redis.conf': WEAK, prof: 'id: mine\ntitle: { en: x, zh: x }\nselect: { ids: [IAM-01] }\n' });
    expect((await custos(['scan', 'a', '-p', './prof', '-f', 'json'], { cwd })).code).toBe(1);
  });
  test('every product that a collector asks for is one that may be named', () => {
    const root = new URL('../../src/collect/', import.meta.url);
    const asked = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [...readFileSync(new URL(name, root), 'utf8').matchAll(/\.version\('([a-z]+)'\)/g)].map((match) => match[1] ?? ''),
      );
    expect([...new Set(asked)].toSorted()).toEqual(PRODUCTS.toSorted());
  });
});

describe('a control', () => {
  async function saidOf(text: string): Promise<string> {
    const cwd = folder({ 'my/ACME-01-redis-persists.yaml': text, 'mine.yaml': PROFILE, 'redis.conf': WEAK });
    const { err, code } = await custos(['scan', '.', '--controls', 'my', '-p', './mine.yaml'], { cwd });
    expect(code, err).toBe(3);
    return err;
  }
  const FILE = 'my/ACME-01-redis-persists.yaml';

  test('tells all of it: schema, kind, expressions, templates, references, examples', async () => {
    const err = await saidOf(
      GOOD.replace('resource: datastore', 'resource: datastor')
        .replace('severity: medium', 'severity: mediun')
        .replace('when: r.engine == "redis"', 'when: r.engine === "redis"')
        .replace('assert: r.durable_writes', 'assert: r.durable_writs')
        .replace('{r.engine} ({r.id}) forgets', '{r.engin} ({r.id forgets')
        .replace('{ engine: redis, durable_writes: true }', '{ engine: redis, durable_writs: true }')
        .replace('verification:', 'references: { cn-mlsp: [] }\nverification:'),
    );
    expect(place(err, '"mediun" is not one of')).toBe(`${FILE}:8:11 mediun`);
    expect(place(err, 'no resource kind is called "datastor"')).toBe(`${FILE}:9:11 datastor`);
    expect(err).toContain(`${FILE}:10:`);
    expect(err).toContain('did you mean "durable_writes"?');
    expect(err).toContain(`${FILE}:11:`);
    expect(err).toMatch(/"engin" here/);
    expect(err).toContain('has no closing brace');
    expect(err).toContain('did you mean "cn-mlps"?');
    expect(place(err, 'is no attribute')).toMatch(/durable_writs$/);
  });
  test('examples that do not come out are told at the example, also where another control does not load', async () => {
    const cwd = folder({
      'my/ACME-01-redis-persists.yaml': GOOD.replace('expect: fail', 'expect: pass'),
      'my/ACME-02-other.yaml': GOOD.replace('id: ACME-01', 'id: ACME-02').replace('severity: medium', 'severity: mediun'),
    });
    const { err, code } = await custos(['controls', 'test', 'my'], { cwd });
    expect(code).toBe(3);
    expect(place(err, 'is expected to pass, and comes out fail')).toMatch(/ACME-01-redis-persists\.yaml:\d{2}:\d+ it is off$/);
    expect(err).toContain('"mediun" is not one of');
  });
  test('a mistyped parameter is held against parameters, a mistyped type against types', async () => {
    const PARAMS = 'params:\n  least: { type: integr, default: 1, description: { en: x, zh: x } }\n';
    expect(await saidOf(GOOD.replace('message:', `${PARAMS}message:`))).toContain('did you mean "int"?');
    const err = await saidOf(
      GOOD.replace('message:', `${PARAMS.replace('integr', 'int')}message:`).replace(
        'assert: r.durable_writes',
        'assert: r.durable_writes && 3 > params.leest',
      ),
    );
    expect(err).toContain('there is no parameter "leest"');
    expect(err).toContain('did you mean "least"?');
  });
  test('in a folded text the caret stands under what is meant', async () => {
    const err = await saidOf(GOOD.replace('assert: r.durable_writes', 'assert: >\n  r.durable_writes &&\n  r.protected_mod'));
    expect(err).toMatch(/:13:\d+\n/);
    expect(err).toMatch(/r\.protected_mod\n.*│ {3,5}\^/);
  });
  test('a mistyped cause in an example would prove something else', async () => {
    for (const [written, meant] of [
      ['{ unknown: timed-uot }', 'did you mean "timed-out"?'],
      ['{ unknown: maybe }', 'causes are: not-collected, unreachable, timed-out'],
    ] as const) {
      const err = await saidOf(GOOD.replace('durable_writes: true }', `durable_writes: ${written} }`));
      const cause = written.slice('{ unknown: '.length, -2);
      expect(place(err, `"${cause}" is no cause`)).toMatch(new RegExp(`${cause}$`));
      expect(err).toContain(meant);
    }
  });
  test('a format that there is none of', async () => {
    const err = await saidOf(GOOD.replace('format: redis', 'format: rediss'));
    expect(place(err, 'there is no format "rediss"')).toMatch(/rediss$/);
    expect(err).toContain('did you mean "redis"?');
  });
  test.each([
    ['id: ACME-01', 'id: acme1', 'id is written as TLS-03'],
    [/^examples:[\s\S]*$/m, 'examples:\n  - { name: x, expect: pass }\n', 'examples must hold at least 2'],
    ['severity: medium', 'severity: [medium]', 'severity must be one of'],
    ['title:\n  en: Session stores survive a restart\n', 'title:\n', 'title lacks "en"'],
    ['verification: automated', 'verification: automated\nreport: [x]', 'a value of report is written as 2.1.1'],
    ['verification: automated', 'verification: automated\nrevision: 0', 'revision must be at least 1'],
    ['verification: automated', 'verification: automated\ntags: x', 'tags must be a list'],
  ])('in plain words: %s → %s', async (from, to, message) => {
    const err = await saidOf(GOOD.replace(from, to));
    expect(err).toContain(message);
    expect(err).not.toMatch(/must NOT|pattern "|must match/);
  });
  test('an empty file is named with its directory', async () => {
    expect(await saidOf('')).toMatch(/my\/ACME-01-redis-persists\.yaml/);
  });
});

test('nothing tested is no success', async () => {
  const cwd = folder({ 'empty/notes.txt': '' });
  const tested = await custos(['controls', 'test', 'empty'], { cwd });
  expect(tested.err).toContain('"empty" holds no control');
  expect(tested.code).toBe(3);
  const family = await custos(['controls', 'list', '--family', 'TSL'], { cwd });
  expect(family.err).toContain('did you mean "TLS"?');
  expect(family.code).toBe(3);
});
