import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { hbaAddress, type HbaFamily } from './postgres-hba-address.ts';
import { Undecided } from './postgres-hba-undecided.ts';

/** Types of records of pg_hba.conf. */
export const HBA_TYPES = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
export type HbaType = (typeof HBA_TYPES)[number];

/** How a connection travels, as far as rules tell it apart. */
export type HbaWay = 'socket' | 'tls' | 'gss' | 'clear';
/**
 * What each type is asked about: `hostnossl` about everything without TLS, GSSAPI encryption too (check_hba of hba.c).
 */
const WAYS: Readonly<Record<HbaType, readonly HbaWay[]>> = {
  local: ['socket'],
  host: ['tls', 'gss', 'clear'],
  hostssl: ['tls'],
  hostnossl: ['gss', 'clear'],
  hostgssenc: ['gss'],
  hostnogssenc: ['tls', 'clear'],
};

/** A field of a record, and where it stands. */
export interface HbaField {
  readonly text: string;
  readonly origin: Origin;
}

/** A field that lists names: they are words of PostgreSQL only where they are not quoted. */
export interface HbaNames {
  readonly names: readonly HbaField[];
  readonly origin: Origin;
  readonly quoted: boolean;
}

/** One record, as it is written or as the server tells of it. */
export interface HbaRecord {
  readonly type: { readonly text: HbaType; readonly origin: Origin };
  readonly databases: HbaNames;
  readonly users: HbaNames;
  /** Undefined for `local`. */
  readonly address: HbaField | undefined;
  /** Where it stands apart from the address. */
  readonly mask: string | undefined;
  readonly method: HbaField;
  readonly options: readonly string[];
}

/** One rule as it was parsed. */
export interface HbaRule {
  readonly type: HbaType;
  readonly local: boolean;
  readonly method: string;
  readonly requiresCertificate: boolean;
  /** Names of users: `all`, names, `+` with a role. */
  readonly users: Fact<readonly Fact<string>[]>;
  readonly allUsers: Fact<boolean>;
  /** It admits from every address, or from about as many. */
  readonly anySource: boolean;
  /** Connections that it is asked about: by their way, by the kind of address they come from, and by what they are for. */
  readonly ways: readonly HbaWay[];
  readonly families: readonly HbaFamily[];
  readonly asked: { readonly ordinary: boolean; readonly replication: boolean };
  /** Of these families it is asked about every address, and of these purposes about every database. */
  readonly whole: readonly HbaFamily[];
  readonly everything: { readonly ordinary: boolean; readonly replication: boolean };
  /** It is asked about every user. */
  readonly everybody: boolean;
  readonly origin: Origin;
  readonly resource: Resource;
}

/** The rules of one server in their order, and what of them is not here or not a rule. */
export interface HbaRules {
  readonly at: Origin;
  readonly rules: readonly HbaRule[];
  readonly gaps: readonly Unknown[];
}

const MAX_NAMES = 500;

const METHODS = [
  'trust',
  'reject',
  'scram-sha-256',
  'md5',
  'password',
  'gss',
  'sspi',
  'ident',
  'peer',
  'ldap',
  'radius',
  'cert',
  'pam',
  'bsd',
  'oauth',
];
/** Methods that send the password itself to the server. */
const CLEAR = new Set(['password', 'ldap', 'radius', 'pam', 'bsd']);

/** What a record means; undefined where its method is none. `make` gives it its place among the resources of its target. */
export function hbaRule(record: HbaRecord, make: (id: string, facts: KindFacts<typeof accessRule>) => Resource): HbaRule | undefined {
  const { type, databases, users, address, mask, method, options } = record;
  if (!METHODS.includes(method.text) || (type.text !== 'local' && address === undefined)) return undefined;
  const sourceText = address === undefined ? 'local' : mask === undefined ? address.text : `${address.text} ${mask}`;
  // Every connection through a socket counts as of one kind.
  const where =
    address === undefined
      ? ({ families: ['IPv4'], whole: ['IPv4'], wide: false, loopback: true } as const)
      : hbaAddress(address.text, mask);
  const local = where.loopback;
  const from = address?.origin ?? databases.origin;
  const tls = type.text === 'hostssl';
  const name = method.text;
  const transport = { local: 'local', host: 'any', hostssl: 'tls', hostnossl: 'clear', hostgssenc: 'gss', hostnogssenc: 'any' } as const;
  const facts: KindFacts<typeof accessRule> = {
    effect: known(name === 'reject' ? 'deny' : 'allow', method.origin),
    transport: known(transport[type.text], type.origin),
    local: known(local, from),
    source: known(sourceText, from),
    any_source: known(where.wide, from),
    users: listOf(users),
    all_users: allOf(users),
    objects: listOf(databases),
    all_objects: allOf(databases),
    method: known(name, method.origin),
    authenticates: known(name !== 'trust', method.origin),
    protects_password: protects(name, tls, local, options, method.origin),
  };
  const names = databases.names.map(({ text }) => text);
  const [user] = users.names;
  const written = (list: HbaNames): string => list.names.map(({ text }) => text).join(',');
  return {
    type: type.text,
    local,
    method: name,
    requiresCertificate: name === 'cert' || options.some((option) => /^clientcert=(?:verify-full|verify-ca|1)$/.test(option)),
    users: facts.users,
    allUsers: facts.all_users,
    anySource: where.wide,
    ways: WAYS[type.text],
    families: where.families,
    asked: {
      ordinary: databases.quoted || written(databases) !== 'replication',
      // Quoted, it is a database of that name; beside others in quotes, which of them is cannot be told.
      replication: names.includes('replication'),
    },
    whole: where.whole,
    everything: {
      ordinary: names.includes('all') && !databases.quoted,
      replication: names.includes('replication') && !databases.quoted,
    },
    everybody: users.names.length === 1 && user?.text === 'all' && !users.quoted,
    origin: method.origin,
    resource: make([type.text, written(databases), written(users), sourceText, name].join(' '), facts),
  };
}

/**
 * Does the password stay protected on its way? Where the server hands it on, its next way counts as well: to an LDAP server in clear unless
 * the rule says otherwise, to a RADIUS server under MD5 (RFC 2865 5.2). What PAM and BSD authentication do with it is set elsewhere.
 * https://www.postgresql.org/docs/current/auth-ldap.html
 */
function protects(method: string, tls: boolean, local: boolean, options: readonly string[], origin: Origin): Fact<boolean> {
  if (method === 'md5') return known(false, origin);
  if (!CLEAR.has(method)) return known(true, derived(tls ? `${method} inside TLS` : method, origin));
  if (!tls && !local) return known(false, derived(`${method} without TLS`, origin));
  switch (method) {
    case 'ldap':
      return entersTls(options)
        ? known(true, derived('ldap inside TLS', origin))
        : known(false, derived('the LDAP server is asked in clear', origin));
    case 'radius':
      return known(false, derived('a RADIUS server is sent the password under MD5', origin));
    case 'pam':
    case 'bsd':
      return unknown('unresolved', `${method}: where it takes the password`, origin);
    default:
      return known(true, derived(tls ? `${method} inside TLS` : method, origin));
  }
}

/** Is the LDAP server asked by StartTLS, by ldaps, or on this machine alone? The server tells options by their names in the file. */
function entersTls(options: readonly string[]): boolean {
  const values = new Map(options.map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]));
  const servers = values.get('ldapserver') ?? /^ldap:\/\/([^:/?]*)/.exec(values.get('ldapurl') ?? '')?.[1] ?? '';
  return (
    /^(?:1|true)$/.test(values.get('ldaptls') ?? '') ||
    values.get('ldapscheme') === 'ldaps' ||
    values.get('ldapurl')?.startsWith('ldaps://') === true ||
    (servers !== '' && servers.split(' ').every((server) => /^(?:localhost|127\.\d+\.\d+\.\d+|::1)(?::\d+)?$/.test(server)))
  );
}

/** Rules that some connection can reach, and by which ways. */
export function reachable(rules: readonly HbaRule[]): readonly { readonly rule: HbaRule; readonly ways: readonly HbaWay[] }[] {
  const undecided = new Undecided();
  return rules.flatMap((rule) => {
    const ways = undecided.waysOf(rule);
    if (rule.everybody) undecided.decide(rule);
    return ways.length === 0 ? [] : [{ rule, ways }];
  });
}

/** Names of a list, each at its place; `@file` names a list that is not read here. */
function listOf({ names, origin }: HbaNames): KindFacts<typeof accessRule>['users'] {
  const open: Unknown[] = [];
  const found: Fact<string>[] = [];
  for (const name of names.slice(0, MAX_NAMES)) {
    if (name.text.startsWith('@')) open.push(unknown('unresolved', `list ${name.text}`, name.origin));
    else found.push(known(name.text, name.origin));
  }
  if (names.length > MAX_NAMES) open.push(unknown('unsupported', `more than ${MAX_NAMES} names`, origin));
  return known(found, origin, open);
}

/** `all`, or a pattern that stands for anything. A name in quotes is a name. */
function allOf({ names, origin, quoted }: HbaNames): Fact<boolean> {
  const texts = names.map(({ text }) => text);
  if (quoted && texts.includes('all')) return unknown('unsupported', 'all in quotes is a name, beside others it cannot be told', origin);
  if (!quoted && texts.some((name) => name === 'all' || name === '/.*' || name === '/^.*$')) return known(true, origin);
  if (texts.some((name) => name.startsWith('@') || name.startsWith('/')))
    return unknown('unresolved', `${texts.join(',')}: a file or pattern`, origin);
  return known(false, origin);
}
