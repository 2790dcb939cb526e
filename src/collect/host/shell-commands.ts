/** A simple command of a shell's line. */
export interface ShellCommand {
  /** Program and arguments; what a shell would fill in stays as it is written, with its `$`. */
  readonly words: readonly string[];
  /** Something else decides whether it runs. */
  readonly conditional: boolean;
}

const MAX_TEXT = 262_144;
const MAX_NESTED = 3;

/**
 * The simple commands of a shell script, or of one line as crontab has it: variables that were set to plain texts filled in, `sudo` and
 * its like taken off. What stands in a block, a function or behind a condition is conditional. Not a shell: no word is run or expanded
 * otherwise.
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  return new ShellReader().script(text.slice(0, MAX_TEXT), 0);
}

type Token = { readonly word: string } | { readonly operator: string };

class ShellReader {
  readonly #variables = new Map<string, string>();

  script(text: string, nested: number): readonly ShellCommand[] {
    const commands: ShellCommand[] = [];
    let depth = 0;
    let conditional = false;
    let ended = false;
    let words: string[] = [];
    const finish = (operator: string): void => {
      const [first = ''] = words;
      if (/^(?:if|for|while|until|case|select|\{|\()$/.test(first) || /^\w+\(\)$/.test(first) || first === 'function') depth += 1;
      else if (/^(?:fi|done|esac|\}|\))$/.test(first)) depth = Math.max(0, depth - 1);
      const own =
        /^(?:fi|done|esac|\}|\)|\(|function)$/.test(first) || /^\w+\(\)$/.test(first)
          ? []
          : /^(?:then|else|elif|do|if|while|until|\{)$/.test(first)
            ? words.slice(1)
            : words;
      const found = this.#commands(own, conditional || ended || depth > 0, nested);
      commands.push(...found);
      // Behind `&&` a command waits for the one before: a test that a program is there, or another step, is no condition.
      if (operator === '||') conditional = true;
      else if (operator === '&&') conditional = conditional || !isStep(own);
      else if (operator !== '|') conditional = false;
      if (/^(?:exit|return)$/.test(first) && depth === 0 && !conditional) ended = true;
      words = [];
    };
    for (const token of tokensOf(text)) {
      if ('word' in token) words.push(token.word);
      else finish(token.operator);
    }
    finish('\n');
    return commands;
  }

  #commands(written: readonly string[], conditional: boolean, nested: number): readonly ShellCommand[] {
    let words = written;
    for (let [first] = words; first !== undefined; [first] = words) {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=([^]*)$/.exec(first === 'export' ? (words[1] ?? '') : first) ?? [];
      if (name === undefined) break;
      if (conditional || /[$`]/.test(value)) this.#variables.delete(name);
      else this.#variables.set(name, value);
      words = words.slice(first === 'export' ? 2 : 1);
    }
    const filled = words.map((word) =>
      word.replaceAll(
        /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
        (whole, braced: string | undefined, bare: string | undefined) => this.#variables.get(braced ?? bare ?? '') ?? whole,
      ),
    );
    const bare = withoutWrappers(filled);
    const [program = ''] = bare;
    // `su - postgres -c '…'`, `sh -c '…'`: what they run is a line of its own.
    const line = /^(?:su|runuser|sh|bash|dash)$/.test(baseName(program))
      ? bare[bare.findIndex((word) => /^-[a-z]*c$/.test(word)) + 1]
      : undefined;
    if (line !== undefined && line !== program && nested < MAX_NESTED)
      return this.script(line, nested + 1).map((one) => ({ ...one, conditional: one.conditional || conditional }));
    return program === '' ? [] : [{ words: bare, conditional }];
  }
}

/** A step that goes well on any day, so that what waits for it is no less regular. */
function isStep([first = '', second = '']: readonly string[]): boolean {
  if (/^(?:cd|\.|source|export|set|mkdir|sleep|true|:|umask|echo|date)$/.test(first) || first === '') return true;
  if (/^(?:\[|test)$/.test(first)) return /^-[xfdre]$/.test(second);
  return /^(?:pgbackrest|restic|borg|borgmatic|barman|rsync|resticprofile|logger)$/.test(baseName(first));
}

/** Options of the tools of backups that take a value of their own, as far as jobs give them. */
const VALUED =
  /^(?:-[reohHdwmylpCescf]|--(?:stanza|config|config-path|type|repo|repository-file|password-file|password-command|exclude|exclude-file|iexclude|exclude-from|include|files-from|tag|host|option|cache-dir|limit-upload|limit-download|pack-size|compression|comment|pattern|patterns-from|rsh|backup-dir|link-dest|bwlimit|timeout|chmod|chown|log-file|log-level-\w+|filter|port|rsync-path|suffix|temp-dir|compare-dest|copy-dest|keep-\w+|remote-path|lock-wait|checkpoint-interval|process-max|name|reuse-backup|jobs|verbosity|syslog-verbosity|log-file-verbosity))$/;

/** What stands in a command line besides options and their values. */
export function operandsOf(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) found.push(word);
    else if (VALUED.test(word)) index += 1;
  }
  return found;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Options of what runs another program, that take a value of their own. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugCDRTh]$/,
  nice: /^-n$/,
  ionice: /^-[cnp]$/,
  chrt: /^$/,
  flock: /^-[wE]$/,
  timeout: /^-[ks]$/,
  setsid: /^$/,
  nohup: /^$/,
  exec: /^-a$/,
  env: /^-[uCS]$/,
  chronic: /^$/,
  command: /^$/,
  time: /^$/,
  'systemd-cat': /^-[tp]$/,
  'systemd-inhibit': /^$/,
};
/** How many arguments of its own each takes before the program. */
const OPERANDS: Readonly<Record<string, number>> = { flock: 1, timeout: 1, chrt: 1 };

function withoutWrappers(words: readonly string[]): readonly string[] {
  let rest = words;
  for (let turn = 0; turn < 8; turn += 1) {
    const name = baseName(rest[0] ?? '');
    const valued = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (valued === undefined) return rest;
    let index = 1;
    while (index < rest.length && (rest[index]?.startsWith('-') === true || /^[A-Za-z_]\w*=/.test(rest[index] ?? '')))
      index += valued.test(rest[index] ?? '') ? 2 : 1;
    rest = rest.slice(index + (OPERANDS[name] ?? 0));
  }
  return rest;
}

/** Words and operators. Quotes are taken off, comments left out, redirections with what they name too. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let word: string | undefined;
  let redirects = false;
  const push = (): void => {
    if (word !== undefined && !redirects) tokens.push({ word });
    if (word !== undefined) redirects = false;
    word = undefined;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') {
      if (text[at + 1] !== '\n') word = (word ?? '') + (text[at + 1] ?? '');
      at += 1;
    } else if (character === "'" || character === '"') {
      const end = closing(text, at, character);
      word = (word ?? '') + text.slice(at + 1, end).replaceAll(character === '"' ? /\\(["\\$`])/g : /(?!)/g, '$1');
      at = end;
    } else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = (end === -1 ? text.length : end) - 1;
    } else if (character === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      const end = text.indexOf(text[at + 1] === '(' ? ')' : '}', at);
      word = (word ?? '') + text.slice(at, end === -1 ? text.length : end + 1);
      at = end === -1 ? text.length : end;
    } else if (/[ \t\r]/.test(character)) push();
    else if (/[<>]/.test(character)) {
      if (word !== undefined && /^\d$/.test(word)) word = undefined;
      push();
      while (/[<>&]/.test(text[at + 1] ?? '')) at += 1;
      redirects = true;
    } else if (/[\n;|&()]/.test(character)) {
      const doubled = (character === '|' || character === '&') && text[at + 1] === character;
      if (word !== undefined && character === '(' && text[at + 1] === ')') {
        word += '()';
        at += 1;
        push();
        continue;
      }
      push();
      redirects = false;
      if (character === '(' || character === ')') tokens.push({ operator: ';' }, { word: character });
      tokens.push({ operator: doubled ? character + character : character === '(' || character === ')' ? ';' : character });
      if (doubled) at += 1;
    } else word = (word ?? '') + character;
  }
  push();
  return tokens;
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
