import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/model/assessment.ts';
import type { Finding } from '../../src/model/finding.ts';
import { escapeMarkdown } from '../../src/report/escape-markdown.ts';
import { rendererOf } from '../../src/report/report.ts';
import { folders } from '../support/folder.ts';
import { inShell } from '../support/process.ts';
import { custos } from '../support/shell.ts';
import { elements } from '../support/xml.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = folders();
let weak: Assessment;

const NASTY =
  'a\u0000\u0008\u001b[31m\uFFFE\uD800\u202E ]]> <img src=x onerror=alert(1)> & "\'` |[x](javascript:alert(1))| @admin #1 ![i](http://x) \n\n# h\n::error::x\r\n##[error]y $x$ **b** www.evil.example';

beforeAll(async () => {
  const { out } = await custos(['scan', '-c', 'examples/weak-platform/custos.yaml', '--as-of', '2026-11-24', '-f', 'json'], { cwd: ROOT });
  weak = JSON.parse(out);
}, 60_000);

async function render(format: string, { findings, ...summary }: Assessment, language: 'en' | 'zh' = 'en', links?: string): Promise<string> {
  const renderer = await rendererOf(format);
  if (renderer === undefined) throw new Error(`no format ${format}`);
  return [
    ...renderer(summary, findings, {
      language,
      color: false,
      width: 80,
      pathPrefix: summary.base ?? '',
      ...(links === undefined ? {} : { links }),
    }),
  ].join('');
}

/** The assessment with every text of its findings, and every name in it, made hostile. */
function hostile(): Assessment {
  const text = { en: NASTY, zh: NASTY };
  const findings = weak.findings.map((finding): Finding => ({
    ...finding,
    message: text,
    resource: NASTY,
    target: NASTY,
    locations: finding.locations.map((place) => ({ ...place, file: `${NASTY}/x.conf` })),
    ...(finding.outcome === 'unknown' ? { causes: [{ path: NASTY, cause: 'unresolved', detail: NASTY }] as const } : {}),
  }));
  const rules = weak.rules.map((rule) => ({ ...rule, title: text, remediation: { ...rule.remediation, ...text } }));
  return { ...weak, profile: NASTY, rules, findings };
}

/** One finding of an outcome that the examples do not have. */
function withOutcomes(): Assessment {
  const fail = weak.findings.find(({ outcome }) => outcome === 'fail');
  const unknown = weak.findings.find(({ outcome }) => outcome === 'unknown');
  if (fail === undefined || unknown === undefined) throw new Error('the weak platform is not weak');
  const waiver = { id: 'w', owner: 'CISO', reason: 'r', until: '2027-01-01', status: 'active' } as const;
  const { fingerprint: _, ...local } = fail;
  const error: Finding = {
    ...fail,
    outcome: 'error',
    error: 'x',
    witnesses: [],
    offenders: [],
    resource: 'broken',
    fingerprint: 'e'.repeat(64),
  };
  const findings: Finding[] = [
    { ...fail, waiver, resource: 'waived' },
    { ...fail, baseline: 'unchanged', resource: 'known' },
    { ...fail, baseline: 'worse', resource: 'worse' },
    { ...local, resource: 'local', locations: [] },
    { ...unknown, baseline: 'unchanged', resource: 'known unknown' },
    { ...unknown, resource: 'unknown' },
    error,
  ];
  return { ...weak, findings };
}

describe('JUnit', () => {
  test.each(['as it is', 'hostile'])('is well-formed XML whose counts hold (%s)', async (which) => {
    const text = await render('junit', which === 'hostile' ? hostile() : weak);
    const all = elements(text);
    const suites = all.filter(({ name }) => name === 'testsuite');
    const [whole] = all.filter(({ name }) => name === 'testsuites');
    const cases = all.filter(({ name }) => name === 'testcase').length;
    for (const [attribute, element] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      const count = all.filter(({ name }) => name === element).length;
      expect(Number(whole?.attributes[attribute])).toBe(count);
      expect(suites.reduce((sum, { attributes }) => sum + Number(attributes[attribute]), 0)).toBe(count);
    }
    expect([Number(whole?.attributes['tests']), cases]).toEqual([weak.findings.length, weak.findings.length]);
    expect(text).not.toContain(']]>');
    expect(text).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
  });
  test('what is undecided is an error, what is forgiven is skipped, and neither has passed', async () => {
    const all = elements(await render('junit', withOutcomes()));
    const inside = all.flatMap(({ name, attributes }, index) =>
      name === 'testcase' ? [[attributes['name']?.replace(/^\S+ \S+?\//, ''), all[index + 1]?.name]] : [],
    );
    expect(Object.fromEntries(inside)).toEqual({
      waived: 'skipped',
      known: 'skipped',
      worse: 'failure',
      local: 'failure',
      'known unknown': 'skipped',
      unknown: 'error',
      broken: 'error',
    });
  });
});

/** What GitLab documents of a code quality report: docs.gitlab.com/ci/testing/code_quality, "code quality report format". */
const QUALITY = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', minLength: 1, not: { pattern: '^\\./' } },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
} as const;

/** What GitLab documents of a SAST report, release 15.2 of its schema: required fields, their words, lengths and formats. */
const COMPONENT = {
  type: 'object',
  required: ['id', 'name', 'version', 'vendor'],
  properties: {
    id: { type: 'string', minLength: 1 },
    name: { type: 'string', minLength: 1 },
    version: { type: 'string', minLength: 1 },
    vendor: { type: 'object', required: ['name'] },
  },
} as const;
const TIME = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' } as const;
const PLACE = {
  file: { type: 'string', minLength: 1 },
  start_line: { type: 'integer', minimum: 1 },
  end_line: { type: 'integer', minimum: 1 },
} as const;
const SAST = {
  type: 'object',
  required: ['version', 'vulnerabilities', 'scan'],
  properties: {
    version: { type: 'string', pattern: '^15\\.\\d+\\.\\d+$' },
    scan: {
      type: 'object',
      required: ['analyzer', 'scanner', 'type', 'start_time', 'end_time', 'status'],
      properties: {
        analyzer: COMPONENT,
        scanner: COMPONENT,
        type: { const: 'sast' },
        start_time: TIME,
        end_time: TIME,
        status: { enum: ['success', 'failure'] },
        messages: {
          type: 'array',
          items: {
            type: 'object',
            required: ['level', 'value'],
            properties: { level: { enum: ['info', 'warn', 'fatal'] }, value: { type: 'string', minLength: 1 } },
          },
        },
      },
    },
    vulnerabilities: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'identifiers', 'location'],
        properties: {
          id: { type: 'string', minLength: 1 },
          name: { type: 'string', maxLength: 255 },
          description: { type: 'string', maxLength: 1_048_576 },
          severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
          solution: { type: 'string', maxLength: 7_000 },
          identifiers: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['type', 'name', 'value'],
              properties: {
                type: { type: 'string', minLength: 1 },
                name: { type: 'string', minLength: 1 },
                value: { type: 'string', minLength: 1 },
              },
            },
          },
          location: { type: 'object', properties: PLACE },
          tracking: {
            type: 'object',
            required: ['type', 'items'],
            properties: {
              type: { const: 'source' },
              items: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'object',
                  required: ['signatures'],
                  properties: {
                    ...PLACE,
                    signatures: {
                      type: 'array',
                      minItems: 1,
                      items: {
                        type: 'object',
                        required: ['algorithm', 'value'],
                        properties: {
                          algorithm: { enum: ['hash', 'location', 'scope_offset', 'scope_offset_compressed', 'rule_value'] },
                          value: { type: 'string' },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const;

describe.each([
  ['gitlab', QUALITY],
  ['gitlab-sast', SAST],
])('%s', (format, schema) => {
  const valid = new Ajv2020({ strict: false }).compile(schema);
  test.each(['en', 'zh', 'hostile', 'every outcome', 'nothing'])('has the documented shape (%s)', async (which) => {
    const made =
      which === 'hostile' ? hostile() : which === 'every outcome' ? withOutcomes() : which === 'nothing' ? { ...weak, findings: [] } : weak;
    const value: unknown = JSON.parse(await render(format, made, which === 'zh' ? 'zh' : 'en'));
    expect(valid(value), JSON.stringify(valid.errors?.slice(0, 2))).toBe(true);
  });
  test('names what failed and what is undecided, each once, and nothing that passed or is waived', async () => {
    const value: unknown = JSON.parse(await render(format, weak));
    const list = format === 'gitlab' ? value : (value as { vulnerabilities: unknown }).vulnerabilities;
    const ids = (list as { id?: string; fingerprint?: string }[]).map(({ id, fingerprint }) => id ?? fingerprint);
    const { fail, unknown, error, manual } = weak.counts;
    expect(new Set(ids).size).toBe(fail + unknown + error + manual);
    const other = await render(format, withOutcomes());
    expect(other).not.toContain('waived');
  });
});

describe('Markdown', () => {
  test('no text of a finding is markup, HTML, a link, a mention or a reference', async () => {
    const text = await render('markdown', hostile(), 'en', 'https://github.com/o/r/blob/abc');
    const shown = text.replaceAll(/\]\([^)\n]*\)/g, '](…)');
    const found = /<img|\]\(javascript|[^&]@admin|[^&]#1\b|\n# h|^::error|\*\*b\*\*|\u0000|\u202E|www\.evil|http:\/\/x/m.exec(shown);
    expect(found?.[0]).toBeUndefined();
    for (const [, address = ''] of text.matchAll(/\]\(([^)]*)\)/g))
      expect(address).toMatch(
        /^https:\/\/github\.com\/(?:o\/r\/blob\/abc\/[\w%./~-]+(?:#L\d+)?|custos-audit\/custos\/blob\/v[\d.]+\/controls\/README\.md#[a-z]+-\d+)$/,
      );
    // A row is a line with four cells, whatever is in them.
    for (const line of text.split('\n').filter((one) => /^\| (?:critical|high|medium|low) \|/.test(one)))
      expect(line.split('|')).toHaveLength(6);
  });
  test.each([
    ['- a', '&#45; a'],
    ['1. a', '1&#46; a'],
    ['127.0.0.1:80', '127.0.0.1:80'],
    ['=== ', '&#61;== '],
    ['a_b*c', 'a&#95;b&#42;c'],
    ['x'.repeat(700), `${'x'.repeat(600)}…`],
  ])('%s', (text, expected) => expect(escapeMarkdown(text)).toBe(expected));
  test('links lead to lines, and only where files of the tree are', async () => {
    const text = await render('markdown', weak, 'zh', 'https://github.com/o/r/blob/abc');
    expect(text).toContain('](https://github.com/o/r/blob/abc/examples/weak-platform/cache/redis.conf#L6)');
    expect(text).toContain(`## 主要发现 ${weak.counts.fail}\n`);
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
  });
  test('what is new stands apart from what was there', async () => {
    const text = await render('markdown', withOutcomes());
    expect(text).toMatch(
      /## New or worse 2\n[^]*\/worse[^]*## Not determined, new or worse 2\n[^]*>Already there 1<[^]*\/known[^]*>Not determined, already there 1</,
    );
    expect(text).toMatch(/- Waived: 1/);
  });
  test('nothing that failed is no success where nothing passed', async () => {
    const counts = { ...weak.counts, pass: 0 };
    expect(await render('markdown', { ...weak, counts, findings: [] })).toContain('nothing passed either');
  });
});

describe('docs/ci.md', () => {
  const page = readFileSync(join(ROOT, 'docs', 'ci.md'), 'utf8');
  const commands = [...page.matchAll(/custos scan -f text[^'\n]*/g)].map(([command]) => command);
  test.each([0, 1])('its command %i writes what it says', async (index) => {
    const cwd = folder({ 'custos.yaml': 'targets: [ { id: a, files: ./a } ]\n', 'a/redis.conf': 'bind 0.0.0.0\nprotected-mode no\n' });
    const { code } = await inShell(commands[index] ?? 'false', cwd);
    expect(code).toBe(1);
    const written = [...(commands[index] ?? '').matchAll(/(?:=|--evidence )(\S+)/g)].map(([, name = '']) => name);
    expect(written.length).toBeGreaterThanOrEqual(2);
    for (const name of written) expect(readFileSync(join(cwd, name), 'utf8').length, name).toBeGreaterThan(100);
  });
  test('the hook runs the command that there is', () => {
    const [hook]: readonly { readonly id: string; readonly entry: string; readonly pass_filenames: boolean }[] = parse(
      readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'),
    );
    expect(hook).toMatchObject({ id: 'custos', entry: 'custos scan --quiet', pass_filenames: false });
    const { scripts, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect([scripts.prepack, bin.custos]).toEqual(['tsdown', 'bin/custos.cjs']); // pre-commit packs what it installs
  });
  test('the image has an exact base, a user that is not root, and its command', () => {
    const lines = readFileSync(join(ROOT, 'Containerfile'), 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('ARG BASE='))).toEqual([
      expect.stringMatching(/^ARG BASE=\S+:\d+\.\d+\.\d+-\w+-slim(?:@sha256:[0-9a-f]{64})?$/),
    ]);
    expect(lines.filter((line) => line.startsWith('FROM ')).every((line) => line.startsWith('FROM ${BASE}'))).toBe(true);
    const final = lines.slice(lines.lastIndexOf('FROM ${BASE}'));
    expect(final.filter((line) => line.startsWith('USER '))).toEqual(['USER 65532:65532']);
    expect(final).toContain('ENTRYPOINT ["custos"]');
    for (const line of final.filter((one) => one.startsWith('COPY '))) expect(line).toContain('--chown=root:root');
  });
});
