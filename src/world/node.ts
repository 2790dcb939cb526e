import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import tls from 'node:tls';
import ignore, { type Ignore } from 'ignore';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import { nodeDatabases } from './node-databases.ts';
import { nodeHost } from './node-host.ts';
import { nodeNetwork } from './node-network.ts';
import { sshHost } from './node-ssh.ts';
import { OpenedSecrets, Secret, secretReference } from './secret.ts';
import type { Entry, FileContent, FileTree, Unseen, Walk, World } from './world.ts';

/** A tree with more entries than this is read only so far, and says so. */
const MAX_ENTRIES = 200_000;
/** No configuration that Custos reads is larger; what is, is named instead of read. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 40;
/** Never configuration, often huge. */
const SKIPPED_DIRECTORIES = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__']);

/** The machine that Custos runs on, seen from `base`. Reads only: no file is ever created, changed or locked. */
export function nodeWorld(base: string): World {
  const opened = new OpenedSecrets();
  return {
    tree: (root) => nodeTree(base, root),
    network: nodeNetwork,
    databases: nodeDatabases(opened),
    host: async (address, access) => {
      const { signal } = access;
      if (address.form === 'ssh') return sshHost(address, access, base);
      if (address.form === 'local') return nodeHost('local', '/', signal, opened);
      try {
        return nodeHost('root', await realpath(resolve(base, address.directory)), signal, opened);
      } catch (error) {
        return unknownFrom(error, address.directory);
      }
    },
    secret: (reference) => nodeSecret(base, reference),
    opened,
    // Node makes the list when it is first asked for.
    get roots() {
      return tls.rootCertificates;
    },
    now: () => new Date().toISOString(),
  };
}

const MAX_SECRET_BYTES = 64 * 1024;

/** A variable of the environment, or a file's text without its last line break. What is empty is no secret. */
async function nodeSecret(base: string, reference: string): Promise<Secret | Unknown> {
  const parsed = secretReference(reference);
  if (parsed === undefined) return unknown('unresolved', reference);
  if (parsed.from === 'env') {
    const value = process.env[parsed.name];
    return value === undefined || value === '' ? unknown('unresolved', `${reference}: the variable is not set`) : new Secret(value);
  }
  try {
    const handle = await open(resolve(base, parsed.name), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (!info.isFile() || info.size > MAX_SECRET_BYTES) return unknown('unsupported', `${reference}: no file of at most 64 KiB`);
      const text = (await handle.readFile('utf8')).replace(/\r?\n$/, '');
      return text === '' ? unknown('unresolved', `${reference}: the file is empty`) : new Secret(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unknownFrom(error, reference);
  }
}

async function nodeTree(base: string, root: string): Promise<FileTree | Unknown> {
  const absolute = resolve(base, root);
  try {
    const real = await realpath(absolute);
    const info = await stat(real);
    if (info.isDirectory()) return directoryTree(real);
    if (info.isFile()) return fileTree(real);
    return unknown('unsupported', `${root}: neither a file nor a directory`);
  } catch (error) {
    return unknownFrom(error, root);
  }
}

/** A single named file: the walk sees it alone, includes may still be read beside it. */
function fileTree(file: string): FileTree {
  const whole = directoryTree(dirname(file));
  const name = basename(file);
  return {
    ...whole,
    single: true,
    walk: async () => ({ entries: [{ path: name, kind: 'file', size: (await stat(file)).size }], unseen: [] }),
  };
}

function directoryTree(root: string): FileTree {
  return {
    single: false,
    walk: () => walk(root),
    read: (path) => read(root, path),
    list: async (path) => {
      const inside = await insideRoot(root, path);
      if (typeof inside !== 'string' || inside === 'not-there') return inside;
      try {
        const names = await readdir(inside);
        const entries = await Promise.all(names.toSorted().map((name) => entryOf(root, join(path, name))));
        return { entries: entries.filter((entry) => 'kind' in entry), unseen: entries.filter((entry) => 'why' in entry) };
      } catch (error) {
        return notThereOr(error, path);
      }
    },
  };
}

async function walk(root: string): Promise<Walk> {
  const entries: Entry[] = [];
  const unseen: Unseen[] = [];
  const seenDirectories = new Set<string>();

  const visit = async (path: string, ignores: readonly Scoped[], depth: number): Promise<void> => {
    const absolute = join(root, path);
    let names: string[];
    try {
      const real = await realpath(absolute);
      if (seenDirectories.has(real)) return; // a link back to where we have been: a loop, or a second name
      seenDirectories.add(real);
      names = (await readdir(real)).toSorted();
    } catch (error) {
      unseen.push({ path, why: unknownFrom(error, path) });
      return;
    }
    const own = names.includes('.gitignore') ? [...ignores, ...(await readIgnore(absolute, path, unseen))] : ignores;
    for (const name of names) {
      const below = path === '' ? name : `${path}/${name}`;
      if (entries.length >= MAX_ENTRIES) {
        unseen.push({ path: below, why: unknown('unsupported', `more than ${MAX_ENTRIES} entries`) });
        return;
      }
      const entry = await entryOf(root, below);
      if ('why' in entry) {
        if (!isIgnored(own, below, false)) unseen.push(entry);
        continue;
      }
      if (isIgnored(own, below, entry.kind === 'directory')) continue;
      if (entry.kind !== 'directory') entries.push(entry);
      else if (SKIPPED_DIRECTORIES.has(name)) continue;
      else if (depth >= MAX_DEPTH) unseen.push({ path: below, why: unknown('unsupported', `deeper than ${MAX_DEPTH} directories`) });
      else await visit(below, own, depth + 1);
    }
  };

  await visit('', [], 0);
  return { entries, unseen };
}

interface Scoped {
  readonly base: string;
  readonly rules: Ignore;
}

async function readIgnore(directory: string, base: string, unseen: Unseen[]): Promise<readonly Scoped[]> {
  const content = await read(directory, '.gitignore');
  if (content === 'not-there') return [];
  if ('state' in content) {
    unseen.push({ path: base === '' ? '.gitignore' : `${base}/.gitignore`, why: content });
    return [];
  }
  return [{ base, rules: ignore().add(new TextDecoder().decode(content.bytes)) }];
}

function isIgnored(scopes: readonly Scoped[], path: string, directory: boolean): boolean {
  return scopes.some(({ base, rules }) => {
    const below = base === '' ? path : path.slice(base.length + 1);
    return below !== '' && rules.ignores(directory ? `${below}/` : below);
  });
}

/** What stands at `path`, links followed as long as they stay under the root. */
async function entryOf(root: string, path: string): Promise<Entry | Unseen> {
  try {
    const link = await lstat(join(root, path));
    if (!link.isSymbolicLink()) {
      return { path, kind: link.isDirectory() ? 'directory' : link.isFile() ? 'file' : 'other', size: link.size };
    }
    const inside = await insideRoot(root, path);
    if (typeof inside !== 'string') return { path, why: inside };
    if (inside === 'not-there') return { path, why: unknown('unresolved', `${path}: a link to nothing`) };
    const info = await stat(inside);
    return { path, kind: info.isDirectory() ? 'directory' : info.isFile() ? 'file' : 'other', size: info.size };
  } catch (error) {
    return { path, why: unknownFrom(error, path) };
  }
}

/** The real path, if it is still under the root after links (`not-there` when nothing is there); a gap `outside-root` if it is not. */
async function insideRoot(root: string, path: string): Promise<string | Unknown> {
  const absolute = resolve(root, path);
  if (absolute !== root && !absolute.startsWith(root + sep)) return unknown('refused', `outside-root: ${path}`);
  try {
    const real = await realpath(absolute);
    const away = relative(root, real);
    if (away === '..' || away.startsWith(`..${sep}`)) return unknown('refused', `outside-root: ${path}`);
    return real;
  } catch (error) {
    return notThereOr(error, path);
  }
}

async function read(root: string, path: string): Promise<FileContent | Unknown | 'not-there'> {
  const inside = await insideRoot(root, path);
  if (typeof inside !== 'string') return inside;
  if (inside === 'not-there') return 'not-there';
  try {
    // Opened without blocking and looked at before it is read: a FIFO put in the file's place cannot hang us.
    const handle = await open(inside, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (!info.isFile()) return unknown('unsupported', `${path}: not a regular file`);
      if (info.size > MAX_FILE_BYTES) return unknown('unsupported', `${path}: larger than ${MAX_FILE_BYTES} bytes`);
      const bytes = Buffer.alloc(Math.min(MAX_FILE_BYTES, info.size) + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
        if (length === bytes.length) return unknown('unsupported', `${path}: grew while it was read`);
      }
      return { bytes: bytes.subarray(0, length), mode: info.mode & 0o7777 };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return notThereOr(error, path);
  }
}

const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ELOOP: 'unresolved',
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
  ENXIO: 'unsupported',
  ENAMETOOLONG: 'unsupported',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function unknownFrom(error: unknown, path: string): Unknown {
  const code = errorCode(error);
  const cause = CAUSE_OF[code];
  return cause === undefined ? unknown('collector-failed', `${path}: ${code || String(error)}`) : unknown(cause, `${path}: ${code}`);
}

function notThereOr(error: unknown, path: string): 'not-there' | Unknown {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'not-there' : unknownFrom(error, path);
}
