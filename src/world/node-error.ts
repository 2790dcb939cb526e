import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';

const CAUSE_OF: Readonly<Record<string, CauseCode>> = {
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ELOOP: 'unresolved',
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
  ENXIO: 'unsupported',
  ENAMETOOLONG: 'unsupported',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What kept Node from a path, as the cause of an unknown. */
export function unknownFrom(error: unknown, path: string): Unknown {
  const code = errorCode(error);
  const cause = CAUSE_OF[code];
  return cause === undefined ? unknown('collector-failed', `${path}: ${code || String(error)}`) : unknown(cause, `${path}: ${code}`);
}

/** The same, where nothing being there is an answer, too. */
export function notThereOr(error: unknown, path: string): 'not-there' | Unknown {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'not-there' : unknownFrom(error, path);
}
