import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import type { DatabaseAddress } from '../../src/world/database-address.ts';
import { isEncrypted, type DatabaseLogin } from '../../src/world/database.ts';
import { dialAddress, isExposed, openLogin, refusalOf, secured, transportOf } from '../../src/world/node-login.ts';
import { OpenedSecrets, Secret } from '../../src/world/secret.ts';
import { certificate } from '../support/servers/certificate.ts';

const login = (more: Partial<DatabaseLogin>, address: DatabaseLogin['address']): DatabaseLogin => ({
  address,
  insecure: false,
  timeout: 1_000,
  signal: new AbortController().signal,
  ...more,
});
const redis = (host: string, port: number): DatabaseAddress => ({ engine: 'redis', scheme: 'rediss', host, port, parameters: {} });

test('an address is a secret where it holds a password, and only there', () => {
  const open = (url: string, more: Partial<DatabaseLogin> = {}): { opened: OpenedSecrets; found: unknown } => {
    const opened = new OpenedSecrets();
    return { opened, found: openLogin('postgres', login(more, new Secret(url)), opened) };
  };
  const plain = open('postgres://audit@db.example/ledger');
  expect(plain.found).toMatchObject({ address: { user: 'audit', host: 'db.example', database: 'ledger' } });
  expect(plain.opened.revealedBy(() => 'postgres://audit@db.example/ledger')).toBe(false);
  const sealed = open('postgres://audit:canary-1234@db.example/ledger', { database: 'archive', user: 'other' });
  expect(sealed.found).toMatchObject({ address: { user: 'audit', database: 'archive' }, password: 'canary-1234' });
  for (const text of ['canary-1234', 'postgres://audit:canary-1234@db.example/ledger'])
    expect(sealed.opened.revealedBy(() => text)).toBe(true);
  expect(sealed.opened.revealedBy(() => 'audit archive db.example')).toBe(false);
  expect(open('mailto:canary').found).toMatchObject({ state: 'unknown', cause: 'unparseable' });
});

test('a Unix socket that is not there, not for us, or late says so', async () => {
  const at: DatabaseAddress = { engine: 'redis', scheme: 'redis', socket: '/no/such/socket', port: 6379, parameters: {} };
  expect(await dialAddress(at, login({}, at))).toMatchObject({ cause: 'unreachable', detail: '/no/such/socket: ENOENT' });
  expect(await dialAddress(at, login({ signal: AbortSignal.abort() }, at))).toMatchObject({ state: 'unknown' });
});

test('TLS with whoever answered is encrypted, and gets no password', async () => {
  const host = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const own = certificate();
  const server = createServer({ cert: readFileSync(own.cert), key: readFileSync(own.key) }, (socket: TLSSocket) =>
    socket.on('error', () => undefined),
  );
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const over = async (place: string, more: Partial<DatabaseLogin>): Promise<string> => {
    const address = redis(place, port);
    const plain = await dialAddress(address, login(more, address));
    if ('state' in plain) return plain.detail;
    const secure = await secured(plain, address, login(more, address));
    if ('state' in secure) return `${secure.cause}: ${secure.detail}`;
    const transport = transportOf(secure, address);
    secure.destroy();
    return transport;
  };
  try {
    expect(await over('127.0.0.1', { ca: readFileSync(own.ca, 'utf8') })).toBe('tls');
    expect(await over('127.0.0.1', {})).toMatch(/^refused: its certificate does not verify: /);
    expect(await over('127.0.0.1', { insecure: true })).toBe('loopback');
    if (host !== undefined) expect(await over(host, { insecure: true })).toBe('unverified');
  } finally {
    server.close();
  }
  expect([isExposed('unverified'), isEncrypted('unverified'), isEncrypted('clear'), isExposed('loopback')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(refusalOf('unverified', false)).toMatchObject({ cause: 'refused' });
  expect(refusalOf('unverified', true)).toBeUndefined();
});
