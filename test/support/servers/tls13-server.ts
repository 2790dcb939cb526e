import { randomBytes } from 'node:crypto';
import type { ClientHello } from './client-hello.ts';
import { startScriptedServer, type Connection, type Limit, type ScriptedServer } from './scripted-server.ts';
import { ALERT, EXTENSION, record, RECORD, RETRY_RANDOM, serverHello, TLS12, TLS13, u16, vector, type Extension } from './wire.ts';

/** Length of a server's share of each group. */
const SHARE: Readonly<Record<number, number>> = {
  0x0017: 65,
  0x0018: 97,
  0x0019: 133,
  0x001d: 32,
  0x001e: 56,
  0x0029: 65,
  0x0100: 256,
  0x0101: 384,
  0x0200: 768,
  0x0201: 1_088,
  0x0202: 1_568,
  0x11eb: 65 + 1_088,
  0x11ec: 1_088 + 32,
  0x11ed: 97 + 1_568,
  0x11ee: 65 + 1_088,
};

export interface Tls13Options {
  readonly suites?: readonly number[];
  readonly groups?: readonly number[];
  readonly schemes?: readonly number[];
  /** The suite and the group follow the client's order. */
  readonly clientOrder?: boolean;
  /** Put into the HelloRetryRequest and demanded back. */
  readonly cookie?: Uint8Array;
  /** The least key_share it takes: an empty list, any one entry (GREASE will do), or an X25519 share of 32 bytes. */
  readonly leastShare?: 'empty' | 'any' | 'real';
  readonly limit?: Limit;
}

function pick(own: readonly number[], offered: readonly number[], clientOrder: boolean): number | undefined {
  return clientOrder ? offered.find((one) => own.includes(one)) : own.find((one) => offered.includes(one));
}

function enoughShares(hello: ClientHello, least: Tls13Options['leastShare']): boolean {
  const shares = hello.shares ?? [];
  if (least === 'any') return shares.length > 0;
  return least !== 'real' || shares.some(({ group, key }) => group === 0x001d && key.length === 32);
}

/**
 * Answers a TLS 1.3 hello with a HelloRetryRequest or, when a share fits, with a ServerHello and bytes that look
 * encrypted. It negotiates and does no arithmetic: enough for whatever ends at the ServerHello.
 */
export async function answerTls13(connection: Connection, hello: ClientHello, options: Tls13Options, again = false): Promise<void> {
  const { suites = [0x1301, 0x1302, 0x1303], groups = [0x001d, 0x0017], clientOrder = false, cookie } = options;
  if (!hello.versions.includes(TLS13)) return connection.refuse(ALERT.protocolVersion);
  const suite = pick(suites, hello.suites, clientOrder);
  if (suite === undefined) return connection.refuse(ALERT.handshakeFailure);
  if (hello.shares === undefined || hello.groups.length === 0) return connection.refuse(ALERT.missingExtension);
  if (!enoughShares(hello, options.leastShare)) return connection.refuse(ALERT.illegalParameter);
  const { schemes } = options;
  if (schemes !== undefined && !schemes.some((scheme) => hello.schemes.includes(scheme))) return connection.refuse(ALERT.handshakeFailure);
  const shared = hello.shares.find(({ group }) => groups.includes(group) && hello.groups.includes(group));
  const group = shared?.group ?? pick(groups, hello.groups, clientOrder);
  if (group === undefined) return connection.refuse(ALERT.handshakeFailure);
  const answer = (random: Uint8Array, extensions: readonly Extension[]): Buffer => {
    const versions: Extension = [EXTENSION.versions, u16(TLS13)];
    const message = serverHello({ version: TLS12, random, sessionId: hello.sessionId, suite, extensions: [versions, ...extensions] });
    return record(RECORD.handshake, TLS12, message);
  };

  const cookieMissing = cookie !== undefined && hello.cookie === undefined;
  if (shared === undefined || cookieMissing) {
    if (again) return connection.refuse(ALERT.illegalParameter);
    connection.send(
      answer(RETRY_RANDOM, [
        ...(shared === undefined ? [[EXTENSION.keyShare, u16(group)] as const] : []),
        ...(cookie === undefined ? [] : [[EXTENSION.cookie, vector(2, cookie)] as const]),
      ]),
    );
    return answerTls13(connection, await connection.hello(), { ...options, leastShare: 'any', groups: [group], suites: [suite] }, true);
  }
  if (cookie !== undefined && !hello.cookie?.equals(cookie)) return connection.refuse(ALERT.illegalParameter);
  connection.send(
    answer(randomBytes(32), [[EXTENSION.keyShare, Buffer.concat([u16(group), vector(2, randomBytes(SHARE[group] ?? 32))])]]),
    record(RECORD.changeCipherSpec, TLS12, Buffer.from([1])),
    record(RECORD.data, TLS12, randomBytes(64)),
  );
  await connection.drain();
}

/** A server of TLS 1.3 alone, of any suites and groups, existing ones or not. */
export async function startTls13Server(options: Tls13Options = {}): Promise<ScriptedServer> {
  return startScriptedServer(async (connection) => answerTls13(connection, await connection.hello(), options), options.limit);
}
