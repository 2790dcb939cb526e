import { ipBytes, ipVersion } from '../model/ip-address.ts';
import { unknown, type Unknown } from '../model/fact.ts';
import type { Connection, ConnectOptions, Proxy } from './network.ts';

/** A proxy's answer that is longer than this is none. */
const MAX_ANSWER = 8 * 1024;

/**
 * Asks a proxy for a connection to `target`. Where it stands: the bytes that came after the proxy's answer already (a server
 * that speaks first). Where it does not: what came instead.
 */
export async function throughProxy(
  connection: Connection,
  target: Pick<ConnectOptions, 'host' | 'port'>,
  proxy: Proxy,
  timeout: number,
): Promise<Uint8Array | Unknown> {
  const until = performance.now() + timeout;
  const answer = new Answer(connection, () => until - performance.now());
  const refused = proxy.kind === 'http' ? await connectMethod(connection, answer, target) : await socks5(connection, answer, target);
  return refused ?? answer.rest();
}

/** RFC 9110 9.3.6. Whatever the status says other than 2xx is the proxy's refusal. */
async function connectMethod(
  connection: Connection,
  answer: Answer,
  { host, port }: Pick<ConnectOptions, 'host' | 'port'>,
): Promise<Unknown | undefined> {
  const authority = `${ipVersion(host) === 6 ? `[${host}]` : host}:${port}`;
  connection.write(new TextEncoder().encode(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
  const head = await answer.through('\r\n\r\n');
  if (typeof head !== 'string') return head;
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1];
  if (status === undefined) return unknown('unparseable', 'proxy');
  return status.startsWith('2') ? undefined : unknown('refused', `proxy: ${head.split('\r\n')[0]?.slice(0, 120) ?? status}`);
}

/** RFC 1928, without authentication; a name goes to the proxy as a name. */
async function socks5(
  connection: Connection,
  answer: Answer,
  { host, port }: Pick<ConnectOptions, 'host' | 'port'>,
): Promise<Unknown | undefined> {
  connection.write(Uint8Array.of(5, 1, 0));
  const greeting = await answer.take(2);
  if ('state' in greeting) return greeting;
  if (greeting[0] !== 5) return unknown('unparseable', 'proxy');
  if (greeting[1] !== 0) return unknown('refused', 'proxy: demands authentication');
  const name = new TextEncoder().encode(host);
  const ip = ipBytes(host);
  const address = ip === undefined ? Uint8Array.of(3, name.length, ...name) : Uint8Array.of(ip.length === 4 ? 1 : 4, ...ip);
  connection.write(Uint8Array.of(5, 1, 0, ...address, port >> 8, port & 255));
  const head = await answer.take(4);
  if ('state' in head) return head;
  if (head[0] !== 5) return unknown('unparseable', 'proxy');
  if (head[1] !== 0) return unknown('refused', `proxy: reply ${head[1] ?? ''}`);
  const bound = await boundLength(answer, head[3]);
  if (typeof bound !== 'number') return bound;
  const rest = await answer.take(bound + 2);
  return 'state' in rest ? rest : undefined;
}

/** Bytes of the address that a SOCKS proxy bound (RFC 1928 5). */
async function boundLength(answer: Answer, type: number | undefined): Promise<number | Unknown> {
  if (type === 1) return 4;
  if (type === 4) return 16;
  if (type !== 3) return unknown('unparseable', 'proxy');
  const size = await answer.take(1);
  return 'state' in size ? size : (size[0] ?? 0);
}

/** What a proxy answers, byte for byte: not one byte of what comes after it may be taken. */
class Answer {
  readonly #connection: Connection;
  readonly #left: () => number;
  #held = Buffer.alloc(0);

  constructor(connection: Connection, left: () => number) {
    this.#connection = connection;
    this.#left = left;
  }

  async take(count: number): Promise<Uint8Array | Unknown> {
    while (this.#held.length < count) {
      const why = await this.#more();
      if (why !== undefined) return why;
    }
    return this.#taken(count);
  }

  rest(): Uint8Array {
    return this.#held;
  }

  async through(mark: string): Promise<string | Unknown> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at !== -1) return Buffer.from(this.#taken(at + mark.length)).toString('latin1');
      const why = await this.#more();
      if (why !== undefined) return why;
    }
  }

  #taken(count: number): Uint8Array {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<Unknown | undefined> {
    if (this.#held.length > MAX_ANSWER) return unknown('unparseable', 'proxy');
    const received = await this.#connection.read(this.#left());
    if (received.kind === 'bytes') {
      this.#held = Buffer.concat([this.#held, received.bytes]);
      return undefined;
    }
    return received.kind === 'timed-out' ? unknown('timed-out', 'proxy') : unknown('refused', 'proxy: closed the connection');
  }
}
