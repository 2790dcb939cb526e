import { anyTrue, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { SiteFacts } from '../site-policies.ts';
import { behind } from './nginx-behind.ts';
import { changing, nameOf, placeFields, sentBy } from './nginx-fields.ts';
import { answering, type Place } from './nginx-location.ts';
import { always, inForce, nginxDefault, onOff, setting, type NginxWorld } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { originOf, type Node } from './nginx-tree.ts';

type OriginFacts = Pick<
  SiteFacts,
  'cors_any_origin_with_credentials' | 'cors_reflects_origin' | 'cors_accepts_null' | 'trace_enabled' | 'methods' | 'compresses_pages'
>;

/** Which origins nginx lets in by headers of its own, and what else is asked of a live site. */
export function originFacts(server: Server, world: NginxWorld): OriginFacts {
  const changes = changing(server);
  const { at } = server.scope;
  const places = answering(server);
  const [change] = changes.map((node) => unknown('unsupported', node.name, originOf(node)));
  /** True where one place says so; else unknown where one is, or something else may send the header; else false. */
  const anywhere = (read: (place: Place) => Fact<boolean>, others: readonly (Unknown | undefined)[]): Fact<boolean> => {
    const [first, ...rest] = places.map(read);
    return first === undefined
      ? unknown('unresolved', 'no place')
      : anyTrue([first, ...rest, ...others.filter((why) => why !== undefined)]);
  };
  const senders = [change, ...places.map((place) => behind(place, 'access-control-allow-origin')?.why)];
  const compressors = places.map((place) => (takesNoEncoding(place) ? undefined : behind(place, 'content-encoding')?.why));
  return {
    cors_any_origin_with_credentials: anywhere((place) => anyWithCredentials(place, changes, at), senders),
    cors_reflects_origin: anywhere(reflects, senders),
    cors_accepts_null: anywhere((place) => acceptsNull(place, changes, at), senders),
    // "Changes with nginx 0.5.17: now nginx always returns the 405 status for the TRACE method."
    trace_enabled: nginxDefault(world, 'TRACE', { since: '0.5.17', value: false })(at),
    methods: unknown('not-collected', 'Allow', at),
    compresses_pages: anywhere((place) => compresses(place, world), compressors),
  };
}

/** `proxy_set_header Accept-Encoding ""` keeps the application from compressing. */
function takesNoEncoding({ scope }: Place): boolean {
  const found = inForce(scope, 'proxy_set_header');
  return (
    found.state === 'set' &&
    found.nodes.some(({ args: [name, value] }) => /^accept-encoding$/i.test(name?.text ?? '') && value?.text === '')
  );
}

/** The `add_header Access-Control-Allow-Origin` whose value is the Origin that came. */
function reflecting(place: Place): Node | Unknown | undefined {
  const sent = sentBy(place);
  if ('state' in sent) return sent;
  const node = sent.nodes.find(
    (one) => nameOf(one) === 'access-control-allow-origin' && /^\$(?:http_origin|\{http_origin\})$/.test(one.args[1]?.text ?? ''),
  );
  // An `if` around it may have looked at the origin first.
  return node !== undefined && place.conditional
    ? unknown('unresolved', 'Access-Control-Allow-Origin inside of "if"', originOf(node))
    : node;
}

function reflects(place: Place): Fact<boolean> {
  const node = reflecting(place);
  if (node !== undefined) return 'state' in node ? node : known(true, originOf(node));
  const sent = sentBy(place);
  if ('state' in sent) return sent;
  const dynamic = sent.nodes.find((one) => nameOf(one) === 'access-control-allow-origin' && one.args[1]?.dynamic === true);
  return dynamic === undefined
    ? (sent.holes[0] ?? known(false, sent.at))
    : unknown('unresolved', `Access-Control-Allow-Origin ${dynamic.args[1]?.text ?? ''}`.slice(0, 200), originOf(dynamic));
}

function acceptsNull(place: Place, changes: readonly Node[], at: Origin): Fact<boolean> {
  const node = reflecting(place);
  if (node !== undefined) return 'state' in node ? node : known(true, originOf(node));
  const field = placeFields(sentBy(place), changes, at)('access-control-allow-origin');
  const yes = field.values.find(({ value }) => value === 'null');
  return yes === undefined ? (field.doubt ?? known(false, field.at)) : known(true, yes.origin);
}

function anyWithCredentials(place: Place, changes: readonly Node[], at: Origin): Fact<boolean> {
  const fields = placeFields(sentBy(place), changes, at);
  const origin = fields('access-control-allow-origin');
  const credentials = fields('access-control-allow-credentials');
  const star = origin.values.find(({ value }) => value === '*');
  if (star === undefined) return origin.doubt ?? known(false, origin.at);
  if (credentials.values.some(({ value }) => value === 'true')) return known(true, star.origin);
  return origin.doubt ?? credentials.doubt ?? known(false, star.origin);
}

function compresses({ scope }: Place, world: NginxWorld): Fact<boolean> {
  const gzip = setting(scope, 'gzip', onOff, nginxDefault(world, 'gzip', always(false)));
  if (gzip.state !== 'known' || gzip.value) return gzip;
  for (const module of ['brotli', 'zstd']) {
    const on = setting(scope, module, onOff, (at) => known(false, at));
    if (on.state !== 'known' || on.value) return on;
  }
  return gzip;
}
