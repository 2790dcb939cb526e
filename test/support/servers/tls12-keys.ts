import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { TLS12, u16, u8, uint } from './wire.ts';

/** The key schedule and the record layer of RSA_WITH_AES_128_CBC_SHA, TLS 1.0 to 1.2. */

const MAC = 20;
const BLOCK = 16;

function pHash(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const hmac = (data: Uint8Array): Buffer => createHmac(hash, secret).update(data).digest();
  const parts: Buffer[] = [];
  let a = hmac(seed);
  for (let made = 0; made < length; a = hmac(a)) {
    const part = hmac(Buffer.concat([a, seed]));
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

export function prf(version: number, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  if (version >= TLS12) return pHash('sha256', secret, labelled, length);
  const half = Math.ceil(secret.length / 2);
  const [md5, sha1] = [pHash('md5', secret.subarray(0, half), labelled, length), pHash('sha1', secret.subarray(-half), labelled, length)];
  return md5.map((byte, index) => byte ^ (sha1[index] ?? 0)) as Buffer;
}

export function transcriptHash(version: number, transcript: Uint8Array): Buffer {
  const hashes = version >= TLS12 ? ['sha256'] : ['md5', 'sha1'];
  return Buffer.concat(hashes.map((hash) => createHash(hash).update(transcript).digest()));
}

/** What a decrypted record turns out to be, good or in which way bad. */
export type Verdict =
  | 'good'
  /** Padding correct, not empty, MAC wrong. */
  | 'bad-mac'
  /** As before, in a record without content. */
  | 'bad-mac-empty'
  /** MAC correct, the last byte a fitting length, other padding bytes wrong: what SSLv3 allows. */
  | 'bad-padding'
  /** The padding claims more than the record holds, so there is no MAC. */
  | 'overlong-padding'
  /** Nothing but correct padding, without room for a MAC (CVE-2016-2107). */
  | 'all-padding'
  /** Neither padding nor MAC correct. */
  | 'garbled';

export interface Opened {
  readonly verdict: Verdict;
  readonly content: Buffer;
}

/** One direction of a connection: keys, sequence number and, in TLS 1.0, the chained IV. */
export class CbcDirection {
  private readonly version: number;
  private readonly macKey: Buffer;
  private readonly key: Buffer;
  private iv: Buffer;
  private sequence = 0n;

  constructor(version: number, macKey: Buffer, key: Buffer, iv: Buffer) {
    this.version = version;
    this.macKey = macKey;
    this.key = key;
    this.iv = iv;
  }

  /** The MAC of the next record, were this its content. */
  mac(type: number, content: Uint8Array): Buffer {
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(this.sequence);
    return createHmac('sha1', this.macKey)
      .update(Buffer.concat([sequence, u8(type), u16(this.version), u16(content.length), content]))
      .digest();
  }

  seal(type: number, content: Uint8Array): Buffer {
    const length = BLOCK - 1 - ((content.length + MAC) % BLOCK);
    const plain = Buffer.concat([content, this.mac(type, content), Buffer.alloc(length + 1, length)]);
    return this.sealPlain(type, plain);
  }

  /** Encrypts whole blocks as they are: padding and MAC are the caller's, right or wrong. */
  sealPlain(type: number, plain: Uint8Array): Buffer {
    this.sequence += 1n;
    const explicit = this.version > 0x0301;
    const iv = explicit ? randomBytes(BLOCK) : this.iv;
    const cipher = createCipheriv('aes-128-cbc', this.key, iv).setAutoPadding(false);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    this.iv = sealed.subarray(-BLOCK);
    const body = explicit ? Buffer.concat([iv, sealed]) : sealed;
    return Buffer.concat([u8(type), u16(this.version), u16(body.length), body]);
  }

  open(type: number, body: Buffer): Opened {
    const explicit = this.version > 0x0301;
    const [iv, sealed] = explicit ? [body.subarray(0, BLOCK), body.subarray(BLOCK)] : [this.iv, body];
    if (iv.length < BLOCK || sealed.length === 0 || sealed.length % BLOCK !== 0) return { verdict: 'garbled', content: Buffer.alloc(0) };
    this.iv = sealed.subarray(-BLOCK);
    const decipher = createDecipheriv('aes-128-cbc', this.key, iv).setAutoPadding(false);
    const opened = this.judge(type, Buffer.concat([decipher.update(sealed), decipher.final()]));
    this.sequence += 1n;
    return opened;
  }

  private judge(type: number, plain: Buffer): Opened {
    const padding = plain.readUInt8(plain.length - 1);
    const end = plain.length - 1 - padding;
    const regular = end >= 0 && plain.subarray(end).every((byte) => byte === padding);
    if (end < MAC) return { verdict: end >= 0 && regular ? 'all-padding' : 'overlong-padding', content: Buffer.alloc(0) };
    const content = plain.subarray(0, end - MAC);
    const authentic = plain.subarray(end - MAC, end).equals(this.mac(type, content));
    if (authentic) return { verdict: regular ? 'good' : 'bad-padding', content };
    if (!regular) return { verdict: 'garbled', content };
    return { verdict: content.length === 0 ? 'bad-mac-empty' : 'bad-mac', content };
  }
}

export interface Keys {
  readonly client: CbcDirection;
  readonly server: CbcDirection;
}

export function keysOf(version: number, master: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): Keys {
  const block = prf(version, master, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 2 * (MAC + BLOCK + BLOCK));
  let at = 0;
  const next = (length: number): Buffer => block.subarray(at, (at += length));
  const [clientMac, serverMac, clientKey, serverKey, clientIv, serverIv] = [
    next(MAC),
    next(MAC),
    next(BLOCK),
    next(BLOCK),
    next(BLOCK),
    next(BLOCK),
  ];
  return {
    client: new CbcDirection(version, clientMac, clientKey, clientIv),
    server: new CbcDirection(version, serverMac, serverKey, serverIv),
  };
}

/** Finished, 12 bytes of the transcript's hash under the master secret. */
export function finishedOf(version: number, master: Uint8Array, side: 'client' | 'server', transcript: Uint8Array): Buffer {
  const verify = prf(version, master, `${side} finished`, transcriptHash(version, transcript), 12);
  return Buffer.concat([u8(20), uint(3, 12), verify]);
}
