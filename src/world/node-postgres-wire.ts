import { connect as connectSocket, isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { unknown, type Unknown } from '../model/fact.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { Transport } from './database.ts';
import { BoundedStream } from './node-bounded-stream.ts';
import { connectionOver, errorCode, openSocket } from './node-socket.ts';
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

interface Trust {
  /** PEM of authorities that are trusted besides the machine's own. */
  readonly ca?: string;
  readonly insecure: boolean;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Connects, and turns to TLS where the address or the rules of trust ask for it: over a network only a verified server is spoken
 * to, unless the target says `insecure: true`.
 */
export async function openWire(address: DatabaseAddress, trust: Trust): Promise<Wire | Unknown> {
  const { host, socket: path, parameters } = address;
  const mode = parameters['sslmode'];
  if (mode !== undefined && !MODES.includes(mode)) return unknown('unsupported', 'sslmode: none of PostgreSQL’s own');
  if (host === undefined || path !== undefined) {
    const socket = await openLocal(path ?? '', address.port, trust);
    return 'state' in socket ? socket : { stream: new WireStream(socket, 'localhost', LOGIN_BYTES), transport: 'socket' };
  }
  const socket = await openSocket({ host, port: address.port, timeout: trust.timeout, signal: trust.signal });
  if ('state' in socket) return socket;
  const loopback = isLoopback(socket.remoteAddress ?? '');
  const wanted = mode ?? (loopback ? 'prefer' : 'verify-full');
  const mayBeClear = (loopback || trust.insecure) && ['disable', 'allow', 'prefer'].includes(wanted);
  const end = (why: Unknown): Unknown => {
    socket.destroy();
    return why;
  };
  if (wanted === 'disable')
    return mayBeClear ? clear(socket, host, loopback) : end(unknown('refused', 'no credentials are sent without verified TLS'));
  const offered = await asksForTls(socket, trust);
  if (typeof offered !== 'boolean') return end(offered);
  if (!offered)
    return mayBeClear
      ? clear(socket, host, loopback)
      : end(unknown('refused', 'it offers no TLS: no credentials are sent without verified TLS'));
  const verify = wanted.startsWith('verify-') || !(loopback || trust.insecure);
  const secured = await overTls(socket, host, verify, trust);
  if ('state' in secured) return end(secured);
  return { stream: new WireStream(secured, host, LOGIN_BYTES), transport: loopback ? 'loopback' : verify ? 'tls' : 'clear' };
}

/** A Unix socket, by its directory as libpq takes it, or by its own path. */
function openLocal(path: string, port: number, { timeout, signal }: Trust): Promise<Socket | Unknown> {
  const file = /(?:^|\/)\.s\.PGSQL\.\d+$/.test(path) ? path : `${path.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
  if (signal.aborted) return Promise.resolve(unknown('timed-out', file));
  return new Promise((resolve) => {
    const socket = connectSocket({ path: file });
    const settle = (result: Socket | Unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      if (result !== socket) socket.destroy();
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', file));
    const timer = setTimeout(stop, timeout);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => settle(socket));
    socket.once('error', (error) => {
      const code = errorCode(error);
      const cause = code === 'EACCES' ? 'access-denied' : code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
      settle(unknown(cause, `${file}: ${code}`));
    });
  });
}

function clear(socket: Socket, host: string, loopback: boolean): Wire {
  return { stream: new WireStream(socket, host, LOGIN_BYTES), transport: loopback ? 'loopback' : 'clear' };
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

function overTls(socket: Socket, host: string, verify: boolean, { ca, timeout, signal }: Trust): Promise<Socket | Unknown> {
  return new Promise((resolve) => {
    const secured = tls.connect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: verify,
      ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]), ...(ca === undefined ? [] : [ca])],
    });
    const settle = (result: Socket | Unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      secured.removeAllListeners('secureConnect');
      secured.on('error', () => undefined);
      if (result !== secured) secured.destroy();
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', 'TLS'));
    const timer = setTimeout(stop, timeout);
    signal.addEventListener('abort', stop, { once: true });
    secured.once('secureConnect', () => settle(secured));
    secured.once('error', (error) => settle(unknown('refused', `no verified TLS: ${errorCode(error)}`)));
    secured.once('close', () => settle(unknown('unreachable', 'TLS: the connection ended')));
  });
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i.test(address);
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
