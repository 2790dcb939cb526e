import { posix } from 'node:path';
import type { Host, HostEntry } from '../../world/host.ts';
import type { Entry, FileTree, Unseen } from '../../world/world.ts';
import { unknown } from '../../model/fact.ts';

/** Directories whose configuration is read. */
const ROOTS = ['/etc'];
/** Trust stores hold certificates of everybody, none of which this host serves; alternatives are names of what lies elsewhere. */
const PASSED_OVER = new Set([
  '/etc/ssl/certs',
  '/etc/ca-certificates',
  '/etc/pki/ca-trust',
  '/etc/pki/java',
  '/etc/alternatives',
  '/etc/.git',
]);
/** Directories whose files count by a main file that includes them: packages leave theirs there for a program that is not installed. */
const INCLUDED_BY: Readonly<Record<string, string>> = {
  '/etc/rsyslog.d': '/etc/rsyslog.conf',
  '/etc/logrotate.d': '/etc/logrotate.conf',
};
const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 12;

/** The configuration of a host as a tree whose root is `/`: what the formats of `files/` read. */
export function hostTree(host: Host): FileTree {
  return {
    single: false,
    walk: async () => {
      const entries: Entry[] = [];
      const unseen: Unseen[] = [];
      const visit = async (directory: string, depth: number): Promise<void> => {
        const main = INCLUDED_BY[directory];
        if (main !== undefined && (await host.stat(main)) === 'not-there') return;
        const listing = await host.list(directory);
        if (listing === 'not-there') return;
        if ('state' in listing) {
          unseen.push({ path: relative(directory), why: listing });
          return;
        }
        unseen.push(...listing.unseen.map(({ path, why }) => ({ path: relative(path), why })));
        for (const entry of listing.entries) {
          if (PASSED_OVER.has(entry.path)) continue;
          const real = entry.kind === 'link' ? await host.stat(entry.path, true) : entry;
          if (real === 'not-there') continue; // a link to nothing
          if ('state' in real) {
            unseen.push({ path: relative(entry.path), why: real });
          } else if (entries.length >= MAX_ENTRIES) {
            unseen.push({ path: relative(entry.path), why: unknown('unsupported', `more than ${MAX_ENTRIES} entries`) });
            return;
          } else if (real.kind !== 'directory') entries.push(entryOf(entry.path, real));
          else if (entry.kind === 'link') await follow(entry.path, depth);
          else if (depth >= MAX_DEPTH)
            unseen.push({ path: relative(entry.path), why: unknown('unsupported', `deeper than ${MAX_DEPTH} directories`) });
          else await visit(entry.path, depth + 1);
        }
      };
      const followed = new Set<string>();
      /** A link to a directory of /etc is a second name of what is read anyway; one that leads away is where somebody keeps configuration. */
      const follow = async (path: string, depth: number): Promise<void> => {
        const link = await host.readlink(path);
        if (link === 'not-there') return;
        if ('state' in link) {
          unseen.push({ path: relative(path), why: link });
          return;
        }
        const to = posix.resolve(posix.dirname(path), link.to);
        if (ROOTS.some((root) => to === root || to.startsWith(`${root}/`)) || followed.has(to)) return;
        followed.add(to);
        if (depth >= MAX_DEPTH || to.split('/').length < 3)
          unseen.push({ path: relative(path), why: unknown('unsupported', `${path}: a link to all of ${to}`) });
        else await visit(path, depth + 1);
      };
      for (const root of ROOTS) await visit(root, 0);
      return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), unseen };
    },
    read: async (path) => {
      const file = await host.read(`/${path}`);
      return file === 'not-there' || 'state' in file ? file : { bytes: file.bytes, mode: file.mode };
    },
    list: async (path) => {
      const listing = await host.list(`/${path}`);
      if (listing === 'not-there' || 'state' in listing) return listing;
      const entries: Entry[] = [];
      const unseen: Unseen[] = listing.unseen.map(({ path: at, why }) => ({ path: relative(at), why }));
      for (const entry of listing.entries) {
        const real = entry.kind === 'link' ? await host.stat(entry.path, true) : entry;
        if (real === 'not-there')
          unseen.push({ path: relative(entry.path), why: unknown('unresolved', `${entry.path}: a link to nothing`) });
        else if ('state' in real) unseen.push({ path: relative(entry.path), why: real });
        else entries.push(entryOf(entry.path, real));
      }
      return { entries, unseen };
    },
  };
}

function relative(path: string): string {
  return path.replace(/^\/+/, '');
}

function entryOf(path: string, { kind, size }: HostEntry): Entry {
  return { path: relative(path), kind: kind === 'file' || kind === 'directory' ? kind : 'other', size };
}
