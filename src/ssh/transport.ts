import { randomBytes } from 'node:crypto';
import { unknown, type Unknown } from '../model/fact.ts';
import type { PacketCipher } from './packet-cipher.ts';
import { SshReader } from './ssh-data.ts';

/** One connection, as the world gives it: writes, reads that wait at most so many milliseconds, an end. */
export interface SshWire {
  write(bytes: Uint8Array): void;
  read(timeout: number): Promise<{ readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'end' | 'reset' | 'timed-out' }>;
}

/** What a server calls itself (RFC 4253 4.2), without its line end. */
export interface Identification {
  readonly line: string;
  /** `2.0`, or `1.99` where it speaks SSH 1 as well. */
  readonly protocol: string;
  readonly software: string;
}

const OURS = 'SSH-2.0-Custos';
const MAX_LINE = 1024;
/** Lines before the identification: a server may send some. */
const MAX_LINES = 50;
/** RFC 4253 6.1 asks for 35,000; a KEXINIT or a banner is far below. */
const MAX_PACKET = 64 * 1024;
/** Packets that say nothing (IGNORE, DEBUG) before one that does. */
const MAX_IDLE = 50;
const MESSAGE = { disconnect: 1, ignore: 2, unimplemented: 3, debug: 4 } as const;

/** The packets of one SSH connection, before and after it is encrypted. A failure is final. */
export class SshTransport {
  readonly #wire: SshWire;
  readonly #deadline: number;
  #buffer: Buffer = Buffer.alloc(0);
  #sent = 0;
  #received = 0;
  #sealing: PacketCipher | undefined;
  #opening: PacketCipher | undefined;

  /** `patience` milliseconds is how long all of it may take. */
  constructor(wire: SshWire, patience: number) {
    this.#wire = wire;
    this.#deadline = performance.now() + patience;
  }

  /** Our own line, as the exchange hash has it. */
  get ours(): string {
    return OURS;
  }

  /** Exchanges the identifications. */
  async identify(): Promise<Identification | Unknown> {
    this.#wire.write(Buffer.from(`${OURS}\r\n`));
    for (let count = 0; count < MAX_LINES; count += 1) {
      const line = await this.#line();
      if (typeof line !== 'string') return line;
      const [, protocol, software] = /^SSH-([^-\s]+)-(\S+)/.exec(line) ?? [];
      if (protocol !== undefined && software !== undefined) return { line, protocol, software };
      if (line.startsWith('SSH-')) break;
    }
    return unknown('unparseable', 'no SSH: it does not identify itself');
  }

  send(payload: Uint8Array): void {
    const cipher = this.#sealing;
    const block = cipher?.block ?? 8;
    const counted = payload.length + 1 + (cipher?.clearLength === true ? 0 : 4);
    let padding = block - (counted % block);
    if (padding < 4) padding += block;
    const head = Buffer.alloc(5);
    head.writeUInt32BE(1 + payload.length + padding);
    head[4] = padding;
    const whole = Buffer.concat([head, payload, randomBytes(padding)]);
    this.#wire.write(cipher === undefined ? whole : cipher.seal(this.#sent, whole));
    this.#sent += 1;
  }

  /** From the next packet on. */
  sealWith(cipher: PacketCipher): void {
    this.#sealing = cipher;
  }

  openWith(cipher: PacketCipher): void {
    this.#opening = cipher;
  }

  /** The next payload that says something. A DISCONNECT is the server's refusal. */
  async receive(): Promise<Buffer | Unknown> {
    for (let idle = 0; idle < MAX_IDLE; idle += 1) {
      const payload = await this.#packet();
      if (!Buffer.isBuffer(payload)) return payload;
      const kind = payload[0];
      if (kind === MESSAGE.disconnect) {
        const reader = new SshReader(payload, 1);
        reader.uint32();
        return unknown('refused', `SSH: it disconnects: ${(reader.text() ?? '').slice(0, 100)}`);
      }
      if (kind !== MESSAGE.ignore && kind !== MESSAGE.debug && kind !== MESSAGE.unimplemented) return payload;
    }
    return unknown('unparseable', 'SSH: packets that say nothing, without end');
  }

  async #packet(): Promise<Buffer | Unknown> {
    const cipher = this.#opening;
    const head = await this.#take(cipher?.head ?? 4, false);
    if (!Buffer.isBuffer(head)) return head;
    const length = cipher === undefined ? head.readUInt32BE(0) : cipher.length(head);
    if (length < 5 || length > MAX_PACKET) return unknown('unparseable', 'SSH: a packet of no possible length');
    const whole = await this.#take(4 + length + (cipher?.trailer ?? 0), true);
    if (!Buffer.isBuffer(whole)) return whole;
    const body = cipher === undefined ? whole.subarray(4) : cipher.open(this.#received, whole);
    if (body === undefined) return unknown('unparseable', 'SSH: a packet that was altered');
    this.#received += 1;
    const padding = body[0] ?? 0;
    return padding + 1 >= body.length
      ? unknown('unparseable', 'SSH: a packet without payload')
      : Buffer.from(body.subarray(1, body.length - padding));
  }

  async #line(): Promise<string | Unknown> {
    for (;;) {
      const end = this.#buffer.indexOf(0x0a);
      if (end > MAX_LINE || (end === -1 && this.#buffer.length > MAX_LINE))
        return unknown('unparseable', 'no SSH: it does not identify itself');
      if (end !== -1) {
        const line = this.#buffer.subarray(0, end).toString('latin1').replace(/\r$/, '');
        this.#buffer = this.#buffer.subarray(end + 1);
        return line;
      }
      const failed = await this.#more();
      if (failed !== undefined) return failed;
    }
  }

  /** Waits for so many bytes; they stay in the buffer unless they are `consumed`. */
  async #take(length: number, consumed: boolean): Promise<Buffer | Unknown> {
    while (this.#buffer.length < length) {
      const failed = await this.#more();
      if (failed !== undefined) return failed;
    }
    const bytes = this.#buffer.subarray(0, length);
    if (consumed) this.#buffer = this.#buffer.subarray(length);
    return bytes;
  }

  async #more(): Promise<Unknown | undefined> {
    const left = this.#deadline - performance.now();
    if (left <= 0) return unknown('timed-out', 'SSH: no answer in time');
    const received = await this.#wire.read(left);
    if (received.kind === 'timed-out') return unknown('timed-out', 'SSH: no answer in time');
    if (received.kind !== 'bytes') return unknown('unreachable', 'SSH: the connection ended');
    this.#buffer = Buffer.concat([this.#buffer, received.bytes]);
    return undefined;
  }
}
