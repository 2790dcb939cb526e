/** A read-only command of the fixed table: never a string, never a shell, always an absolute path. */
export interface HostCommand {
  /** What origins name: as a person would type it. */
  readonly id: string;
  /** Where distributions keep the program; the first that is there is run. */
  readonly programs: readonly [string, ...string[]];
  /** `{name}` as a whole argument stands for a value that the caller gives, held against `values`. */
  readonly args: readonly string[];
  readonly values?: Readonly<Record<string, RegExp>>;
  readonly seconds: number;
  readonly maxBytes: number;
  /** Exit statuses that are an answer. */
  readonly exits: readonly number[];
  /** Variables beside PATH and LC_ALL that it gets, with fixed values. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** All that a command's environment holds otherwise. */
export const COMMAND_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } as const;

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
    const name = /^\{(\w+)\}$/.exec(arg)?.[1];
    if (name === undefined) {
      filled.push(arg);
      continue;
    }
    const value = given[name];
    if (value === undefined || values[name]?.test(value) !== true) return { problem: name };
    filled.push(value);
  }
  return filled;
}
