import { collect } from '../../src/collect/collect.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/collect/limits.ts';
import type { Fact, FactValue, Unknown } from '../../src/model/fact.ts';
import type { Resource, Target, TargetRecord } from '../../src/model/resource.ts';
import type { Network } from '../../src/world/network.ts';
import { nodeNetwork } from '../../src/world/node-network.ts';
import { nodeWorld } from '../../src/world/node.ts';
import type { World } from '../../src/world/world.ts';
import { filesTarget, plain } from './collect.ts';

export interface LookOptions {
  /** Options of the target: `probes`, `sni`, `proxy`, `ca`… */
  readonly options?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  readonly network?: Network;
  /** Seconds for the whole target. */
  readonly timeout?: number;
}

/** Limits for servers on loopback: an answer that takes longer than this will not come. */
export const BRISK: Partial<Limits> = { connect: 500, firstByte: 600, idle: 400 };

/** This machine, without roots: what these tests trust they say by `ca`. */
export function worldHere(network: Network = nodeNetwork): World {
  return { ...nodeWorld('/'), network, roots: [] };
}

/** A target of the command line: `tls://127.0.0.1:443`, `smtp+starttls://…`. */
export function tlsTarget(address: string, options: Readonly<Record<string, string>> = {}): Target {
  return { ...filesTarget({}, options), kind: 'tls', address };
}

/** What the collectors say of one address; a number is a port of 127.0.0.1. */
export async function look(
  where: number | string,
  { options = {}, limits = {}, network = nodeNetwork, timeout = 60 }: LookOptions = {},
): Promise<Seen> {
  const target = tlsTarget(typeof where === 'number' ? `tls://127.0.0.1:${where}` : where, options);
  const schedule = { concurrency: 1, timeout, signal: new AbortController().signal, limits: { ...DEFAULT_LIMITS, ...limits } };
  for await (const record of collect([target], worldHere(network), schedule)) return new Seen(record);
  throw new Error('no record');
}

/** A record, read as the tests speak of it. */
export class Seen {
  readonly record: TargetRecord;

  constructor(record: TargetRecord) {
    this.record = record;
  }

  get listeners(): readonly Resource[] {
    return this.record.resources.filter(({ kind }) => kind === 'tls.listener');
  }

  get listener(): Resource {
    const [first] = this.listeners;
    if (first === undefined) throw new Error(`no listener: ${JSON.stringify(this.record.gaps)}`);
    return first;
  }

  /** The certificates, facts as plain data. */
  get certificates(): readonly Readonly<Record<string, unknown>>[] {
    return this.record.resources.flatMap(({ kind, id, facts }) => (kind === 'certificate' ? [{ id, ...plainRecord(facts) }] : []));
  }

  fact(name: string): Fact<FactValue> | undefined {
    return this.listener.facts[name];
  }

  /** A fact of the listener as plain data: `…` at the end of a list that is open. */
  get(name: string): unknown {
    return plain(this.fact(name));
  }

  /** Facts of the listener by name. */
  pick(...names: readonly string[]): Readonly<Record<string, unknown>> {
    return Object.fromEntries(names.map((name) => [name, this.get(name)]));
  }

  /** A list that was seen whole. */
  whole(name: string): readonly unknown[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.includes('…'))
      throw new Error(`${name} is not whole: ${JSON.stringify(this.openOf(name) ?? value)}`);
    return value;
  }

  /** Why a list is open. */
  openOf(name: string): readonly Unknown[] {
    const fact = this.fact(name);
    return fact?.state === 'known' ? (fact.open ?? []) : [];
  }

  /** Names of the suites by version, in the order of the fact. */
  suites(naming: 'name' | 'iana' = 'name'): Readonly<Record<string, readonly string[]>> {
    const scan: Record<string, string[]> = {};
    for (const suite of elements(this.get('suites'))) {
      const versions = elements(suite['versions']) as readonly unknown[];
      for (const version of versions) if (version !== '…') (scan[String(version)] ??= []).push(String(suite[naming]));
    }
    return scan;
  }

  get weaknesses(): readonly unknown[] {
    return elements(this.get('weaknesses')).map((weakness) => (typeof weakness === 'string' ? weakness : weakness['name']));
  }

  get connections(): number {
    return Number(this.get('connections'));
  }
}

function elements(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value : [];
}

function plainRecord(facts: Resource['facts']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]));
}
