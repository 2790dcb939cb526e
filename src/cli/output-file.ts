import { randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { copyFile, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Shell } from './shell.ts';

/** The path that stands for standard output. */
export const STANDARD_OUTPUT = '-';

const MAX_LINKS = 40;
const BATCH = 64 * 1024;

type Chunks = Iterable<string> | AsyncIterable<string>;

/** Why nothing can be written there, as a sentence's end; undefined where it can be. Looks only: nothing is created. */
export function outputProblem(path: string, base: string): string | undefined {
  const { file, info } = destination(resolve(base, path));
  if (info?.isDirectory() === true) return 'is a directory';
  if (info !== undefined) return mayWrite(file) ? undefined : 'may not be written';
  const directory = dirname(file);
  const shown = file === resolve(base, path) ? dirname(path) : directory;
  const above = statOf(statSync, directory);
  if (above === undefined) return `cannot be made: ${shown} is not there`;
  if (!above.isDirectory()) return `cannot be made: ${shown} is no directory`;
  return mayWrite(directory) ? undefined : `cannot be made: ${shown} may not be written`;
}

/** Nothing is there also where something on the way is no directory. */
function statOf(look: (path: string, options: { readonly throwIfNoEntry: false }) => Stats | undefined, path: string): Stats | undefined {
  try {
    return look(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Writes to what a path names. A regular file appears whole or not at all: it is written beside and renamed, so that an
 * interrupted run leaves the old one, and it keeps its mode. A link is followed; a pipe or device is written into.
 */
export async function writeOutput(path: string, chunks: Chunks, shell: Pick<Shell, 'stdout' | 'cwd'>): Promise<void> {
  if (path === STANDARD_OUTPUT) return writeStandard(chunks, shell);
  const { file, info } = destination(resolve(shell.cwd, path));
  if (info !== undefined && (!info.isFile() || !mayWrite(dirname(file)))) return writeInto(file, chunks);
  const temporary = join(dirname(file), `.${randomUUID()}.custos.tmp`);
  try {
    await fill(await open(temporary, 'wx', 0o666), chunks, info);
    await replace(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw renamed(error, temporary, path);
  }
}

/** Waits where a pipe is full, so that a large report does not pile up in memory. */
export async function writeStandard(chunks: Chunks, { stdout }: Pick<Shell, 'stdout'>): Promise<void> {
  for await (const chunk of batched(chunks)) {
    stdout.write(chunk);
    await stdout.drained?.();
  }
}

/** Where a path leads in the end, links followed: also to a file that is not there yet. */
function destination(path: string): { readonly file: string; readonly info: Stats | undefined } {
  let file = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const link = statOf(lstatSync, file);
    if (link?.isSymbolicLink() !== true) return { file, info: link };
    // What the system can follow by itself may be named by no path (/proc/self/fd): look at it, write through the link.
    const info = statOf(statSync, file);
    if (info !== undefined && !info.isFile()) return { file, info };
    file = resolve(dirname(file), readlinkSync(file));
  }
  return { file, info: undefined };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function writeInto(file: string, chunks: Chunks): Promise<void> {
  // Opened apart from the event loop: a pipe opens when somebody reads it.
  await fill(await open(file, constants.O_WRONLY | (statSync(file).isFile() ? constants.O_TRUNC : 0)), chunks, undefined);
}

async function fill(handle: FileHandle, chunks: Chunks, like: Stats | undefined): Promise<void> {
  try {
    if (like !== undefined) {
      await handle.chmod(like.mode & 0o7777);
      await handle.chown(like.uid, like.gid).catch(() => undefined); // only its owner's superior may keep another's name on it
    }
    for await (const chunk of batched(chunks)) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}

/** A file that is mounted by itself (into a container) cannot be replaced, only written. */
async function replace(temporary: string, file: string): Promise<void> {
  try {
    await rename(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
    await copyFile(temporary, file);
    await rm(temporary, { force: true });
  }
}

/** Users named a file, and never the one beside it. */
function renamed(error: unknown, temporary: string, path: string): unknown {
  if (!(error instanceof Error && 'path' in error && error.path === temporary)) return error;
  const code = 'code' in error ? error.code : undefined;
  return Object.assign(new Error(error.message, { cause: error }), { code, syscall: 'write', path });
}

async function* batched(chunks: Chunks): AsyncGenerator<string, void> {
  let held = '';
  for await (const chunk of chunks) {
    held += chunk;
    if (held.length < BATCH) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}
