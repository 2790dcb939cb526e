import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { program } from './available.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';

/** Dropbear, the small SSH server of routers and containers, with keys of its own. */
export async function startDropbear(args: readonly string[] = []): Promise<Daemon> {
  return startDaemon('dropbear', 1, (directory, [port]) => {
    const keys = ['ed25519', 'rsa'].map((type) => {
      const path = join(directory, type);
      execFileSync(program('dropbearkey'), ['-t', type, ...(type === 'rsa' ? ['-s', '2048'] : []), '-f', path], { stdio: 'ignore' });
      return path;
    });
    const own = keys.flatMap((path) => ['-r', path]);
    return { command: [program('dropbear'), '-F', '-E', '-p', `${HOST}:${String(port)}`, '-P', join(directory, 'pid'), ...own, ...args] };
  });
}
