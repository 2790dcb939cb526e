import { known, unknown, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { Field, Fields } from '../site-policies.ts';
import { answering, type Place } from './nginx-location.ts';
import { inForce, type Scope } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { byName, originOf, wordOrigin, type Level, type Node } from './nginx-tree.ts';

/** Headers as one place sends them by `add_header`. */
export interface Sent {
  readonly place: Place;
  readonly nodes: readonly Node[];
  readonly holes: readonly Unknown[];
  /** Where it is decided that nothing else is sent. */
  readonly at: Origin;
}

/** Modules that change headers after `add_header`, and the directive that changes how it is inherited. */
const CHANGES = /^(?:header_filter_by_lua(?:_block|_file)?|js_header_filter|more_set_headers|more_clear_headers|add_header_inherit)$/;

/**
 * The `add_header` in force in each place that answers. A level that has any of its own does not inherit
 * (https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header).
 */
export function sentHeaders(server: Server): readonly (Sent | Unknown)[] {
  return answering(server).map(sentBy);
}

/** The `add_header` in force in one place. */
export function sentBy(place: Place): Sent | Unknown {
  const found = inForce(place.scope, 'add_header');
  if (found.state === 'unknown') return unknown(found.cause, `add_header: ${found.detail}`, found.origin);
  if (found.state === 'unset') return { place, nodes: [], holes: [], at: found.at };
  return { place, nodes: found.nodes, holes: found.holes, at: originOf(found.nodes[0]) };
}

/** The directives of this server, or around it, by which more or less may be sent than `add_header` says. */
export function changing(server: Server): readonly Node[] {
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

/** The name of the header that an `add_header` sends, in lower case. */
export function nameOf(node: Node): string {
  return (node.args[0]?.text ?? '').toLowerCase();
}

/** What one place sends, field by field. */
export function placeFields(sent: Sent | Unknown, changes: readonly Node[], at: Origin): Fields {
  return (name): Field => {
    const change = changes.find((node) => !node.name.startsWith('more_') || node.args.some((word) => mentions(word, name)));
    if (change !== undefined) return { values: [], doubt: unknown('unsupported', change.name, originOf(change)), at };
    if ('state' in sent) return { values: [], doubt: sent, at };
    const values: Known<string>[] = [];
    let doubt: Unknown | undefined = sent.holes[0];
    for (const node of sent.nodes) {
      const [word, value] = node.args;
      if (word === undefined || value === undefined || (!word.dynamic && nameOf(node) !== name)) continue;
      const origin = wordOrigin(node, value);
      if (word.dynamic || value.dynamic) doubt ??= unknown('unresolved', `add_header ${word.text}`, origin);
      // nginx sends no header whose value is empty.
      else if (value.text !== '') values.push(known(value.text, origin));
    }
    return { values, at: sent.at, ...(doubt === undefined ? {} : { doubt }) };
  };
}

/** Could `more_set_headers` or `more_clear_headers` mean this field? Both take wildcards at the end. */
function mentions({ text, dynamic }: { readonly text: string; readonly dynamic: boolean }, name: string): boolean {
  return dynamic || text.includes('*') || text.toLowerCase().includes(name);
}
