import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;
let count = 0;

/** Removes the directory when its stdin ends: when this process is gone, even killed. It waits for daemons to die first. */
const JANITOR = 'read -r _; sleep 0.3; rm -rf -- "$1"';

/** A new directory that goes when this process does, at the latest. */
export function temporaryDirectory(name: string): string {
  if (root === undefined) {
    root = mkdtempSync(join(tmpdir(), 'custos-servers-'));
    // Daemons that run as users of their own must get through to theirs.
    chmodSync(root, 0o711);
    spawn('/bin/sh', ['-c', JANITOR, 'sh', root], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] }).unref();
  }
  const directory = join(root, `${name}-${(count += 1)}`);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}
