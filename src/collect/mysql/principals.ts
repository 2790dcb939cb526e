import { absent, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { HASHES, identityPrincipal } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { accountKind } from '../account-kind.ts';
import { Duties, type Claim } from '../duties.ts';
import { seen } from '../seen.ts';
import { mayLogIn, openMethods, timeFact, type Account } from './account.ts';
import type { AccountTables } from './accounts.ts';
import { actsAsAnybody, dangerousRights, Effective, isSuperuser, rightsList, type EffectiveRights } from './effective.ts';
import { isNamed, namedTables, names } from './duty-objects.ts';
import { gives, grantText, wantedRight } from './privileges.ts';
import type { MysqlServer } from './server.ts';

type Facts = LiveKindFacts<typeof identityPrincipal>;

/** Accounts that every server is installed with. */
const DEFAULT_USERS = new Set(['root', 'mysql', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', 'debian-sys-maint']);

/** Every account and role of a server, with what it may do in the end. */
export async function principals(server: MysqlServer, tables: AccountTables): Promise<readonly Resource[]> {
  const effective = new Effective(tables);
  const open = effective.rightsOpen;
  const duties = Duties.of(server.target);
  // Nobody's rights are asked for: everybody may do everything.
  const skipped = server.flag('skip_grant_tables');
  const rights = new Map(tables.accounts.map((account) => [account.name, effective.of(account)]));
  const exists = claimsThatExist(tables, rights, 'state' in duties ? new Set() : await namedTables(server, duties));
  return tables.accounts.map((account) => {
    const own = rights.get(account.name) ?? effective.of(account);
    const superuser =
      skipped.state === 'known' && skipped.value ? known(true, derived('skip_grant_tables', skipped.origin)) : isSuperuser(own, open);
    const memberOf = known(
      own.memberOf.map((name) => known(name, own.origin)),
      own.origin,
      tables.rolesGaps,
    );
    const held: Facts['duties'] =
      'state' in duties ? duties : duties.heldBy((claim) => holds(claim, account, own, superuser, tables, open), exists);
    const facts: Facts = {
      // Without the host: accounts of one name on several hosts, and on other systems, are one somebody.
      name: known(account.user === '' ? "''" : account.user, account.origin),
      kind: kindOf(server, account),
      login: mayLogIn(account),
      ...passwordFacts(server, account),
      superuser,
      dangerous_rights: dangerousRights(own, open),
      system: known(server.engine, server.origin('select version()')),
      last_login: unknown('unsupported', 'last login: the server keeps no record of it', account.origin),
      any_source: known(isAnyHost(account.host) && !account.role, account.origin),
      requires_tls: requiresTls(server, account),
      connection_limit: connectionLimit(server, account),
      member_of: memberOf,
      rights: rightsList(own, open, filesOf(server)),
      duties: held,
    };
    return seen(identityPrincipal, account.name, server.target, 'live', facts);
  });
}

/** Roles and the accounts that the product comes with are known as such; of others the target's labels say whom they stand for. */
function kindOf({ target }: MysqlServer, { role, user, name, origin }: Account): Facts['kind'] {
  if (role) return known('role', origin);
  if (user === '' || DEFAULT_USERS.has(user)) return known('default', derived('an account that the product comes with', origin));
  return accountKind(target, name, user);
}

/** A name as custos.yaml may give it: with its host, or without. */
function isCalled(wanted: string, name: string): boolean {
  return wanted === name || wanted === name.replace(/@[^@]*$/, '');
}

function holds(
  claim: Claim,
  account: Account,
  rights: EffectiveRights,
  superuser: Fact<boolean>,
  { rolesGaps }: AccountTables,
  open: readonly Unknown[],
): Fact<boolean> {
  if (claim.kind !== 'right' && [account.name, ...rights.memberOf].some((name) => isCalled(claim.name, name)))
    return known(true, derived('by the name of the account or of a role', rights.origin));
  if (superuser.state === 'known' && superuser.value) return known(true, derived('a superuser may do everything', superuser.origin));
  const disguise = actsAsAnybody(rights);
  if (disguise !== undefined) return known(true, derived(`${disguise} may act as anybody`, rights.origin));
  if (claim.kind === 'right') {
    const wanted = wantedRight(claim.name);
    const grant = rights.grants.find((one) => gives(one, wanted));
    return grant === undefined ? (open[0] ?? known(false, rights.origin)) : known(true, derived(grantText(grant), rights.origin));
  }
  return rolesGaps[0] ?? superuser;
}

/** A name exists that some account or role has; a right, where its object does, or where a grant names it. There are no groups. */
function claimsThatExist(
  tables: AccountTables,
  rights: ReadonlyMap<string, EffectiveRights>,
  named: ReadonlySet<string>,
): (claim: Claim) => boolean {
  const accounts = new Set(tables.accounts.flatMap(({ name, user }) => [name, user]));
  const remembered = new Map<string, boolean>();
  return ({ kind, name }) => {
    if (kind !== 'right') return kind === 'role' && accounts.has(name);
    const before = remembered.get(name);
    if (before !== undefined) return before;
    const wanted = wantedRight(name);
    const found = isNamed(wanted, named) || [...rights.values()].some(({ grants }) => grants.some((grant) => names(grant, wanted)));
    remembered.set(name, found);
    return found;
  };
}

/** From weak to strong: an account that offers several is as strong as the first of them. */
const WEAKEST_FIRST = [
  'mysql_old_password',
  'mysql_native_password',
  'sha256_password',
  'caching_sha2_password',
  'ed25519',
] as const satisfies readonly (typeof HASHES)[number][];

function passwordFacts(
  server: MysqlServer,
  account: Account,
): Pick<Facts, 'password' | 'hash' | 'password_changed' | 'password_max_age' | 'expires'> {
  const { origin } = account;
  const none = absent(origin);
  const methods = openMethods(account);
  const proofs = methods.flatMap(({ proof }) => (proof.state === 'known' ? [proof.value] : []));
  const hidden = methods.flatMap(({ proof }) => (proof.state === 'unknown' ? [proof] : []))[0];
  const hashed = methods.filter(({ proof }) => proof.state === 'known' && proof.value === 'hash').map(({ plugin }) => plugin);
  const password: Facts['password'] = proofs.includes('nothing')
    ? known('none', origin)
    : (hidden ??
      (hashed.length > 0
        ? known('hashed', origin)
        : account.role || proofs.length === 0
          ? known('none', derived('it cannot log in', origin))
          : unknown('unsupported', 'password: another system keeps it', origin)));
  if (hashed.length === 0 && hidden === undefined)
    return { password, hash: none, password_changed: none, password_max_age: none, expires: none };
  const kind = WEAKEST_FIRST.find((name) => hashed.includes(name));
  const { changed, expired } = account;
  const age = maxAge(server, account);
  return {
    password,
    hash: hidden ?? (kind === undefined ? unknown('unsupported', `plugin ${hashed[0]?.slice(0, 40) ?? ''}`, origin) : known(kind, origin)),
    password_changed: changed,
    password_max_age: age,
    expires:
      expired.state === 'known' && expired.value
        ? unknown('unsupported', 'password expired: the server does not say when', origin)
        : age.state !== 'known'
          ? age
          : changed.state === 'known'
            ? timeFact(Date.parse(changed.value) + age.value * 86_400_000, derived('password_last_changed and password_lifetime', origin))
            : changed,
  };
}

/** Its own lifetime, else the server's; 0 is for ever. */
function maxAge(server: MysqlServer, { lifetime, origin }: Account): Fact<number> {
  if (lifetime.state !== 'known') return lifetime;
  const days = lifetime.value === 'default' ? server.number('default_password_lifetime') : known(lifetime.value, origin);
  return days.state === 'known' && days.value === 0 ? absent(days.origin) : days;
}

/** Its own demand, or the server's of everybody. */
export function requiresTls(server: MysqlServer, { tls }: Pick<Account, 'tls'>): Fact<boolean> {
  const own = mapFact(tls, 'REQUIRE of the account', (value) => value !== 'none');
  if (own.state === 'known' && own.value) return own;
  const all = server.flag('require_secure_transport');
  if (all.state === 'known' && all.value) return all;
  // Versions without the setting do not demand it of anybody.
  return own.state === 'known' && all.state === 'unknown' && all.cause !== 'unsupported' ? all : own;
}

function connectionLimit(server: MysqlServer, { connections, origin }: Account): Fact<number> {
  if (connections.state !== 'known') return connections;
  if (connections.value !== 0) return known(Math.max(0, connections.value), origin);
  const all = server.number('max_user_connections');
  return all.state === 'known' && all.value === 0 ? absent(all.origin) : all;
}

/** Where FILE reaches: secure_file_priv is a directory, empty for everywhere, NULL for nowhere. */
function filesOf(server: MysqlServer): string {
  const found = server.variable('secure_file_priv');
  if (found.state !== 'known') return 'paths that are not known';
  return found.value === '' ? 'any path' : found.value === 'NULL' ? 'no path' : found.value.slice(0, 200);
}

/** Every address: nothing but wildcards, or a network of no bits. */
export function isAnyHost(host: string): boolean {
  return host === '' || /^[%_.:]*%[%_.:]*$/.test(host) || /\/(?:0|0\.0\.0\.0)$/.test(host);
}
