/** One message of a server: a row of a catalogue is far from this. */
const MAX_MESSAGE = 16 * 1024 * 1024;
const HEADER = 5;

/**
 * Cuts what a server sends into whole messages, and lets only sound ones of a query session through: the driver's parser looks for
 * the end of a string beyond the end of its message, and never comes back where there is none.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class MessageGuard {
  /** Octets that must be there before it is worth to look again. */
  #wanted = HEADER;
  #chunks: Buffer[] = [];
  #size = 0;

  /** Whole messages that this chunk completes; undefined where it is none of the protocol's. */
  take(chunk: Buffer): Buffer | undefined {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return Buffer.alloc(0);
    const pending = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let at = 0;
    this.#wanted = HEADER;
    while (at + HEADER <= pending.length) {
      const length = pending.readUInt32BE(at + 1) + 1;
      if (length < HEADER || length > MAX_MESSAGE) return undefined;
      if (at + length > pending.length) {
        this.#wanted = length;
        break;
      }
      const body = pending.subarray(at + HEADER, at + length);
      if (!isSound(pending.toString('latin1', at, at + 1), body)) return undefined;
      at += length;
    }
    const whole = pending.subarray(0, at);
    const rest = pending.subarray(at);
    this.#chunks = [rest];
    this.#size = rest.length;
    return whole;
  }
}

/** Does a message have the form of its type? Types that no query session has are none. */
function isSound(type: string, body: Buffer): boolean {
  const reader = new Reader(body);
  switch (type) {
    case 'R':
      return authentication(reader);
    case 'S':
      return reader.text() && reader.text() && reader.ended;
    case 'K':
    case 'Z':
      return body.length === (type === 'K' ? 8 : 1);
    case 'E':
    case 'N':
      return fields(reader);
    case 'T':
      return reader.repeat(reader.number(2), () => reader.text() && reader.skip(18)) && reader.ended;
    case 'D':
      return reader.repeat(reader.number(2), () => reader.value()) && reader.ended;
    case 'C':
      return reader.text() && reader.ended;
    case 'A':
      return reader.skip(4) && reader.text() && reader.text() && reader.ended;
    case 'I':
      return body.length === 0;
    default:
      return false;
  }
}

/** In: it is over, a password in clear or as MD5, SASL with its mechanisms, and what SASL exchanges. */
function authentication(reader: Reader): boolean {
  const code = reader.number(4);
  if (code === 0 || code === 3) return reader.ended;
  if (code === 5) return reader.skip(4) && reader.ended;
  if (code === 11 || code === 12) return true;
  if (code !== 10) return false;
  while (!reader.ended && !reader.atZero) if (!reader.text()) return false;
  return reader.skip(1) && reader.ended;
}

/** Fields of an error or notice: a letter and a text each, then a zero. */
function fields(reader: Reader): boolean {
  while (!reader.ended && !reader.atZero) if (!reader.skip(1) || !reader.text()) return false;
  return reader.skip(1) && reader.ended;
}

/** Walks over a body. False, and NaN for a number, where it ends too soon. */
class Reader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  get ended(): boolean {
    return this.#at === this.#body.length;
  }

  get atZero(): boolean {
    return this.#body[this.#at] === 0;
  }

  skip(octets: number): boolean {
    if (octets < 0 || this.#at + octets > this.#body.length) return false;
    this.#at += octets;
    return true;
  }

  number(octets: 2 | 4): number {
    if (!this.skip(octets)) return Number.NaN;
    return this.#body.readIntBE(this.#at - octets, octets);
  }

  text(): boolean {
    const end = this.#body.indexOf(0, this.#at);
    if (end === -1) return false;
    this.#at = end + 1;
    return true;
  }

  /** A column's value: its length, -1 for NULL, and its octets. */
  value(): boolean {
    const length = this.number(4);
    return length === -1 || (!Number.isNaN(length) && this.skip(length));
  }

  repeat(times: number, one: () => boolean): boolean {
    if (Number.isNaN(times) || times < 0) return false;
    for (let done = 0; done < times; done += 1) if (!one()) return false;
    return true;
  }
}
