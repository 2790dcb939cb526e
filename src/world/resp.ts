import { unknown, type Unknown } from '../model/fact.ts';
import type { RedisReply } from './redis.ts';

/** `ACL USERS` of 100,000 users takes 2 MB. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 8;
/** A simple string, an error or a length. */
const MAX_LINE = 4096;

/** A request: an array of bulk strings. */
export function respRequest(words: readonly string[]): Uint8Array {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

/**
 * Reads replies of RESP 2 (https://redis.io/docs/latest/develop/reference/protocol-spec/) out of chunks, as they are asked for.
 * After an `Unknown` nothing that follows can be told apart: the connection is of no more use.
 */
export class RespReader {
  readonly #next: () => Promise<Uint8Array | Unknown>;
  #bytes = Buffer.alloc(0);
  #at = 0;
  #left = 0;
  #elements = 0;

  constructor(next: () => Promise<Uint8Array | Unknown>) {
    this.#next = next;
  }

  async reply(): Promise<RedisReply | Unknown> {
    this.#left = MAX_REPLY_BYTES;
    this.#elements = 0;
    return this.#value(0);
  }

  async #value(depth: number): Promise<RedisReply | Unknown> {
    const line = await this.#line();
    if (typeof line !== 'string') return line;
    const rest = line.slice(1);
    switch (line.charAt(0)) {
      case '+':
        return rest;
      case '-':
        return { refused: rest };
      case ':': {
        const value = /^[+-]?\d{1,19}$/.test(rest) ? Number(rest) : Number.NaN;
        return Number.isNaN(value) ? strange() : value;
      }
      case '$':
        return this.#bulk(lengthOf(rest));
      case '*':
        return this.#array(lengthOf(rest), depth);
      default:
        return strange();
    }
  }

  async #bulk(length: number | undefined): Promise<RedisReply | Unknown> {
    if (length === undefined) return strange();
    if (length === -1) return null;
    if (length > this.#left) return tooLong();
    const bytes = await this.#take(length + 2);
    if (!Buffer.isBuffer(bytes)) return bytes;
    return bytes[length] === 13 && bytes[length + 1] === 10 ? bytes.toString('utf8', 0, length) : strange();
  }

  async #array(length: number | undefined, depth: number): Promise<RedisReply | Unknown> {
    if (length === undefined || depth >= MAX_DEPTH) return strange();
    if (length === -1) return null;
    this.#elements += length;
    if (this.#elements > MAX_ELEMENTS) return tooLong();
    const values: RedisReply[] = [];
    for (let index = 0; index < length; index += 1) {
      const value = await this.#value(depth + 1);
      if (isUnknown(value)) return value;
      values.push(value);
    }
    return values;
  }

  async #line(): Promise<string | Unknown> {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n', this.#at);
      if (end !== -1 && end - this.#at <= MAX_LINE) {
        const line = this.#bytes.toString('utf8', this.#at, end);
        this.#left -= end + 2 - this.#at;
        this.#at = end + 2;
        return this.#left < 0 ? tooLong() : line;
      }
      if (this.#bytes.length - this.#at > MAX_LINE) return strange();
      const more = await this.#more();
      if (more !== undefined) return more;
    }
  }

  async #take(count: number): Promise<Buffer | Unknown> {
    this.#left -= count;
    const parts: Buffer[] = [];
    let missing = count;
    for (;;) {
      const part = this.#bytes.subarray(this.#at, this.#at + missing);
      parts.push(part);
      missing -= part.length;
      this.#at += part.length;
      if (missing === 0) return Buffer.concat(parts);
      const more = await this.#more();
      if (more !== undefined) return more;
    }
  }

  /** Adds the next chunk to what is not read yet; why not, where none came. */
  async #more(): Promise<Unknown | undefined> {
    const chunk = await this.#next();
    if (!(chunk instanceof Uint8Array)) return chunk;
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    this.#at = 0;
    return undefined;
  }
}

function lengthOf(text: string): number | undefined {
  return /^(?:-1|\d{1,10})$/.test(text) ? Number(text) : undefined;
}

function strange(): Unknown {
  return unknown('unparseable', 'no reply of Redis');
}

function tooLong(): Unknown {
  return unknown('unsupported', 'a reply that is too long');
}

/** Tells a reply from the reason why there is none. */
export function isUnknown(value: RedisReply | Unknown): value is Unknown {
  return typeof value === 'object' && value !== null && 'state' in value;
}
