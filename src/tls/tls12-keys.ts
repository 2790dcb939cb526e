import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { joined, tlsRecord, uint } from './bytes.ts';
import { CIPHER_SUITES, type CipherSuite } from './cipher-suites.ts';
import { WIRE_VERSION, type Protocol } from './protocols.ts';
import type { TlsRecord } from './flight.ts';

/** Versions whose key schedule is spoken here. */
export type Version12 = Extract<Protocol, 'TLSv1' | 'TLSv1.1' | 'TLSv1.2'>;
type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384';

/** How a suite protects records. */
export interface Protection12 {
  readonly cipher: string;
  readonly keyLength: number;
  readonly mode: 'cbc' | 'gcm';
  readonly block: number;
  readonly mac: Hash;
  readonly prf: Hash;
}

/** The protection of a suite; undefined for one that is not spoken here. */
export function protectionOf(code: number): Protection12 | undefined {
  const suite = CIPHER_SUITES.get(code);
  if (
    suite === undefined ||
    !['RSA', 'ECDHE', 'DHE'].includes(suite.keyExchange) ||
    !['RSA', 'ECDSA', 'DSS', 'NULL'].includes(suite.authentication)
  )
    return undefined;
  if (suite.exportGrade) return undefined;
  const prf: Hash = suite.iana.endsWith('SHA384') ? 'sha384' : 'sha256';
  const mac = MACS[suite.mac];
  if (suite.encryption === 'AES' && suite.aead && suite.iana.includes('GCM'))
    return { cipher: `aes-${suite.bits}-gcm`, keyLength: suite.bits / 8, mode: 'gcm', block: 16, mac: prf, prf };
  if (mac === undefined || suite.aead) return undefined;
  const cipher = cbcCipher(suite);
  return cipher === undefined ? undefined : { ...cipher, mode: 'cbc', mac, prf };
}

const MACS: Readonly<Record<string, Hash>> = { SHA: 'sha1', SHA256: 'sha256', SHA384: 'sha384', MD5: 'md5' };

function cbcCipher({ encryption, bits }: CipherSuite): Pick<Protection12, 'cipher' | 'keyLength' | 'block'> | undefined {
  if (encryption === 'AES') return { cipher: `aes-${bits}-cbc`, keyLength: bits / 8, block: 16 };
  if (encryption === 'CAMELLIA') return { cipher: `camellia-${bits}-cbc`, keyLength: bits / 8, block: 16 };
  return encryption === '3DES' ? { cipher: 'des-ede3-cbc', keyLength: 24, block: 8 } : undefined;
}

/** The pseudorandom function: RFC 5246 5; before TLS 1.2 MD5 and SHA-1 over the two halves of the secret (RFC 4346 5). */
export function prf(version: Version12, hash: Hash, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const input = joined(new TextEncoder().encode(label), seed);
  if (version === 'TLSv1.2') return expand(hash, secret, input, length);
  const half = Math.ceil(secret.length / 2);
  const [a, b] = [expand('md5', secret.subarray(0, half), input, length), expand('sha1', secret.subarray(-half), input, length)];
  return a.map((byte, index) => byte ^ (b[index] ?? 0));
}

function expand(hash: Hash, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  let out: Uint8Array = new Uint8Array();
  let a: Uint8Array = seed;
  while (out.length < length) {
    a = createHmac(hash, secret).update(a).digest();
    out = joined(out, createHmac(hash, secret).update(joined(a, seed)).digest());
  }
  return out.subarray(0, length);
}

/** The hash of the handshake so far, as Finished wants it. */
export function transcriptHash(version: Version12, hash: Hash, transcript: Uint8Array): Uint8Array {
  const digest = (name: Hash): Uint8Array => createHash(name).update(transcript).digest();
  return version === 'TLSv1.2' ? digest(hash) : joined(digest('md5'), digest('sha1'));
}

/** Keys of one direction. What is sealed can be bent on purpose by those who look for oracles. */
export class RecordKeys {
  readonly #version: Version12;
  readonly protection: Protection12;
  readonly #macKey: Uint8Array;
  readonly #key: Uint8Array;
  #iv: Uint8Array;
  #sequence = 0n;

  constructor(version: Version12, protection: Protection12, macKey: Uint8Array, key: Uint8Array, iv: Uint8Array) {
    this.#version = version;
    this.protection = protection;
    this.#macKey = macKey;
    this.#key = key;
    this.#iv = iv;
  }

  #head(type: number, length: number): Uint8Array {
    const count = Buffer.alloc(8);
    count.writeBigUInt64BE(this.#sequence);
    this.#sequence += 1n;
    return joined(count, [type], uint(WIRE_VERSION[this.#version], 2), uint(length, 2));
  }

  /** The record that holds `body`. */
  seal(type: number, body: Uint8Array): Uint8Array {
    const { mode, block } = this.protection;
    if (mode === 'gcm') return this.#frame(type, this.#sealGcm(type, body));
    const tagged = joined(body, this.mac(type, body));
    const pad = block - ((tagged.length + 1) % block || block);
    return this.sealRaw(type, joined(tagged, new Uint8Array(pad + 1).fill(pad)));
  }

  /** The MAC of a body, for the next record (RFC 5246 6.2.3.1). */
  mac(type: number, body: Uint8Array): Uint8Array {
    return createHmac(this.protection.mac, this.#macKey)
      .update(joined(this.#head(type, body.length), body))
      .digest();
  }

  /** Encrypts what is given as it is: body, MAC and padding are the caller's. Its length is a multiple of the block. */
  sealRaw(type: number, plain: Uint8Array): Uint8Array {
    const { cipher, block } = this.protection;
    const explicit = this.#version !== 'TLSv1';
    const iv = explicit ? randomBytes(block) : this.#iv;
    const encrypt = createCipheriv(cipher, this.#key, iv).setAutoPadding(false);
    const sealed = joined(encrypt.update(plain), encrypt.final());
    if (!explicit) this.#iv = sealed.subarray(-block);
    return this.#frame(type, explicit ? joined(iv, sealed) : sealed);
  }

  #sealGcm(type: number, body: Uint8Array): Uint8Array {
    const nonce = Buffer.alloc(8);
    nonce.writeBigUInt64BE(this.#sequence);
    const encrypt = createCipheriv(gcm(this.protection.cipher), this.#key, joined(this.#iv.subarray(0, 4), nonce), { authTagLength: 16 });
    encrypt.setAAD(this.#head(type, body.length), { plaintextLength: body.length });
    return joined(nonce, encrypt.update(body), encrypt.final(), encrypt.getAuthTag());
  }

  #frame(type: number, body: Uint8Array): Uint8Array {
    return tlsRecord(type, WIRE_VERSION[this.#version], body);
  }

  /** What a record holds; undefined where it cannot be opened. */
  open({ type, body }: TlsRecord): Uint8Array | undefined {
    try {
      return this.protection.mode === 'gcm' ? this.#openGcm(type, body) : this.#openCbc(type, body);
    } catch {
      return undefined;
    }
  }

  #openGcm(type: number, body: Uint8Array): Uint8Array | undefined {
    if (body.length < 24) return undefined;
    const decrypt = createDecipheriv(gcm(this.protection.cipher), this.#key, joined(this.#iv.subarray(0, 4), body.subarray(0, 8)), {
      authTagLength: 16,
    });
    decrypt.setAAD(this.#head(type, body.length - 24), { plaintextLength: body.length - 24 });
    decrypt.setAuthTag(body.subarray(-16));
    return joined(decrypt.update(body.subarray(8, -16)), decrypt.final());
  }

  #openCbc(type: number, body: Uint8Array): Uint8Array | undefined {
    const { cipher, block, mac } = this.protection;
    const explicit = this.#version !== 'TLSv1';
    const [iv, sealed] = explicit ? [body.subarray(0, block), body.subarray(block)] : [this.#iv, body];
    if (sealed.length === 0 || sealed.length % block !== 0 || iv.length !== block) return undefined;
    const decrypt = createDecipheriv(cipher, this.#key, iv).setAutoPadding(false);
    const plain = joined(decrypt.update(sealed), decrypt.final());
    if (!explicit) this.#iv = sealed.slice(-block);
    const pad = plain.at(-1) ?? 0;
    const size = createHash(mac).digest().length;
    const length = plain.length - 1 - pad - size;
    if (length < 0) return undefined;
    const content = plain.subarray(0, length);
    return timingSafeEqual(this.mac(type, content), plain.subarray(length, length + size)) ? content : undefined;
  }
}

function gcm(name: string): 'aes-128-gcm' | 'aes-256-gcm' {
  return name === 'aes-256-gcm' ? name : 'aes-128-gcm';
}

/** The two directions' keys out of the master secret (RFC 5246 6.3). */
export function keysOf(
  version: Version12,
  protection: Protection12,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { readonly client: RecordKeys; readonly server: RecordKeys } {
  const macLength = protection.mode === 'gcm' ? 0 : createHash(protection.mac).digest().length;
  const ivLength = protection.mode === 'gcm' ? 4 : protection.block;
  const material = prf(
    version,
    protection.prf,
    master,
    'key expansion',
    joined(serverRandom, clientRandom),
    2 * (macLength + protection.keyLength + ivLength),
  );
  let at = 0;
  const next = (length: number): Uint8Array => material.subarray(at, (at += length));
  const macs = [next(macLength), next(macLength)] as const;
  const keys = [next(protection.keyLength), next(protection.keyLength)] as const;
  const ivs = [next(ivLength), next(ivLength)] as const;
  return {
    client: new RecordKeys(version, protection, macs[0], keys[0], ivs[0]),
    server: new RecordKeys(version, protection, macs[1], keys[1], ivs[1]),
  };
}
