import { allTrue, anyTrue, derived, isNonEmpty, known, unknown, type Fact } from '../../model/fact.ts';
import type { SiteFacts } from '../site-policies.ts';
import { banners, cookies } from './nginx-cookies.ts';
import { headersOf } from './nginx-headers.ts';
import { answering, locations, passOf, serverPlace, type Place } from './nginx-location.ts';
import { originFacts } from './nginx-origins.ts';
import { pages } from './nginx-pages.ts';
import { redirectsToHttps } from './nginx-redirect.ts';
import { rootRedirect } from './nginx-root-redirect.ts';
import { always, bytes, inForce, nginxDefault, onOff, setting, type NginxWorld, type Scope } from './nginx-scope.ts';
import type { Endpoint, Server } from './nginx-server.ts';
import { byName, originOf, type Node } from './nginx-tree.ts';

/** The facts of a web site on one port. */
export function siteFacts(endpoint: Endpoint, world: NginxWorld): SiteFacts {
  const { server } = endpoint;
  const discloses_version = discloses(server, world);
  return {
    names: server.names,
    port: endpoint.port,
    tls: endpoint.tls,
    loopback_only: loopbackOnly(endpoint),
    redirects_to_https: redirectsToHttps(endpoint),
    redirect: rootRedirect(endpoint),
    status: unknown('not-collected', 'status', server.scope.at),
    ...headersOf(server),
    cookies: cookies(server),
    banners: banners(server, discloses_version, world),
    discloses_version,
    pages: pages(server, world),
    ...originFacts(server, world),
    rate_limited: rateLimited(server),
    body_limited: bodyLimited(server, world),
  };
}

function loopbackOnly({ listens, server }: Endpoint): Fact<boolean> {
  const facts = listens.map(({ loopback }) => loopback);
  const [first, ...rest] = listens.map(({ origin }) => origin);
  const reachable = facts.find((fact) => fact.state === 'known' && !fact.value);
  if (reachable !== undefined) return reachable;
  return (
    facts.find(({ state }) => state !== 'known') ??
    server.holes[0] ??
    known(true, derived('every address is loopback or a Unix socket', first ?? server.scope.at, ...rest))
  );
}

/** `server_tokens` of the server and of every location: one that says it is enough. */
function discloses(server: Server, world: NginxWorld): Fact<boolean> {
  const parse = (text: string): boolean | undefined => (text === 'build' ? true : onOff(text));
  return anywhere([serverPlace(server), ...locations(server)], true, ({ scope }) =>
    setting(scope, 'server_tokens', parse, nginxDefault(world, 'server_tokens', always(true))),
  );
}

/** nginx limits bodies to one megabyte unless told otherwise; 0 is no limit, in one location is enough. */
function bodyLimited(server: Server, world: NginxWorld): Fact<boolean> {
  const parse = (text: string): boolean | undefined => {
    const size = bytes(text);
    return size === undefined ? undefined : size !== 0;
  };
  return anywhere(answering(server), false, ({ scope }) =>
    setting(scope, 'client_max_body_size', parse, nginxDefault(world, 'client_max_body_size', always(true))),
  );
}

/** `decisive` where any place says so; else unknown where any is; else the first. */
function anywhere(places: readonly Place[], decisive: boolean, read: (place: Place) => Fact<boolean>): Fact<boolean> {
  const facts = places.map(read);
  if (!isNonEmpty(facts)) return unknown('unresolved', 'no place');
  return decisive ? anyTrue(facts) : allTrue(facts);
}

/** Limits per client, in force for the whole server or for each location that hands requests on. */
function rateLimited(server: Server): Fact<boolean> {
  const whole = limited(server.scope);
  const passing = locations(server).filter((place) => passOf(place) !== undefined);
  const each = passing.map(({ scope }) => limited(scope));
  const facts = whole.state === 'known' && !whole.value && each.length > 0 ? each : [whole, ...each];
  const [hole] = server.holes;
  const without = facts.find((fact) => fact.state === 'known' && !fact.value);
  if (without !== undefined) return without;
  return facts.find(({ state }) => state !== 'known') ?? (whole.state === 'known' && whole.value ? whole : (hole ?? facts[0] ?? whole));
}

function limited(scope: Scope): Fact<boolean> {
  const one = limitOf(scope, 'limit_req');
  if (one.state === 'known' && one.value) return one;
  const other = limitOf(scope, 'limit_conn');
  if (other.state === 'known' && other.value) return other;
  return one.state === 'known' ? other : one;
}

/** https://nginx.org/en/docs/http/ngx_http_limit_req_module.html; a dry run counts and limits nothing. */
function limitOf(scope: Scope, name: 'limit_req' | 'limit_conn'): Fact<boolean> {
  const found = inForce(scope, name);
  if (found.state === 'unknown') return unknown(found.cause, `${name}: ${found.detail}`, found.origin);
  if (found.state === 'unset') return known(false, found.at);
  const trial = setting(scope, `${name}_dry_run`, onOff, (at) => known(false, at));
  // In a block that is not here a dry run is taken as not written: nobody leaves one in force by default.
  if (trial.state === 'known' && trial.value) return known(false, trial.origin);
  if (trial.state === 'unknown' && inForce(scope, `${name}_dry_run`).state === 'set') return trial;
  const zoneOf = (node: Node): Fact<boolean> => {
    const zone =
      name === 'limit_req'
        ? node.args.map(({ text }) => /^zone=(.*)$/.exec(text)?.[1]).find((text) => text !== undefined)
        : node.args[0]?.text;
    return perClient(scope, `${name}_zone`, zone ?? '', originOf(node));
  };
  const [first, ...rest] = found.nodes;
  return anyTrue([zoneOf(first), ...rest.map(zoneOf)]);
}

/** Does the zone count for each client? One key for a whole server slows everybody and stops nobody. */
function perClient(scope: Scope, name: string, zone: string, at: Fact<boolean>['origin']): Fact<boolean> {
  for (let around: Scope | undefined = scope; around !== undefined; around = around.parent) {
    const node = byName(around.level)
      .get(name)
      ?.find((one) => one.args.some(({ text }) => text.startsWith(`zone=${zone}:`)));
    if (node === undefined) continue;
    const key = node.args
      .filter(({ text }) => !/^(?:zone|rate|sync)=?/.test(text))
      .map(({ text }) => text)
      .join(' ');
    if (
      /\$\{?(?:binary_remote_addr|remote_addr|realip_remote_addr|proxy_protocol_addr|http_|cookie_|jwt_|ssl_client_|remote_user)/.test(key)
    )
      return known(true, derived('the zone counts for each client', ...origins(at, node)));
    const variables = [...key.matchAll(/\$\{?(\w+)/g)].map(([, variable]) => variable);
    if (variables.every((variable) => /^(?:server_name|host|scheme|server_addr|server_port|hostname)$/.test(variable ?? '')))
      return known(false, originOf(node));
    return unknown('unresolved', `${name} ${key}`, originOf(node));
  }
  return at === undefined ? unknown('unresolved', `${name} ${zone}`) : unknown('unresolved', `${name} ${zone}: not here`, at);
}

function origins(
  at: Fact<boolean>['origin'],
  node: Parameters<typeof originOf>[0],
): readonly [ReturnType<typeof originOf>, ...ReturnType<typeof originOf>[]] {
  return at === undefined ? [originOf(node)] : [at, originOf(node)];
}
