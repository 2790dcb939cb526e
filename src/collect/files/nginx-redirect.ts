import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { NginxWord } from '../../text/nginx.ts';
import { locations, serverPlace, takesAll, type Place } from './nginx-location.ts';
import { inForce, inner, type Scope } from './nginx-scope.ts';
import type { Endpoint } from './nginx-server.ts';
import { originOf, type Level, type Node } from './nginx-tree.ts';

/** Scripts that may answer or redirect. */
const SCRIPT = /_by_lua(?:_block|_file)?$|^(?:perl|js_content|js_access|auth_request|error_page)$/;

/**
 * Is everything but an ACME challenge answered with a redirect to https, or refused? nginx runs the server's own `return` and
 * `rewrite` first, in order, and then those of the location: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html
 */
export function redirectsToHttps(endpoint: Endpoint): Fact<boolean> {
  const { server } = endpoint;
  const run = runOf(serverPlace(server), endpoint);
  if (run.decided !== undefined) return outcome(run, run.decided);
  const [hole] = server.holes;
  if (hole !== undefined) return run.doubt ?? hole;
  return outcome({ ...run, mayEnd: undefined }, byLocations(endpoint)); // what ends the server's own directives ends no location's
}

/** What becomes of a decision once what stands before it is taken into account. */
function outcome({ doubt, mayEnd, redirects }: Run, decided: Fact<boolean>): Fact<boolean> {
  if (decided.state !== 'known') return doubt ?? decided;
  if (decided.value) return doubt ?? mayEnd ?? decided;
  // Some requests are redirected: whether there are any others cannot be told from a condition.
  const partly = redirects === undefined ? undefined : unknown('unresolved', 'a redirect under a condition', redirects.origin);
  return doubt ?? partly ?? decided;
}

function byLocations(endpoint: Endpoint): Fact<boolean> {
  const { server } = endpoint;
  const all = locations(server).filter(({ node }) => node.name === 'location' && !isChallenge(node.args));
  const rest = all.find(takesAll) ?? all.find(({ path }) => /^~\*? (?:\^|\.\*|\^\.\*|\^\/|\/)$/.test(path));
  const results = all.map((place) => {
    const run = runOf(place, endpoint);
    return outcome(run, run.decided ?? undecided(place));
  });
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
  return known(true, derived('every location redirects or refuses', first ?? server.scope.at, ...others));
}

/** Nothing in the place redirects: it serves, unless a script or a hole may. */
function undecided({ scope, node }: Place): Fact<boolean> {
  const [hole] = scope.level.holes;
  if (hole !== undefined) return hole.why;
  const script = scope.level.nodes.find(({ name }) => SCRIPT.test(name));
  if (script !== undefined) return unknown('unsupported', script.name, originOf(script));
  return known(false, originOf(node));
}

/** How far the rewrite directives of a place have come. */
interface Run {
  /** The first of them that answers every request that comes so far. */
  decided: Fact<boolean> | undefined;
  /** It answers with a refusal. */
  refused: boolean;
  /** `break`, or a rewrite with `break` or `last`, ends the directives of the place: the request is served. */
  ended: boolean;
  /** Something before may answer otherwise, for some requests. */
  doubt: Unknown | undefined;
  /** Something before may end the directives, for some requests: what stands behind it does not hold for all. */
  mayEnd: Unknown | undefined;
  /** Something before redirects some requests; the others go on. */
  redirects: Fact<boolean> | undefined;
}

function begun(): Run {
  return { decided: undefined, refused: false, ended: false, doubt: undefined, mayEnd: undefined, redirects: undefined };
}

/** What the rewrite directives of a place decide, in their order. */
function runOf({ scope }: Place, endpoint: Endpoint): Run {
  const run = begun();
  follow(scope.level, scope, endpoint, run);
  return run;
}

function follow({ nodes, holes }: Level, scope: Scope, endpoint: Endpoint, run: Run): void {
  for (const [index, node] of nodes.entries()) {
    run.doubt ??= holes.find(({ after }) => after <= index)?.why;
    if (node.name === 'return') returned(node, scope, run);
    else if (node.name === 'break') run.ended = true;
    else if (node.name === 'rewrite') rewrite(node, run);
    else if (node.name === 'if') conditional(node, scope, endpoint, run);
    if (run.decided !== undefined || run.ended) return;
  }
  run.doubt ??= holes[0]?.why;
}

function perhaps(node: Node): Unknown {
  return unknown('unresolved', `${node.name} ${node.args.map(({ text }) => text).join(' ')}`.slice(0, 200), originOf(node));
}

/**
 * A refusal is an answer without content: `return 403`, and 444, which closes the connection. One with a text serves that text, and
 * one that `error_page` takes may serve anything.
 */
function returned(node: Node, scope: Scope, run: Run): void {
  const [code, text] = node.args;
  const at = originOf(node);
  const status = code?.text ?? '';
  if (text === undefined && /^[45]\d\d$/.test(status)) {
    run.refused = true;
    run.decided = pageFor(status, scope) ?? known(true, at);
    return;
  }
  if (code?.dynamic === true && node.args.length > 1) {
    run.decided = unknown('unresolved', `return ${status}`, at);
    return;
  }
  const target = text ?? (/^\d+$/.test(status) ? undefined : code);
  const redirects = text === undefined || /^30[1278]$/.test(status);
  run.decided = target === undefined || !redirects ? known(false, at) : leadsToHttps(target, node);
}

/** The `error_page` that takes a refusal, or what may hide one. nginx sends no page where 444 closes the connection. */
function pageFor(status: string, scope: Scope): Unknown | undefined {
  if (status === '444') return undefined;
  const pages = inForce(scope, 'error_page');
  if (pages.state !== 'set') return pages.state === 'unknown' ? pages : undefined;
  const taking = pages.nodes.find(({ args }) => args.some(({ text }) => text === status));
  if (taking !== undefined) return unknown('unsupported', `error_page ${status}`, originOf(taking));
  const filledIn = pages.nodes.find(({ args }) => args.slice(0, -1).some(({ dynamic }) => dynamic));
  return filledIn === undefined ? pages.holes[0] : unknown('unresolved', `error_page ${status}`, originOf(filledIn));
}

/** Does the target of a `return` or `rewrite` lead to https? */
export function leadsToHttps(target: NginxWord, node: Node): Fact<boolean> {
  const at = originOf(node);
  if (/^https:\/\//i.test(target.text)) return known(true, at);
  // `$scheme` is http where the redirect is needed: such an answer leads nowhere.
  if (/^(?:http:|\/|\$\{?scheme\b)/i.test(target.text)) return known(false, at);
  return target.dynamic ? unknown('unresolved', `${node.name} ${target.text}`, at) : known(false, at);
}

/**
 * A rewrite of everything to an https address is a redirect; one of some addresses decides for those only. Inside of the site,
 * `last` and `break` end the directives that follow: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite
 */
function rewrite(node: Node, run: Run): void {
  const [pattern, target, flag] = node.args;
  if (pattern === undefined || target === undefined) {
    run.doubt ??= perhaps(node);
    return;
  }
  const everything = /^(?:\^|\^?\(?\.\*\)?\$?|\^\/?\(\.\*\)\$?|\^\/|\.)$/.test(pattern.text);
  if (/^(?:https?:\/\/|\$)/i.test(target.text) || ['redirect', 'permanent'].includes(flag?.text ?? '')) {
    const leads = leadsToHttps(target, node);
    if (everything) run.decided = leads;
    else if (leads.state === 'known' && leads.value) run.redirects ??= leads;
    else run.doubt ??= perhaps(node);
  } else if (flag?.dynamic === true || ['last', 'break'].includes(flag?.text ?? '')) {
    if (everything && flag?.dynamic !== true) run.ended = true;
    else run.mayEnd ??= perhaps(node);
  }
}

/** `if` decides for some requests, but on a port without TLS what `$scheme` and `$https` are is known, and the port is. */
function conditional(node: Node, scope: Scope, endpoint: Endpoint, run: Run): void {
  if (node.block === undefined) return;
  const condition = node.args
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/[()\s]/g, '');
  if (holdsOnClear(condition, endpoint)) {
    follow(node.block, inner(scope, node, node.block), endpoint, run);
    return;
  }
  const inside = begun();
  follow(node.block, inner(scope, node, node.block), endpoint, inside);
  run.doubt ??= inside.doubt;
  if (inside.ended) run.mayEnd ??= perhaps(node);
  run.mayEnd ??= inside.mayEnd;
  run.redirects ??= inside.redirects;
  if (inside.decided === undefined) return;
  if (inside.decided.state === 'known' && inside.decided.value) {
    // A refusal of some takes nothing from what the others get.
    if (!inside.refused) run.redirects ??= inside.decided;
  } else run.doubt ??= perhaps(node);
}

function holdsOnClear(condition: string, { tls, port }: Endpoint): boolean {
  if (tls.state !== 'known' || tls.value) return false;
  if (/^(?:\$scheme(?:=http|!=https|~\^?http\$?)|\$https(?:=|!=on))$/.test(condition)) return true;
  const asked = /^\$server_port=(\d{1,5})$/.exec(condition)?.[1];
  return asked !== undefined && port.state === 'known' && port.value === Number(asked);
}

function isChallenge(args: readonly NginxWord[]): boolean {
  const path = (args.at(-1)?.text ?? '').replaceAll('\\', '');
  return /^\^?\/\.well-known\/acme-challenge(?:\/|$|[^|]*$)/.test(path) && !path.includes('|');
}
