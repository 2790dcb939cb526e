import type { Account, Accounts } from './accounts.ts';
import { foldedName, numberOfId } from './sudo-names.ts';
import type { SudoRule } from './sudo-policy.ts';

/** Rules that may mean an account, in their order, without looking at all of them. */
export function sudoRulesByUser(rules: readonly SudoRule[]): (account: Account, accounts: Accounts) => readonly SudoRule[] {
  const byKey = new Map<string, number[]>();
  for (const [order, { users }] of rules.entries())
    for (const key of new Set(users.map(({ text, negated }) => (negated || /^(?:ALL$|\+|%:)/.test(text) ? '*' : keyOf(text))))) {
      const orders = byKey.get(key);
      if (orders === undefined) byKey.set(key, [order]);
      else orders.push(order);
    }
  return ({ name, uid }, accounts) => {
    const groups = accounts.groupsOf(name).flatMap((group) => [`%${group.name}`, `%#${group.gid}`]);
    // Groups that may have more members: any of them may mean the account.
    const open = accounts.moreGroups.length > 0 ? [...byKey.keys()].filter((key) => key.startsWith('%')) : [];
    const keys = [accounts.byUid.get(uid)?.name ?? name, `#${uid}`, ...groups].map(keyOf);
    const orders = new Set([...keys, '*', ...open].flatMap((key) => byKey.get(key) ?? []));
    return [...orders].toSorted((a, b) => a - b).flatMap((order) => rules[order] ?? []);
  };
}

/** One key for all that may be the same name or number. */
function keyOf(text: string): string {
  const [sign, rest] = text.startsWith('%') ? ['%', text.slice(1)] : ['', text];
  const number = numberOfId(rest);
  return number === undefined ? foldedName(text) : `${sign}#${number}`;
}
