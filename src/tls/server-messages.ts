import { ByteReader } from './byte-reader.ts';
import { hex } from './bytes.ts';
import { CIPHER_SUITES } from './cipher-suites.ts';
import { EXTENSION } from './client-hello.ts';
import { WIRE_VERSION } from './protocols.ts';

/** RFC 8446 4.1.3: the random that makes a ServerHello a HelloRetryRequest (SHA-256 of "HelloRetryRequest"). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

export interface ServerHello {
  /** The version that was chosen, `supported_versions` read. */
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: ReadonlyMap<number, Uint8Array>;
  /** It is a HelloRetryRequest. */
  readonly retry: boolean;
  /** TLS 1.3: the group of its share, or that it wants a share for. */
  readonly group?: number;
  /** TLS 1.3: its public key. */
  readonly share?: Uint8Array;
}

/** Reads a ServerHello's body (RFC 8446 4.1.3, RFC 5246 7.4.1.3). Undefined where it is none. */
export function serverHello(body: Uint8Array): ServerHello | undefined {
  const reader = new ByteReader(body);
  const legacy = reader.uint(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  const suite = reader.uint(2);
  const compression = reader.uint(1);
  if (legacy === undefined || random === undefined || sessionId === undefined || suite === undefined || compression === undefined)
    return undefined;
  const extensions = reader.left === 0 ? new Map<number, Uint8Array>() : extensionsIn(reader.vector(2));
  if (extensions === undefined || sessionId.length > 32) return undefined;
  const chosen = extensions.get(EXTENSION.supportedVersions);
  if (chosen !== undefined && chosen.length !== 2) return undefined;
  const version = chosen === undefined ? legacy : ((chosen[0] ?? 0) << 8) | (chosen[1] ?? 0);
  const share = new ByteReader(extensions.get(EXTENSION.keyShare) ?? new Uint8Array());
  const group = share.uint(2);
  const key = share.vector(2);
  return {
    version,
    random,
    sessionId,
    suite,
    compression,
    extensions,
    retry: hex(random) === RETRY_RANDOM,
    ...(group === undefined ? {} : { group }),
    ...(key === undefined ? {} : { share: key }),
  };
}

/** Extensions by type; undefined where the bytes are none, or one comes twice. */
export function extensionsIn(bytes: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> | undefined {
  if (bytes === undefined) return undefined;
  const reader = new ByteReader(bytes);
  const found = new Map<number, Uint8Array>();
  while (reader.left > 0) {
    const type = reader.uint(2);
    const body = reader.vector(2);
    if (type === undefined || body === undefined || found.has(type)) return undefined;
    found.set(type, body);
  }
  return found;
}

/** No server means to send so many; each would be kept. */
const MAX_CERTIFICATES = 100;

/** The certificates of a Certificate message in wire order: RFC 5246 7.4.2, or with the entries of RFC 8446 4.4.2. */
export function certificateList(
  body: Uint8Array,
  version: number,
): { readonly certificates: readonly Uint8Array[]; readonly status?: Uint8Array; readonly scts?: Uint8Array } | undefined {
  const reader = new ByteReader(body);
  const modern = version === WIRE_VERSION['TLSv1.3'];
  if (modern) reader.vector(1); // the request's context
  const list = new ByteReader(reader.vector(3) ?? new Uint8Array());
  if (reader.broken) return undefined;
  const certificates: Uint8Array[] = [];
  let status: Uint8Array | undefined;
  let scts: Uint8Array | undefined;
  while (list.left > 0) {
    const certificate = list.vector(3);
    if (certificate === undefined || certificate.length === 0 || certificates.length >= MAX_CERTIFICATES) return undefined;
    certificates.push(certificate);
    if (!modern) continue;
    const extensions = extensionsIn(list.vector(2));
    if (extensions === undefined) return undefined;
    if (certificates.length > 1) continue;
    scts = extensions.get(EXTENSION.sct);
    const stapled = extensions.get(EXTENSION.statusRequest);
    status = stapled === undefined ? undefined : ocspResponse(stapled);
  }
  return { certificates, ...(status === undefined ? {} : { status }), ...(scts === undefined ? {} : { scts }) };
}

/** The OCSP response of a CertificateStatus (RFC 6066 8). */
export function ocspResponse(body: Uint8Array): Uint8Array | undefined {
  const reader = new ByteReader(body);
  return reader.uint(1) === 1 ? reader.vector(3) : undefined;
}

/** What a ServerKeyExchange says in clear. */
export type KeyExchange =
  | { readonly kind: 'ecdhe'; readonly group: number; readonly key: Uint8Array; readonly scheme?: number }
  | { readonly kind: 'explicit-curve' }
  | { readonly kind: 'dhe'; readonly prime: Uint8Array; readonly generator: Uint8Array; readonly key: Uint8Array; readonly scheme?: number }
  | { readonly kind: 'rsa-export'; readonly modulus: Uint8Array }
  | { readonly kind: 'other' };

/** Reads a ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4) of a suite. Undefined where it is malformed. */
export function keyExchange(body: Uint8Array, suite: number, version: number): KeyExchange | undefined {
  const { keyExchange: kind, authentication, since } = CIPHER_SUITES.get(suite) ?? {};
  if (since === 'TLCP' || authentication === 'PSK' || authentication === 'SRP') return { kind: 'other' };
  const reader = new ByteReader(body);
  const scheme = (): { readonly scheme?: number } => {
    const code = version === WIRE_VERSION['TLSv1.2'] && authentication !== 'NULL' ? reader.uint(2) : undefined;
    return code === undefined ? {} : { scheme: code };
  };
  if (kind === 'ECDHE') {
    if (reader.uint(1) !== 3) return reader.broken ? undefined : { kind: 'explicit-curve' };
    const group = reader.uint(2);
    const key = reader.vector(1);
    return group === undefined || key === undefined ? undefined : { kind: 'ecdhe', group, key, ...scheme() };
  }
  if (kind === 'DHE') {
    const [prime, generator, key] = [reader.vector(2), reader.vector(2), reader.vector(2)];
    if (prime === undefined || generator === undefined || key === undefined) return undefined;
    return { kind: 'dhe', prime, generator, key, ...scheme() };
  }
  if (kind === 'RSA') {
    const modulus = reader.vector(2);
    return modulus === undefined ? undefined : { kind: 'rsa-export', modulus };
  }
  return { kind: 'other' };
}

/** The authorities that a CertificateRequest names, as DER names. Undefined where it is malformed. */
export function requestedAuthorities(body: Uint8Array, version: number): readonly Uint8Array[] | undefined {
  const reader = new ByteReader(body);
  let names: Uint8Array | undefined;
  if (version === WIRE_VERSION['TLSv1.3']) {
    reader.vector(1);
    const extensions = extensionsIn(reader.vector(2));
    if (extensions === undefined) return undefined;
    names = new ByteReader(extensions.get(EXTENSION.certificateAuthorities) ?? new Uint8Array([0, 0])).vector(2);
  } else {
    reader.vector(1);
    if (version === WIRE_VERSION['TLSv1.2']) reader.vector(2);
    names = reader.vector(2);
  }
  if (names === undefined) return undefined;
  const list = new ByteReader(names);
  const found: Uint8Array[] = [];
  while (list.left > 0) {
    const name = list.vector(2);
    if (name === undefined || name.length === 0) return undefined;
    found.push(name);
  }
  return found;
}
