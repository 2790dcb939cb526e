import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface DelayProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** Milliseconds of a round trip, half of it in each direction. */
  readonly roundTrip: number;
  readonly host?: string;
  readonly port?: number;
}

export interface DelayProxy {
  readonly host: string;
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  stop(): Promise<void>;
}

/** More bytes than this on their way, and the sender has to wait: a line holds only so much. */
const IN_FLIGHT = 4 * 1024 * 1024;

/** One direction of a connection: what comes in goes out later, in order, the end included. */
function delayed(from: Socket, to: () => Socket | undefined, releaseAt: (now: number) => number): void {
  const queue: { readonly at: number; readonly bytes: Buffer | 'end' }[] = [];
  let flying = 0;
  let timer: NodeJS.Timeout | undefined;
  const release = (): void => {
    timer = undefined;
    const out = to();
    if (out === undefined) {
      timer = setTimeout(release, 1);
      return;
    }
    if (out.destroyed) return;
    // A timer may come a fraction of a millisecond early.
    for (let [first] = queue; first !== undefined && first.at <= performance.now() + 0.5; [first] = queue) {
      queue.shift();
      if (first.bytes === 'end') out.end();
      else {
        flying -= first.bytes.length;
        out.write(first.bytes);
      }
    }
    if (flying < IN_FLIGHT) from.resume();
    arm();
  };
  const arm = (): void => {
    const [first] = queue;
    if (first !== undefined && timer === undefined) timer = setTimeout(release, Math.max(0, first.at - performance.now()));
  };
  const enqueue = (bytes: Buffer | 'end'): void => {
    queue.push({ at: Math.max(releaseAt(performance.now()), queue.at(-1)?.at ?? 0), bytes });
    arm();
  };
  from.on('data', (bytes: Buffer) => {
    flying += bytes.length;
    if (flying >= IN_FLIGHT) from.pause();
    enqueue(bytes);
  });
  from.once('end', () => enqueue('end'));
  from.once('close', (failed) => {
    if (failed) clearTimeout(timer);
  });
}

/**
 * A proxy on loopback that adds a round trip. The kernel completes a loopback connect at once, which no program can
 * delay; so the time that connecting takes is added where it shows next: the client's first bytes leave a round trip
 * late, and the server hears of the connection (and greets, if it speaks first) after one and a half.
 */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const { target, roundTrip, host = '127.0.0.1', port = 0 } = options;
  const half = roundTrip / 2;
  const sockets = new Set<Socket>();
  const pending = new Set<NodeJS.Timeout>();
  let connections = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket)).on('error', () => {});
  };

  /** What breaks one side breaks the other, half a round trip later and after all that was on its way. */
  const breaks = (broken: Socket, other: Socket): void => {
    broken.once('close', (failed) => {
      later(half + 2, () => (failed ? other.resetAndDestroy() : other.destroySoon()));
    });
  };
  const later = (milliseconds: number, then: () => void): void => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      then();
    }, milliseconds);
    pending.add(timer);
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections += 1;
    keep(client);
    const connected = performance.now() + roundTrip;
    let upstream: Socket | undefined;
    delayed(
      client,
      () => upstream,
      (now) => Math.max(now, connected) + half,
    );
    later(roundTrip + half, () => {
      if (client.destroyed) return;
      const server = keep(connect({ ...target, allowHalfOpen: true, noDelay: true }));
      upstream = server;
      breaks(server, client);
      breaks(client, server);
      delayed(
        server,
        () => client,
        (now) => now + half,
      );
    });
  });
  server.listen({ port, host, backlog: 1_024 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host,
    port: address.port,
    get connections() {
      return connections;
    },
    stop: async () => {
      for (const timer of pending) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (import.meta.main) {
  const [listen, target = '', roundTrip = '50'] = process.argv.slice(2);
  const [host, port] = target.split(':');
  if (listen === undefined || host === undefined || port === undefined) {
    process.stderr.write('usage: node bench/delay-proxy.ts <port to listen on, or 0> <host:port> [milliseconds of a round trip]\n');
    process.exit(64);
  }
  const proxy = await startDelayProxy({ port: Number(listen), target: { host, port: Number(port) }, roundTrip: Number(roundTrip) });
  process.stdout.write(`${proxy.host}:${proxy.port} → ${target}, ${roundTrip} ms\n`);
  process.on('SIGUSR1', () => process.stdout.write(`${proxy.connections} connections\n`));
}
