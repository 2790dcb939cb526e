import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Row } from '../../world/database.ts';
import type { Grant } from './privileges.ts';
import { columnOf, numberIn } from './server.ts';

/**
 * What an account has to show for one way of logging in: a stored hash, nothing at all, its name on the server's machine, a proof
 * that another system judges, or nothing that would ever do.
 */
export type Proof = 'hash' | 'nothing' | 'socket' | 'elsewhere' | 'impossible';

/** One way by which an account may log in. */
export interface Method {
  readonly plugin: string;
  readonly proof: Fact<Proof>;
}

/** An account or a role, as its row says. */
export interface Account {
  /** Empty: anonymous, for every user name that has no account of its own. */
  readonly user: string;
  /** Empty for MariaDB's roles. */
  readonly host: string;
  /** `user@host`, or a role's name: what grants and edges of roles name it by. */
  readonly name: string;
  readonly role: boolean;
  readonly methods: readonly Method[];
  readonly locked: Fact<boolean>;
  /** `''`: may do without; `ANY`, `X509`, `SPECIFIED`: must not. */
  readonly tls: Fact<'none' | 'tls' | 'certificate'>;
  /** Own limit of connections; 0 where it has none of its own, -1 where it may have none at all. */
  readonly connections: Fact<number>;
  /** When the password was set, ISO 8601. */
  readonly changed: Fact<string>;
  /** Days that a password lives; `default`: as the server's setting says. */
  readonly lifetime: Fact<number | 'default'>;
  readonly expired: Fact<boolean>;
  /** Failed tries after which it is locked, 0 where it never is; only MySQL counts by account. */
  readonly tries: Fact<number>;
  /** Minutes that the lock lasts; 0 until somebody unlocks it. */
  readonly lockout: Fact<number>;
  /** Privileges on the whole server. */
  readonly global: readonly Grant[];
  readonly origin: Origin;
}

/** Plugins that compare with a stored hash. */
const BY_HASH = new Set(['mysql_native_password', 'mysql_old_password', 'sha256_password', 'caching_sha2_password', 'ed25519', 'parsec']);

/** The proof that a plugin takes, by what is stored for it: `secret` is the kind of the stored text, never the text. */
export function proofOf(plugin: string, secret: string): Proof {
  if (plugin === 'mysql_no_login') return 'impossible';
  if (plugin === 'unix_socket' || plugin === 'auth_socket') return 'socket';
  if (!BY_HASH.has(plugin)) return 'elsewhere';
  if (secret === '') return 'nothing';
  const native = plugin === 'mysql_native_password' || plugin === 'mysql_old_password';
  return native && secret === 'other' ? 'impossible' : 'hash';
}

export function accountName(user: string, host: string): string {
  return `${user === '' ? "''" : user}@${host === '' ? '%' : host}`;
}

/** May it log in at all? */
export function mayLogIn({ role, locked, methods, origin }: Account): Fact<boolean> {
  if (role) return known(false, origin);
  if (locked.state !== 'known') return locked;
  if (locked.value) return known(false, locked.origin);
  const open = methods.find(({ proof }) => proof.state !== 'known');
  const usable = methods.find(({ proof }) => proof.state === 'known' && proof.value !== 'impossible');
  if (usable !== undefined) return known(true, origin);
  return open === undefined ? known(false, origin) : unknown('access-denied', 'authentication_string', origin);
}

/** Ways that somebody can really take. */
export function openMethods({ methods }: Account): readonly Method[] {
  return methods.filter(({ proof }) => !(proof.state === 'known' && proof.value === 'impossible'));
}

/** A row of mysql.global_priv: `priv` is its JSON, in which the hashes were replaced by their kinds before they left the server. */
export function mariadbAccount(row: Row, origin: Origin, privileges: (access: bigint) => readonly string[]): Account | undefined {
  const [user, host, text] = [columnOf(row, 'user'), columnOf(row, 'host'), columnOf(row, 'priv')];
  const priv = text === undefined ? undefined : objectIn(text);
  if (user === undefined || host === undefined || priv === undefined) return undefined;
  // The number as text: it has more digits than JSON.parse keeps.
  const access = columnOf(row, 'access') ?? ('access' in priv ? '' : '0');
  if (!/^\d{1,20}$/.test(access)) return undefined;
  const role = priv['is_role'] === true;
  const outer = methodOf(priv, origin);
  const either: unknown = priv['auth_or'];
  const alternatives = either === undefined ? [{}] : Array.isArray(either) ? either.filter(isObject) : [];
  // One that is none could be the weakest of them.
  if (alternatives.length === 0 || (Array.isArray(either) && either.length !== alternatives.length)) return undefined;
  // An empty object marks the place of the outer one among its alternatives.
  const methods = alternatives.map((one) => (Object.keys(one).length === 0 ? outer : methodOf(one, origin)));
  const changed = numberOf(priv['password_last_changed']);
  const lifetime = numberOf(priv['password_lifetime']);
  return {
    user,
    host,
    name: role ? user : accountName(user, host),
    role,
    methods: role ? [] : methods,
    locked: known(priv['account_locked'] === true, origin),
    // sql_acl.cc: SSL_TYPE_NONE, ANY, X509, SPECIFIED; -1 says that the row does not.
    tls: known((['none', 'tls', 'certificate', 'certificate'] as const)[numberOf(priv['ssl_type']) ?? 0] ?? 'none', origin),
    connections: known(numberOf(priv['max_user_connections']) ?? 0, origin),
    changed: timeFact(changed === undefined || changed <= 0 ? undefined : changed * 1000, origin),
    lifetime: known(lifetime === undefined || lifetime < 0 ? 'default' : lifetime, origin),
    // PASSWORD EXPIRE sets the time of the last change to 0.
    expired: known(changed === 0, origin),
    tries: known(0, origin),
    lockout: known(0, origin),
    global: privileges(BigInt(access)).map((privilege) => ({ privilege, scope: { level: 'global' } })),
    origin,
  };
}

function methodOf(json: Readonly<Record<string, unknown>>, origin: Origin): Method {
  const plugin = typeof json['plugin'] === 'string' && json['plugin'] !== '' ? json['plugin'] : 'mysql_native_password';
  const secret = typeof json['authentication_string'] === 'string' ? json['authentication_string'] : '';
  return { plugin, proof: known(proofOf(plugin, secret), origin) };
}

/** Milliseconds since 1970 as a timestamp; what is none, or beyond every calendar, is not known. */
export function timeFact(milliseconds: number | undefined, origin: Origin): Fact<string> {
  const date = new Date(milliseconds ?? Number.NaN);
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  return /^\d{4}-/.test(text)
    ? known(text.replace(/\.\d+Z$/, 'Z'), origin)
    : unknown('unsupported', 'password_last_changed: the server does not know', origin);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A row of mysql.user, of which only what `visible` names was asked for. */
export function mysqlAccount(
  row: Row,
  origin: Origin,
  visible: (column: string) => boolean,
  roles: ReadonlySet<string>,
  global: readonly Grant[],
): Account | undefined {
  const [user, host, plugin] = [columnOf(row, 'user'), columnOf(row, 'host'), columnOf(row, 'plugin')];
  if (user === undefined || host === undefined || plugin === undefined) return undefined;
  const name = accountName(user, host);
  const told = <T>(column: string, value: () => T): Fact<T> =>
    visible(column) ? known(value(), origin) : unknown('access-denied', `select (${column}) on mysql.user`, origin);
  const yes = (column: string): boolean => columnOf(row, column) === 'Y';
  const number = (column: string): number | undefined => numberIn(columnOf(row, column) ?? '');
  const locked = told('account_locked', () => yes('account_locked'));
  const ssl = columnOf(row, 'ssl_type') ?? '';
  return {
    user,
    host,
    name,
    // An account that was granted to somebody and cannot log in is a role: MySQL keeps both in one table.
    role: roles.has(name) && locked.state === 'known' && locked.value,
    methods: [{ plugin, proof: told('authentication_string', () => proofOf(plugin, columnOf(row, 'secret') ?? 'other')) }],
    locked,
    tls: told('ssl_type', () => (ssl === '' ? 'none' : ssl === 'ANY' ? 'tls' : 'certificate')),
    connections: told('max_user_connections', () => number('max_user_connections') ?? 0),
    changed: visible('password_last_changed')
      ? timeFact(Date.parse(columnOf(row, 'changed') ?? ''), origin)
      : unknown('access-denied', 'select (password_last_changed) on mysql.user', origin),
    lifetime: told('password_lifetime', () => number('password_lifetime') ?? 'default'),
    expired: told('password_expired', () => yes('password_expired')),
    tries: told('user_attributes', () => number('tries') ?? 0),
    // -1 (UNBOUNDED): until somebody unlocks it.
    lockout: told('user_attributes', () => Math.max(0, number('lock_days') ?? 0) * 1440),
    global,
    origin,
  };
}
