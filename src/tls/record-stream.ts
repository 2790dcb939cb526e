import type { Wire } from './exchange.ts';
import { RecordReader, type TlsRecord } from './flight.ts';

/** How a stream of records ended. */
export interface BrokenStream {
  readonly kind: 'closed' | 'reset' | 'timed-out' | 'malformed';
  readonly detail: string;
}

/** Records as they come, with a limit of milliseconds on the whole. */
export class RecordStream {
  readonly #wire: Wire;
  readonly #until: number;
  readonly #records = new RecordReader();
  readonly #queue: TlsRecord[] = [];

  constructor(wire: Wire, whole: number) {
    this.#wire = wire;
    this.#until = performance.now() + whole;
  }

  /** Has more come than was asked for? */
  get waiting(): boolean {
    return this.#queue.length > 0;
  }

  /** The next record, or how the stream ended. */
  async next(wait: number): Promise<TlsRecord | BrokenStream> {
    for (;;) {
      const record = this.#queue.shift();
      if (record !== undefined) return record;
      if (this.#records.malformed !== undefined) return { kind: 'malformed', detail: this.#records.malformed };
      const received = await this.#wire.read(Math.max(0, Math.min(wait, this.#until - performance.now())));
      if (received.kind !== 'bytes') return { kind: received.kind === 'end' ? 'closed' : received.kind, detail: '' };
      this.#queue.push(...this.#records.push(received.bytes));
    }
  }
}
