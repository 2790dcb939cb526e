import { derived, isNonEmpty, known, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Account } from './account.ts';
import type { AccountTables } from './accounts.ts';
import { gives, grantText, wantedRight, type Grant } from './privileges.ts';

/** A list of rights longer than this is cut, and open: all of them still count for what is asked of it. */
const MAX_RIGHTS = 400;

/**
 * Privileges that amount to the whole server or to more than any application's task: administering accounts and settings,
 * acting as others, reading files, every statement and every change.
 */
const DANGEROUS = new Set([
  'SUPER',
  'FILE',
  'GRANT OPTION',
  'CREATE USER',
  'PROXY',
  'PROCESS',
  'SHUTDOWN',
  'RELOAD',
  'REPLICATION SLAVE',
  // MariaDB's parts of SUPER
  'SET USER',
  'FEDERATED ADMIN',
  'CONNECTION ADMIN',
  'READ_ONLY ADMIN',
  'REPLICATION SLAVE ADMIN',
  'REPLICATION MASTER ADMIN',
  'BINLOG ADMIN',
  'BINLOG REPLAY',
  // MySQL's
  'CREATE ROLE',
  'DROP ROLE',
  'ROLE_ADMIN',
  'SYSTEM_USER',
  'SYSTEM_VARIABLES_ADMIN',
  'PERSIST_RO_VARIABLES_ADMIN',
  'SET_USER_ID',
  'SET_ANY_DEFINER',
  'CONNECTION_ADMIN',
  'BINLOG_ADMIN',
  'BINLOG_ENCRYPTION_ADMIN',
  'ENCRYPTION_KEY_ADMIN',
  'AUDIT_ADMIN',
  'AUDIT_ABORT_EXEMPT',
  'FIREWALL_EXEMPT',
  'CLONE_ADMIN',
  'BACKUP_ADMIN',
  'GROUP_REPLICATION_ADMIN',
  'REPLICATION_APPLIER',
  'REPLICATION_SLAVE_ADMIN',
  'SERVICE_CONNECTION_ADMIN',
  'SESSION_VARIABLES_ADMIN',
  'APPLICATION_PASSWORD_ADMIN',
  'PASSWORDLESS_USER_ADMIN',
  'AUTHENTICATION_POLICY_ADMIN',
  'TABLE_ENCRYPTION_ADMIN',
]);

/** What an account may do in the end: its own rights and those of everything that it may become. */
export interface EffectiveRights {
  readonly grants: readonly Grant[];
  /** Roles and accounts that it may become, through any chain. */
  readonly memberOf: readonly string[];
  /** Through what it has more than its own grants; for the origin. */
  readonly origin: Origin;
}

/** Resolves the rights of accounts through roles, proxies and what everybody has. */
export class Effective {
  readonly #tables: AccountTables;
  readonly #byName: ReadonlyMap<string, Account>;
  readonly #own = new Map<string, readonly Grant[]>();

  constructor(tables: AccountTables) {
    this.#tables = tables;
    this.#byName = new Map(tables.accounts.map((account) => [account.name, account]));
  }

  /** Why an account may have more rights than are known. */
  get rightsOpen(): readonly Unknown[] {
    return [...this.#tables.rightsGaps, ...this.#tables.rolesGaps];
  }

  of(account: Account): EffectiveRights {
    const reached = new Set<string>();
    const waiting = [account.name, ...this.#tables.everybody];
    while (waiting.length > 0) {
      const name = waiting.pop() ?? '';
      if (reached.has(name)) continue;
      reached.add(name);
      waiting.push(...(this.#tables.edges.get(name) ?? []));
    }
    const grants = new Map<string, Grant>();
    for (const name of reached) for (const grant of this.#ownGrants(name)) grants.set(grantText(grant), grant);
    reached.delete(account.name);
    const [first = account.origin, ...rest] = this.#tables.origins;
    return {
      grants: [...grants].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant),
      memberOf: [...reached].filter((name) => !name.startsWith("''@")).toSorted(),
      origin: derived('grants of its own, of its roles, and of everybody', first, ...rest),
    };
  }

  #ownGrants(name: string): readonly Grant[] {
    const before = this.#own.get(name);
    if (before !== undefined) return before;
    const grants = [...(this.#byName.get(name)?.global ?? []), ...(this.#tables.grants.get(name) ?? [])];
    this.#own.set(name, grants);
    return grants;
  }
}

/** Whoever may write the tables of privileges may give himself everything. */
const PRIVILEGE_TABLES = [
  'user',
  'global_priv',
  'global_grants',
  'db',
  'roles_mapping',
  'role_edges',
  'proxies_priv',
  'tables_priv',
  'columns_priv',
  'procs_priv',
].flatMap((table) => ['INSERT', 'UPDATE'].map((privilege) => wantedRight(`${privilege} on mysql.${table}`)));

/**
 * Who may set anybody's password, or have routines run as anybody, may do what anybody may.
 * https://mariadb.com/kb/en/grant/#create-user, https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html
 */
const AS_ANYBODY: ReadonlySet<string> = new Set(['CREATE USER', 'SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER']);

/** The right by which it acts as whomever it likes, if it has one. */
export function actsAsAnybody({ grants }: EffectiveRights): string | undefined {
  return grants.find(({ privilege, scope }) => scope.level === 'global' && AS_ANYBODY.has(privilege))?.privilege;
}

export function isSuperuser({ grants, origin }: EffectiveRights, open: readonly Unknown[]): Fact<boolean> {
  if (grants.some(({ privilege, scope }) => privilege === 'SUPER' && scope.level === 'global'))
    return known(true, derived('SUPER', origin));
  if (PRIVILEGE_TABLES.some((wanted) => grants.some((grant) => gives(grant, wanted))))
    return known(true, derived('it may write the tables of privileges', origin));
  return open[0] ?? known(false, origin);
}

export function dangerousRights({ grants, origin }: EffectiveRights, open: readonly Unknown[]): Fact<readonly Fact<string>[]> {
  const found = new Set(
    grants
      .filter(({ privilege, scope }) => DANGEROUS.has(privilege) && (scope.level === 'global' || scope.level === 'account'))
      .map(({ privilege }) => privilege),
  );
  return known(
    [...found].map((right) => known(right, origin)),
    origin,
    open,
  );
}

/** Every right in words; FILE with where the server lets it reach. */
export function rightsList({ grants, origin }: EffectiveRights, open: readonly Unknown[], files: string): Fact<readonly Fact<string>[]> {
  const words = grants.map((grant) => (grant.privilege === 'FILE' ? `FILE on ${files}` : grantText(grant)));
  const cut: readonly Unknown[] =
    words.length > MAX_RIGHTS ? [{ state: 'unknown', cause: 'unsupported', detail: `more than ${MAX_RIGHTS} rights`, origin }] : [];
  const list = words.slice(0, MAX_RIGHTS).map((word) => known(word, origin));
  return isNonEmpty(cut) ? known(list, origin, [...open, ...cut]) : known(list, origin, open);
}
