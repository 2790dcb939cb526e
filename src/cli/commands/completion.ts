import type { Command } from 'commander';
import { nearest } from '../../catalog/diagnostic.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../completion/shells.ts';
import { SHELLS, vocabularyOf } from '../completion/vocabulary.ts';
import { EXIT, UsageError, type Shell } from '../shell.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `custos completion SHELL`: a script that completes commands, options and their values, made from the commands themselves. */
export function completionCommand(name: string, program: Command, shell: Shell): number {
  const known = SHELLS.find((one) => one === name);
  if (known === undefined)
    throw new UsageError(`there is no completion for "${name}"; there is: ${SHELLS.join(', ')}`, nearest(name, SHELLS));
  shell.stdout.write(`${SCRIPTS[known](vocabularyOf(program))}\n`);
  return EXIT.ok;
}
