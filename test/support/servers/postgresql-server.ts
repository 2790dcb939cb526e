import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { program } from './available.ts';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate, serviceUser } from './service-user.ts';

export interface PostgresqlOptions {
  readonly certificate?: Certificate;
  /** `name=value` settings, such as `ssl_min_protocol_version=TLSv1`. */
  readonly settings?: readonly string[];
}

/** PostgreSQL with TLS on; as user postgres, because it refuses to run as root. */
export async function startPostgresql(options: PostgresqlOptions = {}): Promise<Daemon> {
  const user = serviceUser('postgres');
  return startDaemon('postgresql', 1, (directory, [port]) => {
    const data = join(directory, 'data');
    user.own(directory);
    const own = installCertificate(options.certificate ?? certificate(), directory, user);
    const [initdb, ...args] = user.as('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '--no-locale', '-E', 'UTF8');
    execFileSync(program(initdb), args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    const settings = [
      `listen_addresses=${HOST}`,
      `port=${String(port)}`,
      'unix_socket_directories=',
      'fsync=off',
      'ssl=on',
      `ssl_cert_file=${own.cert}`,
      `ssl_key_file=${own.key}`,
      ...(options.settings ?? []),
    ];
    // Killed outright it would leave its shared memory behind.
    return { command: user.as('postgres', '-D', data, ...settings.flatMap((setting) => ['-c', setting])), signal: 'SIGQUIT' };
  });
}
