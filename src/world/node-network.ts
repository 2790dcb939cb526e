import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import type { Connection, ConnectOptions, HttpAnswer, Network, Received } from './network.ts';
import { throughProxy } from './node-proxy.ts';

/** The network that this machine sees. */
export const nodeNetwork: Network = { lookup: addressesOf, connect: open, request };

async function addressesOf(host: string, signal: AbortSignal): Promise<readonly string[] | Unknown> {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return [literal];
  if (signal.aborted) return unknown('timed-out', host);
  try {
    const found = await lookup(host, { all: true, order: 'ipv4first' });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    return unknown('unreachable', `${host}: ${errorCode(error)}`);
  }
}

async function open(options: ConnectOptions): Promise<Connection | Unknown> {
  const { proxy, timeout, signal } = options;
  const started = performance.now();
  const socket = await dial(proxy ?? options, timeout, signal);
  if ('state' in socket) return socket;
  const connection = connectionOver(socket, signal);
  if (proxy === undefined) return connection;
  const answered = await throughProxy(connection, options, proxy, Math.max(1, timeout - (performance.now() - started)));
  if ('state' in answered) {
    connection.close();
    return answered;
  }
  if (answered.length > 0) socket.unshift(answered);
  return connection;
}

const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EMFILE: 'collector-failed',
  ENFILE: 'collector-failed',
};

function dial(
  { host, port }: { readonly host: string; readonly port: number },
  timeout: number,
  signal: AbortSignal,
): Promise<Socket | Unknown> {
  const where = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  if (signal.aborted) return Promise.resolve(unknown('timed-out', where));
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const settle = (result: Socket | Unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners();
      if (result !== socket) {
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', where));
    const timer = setTimeout(stop, timeout);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => settle(socket));
    socket.once('error', (error) => settle(unknown(CAUSE_OF[errorCode(error)] ?? 'unreachable', `${where}: ${errorCode(error)}`)));
  });
}

/** Reads on demand: the socket is paused between reads, so that endless data costs neither memory nor time. */
function connectionOver(socket: Socket, signal: AbortSignal): Connection {
  let ended: Received | undefined;
  let wake: (() => void) | undefined;
  const end = (why: Received): void => {
    ended ??= why;
    wake?.();
  };
  socket.on('readable', () => wake?.());
  socket.on('end', () => end({ kind: 'end' }));
  socket.on('error', (error) => end({ kind: 'reset', detail: errorCode(error) }));
  socket.on('close', () => end({ kind: 'end' }));

  const take = (): Received | undefined => {
    const chunk: unknown = socket.read();
    return Buffer.isBuffer(chunk) ? { kind: 'bytes', bytes: chunk } : ended;
  };
  return {
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    read: (timeout) => {
      const now = take();
      if (now !== undefined) return Promise.resolve(now);
      if (signal.aborted || timeout <= 0) return Promise.resolve({ kind: 'timed-out' });
      return new Promise((resolve) => {
        const settle = (result: Received): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          wake = undefined;
          resolve(result);
        };
        const stop = (): void => settle({ kind: 'timed-out' });
        const timer = setTimeout(stop, timeout);
        signal.addEventListener('abort', stop, { once: true });
        wake = () => {
          const result = take();
          if (result !== undefined) settle(result);
        };
      });
    },
    close: () => {
      socket.destroy();
    },
  };
}

async function request(): Promise<HttpAnswer | Unknown> {
  return unknown('unsupported', 'http');
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
