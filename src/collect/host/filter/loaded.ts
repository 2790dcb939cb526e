import { known, unknown, type Fact, type Origin, type Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import type { HOST_COMMANDS } from '../../../world/host-command.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import type { Routes } from './arrival.ts';
import { readFirewalld } from './firewalld.ts';
import { readIptables, type IptablesLine } from './iptables.ts';
import { readNftables, type NftInclude } from './nftables.ts';
import type { NftSource } from './nft-tokens.ts';
import type { FilterChain, Ruleset } from './ruleset.ts';
import { readUfw, ufwEnabled, ufwLines } from './ufw.ts';

type Engine = 'nftables' | 'iptables' | 'ufw' | 'firewalld' | 'none';

/** The filter of a host: what is loaded, or, where it does not run, what would be. */
export interface LoadedFilter {
  readonly engine: Engine;
  readonly ruleset: Ruleset;
  readonly origin: Origin;
  readonly persistent: Fact<boolean>;
  readonly routes: Routes | undefined;
  /** False where the host has no IPv6 at all; undefined where that is not known. */
  readonly ipv6: boolean | undefined;
  /** Why the comments of its rules are not known. */
  readonly comments?: Unknown;
}

/** What each unit loads: those of Red Hat have one for each family. */
const RULES_FILES = [
  { unit: 'netfilter-persistent.service', path: '/etc/iptables/rules.v4', version: 4 },
  { unit: 'netfilter-persistent.service', path: '/etc/iptables/rules.v6', version: 6 },
  { unit: 'iptables.service', path: '/etc/sysconfig/iptables', version: 4 },
  { unit: 'ip6tables.service', path: '/etc/sysconfig/ip6tables', version: 6 },
] as const;
const NFT_FILES = ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'] as const;
const UNITS = {
  nftables: ['nftables.service'],
  iptables: ['netfilter-persistent.service', 'iptables.service', 'ip6tables.service'],
  ufw: ['ufw.service'],
  firewalld: ['firewalld.service'],
} as const;
const EMPTY: Ruleset = { chains: new Map(), problems: [] };

/** Brings the rules of a host, whatever engine made them. */
export function loadedFilter(context: HostContext): Promise<LoadedFilter | Unknown> {
  return context.host.form === 'root' ? declaredFilter(context) : runningFilter(context);
}

/** What would be loaded at the start of a machine that does not run: by the units that are enabled there. */
async function declaredFilter(context: HostContext): Promise<LoadedFilter | Unknown> {
  const engines: Exclude<Engine, 'none'>[] = [];
  for (const engine of ['nftables', 'iptables', 'ufw', 'firewalld'] as const) {
    const { enabled } = await unitState(context, UNITS[engine]);
    if (enabled.state === 'unknown') return enabled;
    if (enabled.state !== 'known' || !enabled.value) continue;
    if (engine === 'ufw') {
      const on = await ufwEnabled(context.open);
      if (typeof on === 'object') return on;
      if (on !== true) continue;
    }
    engines.push(engine);
  }
  const [engine, second] = engines;
  if (second !== undefined) return unknown('unresolved', `${engines.join(' and ')} are both loaded at the start`, context.at);
  const rest = { routes: undefined, ipv6: undefined, persistent: known(engine !== undefined, context.at) };
  if (engine === undefined) return { ...rest, engine: 'none', ruleset: EMPTY, origin: context.at };
  const read = await declaredRules(engine, context);
  return 'state' in read ? read : { ...rest, engine, ...read };
}

async function declaredRules(
  engine: Exclude<Engine, 'none'>,
  context: HostContext,
): Promise<{ readonly ruleset: Ruleset; readonly origin: Origin } | Unknown> {
  if (engine === 'firewalld' || engine === 'ufw') {
    const ruleset = await (engine === 'ufw' ? readUfw(context) : readFirewalld(context));
    return 'state' in ruleset ? ruleset : { ruleset, origin: context.at };
  }
  if (engine === 'nftables') {
    const file = await firstOf(NFT_FILES, context);
    if (!(file instanceof SourceText))
      return file === 'not-there' ? unknown('unresolved', `${NFT_FILES[0]} is not there`, context.at) : file;
    return { ruleset: await readNftables(fileSource(file), includes(context)), origin: file.origin(0, 0) };
  }
  const chains = new Map<string, FilterChain>();
  const problems: Ruleset['problems'][number][] = [];
  let origin: Origin | undefined;
  for (const { unit, path, version } of RULES_FILES) {
    const { enabled } = await unitState(context, [unit]);
    if (enabled.state === 'unknown') return enabled;
    if (enabled.state !== 'known' || !enabled.value) continue;
    const file = await context.open(path);
    if (file === 'not-there') continue; // nothing is loaded for this family
    if (!(file instanceof SourceText)) return file;
    origin ??= file.origin(0, 0);
    problems.push(
      ...readIptables(
        linesOf(file.text, (_, start, end) => file.origin(start, end)),
        version,
        chains,
      ),
    );
  }
  return { ruleset: { chains, problems }, origin: origin ?? context.at };
}

async function firstOf(paths: readonly string[], { open }: HostContext): Promise<SourceText | Unknown | 'not-there'> {
  for (const path of paths) {
    const file = await open(path);
    if (file !== 'not-there') return file;
  }
  return 'not-there';
}

function fileSource(file: SourceText): NftSource {
  return { text: file.text, origin: (start, end) => file.origin(start, end), listed: false };
}

/** Files that nftables.conf includes: absolute, or beside it; `*` in the last part stands for names without a leading dot. */
function includes(context: HostContext): NftInclude {
  return async (pattern) => {
    const path = pattern.startsWith('/') ? pattern : `/etc/${pattern.replace(/^\.\//, '')}`;
    const directory = path.slice(0, path.lastIndexOf('/'));
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (/[*?[\]{}]/.test(directory) || /[?[\]{}]/.test(name)) return unknown('unsupported', `include ${pattern}`);
    let paths = [path];
    if (name.includes('*')) {
      const listing = await context.host.list(directory);
      if (listing === 'not-there') return [];
      if ('state' in listing) return listing;
      const [first = '', ...rest] = name.split('*');
      const fits = (file: string): boolean =>
        file.startsWith(first) && file.endsWith(rest.at(-1) ?? '') && rest.length === 1 && !file.startsWith('.');
      paths = listing.entries.map((entry) => entry.path).filter((file) => fits(file.slice(file.lastIndexOf('/') + 1)));
      if (rest.length > 1) return unknown('unsupported', `include ${pattern}`);
    }
    const sources: NftSource[] = [];
    for (const one of paths) {
      const file = await context.open(one);
      if (!(file instanceof SourceText))
        return file === 'not-there' ? unknown('unresolved', `include ${pattern}: ${one} is not there`) : file;
      sources.push(fileSource(file));
    }
    return sources;
  };
}

function linesOf(text: string, origin: (line: number, start: number, end: number) => Origin): readonly IptablesLine[] {
  let start = 0;
  return text.split('\n').map((line, index) => {
    const from = start;
    start += line.length + 1;
    return { text: line, origin: origin(index + 1, from, from + line.length) };
  });
}

const SAVERS = { 4: ['iptables-save', 'iptables-legacy-save'], 6: ['ip6tables-save', 'ip6tables-legacy-save'] } as const satisfies Readonly<
  Record<4 | 6, readonly (keyof typeof HOST_COMMANDS)[]>
>;

/** What the kernel has loaded: nftables' own tables, and those of iptables by its own words, which nft does not know. */
async function runningFilter(context: HostContext): Promise<LoadedFilter | Unknown> {
  const { command, at, host } = context;
  const listed = await command('nft list ruleset');
  if (listed !== 'not-there' && 'state' in listed) return listed;
  const lineOrigins = listed === 'not-there' ? undefined : lineOrigin(listed.text, listed.origin);
  const nft =
    listed === 'not-there' || lineOrigins === undefined
      ? EMPTY
      : await readNftables({ text: listed.text, origin: lineOrigins, listed: true }, async (pattern) =>
          unknown('unsupported', `include ${pattern}`),
        );
  const chains = new Map(nft.chains);
  const problems = [...nft.problems];
  let asked = listed !== 'not-there';
  let byIptables = false;
  const comments = await ufwComments(context);
  for (const version of [4, 6] as const) {
    const old = await legacyTables(context, version);
    if (typeof old === 'object') return old;
    let oldSeen = !old;
    for (const saver of SAVERS[version]) {
      if (saver.includes('legacy') && oldSeen) continue;
      const output = await command(saver);
      if (output === 'not-there') continue;
      if ('state' in output) return output;
      asked = true;
      const modern = output.text.includes('(nf_tables)');
      oldSeen ||= !modern;
      const lines = linesOf(output.text, (line) => output.origin(line)).map((line) =>
        ufwLine(line, comments.lines.get(`${version} ${canonical(line.text)}`)),
      );
      const read = new Map<string, FilterChain>();
      const found = readIptables(lines, version, read, modern ? undefined : `legacy${version}`);
      if (modern && listed !== 'not-there') byIptables = joined(chains, read) || byIptables;
      else {
        problems.push(...found);
        // It prints what it does not understand of others' tables as if it were less.
        if (/incompatible/.test(output.text)) problems.push({ cause: 'unsupported', detail: 'iptables: a table of nftables' });
        for (const [id, chain] of read) chains.set(id, chain);
        byIptables ||= [...read.values()].some(({ rules, base }) => rules.length > 0 || base?.policy === 'drop');
      }
    }
    if (!oldSeen) return unknown('not-collected', 'tables of iptables-legacy are loaded, and its program is not there', at);
  }
  const empty = ![...chains.values()].some(({ base, rules }) => base !== undefined && (rules.length > 0 || base.policy === 'drop'));
  const engine = empty ? 'none' : engineOf(chains, byIptables);
  // Without any program of a packet filter there is none to load rules: firewalld brings its own library.
  if (!asked && engine === 'none') {
    const { present } = await unitState(context, UNITS.firewalld, ['firewalld']);
    if (present) return unknown('not-collected', 'firewalld runs, and nft is not there to list its rules', at);
  }
  const { enabled } = engine === 'none' ? { enabled: known(false, at) } : await unitState(context, UNITS[engine]);
  const origin = listed === 'not-there' ? at : listed.origin();
  return {
    engine,
    ruleset: { chains, problems },
    origin,
    persistent: enabled,
    routes: await routesOf(context),
    ipv6: await hasIpv6(host),
    ...(engine === 'ufw' && comments.why !== undefined ? { comments: comments.why } : {}),
  };
}

/**
 * Joins what iptables says of its chains to what nft lists of them: conditions that nft has no words for (`xt match …`), and comments, which it
 * leaves out. Only where both list as many rules: iptables prints those of others wrongly. True where a chain is its own.
 */
function joined(chains: ReadonlyMap<string, FilterChain>, read: ReadonlyMap<string, FilterChain>): boolean {
  let own = false;
  for (const [id, { rules, base }] of read) {
    const chain = chains.get(id);
    if (chain === undefined || chain.rules.length !== rules.length) continue;
    own ||= rules.length > 0 || base?.policy === 'drop';
    for (const [index, line] of rules.entries()) {
      const listed = chain.rules[index];
      if (listed === undefined) continue;
      const odd = listed.action.does === 'unclear' || listed.conditions.some(({ text }) => /\bxt (?:match|target)\b|^#/.test(text));
      const { comment, shipped, origin } = line;
      chain.rules[index] = {
        ...(odd ? line : listed),
        origin,
        ...(comment === undefined ? {} : { comment }),
        ...(shipped === undefined ? {} : { shipped }),
      };
    }
  }
  return own;
}

/** The rules of ufw's user, with their comments, which the kernel does not keep. */
async function ufwComments({ open }: HostContext): Promise<{ readonly lines: ReadonlyMap<string, IptablesLine>; readonly why?: Unknown }> {
  const lines = new Map<string, IptablesLine>();
  for (const version of [4, 6] as const) {
    const file = await open(`/etc/ufw/user${version === 4 ? '' : '6'}.rules`);
    if (file instanceof SourceText) for (const line of ufwLines(file)) lines.set(`${version} ${canonical(line.text)}`, line);
    else if (file !== 'not-there') return { lines, why: file };
  }
  return { lines };
}

/** Does the kernel have tables of the old iptables, which nft does not list? Root alone may read that. */
async function legacyTables({ host }: HostContext, version: 4 | 6): Promise<boolean | Unknown> {
  const file = await host.read(`/proc/net/ip${version === 4 ? '' : '6'}_tables_names`);
  if (file === 'not-there') return false;
  return 'state' in file ? file : new TextDecoder().decode(file.bytes).trim() !== '';
}

/** The same rule in a file and in what the kernel lists: modules that say nothing of their own are left out. */
function canonical(line: string): string {
  return line
    .replaceAll(/ -m (?:tcp|udp)\b/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A rule that stands in ufw's own chains is shipped, or its comment is in the file that ufw keeps. */
function ufwLine(line: IptablesLine, own: IptablesLine | undefined): IptablesLine {
  if (/^-A ufw6?-(?:before|after|not-local|logging|skip|track|user-limit)/.test(line.text)) return { ...line, shipped: true };
  return own?.comment === undefined ? line : { ...line, comment: own.comment };
}

function engineOf(chains: ReadonlyMap<string, FilterChain>, byIptables: boolean): Exclude<Engine, 'none'> {
  const ids = [...chains.keys()];
  if (ids.some((id) => /^\w+ firewalld /.test(id))) return 'firewalld';
  if (ids.some((id) => / ufw6?-/.test(id))) return 'ufw';
  return byIptables ? 'iptables' : 'nftables';
}

/** Where a stretch of a command's output stands: its line. */
function lineOrigin(text: string, origin: (line?: number) => Origin): (start: number) => Origin {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (start) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    return origin(low + 1);
  };
}

/** Interfaces of the widest routes of IPv6: `DESTINATION LENGTH … INTERFACE`, in hexadecimal digits; undefined where that cannot be read. */
async function outside6({ host }: HostContext): Promise<readonly string[] | undefined> {
  const file = await host.read('/proc/net/ipv6_route');
  if (file === 'not-there') return [];
  if ('state' in file) return undefined;
  const names = new Set<string>();
  for (const line of new TextDecoder().decode(file.bytes).split('\n')) {
    if (line.trim() === '') continue;
    const fields = line.trim().split(/\s+/);
    const [length, name] = [/^[0-9a-f]{2}$/.exec(fields[1] ?? '')?.[0], fields[9]];
    if (length === undefined || name === undefined) return undefined;
    if (Number.parseInt(length, 16) <= 3 && name !== 'lo') names.add(name);
  }
  return [...names].toSorted();
}

async function routesOf(context: HostContext): Promise<Routes | undefined> {
  const { command } = context;
  const output = await command('ip route');
  if (output === 'not-there' || 'state' in output) return undefined;
  let routes: unknown;
  try {
    routes = JSON.parse(output.text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(routes)) return undefined;
  const networks: { readonly to: string; readonly interface: string }[] = [];
  const outside = new Set<string>();
  for (const route of routes) {
    const { dst, dev, table = 'main', nexthops } = isRecord(route) ? route : {};
    const devices = [dev, ...(Array.isArray(nexthops) ? nexthops.map((hop) => (isRecord(hop) ? hop['dev'] : undefined)) : [])];
    for (const name of devices) {
      if (typeof dst !== 'string' || typeof name !== 'string' || name === 'lo') continue;
      // Half of all addresses is what a tunnel writes to take all of them.
      if (dst === 'default' || /\/[0-3]$/.test(dst)) outside.add(name);
      else if (table === 'main') networks.push({ to: dst, interface: name });
    }
  }
  return { outside: { 4: [...outside].toSorted(), 6: await outside6(context) }, networks };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A kernel without IPv6 has no such file; one that is told to keep from it has no address but its own. */
async function hasIpv6(host: HostContext['host']): Promise<boolean | undefined> {
  const file = await host.read('/proc/net/if_inet6');
  if (file === 'not-there') return false;
  if ('state' in file) return undefined;
  const others = new TextDecoder()
    .decode(file.bytes)
    .split('\n')
    .some((line) => line.trim() !== '' && !line.trimEnd().endsWith(' lo'));
  const off = await host.read('/proc/sys/net/ipv6/conf/default/disable_ipv6');
  const disabled = off !== 'not-there' && !('state' in off) && new TextDecoder().decode(off.bytes).trim() === '1';
  return others || !disabled;
}
