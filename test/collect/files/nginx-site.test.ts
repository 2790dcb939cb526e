import { expect, test } from 'vitest';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

/** Facts of one site of a configuration, as plain data. */
const site = async (
  server: string,
  {
    http = '',
    options = {},
    nginx = '1.26.2',
  }: { readonly http?: string; readonly options?: Record<string, string>; readonly nginx?: string } = {},
): Promise<Readonly<Record<string, unknown>>> => {
  const text = `events {}\nhttp { ${http}\nserver { listen 443 ssl; server_name a.example.com; ${server} }\n}\n`;
  const collected = await collectFiles({ 'nginx.conf': text }, { nginx }, options);
  const facts = ofKind(collected, 'http.site')['a.example.com:443']?.facts ?? {};
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]));
};

const FILES = 'location / { root /srv; }';
const PASS = 'location / { proxy_pass http://app; }';

test.each([
  ['max-age=31536000; includeSubDomains; preload', true, 31_536_000, true, true],
  ['max-age=31536000; max-age=1', false, 'absent', 'absent', 'absent'],
  ['31536000', false, 'absent', 'absent', 'absent'],
])('HSTS %s', async (value, ...expected) => {
  const found = await site(`add_header Strict-Transport-Security "${value}"; ${FILES}`);
  expect([found['hsts_valid'], found['hsts_max_age'], found['hsts_include_subdomains'], found['hsts_preload']]).toEqual(expected);
});

test('what locations declare differently counts at its weakest', async () => {
  const csp = (text: string): string => `add_header Content-Security-Policy "${text}";`;
  const found = await site(
    `${csp("script-src 'self'; frame-ancestors 'none'")} add_header Referrer-Policy no-referrer; ${FILES}
     location /a { root /srv; ${csp("script-src 'unsafe-inline'")} add_header X-Frame-Options SAMEORIGIN; add_header Referrer-Policy origin; }`,
  );
  expect(found).toMatchObject({
    script_sources: ["'self'", "'unsafe-inline'"],
    framed_by: ["'none'", "'self'"],
    referrer_policies: ['no-referrer', 'origin'],
    nosniff: false,
    permissions: 'absent',
  });
  expect((await site(`${csp("script-src 'self'")} ${FILES} location /a { add_header X-A b; }`))['script_sources']).toBe('absent');
  expect((await site(`${csp("script-src 'self'")} location / { if ($x) { add_header X-A b; } }`))['script_sources']).toEqual([
    "'self'",
    '…',
  ]);
});

test('headers that a module changes, a variable makes or an include hides are not known', async () => {
  const csp = `add_header Content-Security-Policy "script-src 'self'";`;
  for (const more of [
    'header_filter_by_lua_block { x() }',
    'more_clear_headers "Content-*";',
    'include missing.conf;',
    'add_header $name x;',
  ])
    expect([more, (await site(`${csp} ${more} ${FILES}`))['script_sources']]).toMatchObject([more, { unknown: expect.any(String) }]);
  expect((await site(`${csp} more_set_headers "X-Other: y"; ${FILES}`))['script_sources']).toEqual(["'self'"]);
});

test.each([
  ['return 301 https://$host$request_uri;', { status: 301, permanent: true, same_host: true, straight: true }],
  ['return 302 https://a.example.com$request_uri;', { status: 302, permanent: false, same_host: true, straight: true }],
  ['return 308 https://b.example.com/;', { status: 308, permanent: true, same_host: false, straight: true }],
  ['return https://$server_name/;', { status: 302, same_host: true }],
  ['return 301 http://a.example.com/;', { status: 301, straight: false }],
  ['return 301 https://$target;', { status: 301, same_host: { unknown: 'unresolved' } }],
  ['location / { return 307 /home; }', { status: 307, same_host: true, straight: false }],
  ['location = / { return 302 /home; } location / { root /srv; }', { status: 302 }],
  ['return 404;', 'absent'],
  [FILES, 'absent'],
  ['return $code;', { unknown: 'unresolved' }],
  ['return $code https://x;', { unknown: 'unresolved' }],
  ['rewrite ^ https://$host/ permanent;', { unknown: 'unresolved' }],
  ['if ($x) { return 301 https://$host/; } location / { root /srv; }', { unknown: 'unresolved' }],
  ['location / { include missing.conf; }', { unknown: 'unresolved' }],
])('the redirect of /: %s', async (body, expected) => {
  const { redirect } = await site(body);
  if (typeof expected === 'string') expect(redirect).toBe(expected);
  else expect(redirect).toMatchObject(expected);
});

test('cookies: nginx’s own are known, flags for all of an application are, its own are not', async () => {
  const cookies = async (body: string): Promise<unknown> => (await site(body))['cookies'];
  expect(await cookies(FILES)).toEqual([]);
  expect(await cookies(PASS)).toEqual(['…']);
  expect(await cookies(`add_header Set-Cookie "s=$request_id; Secure; HttpOnly; SameSite=Lax"; ${FILES}`)).toMatchObject([
    { name: 's', secure: true, http_only: true, same_site: 'lax' },
  ]);
  expect(await cookies(`add_header Set-Cookie "s=1; $flags"; ${FILES}`)).toEqual([{ unknown: 'unresolved' }]);
  expect(await cookies(`add_header Set-Cookie $cookie; ${FILES}`)).toEqual([{ unknown: 'unresolved' }]);
  expect(await cookies('location / { proxy_pass http://app; proxy_cookie_flags ~ secure nohttponly; }')).toMatchObject([
    { name: '*', secure: true, http_only: false, same_site: { unknown: 'not-collected' } },
  ]);
  for (const flags of ['one secure httponly', '~^s secure', '$x secure', '~ $flags'])
    expect([flags, await cookies(`location / { proxy_pass http://app; proxy_cookie_flags ${flags}; }`)]).toEqual([flags, ['…']]);
  expect(await cookies('location / { fastcgi_pass app; proxy_cookie_flags ~ secure httponly samesite=lax; }')).toEqual(['…']);
  expect(await cookies('location / { proxy_pass http://app; proxy_hide_header Set-Cookie; }')).toEqual([]);
  expect(await cookies(`userid on; location / { userid on; root /srv; }`)).toEqual(['…']);
});

test.each([
  ['userid on;', '', ['…']],
  ['', 'userid v1;', ['…']],
  ['userid on;', 'userid off;', []],
  ['access_by_lua_block { x() }', '', ['…']],
  ['', 'auth_request /auth;', ['…']],
  ['auth_request /auth;', 'auth_request off;', []],
  ['dav_methods PUT;', '', ['…']],
  ['', 'dav_methods off;', []],
  ['include missing.conf; add_header X-A b;', '', ['…']],
])('modules that set cookies are inherited: http { %s server { %s', async (http, server, expected) => {
  expect((await site(`${server} location / { root /srv; add_header X-B c; }`, { http }))['cookies']).toEqual(expected);
});

test('flags for the cookies of an application say nothing of those that a module sets', async () => {
  const flagged = 'location / { proxy_pass http://app; proxy_cookie_flags ~ secure httponly samesite=lax; }';
  expect((await site(`userid on; ${flagged}`))['cookies']).toContain('…');
  expect((await site(flagged, { http: 'access_by_lua_file /x.lua;' }))['cookies']).toContain('…');
  expect((await site(flagged.replace('}', 'include missing.conf; }')))['cookies']).toContain('…');
});

test('the cookie of userid is no header of another name', async () => {
  const found = await site(FILES, { http: 'userid on;' });
  expect([found['nosniff'], found['cors_reflects_origin'], found['banners']]).toEqual([
    false,
    false,
    [{ name: 'server', value: 'nginx/1.26.2', version: '1.26.2' }],
  ]);
});

test('origins', async () => {
  const cors = async (body: string, http = ''): Promise<readonly unknown[]> => {
    const found = await site(body, { http });
    return [found['cors_any_origin_with_credentials'], found['cors_reflects_origin'], found['cors_accepts_null']];
  };
  const [not, unclear, module] = [{ unknown: 'not-collected' }, { unknown: 'unresolved' }, { unknown: 'unsupported' }];
  const allow = 'add_header Access-Control-Allow-Origin';
  expect(await cors(FILES)).toEqual([false, false, false]);
  expect(await cors(PASS)).toEqual([not, not, not]);
  expect(await cors('location / { proxy_pass http://app; proxy_hide_header access-control-allow-origin; }')).toEqual([false, false, false]);
  expect(await cors(`${allow} $http_origin; ${PASS}`)).toEqual([unclear, true, true]);
  expect(await cors(`${allow} \${http_origin}; ${FILES}`)).toEqual([unclear, true, true]);
  expect(await cors(`${allow} *; ${FILES}`)).toEqual([false, false, false]);
  expect(await cors(`${allow} *; add_header Access-Control-Allow-Credentials true; ${FILES}`)).toEqual([true, false, false]);
  expect(await cors(`${allow} null; ${FILES}`)).toEqual([false, false, true]);
  expect(await cors(`${allow} $allowed; ${FILES}`)).toEqual([unclear, unclear, unclear]);
  expect(await cors(`location / { root /srv; if ($http_origin ~ x) { ${allow} $http_origin; } }`)).toEqual([unclear, unclear, unclear]);
  expect(await cors(FILES, 'header_filter_by_lua_block { x() }')).toEqual([module, module, module]);
});

test('TRACE, compression, banners', async () => {
  expect((await site(FILES))['trace_enabled']).toBe(false);
  expect((await site(FILES, { nginx: 'latest' }))['trace_enabled']).toEqual({ unknown: 'unresolved' });
  const compresses = async (body: string): Promise<unknown> => (await site(body))['compresses_pages'];
  expect(await compresses(FILES)).toBe(false);
  expect(await compresses(`gzip on; ${FILES}`)).toBe(true);
  expect(await compresses('location / { root /srv; } location /a { gzip on; }')).toBe(true);
  expect(await compresses(`brotli on; ${FILES}`)).toBe(true);
  expect(await compresses(PASS)).toEqual({ unknown: 'not-collected' });
  expect(await compresses('location / { proxy_pass http://app; proxy_set_header Accept-Encoding ""; }')).toBe(false);
  expect((await site(FILES))['banners']).toEqual([{ name: 'server', value: 'nginx/1.26.2', version: '1.26.2' }]);
  expect((await site(`server_tokens off; ${PASS}`))['banners']).toEqual([{ name: 'server', value: 'nginx', version: 'absent' }, '…']);
  expect((await site(FILES, { nginx: 'x' }))['banners']).toEqual([{ unknown: 'unresolved' }]);
});

test('pages and their caching', async () => {
  const options = { private_paths: '/secret/list' };
  const found = await site(
    `${FILES} location /secret/ { proxy_pass http://app; } location = /exact { root /srv; add_header Cache-Control no-store; }
     location ~* \\.(css|js)$ { root /srv; } location ~ ^/x { root /srv; }`,
    { options },
  );
  expect(found['pages']).toMatchObject([
    { path: '/', private: false, no_store: false },
    { path: '/secret/', private: true, no_store: { unknown: 'not-collected' } },
    { path: '/exact', no_store: true },
    { path: '~* \\.(css|js)$', no_store: false },
    { path: { unknown: 'unresolved' } },
  ]);
});

test('what is no path of the site is private in no location, as it is asked for at no live one', async () => {
  const isPrivate = async (private_paths: string): Promise<unknown> =>
    (await site('location / { root /srv; } location /s { root /srv; }', { options: { private_paths } }))['pages'];
  expect(await isPrivate(' /b, /s/list')).toMatchObject([{ private: true }, { private: true }]);
  expect(await isPrivate('//s, /s?all, /s#top, s')).toMatchObject([{ private: false }, { private: false }]);
});

test('a fact points at the value that decided it', async () => {
  const collected = await collectFiles({
    'nginx.conf': `events {}\nhttp {\nserver {\nlisten 443 ssl;\nadd_header Content-Security-Policy "script-src *";\n${FILES} }\n}\n`,
  });
  const [found] = Object.values(ofKind(collected, 'http.site'));
  expect(placeOf(found?.facts['script_sources'])).toBe('nginx.conf:5:37 script-src *');
  expect(placeOf(found?.facts['nosniff'])).toBe('nginx.conf:5:12 Content-Security-Policy "script-src *');
});
