import { constants, publicEncrypt, X509Certificate } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { connectCbc, nextAnswer } from './support/servers/cbc-client.ts';
import { CBC_ORACLES, startCbcOracleServer, type BadRecord, type CbcOracle } from './support/servers/cbc-oracle-server.ts';
import { certificate } from './support/servers/certificate.ts';
import type { Server } from './support/servers/daemon.ts';
import { startEarlyCcsServer } from './support/servers/early-ccs-server.ts';
import { startHeartbeatServer } from './support/servers/heartbeat-server.ts';
import { ask, clientHello, told } from './support/servers/raw-client.ts';
import { startRobotServer, type RobotServerOptions } from './support/servers/robot-server.ts';
import { opensslClient } from './support/servers/scanners.ts';
import { startTicketbleedServer } from './support/servers/ticketbleed-server.ts';
import { derOf, EXTENSION, handshake, MESSAGE, Reader, record, RECORD, TLS12, uint, vector } from './support/servers/wire.ts';

const running: Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function started<S extends Server>(starting: Promise<S>): Promise<S> {
  const server = await starting;
  running.push(server);
  return server;
}

test('heartbeats come back from the vulnerable, and only well-formed ones from the fixed', async () => {
  const beat = (claimed: number, payload: number, padding: number): Buffer =>
    record(RECORD.heartbeat, TLS12, Buffer.concat([Buffer.from([1]), uint(2, claimed), Buffer.alloc(payload + padding, 0x41)]));
  const hello = clientHello({ suites: [0x002f], extensions: [[EXTENSION.heartbeat, Buffer.from([1])]] });
  const answers = async (heartbeat: 'vulnerable' | 'fixed' | 'absent'): Promise<readonly boolean[]> => {
    const { port } = await started(startHeartbeatServer({ heartbeat }));
    const beats = [beat(16_384, 0, 0), beat(16, 16, 0), beat(16, 16, 16)];
    return Promise.all(
      beats.map(async (one) =>
        told(await ask(port, [hello, one], { first: heartbeat === 'vulnerable' ? 1_500 : 300 })).includes('record 24'),
      ),
    );
  };
  expect(await answers('vulnerable')).toEqual([true, true, true]);
  expect(await answers('fixed')).toEqual([false, false, true]);
  expect(await answers('absent')).toEqual([false, false, false]);
});

test('an early ChangeCipherSpec is taken by the vulnerable alone', async () => {
  const ccs = record(RECORD.changeCipherSpec, TLS12, Buffer.from([1]));
  const answer = async (kind: Parameters<typeof startEarlyCcsServer>[0]['ccs']): Promise<string> => {
    const { port } = await started(startEarlyCcsServer({ ccs: kind }));
    const { bytes, end } = await ask(port, [clientHello({ suites: [0x002f] }), ccs, ccs]);
    const last = told({ bytes, end }).at(-1) ?? '';
    return last.startsWith('alert') ? last : end;
  };
  const kinds = ['vulnerable', 'vulnerable-old', 'alert', 'close', 'reset', 'silence'] as const;
  expect(await Promise.all(kinds.map(answer))).toEqual(['alert 20', 'alert 21', 'alert 10', 'closed', 'reset', 'silence']);
});

test('ROBOT: the strong oracle tells the start of a block, the weak one all of it, the fixed server nothing', async () => {
  const key = new X509Certificate(derOf(certificate())).publicKey;
  const length = 256;
  const good = Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(length - 51, 7), Buffer.from([0, 3, 3]), Buffer.alloc(46, 5)]);
  const blocks = [
    good,
    Buffer.concat([Buffer.from([0x41, 0x17]), good.subarray(2)]),
    Buffer.from(good).fill(0, 40, 41),
    Buffer.from(good).fill(7, length - 49, length - 48),
    Buffer.from(good).fill(2, length - 48, length - 46),
  ];
  const answers = async (options: RobotServerOptions, alone = false): Promise<readonly string[]> => {
    const { port } = await started(startRobotServer(options));
    return Promise.all(
      blocks.map(async (block) => {
        const exchange = handshake(MESSAGE.clientKeyExchange, vector(2, publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block)));
        const rest = [record(RECORD.changeCipherSpec, TLS12, Buffer.from([1])), record(RECORD.handshake, TLS12, Buffer.alloc(64))];
        const answer = await ask(port, [
          clientHello({ suites: [0x009c] }),
          Buffer.concat([record(RECORD.handshake, TLS12, exchange), ...(alone ? [] : rest)]),
        ]);
        return told(answer).at(-1)?.startsWith('alert') === true ? (told(answer).at(-1) ?? '') : answer.end;
      }),
    );
  };
  expect(await answers({ oracle: 'none' })).toEqual(Array(5).fill('alert 20'));
  expect(await answers({ oracle: 'strong' })).toEqual(['alert 20', 'alert 51', 'alert 20', 'alert 20', 'alert 20']);
  expect(await answers({ oracle: 'weak' })).toEqual(['alert 20', 'alert 51', 'alert 51', 'alert 51', 'alert 51']);
  expect(await answers({ oracle: 'weak', signal: 'close' })).toEqual(['alert 20', 'closed', 'closed', 'closed', 'closed']);
  expect(await answers({ oracle: 'strong', onlyAlone: true })).toEqual(Array(5).fill('alert 20'));
  expect(await answers({ oracle: 'strong', onlyAlone: true }, true)).toEqual(['silence', 'alert 51', 'silence', 'silence', 'silence']);
});

test('the CBC server is a real one, by OpenSSL', async () => {
  for (const [best, option] of [
    [TLS12, '-tls1_2'],
    [0x0302, '-tls1_1'],
    [0x0301, '-tls1'],
  ] as const) {
    const { port } = await started(startCbcOracleServer({ best }));
    const client = await opensslClient(port, option, '-cipher', 'AES128-SHA:@SECLEVEL=0', '-ign_eof');
    expect(client).toContain('Cipher is AES128-SHA');
    expect(client).toContain('custos');
  }
});

test('each CBC oracle betrays the records it is named for', async () => {
  const answers = async (oracle: CbcOracle, version: number): Promise<Readonly<Partial<Record<BadRecord | 'good', string>>>> => {
    const { port } = await started(startCbcOracleServer({ oracle }));
    const results = await Promise.all(
      (['good', 'bad-mac', 'bad-mac-empty', 'bad-padding', 'overlong-padding', 'all-padding', 'garbled'] as const).map(async (kind) => {
        const client = await connectCbc(port, version);
        client.connection.send(
          client.keys.client.sealPlain(RECORD.data, plainOf(kind, client.keys.client.mac(RECORD.data, content(kind)))),
        );
        return [kind, await nextAnswer(client)] as const;
      }),
    );
    return Object.fromEntries(results.filter(([kind, answer]) => answer !== (kind === 'good' ? 'data' : 'alert 20')));
  };
  for (const version of [0x0301, TLS12]) expect(await answers('none', version)).toEqual({});
  expect(await answers('poodle-tls', TLS12)).toEqual({ 'bad-padding': 'data' });
  expect(await answers('zombie-poodle', 0x0302)).toEqual({ 'bad-padding': 'reset' });
  expect(await answers('zombie-poodle-alert', TLS12)).toEqual({ 'bad-padding': 'alert 21' });
  expect(await answers('goldendoodle', TLS12)).toEqual({ 'bad-mac': 'closed', 'bad-mac-empty': 'closed' });
  expect(await answers('sleeping-poodle', TLS12)).toEqual({ 'bad-padding': 'silence' });
  expect(await answers('zero-length', TLS12)).toEqual({ 'bad-mac-empty': 'closed' });
  expect(await answers('luckyminus20', TLS12)).toEqual({ 'all-padding': 'alert 22' });
  expect(Object.keys(CBC_ORACLES)).toHaveLength(8);
});

const content = (kind: string): Buffer => Buffer.from(kind === 'bad-mac-empty' ? '' : 'GET / HTTP/1.0\r\n\r\n1234567890');

/** The plaintext of a bad record: 28 bytes of content, 20 of MAC and a block of padding, or what is wrong with them. */
function plainOf(kind: BadRecord | 'good', mac: Buffer): Buffer {
  const wrong = Buffer.from(mac).fill(0, 0, 4);
  if (kind === 'bad-mac-empty') return Buffer.concat([wrong, Buffer.alloc(12, 11)]);
  if (kind === 'all-padding') return Buffer.alloc(32, 31);
  if (kind === 'overlong-padding') return Buffer.alloc(32, 255);
  const padding = Buffer.alloc(16, 15);
  if (kind === 'bad-padding' || kind === 'garbled') padding.fill(0x66, 0, 15);
  return Buffer.concat([content(kind), kind === 'good' || kind === 'bad-padding' ? mac : wrong, padding]);
}

test('Ticketbleed: the vulnerable fills a short session id up with memory, the fixed echoes it', async () => {
  const ticketOf = async (port: number): Promise<Buffer> => {
    const client = await connectCbc(port, TLS12, [[EXTENSION.ticket, Buffer.alloc(0)]]);
    client.connection.socket.destroy();
    return client.ticket ?? Buffer.alloc(0);
  };
  for (const vulnerable of [true, false]) {
    const { port } = await started(startTicketbleedServer({ vulnerable }));
    const ticket = await ticketOf(port);
    expect(ticket).toHaveLength(48);
    const hello = clientHello({ sessionId: Buffer.from('custos'), suites: [0x002f], extensions: [[EXTENSION.ticket, ticket]] });
    const ids = await Promise.all(
      [1, 2].map(async () => new Reader((await ask(port, [hello])).bytes.subarray(43)).vector(1).toString('latin1')),
    );
    expect(ids.map((id) => [id.length, id.startsWith('custos')])).toEqual([1, 2].map(() => [vulnerable ? 32 : 6, true]));
    expect(new Set(ids).size).toBe(vulnerable ? 2 : 1);
  }
  const { port } = await started(startTicketbleedServer({ vulnerable: false }));
  expect(await opensslClient(port, '-tls1_2', '-cipher', 'AES128-SHA', '-reconnect')).toContain('Reused, ');
});
