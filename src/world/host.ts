import type { Unknown } from '../model/fact.ts';
import type { HostCommand } from './host-command.ts';
import type { Secret } from './secret.ts';

/** What stands at a path of a machine. Links are not followed, except where it is said. */
export interface HostEntry {
  /** Absolute, `/`-separated, as it is on that machine. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Permission bits with set-user-ID, set-group-ID and sticky: `0o4755`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly modified: string;
}

/** A regular file, links followed: its entry (at the path that was asked for) and its bytes. */
export interface HostFile extends HostEntry {
  readonly bytes: Uint8Array;
}

/** Entries, and the places that could not be entered or followed. */
export interface HostListing {
  readonly entries: readonly HostEntry[];
  readonly unseen: readonly { readonly path: string; readonly why: Unknown }[];
}

/** What a search through a file system looks for. */
export interface HostSearch {
  /**
   * Absolute directories to begin at. Other file systems that are mounted below are not entered (of an offline root they are among the
   * unseen: nobody else searches them), links are not followed.
   */
  readonly from: readonly string[];
  /** `special`: files with set-user-ID or set-group-ID. `world-writable`: files, and directories without sticky bit, that all may write. */
  readonly what: 'special' | 'world-writable';
}

/** What a command wrote. Its exit status is among those that its table entry allows. */
export interface CommandOutput {
  readonly text: string;
  readonly exit: number;
}

/**
 * A machine seen from inside: this one, one over SSH, or one that does not run (an image, a mount, a chroot). Read-only and
 * bounded; nothing here throws: what cannot be seen is an `Unknown` with its cause, `not-there` where it was looked and there is nothing.
 */
export interface Host {
  readonly form: 'local' | 'ssh' | 'root';
  /** `localhost`, the host name, or the directory: what origins and reports name. */
  readonly name: string;
  /** It reads as root: what it is denied, nobody there may read. */
  readonly privileged: boolean;
  /** Entry at a path; `follow` the link that stands there. */
  stat(path: string, follow?: boolean): Promise<HostEntry | Unknown | 'not-there'>;
  /** Bytes of a regular file, at most 8 MiB. */
  read(path: string): Promise<HostFile | Unknown | 'not-there'>;
  /** What stands directly in a directory, by name. */
  list(path: string): Promise<HostListing | Unknown | 'not-there'>;
  /** Where a link points, as it is written. */
  readlink(path: string): Promise<{ readonly to: string } | Unknown | 'not-there'>;
  /** Searches whole file systems, at most a minute; what was not entered is in `unseen`. */
  search(search: HostSearch): Promise<HostListing | Unknown>;
  /**
   * Runs a command of the table. `not-there` when the machine has no such program; an offline root runs nothing. `secrets` are by the
   * variable that hands one over: of those that the command's entry names.
   */
  run(
    command: HostCommand,
    values?: Readonly<Record<string, string>>,
    secrets?: Readonly<Record<string, Secret>>,
  ): Promise<CommandOutput | Unknown | 'not-there'>;
  close(): Promise<void>;
}

/** Which machine, and how to get there. */
export type HostAddress =
  | { readonly form: 'local' }
  /** Relative to the configuration's directory. */
  | { readonly form: 'root'; readonly directory: string }
  | { readonly form: 'ssh'; readonly user: string; readonly host: string; readonly port: number };

/** How to log in over SSH. Paths are relative to the configuration's directory. */
export interface HostAccess {
  /** Private key file; else the agent's keys, and those in `~/.ssh`. */
  readonly key?: string;
  /** File of known host keys; else the user's and the machine's. A host whose key is in none is not logged in to. */
  readonly knownHosts?: string;
  readonly signal: AbortSignal;
  /** Milliseconds for connecting. */
  readonly timeout: number;
}
