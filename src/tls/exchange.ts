import type { Unknown } from '../model/fact.ts';
import { alertText } from './alerts.ts';
import { FlightReader, type Flight, type Wanted } from './flight.ts';
import { protocolName, protocolOf } from './protocols.ts';
import type { ServerHello } from './server-messages.ts';

/** A connection, as far as the wire protocol needs one: it never throws. */
export interface Wire {
  write(bytes: Uint8Array): void;
  read(
    timeout: number,
  ): Promise<
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'end' }
    | { readonly kind: 'reset'; readonly detail: string }
    | { readonly kind: 'timed-out' }
  >;
  close(): void;
}

/** Milliseconds that a peer may take: to its first byte, between two, and in all. */
export interface Patience {
  readonly first: number;
  readonly idle: number;
  readonly whole: number;
}

/** The answer to one hello on one connection. Whatever is not a hello, an alert or an orderly end leaves the question open. */
export type Answer =
  | { readonly kind: 'hello'; readonly hello: ServerHello; readonly flight: Flight; readonly whole: boolean }
  | { readonly kind: 'alert'; readonly code: number; readonly flight: Flight }
  | { readonly kind: 'closed' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly why: Unknown };

/** Sends bytes and follows the server's answer in clear until what is wanted has come. */
export async function ask(wire: Wire, hello: Uint8Array, wanted: Wanted, patience: Patience): Promise<Answer> {
  const reader = new FlightReader(wanted);
  const until = performance.now() + patience.whole;
  wire.write(hello);
  let wait = patience.first;
  for (;;) {
    const received = await wire.read(Math.max(0, Math.min(wait, until - performance.now())));
    const { flight } = reader;
    if (received.kind !== 'bytes') return ended(received.kind, flight);
    wait = patience.idle;
    const end = reader.push(received.bytes);
    if (end === undefined) continue;
    const { flight: now } = reader;
    if (end.kind === 'alert') return now.hello === undefined ? { kind: 'alert', code: end.code, flight: now } : partial(now);
    if (end.kind === 'malformed') return now.hello === undefined ? { kind: 'malformed', detail: end.detail } : partial(now);
    return now.hello === undefined
      ? { kind: 'malformed', detail: 'no ServerHello' }
      : { kind: 'hello', hello: now.hello, flight: now, whole: true };
  }
}

function ended(kind: 'end' | 'reset' | 'timed-out', flight: Flight): Answer {
  if (flight.hello !== undefined) return partial(flight);
  return { kind: kind === 'end' ? 'closed' : kind };
}

/** A hello came, and then not all that was to follow: its choice stands, the rest stays open. */
function partial(flight: Flight): Answer {
  const { hello } = flight;
  return hello === undefined ? { kind: 'malformed', detail: 'no ServerHello' } : { kind: 'hello', hello, flight, whole: false };
}

/** How an answer reads in evidence: `ServerHello TLS 1.2`, `alert 70 (protocol_version)`. */
export function answerText(answer: Answer): string {
  switch (answer.kind) {
    case 'hello': {
      const protocol = protocolOf(answer.hello.version);
      const version = protocol === undefined ? `version 0x${answer.hello.version.toString(16)}` : protocolName(protocol);
      return answer.hello.retry ? `HelloRetryRequest ${version}` : `ServerHello ${version}`;
    }
    case 'alert':
      return `alert ${alertText(answer.code)}`;
    case 'closed':
      return 'connection closed';
    case 'reset':
      return 'connection reset';
    case 'timed-out':
      return 'silence';
    case 'malformed':
      return answer.detail;
    case 'unreachable':
      return answer.why.detail;
  }
}
