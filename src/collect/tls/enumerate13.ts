import { unknown, type Unknown } from '../../model/fact.ts';
import { ALERT } from '../../tls/alerts.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { GREASE, type HelloQuestion, type KeyShare } from '../../tls/client-hello.ts';
import { answerText, type Answer } from '../../tls/exchange.ts';
import { groupName, TLS13_GROUPS } from '../../tls/named-groups.ts';
import { WIRE_VERSION } from '../../tls/protocols.ts';
import { ownShare, SPOKEN13 } from '../../tls/tls13-keys.ts';
import { refuses, whyOpen, type HostLine } from './host-line.ts';
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

/** RFC 8446 4.2.8 allows an empty list of shares: the server answers with a HelloRetryRequest that names suite and group, without any key work. Some refuse it; then a share that nobody knows, then a real one. */
function shareModes(): readonly (() => readonly KeyShare[])[] {
  return [() => [], () => [{ group: GREASE, key: Uint8Array.of(0) }], () => [ownShare(29)]];
}

/**
 * Finds the suites and groups of TLS 1.3 by HelloRetryRequest, the two in parallel. Benign; no key exchange is computed on
 * either side. The cost is one connection for each suite and group, and one each for the refusal of the rest.
 */
export async function enumerate13(line: HostLine, serverName: string | undefined, spoken: boolean): Promise<Version13> {
  const base = (suites: readonly number[], groups: readonly number[], keyShares: readonly KeyShare[]): HelloQuestion => ({
    protocol: 'TLSv1.3',
    suites,
    // A share must be of a group that is offered (RFC 8446 4.2.8).
    groups: keyShares.some(({ group }) => group === GREASE) ? [GREASE, ...groups] : groups,
    keyShares,
    ...(serverName === undefined ? {} : { serverName }),
  });
  const nothing: Pick<Version13, 'suites' | 'groups'> = {
    suites: { suites: [], ordered: false, open: [] },
    groups: { codes: new Map(), open: [] },
  };
  let first: Answer | undefined;
  let shares: readonly KeyShare[] = [];
  const modes = shareModes();
  for (const [index, mode] of modes.entries()) {
    shares = mode();
    first = await line.ask(base(TLS13_SUITES, TLS13_GROUPS, shares), 'hello');
    if (thirteen(first) !== undefined) break;
    // Where a handshake with a real share was already refused or answered by an older version, the other forms add nothing.
    if (!spoken && index === 0 && (first.kind === 'alert' || first.kind === 'hello')) break;
    if (!refuses(first) && first.kind !== 'malformed') break;
  }
  const text = first === undefined ? '' : exchangeText('TLSv1.3', `${TLS13_SUITES.length} suites`, answerText(first));
  const accepted = thirteen(first);
  if (accepted === undefined) {
    if (first?.kind === 'hello' && first.hello.version < WIRE_VERSION['TLSv1.3'])
      return { ...nothing, answer: { state: 'refused', exchange: text }, shares };
    if (first !== undefined && refuses(first)) {
      const broken = first.kind !== 'alert';
      if (!broken || (await line.alive(line.clock))) return { ...nothing, answer: { state: 'refused', exchange: text }, shares };
      return { ...nothing, answer: { state: 'unknown', why: unknown('timed-out', text) }, shares };
    }
    const why = first === undefined ? unknown('not-collected', 'TLS 1.3') : whyOpen(first, text);
    return { ...nothing, answer: { state: 'unknown', why }, shares };
  }

  const found: Found = { suites: new Map(), groups: new Map() };
  // Each chain puts what the other has shown last: where the client's order counts, every answer shows one of each.
  const [ofSuites, ofGroups] = await Promise.all([
    chain(line, accepted, TLS13_SUITES, 'suites', found, false, (left) => base(left, rotated(TLS13_GROUPS, found.groups), shares)),
    chain(line, accepted, TLS13_GROUPS, 'groups', found, isReal(shares), (left) =>
      base(rotated(TLS13_SUITES, found.suites), left, sharesFor(left, shares)),
    ),
  ]);
  return {
    answer: { state: 'accepted', exchange: text },
    suites: { suites: [...found.suites].map(([code, exchange]) => ({ code, exchange })), ordered: false, open: ofSuites },
    groups: { codes: found.groups, open: ofGroups },
    shares,
  };
}

/** The form of share that the server takes, for groups that are left: a real one is made of any of them that is spoken here. */
function sharesFor(left: readonly number[], shares: readonly KeyShare[]): readonly KeyShare[] {
  if (!isReal(shares)) return shares;
  const group = SPOKEN13.groups.find((one) => left.includes(one));
  return group === undefined ? [] : [ownShare(group)];
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
  picky: boolean,
  question: (left: readonly number[]) => HelloQuestion,
): Promise<readonly Unknown[]> {
  let left = candidates;
  let answer: Answer = first;
  for (;;) {
    const told = exchangeText('TLSv1.3', `${left.length} of ${candidates.length} ${kind}`, answerText(answer));
    const chose = thirteen(answer);
    if (chose === undefined) {
      // A server that refused hellos for their share may do so again: of groups only "none in common" is an answer (RFC 8446 4.1.1).
      const forShare = kind === 'groups' && picky && answer.kind === 'alert' && answer.code !== ALERT.handshakeFailure;
      if (forShare) return [unknown('unresolved', told)];
      if (answer.kind === 'hello' || answer.kind === 'alert') return [];
      return (await line.refused(answer)) ? [] : [whyOpen(answer, told)];
    }
    const { suite, group } = chose.hello;
    const own = kind === 'suites' ? suite : group;
    if (own === undefined || !left.includes(own)) return [unknown('unparseable', `${told}: chose what was not offered`)];
    if (!found.suites.has(suite)) found.suites.set(suite, `${told}, ${CIPHER_SUITES.get(suite)?.name ?? ''}`);
    if (group !== undefined && TLS13_GROUPS.includes(group) && !found.groups.has(group))
      found.groups.set(group, `${told}, ${groupName(group)}`);
    left = candidates.filter((code) => !found[kind].has(code));
    if (left.length === 0) return [];
    answer = await line.ask(question(left), 'hello');
  }
}
