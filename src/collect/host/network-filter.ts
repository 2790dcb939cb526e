import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { networkFilter } from '../../resources/network-filter.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { Arrival } from './filter/arrival.ts';
import { addressNumber } from './filter/condition.ts';
import { loadedFilter, type LoadedFilter } from './filter/loaded.ts';
import type { Answer, Interval } from './filter/packet.ts';
import { permissionsOf } from './filter/permitted.ts';
import { ruleText, type FilterRule } from './filter/ruleset.ts';
import type { HostContext, HostPart } from './part.ts';
import { listeningSockets, programOf, type ListeningSocket } from './sockets.ts';

type Facts = LiveKindFacts<typeof networkFilter>;
type Policy = 'accept' | 'drop' | 'reject';

/** What of the network reaches a host: its packet filter, held against what listens. */
export const networkFilterPart: HostPart = {
  name: 'network filter',
  kinds: [networkFilter.name],
  read: async (context) => {
    const filter = await loadedFilter(context);
    const facts = 'state' in filter ? unreadable(filter) : await factsOf(filter, context);
    const gaps =
      'state' in filter
        ? [{ why: filter }]
        : filter.ruleset.problems.map(({ cause, detail }) => ({ why: unknown(cause, detail, filter.origin) }));
    return { resources: [context.resource(networkFilter, context.target.id, facts)], gaps };
  },
};

function unreadable(why: Unknown): Facts {
  return {
    engine: why,
    input: why,
    forward: why,
    output: why,
    input6: why,
    forward6: why,
    output6: why,
    accepts_all: why,
    unexplained: why,
    services: why,
    persistent: why,
  };
}

async function factsOf(filter: LoadedFilter, context: HostContext): Promise<Facts> {
  const { ruleset, routes, origin, ipv6 } = filter;
  const arrival = new Arrival(ruleset, routes);
  const problems = ruleset.problems.map(({ cause, detail }) => unknown(cause, detail, origin));
  const policy = (version: 4 | 6, hook: 'input' | 'forward' | 'output'): Fact<Policy> => {
    if (version === 6 && ipv6 === false) return known('drop', derived('no IPv6 on this host', origin));
    const outcome = arrival.unnamed(version, hook);
    if (outcome === 'unclear')
      return problems[0] ?? unknown('unsupported', `${hook} of IPv${version}: a rule that is not understood`, origin);
    const base = [...ruleset.chains.values()].find(
      (chain) => chain.base?.hook === hook && chain.base.type === 'filter' && chain.versions.includes(version),
    );
    return known(outcome, base?.base === undefined ? derived(`no rule for ${hook}`, origin) : base.base.policyOrigin);
  };
  const bases = [...arrival.basesOf('input'), ...arrival.basesOf('forward')];
  const [outside4, outside6] = [routes?.outside[4], routes?.outside[6]];
  // What one family may not show may be any.
  const outside = outside4 === undefined || outside6 === undefined ? undefined : [...outside4, ...outside6];
  const { all, perhapsAll, unexplained } = permissionsOf(ruleset, bases, outside);
  const texts = (permissions: typeof all): readonly Fact<string>[] => {
    const byText = new Map<string, FilterRule>(permissions.map(({ chain, rule }) => [ruleText(chain, rule), rule]));
    return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([text, rule]) => known(text, rule.origin));
  };
  const doubtful = perhapsAll.map(({ chain, rule }) => unknown('unresolved', `${ruleText(chain, rule)}: where it leads`, rule.origin));
  return {
    engine: known(filter.engine, origin),
    input: policy(4, 'input'),
    forward: policy(4, 'forward'),
    output: policy(4, 'output'),
    input6: policy(6, 'input'),
    forward6: policy(6, 'forward'),
    output6: policy(6, 'output'),
    accepts_all: known(texts(all), origin, [...problems, ...doubtful]),
    unexplained: filter.comments === undefined ? known(texts(unexplained), origin, problems) : { ...filter.comments, origin },
    services: await servicesOf(filter, arrival, context, origin),
    persistent: filter.persistent,
  };
}

async function servicesOf(
  { ruleset, ipv6 }: LoadedFilter,
  arrival: Arrival,
  context: HostContext,
  origin: Origin,
): Promise<Facts['services']> {
  const sockets = await listeningSockets(context);
  if ('state' in sockets) return sockets;
  const one = (socket: ListeningSocket) => {
    const answers = socket.versions.map((version): Answer => {
      if (version === 6 && ipv6 === false) return false;
      const bound = /^(?:0\.0\.0\.0|::)$/.test(socket.address) ? undefined : addressNumber(socket.address);
      return arrival.reaches(version, socket.protocol, socket.port, bound);
    });
    const reachable: Fact<boolean> = answers.includes(true)
      ? known(true, derived('the rules that a packet meets', socket.origin, origin))
      : answers.includes('unclear')
        ? unknown('unresolved', `${socket.protocol} ${socket.port}: rules that cannot be followed`, socket.origin)
        : known(false, derived('the rules that a packet meets', socket.origin, origin));
    return known(
      {
        port: known(socket.port, socket.origin),
        leads_to: known(socket.leadsTo ?? socket.port, socket.origin),
        protocol: known(socket.protocol, socket.origin),
        address: known(socket.address, socket.origin),
        program: programOf(socket),
        reachable,
      },
      socket.origin,
    );
  };
  return known([...sockets, ...forwarded(ruleset, sockets)].map(one), origin);
}

const MAX_FORWARDED = 64;

/** Ports where nothing listens and that translation leads elsewhere: a container's, for one. */
function forwarded({ chains }: LoadedFilter['ruleset'], sockets: readonly ListeningSocket[]): readonly ListeningSocket[] {
  const found = new Map<string, ListeningSocket>();
  for (const chain of chains.values())
    for (const { action, conditions, origin } of chain.rules) {
      if (action.does !== 'forward-to' && action.does !== 'redirect') continue;
      const ports: readonly Interval[] = conditions.flatMap((one) => one.ports ?? []);
      const protocols = (['tcp', 'udp'] as const).filter(
        (protocol) =>
          !conditions.some(({ text }) =>
            new RegExp(`^(?:${protocol === 'tcp' ? 'udp' : 'tcp'} |meta l4proto ${protocol === 'tcp' ? 'udp' : 'tcp'})`).test(text),
          ),
      );
      for (const [from, to] of ports)
        for (let port = from; port <= to && found.size < MAX_FORWARDED; port += 1n)
          for (const protocol of protocols) {
            const number = Number(port);
            if (sockets.some((socket) => socket.protocol === protocol && socket.port === number)) continue;
            const program =
              action.does === 'redirect' ? `redirect ${action.port ?? number}` : `dnat ${action.address}:${action.port ?? number}`;
            found.set(`${protocol} ${number}`, {
              protocol,
              address: '0.0.0.0',
              port: number,
              versions: chain.versions,
              program,
              leadsTo: action.port ?? number,
              origin,
            });
          }
    }
  return [...found.values()];
}
