import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Row } from '../../world/database.ts';
import { accountName, mariadbAccount, mysqlAccount, type Account } from './account.ts';
import { privilegeOfColumn, privilegesOfBits, privilegesOfSet, type Grant } from './privileges.ts';
import { columnOf, type MysqlServer } from './server.ts';

/** More accounts than these are nobody's to review; each costs a resource. */
const MAX_ACCOUNTS = 20_000;
const MAX_GRANTS = 100_000;

/** Columns `…_priv` that every version has had since MySQL 5.5 and MariaDB 10.0: of databases, and of the whole server. */
const ON_SCHEMA = `select insert update delete create drop grant references index alter create_tmp_table lock_tables create_view show_view
  create_routine alter_routine execute event trigger`.split(/\s+/);
const ON_SERVER = [
  ...ON_SCHEMA,
  ...'reload shutdown process file show_db super repl_slave repl_client create_user create_tablespace'.split(' '),
];

/** Accounts of a server, what each was granted itself, and which roles. */
export interface AccountTables {
  readonly accounts: readonly Account[];
  /** Privileges below the whole server, by account or role. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
  /** Roles (and accounts that it may become) by account or role. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** Whose rights everybody has: PUBLIC, `mandatory_roles`, nobody in particular. */
  readonly everybody: readonly string[];
  /** There may be more accounts. */
  readonly gaps: readonly Unknown[];
  /** Every account may have more rights. */
  readonly rightsGaps: readonly Unknown[];
  /** Every account may have more roles. */
  readonly rolesGaps: readonly Unknown[];
  readonly origins: readonly Origin[];
}

/** Reads the tables of privileges themselves: information_schema leaves out, without a word, what an account may not see. */
export async function readAccounts(server: MysqlServer): Promise<AccountTables | Unknown> {
  const collection = new Collection();
  const columns = await columnsOf(server);
  if ('state' in columns) return columns;
  await collection.roles(server);
  await collection.schemas(server, columns.get('db') ?? []);
  await collection.tables(server);
  await collection.routines(server);
  await collection.proxies(server);
  const failed = server.mariadb ? await collection.mariadb(server) : await collection.mysql(server, columns.get('user') ?? []);
  if (failed !== undefined) return failed;
  const tables = collection.done();
  if (tables.accounts.length > 0 || tables.gaps.length > 0) return tables;
  const table = server.mariadb ? 'mysql.global_priv' : 'mysql.user';
  return unknown('unparseable', `${table}: no account`, server.origin(`select … from ${table}`));
}

/** Columns of mysql.user and mysql.db, lower case: those that this account may read. */
async function columnsOf(server: MysqlServer): Promise<ReadonlyMap<string, readonly string[]> | Unknown> {
  const found = await server.rows(
    'select column_name from information_schema.columns where table_schema = mysql',
    'nothing',
    "select lower(table_name) as t, column_name as c from information_schema.columns where table_schema = 'mysql' and table_name in ('user', 'db')",
  );
  if ('state' in found) return found;
  const columns = new Map<string, string[]>();
  for (const row of found.rows) {
    const [table, column] = [columnOf(row, 't'), columnOf(row, 'c')];
    if (table === undefined || column === undefined || !/^\w{1,64}$/.test(column)) continue;
    columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  return columns;
}

/** Replaces what is stored for a plugin by its kind, in the JSON text of mysql.global_priv: no hash leaves the server. */
const KINDS_FOR_HASHES = [
  ['[*][0-9A-Fa-f]{40}', 'native'],
  ['[0-9a-f]{16}', 'old'],
  ['(?!native"|old"|other")[^"]+', 'other'],
].reduce((sql, [hash, kind]) => `regexp_replace(${sql}, '("authentication_string" *: *")${hash}"', '\\\\1${kind}"')`, 'Priv');

class Collection {
  readonly #accounts: Account[] = [];
  readonly #grants = new Map<string, Grant[]>();
  readonly #edges = new Map<string, string[]>();
  readonly #everybody: string[] = [];
  readonly #gaps: Unknown[] = [];
  readonly #rightsGaps: Unknown[] = [];
  readonly #rolesGaps: Unknown[] = [];
  readonly #origins: Origin[] = [];
  /** MySQL: accounts that were granted to somebody. */
  readonly #granted = new Set<string>();

  done(): AccountTables {
    return {
      accounts: this.#accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      grants: this.#grants,
      edges: this.#edges,
      everybody: this.#everybody,
      gaps: this.#gaps,
      rightsGaps: this.#rightsGaps,
      rolesGaps: this.#rolesGaps,
      origins: this.#origins,
    };
  }

  async mariadb(server: MysqlServer): Promise<Unknown | undefined> {
    const found = await server.rows(
      'select … from mysql.global_priv',
      'SELECT on mysql.global_priv',
      `select Host as host, User as user, json_value(Priv, '$.access') as access, json_value(Priv, '$.version_id') as version, ${KINDS_FOR_HASHES} as priv from mysql.global_priv`,
      MAX_ACCOUNTS,
    );
    if ('state' in found) return found;
    this.#origins.push(found.origin);
    for (const row of found.rows) {
      const account = mariadbAccount(row, found.origin, (access) =>
        privilegesOfBits(access, server.version.state === 'known' ? server.version.value : ''),
      );
      const version = Number(columnOf(row, 'version') ?? 0);
      if (account === undefined) this.#gaps.push(unknown('unparseable', 'mysql.global_priv: a row', found.origin));
      else {
        this.#accounts.push(account);
        if (account.role && account.user === 'PUBLIC') this.#everybody.push(account.name);
        // Before 10.5.2 SUPER was not yet split: a row of then gives more than its bits. All bits are all privileges at any time.
        if (version < 100_502 && account.global.length > 0 && !account.global.some(({ privilege }) => privilege === 'SLAVE MONITOR'))
          this.#rightsGaps.push(
            unknown('unsupported', `mysql.global_priv: privileges of ${account.name} are written by an older version`, found.origin),
          );
      }
    }
    return undefined;
  }

  async mysql(server: MysqlServer, columns: readonly string[]): Promise<Unknown | undefined> {
    const lower = new Set(columns.map((column) => column.toLowerCase()));
    const dynamic = await this.#dynamic(server);
    const optional = (column: string, sql: string, as: string): string => `${lower.has(column) ? sql : 'null'} as ${as}`;
    const found = await server.rows(
      'select … from mysql.user',
      'SELECT on mysql.user',
      `select Host as host, User as user, plugin as plugin, ${[
        optional(
          'authentication_string',
          "case when authentication_string = '' then '' when authentication_string regexp '^[*][0-9A-Fa-f]{40}$' then 'native' else 'other' end",
          'secret',
        ),
        ...['ssl_type', 'max_user_connections', 'password_expired', 'password_lifetime', 'account_locked'].map((name) =>
          optional(name, name, name),
        ),
        optional('password_last_changed', "date_format(password_last_changed, '%Y-%m-%dT%H:%i:%sZ')", 'changed'),
        // Kept in the same text are the hashes of a second password and of further factors.
        optional('user_attributes', "json_extract(User_attributes, '$.Password_locking.failed_login_attempts')", 'tries'),
        optional('user_attributes', "json_extract(User_attributes, '$.Password_locking.password_lock_time_days')", 'lock_days'),
      ].join(', ')}, ${yesColumns(columns)} as privileges from mysql.user`,
      MAX_ACCOUNTS,
    );
    if ('state' in found) return found;
    this.#origins.push(found.origin);
    // Columns that cannot be read may hold any privilege.
    if (!ON_SERVER.every((name) => lower.has(`${name}_priv`)))
      this.#rightsGaps.push(unknown('access-denied', 'mysql.user: needs SELECT on mysql.user', found.origin));
    for (const row of found.rows) {
      const name = accountName(columnOf(row, 'user') ?? '', columnOf(row, 'host') ?? '');
      const global = [...globalGrants(row, columns), ...(dynamic.get(name) ?? [])];
      const account = mysqlAccount(row, found.origin, (column) => lower.has(column), this.#granted, global);
      if (account === undefined) this.#gaps.push(unknown('unparseable', 'mysql.user: a row', found.origin));
      else this.#accounts.push(account);
    }
    return undefined;
  }

  /** Privileges that MySQL 8 keeps apart; MySQL 5.7 has no such table. */
  async #dynamic(server: MysqlServer): Promise<ReadonlyMap<string, readonly Grant[]>> {
    const dynamic = new Map<string, Grant[]>();
    if (before(server, 8)) return dynamic;
    const rows = await this.#rows(server, 'mysql.global_grants', 'Host as host, User as user, Priv as priv', this.#rightsGaps);
    for (const row of rows) {
      const name = accountName(columnOf(row, 'user') ?? '', columnOf(row, 'host') ?? '');
      const privilege = columnOf(row, 'priv');
      if (privilege !== undefined) dynamic.set(name, [...(dynamic.get(name) ?? []), { privilege, scope: { level: 'global' } }]);
    }
    return dynamic;
  }

  async roles(server: MysqlServer): Promise<void> {
    if (server.mariadb) {
      const rows = await this.#rows(server, 'mysql.roles_mapping', 'Host as host, User as user, Role as role', this.#rolesGaps);
      for (const row of rows) {
        const [user = '', host = '', role] = [columnOf(row, 'user'), columnOf(row, 'host'), columnOf(row, 'role')];
        // A role that is granted to a role stands without a host.
        if (role !== undefined) this.#edge(host === '' ? user : accountName(user, host), role);
      }
      return;
    }
    if (before(server, 8)) return;
    const rows = await this.#rows(
      server,
      'mysql.role_edges',
      'FROM_HOST as host, FROM_USER as user, TO_HOST as to_host, TO_USER as to_user',
      this.#rolesGaps,
    );
    for (const row of rows) {
      const role = accountName(columnOf(row, 'user') ?? '', columnOf(row, 'host') ?? '');
      this.#granted.add(role);
      this.#edge(accountName(columnOf(row, 'to_user') ?? '', columnOf(row, 'to_host') ?? ''), role);
    }
    const mandatory = server.variable('mandatory_roles');
    if (mandatory.state === 'unknown') this.#rolesGaps.push(mandatory);
    const list = mandatory.state === 'known' ? mandatory.value : '';
    for (const [, user = '', host = '%'] of list.matchAll(/[`'"]?([^`'"@,\s]+)[`'"]?(?:@[`'"]?([^`'",\s]+)[`'"]?)?/g)) {
      this.#everybody.push(accountName(user, host));
      this.#granted.add(accountName(user, host));
    }
  }

  async schemas(server: MysqlServer, columns: readonly string[]): Promise<void> {
    const lower = new Set(columns.map((column) => column.toLowerCase()));
    if (!ON_SCHEMA.every((name) => lower.has(`${name}_priv`)))
      this.#rightsGaps.push(unknown('access-denied', 'mysql.db: needs SELECT on mysql.db', server.origin('select … from mysql.db')));
    if (!['host', 'user', 'db'].every((name) => lower.has(name))) return;
    const rows = await this.#rows(
      server,
      'mysql.db',
      `Host as host, User as user, Db as db, ${yesColumns(columns)} as privileges`,
      this.#rightsGaps,
    );
    for (const row of rows) {
      const schema = columnOf(row, 'db');
      if (schema === undefined) continue;
      for (const column of wordsOf(row, 'privileges'))
        this.#grant(server, row, { privilege: privilegeOfColumn(column), scope: { level: 'schema', schema } });
    }
  }

  async tables(server: MysqlServer): Promise<void> {
    const own = 'Host as host, User as user, Db as db, Table_name as tab';
    for (const row of await this.#rows(server, 'mysql.tables_priv', `${own}, Table_priv as privileges`, this.#rightsGaps)) {
      const [schema, table] = [columnOf(row, 'db'), columnOf(row, 'tab')];
      if (schema === undefined || table === undefined) continue;
      for (const privilege of privilegesOfSet(columnOf(row, 'privileges') ?? ''))
        this.#grant(server, row, { privilege, scope: { level: 'table', schema, table } });
    }
    const columns = await this.#rows(
      server,
      'mysql.columns_priv',
      `${own}, Column_name as col, Column_priv as privileges`,
      this.#rightsGaps,
    );
    for (const row of columns) {
      const [schema, table, column] = [columnOf(row, 'db'), columnOf(row, 'tab'), columnOf(row, 'col')];
      if (schema === undefined || table === undefined || column === undefined) continue;
      for (const privilege of privilegesOfSet(columnOf(row, 'privileges') ?? ''))
        this.#grant(server, row, { privilege, scope: { level: 'table', schema, table, column } });
    }
  }

  async routines(server: MysqlServer): Promise<void> {
    const select = 'Host as host, User as user, Db as db, Routine_name as routine, Routine_type as kind, Proc_priv as privileges';
    for (const row of await this.#rows(server, 'mysql.procs_priv', select, this.#rightsGaps)) {
      const [schema, routine, kind] = [columnOf(row, 'db'), columnOf(row, 'routine'), columnOf(row, 'kind')];
      if (schema === undefined || routine === undefined || kind === undefined) continue;
      for (const privilege of privilegesOfSet(columnOf(row, 'privileges') ?? ''))
        this.#grant(server, row, { privilege, scope: { level: 'routine', kind, schema, routine } });
    }
  }

  /** Who may become whom, where a plugin maps one name to another. */
  async proxies(server: MysqlServer): Promise<void> {
    const select = 'Host as host, User as user, Proxied_host as proxied_host, Proxied_user as proxied_user';
    for (const row of await this.#rows(server, 'mysql.proxies_priv', select, this.#rightsGaps)) {
      const account = accountName(columnOf(row, 'proxied_user') ?? '', columnOf(row, 'proxied_host') ?? '');
      this.#grant(server, row, { privilege: 'PROXY', scope: { level: 'account', account } });
      this.#edge(accountName(columnOf(row, 'user') ?? '', columnOf(row, 'host') ?? ''), account);
    }
  }

  async #rows(server: MysqlServer, table: string, select: string, gaps: Unknown[]): Promise<readonly Row[]> {
    const found = await server.rows(`select … from ${table}`, `SELECT on ${table}`, `select ${select} from ${table}`, MAX_GRANTS);
    if ('state' in found) {
      gaps.push(found);
      return [];
    }
    this.#origins.push(found.origin);
    return found.rows;
  }

  #grant({ mariadb }: MysqlServer, row: Row, grant: Grant): void {
    const [user = '', host = ''] = [columnOf(row, 'user'), columnOf(row, 'host')];
    const name = mariadb && host === '' && user !== '' ? user : accountName(user, host); // MariaDB's roles have no host
    const grants = this.#grants.get(name);
    if (grants === undefined) this.#grants.set(name, [grant]);
    else grants.push(grant);
    // A row of mysql.db without a user fits every user: acl_get() of sql_acl.cc compares no name then.
    if (user === '' && grant.scope.level === 'schema' && !this.#everybody.includes(name)) this.#everybody.push(name);
  }

  #edge(from: string, to: string): void {
    const edges = this.#edges.get(from);
    if (edges === undefined) this.#edges.set(from, [to]);
    else edges.push(to);
  }
}

/** A list of the columns that say Y, by their names. */
function yesColumns(columns: readonly string[]): string {
  const privileges = columns.filter((column) => /_priv$/i.test(column));
  return privileges.length === 0 ? "''" : `concat_ws(',', ${privileges.map((name) => `if(${name} = 'Y', '${name}', null)`).join(', ')})`;
}

function wordsOf(row: Row, column: string): readonly string[] {
  return (columnOf(row, column) ?? '').split(',').filter((word) => word !== '');
}

function globalGrants(row: Row, columns: readonly string[]): readonly Grant[] {
  const names = new Set(columns);
  return wordsOf(row, 'privileges')
    .filter((column) => names.has(column))
    .map((column) => ({ privilege: privilegeOfColumn(column), scope: { level: 'global' } }));
}

/** Is it of a major version before this one? */
function before({ version }: MysqlServer, major: number): boolean {
  return version.state === 'known' && Number.parseInt(version.value, 10) < major;
}
