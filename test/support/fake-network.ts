import { setTimeout as delay } from 'node:timers/promises';
import { unknown, type Unknown } from '../../src/model/fact.ts';
import type { Network, Received } from '../../src/world/network.ts';

/** What one connection does with what the client wrote first. */
export interface Reply {
  readonly bytes?: Uint8Array;
  /** After the bytes. Silence lasts as long as the client waits. */
  readonly then: 'end' | 'reset' | 'silence';
  /** Milliseconds before the bytes. */
  readonly after?: number;
}

export interface FakeNetwork extends Network {
  /** Connections made, open now, and open at once at most. */
  readonly made: number;
  readonly open: number;
  readonly peak: number;
}

/** A network of one host in memory. `answers` is told the first bytes and the connection's number, from 1. */
export function fakeNetwork(
  answers: (first: Uint8Array, number: number) => Reply,
  refuses: (number: number) => Unknown | undefined = () => undefined,
  options: { readonly realSilence?: boolean } = {},
): FakeNetwork {
  const counts = { made: 0, open: 0, peak: 0 };
  return {
    get made() {
      return counts.made;
    },
    get open() {
      return counts.open;
    },
    get peak() {
      return counts.peak;
    },
    lookup: async () => ['192.0.2.1'],
    caa: async () => [],
    request: async ({ url }) => unknown('unreachable', url),
    connect: async ({ signal }) => {
      counts.made += 1;
      const number = counts.made;
      const refusal = refuses(number);
      if (refusal !== undefined) return refusal;
      counts.open += 1;
      counts.peak = Math.max(counts.peak, counts.open);
      let closed = false;
      let reply: Reply | undefined;
      let given = false;
      return {
        write: (bytes) => void (reply ??= answers(bytes, number)),
        read: async (timeout): Promise<Received> => {
          if (signal.aborted) return { kind: 'timed-out' };
          if (reply?.after !== undefined && !given) await delay(reply.after);
          else await Promise.resolve();
          if (reply?.bytes !== undefined && !given) {
            given = true;
            return { kind: 'bytes', bytes: reply.bytes };
          }
          if (reply === undefined || reply.then === 'silence') {
            if (options.realSilence === true)
              await Promise.race([delay(timeout), new Promise((wake) => signal.addEventListener('abort', wake))]);
            return { kind: 'timed-out' };
          }
          return reply.then === 'end' ? { kind: 'end' } : { kind: 'reset', detail: 'ECONNRESET' };
        },
        close: () => {
          if (!closed) counts.open -= 1;
          closed = true;
        },
      };
    },
  };
}
