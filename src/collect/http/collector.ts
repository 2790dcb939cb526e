import { known, unknown, type Fact, type FactRecord, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import type { Coverage, Resource, Target } from '../../model/resource.ts';
import { httpSite } from '../../resources/http-site.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { guarded } from '../address.ts';
import { MAX_PATHS, siteAddress, type SiteAddress } from './address.ts';
import { base, type Asked } from './exchange.ts';
import type { PagePath } from './answers.ts';
import { questions } from './questions.ts';
import { siteFacts } from './site.ts';

/** Addresses of one name that are asked, and how many of them at once. */
const MAX_ADDRESSES = 16;
const AT_ONCE = 4;

/**
 * Asks web sites over HTTP/1.1. Safe on production: GET, OPTIONS and TRACE only, nobody is logged in, nothing is posted,
 * redirects are followed on the same host alone. Each address behind the name is a site of its own.
 *
 * Cost for each address, one connection and at most 10 seconds for each request:
 *   6 requests: the page, a page that is not there, the page from a foreign origin and from `null`, OPTIONS, TRACE;
 *   up to 3 more where the page redirects on the same host;
 *   one (up to 4) for each of `private_paths` and `payment_paths`, at most 5 of them;
 *   on port 443, or with `http_port`: the same in clear on port 80, 2 requests where it only redirects.
 */
export const httpCollector = {
  name: 'http',
  targets: ['https', 'http'],
  version: '1',
  provides: [httpSite.name],
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal): Promise<Collected> {
  const declared: Origin = { kind: 'file', range: target.declaredAt };
  const site = siteAddress(target);
  if ('state' in site) return result(target, [], [{ ...site, origin: declared }], declared);
  // A proxy resolves the name, and chooses the address.
  const bare = site.host.replace(/^\[(.*)\]$/, '$1');
  const found = site.proxy === undefined ? await world.network.lookup(site.host, signal) : [bare];
  if ('state' in found) return result(target, [], [{ ...found, origin: declared }], declared);
  const addresses = found.filter((address) => guarded(address, bare) === undefined);
  const gaps: Unknown[] = found
    .filter((address) => !addresses.includes(address))
    .map((address) => ({ ...(guarded(address, bare) ?? unknown('refused', address)), origin: declared }));
  if (found.length === 0) gaps.push(unknown('unreachable', `${site.host}: no address`, declared));
  if (addresses.length > MAX_ADDRESSES) gaps.push(unknown('unsupported', `${addresses.length} addresses`, declared));
  const named = [...new Set([...site.privatePaths, ...site.paymentPaths])].filter((path) => path !== site.path);
  if (named.length > MAX_PATHS) gaps.push(unknown('unsupported', `${named.length} paths`, declared));
  const asPage = (path: string): PagePath => ({ path, private: site.privatePaths.includes(path) });

  const looks = addresses.slice(0, MAX_ADDRESSES).flatMap((address) => {
    const several = found.length > 1 ? ` @ ${address}` : '';
    const ports = [{ port: site.port, secure: site.secure }];
    if (site.clearPort !== undefined && site.clearPort !== site.port) ports.push({ port: site.clearPort, secure: false });
    return ports.map(({ port, secure }) => ({
      id: `${site.host}:${port}${several}`,
      main: port === site.port,
      asked: askedOf(site, target, world, signal, address, port, secure),
    }));
  });
  const results: (Resource | Unknown | undefined)[] = [];
  const queue = looks.entries();
  const work = async (): Promise<void> => {
    for (const [index, { id, main, asked }] of queue) {
      const answers = await questions(asked, asPage(site.path), named.slice(0, MAX_PATHS).map(asPage));
      if ('state' in answers) {
        // Nobody listens in clear: that is an answer, and a good one. Silence is not, nor is a proxy's refusal.
        const nobody = !main && answers.cause === 'refused' && site.proxy === undefined;
        results[index] = nobody ? undefined : answers;
        continue;
      }
      const facts: FactRecord = siteFacts(answers, asked, declared, Date.parse(world.now()));
      results[index] = { kind: httpSite.name, id, target: target.id, stance: 'live', facts };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const resources = results.filter((one) => one !== undefined && 'kind' in one);
  gaps.push(...results.filter((one) => one !== undefined && 'state' in one));
  return result(target, resources, gaps, declared, looks);
}

function askedOf(
  site: SiteAddress,
  target: Target,
  world: World,
  signal: AbortSignal,
  address: string,
  port: number,
  secure: boolean,
): Asked {
  const { name, proxy } = site;
  return { target: target.id, network: world.network, signal, secure, name, address, port, ...(proxy === undefined ? {} : { proxy }) };
}

function result(
  target: Target,
  resources: readonly Resource[],
  gaps: readonly Unknown[],
  declared: Origin,
  looks: readonly { readonly asked: Asked }[] = [],
): Collected {
  const names = [...new Set(looks.map(({ asked }) => base(asked)))];
  const looked: Fact<FactValue> = known(names.join(', ') || target.id, declared);
  const coverage: Coverage = { status: gaps.length === 0 ? 'complete' : resources.length === 0 ? 'failed' : 'partial', gaps, looked };
  return {
    resources: resources.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    coverage: { [httpSite.name]: coverage },
    gaps,
    looked: names.map((name) => ({ name, as: 'http' })),
  };
}
