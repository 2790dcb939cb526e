import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { NginxWord } from '../../text/nginx.ts';
import { locations, serverPlace, takesAll, type Place } from './nginx-location.ts';
import type { Endpoint } from './nginx-server.ts';
import { originOf, type Node } from './nginx-tree.ts';

/** Does a place send everything to https? Undefined where nothing there decides before the request is served. */
type Decision = Fact<boolean> | undefined;

/** Scripts that may answer or redirect. */
const SCRIPT = /_by_lua(?:_block|_file)?$|^(?:perl|js_content|js_access|auth_request|error_page)$/;

/**
 * Is everything but an ACME challenge answered with a redirect to https? nginx runs the server's own `return` and
 * `rewrite` first, in order, and then those of the location: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html
 */
export function redirectsToHttps(endpoint: Endpoint): Fact<boolean> {
  const { server } = endpoint;
  const clear = endpoint.tls.state === 'known' && !endpoint.tls.value;
  const whole = decision(serverPlace(server), clear);
  if (whole !== undefined) return whole;
  const [hole] = server.holes;
  if (hole !== undefined) return hole;
  const all = locations(server).filter(({ node }) => node.name === 'location' && !isChallenge(node.args));
  const rest = all.find(takesAll) ?? all.find(({ path }) => /^~\*? (?:\^|\.\*|\^\.\*|\^\/|\/)$/.test(path));
  const results = all.map((place) => decision(place, clear) ?? undecided(place));
  const failing = results.find((result) => result.state === 'known' && !result.value);
  if (failing !== undefined) return failing;
  const unclear = results.find((result) => result.state !== 'known');
  if (unclear !== undefined) return unclear;
  const script = server.level.nodes.find(({ name }) => SCRIPT.test(name) && name !== 'error_page');
  if (rest === undefined)
    return script === undefined
      ? known(false, derived('no location takes every request', server.scope.at))
      : unknown('unsupported', script.name, originOf(script));
  const [first, ...others] = results.map(({ origin }) => origin ?? server.scope.at);
  return known(true, derived('every location redirects', first ?? server.scope.at, ...others));
}

/** Nothing in the place redirects: it serves, unless a script or a hole may. */
function undecided({ scope, node }: Place): Fact<boolean> {
  const [hole] = scope.level.holes;
  if (hole !== undefined) return hole.why;
  const script = scope.level.nodes.find(({ name }) => SCRIPT.test(name));
  if (script !== undefined) return unknown('unsupported', script.name, originOf(script));
  return known(false, originOf(node));
}

/** What the rewrite directives of a place decide, in their order. */
function decision({ scope }: Place, clear: boolean): Decision {
  const { nodes, holes } = scope.level;
  let doubt: Unknown | undefined;
  for (const [index, node] of nodes.entries()) {
    const hole = holes.find(({ after }) => after <= index);
    doubt ??= hole?.why;
    const result =
      node.name === 'return'
        ? returned(node)
        : node.name === 'rewrite'
          ? rewritten(node)
          : node.name === 'if'
            ? conditional(node, clear)
            : undefined;
    if (result === 'perhaps')
      doubt ??= unknown('unresolved', `${node.name} ${node.args.map(({ text }) => text).join(' ')}`.slice(0, 200), originOf(node));
    else if (result !== undefined) return doubt ?? result;
  }
  return doubt;
}

function returned(node: Node): Fact<boolean> {
  const [code, text] = node.args;
  const at = originOf(node);
  const status = code?.text ?? '';
  if (code?.dynamic === true && node.args.length > 1) return unknown('unresolved', `return ${status}`, at);
  const target = text ?? (/^\d+$/.test(status) ? undefined : code);
  const redirects = text === undefined || /^30[1278]$/.test(status);
  return target === undefined || !redirects ? known(false, at) : leadsToHttps(target, node);
}

/** Does the target of a `return` or `rewrite` lead to https? */
export function leadsToHttps(target: NginxWord, node: Node): Fact<boolean> {
  const at = originOf(node);
  if (/^https:\/\//i.test(target.text)) return known(true, at);
  // `$scheme` is http where the redirect is needed: such an answer leads nowhere.
  if (/^(?:http:|\/|\$\{?scheme\b)/i.test(target.text)) return known(false, at);
  return target.dynamic ? unknown('unresolved', `${node.name} ${target.text}`, at) : known(false, at);
}

/** A rewrite of everything to an https address is a redirect; one of some addresses decides for those only. */
function rewritten(node: Node): Decision | 'perhaps' {
  const [pattern, target] = node.args;
  if (pattern === undefined || target === undefined) return 'perhaps';
  const everything = /^(?:\^|\^?\(?\.\*\)?\$?|\^\/?\(\.\*\)\$?|\^\/|\.)$/.test(pattern.text);
  const away = /^(?:https?:\/\/|\$)/i.test(target.text) || ['redirect', 'permanent'].includes(node.args[2]?.text ?? '');
  if (!away) return undefined;
  return everything ? leadsToHttps(target, node) : 'perhaps';
}

/** `if` decides for some requests, but on a port without TLS what `$scheme` and `$https` are is known. */
function conditional(node: Node, clear: boolean): Decision | 'perhaps' {
  const inside = node.block?.nodes ?? [];
  if (!inside.some(({ name }) => name === 'return' || name === 'rewrite') && (node.block?.holes.length ?? 0) === 0) return undefined;
  const condition = node.args
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/[()\s]/g, '');
  if (!clear || !/^(?:\$scheme(?:=http|!=https|~\^?http\$?)|\$https(?:=|!=on)|\$server_port=80)$/.test(condition)) return 'perhaps';
  const first = inside[0];
  return first?.name === 'return' ? returned(first) : first?.name === 'rewrite' ? rewritten(first) : 'perhaps';
}

function isChallenge(args: readonly NginxWord[]): boolean {
  const path = (args.at(-1)?.text ?? '').replaceAll('\\', '');
  return /^\^?\/\.well-known\/acme-challenge(?:\/|$|[^|]*$)/.test(path) && !path.includes('|');
}
