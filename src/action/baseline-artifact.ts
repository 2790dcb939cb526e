import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/shell.ts';
import type { Surroundings } from './event.ts';
import { unzipOne } from './unzip.ts';

/** Bytes of an artifact's archive, and of the assessment in it. */
const MAX_ARCHIVE = 128 * 1024 * 1024;
const MAX_ASSESSMENT = 1024 * 1024 * 1024;
const TIMEOUT = 60_000;

/** GitHub gives artifacts by the hundred. */
const PAGE = 100;
const MAX_PAGES = 50;

/** The assessment of an artifact, where a run of that branch has kept one. */
export interface Fetched {
  readonly file?: string;
  readonly branch: string;
}

/**
 * The assessment that the last run of the base branch kept as an artifact, written into `folder`; no file where no run has kept
 * one yet: then everything is new. A fork's branch may have the same name, and a pull request's run keeps artifacts too: only runs
 * of this repository's own branch count.
 */
export async function fetchArtifact(
  name: string,
  around: Surroundings,
  token: string,
  folder: string,
  cancelled: AbortSignal,
): Promise<Fetched> {
  const { apiUrl, repository, repositoryId, change, defaultBranch } = around;
  const branch = change?.baseRef ?? defaultBranch;
  if (token === '') throw new UsageError('input token: is empty', 'baseline: artifact needs it, and permissions: actions: read');
  if (branch === '' || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UsageError('input baseline: the event does not say what the base branch is');
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'user-agent': 'custos',
    'x-github-api-version': '2022-11-28',
  };
  const artifacts = `${apiUrl}/repos/${repository}/actions/artifacts`;
  const found: Artifact[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = `per_page=${PAGE}&name=${encodeURIComponent(name)}${page === 1 ? '' : `&page=${page}`}`;
    const listed = await artifactsAt(`${artifacts}?${query}`, headers, cancelled);
    found.push(...listed.artifacts);
    if (listed.count < PAGE) break;
  }
  const [latest] = found
    .filter(
      (one) =>
        !one.expired &&
        one.name === name &&
        one.branch === branch &&
        (repositoryId === '' ? one.headRepository === one.repository : one.headRepository === repositoryId),
    )
    .toSorted((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  if (latest === undefined) return { branch };
  // GitHub answers with a redirect to a store of its own, which is not to see the token.
  const answer = await ask(`${artifacts}/${latest.id}/zip`, headers, cancelled, 'manual');
  const location = answer.headers.get('location');
  const archive = location === null ? answer : await ask(location, {}, cancelled);
  const bytes = await bounded(archive);
  const assessment = unzipOne(bytes, (file) => /\.jsonl?$/.test(file) && !/evidence|(?:^|\/)gl-/.test(file), MAX_ASSESSMENT);
  if (typeof assessment === 'string')
    throw new UsageError(
      `input baseline: the artifact "${name}" ${assessment}`,
      'keep the assessment in it: the first path of output report-file, with formats: json',
    );
  const file = join(folder, 'baseline.json');
  writeFileSync(file, assessment, { flag: 'wx' });
  return { file, branch };
}

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly createdAt: string;
  readonly branch: string;
  readonly repository: string;
  readonly headRepository: string;
}

/** One page of the list. An answer that is none is an error: taken for an empty one, it would be no baseline and no word of it. */
async function artifactsAt(
  url: string,
  headers: Readonly<Record<string, string>>,
  cancelled: AbortSignal,
): Promise<{ readonly artifacts: readonly Artifact[]; readonly count: number }> {
  const answer = await ask(url, headers, cancelled);
  const value: unknown = await answer.json().catch(() => undefined);
  const list = field(value, 'artifacts');
  if (!Array.isArray(list))
    throw new UsageError('input baseline: GitHub was asked for the artifacts of this repository, and its answer is no list of them');
  return { artifacts: list.flatMap(artifactFrom), count: list.length };
}

function artifactFrom(one: unknown): readonly Artifact[] {
  const run = field(one, 'workflow_run');
  const id = field(one, 'id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return [];
  return [
    {
      id,
      name: String(field(one, 'name')),
      expired: field(one, 'expired') !== false,
      createdAt: String(field(one, 'created_at')),
      branch: String(field(run, 'head_branch')),
      repository: String(field(run, 'repository_id')),
      headRepository: String(field(run, 'head_repository_id')),
    },
  ];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  cancelled: AbortSignal,
  redirect: 'manual' | 'follow' = 'follow',
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers, redirect, signal: AbortSignal.any([cancelled, AbortSignal.timeout(TIMEOUT)]) });
  } catch {
    throw new UsageError('input baseline: GitHub could not be asked for the artifact of the base branch');
  }
  if (answer.ok || (redirect === 'manual' && answer.status >= 300 && answer.status < 400)) return answer;
  throw new UsageError(
    `input baseline: GitHub answered ${answer.status} when asked for the artifact of the base branch`,
    'the job needs permissions: actions: read',
  );
}

async function bounded(answer: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > MAX_ARCHIVE) throw new UsageError(`input baseline: the artifact is larger than ${MAX_ARCHIVE} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
