import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { SudoAliasKind, SudoCommand, SudoItem, SudoScope, SudoSetting } from '../../text/sudoers.ts';
import type { Account, Accounts } from './accounts.ts';
import type { HostContext } from './part.ts';
import { ROOT_GROUPS } from './root-groups.ts';
import { readSudoFiles } from './sudo-files.ts';

/** What a comparison came to. `maybe`: a netgroup, a network, a name that is not known here. */
export type Match = 'yes' | 'no' | 'maybe';

/** As whom a command runs. Without users and groups: as oneself. */
export interface RunAs {
  readonly users: readonly SudoItem[];
  readonly groups: readonly SudoItem[];
}

/** A command of a rule with aliases resolved. */
export interface SudoEntry {
  readonly runas: RunAs;
  readonly passwd: boolean | undefined;
  readonly noexec: boolean;
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
  /** Why there may be more rules. */
  readonly gaps: readonly Unknown[];
  /** The password of somebody else is asked for (targetpw, rootpw, runaspw): a rule gives no more than su does. */
  readonly othersPassword: boolean;
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
  // Settings hold for all rules, those above them too.
  const runasDefault = defaults.findLast(({ name, value }) => name === 'runas_default' && value !== undefined)?.value ?? 'root';
  const rules: SudoRule[] = [];
  for (const { statement, source } of statements) {
    if (statement.kind !== 'rule') continue;
    const origin = (): Origin => source.origin(statement.start, statement.end);
    const hosts = expand('host', statement.hosts, origin);
    const holds = here(hosts);
    if (holds === 'no') continue;
    const usual = { text: runasDefault, negated: false, quoted: true, start: statement.start, end: statement.end };
    const entries = statement.grants.flatMap((grant): readonly SudoEntry[] => {
      const runas =
        grant.runas === undefined
          ? { users: [usual], groups: [] }
          : { users: expand('runas', grant.runas.users, origin), groups: expand('runas', grant.runas.groups, origin) };
      return expand('command', [grant.command], origin).map((command) => ({ ...grant, runas, command }));
    });
    rules.push({ users: expand('user', statement.users, origin), hosts, here: holds, entries, source, origin });
  }
  const others = ['targetpw', 'rootpw', 'runaspw'].some((name) => {
    const last = defaults.findLast((one) => one.name === name && one.scope === 'all');
    return last !== undefined && !last.negated;
  });
  return { rules, defaults, gaps, othersPassword: others };
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

/** In a list of sudoers the last member that matches counts; one with `!` takes away. */
export function lastMatch(items: readonly SudoItem[], matches: (item: SudoItem) => Match): Match {
  for (const item of items.toReversed()) {
    const match = matches(item);
    if (match === 'maybe') return 'maybe';
    if (match === 'yes') return item.negated ? 'no' : 'yes';
  }
  return 'no';
}

/** Does a list of users name this account? */
export function namesUser(items: readonly SudoItem[], account: Account, accounts: Accounts): Match {
  return lastMatch(items, ({ text, quoted }) => {
    if (text === 'ALL' && !quoted) return 'yes';
    if (text === account.name || text === `#${account.uid}`) return 'yes';
    if (text.startsWith('+') || text.startsWith('%:')) return 'maybe';
    if (!text.startsWith('%')) return 'no';
    const groups = accounts.groupsOf(account.name);
    const found = groups.some(({ name, gid }) => text === `%${name}` || text === `%#${gid}`);
    return found ? 'yes' : accounts.moreGroups.length > 0 ? 'maybe' : 'no';
  });
}

/** Do the commands run as root, or may they? `ALL` is everybody, root too. */
export function runsAsRoot({ users, groups }: RunAs): Match {
  const asUser = lastMatch(users, ({ text, quoted }) =>
    text === 'root' || text === '#0' || (text === 'ALL' && !quoted) ? 'yes' : text.startsWith('%') || text.startsWith('+') ? 'maybe' : 'no',
  );
  if (asUser !== 'no') return asUser;
  const asGroup = lastMatch(groups, ({ text }) =>
    text === 'ALL' || text === 'root' || text === '#0' || ROOT_GROUPS.has(text) ? 'yes' : 'no',
  );
  // With root's own group files that decide over root may be written; which, nobody knows.
  return asGroup !== 'yes' ? 'no' : groups.some(({ text }) => text === 'ALL' || ROOT_GROUPS.has(text)) ? 'yes' : 'maybe';
}

/** Is a password demanded for this entry of a rule? The last setting that is in force counts; a tag goes before all of them. */
export function demandsPassword(rule: SudoRule, entry: SudoEntry, policy: SudoPolicy, accounts: Accounts): Match {
  if (entry.passwd !== undefined) return entry.passwd ? remembers(policy) : 'no';
  let answer: Match = 'yes';
  for (const one of policy.defaults) {
    const off = one.name === 'authenticate' ? one.negated : one.name === 'exempt_group' && !one.negated ? true : undefined;
    if (off === undefined) continue;
    const scoped = one.name === 'exempt_group' ? exempt(one) : one;
    const touched = touches(scoped, rule, entry, accounts);
    if (touched === 'no') continue;
    if (off) answer = touched === 'yes' && one.here === 'yes' ? 'no' : answer === 'no' ? 'no' : 'maybe';
    else if (one.scope === 'all') answer = 'yes';
  }
  return answer === 'yes' ? remembers(policy) : answer;
}

/** Members of `exempt_group` need no password. */
function exempt(one: SudoDefault): SudoDefault {
  const member = { text: `%${one.value ?? ''}`, negated: false, quoted: false, start: 0, end: 0 };
  return { ...one, scope: 'user', members: [member] };
}

/** A negative timestamp_timeout: who proved himself once is never asked again. */
function remembers({ defaults }: SudoPolicy): Match {
  const last = defaults.findLast(({ name, scope }) => name === 'timestamp_timeout' && scope === 'all');
  return last?.value !== undefined && Number(last.value) < 0 && !last.negated ? 'no' : 'yes';
}

/** Does a setting bear on an entry: for somebody of its users, for its runas, for its command? */
function touches({ scope, members }: SudoDefault, rule: SudoRule, { runas, command }: SudoEntry, accounts: Accounts): Match {
  switch (scope) {
    case 'all':
    case 'host':
      return 'yes';
    case 'runas': {
      const named = new Set(members.map(({ text }) => text));
      const users = runas.users.map(({ text }) => text);
      return users.some((user) => named.has(user)) || named.has('ALL') ? 'yes' : users.includes('ALL') ? 'maybe' : 'no';
    }
    case 'command':
      if (members.some(({ text }) => text === 'ALL' || text === command.text)) return 'yes';
      return command.text === 'ALL' || command.text.endsWith('/') || /[*?[^]/.test(command.text) ? 'maybe' : 'no';
    case 'user':
      return sharesUser(members, rule.users, accounts);
  }
}

function sharesUser(scope: readonly SudoItem[], users: readonly SudoItem[], accounts: Accounts): Match {
  const texts = new Set(scope.filter(({ negated }) => !negated).map(({ text }) => text));
  if (texts.has('ALL') || users.some(({ text, negated }) => !negated && texts.has(text))) return 'yes';
  const peopleOf = (items: readonly SudoItem[]): ReadonlySet<string> =>
    new Set(
      items.flatMap(({ text }) =>
        text.startsWith('%') ? (accounts.groups.get(text.slice(1))?.members ?? []) : text === 'ALL' ? [] : [text],
      ),
    );
  const scoped = peopleOf(scope);
  if (users.some(({ text }) => text === 'ALL')) return 'yes';
  for (const person of peopleOf(users)) if (scoped.has(person)) return 'yes';
  return [...texts, ...users.map(({ text }) => text)].some((text) => text.startsWith('+') || text.startsWith('%:')) ? 'maybe' : 'no';
}
