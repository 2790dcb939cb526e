import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/shell.ts';
import type { Surroundings } from './event.ts';
import { unzipOne } from './unzip.ts';

/** Bytes of an artifact's archive, and of the assessment in it. */
const MAX_ARCHIVE = 128 * 1024 * 1024;
const MAX_ASSESSMENT = 1024 * 1024 * 1024;
const TIMEOUT = 60_000;

/**
 * The assessment that the last run of the base branch kept as an artifact, written into `folder`; undefined where no run has kept
 * one yet: then everything is new. A fork's branch may have the same name, and a pull request's run keeps artifacts too: only runs
 * of this repository's own branch count.
 */
export async function fetchArtifact(name: string, around: Surroundings, token: string, folder: string): Promise<string | undefined> {
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
  const list = await ask(`${apiUrl}/repos/${repository}/actions/artifacts?per_page=100&name=${encodeURIComponent(name)}`, headers);
  const found = artifactsIn(await list.json()).filter(
    (one) =>
      !one.expired &&
      one.name === name &&
      one.branch === branch &&
      (repositoryId === '' ? one.headRepository === one.repository : one.headRepository === repositoryId),
  );
  const [latest] = found.toSorted((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  if (latest === undefined) return undefined;
  // GitHub answers with a redirect to a store of its own, which is not to see the token.
  const answer = await ask(`${apiUrl}/repos/${repository}/actions/artifacts/${latest.id}/zip`, headers, 'manual');
  const location = answer.headers.get('location');
  const archive = location === null ? answer : await ask(location, {});
  const bytes = await bounded(archive);
  const assessment = unzipOne(bytes, (file) => /\.jsonl?$/.test(file) && !/evidence/.test(file), MAX_ASSESSMENT);
  if (typeof assessment === 'string')
    throw new UsageError(
      `input baseline: the artifact "${name}" ${assessment}`,
      'keep the assessment in it: the first path of output report-file, with formats: json',
    );
  const file = join(folder, 'baseline.json');
  writeFileSync(file, assessment, { flag: 'wx' });
  return file;
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

function artifactsIn(value: unknown): readonly Artifact[] {
  const list = field(value, 'artifacts');
  return Array.isArray(list)
    ? list.flatMap((one: unknown) => {
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
      })
    : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

async function ask(url: string, headers: Readonly<Record<string, string>>, redirect: 'manual' | 'follow' = 'follow'): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers, redirect, signal: AbortSignal.timeout(TIMEOUT) });
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
