import { expect, test } from 'vitest';
import { unknown, type Fact, type FactValue } from '../../../src/model/fact.ts';
import { filesCollector } from '../../../src/collect/files/collector.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import { collectFiles, filesTarget, ofKind, placeOf, plain } from '../../support/collect.ts';

type Facts = Readonly<Record<string, Fact<FactValue>>>;
const V = { nginx: '1.24.0', openssl: '3.0.15' };

const factsOf = async (
  kind: string,
  id: string,
  files: Readonly<Record<string, string>> | string,
  versions: Record<string, string> = V,
): Promise<Facts> => {
  const collected = await collectFiles(typeof files === 'string' ? { 'nginx.conf': files } : files, versions);
  const found = ofKind(collected, kind)[id];
  if (found === undefined)
    throw new Error(
      `no ${kind} ${id}: ${collected.resources.map((one) => `${one.kind} ${one.id}`).join(', ')} ${JSON.stringify(collected.gaps.map(({ detail }) => detail))}`,
    );
  return found.facts;
};
const http = (body: string): string => `events {}\nhttp {\n${body}\n}\n`;
const listener = (body: string, id = 'pay.example.com:443', versions: Record<string, string> = V) =>
  factsOf('tls.listener', id, http(body), versions);
const site = (body: string, id = 'pay.example.com:80', versions: Record<string, string> = V) =>
  factsOf('http.site', id, http(body), versions);
const names = (fact: Fact<FactValue> | undefined): unknown => {
  const value = plain(fact);
  return Array.isArray(value)
    ? value.map((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one ? one.name : one))
    : value;
};

const MODERN = `
  server {
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name pay.example.com www.pay.example.com;
    ssl_certificate /etc/ssl/pay.pem;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_prefer_server_ciphers off;
    ssl_ecdh_curve X25519:prime256v1:secp384r1;
    ssl_stapling on;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
    location / { proxy_pass http://app; }
  }`;

test('a server in the manner of the Mozilla generator: values with their places', async () => {
  const found = await listener(MODERN);
  expect(plain(found['protocols'])).toEqual(['TLSv1.2', 'TLSv1.3']);
  expect(placeOf(found['protocols'])).toBe('nginx.conf:11:19 TLSv1.2 TLSv1.3');
  expect(names(found['suites'])).toEqual([
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ]);
  const suites = found['suites'];
  expect(suites?.state === 'known' && Array.isArray(suites.value) ? placeOf(suites.value[4]) : '').toBe(
    'nginx.conf:12:47 ECDHE-RSA-CHACHA20-POLY1305',
  );
  expect(plain(found['groups'])).toEqual(['x25519', 'secp256r1', 'secp384r1']);
  expect(plain(found['session_lifetime'])).toBe(86_400);
  expect(plain(found['session_tickets'])).toBe(false);
  expect(plain(found['server_preference'])).toBe(false);
  expect(plain(found['stapling'])).toBe(true);
  expect(plain(found['dh_bits'])).toBe('absent');
  expect(plain(found['names'])).toEqual(['pay.example.com', 'www.pay.example.com']);
  expect(plain(found['port'])).toBe(443);
  expect(plain(found['client_certificate'])).toBe('none');
  const page = await site(MODERN, 'pay.example.com:443');
  expect(plain(page['tls'])).toBe(true);
  expect(plain(page['hsts_max_age'])).toBe(63_072_000);
  expect(placeOf(page['hsts_max_age'])).toBe('nginx.conf:16:43 max-age=63072000; includeSubDomains');
  expect(plain(page['headers'])).toEqual([
    { name: 'strict-transport-security', value: 'max-age=63072000; includeSubDomains', always: true },
  ]);
});

test.each([
  ['1.22.1', ['TLSv1', 'TLSv1.1', 'TLSv1.2']],
  ['1.24.0', ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
  ['1.27.3', ['TLSv1.2', 'TLSv1.3']],
  ['1.1.0', { unknown: 'unresolved' }],
  ['latest', { unknown: 'unresolved' }],
])('protocols that nobody wrote are the default of nginx %s', async (nginx, expected) => {
  expect(plain((await listener('server { listen 443 ssl; server_name pay.example.com; }', undefined, { nginx }))['protocols'])).toEqual(
    expected,
  );
});

test('without a version nothing that is not written is known', async () => {
  const found = await listener('server { listen 443 ssl; server_name pay.example.com; }', undefined, {});
  for (const name of [
    'protocols',
    'session_tickets',
    'session_lifetime',
    'server_preference',
    'groups',
    'early_data',
    'client_certificate',
    'stapling',
    'dh_bits',
  ])
    expect([name, plain(found[name])]).toEqual([name, { unknown: 'unresolved' }]);
  const page = await site('server { listen 80; server_name pay.example.com; }', undefined, {});
  for (const name of ['discloses_version', 'body_limited']) expect(plain(page[name])).toEqual({ unknown: 'unresolved' });
});

test('settings of the http block hold where the server says nothing, and are replaced where it does', async () => {
  expect(plain((await listener('ssl_protocols TLSv1.2; server { listen 443 ssl; server_name pay.example.com; }'))['protocols'])).toEqual([
    'TLSv1.2',
  ]);
  expect(
    plain(
      (await listener('ssl_protocols TLSv1; server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.3; }'))['protocols'],
    ),
  ).toEqual(['TLSv1.3']);
});

test('ssl_protocols written twice are joined, other settings written twice are no configuration', async () => {
  const found = await listener(
    'server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.3; ssl_protocols TLSv1; ssl_session_tickets off; ssl_session_tickets on; }',
  );
  expect(plain(found['protocols'])).toEqual(['TLSv1.3', 'TLSv1']);
  expect(plain(found['session_tickets'])).toEqual({ unknown: 'unparseable' });
});

test('until 1.29.2 the default server of the socket decides the protocols', async () => {
  const two =
    'server { listen 443 ssl; server_name old.example.com; ssl_protocols TLSv1 TLSv1.2; } server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2; }';
  expect(plain((await listener(two))['protocols'])).toEqual(['TLSv1', 'TLSv1.2']);
  expect(plain((await listener(two, undefined, { nginx: '1.29.2' }))['protocols'])).toEqual(['TLSv1.2']);
  expect(plain((await listener(two, undefined, {}))['protocols'])).toEqual(['TLSv1.2', '…']);
  expect(plain((await listener(two.replace('443 ssl; server_name pay', '443 ssl default_server; server_name pay')))['protocols'])).toEqual([
    'TLSv1.2',
  ]);
});

test('a socket speaks TLS for every server on it', async () => {
  expect(
    plain(
      (await site('server { listen 443 ssl; server_name a; } server { listen 443; server_name pay.example.com; }', 'pay.example.com:443'))[
        'tls'
      ],
    ),
  ).toBe(true);
});

test('an invalid or variable protocol leaves the list open', async () => {
  expect(
    plain((await listener('server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2 ${OLD}; }'))['protocols']),
  ).toEqual(['TLSv1.2', '…']);
  expect(
    plain(
      (await listener('server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2\n ssl_ciphers HIGH; }'))['protocols'],
    ),
  ).toEqual(['TLSv1.2', '…']);
});

test('ssl_conf_command narrows protocols, names suites of TLS 1.3, or makes things unknown', async () => {
  const server = (command: string) =>
    listener(`server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1 TLSv1.3; ssl_ciphers AES128-SHA; ${command} }`);
  expect(plain((await server('ssl_conf_command MinProtocol TLSv1.2;'))['protocols'])).toEqual(['TLSv1.3']);
  expect(names((await server('ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;'))['suites'])).toEqual([
    'TLS_AES_256_GCM_SHA384',
    'AES128-SHA',
  ]);
  expect(plain((await server('ssl_conf_command Protocol -TLSv1;'))['protocols'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await server('ssl_conf_command CipherString ALL;'))['suites'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await server('ssl_conf_command Options -SessionTicket;'))['session_tickets'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await server('ssl_conf_command Options PrioritizeChaCha;'))['session_tickets'])).toBe(true);
});

test('Diffie-Hellman parameters are measured where the file is here', async () => {
  const prime = Buffer.concat([Buffer.from([0x02, 0x82, 0x01, 0x01, 0x00, 0xff]), Buffer.alloc(255, 1), Buffer.from([0x02, 0x01, 0x02])]);
  const pem = `-----BEGIN DH PARAMETERS-----\n${Buffer.concat([Buffer.from([0x30, 0x82, 0x01, 0x08]), prime]).toString('base64')}\n-----END DH PARAMETERS-----\n`;
  const main = http('server { listen 443 ssl; server_name pay.example.com; ssl_dhparam dh.pem; }');
  expect(plain((await factsOf('tls.listener', 'pay.example.com:443', { 'nginx.conf': main, 'dh.pem': pem }))['dh_bits'])).toBe(2048);
  expect(plain((await factsOf('tls.listener', 'pay.example.com:443', { 'nginx.conf': main }))['dh_bits'])).toEqual({
    unknown: 'unresolved',
  });
  expect(plain((await factsOf('tls.listener', 'pay.example.com:443', { 'nginx.conf': main, 'dh.pem': 'nothing' }))['dh_bits'])).toEqual({
    unknown: 'unparseable',
  });
});

test('a fragment stands in an unknown http block', async () => {
  const collected = await collectFiles(
    { 'sites-available/pay': 'server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2; }' },
    V,
  );
  const found = ofKind(collected, 'tls.listener')['pay.example.com:443']?.facts ?? {};
  // Before 1.29.2 the default server of the socket decides, and it may stand elsewhere.
  expect(plain(found['protocols'])).toEqual(['TLSv1.2', '…']);
  expect(plain(found['session_tickets'])).toEqual({ unknown: 'unresolved' });
  expect(plain(found['suites'])).toEqual({ unknown: 'unresolved' });
  const page = ofKind(collected, 'http.site')['pay.example.com:443']?.facts ?? {};
  for (const name of ['hsts_max_age', 'headers', 'discloses_version', 'rate_limited', 'body_limited'])
    expect([name, plain(page[name])]).toEqual([name, { unknown: 'unresolved' }]);
});

test('a snippet that nobody includes yields nothing', async () => {
  const collected = await collectFiles({ 'nginx/snippets/tls.conf': 'ssl_protocols TLSv1;\nssl_session_tickets off;\n' }, V);
  expect(collected.resources.map(({ kind }) => kind)).toEqual(['secret.exposure']);
});

test('includes stand in place, relative to the main file', async () => {
  const files = {
    'etc/nginx/nginx.conf': http('include conf.d/*.conf; include /etc/nginx/sites-enabled/*; include mime.types;'),
    'etc/nginx/conf.d/tls.conf': 'ssl_protocols TLSv1.3;\n',
    'etc/nginx/sites-enabled/pay': 'server {\n listen 443 ssl;\n server_name pay.example.com;\n include snippets/hsts.conf;\n}\n',
    'etc/nginx/sites-available/old': 'server { listen 443 ssl; server_name old.example.com; }\n',
    'etc/nginx/snippets/hsts.conf': 'add_header Strict-Transport-Security "max-age=600";\n',
  };
  const collected = await collectFiles(files, V);
  expect(collected.coverage['tls.listener']?.status).toBe('complete');
  expect(Object.keys(ofKind(collected, 'tls.listener'))).toEqual(['pay.example.com:443']);
  const found = ofKind(collected, 'tls.listener')['pay.example.com:443']?.facts ?? {};
  expect(placeOf(found['protocols'])).toBe('etc/nginx/conf.d/tls.conf:1:15 TLSv1.3');
  expect(placeOf(ofKind(collected, 'http.site')['pay.example.com:443']?.facts['hsts_max_age'])).toBe(
    'etc/nginx/snippets/hsts.conf:1:39 max-age=600',
  );
});

test('a target that is /etc/nginx itself tells where absolute includes are', async () => {
  const world = memoryWorld(
    {
      '/etc/nginx': {
        'nginx.conf': http('include /etc/nginx/conf.d/*.conf; include /etc/ssl/x.conf;'),
        'conf.d/a.conf': 'server { listen 80; server_name a; }',
      },
    },
    '2026-11-24T00:00:00Z',
  );
  const collected = await filesCollector.collect({ ...filesTarget(V), address: '/etc/nginx' }, world, new AbortController().signal);
  expect(Object.keys(ofKind(collected, 'http.site'))).toEqual(['a:80']);
  expect(collected.coverage['http.site']?.gaps).toMatchObject([{ detail: expect.stringContaining('/etc/ssl/x.conf') }]);
});

test('a site that is available and not enabled is not in force', async () => {
  const files = {
    'etc/nginx/nginx.conf': http('include sites-enabled/*;'),
    'etc/nginx/sites-enabled/a': 'server { listen 80; server_name a; }',
    'etc/nginx/sites-available/b': 'server { listen 80; server_name b; }',
  };
  expect(Object.keys(ofKind(await collectFiles(files, V), 'http.site'))).toEqual(['a:80']);
});

test('a missing include hides what could stand there', async () => {
  const inHttp = await collectFiles(
    {
      'nginx.conf': http(
        'include extra/*.conf; server { listen 443 ssl; server_name pay.example.com; ssl_session_tickets off; ssl_protocols TLSv1.3; }',
      ),
    },
    V,
  );
  const found = ofKind(inHttp, 'tls.listener')['pay.example.com:443']?.facts ?? {};
  expect(plain(found['session_tickets'])).toBe(false);
  expect(plain(found['session_lifetime'])).toEqual({ unknown: 'unresolved' });
  expect(plain(found['protocols'])).toEqual(['TLSv1.3', '…']); // a hidden default server of the socket may accept others
  for (const kind of ['tls.listener', 'http.site', 'log.source', 'availability.group'])
    expect(inHttp.coverage[kind]?.status).toBe('partial');
  const inServer = await collectFiles(
    {
      'nginx.conf': http(
        'ssl_session_tickets off; server { listen 443 ssl; server_name pay.example.com; include tls.conf; ssl_protocols TLSv1.3; return 301 https://x; }',
      ),
    },
    V,
  );
  const server = ofKind(inServer, 'tls.listener')['pay.example.com:443']?.facts ?? {};
  expect(plain(server['session_tickets'])).toEqual({ unknown: 'unresolved' });
  expect(plain(server['protocols'])).toEqual(['TLSv1.3', '…']);
  expect(plain(ofKind(inServer, 'http.site')['pay.example.com:443']?.facts['redirects_to_https'])).toEqual({ unknown: 'unresolved' });
});

test('a missing include of the main block hides servers, not settings of others', async () => {
  const collected = await collectFiles(
    { 'nginx.conf': `include modules/*.conf;\n${http('server { listen 443 ssl; server_name pay.example.com; }')}` },
    V,
  );
  expect(plain(ofKind(collected, 'tls.listener')['pay.example.com:443']?.facts['session_tickets'])).toBe(true);
  expect(collected.coverage['tls.listener']?.status).toBe('partial');
  expect(plain(ofKind(collected, 'log.source')['nginx pay.example.com:443']?.facts['events'])).toEqual(['access', '…']);
});

test('a glob without match in a directory that is there hides nothing; an include loop does', async () => {
  const glob = await collectFiles({ 'nginx.conf': http('include conf.d/*.conf;'), 'conf.d/readme.txt': 'x' }, V);
  expect(glob.coverage['tls.listener']?.status).toBe('complete');
  const loop = await collectFiles(
    { 'nginx/a.conf': 'include b.conf;\nserver { listen 80; server_name a; }', 'nginx/b.conf': 'include a.conf;' },
    V,
  );
  expect(Object.keys(ofKind(loop, 'http.site'))).toEqual(['a:80']);
  expect(loop.coverage['http.site']?.status).toBe('partial');
});

test('an included file that may not be read or does not parse is a hole with its cause', async () => {
  const denied = await collectFiles(
    {
      'nginx.conf': http('include tls.inc; server { listen 443 ssl; server_name pay.example.com; }'),
      'tls.inc': unknown('access-denied', 'tls.inc: EACCES'),
    },
    V,
  );
  expect(plain(ofKind(denied, 'tls.listener')['pay.example.com:443']?.facts['protocols'])).toEqual({ unknown: 'access-denied' });
  const garbled = await collectFiles(
    { 'nginx.conf': http('include tls.inc; server { listen 443 ssl; server_name pay.example.com; }'), 'tls.inc': 'ssl_protocols "TLSv1.2' },
    V,
  );
  expect(plain(ofKind(garbled, 'tls.listener')['pay.example.com:443']?.facts['protocols'])).toEqual({ unknown: 'unparseable' });
});

test.each([
  'http { server { listen 443 ssl; }',
  'http { ssl_protocols "TLSv1.2; }',
  'http { } }',
  'http { server { listen 80 } }',
  '{% if x %} http { } {% endif %}',
  'a{'.repeat(1000),
])('a file that does not parse is a gap with its place: %s', async (text) => {
  const collected = await collectFiles({ 'nginx.conf': text }, V);
  expect(collected.coverage['tls.listener']).toMatchObject({
    status: 'partial',
    gaps: [{ cause: 'unparseable', origin: { kind: 'file' } }],
  });
  expect(JSON.stringify(collected.gaps)).not.toContain('excerpt');
});

test('a redirect by the server alone', async () => {
  const found = await site('server { listen 80; server_name pay.example.com; return 301 https://$host$request_uri; }');
  expect(plain(found['redirects_to_https'])).toBe(true);
  expect(placeOf(found['redirects_to_https'])).toBe('nginx.conf:3:57 301 https://$host$request_uri');
});

test.each([
  ['location /.well-known/acme-challenge/ { root /var/www; } location / { return 301 https://$host$request_uri; }', true],
  ['location / { rewrite ^ https://$host$request_uri? permanent; }', true],
  ['rewrite ^(.*)$ https://$host$1 permanent;', true],
  ['if ($scheme = http) { return 301 https://$host$request_uri; }', true],
  ['location / { return 301 https://$host$request_uri; } location /status { stub_status; }', false],
  ['location /api { return 301 https://$host$request_uri; }', false],
  ['location / { proxy_pass http://app; }', false],
  ['return 301 http://www.example.com$request_uri;', false],
  ['return 200 ok;', false],
  ['return 301 $target;', { unknown: 'unresolved' }],
  ['if ($host = pay.example.com) { return 301 https://$host$request_uri; } return 404;', true], // Certbot's
  ['if ($host = pay.example.com) { return 301 https://$host$request_uri; } return 200 ok;', { unknown: 'unresolved' }],
  ['return 404; error_page 404 = @app; location @app { proxy_pass http://app; }', { unknown: 'unsupported' }],
  ['location / { return 403; }', true],
  ['if ($http_user_agent ~ bot) { return 403; } location / { proxy_pass http://app; }', false],
  ['break; return 301 https://$host$request_uri; location / { proxy_pass http://app; }', false],
  [
    'if ($request_method = POST) { break; } return 301 https://$host$request_uri; location / { proxy_pass http://app; }',
    { unknown: 'unresolved' },
  ],
  ['if ($request_method = POST) { break; } location / { proxy_pass http://app; }', false],
  ['rewrite ^(.*)$ /app$1 break; return 301 https://$host$request_uri; location / { proxy_pass http://app; }', false],
  [
    'rewrite ^/old/(.*)$ /new/$1 last; return 301 https://$host$request_uri; location / { proxy_pass http://app; }',
    { unknown: 'unresolved' },
  ],
  ['rewrite ^/old/(.*)$ /new/$1; return 301 https://$host$request_uri;', true],
  ['location / { rewrite ^(.*)$ /app$1 break; return 301 https://$host$request_uri; }', false],
  ['if ($scheme = http) { break; return 301 https://$host$request_uri; } location / { proxy_pass http://app; }', false],
  ['if ($server_port = 80) { return 301 https://$host$request_uri; } location / { proxy_pass http://app; }', true],
  ['location / { access_by_lua_block { ngx.redirect("https://x") } }', { unknown: 'unsupported' }],
])('redirects to https: %s', async (body, expected) => {
  expect(plain((await site(`server { listen 80; server_name pay.example.com; ${body} }`))['redirects_to_https'])).toEqual(expected);
});

test.each([
  ['', 'return 403; include missing.conf;', { unknown: 'access-denied' }],
  ['include missing.conf;', 'return 403;', { unknown: 'access-denied' }],
  ['', 'error_page 500 /500.html; return 403; include missing.conf;', { unknown: 'access-denied' }],
  ['include missing.conf;', 'error_page 500 /500.html; return 403;', true],
  ['', 'error_page {{ code }} /x.html; return 403;', { unknown: 'unresolved' }],
  ['', 'error_page 500 $page; return 403;', true],
  // The connection is closed: no page is sent.
  ['include missing.conf;', 'location / { return 444; }', true],
  ['', 'error_page 444 /x.html; location / { return 444; }', true],
  ['', 'if ($bad) { return 403; } return 301 https://$host$request_uri; error_page 403 /x.html;', { unknown: 'unresolved' }],
  ['', 'if ($bad) { return 403; } return 301 https://$host$request_uri;', true],
  ['', 'location / { if ($bad) { error_page 403 /x.html; return 403; } return 301 https://$host$request_uri; }', { unknown: 'unresolved' }],
])('a refusal is one where no error_page may take it: http { %s server { %s', async (http, body, expected) => {
  const text = `${http} server { listen 80; server_name pay.example.com; ${body} }`;
  const files = { 'nginx.conf': `events {}\nhttp {\n${text}\n}\n`, 'missing.conf': unknown('access-denied', 'missing.conf') };
  const found = ofKind(await collectFiles(files, V), 'http.site')['pay.example.com:80']?.facts ?? {};
  expect(plain(found['redirects_to_https'])).toEqual(expected);
});

test.each([
  ['location ~ \\.css$ { add_header Cache-Control public; }', 'absent'],
  ['location ~ \\.css$ { expires 1d; }', 100],
  ['location /a { add_header Strict-Transport-Security "max-age=50"; }', 50],
  ['location /a { add_header Strict-Transport-Security $sts; }', { unknown: 'unresolved' }],
  ['location /a { include missing.conf; }', { unknown: 'unresolved' }],
  ['location / { if ($x) { add_header X-A b; } }', { unknown: 'unresolved' }],
  ['more_clear_headers "Strict-Transport-Security";', { unknown: 'unsupported' }],
])('a location with headers of its own drops the others: %s', async (body, expected) => {
  const found = await site(
    `server { listen 80; server_name pay.example.com; add_header Strict-Transport-Security "max-age=100" always; add_header X-Frame-Options DENY; ${body} }`,
  );
  expect(plain(found['hsts_max_age'])).toEqual(expected);
});

test('a header that one location drops is not sent by the site', async () => {
  const found = await site(
    'server { listen 80; server_name pay.example.com; add_header X-Frame-Options DENY always; add_header X-B c; location / { } location /static { add_header X-B c; } }',
  );
  expect(names(found['headers'])).toEqual(['x-b']);
});

test('version, limits and addresses', async () => {
  const body = (more: string) =>
    site(
      `limit_req_zone $binary_remote_addr zone=each:10m rate=5r/s; limit_req_zone $server_name zone=all:1m rate=99r/s; server_tokens off; server { listen 80; server_name pay.example.com; ${more} }`,
    );
  expect(plain((await body(''))['discloses_version'])).toBe(false);
  expect(plain((await body('location /x { server_tokens on; }'))['discloses_version'])).toBe(true);
  expect(plain((await body('limit_req zone=each burst=9;'))['rate_limited'])).toBe(true);
  expect(plain((await body('limit_req zone=all;'))['rate_limited'])).toBe(false);
  expect(plain((await body('limit_req zone=each; limit_req_dry_run on;'))['rate_limited'])).not.toBe(true);
  expect(plain((await body('location / { limit_req zone=each; proxy_pass http://a; }'))['rate_limited'])).toBe(true);
  expect(
    plain((await body('location / { limit_req zone=each; proxy_pass http://a; } location /b { proxy_pass http://b; }'))['rate_limited']),
  ).toBe(false);
  expect(plain((await body('limit_req zone=elsewhere;'))['rate_limited'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await body(''))['body_limited'])).toBe(true);
  expect(plain((await body('location /up { client_max_body_size 0; }'))['body_limited'])).toBe(false);
  expect(plain((await body('client_max_body_size ${SIZE};'))['body_limited'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await body(''))['loopback_only'])).toBe(false);
  expect(plain((await site('server { listen 127.0.0.1:80; listen [::1]:80; server_name pay.example.com; }'))['loopback_only'])).toBe(true);
});

test('listen in all its forms', async () => {
  const collected = await collectFiles(
    {
      'nginx.conf': http(
        'server { server_name a; } server { listen 8080; listen 10.0.0.1; listen unix:/run/x.sock; listen ${PORT} ssl; server_name "" b; }',
      ),
    },
    V,
  );
  expect(Object.keys(ofKind(collected, 'http.site'))).toEqual(['a:80', 'b:${PORT}', 'b:80', 'b:8080', 'b:unix:/run/x.sock']);
  expect(plain(ofKind(collected, 'http.site')['b:${PORT}']?.facts['port'])).toEqual({ unknown: 'unresolved' });
  expect(plain(ofKind(collected, 'http.site')['b:unix:/run/x.sock']?.facts['port'])).toBe('absent');
  const templated = await collectFiles({ 'nginx.conf': http('server { listen 443 {{ tls }}; server_name a; }') }, V);
  expect(plain(ofKind(templated, 'http.site')['a:443']?.facts['tls'])).toEqual({ unknown: 'unresolved' });
  expect(templated.coverage['tls.listener']?.status).toBe('partial');
});

test('connections to back ends over TLS', async () => {
  const body = (more: string, versions?: Record<string, string>) =>
    factsOf(
      'tls.listener',
      'client ledger:8443 from pay.example.com:443/api',
      http(`server { listen 443 ssl; server_name pay.example.com; location /api { proxy_pass https://ledger:8443/v1; ${more} } }`),
      versions,
    );
  const bare = await body('');
  expect(plain(bare['verifies_peer'])).toBe(false);
  expect(plain(bare['role'])).toBe('client');
  expect(plain(bare['protocols'])).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
  expect(plain((await body('', {}))['verifies_peer'])).toEqual({ unknown: 'unresolved' });
  const verified = await body('proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/ca.pem; proxy_ssl_protocols TLSv1.3;');
  expect(plain(verified['verifies_peer'])).toBe(true);
  expect(plain(verified['verifies_name'])).toBe(true);
  expect(plain(verified['protocols'])).toEqual(['TLSv1.3']);
  expect(plain((await body('proxy_ssl_verify on;'))['verifies_peer'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await body('proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.pem; proxy_ssl_name $host;'))['verifies_name'])).toEqual({
    unknown: 'unresolved',
  });
  const variable = await collectFiles({ 'nginx.conf': http('server { listen 80; location / { proxy_pass $backend; } }') }, V);
  expect(variable.coverage['tls.listener']?.status).toBe('partial');
});

test('stream servers', async () => {
  const text =
    'stream {\n upstream db { server 10.0.0.1:5432; server 10.0.0.2:5432 backup; }\n server { listen 6432 ssl; ssl_protocols TLSv1.3; proxy_pass db; proxy_ssl on; }\n}';
  expect(plain((await factsOf('tls.listener', 'stream:6432', text))['protocols'])).toEqual(['TLSv1.3']);
  expect(plain((await factsOf('tls.listener', 'client db from stream:6432', text))['verifies_peer'])).toBe(false);
  expect(plain((await factsOf('availability.group', 'db', text))['members'])).toEqual(['10.0.0.1:5432']);
});

test('logs: what a format answers', async () => {
  const log = async (main: string, inServer: string, versions: Record<string, string> = V) =>
    factsOf(
      'log.source',
      'nginx pay.example.com:80',
      http(`${main} server { listen 80; server_name pay.example.com; ${inServer} }`),
      versions,
    );
  const builtIn = await log('', '');
  expect(plain(builtIn['enabled'])).toBe(true);
  expect(plain(builtIn['fields'])).toEqual(['who', 'what', 'when', 'where', 'outcome']);
  expect(plain(builtIn['events'])).toEqual(['access', 'error']);
  expect(plain((await log('', '', {}))['enabled'])).toEqual({ unknown: 'unresolved' });
  const own = await log(
    `log_format audit escape=json '{"t":"$time_iso8601",'\n '"ip":"$remote_addr","b":"$request_body"}';`,
    'access_log /var/log/a.log audit; error_log /dev/null;',
  );
  expect(plain(own['fields'])).toEqual(['when', 'where']);
  expect(plain(own['logs_parameters'])).toBe(true);
  expect(placeOf(own['logs_parameters'])).toBe('nginx.conf:4:28 $request_body');
  expect(plain(own['events'])).toEqual(['access']);
  expect(plain((await log('access_log /var/log/a.log;', 'access_log off;'))['enabled'])).toBe(false);
  expect(plain((await log('', 'access_log /dev/null;'))['enabled'])).toBe(false);
  expect(plain((await log('', 'access_log /a.log combined if=$loud;'))['enabled'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await log('', 'location /api { access_log off; proxy_pass http://a; }'))['enabled'])).toBe(false);
  expect(plain((await log('', 'location = /favicon.ico { access_log off; }'))['enabled'])).toBe(true);
  expect(plain((await log('', 'access_log /a.log elsewhere;'))['fields'])).toEqual({ unknown: 'unresolved' });
});

test.each([
  ['server a:1; server b:1;', true],
  ['server a:1 max_fails=0; server b:1 max_fails=0;', false],
  ['server a:1 max_fails=0; server b:1 max_fails=2;', true],
  ['server a:1;', false],
  ['include members.conf;', { unknown: 'unresolved' }],
])('health of an upstream: %s', async (body, expected) => {
  expect(plain((await factsOf('availability.group', 'app', http(`upstream app { ${body} }`)))['health_checked'])).toEqual(expected);
});

test('members of an upstream: those taken out aside, variables unknown', async () => {
  const found = await factsOf(
    'availability.group',
    'app',
    http('upstream app { server a:1; server b:1 down; server c:1 backup; server ${D}; include more.conf; }'),
  );
  expect(plain(found['members'])).toEqual(['a:1', { unknown: 'unresolved' }, '…']);
});

test('secrets stay in the file', async () => {
  const text = http(`
  map $http_x_api_key $client { default ""; "k-live-1111111" shop; }
  server { listen 80; server_name pay.example.com;
    if ($http_authorization != "Bearer b-live-2222222") { return 401; }
    location / {
      proxy_set_header Authorization "Basic dXNlcjpwYXNzd29yZA==";
      # proxy_set_header X-Api-Key c-old-3333333;
      proxy_set_header X-Token $token;
      set $db_password 'd-live-4444444';
      fastcgi_param DB_PASSWORD e-live-5555555;
      add_header X-Api-Key f-live-6666666;
      proxy_pass https://user:g-live-7777777@app; server_tokens off;
    } }`);
  const collected = await collectFiles({ 'nginx.conf': text }, V);
  const leaked = ['1111111', '2222222', 'dXNlcj', '3333333', '4444444', '5555555', '6666666', '7777777'].filter((secret) =>
    JSON.stringify(collected).includes(secret),
  );
  expect(leaked).toEqual([]);
  expect(names(ofKind(collected, 'secret.exposure')['nginx.conf']?.facts['secrets'])).toEqual([
    'http_x_api_key',
    'http_authorization',
    'Authorization',
    'db_password',
    'DB_PASSWORD',
    'X-Api-Key',
    'password in URL',
  ]);
});

test('two configurations in one tree, and two servers of one name, keep apart', async () => {
  const server = (address: string) => `server { listen ${address} ssl; ssl_protocols TLSv1.3; }`;
  const collected = await collectFiles(
    { 'a/nginx.conf': http(server('443')), 'b/nginx.conf': http(`${server('10.0.0.1:443')} ${server('10.0.0.2:443')}`) },
    V,
  );
  expect(Object.keys(ofKind(collected, 'tls.listener'))).toEqual([
    'a/nginx.conf _:443',
    'b/nginx.conf _:443 on 10.0.0.1:443',
    'b/nginx.conf _:443 on 10.0.0.2:443',
  ]);
});

test('a file under another name is found by its blocks', async () => {
  const collected = await collectFiles(
    {
      'deploy/web.conf.template': 'upstream app {\n server app:80;\n}\nserver {\n listen 80;\n server_name ${DOMAIN};\n}\n',
      'app.conf': 'http {\n port = 80\n}\n',
    },
    V,
  );
  expect(Object.keys(ofKind(collected, 'http.site'))).toEqual(['${DOMAIN}:80']);
  expect(plain(ofKind(collected, 'http.site')['${DOMAIN}:80']?.facts['names'])).toEqual([{ unknown: 'unresolved' }]);
  expect(collected.looked.map(({ name }) => name)).toEqual(['deploy/web.conf.template']);
});

test('hostile files end soon, and in unknowns', { timeout: 90_000 }, async () => {
  const started = performance.now();
  for (const text of [
    'set a "'.repeat(300_000),
    `http {${'server{listen 443 ssl;}'.repeat(20_000)}}`,
    `http {${'upstream a{server b;}'.repeat(50_000)}}`,
    `http { server {${'location /a{add_header a b;}'.repeat(20_000)}}}`,
    `http { server { listen 443 ssl; ssl_protocols ${'x '.repeat(200_000)}; } }`,
    `http{${' '.repeat(2_000_000)}`,
    'set $password abcdefgh1;'.repeat(20_000),
    'include *;'.repeat(20_000),
  ]) {
    const collected = await collectFiles({ 'nginx.conf': text }, V);
    expect(collected.coverage['tls.listener']).toBeDefined();
    if (process.env['TIMES'] !== undefined) console.log(text.slice(0, 40), Math.round(performance.now() - started));
  }
  expect(performance.now() - started).toBeLessThan(60_000);
});

test('a redirect of one port says nothing of another', async () => {
  const body =
    'server { listen 80; listen 8080; server_name pay.example.com; if ($server_port = 80) { return 301 https://$host$request_uri; } location / { proxy_pass http://app; } }';
  expect(plain((await site(body))['redirects_to_https'])).toBe(true);
  expect(plain((await site(body, 'pay.example.com:8080'))['redirects_to_https'])).toEqual({ unknown: 'unresolved' });
});

test('a server that says nothing is no site', async () => {
  const collected = await collectFiles(
    {
      'nginx.conf': http(
        'server { listen 80 default_server; return 444; } server { listen 443 ssl default_server; ssl_reject_handshake on; } server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.3; }',
      ),
    },
    V,
  );
  expect(Object.keys(ofKind(collected, 'http.site'))).toEqual(['pay.example.com:443']);
  expect(Object.keys(ofKind(collected, 'tls.listener'))).toEqual(['pay.example.com:443']);
});

test('fragments of one directory share sockets, and their default servers', async () => {
  const files = {
    'conf.d/00-default.conf': 'server { listen 443 ssl default_server; ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ecdh_curve secp384r1; }',
    'conf.d/pay.conf': 'server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519; }',
  };
  const pay = async (versions: Record<string, string>) => factsOf('tls.listener', 'pay.example.com:443', files, versions);
  expect(plain((await pay({ nginx: '1.26.2' }))['protocols'])).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2']);
  expect(plain((await pay({ nginx: '1.29.2' }))['protocols'])).toEqual(['TLSv1.2', 'TLSv1.3']);
  expect(plain((await pay({ nginx: '1.26.2' }))['groups'])).toEqual({ unknown: 'unresolved' });
  const alone = { 'conf.d/pay.conf': files['conf.d/pay.conf'] };
  expect(plain((await factsOf('tls.listener', 'pay.example.com:443', alone, { nginx: '1.26.2' }))['protocols'])).toEqual([
    'TLSv1.2',
    'TLSv1.3',
    '…',
  ]);
  const own = { 'conf.d/pay.conf': files['conf.d/pay.conf'].replace('ssl;', 'ssl default_server;') };
  expect(plain((await factsOf('tls.listener', 'pay.example.com:443', own, { nginx: '1.26.2' }))['protocols'])).toEqual([
    'TLSv1.2',
    'TLSv1.3',
  ]);
});

const log = (body: string) =>
  factsOf(
    'log.source',
    'nginx pay.example.com:80',
    http(
      `log_format audit '$time_iso8601 $remote_addr $remote_user "$request" $status'; log_format short '$status'; log_format who '$remote_user'; access_log /var/log/nginx/a.log audit; error_log /var/log/nginx/e.log; server { listen 80; server_name pay.example.com; ${body} }`,
    ),
  );

test('what a location records counts: the weakest of all places that hand requests on', async () => {
  const whole = await log('location / { proxy_pass http://app; }');
  expect(plain(whole['fields'])).toEqual(['who', 'what', 'when', 'where', 'outcome']);
  expect(plain(whole['events'])).toEqual(['access', 'error']);
  const short = await log('location / { access_log /var/log/nginx/b.log short; error_log /dev/null; proxy_pass http://app; }');
  expect(plain(short['fields'])).toEqual(['outcome']);
  expect(plain(short['events'])).toEqual(['access']);
  const still = await log('location /static { access_log off; }');
  expect(plain(still['fields'])).toEqual(['who', 'what', 'when', 'where', 'outcome']);
});

test('one record must hold it all: two logs that share it do not', async () => {
  const found = await log('access_log /var/log/nginx/b.log short; access_log /var/log/nginx/c.log who;');
  expect(plain(found['fields'])).toHaveLength(1);
});

test('where records go: files that somebody may read, the host’s syslog, a receiver of its own', async () => {
  expect(plain((await log(''))['channels'])).toEqual(['file:/var/log/nginx/a.log', 'file:/var/log/nginx/*.log', 'file:/var/log/nginx/*']);
  expect(plain((await log('access_log syslog:server=unix:/dev/log,facility=local3 audit;'))['channels'])).toEqual(['syslog:local3']);
  expect(plain((await log('location / { access_log syslog:server=10.0.0.1 audit; proxy_pass http://app; }'))['channels'])).toEqual([
    'nginx syslog 10.0.0.1',
  ]);
  expect(plain((await log('access_log /dev/stdout audit;'))['channels'])).toEqual(['…']);
  const collected = await collectFiles({ 'nginx.conf': http('access_log syslog:server=10.0.0.1:514; server { listen 80; }') }, V);
  expect(plain(ofKind(collected, 'log.sink')['nginx syslog 10.0.0.1:514']?.facts['encrypted'])).toBe(false);
  const none = await collectFiles({ 'nginx.conf': http('access_log /var/log/a.log; server { listen 80; }') }, V);
  expect(none.coverage['log.sink']).toBeUndefined(); // nobody looked at where files end up
});

test('without parameters nginx offers no DHE, and of an unknown version nobody knows; DSA signs for nobody', async () => {
  const mozilla =
    'server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256; }';
  expect(names((await listener(mozilla, undefined, { nginx: '1.26.2' }))['suites'])).toEqual(['ECDHE-RSA-AES128-GCM-SHA256']);
  expect(names((await listener(mozilla, undefined, {}))['suites'])).toEqual(['ECDHE-RSA-AES128-GCM-SHA256', '…']);
  const standard = await listener(
    'server { listen 443 ssl; server_name pay.example.com; ssl_protocols TLSv1.2; ssl_ciphers HIGH:!aNULL; }',
  );
  expect(JSON.stringify(names(standard['suites']))).not.toMatch(/DSS|"DHE/);
});

test.each([
  ['modsec/main.conf', 'Include modsecurity.conf\nInclude /usr/share/modsecurity-crs/*.conf\n'],
  ['waf.conf', '# -- Rule engine\nSecRuleEngine On\n'],
])('rules of ModSecurity beside nginx are not nginx’s: %s', async (name, rules) => {
  const collected = await collectFiles({ 'nginx/nginx.conf': http(MODERN), [`nginx/${name}`]: rules }, V);
  expect(collected.gaps).toEqual([]);
  expect(collected.coverage['tls.listener']?.status).toBe('complete');
});

test.each([['SecRuleEngine on;\nserver { listen 80 }\n'], ['server {\n  listen 80\n}\n'], ['Include sites/*.conf;\nserver {\n']])(
  'a broken file of nginx stays a gap: %j',
  async (text) => {
    const collected = await collectFiles({ 'nginx/nginx.conf': http(MODERN), 'nginx/waf.conf': text }, V);
    expect(collected.coverage['tls.listener']?.status).toBe('partial');
  },
);
