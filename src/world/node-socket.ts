import { connect, isIP, type Socket } from 'node:net';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import type { Connection, ConnectOptions, Received } from './network.ts';
import { throughProxy } from './node-proxy.ts';

/** A TCP socket to where `options` say, through the proxy where there is one; nobody listens to it yet. */
export async function openSocket(options: ConnectOptions): Promise<Socket | Unknown> {
  const { proxy, timeout, signal } = options;
  const started = performance.now();
  const socket = await dial(proxy ?? options, timeout, signal);
  if ('state' in socket || proxy === undefined) return socket;
  const { connection, release } = connectionOver(socket, signal);
  const answered = await throughProxy(connection, options, proxy, Math.max(1, timeout - (performance.now() - started)));
  if ('state' in answered) {
    connection.close();
    return answered;
  }
  release();
  if (answered.length > 0) socket.unshift(answered);
  return socket;
}

const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EMFILE: 'collector-failed',
  ENFILE: 'collector-failed',
};

/** Why a connection did not come about, by the code of its error. */
export function causeOfCode(code: string): CauseCode {
  return CAUSE_OF[code] ?? 'unreachable';
}

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
      // An error while nobody listens yet must not end the process.
      socket.on('error', () => undefined);
      if (result !== socket) socket.destroy();
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', where));
    const timer = setTimeout(stop, timeout);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => settle(socket));
    socket.once('error', (error) => settle(unknown(causeOfCode(errorCode(error)), `${where}: ${errorCode(error)}`)));
  });
}

/**
 * Reads on demand: the socket is paused between reads, so that endless data costs neither memory nor time. `release` hands
 * the socket back, with what was not read still in it.
 */
export function connectionOver(socket: Socket, signal: AbortSignal): { readonly connection: Connection; readonly release: () => void } {
  let ended: Received | undefined;
  let wake: (() => void) | undefined;
  const end = (why: Received): void => {
    ended ??= why;
    wake?.();
  };
  const listeners = {
    readable: () => wake?.(),
    end: () => end({ kind: 'end' }),
    error: (error: unknown) => end({ kind: 'reset', detail: errorCode(error) }),
    close: () => end({ kind: 'end' }),
  };
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);

  const take = (): Received | undefined => {
    const chunk: unknown = socket.read();
    return Buffer.isBuffer(chunk) ? { kind: 'bytes', bytes: chunk } : ended;
  };
  const connection: Connection = {
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
  return {
    connection,
    release: () => {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
    },
  };
}

/** The code of a system error; the error in words where it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
