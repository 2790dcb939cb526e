import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Protocol } from '../../tls/protocols.ts';
import type { KeyExchange } from '../../tls/server-messages.ts';

/** Versions from SSL 3.0 to TLS 1.2, whose handshakes are in clear. */
export const OLDER = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;
export type Older = (typeof OLDER)[number];

/** A protocol version as the server answered to it. `exchange` is what was asked and said: the origin of what follows from it. */
export type ProtocolAnswer =
  | { readonly state: 'accepted'; readonly exchange: string }
  | { readonly state: 'refused'; readonly exchange: string }
  | { readonly state: 'unknown'; readonly why: Unknown };

/** A suite that was accepted in one protocol version, and what came with the choice. */
export interface SeenSuite {
  readonly code: number;
  readonly exchange: string;
  readonly keyExchange?: KeyExchange;
}

/** The suites of one version, in the server's order where `ordered`. Open where some could not be settled. */
export interface SeenSuites {
  readonly suites: readonly SeenSuite[];
  readonly ordered: boolean;
  readonly open: readonly Unknown[];
}

/** A list of code points that were accepted, each with the exchange that showed it. */
export interface SeenCodes {
  readonly codes: ReadonlyMap<number, string>;
  readonly open: readonly Unknown[];
}

/** One observation: what was seen, with its exchange; or that it cannot be here; or why it is not known. */
export type Seen<T> =
  | { readonly state: 'seen'; readonly value: T; readonly exchange: string }
  | { readonly state: 'none'; readonly exchange: string }
  | { readonly state: 'unknown'; readonly why: Unknown };

/** A chain of certificates as it was sent. */
export interface SeenChain {
  readonly certificates: readonly Uint8Array[];
  readonly exchange: string;
  /** The server name that was asked for; undefined: none. */
  readonly serverName?: string;
  readonly status?: Uint8Array;
  readonly scts?: Uint8Array;
  /** TLCP: the first two are a signing and an encryption certificate. */
  readonly tlcp: boolean;
}

/** Everything that one address said. Plain data: what follows from it is worked out without a network. */
export interface Observation {
  readonly address: string;
  readonly protocols: ReadonlyMap<Protocol, ProtocolAnswer>;
  readonly suites: ReadonlyMap<Protocol, SeenSuites>;
  readonly ssl2: readonly { readonly name: string; readonly encryption: string; readonly bits: number; readonly exportGrade: boolean }[];
  readonly serverPreference: Seen<boolean>;
  readonly chachaPriority: Seen<boolean>;
  readonly groups: SeenCodes;
  readonly schemes: SeenCodes;
  readonly reusesKeys: Seen<boolean>;
  readonly compression: Seen<boolean>;
  readonly secureRenegotiation: Seen<boolean>;
  readonly extendedMasterSecret: Seen<boolean>;
  readonly encryptThenMac: Seen<boolean>;
  readonly fallbackScsv: Seen<boolean>;
  readonly downgradeSentinel: Seen<boolean>;
  readonly tolerant: Seen<boolean>;
  readonly tickets: Seen<boolean>;
  readonly ticketLifetime: Seen<number>;
  readonly sessionIds: Seen<boolean>;
  readonly earlyData: Seen<boolean>;
  readonly alpn: { readonly names: ReadonlyMap<string, string>; readonly open: readonly Unknown[] };
  readonly clientCertificate: Seen<'none' | 'optional' | 'required'>;
  readonly clientAuthorities: Seen<readonly Uint8Array[]>;
  readonly stapling: Seen<boolean>;
  readonly chains: readonly SeenChain[];
  readonly chainGaps: readonly Unknown[];
  readonly connections: number;
}

type Protocols = Pick<Observation, 'protocols'>;

/** Was any version accepted? A host that refused every hello has shown nothing else: not what it lacks either. */
export function answersNothing({ protocols }: Protocols): Unknown | undefined {
  if ([...protocols.values()].some(({ state }) => state === 'accepted')) return undefined;
  return firstOpen(protocols.values()) ?? unknown('unresolved', 'no version is accepted');
}

/** Where it was seen which versions are spoken. */
export function answersOf({ protocols }: Protocols, wire: (exchange: string) => Origin): readonly Origin[] {
  return [...protocols.values()].flatMap((answer) => (answer.state === 'unknown' ? [] : [wire(answer.exchange)]));
}

/** Why the first version of which it is not known is not; undefined where all were answered. */
export function firstOpen(answers: Iterable<ProtocolAnswer | undefined>): Unknown | undefined {
  for (const answer of answers) if (answer?.state === 'unknown') return answer.why;
  return undefined;
}

/** Why one version may accept a suite that was not found. */
export function gapOf({ protocols, suites }: Pick<Observation, 'protocols' | 'suites'>, protocol: Protocol): Unknown | undefined {
  return firstOpen([protocols.get(protocol)]) ?? suites.get(protocol)?.open[0];
}

/** The best version up to TLS 1.2 that is accepted. */
export function bestOlder({ protocols }: Protocols): Older | undefined {
  return OLDER.toReversed().find((protocol) => protocols.get(protocol)?.state === 'accepted');
}

export function seen<T>(value: T, exchange: string): Seen<T> {
  return { state: 'seen', value, exchange };
}

export function none<T>(exchange: string): Seen<T> {
  return { state: 'none', exchange };
}

export function unseen<T>(why: Unknown): Seen<T> {
  return { state: 'unknown', why };
}
