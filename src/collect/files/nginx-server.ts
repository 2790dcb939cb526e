import { allTrue, anyTrue, derived, known, unknown, type Fact, type NonEmpty, type Origin, type Unknown } from '../../model/fact.ts';
import type { NginxWord } from '../../text/nginx.ts';
import { always, inForce, inner, nginxDefault, onOff, type NginxWorld, type Scope } from './nginx-scope.ts';
import { byName, originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

/** One `listen` of a server. */
export interface Listen {
  readonly origin: Origin;
  /** Address and port as nginx compares them: servers with the same key share a socket. */
  readonly key: string;
  /** Port as it is written, or `unix:` with the path: what ids are made of. */
  readonly label: string;
  readonly port: Fact<number>;
  /** Reachable from this machine only. */
  readonly loopback: Fact<boolean>;
  readonly tls: Fact<boolean>;
  readonly preferred: boolean;
}

/** A virtual server of an http or stream block. */
export interface Server {
  readonly scope: Scope;
  readonly protocol: 'http' | 'stream';
  readonly node: Node;
  readonly level: Level;
  readonly names: Fact<readonly Fact<string>[]>;
  /** First server name, for ids. */
  readonly label: string;
  readonly listens: readonly Listen[];
  /** What could not be read inside of the server. */
  readonly holes: readonly Unknown[];
  /** The block that the server stands in. */
  readonly group: Group;
}

/** An http or stream block (or what is known of one that is not here): its servers share sockets. */
export interface Group {
  readonly scope: Scope;
  readonly protocol: 'http' | 'stream';
  /** A file that is included by a main file which is not here. */
  readonly fragment: boolean;
  readonly holes: readonly Unknown[];
  readonly servers: Server[];
  /** What the servers say together of each socket, by its key. */
  readonly sockets: Map<string, Socket>;
}

/** An address and port that one or more servers listen on. */
interface Socket {
  /** The server that answers before a name is known. */
  fallback: Server;
  preferred: boolean;
  /** Who makes it speak TLS, or may do so. */
  secure?: Listen;
  unclear?: Listen;
}

/** A server on one of its ports: all its sockets there. */
export interface Endpoint {
  readonly server: Server;
  readonly label: string;
  readonly listens: readonly [Listen, ...Listen[]];
  readonly tls: Fact<boolean>;
  readonly port: Fact<number>;
}

/** The servers of a block, in order: without `default_server`, the first of a socket is its default. */
export function groupOf(scope: Scope, protocol: 'http' | 'stream', fragment: boolean, world: NginxWorld): Group {
  const group: Group = {
    scope,
    protocol,
    fragment,
    holes: scope.level.holes.map(({ why }) => why),
    servers: [],
    sockets: new Map(),
  };
  for (const node of byName(scope.level).get('server') ?? []) {
    if (node.block === undefined) continue;
    const server = serverOf(node, node.block, group, world);
    group.servers.push(server);
    for (const listen of server.listens) join(group.sockets, server, listen);
  }
  return group;
}

function join(sockets: Map<string, Socket>, server: Server, listen: Listen): void {
  const socket = sockets.get(listen.key) ?? { fallback: server, preferred: false };
  if (listen.preferred && !socket.preferred) Object.assign(socket, { fallback: server, preferred: true } satisfies Partial<Socket>);
  if (listen.tls.state === 'known' && listen.tls.value) socket.secure ??= listen;
  if (listen.tls.state === 'unknown') socket.unclear ??= listen;
  sockets.set(listen.key, socket);
}

function serverOf(node: Node, level: Level, group: Group, world: NginxWorld): Server {
  const scope = inner(group.scope, node, level);
  const holes = level.holes.map(({ why }) => why);
  const named = byName(level).get('server_name') ?? [];
  const words = named.flatMap((one) => one.args.map((word) => ({ word, origin: wordOrigin(one, word) })));
  const names: Fact<string>[] = words.filter(({ word }) => word.text !== '').map(({ word, origin }) => nameFact(word, origin));
  const [first] = named;
  const listening = byName(level).get('listen') ?? [];
  const enabled = sslOn(scope);
  const listens = listening.map((one) => listenOf(one, enabled));
  return {
    scope,
    protocol: group.protocol,
    node,
    level,
    names: known(names, first === undefined ? scope.at : originOf(first), holes),
    label: words.find(({ word }) => word.text !== '')?.word.text ?? '_',
    // Without `listen` nginx takes port 80 where it runs as root: https://nginx.org/en/docs/http/ngx_http_core_module.html#listen
    listens: listens.length === 0 && holes.length === 0 ? [unwritten(scope.at, world)] : listens,
    holes,
    group,
  };
}

function nameFact(word: NginxWord, origin: Origin): Fact<string> {
  // `~` begins a regular expression, in which `$` means the end.
  return word.dynamic && !word.text.startsWith('~') ? unknown('unresolved', word.text, origin) : known(word.text, origin);
}

/** `ssl on`, for all sockets of a server (until 1.25.1); in a block that is not here it is taken as not written. */
function sslOn(scope: Scope): Fact<boolean> {
  const found = inForce(scope, 'ssl');
  if (found.state !== 'set') return known(false, scope.at);
  const at = originOf(found.nodes[0]);
  const value = onOff(found.nodes[0].args[0]?.text ?? '');
  return value === undefined ? unknown('unresolved', 'ssl', at) : known(value, at);
}

function unwritten(at: Origin, world: NginxWorld): Listen {
  const port = nginxDefault(world, 'listen', always(80))(at);
  return { origin: at, key: '*:80', label: '80', port, loopback: known(false, at), tls: known(false, at), preferred: false };
}

function listenOf(node: Node, enabled: Fact<boolean>): Listen {
  const [address, ...parameters] = node.args;
  const origin = address === undefined ? originOf(node) : wordOrigin(node, address);
  const text = address?.text ?? '';
  const unclear = parameters.find(({ dynamic }) => dynamic);
  const secure = parameters.find((word) => word.text === 'ssl' || word.text === 'quic');
  const own: Fact<boolean> =
    secure !== undefined
      ? known(true, wordOrigin(node, secure))
      : unclear !== undefined
        ? unknown('unresolved', `listen ${unclear.text}`, wordOrigin(node, unclear))
        : known(false, origin);
  return {
    origin,
    ...socketOf(text, address?.dynamic === true, origin),
    tls: own.state === 'known' && !own.value && (enabled.state !== 'known' || enabled.value) ? enabled : own,
    preferred: parameters.some((word) => word.text === 'default_server' || word.text === 'default'),
  };
}

function socketOf(text: string, dynamic: boolean, origin: Origin): Pick<Listen, 'key' | 'label' | 'port' | 'loopback'> {
  if (text.startsWith('unix:')) return { key: text, label: text, port: { state: 'absent', origin }, loopback: known(true, origin) };
  const [, host, digits] = /^\d+(?:-\d+)?$/.test(text)
    ? [text, '*', text]
    : (/^(\[[^\]]*\]|[^:]*):(.+)$/.exec(text) ?? [text, text, undefined]);
  // A lone variable may be an address, a port or both.
  const lone = dynamic && digits === undefined;
  const label = lone ? text : (digits ?? '80');
  const address = host === '' || host === '0.0.0.0' ? '*' : (host ?? '*');
  const unclear = lone || (dynamic && !/^[\w.*:[\]-]*$/.test(address));
  return {
    key: `${address}:${label}`,
    label,
    port: /^\d{1,5}$/.test(label)
      ? known(Number(label), origin)
      : unknown(dynamic ? 'unresolved' : 'unsupported', `listen ${text}`, origin),
    loopback: unclear
      ? unknown('unresolved', `listen ${text}`, origin)
      : known(/^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost)$/.test(address), origin),
  };
}

/** The ports of a server. A socket speaks TLS for every server on it when one of them says so. */
export function endpoints(server: Server): readonly Endpoint[] {
  const labels = [...new Set(server.listens.map(({ label }) => label))];
  return labels.flatMap((label) => {
    const [first, ...rest] = server.listens.filter((listen) => listen.label === label);
    if (first === undefined) return [];
    const tls = allTrue(socketsTls([first, ...rest], server.group));
    return [{ server, label, listens: [first, ...rest] as const, tls, port: first.port }];
  });
}

/** Does any socket of this endpoint speak TLS? One of two on a port may. */
export function speaksTls({ listens, server }: Endpoint): Fact<boolean> {
  return anyTrue(socketsTls(listens, server.group));
}

function socketsTls([first, ...rest]: NonEmpty<Listen>, group: Group): NonEmpty<Fact<boolean>> {
  return [socketTls(first, group), ...rest.map((listen) => socketTls(listen, group))];
}

function socketTls(listen: Listen, group: Group): Fact<boolean> {
  if (listen.tls.state !== 'known' || listen.tls.value) return listen.tls;
  const socket = group.sockets.get(listen.key);
  if (socket?.secure !== undefined)
    return known(true, derived('another server makes this socket speak TLS', listen.origin, socket.secure.origin));
  return socket?.unclear?.tls ?? listen.tls;
}

/** The default servers of the endpoint's sockets: they answer before a client's server name is known. */
export function defaultServers({ listens, server }: Endpoint): readonly Server[] {
  return [...new Set(listens.map(({ key }) => server.group.sockets.get(key)?.fallback ?? server))];
}

/** Has every socket of the endpoint a server that says it is the default one, so that none elsewhere can be? Nginx takes no second. */
export function knowsDefault({ listens, server }: Endpoint): boolean {
  return listens.every(({ key }) => server.group.sockets.get(key)?.preferred === true);
}
