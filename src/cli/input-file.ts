import { constants, createWriteStream, statSync } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidAssessment } from '../evidence/assessment-file.ts';
import { InvalidEvidence } from '../evidence/evidence-file.ts';
import { UsageError, type Shell } from './shell.ts';

/** Names of standard input. */
const STANDARD_INPUT = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** A pipe into which nobody has written by then is not waited for: a pipeline must not hang. */
const WRITER_DEADLINE = 5_000;
const CHUNK = 64 * 1024;

/**
 * Runs with files that can be read as often as needed. Evidence and assessments are read more than once; what comes
 * through a pipe can be read once only, so it is kept in a temporary file until `use` is done. Errors name what the user named.
 */
export async function withInputs<T>(paths: readonly string[], shell: Shell, use: (files: readonly string[]) => Promise<T>): Promise<T> {
  if (paths.filter((path) => STANDARD_INPUT.has(path)).length > 1) throw new UsageError('standard input can be read once only');
  const names = new Map<string, string>();
  let directory: string | undefined;
  const files: string[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      const source = await sourceOf(path, shell);
      const name = STANDARD_INPUT.has(path) ? 'standard input' : path;
      if (typeof source === 'string') {
        names.set(source, name);
        files.push(source);
        continue;
      }
      directory ??= await mkdtemp(join(tmpdir(), 'custos-input-'));
      const kept = join(directory, String(index));
      names.set(kept, name);
      files.push(kept);
      await pipeline(Readable.from(source), createWriteStream(kept, { mode: 0o600 }));
    }
    return await use(files);
  } catch (error) {
    if (error instanceof InvalidEvidence) throw new InvalidEvidence(names.get(error.file) ?? error.file, error.line, error.message);
    if (error instanceof InvalidAssessment) throw new InvalidAssessment(names.get(error.file) ?? error.file, error.message);
    throw error;
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

/** A regular file's own path, or the bytes of what is none. */
async function sourceOf(path: string, shell: Shell): Promise<string | AsyncIterable<Uint8Array>> {
  if (STANDARD_INPUT.has(path)) {
    const { stdin } = shell;
    if (stdin === undefined || stdin.isTTY === true)
      throw new UsageError(`${path}: is standard input, and nothing is piped into it`, 'custos collect -o - | custos evaluate -');
    return stdin.bytes();
  }
  const file = resolve(shell.cwd, path);
  const info = statSync(file, { throwIfNoEntry: false });
  if (info === undefined) throw new UsageError(`${path}: is not there`);
  if (info.isDirectory()) throw new UsageError(`${path}: is a directory`, 'name the file in it');
  return info.isFile() ? file : bytesOf(await open(file, constants.O_RDONLY | constants.O_NONBLOCK), path);
}

/** Reads to the end of a pipe. Before its first byte, an end only says that nobody has opened it for writing yet. */
async function* bytesOf(handle: FileHandle, path: string): AsyncGenerator<Uint8Array, void> {
  const deadline = Date.now() + WRITER_DEADLINE;
  let begun = false;
  try {
    for (;;) {
      const { bytesRead, buffer } = await readNow(handle);
      if (bytesRead > 0) {
        begun = true;
        yield buffer.subarray(0, bytesRead);
      } else if (bytesRead === 0 && begun) return;
      else if (bytesRead === 0 && Date.now() > deadline) throw new UsageError(`${path}: nobody writes into it`);
      else await sleep(20);
    }
  } finally {
    await handle.close();
  }
}

/** -1 bytes: somebody holds it open, and has written nothing yet. */
async function readNow(handle: FileHandle): Promise<{ readonly bytesRead: number; readonly buffer: Uint8Array }> {
  try {
    return await handle.read(new Uint8Array(CHUNK), 0, CHUNK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return { bytesRead: -1, buffer: new Uint8Array() };
    throw error;
  }
}
