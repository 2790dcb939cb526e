import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { isTime, numberIn, type Catalogue } from './catalogue.ts';

/** A role as pg_roles tells of it. */
export interface Role {
  readonly oid: string;
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  /** CREATEROLE, CREATEDB, BYPASSRLS, REPLICATION. */
  readonly attributes: readonly string[];
  /** Undefined: no limit of its own. */
  readonly connectionLimit: number | undefined;
  /** ISO 8601; undefined: for ever. */
  readonly validUntil: string | undefined;
  /** initdb made it: the first superuser. */
  readonly bootstrap: boolean;
  /** One of PostgreSQL's own, `pg_…`. */
  readonly predefined: boolean;
}

interface Membership {
  readonly role: Role;
  /** It may take the role on (SET ROLE), or let itself: what belongs to the role's attributes comes with that. */
  readonly becomes: boolean;
}

/** What a role has in the end, by membership: itself is part of both. */
export interface Reach {
  /** Roles whose privileges it has, inherited or by SET ROLE. */
  readonly privileges: ReadonlySet<Role>;
  /** Roles that it may take on. */
  readonly becomes: ReadonlySet<Role>;
  /** Why there may be more. */
  readonly open: Unknown | undefined;
}

/** A cluster's roles may be customers' accounts: this many are read, and the chains of each are followed so far. */
const MAX_ROLES = 200_000;
const MAX_MEMBERSHIPS = 500_000;
const MAX_REACH = 1000;
const BOOTSTRAP = '10';

/** The roles of a cluster and who belongs to whom. */
export class Roles {
  readonly all: readonly Role[];
  readonly origin: Origin;
  readonly #byOid: ReadonlyMap<string, Role>;
  readonly #names: ReadonlySet<string>;
  readonly #memberships: ReadonlyMap<string, readonly Membership[]>;
  /** Memberships could not be read. */
  readonly gap: Unknown | undefined;

  private constructor(
    all: readonly Role[],
    memberships: ReadonlyMap<string, readonly Membership[]>,
    origin: Origin,
    gap: Unknown | undefined,
  ) {
    this.all = all;
    this.origin = origin;
    this.gap = gap;
    this.#byOid = new Map(all.map((role) => [role.oid, role]));
    this.#names = new Set(all.map(({ name }) => name));
    this.#memberships = memberships;
  }

  /** Reads pg_roles and pg_auth_members, those who can log in and may do much first. */
  static async read(catalogue: Catalogue, major: number): Promise<Roles | Unknown> {
    const from = 'pg_roles';
    const answer = await catalogue.ask({
      from,
      statement: `select oid::text, rolname::text as name, rolcanlogin::text as login, rolsuper::text as super, rolcreaterole::text as createrole,
        rolcreatedb::text as createdb, rolbypassrls::text as bypassrls, rolreplication::text as replication, rolconnlimit::text as connections,
        case when rolvaliduntil < '9999-01-01' and pg_catalog.isfinite(rolvaliduntil) then
          pg_catalog.to_char(rolvaliduntil at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as until
        from pg_catalog.pg_roles
        order by rolcanlogin desc, rolsuper desc, rolcreaterole desc, rolbypassrls desc, rolreplication desc, rolname`,
      columns: ['oid', 'name', 'login', 'super', 'createrole', 'createdb', 'bypassrls', 'replication', 'connections', 'until'],
      maxRows: MAX_ROLES,
    });
    if ('state' in answer) return answer;
    const all: Role[] = [];
    for (const { oid, name, connections, until, ...flags } of answer.rows) {
      const values = Object.values(flags);
      const limit = numberIn(connections);
      if (
        oid === null ||
        name === null ||
        limit === undefined ||
        (until !== null && !isTime(until)) ||
        !values.every((flag) => flag === 'true' || flag === 'false')
      )
        return unknown('unparseable', `${from}: not the columns that were asked for`, answer.origin);
      const attributes = (['createrole', 'createdb', 'bypassrls', 'replication'] as const).filter(
        (attribute) => flags[attribute] === 'true',
      );
      all.push({
        oid,
        name,
        login: flags.login === 'true',
        superuser: flags.super === 'true',
        attributes: attributes.map((attribute) => attribute.toUpperCase()),
        connectionLimit: limit < 0 ? undefined : limit,
        validUntil: until ?? undefined,
        bootstrap: oid === BOOTSTRAP,
        predefined: name.startsWith('pg_'),
      });
    }
    if (all.length === 0) return unknown('unparseable', `${from}: no role`, answer.origin);
    const memberships = await membershipsOf(catalogue, major, all);
    return 'state' in memberships
      ? new Roles(all, new Map(), answer.origin, memberships)
      : new Roles(all, memberships, answer.origin, undefined);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  byOid(oid: string): Role | undefined {
    return this.#byOid.get(oid);
  }

  /** What a role has by membership, through any chain. */
  reach(role: Role): Reach {
    const privileges = new Set([role]);
    const becomes = new Set([role]);
    let open = this.gap;
    const follow = (from: Role, taken: boolean): void => {
      // Depth does not matter to the stack: each role is entered at most twice, and never more than MAX_REACH.
      const waiting: { readonly role: Role; readonly taken: boolean }[] = [{ role: from, taken }];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        for (const membership of this.#memberships.get(next.role.oid) ?? []) {
          const also = next.taken && membership.becomes;
          if (privileges.has(membership.role) && (!also || becomes.has(membership.role))) continue;
          if (privileges.size >= MAX_REACH) {
            open = unknown('unsupported', `pg_auth_members: a role with more than ${MAX_REACH} others`, this.origin);
            return;
          }
          privileges.add(membership.role);
          if (also) becomes.add(membership.role);
          waiting.push({ role: membership.role, taken: also });
        }
      }
    };
    follow(role, true);
    return { privileges, becomes, open };
  }
}

/** Member → roles. Since 16 a membership says itself whether it inherits and may be taken on; before, every one may. */
async function membershipsOf(
  catalogue: Catalogue,
  major: number,
  all: readonly Role[],
): Promise<ReadonlyMap<string, readonly Membership[]> | Unknown> {
  const from = 'pg_auth_members';
  const options = major >= 16 ? 'inherit_option::text as inherits, set_option::text as sets' : "'true' as inherits, 'true' as sets";
  const answer = await catalogue.ask({
    from,
    statement: `select roleid::text, member::text, admin_option::text as admin, ${options} from pg_catalog.pg_auth_members`,
    columns: ['roleid', 'member', 'admin', 'inherits', 'sets'],
    maxRows: MAX_MEMBERSHIPS,
  });
  if ('state' in answer) return answer;
  const roles = new Map(all.map((role) => [role.oid, role]));
  const memberships = new Map<string, Membership[]>();
  for (const { roleid, member, admin, inherits, sets } of answer.rows) {
    const role = roles.get(roleid ?? '');
    // A role that was made since pg_roles was read is not in it.
    if (role === undefined || member === null) return unknown('unresolved', `${from}: a role that pg_roles does not have`, answer.origin);
    // Who may grant a role may grant it to himself, with every option.
    const becomes = sets !== 'false' || admin !== 'false';
    if (!becomes && inherits === 'false') continue;
    const list = memberships.get(member);
    if (list === undefined) memberships.set(member, [{ role, becomes }]);
    else list.push({ role, becomes });
  }
  return memberships;
}
