import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { availabilityGroup } from '../../resources/availability-group.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { HaproxyLine } from '../../text/haproxy.ts';
import { isFilledIn } from '../../text/template.ts';
import type { HaproxyProxy } from './haproxy-proxy.ts';

/** The servers of a back end that take part, and whether each is asked for its health; undefined where it names none. */
export function haproxyGroup(proxy: HaproxyProxy): KindFacts<typeof availabilityGroup> | undefined {
  const servers = proxy.section.lines.filter(({ name }) => name === 'server');
  const others = proxy.section.lines.filter(({ name }) => name === 'server-template' || name === 'dispatch');
  if (servers.length === 0 && others.length === 0) return undefined;
  const active = servers.filter((server) => !has(server, 'backup') && !isDisabled(server, proxy));
  const elsewhere: Unknown[] = others.map((line) => unknown('unresolved', `${line.name} names members`, proxy.origin(line)));
  return {
    members: known(
      active.map((server): Fact<string> => {
        const [, address] = server.args;
        const at = proxy.origin(address ?? server);
        if (address === undefined) return unknown('unparseable', 'server', at);
        return isDynamic(address.text) ? unknown('unresolved', address.text, at) : known(address.text, at);
      }),
      proxy.at,
      elsewhere,
    ),
    health_checked: healthChecked(active, elsewhere[0], proxy),
    form: known('balancer', proxy.at),
  };
}

function isDynamic(text: string): boolean {
  return isFilledIn(text) || text.includes('$') || text.includes('\\');
}

/** A word among the parameters, which follow name and address. */
function has({ args }: HaproxyLine, word: string): boolean {
  return args.slice(2).some(({ text }) => text === word);
}

/** `default-server` adds up: of a setting that it names several times, the last counts. */
function byDefault(proxy: HaproxyProxy, words: readonly string[]): string | undefined {
  return proxy
    .every(({ name }) => name === 'default-server')
    .flatMap(({ args }) => args.map(({ text }) => text))
    .findLast((text) => words.includes(text));
}

function isDisabled(server: HaproxyLine, proxy: HaproxyProxy): boolean {
  if (has(server, 'enabled')) return false;
  return has(server, 'disabled') || byDefault(proxy, ['disabled', 'enabled']) === 'disabled';
}

/** Every member must be asked: one that is not stays in, however it fails. */
function healthChecked(servers: readonly HaproxyLine[], hole: Unknown | undefined, proxy: HaproxyProxy): Fact<boolean> {
  for (const server of servers) {
    const at = proxy.origin(server);
    if (has(server, 'track')) return unknown('unsupported', 'server: its health is another’s (track)', at);
    const own = server.args.slice(2).findLast(({ text }) => text === 'check' || text === 'no-check')?.text;
    if ((own ?? byDefault(proxy, ['check', 'no-check'])) !== 'check') return known(false, derived('a server without check', at));
  }
  const [first] = servers;
  if (hole !== undefined) return hole;
  return first === undefined ? known(false, proxy.at) : known(true, proxy.origin(first));
}
