/** A command that stands in the arguments of another. */
export interface WrappedCommand {
  readonly text: string;
  /** Undefined: any; `""`: none. */
  readonly args?: string;
  /** It is certainly that; else it may be an argument, and only looks like a program. */
  readonly certain: boolean;
}

/** How many arguments of its own each takes before the command: a lock, a time, a root, a mask. */
const OPERANDS: Readonly<Record<string, number>> = {
  flock: 1,
  timeout: 1,
  chroot: 1,
  chrt: 1,
  taskset: 1,
  faketime: 1,
  setlock: 1,
  logsave: 1,
  pidproxy: 1,
  gosu: 1,
  'su-exec': 1,
  setuidgid: 1,
  sg: 1,
  setarch: 1,
};
/** Options that take a value of their own, of those that stand in rules often. */
const VALUED: Readonly<Record<string, RegExp>> = {
  env: /^-[uC]$/,
  nice: /^-n$/,
  ionice: /^-[cn]$/,
  chrt: /^-[TPD]$/,
  stdbuf: /^-[ioe]$/,
  timeout: /^-[ks]$/,
  flock: /^-[wE]$/,
  watch: /^-n$/,
  sshpass: /^-[pfd]$/,
  'systemd-cat': /^-[tp]$/,
  'systemd-run': /^-[pEuM]$/,
};
/** Without a command these start a shell. */
const SHELL_BY_ITSELF = new Set([
  'unshare',
  'nsenter',
  'chroot',
  'script',
  'sg',
  'newgrp',
  'capsh',
  'openvt',
  'systemd-nspawn',
  'lxc-attach',
]);
/** Options behind which a command stands, where it stands nowhere else. */
const BEHIND: Readonly<Record<string, RegExp>> = {
  find: /^-(?:exec|execdir|ok|okdir)$/,
  'start-stop-daemon': /^(?:-x|--exec|-a|--startas)(?:=|$)/,
};

/**
 * The commands that a program like nice(1) may run by fixed arguments: of programs with many options every word may be where the command
 * begins, so that none is missed. `chosen`: a shell, or what whoever runs it writes.
 */
export function wrappedCommands(program: string, words: readonly string[]): readonly WrappedCommand[] | 'chosen' {
  if (program === 'newgrp' || (program === 'capsh' && words.some((word) => word === '--' || word === '=='))) return 'chosen';
  if (program === 'systemd-run' && words.some((word) => /^(?:--shell|-\w*S)/.test(word))) return 'chosen';
  if (program === 'run-parts') {
    const directory = words.findLast((word) => !word.startsWith('-'));
    return directory === undefined ? [] : directory.startsWith('/') ? [{ text: directory, args: '""', certain: true }] : 'chosen';
  }
  if (program === 'script' && !words.some((word) => /^(?:-\w*c|--command)/.test(word))) return 'chosen';
  const behind = BEHIND[program];
  const starts = behind === undefined ? ownStarts(program, words) : behindOptions(words, behind);
  // xargs hands over what it reads.
  const any = program === 'xargs' || program === 'parallel';
  const found: WrappedCommand[] = [];
  for (const [order, index] of starts.entries()) {
    const text = words[index]?.replace(/^--\w+=/, '') ?? '';
    if (text.includes('/') && !text.startsWith('/')) return 'chosen';
    const rest = words.slice(index + 1).filter((word) => word !== ';' && word !== '+' && word !== '{}');
    const args = any || words.includes('{}') ? {} : { args: rest.length === 0 ? '""' : rest.join(' ') };
    found.push({ text, ...args, certain: order === 0 || behind !== undefined });
  }
  if (found.length > 0) return found;
  return SHELL_BY_ITSELF.has(program) || any ? 'chosen' : [];
}

function behindOptions(words: readonly string[], behind: RegExp): readonly number[] {
  return words.flatMap((word, index) => (behind.test(word) ? [word.includes('=') ? index : index + 1] : []));
}

/** Where a command may begin: at no option, number or variable, and behind what the program takes for itself. */
function ownStarts(program: string, words: readonly string[]): readonly number[] {
  let operands = OPERANDS[program] ?? 0;
  const starts: number[] = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-') || /^[A-Za-z_]\w*=/.test(word) || VALUED[program]?.test(words[index - 1] ?? '') === true) continue;
    if (operands > 0) operands -= 1;
    else if (!/^[\d.,]+[smhd]?$/.test(word)) starts.push(index);
  }
  return starts;
}
