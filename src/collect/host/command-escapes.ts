import { posix } from 'node:path';
import type { SudoCommand } from '../../text/sudoers.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Programs that hand out a shell or write any file whatever their arguments are: editors, pagers, debuggers. */
const ALWAYS = words(
  `vi vim vim.basic vim.tiny nvim view vimdiff rvim rview ex ed nano rnano pico emacs joe mcedit less more most pg man info
  gdb lldb strace ltrace ftp tftp telnet mysql mariadb psql sqlite3 redis-cli mongo mongosh screen tmux mc ranger
  su sudo doas pkexec runuser visudo vipw vigr crontab at batch irb ghci`,
);
/** Programs that do so when their arguments may be chosen: shells, interpreters, what runs others or writes files. */
const BY_ARGUMENTS = words(
  `sh bash dash zsh ksh mksh csh tcsh fish ash busybox python python2 python3 perl ruby node nodejs lua php tclsh expect awk gawk mawk
  env nice ionice nohup timeout time stdbuf setsid setarch unshare nsenter chroot xargs parallel watch flock script find fd
  cp mv ln install dd tee tar cpio rsync scp sftp ssh zip unzip 7z ar sed chmod chown chgrp chattr setfacl truncate
  mount umount losetup cryptsetup mkfs dpkg apt apt-get aptitude yum dnf rpm snap flatpak pip pip3 npm gem make cmake gcc cc ld
  docker podman nerdctl ctr runc kubectl lxc incus virsh systemctl systemd-run journalctl service insmod modprobe kexec sysctl
  useradd usermod groupadd groupmod gpasswd passwd chpasswd adduser addgroup tcpdump nmap openssl curl wget socat nc ncat netcat
  git svn hg crash capsh setcap debugfs logrotate update-alternatives dmsetup restic borg ansible
  ansible-playbook puppet salt-call terraform xz gzip patch ldconfig`,
);
/** Of these only pagers and subcommands escape: with NOEXEC they cannot. */
const PAGERS = words('less more most pg man info systemctl journalctl git');

/**
 * Does a command that sudo allows amount to every command? Which programs hand out a shell is known from their manuals; the list of
 * GTFOBins (https://gtfobins.github.io) names most of them. A program that is not among them does not, as far as is known.
 */
export function escapes({ text, args }: SudoCommand, noexec: boolean): boolean {
  if (text === 'ALL') return true;
  if (text === 'sudoedit' || text === 'list') return args === undefined || hasWildcard(args);
  // A pattern of programs, or a whole directory of them.
  if (text.startsWith('^') || text.endsWith('/') || hasWildcard(text)) return true;
  const program = posix.basename(text).replace(/(?<=[a-z])[\d.]+$/, '');
  const names = [posix.basename(text), program];
  if (noexec && names.some((name) => PAGERS.has(name))) return false;
  if (names.some((name) => ALWAYS.has(name))) return true;
  // `*` in arguments matches spaces and slashes too: whoever may use it chooses further arguments.
  if (args !== undefined && (args.startsWith('^') || hasWildcard(args))) return true;
  if (!names.some((name) => BY_ARGUMENTS.has(name))) return false;
  return args === undefined || (args === '""' && SHELLS.has(program));
}

const SHELLS = words('sh bash dash zsh ksh mksh csh tcsh fish ash python perl ruby node nodejs lua php tclsh expect env script');

function hasWildcard(text: string): boolean {
  return /(?<!\\)[*?[]/.test(text);
}
