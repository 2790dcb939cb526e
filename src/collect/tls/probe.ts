import { unknown, type Unknown } from '../../model/fact.ts';
import { CIPHER_SUITES, isCbc } from '../../tls/cipher-suites.ts';
import { protocolName, type Protocol } from '../../tls/protocols.ts';
import type { Broken13, Session13 } from '../../tls/tls13-handshake.ts';
import { askBest, askThirteenAlone, type Best } from './ask-best.ts';
import { askFallback, askTolerance } from './ask-extras.ts';
import { askWithoutCertificate } from './ask-without-certificate.ts';
import { probeSsl2 } from './ask-ssl2.ts';
import { enumerate13, type Version13 } from './enumerate13.ts';
import { enumerateOlder, type VersionResult } from './enumerate.ts';
import { chose13, greet, greetingText, noteSession } from './greeting.ts';
import type { HostLine } from './host-line.ts';
import { Notebook, type ProtocolsBelow13 } from './notebook.ts';
import {
  answersNothing,
  bestOlder,
  firstOpen,
  none,
  OLDER,
  seen,
  unseen,
  type Observation,
  type Older,
  type ProtocolAnswer,
  type Seen,
  type SeenCodes,
  type SeenSuites,
} from './observation.ts';
import type { Preference } from './preference.ts';
import { askSessions, type Sessions } from './session-probes.ts';
import { ticketsBelow13, ticketsIssued, ticketsOf } from './session-tickets.ts';

/**
 * Asks one address everything that plain handshakes tell. Benign (safety class P0 and P1): every hello is well formed, none
 * sends application data, but for one GET to a web site that asks for client certificates. Costs about 30 connections on a
 * hardened server, about 75 on a permissive one; the line stops it at its limit. An `Unknown` where nobody answers there at all.
 */
export async function probe(
  line: HostLine,
  address: string,
  serverName: string | undefined,
  service: string,
): Promise<Observation | Unknown> {
  const notebook = new Notebook(serverName);
  const greeting = await greet(line, serverName, service);
  if ('state' in greeting) return greeting;

  const spoken13 = 'verified' in greeting;
  const greeted = chose13(greeting) ? 'spoken' : 'kind' in greeting && greeting.kind === 'older' ? 'not-spoken' : 'unclear';
  if (spoken13) noteSession(notebook, greeting, greetingText(greeting), serverName);
  const asking = { line, greeting, serverName, service, notebook };
  const enumerated12 = enumerateOlder(line, 'TLSv1.2', serverName, notebook);
  // Where TLS 1.2 is spoken it is the best of the older ones: what is asked of that need not wait for the others.
  const ahead = enumerated12.then(({ answer, suites }) => (answer.state === 'accepted' ? askBest(asking, 'TLSv1.2', suites) : undefined));
  void ahead.catch(() => undefined); // it is thrown where it is waited for
  const [ssl2, sslv3, tls10, tls11, tls12, seen13, tlcp] = await Promise.all([
    probeSsl2(line, notebook),
    enumerateOlder(line, 'SSLv3', serverName, notebook),
    enumerateOlder(line, 'TLSv1', serverName, notebook),
    enumerateOlder(line, 'TLSv1.1', serverName, notebook),
    enumerated12,
    enumerate13(line, serverName, greeted),
    enumerateOlder(line, 'TLCP', serverName, notebook),
  ]);
  const tls13 = chose13(greeting) ? withGreeting(seen13, greeting) : seen13;
  const older: ReadonlyMap<Older, VersionResult> = new Map([
    ['SSLv3', sslv3],
    ['TLSv1', tls10],
    ['TLSv1.1', tls11],
    ['TLSv1.2', tls12],
  ]);
  const protocols = new Map<Protocol, ProtocolAnswer>([
    ['SSLv2', ssl2.answer],
    ...OLDER.map((protocol) => [protocol, older.get(protocol)?.answer ?? sslv3.answer] as const),
    ['TLSv1.3', tls13.answer],
    ['TLCP', tlcp.answer],
  ]);

  const best = bestOlder({ protocols });
  const bestSuites = best === undefined ? undefined : older.get(best)?.suites;
  const below = belowThirteen(protocols);
  const late = (): Promise<Best> =>
    best === undefined || bestSuites === undefined ? askThirteenAlone(asking, tls13, below) : askBest(asking, best, bestSuites);
  const [asked, fallback, tolerant] = await Promise.all([
    ahead.then((done) => done ?? late()),
    askFallback(line, protocols, older, serverName, below),
    askTolerance(line, best, bestSuites, tls13, serverName),
  ]);
  const { preference, sessions = await askSessions(line, older, serverName, !spoken13) } = asked;

  const missing = unknown('unresolved', 'no handshake showed it');
  const cbc = withCbc(older, below);
  const session = spoken13 ? greeting : undefined;
  const asksClients = clientCertificateOf(session, notebook, sessions, missing);
  const clientCertificate =
    asksClients.state === 'seen' && asksClients.value === 'optional'
      ? await askWithoutCertificate(line, service, asksClients.exchange)
      : asksClients;
  return {
    address,
    protocols,
    suites: new Map<Protocol, SeenSuites>([
      ...OLDER.flatMap((protocol) => {
        const result = older.get(protocol);
        return result === undefined
          ? []
          : [[protocol, protocol === best ? (preference.suites ?? result.suites) : withOrder(result.suites, preference)] as const];
      }),
      ['TLSv1.3', withOrder(tls13.suites, preference)],
      ['TLCP', tlcp.suites],
    ]),
    ssl2: ssl2.ciphers,
    serverPreference: preference.server,
    chachaPriority: preference.chacha,
    groups: joinedCodes(tls13.groups, asked.groups),
    schemes: withScheme(asked.schemes ?? { codes: new Map(), open: [] }, session, best !== undefined),
    reusesKeys: notebook.reusesKeys(below, missing),
    compression: preference.compression,
    secureRenegotiation: notebook.secureRenegotiation(below, missing),
    extendedMasterSecret: notebook.extendedMasterSecret(below, missing),
    encryptThenMac: notebook.encryptThenMac(cbc, missing),
    fallbackScsv: fallback,
    downgradeSentinel: sentinelOf(notebook, protocols.get('TLSv1.3'), below, missing),
    tolerant,
    tickets: ticketsIssued(session, ticketsBelow13(notebook, protocols, below, missing), below),
    ticketLifetime:
      session?.tickets[0] === undefined
        ? sessions.ticketLifetime
        : seen(Math.max(...session.tickets.map(({ lifetime }) => lifetime)), 'NewSessionTicket'),
    sessionIds: sessions.sessionIds,
    earlyData:
      session === undefined
        ? withoutThirteen(protocols, missing)
        : ticketsOf(session, (tickets) => tickets.some(({ earlyData }) => earlyData > 0)),
    alpn: asked.alpn,
    clientCertificate,
    clientAuthorities: clientAuthoritiesOf(session, notebook, missing),
    stapling: session === undefined ? notebook.stapling(missing) : seen(session.status !== undefined, greetingText(session)),
    chains: notebook.chains,
    chainGaps: [...asked.chainGaps, ...notebook.chainGaps],
    connections: line.made,
  };
}

/** The greeting counts where the enumeration of TLS 1.3 was cut off before its first answer. */
function withGreeting(found: Version13, greeting: Session13 | Broken13): Version13 {
  const { hello } = greeting;
  if (hello === undefined || found.answer.state === 'accepted') return found;
  const exchange = greetingText(greeting);
  const why = found.answer.state === 'unknown' ? found.answer.why : unknown('unresolved', found.answer.exchange);
  return {
    ...found,
    answer: { state: 'accepted', exchange },
    suites: { suites: CIPHER_SUITES.has(hello.suite) ? [{ code: hello.suite, exchange }] : [], ordered: false, open: [why] },
    groups: { codes: new Map(hello.group === undefined ? [] : [[hello.group, exchange]]), open: [why] },
  };
}

/** RFC 8446 4.1.3: only who speaks TLS 1.3 can warn of it in an older hello. */
function sentinelOf(
  notebook: Notebook,
  modern: ProtocolAnswer | undefined,
  below: ProtocolsBelow13,
  missing: Unknown,
): Observation['downgradeSentinel'] {
  if (below.state === 'none') return none(below.exchange);
  if (modern?.state === 'refused') return none(modern.exchange);
  if (modern?.state === 'unknown') return unseen(modern.why);
  const sentinel = notebook.sentinel();
  if (sentinel !== undefined) return seen(sentinel.set, sentinel.exchange);
  return unseen(below.state === 'unknown' ? below.why : missing);
}

/** Is anything below TLS 1.3 spoken? */
function belowThirteen(protocols: ReadonlyMap<Protocol, ProtocolAnswer>): ProtocolsBelow13 {
  const accepted = OLDER.filter((protocol) => protocols.get(protocol)?.state === 'accepted');
  if (accepted.length > 0) return seen(accepted, accepted.map(protocolName).join(', '));
  const open = firstOpen(OLDER.map((protocol) => protocols.get(protocol)));
  return open === undefined ? none('every version below TLS 1.3 is refused') : unseen(open);
}

function withCbc(older: ReadonlyMap<Older, VersionResult>, below: ProtocolsBelow13): ProtocolsBelow13 {
  if (below.state !== 'seen') return below;
  const all = [...older.values()];
  const cbc = all.some(({ suites }) => suites.suites.some(({ code }) => isCbc(CIPHER_SUITES.get(code))));
  const [open] = all.flatMap(({ suites }) => suites.open);
  return cbc ? below : open === undefined ? none('no CBC suite is accepted') : unseen(open);
}

function withoutThirteen(protocols: ReadonlyMap<Protocol, ProtocolAnswer>, missing: Unknown): Seen<boolean> {
  const answer = protocols.get('TLSv1.3');
  const nothing = answersNothing({ protocols });
  if (nothing !== undefined) return unseen(nothing);
  return answer?.state === 'refused' ? seen(false, answer.exchange) : unseen(answer?.state === 'unknown' ? answer.why : missing);
}

function clientCertificateOf(
  session: Session13 | undefined,
  notebook: Notebook,
  { withoutCertificate }: Sessions,
  missing: Unknown,
): Observation['clientCertificate'] {
  if (session !== undefined) {
    const text = greetingText(session);
    if (session.authorities === undefined) return seen('none', text);
    if (session.withoutCertificate === undefined) return insists(withoutCertificate);
    return seen(session.withoutCertificate === 'refused' ? 'required' : 'optional', `${text}, Certificate without any`);
  }
  const asked = notebook.authorities(missing);
  if (asked.state !== 'seen') return unseen(asked.state === 'unknown' ? asked.why : missing);
  return asked.value === undefined ? seen('none', asked.exchange) : insists(withoutCertificate);
}

/** A certificate was asked for: what became of a handshake that gave none. */
function insists(outcome: Sessions['withoutCertificate']): Observation['clientCertificate'] {
  if (outcome.state === 'seen') return seen(outcome.value === 'refused' ? 'required' : 'optional', `${outcome.exchange}, no certificate`);
  return unseen(outcome.state === 'unknown' ? outcome.why : unknown('unresolved', 'no word on an empty Certificate'));
}

function clientAuthoritiesOf(session: Session13 | undefined, notebook: Notebook, missing: Unknown): Observation['clientAuthorities'] {
  if (session !== undefined)
    return session.authorities === undefined ? none(greetingText(session)) : seen(session.authorities, greetingText(session));
  const asked = notebook.authorities(missing);
  if (asked.state !== 'seen') return unseen(asked.state === 'unknown' ? asked.why : missing);
  return asked.value === undefined ? none(asked.exchange) : seen(asked.value, asked.exchange);
}

function joinedCodes(a: SeenCodes, b: SeenCodes | undefined): SeenCodes {
  return b === undefined ? a : { codes: new Map([...b.codes, ...a.codes]), open: [...a.open, ...b.open] };
}

function withScheme(schemes: SeenCodes, session: Session13 | undefined, older: boolean): SeenCodes {
  const codes = new Map(schemes.codes);
  if (session?.scheme !== undefined && !codes.has(session.scheme)) codes.set(session.scheme, greetingText(session));
  // By TLS 1.3 alone, a refusal at HelloRetryRequest does not show which schemes a server would sign with.
  return {
    codes,
    open: older ? schemes.open : [...schemes.open, unknown('unsupported', 'TLS 1.3 shows one signature algorithm a handshake')],
  };
}

function withOrder(suites: SeenSuites, { server }: Preference): SeenSuites {
  return { ...suites, ordered: server.state === 'seen' && server.value && suites.open.length === 0 };
}
