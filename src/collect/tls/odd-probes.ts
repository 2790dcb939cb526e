import { known, unknown, type CauseCode, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { ALERT, alertText } from '../../tls/alerts.ts';
import { joined, sameBytes, tlsRecord, uint } from '../../tls/bytes.ts';
import { clientHello, clientHelloMessage, EXTENSION } from '../../tls/client-hello.ts';
import { ask, type Wire } from '../../tls/exchange.ts';
import { CONTENT, RecordReader } from '../../tls/flight.ts';
import { WIRE_VERSION } from '../../tls/protocols.ts';
import { handshake12, Tls12Connection } from '../../tls/tls12-handshake.ts';
import type { Connection, Network, Proxy, Received } from '../../world/network.ts';
import { olderQuestion } from './enumerate.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText } from './notebook.ts';
import { bestOlder, firstOpen, OLDER, type Observation, type Older } from './observation.ts';
import { completable } from './session-probes.ts';

type Verdict = 'vulnerable' | 'safe';

/** What the probes of class `odd` found. */
export interface OddFacts {
  readonly heartbleed: Fact<Verdict>;
  readonly early_ccs: Fact<Verdict>;
  readonly client_renegotiation: Fact<'accepted' | 'refused'>;
  readonly opossum: Fact<Verdict>;
}

/**
 * Safety class `odd` (P2): messages that no client sends, none of which reads memory or leaves state behind. Heartbleed is
 * asked for in the form that leaks nothing (the payload is as long as it says, only the padding of RFC 6520 4 is missing: a
 * fixed server drops it, a broken one sends our own bytes back). At most five connections.
 */
export async function oddProbes(
  line: HostLine,
  observation: Observation,
  serverName: string | undefined,
  wire: (exchange: string) => Origin,
  opossum: () => Promise<Fact<Verdict>>,
): Promise<OddFacts> {
  const best = bestOlder(observation);
  const suites = best === undefined ? [] : (observation.suites.get(best)?.suites.map(({ code }) => code) ?? []);
  const upgrade = await opossum();
  if (best === undefined || suites.length === 0) {
    const open = firstOpen(OLDER.map((protocol) => observation.protocols.get(protocol)));
    // What only older versions can have is not there where each of them was refused, and TLS 1.3 was seen.
    const modern = observation.protocols.get('TLSv1.3');
    if (open !== undefined || modern?.state !== 'accepted') {
      const why = open ?? unknown('unresolved', 'no version is accepted');
      return { heartbleed: why, early_ccs: why, client_renegotiation: why, opossum: upgrade };
    }
    const origin = wire(`${modern.exchange}; every version below TLS 1.3 is refused`);
    return {
      heartbleed: known('safe', origin),
      early_ccs: known('safe', origin),
      client_renegotiation: known('refused', origin),
      opossum: upgrade,
    };
  }
  return {
    heartbleed: await heartbleed(line, best, suites, serverName, wire),
    early_ccs: await earlyCcs(line, best, suites, serverName, wire),
    client_renegotiation: await renegotiation(line, observation, serverName, wire),
    opossum: upgrade,
  };
}

/** The first record of a type, how the connection ended, or that nothing came. */
type Heard =
  | { readonly kind: 'record'; readonly type: number; readonly body: Uint8Array }
  | { readonly kind: 'closed' | 'reset' | 'timed-out' | 'malformed' };

async function hear(wire: Wire, records: RecordReader, wait: number): Promise<Heard> {
  const until = performance.now() + wait;
  for (;;) {
    const received = await wire.read(Math.max(0, until - performance.now()));
    if (received.kind !== 'bytes') return { kind: received.kind === 'end' ? 'closed' : received.kind };
    const [record] = records.push(received.bytes);
    if (record !== undefined) return { kind: 'record', type: record.type, body: record.body };
    if (records.malformed !== undefined) return { kind: 'malformed' };
  }
}

function heardText(heard: Heard): string {
  if (heard.kind !== 'record') return heard.kind === 'timed-out' ? 'silence' : `connection ${heard.kind}`;
  return heard.type === CONTENT.alert ? `alert ${alertText(heard.body[1] ?? 0)}` : `a record of type ${heard.type}`;
}

/** Why what was heard is no answer. */
function whyNot(heard: Heard): CauseCode {
  return heard.kind === 'timed-out' ? 'timed-out' : heard.kind === 'malformed' || heard.kind === 'record' ? 'unparseable' : 'unresolved';
}

/** An alert, or the end of the connection: what a server answers to what it will not have. */
function saidNo(heard: Heard): boolean {
  return heard.kind === 'record'
    ? heard.type === CONTENT.alert && heard.body.length === 2
    : heard.kind === 'closed' || heard.kind === 'reset';
}

async function heartbleed(
  line: HostLine,
  protocol: Older,
  suites: readonly number[],
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Fact<Verdict>> {
  const version = WIRE_VERSION[protocol];
  const result = await line.use(async (wire): Promise<Fact<Verdict>> => {
    const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), 'flight', line.patience);
    const told = (what: string): string => exchangeText(protocol, 'heartbeat', what);
    if (answer.kind !== 'hello') return unknown('unresolved', told(answer.kind));
    if (!answer.hello.extensions.has(EXTENSION.heartbeat)) return known('safe', origin(told('heartbeat is not offered')));
    if (!answer.whole) return unknown('unresolved', told(answer.kind));
    const payload = joined([1], uint(16, 2), new Uint8Array(16).fill(0x63));
    wire.write(tlsRecord(CONTENT.heartbeat, version, payload));
    const records = new RecordReader();
    const isEcho = (heard: Heard): boolean =>
      heard.kind === 'record' && heard.type === CONTENT.heartbeat && sameBytes(heard.body.subarray(3, 19), payload.subarray(3));
    const heard = await hear(wire, records, line.patience.idle);
    if (isEcho(heard)) return known('vulnerable', origin(told('the heartbeat came back')));
    if (heard.kind !== 'timed-out')
      return saidNo(heard) ? known('safe', origin(told(heardText(heard)))) : unknown(whyNot(heard), told(heardText(heard)));
    // Silence is what a fixed server answers (RFC 6520 4). That it is still there is asked by a whole heartbeat, which it sends
    // back, and a message that it must refuse. A late echo of the first is no silence.
    const whole = joined([1], uint(16, 2), new Uint8Array(16).fill(0x64), new Uint8Array(16));
    wire.write(tlsRecord(CONTENT.heartbeat, version, whole));
    wire.write(tlsRecord(CONTENT.handshake, version, [20, 0, 0, 0]));
    const then = await hear(wire, records, line.patience.idle);
    if (isEcho(then)) return known('vulnerable', origin(told('the heartbeat came back')));
    return saidNo(then) || (then.kind === 'record' && then.type === CONTENT.heartbeat)
      ? known('safe', origin(told(`silence, then ${heardText(then)}`)))
      : unknown(whyNot(then), told(heardText(then)));
  });
  return settled(line, result);
}

/** CVE-2014-0224: a ChangeCipherSpec before the keys. A server that took the first one reads the second as encrypted. */
async function earlyCcs(
  line: HostLine,
  protocol: Older,
  suites: readonly number[],
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Fact<Verdict>> {
  const result = await line.use(async (wire): Promise<Fact<Verdict>> => {
    const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), 'flight', line.patience);
    const told = (what: string): string => exchangeText(protocol, 'early ChangeCipherSpec', what);
    if (answer.kind !== 'hello' || !answer.whole) return unknown('unresolved', told(answer.kind));
    const ccs = tlsRecord(CONTENT.changeCipherSpec, WIRE_VERSION[protocol], [1]);
    const records = new RecordReader();
    wire.write(ccs);
    const first = await hear(wire, records, Math.min(1_000, line.patience.idle));
    if (saidNo(first)) return known('safe', origin(told(heardText(first))));
    if (first.kind !== 'timed-out') return unknown(whyNot(first), told(heardText(first)));
    // It passed over the first in silence: only what it says of the second tells how it took it.
    wire.write(ccs);
    const heard = await hear(wire, records, line.patience.idle);
    const code = heard.kind === 'record' && saidNo(heard) ? heard.body[1] : undefined;
    if (code === undefined) return unknown(whyNot(heard), told(heardText(heard)));
    const read = code === ALERT.badRecordMac || code === ALERT.decryptionFailed;
    return known(read ? 'vulnerable' : 'safe', origin(told(heardText(heard))));
  });
  return settled(line, result);
}

/** One renegotiation by RFC 5746: the server begins a new handshake, says no, or ends the connection. */
async function renegotiation(
  line: HostLine,
  observation: Observation,
  serverName: string | undefined,
  origin: (exchange: string) => Origin,
): Promise<Fact<'accepted' | 'refused'>> {
  const way = completable(observation.suites);
  if (way === undefined) return unknown('unsupported', 'no suite that a handshake can be completed with');
  const told = (what: string): string => exchangeText(way.protocol, 'renegotiation', what);
  const result = await line.use(async (wire): Promise<Fact<'accepted' | 'refused'>> => {
    const question = { protocol: way.protocol, suites: way.suites, ...(serverName === undefined ? {} : { serverName }) };
    const connection = await handshake12(wire, question, line.patience);
    if (!(connection instanceof Tls12Connection)) return unknown('unresolved', told(`${connection.kind} ${connection.detail}`));
    connection.send(
      CONTENT.handshake,
      clientHelloMessage({ ...question, extendedMasterSecret: false, encryptThenMac: false, renegotiation: connection.made.verifyData }),
    );
    for (let count = 0; count < 8; count += 1) {
      const next = await connection.next(line.patience.idle);
      if ('kind' in next) {
        if (next.kind === 'closed' || next.kind === 'reset') return known('refused', origin(told(`connection ${next.kind}`)));
        return unknown(next.kind === 'timed-out' ? 'timed-out' : 'unparseable', told(next.kind === 'timed-out' ? 'silence' : next.detail));
      }
      if (next.type === CONTENT.alert) return known('refused', origin(told(`alert ${alertText(next.body[1] ?? 0)}`)));
      if (next.type === CONTENT.handshake && next.body[0] === 2) return known('accepted', origin(told('ServerHello')));
    }
    return unknown('unresolved', told('no answer to it'));
  });
  return settled(line, result);
}

function settled<T>(line: HostLine, result: Fact<T> | Unknown): Fact<T> {
  line.note(result.state === 'known' ? 'hello' : 'timed-out');
  return result;
}

/** The head of an HTTP answer, however TCP cut it; how the connection ended where none came. */
async function headOf(connection: Connection, timeout: number): Promise<string | Exclude<Received, { readonly kind: 'bytes' }>> {
  const until = performance.now() + timeout;
  let head = '';
  for (;;) {
    const received = await connection.read(Math.max(0, until - performance.now()));
    if (received.kind !== 'bytes') return head === '' ? received : head;
    head += Buffer.from(received.bytes).toString('latin1');
    if (head.includes('\r\n\r\n') || head.length > 8_192) return head;
  }
}

/** CVE-2025-49812: does the clear-text port turn to TLS in place (RFC 2817)? One request that changes nothing. */
export async function askOpossum(
  network: Network,
  to: { readonly address: string; readonly host: string; readonly port: number; readonly proxy?: Proxy },
  timeout: number,
  signal: AbortSignal,
  origin: (exchange: string) => Origin,
): Promise<Fact<Verdict>> {
  const where = `port ${to.port}`;
  const connection = await network.connect({
    host: to.address,
    port: to.port,
    timeout,
    signal,
    ...(to.proxy === undefined ? {} : { proxy: to.proxy }),
  });
  // What a proxy refuses says nothing of the port.
  if ('state' in connection)
    return connection.cause === 'refused' && to.proxy === undefined ? known('safe', origin(`${where} is closed`)) : connection;
  try {
    connection.write(new TextEncoder().encode(`OPTIONS * HTTP/1.1\r\nHost: ${to.host}\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n`));
    const head = await headOf(connection, timeout);
    // An end without a word may be that of anything in between, or of a server that has enough.
    if (typeof head !== 'string') return unknown(head.kind === 'timed-out' ? 'timed-out' : 'unresolved', where);
    const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1];
    if (status === undefined) return unknown('unparseable', where);
    const told = `OPTIONS with Upgrade: TLS/1.0 on ${where} → ${status}`;
    if (status !== '101') return known('safe', origin(told));
    return /^upgrade:.*\btls\b/im.test(head) ? known('vulnerable', origin(told)) : unknown('unresolved', told);
  } finally {
    connection.close();
  }
}
