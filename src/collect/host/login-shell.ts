import { posix } from 'node:path';
import type { Account } from './accounts.ts';

/** Programs in the place of a shell that let nobody in, or do one thing and end. */
const CLOSED = new Set(['nologin', 'false', 'true', 'sync', 'halt', 'shutdown']);

/** Does its line in passwd(5) give an account a shell? Empty is /bin/sh. */
export function canHaveShell({ shell }: Account): boolean {
  return !CLOSED.has(posix.basename(shell));
}
