/** Certificates that stand together in a key store, leaf first where it says so. */
export interface StoredChain {
  readonly certificates: readonly Uint8Array[];
  /** Indices of those whose private key is in the store. */
  readonly withKey: readonly number[];
}

/** What a key store shows without a password. */
export interface KeyStore {
  readonly chains: readonly StoredChain[];
  /** Private keys that anybody who has the file can read. */
  readonly keysInClear: number;
  /** Its own checksum was verified. A Java key store's needs the password. */
  readonly verified: boolean;
  /** What of it was not read, short: encrypted parts, entries of unknown kinds. */
  readonly unread: string | undefined;
}
