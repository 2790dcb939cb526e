/** Data types of RFC 4251 section 5, written. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function string(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

export function nameList(names: readonly string[]): Buffer {
  return string(names.join(','));
}

/** A positive multiple-precision integer of big-endian octets. */
export function mpint(octets: Uint8Array): Buffer {
  let start = 0;
  while (start < octets.length && octets[start] === 0) start += 1;
  const digits = octets.subarray(start);
  return string((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}

/** A list longer than this is no server's configuration. */
const MAX_NAMES = 200;

/** The names of a name-list; undefined where one is none (RFC 4251 6: visible ASCII, at most 64 of it). */
export function namesIn(text: string): readonly string[] | undefined {
  const names = text === '' ? [] : text.split(',');
  return names.length > MAX_NAMES || names.some((name) => !/^[\x21-\x7e]{1,64}$/.test(name)) ? undefined : names;
}

/** The same types, read. Past the end, or of a wrong length, everything is `undefined`, now and from then on. */
export class SshReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
  }

  /** Everything was read, and nothing was missing. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number | undefined {
    return this.#take(1)?.[0];
  }

  bytes(length: number): Buffer | undefined {
    return this.#take(length);
  }

  uint32(): number | undefined {
    return this.#take(4)?.readUInt32BE(0);
  }

  string(): Buffer | undefined {
    const length = this.uint32();
    return length === undefined ? undefined : this.#take(length);
  }

  text(): string | undefined {
    return this.string()?.toString('utf8');
  }

  names(): readonly string[] | undefined {
    const text = this.text();
    return text === undefined ? undefined : namesIn(text);
  }

  /** Octets of a positive integer, without leading zeros. */
  mpint(): Buffer | undefined {
    const octets = this.string();
    if (octets === undefined || (octets[0] ?? 0) >= 0x80) return undefined;
    let start = 0;
    while (start < octets.length && octets[start] === 0) start += 1;
    return octets.subarray(start);
  }

  #take(length: number): Buffer | undefined {
    if (this.#at + length > this.#bytes.length) {
      this.#at = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
