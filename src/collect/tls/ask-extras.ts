import { unknown } from '../../model/fact.ts';
import { ALERT } from '../../tls/alerts.ts';
import { EXTENSION, type HelloQuestion } from '../../tls/client-hello.ts';
import { answerText, type Answer } from '../../tls/exchange.ts';
import { TLS13_GROUPS } from '../../tls/named-groups.ts';
import { PROTOCOLS, WIRE_VERSION, type Protocol } from '../../tls/protocols.ts';
import type { Session13 } from '../../tls/tls13-handshake.ts';
import { olderQuestion, type VersionResult } from './enumerate.ts';
import type { Version13 } from './enumerate13.ts';
import { ALPN, greetingText, speaksAlpn } from './greeting.ts';
import { refuses, whyOpen, type HostLine } from './host-line.ts';
import { exchangeText, type Notebook, type ProtocolsBelow13 } from './notebook.ts';
import {
  firstOpen,
  none,
  OLDER,
  seen,
  unseen,
  type Observation,
  type Older,
  type ProtocolAnswer,
  type Seen,
  type SeenSuites,
} from './observation.ts';

/** One handshake of the best older version that asks for what is read from its answer: tickets, staple, certificate request. */
export async function askDetails(
  line: HostLine,
  protocol: Older,
  { suites }: SeenSuites,
  serverName: string | undefined,
  notebook: Notebook,
  service: string,
): Promise<void> {
  if (protocol === 'SSLv3') return;
  const question: HelloQuestion = {
    ...olderQuestion(
      protocol,
      suites.map(({ code }) => code),
      serverName,
    ),
    ticket: new Uint8Array(),
    statusRequest: true,
    ...(speaksAlpn(service) ? { alpn: ALPN } : {}),
  };
  const answer = await line.ask(question);
  if (answer.kind !== 'hello') return;
  const exchange = exchangeText(protocol, 'status_request, session_ticket', answerText(answer));
  notebook.note(answer, exchange);
  notebook.noteOffers(answer.hello, answer.whole ? answer.flight.status !== undefined : undefined, exchange);
}

/** RFC 7507: the second-best version with TLS_FALLBACK_SCSV must be refused with inappropriate_fallback. */
export async function askFallback(
  line: HostLine,
  protocols: ReadonlyMap<Protocol, ProtocolAnswer>,
  older: ReadonlyMap<Older, VersionResult>,
  serverName: string | undefined,
  below: ProtocolsBelow13,
): Promise<Seen<boolean>> {
  const accepted = PROTOCOLS.filter(
    (protocol) => protocol !== 'SSLv2' && protocol !== 'TLCP' && protocols.get(protocol)?.state === 'accepted',
  );
  if (accepted.length < 2) {
    const open = firstOpen(PROTOCOLS.map((protocol) => protocols.get(protocol)));
    if (open !== undefined) return unseen(open);
    return none(below.state === 'none' ? below.exchange : 'one version is spoken');
  }
  const second = OLDER.toReversed().find((protocol) => accepted.includes(protocol) && protocol !== accepted.at(-1));
  const suites = second === undefined ? undefined : older.get(second)?.suites.suites.map(({ code }) => code);
  if (second === undefined || suites === undefined) return unseen(unknown('unresolved', 'no lower version'));
  const answer = await line.ask({ ...olderQuestion(second, suites, serverName), fallback: true }, 'hello');
  const told = exchangeText(second, 'TLS_FALLBACK_SCSV', answerText(answer));
  if (answer.kind === 'alert' && answer.code === ALERT.inappropriateFallback) return seen(true, told);
  if (answer.kind === 'hello' && answer.hello.version === WIRE_VERSION[second]) return seen(false, told);
  return unseen(answer.kind === 'hello' || refuses(answer) ? unknown('unresolved', told) : whyOpen(answer, told));
}

/** RFC 8701: unknown versions, suites, groups and extensions must be passed over. */
export async function askTolerance(
  line: HostLine,
  best: Older | undefined,
  suites: SeenSuites | undefined,
  tls13: Version13,
  serverName: string | undefined,
): Promise<Seen<boolean>> {
  const modern = best !== 'TLSv1.2';
  if (modern && tls13.answer.state !== 'accepted') return unseen(unknown('unsupported', 'asked of TLS 1.2 and 1.3 only'));
  const question: HelloQuestion =
    modern || suites === undefined
      ? {
          protocol: 'TLSv1.3',
          suites: tls13.suites.suites.map(({ code }) => code),
          groups: TLS13_GROUPS,
          keyShares: tls13.shares,
          grease: true,
          ...(serverName === undefined ? {} : { serverName }),
        }
      : {
          ...olderQuestion(
            'TLSv1.2',
            suites.suites.map(({ code }) => code),
            serverName,
          ),
          grease: true,
        };
  const answer = await line.ask(question, 'hello');
  const told = exchangeText(question.protocol, 'unknown version, suites and extensions', answerText(answer));
  if (answer.kind === 'hello') return seen(true, told);
  return (await line.refused(answer)) ? seen(false, told) : unseen(whyOpen(answer, told));
}

/** Every application protocol of those that are asked for, by elimination. */
export async function askAlpn(
  line: HostLine,
  best: Older | undefined,
  suites: SeenSuites | undefined,
  session: Session13 | undefined,
  serverName: string | undefined,
  service: string,
): Promise<Observation['alpn']> {
  const names = new Map<string, string>();
  if (!speaksAlpn(service)) return { names, open: [unknown('unsupported', `not asked of ${service}`)] };
  if (session?.alpn !== undefined) names.set(session.alpn, greetingText(session));
  else if (session !== undefined) return { names, open: [] };
  if (best === undefined || best === 'SSLv3' || suites === undefined) {
    if (names.size === ALPN.length) return { names, open: [] };
    const one = 'TLS 1.3 shows one application protocol a handshake';
    return { names, open: [names.size > 0 ? unknown('unsupported', one) : unknown('unresolved', 'no handshake showed it')] };
  }
  for (;;) {
    const left = ALPN.filter((name) => !names.has(name));
    if (left.length === 0) return { names, open: [] };
    const answer = await line.ask(
      {
        ...olderQuestion(
          best,
          suites.suites.map(({ code }) => code),
          serverName,
        ),
        alpn: left,
      },
      'hello',
    );
    const told = exchangeText(best, `ALPN ${left.join(', ')}`, answerText(answer));
    if (answer.kind !== 'hello') return { names, open: (await line.refused(answer)) ? [] : [whyOpen(answer, told)] };
    const chosen = alpnOf(answer);
    if (chosen === undefined) return { names, open: [] };
    if (!left.some((name) => name === chosen)) return { names, open: [unknown('unparseable', told)] };
    names.set(chosen, told);
  }
}

function alpnOf({ hello }: Extract<Answer, { kind: 'hello' }>): string | undefined {
  const body = hello.extensions.get(EXTENSION.alpn);
  return body === undefined || body.length < 4 ? undefined : new TextDecoder().decode(body.subarray(3));
}
