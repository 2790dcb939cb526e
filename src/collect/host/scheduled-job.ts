import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { Calendar } from '../calendar.ts';
import type { HostContext } from './part.ts';
import { baseName, shellCommands, type ShellCommand } from './shell-commands.ts';

/** When something is started: by the calendar, every so many hours, or nobody can tell. */
export type When = { readonly calendar: Calendar } | { readonly hours: number } | Unknown;

/** What a crontab or a unit runs, with all that is known to run in it. */
export interface Job {
  readonly commands: readonly ShellCommand[];
  readonly at: Origin;
  /** The text that names it, or the service's unit: path without its first slash, as resources of files have it. */
  readonly file: string;
}

/** One that a machine starts by itself. */
export interface ScheduledJob extends Job {
  readonly when: When;
}

/** Jobs, and what may hide others. */
export interface FoundJobs {
  readonly jobs: readonly ScheduledJob[];
  readonly gaps: readonly Unknown[];
}

/** All that a machine starts, and what it could. */
export interface ScheduledJobs extends FoundJobs {
  /** Services of this machine's administrators that run a tool of backups, and that nothing starts. */
  readonly idle: readonly Job[];
}

/** What may back something up, and so is looked for in what jobs run. */
const TOOLS = /\b(?:pgbackrest|restic|resticprofile|borg|borgmatic|barman|rsync)\b/;
/** One of them itself. */
const TOOL = /^(?:pgbackrest|restic|resticprofile|borg|borgmatic|barman|rsync)$/;

/** Does a command run one of them? */
export function runsBackupTool({ words }: ShellCommand): boolean {
  return TOOL.test(baseName(words[0] ?? ''));
}

/** Programs that run nothing else. */
const HARMLESS = /^(?:test|\[|cd|\.|source|echo|set|true|:|mkdir|sleep|date|logger|export|run-parts)$/;

/**
 * The commands of a job with those of the scripts that it starts, one step deep. A script that names a tool of backups and is more than
 * commands in a row keeps them as conditional.
 */
export async function withScripts(
  commands: readonly ShellCommand[],
  context: HostContext,
): Promise<{ readonly commands: readonly ShellCommand[]; readonly gaps: readonly Unknown[] }> {
  const all: ShellCommand[] = [];
  const gaps: Unknown[] = [];
  for (const command of commands) {
    all.push(command);
    for (const script of scriptsOf(command)) {
      const inner = await scriptCommands(script, context);
      if ('state' in inner) gaps.push(inner);
      else all.push(...inner.map((one) => ({ ...one, conditional: one.conditional || command.conditional })));
    }
  }
  return { commands: all, gaps };
}

/** Where a command may be a script: its path, or where administrators put their own. */
function scriptsOf({ words }: ShellCommand): readonly string[] {
  const [program = '', ...rest] = words;
  if (HARMLESS.test(program)) return [];
  if (/^(?:\/\S*\/)?(?:sh|bash|dash|python3?|perl)$/.test(program)) return rest.filter((word) => word.startsWith('/')).slice(0, 1);
  if (program.startsWith('/')) return TOOL.test(baseName(program)) ? [] : [program];
  return /^[\w.-]+$/.test(program) && !TOOL.test(program) ? [`/usr/local/sbin/${program}`, `/usr/local/bin/${program}`] : [];
}

/** Commands of a script by its path; none where it is no script, or names no tool of backups. */
export async function scriptCommands(path: string, context: HostContext): Promise<readonly ShellCommand[] | Unknown> {
  const source = await context.open(path);
  if (source === 'not-there') return [];
  if (!(source instanceof SourceText)) return source.cause === 'unparseable' || source.cause === 'unsupported' ? [] : source; // a program, no text
  if (!TOOLS.test(source.text.replaceAll(/^[ \t]*#.*$/gm, ''))) return [];
  if (!/^#!\s*\/(?:usr\/)?bin\/(?:env\s+)?(?:sh|bash|dash|ksh)\b/.test(source.text))
    return unknown('unsupported', `${path}: what it starts is not followed`, source.origin(0, 0));
  return shellCommands(source.text);
}
