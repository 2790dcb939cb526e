import { absent, allTrue, anyTrue, derived, isNonEmpty, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSource } from '../../resources/logging.ts';
import { hostOf } from './log-channels.ts';
import { condition, logChannels } from './nginx-log-channels.ts';
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

/** The log facts of one server: what it and the locations that hand requests on write. Where they differ, the weakest counts. */
export function logFacts(server: Server, world: NginxWorld): LogFacts {
  const { scope } = server;
  const at = scope.at;
  const places = [serverPlace(server), ...locations(server).filter((place) => passOf(place) !== undefined)];
  const enabled = weakest(places.map((place) => enabledAt(place.scope, world)));
  return {
    service: known('nginx', at),
    enabled,
    events: events(places, enabled, at, world),
    fields: fields(places, at, world),
    channels: logChannels(places, at, world),
    host: known(hostOf(server.node.source.file), at),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters: parameters(server, world),
  };
}

/** Requests are recorded only when the server does, and every location that hands them to a back end. */
function weakest(facts: readonly Fact<boolean>[]): Fact<boolean> {
  return isNonEmpty(facts) ? allTrue(facts) : unknown('unresolved', 'access_log');
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

/** The variables of each log in force in a place, with what keeps it from taking all requests. */
interface Written {
  readonly variables: Fact<readonly Variable[]>;
  readonly some: boolean;
}

function logsOf(scope: Scope, world: NginxWorld): { readonly logs: readonly Written[]; readonly holes: readonly Unknown[] } | Unknown {
  const found = inForce(scope, 'access_log');
  if (found.state === 'unknown') return unknown(found.cause, `access_log: ${found.detail}`, found.origin);
  if (found.state === 'unset')
    return { logs: [{ variables: combined(nginxDefault(world, 'log_format', always('combined'))(found.at)), some: false }], holes: [] };
  const nodes = found.nodes.filter(({ args }) => !['off', '/dev/null'].includes(args[0]?.text ?? ''));
  return {
    logs: nodes.map((node) => ({ variables: formatOf(scope, node, world), some: condition(node) !== undefined })),
    holes: found.holes,
  };
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

/**
 * What every record holds, wherever it is written. Of several logs that take all requests, one must hold it all: who asked in one
 * file and for what in another cannot be put together again.
 */
function fields(places: readonly Place[], at: Origin, world: NginxWorld): LogFacts['fields'] {
  const answers: (readonly Fact<Field>[])[] = [];
  const open: Unknown[] = [];
  for (const { scope } of places) {
    const written = logsOf(scope, world);
    if ('state' in written) return written;
    const whole = written.logs.filter(({ some }) => !some);
    const unclear = whole.map(({ variables }) => variables).find((variables) => variables.state === 'unknown');
    const best = whole
      .flatMap(({ variables }) =>
        variables.state === 'known' ? [{ answered: answeredBy(variables.value), origin: variables.origin }] : [],
      )
      .toSorted((a, b) => b.answered.length - a.answered.length)[0];
    if (unclear?.state === 'unknown' && best?.answered.length !== ANSWERS.length) return unclear;
    open.push(...written.holes);
    answers.push(best?.answered ?? []);
  }
  const [first = [], ...others] = answers;
  const everywhere = first.filter(
    (field) =>
      field.state === 'known' && others.every((list) => list.some((other) => other.state === 'known' && other.value === field.value)),
  );
  return known(everywhere, first[0]?.origin ?? at, open);
}

function answeredBy(variables: readonly Variable[]): readonly Fact<Field>[] {
  return ANSWERS.flatMap(([field, pattern]): readonly Fact<Field>[] => {
    const variable = variables.find(({ name }) => pattern.test(name));
    return variable === undefined ? [] : [known(field, variable.origin)];
  });
}

/** Any log that takes bodies or credentials is enough, of the server or of one of its locations, under a condition too. */
function parameters(server: Server, world: NginxWorld): Fact<boolean> {
  const facts = [serverPlace(server), ...locations(server)].flatMap(({ scope }): readonly Fact<boolean>[] => {
    const written = logsOf(scope, world);
    if ('state' in written) return [written];
    const [hole] = written.holes;
    const each = written.logs.map(({ variables }): Fact<boolean> => {
      if (variables.state !== 'known') return variables;
      const found = variables.value.find(({ name }) => PARAMETERS.test(name));
      return found === undefined ? known(false, variables.origin) : known(true, found.origin);
    });
    return [...each, ...(hole === undefined ? [] : [hole])];
  });
  return isNonEmpty(facts) ? anyTrue(facts) : known(false, derived('no request is recorded', server.scope.at));
}

type Event = (typeof LOG_EVENTS)[number];

/** `error` unless an error_log goes nowhere, or takes nothing below critical, in any place. */
function events(places: readonly Place[], enabled: Fact<boolean>, at: Origin, world: NginxWorld): LogFacts['events'] {
  const elements: Fact<Event>[] = [];
  const open: Unknown[] = [];
  if (enabled.state === 'unknown') open.push(enabled);
  else if (enabled.state === 'known' && enabled.value) elements.push(known('access', enabled.origin));
  const errors = weakest(places.map(({ scope }) => errorsAt(scope, world)));
  if (errors.state === 'unknown') open.push(errors);
  else if (errors.state === 'known' && errors.value) elements.push(known('error', errors.origin));
  return known(elements, at, open);
}

function errorsAt(scope: Scope, world: NginxWorld): Fact<boolean> {
  const found = inForce(scope, 'error_log');
  if (found.state === 'unset') return nginxDefault(world, 'error_log', always(true))(found.at);
  if (found.state === 'unknown') return unknown(found.cause, `error_log: ${found.detail}`, found.origin);
  const kept = found.nodes.find(
    ({ args }) =>
      args[0]?.text !== '/dev/null' &&
      args[0]?.dynamic === false &&
      args[1]?.dynamic !== true &&
      !/^(?:crit|alert|emerg)$/.test(args[1]?.text ?? ''),
  );
  if (kept !== undefined) return known(true, originOf(kept));
  const unclear = found.nodes.find(({ args }) => args.some(({ dynamic }) => dynamic));
  return unclear === undefined
    ? (found.holes[0] ?? known(false, originOf(found.nodes[0])))
    : unknown('unresolved', 'error_log', originOf(unclear));
}
