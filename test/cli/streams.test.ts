import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folders } from '../support/folder.ts';
import { inShell } from '../support/process.ts';
import { custos } from '../support/shell.ts';

const folder = folders();
const WEAK = 'bind 0.0.0.0\nport 6379\nprotected-mode no\n';
const platform = (): string => folder({ 'app/redis.conf': WEAK });
const scan = (cwd: string, ...more: readonly string[]) => custos(['scan', 'app', '--as-of', '2026-11-24', ...more], { cwd });

describe('what an output path names is written into, never replaced', () => {
  test('a FIFO stays one, and its reader gets the report', async () => {
    const cwd = platform();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const { out } = await inShell('custos scan app -q -f json=pipe & cat pipe; wait', cwd);
    expect(JSON.parse(out)).toMatchObject({ format: 'custos-assessment' });
    expect(lstatSync(join(cwd, 'pipe')).isFIFO()).toBe(true);
    const evidence = await inShell('custos collect app -q -o pipe & cat pipe; wait', cwd);
    expect(evidence.out.split('\n')[0]).toContain('custos-evidence');
    expect(lstatSync(join(cwd, 'pipe')).isFIFO()).toBe(true);
  });
  test('a link stays one, also to a file that is not there yet', async () => {
    const cwd = platform();
    writeFileSync(join(cwd, 'real.json'), 'old');
    symlinkSync('real.json', join(cwd, 'link.json'));
    mkdirSync(join(cwd, 'later'));
    symlinkSync('later/new.jsonl', join(cwd, 'dangling.jsonl'));
    await scan(cwd, '-f', 'json=link.json', '--evidence', 'dangling.jsonl');
    expect(lstatSync(join(cwd, 'link.json')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(cwd, 'real.json'), 'utf8'))).toMatchObject({ format: 'custos-assessment' });
    expect(lstatSync(join(cwd, 'dangling.jsonl')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, 'later', 'new.jsonl'), 'utf8')).toContain('custos-evidence');
  });
  test('a file keeps its mode, and nothing is left beside it', async () => {
    const cwd = platform();
    writeFileSync(join(cwd, 'a.json'), 'old');
    chmodSync(join(cwd, 'a.json'), 0o600);
    await scan(cwd, '-f', 'json=a.json');
    expect(statSync(join(cwd, 'a.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd).toSorted()).toEqual(['a.json', 'app']);
  });
  test('- is standard output', async () => {
    const cwd = platform();
    const { out } = await custos(['collect', 'app', '-o', '-'], { cwd });
    expect(out.split('\n')[0]).toContain('custos-evidence');
    expect((await scan(cwd, '-f', 'json=-')).out).toContain('custos-assessment');
    expect(readdirSync(cwd)).toEqual(['app']);
  });
});

describe('output that cannot be written is told before anything is scanned', () => {
  test.each([
    [['-f', 'json=nowhere/x.json'], /nowhere\/x\.json: .*nowhere is not there/],
    [['-f', 'json=app'], /app: is a directory/],
    [['--evidence', 'app/redis.conf/x'], /redis\.conf is no directory/],
  ])('%j', async (args, message) => {
    const cwd = platform();
    const { code, err, out } = await scan(cwd, ...args);
    expect(err).toMatch(message);
    expect(err).not.toContain('.custos.tmp');
    expect(out).toBe('');
    expect(code).toBe(3);
  });
  test('all of them at once', async () => {
    const { err } = await scan(platform(), '-f', 'json=a/x.json', '-f', 'sarif=b/x.sarif');
    expect(err).toContain('a/x.json');
    expect(err).toContain('b/x.sarif');
  });
});

describe('standard output', () => {
  test.each(['custos scan app -q', 'custos controls list', 'custos explain IAM-01', 'custos collect app -q -o -'])(
    '%s ends quietly where its reader went away',
    async (line) => {
      const { err } = await inShell(`${line} | true`, platform());
      expect(err).toBe('');
    },
  );
  test('the gate’s exit code and the other reports are what they are with a reader', async () => {
    const cwd = platform();
    const { out } = await inShell('custos scan app -q -f text -f json=a.json | true; echo ${PIPESTATUS[0]}', cwd);
    expect(out.trim()).toBe('1');
    expect(readFileSync(join(cwd, 'a.json'), 'utf8')).toContain('custos-assessment');
  });
  test.runIf(process.platform === 'linux')('a full device is told in one sentence, exit 3', async () => {
    const { code, err } = await inShell('custos scan app -q > /dev/full', platform());
    expect(err.trim().split('\n')).toEqual(['custos: standard output: no space is left on the device']);
    expect(code).toBe(3);
  });
});

describe('input that is no regular file', () => {
  test('evidence and assessments come through pipes, devices and substitutions', async () => {
    const cwd = platform();
    await scan(cwd, '--evidence', 'e.jsonl', '-f', 'json=a.json', '-f', 'jsonl=a.jsonl');
    const want = (await custos(['evaluate', 'e.jsonl', '-f', 'json'], { cwd })).out;
    for (const line of [
      'custos evaluate - -f json < e.jsonl',
      'cat e.jsonl | custos evaluate - -f json',
      'cat e.jsonl | custos evaluate /dev/stdin -f json',
      'custos evaluate <(cat e.jsonl) -f json',
      'custos collect app -q -o - --as-of 2026-11-24 | custos evaluate - -f json',
    ]) {
      const { out, err } = await inShell(line, cwd);
      const timeless = (text: string): string => text.replaceAll(/"collectedAt":\s*"[^"]*"/g, '""');
      expect(timeless(out), `${line}\n${err}`).toBe(timeless(want));
    }
    for (const line of ['custos report - < a.json', 'cat a.jsonl | custos report /dev/stdin', 'custos diff <(cat a.json) a.jsonl'])
      expect((await inShell(line, cwd)).err, line).toBe('');
    expect((await inShell('custos scan app -q --allow-undecided --baseline <(cat a.json)', cwd)).code).toBe(0);
  }, 120_000);
  test('errors name what the user named', async () => {
    const cwd = folder({ 'bad.txt': 'no json\n' });
    expect((await inShell('custos evaluate - < bad.txt', cwd)).err).toMatch(/^custos: standard input:1 is no Custos evidence/);
    expect((await inShell('custos report - < bad.txt', cwd)).err).toMatch(/^custos: standard input is not JSON/);
    expect((await custos(['evaluate', '.'], { cwd })).err).toContain('custos: .: is a directory');
    expect((await custos(['report', 'nowhere.json'], { cwd })).err).toContain('custos: nowhere.json: is not there');
    expect((await custos(['scan', '.', '--baseline', 'nowhere.json'], { cwd })).err).toContain('nowhere.json: is not there');
  }, 60_000);
  test('a FIFO that nobody writes into does not hang', async () => {
    const cwd = folder({});
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const { code, err } = await custos(['report', 'pipe'], { cwd });
    expect(err).toContain('pipe: nobody writes into it');
    expect(code).toBe(3);
  }, 20_000);
});
