/** A read-only command of the fixed table: never a string, never a shell, always an absolute path. */
export interface HostCommand {
  /** What origins name: as a person would type it. */
  readonly id: string;
  /** Where distributions keep the program; the first that is there is run. */
  readonly programs: readonly [string, ...string[]];
  /**
   * `{name}` as a whole argument stands for a value that the caller gives, held against `values`. Arguments in a list of their own are
   * there where all their values are given.
   */
  readonly args: readonly (string | readonly string[])[];
  readonly values?: Readonly<Record<string, RegExp>>;
  readonly seconds: number;
  readonly maxBytes: number;
  /** Exit statuses that are an answer. */
  readonly exits: readonly number[];
  /** Variables beside PATH and LC_ALL that it gets; one with `{name}` in it only where that value is given. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * A variable that names a private directory, made for this one run and removed after it: for programs that cannot do without a
   * cache of their own. Where a machine cannot give one, the command does not run.
   */
  readonly scratch?: string;
  /** Variables by which it may be given secrets. */
  readonly secrets?: readonly string[];
}

/** All that a command's environment holds otherwise. */
export const COMMAND_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } as const;

/** A path on a machine, as it may stand in an argument: absolute, so that it is never taken for an option. */
const PATH = /^\/[\w./@+,=~-]{0,1000}$/;

const AUDITCTL = { programs: ['/usr/sbin/auditctl', '/sbin/auditctl'], seconds: 10, maxBytes: 4 << 20, exits: [0] } as const;
const RESTIC = {
  programs: ['/usr/bin/restic', '/usr/local/bin/restic'],
  values: { repository: PATH, passwordFile: PATH, snapshot: /^[0-9a-f]{64}$/ },
  secrets: ['RESTIC_PASSWORD'],
  maxBytes: 16 << 20,
  exits: [0],
} as const;
const BORG = {
  programs: ['/usr/bin/borg', '/usr/local/bin/borg'],
  values: { repository: PATH, passwordFile: PATH },
  // Borg asks before it trusts a repository that it has not met: the answer is no, and it ends.
  environment: {
    BORG_RELOCATED_REPO_ACCESS_IS_OK: 'no',
    BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'no',
    BORG_PASSCOMMAND: '/bin/cat {passwordFile}',
    // It writes times without a zone, in its own.
    TZ: 'UTC',
  },
  // Its cache, and what it remembers of repositories.
  scratch: 'BORG_BASE_DIR',
  secrets: ['BORG_PASSPHRASE'],
  seconds: 60,
  maxBytes: 16 << 20,
  exits: [0],
} as const;

/**
 * Every command that Custos runs on a machine. Each only reads: no lock, no cache, no state is written; what its flags do for
 * that is said beside it.
 */
export const HOST_COMMANDS = {
  'sshd -T': { id: 'sshd -T', programs: ['/usr/sbin/sshd'], args: ['-T'], seconds: 10, maxBytes: 1 << 20, exits: [0] },
  'auditctl -l': { ...AUDITCTL, id: 'auditctl -l', args: ['-l'] },
  'auditctl -s': { ...AUDITCTL, id: 'auditctl -s', args: ['-s'] },
  // `info` takes no lock; its log is switched off, so that it writes no file.
  'pgbackrest info': {
    id: 'pgbackrest info',
    programs: ['/usr/bin/pgbackrest', '/usr/local/bin/pgbackrest'],
    args: [
      '--config',
      '{config}',
      ['--config-include-path', '{include}'],
      '--stanza',
      '{stanza}',
      '--repo',
      '{repository}',
      '--log-level-file=off',
      '--log-level-console=off',
      '--output=json',
      'info',
    ],
    values: { config: PATH, include: PATH, stanza: /^\w[\w.-]{0,100}$/, repository: /^\d{1,3}$/ },
    seconds: 60,
    maxBytes: 8 << 20,
    exits: [0],
  },
  // --no-lock: nothing is written to the repository; --no-cache: nor to this machine.
  'restic snapshots': {
    ...RESTIC,
    id: 'restic snapshots',
    args: ['snapshots', '--json', '--no-lock', '--no-cache', '--quiet', ['--password-file', '{passwordFile}'], '--repo', '{repository}'],
    seconds: 60,
  },
  // The size of one snapshot once restored: its directories are read, no file's contents.
  'restic stats': {
    ...RESTIC,
    id: 'restic stats',
    args: [
      'stats',
      '--json',
      '--no-lock',
      '--no-cache',
      '--quiet',
      '--mode',
      'restore-size',
      ['--password-file', '{passwordFile}'],
      '--repo',
      '{repository}',
      '{snapshot}',
    ],
    seconds: 20,
  },
  // --bypass-lock: no lock is taken.
  'borg list': {
    ...BORG,
    id: 'borg list',
    args: ['list', '--json', '--bypass-lock', '--consider-checkpoints', '--format', '{end}{hostname}', '--', '{repository}'],
  },
  // Sizes: Borg reads the metadata of every archive for these.
  'borg info': { ...BORG, id: 'borg info', args: ['info', '--json', '--bypass-lock', '--last', '11', '--', '{repository}'] },
} as const satisfies Readonly<Record<string, HostCommand>>;

/** A command's arguments with the values in their places; the name of the value that does not fit. */
export function commandArguments(
  { args, values = {} }: HostCommand,
  given: Readonly<Record<string, string>>,
): readonly string[] | { readonly problem: string } {
  const filled: string[] = [];
  for (const arg of args) {
    const group = typeof arg === 'string' ? [arg] : arg;
    if (typeof arg !== 'string' && group.some((word) => given[valueName(word) ?? ''] === undefined && valueName(word) !== undefined))
      continue;
    for (const word of group) {
      const name = valueName(word);
      if (name === undefined) {
        filled.push(word);
        continue;
      }
      const value = given[name];
      if (value === undefined || values[name]?.test(value) !== true) return { problem: name };
      filled.push(value);
    }
  }
  return filled;
}

function valueName(word: string): string | undefined {
  return /^\{(\w+)\}$/.exec(word)?.[1];
}

/** A command's variables with the values in their places. Call it after `commandArguments` has held them against the table. */
export function commandEnvironment(
  { environment = {}, values = {} }: HostCommand,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const filled: Record<string, string> = { ...COMMAND_ENVIRONMENT };
  for (const [variable, text] of Object.entries(environment)) {
    const name = /\{(\w+)\}/.exec(text)?.[1];
    const value = name === undefined ? '' : given[name];
    if (name === undefined) filled[variable] = text;
    else if (value !== undefined && values[name]?.test(value) === true) filled[variable] = text.replace(`{${name}}`, () => value);
  }
  return filled;
}
