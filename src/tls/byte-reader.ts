/**
 * Reads big-endian fields out of bytes that a peer sent. Nothing throws: a field that is not there is undefined, and from then
 * on `broken` is true and every further field is undefined too.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#broken ? 0 : this.#bytes.length - this.#at;
  }

  /** An unsigned integer of 1 to 4 bytes. */
  uint(size: 1 | 2 | 3 | 4): number | undefined {
    const bytes = this.bytes(size);
    return bytes?.reduce((value, byte) => value * 256 + byte, 0);
  }

  bytes(count: number): Uint8Array | undefined {
    if (this.#broken || this.#at + count > this.#bytes.length) {
      this.#broken = true;
      return undefined;
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A vector: its length in `size` bytes, then so many bytes (RFC 8446 3.4). */
  vector(size: 1 | 2 | 3): Uint8Array | undefined {
    const length = this.uint(size);
    return length === undefined ? undefined : this.bytes(length);
  }

  rest(): Uint8Array {
    return this.bytes(this.left) ?? new Uint8Array();
  }
}
