import { posix } from 'node:path';

/** What a command of archive_command does with the log that it is given. */
interface ArchiveCommand {
  readonly archives: boolean;
  /** The program that archives, or the first. */
  readonly program: string;
}

/** They succeed, or fail, and leave no copy anywhere. */
const NOTHING = new Set(
  ':,true,false,exit,return,echo,printf,test,[,[[,sleep,ls,stat,file,cat,head,tail,wc,cmp,diff,touch,logger,sync,date,basename,dirname,md5sum,sha256sum'.split(
    ',',
  ),
);
/** They run what their arguments say. */
const OTHERS =
  /^(?:(?:ba|da|a|z|k|c|tc)?sh|env|envdir|chpst|sudo|su|runuser|doas|nice|ionice|chrt|taskset|timeout|flock|setsid|nohup|time|exec|eval|command|builtin|xargs|find|ssh|if|for|while|until|case|function|!|\{|source|\.|perl|ruby|node|python[\d.]*)$/;
/** What they read they write to standard output. */
const FILTERS = new Set(['cat', 'gzip', 'pigz', 'zstd', 'lz4', 'xz', 'bzip2', 'lzop', 'gpg', 'openssl', 'lzma', 'pzstd']);

/**
 * Does a command archive? Undefined where it cannot be told. PostgreSQL gives it to a shell, and takes success for an archived log: of commands
 * joined by `&&` each has to succeed, of any others it is open which does.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-ARCHIVING-WAL
 */
export function archiveCommand(text: string): ArchiveCommand | undefined {
  // What follows a # is the shell's comment.
  const command = text.replace(/(?:^|\s)#.*$/, '').trim();
  if (command === '') return { archives: false, program: '' };
  const steps = command.split('&&').map((step) => simpleCommand(step.trim()));
  const known = steps.flatMap((step) => (step === undefined ? [] : [step]));
  const found = known.find(({ archives }) => archives);
  return known.length < steps.length ? undefined : (found ?? known[0]);
}

function simpleCommand(text: string): ArchiveCommand | undefined {
  const quiet = text.replaceAll(/\s*(?:\d*>>?\s*\/dev\/null|2>&1|2>>?\s*[\w./%-]+)(?=\s|$)/g, '');
  const output = /\s*1?>>?\s*([\w./%-]+)/.exec(quiet)?.[1];
  const plain = quiet.replace(/\s*1?>>?\s*[\w./%-]+/, '').replace(/\s<\s*(?="?%p)/, ' ');
  if (/[;|&$`()<>\n\\*?]/.test(plain)) return undefined;
  const words = plain.split(/\s+/).map((word) => word.replaceAll(/["']/g, ''));
  const program = posix.basename(words[0] ?? '');
  if (program === '' || OTHERS.test(program) || /^\w+=/.test(program)) return undefined;
  const nothing = { archives: false, program };
  if (words.some((word) => /(?:^|=)\/dev\/(?:null|zero|full)$/.test(word)) || output?.startsWith('/dev/') === true) return nothing;
  const given = words.some((word) => word.includes('%p'));
  if (output !== undefined) return given && FILTERS.has(program) ? { archives: true, program } : undefined;
  if (NOTHING.has(program)) return nothing;
  // Compressed where it lies, or written to nobody.
  if (FILTERS.has(program)) return undefined;
  return given ? { archives: true, program } : undefined;
}
