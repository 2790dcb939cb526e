/** A program that a Debian package ships with set-user-ID or set-group-ID. */
interface ShippedProgram {
  readonly package: string;
  /** Octal, as `stat` prints it. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** The release whose packages these are: others ship other bits, or other programs. */
export const SHIPPED_BY = { id: 'debian', version: '12' } as const;

/**
 * What the packages of Debian 12 ship with set-user-ID or set-group-ID, by path below `/usr` or `/`. dpkg keeps no modes: each is read from the
 * package's own archive (`dpkg-deb -c`) or from what its `postinst` sets. A program whose package leaves the bits to circumstances (ping, ntfs-3g)
 * is not among them.
 */
const SHIPPED: readonly (readonly [path: string, pkg: string, mode: string, owner: string, group: string])[] = [
  ['bin/passwd', 'passwd', '4755', 'root', 'root'],
  ['bin/chfn', 'passwd', '4755', 'root', 'root'],
  ['bin/chsh', 'passwd', '4755', 'root', 'root'],
  ['bin/gpasswd', 'passwd', '4755', 'root', 'root'],
  ['bin/chage', 'passwd', '2755', 'root', 'shadow'],
  ['bin/expiry', 'passwd', '2755', 'root', 'shadow'],
  ['bin/newgrp', 'login', '4755', 'root', 'root'],
  ['bin/newuidmap', 'uidmap', '4755', 'root', 'root'],
  ['bin/newgidmap', 'uidmap', '4755', 'root', 'root'],
  ['bin/su', 'util-linux', '4755', 'root', 'root'],
  ['bin/mount', 'mount', '4755', 'root', 'root'],
  ['bin/umount', 'mount', '4755', 'root', 'root'],
  ['bin/sudo', 'sudo', '4755', 'root', 'root'],
  ['bin/sudo', 'sudo-ldap', '4755', 'root', 'root'],
  ['bin/doas', 'opendoas', '4755', 'root', 'root'],
  ['bin/pkexec', 'pkexec', '4755', 'root', 'root'],
  ['lib/polkit-1/polkit-agent-helper-1', 'polkitd', '4755', 'root', 'root'],
  ['lib/dbus-1.0/dbus-daemon-launch-helper', 'dbus', '4754', 'root', 'messagebus'],
  ['lib/openssh/ssh-keysign', 'openssh-client', '4755', 'root', 'root'],
  ['bin/ssh-agent', 'openssh-client', '2755', 'root', '_ssh'],
  ['sbin/unix_chkpwd', 'libpam-modules-bin', '2755', 'root', 'shadow'],
  ['bin/crontab', 'cron', '2755', 'root', 'crontab'],
  ['bin/at', 'at', '6755', 'daemon', 'daemon'],
  ['bin/dotlockfile', 'liblockfile-bin', '2755', 'root', 'mail'],
  ['lib/x86_64-linux-gnu/utempter/utempter', 'libutempter0', '2755', 'root', 'utmp'],
  ['bin/plocate', 'plocate', '2755', 'root', 'plocate'],
  ['lib/mysql/plugin/auth_pam_tool_dir/auth_pam_tool', 'mariadb-server', '4755', 'root', 'root'],
  ['sbin/postdrop', 'postfix', '2555', 'root', 'postdrop'],
  ['sbin/postqueue', 'postfix', '2555', 'root', 'postdrop'],
  ['sbin/exim4', 'exim4-daemon-light', '4755', 'root', 'root'],
  ['sbin/exim4', 'exim4-daemon-heavy', '4755', 'root', 'root'],
  ['bin/fusermount3', 'fuse3', '4755', 'root', 'root'],
  ['bin/fusermount', 'fuse', '4755', 'root', 'root'],
  ['sbin/mount.nfs', 'nfs-common', '4755', 'root', 'root'],
  ['sbin/mount.cifs', 'cifs-utils', '4755', 'root', 'root'],
  ['sbin/pppd', 'ppp', '4754', 'root', 'dip'],
  ['bin/procmail', 'procmail', '6755', 'root', 'mail'],
  ['bin/lockfile', 'procmail', '2755', 'root', 'mail'],
  ['bin/staprun', 'systemtap-runtime', '4754', 'root', 'stapusr'],
  ['bin/stapbpf', 'systemtap-runtime', '4754', 'root', 'stapusr'],
  ['lib/snapd/snap-confine', 'snapd', '4755', 'root', 'root'],
  ['lib/xorg/Xorg.wrap', 'xserver-xorg-legacy', '6755', 'root', 'root'],
];

const BY_PATH = Map.groupBy(SHIPPED, ([path]) => path);

/** What packages ship at a path, `/bin` and `/usr/bin` being one; empty where none is known to ship a special file there. */
export function shippedAt(path: string): readonly ShippedProgram[] {
  const below = path.replace(/^\/(?:usr\/)?/, '');
  return (BY_PATH.get(below) ?? []).map(([, pkg, mode, owner, group]) => ({ package: pkg, mode, owner, group }));
}
