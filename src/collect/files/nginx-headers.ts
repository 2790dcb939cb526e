import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { policyFacts, sometimes, weakest, type PolicyFacts, type SiteFacts } from '../site-policies.ts';
import { behind } from './nginx-behind.ts';
import { changing, nameOf, placeFields, sentHeaders, type Sent } from './nginx-fields.ts';
import type { Server } from './nginx-server.ts';
import { originOf, wordOrigin, type Node } from './nginx-tree.ts';

/** Headers by `add_header`, and what they declare. What one location drops the site does not send. */
export function headersOf(server: Server): PolicyFacts & Pick<SiteFacts, 'headers'> {
  const all = sentHeaders(server);
  const sent = all.filter((one): one is Sent => !('state' in one));
  const hidden = all.find((one): one is Unknown => 'state' in one);
  const changes = changing(server);
  const { at } = server.scope;
  const [first, ...rest] = all.map((one) => declaredBy(one, changes, at));
  const policies = weakest(first ?? policyFacts(() => ({ values: [], at })), ...rest);
  return { headers: hidden ?? headers(sent, changes, at), ...policies };
}

/** What one place declares. An `if` that is true for some requests drops headers for those only. */
function declaredBy(sent: Sent | Unknown, changes: readonly Node[], at: Origin): PolicyFacts {
  const fields = placeFields(sent, changes, at);
  const facts = policyFacts((name) => {
    const field = fields(name);
    // What nginx does not add the application may send.
    const from = 'state' in sent || field.values.length > 0 || field.doubt !== undefined ? undefined : behind(sent.place, name)?.why;
    if (from !== undefined) return { ...field, doubt: from };
    return { ...field, at: derived(`no add_header ${name} in force here`, field.at) };
  });
  if ('state' in sent || !sent.place.conditional) return facts;
  return sometimes(facts, unknown('unresolved', 'add_header inside of "if"', sent.at));
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
      // The value of a cookie is nobody's to keep.
      nameOf(node) === 'set-cookie' ||
      counts.get(nameOf(node)) !== sent.length
    )
      continue;
    seen.add(key);
    const origin = wordOrigin(node, value);
    const always: Fact<boolean> = known(option?.text === 'always', option === undefined ? origin : wordOrigin(node, option));
    elements.push(
      known(
        {
          name: known(nameOf(node), wordOrigin(node, name)),
          value: value.dynamic ? unknown('unresolved', `add_header ${name.text}`, origin) : known(value.text, origin),
          always,
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
