import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate, serviceUser } from './service-user.ts';

export interface MariadbOptions {
  readonly certificate?: Certificate;
  readonly args?: readonly string[];
}

/** MariaDB with TLS on and no tables at all: what comes before the login needs none, and starts in a second. */
export async function startMariadb(options: MariadbOptions = {}): Promise<Daemon> {
  const user = serviceUser('mysql');
  return startDaemon('mariadb', 1, (directory, [port]) => {
    user.own(directory);
    const data = join(directory, 'data');
    mkdirSync(data);
    user.own(data);
    const own = installCertificate(options.certificate ?? certificate(), directory, user);
    return {
      command: user.as(
        'mariadbd',
        '--no-defaults',
        `--datadir=${data}`,
        `--bind-address=${HOST}`,
        `--port=${String(port)}`,
        `--socket=${join(directory, 'socket')}`,
        `--pid-file=${join(directory, 'pid')}`,
        `--ssl-cert=${own.cert}`,
        `--ssl-key=${own.key}`,
        '--skip-grant-tables',
        '--skip-innodb',
        '--default-storage-engine=Aria',
        '--skip-log-bin',
        '--skip-name-resolve',
        // Else it blocks whoever breaks off a hundred connections, which is what scanning is.
        '--max-connect-errors=1000000',
        ...(options.args ?? []),
      ),
    };
  });
}
