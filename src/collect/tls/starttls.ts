import { unknown, type Unknown } from '../../model/fact.ts';
import { joined, uint } from '../../tls/bytes.ts';
import type { Patience, Wire } from '../../tls/exchange.ts';
import type { Dialect } from './place.ts';

/** No server says so much before TLS. */
const MAX_GREETING = 64 * 1024;
const text = new TextEncoder();

/**
 * Brings a connection to the point where the TLS handshake begins. Undefined where it is there; else why not: `refused` where
 * the server said that it does not do TLS.
 */
export async function startTls(wire: Wire, dialect: Dialect, name: string, patience: Patience): Promise<Unknown | undefined> {
  const talk = new Talk(wire, patience);
  const failed = await DIALECTS[dialect](talk, name);
  return failed === undefined ? undefined : { ...failed, detail: `STARTTLS ${dialect}: ${failed.detail}` };
}

/**
 * Does a server that was sent a hello answer in the protocol that it spoke before TLS? MariaDB refuses what it cannot read as a
 * hello by an error packet in clear (length, sequence number, 0xff, code), vsftpd by a line `500 OOPS: …`, xrdp by an ultimatum to
 * disconnect in a TPKT packet (RFC 1006 6: version 3, 0, length).
 */
export function refusesInClear(dialect: Dialect, bytes: Uint8Array): boolean {
  if (dialect === 'ftp') return /^[45]\d\d[ -]/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 4)));
  const [a = 0, b = 0, c = 0, d = 0, mark = 0] = bytes;
  if (dialect === 'rdp') return a === 3 && b === 0 && c * 256 + d === bytes.length;
  return dialect === 'mysql' && mark === 0xff && a + b * 256 + c * 65536 === bytes.length - 4;
}

type Step = (talk: Talk, name: string) => Promise<Unknown | undefined>;

const smtp: Step = async (talk) => {
  const greeting = await talk.reply(/^\d{3} .*\r?\n/m);
  if (typeof greeting !== 'string') return greeting;
  if (!greeting.startsWith('220')) return no(greeting);
  talk.say('EHLO custos.invalid\r\n');
  const features = await talk.reply(/^\d{3} .*\r?\n/m);
  if (typeof features !== 'string') return features;
  if (!/^250[ -]STARTTLS\b/im.test(features)) return no('not offered');
  return command(talk, 'STARTTLS\r\n', /^\d{3} .*\r?\n/m, /^220/);
};

const imap: Step = async (talk) => {
  const greeting = await talk.reply(/^\* .*\r?\n/m);
  if (typeof greeting !== 'string') return greeting;
  return command(talk, 'a1 STARTTLS\r\n', /^a1 .*\r?\n/m, /^a1 OK/im);
};

const pop3: Step = async (talk) => {
  const greeting = await talk.reply(/^[+-].*\r?\n/m);
  if (typeof greeting !== 'string') return greeting;
  return command(talk, 'STLS\r\n', /^[+-].*\r?\n/m, /^\+OK/);
};

const ftp: Step = async (talk) => {
  const greeting = await talk.reply(/^\d{3} .*\r?\n/m);
  if (typeof greeting !== 'string') return greeting;
  return command(talk, 'AUTH TLS\r\n', /^\d{3} .*\r?\n/m, /^234/m);
};

/** RFC 6120 5.4: the stream opens, offers starttls, and proceeds. */
const xmpp: Step = async (talk, name) => {
  talk.say(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${name}' version='1.0'>`,
  );
  const features = await talk.reply(/<\/stream:features>|<stream:error/);
  if (typeof features !== 'string') return features;
  // RFC 6120 4.9: a stream that ends in an error (`host-unknown`) has offered nothing, nor refused it.
  if (features.includes('<stream:error')) return unknown('unresolved', 'the stream ended with an error');
  if (!features.includes('urn:ietf:params:xml:ns:xmpp-tls')) return no('not offered');
  return command(talk, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", /<(?:proceed|failure)[^<>]*>/, /<proceed/);
};

/** RFC 4511 4.14: an extended request with the StartTLS name; resultCode 0 is a yes. */
const ldap: Step = async (talk) => {
  const oid = text.encode('1.3.6.1.4.1.1466.20037');
  const request = joined([0x80, oid.length], oid);
  talk.send(joined([0x30, request.length + 5, 0x02, 0x01, 0x01, 0x77, request.length], request));
  const head = await talk.take(2);
  if ('state' in head) return head;
  const long = (head[1] ?? 0) & 0x80 ? (head[1] ?? 0) & 0x7f : 0;
  if (head[0] !== 0x30 || long > 2) return unknown('unparseable', 'no LDAP message');
  const more = await talk.take(long);
  if ('state' in more) return more;
  const length = long === 0 ? (head[1] ?? 0) : more.reduce((value, byte) => value * 256 + byte, 0);
  const body = await talk.take(length);
  if ('state' in body) return body;
  const at = body.findIndex((byte, index) => byte === 0x78 && index >= 3);
  const code = at === -1 ? -1 : body.subarray(at).findIndex((byte, index) => byte === 0x0a && index >= 2);
  if (at === -1 || code === -1) return unknown('unparseable', 'no extended response');
  return body[at + code + 2] === 0 ? undefined : no(`result ${body[at + code + 2] ?? ''}`);
};

/** PostgreSQL's SSLRequest: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
const postgres: Step = async (talk) => {
  talk.send(joined(uint(8, 4), uint(80_877_103, 4)));
  const answer = await talk.take(1);
  if ('state' in answer) return answer;
  if (answer[0] === 0x53) return undefined;
  return answer[0] === 0x4e ? no('N') : unknown('unparseable', 'no answer to SSLRequest');
};

/** MySQL's SSLRequest after the greeting: capability CLIENT_SSL (0x800) in the greeting, then a short handshake response. */
const mysql: Step = async (talk) => {
  const head = await talk.take(4);
  if ('state' in head) return head;
  const body = await talk.take((head[0] ?? 0) | ((head[1] ?? 0) << 8));
  if ('state' in body) return body;
  if (body[0] === 0xff) return no('error packet');
  const end = body.indexOf(0, 1);
  const capabilities = end === -1 ? 0 : (body[end + 14] ?? 0) | ((body[end + 15] ?? 0) << 8);
  if (body[0] !== 10 || end === -1) return unknown('unparseable', 'no MySQL greeting');
  if ((capabilities & 0x800) === 0) return no('the server does not offer TLS');
  // CLIENT_PROTOCOL_41 | CLIENT_SSL | CLIENT_SECURE_CONNECTION, 16 MB packets, utf8mb4.
  talk.send(joined([32, 0, 0, 1], [0x00, 0x8a, 0, 0], [0, 0, 0, 1], [45], new Uint8Array(23)));
  return undefined;
};

/** MS-RDPBCGR 2.2.1.1: an X.224 connection request that asks for TLS or CredSSP. */
const rdp: Step = async (talk) => {
  talk.send(Uint8Array.of(3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0));
  const head = await talk.take(4);
  if ('state' in head) return head;
  const body = await talk.take(Math.max(0, (head[2] ?? 0) * 256 + (head[3] ?? 0) - 4));
  if ('state' in body) return body;
  if (head[0] !== 3 || body[1] !== 0xd0) return unknown('unparseable', 'no X.224 confirm');
  return body[7] === 2 && ((body[11] ?? 0) & 3) !== 0 ? undefined : no('RDP security only');
};

const DIALECTS: { readonly [D in Dialect]: Step } = { smtp, submission: smtp, imap, pop3, ldap, postgres, mysql, xmpp, ftp, rdp };

async function command(talk: Talk, line: string, end: RegExp, yes: RegExp): Promise<Unknown | undefined> {
  talk.say(line);
  const answer = await talk.reply(end);
  if (typeof answer !== 'string') return answer;
  return yes.test(answer) ? undefined : no(answer);
}

function no(answer: string): Unknown {
  return unknown('refused', answer.trim().slice(0, 100));
}

/** A conversation before TLS: bounded in bytes and time. */
class Talk {
  readonly #wire: Wire;
  readonly #until: number;
  readonly #patience: Patience;
  #held = Buffer.alloc(0);

  constructor(wire: Wire, patience: Patience) {
    this.#wire = wire;
    this.#patience = patience;
    this.#until = performance.now() + 2 * patience.whole;
  }

  say(line: string): void {
    this.#wire.write(text.encode(line));
  }

  send(bytes: Uint8Array): void {
    this.#wire.write(bytes);
  }

  /** What comes until a pattern is there. What came with it is forgotten: nothing may come before the TLS handshake begins. */
  async reply(end: RegExp): Promise<string | Unknown> {
    for (;;) {
      const so = this.#held.toString('latin1');
      if (end.test(so)) {
        this.#held = Buffer.alloc(0);
        return so;
      }
      const why = await this.#more();
      if (why !== undefined) return why;
    }
  }

  async take(count: number): Promise<Uint8Array | Unknown> {
    while (this.#held.length < count) {
      const why = await this.#more();
      if (why !== undefined) return why;
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<Unknown | undefined> {
    if (this.#held.length > MAX_GREETING) return unknown('unparseable', `more than ${MAX_GREETING} bytes before TLS`);
    const received = await this.#wire.read(Math.max(0, Math.min(this.#patience.first, this.#until - performance.now())));
    if (received.kind === 'bytes') {
      this.#held = Buffer.concat([this.#held, received.bytes]);
      return undefined;
    }
    return received.kind === 'timed-out' ? unknown('timed-out', 'no answer') : unknown('unreachable', 'the connection ended');
  }
}
