import { addressInterval } from './condition.ts';
import { UNCLEAR, type Answer, type Condition, type Packet } from './packet.ts';
import { baseChains, atArrival, atHook, isSpent, type Budget, type Outcome } from './walk.ts';
import type { FilterChain, Ruleset } from './ruleset.ts';

/** Where packets of a running host may come from and go to; `undefined` where that cannot be told. */
export interface Routes {
  /** Interfaces with a default route: packets of arbitrary addresses come in there. Undefined where those of a family may not be seen. */
  readonly outside: Readonly<Record<4 | 6, readonly string[] | undefined>>;
  /** Network → interface, of the main table. */
  readonly networks: readonly { readonly to: string; readonly interface: string }[];
}

/** The first free number of a port that no rule names. */
const UNNAMED_FROM = 41_000;
const OTHER_INTERFACE = 'any0';

/** A filter and the host that it stands on, to be asked what becomes of packets. */
export class Arrival {
  readonly #ruleset: Ruleset;
  readonly #routes: Routes | undefined;
  readonly #budget: Budget = { steps: 0 };
  readonly #sources: Readonly<Record<4 | 6, readonly bigint[]>>;
  readonly #sourcePorts: readonly number[];
  /** Interfaces where arbitrary addresses come in, or may. */
  readonly #interfaces: Readonly<Record<4 | 6, readonly string[]>>;
  readonly #unnamed: number;

  constructor(ruleset: Ruleset, routes: Routes | undefined) {
    this.#ruleset = ruleset;
    this.#routes = routes;
    const conditions = [...ruleset.chains.values()].flatMap(({ rules }) => rules.flatMap((rule) => rule.conditions));
    this.#sources = { 4: distinguished(4, ARBITRARY_4, conditions), 6: distinguished(6, ARBITRARY_6, conditions) };
    const named = conditions.flatMap(({ sourcePorts = [] }) => sourcePorts.map(([from]) => Number(from)));
    this.#sourcePorts = [...new Set([40_123, ...named.slice(0, 20)])];
    const interfaces = conditions
      .flatMap(({ interfaces: names = [] }) => names.map((name) => name.replace(/[*+]$/, '0')))
      .filter((name) => name !== 'lo');
    const any = [...new Set([OTHER_INTERFACE, ...interfaces.slice(0, 20)])];
    this.#interfaces = { 4: this.#outside(4) ?? any, 6: this.#outside(6) ?? any };
    const taken = conditions.flatMap(({ ports = [] }) => ports);
    let unnamed = UNNAMED_FROM;
    while (unnamed < 65_535 && taken.some(([from, to]) => from <= BigInt(unnamed) && BigInt(unnamed) <= to && to - from < 20_000n))
      unnamed += 1;
    this.#unnamed = unnamed;
  }

  /** Does a packet of an address that nobody chose reach a port? `unclear` where the rules cannot be followed. */
  reaches(version: 4 | 6, protocol: 'tcp' | 'udp', port: number, destination: bigint | undefined): Answer {
    let answer: Answer = false;
    // What may come in by several interfaces of which nobody knows where they lead must come out the same at all.
    const byInterface = new Set<Answer>();
    for (const name of this.#interfaces[version]) {
      let here: Answer = false;
      for (const sourcePort of this.#sourcePorts) {
        for (const source of this.#sources[version]) {
          this.#budget.steps += 1;
          if (isSpent(this.#budget)) return 'unclear';
          const outcomes = atArrival(
            this.#ruleset,
            { version, protocol, source, sourcePort, destination, port, interface: name, leaves: undefined },
            this.#budget,
            (address) => this.#leaves(address),
          );
          const one = admitted(outcomes);
          if (one === true) here = true;
          else if (one === 'unclear' && here === false) here = 'unclear';
          if (here === true) break;
        }
        if (here === true) break;
      }
      byInterface.add(here);
    }
    const known = this.#outside(version) !== undefined;
    if (byInterface.has(true)) answer = known || byInterface.size === 1 ? true : 'unclear';
    else answer = byInterface.has('unclear') ? 'unclear' : false;
    return this.#ruleset.problems.length > 0 ? 'unclear' : answer;
  }

  /** What becomes of packets that no rule names, whatever their protocol: the most that happens to any of them. */
  unnamed(version: 4 | 6, hook: 'input' | 'forward' | 'output'): Outcome {
    if (this.#ruleset.problems.length > 0) return 'unclear';
    const [source = 0n] = this.#sources[version];
    const names = hook === 'output' ? [OTHER_INTERFACE] : [...new Set([OTHER_INTERFACE, ...(this.#outside(version) ?? [])])];
    const ends = names.flatMap((name) =>
      (['tcp', 'udp', 'other'] as const).map((protocol) => {
        const packet: Packet = {
          version,
          protocol,
          source,
          sourcePort: this.#unnamed,
          destination: undefined,
          port: this.#unnamed,
          interface: hook === 'output' ? '' : name,
          leaves: hook === 'input' ? undefined : name,
          unnamed: true,
        };
        return atHook(this.#ruleset, hook, packet, this.#budget);
      }),
    );
    if (ends.some((outcomes) => admitted(outcomes) === true)) return 'accept';
    if (ends.some((outcomes) => admitted(outcomes) === 'unclear')) return 'unclear';
    return ends.every((outcomes) => outcomes.size === 1 && outcomes.has('reject')) ? 'reject' : 'drop';
  }

  /** Chains that are asked for packets of either family at a hook. */
  basesOf(hook: 'input' | 'forward'): readonly FilterChain[] {
    return [...new Set(([4, 6] as const).flatMap((version) => baseChains(this.#ruleset, hook, version)))];
  }

  /** Where packets of arbitrary addresses come in, if that is known. */
  #outside(version: 4 | 6): readonly string[] | undefined {
    const names = this.#routes?.outside[version];
    return names === undefined || names.length === 0 ? undefined : names;
  }

  /** The interface that leads to an address. */
  #leaves(address: string): Packet['leaves'] {
    const wanted = addressInterval(address)?.[0];
    if (this.#routes === undefined || wanted === undefined) return UNCLEAR;
    let best: { readonly width: bigint; readonly name: string } | undefined;
    for (const { to, interface: name } of this.#routes.networks) {
      const interval = to.includes(':') === address.includes(':') ? addressInterval(to) : undefined;
      if (interval === undefined || wanted < interval[0] || interval[1] < wanted) continue;
      const width = interval[1] - interval[0];
      if (best === undefined || width < best.width) best = { width, name };
    }
    return best?.name ?? this.#routes.outside[4]?.[0] ?? UNCLEAR;
  }
}

/** Of addresses that no rule tells apart, one does. */
function distinguished(version: 4 | 6, addresses: readonly bigint[], conditions: readonly Condition[]): readonly bigint[] {
  const asking = conditions.filter(({ asksSource }) => asksSource === true);
  // What is compared together with a port comes out by the port, too.
  if (asking.some(({ ports = [] }) => ports.length > 0)) return addresses;
  const byAnswers = new Map<string, bigint>();
  for (const source of addresses) {
    const packet: Packet = {
      version,
      protocol: 'tcp',
      source,
      sourcePort: 0,
      destination: undefined,
      port: 0,
      interface: '',
      leaves: undefined,
    };
    const answers = asking.map(({ test }) => String(test(packet))).join();
    if (!byAnswers.has(answers)) byAnswers.set(answers, source);
  }
  return [...byAnswers.values()];
}

/** The packet passes for certain, or for certain does not. */
function admitted(outcomes: ReadonlySet<Outcome>): Answer {
  if (outcomes.has('unclear')) return 'unclear';
  return outcomes.has('accept') ? (outcomes.size === 1 ? true : 'unclear') : false;
}

/** One public address out of each /8 that is given to the Internet (IANA's IPv4 register): a list that names a whole /8 names no partner. */
const ARBITRARY_4: readonly bigint[] = Array.from({ length: 223 }, (_, index) => BigInt(index + 1))
  .filter((first) => first !== 10n && first !== 127n)
  .map((first) => (first << 24n) + 0x4d8fc9n);
/** One of each /12 of the part of IPv6 that is given out (2000::/3), as far as registries have received any. */
const ARBITRARY_6: readonly bigint[] = [
  0x2001n,
  0x2003n,
  0x240en,
  0x2600n,
  0x2610n,
  0x2620n,
  0x2630n,
  0x2803n,
  0x2a01n,
  0x2a10n,
  0x2c0fn,
  0x3fffn,
].map((first) => (first << 112n) + (0x4d8fn << 96n) + 0xc9n);
