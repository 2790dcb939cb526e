import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import { identityPrincipal, type HASHES } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { accountKind } from '../account-kind.ts';
import { Duties } from '../duties.ts';
import type { HbaRules } from '../files/postgres-hba-rule.ts';
import { seen } from '../seen.ts';
import type { Answer } from './catalogue.ts';
import type { Grants } from './grants.ts';
import { Holding, isThere } from './holding.ts';
import type { Role, Roles } from './roles.ts';
import { waysIn } from './ways-in.ts';

type Facts = LiveKindFacts<typeof identityPrincipal>;
type Hash = (typeof HASHES)[number];

/** So many roles are told of, those who can log in first; the others are a gap. */
const MAX_PRINCIPALS = 5000;
/** Roles and rights that are listed of one role, and of all of them: duties are worked out over everything. */
const MAX_LISTED = 500;
const MAX_ALL_LISTED = 100_000;

/** What is known of a cluster's accounts besides their roles. */
export interface Surroundings {
  readonly target: Target;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly hba: HbaRules | Unknown;
  /** Form of each password by role, as pg_authid has it: `none`, `md5`, `scram-sha-256`, `plain`. */
  readonly passwords: Answer<'name' | 'form'> | Unknown;
  /** Roles that have a session now. */
  readonly sessions: Answer<'name'> | Unknown;
  readonly major: Fact<number>;
  readonly now: string;
}

/** Accounts and roles with their effective rights, and what of them is not told. */
export function principalsOf(around: Surroundings): { readonly resources: readonly Resource[]; readonly gaps: readonly Unknown[] } {
  const { roles, target } = around;
  const own = roles.all.filter(({ predefined }) => !predefined);
  const gaps: Unknown[] = roles.gap === undefined ? [] : [roles.gap];
  if (own.length > MAX_PRINCIPALS) gaps.push(unknown('unsupported', `pg_roles: more than ${MAX_PRINCIPALS} accounts`, roles.origin));
  const passwords = 'state' in around.passwords ? undefined : new Map(around.passwords.rows.map(({ name, form }) => [name, form]));
  const sessions = 'state' in around.sessions ? undefined : new Set(around.sessions.rows.map(({ name }) => name));
  const duties = Duties.of(target);
  let left = MAX_ALL_LISTED;
  const listed = (list: (max: number) => Facts['rights']): Facts['rights'] => {
    const found = list(Math.min(MAX_LISTED, left));
    left -= found.state === 'known' ? found.value.length : 0;
    return found;
  };
  const resources = own.slice(0, MAX_PRINCIPALS).map((role) => {
    const reach = roles.reach(role);
    const holding = new Holding(role, reach, around.grants, around.major, roles.origin);
    const { origin } = roles;
    const facts: Facts = {
      name: known(role.name, origin),
      kind: kindOf(role, target, origin),
      login: known(role.login, origin),
      ...passwordOf(role, around.passwords, passwords),
      superuser: holding.superuser,
      dangerous_rights: holding.dangerous(),
      system: known('postgresql', origin),
      password_max_age: absent(derived('PostgreSQL ages no password', origin)),
      expires: role.validUntil === undefined ? absent(origin) : known(role.validUntil, origin),
      last_login: lastLogin(role, around, sessions),
      ...waysIn(role, reach, around.hba),
      connection_limit: role.connectionLimit === undefined ? absent(origin) : known(role.connectionLimit, origin),
      member_of: listed((max) => holding.memberOf(max)),
      rights: listed((max) => holding.rights(max)),
      duties:
        duties instanceof Duties
          ? duties.heldBy(
              (claim) => holding.holds(claim),
              (claim) => isThere(claim, roles, around.grants),
            )
          : duties,
    };
    return seen(identityPrincipal, role.name, target, 'live', facts);
  });
  return { resources, gaps };
}

function kindOf(role: Role, target: Target, origin: Origin): Facts['kind'] {
  if (role.bootstrap) return known('default', derived('the superuser that initdb made', origin));
  return role.login ? accountKind(target, role.name) : known('role', origin);
}

/** The hash stays with the server: it tells its form alone. When a password was set it does not record. */
function passwordOf(
  role: Role,
  answer: Surroundings['passwords'],
  forms: ReadonlyMap<string | null, string | null> | undefined,
): Pick<Facts, 'password' | 'hash' | 'password_changed'> {
  if ('state' in answer || forms === undefined) {
    const why = 'state' in answer ? answer : unknown('unparseable', 'pg_authid');
    return { password: why, hash: why, password_changed: why };
  }
  const { origin } = answer;
  const form = forms.get(role.name);
  const hash = (['md5', 'scram-sha-256', 'plain'] as const satisfies readonly Hash[]).find((one) => one === form);
  if (form === 'none') return { password: known('none', origin), hash: absent(origin), password_changed: absent(origin) };
  if (hash === undefined) {
    const why = unknown('unresolved', 'pg_authid: a role that was made meanwhile', origin);
    return { password: why, hash: why, password_changed: why };
  }
  return {
    password: known(hash === 'plain' ? 'plain' : 'hashed', origin),
    hash: known(hash, origin),
    password_changed: unknown('not-collected', 'PostgreSQL does not record when a password was set', origin),
  };
}

/** A session that is open shows that it is used; nothing else of its logins is kept by the server. */
function lastLogin(role: Role, { sessions, now }: Surroundings, open: ReadonlySet<string | null> | undefined): Facts['last_login'] {
  if (!('state' in sessions) && open?.has(role.name) === true) return known(now, derived('a session of it is open', sessions.origin));
  return unknown('not-collected', 'PostgreSQL does not record logins', sessions.origin);
}
