import { derived, unknown, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import { atLeast, givenBy, type Asker } from './access-rule.ts';
import type { SlapdConfiguration, SlapdDatabase } from './configuration.ts';
import { MEMBER_ATTRIBUTES, type Groups } from './groups.ts';
import { mayWrite, type Answer, type Written } from './may-write.ts';
import { dnKey, isUnder, textsOf } from './search.ts';

/** So many questions are asked of one directory's rules. */
const MAX_QUESTIONS = 3_000_000;

/** Whom an account can make itself, by what it may write. */
export interface Reach {
  /** Accounts whose password it may set, itself aside, through any chain. */
  readonly accounts: readonly LdapEntry[];
  /** Groups that it may add itself to. */
  readonly groups: readonly LdapEntry[];
  /** Why there may be more. */
  readonly open: readonly Unknown[];
}

/**
 * Who may write the members of a group is as good as in it, and who may set a password is as good as whom it belongs to
 * (slapd.access(5), slapo-ppolicy(5): rules alone decide).
 */
export class Takeovers {
  /** Why its rules are not known. */
  readonly #why: Unknown | undefined;
  readonly #databases: readonly SlapdDatabase[];
  readonly #groups: Groups;
  readonly #accounts: readonly LdapEntry[];
  readonly #at: Origin;
  #left = MAX_QUESTIONS;

  constructor(configuration: Known<SlapdConfiguration> | Unknown, groups: Groups, accounts: readonly LdapEntry[], at: Origin) {
    this.#why = configuration.state === 'unknown' ? configuration : undefined;
    this.#databases = configuration.state === 'unknown' ? [] : configuration.value.databases;
    this.#groups = groups;
    this.#accounts = accounts;
    this.#at = configuration.state === 'known' ? derived('olcAccess', configuration.origin) : at;
  }

  /** Somebody who asks, with the groups that it may join. */
  asker(dn: string, { groups }: Pick<Reach, 'groups'> = { groups: [] }): Exclude<Asker, 'anonymous'> {
    const joined = new Set(groups.map((group) => dnKey(group.dn)));
    return { dn, inGroup: (group) => (joined.has(dnKey(group)) ? 'yes' : this.#groups.names(dn, group)) };
  }

  of(account: LdapEntry): Reach {
    const reach = { accounts: new Set<LdapEntry>(), groups: new Set<LdapEntry>() };
    if (this.#why !== undefined) return { accounts: [], groups: [], open: [this.#why] };
    let maybe = false;
    for (let before = -1; before !== reach.accounts.size + reach.groups.size;) {
      before = reach.accounts.size + reach.groups.size;
      for (const one of [account, ...reach.accounts]) {
        const asker = this.asker(one.dn, { groups: [...reach.groups] });
        if (!this.#writesAnything(asker)) continue;
        if ((this.#left -= this.#accounts.length + this.#groups.entries.length) < 0)
          return {
            accounts: [...reach.accounts],
            groups: [...reach.groups],
            open: [unknown('unsupported', 'olcAccess: too many accounts to follow who may write whom', this.#at)],
          };
        for (const group of this.#groups.entries) {
          if (reach.groups.has(group)) continue;
          const answer = this.#writes(asker, writtenGroup(group, this.#groups.complete));
          if (answer === 'yes') reach.groups.add(group);
          maybe ||= answer === 'maybe';
        }
        for (const other of this.#accounts) {
          if (other === account || reach.accounts.has(other)) continue;
          const answer = this.#writes(asker, { dn: other.dn, attributes: ['userpassword'], oneself: false, names: () => 'maybe' });
          if (answer === 'yes') reach.accounts.add(other);
          maybe ||= answer === 'maybe';
        }
      }
    }
    return {
      accounts: [...reach.accounts],
      groups: [...reach.groups],
      open: maybe ? [unknown('unresolved', 'olcAccess: a condition that depends on more than who asks', this.#at)] : [],
    };
  }

  /** Most accounts may write nothing but what is their own: their rules need not be held against every entry. */
  #writesAnything(asker: Exclude<Asker, 'anonymous'>): boolean {
    return this.#databases.some(({ rules }) =>
      givenBy(rules, asker).some(({ level, self, rule }) => atLeast(level, 'write') && (!self || rule.grants.some((grant) => grant.self))),
    );
  }

  #writes(asker: Exclude<Asker, 'anonymous'>, written: Written): Answer {
    const [database] = this.#databases
      .flatMap((one) => one.suffixes.filter((suffix) => isUnder(written.dn, suffix)).map((suffix) => ({ one, suffix })))
      .toSorted((a, b) => dnKey(b.suffix).length - dnKey(a.suffix).length);
    return database === undefined ? 'no' : mayWrite(database.one.rules, asker, written);
  }
}

function writtenGroup(group: LdapEntry, complete: boolean): Written {
  return {
    dn: group.dn,
    attributes: MEMBER_ATTRIBUTES,
    oneself: true,
    names: (attribute, dn) => {
      const named = textsOf(group, attribute).some((value) => dnKey(value) === dnKey(dn));
      // What a group does not show it may have, where anything is hidden, or was not asked for.
      return named ? 'yes' : complete && [...MEMBER_ATTRIBUTES, 'owner', 'manager'].includes(attribute) ? 'no' : 'maybe';
    },
  };
}
