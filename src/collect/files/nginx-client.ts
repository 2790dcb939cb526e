import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { tlsListener } from '../../resources/tls-listener.ts';
import { locations, serverPlace, type Place } from './nginx-location.ts';
import { always, inForce, nginxDefault, onOff, setting, type NginxWorld } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { originOf, wordOrigin, type Node } from './nginx-tree.ts';
import { clientCommands, ownProtocols, suites } from './nginx-tls.ts';

/** A TLS connection from nginx to a back end. */
export interface Connection {
  readonly id: string;
  readonly facts: KindFacts<typeof tlsListener>;
}

/** Directives that can speak TLS to a back end: by the scheme of their address, with settings of a prefix of their own. */
const SECURE = [
  { pass: 'proxy_pass', scheme: 'https', prefix: 'proxy_' },
  { pass: 'grpc_pass', scheme: 'grpcs', prefix: 'grpc_' },
  { pass: 'uwsgi_pass', scheme: 'suwsgi', prefix: 'uwsgi_' },
] as const;

/** TLS connections to back ends that a server makes, and those of which a variable decides whether they are TLS. */
export function connections(
  server: Server,
  from: string,
  world: NginxWorld,
): { readonly found: readonly Connection[]; readonly unclear: readonly Unknown[] } {
  const found: Connection[] = [];
  const unclear: Unknown[] = [];
  for (const place of [serverPlace(server), ...locations(server)]) {
    for (const node of place.scope.level.nodes) {
      const secure = SECURE.find(({ pass }) => pass === node.name);
      const [target] = node.args;
      if (secure === undefined || target === undefined) continue;
      const { prefix, scheme } = secure;
      const service = server.protocol === 'stream' ? 'stream' : scheme;
      const stream = server.protocol === 'stream' ? setting(place.scope, 'proxy_ssl', onOff, (at) => known(false, at)) : undefined;
      const url = /^([a-z]+):\/\//i.exec(target.text)?.[1]?.toLowerCase();
      if (stream?.state === 'unknown') unclear.push(stream);
      else if (stream === undefined && url === undefined && target.dynamic)
        unclear.push(unknown('unresolved', `${node.name} ${target.text}`.slice(0, 200), wordOrigin(node, target)));
      else if (stream === undefined ? url === scheme : stream.state === 'known' && stream.value) {
        const host = target.text.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/s, '');
        found.push({ id: `client ${host} from ${from}${place.path}`, facts: clientFacts(place, node, host, service, prefix, world) });
      }
    }
  }
  return { found, unclear };
}

function clientFacts(
  place: Place,
  node: Node,
  host: string,
  service: string,
  prefix: string,
  world: NginxWorld,
): KindFacts<typeof tlsListener> {
  const { scope } = place;
  const [target] = node.args;
  const at = target === undefined ? originOf(node) : wordOrigin(node, target);
  const dynamic = /[$<{@%]|__/.test(host);
  const commands = clientCommands(scope, prefix);
  const protocols = ownProtocols(scope, `${prefix}ssl_protocols`, `${prefix}ssl_conf_command`, world);
  const verified = verifiesPeer(place, prefix, world);
  const theirs = (what: string): Unknown => unknown('unsupported', `${what}: the server decides`, at);
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  const bare = host.replace(/:\d{1,5}$/, '');
  return {
    role: known('client', at),
    observed: known(false, at),
    service: known(service, at),
    names: known([dynamic ? unknown('unresolved', host, at) : known(bare, at)], at),
    port: port === undefined ? absent(at) : known(Number(port), at),
    protocols,
    suites: suites(scope, `${prefix}ssl_ciphers`, 'DEFAULT', protocols, commands, world),
    server_preference: theirs('preference'),
    groups: commands.get('groups') ?? unknown('unresolved', 'the OpenSSL library decides', at),
    dh_bits: absent(at),
    session_tickets: theirs('session tickets'),
    session_lifetime: theirs('session lifetime'),
    early_data: known(false, derived('nginx sends no early data to back ends', at)),
    client_certificate: known('none', derived('a client asks for no client certificate', at)),
    verifies_peer: verified,
    verifies_name: verifiesName(place, prefix, verified),
    stapling: known(false, derived('a client staples nothing', at)),
  };
}

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify: off unless said, and useless without an authority. */
function verifiesPeer({ scope }: Place, prefix: string, world: NginxWorld): Fact<boolean> {
  const verify = setting(scope, `${prefix}ssl_verify`, onOff, nginxDefault(world, `${prefix}ssl_verify`, always(false)));
  if (verify.state !== 'known' || !verify.value) return verify;
  const authority = inForce(scope, `${prefix}ssl_trusted_certificate`);
  if (authority.state === 'unknown')
    return unknown(authority.cause, `${prefix}ssl_trusted_certificate: ${authority.detail}`, authority.origin);
  if (authority.state === 'unset') return unknown('unresolved', `${prefix}ssl_trusted_certificate is not set`, verify.origin);
  return known(true, derived('verified against a given authority', verify.origin, originOf(authority.nodes[0])));
}

/** Verification includes the name, which is the back end's unless `…_ssl_name` says another; a client must not choose it. */
function verifiesName({ scope }: Place, prefix: string, verified: Fact<boolean>): Fact<boolean> {
  if (verified.state !== 'known' || !verified.value) return verified;
  const found = inForce(scope, `${prefix}ssl_name`);
  const word = found.state === 'set' ? found.nodes[0].args[0] : undefined;
  if (found.state === 'set' && word?.dynamic === true && word.text !== '$proxy_host')
    return unknown('unresolved', `${prefix}ssl_name ${word.text}`, originOf(found.nodes[0]));
  return verified;
}
