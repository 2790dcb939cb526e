import { ipBytes } from '../../../model/ip-address.ts';
import { UNCLEAR, not, type Answer, type Condition, type Interval, type Narrowing, type Packet } from './packet.ts';

/** What a key is compared with: values as they are written, and whether there may be more of them. */
export interface Members {
  readonly values: readonly string[];
  /** False where one could not be read. */
  readonly complete: boolean;
  /** Rules, or programs such as fail2ban, put addresses in and take them out. */
  readonly fills: boolean;
}

const ANY_PORT = 60_000n;
const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6', '2': 'igmp' };
const MESSAGES = new Set(['icmp', 'icmpv6', 'ipv6-icmp', 'igmp', 'esp', 'ah', 'vrrp', '50', '51', '112']);
/** Keys of what only some packets have. */
const SOME =
  /^(?:meta (?:mark|skuid|skgid|cgroup|rtclassid|iifgroup)|ct (?:mark|status|zone|helper|label|original .*)|ether saddr|-m (?:mark|connmark|mac|owner|policy|physdev|string|u32|time|length|ttl|helper|tos|dscp|bpf|geoip|cgroup|dccp|sctp|hl|eui64)\b)/;
const ANSWERS = new Set(['established', 'related']);
/** Services by the names that rules use (IANA's register of port numbers). */
const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21, ssh: 22, telnet: 23, smtp: 25, domain: 53, bootps: 67, bootpc: 68, tftp: 69, http: 80, www: 80, kerberos: 88, pop3: 110,
  sunrpc: 111, ntp: 123, imap2: 143, imap: 143, snmp: 161, bgp: 179, ldap: 389, https: 443, 'microsoft-ds': 445, submissions: 465,
  syslog: 514, submission: 587, ldaps: 636, imaps: 993, pop3s: 995, 'ms-sql-s': 1433, nfs: 2049, mysql: 3306, 'ms-wbt-server': 3389,
  'dhcpv6-client': 546, 'dhcpv6-server': 547, mdns: 5353, postgresql: 5432, amqp: 5672, redis: 6379, 'http-alt': 8080,
}; // prettier-ignore

/**
 * A condition as nftables writes it: a key (`tcp dport`, `ip saddr`, `iifname`), and what it shall be. iptables, ufw and firewalld
 * are brought to the same keys. `members` is asked when a packet is there: a named set may be filled further down.
 */
export function condition(key: string, negated: boolean, members: () => Members, label: string): Condition {
  const text = `${key} ${negated ? '!= ' : ''}${label}`;
  const { values } = members();
  const rest = { text, negated, members };
  const port = /^(tcp|udp|th|sctp|dccp|udplite) (dport|sport)$/.exec(key);
  if (port !== null) return portCondition(port[1] ?? '', port[2] === 'sport', rest);
  const address = /^(ip|ip6) (saddr|daddr)$/.exec(key);
  if (address !== null) return addressCondition(address[1] === 'ip' ? 4 : 6, address[2] === 'saddr', rest);
  if (/^iif(?:name)?$/.test(key)) return interfaceCondition(rest);
  if (/^oif(?:name)?$/.test(key))
    return {
      text,
      narrowing: 'narrow',
      test: ({ leaves }) => (leaves === UNCLEAR ? 'unclear' : matching(rest, (value) => sameInterface(value, leaves ?? ''))),
    };
  if (/^(?:meta l4proto|ip protocol|ip6 nexthdr)$/.test(key)) return protocolCondition(key, rest);
  if (/^(?:meta nfproto|meta protocol|ether type)$/.test(key)) {
    const version = ({ version: of }: Packet, value: string): boolean =>
      value === (of === 4 ? 'ipv4' : 'ipv6') || value === (of === 4 ? 'ip' : 'ip6');
    return { text, narrowing: 'everything', test: (packet) => matching(rest, (value) => version(packet, value)) };
  }
  if (key === 'ct state') {
    const narrowing = negated
      ? values.includes('new')
        ? 'narrow'
        : 'everything'
      : values.length > 0 && values.every((value) => ANSWERS.has(value))
        ? 'answers'
        : values.includes('new')
          ? 'everything'
          : 'narrow';
    return { text, narrowing, test: () => matching(rest, (value) => value === 'new') };
  }
  if (key === 'ct direction') return ofAnyPacket(rest, (value) => value === 'original');
  // Who sends chooses a packet to one host; so it is that of every TCP connection.
  if (key === 'meta pkttype') return ofAnyPacket(rest, (value) => value === 'host' || value === 'unicast');
  if (key === 'fib daddr type')
    return {
      text,
      narrowing: 'everything',
      test: ({ leaves }) => (leaves === undefined ? matching(rest, (value) => value === 'local') : 'unclear'),
    };
  if (key === 'fib saddr type') return ofAnyPacket(rest, (value) => value === 'unicast');
  // No route back: not so for an address that can talk to this host.
  if (/^fib saddr .*oif(?:name)?$/.test(key) && !negated && values.length === 1 && /^(?:missing|0|"")$/.test(values[0] ?? ''))
    return { text, narrowing: 'narrow', test: () => false };
  if (/^(?:icmp|icmpv6|igmp) /.test(key)) return { text, narrowing: 'messages', test: () => false };
  // Headers that a plain packet of TCP or UDP does not have.
  if (/^(?:rt|frag|hbh|dst|mh|ah|esp|comp) /.test(key) && !negated) return { text, narrowing: 'narrow', test: () => false };
  if (SOME.test(key) && !negated) return { text, narrowing: 'narrow', test: () => 'unclear' };
  return unclearCondition(text);
}

/** A condition that was not understood. */
export function unclearCondition(text: string): Condition {
  return { text, narrowing: 'unclear', test: () => 'unclear' };
}

/** A condition that always holds, or never does, for the first packet of a patient sender. */
export function constantCondition(text: string, answer: boolean, narrowing: Narrowing = answer ? 'everything' : 'narrow'): Condition {
  return { text, narrowing, test: () => answer };
}

interface Comparison {
  readonly text: string;
  readonly negated: boolean;
  readonly members: () => Members;
}

/** Is the packet's value among the members? An `unclear` member may be it. */
function matching({ negated, members }: Comparison, is: (value: string) => Answer): Answer {
  const { values, complete } = members();
  let answer: Answer = complete ? false : 'unclear';
  for (const value of values) {
    const one = is(value);
    if (one === true) return !negated;
    if (one === 'unclear') answer = 'unclear';
  }
  return negated ? not(answer) : answer;
}

/** A condition that says the same of every packet that is asked for. */
function ofAnyPacket(comparison: Comparison, is: (value: string) => boolean): Condition {
  const answer = matching(comparison, is);
  const narrowing = answer === 'unclear' ? 'unclear' : answer ? 'everything' : 'narrow';
  return { text: comparison.text, narrowing, test: () => matching(comparison, is) };
}

function portCondition(protocol: string, source: boolean, comparison: Comparison): Condition {
  const { text, negated, members } = comparison;
  const { values } = members();
  const intervals = values.map(portInterval).filter((interval) => interval !== undefined);
  const covers = intervals.reduce((sum, [from, to]) => sum + (to - from) + 1n, 0n);
  const wide = negated ? covers <= 65_535n - ANY_PORT : covers >= ANY_PORT;
  return {
    text,
    narrowing: source || wide ? 'everything' : 'narrow',
    ...(source ? { sourcePorts: intervals } : { ports: intervals }),
    test: (packet) => {
      if (protocol === 'th' ? packet.protocol === 'other' : packet.protocol !== protocol) return false;
      const wanted = BigInt(source ? packet.sourcePort : packet.port);
      return matching(comparison, (value) => {
        const interval = portInterval(value);
        return interval === undefined ? 'unclear' : interval[0] <= wanted && wanted <= interval[1];
      });
    },
  };
}

function portInterval(value: string): Interval | undefined {
  const [, from = '', to = from] = /^([\w-]+?)(?:[-:](\d+))?$/.exec(value) ?? [];
  const number = (word: string): number | undefined =>
    /^\d{1,5}$/.test(word) ? Number(word) : Object.hasOwn(SERVICES, word) ? SERVICES[word] : undefined;
  const whole = number(value);
  if (whole !== undefined) return [BigInt(whole), BigInt(whole)];
  const [low, high] = [number(from), number(to)];
  return low === undefined || high === undefined ? undefined : [BigInt(low), BigInt(high)];
}

function addressCondition(version: 4 | 6, source: boolean, comparison: Comparison): Condition {
  const { text, negated, members } = comparison;
  const { values, fills } = members();
  const read = new Map<string, Interval | undefined>();
  const intervalOf = (value: string): Interval | undefined => {
    if (!read.has(value)) read.set(value, addressInterval(value));
    return read.get(value);
  };
  const every = !negated && values.some((value) => isEvery(intervalOf(value), version));
  // Half of all addresses is no partner, and all but a few are none either: of IPv6, an eighth is all that is given out (2000::/3).
  const many = 1n << (version === 4 ? 31n : 125n);
  const covers = values.map(intervalOf).reduce((sum, interval) => sum + (interval === undefined ? 0n : interval[1] - interval[0] + 1n), 0n);
  return {
    text,
    narrowing: (negated ? covers < many : covers >= many) ? 'everything' : 'narrow',
    ...(source && !every ? { asksSource: true as const } : {}),
    ...(fills ? { fills: true as const } : {}),
    test: (packet) => {
      if (packet.version !== version) return false;
      const wanted = source ? packet.source : packet.destination;
      return matching(comparison, (value) => {
        const interval = intervalOf(value);
        if (interval === undefined) return 'unclear';
        if (wanted === undefined) return isEvery(interval, version) ? true : neverLocal(interval[0], version) ? false : 'unclear';
        return interval[0] <= wanted && wanted <= interval[1];
      });
    },
  };
}

/** Groups and broadcasts are no address of a host. */
function neverLocal(address: bigint, version: 4 | 6): boolean {
  return version === 4 ? address >> 28n === 0xen || address === 0xffffffffn : address >> 120n === 0xffn;
}

function isEvery(interval: Interval | undefined, version: 4 | 6): boolean {
  return interval !== undefined && interval[0] === 0n && interval[1] === (1n << (version === 4 ? 32n : 128n)) - 1n;
}

/** An address, a network (`10.0.0.0/8`, `10.0.0.0/255.0.0.0`) or a range (`a-b`). */
export function addressInterval(value: string): Interval | undefined {
  const [, from, to] = /^([0-9a-f:.]+)-([0-9a-f:.]+)$/i.exec(value) ?? [];
  if (from !== undefined && to !== undefined) {
    const [low, high] = [addressNumber(from), addressNumber(to)];
    return low === undefined || high === undefined ? undefined : [low, high];
  }
  const [address = '', length] = value.split('/');
  const number = addressNumber(address);
  if (number === undefined) return undefined;
  const bits = address.includes(':') ? 128 : 32;
  const prefix = length === undefined ? bits : prefixLength(length, bits);
  if (prefix === undefined) return undefined;
  const free = (1n << BigInt(bits - prefix)) - 1n;
  return [number & ~free, number | free];
}

function prefixLength(text: string, bits: number): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  const mask = addressNumber(text);
  if (mask === undefined) return undefined;
  const written = mask.toString(2).padStart(bits, '0');
  return /^1*0*$/.test(written) ? written.replace(/0+$/, '').length : undefined;
}

/** An address as a number. */
export function addressNumber(text: string): bigint | undefined {
  const bytes = ipBytes(text);
  return bytes === undefined ? undefined : bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function interfaceCondition(comparison: Comparison): Condition {
  const { text, negated, members } = comparison;
  const { values } = members();
  const narrowing = negated
    ? 'everything'
    : values.length === 0
      ? 'interface'
      : values.every((value) => value === 'lo')
        ? 'loopback'
        : values.some((value) => value === '*' || value === '+')
          ? 'everything'
          : 'interface';
  return {
    text,
    narrowing,
    interfaces: values,
    test: ({ interface: name }) => matching(comparison, (value) => sameInterface(value, name)),
  };
}

function sameInterface(pattern: string, name: string): Answer {
  if (/[*+]$/.test(pattern)) return name.startsWith(pattern.slice(0, -1));
  return pattern === name;
}

function protocolCondition(key: string, comparison: Comparison): Condition {
  const { text, negated, members } = comparison;
  const names = members().values.map((value) => PROTOCOL_NUMBERS[value] ?? value.toLowerCase());
  const narrowing = negated ? 'everything' : names.every((name) => MESSAGES.has(name)) ? 'messages' : 'everything';
  const version = key === 'ip protocol' ? 4 : key === 'ip6 nexthdr' ? 6 : undefined;
  return {
    text,
    narrowing,
    test: (packet) => {
      if (version !== undefined && packet.version !== version) return false;
      return matching(comparison, (value) => {
        const name = PROTOCOL_NUMBERS[value] ?? value.toLowerCase();
        return name === 'all' || name === '0' ? true : name === packet.protocol;
      });
    },
  };
}
