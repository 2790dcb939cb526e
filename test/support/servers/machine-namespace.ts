import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';

/** Directories of this machine that another one’s are laid over. */
const OVERLAID = ['/etc', '/home', '/root', '/var/log', '/var/lib/dpkg', '/var/spool/cron', '/usr/lib/polkit-1'];

/**
 * Runs a shell script where a machine that lies in a directory stands in this machine’s place, for this script alone: in namespaces of its
 * own for mounts and for the host's name. Whatever else it writes must lie elsewhere.
 */
export function inMachine(directory: string, script: string, ...args: readonly string[]): string {
  const mounts = OVERLAID.flatMap((path) => {
    const own = join(directory, path);
    return existsSync(own) && existsSync(path) ? [`mount --bind '${own}' '${path}'`] : [];
  });
  const name = join(directory, 'etc/hostname');
  // Within the namespace, and only there.
  const called = existsSync(name) ? [`hostname -F '${name}'`] : [];
  const whole = ['set -e', ...called, ...mounts, script].join('\n');
  return execFileSync(program('unshare'), ['--mount', '--uts', '--propagation', 'private', '/bin/sh', '-c', whole, 'sh', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, HOME: '/' },
  });
}
