import { createHash, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SshReader } from './ssh-data.ts';

/** A public key as SSH sends it and files hold it (RFC 4253 6.6, 5656 3.1, 8709 4): its kind, and its size in bits. */
export interface SshPublicKey {
  readonly type: string;
  /** Of the modulus, the prime, or the curve's order. */
  readonly bits: number;
  /** Undefined for kinds that are not verified here (DSA, hardware keys). */
  readonly key?: KeyObject;
}

const CURVES: Readonly<Record<string, { readonly bits: number; readonly jwk: string }>> = {
  nistp256: { bits: 256, jwk: 'P-256' },
  nistp384: { bits: 384, jwk: 'P-384' },
  nistp521: { bits: 521, jwk: 'P-521' },
};

/** Reads a key; undefined where it is none that is known, or is malformed. A certificate is read as the key that it certifies. */
export function readPublicKey(blob: Uint8Array): SshPublicKey | undefined {
  const reader = new SshReader(blob);
  const written = reader.text();
  if (written === undefined) return undefined;
  const certified = /^(.*)-cert-v0[01]@openssh\.com$/.exec(written)?.[1];
  if (certified !== undefined) reader.string(); // the nonce; what follows the key is not looked at
  const kind = certified ?? written;
  const type = written;
  if (kind === 'ssh-ed25519' || kind === 'sk-ssh-ed25519@openssh.com' || kind === 'sk-ssh-ed25519') {
    const point = reader.string();
    if (point?.length !== 32) return undefined;
    return kind === 'ssh-ed25519' ? keyed(type, 256, { kty: 'OKP', crv: 'Ed25519', x: url(point) }) : { type, bits: 256 };
  }
  if (kind === 'ssh-ed448') return reader.string()?.length === 57 ? { type, bits: 456 } : undefined;
  if (kind.startsWith('ecdsa-sha2-') || kind.startsWith('sk-ecdsa-sha2-')) {
    const curve = CURVES[reader.text() ?? ''];
    const point = reader.string();
    if (curve === undefined || point === undefined) return undefined;
    const size = Math.ceil(curve.bits / 8);
    if (point.length !== 1 + 2 * size || point[0] !== 4) return undefined;
    if (kind.startsWith('sk-')) return { type, bits: curve.bits };
    return keyed(type, curve.bits, { kty: 'EC', crv: curve.jwk, x: url(point.subarray(1, 1 + size)), y: url(point.subarray(1 + size)) });
  }
  if (kind === 'ssh-rsa' || /^rsa-sha2-(?:256|512)$/.test(kind)) {
    const [exponent, modulus] = [reader.mpint(), reader.mpint()];
    if (exponent === undefined || modulus === undefined || modulus.length === 0) return undefined;
    return keyed(type, bitsOf(modulus), { kty: 'RSA', e: url(exponent), n: url(modulus) });
  }
  if (kind === 'ssh-dss') {
    const prime = reader.mpint();
    return prime === undefined || prime.length === 0 ? undefined : { type, bits: bitsOf(prime) };
  }
  return undefined;
}

/**
 * The key of a line of authorized_keys or of a `.pub` file, with the fingerprint that ssh-keygen prints; undefined where its Base64 is no key
 * of the kind that stands before it.
 */
export function publicKeyOfLine(type: string, base64: string): (SshPublicKey & { readonly fingerprint: string }) | undefined {
  if (!/^[A-Za-z0-9+/]{16,24000}={0,2}$/.test(base64)) return undefined;
  const blob = Buffer.from(base64, 'base64');
  const key = readPublicKey(blob);
  if (key?.type !== type) return undefined;
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { ...key, fingerprint: `SHA256:${digest}` };
}

/** Does a signature (RFC 4253 6.6) hold over these bytes? Undefined where its kind is not verified here. */
export function verifies({ key }: SshPublicKey, signature: Uint8Array, data: Uint8Array): boolean | undefined {
  const reader = new SshReader(signature);
  const [algorithm, value] = [reader.text(), reader.string()];
  if (key === undefined || algorithm === undefined || value === undefined) return undefined;
  try {
    if (algorithm === 'ssh-ed25519') return verify(null, data, key, value);
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ssh-rsa': 'sha1' }[algorithm];
    if (hash !== undefined) return key.asymmetricKeyType === 'rsa' && verify(hash, data, key, value);
    const size = { 'ecdsa-sha2-nistp256': 32, 'ecdsa-sha2-nistp384': 48, 'ecdsa-sha2-nistp521': 66 }[algorithm];
    if (size === undefined) return undefined;
    const inner = new SshReader(value);
    const [r, s] = [inner.mpint(), inner.mpint()];
    if (r === undefined || s === undefined || r.length > size || s.length > size) return false;
    const padded = Buffer.concat([Buffer.alloc(size - r.length), r, Buffer.alloc(size - s.length), s]);
    return verify({ 32: 'sha256', 48: 'sha384', 66: 'sha512' }[size], data, { key, dsaEncoding: 'ieee-p1363' }, padded);
  } catch {
    return false; // what OpenSSL does not take for a key or signature does not hold
  }
}

function keyed(type: string, bits: number, jwk: JsonWebKey): SshPublicKey | undefined {
  try {
    return { type, bits, key: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch {
    return undefined; // a point that is not on its curve
  }
}

function url(octets: Buffer): string {
  return octets.toString('base64url');
}

function bitsOf(octets: Buffer): number {
  return octets.length * 8 - Math.clz32(octets[0] ?? 0) + 24;
}
