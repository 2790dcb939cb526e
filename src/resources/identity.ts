import { bool, double, int, list, oneOf, resourceKind, string, timestamp } from './kind.ts';

/** How systems store passwords: names of crypt(5), of the databases' own plugins, and RFC 2307 schemes. */
export const HASHES = [
  'scram-sha-256',
  'md5',
  'yescrypt',
  'gost-yescrypt',
  'scrypt',
  'bcrypt',
  'argon2',
  'pbkdf2',
  'sha512crypt',
  'sha256crypt',
  'md5crypt',
  'descrypt',
  'bigcrypt',
  'nt',
  'mysql_native_password',
  'mysql_old_password',
  'sha256_password',
  'caching_sha2_password',
  'ed25519',
  'sha256',
  'ssha512',
  'ssha256',
  'ssha',
  'sha',
  'plain',
  'none',
] as const;

/** Somebody or something that can log in. */
export const identityPrincipal = resourceKind({
  name: 'identity.principal',
  title: { en: 'Principal', zh: '身份主体' },
  doc: 'An account or role: whether it can log in, with what, and what it may do in the end.',
  key: 'system and account name',
  attributes: {
    name: { type: string, doc: 'Account or role name.', example: '"ledger_app"' },
    kind: {
      type: oneOf('person', 'service', 'role', 'default'),
      doc: 'What it stands for; `default` is the account a product comes with.',
      example: '"service"',
    },
    login: { type: bool, doc: 'It can log in.', example: 'true' },
    password: {
      type: oneOf('none', 'hashed', 'plain', 'locked'),
      doc: 'What proves it: nothing, a stored hash, or a password in clear in a file; `locked` is one that no password opens.',
      example: '"hashed"',
    },
    superuser: { type: bool, doc: 'It may do everything, by effective rights.', example: 'false' },
    dangerous_rights: { type: list(string), doc: 'Rights that destroy, reconfigure or read beyond its task.', example: '["CONFIG"]' },
    system: {
      type: string,
      doc: 'The system that was asked about it: a product, or `linux`. Absent where a file declares it and no system was asked.',
      example: '"postgresql"',
      optional: true,
    },
    hash: {
      type: oneOf(...HASHES),
      doc: 'How its password is stored; absent where it has none.',
      example: '"scram-sha-256"',
      optional: true,
      live: true,
    },
    password_changed: {
      type: timestamp,
      doc: 'When its password was last set; absent where it has none.',
      example: '"2026-08-01T00:00:00Z"',
      optional: true,
      live: true,
    },
    password_max_age: {
      type: double,
      doc: 'Age at which its password must be changed; absent where it never must, or there is none.',
      unit: 'day',
      example: '90',
      optional: true,
      live: true,
    },
    expires: {
      type: timestamp,
      doc: 'When the account (or its password) ends by itself; absent where it never does.',
      example: '"2027-01-01T00:00:00Z"',
      optional: true,
      live: true,
    },
    last_login: {
      type: timestamp,
      doc: 'When it last logged in; absent where it never did.',
      example: '"2026-11-20T08:00:00Z"',
      optional: true,
      live: true,
    },
    any_source: {
      type: bool,
      doc: 'It may log in from every address, as far as its own system limits that.',
      example: 'false',
      live: true,
    },
    requires_tls: { type: bool, doc: 'Its own system lets it in over TLS only.', example: 'true', live: true },
    connection_limit: {
      type: int,
      doc: 'Connections at once; absent where there is no limit of its own.',
      example: '20',
      optional: true,
      live: true,
    },
    member_of: {
      type: list(string),
      doc: 'Roles and groups that it belongs to or may become, through any chain.',
      example: '["payments_maker"]',
      live: true,
    },
    rights: {
      type: list(string),
      doc: 'What it may do in the end, by the system’s own words: attributes, predefined roles, and `privilege on object`.',
      example: '["CREATEROLE", "INSERT on ledger.payment"]',
      live: true,
    },
    duties: {
      type: list(string),
      doc: 'Duties that its effective roles and rights amount to, by `duties:` of its target; not known where none are mapped.',
      example: '["initiate"]',
      live: true,
    },
  },
});

/** One rule of who may do what, from where. */
export const accessRule = resourceKind({
  name: 'access.rule',
  title: { en: 'Access rule', zh: '访问规则' },
  doc: 'One rule of who may connect to what, from where, and how they prove themselves.',
  key: 'type, databases, users and source',
  attributes: {
    effect: { type: oneOf('allow', 'deny'), doc: 'What the rule does.', example: '"allow"' },
    transport: {
      type: oneOf('local', 'any', 'tls', 'clear', 'gss'),
      doc: 'Unix socket; any network; TLS only; clear only; GSSAPI only.',
      example: '"tls"',
    },
    local: { type: bool, doc: 'It only admits from this machine (Unix socket or loopback).', example: 'false' },
    source: { type: string, doc: 'Where from: a network, a host name, `local`, or `any`.', example: '"10.1.0.0/16"' },
    any_source: { type: bool, doc: 'It admits from every address.', example: 'false' },
    users: { type: list(string), doc: 'Who: names, groups with `+`, or `all`.', example: '["ledger_app"]' },
    all_users: { type: bool, doc: 'It admits every user.', example: 'false' },
    objects: { type: list(string), doc: 'What: databases, commands, or `all`.', example: '["ledger"]' },
    all_objects: { type: bool, doc: 'It reaches everything.', example: 'false' },
    method: { type: string, doc: 'How they prove themselves.', example: '"scram-sha-256"' },
    authenticates: { type: bool, doc: 'A proof is demanded at all.', example: 'true' },
    protects_password: {
      type: bool,
      doc: 'No password crosses in clear or as a weak hash: another method, or inside TLS.',
      example: 'true',
    },
  },
});

/** One rule by which accounts run commands with the rights of others. */
export const privilegeRule = resourceKind({
  name: 'privilege.rule',
  title: { en: 'Privilege rule', zh: '提权规则' },
  doc: 'One rule of who may run what with whose rights on a host: of sudoers, doas, polkit or su, aliases and includes resolved.',
  key: 'who, host, as whom and commands',
  attributes: {
    by: {
      type: oneOf('sudo', 'doas', 'polkit', 'su'),
      doc: 'Program that grants it; `su` where PAM lets it ask for nothing.',
      example: '"sudo"',
    },
    users: { type: list(string), doc: 'Who: account names, groups with `%`, or `ALL`.', example: '["%sudo"]' },
    all_users: { type: bool, doc: 'It grants to everybody.', example: 'false' },
    as_root: { type: bool, doc: 'The commands run as root, or as anybody.', example: 'true' },
    commands: {
      type: list(string),
      doc: 'Commands, aliases resolved; `ALL` is every one.',
      example: '["/usr/bin/systemctl restart ledger"]',
    },
    all_commands: { type: bool, doc: 'It allows every command.', example: 'false' },
    escapable: {
      type: bool,
      doc: 'What it allows amounts to every command: a shell, an interpreter, an editor, a wildcard in arguments, or everything but a few (`ALL, !…`).',
      example: 'false',
    },
    password: { type: bool, doc: 'A password (or another proof) is demanded each time, cached ones aside.', example: 'true' },
    administrators: {
      type: bool,
      doc: 'All whom it grants to are members of the host’s group of administrators, or root.',
      example: 'true',
    },
    file_mode: { type: string, doc: 'Permission bits of the file it stands in, octal.', example: '"0440"' },
  },
});

/** Rules for passwords, lock-out and sessions of one system. */
export const identityPolicy = resourceKind({
  name: 'identity.policy',
  title: { en: 'Identity policy', zh: '身份策略' },
  doc: 'Rules for passwords, lock-out and idle sessions that a system enforces.',
  key: 'system',
  attributes: {
    system: { type: string, doc: 'Whose accounts: a product, or `linux`.', example: '"linux"' },
    checks_quality: { type: bool, doc: 'A new password is checked at all.', example: 'true' },
    min_length: { type: int, doc: 'Least length of a new password.', unit: 'character', example: '12' },
    min_classes: { type: int, doc: 'Classes of characters (upper, lower, digit, other) that a new password must have.', example: '3' },
    applies_to_admins: { type: bool, doc: 'The rules hold for passwords that an administrator or root sets, too.', example: 'true' },
    history: { type: int, doc: 'Former passwords that are refused.', example: '5' },
    max_age: {
      type: double,
      doc: 'Age at which passwords must be changed, for new accounts; absent where never.',
      unit: 'day',
      example: '90',
      optional: true,
    },
    max_tries: { type: int, doc: 'Failed tries after which an account is locked; absent where it never is.', example: '5', optional: true },
    lockout: {
      type: double,
      doc: 'How long an account stays locked; 0 is until somebody unlocks it; absent where none is ever locked.',
      unit: 'minute',
      example: '30',
      optional: true,
    },
    idle_timeout: {
      type: int,
      doc: 'How long a session may stay idle; absent where idle sessions never end.',
      unit: 'second',
      example: '900',
      optional: true,
    },
    hash: { type: oneOf(...HASHES), doc: 'How new passwords are stored.', example: '"yescrypt"' },
  },
});
