import { known, unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { ipVersion } from '../../model/ip-address.ts';
import type { Coverage, Looked, Resource, Target } from '../../model/resource.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import type { World } from '../../world/world.ts';
import { guarded } from '../address.ts';
import type { Collected, Collector } from '../collector.ts';
import type { Conduct } from '../limits.ts';
import { HostLine } from './host-line.ts';
import { listenerFacts } from './listener-facts.ts';
import type { Observation } from './observation.ts';
import { authorityOf, placeOf, proxyOf, type Place } from './place.ts';
import { probe } from './probe.ts';

/** Addresses behind one name that are looked at; more are named as a gap. */
const MAX_ADDRESSES = 8;

/**
 * Looks at TLS endpoints by raw handshakes, whatever the local OpenSSL can do. Each address behind a name is looked at for
 * itself. Safety class P0 and P1: well-formed hellos only, about 30 connections on a hardened server, about 75 on a permissive
 * one, never more than the run allows. No application data is sent.
 */
export const tlsCollector: Collector = {
  name: 'tls',
  targets: ['tls', 'https'],
  version: '1',
  provides: [tlsListener.name],
  collect,
};

async function collect(target: Target, world: World, signal: AbortSignal, conduct: Conduct): Promise<Collected> {
  const declared: Origin = { kind: 'file', range: target.declaredAt };
  const place = placeOf(target.kind === 'https' && !/^https:\/\//i.test(target.address) ? `https://${target.address}` : target.address);
  if ('problem' in place) return nothing(unknown('unsupported', place.problem, declared));
  const proxy = target.options['proxy'] === undefined ? undefined : proxyOf(target.options['proxy']);
  if (proxy !== undefined && 'problem' in proxy) return nothing(unknown('unsupported', proxy.problem, declared));
  // Through a proxy the name is the proxy's to resolve: there is one way, and it is looked at once.
  const found = proxy === undefined ? await world.network.lookup(place.host, signal) : [place.host];
  if ('state' in found) return nothing({ ...found, origin: declared });
  const gaps: Unknown[] = [];
  const addresses = found.filter((address) => {
    const why = guarded(address, place.host);
    if (why !== undefined) gaps.push({ ...why, origin: declared });
    return why === undefined;
  });
  for (const address of addresses.slice(MAX_ADDRESSES))
    gaps.push(unknown('not-collected', `${address}: one of more than ${MAX_ADDRESSES} addresses`, declared));
  const name = target.options['sni'] ?? (ipVersion(place.host) === 0 ? place.host.replace(/\.$/, '') : undefined);
  const seen = await Promise.all(
    addresses.slice(0, MAX_ADDRESSES).map(async (address) => {
      const { gate, done } = conduct.gates.of(address);
      try {
        const until = AbortSignal.any([signal, AbortSignal.timeout(conduct.limits.host)]);
        const destination = {
          address,
          port: place.port,
          name: name ?? place.host,
          ...(place.dialect === undefined ? {} : { dialect: place.dialect }),
          ...(proxy === undefined ? {} : { proxy }),
        };
        const line = new HostLine(world.network, destination, conduct.limits, gate, until);
        return { address, line, observation: await probe(line, address, name, place.service) };
      } finally {
        done();
      }
    }),
  );
  const resources: Resource[] = [];
  const looked: Looked[] = [];
  for (const { address, line, observation } of seen) {
    looked.push({ name: authorityOf({ host: address, port: place.port }), as: `${place.service}, ${line.made} connections` });
    if ('state' in observation) {
      gaps.push({ ...observation, detail: `${authorityOf({ host: address, port: place.port })}: ${observation.detail}`, origin: declared });
      continue;
    }
    resources.push(listener(observation, place, name, target, declared, addresses.length > 1));
  }
  const coverage = coverageOf(gaps, resources.length, known(looked.map(({ name: at }) => at).join(', '), declared));
  return { resources, coverage: { [tlsListener.name]: coverage }, gaps, looked };
}

function listener(
  observation: Observation,
  place: Place,
  name: string | undefined,
  target: Target,
  declared: Origin,
  several: boolean,
): Resource {
  const facts = listenerFacts(observation, place, name, target.id, declared, unknown('not-collected', 'TLCP certificates'), () => '');
  const id = authorityOf(place);
  return {
    kind: tlsListener.name,
    id: several ? `${id} @ ${observation.address}` : id,
    target: target.id,
    stance: 'live',
    facts,
  };
}

function coverageOf(gaps: readonly Unknown[], resources: number, looked: Coverage['looked']): Coverage {
  return { status: gaps.length === 0 ? 'complete' : resources > 0 ? 'partial' : 'failed', gaps, looked };
}

/** Nothing could be looked at: what the target may have shown is unknown. */
function nothing(why: Unknown): Collected {
  return { resources: [], coverage: { [tlsListener.name]: { status: 'failed', gaps: [why], looked: why } }, gaps: [why], looked: [] };
}
