import { constants, createDiffieHellman, publicEncrypt, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { joined, uint, vector } from './bytes.ts';
import { CIPHER_SUITES } from './cipher-suites.ts';
import { WIRE_VERSION } from './protocols.ts';
import type { KeyExchange, ServerHello } from './server-messages.ts';
import { ownShare } from './tls13-keys.ts';
import type { Version12 } from './tls12-keys.ts';

/** Bytes of the longest prime that is computed with: 8192 bits take a quarter of a second. */
const MAX_PRIME = 1024;

/** Groups that are computed here. */
export const SPOKEN12_GROUPS = [29, 23, 24] as const;

/** The premaster secret and the ClientKeyExchange that leads the server to it. */
export function agree(
  { suite }: ServerHello,
  version: Version12,
  certificate: Uint8Array | undefined,
  exchange: KeyExchange | undefined,
): { readonly secret: Uint8Array; readonly message: Uint8Array } | undefined {
  if (CIPHER_SUITES.get(suite)?.keyExchange === 'RSA') {
    const key = certificate === undefined ? undefined : rsaKeyOf(certificate);
    if (key === undefined) return undefined;
    const secret = joined(uint(WIRE_VERSION[version], 2), randomBytes(46));
    const encrypted = encryptedTo(key, constants.RSA_PKCS1_PADDING, secret);
    return encrypted === undefined ? undefined : { secret, message: vector(2, encrypted) };
  }
  if (exchange?.kind === 'ecdhe') {
    if (!SPOKEN12_GROUPS.some((group) => group === exchange.group)) return undefined;
    const share = ownShare(exchange.group);
    const secret = share.secret(exchange.key);
    return secret === undefined ? undefined : { secret, message: vector(1, share.key) };
  }
  if (exchange?.kind === 'dhe') {
    if (exchange.prime.length > MAX_PRIME) return undefined;
    try {
      const pair = createDiffieHellman(Buffer.from(exchange.prime), Buffer.from(exchange.generator));
      const key = pair.generateKeys();
      // RFC 5246 8.1.2: leading zeros of the agreed number do not count.
      const secret = pair.computeSecret(exchange.key);
      return {
        secret: secret.subarray(
          Math.max(
            0,
            secret.findIndex((byte) => byte !== 0),
          ),
        ),
        message: vector(2, key),
      };
    } catch {
      return undefined; // a prime or a public key that is none
    }
  }
  return undefined;
}

/** What is encrypted to a key that a server sent; undefined for a key that cannot be used: too small, too large, no modulus. */
export function encryptedTo(key: KeyObject, padding: number, block: Uint8Array): Uint8Array | undefined {
  try {
    return publicEncrypt({ key, padding }, block);
  } catch {
    return undefined;
  }
}

/** The RSA key of a certificate, where it has one. */
export function rsaKeyOf(certificate: Uint8Array): KeyObject | undefined {
  try {
    const { publicKey } = new X509Certificate(Buffer.from(certificate));
    return publicKey.asymmetricKeyType === 'rsa' ? publicKey : undefined;
  } catch {
    return undefined;
  }
}
