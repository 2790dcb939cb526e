import { bool, double, int, list, oneOf, record, resourceKind, string, timestamp } from './kind.ts';

const kernelSetting = record('KernelSetting', {
  name: { type: string, doc: 'Name, with dots.', example: '"kernel.randomize_va_space"' },
  value: { type: string, doc: 'Value in force.', example: '"2"' },
  configured: { type: string, doc: 'Value that the files set for the next start; absent where none does.', example: '"2"', optional: true },
});

const mount = record('Mount', {
  path: { type: string, doc: 'Mount point.', example: '"/tmp"' },
  type: { type: string, doc: 'File system.', example: '"ext4"' },
  options: { type: list(string), doc: 'Options.', example: '["nosuid", "nodev"]' },
  encrypted: { type: bool, doc: 'It lies on an encrypted device.', example: 'true' },
});

const listener = record('ListeningService', {
  port: { type: int, doc: 'Port.', example: '22' },
  protocol: { type: oneOf('tcp', 'udp'), doc: 'Transport.', example: '"tcp"' },
  address: { type: string, doc: 'Address.', example: '"0.0.0.0"' },
  program: { type: string, doc: 'Program; empty where it may not be seen.', example: '"sshd"' },
});

/** A machine's operating system. */
export const hostOs = resourceKind({
  name: 'host.os',
  title: { en: 'Operating system', zh: '操作系统' },
  doc: 'A machine’s operating system: its release, its patches, its kernel’s settings, its mounts and what listens.',
  key: 'host',
  attributes: {
    name: { type: string, doc: 'Distribution, as os-release names it.', example: '"debian"' },
    release: { type: string, doc: 'Release.', example: '"12"' },
    supported_until: { type: timestamp, doc: 'Last day of its free security support.', example: '"2028-06-30T00:00:00Z"' },
    kernel: { type: string, doc: 'Kernel that runs; absent where none does.', example: '"6.1.0-44-amd64"', optional: true },
    newest_kernel: {
      type: string,
      doc: 'Newest kernel that is installed; absent where none is.',
      example: '"6.1.0-44-amd64"',
      optional: true,
    },
    reboot_required: { type: bool, doc: 'Something installed waits for a restart.', example: 'false' },
    pending_security_updates: {
      type: list(string),
      doc: 'Packages for which a security update is known and not installed.',
      example: '["openssl"]',
    },
    lists_refreshed: {
      type: timestamp,
      doc: 'When the lists of packages were last renewed: what is pending is not known beyond it.',
      example: '"2026-11-25T06:00:00Z"',
    },
    automatic_updates: { type: bool, doc: 'Security updates are installed by themselves.', example: 'true' },
    unsigned_sources: { type: list(string), doc: 'Package sources whose signatures are not checked.', example: '[]' },
    kernel_settings: {
      type: list(kernelSetting),
      doc: 'Kernel settings that matter to hardening.',
      example: '[{ name: "kernel.kptr_restrict", value: "1" }]',
    },
    mounts: { type: list(mount), doc: 'File systems that hold data or may hold programs.', example: '[]' },
    core_dumps: { type: bool, doc: 'Programs that crash leave their memory on disk, those with other’s rights too.', example: 'false' },
    umask: { type: string, doc: 'Default umask of logins, octal.', example: '"0027"' },
    secure_boot: { type: bool, doc: 'Only signed loaders and kernels start.', example: 'true' },
    swap_encrypted: { type: bool, doc: 'Swap is encrypted; absent where there is none.', example: 'true', optional: true },
    listening: { type: list(listener), doc: 'What listens on an address beyond loopback.', example: '[]' },
    needless: {
      type: list(string),
      doc: 'Services that run (or start) and that no custody host needs: telnet, rsh, ftp, rpcbind, cups, avahi.',
      example: '[]',
    },
    uptime: { type: double, doc: 'Since the last start; absent where it does not run.', unit: 'day', example: '12', optional: true },
  },
});

/** A file or directory of a machine whose permissions matter. */
export const hostPath = resourceKind({
  name: 'host.path',
  title: { en: 'Path', zh: '路径' },
  doc: 'A file or directory whose owner and permissions matter, or that should not be as it is.',
  key: 'the path; for findings of a search their class',
  attributes: {
    path: { type: string, doc: 'Absolute path.', example: '"/etc/shadow"' },
    role: {
      type: oneOf('credentials', 'private-key', 'configuration', 'log', 'backup', 'data', 'programs', 'home', 'setuid', 'world-writable'),
      doc: 'Why it matters.',
      example: '"credentials"',
    },
    mode: { type: string, doc: 'Permission bits, octal.', example: '"0640"' },
    owner: { type: string, doc: 'Owner’s account name, or its number where it has none.', example: '"root"' },
    group: { type: string, doc: 'Group’s name, or its number where it has none.', example: '"shadow"' },
    readable_by_others: { type: bool, doc: 'Accounts beyond owner and group may read it, its directories let them.', example: 'false' },
    writable_by_others: { type: bool, doc: 'Accounts beyond owner and group may change or replace it.', example: 'false' },
    group_can_write: { type: bool, doc: 'Its group may change it, and is not root’s own.', example: 'false' },
    group_of_people: { type: bool, doc: 'Its group has members who log in, its owner and administrators aside.', example: 'false' },
    owned_by_system: { type: bool, doc: 'Its owner is root or an account that cannot log in.', example: 'true' },
    expected: {
      type: bool,
      doc: 'It belongs to an installed package with these very bits (setuid programs); absent where that says nothing.',
      example: 'true',
      optional: true,
    },
    directory: { type: bool, doc: 'It is a directory.', example: 'false' },
    size: { type: int, doc: 'Bytes.', unit: 'byte', example: '1024' },
  },
});

/** A key that lets somebody in without a password. */
export const authorizedKey = resourceKind({
  name: 'authorized.key',
  title: { en: 'Authorised key', zh: '授权密钥' },
  doc: 'A public key in an account’s authorized_keys: who holds its other half gets in.',
  key: 'account and fingerprint',
  attributes: {
    account: { type: string, doc: 'Account that it opens.', example: '"deploy"' },
    type: { type: string, doc: 'Kind of key, as SSH names it.', example: '"ssh-ed25519"' },
    bits: { type: int, doc: 'Size.', unit: 'bit', example: '256' },
    comment: {
      type: string,
      doc: 'What the line says of whose it is; absent where nothing.',
      example: '"li.wei@example.com"',
      optional: true,
    },
    from: { type: list(string), doc: 'Addresses it may be used from (`from=`). Empty: every one.', example: '["10.0.0.0/8"]' },
    forced_command: { type: bool, doc: 'It runs one command only (`command=`).', example: 'false' },
    options: { type: list(string), doc: 'Names of all its options.', example: '["restrict","from"]' },
    expires: {
      type: timestamp,
      doc: 'When it stops opening the account (`expiry-time=`); absent where it never does.',
      example: '"2027-01-01T00:00:00Z"',
      optional: true,
    },
    file_changed: { type: timestamp, doc: 'When its file last changed.', example: '"2026-08-01T00:00:00Z"' },
    writable_by_others: { type: bool, doc: 'Its file can be changed beyond its account and root.', example: 'false' },
  },
});
