import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { tlsListener } from '../../resources/tls-listener.ts';
import { CIPHER_SUITES, isCbc, type CipherSuite } from '../../tls/cipher-suites.ts';
import { bitLength, knownPrime } from '../../tls/dh-primes.ts';
import { protocolName, type Protocol } from '../../tls/protocols.ts';
import { answersOf, gapOf, OLDER, type Observation, type Seen, type SeenSuite } from './observation.ts';

type Weaknesses = LiveKindFacts<typeof tlsListener>['weaknesses'];
type Weakness = Extract<Extract<Weaknesses, { state: 'known' }>['value'][number], { state: 'known' }>['value'];
type Name = Extract<Weakness['name'], { state: 'known' }>['value'];

const CVE: Readonly<Partial<Record<Name, string>>> = {
  BEAST: 'CVE-2011-3389',
  CRIME: 'CVE-2012-4929',
  DROWN: 'CVE-2016-0800',
  FREAK: 'CVE-2015-0204',
  LOGJAM: 'CVE-2015-4000',
  LUCKY13: 'CVE-2013-0169',
  POODLE: 'CVE-2014-3566',
  RC4: 'CVE-2013-2566',
  SWEET32: 'CVE-2016-2183',
  RENEGOTIATION: 'CVE-2009-3555',
};

/** A verdict on one weakness: the exchange that shows it, that it is not there, or why that is not known. */
type Verdict = { readonly shown: string } | 'not there' | Unknown;

/** The named weaknesses that follow from what was seen. Only what the lists' whole length rules out is ruled out. */
export function weaknessesOf(observation: Observation, wire: (exchange: string) => Origin): Weaknesses {
  const found: Extract<Weaknesses, { state: 'known' }>['value'][number][] = [];
  const open: Unknown[] = [];
  for (const [name, judge] of Object.entries(JUDGES)) {
    const verdict = judge(observation);
    if (verdict === 'not there') continue;
    if ('state' in verdict) {
      open.push(unknown(verdict.cause, `${name}: ${verdict.detail}`, verdict.origin));
      continue;
    }
    const origin = derived(`${name} follows from what is accepted`, wire(verdict.shown));
    const cve = isName(name) ? CVE[name] : undefined;
    if (isName(name))
      found.push(known({ name: known(name, origin), cve: cve === undefined ? absent(origin) : known(cve, origin) }, origin));
  }
  const [answer] = [...observation.protocols.values()].filter(({ state }) => state === 'accepted');
  // A host that refused every hello has not shown that it lacks anything.
  if (answer?.state !== 'accepted') return unknown('unresolved', 'no version is accepted');
  return known(found, derived('what plain handshakes reveal', wire(answer.exchange)), open);
}

function isName(text: string): text is Name {
  return text in JUDGES;
}

const JUDGES: { readonly [N in Name]: (observation: Observation) => Verdict } = {
  BEAST: (o) => suiteIn(o, ['SSLv3', 'TLSv1'], isCbc),
  CRIME: (o) => flag(o.compression, true),
  // SSL 2.0 with any cipher, or with none (CVE-2015-3197), gives away what RSA keys protect elsewhere.
  DROWN: (o) => version(o, 'SSLv2'),
  FREAK: (o) => suiteIn(o, OLDER, ({ exportGrade, keyExchange }) => exportGrade && keyExchange === 'RSA'),
  LOGJAM: (o) => logjam(o),
  // Encrypt-then-MAC takes the oracle away from clients that ask for it; who does not is still exposed.
  LUCKY13: (o) => suiteIn(o, OLDER, isCbc),
  POODLE: (o) => suiteIn(o, ['SSLv3'], isCbc),
  RC4: (o) => {
    const ssl2 = o.ssl2.find(({ encryption }) => encryption === 'RC4');
    return ssl2 === undefined ? suiteIn(o, OLDER, ({ encryption }) => encryption === 'RC4') : { shown: `SSL 2.0 ${ssl2.name}` };
  },
  SWEET32: (o) => suiteIn(o, OLDER, ({ encryption }) => ['3DES', 'DES', 'IDEA', 'RC2'].includes(encryption)),
  // Either of the two keeps a client from being pushed down unnoticed (RFC 7507, RFC 8446 4.1.3).
  DOWNGRADE: (o) => {
    const spoken = (['SSLv3', 'TLSv1', 'TLSv1.1'] as const).some((protocol) => o.protocols.get(protocol)?.state === 'accepted');
    if (!spoken)
      return (
        (['SSLv3', 'TLSv1', 'TLSv1.1'] as const)
          .map((protocol) => version(o, protocol))
          .find((verdict) => typeof verdict === 'object' && 'state' in verdict) ?? 'not there'
      );
    const { downgradeSentinel: sentinel } = o;
    if (sentinel.state === 'seen' && sentinel.value) return 'not there';
    const scsv = flag(o.fallbackScsv, false);
    // Without the one guard, the other decides: while that is not known, nothing is.
    return typeof scsv === 'object' && 'shown' in scsv && sentinel.state === 'unknown' ? sentinel.why : scsv;
  },
  RENEGOTIATION: (o) => flag(o.secureRenegotiation, false),
  'KEY-REUSE': (o) => flag(o.reusesKeys, true),
};

function version(observation: Observation, protocol: Protocol): Verdict {
  const answer = observation.protocols.get(protocol);
  if (answer?.state === 'accepted') return { shown: answer.exchange };
  if (answer?.state === 'refused') return 'not there';
  return answer?.why ?? unknown('not-collected', protocolName(protocol));
}

function suiteIn(observation: Observation, protocols: readonly Protocol[], wanted: (suite: CipherSuite) => boolean): Verdict {
  let gap: Unknown | undefined;
  for (const protocol of protocols) {
    const hit = observation.suites.get(protocol)?.suites.find(({ code }) => {
      const suite = CIPHER_SUITES.get(code);
      return suite !== undefined && wanted(suite);
    });
    if (hit !== undefined) return { shown: hit.exchange };
    gap ??= gapOf(observation, protocol);
  }
  return gap ?? 'not there';
}

function flag(fact: Seen<boolean>, bad: boolean): Verdict {
  if (fact.state === 'none') return 'not there';
  if (fact.state === 'unknown') return fact.why;
  return fact.value === bad ? { shown: fact.exchange } : 'not there';
}

/** Export-grade DHE, a prime of 1024 bits or less, or one that precomputation has been done for. */
function logjam(observation: Observation): Verdict {
  const exported = suiteIn(observation, OLDER, ({ exportGrade, keyExchange }) => exportGrade && keyExchange === 'DHE');
  if (typeof exported === 'object' && 'shown' in exported) return exported;
  for (const { suite, prime } of dhSuites(observation))
    if (bitLength(prime) <= 1024 || knownPrime(prime)?.weak === true) return { shown: `${suite.exchange}, ${bitLength(prime)} bit prime` };
  const some = suiteIn(observation, OLDER, ({ keyExchange }) => keyExchange === 'DHE');
  if (some === 'not there' || 'state' in some) return some;
  return dhGap(observation) ?? dhUnread(observation);
}

/** DHE suites whose parameters did not come leave the question open. */
function dhUnread(observation: Observation): Verdict {
  const unread = all(observation).find(
    ({ code, keyExchange }) => CIPHER_SUITES.get(code)?.keyExchange === 'DHE' && keyExchange?.kind !== 'dhe',
  );
  return unread === undefined ? 'not there' : unknown('unresolved', `${unread.exchange}: no parameters came`);
}

function all({ suites }: Observation): readonly SeenSuite[] {
  return [...suites.values()].flatMap((result) => result.suites);
}

/** Every finite-field prime that was sent, with the suite it came with. */
export function dhSuites(observation: Observation): readonly { readonly suite: SeenSuite; readonly prime: Uint8Array }[] {
  return all(observation).flatMap((suite) => (suite.keyExchange?.kind === 'dhe' ? [{ suite, prime: suite.keyExchange.prime }] : []));
}

/** Bits from which a group of Diffie and Hellman is held to be enough (RFC 9325 4.1). */
const DECENT = 2048;

/** Why there may be DHE suites that were not found. */
function dhGap(observation: Observation): Unknown | undefined {
  return OLDER.map((protocol) => gapOf(observation, protocol)).find((gap) => gap !== undefined);
}

/** The smallest finite-field group: absent where DHE is not accepted. */
export function dhFacts(
  observation: Observation,
  wire: (exchange: string) => Origin,
): { readonly bits: Fact<number>; readonly prime: Fact<string> } {
  const sorted = dhSuites(observation).toSorted((a, b) => bitLength(a.prime) - bitLength(b.prime));
  const [least] = sorted;
  if (least !== undefined) {
    const origin = wire(least.suite.exchange);
    // A group that is not known may be smaller: then one that is large is no answer, and one that is small enough of one.
    const unread = dhUnread(observation);
    const gap = dhGap(observation) ?? (typeof unread === 'object' && 'state' in unread ? unread : undefined);
    if (gap !== undefined && bitLength(least.prime) >= DECENT) return { bits: gap, prime: gap };
    const name = knownPrime(least.prime)?.name;
    return { bits: known(bitLength(least.prime), origin), prime: name === undefined ? absent(origin) : known(name, origin) };
  }
  const verdict = suiteIn(observation, OLDER, ({ keyExchange }) => keyExchange === 'DHE');
  if (verdict === 'not there') {
    const [first = wire('no version is accepted'), ...rest] = answersOf(observation, wire);
    const origin = derived('no DHE suite is accepted', first, ...rest);
    return { bits: absent(origin), prime: absent(origin) };
  }
  const why = 'state' in verdict ? verdict : unknown('unresolved', `${verdict.shown}: no parameters came`);
  return { bits: why, prime: why };
}
