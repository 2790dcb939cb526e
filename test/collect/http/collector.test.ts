import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import type { Collected } from '../../../src/collect/collector.ts';
import { siteAddress } from '../../../src/collect/http/address.ts';
import { httpCollector } from '../../../src/collect/http/collector.ts';
import { unknown } from '../../../src/model/fact.ts';
import type { Resource, Target } from '../../../src/model/resource.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import type { Network } from '../../../src/world/network.ts';
import { nodeNetwork } from '../../../src/world/node-network.ts';
import { filesTarget, plain } from '../../support/collect.ts';
import {
  closedPort,
  hasNginx,
  HOST,
  reply,
  scripted,
  startNginx,
  type Nginx,
  type Script,
  type Scripted,
} from '../../support/http-servers.ts';

const target = (kind: string, address: string, options: Readonly<Record<string, string>> = {}): Target => ({
  ...filesTarget({}, options),
  kind,
  address,
});

const collect = (
  kind: string,
  address: string,
  options: Readonly<Record<string, string>> = {},
  { signal = new AbortController().signal, network = nodeNetwork }: { readonly signal?: AbortSignal; readonly network?: Network } = {},
): Promise<Collected> =>
  httpCollector.collect(target(kind, address, options), { ...memoryWorld({}, '2026-11-24T00:00:00Z'), network }, signal);

const one = (collected: Collected, index = 0): Resource => {
  const found = collected.resources[index];
  if (found === undefined) throw new Error(`no resource: ${JSON.stringify(collected.gaps)}`);
  return found;
};
const values = (resource: Resource): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(resource.facts).map(([name, fact]) => [name, plain(fact)]));

const started: Pick<Scripted, 'close'>[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close();
});
const serve = async (script: Script, options?: Parameters<typeof scripted>[1]): Promise<Scripted> => {
  const server = await scripted(script, options);
  started.push(server);
  return server;
};

test.each([
  ['https', 'https://pay.example.com', { host: 'pay.example.com', port: 443, path: '/', clearPort: 80 }],
  ['https', 'pay.example.com:8443', { host: 'pay.example.com', port: 8443, path: '/' }],
  ['https', 'https://[2001:db8::1]/app?x=1', { host: '[2001:db8::1]', port: 443, path: '/app', clearPort: 80 }],
  ['https', '[::1]:8443', { host: '[::1]', port: 8443 }],
  ['http', 'http://pay.example.com', { host: 'pay.example.com', port: 80, secure: false }],
  ['http', 'pay.example.com:8080', { port: 8080 }],
  ['https', 'https://\u94f6\u884c.cn', { host: 'xn--jn2a72x.cn' }],
])('%s address %s', (kind, address, expected) => {
  expect(siteAddress(target(kind, address))).toMatchObject(expected);
});

test.each([
  ['https', ''],
  ['https', 'https://'],
  ['https', 'http://pay.example.com'],
  ['https', 'https://user:s3cret@pay.example.com'],
  ['http', 'pay.example.com:99999'],
  ['https', 'a b'],
])('%s address "%s" is none, and is not repeated', async (kind, address) => {
  const collected = await collect(kind, address);
  expect(collected.resources).toEqual([]);
  expect(collected.coverage['http.site']?.status).toBe('failed');
  expect(JSON.stringify(collected)).not.toContain('s3cret');
});

test('options: a server name, a proxy, a port in clear, paths', () => {
  const read = (options: Record<string, string>): unknown => siteAddress(target('https', '10.0.0.5:8443', options));
  expect(
    read({ sni: 'pay.example.com', proxy: 'socks5://[::1]:1080', http_port: '8080', private_paths: '/a, /b,//evil, https://x,/a' }),
  ).toMatchObject({
    host: '10.0.0.5',
    name: 'pay.example.com',
    proxy: { kind: 'socks5', host: '::1', port: 1080 },
    clearPort: 8080,
    privatePaths: ['/a', '/b'],
  });
  for (const wrong of [{ sni: 'a/b' }, { sni: 'user@x' }, { proxy: 'https://x' }, { proxy: 'x' }, { http_port: '0' }, { http_port: 'x' }])
    expect(read(wrong)).toMatchObject({ state: 'unknown' });
});

describe.skipIf(!hasNginx())('nginx', () => {
  let weak: Nginx;
  let hardened: Nginx;
  const tls = 'ssl_certificate site.crt; ssl_certificate_key site.key;';
  beforeAll(async () => {
    weak = await startNginx(
      2,
      ([secure, clear], directory) => `
        server { listen ${HOST}:${secure} ssl; server_name localhost; ${tls} ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0; root ${directory}/www; gzip on;
          add_header Strict-Transport-Security "max-age=60; max-age=31536000"; add_header X-Powered-By PHP/7.4.3;
          add_header Content-Security-Policy "default-src * 'unsafe-inline'"; add_header Set-Cookie "PHPSESSID=s3cr3t; Path=/";
          add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials true; }
        server { listen ${HOST}:${clear}; root ${directory}/www; }`,
    );
    hardened = await startNginx(
      2,
      ([secure, clear], directory) => `server_tokens off;
        server { listen ${HOST}:${secure} ssl; server_name localhost; ${tls} ssl_protocols TLSv1.3; root ${directory}/www;
          add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
          add_header Content-Security-Policy "default-src 'self'; frame-ancestors 'none'" always; add_header X-Content-Type-Options nosniff always;
          add_header Referrer-Policy no-referrer always; add_header Cache-Control no-store always; add_header Permissions-Policy "camera=()" always;
          add_header Set-Cookie "__Host-session=s3cr3t; Path=/; Secure; HttpOnly; SameSite=Lax";
          location = /account { return 401; } location = /statement { return 200 "1"; } location = / { return 302 /index.html; } }
        server { listen ${HOST}:${clear}; server_name localhost; return 301 https://localhost:${secure}$request_uri; }`,
    );
  }, 40_000);
  afterAll(async () => {
    await weak.stop();
    await hardened.stop();
  });

  test('a weak site is seen as it is', async () => {
    const collected = await collect('https', `localhost:${weak.ports[0]}`, { http_port: String(weak.ports[1]) }, { network: onlyIPv4 });
    expect(collected.coverage['http.site']).toMatchObject({ status: 'complete', gaps: [] });
    const byPort = new Map(collected.resources.map((resource) => [resource.id, values(resource)]));
    expect(byPort.get(`localhost:${weak.ports[0]}`)).toMatchObject({
      names: ['localhost'],
      port: weak.ports[0],
      tls: true,
      loopback_only: { unknown: 'not-collected' },
      redirects_to_https: false,
      redirect: 'absent',
      status: 200,
      hsts_valid: false,
      hsts_max_age: 'absent',
      script_sources: ['*', "'unsafe-inline'"],
      framed_by: 'absent',
      nosniff: false,
      referrer_policies: 'absent',
      permissions: 'absent',
      cookies: [{ name: 'PHPSESSID', secure: false, http_only: false, same_site: 'absent', prefix_kept: true, max_age: 'absent' }],
      discloses_version: true,
      pages: [{ path: '/', status: 200, private: false, no_store: false }],
      cors_any_origin_with_credentials: false,
      cors_reflects_origin: true,
      cors_accepts_null: true,
      trace_enabled: false,
      compresses_pages: true,
    });
    expect(byPort.get(`localhost:${weak.ports[1]}`)).toMatchObject({ tls: false, redirects_to_https: false, redirect: 'absent' });
    expect(JSON.stringify(collected)).not.toContain('s3cr3t');
  });

  test('a hardened site is seen as it is; what stands behind a login is not known', async () => {
    const options = { http_port: String(hardened.ports[1]), private_paths: '/account,/statement' };
    const collected = await collect('https', `https://localhost:${hardened.ports[0]}`, options, { network: onlyIPv4 });
    expect(collected.gaps).toEqual([]);
    const byPort = new Map(collected.resources.map((resource) => [resource.id, values(resource)]));
    expect(byPort.get(`localhost:${hardened.ports[0]}`)).toMatchObject({
      redirects_to_https: false,
      redirect: { status: 302, permanent: false, same_host: true, straight: true },
      status: 200,
      hsts_valid: true,
      hsts_max_age: 31_536_000,
      hsts_include_subdomains: true,
      hsts_preload: false,
      script_sources: ["'self'"],
      framed_by: ["'none'"],
      nosniff: true,
      referrer_policies: ['no-referrer'],
      permissions: [{ feature: 'camera', allowed: [] }],
      cookies: [{ name: '__Host-session', key: '__host-session', secure: true, http_only: true, same_site: 'lax', prefix_kept: true }],
      discloses_version: false,
      pages: [
        { path: '/', no_store: true },
        { path: '/account', status: 401, private: true, no_store: { unknown: 'access-denied' } },
        { path: '/statement', status: 200, private: true, no_store: true },
      ],
      cors_any_origin_with_credentials: false,
      cors_reflects_origin: false,
      cors_accepts_null: false,
      trace_enabled: false,
      compresses_pages: false,
      rate_limited: { unknown: 'not-collected' },
    });
    expect(byPort.get(`localhost:${hardened.ports[1]}`)).toMatchObject({
      tls: false,
      redirects_to_https: true,
      redirect: { status: 301, permanent: true, same_host: true, straight: true },
    });
  });
});

/** The real network, with a name of the given addresses. */
const named = (...addresses: string[]): Network => ({ ...nodeNetwork, lookup: async () => addresses });
const onlyIPv4 = named(HOST);

const page: Script = (socket) => reply(socket, ['HTTP/1.1 200 OK', 'Content-Type: text/html'], '<p>x</p>');

test('each address behind a name is a site of its own', async () => {
  const server = await serve(page);
  const collected = await collect('http', `pay.example.com:${server.port}`, {}, { network: named('127.0.0.1', '127.0.0.9') });
  // The scripted server listens on the first alone.
  expect(collected.resources.map(({ id }) => id)).toEqual([`pay.example.com:${server.port} @ 127.0.0.1`]);
  expect(collected.coverage['http.site']).toMatchObject({ status: 'partial', gaps: [{ cause: 'refused' }] });
  const none = await collect('http', 'pay.example.com', {}, { network: named() });
  expect(none.coverage['http.site']).toMatchObject({ status: 'failed', gaps: [{ cause: 'unreachable' }] });
});

test('a name that leads to a metadata service is not asked there; an address that the user wrote is', async () => {
  const asked: string[] = [];
  const network = (...addresses: string[]): Network => ({
    ...named(...addresses),
    request: async ({ address }) => {
      asked.push(address);
      return { state: 'unknown', cause: 'timed-out', detail: address };
    },
  });
  const internal = ['169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', 'fe80::1', '100.100.100.200', 'fd00:ec2::254'];
  const rebound = await collect('http', 'pay.example.com', {}, { network: network(...internal, '10.0.0.1') });
  expect(asked).toEqual(['10.0.0.1']);
  expect(rebound.gaps.map(({ cause }) => cause)).toEqual([...internal.map(() => 'refused'), 'timed-out']);
  await collect('http', '169.254.169.254', {}, { network: network('169.254.169.254') });
  expect(asked.at(-1)).toBe('169.254.169.254');
});

test('a proxy that refuses the port in clear has not said that nobody listens there', async () => {
  const refusing = await serve((socket) => reply(socket, ['HTTP/1.1 403 Forbidden']));
  const collected = await collect('https', 'pay.example.com', { proxy: `http://${HOST}:${refusing.port}` });
  expect(collected.gaps.map(({ cause }) => cause)).toEqual(['refused', 'refused']);
  expect(collected.coverage['http.site']?.status).toBe('failed');
});

test('an encrypted site that sends everybody away for good has no page of its own; one that sends them to log in may', async () => {
  const away = (status: number): Promise<Scripted> =>
    serve((socket) => reply(socket, [`HTTP/1.1 ${status} Away`, 'Location: https://sso.example.com/login']), { tls: true });
  const [good, login] = [await away(308), await away(302)];
  const [first, second] = [await collect('https', `${HOST}:${good.port}`), await collect('https', `${HOST}:${login.port}`)];
  expect(values(one(first))).toMatchObject({ redirects_to_https: true, cors_reflects_origin: { unknown: 'not-collected' } });
  expect(values(one(second))).toMatchObject({ redirects_to_https: { unknown: 'unresolved' }, cors_reflects_origin: false });
});

test('few requests, none that changes anything', async () => {
  const server = await serve(page);
  await collect('http', `${HOST}:${server.port}`);
  expect(server.requests.toSorted()).toEqual([
    'GET / HTTP/1.1',
    'GET / HTTP/1.1',
    'GET / HTTP/1.1',
    'GET /custos-looks-for-a-page-that-is-not-there HTTP/1.1',
    'OPTIONS / HTTP/1.1',
    'TRACE / HTTP/1.1',
  ]);
});

test('nobody in clear is no gap; silence in clear is one', async () => {
  const secure = await serve(page, { tls: true });
  const closed = await collect('https', `${HOST}:${secure.port}`, { http_port: String(await closedPort()) });
  expect(closed.coverage['http.site']).toMatchObject({ status: 'complete', gaps: [] });
  expect(closed.resources.length).toBe(1);
  const silent = await serve(() => undefined);
  const quiet = await collect('https', `${HOST}:${secure.port}`, { http_port: String(silent.port) }, { signal: AbortSignal.timeout(1500) });
  expect(quiet.coverage['http.site']).toMatchObject({ status: 'partial', gaps: [{ cause: 'timed-out' }] });
  expect(quiet.resources.map(({ id }) => id)).toEqual([`${HOST}:${secure.port}`]);
});

test.each<[string, string, Script]>([
  ['silence', 'timed-out', () => undefined],
  ['garbage', 'unparseable', (socket) => socket.end('\x00\xff\r\n\r\n')],
  ['half an answer', 'unreachable', (socket) => socket.end('HTTP/1.1 200 OK\r\nX: ')],
  [
    'one byte a second',
    'timed-out',
    async (socket) => {
      for (const byte of 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n') {
        if (socket.destroyed) return;
        socket.write(byte);
        await delay(300);
      }
    },
  ],
  [
    'endless headers',
    'unsupported',
    async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      while (!socket.destroyed) {
        socket.write(`X-A: ${'a'.repeat(5000)}\r\n`);
        await delay(1);
      }
    },
  ],
])('%s: nothing is known, in time', async (_, cause, script) => {
  const server = await serve(script);
  const begun = performance.now();
  const collected = await collect('http', `${HOST}:${server.port}`, {}, { signal: AbortSignal.timeout(1000) });
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(collected.resources).toEqual([]);
  expect(collected.coverage['http.site']).toMatchObject({ status: 'failed', gaps: [{ cause }] });
  for (let wait = 0; wait < 50 && server.open() > 0; wait += 1) await delay(10);
  expect(server.open()).toBe(0);
});

test('a closed port is a gap', async () => {
  const collected = await collect('http', `${HOST}:${await closedPort()}`);
  expect(collected.coverage['http.site']).toMatchObject({ status: 'failed', gaps: [{ cause: 'refused' }] });
});

test('an endless body, and one that unpacks to a hundred times its size', async () => {
  const endless = await serve(async (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n');
    while (!socket.destroyed) {
      if (!socket.write('b'.repeat(20_000))) await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), delay(20)]);
    }
  });
  const found = values(one(await collect('http', `${HOST}:${endless.port}`)));
  expect(found).toMatchObject({ status: 200, trace_enabled: { unknown: 'unsupported' }, discloses_version: { unknown: 'unsupported' } });
  for (const [encoding, bomb] of [
    ['gzip', gzipSync(Buffer.alloc(20_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(1_000_000))],
  ] as const) {
    const server = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    });
    expect(values(one(await collect('http', `${HOST}:${server.port}`)))).toMatchObject({ compresses_pages: true });
  }
}, 20_000);

test('redirects on the same host are followed three times, and a loop ends', async () => {
  const loop = await serve((socket) => reply(socket, ['HTTP/1.1 302 Found', 'Location: /again']));
  const found = values(one(await collect('http', `${HOST}:${loop.port}`)));
  expect(loop.requests.filter((line) => line === 'GET /again HTTP/1.1').length).toBeLessThan(8);
  expect(found).toMatchObject({ redirects_to_https: false, status: 302 });
  const steps = await serve((socket, head) =>
    head.startsWith('GET / ')
      ? reply(socket, ['HTTP/1.1 301 Moved', 'Location: home?token=s3cr3t'])
      : reply(socket, ['HTTP/1.1 200 OK', 'X-Content-Type-Options: nosniff'], 'x'),
  );
  const collected = await collect('http', `${HOST}:${steps.port}`);
  expect(values(one(collected))).toMatchObject({ status: 200, nosniff: true, redirect: { status: 301, same_host: true, straight: false } });
  expect(JSON.stringify(collected)).not.toContain('s3cr3t');
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://localhost:1/',
  '//evil.example.com/x',
  'https://127.0.0.1:1/',
  'ftp://x/',
  'http://[bad',
  '',
])('a redirect to %s is not followed', async (location) => {
  const asked: string[] = [];
  const network: Network = {
    ...nodeNetwork,
    request: (request) => {
      asked.push(`${request.address} ${new URL(request.url).host}`);
      return nodeNetwork.request(request);
    },
  };
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 302 Found', `Location: ${location}`]));
  const collected = await collect('http', `${HOST}:${server.port}`, {}, { network });
  expect(new Set(asked)).toEqual(new Set([`${HOST} ${HOST}:${server.port}`]));
  expect(values(one(collected))).toMatchObject({ redirects_to_https: location.startsWith('https:') });
});

test('an outage shows nothing of the site', async () => {
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 503 Service Unavailable', 'X-Content-Type-Options: nosniff']));
  const found = values(one(await collect('http', `${HOST}:${server.port}`)));
  for (const name of [
    'nosniff',
    'hsts_valid',
    'script_sources',
    'headers',
    'redirects_to_https',
    'redirect',
    'cors_reflects_origin',
    'trace_enabled',
    'compresses_pages',
  ])
    expect([name, found[name]]).toEqual([name, { unknown: 'unresolved' }]);
  expect(found['cookies']).toEqual(['…']);
});

test('a site in clear that answers, and refuses the connection after it, is no site where nobody listens', async () => {
  const secure = await serve(page, { tls: true });
  const clear = await serve((socket) => reply(socket, ['HTTP/1.1 302 Found', 'Location: /next']));
  const network: Network = {
    ...nodeNetwork,
    request: async (request) =>
      request.url === `http://${HOST}:${clear.port}/next` ? unknown('refused', 'ECONNREFUSED') : nodeNetwork.request(request),
  };
  const collected = await collect('https', `${HOST}:${secure.port}`, { http_port: String(clear.port) }, { network });
  expect(collected.coverage['http.site']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unresolved' }] });
});

test('an encrypted site that redirects to itself without end, or answers 304, sends nobody away', async () => {
  const loop = await serve((socket) => reply(socket, ['HTTP/1.1 301 Moved', `Location: https://${HOST}:${loop.port}/again`]), {
    tls: true,
  });
  expect(values(one(await collect('https', `${HOST}:${loop.port}`)))).toMatchObject({ redirects_to_https: false });
  const kept = await serve((socket, head) =>
    head.startsWith('GET / ')
      ? reply(socket, ['HTTP/1.1 301 Moved', 'Location: https://pay.example.com/'])
      : reply(socket, ['HTTP/1.1 304 Not Modified', 'Location: https://pay.example.com/']),
  );
  expect(values(one(await collect('http', `${HOST}:${kept.port}`)))).toMatchObject({ redirects_to_https: false });
});

test('an error page that an outage hides, and methods that it does not name, are not known', async () => {
  const server = await serve((socket, head) =>
    head.startsWith('GET / ') ? reply(socket, ['HTTP/1.1 200 OK'], 'x') : reply(socket, ['HTTP/1.1 503 Service Unavailable']),
  );
  expect(values(one(await collect('http', `${HOST}:${server.port}`)))).toMatchObject({
    discloses_version: { unknown: 'unresolved' },
    banners: ['…'],
    methods: { unknown: 'unresolved' },
  });
  const login = await serve((socket) => reply(socket, ['HTTP/1.1 401 Unauthorized']));
  expect(values(one(await collect('http', `${HOST}:${login.port}`)))).toMatchObject({ compresses_pages: { unknown: 'access-denied' } });
});

test('TRACE that comes back, origins that are reflected, methods that are allowed', async () => {
  const server = await serve((socket, head) => {
    const origin = /origin: (.*)\r/i.exec(head)?.[1];
    const cors = origin === undefined ? [] : [`Access-Control-Allow-Origin: *`, 'Access-Control-Allow-Credentials: true'];
    if (head.startsWith('TRACE')) reply(socket, ['HTTP/1.1 200 OK', 'Content-Type: message/http'], head);
    else reply(socket, ['HTTP/1.1 200 OK', 'Allow: GET, head,<x>', ...cors], head.startsWith('OPTIONS') ? '' : 'x');
  });
  expect(values(one(await collect('http', `${HOST}:${server.port}`)))).toMatchObject({
    trace_enabled: true,
    cors_any_origin_with_credentials: true,
    cors_reflects_origin: false,
    cors_accepts_null: false,
    methods: ['GET', 'HEAD'],
  });
});

test('a TRACE without an answer is not known, the rest is', async () => {
  const server = await serve((socket, head) => (head.startsWith('TRACE') ? socket.resetAndDestroy() : page(socket, head)));
  const found = values(one(await collect('http', `${HOST}:${server.port}`)));
  expect(found).toMatchObject({ trace_enabled: { unknown: 'unreachable' }, cors_reflects_origin: false });
});

test('several policies in several fields combine, and an error page that signs with its version is heard', async () => {
  const server = await serve((socket, head) =>
    head.startsWith('GET /custos')
      ? reply(socket, ['HTTP/1.1 404 Not Found'], '<h3>Apache Tomcat/9.0.31</h3>')
      : reply(
          socket,
          [
            'HTTP/1.1 200 OK',
            'content-security-policy: script-src *',
            "Content-Security-Policy: default-src 'self', frame-ancestors 'self'",
            'Content-Security-Policy-Report-Only: script-src data:',
          ],
          'x',
        ),
  );
  expect(values(one(await collect('http', `${HOST}:${server.port}`)))).toMatchObject({
    script_sources: ["'self'"],
    framed_by: ["'self'"],
    discloses_version: true,
  });
});

test('what is called off ends soon', async () => {
  const server = await serve(page);
  const collected = await collect('http', `${HOST}:${server.port}`, {}, { signal: AbortSignal.abort() });
  expect(collected.resources).toEqual([]);
  expect(collected.coverage['http.site']?.status).toBe('failed');
});
