import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const BATCH = 64 * 1024;

/**
 * A file that appears whole or not at all: written beside its place, and renamed when it is done. An interrupted run leaves the
 * old file, never half a new one. What is written goes to disk as it comes, so that a fleet's evidence needs no memory.
 */
export class WholeFile {
  static #made = 0;
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  #held: string[] = [];
  #length = 0;
  #open = true;

  constructor(path: string) {
    WholeFile.#made += 1;
    this.#path = path;
    this.#temporary = join(dirname(path), `.${process.pid}-${Date.now()}-${WholeFile.#made}.custos.tmp`);
    this.#descriptor = openSync(this.#temporary, 'wx', 0o644);
  }

  write(text: string): void {
    this.#held.push(text);
    this.#length += text.length;
    if (this.#length >= BATCH) this.#flush();
  }

  /** The file takes its place. */
  done(): void {
    this.#flush();
    this.#close();
    renameSync(this.#temporary, this.#path);
  }

  /** Nothing was there, and nothing is. */
  abandon(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }

  #flush(): void {
    writeFileSync(this.#descriptor, this.#held.join('')); // to the last byte: a full disk is an error, not a shorter file
    this.#held = [];
    this.#length = 0;
  }
}

/** Writes all of it, or nothing. */
export function writeWhole(path: string, chunks: Iterable<string>): void {
  const file = new WholeFile(path);
  try {
    for (const chunk of chunks) file.write(chunk);
    file.done();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** The same for what is still being made. */
export async function appendWhole(path: string, chunks: AsyncIterable<string>): Promise<void> {
  const file = new WholeFile(path);
  try {
    for await (const chunk of chunks) file.write(chunk);
    file.done();
  } catch (error) {
    file.abandon();
    throw error;
  }
}
