import { unknown, type Unknown } from '../../model/fact.ts';
import type { Protocol } from '../../tls/protocols.ts';
import type { Session13 } from '../../tls/tls13-handshake.ts';
import { greetingText } from './greeting.ts';
import type { Notebook, ProtocolsBelow13 } from './notebook.ts';
import { answersNothing, seen, unseen, type ProtocolAnswer, type Seen } from './observation.ts';

/** Tickets where no whole handshake of TLS 1.3 tells of them. */
export function ticketsBelow13(
  notebook: Notebook,
  protocols: ReadonlyMap<Protocol, ProtocolAnswer>,
  below: ProtocolsBelow13,
  missing: Unknown,
): Seen<boolean> {
  if (below.state !== 'none') return notebook.tickets(below, missing);
  const nothing = answersNothing({ protocols });
  if (nothing !== undefined) return unseen(nothing);
  const modern = protocols.get('TLSv1.3');
  // SSL 2.0 and TLCP have none.
  return modern?.state === 'refused'
    ? seen(false, `${below.exchange}; ${modern.exchange}`)
    : unseen(modern?.state === 'unknown' ? modern.why : missing);
}

/**
 * A ticket that holds the session itself carries a secret of 32 bytes at least with a nonce and a tag (12 and 16 with the
 * usual ciphers): RFC 5077 4, RFC 8446 4.6.1. What is no longer than the secret alone names an entry in the server's own cache, as
 * OpenSSL does where tickets are switched off.
 */
const LONGEST_HANDLE = 32;
const SHORTEST_TICKET = 60;

/** Whether tickets are issued that hold the session: each version has its own say. */
export function ticketsIssued(session: Session13 | undefined, older: Seen<boolean>, below: ProtocolsBelow13): Seen<boolean> {
  if (session === undefined) return older;
  const sizes = session.tickets.map(({ size }) => size);
  const doubtful = sizes.some((size) => size > LONGEST_HANDLE) && !sizes.some((size) => size >= SHORTEST_TICKET);
  const modern: Seen<boolean> = doubtful
    ? unseen(unknown('unresolved', `${greetingText(session)}, a ticket of ${Math.max(...sizes)} bytes`))
    : ticketsOf(session, () => sizes.some((size) => size >= SHORTEST_TICKET));
  if (below.state === 'none' || (modern.state === 'seen' && modern.value)) return modern;
  if (older.state === 'seen' && older.value) return older;
  if (modern.state !== 'seen' || older.state !== 'seen') return modern.state === 'seen' ? older : modern;
  return seen(false, `${modern.exchange}; ${older.exchange}`);
}

/** What tickets tell: none is an answer only where the server ended the connection without one. */
export function ticketsOf(session: Session13, tells: (tickets: Session13['tickets']) => boolean): Seen<boolean> {
  const { tickets, ended } = session;
  if (tickets.length === 0 && !ended) return unseen(unknown('unresolved', `${greetingText(session)}, no ticket came, nor the end`));
  return seen(tells(tickets), `${greetingText(session)}, ${tickets.length} tickets`);
}
