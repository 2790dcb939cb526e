import { joined } from './bytes.ts';
import {
  certificateList,
  keyExchange,
  ocspResponse,
  requestedAuthorities,
  serverHello,
  type KeyExchange,
  type ServerHello,
} from './server-messages.ts';

/** What a server said in clear, as far as it came. */
export interface Flight {
  readonly hello?: ServerHello;
  /** DER, in wire order. */
  readonly certificates?: readonly Uint8Array[];
  readonly status?: Uint8Array;
  readonly keyExchange?: KeyExchange;
  /** DER names of the authorities, where a client certificate was asked for. */
  readonly authorities?: readonly Uint8Array[];
  /** ServerHelloDone came. */
  readonly done: boolean;
  /** Warning alerts on the way: a server may warn of a name that it does not know, and go on. */
  readonly warnings: readonly number[];
}

/** Why no more is to come. */
export type FlightEnd =
  | { readonly kind: 'alert'; readonly level: number; readonly code: number }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'wanted' };

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;

/** A record as it came: its type, version and body. */
export interface TlsRecord {
  readonly type: number;
  readonly version: number;
  readonly body: Uint8Array;
}

/** A record may be 2^14 bytes, and what encryption adds (RFC 8446 5.2). */
const MAX_RECORD = 2 ** 14 + 2048;
/** Certificates with ten thousand names are real; what is longer than this is no handshake. */
const MAX_HANDSHAKE = 512 * 1024;
/** Alerts and empty records are free to send: no honest flight has so many. */
const MAX_RECORDS = 512;
/** Empty messages are free to send, and each is work: no honest handshake has so many. */
const MAX_MESSAGES = 128;

/** Cuts bytes into records. Bounded, and never throws; `malformed` is about what follows the records that it gave. */
export class RecordReader {
  #held: Uint8Array = new Uint8Array();
  #count = 0;
  #malformed: string | undefined;

  get malformed(): string | undefined {
    return this.#malformed;
  }

  push(bytes: Uint8Array): readonly TlsRecord[] {
    if (this.#malformed !== undefined) return [];
    this.#held = this.#held.length === 0 ? bytes : joined(this.#held, bytes);
    const records: TlsRecord[] = [];
    let at = 0;
    while (this.#held.length - at >= 5) {
      const [type = 0, major = 0, minor = 0, high = 0, low = 0] = this.#held.subarray(at, at + 5);
      const length = high * 256 + low;
      if (type < 20 || type > 24 || !(major === 3 || (major === 1 && minor === 1)) || length > MAX_RECORD)
        return this.#break(records, this.#count === 0 ? 'no TLS record' : 'a broken record');
      this.#count += 1;
      if (this.#count > MAX_RECORDS) return this.#break(records, `more than ${MAX_RECORDS} records`);
      if (this.#held.length - at - 5 < length) {
        this.#count -= 1;
        break;
      }
      records.push({ type, version: major * 256 + minor, body: this.#held.subarray(at + 5, at + 5 + length) });
      at += 5 + length;
    }
    this.#held = this.#held.slice(at);
    return records;
  }

  /** What came before the break was said all the same: how TCP cut it must not matter. */
  #break(before: readonly TlsRecord[], why: string): readonly TlsRecord[] {
    this.#malformed = why;
    this.#held = new Uint8Array();
    return before;
  }
}

/** A handshake message. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** Header and body: what the transcript holds. */
  readonly whole: Uint8Array;
}

/** Puts handshake messages together again out of records' bodies. Bounded, and never throws. */
export class MessageReader {
  #parts: Uint8Array[] = [];
  #size = 0;
  #total = 0;
  #count = 0;
  #malformed: string | undefined;

  get malformed(): string | undefined {
    return this.#malformed;
  }

  push(bytes: Uint8Array): readonly HandshakeMessage[] {
    if (this.#malformed !== undefined) return [];
    this.#total += bytes.length;
    if (this.#total > MAX_HANDSHAKE) {
      this.#malformed = `a handshake of more than ${MAX_HANDSHAKE} bytes`;
      return [];
    }
    this.#parts.push(bytes);
    this.#size += bytes.length;
    const messages: HandshakeMessage[] = [];
    for (;;) {
      const length = this.#length();
      if (length === undefined || this.#size < length) return messages;
      this.#count += 1;
      if (this.#count > MAX_MESSAGES) {
        this.#malformed = `more than ${MAX_MESSAGES} messages`;
        return messages;
      }
      const held = joined(...this.#parts);
      const whole = held.subarray(0, length);
      messages.push({ type: whole[0] ?? 0, body: whole.subarray(4), whole });
      this.#parts = length === held.length ? [] : [held.subarray(length)];
      this.#size -= length;
    }
  }

  /** Bytes of the message that has begun, its header included. */
  #length(): number | undefined {
    if (this.#size < 4) return undefined;
    if ((this.#parts[0]?.length ?? 0) < 4) this.#parts = [joined(...this.#parts)];
    const [, a = 0, b = 0, c = 0] = this.#parts[0] ?? [];
    return 4 + a * 65536 + b * 256 + c;
  }
}

/** How far an answer is wanted. */
export type Wanted = 'hello' | 'flight';

/** Follows a server's first flight in clear until what is wanted is there, an alert ends it, or it is no TLS. */
export class FlightReader {
  readonly #records = new RecordReader();
  readonly #messages = new MessageReader();
  readonly #wanted: Wanted;
  #flight: Flight = { done: false, warnings: [] };

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  get flight(): Flight {
    return this.#flight;
  }

  /** Takes what came; says how the flight ended, or undefined where more is to come. */
  push(bytes: Uint8Array): FlightEnd | undefined {
    for (const { type, body } of this.#records.push(bytes)) {
      const end = this.#record(type, body);
      if (end !== undefined) return end;
    }
    const { malformed } = this.#records;
    return malformed === undefined ? undefined : { kind: 'malformed', detail: malformed };
  }

  #record(type: number, body: Uint8Array): FlightEnd | undefined {
    if (type === CONTENT.alert) {
      const [level = 0, code = 0] = body;
      if (body.length !== 2) return { kind: 'malformed', detail: 'a broken alert' };
      if (level !== 1 || code === 0) return { kind: 'alert', level, code };
      if (this.#flight.warnings.length >= 16) return { kind: 'malformed', detail: 'alerts without end' };
      this.#flight = { ...this.#flight, warnings: [...this.#flight.warnings, code] };
      return undefined;
    }
    // Nothing else may stand between a ServerHello and its ServerHelloDone: the rest of such a flight is not known.
    if (type !== CONTENT.handshake) return { kind: 'malformed', detail: `a record of type ${type}` };
    for (const message of this.#messages.push(body)) {
      const end = this.#message(message);
      if (end !== undefined) return end;
    }
    const { malformed } = this.#messages;
    return malformed === undefined ? undefined : { kind: 'malformed', detail: malformed };
  }

  #message({ type, body }: HandshakeMessage): FlightEnd | undefined {
    const { hello } = this.#flight;
    const broken = (what: string): FlightEnd => ({ kind: 'malformed', detail: `a broken ${what}` });
    if (hello === undefined) {
      if (type === 0) return undefined; // a HelloRequest may come at any time (RFC 5246 7.4.1.1)
      const read = type === 2 ? serverHello(body) : undefined;
      if (read === undefined) return broken('ServerHello');
      this.#flight = { ...this.#flight, hello: read };
      return this.#wanted === 'hello' || read.version === 0x0304 ? { kind: 'wanted' } : undefined;
    }
    switch (type) {
      case 11: {
        const list = certificateList(body, hello.version);
        if (list === undefined) return broken('Certificate');
        this.#flight = { ...this.#flight, certificates: list.certificates };
        return undefined;
      }
      case 12: {
        const read = keyExchange(body, hello.suite, hello.version);
        if (read === undefined) return broken('ServerKeyExchange');
        this.#flight = { ...this.#flight, keyExchange: read };
        return undefined;
      }
      case 13: {
        const authorities = requestedAuthorities(body, hello.version);
        if (authorities === undefined) return broken('CertificateRequest');
        this.#flight = { ...this.#flight, authorities };
        return undefined;
      }
      case 22: {
        const status = ocspResponse(body);
        if (status !== undefined) this.#flight = { ...this.#flight, status };
        return undefined;
      }
      case 14:
        this.#flight = { ...this.#flight, done: true };
        return { kind: 'wanted' };
      default:
        return undefined;
    }
  }
}
