import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { unknown } from '../../src/model/fact.ts';
import type { ConnectOptions, Network } from '../../src/world/network.ts';
import { nodeNetwork } from '../../src/world/node-network.ts';
import { BRISK, look } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import { startHelloServer } from '../support/servers/hello-server.ts';
import { startNginx } from '../support/servers/nginx.ts';
import { startScriptedServer } from '../support/servers/scripted-server.ts';

const kept = keeper();

/** A network in which one name leads to these addresses; each address to a port of 127.0.0.1. */
function namedNetwork(addresses: Readonly<Record<string, number>>, connects: ConnectOptions[] = []): Network {
  return {
    ...nodeNetwork,
    lookup: async () => Object.keys(addresses),
    connect: async (options) => {
      connects.push(options);
      const port = addresses[options.host];
      return port === undefined ? unknown('unreachable', options.host) : nodeNetwork.connect({ ...options, host: '127.0.0.1', port });
    },
  };
}

test('several addresses behind one name: each its own result', async () => {
  const old = await kept(startHelloServer({ versions: [0x0301], suites: [0x002f] }));
  const good = await kept(
    startHelloServer({ versions: [0x0303], tls13: {}, suites: [0xc02f], certificate: certificate({ name: 'pay.example' }) }),
  );
  const network = namedNetwork({ '127.0.0.1': old.port, '127.0.0.2': good.port, '127.0.0.3': 9 });
  const seen = await look('tls://pay.example:8443', { limits: BRISK, network });
  expect(seen.listeners.map(({ id }) => id)).toEqual(['pay.example:8443 @ 127.0.0.1', 'pay.example:8443 @ 127.0.0.2']);
  const protocols = seen.listeners.map(({ facts }) => {
    const fact = facts['protocols'];
    return fact?.state === 'known' && Array.isArray(fact.value) ? fact.value.map(({ value }) => value as string) : fact?.state;
  });
  expect(protocols).toEqual([['TLSv1'], ['TLSv1.2', 'TLSv1.3']]);
  expect(seen.certificates.map(({ id, host_matches }) => [id, host_matches])).toEqual([
    ['pay.example:8443 @ 127.0.0.1 RSA', false],
    ['pay.example:8443 @ 127.0.0.2 RSA', true],
  ]);
  // The one that could not be reached is a gap, not forgotten; nor is the handshake of TLS 1.3 that the scripted server breaks off.
  expect(seen.record.gaps).toMatchObject([
    { cause: 'refused', detail: expect.stringContaining('127.0.0.3') },
    { cause: 'unresolved', detail: expect.stringContaining('TLS 1.3') },
  ]);
  expect(seen.record.coverage['tls.listener']?.status).toBe('partial');
  expect(seen.record.looked.map(({ name }) => name)).toEqual(['127.0.0.1:8443', '127.0.0.2:8443', '127.0.0.3:8443']);
});

test('more than eight addresses: those that were left out are named', async () => {
  const { port } = await kept(startHelloServer({ versions: [0x0303], suites: [0x002f] }));
  const addresses = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`127.0.0.${index + 1}`, port]));
  const seen = await look('tls://many.example', { network: namedNetwork(addresses) });
  expect(seen.listeners).toHaveLength(8);
  expect(seen.record.gaps.map(({ cause, detail }) => [cause, detail.split(':')[0]])).toEqual([
    ['not-collected', '127.0.0.9'],
    ['not-collected', '127.0.0.10'],
  ]);
});

test.each(['169.254.169.254', '169.254.0.1', 'fe80::1', 'fd00:ec2::254', '100.100.100.200', '::ffff:169.254.169.254'])(
  'a name that leads to %s is not followed there',
  async (address) => {
    const { port } = await kept(startHelloServer({ versions: [0x0303], suites: [0x002f] }));
    const connects: ConnectOptions[] = [];
    const seen = await look('tls://sly.example', { network: namedNetwork({ [address]: port, '127.0.0.1': port }, connects) });
    expect(new Set(connects.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']));
    expect(seen.record.gaps).toMatchObject([{ cause: 'refused', detail: expect.stringContaining(address) }]);
    expect(seen.listeners).toHaveLength(1);
    const alone = await look('tls://sly.example', { network: namedNetwork({ [address]: port }, connects) });
    expect(alone.record.resources).toEqual([]);
    for (const { status } of Object.values(alone.record.coverage)) expect(status).toBe('failed');
    // Named itself, it is looked at.
    const host = address.includes(':') ? `[${address}]` : address;
    const named = await look(`tls://${host}:443`, { network: { ...namedNetwork({ [address]: port }), lookup: async () => [address] } });
    expect(named.listeners).toHaveLength(1);
  },
);

test('a name that does not resolve, and one that resolves to nothing', async () => {
  const lost = await look('tls://no.example', {
    network: { ...nodeNetwork, lookup: async () => unknown('unreachable', 'no.example: ENOTFOUND') },
  });
  const empty = await look('tls://no.example', { network: { ...nodeNetwork, lookup: async () => [] } });
  for (const { record } of [lost, empty]) {
    expect(record.resources).toEqual([]);
    for (const { status } of Object.values(record.coverage)) expect(status).toBe('failed');
    expect(record.gaps.length).toBeGreaterThan(0);
  }
});

test('IPv6', async () => {
  // A relay, since the scripted servers listen on IPv4.
  const server = await kept(startHelloServer({ versions: [0x0303], suites: [0x002f] }));
  const relay = createServer((socket) => {
    const onward = connect(server.port, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  relay.listen(0, '::1');
  await once(relay, 'listening');
  const { port } = relay.address() as { port: number };
  try {
    const seen = await look(`tls://[::1]:${port}`, { limits: BRISK });
    expect(seen.listener.id).toBe(`[::1]:${port}`);
    expect(seen.pick('address', 'port')).toEqual({ address: '::1', port });
    expect(seen.suites()).toEqual({ 'TLSv1.2': ['AES128-SHA'] });
    // The certificate is for localhost and 127.0.0.1.
    expect(seen.certificates).toMatchObject([{ host_matches: false }]);
  } finally {
    relay.close();
  }
});

test.skipIf(!available('nginx'))('the server name: asked for, overridden, and left out', async () => {
  const other = certificate({ name: 'other.example', key: 'ec' });
  const server = await kept(startNginx({ certificates: [certificate()], others: [{ name: 'other.example', certificate: other }] }));
  const named = await look(server.port, { options: { sni: 'other.example' } });
  expect(named.get('names')).toEqual(['other.example']);
  expect(named.certificates.map(({ key_kind, host_matches }) => [key_kind, host_matches])).toEqual([
    ['EC', true],
    ['RSA', 'absent'],
  ]);
  const plain = await look(server.port);
  expect(plain.certificates.map(({ key_kind, host_matches }) => [key_kind, host_matches])).toEqual([['RSA', true]]);
});

test('the name that is asked for is the one in the address, without its final dot, and none for an IP address', async () => {
  const names: (string | undefined)[] = [];
  const server = await kept(
    startScriptedServer(async (connection) => {
      const { extensions } = await connection.hello();
      names.push(extensions.get(0)?.subarray(5).toString());
      connection.refuse(40);
    }),
  );
  const network = namedNetwork({ '127.0.0.1': server.port });
  await look('tls://pay.example.:443', { network });
  expect(new Set(names)).toEqual(new Set(['pay.example', undefined]));
  names.length = 0;
  await look(server.port);
  expect(new Set(names)).toEqual(new Set([undefined]));
});
