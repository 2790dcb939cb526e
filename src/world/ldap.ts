import type { Unknown } from '../model/fact.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { Transport } from './database.ts';

/** One entry of a directory: its attributes by name in lower case, without options. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** What is searched for. Referrals are never followed, and aliases stay what they are. */
export interface LdapSearch {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: string;
  readonly attributes: readonly string[];
  /** Entries that are kept. */
  readonly max: number;
}

/**
 * Entries that were found, and the server’s result code (RFC 4511 4.1.9): 0 is success, 32 no such object, 50 insufficient rights.
 * With any other code than 0 there may be more of them.
 */
export interface LdapAnswer {
  readonly entries: readonly LdapEntry[];
  readonly code: number;
  /** There are more than were kept. */
  readonly more: boolean;
  /** Parts of the tree are on other servers, which were not asked. */
  readonly referred: boolean;
}

/** A session with a directory that binds, searches and unbinds, and does nothing else. Nothing here throws. */
export interface LdapSession {
  readonly transport: Transport;
  /** Without credentials: what origins and reports name. */
  readonly address: DatabaseAddress;
  /** Result code of the bind. A session of nobody goes on where it was refused: RFC 4513 4 lets it search all the same. */
  readonly bind: number;
  /** Result code that the same bind had in clear, where the server wanted StartTLS first. */
  readonly inClear?: number;
  /** The name that the server knows us by (“Who am I?”, RFC 4532): empty for nobody, undefined where it does not say. */
  readonly identity: string | undefined;
  search(search: LdapSearch): Promise<LdapAnswer | Unknown>;
  close(): void;
}
