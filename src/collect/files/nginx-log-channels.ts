import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { logSink, logSource } from '../../resources/logging.ts';
import { fileChannels, hostOf, syslogChannel } from './log-channels.ts';
import type { Place } from './nginx-location.ts';
import { always, inForce, nginxDefault, type NginxWorld } from './nginx-scope.ts';
import type { Group } from './nginx-server.ts';
import { originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

/** The condition of an access_log, if it takes some requests only. */
export function condition(node: Node): string | undefined {
  return node.args.find(({ text }) => text.startsWith('if='))?.text;
}

/**
 * The ways by which the records of every place leave nginx, and each connection to a receiver that any place has: of two logs of
 * one place either has all of its records, of two places each has its own.
 */
export function logChannels(places: readonly Place[], at: Origin, world: NginxWorld): KindFacts<typeof logSource>['channels'] {
  const own: Fact<string>[] = [];
  const each: (readonly Fact<string>[])[] = [];
  const open: Unknown[] = [];
  for (const { scope } of places) {
    const errors = inForce(scope, 'error_log');
    if (errors.state === 'set') own.push(...connections(errors.nodes));
    const found = inForce(scope, 'access_log');
    if (found.state === 'unknown') return unknown(found.cause, `access_log: ${found.detail}`, found.origin);
    if (found.state === 'unset') {
      const standard = nginxDefault(world, 'access_log', always('the path that nginx was built with'))(found.at);
      return standard.state === 'known' ? unknown('unresolved', standard.value, standard.origin) : standard;
    }
    own.push(...connections(found.nodes));
    const ways: Fact<string>[] = [];
    for (const node of found.nodes) {
      const [to] = node.args;
      if (condition(node) !== undefined || ['off', '/dev/null'].includes(to?.text ?? '')) continue;
      const names = channelsOf(node);
      if (names === undefined) open.push(unknown('unresolved', `access_log ${to?.text ?? ''}`.slice(0, 200), originOf(node)));
      else ways.push(...names.map((channel) => known(channel, originOf(node))));
    }
    open.push(...found.holes);
    each.push(ways);
  }
  const [first = [], ...others] = each;
  const everywhere = first.filter((way) => others.every((ways) => ways.some((other) => same(way, other))));
  const rest = own.filter((way, index) => ![...everywhere, ...own.slice(0, index)].some((other) => same(way, other)));
  return known([...everywhere, ...rest], first[0]?.origin ?? at, open);
}

function same(a: Fact<string>, b: Fact<string>): boolean {
  return a.state === 'known' && b.state === 'known' && a.value === b.value;
}

function connections(nodes: readonly Node[]): readonly Fact<string>[] {
  return nodes.flatMap((node) => {
    const remote = receiverOf(node)?.remote;
    return remote === undefined ? [] : [known(receiverId(remote), originOf(node))];
  });
}

function channelsOf(node: Node): readonly string[] | undefined {
  const receiver = receiverOf(node);
  if (receiver !== undefined) return [receiver.remote === undefined ? syslogChannel(receiver.facility) : receiverId(receiver.remote)];
  const [to] = node.args;
  return to !== undefined && !to.dynamic && /^\/(?!dev\/)/.test(to.text) ? fileChannels(to.text) : undefined;
}

function receiverId(address: string): string {
  return `nginx syslog ${address}`;
}

/** `syslog:server=address,facility=…`: https://nginx.org/en/docs/syslog.html. A Unix socket is the host's own syslog. */
function receiverOf(node: Node): { readonly remote: string | undefined; readonly facility: string } | undefined {
  const text = node.args[0]?.text ?? '';
  const server = /^syslog:(?:.*,)?server=([^,]+)/.exec(text)?.[1];
  if (server === undefined) return undefined;
  const facility = /[:,]facility=(\w+)/.exec(text)?.[1] ?? 'local7';
  return { remote: server.startsWith('unix:') ? undefined : server, facility };
}

/** A receiver that nginx sends its logs to. */
export interface Receiver {
  readonly id: string;
  readonly facts: KindFacts<typeof logSink>;
}

/** The receivers that the logs of a block name, each once. */
export function receivers(group: Group): readonly Receiver[] {
  const found = new Map<string, Receiver>();
  const visit = ({ nodes }: Level): void => {
    for (const node of nodes) {
      if (node.block !== undefined) visit(node.block);
      if (node.name !== 'access_log' && node.name !== 'error_log') continue;
      const remote = receiverOf(node)?.remote;
      if (remote !== undefined && !found.has(remote)) found.set(remote, { id: receiverId(remote), facts: receiverFacts(node, remote) });
    }
  };
  visit(group.scope.level);
  return [...found.values()];
}

function receiverFacts(node: Node, address: string): KindFacts<typeof logSink> {
  const at = originOf(node);
  const [word] = node.args;
  const clear = derived('nginx sends syslog by UDP', at);
  return {
    host: known(hostOf(node.source.file), at),
    by: known('nginx', at),
    takes: known([known(receiverId(address), at)], at),
    form: known('remote', at),
    destination: word?.dynamic === true ? unknown('unresolved', address.slice(0, 80), wordOrigin(node, word)) : known(address, at),
    encrypted: known(false, clear),
    verifies_peer: known(false, clear),
    retention: unknown('not-collected', 'the receiver decides', at),
    mode: absent(at),
    readable_by_others: absent(at),
    bounded: unknown('not-collected', 'the receiver decides', at),
    buffered: known(false, clear),
  };
}
