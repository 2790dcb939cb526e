import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Each server kind and the programs it needs, a library of PostgreSQL's, and whether only root can run it. */
const NEEDS = {
  nginx: { programs: ['nginx'] },
  openssl: { programs: ['openssl'] },
  gnutls: { programs: ['gnutls-serv'] },
  nss: { programs: ['selfserv', 'certutil', 'pk12util'] },
  jsse: { programs: ['java', 'javac'] },
  postgresql: { programs: ['postgres', 'initdb'] },
  pgaudit: { programs: ['postgres', 'initdb'], library: 'pgaudit.so' },
  mariadb: { programs: ['mariadbd', 'mariadb-install-db'] },
  postfix: { programs: ['postfix'], root: true },
  dovecot: { programs: ['dovecot'], root: true },
  slapd: { programs: ['slapd'] },
  sshd: { programs: ['sshd', 'ssh', 'ssh-keygen', '/usr/lib/openssh/sftp-server'], root: true },
  dropbear: { programs: ['dropbear', 'dropbearkey'] },
  redis: { programs: ['redis-server', 'redis-cli'] },
  vsftpd: { programs: ['vsftpd'], root: true },
  prosody: { programs: ['prosody'] },
  xrdp: { programs: ['xrdp'], root: true },
  sudo: { programs: ['sudo', 'visudo', 'unshare', 'setpriv', 'sshd', 'ssh-keygen'], root: true },
  pamtester: { programs: ['pamtester', 'unshare', 'openssl'], root: true },
  haproxy: { programs: ['haproxy', 'openssl'] },
  restic: { programs: ['restic'] },
  borg: { programs: ['borg'] },
  pgbackrest: { programs: ['pgbackrest', 'postgres', 'initdb'] },
  barman: { programs: ['barman', 'postgres', 'initdb'] },
  nmap: { programs: ['nmap'] },
  sslscan: { programs: ['sslscan'] },
  testssl: { programs: ['testssl'] },
  namespace: { programs: ['unshare', 'nft', 'iptables-save', 'iptables-restore', 'ip', 'ss'], root: true },
  ufw: { programs: ['unshare', '/lib/ufw/ufw-init', 'iptables'], root: true },
  chrony: { programs: ['unshare', 'chronyd', 'chronyc', 'ip'], root: true },
  dpkg: { programs: ['dpkg', 'apt-get'] },
} as const satisfies Readonly<Record<string, { readonly programs: readonly string[]; readonly root?: boolean; readonly library?: string }>>;

export type ServerKind = keyof typeof NEEDS;

/** Debian keeps daemons outside an ordinary user's PATH, and PostgreSQL in a directory for each version. */
function directories(): readonly string[] {
  const versions = '/usr/lib/postgresql';
  let postgresql: readonly string[] = [];
  try {
    postgresql = readdirSync(versions).map((version) => join(versions, version, 'bin'));
  } catch {
    // Not installed: whoever asks for the program is told.
  }
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin', ...postgresql];
}

function found(name: string): string | undefined {
  const paths = isAbsolute(name) ? [name] : directories().map((directory) => join(directory, name));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The path of an installed program; one outside every PATH is asked for by its whole path. */
export function program(name: string): string {
  const path = found(name);
  if (path === undefined) throw new Error(`${name} is not installed: .ci/run installs what the tests need`);
  return path;
}

/**
 * Whether tests of a kind shall run: `test.skipIf(!available('nginx'))`. On a person's machine a missing program skips
 * its tests; under CI they run all the same and fail, so nothing can go missing unseen.
 */
export function available(kind: ServerKind): boolean {
  if (process.env['CI'] === 'true') return true;
  const { programs, ...needs } = NEEDS[kind];
  // PostgreSQL keeps libraries beside its programs.
  const loads = !('library' in needs) || directories().some((directory) => existsSync(join(directory, '..', 'lib', needs.library)));
  return loads && programs.every((name) => found(name) !== undefined) && (!('root' in needs) || process.getuid?.() === 0);
}
