import { readFileSync } from 'node:fs';
import { UsageError } from '../cli/shell.ts';

/** Commits of a pull request, or of a merge group: what it starts from, and what it would make. */
export interface Change {
  readonly event: string;
  readonly baseSha: string;
  readonly headSha: string;
  /** Branch that it is to be merged into. */
  readonly baseRef: string;
}

/** Where the runner stands. */
export interface Surroundings {
  readonly workspace: string;
  readonly temporary: string;
  readonly event: string;
  /** The commit that the run is about: on `pull_request` the merge that GitHub made. */
  readonly sha: string;
  readonly change?: Change;
  /** Others made it run with the rights of the default branch (`workflow_run`, `issue_comment`): their code has no place here. */
  readonly borrowed: boolean;
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly defaultBranch: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Payload = Readonly<Record<string, unknown>>;

const CHANGES = /^(?:pull_request|pull_request_target|pull_request_review|pull_request_review_comment|merge_group)$/;

/** Reads the runner's variables and the event's payload. A pull request that does not name its commits is an error, never a push. */
export function readSurroundings(env: Environment): Surroundings {
  const workspace = env['GITHUB_WORKSPACE'] ?? '';
  if (workspace === '')
    throw new UsageError('GITHUB_WORKSPACE is not set', 'this is the entry of a GitHub Action: elsewhere, run custos scan');
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = payloadOf(env['GITHUB_EVENT_PATH'], CHANGES.test(event));
  const change = changeOf(event, payload);
  return {
    workspace,
    temporary: env['RUNNER_TEMP'] ?? '',
    event,
    sha: env['GITHUB_SHA'] ?? '',
    ...(change === undefined ? {} : { change }),
    borrowed: isBorrowed(event, payload),
    repository: env['GITHUB_REPOSITORY'] ?? '',
    repositoryId: env['GITHUB_REPOSITORY_ID'] ?? '',
    defaultBranch: word(part(payload, 'repository'), 'default_branch'),
    serverUrl: env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
  };
}

/** What runs on the default branch of this repository since those who may write to it did something. */
const OWN_RUNS = /^(?:push|schedule|workflow_dispatch|repository_dispatch|release)$/;
const OF_ANYBODY = /^(?:check_run|check_suite|status|deployment_status)$/;

function isBorrowed(event: string, payload: Payload): boolean {
  if (event === 'workflow_run') return !OWN_RUNS.test(word(part(payload, 'workflow_run'), 'event'));
  return OF_ANYBODY.test(event) || 'pull_request' in part(payload, 'issue');
}

function payloadOf(path: string | undefined, needed: boolean): Payload {
  try {
    const value: unknown = JSON.parse(readFileSync(path ?? '', 'utf8'));
    if (isPayload(value)) return value;
  } catch {
    // told below, where it matters
  }
  if (needed)
    throw new UsageError('GITHUB_EVENT_PATH: the payload of this pull request cannot be read', 'without it nobody knows its base commit');
  return {};
}

function changeOf(event: string, payload: Payload): Change | undefined {
  if (!CHANGES.test(event)) return undefined;
  const commits =
    event === 'merge_group'
      ? mergeGroup(part(payload, 'merge_group'))
      : {
          baseSha: word(part(part(payload, 'pull_request'), 'base'), 'sha'),
          headSha: word(part(part(payload, 'pull_request'), 'head'), 'sha'),
          baseRef: word(part(part(payload, 'pull_request'), 'base'), 'ref'),
        };
  if (!isCommit(commits.baseSha) || !isCommit(commits.headSha))
    throw new UsageError(
      `the payload of ${event} names no base and head commit`,
      'without them nobody knows what the pull request changes',
    );
  return { event, ...commits };
}

function mergeGroup(group: Payload): Omit<Change, 'event'> {
  return {
    baseSha: word(group, 'base_sha'),
    headSha: word(group, 'head_sha'),
    baseRef: word(group, 'base_ref').replace(/^refs\/heads\//, ''),
  };
}

/** Object names of SHA-1 and SHA-256 repositories, in full. */
export function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function part(payload: Payload, name: string): Payload {
  const value = payload[name];
  return isPayload(value) ? value : {};
}

function word(payload: Payload, name: string): string {
  const value = payload[name];
  return typeof value === 'string' ? value : '';
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
