import {
  constants,
  createDiffieHellman,
  createECDH,
  createHash,
  generateKeyPairSync,
  getDiffieHellman,
  privateEncrypt,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ClientHello } from './client-hello.ts';
import { handshake, MESSAGE, TLS12, u16, u8, vector } from './wire.ts';

/** Hash and, for RSA, padding of the signature schemes these servers can sign with, in their order of preference. */
const SCHEMES: Readonly<Record<number, { readonly kind: 'rsa' | 'ec'; readonly hash: string; readonly pss?: boolean }>> = {
  0x0804: { kind: 'rsa', hash: 'sha256', pss: true },
  0x0401: { kind: 'rsa', hash: 'sha256' },
  0x0501: { kind: 'rsa', hash: 'sha384' },
  0x0601: { kind: 'rsa', hash: 'sha512' },
  0x0201: { kind: 'rsa', hash: 'sha1' },
  0x0403: { kind: 'ec', hash: 'sha256' },
  0x0503: { kind: 'ec', hash: 'sha384' },
  0x0203: { kind: 'ec', hash: 'sha1' },
};

const CURVES: Readonly<Record<number, string>> = { 0x0017: 'prime256v1', 0x0018: 'secp384r1', 0x0019: 'secp521r1', 0x0016: 'secp256k1' };

/** A server's half of an ephemeral exchange, already in the form the message carries. */
export interface EphemeralKey {
  readonly parameters: Buffer;
}

/** A fresh key of a named group; X25519 by its own call, because it is no ECDH curve to Node. */
export function ecdheKey(group: number): EphemeralKey {
  const curve = CURVES[group];
  let point: Buffer;
  if (curve === undefined) {
    const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
    point = Buffer.from(x ?? '', 'base64url');
  } else {
    point = createECDH(curve).generateKeys();
  }
  return { parameters: Buffer.concat([u8(3), u16(group), vector(1, point)]) };
}

/** A fresh key of a group of Oakley's; 512 bits are an export suite's. */
export function dheKey(group: 'modp1' | 'modp2' | 'modp5' | 'modp14' | 'export'): EphemeralKey {
  const exchange = group === 'export' ? createDiffieHellman(EXPORT_PRIME, 2) : getDiffieHellman(group);
  exchange.generateKeys();
  return {
    parameters: Buffer.concat([vector(2, exchange.getPrime()), vector(2, exchange.getGenerator()), vector(2, exchange.getPublicKey())]),
  };
}

/** The prime of `dhparamFile(512)`. */
const EXPORT_PRIME = Buffer.from(
  'b3a7757d48263edb2221e277cda1435a7c23123aad7cf212b00334a2651676f4aa89627132cd1b1b454dc95864806bd2ce8d993ee354d0a88875db92d2b14807',
  'hex',
);

/** ServerKeyExchange signed as the client asked; `undefined` where its schemes and the key do not meet. */
export function serverKeyExchange(
  hello: ClientHello,
  version: number,
  random: Uint8Array,
  ephemeral: EphemeralKey,
  key: KeyObject,
): Buffer | undefined {
  const data = Buffer.concat([hello.random, random, ephemeral.parameters]);
  const kind = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ec';
  if (version < TLS12) {
    // Before TLS 1.2 RSA signs MD5 and SHA-1 side by side, without saying which hash it is.
    const digests = Buffer.concat(['md5', 'sha1'].map((hash) => createHash(hash).update(data).digest()));
    const signature = kind === 'ec' ? sign('sha1', data, key) : privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digests);
    return handshake(MESSAGE.serverKeyExchange, Buffer.concat([ephemeral.parameters, vector(2, signature)]));
  }
  // Without the extension the client means SHA-1.
  const offered = hello.schemes.length === 0 ? [0x0201, 0x0203] : hello.schemes;
  const scheme = offered.find((one) => SCHEMES[one]?.kind === kind);
  const how = scheme === undefined ? undefined : SCHEMES[scheme];
  if (scheme === undefined || how === undefined) return undefined;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const signature = sign(how.hash, data, { key, ...(how.pss === true ? pss : {}) });
  return handshake(MESSAGE.serverKeyExchange, Buffer.concat([ephemeral.parameters, u16(scheme), vector(2, signature)]));
}
