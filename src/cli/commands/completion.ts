import type { Command } from 'commander';
import { EXIT, UsageError, type Shell } from '../shell.ts';

/** `custos completion SHELL`: a script that completes commands and options, made from the commands themselves. */
export function completionCommand(name: string, program: Command, shell: Shell): number {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: wordsOf(command),
  }));
  const names = commands.map((command) => command.name).join(' ');
  const write: Readonly<Record<string, () => string>> = {
    bash: () =>
      [
        '# eval "$(custos completion bash)"',
        '_custos() {',
        '  local word="${COMP_WORDS[COMP_CWORD]}" words=""',
        '  case "${COMP_WORDS[1]}" in',
        ...commands.map((command) => `    ${command.name}) words="${command.words.join(' ')}" ;;`),
        '  esac',
        `  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi`,
        '  COMPREPLY=( $(compgen -W "$words" -- "$word") $(compgen -f -- "$word") )',
        '}',
        'complete -o filenames -F _custos custos',
      ].join('\n'),
    zsh: () =>
      [
        '#compdef custos',
        '# eval "$(custos completion zsh)"',
        '_custos() {',
        `  local -a commands; commands=(${commands.map((command) => `'${command.name}:${command.description.replaceAll("'", '')}'`).join(' ')})`,
        '  if (( CURRENT == 2 )); then _describe command commands; return; fi',
        '  case "$words[2]" in',
        ...commands.map((command) => `    ${command.name}) compadd -- ${command.words.join(' ')} ;;`),
        '  esac',
        '  _files',
        '}',
        'compdef _custos custos',
      ].join('\n'),
    fish: () =>
      [
        '# custos completion fish | source',
        ...commands.map(
          (command) => `complete -c custos -n __fish_use_subcommand -a ${command.name} -d '${command.description.replaceAll("'", '')}'`,
        ),
        ...commands.flatMap((command) =>
          command.words
            .filter((word) => word.startsWith('--'))
            .map((word) => `complete -c custos -n '__fish_seen_subcommand_from ${command.name}' -l ${word.slice(2)}`),
        ),
      ].join('\n'),
  };
  const script = write[name];
  if (script === undefined) throw new UsageError(`there is no completion for "${name}"`, `there is: ${Object.keys(write).join(', ')}`);
  shell.stdout.write(`${script()}\n`);
  return EXIT.ok;
}

function wordsOf(command: Command): readonly string[] {
  return [
    ...command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
    ...command.commands.map((inner) => inner.name()),
  ];
}
