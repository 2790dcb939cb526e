import { createCipheriv, createDecipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { joined, uint, vector } from './bytes.ts';
import type { KeyShare } from './client-hello.ts';
import { CONTENT, type TlsRecord } from './flight.ts';

/** A suite of TLS 1.3 whose keys can be derived here. */
export interface Suite13 {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly hash: Hash;
  /** Bytes. */
  readonly key: number;
}

/** Suites whose keys are derived here; RFC 8446 B.4. */
export const SUITES13: Readonly<Record<number, Suite13>> = {
  0x1301: { cipher: 'aes-128-gcm', hash: 'sha256', key: 16 },
  0x1302: { cipher: 'aes-256-gcm', hash: 'sha384', key: 32 },
  0x1303: { cipher: 'chacha20-poly1305', hash: 'sha256', key: 32 },
};

/** Suites and groups that a complete handshake can be made with. */
export const SPOKEN13 = { suites: [0x1301, 0x1302, 0x1303], groups: [29, 23, 24] } as const;

const CURVES: Readonly<Record<number, 'prime256v1' | 'secp384r1'>> = { 23: 'prime256v1', 24: 'secp384r1' };
export interface OwnShare extends KeyShare {
  readonly secret: (theirs: Uint8Array) => Uint8Array | undefined;
}

/** A fresh key pair of a group (RFC 8446 4.2.8). */
export function ownShare(group: number): OwnShare {
  const curve = CURVES[group];
  if (curve === undefined) {
    const { privateKey, publicKey } = generateKeyPairSync('x25519');
    const head = Buffer.from('302a300506032b656e032100', 'hex'); // SubjectPublicKeyInfo of an X25519 key (RFC 8410)
    const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(head.length);
    return { group, key, secret: (theirs) => (theirs.length === 32 ? shared(privateKey, joined(head, theirs)) : undefined) };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const size = group === 23 ? 65 : 97;
  const head = spki.subarray(0, spki.length - size);
  return {
    group,
    key: spki.subarray(-size),
    secret: (theirs) => (theirs.length === size ? shared(privateKey, joined(head, theirs)) : undefined),
  };
}

function shared(privateKey: Parameters<typeof diffieHellman>[0]['privateKey'], spki: Uint8Array): Uint8Array | undefined {
  try {
    return diffieHellman({ privateKey, publicKey: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }) });
  } catch {
    return undefined; // a point that is not on the curve
  }
}

/** Keys of one direction, and how many records they have seen. */
export class Protection {
  readonly #cipher: Suite13['cipher'];
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array;
  readonly finishedKey: Uint8Array;
  #count = 0n;

  constructor(secret: Uint8Array, suite: Suite13) {
    this.#cipher = suite.cipher;
    this.#key = expandLabel(secret, 'key', new Uint8Array(), suite.key, suite.hash);
    this.#iv = expandLabel(secret, 'iv', new Uint8Array(), 12, suite.hash);
    this.finishedKey = expandLabel(secret, 'finished', new Uint8Array(), suite.hash === 'sha384' ? 48 : 32, suite.hash);
  }

  #nonce(): Uint8Array {
    const nonce = Uint8Array.from(this.#iv);
    const count = Buffer.alloc(8);
    count.writeBigUInt64BE(this.#count);
    for (const [index, byte] of count.entries()) nonce[4 + index] = (nonce[4 + index] ?? 0) ^ byte;
    this.#count += 1n;
    return nonce;
  }

  open({ type, version, body }: TlsRecord): { readonly type: number; readonly body: Uint8Array } | undefined {
    if (body.length < 17) return undefined;
    try {
      const nonce = this.#nonce();
      const decipher =
        this.#cipher === 'chacha20-poly1305'
          ? createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 })
          : createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 });
      decipher.setAAD(joined([type], uint(version, 2), uint(body.length, 2)), { plaintextLength: body.length - 16 });
      decipher.setAuthTag(body.subarray(-16));
      const plain = Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
      const end = plain.findLastIndex((byte) => byte !== 0); // RFC 8446 5.4: zeros pad it, the type is the last byte that is none
      return end === -1 ? undefined : { type: plain[end] ?? 0, body: plain.subarray(0, end) };
    } catch {
      return undefined;
    }
  }

  seal(type: number, body: Uint8Array): Uint8Array {
    const nonce = this.#nonce();
    const cipher =
      this.#cipher === 'chacha20-poly1305'
        ? createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 })
        : createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 });
    const inner = joined(body, [type]);
    const head = joined([CONTENT.applicationData], [3, 3], uint(inner.length + 16, 2));
    cipher.setAAD(head, { plaintextLength: inner.length });
    return joined(head, cipher.update(inner), cipher.final(), cipher.getAuthTag());
  }
}

export type Hash = 'sha256' | 'sha384';

/** HKDF-Expand-Label (RFC 8446 7.1). */
export function expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number, hash: Hash): Uint8Array {
  const info = joined(uint(length, 2), vector(1, new TextEncoder().encode(`tls13 ${label}`)), vector(1, context));
  let block: Uint8Array = new Uint8Array();
  let out: Uint8Array = new Uint8Array();
  for (let counter = 1; out.length < length; counter += 1) {
    block = createHmac(hash, secret)
      .update(joined(block, info, [counter]))
      .digest();
    out = joined(out, block);
  }
  return out.subarray(0, length);
}

export function extract(salt: Uint8Array, input: Uint8Array, hash: Hash): Uint8Array {
  return createHmac(hash, salt).update(input).digest();
}
