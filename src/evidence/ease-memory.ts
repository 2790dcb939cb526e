import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident memory up to which V8 may do as it likes: small runs never come here. */
const FLOOR = 240 * 1024 * 1024;
/** What may come on top of what is really in use before it is cleaned up again. */
const SLACK = 80 * 1024 * 1024;

/** Cleaned at the latest when it has grown to this. */
let ceiling = FLOOR;
let collectGarbage: ((how: object) => void) | undefined;

/**
 * Called between the records and findings of a fleet. V8 takes what the machine has before it cleans up: a run whose data are
 * 100 MB grows to 900. This cleans up earlier, so that what is promised of memory holds on a machine of any size.
 */
export function easeMemory(): boolean {
  if (process.memoryUsage.rss() < ceiling) return false;
  collectGarbage ??= garbageCollector();
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  ceiling = Math.max(FLOOR, process.memoryUsage.rss() + SLACK);
  return true;
}

/** V8's own, which Node shows to a context that is made after the flag is set. */
function garbageCollector(): (how: object) => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return (how) => {
    if (typeof gc === 'function') gc(how);
  };
}
