import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Log } from 'sarif';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { ACTION, cleanRunner, commandsIn, ROOT, runAction, type Step } from '../support/action-runner.ts';
import { appendSummary } from '../../src/action/publish.ts';
import { unzipOne } from '../../src/action/unzip.ts';
import { annotationLine, asLog, harmless, outputLines } from '../../src/action/workflow-commands.ts';
import { folders } from '../support/folder.ts';

const folder = folders();
// Each test runs the built entry in processes of their own, some of them several times.
vi.setConfig({ testTimeout: 120_000 });
afterAll(cleanRunner);

const CONFIG = 'profile: custody-strict\ntargets: [ { id: bastion, files: ./hosts, versions: { openssh: "9.2" } } ]\n';
const WEAK = 'PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nAllowGroups admins\n';
const weak = (): string => folder({ 'custos.yaml': CONFIG, 'hosts/sshd_config': WEAK });
const errors = (step: Step): readonly string[] => step.commands.filter(({ name }) => name === 'error').map(({ message }) => message);

describe('action.yml', () => {
  test('runs on Node 24, with every input and output that is documented', () => {
    expect(ACTION.runs).toEqual({ using: 'node24', main: 'dist-action/main.mjs' });
    const page = readFileSync(join(ROOT, 'docs', 'github-action.md'), 'utf8');
    for (const name of [...Object.keys(ACTION.inputs), ...Object.keys(ACTION.outputs)]) expect(page).toContain(`\`${name}\``);
  });

  test('a step writes every output, also where the gate fails', async () => {
    const step = await runAction({
      workspace: folder({ 'custos.yaml': CONFIG.replace(', versions: { openssh: "9.2" }', ''), 'hosts/sshd_config': WEAK }),
    });
    expect(step.errors).toBe('');
    expect(Object.keys(step.outputs).toSorted()).toEqual(Object.keys(ACTION.outputs).toSorted());
    const { 'report-file': report = '', 'sarif-file': sarif = '', 'evidence-file': evidence = '', ...values } = step.outputs;
    expect(values).toMatchObject({
      verdict: 'not-met',
      'exit-code': '1',
      'new-findings': '',
      'count-error': '0',
      grade: expect.stringMatching(/^[A-F]/),
    });
    const { counts, failed, scores } = JSON.parse(readFileSync(report, 'utf8'));
    expect(JSON.parse(values['counts'] ?? '')).toEqual({ outcomes: counts, failed });
    expect([values['score-low'], values['score-high']]).toEqual([String(scores.total.low), String(scores.total.high)]);
    expect(Number(values['score-low'])).toBeLessThan(Number(values['score-high']));
    const log: Log = JSON.parse(readFileSync(sarif, 'utf8'));
    const kinds = new Set(log.runs[0]?.results?.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['fail', 'open']));
    expect(readFileSync(evidence, 'utf8').split('\n').length).toBeGreaterThan(3);
    expect(step.code).toBe(1);
  });
});

describe('inputs', () => {
  test.each([
    [{ 'fail-on': 'hihg' }, /^input fail-on: "hihg" is none of critical, high, medium, low, info; did you mean "high"\?/],
    [{ 'min-score': '101' }, /^input min-score: "101" is no number from 0 to 100/],
    [{ 'min-score': 'NaN' }, /^input min-score/],
    [{ live: 'yes' }, /^input live: "yes" is neither true nor false/],
    [{ language: 'fr' }, /^input language: "fr" is neither en nor zh/],
    [{ formats: 'jsno' }, /^input formats: there is no format "jsno"; did you mean "json"\?/],
    [{ formats: 'json=' }, /^input formats: "json=" has no path after =/],
    [{ formats: 'json=no/such/place.json' }, /^input formats: no\/such\/place\.json cannot be made/],
    [{ targets: 'hots' }, /^input targets: hots is not there/],
    [{ config: 'custos.yml' }, /^input config: custos\.yml is not there/],
    [{ profile: 'custody-stricd' }, /"custody-stricd" is no profile; did you mean "custody-strict"\?/],
    [{ baseline: 'none.json' }, /none\.json/],
    [{ baseline: 'artifact:../x' }, /^input baseline: "artifact:\.\.\/x" is written as/],
    [{ baseline: 'artifact' }, /^input token: is empty/],
    [{ categories: 'TSL' }, /^input categories: .*"TSL"/],
    [{ 'working-directory': '../..' }, /^input working-directory: \.\.\/\.\. is outside of the workspace/],
    [{ 'working-directory': 'nowhere' }, /^input working-directory: nowhere is not there/],
    [{ shard: '3/2' }, /^input shard: "3\/2" is not written as 1\/4/],
    [{ shard: '1/2', evidence: 'a.jsonl' }, /^input shard: a share is collected, or evidence is judged/],
    [{ evidence: 'a.jsonl' }, /^input evidence: a\.jsonl is not there/],
    [{ 'allow-undecided': 'ja' }, /^input allow-undecided/],
  ] as const)('%o is an error that names the input', async (inputs, message) => {
    const step = await runAction({ workspace: weak(), inputs });
    expect([step.code, step.outputs['verdict'], step.outputs['exit-code']]).toEqual([3, 'error', '3']);
    expect(errors(step)[0]).toMatch(message);
    expect(step.summary).toContain('nothing was judged');
  });

  test('all that is wrong is told at once', async () => {
    const step = await runAction({ workspace: weak(), inputs: { 'fail-on': 'x', 'min-score': 'x', live: 'x' } });
    expect(errors(step)).toHaveLength(3);
  });

  test('targets of their own, a profile, categories, a gate and a language', async () => {
    const step = await runAction({
      workspace: folder({ 'a/sshd_config': WEAK, 'b/redis.conf': 'bind 0.0.0.0\nprotected-mode no\n' }),
      inputs: {
        targets: 'a\nb',
        profile: 'custody-strict',
        categories: 'IAM, log',
        'fail-on': 'critical',
        language: 'zh',
        'allow-undecided': 'true',
      },
    });
    expect(step.summary).toContain('# Custos: ❌ 未达门槛');
    expect(step.summary).toMatch(/IAM-01/);
    expect(step.summary).not.toMatch(/TLS-\d/);
    expect(step.commands[0]).toMatchObject({ name: 'error', properties: { title: 'Custos: 未达门槛' } });
    const log: Log = JSON.parse(readFileSync(step.outputs['sarif-file'] ?? '', 'utf8'));
    expect(log.runs[0]?.automationDetails?.id).toBe('custos/custody-strict/a+b/IAM+LOG/');
  });

  test('without custos.yaml and targets the working directory is looked at; where nothing can be read, nothing is met', async () => {
    const workspace = folder({ 'deploy/sshd_config': WEAK, 'empty/README.md': '' });
    const step = await runAction({ workspace, inputs: { 'working-directory': 'deploy', profile: 'custody-strict' } });
    expect(step.code).toBe(1);
    expect(step.commands).toContainEqual(
      expect.objectContaining({ properties: expect.objectContaining({ file: 'deploy/sshd_config', line: '1' }) }),
    );
    const nothing = await runAction({ workspace, inputs: { 'working-directory': 'empty', 'allow-undecided': 'true' } });
    expect([nothing.code, nothing.outputs['verdict'], nothing.outputs['count-pass']]).toEqual([2, 'undecided', '0']);
  });

  test('undecided is exit 2, forgiven where the workflow says so', async () => {
    const workspace = folder({
      'custos.yaml': CONFIG.replace(', versions: { openssh: "9.2" }', ''),
      'hosts/sshd_config': `${WEAK.replace('yes', 'no')}AuthenticationMethods publickey,keyboard-interactive\n`,
    });
    expect((await runAction({ workspace })).code).toBe(2);
    const step = await runAction({ workspace, inputs: { 'allow-undecided': 'true' } });
    expect([step.code, step.outputs['verdict']]).toEqual([0, 'met']);
    expect(Number(step.outputs['count-unknown'])).toBeGreaterThan(0);
  });

  test('no annotations and no summary where none are wanted', async () => {
    const step = await runAction({ workspace: weak(), inputs: { annotate: 'false', summary: 'false' } });
    expect([step.commands, step.summary]).toEqual([[], '']);
    expect(step.log).toContain('IAM-06');
  });

  test('reports go where they are named, each whole', async () => {
    const workspace = weak();
    mkdirSync(join(workspace, 'out'));
    const formats = 'markdown=out/custos.md, junit\nsarif=out/full.sarif';
    const step = await runAction({ workspace, inputs: { formats, 'sarif-file': 'out/alerts.sarif' } });
    const [page = '', junit = '', full = ''] = (step.outputs['report-file'] ?? '').split('\n');
    expect([page, full, step.outputs['sarif-file']]).toEqual(
      ['custos.md', 'full.sarif', 'alerts.sarif'].map((name) => join(workspace, 'out', name)),
    );
    expect(readFileSync(page, 'utf8')).toContain('# Custos');
    expect(readFileSync(junit, 'utf8')).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
    const results = (path: string): number => JSON.parse(readFileSync(path, 'utf8')).runs[0].results.length;
    expect(results(full)).toBeGreaterThan(results(join(workspace, 'out', 'alerts.sarif')));
  });

  test.each([
    ['a link', 'custos.sarif', (workspace: string, outside: string) => symlinkSync(join(outside, 'rc'), join(workspace, 'custos.sarif'))],
    [
      'a directory that is a link',
      'out/custos.sarif',
      (workspace: string, outside: string) => symlinkSync(outside, join(workspace, 'out')),
    ],
    ['above', '../custos.sarif', () => undefined],
    [
      'the repository itself',
      '.git/hooks/post-checkout',
      (workspace: string) => mkdirSync(join(workspace, '.git', 'hooks'), { recursive: true }),
    ],
  ])('nothing is written through %s', async (_, path, prepare) => {
    const [workspace, outside] = [weak(), folder({ rc: 'untouched' })];
    prepare(workspace, outside);
    const step = await runAction({ workspace, inputs: { 'sarif-file': path } });
    expect([step.code, errors(step)[0]]).toEqual([3, expect.stringMatching(/^input sarif-file: .* leads out of the workspace/)]);
    expect(readFileSync(join(outside, 'rc'), 'utf8')).toBe('untouched');
  });

  test('live: false leaves live targets aside, and says so', async () => {
    const workspace = folder({
      'custos.yaml': CONFIG.replace('targets: [ {', 'targets: [ { id: gate, tls: "127.0.0.1:9" }, {'),
      'hosts/sshd_config': WEAK,
    });
    const step = await runAction({ workspace, inputs: { live: 'false' } });
    expect(step.commands.filter(({ name }) => name === 'notice').map(({ message }) => message)).toEqual([
      'not looked at in this run (live: false): gate (tls)',
    ]);
    const { targets } = JSON.parse(readFileSync(step.outputs['report-file'] ?? '', 'utf8'));
    expect(targets).toHaveLength(1);
  });
});

describe('hostile strings', () => {
  test('no text of a configuration is a command, markup or an output', async () => {
    const nasty = '::error::pwned';
    const workspace = folder({
      'custos.yaml': 'profile: custody-strict\ntargets: [ { id: a, files: ./a } ]\n',
      [`a/\n${nasty}\r\n##[add-path]x/redis.conf`]: `bind 0.0.0.0\nprotected-mode no\nuser ::add-mask::x on nopass ~* +@all\n`,
      'a/%0A::set-env name=X::1/docker-compose.yml': [
        'services:',
        `  "\\n::stop-commands::x\\n##[error]y":`,
        '    image: "x:1"',
        '    privileged: true',
        '  "<img src=x onerror=alert(1)>|`[x](javascript:alert(1))`@admin #1":',
        '    image: "x:1"',
        '    privileged: true',
        '    environment: { API_TOKEN: live_51HxQm2eZvKYlo2C }',
        '',
      ].join('\n'),
    });
    const step = await runAction({ workspace });
    expect(step.errors).toBe('');
    expect(step.code).toBe(1);
    expect([...new Set(step.commands.map(({ name }) => name))].toSorted()).toEqual(['error', 'notice', 'warning']);
    for (const { properties, message } of step.commands) {
      expect(properties['title']).toMatch(/^Custos/);
      expect(message).not.toMatch(/^pwned/);
    }
    // The same log without what stops commands: no line of it may be one either.
    const open = step.log
      .split('\n')
      .filter((line) => !/^::(?:stop-commands::)?custos-[0-9a-f-]+(?:::)?$/.test(line))
      .join('\n');
    expect(commandsIn(open)).toEqual(step.commands);
    expect(Object.keys(step.outputs).toSorted()).toEqual(Object.keys(ACTION.outputs).toSorted());
    expect(step.summary).not.toMatch(/<img|\]\(javascript|[^&]@admin|[^&]#1\b/);
    expect(step.summary).toContain('&#60;img src');
    expect(step.log + step.summary + JSON.stringify(step.outputs)).not.toContain('live_51Hx');
  });

  test('escapes', () => {
    const hostile = 'a\r\n::error::b%0A,:##[error]\u0000\u2028::x';
    expect(annotationLine({ level: 'error', title: hostile, message: hostile, file: hostile, line: 1 }).split('\n')).toHaveLength(2);
    expect(commandsIn(annotationLine({ level: 'error', title: hostile, message: hostile, file: 'a,b:c', line: 1 }))).toEqual([
      expect.objectContaining({ name: 'error', properties: expect.objectContaining({ file: 'a,b:c', line: '1' }) }),
    ]);
    for (const text of [
      hostile,
      '  ::error::x',
      '\t::x::',
      '\u0000::error::x',
      '\uFEFF::error::x',
      'x\u2028::error::y',
      'x\u0085::error::y',
      '##[command]x',
    ]) {
      expect(commandsIn(harmless(text)), JSON.stringify(text)).toEqual([]);
      expect(commandsIn(asLog(text)), JSON.stringify(text)).toEqual([]);
    }
    const [one = '', , end = ''] = outputLines({ a: 'x' }).split('\n');
    expect(one).toMatch(/^a<<custos-[0-9a-f-]{36}$/);
    expect(outputLines({ a: 'x' })).not.toContain(end);
  });

  test('errors are made harmless too', async () => {
    const step = await runAction({ workspace: folder({ 'custos.yaml': 'profile: "\\n::add-mask::x"\ntargets: []\n"::error::x": 1\n' }) });
    expect(step.code).toBe(3);
    expect(step.commands.every(({ name, properties }) => name === 'error' && properties['title'] === 'Custos: nothing was judged')).toBe(
      true,
    );
  });
});

describe('GitHub’s limits', () => {
  test('ten of a level, errors first, worst first, and the rest is counted', async () => {
    const step = await runAction({ workspace: ROOT, inputs: { 'working-directory': 'examples/weak-platform' } });
    const levels = step.commands.map(({ name }) => name);
    expect(levels).toEqual(
      levels.toSorted((a, b) => ['error', 'warning', 'notice'].indexOf(a) - ['error', 'warning', 'notice'].indexOf(b)),
    );
    const count = (level: string): number => levels.filter((one) => one === level).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, expect.any(Number)]);
    expect(count('notice')).toBeLessThanOrEqual(10);
    expect(step.commands.at(-1)?.message).toMatch(/^not shown here: \d+ errors, \d+ warnings, 0 notices; the job summary/);
    const { 'failed-critical': critical, 'failed-high': high } = step.outputs;
    expect(step.commands.at(-1)?.message).toContain(`${Number(critical) + Number(high) + 1 - 10} errors`);
    expect(step.commands[1]?.properties['file']).toMatch(/^examples\/weak-platform\//);
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1024 * 1024);
    const file = join(folder({ summary: '' }), 'summary');
    appendSummary({ env: { GITHUB_STEP_SUMMARY: file } }, ['a'.repeat(800_000), '中'.repeat(100_000), 'never']);
    expect(readFileSync(file, 'utf8')).toBe(`${'a'.repeat(800_000)}\n…\n`);
  });
});

describe('baselines', () => {
  test('a file that an earlier run wrote: what it knows gates nothing', async () => {
    const workspace = weak();
    const first = await runAction({ workspace, inputs: { formats: 'json=known.json' } });
    expect(first.code).toBe(1);
    const same = await runAction({ workspace, inputs: { baseline: 'known.json' } });
    expect([same.code, same.outputs['new-findings']]).toEqual([0, '0']);
    writeFileSync(join(workspace, 'hosts', 'sshd_config'), WEAK.replace('AllowGroups admins\n', ''));
    const worse = await runAction({ workspace, inputs: { baseline: 'known.json' } });
    expect([worse.code, worse.outputs['new-findings']]).toEqual([1, '1']);
    writeFileSync(join(workspace, 'known.json'), '{"format":"custos-assessment","version":1,"findings":[],"counts":{},"rules":[]}');
    expect((await runAction({ workspace, inputs: { baseline: 'known.json' } })).code).toBe(3);
  });

  const servers: Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));
  const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port }: AddressInfo = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  };

  test('the artifact of the base branch: of this repository’s own branch only, and the token goes to GitHub only', async () => {
    const workspace = weak();
    const first = await runAction({ workspace, inputs: { formats: 'json=known.json' } });
    const archive = zipOf({ 'custos-evidence.jsonl': 'x', 'custos.json': readFileSync(join(workspace, 'known.json'), 'utf8') });
    expect(first.code).toBe(1);
    const seen: (readonly [string, string | undefined])[] = [];
    const store = await serve((request, response) => {
      seen.push(['store', request.headers.authorization]);
      response.end(archive);
    });
    const run = (id: number, branch: string, head: number, created: string, expired = false): object => ({
      id,
      name: 'custos-assessment',
      expired,
      created_at: created,
      workflow_run: { head_branch: branch, repository_id: 42, head_repository_id: head },
    });
    const api = await serve((request, response) => {
      seen.push([request.url ?? '', request.headers.authorization]);
      if (request.url?.endsWith('/zip') === true) response.writeHead(302, { location: `${store}/blob` }).end();
      else
        response.end(
          JSON.stringify({
            artifacts: [
              run(1, 'main', 42, '2026-01-01T00:00:00Z'),
              run(2, 'main', 42, '2026-02-01T00:00:00Z'),
              run(3, 'main', 66, '2026-03-01T00:00:00Z'),
              run(4, 'change', 42, '2026-03-01T00:00:00Z'),
              run(5, 'main', 42, '2026-03-01T00:00:00Z', true),
            ],
          }),
        );
    });
    const options = { workspace, payload: { repository: { default_branch: 'main' } }, env: { GITHUB_API_URL: api } };
    const step = await runAction({ ...options, inputs: { baseline: 'artifact', token: 'ghs_secret' } });
    expect([step.code, step.outputs['new-findings']]).toEqual([0, '0']);
    expect(seen).toEqual([
      ['/repos/custody/platform/actions/artifacts?per_page=100&name=custos-assessment', 'Bearer ghs_secret'],
      ['/repos/custody/platform/actions/artifacts/2/zip', 'Bearer ghs_secret'],
      ['store', undefined],
    ]);
    expect(step.log + step.summary).not.toContain('ghs_secret');
    const none = await runAction({
      ...options,
      payload: { repository: { default_branch: 'other' } },
      inputs: { baseline: 'artifact', token: 'x' },
    });
    expect([none.code, none.outputs['new-findings']]).toEqual([1, '']);
  });

  test('an answer that is none is an error, never a baseline', async () => {
    const denied = await serve((_, response) => response.writeHead(403).end());
    const options = { workspace: weak(), payload: { repository: { default_branch: 'main' } } };
    const step = await runAction({ ...options, env: { GITHUB_API_URL: denied }, inputs: { baseline: 'artifact', token: 'x' } });
    expect([step.code, errors(step)[0]]).toEqual([3, expect.stringMatching(/GitHub answered 403.*actions: read/)]);
  });

  test('archives', () => {
    const wanted = (name: string): boolean => name.endsWith('.json');
    const good = zipOf({ 'a.json': '{"a":1}', 'b.txt': 'x' });
    expect(unzipOne(good, wanted, 100)).toEqual(Buffer.from('{"a":1}'));
    expect(unzipOne(good, wanted, 3)).toBe('holds an assessment that is too large');
    expect(unzipOne(zipOf({ 'b.txt': '' }), wanted, 100)).toBe('holds no assessment');
    expect(unzipOne(zipOf({ 'a.json': '', 'b.json': '' }), wanted, 100)).toBe('holds more than one assessment: a.json, b.json');
    expect(unzipOne(zipOf({ 'a.json': '0'.repeat(1_000) }, 10), wanted, 100)).toMatch(/^is no ZIP archive/);
    for (let length = 0; length < good.length; length += 1) expect(typeof unzipOne(good.subarray(0, length), wanted, 100)).toBe('string');
    for (let at = 0; at < good.length; at += 1) {
      const broken = Buffer.from(good);
      broken[at] = 0xff;
      unzipOne(broken, wanted, 100); // never throws
    }
  });
});

/** A ZIP archive as GitHub writes them: deflated, sizes in the central directory. */
function zipOf(files: Readonly<Record<string, string>>, claimed?: number): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const size = claimed ?? Buffer.byteLength(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
