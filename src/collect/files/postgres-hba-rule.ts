import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';

/** Types of records of pg_hba.conf. */
export const HBA_TYPES = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
export type HbaType = (typeof HBA_TYPES)[number];

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
  readonly allDatabases: Fact<boolean>;
  /** It is asked about connections from every address. */
  readonly anySource: boolean;
  /** Connections that it is asked about: those for physical replication are named by a word of their own, which `all` does not include. */
  readonly asked: { readonly ordinary: boolean; readonly replication: boolean };
  /** Of those connections it decides for every one that its type admits, whatever the user, database and address. */
  readonly everybody: { readonly ordinary: boolean; readonly replication: boolean };
  readonly origin: Origin;
  readonly resource: Resource;
}

/** The rules of one server in their order, and what of them is not here or not a rule. */
export interface HbaRules {
  readonly at: Origin;
  readonly rules: readonly HbaRule[];
  readonly gaps: readonly Unknown[];
}

const MAX_ID = 300;
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
  const any = address !== undefined && isAny(address.text, mask);
  const local = address === undefined || isLoopback(address.text, mask);
  const from = address?.origin ?? databases.origin;
  const tls = type.text === 'hostssl';
  const name = method.text;
  const transport = { local: 'local', host: 'any', hostssl: 'tls', hostnossl: 'clear', hostgssenc: 'gss', hostnogssenc: 'any' } as const;
  const facts: KindFacts<typeof accessRule> = {
    effect: known(name === 'reject' ? 'deny' : 'allow', method.origin),
    transport: known(transport[type.text], type.origin),
    local: known(local, from),
    source: known(sourceText, from),
    any_source: known(any, from),
    users: listOf(users),
    all_users: allOf(users),
    objects: listOf(databases),
    all_objects: allOf(databases),
    method: known(name, method.origin),
    authenticates: known(name !== 'trust', method.origin),
    protects_password: known(
      !(CLEAR.has(name) && !tls && !local) && name !== 'md5',
      derived(tls ? `${name} inside TLS` : name, method.origin),
    ),
  };
  const names = databases.names.map(({ text }) => text);
  const [user] = users.names;
  const everywhere =
    users.names.length === 1 && user?.text === 'all' && !users.quoted && (type.text === 'local' || address?.text === 'all');
  const written = (list: HbaNames): string => list.names.map(({ text }) => text).join(',');
  return {
    type: type.text,
    local,
    method: name,
    requiresCertificate: name === 'cert' || options.some((option) => /^clientcert=(?:verify-full|verify-ca|1)$/.test(option)),
    users: facts.users,
    allUsers: facts.all_users,
    allDatabases: facts.all_objects,
    anySource: any,
    asked: {
      ordinary: databases.quoted || written(databases) !== 'replication',
      // Quoted, it is a database of that name; beside others in quotes, which of them is cannot be told.
      replication: names.includes('replication'),
    },
    everybody: {
      ordinary: everywhere && names.includes('all') && !databases.quoted,
      replication: everywhere && names.includes('replication') && !databases.quoted,
    },
    origin: method.origin,
    resource: make([type.text, written(databases), written(users), sourceText, name].join(' ').slice(0, MAX_ID), facts),
  };
}

/** Every address: `all`, or a prefix of no bits, whatever stands before it. */
function isAny(address: string, mask: string | undefined): boolean {
  return address === 'all' || /\/0+$/.test(address) || mask === '0.0.0.0' || (mask !== undefined && /^[0:]+$/.test(mask));
}

/** This machine alone: a loopback address with a prefix that keeps it there. */
function isLoopback(address: string, mask: string | undefined): boolean {
  if (address === 'localhost' || address === 'samehost') return true;
  const [, bits] = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/(\d+))?$/.exec(address) ?? [undefined, 'none'];
  if (bits !== 'none') return mask === undefined ? bits === undefined || Number(bits) >= 8 : mask.startsWith('255.');
  return /^::1(?:\/128)?$/.test(address) && (mask === undefined || /^(?:ffff:){7}ffff$/i.test(mask));
}

/**
 * Rules that some connection can reach: PostgreSQL takes the first that fits, so a rule behind one for everybody never counts.
 * Connections for physical replication are asked of rules that name `replication` only: a rule for `all` decides none of them.
 */
export function reachable(rules: readonly HbaRule[]): readonly HbaRule[] {
  const open: HbaRule[] = [];
  const covered = { ordinary: new Set<HbaType>(), replication: new Set<HbaType>() };
  for (const rule of rules) {
    const { asked, everybody, type } = rule;
    if ((asked.ordinary && !covered.ordinary.has(type)) || (asked.replication && !covered.replication.has(type))) open.push(rule);
    for (const kind of ['ordinary', 'replication'] as const) {
      if (!everybody[kind]) continue;
      covered[kind].add(type);
      if (type === 'host') for (const other of HBA_TYPES) if (other !== 'local') covered[kind].add(other);
    }
  }
  return open;
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
