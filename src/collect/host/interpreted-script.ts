/** What a shell or an interpreter is told to run by fixed arguments. */
export type Interpreted =
  /** A file. */
  | { readonly script: string }
  /** A text that stands in the rule itself. */
  | { readonly code: string }
  /** Whatever whoever runs it likes: it asks, or reads its standard input or the directory that it is started in. */
  | 'chosen';

interface Options {
  /** What follows is code. */
  readonly code?: RegExp;
  /** What follows is the script. */
  readonly file?: RegExp;
  /** It asks, or looks for modules where it is started. */
  readonly chosen?: RegExp;
  /** It takes a value of its own. */
  readonly valued?: RegExp;
}

const SHELL: Options = { code: /^-[a-z]*c$/i, chosen: /^-[a-z]*s[a-z]*$/, valued: /^(?:[-+]o|[-+]O|--rcfile|--init-file)$/ };
/** As their manuals have it. */
const OPTIONS: Readonly<Record<string, Options>> = {
  python: { code: /^-[A-Za-z]*c/, chosen: /^-[A-Za-z]*[im]/, valued: /^-[WX]$/ },
  pypy: { code: /^-[A-Za-z]*c/, chosen: /^-[A-Za-z]*[im]/, valued: /^-[WX]$/ },
  perl: { code: /^-\w*[eE]/, chosen: /^-d/ },
  ruby: { code: /^(?:-\w*e|-r|--require)/, valued: /^-[ICEW]$/ },
  node: { code: /^(?:-[a-z]*[epr]|--eval|--print|--require|--import)/, chosen: /^(?:-i|--interactive)/ },
  nodejs: { code: /^(?:-[a-z]*[epr]|--eval|--print|--require|--import)/, chosen: /^(?:-i|--interactive)/ },
  php: { code: /^-[rBRE]/, file: /^(?:-[fF]|--file)$/, chosen: /^(?:-[aSt]|--interactive|--server)/, valued: /^-[cdz]$/ },
  lua: { code: /^-[el]/, chosen: /^-i/ },
  luajit: { code: /^-[el]/, chosen: /^-i/ },
  expect: { code: /^-c/, file: /^-[fb]$/, chosen: /^-i/ },
  awk: { file: /^(?:-f|--file)$/, valued: /^(?:-[vF]|--assign|--field-separator)$/ },
};
/** The first word that is no option is their program. */
const TEXT_FIRST = new Set(['awk', 'gawk', 'mawk', 'nawk']);

/** Reads the arguments of a shell (`shell`) or of an interpreter as it reads them itself. */
export function interpretedScript(program: string, words: readonly string[], shell: boolean): Interpreted {
  const textFirst = TEXT_FIRST.has(program);
  const options = shell ? SHELL : ((textFirst ? OPTIONS['awk'] : OPTIONS[program]) ?? {});
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const rest = words.slice(index + 1);
    if (word === '--' || (word === '-' && shell)) return rest[0] === undefined ? 'chosen' : { script: rest[0] };
    if (word === '-') return 'chosen';
    if (!/^[-+]/.test(word)) return textFirst ? { code: words.slice(index).join(' ') } : { script: word };
    if (options.chosen?.test(word) === true) return 'chosen';
    if (options.code?.test(word) === true) return { code: rest.filter((one, at) => at > 0 || !one.startsWith('-')).join(' ') };
    if (options.file?.test(word) === true) return rest[0] === undefined ? 'chosen' : { script: rest[0] };
    if (options.valued?.test(word) === true) index += 1;
  }
  return 'chosen';
}
