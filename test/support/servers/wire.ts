import { readFileSync } from 'node:fs';
import type { Certificate } from './certificate.ts';

/** A tiny TLS codec for the scripted servers, written apart from src/tls on purpose: two implementations check each other. */

export const TLS10 = 0x0301;
export const TLS12 = 0x0303;
export const TLS13 = 0x0304;

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const;
export const MESSAGE = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  clientKeyExchange: 16,
  finished: 20,
} as const;
export const ALERT = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  decryptionFailed: 21,
  recordOverflow: 22,
  handshakeFailure: 40,
  illegalParameter: 47,
  decryptError: 51,
  protocolVersion: 70,
  inappropriateFallback: 86,
  missingExtension: 109,
  unrecognizedName: 112,
} as const;
export const EXTENSION = { groups: 10, schemes: 13, heartbeat: 15, ticket: 35, versions: 43, cookie: 44, keyShare: 51 } as const;

/** The random of a ServerHello that is a HelloRetryRequest: SHA-256 of that name. */
export const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

export function uint(size: 1 | 2 | 3 | 4, value: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

export const u8 = (value: number): Buffer => uint(1, value);
export const u16 = (value: number): Buffer => uint(2, value);

/** A vector with its length in front. */
export function vector(size: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint(size, body.length), body]);
}

/** One record, or several where the body is longer than a record may be. */
export function record(type: number, version: number, body: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start === 0 || start < body.length; start += 0x4000) {
    parts.push(Buffer.concat([u8(type), u16(version), vector(2, body.subarray(start, start + 0x4000))]));
  }
  return Buffer.concat(parts);
}

export function handshake(type: number, body: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([u8(type), vector(3, body)]);
}

export type Extension = readonly [type: number, body: Uint8Array];

export function extensionList(extensions: readonly Extension[]): Buffer {
  return vector(2, ...extensions.map(([type, body]) => Buffer.concat([u16(type), vector(2, body)])));
}

export interface ServerHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId?: Uint8Array;
  readonly suite: number;
  readonly compression?: number;
  readonly extensions?: readonly Extension[];
}

export function serverHello(hello: ServerHello): Buffer {
  const { extensions = [] } = hello;
  return handshake(
    MESSAGE.serverHello,
    Buffer.concat([
      u16(hello.version),
      hello.random,
      vector(1, hello.sessionId ?? Buffer.alloc(0)),
      u16(hello.suite),
      u8(hello.compression ?? 0),
      extensions.length === 0 ? Buffer.alloc(0) : extensionList(extensions),
    ]),
  );
}

export function certificateMessage(certificates: readonly Uint8Array[]): Buffer {
  return handshake(MESSAGE.certificate, vector(3, ...certificates.map((der) => vector(3, der))));
}

/** The DER of the first certificate in a PEM file; no parser of certificates, because Node's knows no SM2. */
export function derOf(certificate: Pick<Certificate, 'cert'>): Buffer {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(readFileSync(certificate.cert, 'latin1'))?.[1];
  if (base64 === undefined) throw new Error(`${certificate.cert} holds no certificate`);
  return Buffer.from(base64, 'base64');
}

/** Reads the fields of a message; a message that is too short throws, which ends the connection. */
export class Reader {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(count: number): Buffer {
    if (count > this.left) throw new Error('message too short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  uint(size: 1 | 2 | 3): number {
    return this.take(size).readUIntBE(0, size);
  }

  vector(size: 1 | 2 | 3): Buffer {
    return this.take(this.uint(size));
  }

  u16s(): readonly number[] {
    const numbers: number[] = [];
    while (this.left > 0) numbers.push(this.uint(2));
    return numbers;
  }
}
