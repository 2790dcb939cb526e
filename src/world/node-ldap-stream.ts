import { Socket } from 'node:net';

/** One message; entries with more than this are none that anybody asked for. */
const MAX_MESSAGE = 8 * 1024 * 1024;
/** Tag, length of the length, and four octets of it. */
const MAX_HEADER = 6;
/** Message id, and an operation with nothing in it. */
const MIN_CONTENTS = 5;

/**
 * A connection that hands over whole LDAP messages, one at a time, and ends at what is none. The library's parser joins what came
 * with what comes for each packet, and calls itself for each message of a packet: a hostile server could make it slow, or deep.
 */
export class LdapStream extends Socket {
  readonly #inner: Socket;
  #parts: Buffer[] = [];
  #have = 0;
  #left: number;

  /** `budget`: bytes that may arrive until more are allowed. */
  constructor(inner: Socket, budget: number) {
    super();
    this.#inner = inner;
    this.#left = budget;
    inner.on('data', (chunk: Buffer) => this.#receive(chunk));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.on('close', () => this.destroy());
  }

  /** Bytes that may arrive, from now on. */
  allow(budget: number): void {
    this.#left = budget;
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#parts = [];
    this.#inner.destroy();
    done(error);
    // A socket leaves that to its handle, which this one has not.
    process.nextTick(() => this.emit('close', error !== null));
  }

  #receive(chunk: Buffer): void {
    this.#left -= chunk.length;
    this.#parts.push(chunk);
    this.#have += chunk.length;
    for (;;) {
      const length = this.#messageLength();
      if (length === 'none' || this.#left < 0) return void this.destroy(new NoLdapMessage());
      if (length === undefined || length > this.#have) return;
      const bytes = this.#joined();
      this.#parts = length === bytes.length ? [] : [bytes.subarray(length)];
      this.#have -= length;
      if (!this.push(bytes.subarray(0, length))) this.#inner.pause();
    }
  }

  /** Of the first message with its header: `SEQUENCE`, and a length in one to four octets (X.690 8.1.3). */
  #messageLength(): number | 'none' | undefined {
    if (this.#have < 2) return undefined;
    const [start = Buffer.alloc(0)] = this.#parts;
    const bytes = start.length >= MAX_HEADER ? start : this.#joined();
    const [tag = 0, first = 0] = bytes;
    if (tag !== 0x30) return 'none';
    if (first < 0x80) return first < MIN_CONTENTS ? 'none' : 2 + first;
    const octets = first & 0x7f;
    if (octets < 1 || octets > 4) return 'none';
    if (bytes.length < 2 + octets) return undefined;
    const length = 2 + octets + bytes.readUIntBE(2, octets);
    return length > MAX_MESSAGE || length < 2 + octets + MIN_CONTENTS ? 'none' : length;
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#parts;
    if (more.length === 0) return first;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [bytes];
    return bytes;
  }
}

/** The peer sent what is no LDAP, or too much of it. */
class NoLdapMessage extends Error {
  readonly code = 'NO_LDAP_MESSAGE';
}
