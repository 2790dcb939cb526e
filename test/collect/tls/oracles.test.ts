import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate, type Limits } from '../../../src/collect/limits.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import { paddingProbe } from '../../../src/collect/tls/padding-probe.ts';
import { robotProbe } from '../../../src/collect/tls/robot-probe.ts';
import { ticketbleedProbe } from '../../../src/collect/tls/ticketbleed-probe.ts';
import { unknown, type Fact, type Origin } from '../../../src/model/fact.ts';
import type { Protocol } from '../../../src/tls/protocols.ts';
import { nodeNetwork } from '../../../src/world/node-network.ts';
import { observed } from '../../support/observation.ts';
import { certificate, keptFile, openssl, type Certificate } from '../../support/servers/certificate.ts';
import { startScriptedServer, type Connection, type ScriptedServer } from '../../support/servers/scripted-server.ts';
import {
  finish,
  greet,
  identityOf,
  renegotiationInfo,
  ticketExtension,
  type Identity,
  type Session,
} from '../../support/servers/tls12-handshake.ts';
import { EXTENSION, record } from '../../support/servers/wire.ts';

const running: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const origin = (exchange: string): Origin => ({ kind: 'wire', target: 't', exchange });
const LIMITS: Limits = { ...DEFAULT_LIMITS, firstByte: 1_000, idle: 80 };
const verdict = (fact: Fact<string | readonly Fact<string>[]>): string =>
  fact.state !== 'known'
    ? fact.state
    : typeof fact.value === 'string'
      ? fact.value
      : fact.value.map((one) => (one.state === 'known' ? one.value : '')).join();

async function lineTo(script: (connection: Connection) => Promise<void>): Promise<HostLine> {
  const server = await startScriptedServer(script);
  running.push(server);
  return new HostLine(
    nodeNetwork,
    { address: server.host, port: server.port, name: 'h' },
    LIMITS,
    new HostGate(LIMITS),
    new AbortController().signal,
  );
}

describe('ROBOT', () => {
  const serve = (after: (connection: Connection) => Promise<void> | void, identity: Identity = identityOf()): Promise<HostLine> =>
    lineTo(async (connection) => {
      if ((await greet(connection, identity, await connection.hello())) === undefined) return;
      await connection.message();
      await after(connection);
    });
  const probed = async (line: Promise<HostLine>): Promise<string> =>
    verdict(await robotProbe(await line, observed({ 'TLSv1.2': [0x002f] }), undefined, origin));

  test('the same alert to all is sound', async () => {
    expect(await probed(serve((connection) => connection.refuse(20)))).toBe('safe');
  });
  test('the same end to all is sound', async () => {
    expect(await probed(serve((connection) => void connection.socket.end()))).toBe('safe');
  });
  test('silence to all, whatever follows, is no answer', async () => {
    expect(await probed(serve((connection) => connection.drain()))).toBe('unknown');
  });
  test('garbage to all is no answer', async () => {
    expect(await probed(serve((connection) => void connection.socket.end('HTTP/1.1 400 Bad Request\r\n')))).toBe('unknown');
  });
  test('answers that change from round to round are none', async () => {
    let count = 0;
    expect(await probed(serve((connection) => connection.refuse((count += 1) % 7 === 0 ? 40 : 20)))).toBe('unknown');
  });

  test('a key of 2047 bits ends in words', async () => {
    const files: Certificate = {
      ...certificate(),
      key: keptFile(
        'rsa-2047.key',
        (file) => void openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2047', '-out', file),
      ),
    };
    const cert = keptFile(
      'rsa-2047.crt',
      (file) => void openssl('req', '-x509', '-new', '-key', files.key, '-subj', '/CN=odd', '-days', '9', '-out', file),
    );
    const line = serve((connection) => connection.refuse(20), identityOf({ ...files, cert }));
    expect(['safe', 'unknown']).toContain(await probed(line));
  });

  test('without RSA key transport it is safe; where that may be missing, or a handshake fails, it is not known', async () => {
    const line = await lineTo((connection) => connection.drain());
    const of = async (seen: ReturnType<typeof observed>): Promise<string> => verdict(await robotProbe(line, seen, undefined, origin));
    expect(await of(observed({ 'TLSv1.2': [0xc02f] }))).toBe('safe');
    const open = observed({ 'TLSv1.2': [0xc02f] });
    const suites = new Map(open.suites).set('TLSv1', { suites: [], ordered: false, open: [unknown('timed-out', 'x')] });
    expect(await of({ ...open, suites })).toBe('unknown');
    expect(await of(observed({ 'TLSv1.2': [0x002f] }))).toBe('unknown');
  });
});

describe('Ticketbleed', () => {
  /** Whoever brings a ticket is cut off; others as long as the host is there. */
  const probed = async (connections: number): Promise<string> => {
    const identity = identityOf();
    let count = 0;
    const line = await lineTo(async (connection) => {
      count += 1;
      if (count > connections) return void connection.socket.end();
      const hello = await connection.hello();
      if ((hello.extensions.get(EXTENSION.ticket)?.length ?? 0) > 0) return void connection.socket.end();
      const greeting = await greet(connection, identity, hello, { extensions: ticketExtension });
      if (greeting === undefined) return;
      await finish(connection, identity, greeting, ticketExtension(hello).length === 0 ? undefined : randomBytes(48));
      await connection.drain();
    });
    line.answered({ protocol: 'TLSv1.2', suites: [0x002f] });
    return verdict(await ticketbleedProbe(line, observed({ 'TLSv1.2': [0x002f] }), undefined, origin));
  };

  test('a host that will not take the ticket, and is there, is sound', async () => {
    expect(await probed(Infinity)).toBe('safe');
  });
  test('a host that is gone has not refused the ticket', async () => {
    expect(await probed(1)).toBe('unknown');
  });
});

describe('CBC padding oracles', () => {
  const serve = (after: (connection: Connection, session: Session) => Promise<void> | void): Promise<HostLine> =>
    lineTo(async (connection) => {
      const identity = identityOf();
      const greeting = await greet(connection, identity, await connection.hello(), {
        extensions: (hello) => renegotiationInfo(hello).slice(1),
      });
      const session = greeting === undefined ? undefined : await finish(connection, identity, greeting);
      if (session !== undefined) await after(connection, session);
    });
  const probed = async (line: Promise<HostLine>, suites: Parameters<typeof observed>[0] = { 'TLSv1.2': [0x002f] }): Promise<string> =>
    verdict(await paddingProbe(await line, observed(suites), undefined, origin));

  test('the same alert to all is sound', async () => {
    const line = serve(async (connection, { keys }) => {
      const { type, body } = await connection.record();
      keys.client.open(type, body);
      connection.send(keys.server.seal(21, Buffer.from([2, 20])));
    });
    expect(await probed(line)).toBe('');
  });

  test('silence to all is no answer', async () => {
    expect(await probed(serve((connection) => connection.drain()))).toBe('unknown');
  });

  test('a server that speaks first is heard out, and is not POODLE', async () => {
    const line = serve(async (connection, { keys }) => {
      connection.send(keys.server.seal(23, Buffer.from('220 mail.example ESMTP\r\n')));
      await connection.record();
      connection.send(keys.server.seal(21, Buffer.from([2, 20])));
    });
    expect(await probed(line)).toBe('');
  });

  test('a handshake that does not come to its end is no answer', async () => {
    expect(await probed(lineTo(async (connection) => connection.refuse((await connection.hello()).size > 0 ? 40 : 0)))).toBe('unknown');
    expect(await probed(lineTo(async (connection) => connection.send(record(23, 0x0303, Buffer.alloc(3)))))).toBe('unknown');
  });

  test.each<[string, { readonly [P in Protocol]?: readonly number[] }, string]>([
    ['no CBC suite', { 'TLSv1.2': [0xc02f, 0x0005] }, ''],
    ['CBC suites that are not spoken here', { 'TLSv1.2': [0xc02f, 0x0096] }, 'unknown'],
    ['CBC in SSL 3.0 alone', { SSLv3: [0x000a], 'TLSv1.2': [0xc02f] }, ''],
  ])('%s', async (_, suites, expected) => {
    expect(
      await probed(
        lineTo((connection) => connection.drain()),
        suites,
      ),
    ).toBe(expected);
  });
});
