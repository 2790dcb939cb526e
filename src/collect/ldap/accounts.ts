import { absent, derived, known, mapFact, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { identityPrincipal } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { Target } from '../../model/resource.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import { labelledKind } from '../account-kind.ts';
import { heldByLists, type Claim, type Duties } from '../duties.ts';
import { isNamed } from './claimed-right.ts';
import type { SlapdConfiguration } from './configuration.ts';
import type { Groups } from './groups.ts';
import { hashOf } from './hash-scheme.ts';
import { Holding } from './holding.ts';
import { policyFacts, policyOf } from './policies.ts';
import { rightsOf } from './rights.ts';
import type { Takeovers } from './takeovers.ts';
import { isOf, textOf, textsOf, type Entries } from './search.ts';

type Principal = LiveKindFacts<typeof identityPrincipal>;

export const ACCOUNT_FILTER =
  '(|(objectClass=person)(objectClass=posixAccount)(objectClass=account)(objectClass=simpleSecurityObject)(objectClass=applicationProcess)(userPassword=*))';

export const ACCOUNT_ATTRIBUTES = [
  'objectClass',
  'uid',
  'cn',
  'userPassword',
  'gidNumber',
  'pwdAccountLockedTime',
  'pwdChangedTime',
  'pwdEndTime',
  'pwdLastSuccess',
  'pwdPolicySubentry',
  'authTimestamp',
  'createTimestamp',
];

/** What is asked of every account besides its entry. */
export interface AccountSurroundings {
  readonly target: Target;
  readonly configuration: Known<SlapdConfiguration> | Unknown;
  readonly policies: Entries;
  readonly groups: Groups;
  readonly takeovers: Takeovers;
  readonly duties: Duties | Unknown;
  readonly transport: Fact<'tls' | 'any'>;
  readonly loopbackOnly: Fact<boolean>;
  readonly at: Origin;
}

/** One account of the directory. */
export function accountFacts(entry: LdapEntry, from: Origin, around: AccountSurroundings): Principal {
  const at: Origin = from.kind === 'wire' ? { ...from, exchange: `${from.exchange}: ${entry.dn}`.slice(0, 200) } : from;
  const schemes = textsOf(entry, 'userPassword');
  const rights = rightsOf(entry.dn, around);
  const holding = new Holding(entry, around);
  return {
    ...passwordFacts(schemes, textOf(entry, 'pwdAccountLockedTime'), at),
    name: known(textOf(entry, 'uid') ?? textOf(entry, 'cn') ?? entry.dn, at),
    // Programs are often entered as persons: the labels go before the class.
    kind: labelledKind(
      around.target,
      [entry.dn, ...textsOf(entry, 'uid'), ...textsOf(entry, 'cn')],
      known(isOf(entry, 'person', 'organizationalPerson', 'inetOrgPerson', 'posixAccount') ? 'person' : 'service', at),
    ),
    superuser: holding.superuser,
    dangerous_rights: rights.dangerous,
    system: known('ldap', at),
    password_changed: momentOf(entry, ['pwdChangedTime'], 'when its password was set is not shown', at),
    password_max_age: maxAge(entry, around),
    expires:
      textOf(entry, 'pwdEndTime') === undefined ? notSet(entry, 'pwdEndTime', at) : momentOf(entry, ['pwdEndTime'], 'pwdEndTime', at),
    last_login: momentOf(entry, ['pwdLastSuccess', 'authTimestamp'], 'when it last logged in is not recorded, or not shown', at),
    any_source: anySource(around),
    requires_tls: mapFact(around.transport, 'clear-text binds', (transport) => transport === 'tls'),
    connection_limit: absent(derived('slapd limits no account’s connections', at)),
    member_of: around.groups.of(entry),
    rights: rights.rights,
    duties: dutiesOf(around, (claim) => holding.holds(claim)),
  };
}

/** The root DN of a database, for which no rule and no policy counts. It may have no entry of its own. */
export function rootFacts(
  dn: string,
  rootPasswords: readonly string[],
  own: LdapEntry | undefined,
  around: AccountSurroundings,
): Principal {
  const { configuration, at: declared } = around;
  const at = derived('olcRootDN', configuration.origin ?? declared);
  const everything = known('manage on *', at);
  const holder = { name: dn, memberOf: known([], at), rights: known([everything], at), superuser: known(true, at) };
  const schemes = [...rootPasswords, ...(own === undefined ? [] : textsOf(own, 'userPassword'))];
  return {
    ...(schemes.length === 0 && own === undefined ? withoutPassword(dn, configuration, at) : passwordFacts(schemes, undefined, at)),
    name: known(dn, at),
    kind: known('default', at),
    superuser: holder.superuser,
    dangerous_rights: known([everything], at),
    system: known('ldap', at),
    password_changed: unknown('unsupported', 'when its password was set is not shown', at),
    password_max_age: absent(derived('the root DN is exempt (slapo-ppolicy(5))', at)),
    expires: absent(at),
    last_login: unknown('unsupported', 'when it last logged in is not recorded, or not shown', at),
    any_source: anySource(around),
    requires_tls: mapFact(around.transport, 'clear-text binds', (transport) => transport === 'tls'),
    connection_limit: absent(at),
    member_of: holder.memberOf,
    rights: holder.rights,
    duties: dutiesOf(around, heldByLists(holder)),
  };
}

/** A root DN without password proves itself by SASL at most: as the machine’s own user, or where a mapping leads to it. */
function withoutPassword(
  dn: string,
  configuration: AccountSurroundings['configuration'],
  at: Origin,
): Pick<Principal, 'login' | 'password' | 'hash'> {
  const mapped = configuration.state === 'unknown' || textsOf(configuration.value.global, 'olcAuthzRegexp').length > 0;
  return {
    login: /cn=(?:peercred|external),cn=auth$/i.test(dn)
      ? known(true, at)
      : mapped
        ? unknown('unresolved', 'olcAuthzRegexp may make somebody of it', at)
        : known(false, derived('neither olcRootPW nor an entry', at)),
    password: known('none', at),
    hash: absent(at),
  };
}

function passwordFacts(
  schemes: readonly string[],
  lockedTime: string | undefined,
  at: Origin,
): Pick<Principal, 'login' | 'password' | 'hash'> {
  // slapo-ppolicy(5): this one time stands for "until an administrator unlocks it".
  const locked = lockedTime?.startsWith('000001010000Z') === true;
  const hidden = unknown('access-denied', 'no userPassword is shown: there may be none, or it may not be read', at);
  const [scheme, ...more] = schemes;
  if (scheme === undefined) return { login: locked ? known(false, at) : hidden, password: hidden, hash: hidden };
  const clear = schemes.includes('{CLEARTEXT}');
  const weakest = clear ? '{CLEARTEXT}' : scheme;
  const hash = more.length > 0 && !clear && new Set(schemes).size > 1 ? undefined : hashOf(weakest);
  return {
    login: known(!locked, at),
    password: known(clear ? 'plain' : 'hashed', at),
    hash: hash === undefined ? unknown('unsupported', `the scheme ${weakest.slice(0, 40)}`, at) : known(hash, at),
  };
}

function maxAge(entry: LdapEntry, { policies, configuration, at }: AccountSurroundings): Fact<number> {
  const policy = policyOf(entry, policies, configuration);
  if (policy === undefined) return absent(derived('no password policy is in force', at));
  return policy.state === 'unknown' ? policy : policyFacts(policy, configuration).max_age;
}

function anySource({ configuration, loopbackOnly }: AccountSurroundings): Fact<boolean> {
  if (loopbackOnly.state === 'known' && loopbackOnly.value)
    return known(false, derived('nobody comes over a network', loopbackOnly.origin));
  if (configuration.state === 'unknown') return configuration;
  const limited = configuration.value.databases.some(({ rules }) =>
    rules.some(({ grants }) => grants.some(({ who }) => who.some((one) => /^(?:peername|sockname|domain|sockurl)/i.test(one)))),
  );
  return limited
    ? unknown('unresolved', 'olcAccess: a condition on where one comes from', configuration.origin)
    : known(true, derived('olcAccess', configuration.origin));
}

function dutiesOf({ duties, groups, configuration }: AccountSurroundings, holds: (claim: Claim) => Fact<boolean>): Principal['duties'] {
  if ('state' in duties) return duties;
  return duties.heldBy(holds, ({ kind, name }) =>
    kind === 'right' ? configuration.state === 'unknown' || isNamed(name, configuration.value) : groups.has(name),
  );
}

/** What is not set is absent where operational attributes are shown at all. */
function notSet(entry: LdapEntry, name: string, at: Origin): Fact<string> {
  return textOf(entry, 'createTimestamp') === undefined ? unknown('access-denied', `${name} is not shown`, at) : absent(at);
}

/** The latest of some generalized times (RFC 4517 3.3.13), in UTC. */
function momentOf(entry: LdapEntry, names: readonly string[], otherwise: string, at: Origin): Fact<string> {
  const texts = names.flatMap((name) => textsOf(entry, name));
  const moments = texts.flatMap((text) => {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/.exec(text) ?? [];
    const iso = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`;
    return year === undefined || Number.isNaN(Date.parse(iso)) ? [] : [iso];
  });
  const last = moments.toSorted().at(-1);
  return last === undefined ? unknown('not-collected', otherwise, at) : known(last, at);
}
