import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import type { Certificate } from './certificate.ts';

/** A user of the system that a daemon runs as, when we are root; else everything is ours already. */
export interface ServiceUser {
  /** A command as that user. */
  as(...command: readonly [string, ...string[]]): readonly [string, ...string[]];
  /** Gives files to the user. */
  own(...files: readonly string[]): void;
}

export function serviceUser(name: string): ServiceUser {
  if (process.getuid?.() !== 0) return { as: (...command) => command, own: () => {} };
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  const [uid, gid] = [id('-u'), id('-g')];
  return {
    as: (command, ...args) => ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', program(command), ...args],
    own: (...files) => {
      for (const file of files) chownSync(file, uid, gid);
    },
  };
}

/** Copies a certificate and its key into a daemon's directory, where it may read them. */
export function installCertificate(certificate: Certificate, directory: string, user?: ServiceUser): Certificate {
  const [cert, key] = [join(directory, 'server.crt'), join(directory, 'server.key')];
  copyFileSync(certificate.cert, cert);
  copyFileSync(certificate.key, key);
  chmodSync(key, 0o600);
  user?.own(cert, key);
  return { ...certificate, cert, key };
}
