import { createHash } from 'node:crypto';
import { joined, tlsRecord, uint, uint16s, vector } from './bytes.ts';
import { SCSV } from './cipher-suites.ts';
import { WIRE_VERSION, type Protocol } from './protocols.ts';
import { SIGNATURE_SCHEMES } from './signature-schemes.ts';

/** Extension code points of the registry "TLS ExtensionType Values". */
export const EXTENSION = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  alpn: 16,
  sct: 18,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskModes: 45,
  certificateAuthorities: 47,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** A share of TLS 1.3: a group and the public key for it. */
export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

/** What to ask. What is left out is not sent, so that each hello asks one question. */
export interface HelloQuestion {
  /** The best version that is offered; TLS 1.3 is offered alone unless `alsoOlder`. */
  readonly protocol: Exclude<Protocol, 'SSLv2'>;
  readonly suites: readonly number[];
  readonly alsoOlder?: boolean;
  readonly serverName?: string;
  readonly groups?: readonly number[];
  readonly signatureSchemes?: readonly number[];
  /** TLS 1.3: an empty list asks by HelloRetryRequest (RFC 8446 4.2.8). */
  readonly keyShares?: readonly KeyShare[];
  readonly alpn?: readonly string[];
  /** Compression methods before null; RFC 3749. */
  readonly compression?: readonly number[];
  readonly fallback?: boolean;
  readonly sessionId?: Uint8Array;
  /** A ticket to resume by; empty asks for one (RFC 5077). */
  readonly ticket?: Uint8Array;
  readonly heartbeat?: boolean;
  readonly statusRequest?: boolean;
  readonly cookie?: Uint8Array;
  /** Values that a peer must ignore (RFC 8701), and a legacy version that it cannot know. */
  readonly grease?: boolean;
  /** TLS 1.2 details that most hellos ask for, and some must not. */
  readonly extendedMasterSecret?: boolean;
  readonly encryptThenMac?: boolean;
  /** RFC 5746: the verify data of the handshake that is renegotiated; empty in a first one. */
  readonly renegotiation?: Uint8Array;
  /** In the place of the fixed value, where the answer's keys depend on it. */
  readonly random?: Uint8Array;
}

/** RFC 8701: one of the values that nobody may know. */
export const GREASE = 0x2a2a;

/** Hellos are the same in every run (repeatable answers), and nothing is ever encrypted under this value. */
export const FIXED_RANDOM: Uint8Array = createHash('sha256').update('custos client hello').digest();
const SESSION_ID: Uint8Array = createHash('sha256').update('custos session').digest();

/** The record that holds a ClientHello. */
export function clientHello(question: HelloQuestion): Uint8Array {
  const message = clientHelloMessage(question);
  return tlsRecord(22, recordVersion(question.protocol), message);
}

/** RFC 8446 5.1: 0x0301 for compatibility; SSL 3.0 and TLCP (GB/T 38636 6.3.3) want their own. */
function recordVersion(protocol: Protocol): number {
  return protocol === 'SSLv3' || protocol === 'TLCP' ? WIRE_VERSION[protocol] : WIRE_VERSION.TLSv1;
}

/** The handshake message alone: its header, then the body. */
export function clientHelloMessage(question: HelloQuestion): Uint8Array {
  const { protocol, grease = false, compression = [] } = question;
  const suites = [
    ...(grease ? [GREASE] : []),
    ...question.suites,
    // Where no extension can be sent, the signalling value stands for renegotiation_info (RFC 5746 3.3).
    ...(protocol === 'SSLv3' ? [SCSV.renegotiation] : []),
    ...(question.fallback === true ? [SCSV.fallback] : []),
  ];
  const sessionId = question.sessionId ?? (protocol === 'TLSv1.3' ? SESSION_ID : new Uint8Array());
  const head = joined(
    uint(legacyVersion(question), 2),
    question.random ?? FIXED_RANDOM,
    vector(1, sessionId),
    vector(2, uint16s(suites)),
    vector(1, [...compression, 0]),
  );
  // GM/T 0024 hellos have no extensions; those of later texts may: only what was asked for is sent.
  const extensions = protocol === 'SSLv3' ? [] : protocol === 'TLCP' ? serverNameOf(question) : extensionsOf(question);
  if (extensions.length === 0) return joined([1], uint(head.length, 3), head);
  const padded = padding(4 + head.length + 2 + extensions.reduce((sum, { length }) => sum + length, 0));
  // Some servers refuse a hello whose last extension is empty: one that is not goes there, padding and all else before it.
  const last = extensions.findLast(({ length }) => length > 4) ?? new Uint8Array();
  const body = joined(head, vector(2, ...extensions.filter((one) => one !== last), ...padded, last));
  return joined([1], uint(body.length, 3), body);
}

function legacyVersion({ protocol, grease }: HelloQuestion): number {
  if (protocol === 'TLSv1.3') return WIRE_VERSION['TLSv1.2'];
  return grease === true && protocol === 'TLSv1.2' ? WIRE_VERSION['TLSv1.3'] : WIRE_VERSION[protocol];
}

function extension(type: number, ...body: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return joined(uint(type, 2), vector(2, ...body));
}

function serverNameOf({ serverName }: HelloQuestion): readonly Uint8Array[] {
  if (serverName === undefined) return [];
  const name = new TextEncoder().encode(serverName);
  return [extension(EXTENSION.serverName, vector(2, [0], vector(2, name)))];
}

function extensionsOf(question: HelloQuestion): readonly Uint8Array[] {
  const { protocol, groups = [], keyShares, alpn = [], ticket, cookie } = question;
  const modern = protocol === 'TLSv1.3';
  const older = !modern || question.alsoOlder === true;
  const list: Uint8Array[] = [];
  if (question.grease === true) list.push(extension(0x3a3a), extension(0xdada, [0]));
  list.push(...serverNameOf(question));
  if (older) {
    if (question.encryptThenMac !== false) list.push(extension(EXTENSION.encryptThenMac));
    if (question.extendedMasterSecret !== false) list.push(extension(EXTENSION.extendedMasterSecret));
    list.push(extension(EXTENSION.renegotiationInfo, vector(1, question.renegotiation ?? [])));
    if (question.heartbeat !== false) list.push(extension(EXTENSION.heartbeat, [1]));
  }
  if (ticket !== undefined) list.push(extension(EXTENSION.sessionTicket, ticket));
  if (question.statusRequest === true) list.push(extension(EXTENSION.statusRequest, [1, 0, 0, 0, 0]), extension(EXTENSION.sct));
  if (alpn.length > 0) list.push(extension(EXTENSION.alpn, vector(2, ...alpn.map((name) => vector(1, new TextEncoder().encode(name))))));
  if (modern) {
    const versions = [
      ...(question.grease === true ? [GREASE] : []),
      0x0304,
      ...(question.alsoOlder === true ? [0x0303, 0x0302, 0x0301] : []),
    ];
    list.push(extension(EXTENSION.supportedVersions, vector(1, uint16s(versions))));
    list.push(extension(EXTENSION.pskModes, vector(1, [1])));
    if (cookie !== undefined) list.push(extension(EXTENSION.cookie, vector(2, cookie)));
    const shares = (keyShares ?? []).map(({ group, key }) => joined(uint(group, 2), vector(2, key)));
    list.push(extension(EXTENSION.keyShare, vector(2, ...shares)));
  }
  const offered = [...(question.grease === true ? [GREASE] : []), ...groups];
  if (groups.length > 0) {
    list.push(extension(EXTENSION.supportedGroups, vector(2, uint16s(offered))));
    if (older) list.push(extension(EXTENSION.pointFormats, vector(1, [0])));
  }
  if (modern || protocol === 'TLSv1.2')
    list.push(extension(EXTENSION.signatureAlgorithms, vector(2, uint16s(question.signatureSchemes ?? SIGNATURE_SCHEMES))));
  return list;
}

/** Load balancers have hung on hellos of 256 to 511 bytes (RFC 7685 1), and on lengths that end in 0x0A or 0x0E. */
function padding(length: number): readonly Uint8Array[] {
  const at = length > 255 && length < 512 ? Math.max(1, 512 - length - 4) : 0;
  if (at > 0) return [extension(EXTENSION.padding, new Uint8Array(at))];
  return [0x0a, 0x0e].includes(length & 255) ? [extension(EXTENSION.padding, new Uint8Array(1))] : [];
}
