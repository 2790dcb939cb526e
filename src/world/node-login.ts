import { connect, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates, type TLSSocket } from 'node:tls';
import { unknown, type Unknown } from '../model/fact.ts';
import { ipVersion } from '../model/ip-address.ts';
import { addressText, databaseAddressOf, type DatabaseAddress, type Engine } from './database-address.ts';
import type { DatabaseLogin, Transport } from './database.ts';
import { causeOfCode, errorCode, openSocket } from './node-socket.ts';
import { Secret, type OpenedSecrets } from './secret.ts';

/** A login with its seals broken: it stays in this room. */
export interface OpenedLogin {
  readonly address: DatabaseAddress;
  readonly password?: string;
}

/** Opens what was sealed, and has it looked for in everything that leaves the run. */
export function openLogin(engine: Engine, login: DatabaseLogin, opened: OpenedSecrets): OpenedLogin | Unknown {
  const parsed = login.address instanceof Secret ? databaseAddressOf(engine, Secret.open(login.address)) : { address: login.address };
  if ('problem' in parsed) return unknown('unparseable', `address: ${parsed.problem}`);
  const user = parsed.address.user ?? login.user;
  const database = login.database ?? parsed.address.database;
  const address: DatabaseAddress = {
    ...parsed.address,
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
  };
  // Without a password in it an address is no secret: the report names it.
  if (login.address instanceof Secret && parsed.password !== undefined) opened.add(login.address);
  const password = login.anonymous === true ? undefined : (login.password ?? parsed.password);
  if (password === undefined) return { address };
  const { host, socket } = address;
  // Of a distinguished name its parts are plain words, too.
  opened.add(
    password,
    [engine, user, ...(user?.split(/[,=]/) ?? []), host, database, socket].filter((word) => word !== undefined),
  );
  return { address, password: Secret.open(password) };
}

/** A connection to where an address leads: a Unix socket, or TCP. */
export async function dialAddress(
  address: DatabaseAddress,
  { timeout, signal }: Pick<DatabaseLogin, 'timeout' | 'signal'>,
): Promise<Socket | Unknown> {
  const { host, port, socket: path } = address;
  if (host !== undefined) return openSocket({ host, port, timeout, signal });
  if (path === undefined) return unknown('unsupported', addressText(address));
  const socket = connect({ path });
  const failed = await settled(socket, 'connect', timeout, signal);
  if (failed === undefined) return socket;
  return failed === 'timed-out' ? unknown('timed-out', path) : unknown(causeOfCode(failed), `${path}: ${failed}`);
}

/** PEM of every authority that vouches for a server: Mozilla’s, the machine’s own, and those that the target names. */
export function authoritiesWith(ca: string | undefined): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...(ca === undefined ? [] : [ca])])];
}

/** TLS over a connection, the certificate and its name verified against the machine's roots and `ca`; not so where `insecure`. */
export async function secured(
  socket: Socket,
  { host }: DatabaseAddress,
  { ca, insecure, timeout, signal }: Pick<DatabaseLogin, 'ca' | 'insecure' | 'timeout' | 'signal'>,
): Promise<TLSSocket | Unknown> {
  const named = host === undefined ? {} : { host, ...(ipVersion(host) === 0 ? { servername: host } : {}) };
  const secure = connectTls({
    socket,
    ...named,
    ca: authoritiesWith(ca),
    rejectUnauthorized: !insecure,
  });
  const failed = await settled(secure, 'secureConnect', timeout, signal);
  if (failed === undefined) return secure;
  socket.destroy();
  if (failed === 'timed-out') return unknown('timed-out', 'TLS');
  return /CERT|ISSUER|SIGNATURE|ALTNAME|HOSTNAME/i.test(failed)
    ? unknown('refused', `its certificate does not verify: ${failed}`)
    : unknown('unreachable', `TLS: ${failed}`);
}

/** How the bytes of a connection travel. */
export function transportOf(socket: Socket | TLSSocket, address: DatabaseAddress): Transport {
  if ('encrypted' in socket && socket.authorized) return 'tls';
  if (address.socket !== undefined) return 'socket';
  if (isLoopback(socket.remoteAddress ?? '')) return 'loopback';
  return 'encrypted' in socket ? 'unverified' : 'clear';
}

/** May anybody read what goes this way, or sit in it? */
export function isExposed(transport: Transport): boolean {
  return transport === 'clear' || transport === 'unverified';
}

/** May a password be sent this way? The reason where it may not. */
export function refusalOf(transport: Transport, insecure: boolean): Unknown | undefined {
  return isExposed(transport) && !insecure
    ? unknown('refused', 'no password is sent in clear: use TLS, a Unix socket or loopback, or say insecure: true')
    : undefined;
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i.test(address);
}

/** Waits for an event; the code of the error, `timed-out`, or the end that came before it. The socket is destroyed then. */
function settled(socket: Socket, event: string, timeout: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (failed: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners(event);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      // An error while nobody listens yet must not end the process.
      socket.on('error', () => undefined);
      if (failed !== undefined) socket.destroy();
      resolve(failed);
    };
    const stop = (): void => settle('timed-out');
    const timer = setTimeout(stop, timeout);
    signal.addEventListener('abort', stop, { once: true });
    socket.once(event, () => settle(undefined));
    socket.once('error', (error) => settle(errorCode(error)));
    socket.once('close', () => settle('the connection ended'));
    if (signal.aborted) stop();
  });
}
