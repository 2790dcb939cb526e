import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HOST, type Daemon } from './daemon.ts';
import { program } from './available.ts';
import { startPostgresql } from './postgresql-server.ts';
import { serviceUser } from './service-user.ts';

/** Runs a tool of backups with nothing in its environment but what it is given. */
function tool(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  exits: readonly number[] = [0],
): string {
  const [name, ...args] = command;
  try {
    return execFileSync(program(name), args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LC_ALL: 'C', TZ: 'UTC', ...environment },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    if (error instanceof Error && 'status' in error && typeof error.status === 'number' && exits.includes(error.status)) return '';
    throw error;
  }
}

/** A repository of restic with a snapshot of `source` at each of some times (`2026-11-01 02:00:00`; without one, now). */
export function resticRepository(repository: string, passwordFile: string, source: string, times: readonly (string | undefined)[]): void {
  tool(['restic', '--no-cache', '--quiet', '--repo', repository, '--password-file', passwordFile, 'init'], {});
  for (const time of times) resticSnapshot(repository, passwordFile, source, time);
}

/** One more snapshot of `source`. */
export function resticSnapshot(repository: string, passwordFile: string, source: string, time?: string): void {
  const at = time === undefined ? [] : ['--time', time];
  tool(['restic', '--no-cache', '--quiet', '--repo', repository, '--password-file', passwordFile, 'backup', ...at, source], {});
}

/** A repository of Borg with an archive of `source` for each name; `name@2026-11-01T02:00:00` is of that time. */
export function borgRepository(
  repository: string,
  encryption: string,
  passPhrase: string,
  source: string,
  archives: readonly string[],
  home: string,
): void {
  const environment = { BORG_PASSPHRASE: passPhrase, BORG_BASE_DIR: home, BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes' };
  tool(['borg', 'init', '--encryption', encryption, repository], environment);
  for (const archive of archives) {
    const [name = '', time] = archive.split('@');
    tool(['borg', 'create', ...(time === undefined ? [] : ['--timestamp', time]), `${repository}::${name}`, source], environment);
  }
}

/** A database that archives its logs with pgBackRest and streams them to Barman, and what both need to make backups of it. */
export interface BackedUpDatabase {
  readonly daemon: Daemon;
  readonly pgbackrestConf: string;
  readonly barmanConf: string;
  readonly barmanHome: string;
  readonly pgbackrest: (...args: readonly string[]) => string;
  readonly barman: (...args: readonly string[]) => string;
}

/** Starts PostgreSQL with a stanza of pgBackRest and a server of Barman, both called `ledger`, in `directory`. */
export async function startBackedUpDatabase(directory: string): Promise<BackedUpDatabase> {
  const user = serviceUser('postgres');
  const [repository, socket, barmanHome] = [join(directory, 'pgbackrest'), join(directory, 'socket'), join(directory, 'barman')];
  for (const one of [repository, socket, barmanHome]) {
    mkdirSync(one, { mode: 0o755 });
    user.own(one);
  }
  const conf = join(directory, 'pgbackrest.conf');
  const daemon = await startPostgresql({
    settings: [
      `unix_socket_directories=${socket}`,
      'archive_mode=on',
      'wal_level=replica',
      `archive_command=${program('pgbackrest')} --config=${conf} --stanza=ledger archive-push %p`,
    ],
  });
  const pgbackrestConf = `[global]
repo1-path=${repository}
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=canary-cipher-pass-5521
repo1-retention-full-type=time
repo1-retention-full=35
log-level-file=off
lock-path=${socket}/lock
spool-path=${socket}/spool
[ledger]
pg1-path=${join(daemon.directory, 'data')}
pg1-port=${daemon.port}
pg1-socket-path=${socket}
`;
  writeFileSync(conf, pgbackrestConf);
  user.own(conf);
  const pgbackrest = (...args: readonly string[]): string =>
    tool(user.as('pgbackrest', `--config=${conf}`, '--stanza=ledger', '--log-level-console=off', ...args), {});
  pgbackrest('stanza-create');
  const connection = `host=${HOST} port=${daemon.port} user=postgres`;
  const barmanConf = `[barman]
barman_user = ${process.getuid?.() === 0 ? 'root' : 'postgres'}
barman_home = ${barmanHome}
log_file = ${barmanHome}/barman.log
[ledger]
conninfo = ${connection} dbname=postgres
streaming_conninfo = ${connection}
backup_method = postgres
streaming_archiver = on
slot_name = barman
create_slot = auto
retention_policy = RECOVERY WINDOW OF 35 DAYS
`;
  const barmanFile = join(directory, 'barman.conf');
  writeFileSync(barmanFile, barmanConf);
  const path = `${program('postgres').replace(/\/postgres$/, '')}:${process.env['PATH'] ?? ''}`;
  const barman = (...args: readonly string[]): string => tool(['barman', '-c', barmanFile, ...args], { PATH: path }, [0, 1]);
  return { daemon, pgbackrestConf, barmanConf, barmanHome, pgbackrest, barman };
}

/** One complete backup of Barman: its log streamed, the segment that it ends in closed and archived. */
export async function barmanBackup({ barman, barmanHome }: BackedUpDatabase): Promise<void> {
  barman('cron'); // starts to receive the log, in the background
  const streaming = join(barmanHome, 'ledger/streaming');
  const isReceived = (): boolean => existsSync(streaming) && readdirSync(streaming).some((name) => name.endsWith('.partial'));
  for (let attempt = 0; attempt < 100 && !isReceived(); attempt += 1) await delay(100);
  barman('switch-wal', '--force', '--archive', 'ledger');
  barman('backup', 'ledger');
  barman('switch-wal', '--force', '--archive', 'ledger');
  barman('cron');
  barman('receive-wal', '--stop', 'ledger');
}

/** Every file below a directory with its size and its last change: what a look must leave as it was. */
export function inventory(directory: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      const below = join(path, name);
      const info = statSync(below, { throwIfNoEntry: false });
      if (info === undefined) continue;
      found[below] = `${info.isDirectory() ? 'directory' : info.size} ${info.mtimeMs}`;
      if (info.isDirectory()) visit(below);
    }
  };
  visit(directory);
  return found;
}
