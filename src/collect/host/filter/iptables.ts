import type { Origin } from '../../../model/fact.ts';
import { condition, constantCondition, unclearCondition } from './condition.ts';
import type { Condition } from './packet.ts';
import type { Action, FilterChain, Hook, Ruleset } from './ruleset.ts';

/** A line of `iptables-save`, or of a file that `iptables-restore` takes. */
export interface IptablesLine {
  readonly text: string;
  readonly origin: Origin;
  /** Its engine brings it: ufw's own rules. */
  readonly shipped?: true;
  readonly comment?: string;
}

const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };
/** Modules that only widen what options a rule may use. */
const MODULES = new Set([
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'ipv6-icmp',
  'conntrack',
  'state',
  'multiport',
  'comment',
  'limit',
  'hashlimit',
  'connlimit',
  'recent',
  'set',
  'addrtype',
  'iprange',
  'pkttype',
  'rpfilter',
]);
/** Headers that a plain packet of TCP or UDP does not have. */
const EXTENSIONS = new Set(['rt', 'frag', 'dst', 'hbh', 'mh', 'ah', 'esp', 'ipv6header']);
/** Targets after which a packet goes on through the chain. */
const PASSING = new Set([
  'LOG',
  'NFLOG',
  'ULOG',
  'MARK',
  'CONNMARK',
  'CT',
  'NOTRACK',
  'TRACE',
  'TCPMSS',
  'SET',
  'CLASSIFY',
  'DSCP',
  'TOS',
  'TTL',
  'HL',
  'CHECKSUM',
  'SECMARK',
  'CONNSECMARK',
  'AUDIT',
  'TEE',
  'RATEEST',
]);

/**
 * Reads the lines of one family into chains, after those that are there already; the problems that it met. Chains are named as nftables
 * names them (`ip filter INPUT`): there, they are the same.
 */
export function readIptables(
  lines: readonly IptablesLine[],
  version: 4 | 6,
  chains: Map<string, FilterChain>,
  family = version === 4 ? 'ip' : 'ip6',
): Ruleset['problems'] {
  const problems: Ruleset['problems'][number][] = [];
  let table = 'filter';
  const chainOf = (name: string, origin: Origin): FilterChain => {
    const id = `${family} ${table} ${name}`;
    const before = chains.get(id);
    if (before !== undefined) return before;
    const hook = HOOKS[name];
    const base =
      hook === undefined
        ? {}
        : {
            base: {
              hook,
              type: table === 'nat' ? ('nat' as const) : ('filter' as const),
              priority: PRIORITIES[table] ?? 0,
              policy: 'accept' as const,
              policyOrigin: origin,
            },
          };
    const made: FilterChain = { id, name, rules: [], versions: [version], ...base };
    chains.set(id, made);
    return made;
  };
  for (const line of lines) {
    const text = line.text.trim().replace(/^\[\d+:\d+\]\s*/, '');
    if (text === '' || text.startsWith('#') || text === 'COMMIT') continue;
    const policy = /^:(\S+) (\S+)/.exec(text) ?? /^-P (\S+) (\S+)/.exec(text);
    if (text.startsWith('*')) table = text.slice(1);
    else if (policy !== null) {
      const chain = chainOf(policy[1] ?? '', line.origin);
      if (chain.base !== undefined) {
        if (policy[2] === 'ACCEPT' || policy[2] === 'DROP') {
          chain.base.policy = policy[2] === 'DROP' ? 'drop' : 'accept';
          chain.base.policyOrigin = line.origin;
        } else problems.push({ cause: 'unparseable', detail: `iptables: ${text.slice(0, 80)}` });
      }
    } else {
      const words = shellWords(text);
      const [command = '', name = ''] = words ?? [];
      const known =
        words !== undefined &&
        (command === '-A' || command === '--append' || command === '-N' || (command === '-I' && !/^\d+$/.test(words[2] ?? '')));
      if (!known) {
        problems.push({ cause: words === undefined ? 'unparseable' : 'unsupported', detail: `iptables: ${text.slice(0, 80)}` });
        continue;
      }
      const chain = chainOf(name, line.origin);
      if (command === '-N') continue;
      const rule = ruleOf(words.slice(2), version, (wanted) => `${family} ${table} ${wanted}`);
      const made = {
        ...rule,
        origin: line.origin,
        ...(line.shipped === undefined ? {} : { shipped: line.shipped }),
        ...(line.comment === undefined ? {} : { comment: line.comment }),
      };
      if (command === '-I') chain.rules.unshift(made);
      else chain.rules.push(made);
    }
  }
  return problems;
}

/** Words as a shell would cut them; undefined where a quote is not closed. */
export function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '"' || sign === "'") {
      const end = closing(text, at + 1, sign);
      if (end === -1) return undefined;
      word = (word ?? '') + text.slice(at + 1, end).replaceAll(/\\(.)/g, '$1');
      at = end;
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  return word === undefined ? words : [...words, word];
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

const NOTHING = { values: [], complete: false, fills: false } as const;

interface ReadRule {
  readonly conditions: readonly Condition[];
  readonly action: Action;
  readonly comment?: string;
}

function ruleOf(words: readonly string[], version: 4 | 6, chainId: (name: string) => string): ReadRule {
  const conditions: Condition[] = [];
  const ip = version === 4 ? 'ip' : 'ip6';
  let protocol = '';
  let action: Action = { does: 'continue' };
  let comment: string | undefined;
  let negated = false;
  let at = 0;
  const value = (): string => words[(at += 1)] ?? '';
  const over = (key: string, values: readonly string[]): void => {
    const sorted = values.toSorted();
    const label = sorted.length === 1 ? (sorted[0] ?? '') : `{ ${sorted.join(', ')} }`;
    conditions.push(condition(key, negated, () => ({ values, complete: true, fills: false }), label));
  };
  const ports = (text: string): readonly string[] =>
    text.split(',').map((one) => one.replace(/^:/, '0:').replace(/:$/, ':65535').replace(':', '-'));
  const th = (): string => (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : 'th');
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '!') {
      negated = true;
      continue;
    }
    if (word === '-p' || word === '--protocol') {
      protocol = value();
      // A port says its protocol already; alone it is the condition.
      if (!hasPorts(words) || negated) over('meta l4proto', [protocol]);
    } else if (word === '-m' || word === '--match') {
      const name = value();
      if (EXTENSIONS.has(name) && !words.includes('!')) conditions.push(constantCondition(`-m ${name}`, false));
      else if (!MODULES.has(name)) conditions.push(condition(`-m ${name}`, words.includes('!'), () => NOTHING, ''));
    } else if (/^(?:-s|--source|--src)$/.test(word)) over(`${ip} saddr`, value().split(',').map(shortMask));
    else if (/^(?:-d|--destination|--dst)$/.test(word)) over(`${ip} daddr`, value().split(',').map(shortMask));
    else if (word === '-i' || word === '--in-interface') over('iifname', [value().replace(/\+$/, '*')]);
    else if (word === '-o' || word === '--out-interface') over('oifname', [value().replace(/\+$/, '*')]);
    else if (/^--(?:dport|dports|destination-port|destination-ports)$/.test(word)) over(`${th()} dport`, ports(value()));
    else if (/^--(?:sport|sports|source-port|source-ports)$/.test(word)) over(`${th()} sport`, ports(value()));
    else if (word === '--ctstate' || word === '--state') {
      const states = value().toLowerCase().split(',').toSorted();
      conditions.push(condition('ct state', negated, () => ({ values: states, complete: true, fills: false }), states.join(',')));
    } else if (word === '--comment') comment = value();
    else if (/^--(?:icmp-type|icmpv6-type)$/.test(word)) over(version === 4 ? 'icmp type' : 'icmpv6 type', [value()]);
    else if (word === '--syn' || word === '--tcp-flags') {
      const [mask, flags] = word === '--syn' ? ['FIN,SYN,RST,ACK', 'SYN'] : [value(), value()];
      conditions.push(opening(mask.toLowerCase().split(','), flags.toLowerCase().split(','), negated));
    } else if (word === '--dst-type') over('fib daddr type', value().toLowerCase().split(','));
    else if (word === '--src-type') over('fib saddr type', value().toLowerCase().split(','));
    else if (word === '--pkt-type') over('meta pkttype', [value()]);
    else if (word === '--src-range') over(`${ip} saddr`, [value()]);
    else if (word === '--dst-range') over(`${ip} daddr`, [value()]);
    else if (/^--(?:limit|hashlimit-upto|hashlimit|connlimit-upto)$/.test(word))
      conditions.push(constantCondition(`limit rate ${value()}`, !negated));
    else if (/^--(?:hashlimit-above|connlimit-above)$/.test(word))
      conditions.push(constantCondition(`limit rate over ${value()}`, negated));
    else if (
      /^--(?:limit-burst|hashlimit-.*|connlimit-(?:mask|saddr|daddr)|reject-with|log-.*|nflog-.*|mask|name|seconds|hitcount|rsource|reap|rttl|to-source|ctmask|nfmask)$/.test(
        word,
      )
    ) {
      if (!/^--(?:rsource|reap|rttl|connlimit-[sd]addr|log-(?:tcp-.*|ip-options|uid|macdecode))$/.test(word)) at += 1;
    } else if (/^--(?:update|rcheck|set|remove)$/.test(word))
      conditions.push(word === '--set' ? constantCondition('recent set', true) : listed(`recent ${word.slice(2)}`, negated));
    else if (word === '--match-set') {
      const [name, of] = [value(), value()];
      conditions.push(of.startsWith('src') ? listed(`${ip} saddr @${name}`, negated) : unclearCondition(`@${name} ${of}`));
    } else if (word === '--validmark' || word === '--loose' || word === '--accept-local') continue;
    else if (word === '--invert') conditions.push(constantCondition('rpfilter', false));
    else if (/^(?:-j|--jump|-g|--goto)$/.test(word)) {
      const target = value();
      const made = targetOf(target, words.slice(at + 1), /^-g|--goto/.test(word), chainId);
      action = made;
      // Options of a target that marks or sends elsewhere belong to it; a condition that follows a verdict is one all the same.
      if (PASSING.has(target) || /^(?:redirect|forward-to|unclear)$/.test(made.does) || /^(?:MASQUERADE|SNAT|TARPIT)$/.test(target))
        while (at + 1 < words.length && !/^(?:-[a-z]|!)$/.test(words[at + 1] ?? '')) at += 1;
    } else if (word === '-c' || word === '--set-counters') at += 2;
    else if (word === '-4' || word === '-6') {
      if (word !== `-${version}`) conditions.push(constantCondition(word, false));
    } else if (word.startsWith('--') && conditions.some(({ text }) => text.startsWith('-m '))) {
      // An option of a module that was not understood: nor is its value.
      while (at + 1 < words.length && !/^(?:-|!)/.test(words[at + 1] ?? '')) at += 1;
    } else conditions.push(unclearCondition(word));
    negated = false;
  }
  return { conditions, action, ...(comment === undefined ? {} : { comment }) };
}

function hasPorts(words: readonly string[]): boolean {
  return words.some((word) => /^--(?:dports?|sports?|destination-ports?|source-ports?|icmp-type|icmpv6-type|syn|tcp-flags)$/.test(word));
}

/** A whole address is written without its length, as nftables writes it. */
function shortMask(address: string): string {
  return address.replace(/\/(?:32|255\.255\.255\.255)$/, '').replace(/^([0-9a-f:]*:[0-9a-f:]*)\/128$/i, '$1');
}

/** It is in a list that rules or programs fill. */
function listed(text: string, negated: boolean): Condition {
  return negated ? unclearCondition(`!= ${text}`) : { text, narrowing: 'narrow', asksSource: true, fills: true, test: () => false };
}

function opening(mask: readonly string[], flags: readonly string[], negated: boolean): Condition {
  const text = `tcp flags ${negated ? '!= ' : ''}${flags.toSorted().join(',')} / ${mask.toSorted().join(',')}`;
  const wanted = flags.filter((flag) => flag !== 'none');
  const seen = mask.includes('syn') || mask.includes('all') ? ['syn'] : [];
  const same = wanted.length === seen.length && wanted.every((flag) => seen.includes(flag));
  return { text, narrowing: same !== negated ? 'everything' : 'narrow', test: ({ protocol }) => protocol === 'tcp' && same !== negated };
}

function targetOf(target: string, rest: readonly string[], goto: boolean, chainId: (name: string) => string): Action {
  if (target === 'ACCEPT' || target === 'DROP' || target === 'REJECT' || target === 'RETURN')
    return { does: ({ ACCEPT: 'accept', DROP: 'drop', REJECT: 'reject', RETURN: 'return' } as const)[target] };
  if (PASSING.has(target)) return { does: 'continue' };
  if (target === 'MASQUERADE' || target === 'SNAT') return { does: 'accept' };
  if (target === 'TARPIT') return { does: 'drop' };
  const to = rest[rest.findIndex((word) => word === '--to-destination' || word === '--to-ports' || word === '--to-port') + 1];
  if (target === 'REDIRECT')
    return to === undefined || to === rest[0]
      ? { does: 'redirect' }
      : /^\d+$/.test(to)
        ? { does: 'redirect', port: Number(to) }
        : { does: 'unclear' };
  if (target === 'DNAT') {
    const [, address = '', port] = /^\[?([0-9a-f.]+|[0-9a-f:.]+(?=\]|$))\]?(?::(\d+))?$/i.exec(to ?? '') ?? [];
    return address === '' ? { does: 'unclear' } : { does: 'forward-to', address, ...(port === undefined ? {} : { port: Number(port) }) };
  }
  if (target === target.toUpperCase() && /^(?:NFQUEUE|QUEUE|TPROXY|SYNPROXY|MIRROR|NETMAP|CLUSTERIP|SAME|DNPT|SNPT)$/.test(target))
    return { does: 'unclear' };
  return { does: goto ? 'goto' : 'jump', chain: chainId(target) };
}
