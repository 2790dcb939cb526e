import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A socket that ends when more arrives than its budget: drivers keep whole packets and result sets in memory. */
export class BoundedStream extends Duplex {
  /** Whom TLS over this stream verifies: node:tls takes it from here where there is no server name, which an IP address never is. */
  readonly _host: string;
  readonly #socket: Socket;
  #left: number;

  constructor(socket: Socket, host: string, budget: number) {
    super();
    this._host = host;
    this.#socket = socket;
    this.#left = budget;
    socket.on('data', (chunk: Buffer) => {
      this.#left -= chunk.length;
      if (this.#left < 0) this.destroy(new TooMuchData());
      else if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Bytes that may still arrive, from now on. */
  allow(budget: number): void {
    this.#left = budget;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** The peer sent more than was allowed. */
export class TooMuchData extends Error {
  readonly code = 'TOO_MUCH_DATA';
}
