import { absent, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { identityPrincipal } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { Target } from '../../model/resource.ts';
import { labelledKind } from '../account-kind.ts';
import type { Claim, Duties } from '../duties.ts';
import { dangerousCommandsOf, isSuperuser, takesAnyPassword } from '../redis-acl.ts';
import { asUnknown, type Listening } from './instance.ts';
import type { RedisReading, RedisUserRules } from './reading.ts';
import { claimedBy, commandIn, isRedisRight, rightsOf } from './rights.ts';

export interface RedisPrincipal {
  readonly name: string;
  /** It logs in with any password. */
  readonly open: boolean;
  readonly facts: LiveKindFacts<typeof identityPrincipal>;
}

/** What is asked of every account besides its own rules. */
interface Surroundings {
  readonly reading: RedisReading;
  readonly listening: Listening;
  readonly target: Target;
  readonly duties: Duties | Unknown;
  /** The server’s word to somebody who proves nothing. */
  readonly authentication: Fact<boolean>;
  readonly at: Origin;
}

/** The accounts of an instance; before version 6 there is one, which may do everything. Open where not all were asked about. */
export function redisPrincipals(surroundings: Surroundings): Fact<readonly RedisPrincipal[]> {
  const { users } = surroundings.reading;
  if (users.state === 'known')
    return known(
      users.value.map((user) => principalOf(user, surroundings, users.origin)),
      users.origin,
      users.open,
    );
  const version = surroundings.reading.info('redis_version');
  if (users.state === 'unknown' && users.cause === 'unsupported' && version.state === 'known' && /^[1-5]\./.test(version.value))
    return known([onlyUser(surroundings, derived('before version 6 there are no users', version.origin))], version.origin);
  return asUnknown(users, 'ACL USERS');
}

function principalOf({ name, rules }: RedisUserRules, surroundings: Surroundings, from: Origin): RedisPrincipal {
  const { reading, target } = surroundings;
  const at: Origin = from.kind === 'wire' ? { ...from, exchange: `ACL GETUSER ${name}`.slice(0, 120) } : from;
  const words = rules.map((rule) => rule.toLowerCase());
  const nopass = takesAnyPassword(rules);
  const hashed = words.some((word) => word.startsWith('#'));
  const on = words.includes('on');
  const rights = dangerousCommandsOf(rules);
  const superuser = known(isSuperuser(rules), at);
  const given = rightsOf(rules);
  return {
    name,
    open: on && nopass,
    facts: {
      ...common(surroundings, at),
      name: known(name, at),
      kind: name === 'default' ? known('default', at) : labelledKind(target, [name], known('service', at)),
      // Who has neither a password nor nopass can prove itself by a client certificate at most.
      login: !on || nopass || hashed ? known(on, at) : byCertificate(reading, at),
      password: known(hashed && !nopass ? 'hashed' : 'none', at),
      superuser,
      dangerous_rights: presentOnly(rights, reading, at),
      hash: hashed && !nopass ? known('sha256', at) : absent(at),
      password_changed: hashed && !nopass ? unknown('unsupported', 'Redis does not record when a password was set', at) : absent(at),
      rights: known(
        given.map((right) => known(right, at)),
        at,
      ),
      duties: dutiesOf(surroundings, (claim) => claimedBy(rules, claim, at, categoriesOf(claim, reading))),
    },
  };
}

/** The one user of `requirepass`, or of nothing. */
function onlyUser(surroundings: Surroundings, at: Origin): RedisPrincipal {
  const { authentication, reading } = surroundings;
  const superuser = known(true, at);
  return {
    name: 'default',
    open: authentication.state === 'known' && !authentication.value,
    facts: {
      ...common(surroundings, at),
      name: known('default', at),
      kind: known('default', at),
      login: known(true, at),
      password: mapFact(authentication, 'requirepass, which is kept as it is', (demanded) => (demanded ? 'plain' : 'none')),
      superuser,
      dangerous_rights: presentOnly(dangerousCommandsOf(['+@all']), reading, at),
      hash: authentication.state !== 'known' ? authentication : authentication.value ? known('plain', at) : absent(at),
      password_changed: unknown('unsupported', 'Redis does not record when a password was set', at),
      rights: known([known('@all on ~*', at)], at),
      duties: dutiesOf(surroundings, () => superuser),
    },
  };
}

/** What Redis has no word for, and what holds for every account of an instance. */
function common({ listening }: Surroundings, at: Origin) {
  const never = derived('Redis has no ageing of accounts', at);
  return {
    system: known('redis', at),
    password_max_age: absent(never),
    expires: absent(never),
    last_login: unknown('unsupported', 'Redis does not record logins', at),
    any_source: mapFact(listening.loopbackOnly, 'Redis limits no account to an address', (only) => !only),
    requires_tls: mapFact(listening.tls, 'no port answers in clear', (tls) => tls === 'required'),
    connection_limit: absent(at),
    member_of: known([], derived('Redis has no roles', at)),
  } as const;
}

/** Since Valkey 9 and Redis 8.6 a verified client certificate may name its user. */
function byCertificate(reading: RedisReading, at: Origin): Fact<boolean> {
  const field = reading.setting('tls-auth-clients-user');
  if (field.state === 'absent') return known(false, derived('no password of this account is ever right', at));
  if (field.state === 'unknown') return field;
  return known(!/^(?:off|no)?$/i.test(field.value), derived('tls-auth-clients-user', field.origin));
}

/** A command that was renamed is out of reach for who does not know its new name. */
function presentOnly(rights: readonly string[], { present }: RedisReading, at: Origin): Fact<readonly Fact<string>[]> {
  if (rights.length === 0) return known([], at);
  if (present.state !== 'known') return asUnknown(present, 'COMMAND INFO');
  return known(
    rights.filter((right) => present.value.has(right)).map((right) => known(right, at)),
    derived('commands that are there under their own name', at, present.origin),
  );
}

function dutiesOf({ duties, reading }: Surroundings, holds: Parameters<Duties['heldBy']>[0]): Fact<readonly Fact<string>[]> {
  if ('state' in duties) return duties;
  return duties.heldBy(holds, (claim) => {
    if (claim.kind !== 'right' || !isRedisRight(claim.name)) return false;
    const command = commandIn(claim.name);
    // A command that the server does not know, or does not tell of, may be misspelt.
    return command === undefined || reading.categories(command).state === 'known';
  });
}

/** The categories of the command that a claim names, where it names one. */
function categoriesOf({ name }: Claim, reading: RedisReading): readonly string[] | undefined {
  const command = commandIn(name);
  const categories = command === undefined ? undefined : reading.categories(command);
  return categories?.state === 'known' ? categories.value : undefined;
}
