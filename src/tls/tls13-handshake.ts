import { createHash, createHmac } from 'node:crypto';
import { ALERT, alertText, refusesCertificate } from './alerts.ts';
import { ByteReader } from './byte-reader.ts';
import { joined, tlsRecord, vector } from './bytes.ts';
import { clientHelloMessage, EXTENSION, type HelloQuestion } from './client-hello.ts';
import type { Patience, Wire } from './exchange.ts';
import { CONTENT, MessageReader, type HandshakeMessage } from './flight.ts';
import { RecordStream } from './record-stream.ts';
import { expandLabel, extract, ownShare, Protection, SPOKEN13, SUITES13 } from './tls13-keys.ts';
import { certificateList, extensionsIn, requestedAuthorities, serverHello, type ServerHello } from './server-messages.ts';

/** What a complete handshake of TLS 1.3 shows: the part that is encrypted, too. */
export interface Session13 {
  readonly hello: ServerHello;
  readonly certificates: readonly Uint8Array[];
  readonly status?: Uint8Array;
  readonly scts?: Uint8Array;
  readonly scheme?: number;
  readonly alpn?: string;
  /** DER names, where a client certificate was asked for. */
  readonly authorities?: readonly Uint8Array[];
  /** What became of our answer without a certificate. */
  readonly withoutCertificate?: 'accepted' | 'refused';
  readonly tickets: readonly Ticket13[];
  /** The server closed the connection in order, so that no further ticket comes. */
  readonly ended: boolean;
  /** The Finished of the server was checked: these bytes are from who holds the keys. */
  readonly verified: boolean;
}

/** Seconds, bytes of early data that it may be used with, and its own length in bytes. */
export interface Ticket13 {
  readonly lifetime: number;
  readonly earlyData: number;
  readonly size: number;
}

/** How a handshake ended that did not come to its end; `hello` is there where the server chose TLS 1.3 or an older version. */
export interface Broken13 {
  readonly kind: 'alert' | 'closed' | 'reset' | 'timed-out' | 'malformed' | 'older';
  readonly detail: string;
  readonly alert?: number;
  readonly hello?: ServerHello;
}

const RETRY_LIMIT = 1;
/** How long a server may take, beside three of its round trips, to its tickets and to the end of the connection. */
const TICKET_PATIENCE = 250;

/**
 * Makes a whole handshake of TLS 1.3, sends no application data, closes in order, and reads the tickets that come before the
 * server does. It proves by the server's Finished that what was read is the server's; whether its certificate is any good is
 * not asked here.
 */
export async function handshake13(wire: Wire, question: HelloQuestion, patience: Patience): Promise<Session13 | Broken13> {
  const started = performance.now();
  const stream = new RecordStream(wire, patience.whole);

  let roundTrip: number | undefined;
  let share = ownShare(question.groups?.find((group) => SPOKEN13.groups.some((one) => one === group)) ?? 29);
  let asked: HelloQuestion = { ...question, keyShares: [share] };
  let transcript = clientHelloMessage(asked);
  wire.write(tlsRecord(CONTENT.handshake, 0x0301, transcript));
  let hello: ServerHello | undefined;
  let messages = new MessageReader();
  for (let retries = 0; hello === undefined;) {
    const answer = await nextMessage(stream, messages, retries === 0 ? patience.first : patience.idle);
    if ('kind' in answer) return answer;
    roundTrip ??= performance.now() - started;
    const read = answer.type === 2 ? serverHello(answer.body) : undefined;
    if (read === undefined) return { kind: 'malformed', detail: 'a broken ServerHello' };
    if (read.version !== 0x0304) return { kind: 'older', detail: '', hello: read };
    const suite = SUITES13[read.suite];
    if (suite === undefined) return { kind: 'malformed', detail: 'a suite that was not offered', hello: read };
    if (!read.retry) {
      hello = read;
      transcript = joined(transcript, answer.whole);
      break;
    }
    if (retries >= RETRY_LIMIT || read.group === undefined || !SPOKEN13.groups.some((group) => group === read.group))
      return { kind: 'malformed', detail: 'a HelloRetryRequest that cannot be met', hello: read };
    retries += 1;
    share = ownShare(read.group);
    const cookie = new ByteReader(read.extensions.get(EXTENSION.cookie) ?? new Uint8Array()).vector(2);
    asked = { ...asked, keyShares: [share], ...(cookie === undefined ? {} : { cookie }) };
    const second = clientHelloMessage(asked);
    // RFC 8446 4.4.1: the first hello stands in the transcript as a message_hash.
    const digest = createHash(suite.hash).update(transcript).digest();
    transcript = joined([254, 0, 0, digest.length], digest, answer.whole, second);
    wire.write(tlsRecord(CONTENT.handshake, 0x0303, second));
    messages = new MessageReader();
  }

  const suite = SUITES13[hello.suite];
  const secret = hello.share === undefined || hello.group !== share.group ? undefined : share.secret(hello.share);
  if (suite === undefined || secret === undefined) return { kind: 'malformed', detail: 'a broken key share', hello };
  const { hash } = suite;
  const size = hash === 'sha384' ? 48 : 32;
  const zeros = new Uint8Array(size);
  const digestOf = (bytes: Uint8Array): Uint8Array => createHash(hash).update(bytes).digest();
  const derive = (from: Uint8Array, label: string, context: Uint8Array): Uint8Array => expandLabel(from, label, context, size, hash);
  const early = extract(zeros, zeros, hash);
  const handshakeSecret = extract(derive(early, 'derived', digestOf(new Uint8Array())), secret, hash);
  const server = new Protection(derive(handshakeSecret, 's hs traffic', digestOf(transcript)), suite);
  const client = new Protection(derive(handshakeSecret, 'c hs traffic', digestOf(transcript)), suite);

  const found: { -readonly [N in keyof Session13]: Session13[N] } = { hello, certificates: [], tickets: [], ended: false, verified: false };
  let context: Uint8Array | undefined;
  messages = new MessageReader();
  while (!found.verified) {
    const came = await stream.next(patience.idle);
    if ('kind' in came) return { ...came, hello };
    if (came.type === CONTENT.changeCipherSpec) continue; // middlebox compatibility (RFC 8446 D.4)
    if (came.type === CONTENT.alert) return { kind: 'alert', detail: alertText(came.body[1] ?? 0), alert: came.body[1] ?? 0, hello };
    const opened = server.open(came);
    if (opened === undefined) return { kind: 'malformed', detail: 'a record that cannot be opened', hello };
    if (opened.type === CONTENT.alert) return { kind: 'alert', detail: alertText(opened.body[1] ?? 0), alert: opened.body[1] ?? 0, hello };
    if (opened.type !== CONTENT.handshake) return { kind: 'malformed', detail: `a record of type ${opened.type}`, hello };
    for (const message of messages.push(opened.body)) {
      const before = digestOf(transcript);
      transcript = joined(transcript, message.whole);
      if (message.type === 8) {
        const extensions = extensionsIn(new ByteReader(message.body).vector(2));
        if (extensions === undefined) return { kind: 'malformed', detail: 'broken EncryptedExtensions', hello };
        const protocols = new ByteReader(extensions.get(EXTENSION.alpn) ?? new Uint8Array());
        protocols.uint(2);
        const name = protocols.vector(1);
        if (name !== undefined) found.alpn = new TextDecoder().decode(name);
      } else if (message.type === 13) {
        context = new ByteReader(message.body).vector(1) ?? new Uint8Array();
        const authorities = requestedAuthorities(message.body, 0x0304);
        if (authorities === undefined) return { kind: 'malformed', detail: 'a broken CertificateRequest', hello };
        found.authorities = authorities;
      } else if (message.type === 11) {
        const list = certificateList(message.body, 0x0304);
        if (list === undefined) return { kind: 'malformed', detail: 'a broken Certificate', hello };
        found.certificates = list.certificates;
        if (list.status !== undefined) found.status = list.status;
        if (list.scts !== undefined) found.scts = list.scts;
      } else if (message.type === 15) {
        const scheme = new ByteReader(message.body).uint(2);
        if (scheme !== undefined) found.scheme = scheme;
      } else if (message.type === 20) {
        const expected = createHmac(hash, server.finishedKey).update(before).digest();
        if (!expected.equals(message.body)) return { kind: 'malformed', detail: 'a false Finished', hello };
        found.verified = true;
      }
    }
    if (messages.malformed !== undefined) return { kind: 'malformed', detail: messages.malformed, hello };
  }

  const master = extract(derive(handshakeSecret, 'derived', digestOf(new Uint8Array())), zeros, hash);
  const application = new Protection(derive(master, 's ap traffic', digestOf(transcript)), suite);
  const own = new Protection(derive(master, 'c ap traffic', digestOf(transcript)), suite);
  wire.write(joined([CONTENT.changeCipherSpec, 3, 3, 0, 1, 1]));
  if (context !== undefined) {
    const none = joined([11], vector(3, vector(1, context), vector(3)));
    transcript = joined(transcript, none);
    wire.write(client.seal(CONTENT.handshake, none));
  }
  const verify = createHmac(hash, client.finishedKey).update(digestOf(transcript)).digest();
  // With it our close_notify: the server's, which answers it, tells that no ticket is still under way (RFC 8446 6.1).
  wire.write(joined(client.seal(CONTENT.handshake, joined([20], vector(3, verify))), own.seal(CONTENT.alert, Uint8Array.of(1, 0))));

  const wait = context === undefined ? Math.min(patience.idle, TICKET_PATIENCE + 3 * (roundTrip ?? 0)) : patience.idle;
  return { ...found, ...(await afterwards(stream, application, context !== undefined, wait)) };
}

/** What a server sends after the handshake: its tickets, whether it wanted a certificate, and that it ends. */
async function afterwards(
  stream: RecordStream,
  keys: Protection,
  asked: boolean,
  wait: number,
): Promise<Pick<Session13, 'tickets' | 'ended' | 'withoutCertificate'>> {
  const tickets: Ticket13[] = [];
  const messages = new MessageReader();
  const until = performance.now() + wait;
  let withoutCertificate: Session13['withoutCertificate'];
  const told = (ended: boolean): Pick<Session13, 'tickets' | 'ended' | 'withoutCertificate'> => ({
    tickets,
    ended,
    ...(withoutCertificate === undefined ? {} : { withoutCertificate }),
  });
  for (let count = 0; count < 16; count += 1) {
    const came = await stream.next(Math.max(0, until - performance.now()));
    // A connection that broke off says nothing of certificates, and nothing of tickets.
    if ('kind' in came) return told(false);
    const opened = came.type === CONTENT.applicationData ? keys.open(came) : undefined;
    if (opened === undefined) return told(false);
    if (opened.type === CONTENT.alert) {
      const [, code] = opened.body;
      if (code === undefined || opened.body.length !== 2) return told(false);
      const ended = code === ALERT.closeNotify;
      if (asked && (ended || refusesCertificate(code))) withoutCertificate = ended ? 'accepted' : 'refused';
      return told(ended);
    }
    if (opened.type !== CONTENT.handshake) continue; // a server that speaks first
    if (asked) withoutCertificate = 'accepted';
    for (const message of messages.push(opened.body)) {
      const read = message.type === 4 ? ticket(message) : undefined;
      if (read !== undefined) tickets.push(read);
    }
    if (messages.malformed !== undefined || (tickets.length > 0 && !stream.waiting)) return told(false);
  }
  return told(false);
}

/** NewSessionTicket: RFC 8446 4.6.1. Undefined for one that is broken. */
function ticket({ body }: HandshakeMessage): Ticket13 | undefined {
  const reader = new ByteReader(body);
  const lifetime = reader.uint(4);
  reader.uint(4);
  reader.vector(1);
  const opaque = reader.vector(2);
  const extensions = extensionsIn(reader.vector(2));
  if (lifetime === undefined || opaque === undefined || extensions === undefined) return undefined;
  const early = extensions.get(EXTENSION.earlyData);
  const most = early === undefined ? 0 : new ByteReader(early).uint(4);
  return most === undefined ? undefined : { lifetime, earlyData: most, size: opaque.length };
}

async function nextMessage(stream: RecordStream, messages: MessageReader, wait: number): Promise<HandshakeMessage | Broken13> {
  for (let count = 0; count < 64; count += 1) {
    const came = await stream.next(wait);
    if ('kind' in came) return came;
    if (came.type === CONTENT.changeCipherSpec) continue;
    if (came.type === CONTENT.alert) {
      const [level = 0, code = 0] = came.body;
      if (level === 1 && code !== 0) continue;
      return { kind: 'alert', detail: alertText(code), alert: code };
    }
    const [message] = came.type === CONTENT.handshake ? messages.push(came.body) : [];
    if (message !== undefined) return message;
    if (messages.malformed !== undefined || came.type !== CONTENT.handshake) return { kind: 'malformed', detail: 'no ServerHello' };
  }
  return { kind: 'malformed', detail: 'no ServerHello' };
}
