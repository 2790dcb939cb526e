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

/**
 * Every command that Custos runs on a machine. Each only reads: no lock, no cache, no state is written; what its flags do for
 * that is said beside it.
 */
export const HOST_COMMANDS = {
  'sshd -T': { id: 'sshd -T', programs: ['/usr/sbin/sshd'], args: ['-T'], seconds: 10, maxBytes: 1 << 20, exits: [0] },
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
