import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import { heldByLists, type Claim } from '../duties.ts';
import type { AccountSurroundings } from './accounts.ts';
import { amountsTo } from './claimed-right.ts';
import { rightsOf } from './rights.ts';
import type { Reach } from './takeovers.ts';

/** What an account holds in the end: by itself, by groups that it may join, and by everybody whose password it may set. */
export class Holding {
  readonly #reach: Reach;
  readonly #holders: readonly { readonly superuser: Fact<boolean>; readonly holds: (claim: Claim) => Fact<boolean> }[];

  constructor(entry: LdapEntry, around: AccountSurroundings) {
    const reach = around.takeovers.of(entry);
    this.#reach = reach;
    this.#holders = [entry, ...reach.accounts].map((one) => {
      const { superuser, given, open, at } = rightsOf(one.dn, around, reach.groups);
      const byGroups = heldByLists({ name: one.dn, memberOf: around.groups.of(one, reach.groups), rights: known([], at), superuser });
      const holds = (claim: Claim): Fact<boolean> => {
        if (claim.kind !== 'right' || (superuser.state === 'known' && superuser.value)) return byGroups(claim);
        const fitting = given.filter((right) => amountsTo(right, claim.name));
        if (fitting.some(({ certain }) => certain)) return known(true, at);
        return (fitting.length > 0 || given.length === 0 ? open[0] : undefined) ?? byGroups(claim);
      };
      return { superuser, holds };
    });
  }

  /** Who can make himself a superuser is one. */
  get superuser(): Fact<boolean> {
    const [own, ...others] = this.#holders.map(({ superuser }) => superuser);
    if (own === undefined || (own.state === 'known' && own.value)) return own ?? unknown('collector-failed', 'olcAccess');
    const other = others.find((fact) => fact.state === 'known' && fact.value);
    if (other?.state === 'known') return known(true, derived('it may set a superuser’s password', other.origin));
    return [own, ...others].find(({ state }) => state === 'unknown') ?? this.#reach.open[0] ?? own;
  }

  holds(claim: Claim): Fact<boolean> {
    const answers = this.#holders.map((holder) => holder.holds(claim));
    const [own] = answers;
    return (
      answers.find((answer) => answer.state === 'known' && answer.value) ??
      answers.find(({ state }) => state === 'unknown') ??
      this.#reach.open[0] ??
      own ??
      unknown('collector-failed', 'olcAccess')
    );
  }
}
