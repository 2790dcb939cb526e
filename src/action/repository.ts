import { isUtf8 } from 'node:buffer';
import { execFile, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../cli/shell.ts';
import { isCommit } from './event.ts';

const run = promisify(execFile);
const MAX_OUTPUT = 256 * 1024 * 1024;
const TIMEOUT = 120_000;

/**
 * What is set for every git: no hook, no monitor, no network and no configuration but the repository's own. The checkout may
 * belong to another user where the job runs in a container; nothing of it is executed.
 */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'protocol.allow=never', 'safe.directory=*', 'core.quotePath=false'];

function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // A replaced object would not be the one that its name says.
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** One entry of a commit's tree. */
export interface TreeEntry {
  /** As far as it is text: bytes that are no UTF-8 read as U+FFFD. */
  readonly path: string;
  /** How far the path leads until a name in it is no UTF-8: at most there can it be written. */
  readonly nameless?: string;
  /** `100644`, `100755`, `120000` for a link, `160000` for a submodule. */
  readonly mode: string;
  readonly id: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
}

/** A git repository, read only: by the objects that it holds, whatever the working tree says. */
export class Repository {
  /** Absolute path of the working tree. */
  readonly root: string;
  /** Absolute path of the repository's own directory, where it is not found from its working tree. */
  readonly #gitDirectory: string | undefined;

  constructor(root: string, gitDirectory?: string) {
    this.root = root;
    this.#gitDirectory = gitDirectory;
  }

  /** The repository that a directory is in. */
  static async of(directory: string): Promise<Repository> {
    try {
      const { stdout } = await run('git', [...settings(), 'rev-parse', '--show-toplevel'], {
        cwd: directory,
        env: environment(),
        timeout: TIMEOUT,
      });
      return new Repository(stdout.replace(/\n$/, ''));
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw new UsageError(
        missing ? 'git is not installed on this runner' : 'the workspace is no git checkout',
        'a pull request is judged by the policy of its base commit: use actions/checkout with fetch-depth: 0 before this step',
      );
    }
  }

  /** The commit that is checked out. */
  async head(): Promise<string> {
    return (await this.#git(['rev-parse', '--verify', 'HEAD'])).trim();
  }

  /** Is the commit here? A shallow clone has few. */
  async has(commit: string): Promise<boolean> {
    if (!isCommit(commit)) return false;
    return this.#git(['cat-file', '-e', `${commit}^{tree}`]).then(
      () => true,
      () => false,
    );
  }

  /** Parents as the commit names them, also those that a shallow clone does not have. */
  async parents(commit: string): Promise<readonly string[]> {
    const text = await this.#git(['cat-file', 'commit', checked(commit)]);
    const [header = ''] = text.split('\n\n');
    return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
  }

  /** Does the second commit go on from the first? Where a shallow clone cannot tell, it is taken to. */
  async goesOn(from: string, to: string): Promise<boolean> {
    const shallow = (await this.#git(['rev-parse', '--is-shallow-repository'])).trim() !== 'false';
    return shallow || (await this.#git(['rev-list', '--count', `${checked(to)}..${checked(from)}`])).trim() === '0';
  }

  /** Every file, link and submodule of a commit. */
  async tree(commit: string): Promise<readonly TreeEntry[]> {
    // Each byte as one character: a name may be no text, and is not to be taken for one that has U+FFFD in it.
    const records = await this.#git(['ls-tree', '-r', '-z', '--long', '--full-tree', checked(commit)], 'latin1');
    return records
      .split('\0')
      .filter((record) => record !== '')
      .map((record) => {
        const tab = record.indexOf('\t');
        const [mode = '', , id = '', size = ''] = record.slice(0, tab).split(/ +/);
        return { mode, id, size: size === '-' ? 0 : Number(size), ...pathFrom(record.slice(tab + 1)) };
      });
  }

  /** Is a file of the working tree one that git knows? An absolute path, however it leads there. */
  async tracks(file: string): Promise<boolean> {
    const path = relative(realpathSync(this.root), join(realpathSync(dirname(file)), basename(file))).replaceAll('\\', '/');
    return (await this.#git(['ls-files', '--', `:(top,literal)${path}`])) !== '';
  }

  /** Lines of a file that differ in the second commit, as ranges of its line numbers. */
  async changedLines(from: string, to: string, path: string): Promise<readonly (readonly [first: number, last: number])[]> {
    const options = ['--unified=0', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--submodule=short'];
    const text = await this.#git(['diff', ...options, checked(from), checked(to), '--', `:(top,literal)${path}`]);
    return [...text.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, start = '0', count = '1']) => {
      const first = Number(start);
      return [first, first + Math.max(1, Number(count)) - 1];
    });
  }

  /** The contents of objects, in their order, through one process. Throws where one is missing (a clone without blobs). */
  async *contents(ids: readonly string[]): AsyncGenerator<Buffer, void> {
    const child = spawn('git', [...this.#where(), 'cat-file', '--batch', '--buffer'], {
      cwd: this.root,
      env: environment(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.on('error', () => child.stdout.destroy());
    child.stdin.on('error', () => undefined); // git went away: what is missing is told below
    child.stdin.end(ids.map((id) => `${id}\n`).join(''));
    let held: Buffer = Buffer.alloc(0);
    const source = child.stdout[Symbol.asyncIterator]();
    const more = async (): Promise<void> => {
      const { value, done } = await source.next();
      if (done === true || !Buffer.isBuffer(value)) throw new Error('git ended before all objects were read');
      held = held.length === 0 ? value : Buffer.concat([held, value]);
    };
    try {
      for (const id of ids) {
        while (!held.includes(10)) await more();
        const line = held.subarray(0, held.indexOf(10)).toString('latin1');
        const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(line) ?? [];
        if (size === undefined)
          throw new UsageError(`the object ${id} is not in this clone`, 'check out without `filter:`, and with fetch-depth: 0');
        const from = line.length + 1;
        const to = from + Number(size);
        while (held.length < to + 1) await more();
        yield Buffer.from(held.subarray(from, to));
        held = held.subarray(to + 1);
      }
    } finally {
      child.kill();
    }
  }

  /** The clone of a submodule, where `git submodule` keeps it. */
  submodule(path: string): Repository {
    return new Repository(this.root, `${this.#gitDirectory ?? `${this.root}/.git`}/modules/${path}`);
  }

  #where(): readonly string[] {
    return this.#gitDirectory === undefined ? settings() : [...settings(), `--git-dir=${this.#gitDirectory}`];
  }

  async #git(args: readonly string[], encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> {
    try {
      const { stdout } = await run('git', [...this.#where(), ...args], {
        cwd: this.root,
        env: environment(),
        encoding,
        maxBuffer: MAX_OUTPUT,
        timeout: TIMEOUT,
      });
      return stdout;
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n')[0] : '';
      throw new UsageError(
        `git ${args[0] ?? ''}: ${said === '' ? 'failed' : (said ?? '')}`,
        'check out without `filter:`, and with fetch-depth: 0',
      );
    }
  }
}

/** A path from its bytes, each given as one character. */
function pathFrom(latin: string): Pick<TreeEntry, 'path' | 'nameless'> {
  const names = latin.split('/').map((name) => Buffer.from(name, 'latin1'));
  const strange = names.findIndex((name) => !isUtf8(name));
  const texts = names.map((name) => name.toString('utf8'));
  const path = texts.join('/');
  return strange === -1 ? { path } : { path, nameless: texts.slice(0, strange + 1).join('/') };
}

function settings(): readonly string[] {
  return ['--no-pager', ...SETTINGS.flatMap((setting) => ['-c', setting])];
}

function checked(commit: string): string {
  if (!isCommit(commit)) throw new UsageError(`"${commit}" is no commit`);
  return commit;
}
