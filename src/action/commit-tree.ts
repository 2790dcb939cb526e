import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../cli/shell.ts';
import { MAX_FILE_BYTES } from '../world/node-tree.ts';
import type { Repository, TreeEntry } from './repository.ts';

/** A commit's files, written into a directory of their own. */
export interface CommitTree {
  readonly commit: string;
  readonly directory: string;
  readonly entries: readonly TreeEntry[];
  /** Submodules that were not fetched: nothing of them was read. */
  readonly closed: readonly string[];
  /** Places whose names are no UTF-8: the same. */
  readonly nameless: readonly string[];
}

const MAX_ENTRIES = 300_000;
const MAX_BYTES = 4 * 1024 ** 3;
export const LINK = '120000';
const SUBMODULE = '160000';

/** How both commits are written out. */
export interface Writing {
  /** A place outside of every root, for links to what nobody can read. */
  readonly outside: string;
  /** What was written, by object and mode: the other commit shares it. */
  readonly written: Map<string, string>;
  readonly signal: AbortSignal;
}

/**
 * Writes the files of a commit as its objects hold them: no attribute, filter or hook of the repository has a part in it, and what
 * an earlier step has left in the working tree is not in it. Both commits of a pull request are written by this, so that they
 * differ in nothing but what the pull request changes. A submodule that was not fetched, and a name that is no text, become a link
 * out of every target's root: what is behind it is unknown, never empty.
 */
export async function layOut(repository: Repository, commit: string, directory: string, writing: Writing): Promise<CommitTree> {
  return { commit, directory, ...(await write(repository, commit, directory, writing)) };
}

async function write(
  repository: Repository,
  commit: string,
  directory: string,
  writing: Writing,
): Promise<Pick<CommitTree, 'entries' | 'closed' | 'nameless'>> {
  const { outside, written } = writing;
  const entries = await repository.tree(commit);
  refuseHostile(entries);
  const named = entries.filter((entry) => entry.nameless === undefined);
  const nameless = [...new Set(entries.flatMap((entry) => entry.nameless ?? []))];
  // Directories and files come before links, so that nothing is ever written through a link.
  const parents = [...named.map(({ path }) => path), ...nameless].map((path) => dirname(join(directory, path)));
  for (const parent of new Set(parents)) await mkdir(parent, { recursive: true });
  // What is in a commit is not ignored, whatever a `.gitignore` says that the same commit may have brought.
  const readable = named.filter(({ path }) => !/(?:^|\/)\.gitignore$/.test(path));
  const closed: string[] = [];
  const files = readable.filter(({ mode }) => mode !== LINK && mode !== SUBMODULE);
  const fresh: TreeEntry[] = [];
  for (const entry of files) {
    writing.signal.throwIfAborted();
    const before = written.get(keyOf(entry));
    if (before === undefined) fresh.push(entry);
    else await link(before, join(directory, entry.path));
  }
  await writeFiles(repository, fresh, directory, writing);
  await writeLinks(
    repository,
    readable.filter(({ mode }) => mode === LINK),
    directory,
    outside,
  );
  for (const path of nameless) await closePlace(join(directory, path), outside);
  const below: TreeEntry[] = [];
  for (const { path, id } of readable.filter(({ mode }) => mode === SUBMODULE)) {
    const clone = repository.submodule(path);
    if (await clone.has(id)) {
      const inner = await write(clone, id, join(directory, path), writing);
      below.push(...inner.entries.map((entry) => ({ ...entry, path: `${path}/${entry.path}` })));
      closed.push(...inner.closed.map((name) => `${path}/${name}`));
      nameless.push(...inner.nameless.map((name) => `${path}/${name}`));
    } else {
      await symlink(outside, join(directory, path));
      closed.push(path);
    }
  }
  return { entries: [...entries, ...below], closed, nameless };
}

/** Puts a link out of every root where a name that is no text was. A file may have the name that it reads as: then it reads longer. */
async function closePlace(place: string, outside: string): Promise<void> {
  try {
    await symlink(outside, place);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    await closePlace(join(dirname(place), basename(place).replace('\uFFFD', '\uFFFD\uFFFD')), outside);
  }
}

/** Contents once each; what is larger than anything that is read has its size only. */
async function writeFiles(
  repository: Repository,
  entries: readonly TreeEntry[],
  directory: string,
  { written, signal }: Writing,
): Promise<void> {
  const small = entries.filter(({ size }) => size <= MAX_FILE_BYTES);
  const contents = repository.contents(small.map(({ id }) => id));
  for (const entry of small) {
    signal.throwIfAborted();
    const { value } = await contents.next();
    await create(entry, value ?? Buffer.alloc(0), directory, written);
  }
  await contents.return();
  for (const entry of entries.filter(({ size }) => size > MAX_FILE_BYTES)) {
    await create(entry, Buffer.alloc(0), directory, written);
    await truncate(join(directory, entry.path), entry.size);
  }
}

async function create(entry: TreeEntry, bytes: Buffer, directory: string, written: Writing['written']): Promise<void> {
  const path = join(directory, entry.path);
  await writeFile(path, bytes, { flag: 'wx', mode: entry.mode === '100755' ? 0o755 : 0o644 });
  written.set(keyOf(entry), path);
}

async function writeLinks(repository: Repository, entries: readonly TreeEntry[], directory: string, outside: string): Promise<void> {
  const contents = repository.contents(entries.map(({ id }) => id));
  for (const { path } of entries) {
    const { value } = await contents.next();
    const to = value?.toString('utf8') ?? '';
    // What is no path leads out, so that it is read as such.
    await symlink(to === '' || to.includes('\0') || to.length > 4_000 ? outside : to, join(directory, path));
  }
  await contents.return();
}

function keyOf({ id, mode }: TreeEntry): string {
  return `${mode} ${id}`;
}

/** git itself checks out no such tree; one could be made by hand, to be written outside of its directory. */
function refuseHostile(entries: readonly TreeEntry[]): void {
  if (entries.length > MAX_ENTRIES || entries.reduce((sum, { size }) => sum + Math.min(size, MAX_FILE_BYTES), 0) > MAX_BYTES)
    throw new UsageError('the repository is too large to be compared', `at most ${MAX_ENTRIES} files of ${MAX_BYTES / 1024 ** 3} GiB`);
  const links = new Set(entries.filter(({ mode }) => mode === LINK || mode === SUBMODULE).map(({ path }) => path));
  for (const { path } of entries) {
    const names = path.split('/');
    const hostile = names.some((name) => name === '' || name === '.' || name === '..' || /^\.git$/i.test(name));
    const through = names.slice(1).some((_, index) => links.has(names.slice(0, index + 1).join('/')));
    if (hostile || through) throw new UsageError(`${path}: no path of a repository is written like this`, 'git fsck tells more');
  }
}
