import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { alertText } from '../../tls/alerts.ts';
import { joined } from '../../tls/bytes.ts';
import { CIPHER_SUITES, isCbc } from '../../tls/cipher-suites.ts';
import { CONTENT } from '../../tls/flight.ts';
import { handshake12, spoken12, Tls12Connection } from '../../tls/tls12-handshake.ts';
import type { RecordKeys, Version12 } from '../../tls/tls12-keys.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText } from './notebook.ts';
import { answersNothing, gapOf, type Observation } from './observation.ts';

export type PaddingOracle = 'POODLE-TLS' | 'ZOMBIE-POODLE' | 'GOLDENDOODLE' | 'SLEEPING-POODLE' | 'ZERO-LENGTH' | 'CVE-2016-2107';
type Oracles = Fact<readonly Fact<PaddingOracle>[]>;

const ROUNDS = 3;
/** Milliseconds of quiet after which a server that speaks first has said what it says. */
const BANNER = 300;
const ACCEPTED = 'accepted';
const REQUEST = new TextEncoder().encode('GET / HTTP/1.1\r\nHost: custos.invalid\r\n\r\n');

/** Records that are wrong on purpose. */
const VECTORS = ['bad padding', 'bad MAC', 'both bad', 'empty, bad padding', 'empty, bad MAC', 'all padding'] as const;
type Vector = (typeof VECTORS)[number];

/**
 * CBC padding oracles, safety class `intrusive`: after a whole handshake, one malformed record on each of six connections. A
 * sound server answers all alike. What differs is asked for twice more, and believed only where the rounds agree.
 */
export async function paddingProbe(
  line: HostLine,
  observation: Observation,
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Oracles> {
  const nothing = answersNothing(observation);
  if (nothing !== undefined) return nothing;
  const way = cbcWay(observation);
  if ('state' in way) return way.state === 'unknown' ? way : known([], origin('no CBC suite is accepted'));
  const told = (what: string): string => exchangeText(way.protocol, 'malformed CBC records', what);
  let banner = 0;
  let first = await round(line, way, serverName, banner);
  if ('state' in first) return first;
  if (first.get('bad MAC') === ACCEPTED) {
    // Nobody takes a wrong MAC: the server of a mail protocol speaks first, and is heard out before it is asked.
    banner = BANNER;
    first = await round(line, way, serverName, banner);
    if ('state' in first) return first;
    if (first.get('bad MAC') === ACCEPTED) return unknown('unresolved', told('data whatever was sent'));
  }
  const answers = [...first.values()];
  // Who answers nothing at all, or what is no TLS, has not answered alike.
  if (answers.includes('malformed')) return unknown('unparseable', told('malformed'));
  if (answers.every((answer) => answer === 'silence')) return unknown('timed-out', told('silence'));
  const oracles = oraclesIn(first);
  if (oracles.length === 0) return known([], origin(told(first.get('bad padding') ?? '')));
  for (let again = 1; again < ROUNDS; again += 1) {
    const next = await round(line, way, serverName, banner);
    if ('state' in next) return next;
    if (oraclesIn(next).join() !== oracles.join()) return unknown('unresolved', told('answers that differ from round to round'));
  }
  const text = VECTORS.map((vector) => `${vector}: ${first.get(vector) ?? ''}`).join('; ');
  return known(
    oracles.map((oracle) => known(oracle, origin(told(text)))),
    origin(told(text)),
  );
}

interface Way {
  readonly protocol: Version12;
  readonly suites: readonly number[];
}

function cbcWay(observation: Observation): Way | Unknown | { readonly state: 'none' } {
  let open: Unknown | undefined;
  for (const protocol of ['TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
    const found = observation.suites.get(protocol)?.suites.map(({ code }) => code) ?? [];
    const codes = spoken12(found).filter((code) => CIPHER_SUITES.get(code)?.aead === false);
    if (codes.length > 0) return { protocol, suites: codes };
    open ??= gapOf(observation, protocol);
    if (found.some((code) => isCbc(CIPHER_SUITES.get(code))))
      open ??= unknown('unsupported', 'no suite that a handshake can be completed with');
  }
  return open ?? { state: 'none' };
}

async function round(
  line: HostLine,
  way: Way,
  serverName: string | undefined,
  banner: number,
): Promise<ReadonlyMap<Vector, string> | Unknown> {
  const answers = new Map<Vector, string>();
  for (const vector of VECTORS) {
    const answer = await line.use(async (wire): Promise<string | Unknown> => {
      const connection = await handshake12(wire, { ...way, ...(serverName === undefined ? {} : { serverName }) }, line.patience);
      if (!(connection instanceof Tls12Connection)) return unknown('unresolved', `${connection.kind} ${connection.detail}`.trim());
      if (!(await heardOut(connection, banner))) return unknown('unparseable', 'the server does not stop talking');
      connection.sendRaw(record(connection.made.client, vector));
      const next = await connection.next(line.patience.idle);
      if (!('kind' in next)) return next.type === CONTENT.alert ? `alert ${alertText(next.body[1] ?? 0)}` : ACCEPTED;
      return next.kind === 'timed-out' ? 'silence' : next.kind;
    });
    if (typeof answer !== 'string') return answer;
    line.note('hello');
    answers.set(vector, answer);
  }
  return answers;
}

/** Lets the server say what it says unasked, until it has been quiet for so long. */
async function heardOut(connection: Tls12Connection, quiet: number): Promise<boolean> {
  if (quiet === 0) return true;
  for (let count = 0; count < 16; count += 1) if ('kind' in (await connection.next(quiet))) return true;
  return false;
}

/** One malformed record (RFC 5246 6.2.3.2): content, MAC, padding, the padding's length. */
function record(keys: RecordKeys, vector: Vector): Uint8Array {
  const { block } = keys.protection;
  const empty = vector.startsWith('empty');
  const content = empty ? new Uint8Array() : REQUEST;
  if (vector === 'all padding') return keys.sealRaw(CONTENT.applicationData, new Uint8Array(block * 4).fill(block * 4 - 1));
  const mac = keys.mac(CONTENT.applicationData, content);
  const badMac = vector.endsWith('bad MAC') || vector === 'both bad';
  const badPadding = vector.endsWith('bad padding') || vector === 'both bad';
  if (badMac) mac[0] = (mac[0] ?? 0) ^ 0xff;
  // A whole block of padding beside what fills up: there is always a byte to get wrong.
  const size = content.length + mac.length + 1;
  const pad = block - (size % block || block) + block;
  const padding = new Uint8Array(pad + 1).fill(pad);
  if (badPadding) padding[0] = pad ^ 0xff;
  return keys.sealRaw(CONTENT.applicationData, joined(content, mac, padding));
}

/** What the answers give away. The usual answer is bad_record_mac to everything, or the same end of the connection. */
function oraclesIn(answers: ReadonlyMap<Vector, string>): readonly PaddingOracle[] {
  const of = (vector: Vector): string => answers.get(vector) ?? '';
  const [padding, mac, both] = [of('bad padding'), of('bad MAC'), of('both bad')];
  const found: PaddingOracle[] = [];
  if (padding === ACCEPTED) found.push('POODLE-TLS');
  else if (padding === 'silence' && mac !== 'silence') found.push('SLEEPING-POODLE');
  else if (padding !== mac && isUsual(mac)) found.push('ZOMBIE-POODLE');
  else if (padding !== mac) found.push('GOLDENDOODLE');
  else if (both !== mac) found.push('ZOMBIE-POODLE');
  if (of('empty, bad MAC') !== of('empty, bad padding') && padding === mac) found.push('ZERO-LENGTH');
  if (of('all padding').startsWith('alert 22')) found.push('CVE-2016-2107');
  return found;
}

function isUsual(answer: string): boolean {
  return answer.startsWith('alert 20');
}
