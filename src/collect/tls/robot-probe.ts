import { constants, randomBytes, type KeyObject } from 'node:crypto';
import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { alertText } from '../../tls/alerts.ts';
import { joined, tlsRecord, uint, vector } from '../../tls/bytes.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { clientHello } from '../../tls/client-hello.ts';
import { ask, type Wire } from '../../tls/exchange.ts';
import { CONTENT, RecordReader } from '../../tls/flight.ts';
import { WIRE_VERSION } from '../../tls/protocols.ts';
import { encryptedTo, rsaKeyOf } from '../../tls/tls12-key-exchange.ts';
import { olderQuestion } from './enumerate.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText } from './notebook.ts';
import { answersNothing, gapOf, OLDER, type Observation, type Older } from './observation.ts';

type Verdict = 'vulnerable' | 'safe';

/** Rounds that must agree before an oracle is believed: one-off differences have fooled every scanner. */
const ROUNDS = 3;
const SILENCE = 'silence';
const GARBAGE = 'no TLS record';

/**
 * ROBOT (CVE-2017-13099 and others), safety class `intrusive`: five RSA-encrypted premaster blocks, one right and four wrong
 * in different ways. A server that answers any of them differently tells right padding from wrong. Five connections a round,
 * two forms (with and without what follows the key exchange); more rounds only where a difference shows.
 */
export async function robotProbe(
  line: HostLine,
  observation: Observation,
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Fact<Verdict>> {
  const nothing = answersNothing(observation);
  if (nothing !== undefined) return nothing;
  const found = rsaSuites(observation);
  if (found.open !== undefined && found.suites.length === 0) return found.open;
  const { protocol, suites } = found;
  if (protocol === undefined || suites.length === 0) return known('safe', origin('no suite with RSA key transport is accepted'));
  const told = (what: string): string => exchangeText(protocol, 'five RSA premaster blocks', what);
  for (const whole of [true, false]) {
    const first = await round(line, protocol, suites, serverName, whole);
    if (!Array.isArray(first)) return first;
    const [same] = first;
    if (same !== undefined && isUniform(first)) {
      // Who answers nothing at all, or what is no answer, has not answered alike; to a key exchange alone a sound server says nothing.
      if (same === SILENCE && whole) return unknown('timed-out', told(same));
      if (same === GARBAGE || same.startsWith('record')) return unknown('unparseable', told(same));
      continue;
    }
    for (let again = 1; again < ROUNDS; again += 1) {
      const next = await round(line, protocol, suites, serverName, whole);
      if (!Array.isArray(next)) return next;
      if (next.join() !== first.join()) return unknown('unresolved', told('answers that differ from round to round'));
    }
    return known('vulnerable', origin(told(first.join(' / '))));
  }
  return known('safe', origin(told('the same answer to each')));
}

/** The best version with suites of RSA key transport. */
function rsaSuites(observation: Observation): {
  readonly protocol?: Older;
  readonly suites: readonly number[];
  readonly open?: Unknown;
} {
  let open: Unknown | undefined;
  for (const protocol of OLDER.toReversed()) {
    const codes = (observation.suites.get(protocol)?.suites ?? []).flatMap(({ code }) => {
      const suite = CIPHER_SUITES.get(code);
      return suite?.keyExchange === 'RSA' && suite.authentication === 'RSA' && !suite.exportGrade ? [code] : [];
    });
    if (codes.length > 0) return { protocol, suites: codes };
    open ??= gapOf(observation, protocol);
  }
  return { suites: [], ...(open === undefined ? {} : { open }) };
}

function isUniform(answers: readonly string[]): boolean {
  return new Set(answers).size === 1;
}

/** The five answers of one round, or why it could not be made. */
async function round(
  line: HostLine,
  protocol: Older,
  suites: readonly number[],
  serverName: string | undefined,
  whole: boolean,
): Promise<string[] | Unknown> {
  const answers: string[] = [];
  for (let variant = 0; variant < 5; variant += 1) {
    const answer = await line.use((wire) => once(wire, line, protocol, suites, serverName, variant, whole));
    if (typeof answer !== 'string') return answer;
    line.note('hello');
    answers.push(answer);
  }
  return answers;
}

async function once(
  wire: Wire,
  line: HostLine,
  protocol: Older,
  suites: readonly number[],
  serverName: string | undefined,
  variant: number,
  whole: boolean,
): Promise<string | Unknown> {
  const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), 'flight', line.patience);
  const [certificate] = answer.kind === 'hello' && answer.whole ? (answer.flight.certificates ?? []) : [];
  const key = certificate === undefined ? undefined : rsaKeyOf(certificate);
  if (key === undefined) return unknown('unresolved', 'no RSA certificate came');
  const version = uint(WIRE_VERSION[protocol], 2);
  const block = premaster(key, version, variant);
  const encrypted = block === undefined ? undefined : encryptedTo(key, constants.RSA_NO_PADDING, block);
  if (encrypted === undefined) return unknown('unsupported', 'an RSA key that the blocks do not fit');
  const message = joined([16], vector(3, protocol === 'SSLv3' ? encrypted : vector(2, encrypted)));
  const record = (type: number, body: Uint8Array): Uint8Array => tlsRecord(type, WIRE_VERSION[protocol], body);
  wire.write(
    whole
      ? joined(
          record(CONTENT.handshake, message),
          record(CONTENT.changeCipherSpec, Uint8Array.of(1)),
          record(CONTENT.handshake, new Uint8Array(64).fill(0x5a)),
        )
      : record(CONTENT.handshake, message),
  );
  const records = new RecordReader();
  const until = performance.now() + (whole ? line.patience.idle : Math.min(1_000, line.patience.idle));
  for (;;) {
    const received = await wire.read(Math.max(0, until - performance.now()));
    if (received.kind !== 'bytes') return received.kind === 'timed-out' ? SILENCE : received.kind === 'end' ? 'closed' : 'reset';
    for (const { type, body } of records.push(received.bytes))
      return type === CONTENT.alert ? `alert ${alertText(body[1] ?? 0)}` : `record ${type}`;
    if (records.malformed !== undefined) return GARBAGE;
  }
}

/** RFC 8017 7.2.1: 00 02, padding without zeros, 00, then version and 46 bytes; and four ways to get it wrong. */
function premaster(key: KeyObject, version: Uint8Array, variant: number): Uint8Array | undefined {
  const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (size < 64) return undefined;
  const filler = (length: number): Uint8Array => Uint8Array.from(randomBytes(length), (byte) => (byte === 0 ? 1 : byte));
  const secret = (head: Uint8Array): Uint8Array => joined(head, filler(46));
  const padding = size - 3 - 48;
  switch (variant) {
    case 0:
      return joined([0, 2], filler(padding), [0], secret(version));
    case 1:
      return joined([0x41, 0x17], filler(padding), [0], secret(version));
    case 2: // the zero stands where the secret would be one byte short
      return joined([0, 2], filler(padding + 1), [0], version, filler(45));
    case 3: // no zero at all
      return joined([0, 2], filler(size - 2));
    default: // a version that was never offered
      return joined([0, 2], filler(padding), [0], secret(Uint8Array.of(2, 2)));
  }
}
