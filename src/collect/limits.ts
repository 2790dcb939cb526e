/** How gently hosts are asked: the numbers of a run. All times in milliseconds. */
export interface Limits {
  /** Connections to one host at once. */
  readonly atOnce: number;
  /** New connections to one host a second; undefined: as fast as `atOnce` lets them. */
  readonly perSecond?: number;
  /** Connections to one host and port in all: what would need more stays unknown, and says so. */
  readonly connections: number;
  readonly connect: number;
  readonly firstByte: number;
  readonly idle: number;
  /** For one host and port. What was learnt until then is kept. */
  readonly host: number;
}

/** The defaults: what a production system is not disturbed by. */
export const DEFAULT_LIMITS: Limits = { atOnce: 8, connections: 150, connect: 3_000, firstByte: 3_000, idle: 2_000, host: 30_000 };
/** New connections a second to one host where many are looked at. */
export const FLEET_RATE = 20;

/** Lets so many through at once, and so many a second; in the order they came. */
export class HostGate {
  readonly #atOnce: number;
  readonly #gap: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #next = 0;

  constructor({ atOnce, perSecond }: Pick<Limits, 'atOnce' | 'perSecond'>) {
    this.#atOnce = atOnce;
    this.#gap = perSecond === undefined ? 0 : 1000 / perSecond;
  }

  async enter(): Promise<void> {
    if (this.#inside >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    if (this.#gap === 0) return;
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gap;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}

/** The gates of a run, one for each address: two targets on one host share it. */
export class HostGates {
  readonly #limits: Limits;
  readonly #gates = new Map<string, { readonly gate: HostGate; users: number }>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The gate of an address; `done` lets go of it, so that a fleet's gates do not pile up. */
  of(address: string): { readonly gate: HostGate; readonly done: () => void } {
    const entry = this.#gates.get(address) ?? { gate: new HostGate(this.#limits), users: 0 };
    this.#gates.set(address, entry);
    entry.users += 1;
    return {
      gate: entry.gate,
      done: () => {
        entry.users -= 1;
        if (entry.users === 0) this.#gates.delete(address);
      },
    };
  }
}

/** What a run lets its collectors do. */
export interface Conduct {
  readonly limits: Limits;
  readonly gates: HostGates;
}

/** The conduct of a run by its limits. */
export function conductOf(limits: Limits): Conduct {
  return { limits, gates: new HostGates(limits) };
}
