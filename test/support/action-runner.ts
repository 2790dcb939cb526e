import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** action.yml, as far as the runner reads it. */
export const ACTION: {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
} = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

/** A workflow command that the runner would have carried out. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What a step of the Action did, as the runner sees it. */
export interface Step {
  readonly code: number | null;
  readonly log: string;
  readonly errors: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly commands: readonly Command[];
  /** The runner's temporary directory. */
  readonly temporary: string;
}

export interface StepOptions {
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: string;
  readonly payload?: unknown;
  readonly sha?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The runner cancels the step once this holds of its temporary directory. */
  readonly cancelWhen?: (temporary: string) => boolean;
}

/** Runs the entry that action.yml names, in a process of its own, with the environment that a runner gives it. */
export async function runAction({
  workspace,
  inputs = {},
  event = 'push',
  payload = {},
  sha,
  env = {},
  cancelWhen,
}: StepOptions): Promise<Step> {
  const temporary = mkdtempSync(join(tmpdir(), 'custos-runner-'));
  const files = Object.fromEntries(['output', 'summary', 'event'].map((name) => [name, join(temporary, `_${name}`)]));
  for (const [name, path] of Object.entries(files)) writeFileSync(path, name === 'event' ? JSON.stringify(payload) : '');
  for (const name of Object.keys(inputs)) if (ACTION.inputs[name] === undefined) throw new Error(`action.yml has no input ${name}`);
  const given = Object.entries(ACTION.inputs).map(([name, { default: fallback = '' }]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    inputs[name] ?? (fallback.startsWith('${{') ? '' : fallback),
  ]);
  const child = spawn(process.execPath, [join(ROOT, ACTION.runs.main)], {
    cwd: workspace,
    env: {
      PATH: process.env['PATH'] ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: files['event'] ?? '',
      GITHUB_SHA: sha ?? '',
      GITHUB_REPOSITORY: 'custody/platform',
      GITHUB_REPOSITORY_ID: '42',
      GITHUB_OUTPUT: files['output'] ?? '',
      GITHUB_STEP_SUMMARY: files['summary'] ?? '',
      RUNNER_TEMP: temporary,
      ...Object.fromEntries(given),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [log, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()));
  const watch = setInterval(() => {
    if (cancelWhen?.(temporary) !== true) return;
    clearInterval(watch);
    child.kill('SIGINT');
  }, 10);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  temporaries.push(temporary);
  return {
    code,
    log,
    errors,
    outputs: outputsIn(readFileSync(files['output'] ?? '', 'utf8')),
    summary: readFileSync(files['summary'] ?? '', 'utf8'),
    commands: commandsIn(log),
    temporary,
  };
}

const temporaries: string[] = [];

/** Reports are in the runner's temporary directory: it goes when a test file is done with them. */
export function cleanRunner(): void {
  for (const directory of temporaries.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** `name<<delimiter`, lines, delimiter: as the runner reads a file command (actions/runner, FileCommandManager.cs). */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name, delimiter] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name === undefined || delimiter === undefined) throw new Error(`no output: ${line}`);
    const end = lines.indexOf(delimiter, at + 1);
    if (end === -1) throw new Error(`output ${name} does not end`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

/**
 * The commands of a log, found as the runner finds them (actions/runner, ActionCommand.cs): `::name key=value::message` at the
 * beginning of a line, blanks left aside; `##[name key=value;]message` anywhere in one; nothing between stop-commands and its token.
 */
export function commandsIn(log: string): readonly Command[] {
  const commands: Command[] = [];
  let stopped: string | undefined;
  for (const line of log.split(/\r\n|\n|\r/)) {
    const [, head = '', message = ''] = /^\s*::([^:]*(?::(?!:)[^:]*)*?)::(.*)$/s.exec(line) ?? [];
    const old = /##\[([\w-]+)/.exec(line);
    if (stopped !== undefined) {
      if (head === stopped) stopped = undefined;
      continue;
    }
    if (head === '' && old === null) continue;
    const [name = ''] = head === '' ? [old?.[1] ?? ''] : head.split(' ');
    if (name === 'stop-commands') {
      stopped = message;
      continue;
    }
    const properties = Object.fromEntries(
      head
        .slice(name.length)
        .trim()
        .split(',')
        .filter((pair) => pair.includes('='))
        .map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1), true)]),
    );
    commands.push({ name, properties, message: unescaped(message, false) });
  }
  if (stopped !== undefined) throw new Error('commands were stopped, and never begun again');
  return commands;
}

function unescaped(text: string, property: boolean): string {
  const signs = property ? { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' } : { '%0D': '\r', '%0A': '\n', '%25': '%' };
  return Object.entries(signs).reduce((said, [code, sign]) => said.replaceAll(code, sign), text);
}

/** Runs git in a scratch repository. */
export function git(directory: string, ...args: readonly string[]): string {
  const config = [
    'user.name=Test',
    'user.email=test@example.org',
    'commit.gpgsign=false',
    'init.defaultBranch=main',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', [...config.flatMap((one) => ['-c', one]), ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
}

/** Files of a commit: a text, a link to somewhere, or none any more. */
export type Files = Readonly<Record<string, string | { readonly link: string } | undefined>>;

/** Writes files over what is there. */
export function writeFiles(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(directory, path);
    rmSync(at, { recursive: true, force: true });
    if (content === undefined) continue;
    mkdirSync(dirname(at), { recursive: true });
    if (typeof content === 'string') writeFileSync(at, content);
    else symlinkSync(content.link, at);
  }
}

/** A repository with the commits of a pull request, checked out as actions/checkout does it: at the merge that GitHub makes. */
export interface PullRequest {
  readonly workspace: string;
  readonly base: string;
  readonly head: string;
  readonly merge: string;
  readonly payload: object;
}

/** A pull request in a scratch repository: `head` is written over `base`. */
export function pullRequest(directory: string, base: Files, head: Files): PullRequest {
  git(directory, 'init', '-q');
  const commit = (message: string): string => {
    git(directory, 'add', '-A');
    git(directory, 'commit', '-q', '--allow-empty', '-m', message);
    return git(directory, 'rev-parse', 'HEAD');
  };
  writeFiles(directory, base);
  const baseSha = commit('base');
  git(directory, 'checkout', '-q', '-b', 'change');
  writeFiles(directory, head);
  const headSha = commit('head');
  git(directory, 'checkout', '-q', 'main');
  git(directory, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
  const merge = git(directory, 'rev-parse', 'HEAD');
  git(directory, 'checkout', '-q', '--detach', merge);
  return { workspace: directory, base: baseSha, head: headSha, merge, payload: payloadOf(baseSha, headSha) };
}

/** The payload of `pull_request`, as far as GitHub's documentation names what matters here. */
export function payloadOf(base: string, head: string): object {
  return {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      base: { ref: 'main', sha: base },
      head: { ref: 'change', sha: head, repo: { full_name: 'stranger/platform' } },
    },
    repository: { full_name: 'custody/platform', default_branch: 'main', id: 42 },
  };
}

/** Runs the Action on a pull request. */
export function runOn(pull: PullRequest, inputs: Readonly<Record<string, string>> = {}, more: Partial<StepOptions> = {}): Promise<Step> {
  return runAction({ workspace: pull.workspace, inputs, event: 'pull_request', payload: pull.payload, sha: pull.merge, ...more });
}
