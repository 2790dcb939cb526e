/** Joins what is to be sent. */
export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A big-endian unsigned integer. */
export function uint(value: number, size: 1 | 2 | 3 | 4): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) & 255);
}

/** A vector: its length in `size` bytes, then the bytes (RFC 8446 3.4). */
export function vector(size: 1 | 2 | 3, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const body = joined(...parts);
  return joined(uint(body.length, size), body);
}

/** A record in clear: type, version and length, then the fragment (RFC 8446 5.1). */
export function tlsRecord(type: number, version: number, fragment: Uint8Array | readonly number[]): Uint8Array<ArrayBuffer> {
  return joined([type], uint(version, 2), uint(fragment.length, 2), fragment);
}

/** Code points, two bytes each. */
export function uint16s(values: readonly number[]): Uint8Array<ArrayBuffer> {
  return joined(...values.map((value) => uint(value, 2)));
}

/** Are they the same bytes? */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
