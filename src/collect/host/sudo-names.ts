import type { SudoItem } from '../../text/sudoers.ts';
import type { Account, Accounts, Group } from './accounts.ts';
import { ROOT_GROUPS } from './root-groups.ts';

/** What a comparison came to. `maybe`: a netgroup, a network, a name that is not known here. */
export type Match = 'yes' | 'no' | 'maybe';

/** As whom a command runs. Without users and groups: as oneself. */
export interface RunAs {
  readonly users: readonly SudoItem[];
  readonly groups: readonly SudoItem[];
}

/** Whether names that differ in capitals only are one: `case_insensitive_user` and `case_insensitive_group`, both on unless a file says otherwise. */
export interface Spelling {
  readonly users: Match;
  readonly groups: Match;
}

/** As doas and polkit read names. */
export const EXACT: Spelling = { users: 'no', groups: 'no' };

/** Whoever is held against a list: an account, or a name that stands in a rule and is none of this host's files. */
export type Named = Pick<Account, 'name' | 'uid'>;

/** How two names compare; a capital is only that of ASCII: sudo compares in the locale C. */
function sameName(a: string, b: string, folded: Match): Match {
  return a === b ? 'yes' : folded !== 'no' && foldedName(a) === foldedName(b) ? folded : 'no';
}

/** A name without capitals. */
export function foldedName(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

/** The number of `#1000`, with zeros before it or below zero too: sudo_strtoid() of sudo's lib/util/strtoid.c. */
export function numberOfId(text: string): number | undefined {
  const digits = /^#(-?\d{1,10})$/.exec(text.replace(/^#(-?)0+(?=\d)/, '#$1'))?.[1];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  return number < 0 ? number + 2 ** 32 : number;
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

/** The best of several answers. */
export function anyMatch(matches: readonly Match[]): Match {
  return matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'no';
}

/** The worst of several answers. */
export function everyMatch(matches: readonly Match[]): Match {
  return matches.includes('no') ? 'no' : matches.includes('maybe') ? 'maybe' : 'yes';
}

/** Does a list of users name this account? By its name, its number, or a group of it: userpw_matches() and usergr_matches() of sudo. */
export function namesUser(items: readonly SudoItem[], account: Named, accounts: Accounts, spelling: Spelling): Match {
  // sudo knows whoever runs it by the first line of his number; his groups are those that he logged in with.
  const first = accounts.byUid.get(account.uid) ?? account;
  let groups: readonly Group[] | undefined;
  return lastMatch(items, ({ text, quoted }) => {
    if (text === 'ALL' && !quoted) return 'yes';
    if (text.startsWith('+') || text.startsWith('%:')) return 'maybe';
    if (!text.startsWith('%')) {
      return numberOfId(text) === account.uid ? 'yes' : sameName(text, first.name, spelling.users);
    }
    groups ??= accounts.groupsOf(account.name);
    const found = anyMatch(groups.map((group) => namesGroup(text.slice(1), group, spelling)));
    return found === 'no' && accounts.moreGroups.length > 0 ? 'maybe' : found;
  });
}

/** Does a word, without its `%`, name a group? */
function namesGroup(text: string, { name, gid }: Pick<Group, 'name' | 'gid'>, spelling: Spelling): Match {
  return numberOfId(text) === gid ? 'yes' : sameName(text, name, spelling.groups);
}

const ROOT: Named = { name: 'root', uid: 0 };

/** Whoever has the number 0, and all names in small letters. */
interface Index {
  readonly roots: readonly Named[];
  readonly folded: ReadonlySet<string>;
}

const indexes = new WeakMap<Accounts, Index>();

function indexOf(accounts: Accounts): Index {
  const roots = indexes.has(accounts) ? [] : accounts.accounts.filter(({ uid }) => uid === 0);
  const index = indexes.get(accounts) ?? {
    roots: roots.length === 0 ? [ROOT] : roots,
    folded: new Set([...accounts.byName.keys()].map(foldedName)),
  };
  indexes.set(accounts, index);
  return index;
}

/** Do the commands run as root, or may they? Whoever has the number 0 is root, whatever he is called; `ALL` is everybody, root too. */
export function runsAsRoot(runas: RunAs, accounts: Accounts, spelling: Spelling): Match {
  const asUser = anyMatch(indexOf(accounts).roots.map((root) => runsAs(runas.users, root, accounts, spelling)));
  if (asUser !== 'no') return asUser;
  // Another name of root may stand where accounts are not seen.
  if (accounts.moreAccounts.length > 0 && namesStranger(runas.users, accounts, spelling)) return 'maybe';
  return asRootGroup(runas.groups, accounts, spelling);
}

/** May commands run as this account? As whom is said by the name that is asked for, so a second name of a number is one of its own. */
export function runsAs(users: readonly SudoItem[], account: Named, accounts: Accounts, spelling: Spelling): Match {
  return namesUser(users, account, { ...accounts, byUid: NOBODY }, spelling);
}

const NOBODY: ReadonlyMap<number, Account> = new Map();

function namesStranger(users: readonly SudoItem[], accounts: Accounts, { users: folded }: Spelling): boolean {
  const isHere = (name: string): boolean =>
    accounts.byName.has(name) || (folded !== 'no' && indexOf(accounts).folded.has(foldedName(name)));
  return users.some(({ text, negated, quoted }) => {
    if (negated) return false;
    return (text === 'ALL' && !quoted) || (numberOfId(text) === undefined && !isHere(text));
  });
}

function asRootGroup(groups: readonly SudoItem[], accounts: Accounts, spelling: Spelling): Match {
  if (groups.length === 0) return 'no';
  const rooted = [...accounts.groups.values()].filter(({ name, gid }) => gid === 0 || ROOT_GROUPS.has(name));
  const powerful = [...rooted.filter(({ gid }) => gid !== 0), ...[...ROOT_GROUPS].map((name) => ({ name, gid: -1 }))];
  const matching = (which: readonly Pick<Group, 'name' | 'gid'>[]): Match =>
    anyMatch(
      which.map((group) =>
        lastMatch(groups, ({ text, quoted }) => (text === 'ALL' && !quoted ? 'yes' : namesGroup(text, group, spelling))),
      ),
    );
  const asPowerful = matching(powerful);
  if (asPowerful !== 'no') return asPowerful;
  // With root's own group files that decide over root may be written; which, nobody knows.
  return matching([{ name: 'root', gid: 0 }, ...rooted]) === 'no' ? 'no' : 'maybe';
}

/** Does everything that runs as `narrow` says run as `wide` says, too, as far as their words tell? */
export function coversRunAs(wide: RunAs, narrow: RunAs): boolean {
  const covers = (all: readonly SudoItem[], some: readonly SudoItem[]): boolean => {
    if (all.some(({ negated }) => negated)) return wordsOf(all) === wordsOf(some);
    const words = new Set(all.map(({ text }) => text));
    return words.has('ALL') || some.every(({ text, negated }) => negated || words.has(text));
  };
  // Without users it runs as oneself: a rule for others says nothing of that.
  if (narrow.users.length === 0 && wide.users.length > 0) return false;
  return covers(wide.users, narrow.users) && covers(wide.groups, narrow.groups);
}

/** A list of users or groups as it is written. */
export function wordsOf(items: readonly SudoItem[]): string {
  return items.map(({ text, negated }) => `${negated ? '!' : ''}${text}`).join(',');
}
