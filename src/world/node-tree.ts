import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { unknown, type Unknown } from '../model/fact.ts';
import { notThereOr, unknownFrom } from './node-error.ts';
import type { Entry, FileContent, FileTree, Unseen, Walk } from './world.ts';

/** A tree with more entries than this is read only so far, and says so. */
const MAX_ENTRIES = 200_000;
/** No configuration that Custos reads is larger; what is, is named instead of read. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 40;
/** Git's own directory: whatever lies in it, nothing is configured by it. */
const REPOSITORY = '.git';
/** What others installed or generated, often huge: passed over, and told. */
const PASSED_OVER: ReadonlySet<string> = new Set(['.hg', '.svn', 'node_modules', '.venv', '__pycache__']);

/** A directory, or one file and its directory, of this machine. `everywhere`: no directory but `.git` is passed over. */
export async function nodeTree(base: string, root: string, everywhere: boolean): Promise<FileTree | Unknown> {
  const absolute = resolve(base, root);
  try {
    const real = await realpath(absolute);
    const info = await stat(real);
    if (info.isDirectory()) return directoryTree(real, everywhere);
    if (info.isFile()) return fileTree(real);
    return unknown('unsupported', `${root}: neither a file nor a directory`);
  } catch (error) {
    return unknownFrom(error, root);
  }
}

/** A single named file: the walk sees it alone, includes may still be read beside it. */
function fileTree(file: string): FileTree {
  const whole = directoryTree(dirname(file), true);
  const name = basename(file);
  return {
    ...whole,
    single: true,
    walk: async () => ({ entries: [{ path: name, kind: 'file', size: (await stat(file)).size }], unseen: [] }),
  };
}

function directoryTree(root: string, everywhere: boolean): FileTree {
  return {
    single: false,
    walk: () => walk(root, everywhere),
    read: (path) => read(root, path),
    list: async (path) => {
      const inside = await insideRoot(root, path);
      if (typeof inside !== 'string' || inside === 'not-there') return inside;
      try {
        const nameless: Unseen[] = [];
        const names = await namesIn(inside, path, nameless);
        const entries = await Promise.all(names.map((name) => entryOf(root, join(path, name))));
        return { entries: entries.filter((entry) => 'kind' in entry), unseen: [...entries.filter((entry) => 'why' in entry), ...nameless] };
      } catch (error) {
        return notThereOr(error, path);
      }
    },
  };
}

async function walk(root: string, everywhere: boolean): Promise<Walk> {
  const entries: Entry[] = [];
  const unseen: Unseen[] = [];
  const passedOver: string[] = [];
  const seenDirectories = new Set<string>();

  const visit = async (path: string, ignores: readonly Scoped[], depth: number): Promise<void> => {
    const absolute = join(root, path);
    let names: string[];
    try {
      const real = await realpath(absolute);
      if (seenDirectories.has(real)) return; // a link back to where we have been: a loop, or a second name
      seenDirectories.add(real);
      names = await namesIn(real, path, unseen);
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
      else if (name === REPOSITORY) continue;
      else if (!everywhere && PASSED_OVER.has(name)) passedOver.push(below);
      else if (depth >= MAX_DEPTH) unseen.push({ path: below, why: unknown('unsupported', `deeper than ${MAX_DEPTH} directories`) });
      else await visit(below, own, depth + 1);
    }
  };

  await visit('', [], 0);
  return passedOver.length === 0 ? { entries, unseen } : { entries, unseen, passedOver };
}

/** The names in a directory, in order. One that is no UTF-8 would be taken for another file, which may be there, too: it goes to `unseen`. */
async function namesIn(directory: string, path: string, unseen: Unseen[]): Promise<string[]> {
  const names: string[] = [];
  for (const bytes of await readdir(directory, { encoding: 'buffer' })) {
    const name = bytes.toString('utf8');
    if (isUtf8(bytes)) names.push(name);
    else {
      const below = path === '' || path === '.' ? name : `${path}/${name}`;
      unseen.push({ path: below, why: unknown('unsupported', `${below}: its name is no UTF-8`) });
    }
  }
  return names.toSorted();
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
