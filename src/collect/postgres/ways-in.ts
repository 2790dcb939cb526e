import { derived, known, type Fact, type Unknown } from '../../model/fact.ts';
import type { HbaRule, HbaRules } from '../files/postgres-hba-rule.ts';
import { Undecided } from '../files/postgres-hba-undecided.ts';
import type { Reach, Role } from './roles.ts';

/** From where pg_hba.conf lets a role in, and how its bytes travel. The first rule that fits a connection decides about it. */
export function waysIn(
  role: Role,
  reach: Reach,
  hba: HbaRules | Unknown,
): { readonly any_source: Fact<boolean>; readonly requires_tls: Fact<boolean> } {
  if ('state' in hba) return { any_source: hba, requires_tls: hba };
  const [gap] = hba.gaps;
  let doubt: Unknown | undefined = gap ?? reach.open;
  let anywhere: HbaRule | undefined;
  let clear: HbaRule | undefined;
  const undecided = new Undecided();
  for (const rule of hba.rules) {
    if (rule.local) continue;
    const named = names(rule, role, reach);
    if (named !== true && named !== false) doubt ??= named;
    if (named !== true) continue;
    const ways = undecided.waysOf(rule);
    undecided.decide(rule);
    if (rule.method === 'reject' || ways.length === 0) continue;
    if (rule.anySource) anywhere ??= rule;
    if (ways.includes('clear')) clear ??= rule;
  }
  const fact = (found: HbaRule | undefined, value: boolean, rule: string): Fact<boolean> =>
    found === undefined ? (doubt ?? known(!value, derived(rule, hba.at))) : known(value, found.origin);
  return {
    any_source: fact(anywhere, true, 'no rule lets it in from everywhere'),
    requires_tls: fact(clear, false, 'no rule lets it in over a network without encryption'),
  };
}

/** Is a role among those that a rule names? A list in a file, or a pattern, may name it. */
function names(rule: HbaRule, role: Role, reach: Reach): boolean | Unknown {
  if (rule.allUsers.state === 'known' && rule.allUsers.value) return true;
  if (rule.users.state !== 'known') return rule.users.state === 'unknown' ? rule.users : false;
  for (const user of rule.users.value) {
    if (user.state !== 'known') continue;
    if (user.value === role.name) return true;
    if (user.value.startsWith('+') && [...reach.privileges].some(({ name }) => name === user.value.slice(1))) return true;
  }
  const [open] = rule.users.open ?? [];
  return open ?? (rule.allUsers.state === 'unknown' ? rule.allUsers : false);
}
