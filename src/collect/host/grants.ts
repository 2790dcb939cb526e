import { posix } from 'node:path';
import { derived, unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { SudoItem } from '../../text/sudoers.ts';
import type { Account, Accounts } from './accounts.ts';
import { escapes } from './command-escapes.ts';
import { readDoas, type DoasRule } from './doas.ts';
import { pamStack } from './pam-stack.ts';
import type { HostContext } from './part.ts';
import { modulesOf } from './password-rules.ts';
import { changeableBeyond, walkPath, writersOf, type WalkedPath } from './path-access.ts';
import { readPolkit, type PolkitAdministrators } from './polkit.ts';
import {
  demandsPassword,
  namesUser,
  runsAsRoot,
  sudoPolicyOf,
  type Match,
  type SudoEntry,
  type SudoPolicy,
  type SudoRule,
} from './sudo-policy.ts';

/** Something that an account may run with the rights of another. */
export interface Grant {
  readonly by: 'sudo' | 'doas' | 'polkit';
  /** `no` where it is only another account's rights. */
  readonly asRoot: Match;
  /** Accounts that it runs as; empty for root alone. */
  readonly as: readonly string[];
  /** As whom, in brackets, where it is not root: `(postgres)`. */
  readonly label: string;
  readonly command: string;
  /** Every command, or one that amounts to it. */
  readonly everything: Match;
  readonly password: Match;
  /** `maybe`: whether the rule means this account, or this host, is not known. */
  readonly certain: Match;
  readonly origin: Origin;
}

/** All rules by which accounts of a host get rights of others. */
export interface Grants {
  readonly sudo: SudoPolicy;
  readonly doas: readonly DoasRule[];
  readonly polkit: PolkitAdministrators | undefined;
  /** Why there may be more rules. */
  readonly gaps: readonly Unknown[];
  /** Whether a command's file can be changed by others than root: then it amounts to every command. */
  readonly changeable: (command: string) => Match;
  /** What an account may run in the end, the last rule that matches deciding. */
  readonly of: (account: Account) => readonly Grant[];
}

const MAX_FILES = 500;

const read = new WeakMap<HostContext, Promise<Grants>>();

/** Reads sudo's, doas' and polkit's rules; once, however many parts ask. */
export function grantsOf(context: HostContext, accounts: Accounts): Promise<Grants> {
  const before = read.get(context) ?? readGrants(context, accounts);
  read.set(context, before);
  return before;
}

async function readGrants(context: HostContext, accounts: Accounts): Promise<Grants> {
  const sudo = await sudoPolicyOf(context);
  const { rules: doas, gaps: doasGaps } = await readDoas(context);
  const { administrators: polkit, gaps: polkitGaps } = await readPolkit(context);
  const suGaps = await trustedBySu(context);
  const commands = new Set<string>();
  for (const { entries } of sudo.rules) for (const { command } of entries) if (command.text.startsWith('/')) commands.add(command.text);
  for (const { command } of doas) if (command?.startsWith('/') === true) commands.add(command);
  const files = new Map<string, Match>();
  for (const path of [...commands].slice(0, MAX_FILES)) {
    if (/[*?[]/.test(path)) continue;
    const walked = await nearest(context, path);
    if (walked === 'not-there') continue;
    if ('state' in walked) files.set(path, 'maybe');
    else {
      const changeable = changeableBeyond(writersOf(walked, accounts), new Set([0]), walked.origin);
      files.set(path, changeable.state === 'known' ? (changeable.value ? 'yes' : 'no') : 'maybe');
    }
  }
  const changeable = (command: string): Match => files.get(command) ?? (commands.size > MAX_FILES ? 'maybe' : 'no');
  const index = indexByUser(sudo.rules);
  const sudoOf = (account: Account): readonly Grant[] => {
    const found = new Map<string, Grant>();
    for (const rule of index(account, accounts)) {
      const certain = both(namesUser(rule.users, account, accounts), rule.here);
      if (certain === 'no') continue;
      for (const entry of rule.entries) apply(found, rule, entry, certain);
    }
    return [...found.values()];
  };
  const apply = (found: Map<string, Grant>, rule: SudoRule, entry: SudoEntry, certain: Match): void => {
    const { runas, command } = entry;
    const label = labelOf(entry);
    const text = command.args === undefined ? command.text : `${command.text} ${command.args}`;
    const key = `${label} ${text}`;
    if (command.negated) {
      if (certain !== 'yes') return;
      if (command.text !== 'ALL') found.delete(key);
      else for (const one of found.keys()) if (one.startsWith(`${label} `) || label === '(ALL)') found.delete(one);
      return;
    }
    // A later rule for every command goes before all that stand above it.
    if (command.text === 'ALL' && certain === 'yes') for (const one of found.keys()) if (one.startsWith(`${label} `)) found.delete(one);
    const origin = derived('the last rule of sudo that matches', rule.origin());
    const everything: Match = escapes(command, entry.noexec) ? 'yes' : changeable(command.text);
    if (found.size >= MAX_GRANTS && !found.has(key) && everything !== 'yes') {
      // What is left out is not known to be nothing.
      const left = { by: 'sudo', asRoot: 'maybe', as: [], label: '', command: '…', password: 'maybe', origin } as const;
      found.set('…', { ...left, everything: 'maybe', certain: 'maybe' });
      return;
    }
    found.delete(key);
    found.set(key, {
      by: 'sudo',
      asRoot: runsAsRoot(runas),
      as: runas.users.filter(({ negated }) => !negated).map(({ text: user }) => user),
      label,
      command: text,
      everything,
      password: demandsPassword(rule, entry, sudo, accounts),
      certain,
      origin,
    });
  };
  return {
    sudo,
    doas,
    polkit,
    gaps: [...sudo.gaps, ...doasGaps, ...polkitGaps, ...suGaps],
    changeable,
    of: (account) => [...sudoOf(account), ...doasOf(account), ...polkitOf(account)],
  };

  function doasOf(account: Account): readonly Grant[] {
    const found = new Map<string, Grant>();
    for (const rule of doas) {
      const certain = namesUser(rule.users, account, accounts);
      if (certain === 'no') continue;
      const { command = 'ALL', args, runas } = rule;
      const text = args === undefined ? command : args === '' ? `${command} ""` : `${command} ${args}`;
      const label = runas === undefined ? '(ALL)' : runas === 'root' ? '' : `(${runas})`;
      if (rule.deny) {
        if (certain !== 'yes') continue;
        if (command !== 'ALL') found.delete(`${label} ${text}`);
        else for (const one of found.keys()) if (label === '(ALL)' || one.startsWith(`${label} `)) found.delete(one);
        continue;
      }
      const item = { ...itemOf(command), ...(args === undefined ? {} : { args: args === '' ? '""' : args }) };
      found.set(`${label} ${text}`, {
        by: 'doas',
        asRoot: runas === undefined || runas === 'root' ? 'yes' : 'no',
        as: runas === undefined ? ['ALL'] : [runas],
        label: label === '(ALL)' ? '' : label,
        command: text,
        everything: escapes(item, false) ? 'yes' : changeable(command),
        password: rule.nopass ? 'no' : 'yes',
        certain,
        origin: derived('the last rule of doas that matches', rule.origin()),
      });
    }
    return [...found.values()];
  }

  function polkitOf(account: Account): readonly Grant[] {
    if (polkit === undefined) return [];
    const certain = namesUser(polkit.users.map(itemOf), account, accounts);
    const origin = derived('administrators of polkit', polkit.origin());
    if (certain === 'no') return [];
    return [{ by: 'polkit', asRoot: 'yes', as: ['root'], label: '', command: 'ALL', everything: 'yes', password: 'yes', certain, origin }];
  }
}

/** pam_wheel(8) with `trust`: members of a group become root by su without a password. */
async function trustedBySu(context: HostContext): Promise<readonly Unknown[]> {
  const stack = await pamStack(context, 'su', 'auth');
  if (stack === 'not-there') return [];
  if ('state' in stack) return [stack];
  const trusting = modulesOf(stack).find(({ module, args }) => module === 'pam_wheel' && args.includes('trust'));
  return trusting === undefined ? [] : [unknown('unsupported', 'su: pam_wheel trusts a group', trusting.origin)];
}

/** What stands at a path, or the directory in which somebody would have to put it first: whoever may write that, writes the program. */
async function nearest(context: HostContext, path: string): Promise<WalkedPath | Unknown | 'not-there'> {
  const walked = await walkPath(context, path);
  return walked === 'not-there' && path !== '/' ? nearest(context, posix.dirname(path)) : walked;
}

/** More commands of one account are not told apart. */
const MAX_GRANTS = 2000;

function itemOf(text: string): SudoItem {
  return { text, negated: false, quoted: text !== 'ALL', start: 0, end: 0 };
}

function both(a: Match, b: Match): Match {
  return a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

/** As whom, where it is not root: `(postgres)`, `(:docker)`; everybody is `(ALL)`. */
export function labelOf({ runas: { users, groups } }: SudoEntry): string {
  const names = users.map(({ text, negated }) => `${negated ? '!' : ''}${text}`).join(',');
  if (names === 'root' || names === '#0') return '';
  if (names === 'ALL') return '(ALL)';
  return groups.length === 0 ? `(${names})` : `(${names}:${groups.map(({ text }) => text).join(',')})`;
}

/** Rules that may mean an account, in their order, without looking at all of them. */
function indexByUser(rules: readonly SudoRule[]): (account: Account, accounts: Accounts) => readonly SudoRule[] {
  const byKey = new Map<string, number[]>();
  for (const [order, { users }] of rules.entries())
    for (const key of new Set(users.map(({ text, negated }) => (negated || /^(?:ALL$|\+|%:)/.test(text) ? '*' : text)))) {
      const orders = byKey.get(key);
      if (orders === undefined) byKey.set(key, [order]);
      else orders.push(order);
    }
  return (account, accounts) => {
    const groups = accounts.groupsOf(account.name).flatMap(({ name, gid }) => [`%${name}`, `%#${gid}`]);
    // Groups that may have more members: any of them may mean the account.
    const open = accounts.moreGroups.length > 0 ? [...byKey.keys()].filter((key) => key.startsWith('%')) : [];
    const orders = new Set([account.name, `#${account.uid}`, '*', ...groups, ...open].flatMap((key) => byKey.get(key) ?? []));
    return [...orders].toSorted((a, b) => a - b).flatMap((order) => rules[order] ?? []);
  };
}
