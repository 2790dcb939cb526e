/**
 * Groups whose members are root if they want to be: they drive an engine that runs as root, or read and write the disks themselves.
 * https://docs.docker.com/engine/install/linux-postinstall/, https://documentation.ubuntu.com/lxd/latest/explanation/security/,
 * https://wiki.debian.org/SystemGroups
 */
export const ROOT_GROUPS: ReadonlySet<string> = new Set([
  'docker',
  'lxd',
  'incus',
  'incus-admin',
  'libvirt',
  'libvirt-qemu',
  'disk',
  'kmem',
]);

/** Groups whose members read what others rest on: password hashes, private keys; or write programs that root runs. */
export const POWERFUL_GROUPS: ReadonlySet<string> = new Set(['shadow', 'ssl-cert', 'staff', 'backup', 'tape']);

/** Groups of administrators: Debian's, Red Hat's and SUSE's, older Ubuntu's. */
export const ADMINISTRATORS: ReadonlySet<string> = new Set(['sudo', 'wheel', 'admin']);
