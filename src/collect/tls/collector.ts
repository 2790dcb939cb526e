import { known, unknown, type Fact, type FactRecord, type Origin, type Unknown } from '../../model/fact.ts';
import { ipVersion } from '../../model/ip-address.ts';
import type { Coverage, Looked, Resource, Target } from '../../model/resource.ts';
import { certificate } from '../../resources/certificate.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { anchorsFrom, joinAnchors, type Anchors } from '../../x509/mozilla-roots.ts';
import { nameText } from '../../x509/distinguished-name.ts';
import { readWholeDer } from '../../x509/der.ts';
import type { Proxy } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import { guarded } from '../address.ts';
import type { Collected, Collector } from '../collector.ts';
import type { Conduct } from '../limits.ts';
import { authoritiesOf } from '../trusted-authorities.ts';
import { proxyOf } from '../proxy-option.ts';
import { chainResources, tlcpPair } from './chain-resources.ts';
import { HostLine } from './host-line.ts';
import { listenerFacts } from './listener-facts.ts';
import type { Observation } from './observation.ts';
import { onlineFacts } from './online-probe.ts';
import { askOpossum, oddProbes } from './odd-probes.ts';
import { paddingProbe } from './padding-probe.ts';
import { authorityOf, isHostName, placeOf, type Place } from './place.ts';
import { probe } from './probe.ts';
import { robotProbe } from './robot-probe.ts';
import { ticketbleedProbe } from './ticketbleed-probe.ts';

/** Addresses behind one name that are looked at; more are named as a gap. */
const MAX_ADDRESSES = 8;

/**
 * Looks at TLS endpoints by raw handshakes, whatever the local OpenSSL can do. Each address behind a name is looked at for
 * itself. Safety class P0 and P1 by default: well-formed hellos only, about 35 connections on a hardened server, about 75 on a
 * permissive one, never more than the run allows, and no application data. `probes: odd` and `probes: intrusive` ask more; what
 * each sends is said where it is written.
 */
export const tlsCollector = {
  name: 'tls',
  targets: ['tls', 'https'],
  version: '1',
  provides: [certificate.name, tlsListener.name],
  collect,
} satisfies Collector;

/** What is asked of every address of a target. */
interface Assignment {
  readonly target: Target;
  readonly place: Place;
  /** Server name that is asked for. */
  readonly name: string | undefined;
  readonly proxy?: Proxy;
  readonly declared: Origin;
  readonly anchors: Anchors;
  readonly probes: readonly string[];
  readonly several: boolean;
}

async function collect(target: Target, world: World, signal: AbortSignal, conduct: Conduct): Promise<Collected> {
  const declared: Origin = { kind: 'file', range: target.declaredAt };
  const probes = (target.options['probes'] ?? '').split(',').filter((word) => word !== '');
  const nothing = (why: Unknown): Collected => {
    const failed: Coverage = { status: 'failed', gaps: [why], looked: why };
    return { resources: [], coverage: Object.fromEntries(kindsOf(probes).map((kind) => [kind, failed])), gaps: [why], looked: [] };
  };
  const place = placeOf(target.kind === 'https' && !/^https:\/\//i.test(target.address) ? `https://${target.address}` : target.address);
  if ('problem' in place) return nothing(unknown('unsupported', place.problem, declared));
  const proxy = target.options['proxy'] === undefined ? undefined : proxyOf(target.options['proxy']);
  if (proxy !== undefined && 'problem' in proxy) return nothing(unknown('unsupported', proxy.problem, declared));
  const { sni } = target.options;
  if (sni !== undefined && !isHostName(sni)) return nothing(unknown('unparseable', 'sni', declared));
  const anchors = await anchorsOf(target, world);
  if ('state' in anchors) return nothing({ ...anchors, origin: declared });
  // Through a proxy the name is the proxy's to resolve: there is one way, and it is looked at once.
  const found = proxy === undefined ? await world.network.lookup(place.host, signal) : [place.host];
  if ('state' in found) return nothing({ ...found, origin: declared });
  if (found.length === 0) return nothing(unknown('unreachable', `${place.host}: no address`, declared));
  const gaps: Unknown[] = [];
  const addresses = found.filter((address) => {
    const why = guarded(address, place.host);
    if (why !== undefined) gaps.push({ ...why, origin: declared });
    return why === undefined;
  });
  for (const address of addresses.slice(MAX_ADDRESSES))
    gaps.push(unknown('not-collected', `${address}: one of more than ${MAX_ADDRESSES} addresses`, declared));
  const assignment: Assignment = {
    target,
    place,
    name: sni ?? (ipVersion(place.host) === 0 ? place.host.replace(/\.$/, '') : undefined),
    ...(proxy === undefined ? {} : { proxy }),
    declared,
    anchors,
    probes,
    several: addresses.length > 1,
  };
  const looks = await Promise.all(
    addresses.slice(0, MAX_ADDRESSES).map(async (address) => {
      const { gate, done } = conduct.gates.of(address);
      try {
        const until = AbortSignal.any([signal, AbortSignal.timeout(conduct.limits.host)]);
        const destination = {
          address,
          port: place.port,
          name: assignment.name ?? place.host,
          ...(place.dialect === undefined ? {} : { dialect: place.dialect }),
          ...(proxy === undefined ? {} : { proxy }),
        };
        const line = new HostLine(world.network, destination, conduct.limits, gate, until);
        return await look(assignment, address, line, world, conduct, until);
      } finally {
        done();
      }
    }),
  );
  return together(assignment, looks, gaps);
}

function kindsOf(probes: readonly string[]): readonly string[] {
  return [
    certificate.name,
    tlsListener.name,
    ...probes.map((probe) => `${probe === 'online' ? certificate.name : tlsListener.name}#${probe}`),
  ];
}

/** What one address gave. */
interface Look {
  readonly looked: Looked;
  readonly resources: readonly Resource[];
  readonly gaps: readonly Unknown[];
  readonly certificateGaps: readonly Unknown[];
}

async function look(
  assignment: Assignment,
  address: string,
  line: HostLine,
  world: World,
  conduct: Conduct,
  signal: AbortSignal,
): Promise<Look> {
  const { target, place, name, declared, anchors, several, probes } = assignment;
  const where = authorityOf({ host: address, port: place.port });
  const wire = (exchange: string): Origin => ({ kind: 'wire', target: target.id, exchange });
  const observation = await probe(line, address, name, place.service);
  const looked = (): Looked => ({ name: where, as: `${place.service}, ${line.made} connection${line.made === 1 ? '' : 's'}` });
  if ('state' in observation)
    return {
      looked: looked(),
      resources: [],
      gaps: [{ ...observation, detail: `${where}: ${observation.detail}`, origin: declared }],
      certificateGaps: [],
    };
  const extra = await optInFacts(assignment, observation, line, world, conduct, signal, wire);
  const id = several ? `${authorityOf(place)} @ ${address}` : authorityOf(place);
  const at = world.now();
  const online = { network: world.network, signal, at, wire };
  const chains = await chainResources(observation, {
    listener: id,
    target: target.id,
    host: name ?? place.host,
    anchors,
    at,
    wire,
    ...(probes.includes('online') ? { online: (sent, host) => onlineFacts(sent, host, online) } : {}),
  });
  const counted = { ...observation, connections: line.made };
  const facts: FactRecord = {
    ...listenerFacts(counted, place, name, target.id, declared, tlcpPair(observation, wire), authorityText),
    ...extra,
  };
  return {
    looked: looked(),
    resources: [{ kind: tlsListener.name, id, target: target.id, stance: 'live', facts }, ...chains.resources],
    gaps: [],
    certificateGaps: chains.gaps.map((gap) => ({ ...gap, origin: gap.origin ?? declared })),
  };
}

/** Facts of the probe classes that were asked for, one probe after the other: a host is never under two oracles at once. */
async function optInFacts(
  { target, place, name, proxy, probes }: Assignment,
  observation: Observation,
  line: HostLine,
  world: World,
  { limits }: Conduct,
  signal: AbortSignal,
  wire: (exchange: string) => Origin,
): Promise<FactRecord> {
  const facts: Record<string, Fact<boolean | string | readonly Fact<string>[]>> = {};
  if (probes.includes('odd')) {
    const clear = target.options['http_port'] ?? (place.port === 443 ? '80' : undefined);
    const to = { address: observation.address, host: name ?? place.host, port: Number(clear), ...(proxy === undefined ? {} : { proxy }) };
    const opossum = async (): ReturnType<typeof askOpossum> =>
      place.service !== 'https' || clear === undefined
        ? unknown('unsupported', 'no clear-text port is known beside it')
        : askOpossum(world.network, to, limits.firstByte, signal, wire);
    Object.assign(facts, await oddProbes(line, observation, name, wire, opossum));
  }
  if (probes.includes('intrusive')) {
    facts['robot'] = await robotProbe(line, observation, name, wire);
    facts['ticketbleed'] = await ticketbleedProbe(line, observation, name, wire);
    facts['padding_oracles'] = await paddingProbe(line, observation, name, wire);
  }
  return facts;
}

function authorityText(der: Uint8Array): string {
  return nameText(readWholeDer(der)) ?? '?';
}

/** The Mozilla roots, and those of `ca:`. */
async function anchorsOf(target: Target, world: World): Promise<Anchors | Unknown> {
  const roots = anchorsFrom(world.roots);
  const own = await authoritiesOf(target, world);
  if ('state' in own) return own;
  return own.length === 0 ? roots : joinAnchors(roots, anchorsFrom(own, 'given'));
}

function together({ place, declared, probes }: Assignment, looks: readonly Look[], gaps: readonly Unknown[]): Collected {
  const resources = looks.flatMap((one) => one.resources);
  const listenerGaps = [...gaps, ...looks.flatMap((one) => one.gaps)];
  const certificateGaps = [...listenerGaps, ...looks.flatMap((one) => one.certificateGaps)];
  const looked = known(looks.map((one) => one.looked.name).join(', ') || authorityOf(place), declared);
  const listeners = resources.filter(({ kind }) => kind === tlsListener.name).length;
  const coverage = (missing: readonly Unknown[]): Coverage => ({
    status: missing.length === 0 ? 'complete' : listeners > 0 ? 'partial' : 'failed',
    gaps: missing,
    looked,
  });
  const kinds = kindsOf(probes).map(
    (kind) => [kind, coverage(kind.startsWith(certificate.name) ? certificateGaps : listenerGaps)] as const,
  );
  return {
    resources: resources.toSorted((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1)),
    coverage: Object.fromEntries(kinds.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    gaps: [...new Set([...listenerGaps, ...certificateGaps])],
    looked: looks.map((one) => one.looked),
  };
}
