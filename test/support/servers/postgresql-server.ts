import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { program } from './available.ts';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate, serviceUser } from './service-user.ts';

export interface PostgresqlOptions {
  readonly certificate?: Certificate;
  /** `name=value` settings on the command line, such as `ssl_min_protocol_version=TLSv1`. */
  readonly settings?: readonly string[];
  /** Lines for the end of postgresql.conf. */
  readonly configuration?: string;
  /** The whole of pg_hba.conf; everybody is trusted without. */
  readonly hba?: string;
  /** It is a standby of this one, which trusts connections for replication. */
  readonly standbyOf?: Daemon;
  /** More arguments for initdb. */
  readonly initdb?: readonly string[];
  /** Statements of the superuser before it starts, by database; each ends with a semicolon and an empty line. */
  readonly sql?: Readonly<Record<string, string>>;
  /** The same, with the system's catalogues open to be written: what would take too long otherwise. */
  readonly catalogue?: string;
}

/** PostgreSQL with TLS on; as user postgres, because it refuses to run as root. Its Unix socket lies in its directory. */
export async function startPostgresql(options: PostgresqlOptions = {}): Promise<Daemon> {
  const user = serviceUser('postgres');
  const daemon = await startDaemon('postgresql', 1, (directory, [port]) => {
    const data = join(directory, 'data');
    user.own(directory);
    const own = installCertificate(options.certificate ?? certificate(), directory, user);
    const run = (command: readonly [string, ...string[]], input?: string): void => {
      const [name, ...args] = user.as(...command);
      execFileSync(program(name), args, { cwd: directory, stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'], input });
    };
    const locale = ['--no-locale', '-E', 'UTF8'];
    const { standbyOf: primary } = options;
    if (primary !== undefined)
      run([
        'pg_basebackup',
        '-D',
        data,
        '-R',
        '-c',
        'fast',
        '-d',
        `host=${HOST} port=${primary.port} user=postgres application_name=standby`,
      ]);
    else run(['initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', ...locale, ...(options.initdb ?? [])]);
    for (const [database, statements] of Object.entries(options.sql ?? {}))
      run(['postgres', '--single', '-j', '-F', '-D', data, '-c', 'exit_on_error=on', database], statements);
    if (options.catalogue !== undefined)
      run(
        ['postgres', '--single', '-j', '-F', '-D', data, '-c', 'exit_on_error=on', '-c', 'allow_system_table_mods=on', 'postgres'],
        options.catalogue,
      );
    if (options.hba !== undefined) writeFileSync(join(data, 'pg_hba.conf'), options.hba);
    if (options.configuration !== undefined) appendFileSync(join(data, 'postgresql.conf'), `\n${options.configuration}`);
    const settings = [
      `listen_addresses=${HOST}`,
      `port=${String(port)}`,
      `unix_socket_directories=${directory}`,
      'fsync=off',
      'ssl=on',
      `ssl_cert_file=${own.cert}`,
      `ssl_key_file=${own.key}`,
      ...(options.settings ?? []),
    ];
    // Killed outright it would leave its shared memory behind.
    return { command: user.as('postgres', '-D', data, ...settings.flatMap((setting) => ['-c', setting])), signal: 'SIGQUIT' };
  });
  // It listens before it lets anybody in; the eighth line of its lock file tells when it does.
  for (const until = Date.now() + 20_000; Date.now() < until; await delay(20))
    if (
      readFileSync(join(daemon.directory, 'data', 'postmaster.pid'), 'utf8')
        .split('\n')[7]
        ?.trim() === 'ready'
    )
      return daemon;
  const log = daemon.log();
  await daemon.stop();
  throw new Error(`postgresql does not get ready:\n${log}`);
}
