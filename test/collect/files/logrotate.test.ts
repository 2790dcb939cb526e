import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const V = { logrotate: '3.21.0' };
const unresolved = { unknown: 'unresolved' };

const sinks = async (files: Files | string, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(typeof files === 'string' ? { 'logrotate.conf': files } : files, versions);
  return { collected, sinks: ofKind(collected, 'log.sink') };
};
const only = async (text: string, versions: Record<string, string> = {}) =>
  Object.values((await sinks(text, versions)).sinks)[0]?.facts ?? {};

test('a block with what it inherits: every fact known, pointing at its value', async () => {
  const { sinks: found } = await sinks(
    'weekly\nrotate 4\n\n/var/log/a.log "/var/log/b c.log"\n/var/log/d.log\n{\n  rotate 27\n  create 0640 root adm\n  postrotate\n    weekly } {\n  endscript\n}\n',
  );
  const facts = found['logrotate.conf /var/log/a.log /var/log/b c.log /var/log/d.log']?.facts ?? {};
  expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    host: '',
    by: 'logrotate',
    takes: [],
    form: 'file',
    destination: '/var/log/a.log /var/log/b c.log /var/log/d.log',
    encrypted: 'absent',
    verifies_peer: 'absent',
    retention: 189,
    mode: '0640',
    readable_by_others: false,
    bounded: true,
    buffered: 'absent',
  });
  expect(placeOf(facts['retention'])).toBe('logrotate.conf:7:10 27');
  expect(placeOf(facts['mode'])).toBe('logrotate.conf:8:10 0640');
});

test.each([
  ['daily\nrotate 7', {}, { retention: 7, mode: unresolved }],
  ['daily\nrotate 7', V, { retention: 7, mode: 'absent' }],
  ['monthly\nrotate 6', {}, { retention: 181 }],
  ['monthly\nrotate 12', {}, { retention: 365 }],
  ['yearly\nrotate = 2', {}, { retention: 730 }],
  ['daily\nrotate 400\nmaxage 90', {}, { retention: 90 }],
  ['daily\nrotate 0', {}, { retention: 0 }],
  ['daily\nrotate -1', {}, { retention: 'absent', bounded: false }],
  ['daily\nrotate -1\nmaxage 30', {}, { retention: 30, bounded: true }],
  ['daily', {}, { retention: unresolved }],
  ['daily', V, { retention: 0 }],
  ['rotate 4', V, { retention: unresolved }],
  ['size 10M\nrotate 4', {}, { retention: unresolved, bounded: true }],
  ['daily\nsize 10M\nrotate 4', {}, { retention: unresolved }],
  ['size 10M\ndaily\nrotate 4', {}, { retention: 4 }],
  ['daily\nmaxsize 10M\nrotate 4', {}, { retention: unresolved }],
  ['daily\nminsize 10M\nrotate 4', {}, { retention: 4 }],
  ['daily\nrotate many', {}, { retention: { unknown: 'unparseable' } }],
  ['daily\nrotate {{ n }}', {}, { retention: { unknown: 'unparseable' } }],
  ['daily\nrotate 4\nmaxage ${A}', {}, { retention: { unknown: 'unparseable' } }],
  ['create', {}, { mode: unresolved, readable_by_others: unresolved }],
  ['create root adm', {}, { mode: unresolved }],
  ['create 644 root adm', {}, { mode: '0644', readable_by_others: true }],
  ['create 0640 root adm\ncopytruncate', {}, { mode: 'absent' }],
  ['create 0640\nnocreate', {}, { mode: 'absent' }],
])('%j %o gives %o', async (lines, versions, expected) => {
  const facts = await only(`/var/log/a {\n${lines}\n}\n`, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
});

test('globals hold for what follows them, includes read inline', async () => {
  const { sinks: found } = await sinks({
    'etc/logrotate.conf': 'daily\nrotate 1\ninclude /etc/logrotate.d\n/var/log/z {}\nrotate 9\n',
    'etc/logrotate.d/a': '/var/log/a {}\nrotate 3\n',
    'etc/logrotate.d/b': '/var/log/b {\n  rotate 5\n}\n',
    'etc/logrotate.d/c.dpkg-old': '/var/log/c {}\n',
  });
  expect(Object.entries(found).map(([id, { facts }]) => `${id} ${String(plain(facts['retention']))}`)).toEqual([
    'etc/logrotate.conf /var/log/a 1',
    'etc/logrotate.conf /var/log/b 5',
    'etc/logrotate.conf /var/log/z 3',
  ]);
});

test('what was not read hides globals, and is a gap', async () => {
  for (const files of [
    { 'logrotate.conf': 'daily\nrotate 4\ninclude /etc/logrotate.d\n/var/log/a {}\n/var/log/b { weekly\nrotate 4\n}\n' },
    {
      'etc/logrotate.conf': 'daily\nrotate 4\ninclude /etc/logrotate.d/x\n/var/log/a {}\n/var/log/b { weekly\nrotate 4\n}\n',
      'etc/logrotate.d/x': unknown('access-denied', 'x: EACCES'),
    },
    { 'logrotate.conf': 'daily\nrotate 4\ninclude logrotate.conf\n/var/log/a {}\n/var/log/b { weekly\nrotate 4\n}\n' },
  ]) {
    const { collected, sinks: found } = await sinks(files, V);
    const retention = (path: string) => plain(Object.entries(found).find(([id]) => id.endsWith(`conf ${path}`))?.[1].facts['retention']);
    expect(retention('/var/log/a')).toMatchObject({ unknown: expect.any(String) });
    expect(collected.coverage['log.sink']?.status).toBe('partial');
  }
});

test('a part without its main file tells only what it writes itself', async () => {
  const { sinks: found } = await sinks({ 'logrotate.d/app': '/var/log/app { daily\nrotate 5\n}\n' }, V);
  const facts = found['logrotate.d/app /var/log/app']?.facts;
  expect([plain(facts?.['retention']), plain(facts?.['mode'])]).toEqual([unresolved, unresolved]); // a global maxage or maxsize may cut it
});

test('one error leaves out its file, as logrotate does: nothing of it is known', async () => {
  for (const line of ['weekly }', 'rotate 4 # weeks', 'maxage x', 'size 10Q']) {
    const { collected, sinks: found } = await sinks(`/var/log/a {\ndaily\nrotate 9\ncreate 0640\n}\n/var/log/b {\n${line}\n}\n`, V);
    expect([
      line,
      plain(found['logrotate.conf /var/log/a']?.facts['retention']),
      plain(found['logrotate.conf /var/log/a']?.facts['mode']),
    ]).toEqual([line, { unknown: 'unparseable' }, { unknown: 'unparseable' }]);
    expect(collected.coverage['log.sink']?.status).toBe('partial');
  }
});

test('a block whose end or script is missing is a gap', async () => {
  for (const text of ['/var/log/a {\n daily\n', '/var/log/a {\n postrotate\n x\n}\n', '"/var/log/a {\n}\n', '}\n', '%x\n']) {
    const { collected } = await sinks(text, V);
    expect([text, collected.coverage['log.sink']?.status]).toEqual([text, 'partial']);
  }
});

test.each([
  ['patterns', '/a '.repeat(300_000)],
  ['open blocks', '/a {\n'.repeat(100_000)],
  ['blocks', '/a {}\n'.repeat(20_000)],
  ['scripts', '/a {\nprerotate\nendscript\n}\n'.repeat(10_000)],
  ['a long line', `rotate ${'1'.repeat(2_000_000)}`],
  ['open quotes', '"'.repeat(300_000)],
  ['comments among patterns', `/a\n${'#\n'.repeat(200_000)}`],
])('%s end in bounded time', async (_name, text) => {
  const started = performance.now();
  await sinks(text, V);
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each([
  ['find /var/log/app -mtime +7 -delete', { unknown: 'unsupported' }],
  ['rm -f /var/log/app/*.1', { unknown: 'unsupported' }],
  ['/usr/bin/find /var/log -name "*.gz" -exec rm {} +', { unknown: 'unsupported' }],
  ['aws s3 mv /var/log/app/a.1 s3://x', { unknown: 'unsupported' }],
  ['systemctl reload nginx > /dev/null 2>&1 || true', 400],
  ['# rm -f /var/log/app/*.1\n    kill -USR1 `cat /run/nginx.pid`', 400],
  ['/usr/lib/rsyslog/rsyslog-rotate', 400],
])('a script with %s keeps %o', async (script, expected) => {
  const facts = await only(`/var/log/app/*.log {\n  daily\n  rotate 400\n  postrotate\n    ${script}\n  endscript\n}\n`);
  expect(plain(facts['retention'])).toEqual(expected);
});
