import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PRODUCTS } from '../../collect/products.ts';
import { SEVERITIES } from '../../model/control.ts';
import { PROBE_CLASSES } from '../../model/resource.ts';
import { FORMATS } from '../../report/report.ts';
import { packageRoot } from '../shell.ts';

/** An option, and what may stand after it: nothing, one of some words, or anything (a file). */
export interface CompletedOption {
  readonly flags: readonly string[];
  readonly takesValue: boolean;
  readonly values: readonly string[];
  readonly description: string;
}

/** A command by its path (`controls list`), and what may follow it. */
export interface CompletedCommand {
  readonly path: string;
  readonly description: string;
  readonly inner: readonly string[];
  readonly options: readonly CompletedOption[];
  /** Words that its argument may be; empty where it is a file or free. */
  readonly arguments: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Every command of the program with the words that can follow it. Control and profile ids are read from file names: nothing is compiled. */
export function vocabularyOf(program: Command): readonly CompletedCommand[] {
  const controls = namesIn('controls', /^([A-Z]+-\d+)/);
  const profiles = namesIn('profiles', /^(.+)\.yaml$/);
  const formats = FORMATS.flatMap(({ name }) => [name, `${name}=`]);
  const families = [...new Set(controls.map((id) => id.replace(/-\d+$/, '')))];
  const values: Readonly<Record<string, readonly string[]>> = {
    '--lang': ['en', 'zh'],
    '--fail-on': SEVERITIES,
    '--format': formats,
    '--profile': profiles,
    '--family': families,
    '--product': PRODUCTS.map((name) => `${name}=`),
    '--probe': PROBE_CLASSES.filter((name) => name !== 'online'),
  };
  const commands = program.commands.map((command) => command.name());
  const words: Readonly<Record<string, readonly string[]>> = {
    explain: controls,
    'controls show': controls,
    'profiles show': profiles,
    completion: SHELLS,
    help: commands,
  };
  const walk = (command: Command, path: string): readonly CompletedCommand[] => [
    {
      path,
      description: command.description(),
      inner: command.commands.map((inner) => inner.name()),
      options: command.options
        .filter(({ hidden }) => !hidden)
        .map(({ long, short, required, description }) => ({
          flags: [short, long].flatMap((flag) => (flag === undefined || flag === null ? [] : [flag])),
          takesValue: required,
          values: values[long ?? ''] ?? [],
          description,
        })),
      arguments: words[path] ?? [],
    },
    ...command.commands.flatMap((inner) => walk(inner, `${path} ${inner.name()}`)),
  ];
  const help = { path: 'help', description: 'what a command does', inner: [], options: [], arguments: commands };
  return [...program.commands.flatMap((command) => walk(command, command.name())), help];
}

function namesIn(directory: string, pattern: RegExp): readonly string[] {
  const names = readdirSync(join(packageRoot(), directory), { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const name = pattern.exec(path.split(/[/\\]/).at(-1) ?? '')?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)].toSorted();
}
