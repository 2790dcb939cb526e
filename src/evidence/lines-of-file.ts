import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1024 * 1024;
/** One record of a target; the longest line that a reader takes into memory (V8 strings end at 512 MB). */
const MAX_LINE = 256 * 1024 * 1024;

/** A line of a JSON Lines file. `value` is parsed when it is asked for, and undefined where it is not JSON. */
export interface JsonLine {
  readonly text: string;
  readonly value: unknown;
}

/** Lines of a JSON Lines file, holding no more than one of them. */
export function* linesOf(file: string): Generator<JsonLine, void> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let parts: Buffer[] = [];
    let held = 0;
    for (;;) {
      const length = readSync(descriptor, chunk, 0, CHUNK, null);
      if (length === 0) break;
      let from = 0;
      for (;;) {
        const newline = chunk.subarray(0, length).indexOf(10, from);
        if (newline === -1) break;
        parts.push(Buffer.from(chunk.subarray(from, newline)));
        yield jsonLine(Buffer.concat(parts));
        parts = [];
        held = 0;
        from = newline + 1;
      }
      parts.push(Buffer.from(chunk.subarray(from, length)));
      held += length - from;
      if (held > MAX_LINE) throw new RangeError(`${file}: a line longer than ${MAX_LINE} bytes`);
    }
    if (held > 0) yield jsonLine(Buffer.concat(parts));
  } finally {
    closeSync(descriptor);
  }
}

function jsonLine(bytes: Buffer): JsonLine {
  const text = bytes.toString('utf8');
  return {
    text,
    get value() {
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    },
  };
}
