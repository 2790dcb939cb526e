import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSource } from '../../resources/logging.ts';
import { locations, passOf, serverPlace, type Place } from './nginx-location.ts';
import { always, inForce, nginxDefault, type NginxWorld, type Scope } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { byName, originOf, type Node } from './nginx-tree.ts';

type LogFacts = KindFacts<typeof logSource>;
type Field = (typeof LOG_FIELDS)[number];

/** A variable of a log format, where it stands. */
interface Variable {
  readonly name: string;
  readonly origin: Origin;
}

/** The format that nginx has built in: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format */
const COMBINED = [
  'remote_addr',
  'remote_user',
  'time_local',
  'request',
  'status',
  'body_bytes_sent',
  'http_referer',
  'http_user_agent',
] as const;

/** Which variables answer which question. */
const ANSWERS: readonly (readonly [Field, RegExp])[] = [
  [
    'who',
    /^(?:remote_user|ssl_client_(?:s_dn(?:_legacy)?|serial|fingerprint)|http_x_(?:forwarded_|auth_request_|remote_|authenticated_)?(?:user|userid|user_id|email)|jwt_claim_(?:sub|email|preferred_username)|oidc_\w*(?:sub|user)\w*)$/,
  ],
  ['what', /^(?:request|request_uri|uri|document_uri)$/],
  ['when', /^(?:time_local|time_iso8601|msec)$/],
  [
    'where',
    /^(?:remote_addr|binary_remote_addr|http_x_forwarded_for|proxy_add_x_forwarded_for|realip_remote_addr|proxy_protocol_addr|http_x_real_ip)$/,
  ],
  ['outcome', /^status$/],
];
/** Bodies and credentials. */
const PARAMETERS = /^(?:request_body|http_authorization|http_cookie|cookie_\w+)$/;

/** The log facts of one server: what it and the locations that hand requests on write. */
export function logFacts(server: Server, world: NginxWorld): LogFacts {
  const { scope } = server;
  const at = scope.at;
  const enabled = recorded(server, world);
  const variables = variablesOf(scope, world);
  return {
    service: known('nginx', at),
    enabled,
    events: events(scope, enabled, world),
    fields: fields(variables),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters: parameters(server, variables, world),
  };
}

/** Requests are recorded only when the server does, and every location that hands them to a back end. */
function recorded(server: Server, world: NginxWorld): Fact<boolean> {
  const passing = locations(server).filter((place) => passOf(place) !== undefined);
  const facts = [serverPlace(server), ...passing].map((place: Place) => enabledAt(place.scope, world));
  return (
    facts.find((fact) => fact.state === 'known' && !fact.value) ??
    facts.find(({ state }) => state !== 'known') ??
    facts[0] ??
    unknown('unresolved', 'access_log')
  );
}

function enabledAt(scope: Scope, world: NginxWorld): Fact<boolean> {
  const found = inForce(scope, 'access_log');
  if (found.state === 'unknown') return unknown(found.cause, `access_log: ${found.detail}`, found.origin);
  if (found.state === 'unset') return nginxDefault(world, 'access_log', always(true))(found.at);
  const off = found.nodes.find(({ args }) => args[0]?.text === 'off' && args.length === 1);
  // `off` cancels every access_log of its level, and one that an include hides as well.
  if (off !== undefined) return known(false, originOf(off));
  const written = found.nodes.filter(({ args }) => args[0]?.text !== '/dev/null');
  const whole =
    written.find((node) => condition(node) === undefined && node.args[0]?.dynamic === false) ??
    written.find((node) => condition(node) === undefined && literalPath(node));
  if (whole !== undefined) return found.holes[0] ?? known(true, originOf(whole));
  const [first] = written;
  return first === undefined
    ? (found.holes[0] ?? known(false, originOf(found.nodes[0])))
    : unknown('unresolved', `access_log ${first.args.map(({ text }) => text).join(' ')}`.slice(0, 200), originOf(first));
}

/** A variable in a file's name makes one file for each value; a name that is nothing but a variable says nothing. */
function literalPath(node: Node): boolean {
  return /^\/[\w.-]+\/.*\$(?!\{)[a-z]/.test(node.args[0]?.text ?? '');
}

function condition(node: Node): string | undefined {
  return node.args.find(({ text }) => text.startsWith('if='))?.text;
}

/** The variables of every log that takes all requests; unknown where a format is not here. */
function variablesOf(scope: Scope, world: NginxWorld): Fact<readonly Variable[]> {
  const found = inForce(scope, 'access_log');
  if (found.state === 'unknown') return unknown(found.cause, `access_log: ${found.detail}`, found.origin);
  if (found.state === 'unset') return combined(nginxDefault(world, 'log_format', always('combined'))(found.at));
  const nodes = found.nodes.filter((node) => condition(node) === undefined && !['off', '/dev/null'].includes(node.args[0]?.text ?? ''));
  const logs = nodes.map((node) => formatOf(scope, node, world));
  const at = originOf(found.nodes[0]);
  const missing = logs.find((log) => log.state === 'unknown');
  if (missing !== undefined && missing.state === 'unknown') return missing;
  const all = logs.flatMap((log) => (log.state === 'known' ? log.value : []));
  return known(all, logs[0]?.origin ?? at, found.holes);
}

function formatOf(scope: Scope, node: Node, world: NginxWorld): Fact<readonly Variable[]> {
  const at = originOf(node);
  const word = node.args[1];
  const name = word !== undefined && !/^(?:buffer|gzip|flush|if)(?:=|$)/.test(word.text) ? word : undefined;
  if (name === undefined) return combined(nginxDefault(world, 'log_format', always('combined'))(at));
  const nameAt = node.source.origin(name.start, name.end);
  if (name.dynamic) return unknown('unresolved', `log_format ${name.text}`, nameAt);
  if (name.text === 'combined') return combined(known('combined', nameAt));
  for (let around: Scope | undefined = scope; around !== undefined; around = around.parent) {
    const format = byName(around.level)
      .get('log_format')
      ?.find((one) => one.args[0]?.text === name.text);
    if (format === undefined) continue;
    const strings = format.args.slice(1).filter(({ text }, index) => index > 0 || !text.startsWith('escape='));
    const variables = strings.flatMap((string) =>
      [...string.text.matchAll(/\$\{?(\w{1,100})/g)].map(({ 0: whole, 1: variable = '', index }): Variable => {
        const start = string.start + index;
        return {
          name: variable,
          origin: string.literal ? format.source.origin(start, start + whole.length) : format.source.origin(string.start, string.end),
        };
      }),
    );
    return known(variables, originOf(format));
  }
  return unknown('unresolved', `log_format ${name.text} is not here`, nameAt);
}

function combined(name: Fact<string>): Fact<readonly Variable[]> {
  if (name.state !== 'known') return name;
  const origin = derived('log_format combined is built in', name.origin);
  return known(
    COMBINED.map((variable) => ({ name: variable, origin })),
    origin,
  );
}

function fields(variables: Fact<readonly Variable[]>): LogFacts['fields'] {
  if (variables.state !== 'known') return variables;
  const answered = ANSWERS.flatMap(([field, pattern]): readonly Fact<Field>[] => {
    const variable = variables.value.find(({ name }) => pattern.test(name));
    return variable === undefined ? [] : [known(field, variable.origin)];
  });
  return known(answered, variables.origin, variables.open);
}

/** Any log that takes bodies or credentials is enough, of the server or of one of its locations. */
function parameters(server: Server, variables: Fact<readonly Variable[]>, world: NginxWorld): Fact<boolean> {
  const facts = [variables, ...locations(server).map(({ scope }) => variablesOf(scope, world))].map((one): Fact<boolean> => {
    if (one.state !== 'known') return one;
    const found = one.value.find(({ name }) => PARAMETERS.test(name));
    return found === undefined ? (one.open?.[0] ?? known(false, one.origin)) : known(true, found.origin);
  });
  return (
    facts.find((fact) => fact.state === 'known' && fact.value) ??
    facts.find(({ state }) => state !== 'known') ??
    facts[0] ??
    unknown('unresolved', 'log_format')
  );
}

/** `error` unless error_log goes nowhere, or takes nothing below critical. */
function events(scope: Scope, enabled: Fact<boolean>, world: NginxWorld): LogFacts['events'] {
  const elements: Fact<(typeof LOG_EVENTS)[number]>[] = [];
  const open: Unknown[] = [];
  if (enabled.state === 'unknown') open.push(enabled);
  else if (enabled.state === 'known' && enabled.value) elements.push(known('access', enabled.origin));
  const found = inForce(scope, 'error_log');
  const fallback = found.state === 'unset' ? nginxDefault(world, 'error_log', always(true))(found.at) : undefined;
  if (found.state === 'unknown') open.push(unknown(found.cause, `error_log: ${found.detail}`, found.origin));
  else if (found.state === 'set') {
    const kept = found.nodes.find(
      ({ args }) => args[0]?.text !== '/dev/null' && args[0]?.dynamic === false && !/^(?:crit|alert|emerg)$/.test(args[1]?.text ?? ''),
    );
    const unclear = found.nodes.find(({ args }) => args.some(({ dynamic }) => dynamic));
    if (kept !== undefined && kept.args[1]?.dynamic !== true) elements.push(known('error', originOf(kept)));
    else if (unclear !== undefined) open.push(unknown('unresolved', 'error_log', originOf(unclear)));
    open.push(...found.holes);
  } else if (fallback?.state === 'known') elements.push(known('error', fallback.origin));
  else if (fallback?.state === 'unknown') open.push(fallback);
  return known(elements, scope.at, open);
}
