import type { CompletedCommand } from './vocabulary.ts';

const topLevel = (commands: readonly CompletedCommand[]): readonly CompletedCommand[] => commands.filter(({ path }) => !path.includes(' '));

/** Every option with words of its own, once: what follows it is the same in every command. */
function valued(commands: readonly CompletedCommand[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    commands.flatMap(({ options }) =>
      options.filter(({ values }) => values.length > 0).flatMap(({ flags, values }) => flags.map((flag) => [flag, values] as const)),
    ),
  );
}

/** Options after which a file may stand: no command or option is offered there. */
function free(commands: readonly CompletedCommand[]): readonly string[] {
  const flags = commands.flatMap(({ options }) =>
    options.filter(({ takesValue, values }) => takesValue && values.length === 0).flatMap((option) => option.flags),
  );
  return [...new Set(flags)];
}

function wordsOf({ inner, options, arguments: words }: CompletedCommand): readonly string[] {
  return [...inner, ...words, ...options.flatMap(({ flags }) => flags)];
}

/** The part that bash and zsh share: `at` becomes the command's path, then one `case` by what stands before, one by the command. */
function cases(commands: readonly CompletedCommand[], assign: (words: readonly string[]) => string): readonly string[] {
  return [
    '  case "$prev" in',
    ...[...valued(commands)].map(([flag, values]) => `    ${flag}) ${assign(values)}; files=; chosen=1 ;;`),
    `    ${free(commands).join('|')}) chosen=1 ;;`,
    '  esac',
    '  if [ -z "$chosen" ]; then case "$at" in',
    `    "") ${assign([...topLevel(commands).map(({ path }) => path), '--help', '--version'])}; files= ;;`,
    ...commands.map((command) => {
      const closed = command.arguments.length > 0 || command.inner.length > 0;
      return `    "${command.path}") ${assign([...wordsOf(command), '--help'])}${closed ? '; files=' : ''} ;;`;
    }),
    '  esac; fi',
  ];
}

function paths(commands: readonly CompletedCommand[]): string {
  return commands.map(({ path }) => (path.includes(' ') ? `"${path}"` : `" ${path}"`)).join('|');
}

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# eval "$(custos completion bash)"',
    '_custos() {',
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" at="" word words="" files=1 chosen="" line',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case "$at $word" in ${paths(commands)}) at="\${at:+$at }$word" ;; esac`,
    '  done',
    ...cases(commands, (words) => `words="${words.join(' ')}"`),
    '  COMPREPLY=()',
    '  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$cur")',
    '  case "$cur" in -*) files= ;; esac',
    '  if [ -n "$files" ]; then',
    '    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")',
    '  fi',
    '}',
    'complete -o filenames -F _custos custos',
  ].join('\n');
}

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '#compdef custos',
    '# eval "$(custos completion zsh)"',
    '_custos() {',
    '  local cur="$words[CURRENT]" prev="$words[CURRENT-1]" at="" word files=1 chosen=""',
    '  local -a candidates',
    '  for word in "${(@)words[2,CURRENT-1]}"; do',
    `    case "$at $word" in ${paths(commands)}) at="\${at:+$at }$word" ;; esac`,
    '  done',
    ...cases(commands, (words) => `candidates=(${words.map((word) => `'${word}'`).join(' ')})`),
    '  compadd -a candidates',
    '  if [[ -n "$files" && "$cur" != -* ]]; then _files; fi',
    '}',
    'compdef _custos custos',
  ].join('\n');
}

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = ['# custos completion fish | source'];
  for (const command of commands) {
    const [outer = '', inner] = command.path.split(' ');
    const siblings = commands.find(({ path }) => path === outer)?.inner ?? [];
    const seen =
      inner === undefined
        ? `__fish_seen_subcommand_from ${outer}`
        : `__fish_seen_subcommand_from ${outer}; and __fish_seen_subcommand_from ${inner}`;
    if (inner === undefined) lines.push(`complete -c custos -f -n __fish_use_subcommand -a ${outer} -d ${quoted(command.description)}`);
    else
      lines.push(
        `complete -c custos -f -n '__fish_seen_subcommand_from ${outer}; and not __fish_seen_subcommand_from ${siblings.join(' ')}' -a ${inner} -d ${quoted(command.description)}`,
      );
    if (command.arguments.length > 0) lines.push(`complete -c custos -f -n '${seen}' -a ${quoted(command.arguments.join(' '))}`);
    for (const { flags, takesValue, values, description } of command.options) {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
      const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
      lines.push(`complete -c custos -n '${seen}' ${names} ${value.trim()} -d ${quoted(description)}`.replaceAll(/ {2,}/g, ' '));
    }
  }
  return lines.join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
