import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { httpSite } from '../../resources/http-site.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { answering, type Place } from './nginx-location.ts';
import { inForce, type Scope } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { byName, originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

type SiteFacts = KindFacts<typeof httpSite>;

/** Headers as one place sends them. */
interface Sent {
  readonly place: Place;
  readonly nodes: readonly Node[];
  readonly holes: readonly Unknown[];
  /** Where it is decided that nothing else is sent. */
  readonly at: Origin;
}

/** Modules that change headers after `add_header`, and the directive that changes how it is inherited. */
const CHANGES = /^(?:header_filter_by_lua(?:_block|_file)?|js_header_filter|more_set_headers|more_clear_headers|add_header_inherit)$/;

/**
 * Headers by `add_header`, which a level that has any of its own does not inherit
 * (https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header). What one location drops the site does not send.
 */
export function headersOf(server: Server): Pick<SiteFacts, 'headers' | 'hsts_max_age'> {
  const all = answering(server).map((place) => sentBy(place));
  const sent = all.filter((one): one is Sent => !('state' in one));
  const hidden = all.find((one): one is Unknown => 'state' in one);
  const changes = changing(server);
  return { headers: hidden ?? headers(sent, changes, server.scope.at), hsts_max_age: hsts(all, changes, server.scope.at) };
}

function sentBy(place: Place): Sent | Unknown {
  const found = inForce(place.scope, 'add_header');
  if (found.state === 'unknown') return unknown(found.cause, `add_header: ${found.detail}`, found.origin);
  if (found.state === 'unset') return { place, nodes: [], holes: [], at: found.at };
  return { place, nodes: found.nodes, holes: found.holes, at: originOf(found.nodes[0]) };
}

/** The first directive of this server, or around it, by which more or less may be sent than `add_header` says. */
function changing(server: Server): readonly Node[] {
  const found: Node[] = [];
  const keep = (level: Level): void => {
    for (const [name, nodes] of byName(level)) {
      if (CHANGES.test(name)) found.push(...nodes.filter(({ args }) => !(name === 'add_header_inherit' && args[0]?.text === 'on')));
    }
  };
  for (let scope: Scope | undefined = server.scope; scope !== undefined; scope = scope.parent) keep(scope.level);
  for (const { scope, path } of answering(server)) if (path !== '') keep(scope.level);
  return found;
}

function headers(sent: readonly Sent[], changes: readonly Node[], at: Origin): SiteFacts['headers'] {
  const change = changes.find(({ name }) => name !== 'more_set_headers');
  if (change !== undefined) return unknown('unsupported', change.name, originOf(change));
  const counts = new Map<string, number>();
  for (const { nodes } of sent)
    for (const name of new Set(nodes.filter(({ args }) => args[1]?.text !== '').map(nameOf))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const elements: Extract<SiteFacts['headers'], { state: 'known' }>['value'][number][] = [];
  const seen = new Set<string>();
  for (const node of sent.flatMap(({ nodes }) => nodes)) {
    const [name, value, option] = node.args;
    const key = `${nameOf(node)}\u0000${value?.text}\u0000${option?.text}`;
    if (
      name === undefined ||
      value === undefined ||
      value.text === '' ||
      seen.has(key) ||
      name.dynamic ||
      counts.get(nameOf(node)) !== sent.length
    )
      continue;
    seen.add(key);
    const origin = wordOrigin(node, value);
    elements.push(
      known(
        {
          name: known(nameOf(node), wordOrigin(node, name)),
          value: value.dynamic ? unknown('unresolved', `add_header ${name.text}`, origin) : known(value.text, origin),
          always: known(option?.text === 'always', option === undefined ? origin : wordOrigin(node, option)),
        },
        origin,
      ),
    );
  }
  const dynamic = sent
    .flatMap(({ nodes }) => nodes.filter(({ args }) => args[0]?.dynamic === true))
    .map((node) => unknown('unresolved', 'add_header', originOf(node)));
  const more = changes.map((node) => unknown('unsupported', node.name, originOf(node)));
  return known(elements, sent[0]?.at ?? at, [...sent.flatMap(({ holes }) => holes), ...dynamic, ...more]);
}

function hsts(all: readonly (Sent | Unknown)[], changes: readonly Node[], at: Origin): Fact<number> {
  const change = changes.find(
    ({ name, args }) => !name.startsWith('more_') || args.some(({ text, dynamic }) => dynamic || /strict-transport-security/i.test(text)),
  );
  if (change !== undefined) return unknown('unsupported', change.name, originOf(change));
  const ages = all.map((one) => ('state' in one ? one : maxAge(one)));
  const missing = ages.find((age, index) => age.state === 'absent' && !isConditional(all[index]));
  if (missing !== undefined) return missing;
  const unclear = ages.find((age) => age.state === 'unknown');
  if (unclear !== undefined) return unclear;
  const sometimes = ages.find((age) => age.state === 'absent');
  // An `if` that is true for some requests drops it for those.
  if (sometimes !== undefined) return unknown('unresolved', 'Strict-Transport-Security inside of "if"', sometimes.origin);
  const sentAges = ages.flatMap((age) => (age.state === 'known' ? [age] : []));
  const least = sentAges.toSorted((a, b) => a.value - b.value)[0];
  return least ?? absent(at);
}

function isConditional(one: Sent | Unknown | undefined): boolean {
  return one !== undefined && !('state' in one) && one.place.conditional;
}

function maxAge({ nodes, holes, at }: Sent): Fact<number> {
  const ages = nodes
    .filter((node) => nameOf(node) === 'strict-transport-security')
    .map((node): Fact<number> => {
      const value = node.args[1];
      const origin = value === undefined ? originOf(node) : wordOrigin(node, value);
      if (value === undefined || value.dynamic) return unknown('unresolved', 'Strict-Transport-Security', origin);
      if (value.text === '') return absent(origin);
      const age = /(?:^|;)\s*max-age\s*=\s*"?(\d{1,15})/i.exec(value.text)?.[1];
      return age === undefined ? unknown('unparseable', 'Strict-Transport-Security', origin) : known(Number(age), origin);
    });
  const sent = ages.filter(({ state }) => state !== 'absent');
  const [hole] = holes;
  const [first] = sent;
  if (first === undefined) return hole ?? ages[0] ?? absent(derived('add_header in force here, without Strict-Transport-Security', at));
  // Clients obey the first of several; which one that is after includes is not worth a guess.
  return sent.length === 1
    ? first
    : (sent.find(({ state }) => state === 'unknown') ??
        sent.toSorted((a, b) => (a.state === 'known' && b.state === 'known' ? a.value - b.value : 0))[0] ??
        first);
}

function nameOf(node: Node): string {
  return (node.args[0]?.text ?? '').toLowerCase();
}
