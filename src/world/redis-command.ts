/** Settings whose values may be asked for. None holds a password: `requirepass`, `masterauth` and `tls-key-file-pass` are not here. */
export const REDIS_SETTINGS = [
  'appendfsync',
  'appendonly',
  'bind',
  'cluster-enabled',
  'maxclients',
  'maxmemory',
  'maxmemory-policy',
  'port',
  'protected-mode',
  'save',
  'tls-auth-clients',
  'tls-auth-clients-user',
  'tls-ciphers',
  'tls-dh-params-file',
  'tls-port',
  'tls-prefer-server-ciphers',
  'tls-protocols',
  'tls-session-cache-timeout',
] as const;

export type RedisSetting = (typeof REDIS_SETTINGS)[number];

/** Commands whose presence is asked about: what `rename-command` took away is not there under its name. */
export const ASKED_ABOUT = [
  'flushall',
  'flushdb',
  'config',
  'debug',
  'module',
  'shutdown',
  'keys',
  'save',
  'replicaof',
  'slaveof',
] as const;

/**
 * Every command that a session may send, beside AUTH and CLIENT SETNAME when it opens. All of them read: no key is touched, and
 * none that reads every key (KEYS), every client's commands (MONITOR) or stops the server (DEBUG) is here.
 */
export const REDIS_COMMANDS = {
  PING: ['PING'],
  INFO: ['INFO'],
  'ACL USERS': ['ACL', 'USERS'],
  /** Takes a name of ACL USERS. ACL LIST says the same of all at once, and keeps the server from all else meanwhile: 2 ms a user. */
  'ACL GETUSER': ['ACL', 'GETUSER'],
  'MODULE LIST': ['MODULE', 'LIST'],
  'COMMAND INFO': ['COMMAND', 'INFO', ...ASKED_ABOUT],
  /** Takes the name of a command that `duties:` names. */
  'COMMAND INFO OF': ['COMMAND', 'INFO'],
  /** Takes one of REDIS_SETTINGS: before version 7 it knows no more than one at a time. */
  'CONFIG GET': ['CONFIG', 'GET'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a command, or a part of one, may be called: `set`, `config|set`, `json.set`. */
export const COMMAND_NAME = /^[a-z][\w.|-]{0,63}$/;

export type RedisCommand = keyof typeof REDIS_COMMANDS;
