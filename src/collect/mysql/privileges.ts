/** What a privilege is held on. Database names of grants on whole databases are patterns of LIKE: `_` stands for any character. */
export type Scope =
  | { readonly level: 'global' }
  | { readonly level: 'schema'; readonly schema: string }
  | { readonly level: 'table'; readonly schema: string; readonly table: string; readonly column?: string }
  | { readonly level: 'routine'; readonly kind: string; readonly schema: string; readonly routine: string }
  /** PROXY: it may become that account. */
  | { readonly level: 'account'; readonly account: string };

/** One privilege of one account or role, by the server's own word for it. */
export interface Grant {
  readonly privilege: string;
  readonly scope: Scope;
}

/** Privileges on what databases hold. All others concern the server, and have no object. */
const ON_OBJECTS = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
  'TRIGGER',
  'DELETE HISTORY',
  'SHOW CREATE ROUTINE',
  'GRANT OPTION',
]);

/**
 * Privileges by their bits in mysql.global_priv of MariaDB 10.5.2 and newer (sql/privilege.h). Older rows are marked by their
 * version_id, and their bits are read otherwise.
 */
const MARIADB_BITS: readonly string[] = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'RELOAD',
  'SHUTDOWN',
  'PROCESS',
  'FILE',
  'GRANT OPTION',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'SHOW DATABASES',
  'SUPER',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'REPLICATION SLAVE',
  'BINLOG MONITOR',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'CREATE USER',
  'EVENT',
  'TRIGGER',
  'CREATE TABLESPACE',
  'DELETE HISTORY',
  'SET USER',
  'FEDERATED ADMIN',
  'CONNECTION ADMIN',
  'READ_ONLY ADMIN',
  'REPLICATION SLAVE ADMIN',
  'REPLICATION MASTER ADMIN',
  'BINLOG ADMIN',
  'BINLOG REPLAY',
  'SLAVE MONITOR',
  'SHOW CREATE ROUTINE', // since 11.3; the last one, so that leaving it out moves no other
];

/** Privileges that a number of mysql.global_priv stands for. A fresh installation sets every bit there is, and more. */
export function privilegesOfBits(access: bigint, version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const known = major > 11 || (major === 11 && minor >= 3) ? MARIADB_BITS : MARIADB_BITS.filter((name) => name !== 'SHOW CREATE ROUTINE');
  return known.filter((_, bit) => ((access >> BigInt(bit)) & 1n) === 1n);
}

/** Columns of mysql.user and mysql.db whose names are not the privilege's own words. */
const COLUMNS: Readonly<Record<string, string>> = {
  grant: 'GRANT OPTION',
  show_db: 'SHOW DATABASES',
  create_tmp_table: 'CREATE TEMPORARY TABLES',
  repl_slave: 'REPLICATION SLAVE',
  repl_client: 'REPLICATION CLIENT',
  delete_versioning_rows: 'DELETE HISTORY',
};

/** The privilege that a column such as `Create_view_priv` stands for. */
export function privilegeOfColumn(column: string): string {
  const name = column.toLowerCase().replace(/_priv$/, '');
  return COLUMNS[name] ?? name.replaceAll('_', ' ').toUpperCase();
}

/** The privileges of a SET column: `Select,Insert,Create View`. */
export function privilegesOfSet(text: string): readonly string[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .map((word) => (word === 'Grant' ? 'GRANT OPTION' : word === 'Delete versioning rows' ? 'DELETE HISTORY' : word.toUpperCase()));
}

/** A grant as a person would write it: `INSERT on ledger.payment`, `SUPER`. */
export function grantText({ privilege, scope }: Grant): string {
  switch (scope.level) {
    case 'global':
      return ON_OBJECTS.has(privilege) ? `${privilege} on *.*` : privilege;
    case 'schema':
      return `${privilege} on ${scope.schema}.*`;
    case 'table':
      return `${privilege}${scope.column === undefined ? '' : ` (${scope.column})`} on ${scope.schema}.${scope.table}`;
    case 'routine':
      return `${privilege} on ${scope.kind} ${scope.schema}.${scope.routine}`;
    case 'account':
      return `${privilege} on ${scope.account}`;
  }
}

/** A right as custos.yaml names it: a privilege, and what it is held on. */
export interface WantedRight {
  readonly privilege: string;
  /** Columns in lower case, as the server compares them; empty where the right is to the whole table. */
  readonly columns: readonly string[];
  /** `*` where any is meant; undefined where the right concerns the server. */
  readonly object?: { readonly schema: string; readonly name: string };
}

/** Privileges on one table, and on single columns of it: https://mariadb.com/kb/en/grant/#table-privileges */
const ON_TABLES = new Set(
  'SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,REFERENCES,INDEX,ALTER,CREATE VIEW,SHOW VIEW,TRIGGER,DELETE HISTORY,GRANT OPTION'.split(','),
);
const ON_COLUMNS = new Set(['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']);

/** Does a right to a table have a privilege that tables have? Whether its object and columns are there is another question. */
export function isOfTables({ privilege, columns }: WantedRight): boolean {
  return (columns.length === 0 ? ON_TABLES : ON_COLUMNS).has(privilege);
}

/** Reads `INSERT on ledger.payment`, `EXECUTE on PROCEDURE ledger.release` or `SUPER`. */
export function wantedRight(text: string): WantedRight {
  const [, privilege, list, schema, name] =
    /^([A-Z][A-Z_ ]*?)(?: ?\(([^)]*)\))? on (?:(?:PROCEDURE|FUNCTION|PACKAGE|PACKAGE BODY) )?([^.]+)\.(.+)$/i.exec(text.trim()) ?? [];
  const columns = list === undefined ? [] : list.split(',').map((column) => column.trim().toLowerCase());
  return privilege === undefined || schema === undefined || name === undefined
    ? { privilege: text.trim().toUpperCase(), columns }
    : { privilege: privilege.toUpperCase(), columns, object: { schema, name } };
}

/**
 * Does a grant give some of a right? One column of a table, or one table of a database, is enough: who may write any of it holds
 * the duty, unless the right names columns, and none of them is among those.
 */
export function gives({ privilege, scope }: Grant, wanted: WantedRight): boolean {
  if (privilege !== wanted.privilege) return false;
  if (scope.level === 'global') return true;
  if (wanted.object === undefined || scope.level === 'account') return false;
  const { schema, name } = wanted.object;
  if (scope.level === 'schema') return schema === '*' || scope.schema === schema || isLike(scope.schema, schema);
  const own = scope.level === 'table' ? scope.table : scope.routine;
  if (
    scope.level === 'table' &&
    scope.column !== undefined &&
    wanted.columns.length > 0 &&
    !wanted.columns.includes(scope.column.toLowerCase())
  )
    return false;
  return (schema === '*' || scope.schema === schema) && (name === '*' || own === name);
}

/** LIKE: `%` any characters, `_` one, a backslash takes the next as it is. Linear in the name for each `%`. */
export function isLike(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  let [at, in_] = [0, 0];
  let retry: { readonly at: number; in_: number } | undefined;
  while (in_ < name.length) {
    const part = parts[at];
    if (part === 'any') {
      retry = { at, in_ };
      at += 1;
    } else if (part !== undefined && (part === 'one' || part.literal === name[in_])) {
      at += 1;
      in_ += 1;
    } else if (retry !== undefined) {
      retry.in_ += 1;
      [at, in_] = [retry.at + 1, retry.in_];
    } else return false;
  }
  return parts.slice(at).every((part) => part === 'any');
}

function partsOf(pattern: string): readonly ('any' | 'one' | { readonly literal: string })[] {
  const parts: ('any' | 'one' | { readonly literal: string })[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '\\' && at + 1 < pattern.length) parts.push({ literal: pattern.charAt((at += 1)) });
    else parts.push(char === '%' ? 'any' : char === '_' ? 'one' : { literal: char });
  }
  return parts;
}
