/** A program that a Debian package ships with set-user-ID or set-group-ID. */
interface ShippedProgram {
  readonly package: string;
  /** Octal, as `stat` prints it. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/**
 * What Debian 11 to 13 and Ubuntu ship with set-user-ID or set-group-ID, by path below `/usr` or `/`: dpkg keeps no modes, so this is
 * from the packages' own archives (`dpkg-deb -c`, Debian 12) and from what their maintainer scripts set.
 */
const SHIPPED: readonly (readonly [path: string, pkg: string, mode: string, owner: string, group: string])[] = [
  ['bin/passwd', 'passwd', '4755', 'root', 'root'],
  ['bin/chfn', 'passwd', '4755', 'root', 'root'],
  ['bin/chsh', 'passwd', '4755', 'root', 'root'],
  ['bin/gpasswd', 'passwd', '4755', 'root', 'root'],
  ['bin/chage', 'passwd', '2755', 'root', 'shadow'],
  ['bin/expiry', 'passwd', '2755', 'root', 'shadow'],
  ['bin/newgrp', 'passwd', '4755', 'root', 'root'],
  ['bin/newgrp', 'login', '4755', 'root', 'root'],
  ['bin/newuidmap', 'uidmap', '4755', 'root', 'root'],
  ['bin/newgidmap', 'uidmap', '4755', 'root', 'root'],
  ['bin/su', 'util-linux', '4755', 'root', 'root'],
  ['bin/mount', 'mount', '4755', 'root', 'root'],
  ['bin/umount', 'mount', '4755', 'root', 'root'],
  ['bin/wall', 'bsdutils', '2755', 'root', 'tty'],
  ['bin/write.ul', 'bsdutils', '2755', 'root', 'tty'],
  ['bin/bsd-write', 'bsdmainutils', '2755', 'root', 'tty'],
  ['bin/sudo', 'sudo', '4755', 'root', 'root'],
  ['bin/sudo', 'sudo-ldap', '4755', 'root', 'root'],
  ['bin/doas', 'opendoas', '4755', 'root', 'root'],
  ['bin/pkexec', 'pkexec', '4755', 'root', 'root'],
  ['bin/pkexec', 'policykit-1', '4755', 'root', 'root'],
  ['lib/polkit-1/polkit-agent-helper-1', 'polkitd', '4755', 'root', 'root'],
  ['libexec/polkit-agent-helper-1', 'policykit-1', '4755', 'root', 'root'],
  ['lib/dbus-1.0/dbus-daemon-launch-helper', 'dbus', '4754', 'root', 'messagebus'],
  ['lib/dbus-1.0/dbus-daemon-launch-helper', 'dbus-system-bus-common', '4754', 'root', 'messagebus'],
  ['lib/openssh/ssh-keysign', 'openssh-client', '4755', 'root', 'root'],
  ['bin/ssh-agent', 'openssh-client', '2755', 'root', '_ssh'],
  ['bin/ssh-agent', 'openssh-client', '2755', 'root', 'ssh'],
  ['sbin/unix_chkpwd', 'libpam-modules-bin', '2755', 'root', 'shadow'],
  ['sbin/pam_extrausers_chkpwd', 'libpam-extrausers', '2755', 'root', 'shadow'],
  ['bin/crontab', 'cron', '2755', 'root', 'crontab'],
  ['bin/crontab', 'cron-daemon-common', '2755', 'root', 'crontab'],
  ['bin/at', 'at', '6755', 'daemon', 'daemon'],
  ['bin/at', 'at', '4755', 'root', 'root'],
  ['bin/dotlockfile', 'liblockfile-bin', '2755', 'root', 'mail'],
  ['bin/mail-lock', 'mailutils', '2755', 'root', 'mail'],
  ['bin/screen', 'screen', '2755', 'root', 'utmp'],
  ['lib/x86_64-linux-gnu/utempter/utempter', 'libutempter0', '2755', 'root', 'utmp'],
  ['bin/locate', 'mlocate', '2755', 'root', 'mlocate'],
  ['bin/plocate', 'plocate', '2755', 'root', 'plocate'],
  ['bin/mlocate', 'mlocate', '2755', 'root', 'mlocate'],
  ['lib/mysql/plugin/auth_pam_tool_dir/auth_pam_tool', 'mariadb-server', '4755', 'root', 'root'],
  ['lib/mysql/plugin/auth_pam_tool_dir/auth_pam_tool', 'mariadb-server-10.5', '4755', 'root', 'root'],
  ['sbin/postdrop', 'postfix', '2555', 'root', 'postdrop'],
  ['sbin/postqueue', 'postfix', '2555', 'root', 'postdrop'],
  ['sbin/exim4', 'exim4-daemon-light', '4755', 'root', 'root'],
  ['sbin/exim4', 'exim4-daemon-heavy', '4755', 'root', 'root'],
  ['bin/fusermount3', 'fuse3', '4755', 'root', 'root'],
  ['bin/fusermount', 'fuse', '4755', 'root', 'root'],
  ['bin/ntfs-3g', 'ntfs-3g', '4755', 'root', 'root'],
  ['sbin/mount.nfs', 'nfs-common', '4755', 'root', 'root'],
  ['sbin/mount.cifs', 'cifs-utils', '4755', 'root', 'root'],
  ['sbin/pppd', 'ppp', '4754', 'root', 'dip'],
  ['bin/ping', 'iputils-ping', '4755', 'root', 'root'],
  ['bin/procmail', 'procmail', '6755', 'root', 'mail'],
  ['bin/lockfile', 'procmail', '2755', 'root', 'mail'],
  ['bin/staprun', 'systemtap-runtime', '4754', 'root', 'stapusr'],
  ['lib/snapd/snap-confine', 'snapd', '4755', 'root', 'root'],
  ['lib/xorg/Xorg.wrap', 'xserver-xorg-legacy', '6755', 'root', 'root'],
  ['bin/bwrap', 'bubblewrap', '4755', 'root', 'root'],
];

const BY_PATH = Map.groupBy(SHIPPED, ([path]) => path);

/** What packages ship at a path, `/bin` and `/usr/bin` being one; empty where none is known to ship a special file there. */
export function shippedAt(path: string): readonly ShippedProgram[] {
  const below = path.replace(/^\/(?:usr\/)?/, '');
  return (BY_PATH.get(below) ?? []).map(([, pkg, mode, owner, group]) => ({ package: pkg, mode, owner, group }));
}
