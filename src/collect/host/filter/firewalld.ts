import type { Origin, Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import { parseXml, type XmlElement } from '../../../text/xml.ts';
import type { HostContext } from '../part.ts';
import { condition, unclearCondition } from './condition.ts';
import type { Condition } from './packet.ts';
import type { Action, FilterChain, FilterRule, Ruleset } from './ruleset.ts';

const PLACES = ['/etc/firewalld', '/usr/lib/firewalld'] as const;
const NAME = /^[\w.-]{1,64}$/;

/** The rules that firewalld makes of its zones when it starts. Its documents: firewalld.zone(5), firewalld.richlanguage(5). */
export async function readFirewalld(context: HostContext): Promise<Ruleset | Unknown> {
  return new FirewalldReader(context).read();
}

class FirewalldReader {
  readonly #context: HostContext;
  readonly #chains = new Map<string, FilterChain>();
  readonly #problems: Ruleset['problems'][number][] = [];
  readonly #forwarded: FilterRule[] = [];

  constructor(context: HostContext) {
    this.#context = context;
  }

  async read(): Promise<Ruleset | Unknown> {
    const settings = await this.#context.open('/etc/firewalld/firewalld.conf');
    if (typeof settings === 'object' && 'state' in settings) return settings;
    const named = settings instanceof SourceText ? /^[ \t]*DefaultZone[ \t]*=[ \t]*(\S+)/m.exec(settings.text) : null;
    const at: Origin =
      settings instanceof SourceText
        ? settings.origin(named?.index ?? 0, (named?.index ?? 0) + (named?.[0].length ?? 0))
        : this.#context.at;
    const fallback = named?.[1] ?? 'public';
    const names = new Set([fallback]);
    const listing = await this.#context.host.list(`${PLACES[0]}/zones`);
    if (listing !== 'not-there') {
      if ('state' in listing) return listing;
      for (const { path } of listing.entries) if (path.endsWith('.xml')) names.add(path.slice(path.lastIndexOf('/') + 1, -4));
    }
    await this.#unread();
    const input: FilterRule[] = [
      { conditions: [ofState('established,related')], action: { does: 'accept' }, origin: at, shipped: true },
      { conditions: [single('iifname', 'lo')], action: { does: 'accept' }, origin: at, shipped: true },
    ];
    const forward = [...input];
    const byInterface: FilterRule[] = [];
    for (const name of names) {
      const zone = await this.#xml('zones', name, 'zone');
      if (zone === undefined) continue;
      await this.#zone(name, zone.root, zone.source);
      const go: Action = { does: 'goto', chain: `firewalld ${name}` };
      for (const child of zone.root.children) {
        const origin = zone.source.origin(child.start, child.end);
        if (child.name === 'source') input.push({ conditions: [sourceOf(child)], action: go, origin });
        if (child.name === 'interface')
          byInterface.push({ conditions: [single('iifname', child.attributes['name'] ?? '')], action: go, origin });
      }
      if (name === fallback && zone.root.attributes['target'] === 'ACCEPT')
        forward.push({ conditions: [], action: { does: 'accept' }, origin: at });
    }
    input.push(...byInterface, { conditions: [], action: { does: 'goto', chain: `firewalld ${fallback}` }, origin: at });
    forward.push({ conditions: [], action: { does: 'reject' }, origin: at, shipped: true });
    this.#base('input', at, input);
    this.#base('forward', at, forward);
    this.#base('output', at, []);
    if (this.#forwarded.length > 0) this.#base('prerouting', at, this.#forwarded);
    return { chains: this.#chains, problems: this.#problems };
  }

  /** What else of firewalld makes rules, and is not read here. */
  async #unread(): Promise<void> {
    const direct = await this.#context.open(`${PLACES[0]}/direct.xml`);
    if (direct !== 'not-there' && (!(direct instanceof SourceText) || /<(?:rule|passthrough)\b/.test(direct.text)))
      this.#problem('unsupported', 'firewalld: direct rules');
    const policies = await this.#context.host.list(`${PLACES[0]}/policies`);
    if (policies !== 'not-there' && ('state' in policies || policies.entries.some(({ path }) => path.endsWith('.xml'))))
      this.#problem('unsupported', 'firewalld: policies');
    const connections = await this.#context.host.list('/etc/NetworkManager/system-connections');
    if (connections === 'not-there') return;
    if ('state' in connections) {
      this.#problem('access-denied', 'firewalld: zones of NetworkManager');
      return;
    }
    for (const { path } of connections.entries) {
      const text = await this.#context.open(path);
      if (text !== 'not-there' && (!(text instanceof SourceText) || /^[ \t]*zone[ \t]*=[ \t]*\S/m.test(text.text)))
        this.#problem('unsupported', 'firewalld: zones of NetworkManager');
    }
  }

  async #xml(
    kind: 'zones' | 'services',
    name: string,
    root: string,
  ): Promise<{ readonly root: XmlElement; readonly source: SourceText } | undefined> {
    if (NAME.test(name))
      for (const place of PLACES) {
        const source = await this.#context.open(`${place}/${kind}/${name}.xml`);
        if (source === 'not-there') continue;
        const reading = source instanceof SourceText ? parseXml(source) : undefined;
        if (source instanceof SourceText && reading !== undefined && 'root' in reading && reading.root.name === root)
          return { root: reading.root, source };
        this.#problem('unparseable', `firewalld: ${kind}/${name}.xml`);
        return undefined;
      }
    this.#problem('unresolved', `firewalld: ${kind}/${name.slice(0, 64)}.xml`);
    return undefined;
  }

  #base(hook: 'input' | 'forward' | 'output' | 'prerouting', origin: Origin, rules: FilterRule[]): void {
    this.#chains.set(`firewalld ${hook}`, {
      id: `firewalld ${hook}`,
      name: hook,
      rules,
      versions: [4, 6],
      base: { hook, type: hook === 'prerouting' ? 'nat' : 'filter', priority: 0, policy: 'accept', policyOrigin: origin },
    });
  }

  async #zone(name: string, zone: XmlElement, source: SourceText): Promise<void> {
    const chain: FilterChain = { id: `firewalld ${name}`, name, rules: [], versions: [4, 6] };
    this.#chains.set(chain.id, chain);
    const denying: FilterRule[] = [];
    const allowing: FilterRule[] = [];
    for (const child of zone.children) {
      const origin = source.origin(child.start, child.end);
      if (child.name === 'rule') {
        const rule = await this.#rich(child, origin);
        (rule.action.does === 'accept' || rule.action.does === 'continue' ? allowing : denying).push(rule);
        // Priorities change the order; then only the kernel tells.
        if (child.attributes['priority'] !== undefined) this.#problem('unsupported', 'firewalld: priority of a rich rule');
      } else if (child.name === 'forward-port') this.#forwarded.push({ conditions: [portsOf([child])], action: forwardOf(child), origin });
      else {
        const one = await this.#element(child);
        if (one === undefined) continue;
        // A service is a name that says what it is for; a port alone does not.
        const comment = child.name === 'service' ? { comment: child.attributes['name'] ?? '' } : {};
        allowing.push({ conditions: [one], action: { does: 'accept' }, origin, ...comment });
      }
    }
    const { target = 'default' } = zone.attributes;
    const does = target === 'ACCEPT' ? 'accept' : target === 'DROP' ? 'drop' : 'reject';
    chain.rules.push(...denying, ...allowing, { conditions: [], action: { does }, origin: source.origin(zone.start, zone.start + 5) });
  }

  async #rich(rule: XmlElement, origin: Origin): Promise<FilterRule> {
    const conditions: Condition[] = [];
    const { family } = rule.attributes;
    if (family !== undefined) conditions.push(single('meta nfproto', family));
    let action: Action = { does: 'continue' };
    for (const child of rule.children) {
      if (child.name === 'accept' || child.name === 'drop' || child.name === 'reject') action = { does: child.name };
      else if (child.name === 'source') conditions.push(sourceOf(child));
      else if (!/^(?:log|nflog|audit|mark)$/.test(child.name))
        conditions.push((await this.#element(child)) ?? unclearCondition(child.name));
    }
    return { conditions, action, origin };
  }

  /** What an element of a zone or a rich rule lets through; undefined for those that say nothing of packets to the host. */
  async #element(element: XmlElement): Promise<Condition | undefined> {
    const { name, attributes } = element;
    if (name === 'service') {
      const service = attributes['name'] ?? '';
      const found = await this.#xml('services', service, 'service');
      if (found === undefined) return unclearCondition(`service ${service.slice(0, 64)}`);
      const { children } = found.root;
      const odd = children.some((child) => /^(?:protocol|source-port|include|destination)$/.test(child.name));
      const condition_ = portsOf(children.filter((child) => child.name === 'port'));
      return { ...condition_, text: `service ${service}`, ...(odd ? { test: (packet) => condition_.test(packet) || 'unclear' } : {}) };
    }
    if (name === 'port') return portsOf([element]);
    if (name === 'source-port') return single(`${attributes['protocol'] ?? ''} sport`, attributes['port'] ?? '');
    if (name === 'protocol') return single('meta l4proto', attributes['value'] ?? '');
    if (name === 'icmp-type') return single('icmp type', attributes['name'] ?? '');
    return undefined;
  }

  #problem(cause: Ruleset['problems'][number]['cause'], detail: string): void {
    this.#problems.push({ cause, detail });
  }
}

function single(key: string, value: string, negated = false): Condition {
  return condition(key, negated, () => ({ values: [value], complete: true, fills: false }), value);
}

function ofState(states: string): Condition {
  return condition('ct state', false, () => ({ values: states.split(','), complete: true, fills: false }), states);
}

function sourceOf({ attributes }: XmlElement): Condition {
  const { address, invert = 'no' } = attributes;
  const negated = /^(?:yes|true|1)$/i.test(invert);
  if (address === undefined) return unclearCondition(`source ${attributes['mac'] ?? attributes['ipset'] ?? ''}`);
  return single(address.includes(':') ? 'ip6 saddr' : 'ip saddr', address, negated);
}

/** One of several ports. */
function portsOf(elements: readonly XmlElement[]): Condition {
  const conditions = elements.map(({ attributes }) => single(`${attributes['protocol'] ?? ''} dport`, attributes['port'] ?? ''));
  return {
    text: conditions.map(({ text }) => text).join(' or '),
    narrowing: conditions.some(({ narrowing }) => narrowing === 'everything') ? 'everything' : 'narrow',
    ports: conditions.flatMap(({ ports = [] }) => ports),
    test: (packet) => {
      const answers = conditions.map(({ test }) => test(packet));
      return answers.includes(true) ? true : answers.includes('unclear') ? 'unclear' : false;
    },
  };
}

function forwardOf({ attributes }: XmlElement): Action {
  const { 'to-port': port, 'to-addr': address } = attributes;
  const to = port !== undefined && /^\d+$/.test(port) ? { port: Number(port) } : {};
  return address === undefined ? { does: 'redirect', ...to } : { does: 'forward-to', address, ...to };
}
