import type { Wire } from '../../src/tls/exchange.ts';

type Received = Awaited<ReturnType<Wire['read']>>;
export type End = Exclude<Received['kind'], 'bytes'>;

/** A connection that plays what it was given. It counts what is asked of it, and is asked without end by nobody. */
export interface PlayedWire extends Wire {
  /** Everything that was written, in order. */
  readonly written: readonly Uint8Array[];
  readonly reads: number;
  readonly closed: boolean;
}

/** More reads than this are a loop that nothing ends. */
const MOST_READS = 200_000;

/** Plays chunks one a read, then the end again and again; `answer` may add chunks to what is written. */
export function playedWire(
  chunks: Iterable<Uint8Array>,
  end: End = 'end',
  answer: (written: Uint8Array, count: number) => Iterable<Uint8Array> = () => [],
): PlayedWire {
  const source = chunks[Symbol.iterator]();
  const answers: Uint8Array[] = [];
  const written: Uint8Array[] = [];
  let reads = 0;
  let closed = false;
  const over: Received = end === 'reset' ? { kind: 'reset', detail: 'ECONNRESET' } : { kind: end };
  return {
    written,
    get reads() {
      return reads;
    },
    get closed() {
      return closed;
    },
    write: (bytes) => {
      written.push(bytes);
      answers.push(...answer(bytes, written.length));
    },
    read: async () => {
      reads += 1;
      if (reads > MOST_READS) throw new Error('read without end');
      const answered = answers.shift();
      if (answered !== undefined) return { kind: 'bytes', bytes: answered };
      const next = source.next();
      return next.done === true ? over : { kind: 'bytes', bytes: next.value };
    },
    close: () => {
      closed = true;
    },
  };
}

/** Bytes cut at the places given. */
export function chunked(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [...new Set(places.map((place) => (bytes.length === 0 ? 0 : place % bytes.length)))].toSorted((a, b) => a - b);
  const bounds = [0, ...cuts, bytes.length];
  return bounds.slice(1).map((to, index) => bytes.subarray(bounds[index], to));
}

/** The bytes with one bit the other way round. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Patience for wires that answer at once. */
export const AT_ONCE = { first: 1_000, idle: 1_000, whole: 5_000 } as const;
