import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
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

/** A MariaDB with its own tables, and an administrator that only the tests use. */
export interface MariadbDatabase extends Daemon {
  /** Path of its Unix socket. */
  readonly socket: string;
  /** The authority that its certificate is from. */
  readonly ca: string;
  /** Statements as the administrator, by the server's own client; rows as it prints them, tab-separated and without a head. */
  sql(statements: string): readonly string[];
}

export interface MariadbDatabaseOptions extends MariadbOptions {
  /** `name=value` settings. */
  readonly settings?: readonly string[];
  /** What is done to it before anybody else comes, as root without a password. */
  readonly statements?: string;
  /** Who `sql` is from then on. */
  readonly administrator?: { readonly user: string; readonly password: string };
}

/** MariaDB with tables, accounts and InnoDB, as small as it goes. */
export async function startMariadbDatabase(options: MariadbDatabaseOptions = {}): Promise<MariadbDatabase> {
  const user = serviceUser('mysql');
  const keys = options.certificate ?? certificate();
  let socket = '';
  const daemon = await startDaemon('mariadb', 1, (directory, [port]) => {
    user.own(directory);
    const data = join(directory, 'data');
    socket = join(directory, 'socket');
    const own = installCertificate(keys, directory, user);
    const [install, ...args] = user.as(
      'mariadb-install-db',
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      '--innodb-log-file-size=4M',
    );
    execFileSync(program(install), args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    return {
      command: user.as(
        'mariadbd',
        '--no-defaults',
        `--datadir=${data}`,
        `--port=${String(port)}`,
        `--socket=${socket}`,
        `--pid-file=${join(directory, 'pid')}`,
        `--ssl-cert=${own.cert}`,
        `--ssl-key=${own.key}`,
        '--innodb-buffer-pool-size=8M',
        '--innodb-log-file-size=4M',
        ...(options.settings ?? []).map((setting) => `--${setting}`),
        ...(options.args ?? []),
      ),
    };
  });
  const as = (user: string, password: string, statements: string): readonly string[] =>
    execFileSync(program('mariadb'), ['--no-defaults', `--socket=${socket}`, `--user=${user}`, '--batch', '--skip-column-names', '--raw'], {
      input: statements,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, MYSQL_PWD: password },
    })
      .split('\n')
      .slice(0, -1);
  const { user: name, password } = options.administrator ?? { user: 'root', password: '' };
  const sql = (statements: string): readonly string[] => as(name, password, statements);
  try {
    if (options.statements !== undefined) as('root', '', options.statements);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return { ...daemon, socket, ca: keys.ca, sql };
}
