import { unknown, type Unknown } from '../../model/fact.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { answerText } from '../../tls/exchange.ts';
import { TLS13_GROUPS } from '../../tls/named-groups.ts';
import { olderQuestion } from './enumerate.ts';
import { groupsWith, type Version13 } from './enumerate13.ts';
import { refuses, whyOpen, type HostLine } from './host-line.ts';
import { exchangeText, type Notebook, type ProtocolsBelow13 } from './notebook.ts';
import { none, seen, unseen, type Older, type ProtocolAnswer, type Seen, type SeenSuite, type SeenSuites } from './observation.ts';
import { candidateGroups } from './suite-order.ts';

/** Who chooses the suite, and what was learnt on the way. */
export interface Preference {
  readonly server: Seen<boolean>;
  readonly chacha: Seen<boolean>;
  readonly compression: Seen<boolean>;
  /** The suites of the best older version in the server's order, where it has one. */
  readonly suites?: SeenSuites;
}

/** DEFLATE and LZS: RFC 3749 2, RFC 3943. */
const COMPRESSION = [1, 64];
/** Comparisons that merging the groups' orders may take; beyond that the order stays unknown. */
const MAX_COMPARISONS = 16;

/**
 * Who chooses: two accepted suites in the order against the one that was found. A server with its own order chooses the same
 * again. Costs two to four connections, and one more for each border between groups of suites.
 */
export async function orderOf(
  line: HostLine,
  best: Older,
  suites: SeenSuites,
  serverName: string | undefined,
  notebook: Notebook,
): Promise<Preference> {
  const groups = candidateGroups(best).map((group) => suites.suites.filter(({ code }) => group.includes(code)));
  const widest = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const codes = suites.suites.map(({ code }) => code);
  const [top, next] = pairOf(widest.length >= 2 ? widest : suites.suites);
  const asked = top === undefined || next === undefined ? codes : [next.code, top.code];
  // It offers tickets beside: TLS 1.3 does not tell whether older versions issue them.
  const offers = best === 'SSLv3' ? { compression: COMPRESSION } : { compression: COMPRESSION, ticket: new Uint8Array() };
  const answer = await line.ask({ ...olderQuestion(best, asked, serverName), ...offers });
  const told = exchangeText(best, `${asked.length} suites, compression`, answerText(answer));
  const compression: Seen<boolean> =
    answer.kind === 'hello'
      ? seen(answer.hello.compression !== 0, told)
      : unseen(refuses(answer) ? unknown('unresolved', told) : whyOpen(answer, told));
  if (answer.kind === 'hello') {
    notebook.note(answer, told);
    if (best !== 'SSLv3') notebook.noteOffers(answer.hello, undefined, told);
  }
  if (top === undefined || next === undefined || widest.length < 2)
    return { server: unseen(nothingToCompare(suites)), chacha: chachaWithout(suites), compression };
  if (answer.kind !== 'hello')
    return { server: unseen(unknown('unresolved', told)), chacha: unseen(unknown('unresolved', told)), compression };
  if (![top.code, next.code].includes(answer.hello.suite))
    return { server: unseen(unknown('unparseable', told)), chacha: unseen(unknown('unparseable', told)), compression };
  if (answer.hello.suite !== top.code) {
    if (isChacha(next.code))
      return {
        server: unseen(unknown('unresolved', `${told}: ChaCha20 alone may have priority`)),
        chacha: unseen(unknown('unresolved', told)),
        compression,
      };
    return { server: seen(false, told), chacha: none('the client chooses'), compression };
  }
  const [ordered, chacha] = await Promise.all([merge(line, best, groups, serverName), chachaOf(line, best, suites, serverName)]);
  return {
    server: seen(true, told),
    chacha,
    compression,
    suites: { suites: ordered ?? suites.suites, ordered: ordered !== undefined && suites.open.length === 0, open: suites.open },
  };
}

/**
 * Two suites to be offered the other way round. The second is not ChaCha20 where there is another: a server that gives it to those
 * who list it first (PrioritizeChaCha) may choose all others by itself.
 */
function pairOf(found: readonly SeenSuite[]): readonly [top: SeenSuite | undefined, next: SeenSuite | undefined] {
  const [top, ...rest] = found;
  return [top, rest.find(({ code }) => !isChacha(code)) ?? rest[0]];
}

function isChacha(code: number): boolean {
  return CIPHER_SUITES.get(code)?.encryption === 'CHACHA20';
}

function nothingToCompare({ suites, open }: SeenSuites): Unknown {
  const [why] = open;
  if (suites.length === 1 && why === undefined) return unknown('unsupported', 'one suite: there is nothing to prefer');
  return why ?? unknown('unresolved', suites.length === 0 ? 'no suite is known' : 'no two suites that can be compared');
}

/** Whether ChaCha20 comes first for those who want it, where no question settles it: it cannot, where it is not accepted or alone. */
function chachaWithout(seen: SeenSuites): Seen<boolean> {
  const { suites, open } = seen;
  const can = suites.length > 1 && suites.some(({ code }) => isChacha(code));
  return can || open.length > 0 || suites.length === 0 ? unseen(nothingToCompare(seen)) : none('ChaCha20 is not accepted, or alone');
}

/** TLS 1.3 alone: the first two suites the other way round. It has no compression (RFC 8446 4.1.2). */
export async function orderOf13(
  line: HostLine,
  { suites, shares, answer: spoken }: Version13,
  below: ProtocolsBelow13,
  serverName: string | undefined,
): Promise<Preference> {
  const [top, next] = pairOf(suites.suites);
  const compression = compressionOf13(spoken, below);
  if (top === undefined || next === undefined)
    return {
      server: unseen(below.state === 'unknown' ? below.why : nothingToCompare(suites)),
      chacha: below.state === 'unknown' ? unseen(below.why) : chachaWithout(suites),
      compression,
    };
  const answer = await line.ask(
    {
      protocol: 'TLSv1.3',
      suites: [next.code, top.code],
      groups: groupsWith(shares, TLS13_GROUPS),
      keyShares: shares,
      ...(serverName === undefined ? {} : { serverName }),
    },
    'hello',
  );
  const told = exchangeText('TLSv1.3', '2 suites', answerText(answer));
  if (answer.kind !== 'hello' || ![top.code, next.code].includes(answer.hello.suite))
    return { server: unseen(unknown('unresolved', told)), chacha: unseen(unknown('unresolved', told)), compression };
  const server: Seen<boolean> =
    answer.hello.suite !== top.code && isChacha(next.code)
      ? unseen(unknown('unresolved', `${told}: ChaCha20 alone may have priority`))
      : seen(answer.hello.suite === top.code, told);
  return { server, chacha: below.state === 'unknown' ? unseen(below.why) : none('asked of TLS 1.2 only'), compression };
}

/** Where an older version may be spoken after all, it may be compressed. */
function compressionOf13(spoken: ProtocolAnswer, below: ProtocolsBelow13): Seen<boolean> {
  if (below.state === 'unknown') return unseen(below.why);
  return spoken.state === 'accepted' ? seen(false, 'TLS 1.3 has no compression') : unseen(unknown('unresolved', 'no version is accepted'));
}

/** OpenSSL's PrioritizeChaCha: a client that lists ChaCha20 first gets it, whatever the server's own order says. */
async function chachaOf(line: HostLine, best: Older, suites: SeenSuites, serverName: string | undefined): Promise<Seen<boolean>> {
  const codes = suites.suites.map(({ code }) => code);
  const chacha = codes.filter(isChacha);
  const [first] = codes;
  if (chacha.length === 0) return chachaWithout(suites);
  if (first === undefined || isChacha(first)) return none('ChaCha20 comes first anyway');
  const answer = await line.ask(olderQuestion(best, [...chacha, ...codes.filter((code) => !isChacha(code))], serverName), 'hello');
  const told = exchangeText(best, 'ChaCha20 first', answerText(answer));
  return answer.kind === 'hello'
    ? seen(isChacha(answer.hello.suite), told)
    : unseen(refuses(answer) ? unknown('unresolved', told) : whyOpen(answer, told));
}

/** Joins the orders within the groups into one. Undefined where that would take too many connections. */
async function merge(
  line: HostLine,
  best: Older,
  groups: readonly (readonly SeenSuite[])[],
  serverName: string | undefined,
): Promise<readonly SeenSuite[] | undefined> {
  let left = MAX_COMPARISONS;
  const compare = async (a: SeenSuite, b: SeenSuite): Promise<boolean | undefined> => {
    left -= 1;
    if (left < 0) return undefined;
    const answer = await line.ask(olderQuestion(best, [b.code, a.code], serverName), 'hello');
    return answer.kind === 'hello' ? answer.hello.suite === a.code : undefined;
  };
  // All borders at once: most servers' orders are in them already.
  const filled = groups.filter((group) => group.length > 0);
  const borders = new Map<string, Promise<boolean | undefined>>();
  for (const [index, group] of filled.entries()) {
    const [last, first] = [filled[index - 1]?.at(-1), group[0]];
    if (last !== undefined && first !== undefined) borders.set(`${last.code} ${first.code}`, compare(last, first));
  }
  const before = (a: SeenSuite, b: SeenSuite): Promise<boolean | undefined> => borders.get(`${a.code} ${b.code}`) ?? compare(a, b);
  let joined: readonly SeenSuite[] = [];
  for (const group of filled) {
    const [last, first] = [joined.at(-1), group[0]];
    if (last === undefined || first === undefined) {
      joined = [...joined, ...group];
      continue;
    }
    const inOrder = await before(last, first);
    if (inOrder === undefined) return undefined;
    if (inOrder) {
      joined = [...joined, ...group];
      continue;
    }
    const merged: SeenSuite[] = [];
    let [a, b] = [joined, group];
    for (;;) {
      const [x, y] = [a[0], b[0]];
      if (x === undefined || y === undefined) break;
      const first = await before(x, y);
      if (first === undefined) return undefined;
      merged.push(first ? x : y);
      if (first) a = a.slice(1);
      else b = b.slice(1);
    }
    joined = [...merged, ...a, ...b];
  }
  return joined;
}
