import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1024 * 1024;
/** One record of a target; the longest line that a reader takes into memory (V8 strings end at 512 MB). */
const MAX_LINE = 256 * 1024 * 1024;

/**
 * A line of a JSON Lines file, good until the next one is taken: its bytes are those of the reader's buffer. `value` is parsed
 * when it is asked for, and undefined where it is not JSON.
 */
export interface JsonLine {
  readonly bytes: Uint8Array;
  readonly value: unknown;
  /** Offset in the file of what follows the line. */
  readonly end: number;
}

/** What a reader says of a line that is too long to be taken: which one, the first being 1, and why. */
export type TooLong = (line: number, message: string) => Error;

/** Lines of a JSON Lines file from an offset on, holding no more than one of them. */
export function* linesOf(
  file: string,
  from = 0,
  tooLong: TooLong = (line, message) => new RangeError(`${file}:${line} ${message}`),
): Generator<JsonLine, void> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let parts: Buffer[] = [];
    let held = 0;
    let at = from;
    let number = 1;
    for (;;) {
      const length = readSync(descriptor, chunk, 0, CHUNK, at);
      if (length === 0) break;
      const read = chunk.subarray(0, length);
      let start = 0;
      for (let newline = read.indexOf(10); newline !== -1; newline = read.indexOf(10, start)) {
        const piece = read.subarray(start, newline);
        start = newline + 1;
        yield jsonLine(parts.length === 0 ? piece : Buffer.concat([...parts, piece]), at + start);
        parts = [];
        held = 0;
        number += 1;
      }
      if (start < length) parts.push(Buffer.from(read.subarray(start)));
      held += length - start;
      at += length;
      if (held > MAX_LINE) throw tooLong(number, `is longer than ${MAX_LINE} bytes: no reader takes such a line`);
    }
    if (held > 0) yield jsonLine(Buffer.concat(parts), at);
  } finally {
    closeSync(descriptor);
  }
}

function jsonLine(bytes: Buffer, end: number): JsonLine {
  return {
    bytes,
    end,
    get value() {
      try {
        return JSON.parse(bytes.toString('utf8'));
      } catch {
        return undefined;
      }
    },
  };
}
