import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

const hostKey = record('HostKey', {
  type: { type: string, doc: 'Kind of key, as SSH names it.', example: '"ssh-ed25519"' },
  bits: { type: int, doc: 'Size.', unit: 'bit', example: '256' },
});

/** Remote shell access: an SSH server's effective settings, globally or for one Match. */
export const remoteAccess = resourceKind({
  name: 'remote.access',
  title: { en: 'Remote access', zh: '远程访问' },
  doc: 'An SSH server’s effective settings: its own, or those in force for one Match block.',
  key: 'service, and the Match criteria where they are conditional',
  attributes: {
    service: { type: string, doc: 'Product.', example: '"sshd"' },
    conditional: { type: bool, doc: 'These settings hold for a Match block only.', example: 'false' },
    root_login: { type: oneOf('yes', 'no', 'prohibit-password', 'forced-commands-only'), doc: 'PermitRootLogin.', example: '"no"' },
    password_login: {
      type: bool,
      doc: 'A password alone can log in (password or keyboard-interactive, unless AuthenticationMethods joins it to more).',
      example: 'false',
    },
    empty_passwords: { type: bool, doc: 'PermitEmptyPasswords.', example: 'false' },
    public_keys: { type: bool, doc: 'PubkeyAuthentication.', example: 'true' },
    second_factor: { type: bool, doc: 'Every list of AuthenticationMethods demands at least two.', example: 'false' },
    limited_to: {
      type: list(string),
      doc: 'AllowUsers and AllowGroups, groups with `@`. Empty: everybody.',
      example: '["@custody-admins"]',
    },
    max_auth_tries: { type: int, doc: 'MaxAuthTries.', example: '4' },
    login_grace: { type: int, doc: 'LoginGraceTime; 0 is no limit.', unit: 'second', example: '30' },
    idle_timeout: {
      type: int,
      doc: 'How long a session may stay idle (ChannelTimeout with UnusedConnectionTimeout); absent where idle sessions never end.',
      unit: 'second',
      example: '900',
      optional: true,
    },
    ciphers: { type: list(string), doc: 'Ciphers.', example: '["aes256-gcm@openssh.com"]' },
    macs: { type: list(string), doc: 'Message authentication codes.', example: '["hmac-sha2-256-etm@openssh.com"]' },
    key_exchanges: { type: list(string), doc: 'Key exchange algorithms.', example: '["curve25519-sha256"]' },
    signatures: { type: list(string), doc: 'Signature algorithms of host keys and accepted public keys.', example: '["ssh-ed25519"]' },
    x11_forwarding: { type: bool, doc: 'X11Forwarding.', example: 'false' },
    tcp_forwarding: { type: oneOf('yes', 'no', 'local', 'remote'), doc: 'AllowTcpForwarding.', example: '"no"' },
    agent_forwarding: { type: bool, doc: 'AllowAgentForwarding.', example: 'false' },
    log_level: {
      type: oneOf('QUIET', 'FATAL', 'ERROR', 'INFO', 'VERBOSE', 'DEBUG'),
      doc: 'LogLevel; VERBOSE names the key that logged in.',
      example: '"VERBOSE"',
    },
    strict_modes: { type: bool, doc: 'StrictModes.', example: 'true' },
    host_based: { type: bool, doc: 'HostbasedAuthentication.', example: 'false' },
    user_environment: { type: bool, doc: 'PermitUserEnvironment.', example: 'false' },
    software: {
      type: string,
      doc: 'What its banner names. Absent where a file declares its settings and no server was looked at.',
      example: '"OpenSSH_9.2p1 Debian-2+deb12u7"',
      optional: true,
    },
    host_keys: {
      type: list(hostKey),
      doc: 'Keys by which the server proves itself.',
      example: '[{ type: "ssh-ed25519", bits: 256 }]',
      live: true,
    },
    methods: {
      type: list(string),
      doc: 'Ways of logging in that are offered to a user whom the server does not know.',
      example: '["publickey"]',
      live: true,
    },
    strict_key_exchange: {
      type: bool,
      doc: 'Sequence numbers are reset (strict KEX): no Terrapin, CVE-2023-48795.',
      example: 'true',
      live: true,
    },
    known_weak: {
      type: list(string),
      doc: 'Known flaws of just this implementation and version that let a stranger in, or run code before anybody has proved himself.',
      example: '["CVE-2024-6387"]',
      live: true,
    },
  },
});
