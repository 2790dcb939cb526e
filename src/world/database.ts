import type { Unknown } from '../model/fact.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { LdapSession } from './ldap.ts';
import type { RedisSession } from './redis.ts';
import type { Secret } from './secret.ts';

/** Where a database answers, as whom to log in, and how much it may cost. */
export interface DatabaseLogin {
  /** An address without password, or one that was sealed because it may hold one. */
  readonly address: DatabaseAddress | Secret;
  /** Account to log in as, where the address names none. */
  readonly user?: string;
  /** Takes the place of the address' own. */
  readonly password?: Secret;
  /** Nothing is to be proven: whatever password there is stays sealed. */
  readonly anonymous?: true;
  /** Takes the place of the address' own: another database of the same server. */
  readonly database?: string;
  /** PEM of authorities that are trusted besides the machine's own. */
  readonly ca?: string;
  /** The user accepts that credentials cross a network without verified TLS. */
  readonly insecure: boolean;
  /** Milliseconds for connecting; a statement may take four times as long. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * How a session's bytes travel; `unverified` is TLS with whoever answered. Credentials were sent over the first three only, or the
 * target says `insecure: true`.
 */
export type Transport = 'socket' | 'loopback' | 'tls' | 'unverified' | 'clear';

/** Does TLS encrypt it, whoever is at the other end? */
export function isEncrypted(transport: Transport): boolean {
  return transport === 'tls' || transport === 'unverified';
}

/** One row, by column. */
export type Row = { readonly [column: string]: unknown };

/** A read-only session with an SQL server. Nothing here throws; each statement has a time limit, and none waits for a lock. */
export interface SqlSession {
  readonly transport: Transport;
  /** Without credentials: what origins and reports name. */
  readonly address: DatabaseAddress;
  /** Rows of one `select` without limit, at most `maxRows`; more make it an `Unknown`, never a shorter list. */
  query(statement: string, maxRows?: number): Promise<readonly Row[] | Unknown>;
  close(): Promise<void>;
}

/** The databases that collectors may ask. */
export interface Databases {
  postgres(login: DatabaseLogin): Promise<SqlSession | Unknown>;
  mysql(login: DatabaseLogin): Promise<SqlSession | Unknown>;
  redis(login: DatabaseLogin): Promise<RedisSession | Unknown>;
  ldap(login: DatabaseLogin): Promise<LdapSession | Unknown>;
}
