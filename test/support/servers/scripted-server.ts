import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { parseClientHello, type ClientHello } from './client-hello.ts';
import { HOST, type Server } from './daemon.ts';
import { MESSAGE, Reader, record, RECORD, TLS12, u8 } from './wire.ts';

export interface WireRecord {
  readonly type: number;
  readonly version: number;
  readonly body: Buffer;
}

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Buffer;
  /** With its header, as it enters the transcript. */
  readonly whole: Buffer;
}

/** One client's connection, read by asking. The end of the stream throws, which ends the script. */
export class Connection {
  readonly socket: Socket;
  private received = Buffer.alloc(0);
  private messages = Buffer.alloc(0);
  private ended = false;
  private wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    const end = (): void => {
      this.ended = true;
      this.wake();
    };
    socket.on('end', end).on('close', end).on('error', end);
  }

  get closed(): boolean {
    return this.ended || this.socket.destroyed;
  }

  /** Bytes that came and nobody asked for. */
  get waiting(): number {
    return this.received.length;
  }

  async take(count: number): Promise<Buffer> {
    while (this.received.length < count) {
      if (this.ended) throw new Error('the client went away');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const bytes = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return bytes;
  }

  async record(): Promise<WireRecord> {
    const header = new Reader(await this.take(5));
    const [type, version, length] = [header.uint(1), header.uint(2), header.uint(2)];
    return { type, version, body: await this.take(length) };
  }

  async message(): Promise<HandshakeMessage> {
    for (;;) {
      const length = this.messages.length < 4 ? Infinity : 4 + this.messages.readUIntBE(1, 3);
      if (this.messages.length >= length) {
        const whole = this.messages.subarray(0, length);
        this.messages = this.messages.subarray(length);
        return { type: whole.readUInt8(0), body: whole.subarray(4), whole };
      }
      const { type, body } = await this.record();
      if (type !== RECORD.handshake) throw new Error(`a record of type ${type} where a handshake was expected`);
      this.messages = Buffer.concat([this.messages, body]);
    }
  }

  /** A ClientHello with the version and size of its record; the one after a HelloRetryRequest may follow a ChangeCipherSpec. */
  async hello(): Promise<ClientHello & { readonly whole: Buffer }> {
    let first = await this.record();
    if (first.type === RECORD.changeCipherSpec) first = await this.record();
    if (first.type !== RECORD.handshake) throw new Error('no handshake');
    this.messages = Buffer.concat([this.messages, first.body]);
    const { type, body, whole } = await this.message();
    if (type !== MESSAGE.clientHello) throw new Error('no ClientHello');
    return { ...parseClientHello(body, first.version, first.body.length), whole };
  }

  send(...bytes: readonly Uint8Array[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(bytes));
  }

  /** Sends as fast as the client reads; `false` once it has gone. */
  async push(bytes: Uint8Array): Promise<boolean> {
    if (this.closed) return false;
    await new Promise<void>((resolve) => void this.socket.write(bytes, () => resolve()));
    return !this.closed;
  }

  alert(description: number, version = TLS12, level = 2): void {
    this.send(record(RECORD.alert, version, Buffer.concat([u8(level), u8(description)])));
  }

  /** A fatal alert and the end. */
  refuse(description: number, version = TLS12): undefined {
    this.alert(description, version);
    this.socket.end();
    return undefined;
  }

  /** Reads and forgets until the client goes. */
  async drain(): Promise<void> {
    while (!this.closed) await this.take(Math.max(1, this.waiting));
  }
}

export interface ScriptedServer extends Server {
  /** Connections accepted so far. */
  readonly connections: number;
  /** Errors of scripts: mostly clients that went away. */
  readonly errors: readonly string[];
}

/** After so many connections a server that counts them does this with all that follow. */
export interface Limit {
  readonly connections: number;
  readonly then: 'silence' | 'reset' | 'close';
}

/** A server on a free port that plays a script with each client; `stop` destroys every socket. */
export async function startScriptedServer(
  script: (connection: Connection, number: number) => Promise<void> | void,
  limit?: Limit,
  host = HOST,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const errors: string[] = [];
  let connections = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    if (limit !== undefined && connections > limit.connections) {
      if (limit.then === 'reset') socket.resetAndDestroy();
      if (limit.then === 'close') socket.destroy();
      return;
    }
    Promise.resolve(script(new Connection(socket), connections)).catch((error: unknown) => {
      errors.push(String(error));
      socket.destroy();
    });
  });
  server.listen({ port: 0, host, backlog: 1_024 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host,
    port: address.port,
    get connections() {
      return connections;
    },
    errors,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
