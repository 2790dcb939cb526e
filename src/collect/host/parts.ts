import { backups } from './backups.ts';
import { logs } from './logs.ts';
import type { HostPart } from './part.ts';

/** Everything that is looked for on a host, besides the configuration files that `files/` reads. */
export const PARTS: readonly HostPart[] = [backups, logs];
