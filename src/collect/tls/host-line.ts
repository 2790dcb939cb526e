import { unknown, type Unknown } from '../../model/fact.ts';
import { ALERT } from '../../tls/alerts.ts';
import { clientHello, type HelloQuestion } from '../../tls/client-hello.ts';
import { ask, type Answer, type Patience, type Wire } from '../../tls/exchange.ts';
import type { Wanted } from '../../tls/flight.ts';
import type { HttpAnswer, Network, Proxy } from '../../world/network.ts';
import type { HostGate, Limits } from '../limits.ts';
import { authorityOf, type Dialect } from './place.ts';
import { refusesInClear, startTls } from './starttls.ts';

/** One address and port, and the way to it. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Name for protocols that say one before TLS (SMTP, XMPP). */
  readonly name: string;
  readonly dialect?: Dialect;
  readonly proxy?: Proxy;
}

/** Silent exchanges in a row after which the host is asked whether it is there at all. */
const SILENCES = 4;
/** Bytes of a page that are looked at. */
const MAX_PAGE = 16 * 1024;

/**
 * The line to one host and port: one exchange is one connection; so many at once, a second and in all. A host that went
 * silent is not asked further: what is left stays unknown in bounded time.
 */
export class HostLine {
  readonly #network: Network;
  readonly #destination: Destination;
  readonly #limits: Limits;
  readonly #gate: HostGate;
  readonly #signal: AbortSignal;
  /** A hello that the host has answered before: what tells a refusal from a host that is gone. */
  #pulse: HelloQuestion | undefined;
  #made = 0;
  #silences = 0;
  #gone: Unknown | undefined;
  #confirming: Promise<boolean> | undefined;
  /** Exchanges that have begun and not ended, and who waits for one to end. */
  #underWay = 0;
  #waiting: (() => void)[] = [];
  /** Exchanges that have ended, and how many had when the latest began that brought a hello or an alert. */
  #clock = 0;
  #lastSign = -1;

  constructor(network: Network, destination: Destination, limits: Limits, gate: HostGate, signal: AbortSignal) {
    this.#network = network;
    this.#destination = destination;
    this.#limits = limits;
    this.#gate = gate;
    this.#signal = signal;
  }

  /** Connections that were made. */
  get made(): number {
    return this.#made;
  }

  /** Ends of exchanges so far: a moment, for `alive`. */
  get clock(): number {
    return this.#clock;
  }

  get patience(): Patience {
    return { first: this.#limits.firstByte, idle: this.#limits.idle, whole: this.#limits.firstByte + 3 * this.#limits.idle };
  }

  /**
   * Asks by one hello. An answer that may be an accident (the connection broke off, an internal error) is asked for once more:
   * only what comes twice is taken for the server's word.
   */
  async ask(question: HelloQuestion, wanted: Wanted = 'flight'): Promise<Answer> {
    const first = await this.#once(question, wanted);
    const doubtful = first.kind === 'closed' || first.kind === 'reset' || (first.kind === 'alert' && first.code === ALERT.internalError);
    return doubtful ? this.#once(question, wanted) : first;
  }

  async #once(question: HelloQuestion, wanted: Wanted): Promise<Answer> {
    let began = 0;
    const answer = await this.use((wire) => {
      began = this.#clock;
      return ask(wire, clientHello(question), wanted, this.patience);
    });
    if ('state' in answer) return answer.cause === 'timed-out' ? { kind: 'timed-out' } : { kind: 'unreachable', why: answer };
    if (answer.kind === 'hello') this.answered(question);
    this.note(answer.kind);
    if (answer.kind === 'hello' || answer.kind === 'alert') this.#lastSign = Math.max(this.#lastSign, began);
    return answer;
  }

  /** Keeps a hello that the host has answered. */
  answered(question: HelloQuestion): void {
    this.#pulse ??= question;
  }

  /** Does something over one connection, which is closed afterwards. */
  async use<T>(does: (wire: Wire) => Promise<T>): Promise<T | Unknown> {
    return this.#admitted(async () => {
      const wire = await this.#open();
      if ('state' in wire) {
        this.note(wire.cause === 'timed-out' ? 'timed-out' : 'reset');
        return wire;
      }
      try {
        return await does(wire);
      } finally {
        wire.close();
      }
    });
  }

  /** Asks a web server for one page, over one connection that this machine's own TLS makes. */
  async get(path: string): Promise<HttpAnswer | Unknown> {
    const { address, port, name, proxy } = this.#destination;
    return this.#admitted(() =>
      this.#network.request({
        method: 'GET',
        url: `https://${authorityOf({ host: name, port })}${path}`,
        address,
        headers: { accept: '*/*' },
        timeout: this.#limits.connect + 2 * this.patience.whole,
        signal: this.#signal,
        maxBody: MAX_PAGE,
        ...(proxy === undefined ? {} : { proxy }),
      }),
    );
  }

  /** Waits for a turn; an `Unknown` where there is none left, or nobody there. */
  async #admitted<T>(does: () => Promise<T>): Promise<T | Unknown> {
    if (this.#silences >= SILENCES && this.#gone === undefined) await this.#confirm();
    if (this.#gone !== undefined) return this.#gone;
    const where = authorityOf({ host: this.#destination.address, port: this.#destination.port });
    if (this.#signal.aborted) return this.#stopped(where);
    if (this.#made >= this.#limits.connections) return this.#spent();
    this.#made += 1;
    this.#underWay += 1;
    await this.#gate.enter();
    try {
      if (this.#signal.aborted) {
        this.#made -= 1;
        return this.#stopped(where);
      }
      return await does();
    } finally {
      this.#gate.leave();
      this.#underWay -= 1;
      for (const wake of this.#waiting.splice(0)) setImmediate(wake);
    }
  }

  #spent(): Unknown {
    return unknown('not-collected', `more than ${this.#limits.connections} connections`);
  }

  #stopped(where: string): Unknown {
    return unknown(isDeadline(this.#signal.reason) ? 'timed-out' : 'interrupted', where);
  }

  async #open(): Promise<Wire | Unknown> {
    const { address, port, name, dialect, proxy } = this.#destination;
    const wire = await this.#network.connect({
      host: address,
      port,
      timeout: this.#limits.connect,
      signal: this.#signal,
      ...(proxy === undefined ? {} : { proxy }),
    });
    if ('state' in wire || dialect === undefined) return wire;
    const refused = await startTls(wire, dialect, name, this.patience);
    if (refused === undefined) return afterStartTls(wire, dialect);
    wire.close();
    return refused;
  }

  /** Tells how an exchange ended, where it was made by `use`. */
  note(end: Answer['kind']): void {
    this.#clock += 1;
    this.#silences = end === 'timed-out' ? this.#silences + 1 : 0;
  }

  /** Is the host still there? Asked by the hello that it answered before. */
  async #confirm(): Promise<boolean> {
    this.#confirming ??= this.#pulsed().finally(() => {
      this.#confirming = undefined;
    });
    return this.#confirming;
  }

  async #pulsed(): Promise<boolean> {
    this.#silences = 0; // so that the question itself goes through
    const answer = this.#pulse === undefined ? undefined : await this.ask(this.#pulse, 'hello');
    if (answer?.kind === 'hello' || answer?.kind === 'alert') return true;
    // Where no further connection may be made, nothing was learnt of the host.
    if (answer?.kind !== 'unreachable' || !['not-collected', 'interrupted'].includes(answer.why.cause))
      this.#gone = unknown('timed-out', 'the host stopped answering');
    return false;
  }

  /**
   * Connections that broke off are a refusal only from a host that is still there. Says whether it answered what was asked
   * after `moment`, asking once more where there was nothing yet: an answer that was under way before does not count. As long as
   * no question is known that it answers, what is under way may show one.
   */
  async alive(moment: number): Promise<boolean> {
    let asked = 0;
    for (let idle = false; ;) {
      if (this.#lastSign >= moment) return true;
      if (this.#gone !== undefined) return false;
      if (this.#pulse !== undefined) {
        // A confirmation under way may have begun before that moment: then it is asked once more.
        if (asked === 2 || !(await this.#confirm())) return false;
        asked += 1;
      } else if (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      // Whoever has just had an answer may be about to ask its next question.
      else if (idle) return false;
      else await new Promise<void>((resolve) => setImmediate(resolve));
      idle = this.#underWay === 0;
    }
  }

  /** Is the answer that just came a refusal: an alert, or a connection that broke off while the host is there? */
  async refused(answer: Answer): Promise<boolean> {
    return answer.kind === 'alert' || (refuses(answer) && (await this.alive(this.#clock)));
  }

  /** Why nothing shows that the host is still there: no connection is left to ask by, or it answers no more. */
  unconfirmed(what: string): Unknown {
    const spent = this.#gone === undefined && this.#made >= this.#limits.connections ? this.#spent() : undefined;
    return spent === undefined ? unknown('timed-out', what) : unknown(spent.cause, `${what}: ${spent.detail}`);
  }

  /** Why the answer that just came is no refusal; undefined for one that is. */
  async unlessRefused(answer: Answer, what: string): Promise<Unknown | undefined> {
    if (await this.refused(answer)) return undefined;
    return refuses(answer) ? this.unconfirmed(what) : whyOpen(answer, what);
  }
}

/** A connection after STARTTLS: an error in the old protocol, and its end, is the end. */
function afterStartTls(wire: Wire, dialect: Dialect): Wire {
  return {
    write: (bytes) => wire.write(bytes),
    close: () => wire.close(),
    read: async (timeout) => {
      const received = await wire.read(timeout);
      return received.kind === 'bytes' && refusesInClear(dialect, received.bytes) ? { kind: 'end' } : received;
    },
  };
}

/** A deadline that passed, as against a run that was interrupted. */
function isDeadline(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** Is it the server's word that it will not, or the end of the connection? */
export function refuses(answer: Answer): boolean {
  return answer.kind === 'alert' || answer.kind === 'closed' || answer.kind === 'reset';
}

/** Does it refuse the version, so that no other suite need be asked for? */
export function refusesVersion(answer: Answer): boolean {
  return answer.kind === 'alert' && answer.code === ALERT.protocolVersion;
}

/** Why an answer leaves the question open. */
export function whyOpen(answer: Answer, what: string): Unknown {
  switch (answer.kind) {
    case 'timed-out':
      return unknown('timed-out', what);
    case 'unreachable':
      return unknown(answer.why.cause, `${what}: ${answer.why.detail}`);
    case 'malformed':
      return unknown('unparseable', `${what}: ${answer.detail}`);
    default:
      return unknown('unresolved', `${what}: ${answer.kind}`);
  }
}
