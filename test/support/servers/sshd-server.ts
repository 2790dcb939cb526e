import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';

export interface SshdOptions {
  /** Kinds of host keys, as ssh-keygen takes them, with their size where it has a choice. */
  readonly hostKeys?: readonly (readonly [type: string, bits?: number])[];
  /** Lines of sshd_config, before the ones that make it run here: the first value counts. */
  readonly settings?: readonly string[];
  /** The program of its SFTP subsystem. */
  readonly sftp?: string;
}

/** A running OpenSSH server with a key that logs in. */
export interface SshdServer extends Daemon {
  readonly key: string;
  readonly knownHosts: string;
  readonly config: string;
}

/** OpenSSH's sshd as root, with keys of its own; nothing of the machine's configuration is read. */
export async function startSshd({
  hostKeys = [['ed25519']],
  settings = [],
  sftp = '/usr/lib/openssh/sftp-server',
}: SshdOptions = {}): Promise<SshdServer> {
  const daemon = await startDaemon('sshd', 1, (directory, [port]) => {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const keygen = (path: string, type: string, bits?: number): void =>
      void execFileSync(
        program('ssh-keygen'),
        ['-q', '-t', type, ...(bits === undefined ? [] : ['-b', String(bits)]), '-N', '', '-C', 'test', '-f', path],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
    const own = hostKeys.map(([type, bits]) => {
      const path = join(directory, `host_${type}`);
      keygen(path, type, bits);
      return path;
    });
    keygen(join(directory, 'client'), 'ed25519');
    copyFileSync(join(directory, 'client.pub'), join(directory, 'authorized_keys'));
    chmodSync(directory, 0o755);
    const publicKeys = own.map((path) => readFileSync(`${path}.pub`, 'utf8'));
    writeFileSync(join(directory, 'known_hosts'), publicKeys.map((key) => `[${HOST}]:${String(port)} ${key}`).join(''));
    const lines = [
      ...settings,
      `ListenAddress ${HOST}:${String(port)}`,
      ...own.map((path) => `HostKey ${path}`),
      `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      `Subsystem sftp ${sftp === 'internal-sftp' ? sftp : program(sftp)}`,
    ];
    writeFileSync(join(directory, 'sshd_config'), `${lines.join('\n')}\n`);
    return { command: [program('sshd'), '-D', '-e', '-f', join(directory, 'sshd_config')] };
  });
  const file = (name: string): string => join(daemon.directory, name);
  return { ...daemon, key: file('client'), knownHosts: file('known_hosts'), config: file('sshd_config') };
}
