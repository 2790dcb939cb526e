import { describe, expect, test } from 'vitest';
import { REDACTED } from '../../src/text/secrets.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { collectFiles } from '../support/collect.ts';

const excerptOf = (text: string, needle: string) => {
  const source = new SourceText('a.conf', text);
  const start = source.text.indexOf(needle);
  return source.range(start, start + needle.length).excerpt;
};

describe('an excerpt', () => {
  test('is at most three lines around the value', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);
    const middle = excerptOf(lines.join('\n'), 'line 30');
    expect(middle).toEqual({ firstLine: 29, lines: ['line 29', 'line 30', 'line 31'], cut: 0 });
    expect(excerptOf(lines.join('\n'), 'line 1')?.lines).toEqual(['line 1', 'line 2', 'line 3']);
    expect(excerptOf(lines.join('\n'), 'line 50')?.lines.at(-1)).toBe('line 50');
    expect(excerptOf('only', 'only')).toEqual({ firstLine: 1, lines: ['only'], cut: 0 });
  });
  test('is at most 200 columns wide, and the value is in it', () => {
    const text = `${'a'.repeat(5000)}VALUE${'b'.repeat(5000)}\n${'c'.repeat(5000)}\n`;
    const excerpt = excerptOf(text, 'VALUE');
    expect(Math.max(...(excerpt?.lines ?? []).map((line) => line.length))).toBeLessThanOrEqual(200);
    expect(excerpt?.lines[0]?.indexOf('VALUE')).toBe(5000 - (excerpt?.cut ?? 0));
  });
  test('is at most that even where a secret is replaced by more than it was', () => {
    const text = `${'password=abc '.repeat(40)}\n`;
    expect(Math.max(...(excerptOf(text, 'password')?.lines ?? []).map((line) => line.length))).toBeLessThanOrEqual(200);
  });
  test('holds nothing that could steer a terminal or reorder text', () => {
    expect(excerptOf('a\u001b[31mb\u202ec\u0007', 'a')?.lines).toEqual(['a\ufffd[31mb\ufffdc\ufffd']);
  });
  test('is not there once the file did not parse', () => {
    const source = new SourceText('a.conf', 'x = 1\n');
    source.withholdExcerpts();
    expect(source.range(0, 1)).not.toHaveProperty('excerpt');
    expect(source.parsed).toBe(false);
  });
});

describe('secrets', () => {
  test('are gone from every line of an excerpt, those of the lines beside it too', () => {
    const text = 'password: hunter2\nport: 1\ntoken: abcdefgh\n';
    expect(excerptOf(text, 'port')?.lines).toEqual([`password: ${REDACTED}`, 'port: 1', `token: ${REDACTED}`]);
  });
  test('that are longer than the excerpt, or begin before it, do not show their end', () => {
    const text = `x "${'s'.repeat(400)}END" VALUE\n`;
    const source = new SourceText('a.conf', text);
    source.markSecret(3, 3 + 403, 'x');
    const at = text.indexOf('VALUE');
    expect(JSON.stringify(source.range(at, at + 5))).not.toMatch(/sss|END/);
    expect(JSON.stringify(source.range(0, 1))).not.toMatch(/sss|END/);
  });
  test('over several lines are gone from each', () => {
    const text = 'key: |\n  first-part\n  second-part\nport: 1\n';
    const source = new SourceText('a.conf', text);
    source.markSecret(text.indexOf('first'), text.indexOf('\nport'), 'key');
    for (const needle of ['key', 'first', 'second', 'port']) {
      const at = text.indexOf(needle);
      expect(JSON.stringify(source.range(at, at + 1))).not.toMatch(/first-part|second-part/);
    }
  });
  test('that overlap become one, under the first sign that holds them', () => {
    const source = new SourceText('a.conf', 'a bb cc dd\n');
    source.markSecret(2, 4, 'one');
    source.markSecret(3, 7, 'two');
    expect(source.secrets).toHaveLength(1);
    expect(source.secrets[0]).toMatchObject({ start: 2, end: 7 });
    source.markSecret(2, 3, 'three');
    expect(source.secrets).toHaveLength(1);
  });
  test('in comments are marked as such', () => {
    expect(new SourceText('a.conf', '# password: hunter2\npassword: hunter3\n').secrets.map(({ commented }) => commented)).toEqual([
      true,
      false,
    ]);
  });
});

test('a range is in bounds, 1-based, its end exclusive; a byte-order mark and \\r are no columns', () => {
  const source = new SourceText('a.conf', new TextEncoder().encode('\uFEFFone\r\ntwo\r\n'), 'deploy');
  expect(source.range(5, 8)).toMatchObject({ file: 'deploy/a.conf', start: { line: 2, column: 1 }, end: { line: 2, column: 4 } });
  expect(source.range(-5, 9999)).toMatchObject({ start: { line: 1, column: 1 }, end: { line: 3, column: 1 } });
  expect(source.line(2)).toBe('two');
  expect(source.line(99)).toBe('');
});

test.each([
  ['postgresql.conf', "port = 5432\nprimary_conninfo = 'host=db password=hunter two\n"],
  ['pg_hba.conf', 'host a b 10.0.0.0/8 ldap "ldapbindpasswd=hunter two\n'],
  ['redis.conf', 'port 6379\nrequirepass "hunter two\n'],
  ['rsyslog.conf', 'module(load="imuxsock")\naction(type="omelasticsearch" pwd="hunter two\n'],
])('a line of %s that does not end shows nothing of its file', async (file, text) => {
  const collected = await collectFiles({ [file]: text });
  expect(JSON.stringify(collected)).not.toMatch(/hunter|two/);
});
