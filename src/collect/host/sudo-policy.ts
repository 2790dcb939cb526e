import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { SudoAliasKind, SudoCommand, SudoItem, SudoScope, SudoSetting } from '../../text/sudoers.ts';
import { accountsOf, type Accounts } from './accounts.ts';
import type { HostContext } from './part.ts';
import { readSudoFiles } from './sudo-files.ts';
import { lastMatch, namesUser, type Match, type RunAs, type Spelling } from './sudo-names.ts';

/** A command of a rule with aliases resolved. */
export interface SudoEntry {
  readonly runas: RunAs;
  readonly passwd: boolean | undefined;
  readonly noexec: boolean;
  /** Whoever runs it may hand over any environment, LD_PRELOAD too. */
  readonly setenv: boolean;
  readonly command: SudoCommand;
}

/** A rule that holds, or may hold, on this host, with aliases resolved. */
export interface SudoRule {
  readonly users: readonly SudoItem[];
  readonly hosts: readonly SudoItem[];
  /** `no` is not among the rules. */
  readonly here: Match;
  readonly entries: readonly SudoEntry[];
  readonly source: SourceText;
  readonly origin: () => Origin;
}

/** A Defaults line that holds or may hold here. */
export interface SudoDefault extends SudoSetting {
  readonly scope: SudoScope;
  readonly members: readonly SudoItem[];
  readonly here: Match;
  readonly origin: () => Origin;
}

export interface SudoPolicy {
  readonly rules: readonly SudoRule[];
  readonly defaults: readonly SudoDefault[];
  readonly spelling: Spelling;
  /** Why there may be more rules. */
  readonly gaps: readonly Unknown[];
}

const MAX_EXPANDED = 10_000;
const MAX_ALIAS_DEPTH = 50;
/** Members of all lists together, after aliases: what a policy may cost. */
const MAX_MEMBERS = 2_000_000;

const read = new WeakMap<HostContext, Promise<SudoPolicy>>();

/** sudo's policy on this host; once, however many parts ask. */
export function sudoPolicyOf(context: HostContext): Promise<SudoPolicy> {
  const before = read.get(context) ?? readPolicy(context);
  read.set(context, before);
  return before;
}

async function readPolicy(context: HostContext): Promise<SudoPolicy> {
  const elsewhere = await policyElsewhere(context);
  const { statements, gaps: missing } = await readSudoFiles(context, '/etc/sudoers');
  const gaps: Unknown[] = [...elsewhere, ...missing];
  const aliases = new Map<string, readonly SudoCommand[]>();
  for (const { statement } of statements)
    if (statement.kind === 'alias' && !aliases.has(`${statement.of} ${statement.name}`))
      aliases.set(`${statement.of} ${statement.name}`, statement.members);
  let members = 0;
  const expand = <T extends SudoItem>(of: SudoAliasKind, items: readonly T[], place: () => Origin): readonly (T | SudoCommand)[] => {
    const expanded: (T | SudoCommand)[] = [];
    const visit = (list: readonly (T | SudoCommand)[], negated: boolean, depth: number): void => {
      for (const item of list) {
        const named = !item.quoted && /^[A-Z][A-Z0-9_]*$/.test(item.text) && item.text !== 'ALL';
        const alias = named ? aliases.get(`${of} ${item.text}`) : undefined;
        if (alias === undefined || depth >= MAX_ALIAS_DEPTH || expanded.length >= MAX_EXPANDED || members >= MAX_MEMBERS) {
          // A name in capitals may be an account's: then it is only that.
          if (alias !== undefined && gaps.length < 100) gaps.push(unknown('unsupported', `sudoers: alias ${item.text}`, place()));
          if (expanded.length < MAX_EXPANDED) expanded.push(negated ? { ...item, negated: !item.negated } : item);
          members += 1;
        } else visit(alias, negated !== item.negated, depth + 1);
      }
    };
    visit(items, false, 0);
    return expanded;
  };
  const hostNames = await namesOfHost(context);
  const here = (hosts: readonly SudoItem[]): Match => lastMatch(hosts, (host) => matchesHost(host, hostNames));
  const defaults: SudoDefault[] = [];
  for (const { statement, source } of statements) {
    if (statement.kind !== 'defaults') continue;
    const origin = (): Origin => source.origin(statement.start, statement.end);
    const { scope, settings } = statement;
    const named = scope === 'all' ? [] : expand(scope, statement.members, origin);
    const holds = scope === 'host' ? here(named) : 'yes';
    if (holds !== 'no') defaults.push(...settings.map((setting) => ({ ...setting, scope, members: named, here: holds, origin })));
  }
  // A program of its own then says who is in a group that is none here.
  const plugin = defaults.find(({ name, negated, value }) => name === 'group_plugin' && !negated && value !== undefined);
  if (plugin !== undefined) gaps.push(unknown('unsupported', 'sudoers: group_plugin', plugin.origin()));
  // Settings hold for all rules, those above them too.
  const spelling = { users: folded(defaults, 'case_insensitive_user'), groups: folded(defaults, 'case_insensitive_group') };
  const usual = usualRunAs(defaults, await accountsOf(context), spelling);
  const setsEnvironment = isOnForSome(defaults, 'setenv');
  const loads = keepsLoader(defaults);
  const rules: SudoRule[] = [];
  for (const { statement, source } of statements) {
    if (statement.kind !== 'rule') continue;
    const origin = (): Origin => source.origin(statement.start, statement.end);
    const hosts = expand('host', statement.hosts, origin);
    const holds = here(hosts);
    if (holds === 'no') continue;
    const users = expand('user', statement.users, origin);
    const entries = statement.grants.flatMap((grant): readonly SudoEntry[] => {
      const runas =
        grant.runas === undefined
          ? { users: usual(users), groups: [] }
          : { users: expand('runas', grant.runas.users, origin), groups: expand('runas', grant.runas.groups, origin) };
      const setenv = loads || (grant.setenv ?? setsEnvironment);
      return expand('command', [grant.command], origin).map((command) => ({ ...grant, runas, setenv, command }));
    });
    rules.push({ users, hosts, here: holds, entries, source, origin });
  }
  return { rules, defaults, spelling, gaps };
}

/** Are names in other capitals the same? sudo thinks so unless a setting says otherwise; one for some only leaves it open. */
function folded(defaults: readonly SudoDefault[], name: string): Match {
  const said = defaults.filter((one) => one.name === name);
  const last = said.findLast(({ scope, here }) => scope === 'all' || (scope === 'host' && here === 'yes'));
  const general: Match = last?.negated === true ? 'no' : 'yes';
  return said.slice(last === undefined ? 0 : said.indexOf(last) + 1).some(({ negated }) => negated === (general === 'yes'))
    ? 'maybe'
    : general;
}

/** As whom commands run where a rule does not say: `runas_default`, for some users another one. All that it may be stand in the list. */
function usualRunAs(
  defaults: readonly SudoDefault[],
  accounts: Accounts,
  spelling: Spelling,
): (users: readonly SudoItem[]) => readonly SudoItem[] {
  const said = defaults.filter(({ name, value }) => name === 'runas_default' && value !== undefined);
  const general = said.findLast(({ scope, here }) => scope === 'all' || (scope === 'host' && here === 'yes'));
  const special = said.slice(general === undefined ? 0 : said.indexOf(general) + 1);
  const item = (text = 'root'): SudoItem => ({ text, negated: false, quoted: true, start: 0, end: 0 });
  const usual = [item(general?.value)];
  return (users) => {
    const words = users.flatMap(({ text, negated }) => (negated ? [] : [text]));
    let own = usual;
    for (const { scope, members, value } of special) {
      const meant = new Set(members.map(({ text }) => text));
      const all = scope === 'user' && words.every((word) => meant.has(word)) && !members.some(({ negated }) => negated);
      if (all) own = [item(value)];
      else if (scope !== 'user' || words.some((word) => meant.has(word)) || shares(members, users)) own = [...own, item(value)];
    }
    return own;
  };
  function shares(some: readonly SudoItem[], others: readonly SudoItem[]): boolean {
    return accounts.accounts.some((account) => [some, others].every((list) => namesUser(list, account, accounts, spelling) !== 'no'));
  }
}

/** What is on for some users, hosts or commands only is taken for on: that is little beside what it gives away. */
function isOnForSome(defaults: readonly SudoDefault[], setting: string): boolean {
  const said = defaults.filter(({ name }) => name === setting);
  return said.findLast(({ scope }) => scope === 'all')?.negated === false || said.some(({ scope, negated }) => scope !== 'all' && !negated);
}

/** Variables by which ld.so(8) loads a library into any program: sudo drops them unless `env_keep` names them. */
const LOADER = /^(?:\*|LD_(?:\*|PRELOAD|LIBRARY_PATH|AUDIT))(?:=|$)/;

function keepsLoader(defaults: readonly SudoDefault[]): boolean {
  return defaults.some(
    ({ name, negated, removes, value }) =>
      name === 'env_keep' && !negated && !removes && (value ?? '').split(/\s+/).some((word) => LOADER.test(word)),
  );
}

/** nsswitch.conf may name other sources of rules, and sudo.conf another policy or file. */
async function policyElsewhere(context: HostContext): Promise<readonly Unknown[]> {
  const found: Unknown[] = [];
  const nss = await context.open('/etc/nsswitch.conf');
  if (nss instanceof SourceText) {
    const line = /^[ \t]*sudoers:[ \t]*([^#\n]*)/m.exec(nss.text);
    const words = (line?.[1] ?? '').replaceAll(/\[[^\]]*\]/g, ' ').split(/\s+/);
    for (const word of words.filter((one) => one !== '' && one !== 'files'))
      found.push(unknown('unsupported', `sudoers: rules of ${word}`, nss.origin(line?.index ?? 0, line?.index ?? 0)));
  } else if (nss !== 'not-there') found.push(nss);
  const conf = await context.open('/etc/sudo.conf');
  if (conf instanceof SourceText) {
    for (const match of conf.text.matchAll(/^[ \t]*Plugin[ \t]+(\S+)[ \t]+(\S+)[ \t]*(.*)$/gm)) {
      const [whole, symbol = '', library = '', options = ''] = match;
      const usual = symbol.startsWith('sudoers_') && /(?:^|\/)sudoers\.so$/.test(library) && options.trim() === '';
      if (!usual) found.push(unknown('unsupported', `sudo.conf: Plugin ${symbol}`, conf.origin(match.index, match.index + whole.length)));
    }
  } else if (conf !== 'not-there') found.push(conf);
  // sudo-rs reads a file of its own first, and builds for SUSE one of the vendor where the administrator has none.
  for (const path of ['/etc/sudoers-rs', '/usr/etc/sudoers', '/usr/local/etc/sudoers']) {
    const other = await context.host.stat(path, true);
    if (other !== 'not-there') found.push('state' in other ? other : unknown('unsupported', `${path}: rules of another sudo`, context.at));
  }
  return found;
}

/** What sudo may take for the host’s name. */
interface HostNames {
  /** As it is configured, as the kernel has it, and as /etc/hosts calls it first; in lower case. */
  readonly names: readonly string[];
  /** /etc/hosts says what it is called: no resolver is asked. */
  readonly settled: boolean;
}

/** Debian builds sudo with `fqdn` on: the name that rules are held against is the first that the resolver gives for the host’s own. */
async function namesOfHost({ host, open }: HostContext): Promise<HostNames> {
  const configured = await open('/etc/hostname');
  const running = host.form === 'root' ? 'not-there' : await open('/proc/sys/kernel/hostname');
  const names = new Set(
    [configured, running].flatMap((source) => {
      const name = source instanceof SourceText ? (/^[^\s#]+/m.exec(source.text)?.[0] ?? '').toLowerCase() : '';
      return name === '' ? [] : [name];
    }),
  );
  const hosts = await open('/etc/hosts');
  const lines = hosts instanceof SourceText ? hosts.text.toLowerCase().split('\n') : [];
  const called = lines.flatMap((line) => {
    const [, ...words] = line.replace(/#.*$/, '').trim().split(/\s+/);
    const [first] = words;
    return first !== undefined && words.some((word) => names.has(word)) ? [first] : [];
  });
  return { names: [...new Set([...names, ...called])], settled: called.length > 0 };
}

function matchesHost({ text, quoted }: SudoItem, { names, settled }: HostNames): Match {
  if (text === 'ALL' && !quoted) return 'yes';
  if (text.startsWith('+') || /^[\d.]+(?:\/[\d.]+)?$/.test(text) || text.includes(':') || names.length === 0) return 'maybe';
  const pattern = text.toLowerCase();
  if (/[*?[]/.test(pattern)) return 'maybe';
  const same = names.filter((name) => name === pattern || name.replace(/\..*$/, '') === pattern);
  if (same.length > 0) return same.length === names.length && settled ? 'yes' : 'maybe';
  // A full name in the rule, a short one here: the rest of ours is not known.
  return !settled || names.some((name) => pattern.startsWith(`${name}.`)) ? 'maybe' : 'no';
}
