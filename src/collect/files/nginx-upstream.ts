import { anyTrue, derived, isNonEmpty, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { availabilityGroup } from '../../resources/availability-group.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { locations, passOf, serverPlace } from './nginx-location.ts';
import { always, nginxDefault, type NginxWorld } from './nginx-scope.ts';
import type { Group } from './nginx-server.ts';
import { byName, originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

/** An upstream block by its name. */
export interface Upstream {
  readonly name: string;
  readonly facts: KindFacts<typeof availabilityGroup>;
}

/** The upstreams of an http or stream block: https://nginx.org/en/docs/http/ngx_http_upstream_module.html */
export function upstreams(group: Group, world: NginxWorld): readonly Upstream[] {
  const checks = activeChecks(group);
  return (byName(group.scope.level).get('upstream') ?? []).flatMap((node) => {
    const [name] = node.args;
    if (node.block === undefined || name === undefined) return [];
    return [
      {
        name: name.text,
        facts: {
          members: members(node, node.block),
          health_checked: healthChecked(node, node.block, checks.get(name.text), world),
          form: known('balancer', originOf(node)),
        },
      },
    ];
  });
}

/** Servers that take part: neither taken out nor kept in reserve. */
function active(level: Level): readonly Node[] {
  return level.nodes.filter(({ name, args }) => name === 'server' && !args.some(({ text }) => text === 'down' || text === 'backup'));
}

/** What may add or choose members besides the `server` lines. */
function elsewhere(level: Level): readonly Unknown[] {
  const nodes = level.nodes.filter(({ name }) => /^(?:state|balancer_by_lua(?:_block|_file)?)$/.test(name));
  return [
    ...level.holes.map(({ why }) => why),
    ...nodes.map((node) => unknown('not-collected', `${node.name} names members`, originOf(node))),
  ];
}

function members(node: Node, level: Level): KindFacts<typeof availabilityGroup>['members'] {
  const list = active(level).map((server): Fact<string> => {
    const [address, ...parameters] = server.args;
    if (address === undefined) return unknown('unparseable', 'server', originOf(server));
    const unclear = address.dynamic ? address : parameters.find(({ dynamic }) => dynamic);
    return unclear === undefined
      ? known(address.text, wordOrigin(server, address))
      : unknown('unresolved', unclear.text, wordOrigin(server, unclear));
  });
  return known(list, originOf(node), elsewhere(level));
}

/**
 * A member that failed max_fails times is left out for a while, unless max_fails is 0 or there is no other to take its
 * place. `health_check` (commercial) and `check` (Tengine) ask the members themselves.
 */
function healthChecked(node: Node, level: Level, active: Node | undefined, world: NginxWorld): Fact<boolean> {
  const check = level.nodes.find((one) => one.name === 'check') ?? active;
  if (check !== undefined) return known(true, originOf(check));
  const [hole] = elsewhere(level);
  const servers = level.nodes.filter(({ name: directive, args }) => directive === 'server' && !args.some(({ text }) => text === 'down'));
  const facts = servers.map((server): Fact<boolean> => {
    const written = server.args.find(({ text }) => text.startsWith('max_fails='));
    if (written === undefined) return nginxDefault(world, 'max_fails', always(true))(originOf(server));
    const count = /^max_fails=(\d+)$/.exec(written.text)?.[1];
    return count === undefined
      ? unknown('unresolved', written.text, wordOrigin(server, written))
      : known(Number(count) !== 0, wordOrigin(server, written));
  });
  const lone = servers[0];
  if (hole !== undefined && (servers.length < 2 || level.nodes.some(({ name: directive }) => directive.startsWith('balancer_by_lua'))))
    return hole;
  if (lone === undefined || servers.length === 1) return known(false, derived('a lone member is never left out', originOf(lone ?? node)));
  // One member without the check is not enough to say that the group has none.
  const all = [...facts, ...(hole === undefined ? [] : [hole])];
  return isNonEmpty(all) ? anyTrue(all) : known(false, originOf(node));
}

/** `health_check` in a location, by the upstream that the location hands requests to. */
function activeChecks(group: Group): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const server of group.servers) {
    for (const place of [serverPlace(server), ...locations(server)]) {
      const [check] = byName(place.scope.level).get('health_check') ?? [];
      const target = passOf(place)?.args[0]?.text ?? '';
      if (check !== undefined) found.set(target.replace(/^\w+:\/\//, '').split(/[/:]/)[0] ?? '', check);
    }
  }
  return found;
}
