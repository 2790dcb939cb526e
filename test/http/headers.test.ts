import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BANNERS, versionIn } from '../../src/http/banner.ts';
import { cacheDirectives } from '../../src/http/cache-control.ts';
import { contentPolicies, frameAncestors, scriptSources } from '../../src/http/content-policy.ts';
import { frameOptions } from '../../src/http/frame-options.ts';
import { parseHsts } from '../../src/http/hsts.ts';
import { forbidsSniffing, referrerPolicy } from '../../src/http/page-policies.ts';
import { permissionsPolicy } from '../../src/http/permissions-policy.ts';
import { parseSetCookie } from '../../src/http/set-cookie.ts';

test.each([
  ['max-age=31536000', { valid: true, maxAge: 31_536_000, includeSubDomains: false, preload: false }],
  ['max-age="31536000"; includeSubDomains; preload', { valid: true, maxAge: 31_536_000, includeSubDomains: true, preload: true }],
  [' MAX-AGE = 1 ;; INCLUDESUBDOMAINS ; unknown="a;b" ; ', { valid: true, maxAge: 1, includeSubDomains: true }],
  ['max-age=0', { valid: true, maxAge: 0 }],
  ['max-age=99999999999999999999999', { valid: true, maxAge: Number.MAX_SAFE_INTEGER }],
  ['max-age=1; max-age=31536000', { valid: false }],
  ['max-age=31536000; includeSubDomains; includesubdomains', { valid: false }],
  ['max-age=31536000, max-age=31536000', { valid: false }],
  ['max-age=31536000 includeSubDomains', { valid: false }],
  ["max-age='31536000'", { valid: false }],
  ['max-age="31536000', { valid: false }],
  ['max-age=-1', { valid: false }],
  ['max-age=1e9', { valid: false }],
  ['max-age=', { valid: false }],
  ['max-age', { valid: false }],
  ['includeSubDomains', { valid: false }],
  ['max-age=31536000; includeSubDomains=false', { valid: false }],
  ['max-age=31536000\u0000', { valid: false }],
  ['"max-age=31536000"', { valid: false }],
  ['', { valid: false }],
])('HSTS %s', (value, expected) => {
  expect(parseHsts(value)).toMatchObject(expected);
});

const scripts = (...values: string[]): readonly string[] | undefined => scriptSources(contentPolicies(values));

test.each<[string, readonly string[] | undefined]>([
  ["default-src 'self'", ["'self'"]],
  ["default-src *; script-src 'self'", ["'self'"]],
  ["SCRIPT-SRC 'SELF' HTTPS://Static.Example.com/Path", ["'self'", 'https://static.example.com/Path']],
  ["script-src 'unsafe-inline'; script-src 'self'", ["'unsafe-inline'"]],
  ["script-src 'self' 'unsafe-inline' 'nonce-EDNnf03nceIOfn39fn3e9h3sdfa'", ["'self'", "'nonce-EDNnf03nceIOfn39fn3e9h3sdfa'"]],
  [
    "script-src 'unsafe-inline' 'sha256-n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='",
    ["'sha256-n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='"],
  ],
  ["script-src 'unsafe-inline' 'nonce-'", ["'unsafe-inline'"]], // no nonce, by its grammar: it neutralises nothing
  ["script-src 'unsafe-inline' 'nonce-a b'", ["'unsafe-inline'", "b'"]],
  ["script-src 'unsafe-inline' nonce-abc", ["'unsafe-inline'", 'nonce-abc']],
  ["script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline' 'self' *", ["'nonce-abc'", "'strict-dynamic'"]],
  ["script-src 'none'", ["'none'"]],
  ["script-src 'none' data:", ['data:']],
  ['script-src', ["'none'"]],
  ["script-src 'foo'", ["'none'"]],
  ["script-src 'self'; script-src-attr 'unsafe-inline'", ["'self'", "'unsafe-inline'"]],
  ["script-src-elem 'self'", ["'self'", "'unsafe-inline'"]],
  ["script-src-attr 'none'", ['*', 'data:', 'blob:', "'unsafe-inline'"]],
  ["script-src-elem *; script-src 'self'", ['*']],
  ["img-src 'self'; frame-ancestors 'none'", undefined],
  ["d\u00e9fault-src 'self'", undefined],
  ["default-src 'self'\u00a0data:", undefined],
  [';;;', undefined],
  ['', undefined],
])('script sources of %s', (value, expected) => {
  expect(scripts(value)).toEqual(expected);
});

test('several policies combine, whether by commas or by fields: all of them must allow', () => {
  const both = [
    ["script-src 'self' 'unsafe-inline'", "script-src 'self' data:", ["'self'"]],
    ['script-src *', "default-src 'self'", ["'self'"]],
    ['script-src *', 'script-src https:', ['*', 'https:']],
    ['script-src *', 'script-src data:', ["'none'"]],
    ['script-src *', "img-src 'self'", ['*']],
    ["script-src 'unsafe-inline'", "script-src 'unsafe-inline' *", ["'unsafe-inline'"]],
    ["script-src 'none'", "script-src 'nonce-a' 'unsafe-inline'", ["'none'"]],
    ["script-src 'nonce-a' 'strict-dynamic'", 'script-src *', ["'nonce-a'", "'strict-dynamic'"]],
    ['script-src *:443', 'script-src *', ['*:443', '*']],
  ] as const;
  for (const [a, b, expected] of both) {
    expect(scripts(a, b), `${a} + ${b}`).toEqual(expected);
    expect(scripts(`${a}, ${b}`)).toEqual(expected);
    expect(new Set(scripts(b, a))).toEqual(new Set(expected));
  }
});

test('frame-ancestors falls back on nothing', () => {
  const framed = (...values: string[]): readonly string[] | undefined => frameAncestors(contentPolicies(values));
  expect(framed("default-src 'none'")).toBe(undefined);
  expect(framed("frame-ancestors 'none'")).toEqual(["'none'"]);
  expect(framed('frame-ancestors')).toEqual(["'none'"]);
  expect(framed("frame-ancestors 'self' https://Partner.example.com")).toEqual(["'self'", 'https://partner.example.com']);
  expect(framed('frame-ancestors *', "frame-ancestors 'self'")).toEqual(["'self'"]);
  expect(framed("frame-ancestors 'self', frame-ancestors *")).toEqual(["'self'"]);
});

test.each([
  [['DENY'], "'none'"],
  [[' sameorigin '], "'self'"],
  [['SAMEORIGIN', 'sameorigin'], "'self'"],
  [['SAMEORIGIN, DENY'], "'none'"],
  [['SAMEORIGIN', 'ALLOWALL'], "'none'"],
  [['ALLOW-FROM https://partner.example.com'], undefined],
  [['ALLOWALL'], undefined],
  [['"DENY"'], undefined],
  [[''], undefined],
  [[], undefined],
])('X-Frame-Options %j', (values, expected) => {
  expect(frameOptions(values)).toBe(expected);
});

test('nosniff is the first value, exactly', () => {
  expect([['nosniff'], [' NoSniff\t'], ['nosniff, x'], ['nosniff', 'x']].map(forbidsSniffing)).toEqual([true, true, true, true]);
  expect([[], [''], ['nosniff;'], ['"nosniff"'], ['x, nosniff'], ['no-sniff'], ['x', 'nosniff']].some(forbidsSniffing)).toBe(false);
});

test('the last referrer policy that browsers know counts', () => {
  expect(referrerPolicy(['no-referrer, strict-origin-when-cross-origin'])).toBe('strict-origin-when-cross-origin');
  expect(referrerPolicy(['Strict-Origin, future-policy'])).toBe('strict-origin');
  expect(referrerPolicy(['no-referrer', 'unsafe-url'])).toBe('unsafe-url');
  expect([[], [''], ['none'], ["'no-referrer'"]].map(referrerPolicy)).toEqual([undefined, undefined, undefined, undefined]);
});

test('permissions by feature; a dictionary that does not parse is none', () => {
  expect(permissionsPolicy(['camera=(), geolocation=(self "https://maps.example.com"), usb=*;report-to=x'])).toEqual([
    { feature: 'camera', allowed: [] },
    { feature: 'geolocation', allowed: ['self', 'https://maps.example.com'] },
    { feature: 'usb', allowed: ['*'] },
  ]);
  expect(permissionsPolicy(['camera=()', 'camera=*'])).toEqual([{ feature: 'camera', allowed: ['*'] }]);
  expect(permissionsPolicy([''])).toEqual([]);
  for (const broken of ["camera 'none'", 'camera=(', 'camera=(self', 'camera=()usb=()', 'camera=(),', 'Camera=()', 'camera=("a)'])
    expect([broken, permissionsPolicy([broken])]).toEqual([broken, undefined]);
});

const NOW = Date.parse('2026-11-24T00:00:00Z');

test.each([
  ['sid=1; Secure; HttpOnly; SameSite=Lax', { name: 'sid', secure: true, httpOnly: true, sameSite: 'lax', prefixKept: true }],
  ['sid=1', { secure: false, httpOnly: false }],
  ['sid=secure=; secure=no; HTTPONLY', { secure: true, httpOnly: true }],
  ['sid=1; SameSite=Strict; SameSite=bogus', { secure: false }],
  ['__Host-s=1; Secure; Path=/', { prefixKept: true }],
  ['__Host-s=1; Secure; Path=/; Domain=example.com', { prefixKept: false }],
  ['__HOST-s=1; Secure', { prefixKept: false }],
  ['__Secure-s=1; Path=/', { prefixKept: false }],
  ['a=1; Max-Age=60; Expires=Wed, 25 Nov 2026 00:00:00 GMT', { maxAge: 60 }],
  ['a=1; Expires=Wed, 25 Nov 2026 00:00:00 GMT', { maxAge: 86_400 }],
  ['a=1; Expires=soon; Max-Age=x', { name: 'a' }],
  ['=1; Secure', { name: '', secure: true }],
  ['bare', { name: '' }],
])('cookie %s', (text, expected) => {
  expect(parseSetCookie(text, NOW)).toMatchObject(expected);
});

test('cookies that browsers refuse are none, and no value is kept', () => {
  expect(['', ';', '=', 'a=\u0000', 'a=b\r\nSet-Cookie: c', `a=${'b'.repeat(5000)}`].map((text) => parseSetCookie(text, NOW))).toEqual(
    Array(6).fill(undefined),
  );
  expect(parseSetCookie('a=1; SameSite=Strict; SameSite=bogus', NOW)?.sameSite).toBe(undefined);
  expect(JSON.stringify(parseSetCookie('sid=s3cr3t; Secure', NOW))).not.toContain('s3cr3t');
});

test.each([
  ['server', 'nginx/1.22.1', '1.22.1'],
  ['server', 'nginx', undefined],
  ['server', 'Apache/2.4.57 (Debian) OpenSSL/3.0.11', '2.4.57'],
  ['server', 'Apache/2', '2'],
  ['server', 'Microsoft-IIS/10.0', '10.0'],
  ['server', 'ECS (nyb/1D2E)', undefined],
  ['server', 'Jetty(9.4.z-SNAPSHOT)', '9.4.z-SNAPSHOT'],
  ['server', 'cloudflare', undefined],
  ['x-powered-by', 'PHP/8.2.1-1+b1', '8.2.1-1'],
  ['x-powered-by', 'Express', undefined],
  ['x-powered-by', 'Phusion Passenger 6.0.4', '6.0.4'],
  ['x-aspnet-version', '4.0.30319', '4.0.30319'],
  ['via', '1.1 vegur', undefined],
  ['via', '1.1 10.0.0.1 (squid)', undefined],
  ['via', 'HTTP/1.1 edge, 1.1 varnish (Varnish/6.0)', '6.0'],
])('the version in %s: %s', (name, value, expected) => {
  expect(versionIn(name, value)).toBe(expected);
});

test('directives of Cache-Control are words, not what is quoted in them', () => {
  expect(cacheDirectives(['No-Store, max-age=0'])).toEqual(['no-store', 'max-age']);
  expect(cacheDirectives(['private="x, no-store"', 'no-cache'])).toEqual(['private', 'no-cache']);
  expect(cacheDirectives(['no-store; max-age=0'])).toBe(undefined);
  expect(cacheDirectives([])).toEqual([]);
});

/** Everything that reads a header value, on one text. */
function readAll(text: string): void {
  parseHsts(text);
  const policies = contentPolicies([text, text]);
  scriptSources(policies);
  frameAncestors(policies);
  frameOptions([text]);
  referrerPolicy([text]);
  forbidsSniffing([text]);
  permissionsPolicy([text]);
  parseSetCookie(text, NOW);
  cacheDirectives([text]);
  for (const name of BANNERS) versionIn(name, text);
}

test('no text makes a parser throw', () => {
  const words = fc.constantFrom(
    'max-age=',
    '"',
    ';',
    ',',
    '=',
    "'none'",
    'script-src ',
    '*',
    ' ',
    '\t',
    '(',
    ')',
    '1',
    '\u0000',
    'é',
    '/',
    '.',
    '\\',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
      ),
      readAll,
    ),
  );
});

test('a policy that is combined with another never allows what that one alone does not', () => {
  const source = fc.constantFrom(
    "'self'",
    "'unsafe-inline'",
    '*',
    'https:',
    'data:',
    'a.example.com',
    "'nonce-abc'",
    "'strict-dynamic'",
    "'none'",
  );
  const policy = fc.array(source, { maxLength: 5 }).map((sources) => `script-src ${sources.join(' ')}`);
  const dangers = (sources: readonly string[] | undefined): readonly string[] =>
    (sources ?? []).filter((one) => ["'unsafe-inline'", '*', 'https:', 'data:'].includes(one));
  const strict = (sources: readonly string[]): boolean => dangers(sources).length === 0;
  fc.assert(
    fc.property(policy, policy, (a, b) => {
      const [one, other, all] = [scripts(a) ?? [], scripts(b) ?? [], scripts(a, b) ?? []];
      if (strict(one) || strict(other)) expect(dangers(all)).toEqual([]);
      for (const danger of ["'unsafe-inline'", 'data:']) if (one.includes(danger) && other.includes(danger)) expect(all).toContain(danger);
      if ([one, other].every((sources) => sources.includes('*') || sources.includes('https:'))) expect(dangers(all)).not.toEqual([]);
      expect(all.length).toBeGreaterThan(0);
    }),
  );
});

test('a megabyte of anything is read in bounded time', () => {
  const million = 1_000_000;
  for (const piece of [
    'a',
    ';',
    ',',
    ' ',
    '"',
    '=',
    "'",
    '\t',
    '1.',
    '/1',
    'max-age=1;',
    "script-src 'self' *;",
    'script-src a,',
    'script-src ',
    'a ',
    'b=(',
    'a="b",',
    '1.1 x,',
    '\u0000',
  ]) {
    const text = piece.repeat(million / piece.length);
    const begun = performance.now();
    readAll(text);
    // What grows faster than the text takes hours; the limit leaves room for a busy machine.
    expect([piece, performance.now() - begun < 10_000]).toEqual([piece, true]);
  }
}, 120_000);
