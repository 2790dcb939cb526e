import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../model/finding.ts';
import { easeMemory } from './ease-memory.ts';
import { linesOf } from './lines-of-file.ts';

/** Findings kept in memory; beyond this they go to a temporary file. */
const IN_MEMORY = 5_000;
const BATCH = 500;

/** Findings of one assessment, as many as they are: added once, read as often as a report needs. */
export class FindingStore implements Iterable<Finding> {
  #memory: Finding[] = [];
  #spilled: { readonly directory: string; readonly file: string; readonly descriptor: number } | undefined;
  #batch: string[] = [];

  add(findings: readonly Finding[]): void {
    easeMemory();
    for (const finding of findings) {
      if (this.#spilled !== undefined) this.#spill(finding);
      else if (this.#memory.length < IN_MEMORY) this.#memory.push(finding);
      else this.#open(finding);
    }
  }

  *[Symbol.iterator](): Iterator<Finding> {
    if (this.#spilled === undefined) {
      yield* this.#memory;
      return;
    }
    this.#flush();
    let read = 0;
    for (const { value } of linesOf(this.#spilled.file)) {
      if (isFinding(value)) yield value;
      read += 1;
      if (read % BATCH === 0) easeMemory();
    }
  }

  /** Removes the temporary file, if there is one. */
  close(): void {
    if (this.#spilled === undefined) return;
    closeSync(this.#spilled.descriptor);
    rmSync(this.#spilled.directory, { recursive: true, force: true });
    this.#spilled = undefined;
  }

  #open(finding: Finding): void {
    const directory = mkdtempSync(join(tmpdir(), 'custos-findings-'));
    const file = join(directory, 'findings.jsonl');
    this.#spilled = { directory, file, descriptor: openSync(file, 'wx', 0o600) };
    for (const held of this.#memory) this.#spill(held);
    this.#memory = [];
    this.#spill(finding);
  }

  #spill(finding: Finding): void {
    this.#batch.push(JSON.stringify(finding));
    if (this.#batch.length >= BATCH) this.#flush();
  }

  #flush(): void {
    if (this.#spilled === undefined || this.#batch.length === 0) return;
    writeSync(this.#spilled.descriptor, `${this.#batch.join('\n')}\n`);
    this.#batch = [];
  }
}

function isFinding(value: unknown): value is Finding {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'control' in value;
}
