import { constants, lstatSync, readdirSync, type Stats } from 'node:fs';
import { access, lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import { runOfTable } from './node-command.ts';
import type { Host, HostEntry, HostFile, HostListing, HostSearch } from './host.ts';
import type { OpenedSecrets } from './secret.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_ENTRIES = 20_000;
const MAX_LINKS = 40;
/** A search ends after so many milliseconds, and after so many finds. */
const SEARCH_TIME = 60_000;
const MAX_FOUND = 10_000;

/**
 * This machine (`directory` is `/`), or one that lies in a directory: links are followed as that machine would, an absolute one from
 * its own root, and none leads out of it.
 */
export function nodeHost(form: 'local' | 'root', directory: string, signal: AbortSignal, opened: OpenedSecrets): Host {
  const at = (path: string): string => join(directory, path);
  const guarded = async <T>(path: string, ask: () => Promise<T>): Promise<T | Unknown | 'not-there'> => {
    if (signal.aborted) return unknown('interrupted', path);
    try {
      return await ask();
    } catch (error) {
      return notThereOr(error, path);
    }
  };
  return {
    form,
    name: form === 'local' ? 'localhost' : directory,
    privileged: process.getuid?.() === 0,
    stat: (path, follow = false) =>
      guarded(path, async () => {
        const real = await resolved(directory, path, follow);
        return typeof real === 'string' ? entryOf(path, await lstat(at(real))) : real.why;
      }),
    read: (path) => guarded(path, () => read(directory, path)),
    list: (path) => guarded(path, () => list(directory, path)),
    readlink: (path) =>
      guarded(path, async () => {
        const real = await resolved(directory, path, false);
        return typeof real === 'string' ? { to: await readlink(at(real)) } : real.why;
      }),
    search: (what) => search(form, directory, what, signal),
    run: async (command, values = {}, secrets = {}) => {
      if (form === 'root') return unknown('unsupported', 'an offline root runs no commands');
      let denied: Unknown | undefined;
      for (const program of command.programs) {
        try {
          await access(program, constants.X_OK);
        } catch (error) {
          const why = notThereOr(error, program);
          if (why !== 'not-there') denied ??= why;
          continue;
        }
        return runOfTable(command, program, { values, secrets }, opened, signal);
      }
      return denied ?? 'not-there';
    },
    close: async () => {},
  };
}

/** The path with every link resolved inside the directory; the last part's link only where it is to be followed. */
async function resolved(root: string, path: string, last: boolean): Promise<string | { readonly why: Unknown }> {
  const waiting = path.split('/').filter((part) => part !== '' && part !== '.');
  const done: string[] = [];
  let links = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = [...done, part].join('/');
    const link = waiting.length > 0 || last ? await linkAt(join(root, here)) : undefined;
    if (link === undefined) {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return { why: unknown('unresolved', `${path}: a loop of links`) };
    if (link.startsWith('/')) done.length = 0;
    waiting.unshift(...link.split('/').filter((word) => word !== '' && word !== '.'));
  }
  return `/${done.join('/')}`;
}

async function linkAt(absolute: string): Promise<string | undefined> {
  return (await lstat(absolute)).isSymbolicLink() ? readlink(absolute) : undefined;
}

async function read(root: string, path: string): Promise<HostFile | Unknown> {
  const real = await resolved(root, path, true);
  if (typeof real !== 'string') return real.why;
  // Opened without blocking and looked at before it is read: a FIFO in the file's place cannot hang us.
  const handle = await open(join(root, real), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const info = await handle.stat();
    if (!info.isFile()) return unknown('unsupported', `${path}: not a regular file`);
    if (info.size > MAX_FILE_BYTES) return unknown('unsupported', `${path}: larger than ${MAX_FILE_BYTES} bytes`);
    // Files of /proc and /sys have no size until they are read.
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.max(info.size - length, 0) + 4096);
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
      length += bytesRead;
      if (length > (info.size === 0 ? MAX_FILE_BYTES : info.size)) return unknown('unsupported', `${path}: grew while it was read`);
    }
    return { ...entryOf(path, info), bytes: Uint8Array.from(Buffer.concat(chunks)) };
  } finally {
    await handle.close();
  }
}

async function list(root: string, path: string): Promise<HostListing | Unknown> {
  const real = await resolved(root, path, true);
  if (typeof real !== 'string') return real.why;
  const names = (await readdir(join(root, real))).toSorted();
  if (names.length > MAX_ENTRIES) return unknown('unsupported', `${path}: more than ${MAX_ENTRIES} entries`);
  const entries: HostEntry[] = [];
  const unseen: HostListing['unseen'][number][] = [];
  for (const name of names) {
    const below = path === '/' ? `/${name}` : `${path}/${name}`;
    try {
      entries.push(entryOf(below, await lstat(join(root, real, name))));
    } catch (error) {
      const why = notThereOr(error, below);
      if (why !== 'not-there') unseen.push({ path: below, why });
    }
  }
  return { entries, unseen };
}

async function search(form: Host['form'], root: string, { from, what }: HostSearch, signal: AbortSignal): Promise<HostListing | Unknown> {
  const entries: HostEntry[] = [];
  const unseen: HostListing['unseen'][number][] = [];
  const end = performance.now() + SEARCH_TIME;
  const waiting: { readonly path: string; readonly device: number }[] = [];
  for (const path of from) {
    try {
      const info = lstatSync(join(root, path));
      waiting.push({ path, device: info.dev });
      if (isWanted(info, what)) entries.push(entryOf(path, info));
    } catch (error) {
      const why = notThereOr(error, path);
      if (why !== 'not-there') unseen.push({ path, why });
    }
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (signal.aborted) return unknown('interrupted', next.path);
    if (performance.now() > end || entries.length > MAX_FOUND)
      return { entries, unseen: [...unseen, { path: next.path, why: unknown('timed-out', `${next.path}: the search was ended`) }] };
    let names: readonly string[];
    try {
      names = readdirSync(join(root, next.path));
    } catch (error) {
      const why = notThereOr(error, next.path);
      if (why !== 'not-there') unseen.push({ path: next.path, why });
      continue;
    }
    for (const name of names) {
      const path = next.path === '/' ? `/${name}` : `${next.path}/${name}`;
      let info: Stats;
      try {
        info = lstatSync(join(root, path));
      } catch (error) {
        const why = notThereOr(error, path); // gone since it was listed
        if (why !== 'not-there') unseen.push({ path, why });
        if (why === 'not-there' || why.cause !== 'access-denied') continue;
        break; // the directory may be read and not entered: of none of its entries is more known
      }
      if (info.isDirectory() && info.dev === next.device) waiting.push({ path, device: info.dev });
      else if (info.isDirectory() && form === 'root')
        unseen.push({ path, why: unknown('unsupported', `${path}: another file system in an offline root`) });
      if (isWanted(info, what)) entries.push(entryOf(path, info));
    }
    await setImmediate();
  }
  return { entries: byPath(entries), unseen };
}

/** What was found, by path; a mounted file system is met from above, and begun with. */
export function byPath(entries: readonly HostEntry[]): readonly HostEntry[] {
  const found = new Map(entries.map((entry) => [entry.path, entry]));
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function isWanted(info: Stats, what: HostSearch['what']): boolean {
  if (what === 'special') return info.isFile() && (info.mode & 0o6000) !== 0;
  if ((info.mode & 0o002) === 0 || info.isSymbolicLink()) return false;
  return info.isFile() || (info.isDirectory() && (info.mode & 0o1000) === 0);
}

function entryOf(path: string, info: Stats): HostEntry {
  return {
    path,
    kind: info.isFile() ? 'file' : info.isDirectory() ? 'directory' : info.isSymbolicLink() ? 'link' : 'other',
    size: info.size,
    mode: info.mode & 0o7777,
    uid: info.uid,
    gid: info.gid,
    modified: `${info.mtime.toISOString().slice(0, 19)}Z`,
  };
}

const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ELOOP: 'unresolved',
  ENXIO: 'unsupported',
  ENAMETOOLONG: 'unsupported',
  EINVAL: 'unsupported',
  EIO: 'unreachable',
  ESTALE: 'unreachable',
};

function notThereOr(error: unknown, path: string): 'not-there' | Unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  // ESRCH: a process that ended while its directory in /proc was read.
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH') return 'not-there';
  const cause = CAUSE_OF[code];
  return cause === undefined ? unknown('collector-failed', `${path}: ${code || String(error)}`) : unknown(cause, `${path}: ${code}`);
}
