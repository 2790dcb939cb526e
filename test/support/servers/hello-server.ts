import { createPrivateKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { certificate, type Certificate } from './certificate.ts';
import type { ClientHello } from './client-hello.ts';
import { dheKey, ecdheKey, serverKeyExchange, type EphemeralKey } from './key-exchange.ts';
import { startScriptedServer, type Connection, type Limit, type ScriptedServer } from './scripted-server.ts';
import { answerTls13, type Tls13Options } from './tls13-server.ts';
import {
  ALERT,
  certificateMessage,
  derOf,
  handshake,
  MESSAGE,
  record,
  RECORD,
  serverHello,
  TLS10,
  TLS12,
  TLS13,
  type Extension,
} from './wire.ts';

const KEY_EXCHANGE: Readonly<Record<number, 'rsa' | 'dhe' | 'export' | 'ecdhe'>> = {
  ...Object.fromEntries([0x0004, 0x0005, 0x000a, 0x002f, 0x0035, 0x003c, 0x009c, 0x009d].map((suite) => [suite, 'rsa' as const])),
  ...Object.fromEntries([0x0016, 0x0033, 0x0039, 0x0067, 0x009e, 0x009f].map((suite) => [suite, 'dhe' as const])),
  ...Object.fromEntries([0xc009, 0xc00a, 0xc02b, 0xc02c, 0xcca9].map((suite) => [suite, 'ecdhe' as const])),
  ...Object.fromEntries([0xc013, 0xc014, 0xc027, 0xc02f, 0xc030, 0xcca8].map((suite) => [suite, 'ecdhe' as const])),
  0x0014: 'export',
};

const ECDSA: ReadonlySet<number> = new Set([0xc009, 0xc00a, 0xc02b, 0xc02c, 0xcca9]);

/** Suites with a hash of their own, which came with TLS 1.2. */
const SINCE_TLS12: ReadonlySet<number> = new Set([
  0x003c, 0x0067, 0x009c, 0x009d, 0x009e, 0x009f, 0xc027, 0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9,
]);

const FALLBACK_SCSV = 0x5600;

export interface HelloServerOptions {
  readonly versions?: readonly number[];
  readonly suites?: readonly number[];
  readonly groups?: readonly number[];
  readonly dh?: 'modp1' | 'modp2' | 'modp5' | 'modp14';
  readonly clientOrder?: boolean;
  readonly certificate?: Certificate;
  /** TLS 1.3 as well; the sentinel then tells who was talked down from it. */
  readonly tls13?: Tls13Options;
  /** Leaves out the downgrade sentinel of RFC 8446. */
  readonly noSentinel?: boolean;
  /** Does not know TLS_FALLBACK_SCSV. */
  readonly ignoresFallback?: boolean;
  /** One ephemeral key for all connections. */
  readonly reusesKeys?: boolean;
  /** Compression methods it would take, before null. */
  readonly compressions?: readonly number[];
  /** Extensions it answers when asked, with these bodies. */
  readonly extensions?: readonly Extension[];
  /** A warning unrecognized_name before the ServerHello when SNI was sent. */
  readonly warnsOfName?: boolean;
  /** Sizes of hello, from and to, that it never answers. */
  readonly hangs?: readonly [number, number];
  /** Names this suite whatever was offered. */
  readonly unofferedSuite?: number;
  /** Closes the connection at hellos of more suites. */
  readonly mostSuites?: number;
  /** Closes the connection at hellos of a higher version, in its own field or in supported_versions. */
  readonly intolerantAbove?: number;
  readonly limit?: Limit;
}

/** The extensions servers answer most: renegotiation_info (empty), extended_master_secret, session_ticket. */
export const USUAL_EXTENSIONS: readonly Extension[] = [
  [0xff01, Buffer.from([0])],
  [0x0017, Buffer.alloc(0)],
  [0x0023, Buffer.alloc(0)],
];

/** The last eight bytes of the random of a server that could have done better. */
function sentinel(version: number, best: number): string | undefined {
  if (best === TLS13 && version === TLS12) return '444f574e47524401';
  return best >= TLS12 && version < TLS12 ? '444f574e47524400' : undefined;
}

/**
 * A server of TLS 1.0 to 1.2 up to its ServerHelloDone, correct by default, with the faults of servers in the field as
 * switches. Nothing is ever encrypted: a client that goes on gets an alert.
 */
export async function startHelloServer(options: HelloServerOptions = {}): Promise<ScriptedServer> {
  const {
    versions = [TLS10, 0x0302, TLS12],
    suites = [0xc02b, 0xc02f, 0x009e, 0x009c, 0xc009, 0xc013, 0x0033, 0x002f],
    groups = [0x001d, 0x0017],
  } = options;
  const { certificate: own = certificate(), extensions = USUAL_EXTENSIONS, dh = 'modp14' } = options;
  const [der, key] = [derOf(own), createPrivateKey(readFileSync(own.key))];
  const best = options.tls13 === undefined ? Math.max(...versions) : TLS13;
  const kept = new Map<string, EphemeralKey>();

  const ephemeral = (kind: 'dhe' | 'export' | 'ecdhe', group: number): EphemeralKey => {
    const made =
      (options.reusesKeys === true ? kept.get(`${kind} ${group}`) : undefined) ??
      (kind === 'ecdhe' ? ecdheKey(group) : dheKey(kind === 'dhe' ? dh : 'export'));
    kept.set(`${kind} ${group}`, made);
    return made;
  };
  const groupFor = (hello: ClientHello): number | undefined =>
    hello.extensions.has(10) ? groups.find((one) => hello.groups.includes(one)) : groups.find((one) => one !== 0x001d);

  const negotiate = async (connection: Connection): Promise<void> => {
    const hello = await connection.hello();
    const [least, most] = options.hangs ?? [Infinity, 0];
    if (hello.size >= least && hello.size <= most) return connection.drain();
    if (hello.suites.length > (options.mostSuites ?? Infinity)) return void connection.socket.destroy();
    // GREASE values of supported_versions (RFC 8701) are no versions.
    const wanted = Math.max(hello.version, ...hello.versions.filter((version) => (version & 0x0f0f) !== 0x0a0a));
    if (wanted > (options.intolerantAbove ?? Infinity)) return void connection.socket.destroy();
    const fellBack = hello.suites.includes(FALLBACK_SCSV) && !hello.versions.includes(best) && hello.version < best;
    if (fellBack && options.ignoresFallback !== true) return connection.refuse(ALERT.inappropriateFallback, hello.recordVersion);
    if (options.tls13 !== undefined && hello.versions.includes(TLS13)) return answerTls13(connection, hello, options.tls13);

    const version = Math.max(...versions.filter((one) => one <= hello.version));
    if (!Number.isFinite(version)) return connection.refuse(ALERT.protocolVersion, hello.recordVersion);
    const group = groupFor(hello);
    const usable = (suite: number): boolean =>
      hello.suites.includes(suite) &&
      ECDSA.has(suite) === (key.asymmetricKeyType === 'ec') &&
      suites.includes(suite) &&
      (version >= TLS12 || !SINCE_TLS12.has(suite)) &&
      (KEY_EXCHANGE[suite] !== 'ecdhe' || group !== undefined);
    const suite = options.unofferedSuite ?? (options.clientOrder === true ? hello.suites : suites).find(usable);
    if (suite === undefined) return connection.refuse(ALERT.handshakeFailure, version);
    if (options.warnsOfName === true && hello.extensions.has(0)) connection.alert(ALERT.unrecognizedName, version, 1);

    const random = randomBytes(32);
    const mark = options.noSentinel === true ? undefined : sentinel(version, best);
    if (mark !== undefined) random.set(Buffer.from(mark, 'hex'), 24);
    const kind = KEY_EXCHANGE[suite] ?? 'rsa';
    const exchange = kind === 'rsa' ? undefined : serverKeyExchange(hello, version, random, ephemeral(kind, group ?? 0), key);
    if (kind !== 'rsa' && exchange === undefined) return connection.refuse(ALERT.handshakeFailure, version);
    const flight = [
      serverHello({
        version,
        random,
        sessionId: randomBytes(32),
        suite,
        compression: options.compressions?.find((method) => hello.compressions.includes(method)) ?? 0,
        extensions: extensions.filter(([type]) => hello.extensions.has(type) || (type === 0xff01 && hello.suites.includes(0x00ff))),
      }),
      certificateMessage([der]),
      ...(exchange === undefined ? [] : [exchange]),
      handshake(MESSAGE.serverHelloDone),
    ];
    connection.send(...flight.map((message) => record(RECORD.handshake, version, message)));
    await connection.record();
    connection.refuse(ALERT.handshakeFailure, version);
  };
  return startScriptedServer(negotiate, options.limit);
}
