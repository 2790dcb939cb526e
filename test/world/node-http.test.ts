import { createServer, connect as connectTcp, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../src/world/network.ts';
import { nodeNetwork } from '../../src/world/node-network.ts';
import { closedPort, HOST, reply, scripted, type Script, type Scripted } from '../support/http-servers.ts';

const started: Pick<Scripted, 'close'>[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close();
});

const serve = async (script: Script, options?: Parameters<typeof scripted>[1]): Promise<Scripted> => {
  const server = await scripted(script, options);
  started.push(server);
  return server;
};

const ask = (port: number, more: Partial<HttpRequest> = {}, scheme = 'http'): Promise<HttpAnswer | { state: 'unknown'; cause: string }> =>
  nodeNetwork.request({
    method: 'GET',
    url: `${scheme}://localhost:${port}/`,
    address: HOST,
    headers: {},
    timeout: 1500,
    signal: new AbortController().signal,
    maxBody: 1000,
    ...more,
  });

/** All sockets are gone a moment after the answer. */
const drained = async (server: Scripted): Promise<number> => {
  for (let wait = 0; wait < 50 && server.open() > 0; wait += 1) await delay(10);
  return server.open();
};

test('headers come in their order, repeated ones apart, names as sent; the request says it is the last', async () => {
  let seen = '';
  const server = await serve((socket, head) => {
    seen = head;
    reply(socket, ['HTTP/1.1 200 OK', 'X-B: 1', 'Set-Cookie: a=1', 'x-a: \u00e9', 'Set-Cookie: b=2'], 'hello');
  });
  const answer = await ask(server.port, { headers: { 'x-test': 'yes' } });
  expect(answer).toMatchObject({
    status: 200,
    headers: [
      ['X-B', '1'],
      ['Set-Cookie', 'a=1'],
      ['x-a', '\u00c3\u00a9'], // two bytes of UTF-8: what they mean is for others to say
      ['Set-Cookie', 'b=2'],
    ],
    cut: false,
  });
  expect('body' in answer && Buffer.from(answer.body).toString()).toBe('hello');
  expect(seen).toContain(`host: localhost:${server.port}\r\n`);
  expect(seen).toMatch(/connection: close/i);
  expect(await drained(server)).toBe(0);
});

test.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST'] as const)('%s is sent as such', async (method) => {
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 204 No Content']));
  expect(await ask(server.port, { method, ...(method === 'POST' ? { body: Buffer.from('x=1') } : {}) })).toMatchObject({ status: 204 });
  expect(server.requests).toEqual([`${method} / HTTP/1.1`]);
});

test('over TLS with a certificate that nobody trusts, the server name as asked', async () => {
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 200 OK', 'Server: x']), { tls: true });
  expect(await ask(server.port, {}, 'https')).toMatchObject({
    status: 200,
    headers: [
      ['Server', 'x'],
      ['Content-Length', '0'],
    ],
  });
  expect(await ask(server.port, { serverName: 'pay.example.com' }, 'https')).toMatchObject({ status: 200 });
  expect(await ask(server.port, { url: `https://127.0.0.1:${server.port}/` })).toMatchObject({ status: 200 });
  expect(await drained(server)).toBe(0);
});

test('redirects are handed on, not followed', async () => {
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 302 Found', 'Location: /next']));
  expect(await ask(server.port)).toMatchObject({ status: 302 });
  expect(server.requests.length).toBe(1);
});

test('an interim answer is not the answer', async () => {
  const server = await serve((socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
    reply(socket, ['HTTP/1.1 200 OK', 'X: 1']);
  });
  expect(await ask(server.port)).toMatchObject({
    status: 200,
    headers: [
      ['X', '1'],
      ['Content-Length', '0'],
    ],
  });
});

test.each<[string, string, Script, boolean]>([
  ['silence', 'timed-out', () => undefined, false],
  ['garbage', 'unparseable', (socket) => socket.end('\x00\xffSSH-2.0-x\r\n\r\n'), false],
  ['garbage at once', 'unparseable', (socket) => socket.end('220 mail.example.com ESMTP\r\n'), true],
  ['an end without an answer', 'unreachable', (socket) => socket.end(), false],
  ['a reset', 'unreachable', (socket) => socket.resetAndDestroy(), false],
  ['half a header', 'unreachable', (socket) => socket.end('HTTP/1.1 200 OK\r\nX-A: 1'), false],
  ['HTTP/0.9', 'unparseable', (socket) => socket.end('<html></html>'), false],
  ['a bare 100', 'unparseable', (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n'), false],
  ['control characters in a header', 'unparseable', (socket) => socket.end('HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n'), false],
])('%s is %s', async (_, cause, script, atOnce) => {
  const server = await serve(script, { atOnce });
  const begun = performance.now();
  expect(await ask(server.port, { timeout: 600 })).toMatchObject({ state: 'unknown', cause });
  expect(performance.now() - begun).toBeLessThan(1500);
  expect(await drained(server)).toBe(0);
});

/** Writes forever, as fast as the other side reads, or one piece each `pause` milliseconds. */
const forever =
  (head: string, piece: string, pause = 0): Script =>
  async (socket) => {
    socket.write(head);
    while (!socket.destroyed) {
      if (!socket.write(piece)) await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), delay(50)]);
      await delay(pause);
    }
  };

test('one byte a second, endless headers, endless interim answers: an end in time, and nothing known', async () => {
  const slow = await serve(forever('HTTP/1.1 200 OK\r\n', 'X', 100));
  expect(await ask(slow.port, { timeout: 400 })).toMatchObject({ cause: 'timed-out' });
  const headers = await serve(forever('HTTP/1.1 200 OK\r\n', `X-Filler: ${'a'.repeat(1000)}\r\n`));
  expect(await ask(headers.port)).toMatchObject({ cause: 'unsupported' });
  const value = await serve(forever('HTTP/1.1 200 OK\r\nX: ', 'a'.repeat(10_000)));
  expect(await ask(value.port)).toMatchObject({ cause: 'unsupported' });
  const status = await serve(forever('HTTP/1.1 200 ', 'a'.repeat(10_000)));
  expect(await ask(status.port, { timeout: 400 })).toMatchObject({ cause: 'timed-out' });
  const interim = await serve(forever('', 'HTTP/1.1 102 Processing\r\n\r\n'));
  expect(await ask(interim.port, { timeout: 400 })).toMatchObject({ cause: 'timed-out' });
  for (const server of [slow, headers, value, status, interim]) expect(await drained(server)).toBe(0);
});

test('what stood in the header is known, however the body ends; the body is cut', async () => {
  const endless = await serve(forever('HTTP/1.1 200 OK\r\nX: 1\r\n\r\n', 'b'.repeat(10_000)));
  const answer = await ask(endless.port);
  expect(answer).toMatchObject({ status: 200, headers: [['X', '1']], cut: true });
  expect('body' in answer && answer.body.length).toBe(1000);
  const half = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
  expect(await ask(half.port)).toMatchObject({ status: 200, cut: true });
  const stuck = await serve((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
  expect(await ask(stuck.port, { timeout: 300 })).toMatchObject({ status: 200, cut: true });
  const broken = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'));
  expect(await ask(broken.port)).toMatchObject({ status: 200, cut: true });
  for (const server of [endless, half, stuck, broken]) expect(await drained(server)).toBe(0);
});

test('a compressed body is handed on as it came', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  const server = await serve((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
    socket.end(bomb);
  });
  const answer = await ask(server.port, { maxBody: 100_000 });
  expect('body' in answer && answer.body.length).toBe(bomb.length);
});

test('a closed port is refused, an abort is no answer, a bad URL no request', async () => {
  expect(await ask(await closedPort())).toMatchObject({ cause: 'refused' });
  expect(await ask(await closedPort(), {}, 'https')).toMatchObject({ cause: 'refused' });
  const server = await serve(() => undefined);
  expect(await ask(server.port, { signal: AbortSignal.timeout(200) })).toMatchObject({ cause: 'timed-out' });
  expect(await ask(server.port, { signal: AbortSignal.abort() })).toMatchObject({ cause: 'timed-out' });
  expect(await ask(server.port, { url: 'https://' })).toMatchObject({ cause: 'unparseable' });
  expect(await ask(server.port, { url: 'file:///etc/passwd' })).toMatchObject({ cause: 'unparseable' });
  expect(await ask(server.port, { headers: { 'x-a': 'b\r\nc: d' } })).toMatchObject({ state: 'unknown' });
  expect(await drained(server)).toBe(0);
});

test('TLS to a server that speaks none, or falls silent in the handshake', async () => {
  const plain = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), { atOnce: true });
  expect(await ask(plain.port, {}, 'https')).toMatchObject({ cause: 'unparseable' });
  const silent = await serve(() => undefined, { atOnce: true });
  expect(await ask(silent.port, { timeout: 300 }, 'https')).toMatchObject({ cause: 'timed-out' });
  const closing = await serve((socket) => socket.end(), { atOnce: true });
  expect(await ask(closing.port, {}, 'https')).toMatchObject({ cause: 'unreachable' });
  for (const server of [plain, silent, closing]) expect(await drained(server)).toBe(0);
});

test.each(['http', 'https'])('%s through an HTTP proxy that asks for the address', async (scheme) => {
  const server = await serve((socket) => reply(socket, ['HTTP/1.1 200 OK', 'X: 1']), { tls: scheme === 'https' });
  const asked: string[] = [];
  const proxy = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (head) => {
      asked.push(head.toString().split('\r\n')[0] ?? '');
      const upstream = connectTcp(server.port, HOST, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      upstream.on('error', () => undefined);
    });
  });
  await new Promise<void>((resolve) => void proxy.listen(0, HOST, resolve));
  started.push({ close: () => new Promise((resolve) => void proxy.close(() => resolve())) });
  const { port } = proxy.address() as AddressInfo;
  const answer = await ask(server.port, { address: 'pay.example.com', proxy: { kind: 'http', host: HOST, port } }, scheme);
  expect(answer).toMatchObject({
    status: 200,
    headers: [
      ['X', '1'],
      ['Content-Length', '0'],
    ],
  });
  expect(asked).toEqual([`CONNECT pay.example.com:${server.port} HTTP/1.1`]);
});
