import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { lexLines, type LineSyntax } from '../../text/lines.ts';
import { SourceText } from '../../text/source-text.ts';
import type { SudoCommand, SudoItem } from '../../text/sudoers.ts';
import type { HostContext } from './part.ts';

/** A rule of doas.conf(5), its identity written as sudoers writes it (`%group`, `#uid`). */
export interface DoasRule {
  readonly deny: boolean;
  readonly users: readonly SudoItem[];
  /** Undefined: every account. */
  readonly runas: string | undefined;
  readonly nopass: boolean;
  /** As sudoers has it: `ALL` is every command, `""` no arguments at all. */
  readonly item: SudoCommand;
  readonly source: SourceText;
  readonly origin: () => Origin;
}

const SYNTAX: LineSyntax = {
  comment: ['#'],
  commentAnywhere: true,
  quotes: ['"'],
  escape: 'backslash',
  separators: ['{', '}'],
  continuation: true,
};
const MAX_RULES = 20_000;

/** Reads /etc/doas.conf, and the directory that opendoas knows too; the last rule that matches counts. */
export async function readDoas({
  open,
  host,
}: HostContext): Promise<{ readonly rules: readonly DoasRule[]; readonly gaps: readonly Unknown[] }> {
  const rules: DoasRule[] = [];
  const gaps: Unknown[] = [];
  const listing = await host.list('/etc/doas.d');
  const more = listing === 'not-there' || 'state' in listing ? [] : listing.entries.filter(({ path }) => path.endsWith('.conf'));
  if (listing !== 'not-there') gaps.push(...('state' in listing ? [listing] : listing.unseen.map(({ why }) => why)));
  for (const path of ['/etc/doas.conf', ...more.map((entry) => entry.path)]) {
    const source = await open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) {
      gaps.push(source);
      continue;
    }
    for (const line of lexLines(source, SYNTAX)) {
      const place = (): Origin => source.origin(line.start, line.end);
      const rule = line.broken || rules.length >= MAX_RULES ? undefined : ruleOf(line.words.map(({ text }) => text));
      if (rule === undefined) gaps.push(unknown('unparseable', 'doas.conf: a line that is no rule', place()));
      else rules.push({ ...rule, source, origin: place });
    }
  }
  return { rules, gaps };
}

/** `permit|deny [options] identity [as target] [cmd command [args …]]` */
function ruleOf(words: readonly string[]): Omit<DoasRule, 'source' | 'origin'> | undefined {
  const [action, ...rest] = words;
  if (action !== 'permit' && action !== 'deny') return undefined;
  let nopass = false;
  for (;;) {
    const [word] = rest;
    if (word === 'nopass') nopass = true;
    else if (word === 'setenv' && rest[1] === '{') {
      const close = rest.indexOf('}');
      if (close === -1) return undefined;
      rest.splice(0, close);
    } else if (word !== 'nolog' && word !== 'persist' && word !== 'keepenv') break;
    rest.shift();
  }
  const identity = rest.shift();
  if (identity === undefined) return undefined;
  const text = identity.startsWith(':') ? `%${identity.slice(1)}` : /^\d+$/.test(identity) ? `#${identity}` : identity;
  const runas = rest[0] === 'as' ? rest.splice(0, 2)[1] : undefined;
  const command = rest[0] === 'cmd' ? rest.splice(0, 2)[1] : undefined;
  const args = rest[0] === 'args' && command !== undefined ? rest.splice(0).slice(1).join(' ') : undefined;
  if (rest.length > 0) return undefined;
  const users = [{ text, negated: false, quoted: true, start: 0, end: 0 }];
  const item = { text: command ?? 'ALL', negated: false, quoted: command !== undefined, start: 0, end: 0 };
  const own = args === undefined ? item : { ...item, args: args === '' ? '""' : args };
  return { deny: action === 'deny', users, runas, nopass, item: own };
}
