import { unknown, type Unknown } from '../../model/fact.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { GREASE, type HelloQuestion, type KeyShare } from '../../tls/client-hello.ts';
import { ALERT } from '../../tls/alerts.ts';
import { answerText, type Answer } from '../../tls/exchange.ts';
import { groupName, TLS13_GROUPS } from '../../tls/named-groups.ts';
import { WIRE_VERSION } from '../../tls/protocols.ts';
import { ownShare, SPOKEN13 } from '../../tls/tls13-keys.ts';
import { refuses, refusesVersion, type HostLine } from './host-line.ts';
import { exchangeText, rotated } from './notebook.ts';
import type { ProtocolAnswer, SeenCodes, SeenSuites } from './observation.ts';
import { TLS13_SUITES } from './suite-order.ts';

/** What came of TLS 1.3. */
export interface Version13 {
  readonly answer: ProtocolAnswer;
  readonly suites: SeenSuites;
  readonly groups: SeenCodes;
  /** The shares by which this server is asked. */
  readonly shares: readonly KeyShare[];
}

/** What the greeting, a handshake with a real share of few suites and groups, said of TLS 1.3. */
export type Greeted = 'spoken' | 'not-spoken' | 'unclear';

/** The shares that go with the groups that are offered. */
type ShareMode = (groups: readonly number[]) => readonly KeyShare[];

/** RFC 8446 4.2.8 allows an empty list of shares: the server answers with a HelloRetryRequest that names suite and group, without any key work. Some refuse it; then a share that nobody knows, then a real one. */
const SHARE_MODES: readonly ShareMode[] = [
  () => [],
  () => [{ group: GREASE, key: Uint8Array.of(0) }],
  (groups) =>
    SPOKEN13.groups
      .filter((group) => groups.includes(group))
      .slice(0, 1)
      .map(ownShare),
];

/** The groups to offer with shares: RFC 8446 4.2.8 wants each share's group among them. */
export function groupsWith(shares: readonly KeyShare[], groups: readonly number[]): readonly number[] {
  return [...shares.flatMap(({ group }) => (groups.includes(group) ? [] : [group])), ...groups];
}

/**
 * Finds the suites and groups of TLS 1.3 by HelloRetryRequest, the two in parallel. Benign; no key exchange is computed on
 * either side. The cost is one connection for each suite and group, and one each for the refusal of the rest.
 */
export async function enumerate13(line: HostLine, serverName: string | undefined, greeted: Greeted): Promise<Version13> {
  let mode: ShareMode = () => [];
  const base = (suites: readonly number[], groups: readonly number[]): HelloQuestion => {
    const keyShares = mode(groups);
    return {
      protocol: 'TLSv1.3',
      suites,
      groups: groupsWith(keyShares, groups),
      keyShares,
      ...(serverName === undefined ? {} : { serverName }),
    };
  };
  let first: Answer | undefined;
  for (const next of SHARE_MODES) {
    mode = next;
    first = await line.ask(base(TLS13_SUITES, TLS13_GROUPS), 'hello');
    // An older version is an answer to any form; and so is a refusal where the greeting got one.
    if (first.kind === 'hello' || refusesVersion(first) || (greeted === 'not-spoken' && first.kind === 'alert')) break;
    if (!refuses(first) && first.kind !== 'malformed') break;
  }
  const shares = mode(TLS13_GROUPS);
  const text = first === undefined ? '' : exchangeText('TLSv1.3', `${TLS13_SUITES.length} suites`, answerText(first));
  const accepted = thirteen(first);
  if (accepted === undefined) {
    const answer = await notSpoken(line, first, text);
    const open = answer.state === 'unknown' ? [answer.why] : [];
    return { answer, suites: { suites: [], ordered: false, open }, groups: { codes: new Map(), open }, shares };
  }

  const found: Found = { suites: new Map(), groups: new Map() };
  // Each chain puts what the other has shown last: where the client's order counts, every answer shows one of each.
  const [ofSuites, ofGroups] = await Promise.all([
    chain(line, accepted, TLS13_SUITES, 'suites', found, false, (left) => base(left, rotated(TLS13_GROUPS, found.groups))),
    chain(line, accepted, TLS13_GROUPS, 'groups', found, isReal(shares), (left) =>
      // A server that wants a real share cannot be asked for groups of which none is made here.
      isReal(shares) && mode(left).length === 0 ? undefined : base(rotated(TLS13_SUITES, found.suites), left),
    ),
  ]);
  return {
    answer: { state: 'accepted', exchange: text },
    suites: { suites: [...found.suites].map(([code, exchange]) => ({ code, exchange })), ordered: false, open: ofSuites },
    groups: { codes: found.groups, open: ofGroups },
    shares,
  };
}

/** No form of hello brought TLS 1.3: refused, or not known. */
async function notSpoken(line: HostLine, answer: Answer | undefined, text: string): Promise<ProtocolAnswer> {
  if (answer === undefined) return { state: 'unknown', why: unknown('not-collected', 'TLS 1.3') };
  const older = answer.kind === 'hello' && answer.hello.version < WIRE_VERSION['TLSv1.3'];
  const why = older ? undefined : await line.unlessRefused(answer, text);
  return why === undefined ? { state: 'refused', exchange: text } : { state: 'unknown', why };
}

function isReal(shares: readonly KeyShare[]): boolean {
  return shares.some(({ group }) => group !== GREASE);
}

type Thirteen = Extract<Answer, { kind: 'hello' }>;

/** The answer, where it chose TLS 1.3. */
function thirteen(answer: Answer | undefined): Thirteen | undefined {
  return answer?.kind === 'hello' && answer.hello.version === WIRE_VERSION['TLSv1.3'] ? answer : undefined;
}

/** Suites and groups that were chosen, with the exchange that showed it. */
interface Found {
  readonly suites: Map<number, string>;
  readonly groups: Map<number, string>;
}

/** One chain of hellos along suites or groups: what was chosen is left out of the next. Says what keeps its list open. */
async function chain(
  line: HostLine,
  first: Thirteen,
  candidates: readonly number[],
  kind: keyof Found,
  found: Found,
  wantsRealShares: boolean,
  question: (left: readonly number[]) => HelloQuestion | undefined,
): Promise<readonly Unknown[]> {
  let left = candidates;
  let answer: Answer = first;
  for (;;) {
    const told = exchangeText('TLSv1.3', `${left.length} of ${candidates.length} ${kind}`, answerText(answer));
    const chose = thirteen(answer);
    if (chose === undefined) {
      // A server that refused hellos for their share may do so again: of groups only "none in common" is an answer (RFC 8446 4.1.1).
      if (wantsRealShares && answer.kind === 'alert' && answer.code !== ALERT.handshakeFailure) return [unknown('unresolved', told)];
      if (answer.kind === 'hello' || answer.kind === 'alert') return [];
      const why = await line.unlessRefused(answer, told);
      return why === undefined ? [] : [why];
    }
    const { suite, group } = chose.hello;
    const own = kind === 'suites' ? suite : group;
    if (own === undefined || !left.includes(own)) return [unknown('unparseable', `${told}: chose what was not offered`)];
    if (!found.suites.has(suite)) found.suites.set(suite, `${told}, ${CIPHER_SUITES.get(suite)?.name ?? ''}`);
    if (group !== undefined && TLS13_GROUPS.includes(group) && !found.groups.has(group))
      found.groups.set(group, `${told}, ${groupName(group)}`);
    left = candidates.filter((code) => !found[kind].has(code));
    if (left.length === 0) return [];
    const next = question(left);
    if (next === undefined) return [unknown('unsupported', `${left.length} groups that no share is made of here`)];
    answer = await line.ask(next, 'hello');
  }
}
