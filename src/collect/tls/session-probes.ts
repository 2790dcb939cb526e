import { unknown, type Unknown } from '../../model/fact.ts';
import { refusesCertificate } from '../../tls/alerts.ts';
import { handshake12, isSameSession, spoken12, Tls12Connection, type Broken12, type Resumable } from '../../tls/tls12-handshake.ts';
import type { Version12 } from '../../tls/tls12-keys.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText, type ProtocolsBelow13 } from './notebook.ts';
import { none, seen, unseen, type Older, type Seen, type SeenSuites } from './observation.ts';

/** Milliseconds that a server may take to its own end after ours. */
const GOODBYE = 250;

/** What completed handshakes below TLS 1.3 tell. */
export interface Sessions {
  readonly sessionIds: Seen<boolean>;
  readonly ticketLifetime: Seen<number>;
  /** What became of a handshake in which no certificate was given. */
  readonly withoutCertificate: Seen<'accepted' | 'refused'>;
}

/** Versions and suites that a handshake can be completed with here: the best version first. */
export function completable(
  suites: ReadonlyMap<string, SeenSuites>,
): { readonly protocol: Version12; readonly suites: readonly number[] } | undefined {
  for (const protocol of ['TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
    const codes = spoken12(suites.get(protocol)?.suites.map(({ code }) => code) ?? []);
    if (codes.length > 0) return { protocol, suites: codes };
  }
  return undefined;
}

/** Completes one handshake over the line; an `Unknown` where no connection could be had. */
export async function complete(
  line: HostLine,
  protocol: Version12,
  suites: readonly number[],
  serverName: string | undefined,
  more: { readonly ticket?: Uint8Array; readonly resume?: Resumable } = {},
): Promise<Tls12Connection | Broken12 | Unknown> {
  const question = {
    protocol,
    suites,
    // Servers that keep to RFC 7627 5.3 resume no session without it.
    extendedMasterSecret: true,
    ...(serverName === undefined ? {} : { serverName }),
    ...(more.ticket === undefined ? {} : { ticket: more.ticket }),
  };
  const result = await line.use(async (wire) => {
    const connection = await handshake12(wire, question, line.patience, more.resume);
    if (connection instanceof Tls12Connection && more.resume === undefined) await connection.sayGoodbye(GOODBYE);
    return connection;
  });
  if (result instanceof Tls12Connection) line.note('hello');
  else if ('kind' in result) line.note(result.stage === 'keys' ? 'hello' : result.kind);
  return result;
}

/**
 * Completes a handshake, and asks to resume it by its id: benign, no application data. Two connections, and a third for the
 * lifetime of tickets where TLS 1.3 does not tell it.
 */
export async function askSessions(
  line: HostLine,
  older: ReadonlyMap<Older, { readonly suites: SeenSuites }>,
  serverName: string | undefined,
  withTickets: boolean,
): Promise<Sessions> {
  const way = completable(new Map([...older].map(([protocol, { suites }]) => [protocol, suites])));
  if (way === undefined) {
    const why = unknown('unsupported', 'no suite that a handshake can be completed with');
    return { sessionIds: unseen(why), ticketLifetime: unseen(why), withoutCertificate: unseen(why) };
  }
  const { protocol, suites } = way;
  const [plain, ticketed] = await Promise.all([
    complete(line, protocol, suites, serverName),
    withTickets ? complete(line, protocol, suites, serverName, { ticket: new Uint8Array() }) : undefined,
  ]);
  const told = exchangeText(protocol, 'complete handshake', outcome(plain));
  const lifetime: Seen<number> =
    ticketed instanceof Tls12Connection && ticketed.made.ticketLifetime !== undefined
      ? seen(ticketed.made.ticketLifetime, exchangeText(protocol, 'complete handshake', 'NewSessionTicket'))
      : unseen(unknown('unresolved', 'no ticket came'));
  const withoutCertificate: Sessions['withoutCertificate'] =
    plain instanceof Tls12Connection
      ? seen('accepted', told)
      : 'kind' in plain && plain.stage === 'keys' && plain.alert !== undefined && refusesCertificate(plain.alert)
        ? seen('refused', told)
        : unseen(unknown('unresolved', told));
  if (!(plain instanceof Tls12Connection))
    return { sessionIds: unseen(unknown('unresolved', told)), ticketLifetime: lifetime, withoutCertificate };
  if (plain.made.resumable.sessionId.length === 0) return { sessionIds: seen(false, told), ticketLifetime: lifetime, withoutCertificate };
  const again = await complete(line, protocol, [plain.made.resumable.suite], serverName, { resume: plain.made.resumable });
  const retold = exchangeText(protocol, 'session id', again instanceof Tls12Connection && again.made.resumed ? 'resumed' : outcome(again));
  const sessionIds: Seen<boolean> =
    again instanceof Tls12Connection ? seen(isSameSession(again, plain.made.resumable), retold) : unseen(unknown('unresolved', retold));
  return { sessionIds, ticketLifetime: lifetime, withoutCertificate };
}

function outcome(result: Tls12Connection | Broken12 | Unknown): string {
  if (result instanceof Tls12Connection) return 'Finished';
  return 'kind' in result ? `${result.kind} ${result.detail}`.trim() : result.detail;
}

/** Where no version below TLS 1.3 was accepted: none is spoken, or that is not known. */
export function noSessions(below: ProtocolsBelow13): Sessions {
  const why = below.state === 'unknown' ? below.why : unknown('unresolved', 'no handshake showed it');
  const fact = <T>(): Seen<T> => (below.state === 'none' ? none(below.exchange) : unseen(why));
  return { sessionIds: fact(), ticketLifetime: unseen(why), withoutCertificate: fact() };
}
