import { ipVersion } from '../model/ip-address.ts';
import { Secret } from './secret.ts';

/** Kinds of target that are addressed by a URL, each with its schemes and usual port. */
const ENGINES = {
  postgres: { schemes: ['postgres', 'postgresql'], port: 5432 },
  mysql: { schemes: ['mysql', 'mariadb'], port: 3306 },
  redis: { schemes: ['redis', 'rediss'], port: 6379 },
  ldap: { schemes: ['ldap', 'ldaps', 'ldapi'], port: 389 },
} as const satisfies Readonly<Record<string, { readonly schemes: readonly string[]; readonly port: number }>>;

export type Engine = keyof typeof ENGINES;
export const DATABASE_KINDS: readonly Engine[] = ['postgres', 'mysql', 'redis', 'ldap'];

/** Where a database answers, and as whom to log in: everything but the secret. */
export interface DatabaseAddress {
  readonly engine: Engine;
  readonly scheme: string;
  /** A host name or IP address; undefined where `socket` is the way. */
  readonly host?: string;
  /** Absolute path of a Unix socket, or of its directory (PostgreSQL). */
  readonly socket?: string;
  readonly port: number;
  readonly database?: string;
  readonly user?: string;
  /** What stands after `?`, such as `sslmode`. */
  readonly parameters: { readonly [name: string]: string };
}

/** What a URL holds, its password sealed. */
export interface ParsedAddress {
  readonly address: DatabaseAddress;
  readonly password?: Secret;
}

/** The engine that a scheme names. */
export function engineOf(scheme: string): Engine | undefined {
  return DATABASE_KINDS.find((engine) => ENGINES[engine].schemes.some((one) => one === scheme.toLowerCase()));
}

/**
 * Reads `postgres://user@host:port/database?sslmode=…`; for a Unix socket `postgres:///database?host=/run/postgresql`, or
 * `?socket=/run/mysqld/mysqld.sock`. The reason never repeats what it was given: that may be a secret.
 */
export function databaseAddressOf(engine: Engine, text: string): ParsedAddress | { readonly problem: string } {
  const { schemes, port: usual } = ENGINES[engine];
  const form = `${schemes[0]}://user@host:port/database`;
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `${schemes[0]}://${text}`;
  const [, scheme = '', authority = '', path = '', query = ''] = /^([a-z]+):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(whole) ?? [];
  if (!schemes.some((one) => one === scheme.toLowerCase())) return { problem: `it is not written as ${form}` };
  const at = authority.lastIndexOf('@');
  const [user, password] = at === -1 ? [] : splitFirst(authority.slice(0, at));
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return { problem: `its host is none: ${form}` };
  if ((bracketed !== undefined && ipVersion(bracketed) !== 6) || (plain !== undefined && !/^[\w.-]*$/.test(plain)))
    return { problem: `its host is none: ${form}` };
  const parameters: Record<string, string> = {};
  for (const pair of query === '' ? [] : query.split('&')) {
    const [left, right = ''] = splitFirst(pair, '=');
    const [name, value] = [decoded(left), decoded(right)];
    if (name === undefined || value === undefined) return { problem: 'its parameters are not URL-encoded' };
    parameters[name] = value;
  }
  // PostgreSQL's library takes host and port from here before anything else: another server must not be looked at instead.
  const { socket, host: elsewhere, port: portHere, ...others } = parameters;
  const way = socket ?? (elsewhere?.startsWith('/') === true ? elsewhere : undefined);
  if (elsewhere !== undefined && way === undefined) return { problem: `its host stands before the path: ${form}` };
  if (portHere !== undefined && (!/^\d{1,5}$/.test(portHere) || (portText !== undefined && portText !== portHere)))
    return { problem: portText === undefined ? 'its port is none' : 'it names two ports' };
  if (host === '' && way === undefined) return { problem: `it names no host: ${form}` };
  const port = Number(portText ?? portHere ?? (scheme.toLowerCase() === 'ldaps' ? 636 : usual));
  if (port < 1 || port > 65_535) return { problem: 'its port is none' };
  const names = [user, password, path].map((part) => (part === undefined ? '' : decoded(part)));
  const [userName, secret, database] = names;
  if (names.includes(undefined)) return { problem: 'its user, password or database is not URL-encoded' };
  return {
    address: {
      engine,
      scheme: scheme.toLowerCase(),
      ...(way === undefined ? { host } : { socket: way }),
      port,
      ...(database === undefined || database === '' ? {} : { database }),
      ...(userName === undefined || userName === '' ? {} : { user: userName }),
      parameters: others,
    },
    ...(secret === undefined || secret === '' ? {} : { password: new Secret(secret) }),
  };
}

/** `postgresql://host:port/database`, without user, password and parameters. */
export function addressText({ scheme, host, socket, port, database }: DatabaseAddress): string {
  const place = host === undefined ? `${socket ?? ''}:${port}` : ipVersion(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  return `${scheme}://${place}${database === undefined ? '' : `/${database}`}`;
}

function splitFirst(text: string, separator = ':'): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
