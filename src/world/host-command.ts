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
const SHORT = { seconds: 10, maxBytes: 1 << 20, exits: [0] } as const;
const LONG = { seconds: 20, maxBytes: 8 << 20, exits: [0] } as const;

function sbin<const N extends string>(name: N): `/usr/sbin/${N}` {
  return `/usr/sbin/${name}`;
}

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

  // The packet filter as it is loaded. All only list. -s leaves counters out, so that the same rules read the same.
  'nft list ruleset': { id: 'nft list ruleset', programs: [sbin('nft'), '/usr/bin/nft'], args: ['-s', 'list', 'ruleset'], ...LONG },
  'iptables-save': { id: 'iptables-save', programs: [sbin('iptables-save'), '/sbin/iptables-save'], args: [], ...LONG },
  'ip6tables-save': { id: 'ip6tables-save', programs: [sbin('ip6tables-save'), '/sbin/ip6tables-save'], args: [], ...LONG },
  'iptables-legacy-save': { id: 'iptables-legacy-save', programs: [sbin('iptables-legacy-save')], args: [], ...LONG },
  'ip6tables-legacy-save': { id: 'ip6tables-legacy-save', programs: [sbin('ip6tables-legacy-save')], args: [], ...LONG },
  // -H no heading, -t -u both transports, -l what listens, -n no look-ups, -p programs, -e whether IPv6 alone.
  'ss -tulnpe': {
    id: 'ss -tulnpe',
    programs: ['/usr/bin/ss', '/bin/ss', sbin('ss'), '/sbin/ss'],
    args: ['-H', '-t', '-u', '-l', '-n', '-p', '-e'],
    ...LONG,
  },
  'ip route': {
    id: 'ip route',
    programs: [sbin('ip'), '/usr/bin/ip', '/sbin/ip', '/bin/ip'],
    args: ['-j', 'route', 'show', 'table', 'all'],
    ...LONG,
  },

  // What systemd knows of one unit. `show` asks and changes nothing; a unit that is not there has LoadState=not-found.
  'systemctl show': {
    id: 'systemctl show',
    programs: ['/usr/bin/systemctl', '/bin/systemctl'],
    args: ['show', '--no-pager', '--property=LoadState,ActiveState,UnitFileState', '--', '{unit}'],
    values: { unit: /^[A-Za-z0-9][\w.@:-]{0,120}\.(?:service|timer|socket)$/ },
    ...SHORT,
  },

  // Writes one of apt's lists out, unpacked; it opens nothing but the file that it is told.
  'apt-helper cat-file': {
    id: 'apt-helper cat-file',
    programs: ['/usr/lib/apt/apt-helper'],
    args: ['cat-file', '{list}'],
    values: { list: /^\/var\/lib\/apt\/lists\/[\w.:%+~-]{1,250}_Packages(?:\.\w+)?$/ },
    seconds: 20,
    maxBytes: 64 << 20,
    exits: [0],
  },

  // Names with their modes, and a plus sign behind the mode of one that has an access control list. -n looks no names up.
  'ls -la': {
    id: 'ls -la',
    programs: ['/bin/ls', '/usr/bin/ls'],
    args: ['-l', '-a', '-n', '--', '{directory}'],
    values: { directory: PATH },
    seconds: 10,
    maxBytes: 8 << 20,
    // 1: some entry could not be looked at.
    exits: [0, 1],
  },

  // Counts the rules of a file that is too large to be read whole.
  'grep -c rules': {
    id: 'grep -c rules',
    programs: ['/usr/bin/grep', '/bin/grep'],
    args: ['-c', '-E', '^[[:space:]]*(alert|drop|reject|rejectsrc|rejectdst|rejectboth|pass|config)[[:space:]]', '--', '{file}'],
    values: { file: /^\/(?:etc|var\/lib)\/suricata\/[\w./+-]{1,200}\.rules$/ },
    ...SHORT,
    exits: [0, 1],
  },
  // Reads the head of a file of signatures.
  'sigtool --info': {
    id: 'sigtool --info',
    programs: ['/usr/bin/sigtool'],
    args: ['--info', '{file}'],
    values: { file: /^\/[\w./-]{1,120}\/daily\.c[lv]d$/ },
    ...SHORT,
  },

  // How the clock is. -c is for programs, -n looks no names up; both ask the daemon over its socket.
  'chronyc tracking': { id: 'chronyc tracking', programs: ['/usr/bin/chronyc'], args: ['-n', '-c', 'tracking'], ...SHORT },
  'timedatectl show': { id: 'timedatectl show', programs: ['/usr/bin/timedatectl'], args: ['show', '--no-pager'], ...SHORT },
  'timedatectl timesync-status': {
    id: 'timedatectl timesync-status',
    programs: ['/usr/bin/timedatectl'],
    args: ['timesync-status', '--no-pager'],
    ...SHORT,
  },
  'ntpq -c rv': { id: 'ntpq -c rv', programs: ['/usr/bin/ntpq', sbin('ntpq')], args: ['-n', '-c', 'rv'], ...SHORT },
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
