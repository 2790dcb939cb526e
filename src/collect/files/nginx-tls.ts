import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { TLS_PROTOCOLS, type tlsListener } from '../../resources/tls-listener.ts';
import { TLS13_DEFAULT } from '../../tls/openssl-suites.ts';
import { compareVersions } from './defaults.ts';
import { dhBits } from './nginx-dh.ts';
import { always, inForce, nameList, nginxDefault, onOff, seconds, setting, type NginxWorld, type Scope } from './nginx-scope.ts';
import { defaultServers, knowsDefault, type Endpoint, type Server } from './nginx-server.ts';
import { originOf, wordOrigin } from './nginx-tree.ts';
import { parseCipherString } from './openssl-ciphers.ts';
import { offeredGroup } from './openssl-groups.ts';

type ListenerFacts = KindFacts<typeof tlsListener>;
type Protocols = ListenerFacts['protocols'];

/**
 * Protocols that nginx speaks where nobody says: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols
 * (SSLv3 went in 1.9.1, TLSv1.3 came in 1.23.4, TLSv1 and TLSv1.1 went in 1.27.3).
 */
const DEFAULT_PROTOCOLS = [
  { since: '1.1.13', value: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] },
  { since: '1.9.1', value: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] },
  { since: '1.23.4', value: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] },
  { since: '1.27.3', value: ['TLSv1.2', 'TLSv1.3'] },
] as const;

/** The facts of a server's port that speaks TLS. */
export async function serverTls(endpoint: Endpoint, world: NginxWorld): Promise<ListenerFacts> {
  const { server } = endpoint;
  const { scope } = server;
  const protocols = acceptedProtocols(endpoint, world);
  const commands = confCommands(scope, 'ssl_conf_command');
  const dh = commands.get('dhparameters') ?? (await dhBits(scope, world));
  const flag = (name: string, value: boolean): Fact<boolean> => setting(scope, name, onOff, nginxDefault(world, name, always(value)));
  return {
    role: known('server', scope.at),
    observed: known(false, scope.at),
    service: known(server.protocol === 'http' ? 'https' : 'stream', scope.at),
    names: server.names,
    port: endpoint.port,
    protocols,
    suites: withoutDhe(suites(scope, 'ssl_ciphers', 'HIGH:!aNULL:!MD5', protocols, commands, world), dh),
    server_preference: commands.get('options') ?? flag('ssl_prefer_server_ciphers', false),
    groups: agreed(endpoint, 'ssl_ecdh_curve', (one) => confCommands(one.scope, 'ssl_conf_command').get('groups') ?? groups(one.scope)),
    dh_bits: dh,
    session_tickets: commands.get('options') ?? flag('ssl_session_tickets', true),
    session_lifetime: setting(scope, 'ssl_session_timeout', seconds, nginxDefault(world, 'ssl_session_timeout', always(300))),
    early_data: agreed(endpoint, 'ssl_early_data', (one) =>
      setting(one.scope, 'ssl_early_data', onOff, nginxDefault(world, 'ssl_early_data', always(false))),
    ),
    client_certificate:
      commands.get('verifymode') ??
      setting(scope, 'ssl_verify_client', verification, nginxDefault(world, 'ssl_verify_client', always('none'))),
    verifies_peer: absent(scope.at),
    verifies_name: absent(scope.at),
    stapling: flag('ssl_stapling', false),
  };
}

/** Without parameters nginx offers no DHE, whatever the cipher string says; where it is not known whether it has any, each is open. */
function withoutDhe(list: ListenerFacts['suites'], bits: Fact<number>): ListenerFacts['suites'] {
  if (list.state !== 'known' || bits.state === 'known') return list;
  const isDhe = (fact: (typeof list.value)[number]): boolean =>
    fact.state === 'known' && fact.value.key_exchange.state === 'known' && fact.value.key_exchange.value === 'DHE';
  const kept = list.value.filter((fact) => !isDhe(fact));
  const doubt =
    bits.state === 'unknown' && kept.length < list.value.length ? [unknown(bits.cause, `DHE suites: ${bits.detail}`, bits.origin)] : [];
  return known(kept, list.origin, [...(list.open ?? []), ...doubt]);
}

function verification(text: string): 'none' | 'optional' | 'required' | undefined {
  return text === 'on' ? 'required' : text === 'optional' || text === 'optional_no_ca' ? 'optional' : text === 'off' ? 'none' : undefined;
}

/** What a block itself says of protocols, for servers and (with `proxy_ssl_protocols` and its like) for clients. */
export function ownProtocols(scope: Scope, name: string, commandName: string, world: NginxWorld): Protocols {
  const written = nameList(
    scope,
    name,
    TLS_PROTOCOLS,
    nginxDefault<readonly (typeof TLS_PROTOCOLS)[number][]>(world, name, ...DEFAULT_PROTOCOLS),
  );
  const commands = confCommands(scope, commandName);
  const changed = commands.get('protocol');
  return changed ?? narrowed(written, commands);
}

/** MinProtocol and MaxProtocol narrow what ssl_protocols lets through, and never widen it. */
function narrowed(written: Protocols, commands: Commands): Protocols {
  if (written.state !== 'known' || commands.range === undefined) return written;
  const { min, max, at } = commands.range;
  const rank = (name: string): number => TLS_PROTOCOLS.findIndex((one) => one === name);
  const kept = written.value.filter(
    (fact) =>
      fact.state !== 'known' ||
      ((min === undefined || rank(fact.value) >= rank(min)) && (max === undefined || rank(fact.value) <= rank(max))),
  );
  return known(kept, derived('narrowed by ssl_conf_command', written.origin, at), written.open);
}

/**
 * Until nginx 1.29.2 the library chooses the protocol before the server name is looked at: the default server of the
 * socket decides (https://nginx.org/en/docs/http/server_names.html#virtual_server_selection). Where we cannot tell
 * which version it is, what both accept is known and the rest is open.
 */
function acceptedProtocols(endpoint: Endpoint, world: NginxWorld): Protocols {
  const { server } = endpoint;
  const protocolsOf = (one: Server): Protocols => ownProtocols(one.scope, 'ssl_protocols', 'ssl_conf_command', world);
  const own = protocolsOf(server);
  const { nginx } = world;
  const recent = nginx.state === 'known' ? compareVersions(nginx.value, '1.29.2') >= 0 : undefined;
  const elsewhere = hiddenDefault(endpoint, 'ssl_protocols');
  const hidden = recent !== true && elsewhere !== undefined ? [elsewhere] : [];
  const deciders = defaultServers(endpoint);
  if (recent === true || deciders.every((one) => one === server)) return withOpen(own, hidden);
  const others = deciders.map(protocolsOf);
  const sets = recent === false ? others : [own, ...others];
  const missing = sets.find((one) => one.state !== 'known');
  if (missing !== undefined) return missing;
  const readable = sets.flatMap((one) => (one.state === 'known' ? [one] : []));
  const [first] = readable;
  if (first === undefined) return own;
  const open = [...readable.flatMap((one) => one.open ?? []), ...hidden];
  const names = [...new Set(readable.flatMap((one) => one.value.flatMap((fact) => (fact.state === 'known' ? [fact.value] : []))))];
  const elements: Fact<(typeof TLS_PROTOCOLS)[number]>[] = [];
  for (const name of names) {
    const says = readable.flatMap((one) => one.value.filter((fact) => fact.state === 'known' && fact.value === name));
    const origin = says[0]?.origin ?? first.origin;
    if (recent === false || says.length === readable.length)
      elements.push(known(name, derived('the default server of the socket decides', origin, server.scope.at)));
    else
      open.push(unknown('unresolved', `${name}: this server or the default server of its socket decides, by the version of nginx`, origin));
  }
  return known(elements, derived('the default server of the socket decides', first.origin, server.scope.at), open);
}

function withOpen(fact: Protocols, more: readonly Unknown[]): Protocols {
  return fact.state === 'known' ? known(fact.value, fact.origin, [...(fact.open ?? []), ...more]) : fact;
}

/** Something that is not here may hold the default server of one of the sockets. */
function hiddenDefault(endpoint: Endpoint, name: string): Unknown | undefined {
  const [hole] = endpoint.server.group.holes;
  if (hole === undefined || knowsDefault(endpoint)) return undefined;
  return unknown(hole.cause, `${name} of the default server: ${hole.detail}`, hole.origin);
}

/** OpenSSL keeps these from the socket's default server when it changes to the named one: where they differ, nobody knows. */
function agreed<T>(endpoint: Endpoint, name: string, read: (server: Server) => Fact<T>): Fact<T> {
  const own = read(endpoint.server);
  if (own.state === 'unknown') return own;
  const elsewhere = hiddenDefault(endpoint, name);
  if (elsewhere !== undefined) return elsewhere;
  for (const server of defaultServers(endpoint)) {
    const other = server === endpoint.server ? own : read(server);
    if (other.state === 'unknown') return other;
    if (plain(other) !== plain(own)) return unknown('unresolved', `${name}: the default server of the socket says otherwise`, other.origin);
  }
  return own;
}

function plain(fact: unknown): string {
  return JSON.stringify(fact, (key, value: unknown) => (key === 'origin' ? undefined : value));
}

function groups(scope: Scope): ListenerFacts['groups'] {
  const found = inForce(scope, 'ssl_ecdh_curve');
  if (found.state === 'unknown') return found;
  if (found.state === 'unset') return unknown('unresolved', 'ssl_ecdh_curve: the OpenSSL library decides', found.at);
  const [node, second] = found.nodes;
  const [word] = node.args;
  const at = originOf(node);
  if (word === undefined || second !== undefined || node.args.length !== 1) return unknown('unparseable', 'ssl_ecdh_curve', at);
  if (word.dynamic || word.text === 'auto') return unknown('unresolved', `ssl_ecdh_curve ${word.text}`, at);
  const list: Fact<string>[] = [...word.text.matchAll(/[^:/]+/g)].map(({ 0: name, index }) => {
    const origin = word.literal ? node.source.origin(word.start + index, word.start + index + name.length) : at;
    return offeredGroup(name, origin);
  });
  return known(list, at);
}

/** What `ssl_conf_command` changes: attributes that are unknown by it, TLS 1.3 suites, and the range of protocols. */
interface Commands {
  get(subject: string): Unknown | undefined;
  readonly ciphersuites?: { readonly names: readonly string[]; readonly at: Origin };
  readonly range?: { readonly min?: string; readonly max?: string; readonly at: Origin };
}

/** Options that have nothing to do with what is asked here. */
const HARMLESS_OPTIONS = new Set([
  'prioritizechacha',
  'norenegotiation',
  'noresumptiononrenegotiation',
  'ktls',
  'encryptthenmac',
  'extendedmastersecret',
]);

/** https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_conf_command; in a block that is not here it is taken as not written. */
function confCommands(scope: Scope, name: string): Commands {
  const found = inForce(scope, name);
  const changed = new Map<string, Unknown>();
  if (found.state !== 'set') return changed;
  let ciphersuites: Commands['ciphersuites'];
  let range: Commands['range'];
  for (const node of found.nodes) {
    const at = originOf(node);
    const [command, value] = node.args;
    const why = unknown('unresolved', `${name} ${node.args.map(({ text }) => text).join(' ')}`.slice(0, 200), at);
    const subject = (command?.text ?? '').toLowerCase();
    const protocol = TLS_PROTOCOLS.find((one) => one === value?.text);
    if (command?.dynamic === true || value === undefined)
      for (const all of ['protocol', 'ciphers', 'groups', 'options', 'dhparameters', 'verifymode']) changed.set(all, why);
    else if (subject === 'ciphersuites' && !value.dynamic) ciphersuites = { names: value.text.split(':'), at };
    else if (subject === 'ciphersuites' || subject === 'cipherstring') changed.set('ciphers', why);
    else if (subject === 'minprotocol' && protocol !== undefined) range = { ...range, min: protocol, at };
    else if (subject === 'maxprotocol' && protocol !== undefined) range = { ...range, max: protocol, at };
    else if (/^(?:min|max)?protocol$/.test(subject)) changed.set('protocol', why);
    else if (subject === 'curves' || subject === 'groups') changed.set('groups', why);
    else if (
      subject === 'options' &&
      !value.text.split(',').every((option) => HARMLESS_OPTIONS.has(option.replace(/^[+-]/, '').toLowerCase()))
    )
      changed.set('options', why);
    else if (subject === 'dhparameters' || subject === 'verifymode') changed.set(subject, why);
  }
  return {
    get: (subject) => changed.get(subject),
    ...(ciphersuites === undefined ? {} : { ciphersuites }),
    ...(range === undefined ? {} : { range }),
  };
}

/** The suites of a cipher directive, each pointing at the word that lets it in. */
export function suites(
  scope: Scope,
  name: string,
  missing: string,
  protocols: Protocols,
  commands: Commands,
  world: NginxWorld,
): ListenerFacts['suites'] {
  const changed = commands.get('ciphers');
  if (changed !== undefined) return changed;
  const text = setting(scope, name, (written) => written, nginxDefault(world, name, always(missing)));
  if (text.state !== 'known') return text.state === 'unknown' ? text : unknown('unresolved', name, text.origin);
  const found = inForce(scope, name);
  const node = found.state === 'set' ? found.nodes[0] : undefined;
  const word = node?.args[0];
  const at = (start: number, end: number): Origin =>
    node === undefined || word === undefined
      ? text.origin
      : word.literal
        ? node.source.origin(word.start + start, word.start + end)
        : wordOrigin(node, word);
  const parsed = parseCipherString(text.value, at, protocols, world.openssl);
  return commands.ciphersuites === undefined ? parsed : withCiphersuites(parsed, commands.ciphersuites);
}

/** `ssl_conf_command Ciphersuites` names the suites of TLS 1.3. */
function withCiphersuites(parsed: ListenerFacts['suites'], { names, at }: NonNullable<Commands['ciphersuites']>): ListenerFacts['suites'] {
  if (parsed.state !== 'known') return parsed;
  const older = parsed.value.filter(
    (fact) => fact.state !== 'known' || fact.value.protocol.state !== 'known' || fact.value.protocol.value !== 'TLSv1.3',
  );
  const newer = parsed.value.filter(
    (fact) => fact.state === 'known' && !older.includes(fact) && fact.value.name.state === 'known' && names.includes(fact.value.name.value),
  );
  const moved = newer.map((fact) => (fact.state === 'known' ? known(fact.value, at) : fact));
  const others = names
    .filter((name) => !TLS13_DEFAULT.some((one) => one === name))
    .map((name) => unknown('unsupported', `suite ${name}`, at));
  return known([...moved, ...older], parsed.origin, [...(parsed.open ?? []), ...others]);
}

/** Client side: what `proxy_ssl_conf_command` and its like change. */
export function clientCommands(scope: Scope, prefix: string): Commands {
  return confCommands(scope, `${prefix}ssl_conf_command`);
}
