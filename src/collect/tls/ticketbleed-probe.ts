import { randomBytes } from 'node:crypto';
import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import { hex, sameBytes } from '../../tls/bytes.ts';
import { Tls12Connection } from '../../tls/tls12-handshake.ts';
import { olderQuestion } from './enumerate.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText } from './notebook.ts';
import type { Observation } from './observation.ts';
import { complete, completable } from './session-probes.ts';

/** Bytes of the session id that is sent: a leaking server fills it up to 32. */
const SHORT_ID = 16;

/**
 * Ticketbleed (CVE-2016-9244), safety class `intrusive`: a real ticket with a short session id, three times. A broken server
 * gives the id back with memory behind it, other bytes each time. Four connections.
 */
export async function ticketbleedProbe(
  line: HostLine,
  observation: Observation,
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Fact<'vulnerable' | 'safe'>> {
  const way = completable(observation.suites);
  if (way === undefined) return unknown('unsupported', 'no suite that a handshake can be completed with');
  const told = (what: string): string => exchangeText(way.protocol, `ticket, session id of ${SHORT_ID} bytes`, what);
  const session = await complete(line, way.protocol, way.suites, serverName, { ticket: new Uint8Array() });
  if (!(session instanceof Tls12Connection)) return unknown('unresolved', told('kind' in session ? session.kind : session.detail));
  const { ticket } = session.made.resumable;
  if (ticket === undefined) return known('safe', origin(told('no ticket is issued')));
  const tails: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const id = randomBytes(SHORT_ID);
    const answer = await line.ask(
      { ...olderQuestion(way.protocol, [session.made.resumable.suite], serverName), sessionId: id, ticket },
      'hello',
    );
    if (answer.kind !== 'hello') {
      // A connection that broke off is a refusal only from a host that is still there.
      const why = await line.unlessRefused(answer, told(answer.kind));
      return why ?? known('safe', origin(told(answer.kind)));
    }
    const { sessionId } = answer.hello;
    if (sessionId.length <= SHORT_ID || !sameBytes(sessionId.subarray(0, SHORT_ID), id))
      return known('safe', origin(told(`session id of ${sessionId.length} bytes`)));
    tails.push(hex(sessionId.subarray(SHORT_ID)));
  }
  // The bytes behind it must change: a server may fill up an id by rule.
  return new Set(tails).size > 1
    ? known('vulnerable', origin(told('the id came back with other bytes behind it')))
    : unknown('unresolved', told('the id came back filled up, the same each time'));
}
