import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../model/localized.ts';

/** A stream that a command writes to. */
export interface Output {
  write(text: string): unknown;
  /** Resolves once what was written has gone: absent where nothing can pile up. */
  readonly drained?: () => Promise<void>;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command runs: the edges of the program, so that tests can stand in for them. */
export interface Shell {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Read only by a command that is told to (`-`). */
  readonly stdin?: { readonly isTTY?: boolean; readonly bytes: () => AsyncIterable<Uint8Array> };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Exit codes: SEMANTICS part 6. */
export const EXIT = { ok: 0, notMet: 1, undecided: 2, usage: 3, interrupted: 130, bug: 70 } as const;

/** Ends a command with a sentence for the user, or with several, and exit code 3. */
export class UsageError extends Error {
  readonly lines: readonly string[];
  readonly hint: string | undefined;

  constructor(message: string | readonly string[], hint?: string) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'));
    this.name = 'UsageError';
    this.lines = lines;
    this.hint = hint;
  }
}

/** The directory that holds `controls/`, `profiles/` and package.json: the checkout, or the installed package. */
export function packageRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'controls', 'register.yaml'))) {
    const above = dirname(at);
    if (above === at) throw new Error('the bundled catalogue is missing: install Custos again');
    at = above;
  }
  return at;
}

/** The version in package.json. */
export function toolVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0.0.0';
}

/** The language to speak: `--lang`, else the locale's. */
export function languageOf(option: string | undefined, env: Shell['env']): Language {
  if (option !== undefined) {
    if (option === 'en' || option === 'zh') return option;
    throw new UsageError(`--lang ${option}: there are en and zh`);
  }
  const locale = env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

/** Colour only on a terminal, and never against NO_COLOR (https://no-color.org) or --no-color. */
export function wantsColor(output: Output, env: Shell['env'], option: boolean | undefined): boolean {
  if (option === false || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return output.isTTY === true;
}

/** Columns to write for: the terminal's, or 80 for a pipe or file. */
export function columnsOf(output: Output): number {
  return output.isTTY === true && output.columns !== undefined ? output.columns : 80;
}
