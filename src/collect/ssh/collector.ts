import { known, unknown, type Fact, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import { ipVersion } from '../../model/ip-address.ts';
import type { Coverage, Resource, Target } from '../../model/resource.ts';
import { remoteAccess } from '../../resources/remote-access.ts';
import type { KeyExchangeInit } from '../../ssh/key-exchange-init.ts';
import { lookAtServer, type LookRequest, type ServerLook } from '../../ssh/server-look.ts';
import type { Proxy } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import { guarded } from '../address.ts';
import type { Collected, Collector } from '../collector.ts';
import type { Conduct } from '../limits.ts';
import { proxyOf } from '../proxy-option.ts';
import { seen } from '../seen.ts';
import { outsideFacts, type SshLooks } from './outside-facts.ts';
import { sshPlaceOf } from './ssh-place.ts';

/** Addresses behind one name that are looked at; more are named as a gap. */
const MAX_ADDRESSES = 8;
/** Nobody has this name: what is offered to it is offered to everybody. */
const NOBODY = 'custos-nobody';
/** Host key algorithms by the key that they use: each is asked for by a connection of its own. */
const KEYS: readonly (readonly string[])[] = [
  ['ssh-ed25519'],
  ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
  ['ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521'],
  ['ssh-dss'],
];

/**
 * Looks at SSH servers from outside, by own bytes. One connection reads the offer, goes through a key exchange and asks once, with the method
 * `none`, what a user who does not exist may prove himself by; one more for each further kind of host key. Safety class P1: a server logs an
 * unknown user. At most six connections, one after the other; no password or key is sent.
 */
export const sshCollector = {
  name: 'ssh',
  targets: ['ssh'],
  version: '1',
  provides: [remoteAccess.name],
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, conduct: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const place = sshPlaceOf(target.address);
  if ('problem' in place) return result(target, [], [unknown('unsupported', place.problem, at)], at);
  const proxy = target.options['proxy'] === undefined ? undefined : proxyOf(target.options['proxy']);
  if (proxy !== undefined && 'problem' in proxy) return result(target, [], [unknown('unsupported', proxy.problem, at)], at);
  const addresses = proxy === undefined ? await world.network.lookup(place.host, signal) : [place.host];
  if ('state' in addresses) return result(target, [], [{ ...addresses, origin: at }], at);
  const gaps: Unknown[] = addresses.length === 0 ? [unknown('unreachable', `${place.host}: no address`, at)] : [];
  if (addresses.length > MAX_ADDRESSES) gaps.push(unknown('unsupported', `more than ${MAX_ADDRESSES} addresses`, at));
  const resources: Resource[] = [];
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const refused = guarded(address, place.host);
    const looks = refused ?? (await lookAt(address, place.port, world, signal, conduct, proxy));
    if ('state' in looks) {
      gaps.push({ ...looks, origin: at });
      continue;
    }
    const name = ipVersion(place.host) === 6 ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
    const id = addresses.length > 1 ? `${name} @ ${address}` : name;
    const facts = outsideFacts(looks, (exchange) => ({
      kind: 'wire',
      target: target.id,
      exchange: addresses.length > 1 ? `${exchange} @ ${address}` : exchange,
    }));
    resources.push(seen(remoteAccess, id, target, 'live', facts));
  }
  return result(target, resources, gaps, at);
}

async function lookAt(
  address: string,
  port: number,
  world: World,
  signal: AbortSignal,
  { limits, gates }: Conduct,
  proxy: Proxy | undefined,
): Promise<SshLooks | Unknown> {
  const patience = Math.max(limits.firstByte, 3 * limits.idle);
  const { gate, done } = gates.of(address);
  const once = async (request: Omit<LookRequest, 'patience'>): Promise<ServerLook | Unknown> => {
    await gate.enter();
    try {
      if (signal.aborted) return unknown('interrupted', `${address}:${port}`);
      const wire = await world.network.connect({
        host: address,
        port,
        timeout: limits.connect,
        signal,
        ...(proxy === undefined ? {} : { proxy }),
      });
      if ('state' in wire) return wire;
      try {
        return await lookAtServer(wire, { ...request, patience });
      } finally {
        wire.close();
      }
    } finally {
      gate.leave();
    }
  };
  try {
    const first = await once({ hostKeys: (offer) => kindsIn(offer)[0] ?? [], user: NOBODY });
    if ('state' in first) return first;
    if ('state' in first.identification) return first.identification;
    const hostKeys: ServerLook['hostKey'][] = [first.hostKey];
    if (!('state' in first.offer)) {
      const [, ...others] = kindsIn(first.offer);
      for (const kind of others) {
        const look = await once({ hostKeys: () => kind });
        hostKeys.push('state' in look ? look : look.hostKey);
      }
      for (const name of first.offer.hostKeys)
        if (!KEYS.flat().includes(name) && !/-cert-v0[01]@/.test(name))
          hostKeys.push(unknown('unsupported', `SSH: a host key of kind ${name}`));
    }
    return { first, hostKeys };
  } finally {
    done();
  }
}

/** The kinds of keys that a server offers, each by the algorithms that it has for them. */
function kindsIn({ hostKeys }: KeyExchangeInit): readonly (readonly string[])[] {
  return KEYS.map((kind) => kind.filter((name) => hostKeys.includes(name))).filter((kind) => kind.length > 0);
}

function result(target: Target, resources: readonly Resource[], gaps: readonly Unknown[], at: Origin): Collected {
  const looked: Fact<FactValue> = known(target.address, at);
  const coverage: Coverage = { status: gaps.length === 0 ? 'complete' : resources.length === 0 ? 'failed' : 'partial', gaps, looked };
  return { resources, coverage: { [remoteAccess.name]: coverage }, gaps, looked: [{ name: target.address, as: 'ssh' }] };
}
