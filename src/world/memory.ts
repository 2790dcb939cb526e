import { unknown, type Unknown } from '../model/fact.ts';
import type { Databases } from './database.ts';
import type { Network } from './network.ts';
import { OpenedSecrets } from './secret.ts';
import type { Entry, FileTree, World } from './world.ts';

/** What a file of a memory world is: its text or bytes, or the reason why it cannot be read. */
export type MemoryFile = string | Uint8Array | Unknown;

/** A tree of texts: what examples of controls and tests are collected from. */
export function memoryTree(files: Readonly<Record<string, MemoryFile>>): FileTree {
  const entries: readonly Entry[] = Object.keys(files)
    .toSorted()
    .map((path) => ({ path, kind: 'file', size: sizeOf(files[path]) }) as const);
  return {
    single: false,
    walk: async () => ({ entries, unseen: [] }),
    read: async (path) => {
      const file = files[path];
      if (file === undefined) return 'not-there';
      if (typeof file === 'string') return { bytes: new TextEncoder().encode(file), mode: 0o640 };
      return file instanceof Uint8Array ? { bytes: file, mode: 0o640 } : file;
    },
    list: async (path) => {
      const prefix = path === '' || path === '.' ? '' : `${path}/`;
      const below = entries.filter((entry) => entry.path.startsWith(prefix));
      if (below.length === 0) return 'not-there';
      return { entries: below.filter((entry) => !entry.path.slice(prefix.length).includes('/')), unseen: [] };
    },
  };
}

function sizeOf(file: MemoryFile | undefined): number {
  return typeof file === 'string' || file instanceof Uint8Array ? file.length : 0;
}

/** A network without hosts. */
const NOWHERE: Network = {
  lookup: async (host) => unknown('unreachable', host),
  caa: async (name) => unknown('unreachable', name),
  connect: async ({ host, port }) => unknown('unreachable', `${host}:${port}`),
  request: async ({ url }) => unknown('unreachable', url),
};

/** No database answers. */
const SILENT: Databases = {
  postgres: async () => unknown('unreachable', 'postgres'),
  mysql: async () => unknown('unreachable', 'mysql'),
  redis: async () => unknown('unreachable', 'redis'),
  ldap: async () => unknown('unreachable', 'ldap'),
};

/** A world that holds the given trees and stands still in time. */
export function memoryWorld(
  trees: Readonly<Record<string, Readonly<Record<string, MemoryFile>>>>,
  now: string,
  roots: readonly string[] = [],
): World {
  return {
    tree: async (root) => {
      const files = trees[root];
      return files === undefined ? unknown('unreachable', root) : memoryTree(files);
    },
    network: NOWHERE,
    databases: SILENT,
    host: async ({ form }) => unknown('unreachable', form),
    secret: async (reference) => unknown('not-collected', reference),
    opened: new OpenedSecrets(),
    roots,
    now: () => now,
  };
}
