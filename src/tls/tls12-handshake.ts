import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ALERT, alertText } from './alerts.ts';
import { ByteReader } from './byte-reader.ts';
import { joined, sameBytes, tlsRecord, vector } from './bytes.ts';
import { clientHelloMessage, EXTENSION, type HelloQuestion } from './client-hello.ts';
import type { Patience, Wire } from './exchange.ts';
import { CONTENT, MessageReader, type HandshakeMessage } from './flight.ts';
import { WIRE_VERSION } from './protocols.ts';
import { certificateList, keyExchange, serverHello, type KeyExchange, type ServerHello } from './server-messages.ts';
import { RecordStream } from './record-stream.ts';
import { agree, SPOKEN12_GROUPS } from './tls12-key-exchange.ts';
import { keysOf, prf, protectionOf, transcriptHash, type Protection12, type RecordKeys, type Version12 } from './tls12-keys.ts';

/** What can be resumed: how the server named it, and its secret. */
export interface Resumable {
  readonly sessionId: Uint8Array;
  readonly ticket?: Uint8Array;
  readonly master: Uint8Array;
  readonly suite: number;
}

/** How a connection ended. */
export interface Broken12 {
  readonly kind: 'alert' | 'closed' | 'reset' | 'timed-out' | 'malformed';
  readonly detail: string;
  readonly alert?: number;
  /** How far it came: the server's Finished was not reached. */
  readonly stage: 'hello' | 'keys';
}

/** Suites that a handshake can be completed with, of those given. */
export function spoken12(suites: readonly number[]): readonly number[] {
  return suites.filter((code) => protectionOf(code) !== undefined);
}

/** What a completed handshake agreed on. */
export interface Made12 {
  readonly hello: ServerHello;
  readonly resumed: boolean;
  readonly resumable: Resumable;
  /** Seconds; RFC 5077 3.3. Undefined where no ticket came. */
  readonly ticketLifetime: number | undefined;
  /** A client certificate was asked for, and none was taken for good. */
  readonly clientCertificate: 'none' | 'optional';
  /** Keys of what we send. */
  readonly client: RecordKeys;
  /** What our Finished held: a renegotiation names it (RFC 5746 3.5). */
  readonly verifyData: Uint8Array;
}

/**
 * A completed handshake up to TLS 1.2. It authenticates nobody: signatures are not checked, the Finished is, so that what
 * follows is from who holds the keys. It does not ask for encrypt-then-MAC, and for the extended master secret where told.
 */
export class Tls12Connection {
  readonly made: Made12;
  readonly #server: RecordKeys;
  readonly #wire: Wire;
  readonly #stream: RecordStream;

  constructor(made: Made12, server: RecordKeys, wire: Wire, stream: RecordStream) {
    this.made = made;
    this.#server = server;
    this.#wire = wire;
    this.#stream = stream;
  }

  send(type: number, body: Uint8Array): void {
    this.#wire.write(this.made.client.seal(type, body));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#wire.write(bytes);
  }

  /**
   * close_notify, and the server's end to it. OpenSSL and Java forget the session of a connection that was cut off, or that
   * broke while they answered (RFC 5246 7.2.1): only one that ended in order can be resumed.
   */
  async sayGoodbye(wait: number): Promise<void> {
    const until = performance.now() + wait;
    this.send(CONTENT.alert, Uint8Array.of(1, ALERT.closeNotify));
    while (performance.now() < until && !('kind' in (await this.#stream.next(until - performance.now()))));
  }

  /** The next record in clear, or how the connection ended. */
  async next(wait: number): Promise<{ readonly type: number; readonly body: Uint8Array } | Broken12> {
    const record = await this.#stream.next(wait);
    if ('kind' in record) return { ...record, stage: 'keys' };
    const body = this.#server.open(record);
    return body === undefined
      ? { kind: 'malformed', detail: 'a record that cannot be opened', stage: 'keys' }
      : { type: record.type, body };
  }
}

/** Completes a handshake of the asked version, which is the only one offered; `resume` asks to go on with an earlier session. */
export async function handshake12(
  wire: Wire,
  question: HelloQuestion & { readonly protocol: Version12 },
  patience: Patience,
  resume?: Resumable,
): Promise<Tls12Connection | Broken12> {
  const { protocol } = question;
  const random = randomBytes(32);
  const own: HelloQuestion = {
    ...question,
    suites: spoken12(question.suites),
    groups: SPOKEN12_GROUPS,
    extendedMasterSecret: question.extendedMasterSecret === true,
    encryptThenMac: false,
    random,
    ...(resume === undefined ? {} : { sessionId: resume.sessionId, ...(resume.ticket === undefined ? {} : { ticket: resume.ticket }) }),
  };
  const stream = new RecordStream(wire, 2 * patience.whole);
  const first = clientHelloMessage(own);
  let transcript = first;
  wire.write(tlsRecord(CONTENT.handshake, WIRE_VERSION.TLSv1, first));
  const messages = new MessageReader();
  const pending: HandshakeMessage[] = [];
  let stage: Broken12['stage'] = 'hello';
  const broken = (detail: string): Broken12 => ({ kind: 'malformed', detail, stage });
  /** The next handshake message in clear, or that the server changes its cipher. */
  const nextMessage = async (wait: number): Promise<HandshakeMessage | 'changed' | Broken12> => {
    for (let count = 0; count < 64; count += 1) {
      const message = pending.shift();
      if (message !== undefined) {
        if (message.type === 0) continue;
        transcript = joined(transcript, message.whole);
        return message;
      }
      const record = await stream.next(wait);
      if ('kind' in record) return { ...record, stage };
      if (record.type === CONTENT.changeCipherSpec) return 'changed';
      if (record.type === CONTENT.alert) {
        const [level = 0, code = 0] = record.body;
        if (level === 1 && code !== 0) continue;
        return { kind: 'alert', detail: alertText(code), alert: code, stage };
      }
      if (record.type !== CONTENT.handshake) return broken(`a record of type ${record.type}`);
      pending.push(...messages.push(record.body));
      if (messages.malformed !== undefined) return broken(messages.malformed);
    }
    return broken('messages without end');
  };

  const opening = await nextMessage(patience.first);
  if (opening === 'changed' || 'kind' in opening) return opening === 'changed' ? broken('an early ChangeCipherSpec') : opening;
  const hello = opening.type === 2 ? serverHello(opening.body) : undefined;
  const protection = hello === undefined ? undefined : protectionOf(hello.suite);
  if (hello === undefined || hello.version !== WIRE_VERSION[protocol] || protection === undefined || !own.suites.includes(hello.suite))
    return broken('no ServerHello of this version');

  let certificate: Uint8Array | undefined;
  let exchange: KeyExchange | undefined;
  let asked = false;
  let ticket: { readonly lifetime: number; readonly bytes: Uint8Array } | undefined;
  let changed = false;
  for (let done = false; !done && !changed;) {
    const message = await nextMessage(patience.idle);
    if (message === 'changed') changed = true;
    else if ('kind' in message) return message;
    else if (message.type === 11) certificate = certificateList(message.body, hello.version)?.certificates[0];
    else if (message.type === 12) exchange = keyExchange(message.body, hello.suite, hello.version);
    else if (message.type === 13) asked = true;
    else if (message.type === 4) ticket = readTicket(message.body);
    else if (message.type === 14) done = true;
  }
  stage = 'keys';

  if (changed) {
    // An abbreviated handshake: the server goes first (RFC 5246 7.3).
    if (resume === undefined) return broken('an early ChangeCipherSpec');
    const keys = keysOf(protocol, protection, resume.master, random, hello.random);
    const verdict = await serverFinished(stream, keys.server, resume.master, protocol, protection, transcript, patience);
    if (typeof verdict === 'object' && 'kind' in verdict) return verdict;
    transcript = joined(transcript, verdict);
    const finished = sendFinished(wire, keys.client, resume.master, protocol, protection, transcript);
    const resumable = { ...resume, ...(ticket === undefined ? {} : { ticket: ticket.bytes }) };
    const verifyData = finished.subarray(4);
    return new Tls12Connection(
      { hello, resumed: true, resumable, ticketLifetime: ticket?.lifetime, clientCertificate: 'none', client: keys.client, verifyData },
      keys.server,
      wire,
      stream,
    );
  }

  const agreed = agree(hello, protocol, certificate, exchange);
  if (agreed === undefined) return broken('a key exchange that is not spoken here');
  const messagesOut: Uint8Array[] = [];
  if (asked) messagesOut.push(joined([11], vector(3, vector(3))));
  messagesOut.push(joined([16], vector(3, agreed.message)));
  for (const message of messagesOut) {
    transcript = joined(transcript, message);
    wire.write(tlsRecord(CONTENT.handshake, WIRE_VERSION[protocol], message));
  }
  // RFC 7627 4: over the transcript up to here, where both have asked for it.
  const extended = own.extendedMasterSecret === true && hello.extensions.has(EXTENSION.extendedMasterSecret);
  const [label, seed] = extended
    ? ['extended master secret', transcriptHash(protocol, protection.prf, transcript)]
    : ['master secret', joined(random, hello.random)];
  const master = prf(protocol, protection.prf, agreed.secret, label, seed, 48);
  const keys = keysOf(protocol, protection, master, random, hello.random);
  const finished = sendFinished(wire, keys.client, master, protocol, protection, transcript);
  transcript = joined(transcript, finished);
  for (;;) {
    const message = await nextMessage(patience.idle);
    if (message === 'changed') break;
    if ('kind' in message) return message;
    if (message.type === 4) ticket = readTicket(message.body);
  }
  const verdict = await serverFinished(stream, keys.server, master, protocol, protection, transcript, patience);
  if (typeof verdict === 'object' && 'kind' in verdict) return verdict;
  const resumable = { sessionId: hello.sessionId, master, suite: hello.suite, ...(ticket === undefined ? {} : { ticket: ticket.bytes }) };
  const verifyData = finished.subarray(4);
  const clientCertificate = asked ? 'optional' : 'none';
  return new Tls12Connection(
    { hello, resumed: false, resumable, ticketLifetime: ticket?.lifetime, clientCertificate, client: keys.client, verifyData },
    keys.server,
    wire,
    stream,
  );
}

function readTicket(body: Uint8Array): { readonly lifetime: number; readonly bytes: Uint8Array } | undefined {
  const reader = new ByteReader(body);
  const lifetime = reader.uint(4);
  const bytes = reader.vector(2);
  return lifetime === undefined || bytes === undefined || bytes.length === 0 ? undefined : { lifetime, bytes };
}

/** ChangeCipherSpec and Finished. Returns the Finished message. */
function sendFinished(
  wire: Wire,
  keys: RecordKeys,
  master: Uint8Array,
  version: Version12,
  { prf: hash }: Protection12,
  transcript: Uint8Array,
): Uint8Array {
  const verify = prf(version, hash, master, 'client finished', transcriptHash(version, hash, transcript), 12);
  const message = joined([20], vector(3, verify));
  wire.write(tlsRecord(CONTENT.changeCipherSpec, WIRE_VERSION[version], [1]));
  wire.write(keys.seal(CONTENT.handshake, message));
  return message;
}

/** Checks the server's Finished. Returns its message, or how it went wrong. */
async function serverFinished(
  stream: RecordStream,
  keys: RecordKeys,
  master: Uint8Array,
  version: Version12,
  { prf: hash }: Protection12,
  transcript: Uint8Array,
  patience: Patience,
): Promise<Uint8Array | Broken12> {
  const record = await stream.next(patience.idle);
  if ('kind' in record) return { ...record, stage: 'keys' };
  const body = record.type === CONTENT.handshake ? keys.open(record) : undefined;
  const verify = prf(version, hash, master, 'server finished', transcriptHash(version, hash, transcript), 12);
  const expected = joined([20], vector(3, verify));
  if (body === undefined || body.length !== expected.length || !timingSafeEqual(body, expected))
    return { kind: 'malformed', detail: 'a false Finished', stage: 'keys' };
  return body;
}

/** Was the session taken up again? */
export function isSameSession({ made }: Tls12Connection, asked: Resumable): boolean {
  return made.resumed && sameBytes(made.hello.sessionId, asked.sessionId);
}
