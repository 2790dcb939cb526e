import { constants } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Client, Dispatcher } from 'undici';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import type { HttpAnswer, HttpRequest } from './network.ts';
import { errorCode, openSocket } from './node-socket.ts';

/** No server that means well sends more; nothing beyond it is kept. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * One request on one connection of its own, closed when it returns. undici parses; where the connection goes, and by which
 * rules it is encrypted, is decided here: the address that is given, not the one of the name, and TLS as old as the server
 * has it, since whether it holds is judged elsewhere.
 */
export async function request(asked: HttpRequest): Promise<HttpAnswer | Unknown> {
  const url = URL.parse(asked.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return unknown('unparseable', asked.url.slice(0, 200));
  const secure = url.protocol === 'https:';
  const where = isIP(asked.address) === 6 ? `[${asked.address}]` : asked.address;
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (asked.signal.aborted) return unknown('timed-out', `${where}:${port}`);

  const over = new AbortController();
  const stop = (): void => over.abort();
  const timer = setTimeout(stop, asked.timeout);
  asked.signal.addEventListener('abort', stop, { once: true });
  let opened: Socket | undefined;
  try {
    const { proxy, timeout } = asked;
    const plain = await openSocket({ host: asked.address, port, timeout, signal: over.signal, ...(proxy === undefined ? {} : { proxy }) });
    if ('state' in plain) return plain;
    opened = plain;
    const socket = secure ? await encrypted(plain, asked.serverName ?? url.hostname, over.signal) : plain;
    if ('state' in socket) return socket;
    // Loaded where it is first needed: most runs read files only.
    const undici = await import('undici');
    return await exchange(undici.Client, socket, url, asked, over.signal);
  } finally {
    clearTimeout(timer);
    asked.signal.removeEventListener('abort', stop);
    opened?.destroy();
  }
}

/** TLS over a socket. RFC 6066 3: a server name is never an address. */
function encrypted(socket: Socket, host: string, signal: AbortSignal): Promise<Socket | Unknown> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const tls = connectTls({
      socket,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      minDHSize: 1,
      secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT | constants.SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
      ALPNProtocols: ['http/1.1'],
    });
    const settle = (result: Socket | Unknown): void => {
      signal.removeEventListener('abort', stop);
      tls.off('secureConnect', done);
      tls.off('close', closed);
      tls.off('error', failed);
      tls.on('error', () => undefined);
      if (result !== tls) tls.destroy();
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', `TLS handshake with ${host}`));
    const done = (): void => settle(tls);
    const failed = (error: unknown): void => settle(causeOf(error, `TLS handshake with ${host}`));
    const closed = (): void => settle(unknown('unreachable', `TLS handshake with ${host}: closed`));
    tls.once('secureConnect', done);
    tls.once('error', failed);
    tls.once('close', closed);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

function exchange(
  Connected: typeof Client,
  socket: Socket,
  url: URL,
  asked: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | Unknown> {
  const where = `${asked.method} ${url.origin}${url.pathname}`.slice(0, 200);
  const client = new Connected(url.origin, {
    // Not at once: undici takes up its queue again only when this comes from outside of it.
    connect: (_, callback) => queueMicrotask(() => callback(null, socket)),
    allowH2: false,
    // Every connection carries one request and says so: "connection: close".
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return new Promise((resolve) => {
    let head: Pick<HttpAnswer, 'status' | 'headers'> | undefined;
    const chunks: Buffer[] = [];
    let length = 0;
    let settled = false;
    const settle = (why: Unknown | 'whole' | 'cut'): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', stop);
      // What stood in the header was seen, whatever became of the body.
      resolve(head === undefined && typeof why !== 'string' ? why : answer(why === 'whole'));
      client.destroy().catch(() => undefined);
      socket.destroy();
    };
    const answer = (whole: boolean): HttpAnswer | Unknown =>
      head === undefined ? unknown('unparseable', where) : { ...head, body: Buffer.concat(chunks), cut: !whole };
    const stop = (): void => settle(unknown('timed-out', where));
    signal.addEventListener('abort', stop, { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (controller, status) => {
        // 1xx answers come before the answer (RFC 9110 15.2).
        if (status >= 200) head ??= { status, headers: pairs(controller.rawHeaders) };
      },
      onResponseData: (_, chunk) => {
        if (settled) return;
        const kept = chunk.subarray(0, asked.maxBody - length);
        chunks.push(kept);
        length += kept.length;
        if (kept.length < chunk.length) settle('cut');
      },
      onResponseEnd: () => settle('whole'),
      onResponseError: (_, error) => settle(causeOf(error, where)),
    };
    try {
      const { method, headers, body } = asked;
      const path = `${url.pathname}${url.search}`;
      client.dispatch({ method, path, headers: { ...headers }, ...(body === undefined ? {} : { body: Buffer.from(body) }) }, handler);
    } catch (error) {
      settle(unknown('collector-failed', `${where}: ${errorCode(error)}`));
    }
    if (signal.aborted) stop();
  });
}

/** Names and values as they came: undici hands them on as bytes, which HTTP reads as Latin-1. */
function pairs(raw: unknown): HttpAnswer['headers'] {
  const texts = Array.isArray(raw) ? raw.map((one: unknown) => (Buffer.isBuffer(one) ? one.toString('latin1') : String(one))) : [];
  return texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ''] as const] : []));
}

function causeOf(error: unknown, where: string): Unknown {
  const code = errorCode(error);
  const detail = `${where}: ${code}`.slice(0, 300);
  // What is not HTTP at all, or an answer that nobody waits for.
  const malformed =
    error instanceof Error &&
    (/^(?:HTTPParserError|ResponseContentLengthMismatchError)$/.test(error.name) || /^bad (?:response|upgrade)$/.test(error.message));
  const cause: CauseCode = malformed
    ? 'unparseable'
    : code === 'UND_ERR_HEADERS_OVERFLOW'
      ? 'unsupported'
      : /^ERR_SSL_.*CERTIFICATE_REQUIRED$/.test(code)
        ? 'access-denied'
        : /^ERR_SSL_.*_ALERT_/.test(code)
          ? 'refused'
          : code.startsWith('ERR_SSL_')
            ? 'unparseable'
            : code === 'ECONNREFUSED'
              ? 'refused'
              : code === 'ETIMEDOUT'
                ? 'timed-out'
                : 'unreachable';
  return unknown(cause, detail);
}
