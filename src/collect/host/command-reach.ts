import { posix } from 'node:path';
import type { SudoCommand } from '../../text/sudoers.ts';
import { ESCAPING } from './escaping-programs.ts';
import { interpretedScript } from './interpreted-script.ts';
import { shellCommands } from './shell-commands.ts';
import { anyMatch, type Match } from './sudo-names.ts';
import { wrappedCommands } from './wrapped-commands.ts';

/** What a command that somebody may run as another amounts to. */
export interface CommandReach {
  /** Every command: it is a shell, hands one out, or writes any file. `maybe`: a program of its own stands in the rule. */
  readonly everything: Match;
  /** Whoever may change one of these may run every command: the program, and what it runs or writes. */
  readonly files: readonly string[];
}

type Command = Pick<SudoCommand, 'text' | 'args'>;

/** Tags of sudo that change what a command amounts to. */
interface Tags {
  readonly noexec: boolean;
  readonly setenv: boolean;
}

const ALL: CommandReach = { everything: 'yes', files: [] };
const MAX_DEPTH = 6;

/** Works out what a command of sudoers or doas.conf amounts to, its files aside: they have to be looked at. */
export function reachOf(command: Command, { noexec, setenv }: Tags): CommandReach {
  // With LD_PRELOAD any program runs what its caller wrote.
  return setenv ? ALL : reach(command, noexec, 0);
}

function reach({ text, args }: Command, noexec: boolean, depth: number): CommandReach {
  if (text === 'ALL') return ALL;
  if (text === 'sudoedit' || text === 'list') return args === undefined || hasWildcard(args) ? ALL : { everything: 'no', files: [] };
  // A pattern of programs, or a whole directory of them.
  if (text.startsWith('^') || text.endsWith('/') || hasWildcard(text)) return ALL;
  const files = text.startsWith('/') ? [text] : [];
  const name = posix.basename(text);
  const program = name.toLowerCase().replace(/(?<=[a-z])[\d.]+$/, '');
  const is = (names: ReadonlySet<string>): boolean => names.has(name) || names.has(program);
  if (noexec && is(ESCAPING.pagers)) return { everything: 'no', files };
  if (is(ESCAPING.always)) return ALL;
  // `*` in arguments matches spaces and slashes too: whoever may use it chooses further arguments.
  if (args !== undefined && (args.startsWith('^') || hasWildcard(args))) return ALL;
  if (!is(ESCAPING.byArguments)) return { everything: 'no', files };
  if (args === undefined || depth > MAX_DEPTH) return ALL;
  // Quotes stand for themselves in sudoers; whoever types them types what is meant by them.
  const words = args === '""' ? [] : args.split(/\s+/).map((word) => word.replaceAll(/^["']|["']$/g, ''));
  const own = { everything: 'no', files } as const;
  if (is(ESCAPING.shells) || is(ESCAPING.interpreters))
    return together([own, ofInterpreter(program, words, is(ESCAPING.shells), noexec, depth)]);
  if (is(ESCAPING.wrappers)) {
    const inner = wrappedCommands(program, words);
    if (inner === 'chosen') return ALL;
    // busybox has its programs in itself.
    const built = /^(?:busy|toy)box$/.test(program);
    return together([
      own,
      ...inner.map((one) => (one.certain && !built ? placed(one, noexec, depth + 1) : looking(one, noexec, depth + 1))),
    ]);
  }
  if (program === 'java') return together([own, ofJava(words)]);
  if (program === 'systemctl' && words.includes('edit') && !noexec) return ALL;
  if (is(ESCAPING.writers)) return together([own, ofWriter(program, words)]);
  const paths = pathsOf(words);
  // These do what lies in the directory that they are started in.
  const here = is(ESCAPING.directoryReaders) || (program === 'docker' && words[0] === 'compose');
  if (here && paths.length === 0) return ALL;
  if (words.some((word) => /^(?:\.{1,2}|~)\//.test(word))) return ALL;
  return is(ESCAPING.dataReaders) ? own : { everything: 'no', files: [...files, ...paths] };
}

/** A program without its directory: PATH says which file that is. */
function placed(command: Command, noexec: boolean, depth: number): CommandReach {
  const found = reach(command, noexec, depth);
  if (command.text.startsWith('/')) return found;
  return command.text.includes('/') ? ALL : { ...found, everything: found.everything === 'no' ? 'maybe' : found.everything };
}

/** A word that only may be a program: it counts for its name, not for being a path. */
function looking(command: Command, noexec: boolean, depth: number): CommandReach {
  const { everything, files } = reach(command, noexec, depth);
  return { everything, files: files.filter((file) => file !== command.text) };
}

function ofInterpreter(program: string, words: readonly string[], shell: boolean, noexec: boolean, depth: number): CommandReach {
  const told = interpretedScript(program, words, shell);
  if (told === 'chosen') return ALL;
  if ('code' in told) {
    // What is written in a language that is not read here may do anything.
    if (!shell || /[`$<>]/.test(told.code)) return { everything: 'maybe', files: [] };
    const commands = shellCommands(told.code).map(({ words: [text = '', ...rest] }) => ({
      text,
      args: rest.length === 0 ? '""' : rest.join(' '),
    }));
    return commands.length === 0 ? { everything: 'maybe', files: [] } : together(commands.map((one) => placed(one, noexec, depth + 1)));
  }
  // Looked for where it is started.
  if (!told.script.startsWith('/')) return ALL;
  // Modules are looked for beside the script first.
  const beside = shell ? [] : [posix.dirname(told.script)];
  return { everything: 'no', files: [told.script, ...beside] };
}

/** java(1): classes come from a file, or from where it is started. */
function ofJava(words: readonly string[]): CommandReach {
  const files: string[] = [];
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? '';
    if (word === '-jar') files.push(next);
    else if (/^(?:-cp|-classpath|--class-path|-p|--module-path)$/.test(word)) files.push(...next.split(':'));
    else if (/^-(?:javaagent|agentpath):/.test(word)) files.push(word.replace(/^[^:]*:/, '').replace(/=.*$/, ''));
    else if (word.startsWith('@')) return { everything: 'maybe', files: [] };
  }
  if (files.some((file) => !file.startsWith('/'))) return ALL;
  return files.length > 0 || words.every((word) => word.startsWith('-')) ? { everything: 'no', files } : ALL;
}

/** Options of these programs that take a value of their own. */
const VALUED = /^-[tSmogeCTXsxpd]$/;
/** How many of their arguments are no files: a mode, an owner, a script, letters of tar. */
const LEADING: Readonly<Record<string, number>> = { chmod: 1, chown: 1, chgrp: 1, chattr: 1, setfacl: 0, sed: 1, tar: 1, ar: 1, '7z': 1 };

/** Whoever owns a file that is copied, unpacked or written to chooses what is in it, or by a link where it goes. */
function ofWriter(program: string, words: readonly string[]): CommandReach {
  // Down a tree these follow no link.
  if (/^ch|^setfacl/.test(program) && words.some((word) => /^(?:-\w*R|--recursive)/.test(word))) return { everything: 'no', files: [] };
  const scripted = program === 'sed' && words.some((word) => /^(?:-\w*[ef]|--expression|--file)/.test(word));
  const placedByTar = program === 'tar' && words.some((word) => /^(?:-C$|--directory=)/.test(word));
  let leading = scripted ? 0 : (LEADING[program] ?? 0);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (VALUED.test(word)) index += 1;
    else if (leading > 0 && (!word.startsWith('-') || program === 'tar')) leading -= 1;
    // A name without a directory lies where it is started, unless tar is told where.
    else if (placedByTar) continue;
    else if (!/^[-/+]|[:=]/.test(word) || /^(?:if|of)=[^/]/.test(word)) return ALL;
  }
  return { everything: 'no', files: pathsOf(words) };
}

/** Paths in arguments, those behind `--option=` too. */
function pathsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => /^(?:[\w-]+=)?(\/.*)$/.exec(word)?.[1] ?? []);
}

function together(all: readonly CommandReach[]): CommandReach {
  return { everything: anyMatch(all.map(({ everything }) => everything)), files: [...new Set(all.flatMap(({ files }) => files))] };
}

function hasWildcard(text: string): boolean {
  return /(?<!\\)[*?[]/.test(text);
}
