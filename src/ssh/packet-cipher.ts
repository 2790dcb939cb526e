import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual, type Cipheriv, type Decipheriv } from 'node:crypto';

const CIPHERS = {
  'aes128-gcm@openssh.com': { node: 'aes-128-gcm', key: 16, iv: 12, block: 16, tag: 16 },
  'aes256-gcm@openssh.com': { node: 'aes-256-gcm', key: 32, iv: 12, block: 16, tag: 16 },
  'aes128-ctr': { node: 'aes-128-ctr', key: 16, iv: 16, block: 16, tag: 0 },
  'aes192-ctr': { node: 'aes-192-ctr', key: 24, iv: 16, block: 16, tag: 0 },
  'aes256-ctr': { node: 'aes-256-ctr', key: 32, iv: 16, block: 16, tag: 0 },
  'aes128-cbc': { node: 'aes-128-cbc', key: 16, iv: 16, block: 16, tag: 0 },
  'aes256-cbc': { node: 'aes-256-cbc', key: 32, iv: 16, block: 16, tag: 0 },
  '3des-cbc': { node: 'des-ede3-cbc', key: 24, iv: 8, block: 8, tag: 0 },
} as const;
const MACS = {
  'hmac-sha2-256-etm@openssh.com': { hash: 'sha256', size: 32, etm: true },
  'hmac-sha2-512-etm@openssh.com': { hash: 'sha512', size: 64, etm: true },
  'hmac-sha2-256': { hash: 'sha256', size: 32, etm: false },
  'hmac-sha2-512': { hash: 'sha512', size: 64, etm: false },
  'hmac-sha1-etm@openssh.com': { hash: 'sha1', size: 20, etm: true },
  'hmac-sha1': { hash: 'sha1', size: 20, etm: false },
} as const;

/** What we can speak after a key exchange, best first (RFC 4253, 4344, 5647 as OpenSSH has it). */
export const CIPHER_NAMES: readonly string[] = Object.keys(CIPHERS);
export const MAC_NAMES: readonly string[] = Object.keys(MACS);

/** Derives so many octets for a letter of RFC 4253 7.2. */
export type Derive = (letter: string, length: number) => Buffer;

export interface PacketCipher {
  /** Bytes of the wire that are needed before a packet's length is known. */
  readonly head: number;
  readonly block: number;
  /** Octets that follow the packet. */
  readonly trailer: number;
  /** The length field is not encrypted, and no part of what is padded to whole blocks. */
  readonly clearLength: boolean;
  /** Of a sealed packet: `whole` is length, padding length, payload and padding. */
  seal(sequence: number, whole: Buffer): Buffer;
  /** Its length, by its first `head` bytes. To be called once for each packet. */
  length(head: Buffer): number;
  /** Padding length, payload and padding; undefined where it was altered. */
  open(sequence: number, sealed: Buffer): Buffer | undefined;
}

/** One direction of an encrypted connection; `letters` are those of its IV, key and MAC key. */
export function packetCipher(cipher: string, mac: string, direction: 'out' | 'in', derive: Derive): PacketCipher | undefined {
  const [, spec] = Object.entries(CIPHERS).find(([name]) => name === cipher) ?? [];
  const [, macSpec] = Object.entries(MACS).find(([name]) => name === mac) ?? [];
  const [ivLetter, keyLetter, macLetter] = direction === 'out' ? ['A', 'C', 'E'] : ['B', 'D', 'F'];
  if (spec === undefined) return undefined;
  const [iv, key] = [derive(ivLetter, spec.iv), derive(keyLetter, spec.key)];
  if (spec.tag > 0) return counterMode(spec.node, key, iv, spec.block, spec.tag);
  if (macSpec === undefined) return undefined;
  const { hash, size, etm } = macSpec;
  const macKey = derive(macLetter, size);
  const code = (sequence: number, data: Buffer): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence >>> 0);
    return createHmac(hash, macKey).update(number).update(data).digest();
  };
  const stream = direction === 'out' ? createCipheriv(spec.node, key, iv) : createDecipheriv(spec.node, key, iv);
  stream.setAutoPadding(false);
  return etm ? lengthInClear(stream, code, spec.block, size) : lengthHidden(stream, code, spec.block, size);
}

/** AES-GCM: the length is authenticated in clear, and the IV's last eight octets count packets. */
function counterMode(node: string, key: Buffer, iv: Buffer, block: number, tag: number): PacketCipher {
  const nonce = Buffer.from(iv);
  const next = (): Buffer => {
    const now = Buffer.from(nonce);
    nonce.writeBigUInt64BE((nonce.readBigUInt64BE(4) + 1n) & 0xffffffffffffffffn, 4);
    return now;
  };
  const name = node === 'aes-128-gcm' ? 'aes-128-gcm' : 'aes-256-gcm';
  return {
    head: 4,
    block,
    trailer: tag,
    clearLength: true,
    seal: (_, whole) => {
      const cipher = createCipheriv(name, key, next());
      cipher.setAAD(whole.subarray(0, 4));
      const sealed = Buffer.concat([cipher.update(whole.subarray(4)), cipher.final()]);
      return Buffer.concat([whole.subarray(0, 4), sealed, cipher.getAuthTag()]);
    },
    length: (head) => head.readUInt32BE(0),
    open: (_, sealed) => {
      const decipher = createDecipheriv(name, key, next(), { authTagLength: tag });
      decipher.setAAD(sealed.subarray(0, 4));
      decipher.setAuthTag(sealed.subarray(sealed.length - tag));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(4, sealed.length - tag)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

type Stream = Cipheriv | Decipheriv;
type Code = (sequence: number, data: Buffer) => Buffer;

/** Encrypt, then MAC. */
function lengthInClear(stream: Stream, code: Code, block: number, size: number): PacketCipher {
  return {
    head: 4,
    block,
    trailer: size,
    clearLength: true,
    seal: (sequence, whole) => {
      const sealed = Buffer.concat([whole.subarray(0, 4), stream.update(whole.subarray(4))]);
      return Buffer.concat([sealed, code(sequence, sealed)]);
    },
    length: (head) => head.readUInt32BE(0),
    open: (sequence, sealed) => {
      const body = sealed.subarray(0, sealed.length - size);
      return timingSafeEqual(code(sequence, body), sealed.subarray(sealed.length - size)) ? stream.update(body.subarray(4)) : undefined;
    },
  };
}

/** MAC of what is then encrypted, the length with it. */
function lengthHidden(stream: Stream, code: Code, block: number, size: number): PacketCipher {
  let first: Buffer = Buffer.alloc(0);
  return {
    head: block,
    block,
    trailer: size,
    clearLength: false,
    seal: (sequence, whole) => Buffer.concat([stream.update(whole), code(sequence, whole)]),
    length: (head) => {
      first = stream.update(head);
      return first.readUInt32BE(0);
    },
    open: (sequence, sealed) => {
      const whole = Buffer.concat([first, stream.update(sealed.subarray(block, sealed.length - size))]);
      return timingSafeEqual(code(sequence, whole), sealed.subarray(sealed.length - size)) ? whole.subarray(4) : undefined;
    },
  };
}
