const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;

/**
 * Decompresses LZ4 frames (what apt keeps its lists in), at most `most` bytes; undefined where the bytes are none, or are more. Checksums are not
 * verified: what is read is compared with what is installed, and a broken list gives no version that is one.
 */
export function decompressLz4(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let out = new Uint8Array(Math.min(most, bytes.length * 4 + 65_536));
  let length = 0;
  let at = 0;
  const grow = (needed: number): boolean => {
    if (needed > most) return false;
    if (needed > out.length) {
      const larger = new Uint8Array(Math.min(most, Math.max(needed, out.length * 2)));
      larger.set(out.subarray(0, length));
      out = larger;
    }
    return true;
  };
  while (at < bytes.length) {
    if (at + 7 > bytes.length) return undefined;
    const magic = view.getUint32(at, true);
    if (magic >>> 4 === SKIPPABLE >>> 4) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    const flags = bytes[at + 4] ?? 0;
    if (magic !== MAGIC || flags >> 6 !== 1) return undefined;
    const [blockChecksum, hasSize, contentChecksum, dictionary] = [
      (flags & 16) !== 0,
      (flags & 8) !== 0,
      (flags & 4) !== 0,
      (flags & 1) !== 0,
    ];
    if (dictionary) return undefined;
    at += 6 + (hasSize ? 8 : 0) + 1;
    const frame = length;
    for (;;) {
      if (at + 4 > bytes.length) return undefined;
      const size = view.getUint32(at, true);
      at += 4;
      if (size === 0) break;
      const end = at + (size & 0x7fffffff);
      if (end > bytes.length) return undefined;
      if (size >>> 31 === 1) {
        if (!grow(length + end - at)) return undefined;
        out.set(bytes.subarray(at, end), length);
        length += end - at;
      } else {
        const grown = block(bytes, at, end, frame);
        if (!grown) return undefined;
      }
      at = end + (blockChecksum ? 4 : 0);
    }
    at += contentChecksum ? 4 : 0;
  }
  return out.subarray(0, length);

  /** One block: literals, then a copy of what stands some way back, again and again; the last has literals alone. */
  function block(from: Uint8Array, start: number, end: number, frame: number): boolean {
    let read = start;
    const more = (nibble: number): number => {
      let count = nibble;
      if (nibble === 15)
        for (;;) {
          const byte = from[read] ?? 0;
          read += 1;
          count += byte;
          if (byte !== 255 || read > end) break;
        }
      return count;
    };
    while (read < end) {
      const token = from[read] ?? 0;
      read += 1;
      const literals = more(token >> 4);
      if (read + literals > end || !grow(length + literals)) return false;
      out.set(from.subarray(read, read + literals), length);
      read += literals;
      length += literals;
      if (read === end) return true;
      const offset = (from[read] ?? 0) + (from[read + 1] ?? 0) * 256;
      read += 2;
      const copied = more(token & 15) + 4;
      if (offset === 0 || offset > length - frame || read > end || !grow(length + copied)) return false;
      for (let index = 0; index < copied; index += 1) out[length + index] = out[length + index - offset] ?? 0;
      length += copied;
    }
    return false;
  }
}
