import type { Unknown } from '../model/fact.ts';
import type { Databases } from './database.ts';
import type { Host, HostAccess, HostAddress } from './host.ts';
import type { Network } from './network.ts';
import type { OpenedSecrets, Secret } from './secret.ts';

/** What a directory entry is. `other` is a FIFO, socket or device: never opened, since opening may block. */
export type EntryKind = 'file' | 'directory' | 'other';

/** A name below a root, links resolved. */
export interface Entry {
  /** Relative to the tree's root, `/`-separated. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Bytes, for files. */
  readonly size: number;
}

/** Where the file system could not be followed: the path, and why. */
export interface Unseen {
  readonly path: string;
  readonly why: Unknown;
}

export interface Walk {
  readonly entries: readonly Entry[];
  readonly unseen: readonly Unseen[];
  /** Directories that were not entered since they hold what others installed (`node_modules`). */
  readonly passedOver?: readonly string[];
}

/** A file's bytes and the permission bits that matter (`0640`). */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/**
 * A directory as Custos may see it: read-only, links resolved, never outside its root, bounded in entries and bytes.
 * Nothing here throws: what cannot be seen is an `Unknown` with its cause.
 */
export interface FileTree {
  /** One named file was asked for, not a directory: the walk sees it alone. */
  readonly single: boolean;
  /** All entries below the root that `.gitignore` does not exclude, in path order. */
  walk(): Promise<Walk>;
  /** The file at `path` (relative to the root); `not-there` when nothing is at that place. */
  read(path: string): Promise<FileContent | Unknown | 'not-there'>;
  /** What stands directly in `path`, and what there could not be followed; `not-there` when it is no directory. */
  list(path: string): Promise<Walk | Unknown | 'not-there'>;
}

/**
 * The outside, behind one interface, so that collectors can be run on the real one, a recorded one, or a text in a test.
 */
export interface World {
  /** The read-only view of one directory, or of one file and its directory. An `Unknown` when it cannot be opened. */
  tree(root: string): Promise<FileTree | Unknown>;
  readonly network: Network;
  readonly databases: Databases;
  /** A machine from inside. An `Unknown` when it cannot be reached or does not let us in. */
  host(address: HostAddress, access: HostAccess): Promise<Host | Unknown>;
  /** What a reference such as `${env:NAME}` stands for, sealed; an `Unknown` where there is no such variable or file. */
  secret(reference: string): Promise<Secret | Unknown>;
  /** Secrets that were opened: nothing that holds one is written. */
  readonly opened: OpenedSecrets;
  /** The roots that browsers trust (Mozilla's store), each as PEM. Empty where this world has none. */
  readonly roots: readonly string[];
  /** The present, ISO 8601 in UTC. Only collection reads it; evaluation gets the plan's time. */
  now(): string;
}
