import type { Socket } from 'node:net';
import { unknown, type Unknown } from '../model/fact.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { DatabaseLogin, Transport } from './database.ts';
import { BoundedStream } from './node-bounded-stream.ts';
import { dialAddress, secured, transportOf } from './node-login.ts';
import { connectionOver } from './node-socket.ts';
import { MessageGuard } from './postgres-messages.ts';

/** What libpq knows as sslmode. Whatever it says, a certificate is verified as `verify-full` has it wherever trust rests on it. */
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** SSLRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
/** Until the login is over a server has little to say. */
const LOGIN_BYTES = 256 * 1024;

/** A way to a server that nothing was said on yet but, where it is encrypted, TLS. */
export interface Wire {
  readonly stream: WireStream;
  readonly transport: Transport;
}

type Trust = Pick<DatabaseLogin, 'ca' | 'insecure' | 'timeout' | 'signal'>;

/**
 * Connects, and turns to TLS where the address or the rules of trust ask for it: over a network only a verified server is spoken
 * to, unless the target says `insecure: true`.
 */
export async function openWire(address: DatabaseAddress, login: Trust): Promise<Wire | Unknown> {
  const { host = 'localhost', socket: path, port, parameters } = address;
  const mode = parameters['sslmode'];
  if (mode !== undefined && !MODES.includes(mode)) return unknown('unsupported', 'sslmode: none of PostgreSQL’s own');
  const place: DatabaseAddress = path === undefined ? address : { ...address, socket: localPath(path, port) };
  const socket = await dialAddress(place, login);
  if ('state' in socket) return socket;
  const wire = (over: Socket): Wire => ({ stream: new WireStream(over, host, LOGIN_BYTES), transport: transportOf(over, place) });
  const way = transportOf(socket, place);
  if (way === 'socket') return wire(socket);
  const trusted = way === 'loopback' || login.insecure;
  const wanted = mode ?? (way === 'loopback' ? 'prefer' : 'verify-full');
  const mayBeClear = trusted && ['disable', 'allow', 'prefer'].includes(wanted);
  const end = (why: Unknown): Unknown => {
    socket.destroy();
    return why;
  };
  if (wanted === 'disable') return mayBeClear ? wire(socket) : end(unknown('refused', 'no credentials are sent without verified TLS'));
  const offered = await asksForTls(socket, login);
  if (typeof offered !== 'boolean') return end(offered);
  if (!offered)
    return mayBeClear ? wire(socket) : end(unknown('refused', 'it offers no TLS: no credentials are sent without verified TLS'));
  const over = await secured(socket, address, { ...login, insecure: trusted && !wanted.startsWith('verify-') });
  return 'state' in over ? over : wire(over);
}

/** A Unix socket is named by its directory, as libpq takes it, or by its own path. */
function localPath(path: string, port: number): string {
  return /(?:^|\/)\.s\.PGSQL\.\d+$/.test(path) ? path : `${path.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
}

/** Does the server turn to TLS? Anything beside its one octet was not protected by it: CVE-2021-23222. */
async function asksForTls(socket: Socket, { timeout, signal }: Trust): Promise<boolean | Unknown> {
  const { connection, release } = connectionOver(socket, signal);
  connection.write(SSL_REQUEST);
  const answer = await connection.read(timeout);
  release();
  if (answer.kind === 'timed-out') return unknown('timed-out', 'SSLRequest');
  if (answer.kind !== 'bytes') return unknown('unreachable', 'SSLRequest: the connection ended');
  const [letter] = answer.bytes;
  if (answer.bytes.length === 1 && (letter === 0x53 || letter === 0x4e)) return letter === 0x53;
  return unknown('unparseable', 'SSLRequest: neither S nor N');
}

/** What pg takes for its socket: already connected, bounded in bytes, and silent but for sound messages. */
export class WireStream extends BoundedStream {
  readonly #guard = new MessageGuard();

  connect(): this {
    setImmediate(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override push(chunk: Buffer | null): boolean {
    if (chunk === null) return super.push(null);
    const whole = this.#guard.take(chunk);
    if (whole === undefined) this.destroy(new Garbage());
    return whole === undefined || whole.length === 0 || super.push(whole);
  }
}

/** What the server said is not PostgreSQL's protocol. */
class Garbage extends Error {
  readonly code = 'GARBAGE';
}
