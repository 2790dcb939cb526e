import { randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, readlinkSync, statSync, writeFileSync, type Stats } from 'node:fs';
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
 * What a path names, being written. A regular file appears whole or not at all: it is written beside its place and renamed when
 * it is done, so that an interrupted run leaves the old one, and it keeps its mode. A link is followed; a pipe or device is
 * written into. What is written goes on as it comes, so that a fleet's evidence needs no memory.
 */
export class OutputFile {
  readonly #place: Place;
  #held: string[] = [];
  #length = 0;

  private constructor(place: Place) {
    this.#place = place;
  }

  static async open(path: string, shell: Pick<Shell, 'stdout' | 'cwd'>): Promise<OutputFile> {
    if (path === STANDARD_OUTPUT) return new OutputFile({ kind: 'standard', stdout: shell.stdout });
    const { file, info } = destination(resolve(shell.cwd, path));
    if (info !== undefined && (!info.isFile() || !mayWrite(dirname(file)))) {
      // Opened apart from the event loop: a pipe opens when somebody reads it.
      const handle = await open(file, constants.O_WRONLY | (info.isFile() ? constants.O_TRUNC : 0));
      return new OutputFile({ kind: 'into', handle });
    }
    const temporary = join(dirname(file), `.${randomUUID()}.custos.tmp`);
    try {
      return new OutputFile({ kind: 'beside', handle: await likeBefore(await open(temporary, 'wx', 0o666), info), temporary, file });
    } catch (error) {
      throw renamed(error, temporary, path);
    }
  }

  write(text: string): void {
    this.#held.push(text);
    this.#length += text.length;
    if (this.#length >= BATCH) this.#flush();
  }

  /** Waits where a pipe is full, so that a large report does not pile up in memory. */
  async settled(): Promise<void> {
    if (this.#place.kind === 'standard') await this.#place.stdout.drained?.();
  }

  /** All of it is there now. */
  async done(): Promise<void> {
    this.#flush();
    await this.settled();
    if (this.#place.kind === 'standard') return;
    await this.#place.handle.close();
    if (this.#place.kind === 'beside') await replace(this.#place.temporary, this.#place.file);
  }

  /** Where a whole file was to appear, nothing does. */
  async abandon(): Promise<void> {
    if (this.#place.kind === 'standard') return;
    await this.#place.handle.close().catch(() => undefined); // it may have been closed when it was done
    if (this.#place.kind === 'beside') await rm(this.#place.temporary, { force: true });
  }

  #flush(): void {
    if (this.#length === 0) return;
    const text = this.#held.join('');
    this.#held = [];
    this.#length = 0;
    if (this.#place.kind === 'standard') this.#place.stdout.write(text);
    else writeFileSync(this.#place.handle.fd, text); // to the last byte: a full disk is an error, not a shorter file
  }
}

type Place =
  | { readonly kind: 'standard'; readonly stdout: Shell['stdout'] }
  | { readonly kind: 'into'; readonly handle: FileHandle }
  | { readonly kind: 'beside'; readonly handle: FileHandle; readonly temporary: string; readonly file: string };

/** Writes all of it, or nothing. */
export async function writeOutput(path: string, chunks: Chunks, shell: Pick<Shell, 'stdout' | 'cwd'>): Promise<void> {
  const output = await OutputFile.open(path, shell);
  try {
    for await (const chunk of chunks) {
      output.write(chunk);
      await output.settled();
    }
    await output.done();
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** Writes to standard output. */
export function writeStandard(chunks: Chunks, shell: Pick<Shell, 'stdout' | 'cwd'>): Promise<void> {
  return writeOutput(STANDARD_OUTPUT, chunks, shell);
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

/** Keeps the mode of the file that it will stand in the place of, and its owner where that may be given. */
async function likeBefore(handle: FileHandle, before: Stats | undefined): Promise<FileHandle> {
  if (before === undefined) return handle;
  await handle.chmod(before.mode & 0o7777);
  await handle.chown(before.uid, before.gid).catch(() => undefined);
  return handle;
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
