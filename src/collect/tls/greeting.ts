import { unknown, type Unknown } from '../../model/fact.ts';
import type { HelloQuestion } from '../../tls/client-hello.ts';
import { handshake13, type Broken13, type Session13 } from '../../tls/tls13-handshake.ts';
import { WIRE_VERSION } from '../../tls/protocols.ts';
import { ownShare, SPOKEN13 } from '../../tls/tls13-keys.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText, type Notebook } from './notebook.ts';
import { candidateGroups } from './suite-order.ts';

/** ALPN names that are asked for. */
export const ALPN = ['h2', 'http/1.1'] as const;

/** Does the service choose an application protocol? Mail and databases are not asked. */
export function speaksAlpn(service: string): boolean {
  return service === 'https' || service === 'tls';
}

/** The first handshake: whole, of the best version there is; it also says whether anybody is there. */
export async function greet(line: HostLine, serverName: string | undefined, service: string): Promise<Session13 | Broken13 | Unknown> {
  const usual = candidateGroups('TLSv1.2')[0] ?? [];
  const question: HelloQuestion = {
    protocol: 'TLSv1.3',
    alsoOlder: true,
    suites: [...SPOKEN13.suites, ...usual, 0x002f, 0x0035, 0x000a],
    groups: SPOKEN13.groups,
    statusRequest: true,
    ...(serverName === undefined ? {} : { serverName }),
    ...(speaksAlpn(service) ? { alpn: ALPN } : {}),
  };
  const answer = await line.use((wire) => handshake13(wire, question, line.patience));
  if ('state' in answer) return answer;
  if ('verified' in answer || answer.kind === 'older') line.answered({ ...question, keyShares: [ownShare(SPOKEN13.groups[0])] });
  line.note('verified' in answer || answer.kind === 'older' ? 'hello' : answer.kind === 'alert' ? 'alert' : answer.kind);
  if ('verified' in answer) return answer;
  if (answer.kind === 'timed-out' && answer.hello === undefined) return unknown('timed-out', 'no answer to a ClientHello');
  if (answer.kind === 'malformed' && answer.hello === undefined) return unknown('unparseable', `no TLS: ${answer.detail}`);
  return answer;
}

/** A ServerHello of TLS 1.3 is its word, whatever became of the handshake. */
export function chose13({ hello }: Session13 | Broken13): boolean {
  return hello?.version === WIRE_VERSION['TLSv1.3'];
}

export function greetingText(greeting: Session13 | Broken13): string {
  const end = 'verified' in greeting ? 'Finished' : greeting.hello === undefined ? greeting.kind : `ServerHello, then ${greeting.kind}`;
  return exchangeText('TLSv1.3', 'complete handshake', end);
}

/** What a complete handshake of TLS 1.3 adds to the notes. */
export function noteSession(notebook: Notebook, session: Session13, exchange: string, serverName: string | undefined): void {
  notebook.chain({
    certificates: session.certificates,
    exchange,
    tlcp: false,
    ...(serverName === undefined ? {} : { serverName }),
    ...(session.status === undefined ? {} : { status: session.status }),
    ...(session.scts === undefined ? {} : { scts: session.scts }),
  });
}
