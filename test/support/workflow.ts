import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Log } from 'sarif';
import { parse } from 'yaml';
import { git, ROOT, runAction, type Step } from './action-runner.ts';
import { interpolate, shown, truthy, type Scope, type Value } from './expression.ts';

interface WorkflowStep {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

interface WorkflowJob {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: WorkflowStep['with'];
  readonly strategy?: { readonly matrix: Readonly<Record<string, string | readonly Value[]>> };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps?: readonly WorkflowStep[];
}

interface Workflow {
  readonly on: Readonly<
    Record<
      string,
      {
        readonly inputs?: Readonly<Record<string, { readonly default?: Value }>>;
        readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
      } | null
    >
  >;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

/** What happened elsewhere that a run is about, and the repositories that it may fetch. */
export interface Occasion {
  readonly event: string;
  readonly payload: Readonly<Record<string, Value>>;
  readonly sha: string;
  readonly refName?: string;
  /** Directory of the repository that the workflow is of. */
  readonly origin: string;
  /** `owner/name` → directory, of others that it checks out. */
  readonly others?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, Value>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A job whose runner is lost: `collect (2)`. */
  readonly lost?: string;
}

export interface JobRun {
  readonly name: string;
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
  /** What each step of the Action did. */
  readonly custos: readonly Step[];
}

export interface WorkflowRun {
  readonly jobs: readonly JobRun[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Artifact → the names of its files. */
  readonly artifacts: ReadonlyMap<string, string>;
  /** Files that code scanning was given. */
  readonly scanned: readonly Log[];
}

const scratch: string[] = [];

export function cleanWorkflows(): void {
  for (const directory of scratch.splice(0)) rmSync(directory, { recursive: true, force: true });
}

function made(): string {
  const directory = mkdtempSync(join(tmpdir(), 'custos-job-'));
  scratch.push(directory);
  return directory;
}

export function readWorkflow(path: string): Workflow {
  return parse(readFileSync(path, 'utf8'));
}

/**
 * Runs a workflow file: its jobs in their order, its matrices, conditions and expressions. Steps that use this Action run its built
 * entry in a process of its own; checkouts, artifacts and the upload to code scanning are done here as those actions document it.
 */
export async function runWorkflow(
  path: string,
  occasion: Occasion,
  store = { artifacts: new Map<string, string>(), scanned: [] as Log[] },
): Promise<WorkflowRun> {
  const workflow = readWorkflow(path);
  const declared = workflow.on['workflow_call']?.inputs ?? workflow.on['workflow_dispatch']?.inputs ?? {};
  const inputs = {
    ...Object.fromEntries(Object.entries(declared).map(([name, { default: value = '' }]) => [name, value])),
    ...occasion.inputs,
  };
  const github: Value = {
    event_name: occasion.event,
    event: occasion.payload,
    sha: occasion.sha,
    ref: `refs/heads/${occasion.refName ?? 'main'}`,
    ref_name: occasion.refName ?? 'main',
    repository: 'custody/platform',
    token: 'ghs_token',
  };
  const names = { github, inputs, secrets: occasion.secrets ?? {} };
  const jobs: JobRun[] = [];
  const done: Record<string, { result: JobRun['result']; outputs: Readonly<Record<string, string>> }> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat();
    const failed = needs.some((name) => done[name]?.result !== 'success');
    const scope: Scope = { names: { ...names, needs: Object.fromEntries(needs.map((name) => [name, done[name] ?? null])) }, failed };
    if (!isWanted(job.if, scope)) {
      done[id] = { result: 'skipped', outputs: {} };
      jobs.push({ name: id, result: 'skipped', outputs: {}, custos: [] });
      continue;
    }
    const runs: JobRun[] = [];
    for (const matrix of combinations(job.strategy?.matrix, scope)) {
      const name = Object.keys(matrix).length === 0 ? id : `${id} (${Object.values(matrix).map(shown).join(', ')})`;
      if (occasion.lost === name) runs.push({ name, result: 'failure', outputs: {}, custos: [] });
      else if (job.uses === undefined)
        runs.push(await runJob(name, job, { ...scope, failed: false, names: { ...scope.names, matrix } }, occasion, store));
      else {
        const called = await runWorkflow(
          join(ROOT, job.uses.replace(/^(?:\.\/|[\w-]+\/[\w-]+\/)/, '').replace(/@.*$/, '')),
          { ...occasion, inputs: valuesOf(job.with, scope) },
          store,
        );
        jobs.push(...called.jobs);
        runs.push({
          name,
          result: called.jobs.some(({ result }) => result === 'failure') ? 'failure' : 'success',
          outputs: called.outputs,
          custos: [],
        });
      }
    }
    const result = runs.some((run) => run.result === 'failure') ? 'failure' : 'success';
    done[id] = { result, outputs: Object.assign({}, ...runs.map(({ outputs }) => outputs)) };
    jobs.push(...runs);
  }
  const outputs = Object.fromEntries(
    Object.entries(workflow.on['workflow_call']?.outputs ?? {}).map(([name, { value }]) => [
      name,
      shown(interpolate(value, { names: { jobs: done }, failed: false })),
    ]),
  );
  return { jobs, outputs, ...store };
}

function isWanted(condition: string | undefined, scope: Scope): boolean {
  if (condition === undefined) return !scope.failed;
  const text = condition.startsWith('${{') ? condition : `\${{ ${condition} }}`;
  return (/\b(?:always|cancelled|failure|success)\(/.test(text) || !scope.failed) && truthy(interpolate(text, scope));
}

function combinations(
  matrix: NonNullable<WorkflowJob['strategy']>['matrix'] | undefined,
  scope: Scope,
): readonly Readonly<Record<string, Value>>[] {
  return Object.entries(matrix ?? {}).reduce<readonly Readonly<Record<string, Value>>[]>(
    (rows, [name, given]) => {
      const values = typeof given === 'string' ? interpolate(given, scope) : given;
      if (!Array.isArray(values)) throw new Error(`matrix ${name} is no list`);
      return rows.flatMap((row) => values.map((value: Value) => ({ ...row, [name]: value })));
    },
    [{}],
  );
}

function valuesOf(given: WorkflowStep['with'], scope: Scope): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [name, typeof value === 'string' ? interpolate(value, scope) : value]),
  );
}

type Store = Pick<WorkflowRun, 'scanned'> & { readonly artifacts: Map<string, string>; readonly scanned: Log[] };

async function runJob(name: string, job: WorkflowJob, start: Scope, occasion: Occasion, store: Store): Promise<JobRun> {
  const workspace = made();
  const steps: Record<string, Value> = {};
  const custos: Step[] = [];
  let failed = false;
  /** What earlier steps wrote to GITHUB_ENV. */
  const left: Record<string, string> = {};
  for (const step of job.steps ?? []) {
    const scope: Scope = { names: { ...start.names, steps }, failed };
    if (!isWanted(step.if, scope)) continue;
    const values = Object.fromEntries(Object.entries(valuesOf(step.with, scope)).map(([key, value]) => [key, shown(value)]));
    let outcome: { readonly ok: boolean; readonly outputs?: Readonly<Record<string, string>> };
    if (step.run !== undefined) {
      const ran = runScript(step.run, valuesOf(step.env, scope), workspace);
      Object.assign(left, ran.env);
      outcome = ran;
    } else if (step.uses === './' || step.uses?.startsWith('custos-audit/custos@') === true) {
      const ran = await runAction({
        workspace,
        inputs: { token: 'ghs_token', ...values },
        event: occasion.event,
        payload: occasion.payload,
        sha: occasion.sha,
        env: { ...occasion.env, ...left },
      });
      custos.push(ran);
      outcome = { ok: ran.code === 0, outputs: ran.outputs };
    } else outcome = { ok: standIn(step.uses ?? '', values, workspace, occasion, store) };
    if (step.id !== undefined) steps[step.id] = { outputs: outcome.outputs ?? {}, outcome: outcome.ok ? 'success' : 'failure' };
    failed ||= !outcome.ok && step['continue-on-error'] !== true;
  }
  const outputs = Object.fromEntries(
    Object.entries(job.outputs ?? {}).map(([key, value]) => [key, shown(interpolate(value, { names: { ...start.names, steps }, failed }))]),
  );
  return { name, result: failed ? 'failure' : 'success', outputs, custos };
}

function runScript(
  script: string,
  env: Readonly<Record<string, Value>>,
  workspace: string,
): { readonly ok: boolean; readonly outputs: Readonly<Record<string, string>>; readonly env: Readonly<Record<string, string>> } {
  const [file, variables] = [join(made(), 'output'), join(made(), 'env')];
  for (const one of [file, variables]) writeFileSync(one, '');
  try {
    execFileSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: workspace,
      stdio: 'pipe',
      env: {
        PATH: process.env['PATH'] ?? '',
        GITHUB_OUTPUT: file,
        GITHUB_ENV: variables,
        ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, shown(value)])),
      },
    });
  } catch {
    return { ok: false, outputs: {}, env: {} };
  }
  return { ok: true, outputs: pairsIn(file), env: pairsIn(variables) };
}

/** `NAME=value` lines, as a script appends them to a file of the runner. */
function pairsIn(file: string): Readonly<Record<string, string>> {
  const pairs = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line.includes('='));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Others' actions, as far as their documentation says what they do with these inputs. */
function standIn(uses: string, values: Readonly<Record<string, string>>, workspace: string, occasion: Occasion, store: Store): boolean {
  const [action] = uses.split('@');
  const lines = (name: string): readonly string[] =>
    (values[name] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  switch (action) {
    case 'actions/checkout':
      checkOut(values, workspace, occasion);
      return true;
    case 'actions/upload-artifact': {
      const files = lines('path')
        .map((path) => resolve(workspace, path))
        .filter((path) => existsSync(path));
      if (files.length === 0) return values['if-no-files-found'] !== 'error';
      const name = values['name'] ?? 'artifact';
      if (store.artifacts.has(name)) throw new Error(`artifact ${name} is there already`);
      const directory = made();
      for (const file of files) cpSync(file, join(directory, basename(file)));
      store.artifacts.set(name, directory);
      return true;
    }
    case 'actions/download-artifact': {
      const pattern = new RegExp(`^${(values['pattern'] ?? values['name'] ?? '').replaceAll('*', '.*')}$`);
      const to = resolve(workspace, values['path'] ?? '.');
      mkdirSync(to, { recursive: true });
      for (const [name, directory] of store.artifacts)
        if (pattern.test(name))
          for (const file of readdirSync(directory)) cpSync(join(directory, file), join(to, file), { force: false, errorOnExist: true });
      return true;
    }
    case 'github/codeql-action/upload-sarif': {
      const log: Log = JSON.parse(readFileSync(resolve(workspace, values['sarif_file'] ?? ''), 'utf8'));
      store.scanned.push(log);
      return log.version === '2.1.0';
    }
    default:
      throw new Error(`nothing stands in for ${uses}`);
  }
}

function checkOut(values: Readonly<Record<string, string>>, workspace: string, { origin, others, sha }: Occasion): void {
  const { repository, path = '.', ref, 'fetch-depth': depth = '1' } = values;
  const from = repository === undefined ? origin : others?.[repository];
  if (from === undefined) throw new Error(`no repository ${repository ?? ''}`);
  const directory = resolve(workspace, path);
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '-q');
  const commit = repository === undefined ? (ref ?? sha) : git(from, 'rev-parse', ref ?? 'HEAD');
  git(directory, 'fetch', '-q', ...(depth === '0' ? [] : [`--depth=${depth}`]), `file://${from}`, commit);
  git(directory, 'checkout', '-q', '--detach', 'FETCH_HEAD');
}
