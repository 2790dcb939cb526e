import { CIPHER_SUITES } from '../../src/tls/cipher-suites.ts';
import type { Reply } from './fake-network.ts';
import { parseClientHello, type ClientHello } from './servers/client-hello.ts';
import {
  certificateMessage,
  EXTENSION,
  handshake,
  MESSAGE,
  Reader,
  record,
  RECORD,
  RETRY_RANDOM,
  serverHello,
  TLS12,
  TLS13,
  u16,
  u8,
  vector,
} from './servers/wire.ts';

/** A server as a function: what it answers to a hello. Its suites are in its own order. */
export interface Simulation {
  /** Suites by wire version; what is not here is not spoken. */
  readonly suites: ReadonlyMap<number, readonly number[]>;
  /** It follows the client's order of suites and groups. */
  readonly clientOrder?: boolean;
  /** Groups of TLS 1.3, and curves up to TLS 1.2, in its own order. */
  readonly groups?: readonly number[];
  readonly curves?: readonly number[];
  /** It has one key for each group. */
  readonly reusesKeys?: boolean;
  /** What it does where it refuses: an alert, or only the end of the connection. */
  readonly refusal?: 'alert' | 'end' | 'reset';
  /** Sends its ServerHello and nothing that follows. */
  readonly helloOnly?: boolean;
  /** TLS 1.3: the least key_share it takes; and it wants each share's group among the groups. */
  readonly leastShare?: 'empty' | 'any' | 'real';
  /** Does not know TLS_FALLBACK_SCSV, or falls to this version. */
  readonly fallsTo?: number;
}

const ALERT_OF = { version: 70, suite: 40, share: 47 } as const;

export function simulated(server: Simulation): (first: Uint8Array, number: number) => Reply {
  const refuse = (why: keyof typeof ALERT_OF, version = TLS12): Reply => {
    const { refusal = 'alert' } = server;
    if (refusal !== 'alert') return { then: refusal };
    return { bytes: record(RECORD.alert, version, Buffer.from([2, ALERT_OF[why]])), then: 'end' };
  };
  return (first, number) => {
    const hello = helloIn(first);
    // SSL 2.0, and whatever else this is.
    if (hello === undefined) return { then: 'end' };
    const spoken = [...server.suites.keys()];
    if (hello.versions.includes(TLS13) && spoken.includes(TLS13)) return thirteen(server, hello, refuse);
    const older = spoken.filter((version) => version !== TLS13 && (hello.version === 0x0101) === (version === 0x0101));
    const version = Math.max(...older.filter((one) => one <= hello.version));
    if (!Number.isFinite(version)) return refuse('version', hello.recordVersion);
    const best = Math.max(...spoken.filter((one) => one !== 0x0101));
    if (hello.suites.includes(0x5600) && version < best) {
      if (server.fallsTo === undefined) return { bytes: record(RECORD.alert, version, Buffer.from([2, 86])), then: 'end' };
      return { bytes: record(RECORD.handshake, server.fallsTo, helloOf(server.fallsTo, 0x002f)), then: 'silence' };
    }
    const own = server.suites.get(version) ?? [];
    const named = hello.extensions.has(EXTENSION.groups);
    const { curves = [0x001d] } = server;
    const group = named ? pick(curves, hello.groups, server.clientOrder === true) : curves[0];
    const usable = (suite: number): boolean => !isEphemeral(suite, 'ECDHE') || group !== undefined;
    const suite = pick(own.filter(usable), hello.suites, server.clientOrder === true);
    if (suite === undefined) return refuse('suite', version);
    const flight = [
      helloOf(version, suite),
      certificateMessage([Buffer.from('300100', 'hex')]),
      ...keyExchangeOf(server, version, suite, group ?? 0x0017, number),
      handshake(MESSAGE.serverHelloDone),
    ];
    const sent = server.helloOnly === true ? flight.slice(0, 1) : flight;
    return { bytes: Buffer.concat(sent.map((message) => record(RECORD.handshake, version, message))), then: 'silence' };
  };
}

function helloIn(first: Uint8Array): ClientHello | undefined {
  if (first[0] !== RECORD.handshake) return undefined;
  const reader = new Reader(Buffer.from(first));
  reader.uint(1);
  const version = reader.uint(2);
  const fragment = reader.vector(2);
  return parseClientHello(fragment.subarray(4), version, fragment.length);
}

function pick(own: readonly number[], offered: readonly number[], clientOrder: boolean): number | undefined {
  return clientOrder ? offered.find((one) => own.includes(one)) : own.find((one) => offered.includes(one));
}

function isEphemeral(suite: number, kind: 'ECDHE' | 'DHE'): boolean {
  return CIPHER_SUITES.get(suite)?.keyExchange === kind;
}

function helloOf(version: number, suite: number): Buffer {
  return serverHello({ version, random: Buffer.alloc(32, 7), sessionId: Buffer.alloc(32, 8), suite, extensions: [[0xff01, u8(0)]] });
}

function keyExchangeOf(server: Simulation, version: number, suite: number, group: number, number: number): readonly Buffer[] {
  const { since, authentication } = CIPHER_SUITES.get(suite) ?? {};
  if (since === 'TLCP' || authentication === 'PSK' || authentication === 'SRP') return [];
  const scheme = version === TLS12 && authentication !== 'NULL' ? u16(0x0804) : Buffer.alloc(0);
  const signature = authentication === 'NULL' ? Buffer.alloc(0) : vector(2, Buffer.alloc(64));
  const key = Buffer.alloc(64);
  key.writeUInt32BE(server.reusesKeys === true ? group : number, 0);
  if (isEphemeral(suite, 'ECDHE'))
    return [handshake(MESSAGE.serverKeyExchange, Buffer.concat([u8(3), u16(group), vector(1, key), scheme, signature]))];
  if (isEphemeral(suite, 'DHE')) {
    const prime = Buffer.alloc(256, 0xff);
    if (server.reusesKeys === true) key.fill(1);
    return [handshake(MESSAGE.serverKeyExchange, Buffer.concat([vector(2, prime), vector(2, u8(2)), vector(2, key), scheme, signature]))];
  }
  return [];
}

function thirteen(server: Simulation, hello: ClientHello, refuse: (why: keyof typeof ALERT_OF) => Reply): Reply {
  const { groups = [0x001d], leastShare = 'empty', clientOrder = false } = server;
  const shares = hello.shares ?? [];
  const real =
    shares.some(({ group, key }) => group === 0x001d && key.length === 32) ||
    shares.some(({ group, key }) => (group === 23 && key.length === 65) || (group === 24 && key.length === 97));
  if ((leastShare === 'any' && shares.length === 0) || (leastShare === 'real' && !real)) return refuse('share');
  // RFC 8446 4.2.8: a share of a group that is not offered is against the rules.
  if (shares.some(({ group }) => !hello.groups.includes(group))) return refuse('share');
  const suite = pick(server.suites.get(TLS13) ?? [], hello.suites, clientOrder);
  const group = pick(groups, hello.groups, clientOrder);
  if (suite === undefined || group === undefined) return refuse('suite');
  const shared = shares.find((share) => share.group === group);
  const random = shared === undefined ? RETRY_RANDOM : Buffer.alloc(32, 9);
  const share = shared === undefined ? u16(group) : Buffer.concat([u16(group), vector(2, Buffer.alloc(32, 4))]);
  const message = serverHello({
    version: TLS12,
    random,
    sessionId: hello.sessionId,
    suite,
    extensions: [
      [EXTENSION.versions, u16(TLS13)],
      [EXTENSION.keyShare, share],
    ],
  });
  return { bytes: record(RECORD.handshake, TLS12, message), then: 'silence' };
}
