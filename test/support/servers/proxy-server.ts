import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { HOST, type Server } from './daemon.ts';
import { Reader } from './wire.ts';

export interface ProxyOptions {
  /** Answered instead of a connection: a status of HTTP, a reply of SOCKS; `silence` says nothing. */
  readonly refuses?: number | 'silence' | 'close' | 'garbage';
  /** Names that it resolves by itself. */
  readonly names?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
}

export interface ProxyServer extends Server {
  /** `host:port` of what was asked for. */
  readonly asked: readonly string[];
  /** Connections that are open now. */
  readonly open: number;
}

type Dialect = (
  socket: Socket,
  bytes: () => Promise<Buffer>,
) => Promise<{ readonly host: string; readonly port: number; readonly yes: Buffer } | undefined>;

/** RFC 9110 9.3.6: the head of a CONNECT, and 200. */
const http =
  (options: ProxyOptions): Dialect =>
  async (socket, bytes) => {
    let head = '';
    while (!head.includes('\r\n\r\n')) head += (await bytes()).toString('latin1');
    const [, bracketed, plain = '', port] = /^CONNECT (?:\[([^\]]+)\]|([^:]+)):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    const host = bracketed ?? plain;
    if (typeof options.refuses === 'number') return void socket.end(`HTTP/1.1 ${options.refuses} No\r\nContent-Length: 0\r\n\r\n`);
    return { host, port: Number(port), yes: Buffer.from('HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n') };
  };

/** RFC 1928: no authentication, CONNECT. */
const socks5 =
  (options: ProxyOptions): Dialect =>
  async (socket, bytes) => {
    await bytes();
    socket.write(Buffer.from([5, 0]));
    const request = new Reader(await bytes());
    request.take(3);
    const kind = request.uint(1);
    const address = kind === 3 ? request.vector(1) : request.take(kind === 4 ? 16 : 4);
    const host =
      kind === 3 ? address.toString() : kind === 4 ? (address.toString('hex').match(/.{4}/g) ?? []).join(':') : [...address].join('.');
    const port = request.uint(2);
    if (typeof options.refuses === 'number') return void socket.end(Buffer.from([5, options.refuses, 0, 1, 0, 0, 0, 0, 0, 0]));
    return { host, port, yes: Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]) };
  };

/** A forward proxy for loopback that counts what it is asked for. */
export async function startProxyServer(kind: 'http' | 'socks5', options: ProxyOptions = {}): Promise<ProxyServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const speak = kind === 'http' ? http(options) : socks5(options);
  const serve = async (socket: Socket): Promise<void> => {
    const bytes = async (): Promise<Buffer> => ((await once(socket, 'data')) as [Buffer])[0];
    if (options.refuses === 'silence') return;
    if (options.refuses === 'close') return void socket.end();
    if (options.refuses === 'garbage') return void socket.end(Buffer.alloc(300, 0x7b));
    const wanted = await speak(socket, bytes);
    if (wanted === undefined) return;
    asked.push(`${wanted.host}:${wanted.port}`);
    const there = options.names?.[wanted.host] ?? wanted;
    socket.pause();
    const onward = connect({ host: there.host, port: there.port, noDelay: true });
    sockets.add(onward);
    onward.once('connect', () => {
      socket.write(wanted.yes);
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy()).on('close', () => void (sockets.delete(onward), socket.destroy()));
    socket.on('close', () => onward.destroy());
  };
  let open = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    open += 1;
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket);
        open -= 1;
      });
    serve(socket).catch(() => socket.destroy());
  });
  server.listen({ port: 0, host: HOST });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: HOST,
    port: address.port,
    asked,
    get open() {
      return open;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
