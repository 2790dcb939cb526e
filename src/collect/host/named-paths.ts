import { posix } from 'node:path';
import { unknown, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { accountsOf } from './accounts.ts';
import { hostTree } from './host-tree.ts';
import { canHaveShell } from './login-shell.ts';
import type { HostContext } from './part.ts';

/** Why a path matters. */
export type PathRole = 'credentials' | 'private-key' | 'configuration' | 'log' | 'backup' | 'data' | 'programs' | 'home';

/** Paths of a host that matter, each with its role, and the places that could not be entered. */
export interface NamedPaths {
  readonly paths: ReadonlyMap<string, PathRole>;
  readonly gaps: readonly Unknown[];
}

const CREDENTIALS = `/etc/shadow /etc/gshadow /etc/shadow- /etc/gshadow- /etc/security/opasswd /etc/krb5.keytab /etc/pgbackrest.conf
  /etc/pgbackrest/pgbackrest.conf /etc/ppp/chap-secrets /etc/ppp/pap-secrets`;
const CONFIGURATION = `/etc /etc/passwd /etc/group /etc/passwd- /etc/group- /etc/sudoers /etc/sudoers.d /etc/doas.conf /etc/sudo.conf /etc/nsswitch.conf
  /etc/login.defs /etc/ssh /etc/ssh/sshd_config /etc/ssh/sshd_config.d /etc/pam.d /etc/security /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily
  /etc/cron.weekly /etc/cron.monthly /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny /var/spool/cron /var/spool/cron/crontabs /etc/anacrontab
  /etc/profile /etc/profile.d /etc/bash.bashrc /etc/environment /etc/ld.so.conf /etc/ld.so.conf.d /etc/ld.so.preload /etc/systemd/system
  /etc/hosts.allow /etc/hosts.deny /etc/fstab /etc/audit /etc/rsyslog.conf /etc/logrotate.conf /boot/grub/grub.cfg`;
const PROGRAMS = '/usr/bin /usr/sbin /bin /sbin /usr/local/bin /usr/local/sbin /usr/lib /usr/local/lib /opt';
const BACKUPS = '/var/backups /var/lib/pgbackrest /var/lib/barman /backup /backups /srv/backup /srv/backups';
const DATA = `/var/lib/mysql /var/lib/redis /var/lib/ldap /var/lib/mongodb /var/lib/mongo`;
/** Directories whose files matter one by one. */
const LISTED: readonly (readonly [directory: string, role: PathRole])[] = [
  ['/etc/sudoers.d', 'configuration'],
  ['/etc/ssh/sshd_config.d', 'configuration'],
  ['/etc/pam.d', 'configuration'],
  ['/etc/cron.d', 'configuration'],
  ['/etc/cron.hourly', 'configuration'],
  ['/etc/cron.daily', 'configuration'],
  ['/etc/cron.weekly', 'configuration'],
  ['/etc/cron.monthly', 'configuration'],
  ['/var/spool/cron/crontabs', 'configuration'],
  ['/etc/profile.d', 'configuration'],
];
/** What a home holds that somebody could use or change to be its owner. */
const CREDENTIALS_AT_HOME =
  '.pgpass .my.cnf .netrc .git-credentials .vault-token .aws/credentials .kube/config .docker/config.json .rediscli_auth'.split(' ');
const SETTINGS_AT_HOME = '.ssh .ssh/authorized_keys .ssh/config .bashrc .bash_profile .profile .bash_login .zshrc .rhosts .forward'.split(
  ' ',
);
const MAX_LOGS = 3000;
const MAX_HOMES = 500;
const MAX_KEY_FILE = 1024 * 1024;
const KEY_NAME = /(?:\.(?:key|pem|p8)|_key|privkey[^/]*)$/i;
/** Where servers are told which private key is theirs. */
const KEY_SETTING =
  /^[ \t]*(?:ssl_certificate_key|ssl_key_file|SSLCertificateKeyFile|tls-key-file|ssl[-_]key|TLSCertificateKeyFile|smtpd_tls_key_file|olcTLSCertificateKeyFile:|key)[ \t]*[= \t][ \t]*["'<]?(\/[\w./@+-]+)/gim;
const SERVERS = /^etc\/(?:nginx|apache2|httpd|postgresql|redis|mysql|dovecot|postfix|ldap|haproxy|stunnel|vsftpd|exim4)[./]/;
const MAX_CONFIGURATIONS = 500;

/** Finds the files and directories whose owners and permissions decide over accounts, keys, records and programs. */
export async function namedPaths(context: HostContext): Promise<NamedPaths> {
  const paths = new Map<string, PathRole>();
  const gaps: Unknown[] = [];
  const add = (path: string, role: PathRole): void => void (paths.has(path) || paths.set(path, role));
  for (const [words, role] of [
    [CREDENTIALS, 'credentials'],
    [CONFIGURATION, 'configuration'],
    [PROGRAMS, 'programs'],
    [BACKUPS, 'backup'],
    [DATA, 'data'],
  ] as const)
    for (const path of words.split(/\s+/)) add(path, role);
  for (const [directory, role] of LISTED) for (const path of await filesIn(context, directory, gaps)) add(path, role);
  for (const cluster of await filesIn(context, '/var/lib/postgresql', gaps, 'directory'))
    for (const path of await filesIn(context, cluster, gaps, 'directory')) add(path, 'data');
  await addHomes(context, add, gaps);
  await addKeys(context, add, gaps);
  await addLogs(context, add, gaps);
  return { paths, gaps };
}

async function filesIn(
  { host }: HostContext,
  directory: string,
  gaps: Unknown[],
  kind: 'file' | 'directory' = 'file',
): Promise<readonly string[]> {
  const listing = await host.list(directory);
  if (listing === 'not-there') return [];
  if ('state' in listing) {
    gaps.push(listing);
    return [];
  }
  gaps.push(...listing.unseen.map(({ why }) => why));
  return listing.entries.filter((entry) => entry.kind === kind || (kind === 'file' && entry.kind === 'link')).map(({ path }) => path);
}

async function addHomes(context: HostContext, add: (path: string, role: PathRole) => void, gaps: Unknown[]): Promise<void> {
  const { accounts } = await accountsOf(context);
  const people = accounts.filter((account) => canHaveShell(account) && account.home.startsWith('/') && account.home !== '/');
  if (people.length > MAX_HOMES) gaps.push(unknown('unsupported', `homes: more than ${MAX_HOMES}`, context.at));
  for (const { home } of people.slice(0, MAX_HOMES)) {
    const base = posix.normalize(home).replace(/\/$/, '');
    add(base, 'home');
    for (const name of CREDENTIALS_AT_HOME) add(`${base}/${name}`, 'credentials');
    for (const name of SETTINGS_AT_HOME) add(`${base}/${name}`, 'home');
    for (const path of await filesIn(context, `${base}/.ssh`, gaps))
      if (!/\.pub$|known_hosts|authorized_keys|\/config$/.test(path) && (await holdsKey(context, path, gaps))) add(path, 'private-key');
  }
}

/** Keys that lie below /etc by their names and contents, and those that servers are told to use. */
async function addKeys(context: HostContext, add: (path: string, role: PathRole) => void, gaps: Unknown[]): Promise<void> {
  const { entries, unseen } = await hostTree(context.host).walk();
  gaps.push(...unseen.map(({ why }) => why));
  let configurations = 0;
  for (const { path, kind, size } of entries) {
    const absolute = `/${path}`;
    if (kind !== 'file' || size > MAX_KEY_FILE) continue;
    if (KEY_NAME.test(path)) {
      if (await holdsKey(context, absolute, gaps)) add(absolute, 'private-key');
    } else if (SERVERS.test(path)) {
      configurations += 1;
      if (configurations > MAX_CONFIGURATIONS) {
        gaps.push(unknown('unsupported', `configurations of servers: more than ${MAX_CONFIGURATIONS}`, context.at));
        return;
      }
      const source = await context.open(absolute);
      if (source instanceof SourceText) for (const [, key = ''] of source.text.matchAll(KEY_SETTING)) add(key, 'private-key');
      // What is no text names no key.
      else if (source !== 'not-there' && source.cause !== 'unparseable') gaps.push(source);
    }
  }
}

/** Is a private key in it? A file that may not be read is taken for one where its name says so: its mode is known all the same. */
async function holdsKey({ host }: HostContext, path: string, gaps: Unknown[]): Promise<boolean> {
  const file = await host.read(path);
  if (file === 'not-there') return false;
  if ('state' in file) {
    if (file.cause === 'access-denied') return true;
    gaps.push(file);
    return false;
  }
  return Buffer.from(file.bytes.subarray(0, 262_144)).toString('latin1').includes('PRIVATE KEY-----');
}

async function addLogs({ host, at }: HostContext, add: (path: string, role: PathRole) => void, gaps: Unknown[]): Promise<void> {
  add('/var/log', 'log');
  const waiting = ['/var/log'];
  let count = 0;
  for (let directory = waiting.shift(); directory !== undefined; directory = waiting.shift()) {
    const listing = await host.list(directory);
    if (listing === 'not-there') continue;
    if ('state' in listing) {
      gaps.push(listing);
      continue;
    }
    gaps.push(...listing.unseen.map(({ why }) => why));
    for (const { path, kind } of listing.entries) {
      if (kind === 'directory') waiting.push(path);
      if (kind !== 'file' && kind !== 'directory') continue;
      count += 1;
      if (count > MAX_LOGS) {
        gaps.push(unknown('unsupported', `logs: more than ${MAX_LOGS}`, at));
        return;
      }
      add(path, 'log');
    }
  }
}
