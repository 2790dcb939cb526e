import { beforeAll, expect, test } from 'vitest';
import { nodeNetwork } from '../../src/world/node-network.ts';
import { BRISK, look, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { startHelloServer } from '../support/servers/hello-server.ts';
import { startProxyServer } from '../support/servers/proxy-server.ts';
import type { ScriptedServer } from '../support/servers/scripted-server.ts';

const kept = keeper();
const KINDS = ['http', 'socks5'] as const;
let server: ScriptedServer;
let direct: Seen;
beforeAll(async () => {
  server = await kept(startHelloServer({ tls13: {} }));
  direct = await look(server.port, { limits: BRISK });
});
const FACTS = ['protocols', 'suites', 'groups', 'compression', 'fallback_scsv', 'weaknesses', 'server_preference'];

test.each(KINDS)('through a proxy by %s: the same, and nothing around it', async (kind) => {
  const proxy = await kept(startProxyServer(kind));
  const before = server.connections;
  const seen = await look(server.port, { limits: BRISK, options: { proxy: `${kind}://127.0.0.1:${proxy.port}` } });
  expect(seen.pick(...FACTS)).toEqual(direct.pick(...FACTS));
  expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
  expect(proxy.asked).toHaveLength(seen.connections);
  expect(server.connections - before).toBe(seen.connections);
});

test.each(KINDS)('a name is resolved by the proxy (%s), and asked for in the handshake', async (kind) => {
  const names = { 'inside.example': { host: '127.0.0.1', port: server.port } };
  const proxy = await kept(startProxyServer(kind, { names }));
  const network = { ...nodeNetwork, lookup: () => Promise.reject(new Error('asked for a name')) };
  const seen = await look('tls://inside.example:8443', { limits: BRISK, options: { proxy: `${kind}://127.0.0.1:${proxy.port}` }, network });
  expect(seen.pick(...FACTS)).toEqual(direct.pick(...FACTS));
  expect(new Set(proxy.asked)).toEqual(new Set(['inside.example:8443']));
  expect(seen.get('names')).toEqual(['inside.example']);
});

const REFUSALS = [
  ['http', 403, 'refused'],
  ['http', 407, 'refused'],
  ['http', 502, 'refused'],
  ['socks5', 2, 'refused'],
  ['socks5', 5, 'refused'],
  ['http', 'silence', 'timed-out'],
  ['socks5', 'silence', 'timed-out'],
  ['http', 'close', 'refused'],
  ['socks5', 'close', 'refused'],
  ['http', 'garbage', 'refused'],
  ['socks5', 'garbage', 'unparseable'],
] as const;

test.each(REFUSALS)('a proxy by %s that answers %s: nothing is known, and the proxy is named', async (kind, refuses, cause) => {
  const proxy = await kept(startProxyServer(kind, { refuses }));
  const { record, listeners } = await look(server.port, { limits: BRISK, options: { proxy: `${kind}://127.0.0.1:${proxy.port}` } });
  expect(listeners).toEqual([]);
  expect(record.gaps).toMatchObject([{ cause }]);
  expect(record.gaps[0]?.detail).toContain('proxy');
  for (const { status } of Object.values(record.coverage)) expect(status).toBe('failed');
});

test('a proxy that is none, or wants credentials, is not spoken to', async () => {
  for (const proxy of ['ftp://127.0.0.1:21', 'http://user:secret@127.0.0.1:1', 'nonsense']) {
    const { record } = await look(server.port, { options: { proxy } });
    expect(record.gaps).toMatchObject([{ cause: 'unsupported' }]);
    expect(record.resources).toEqual([]);
  }
});
