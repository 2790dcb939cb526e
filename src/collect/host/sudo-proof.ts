import { posix } from 'node:path';
import type { SudoCommand, SudoItem } from '../../text/sudoers.ts';
import type { Account, Accounts } from './accounts.ts';
import { reachOf } from './command-reach.ts';
import { anyMatch, everyMatch, foldedName, lastMatch, namesUser, runsAs, type Match } from './sudo-names.ts';
import type { SudoDefault, SudoEntry, SudoPolicy, SudoRule } from './sudo-policy.ts';

/** Settings that decide whether a password is asked for, and whose. */
const DECIDING = new Set(['authenticate', 'exempt_group', 'timestamp_timeout', 'targetpw', 'rootpw', 'runaspw']);
const ANOTHERS = new Set(['targetpw', 'rootpw', 'runaspw']);

/** Somebody who is held against the members of a setting. */
type Subject = (members: readonly SudoItem[]) => Match;

/** Does sudo ask for a password, and is it that of somebody else? */
export interface Proof {
  readonly password: Match;
  /** That of root, or of whom it runs as (targetpw, rootpw, runaspw): a rule gives no more than su does. */
  readonly another: Match;
}

const MAYBE: Proof = { password: 'maybe', another: 'maybe' };
/** Members that are held against each other for one policy, all rules together. */
const MAX_STEPS = 5_000_000;

/**
 * What sudo demands before it runs a command. Settings for all, hosts, users and runas hold in the order of their lines, those for commands
 * after all of them (sudoers(5), Defaults); a tag goes before `authenticate`, and `exempt_group` before a tag (check.c).
 */
export class SudoProof {
  readonly #accounts: Accounts;
  readonly #policy: SudoPolicy;
  /** Whether sudo's PAM stacks demand anything at all. */
  readonly #pam: Match;
  readonly #settings: readonly SudoDefault[];
  readonly #users: readonly Account[];
  readonly #targets: readonly Account[];
  readonly #roots: readonly Account[];
  readonly #byFoldedName: ReadonlyMap<string, Account>;
  #steps = 0;

  constructor(policy: SudoPolicy, accounts: Accounts, pam: Match) {
    this.#policy = policy;
    this.#accounts = accounts;
    this.#pam = pam;
    this.#roots = accounts.accounts.filter(({ uid }) => uid === 0);
    this.#byFoldedName = new Map(accounts.accounts.map((account) => [foldedName(account.name), account]));
    const deciding = policy.defaults.filter(({ name }) => DECIDING.has(name));
    this.#settings = [...deciding.filter(({ scope }) => scope !== 'command'), ...deciding.filter(({ scope }) => scope === 'command')];
    this.#users = this.#touched(deciding, 'user');
    this.#targets = this.#touched(deciding, 'runas');
  }

  /** Of any whom a rule names, as any whom it runs as. */
  ofRule(rule: SudoRule, entry: SudoEntry): Proof {
    return this.#worst(this.#subjects(rule.users, this.#users, 'user'), this.#subjects(entry.runas.users, this.#targets, 'runas'), entry);
  }

  /** Of one account, as root where that is among whom it runs as. */
  ofAccount(account: Account, entry: SudoEntry): Proof {
    const { users } = entry.runas;
    const roots = this.#roots.filter((root) => this.#asTarget(root)(users) !== 'no');
    const targets = roots.length > 0 ? roots.map((root) => this.#asTarget(root)) : this.#subjects(users, this.#targets, 'runas');
    return this.#worst([this.#asUser(account)], targets, entry);
  }

  /** The weakest demand of all that may happen. */
  #worst(users: readonly Subject[], targets: readonly Subject[], entry: SudoEntry): Proof {
    const found: Proof[] = [];
    for (const user of users)
      for (const target of targets) {
        if (this.#steps > MAX_STEPS) return MAYBE;
        found.push(this.#answer(user, target, entry.command, entry));
        if (entry.command.text !== 'ALL') continue;
        // Of every command, those that a setting names may be run, too.
        for (const { scope, members } of this.#settings)
          for (const command of scope === 'command' ? members : []) {
            if (command.text === 'ALL' || command.negated) continue;
            const { password, another } = this.#answer(user, target, command, entry);
            // One that amounts to every command is as good as all of them.
            const weighs = reachOf(command, entry).everything === 'yes';
            found.push({ password: password === 'no' && !weighs ? 'maybe' : password, another });
          }
      }
    return {
      password: everyMatch(found.map(({ password }) => password)),
      another: found.every(({ another }) => another === 'yes')
        ? 'yes'
        : anyMatch(found.map(({ another }) => another)) === 'no'
          ? 'no'
          : 'maybe',
    };
  }

  #answer(user: Subject, target: Subject, command: SudoCommand | SudoItem, { passwd }: SudoEntry): Proof {
    let asks: Match = passwd === false ? 'no' : 'yes';
    let exempt: Match = 'no';
    let remembered: Match = 'no';
    const others = new Map<string, Match>();
    for (const setting of this.#settings) {
      const holds = this.#holds(setting, user, target, command);
      if (holds === 'no') continue;
      const set = (before: Match, value: Match): Match => (holds === 'yes' || before === value ? value : 'maybe');
      const { name, negated, value = '' } = setting;
      if (name === 'authenticate') asks = passwd === undefined ? set(asks, negated ? 'no' : 'yes') : asks;
      else if (name === 'exempt_group') exempt = set(exempt, negated ? 'no' : user([groupItem(value)]));
      // Negative: who proved himself once is never asked again.
      else if (name === 'timestamp_timeout') remembered = set(remembered, !negated && Number(value) < 0 ? 'yes' : 'no');
      else others.set(name, set(others.get(name) ?? 'no', negated ? 'no' : 'yes'));
    }
    const without = anyMatch([asks === 'yes' ? 'no' : asks === 'no' ? 'yes' : 'maybe', exempt, remembered]);
    const password = without === 'yes' || this.#pam === 'no' ? 'no' : without === 'maybe' ? 'maybe' : this.#pam;
    return { password, another: anyMatch([...others].flatMap(([name, match]) => (ANOTHERS.has(name) ? [match] : []))) };
  }

  #holds({ scope, members, here }: SudoDefault, user: Subject, target: Subject, command: SudoCommand | SudoItem): Match {
    this.#steps += members.length + 1;
    const own =
      scope === 'user'
        ? user(members)
        : scope === 'runas'
          ? target(members)
          : scope === 'command'
            ? lastMatch(members, (member) => namesCommand(member, command))
            : 'yes';
    return own === 'no' || here === 'yes' ? own : here;
  }

  #asUser(account: Account): Subject {
    return (members) => namesUser(members, account, this.#accounts, this.#policy.spelling);
  }

  #asTarget(account: Account): Subject {
    return (members) => runsAs(members, account, this.#accounts, this.#policy.spelling);
  }

  /** Accounts that a setting is for, those aside that are only among all. */
  #touched(deciding: readonly SudoDefault[], scope: 'user' | 'runas'): readonly Account[] {
    const members = deciding.flatMap((one): readonly SudoItem[] =>
      one.scope === scope ? one.members : scope === 'user' && one.name === 'exempt_group' ? [groupItem(one.value ?? '')] : [],
    );
    const named = members.filter(({ text, quoted }) => text !== 'ALL' || quoted);
    if (named.length === 0) return [];
    const { accounts } = this.#accounts;
    this.#steps += named.length * accounts.length;
    if (this.#steps > MAX_STEPS) return [];
    return accounts.filter((account) =>
      named.some((item) => {
        const subject = scope === 'user' ? this.#asUser(account) : this.#asTarget(account);
        return subject([{ ...item, negated: false }]) !== 'no';
      }),
    );
  }

  /** All who differ before the settings: accounts that a list and a setting name, and for each word of the list whoever else it means. */
  #subjects(items: readonly SudoItem[], touched: readonly Account[], scope: 'user' | 'runas'): readonly Subject[] {
    if (!this.#settings.some((one) => one.scope === scope || (scope === 'user' && one.name === 'exempt_group'))) return [() => 'no'];
    const { spelling } = this.#policy;
    this.#steps += items.length * (touched.length + 1);
    if (this.#steps > MAX_STEPS) return [() => 'maybe'];
    const own = touched
      .filter((account) => (scope === 'user' ? namesUser : runsAs)(items, account, this.#accounts, spelling) !== 'no')
      .map((account) => (scope === 'user' ? this.#asUser(account) : this.#asTarget(account)));
    const others = items
      .filter(({ negated }) => !negated)
      .map(
        (item): Subject =>
          (members) =>
            this.#whoever(item, members),
      );
    // Without a list it runs as oneself.
    return own.length + others.length === 0 ? [() => 'maybe'] : [...own, ...others];
  }

  /** Does a setting bear on those whom a word of a rule means and no account of this host's files is? */
  #whoever({ text }: SudoItem, members: readonly SudoItem[]): Match {
    const { byName, groupsOf, moreAccounts, moreGroups } = this.#accounts;
    const { users, groups } = this.#policy.spelling;
    const same = (a: string, b: string): Match => {
      const folded = a.startsWith('%') ? groups : users;
      return a === b ? 'yes' : foldedName(a) === foldedName(b) ? folded : 'no';
    };
    const open = text === 'ALL' ? moreAccounts.length > 0 : /^[%+]/.test(text) ? moreGroups.length > 0 || /^(?:\+|%:)/.test(text) : false;
    const local = byName.get(text) ?? this.#byFoldedName.get(foldedName(text));
    if (local !== undefined && same(local.name, text) !== 'no') return namesUser(members, local, this.#accounts, this.#policy.spelling);
    return lastMatch(members, (member) => {
      if (member.text === 'ALL' && !member.quoted) return 'yes';
      const equal = same(member.text, text);
      if (equal !== 'no') return equal;
      if (/^(?:\+|%:)/.test(member.text)) return 'maybe';
      if (open && !byName.has(member.text)) return 'maybe';
      if (!member.text.startsWith('%') || /^[%+]|^ALL$/.test(text)) return 'no';
      // A name that is none of an account's here may be that of a member all the same.
      const inside = groupsOf(text).some(({ name }) => same(`%${name}`, member.text) !== 'no');
      return inside ? 'yes' : moreGroups.length > 0 ? 'maybe' : 'no';
    });
  }
}

/** `exempt_group` names a group without its sign. */
function groupItem(name: string): SudoItem {
  return { text: `%${name.replace(/^%/, '')}`, negated: false, quoted: false, start: 0, end: 0 };
}

/** Does a member of a setting for commands mean this one? sudo compares files, not names: another directory may hold the same. */
function namesCommand({ text }: SudoItem, command: SudoItem): Match {
  if (text === 'ALL') return 'yes';
  if (text === command.text) return 'yes';
  if (command.text === 'ALL') return 'no';
  if (isPattern(text) || isPattern(command.text)) return 'maybe';
  if (text.endsWith('/')) return posix.dirname(command.text) === text.slice(0, -1) ? 'yes' : 'maybe';
  return posix.basename(text) === posix.basename(command.text) || command.text.endsWith('/') ? 'maybe' : 'no';
}

function isPattern(text: string): boolean {
  return /[*?[^]/.test(text);
}
