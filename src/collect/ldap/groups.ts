import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import { dnKey, isOf, textOf, textsOf, type Entries } from './search.ts';

export const GROUP_FILTER =
  '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)(objectClass=organizationalRole)(objectClass=groupOfURLs))';
/** `owner` and `manager` name who administers a group, where rules say so by dnattr. */
export const GROUP_ATTRIBUTES = 'objectClass,cn,member,uniqueMember,memberUid,gidNumber,roleOccupant,memberURL,owner,manager'.split(',');
/** Whoever is named by one of them is in the group. */
export const MEMBER_ATTRIBUTES: readonly string[] = ['member', 'uniquemember', 'memberuid', 'roleoccupant'];

/** The groups of a directory, and who is in them through any chain. */
export class Groups {
  /** Every group, its members and the groups in it were shown. */
  readonly complete: boolean;
  readonly #entries: readonly LdapEntry[];
  readonly #why: Unknown | undefined;
  readonly #at: Origin;
  /** Key of a member → groups that name it. */
  readonly #parents = new Map<string, LdapEntry[]>();
  readonly #names = new Map<string, number>();

  /** `hidden`: why there may be groups that were not shown. */
  constructor(found: Entries, at: Origin, hidden?: Unknown) {
    this.#entries = found.state === 'known' ? found.value : [];
    this.#at = found.origin ?? at;
    // Members of a dynamic group are what a search finds when it is asked.
    const dynamic = this.#entries.find((entry) => textsOf(entry, 'memberURL').length > 0);
    this.#why =
      found.state === 'unknown'
        ? found
        : (found.open?.[0] ??
          hidden ??
          (dynamic === undefined ? undefined : unknown('unsupported', 'a dynamic group', this.#at)) ??
          this.#withoutMembers());
    this.complete = this.#why === undefined;
    for (const entry of this.#entries) {
      const name = textOf(entry, 'cn') ?? entry.dn;
      this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
      for (const member of membersOf(entry)) this.#add(dnKey(member), entry);
      for (const uid of textsOf(entry, 'memberUid')) this.#add(`uid ${uid}`, entry);
      for (const gid of textsOf(entry, 'gidNumber')) this.#add(`gid ${gid}`, entry);
    }
  }

  /** Every group that was shown. */
  get entries(): readonly LdapEntry[] {
    return this.#entries;
  }

  /** Is there a group of this name? */
  has(name: string): boolean {
    return this.#names.has(name) || this.#entries.some(({ dn }) => dnKey(dn) === dnKey(name));
  }

  /** Names of the groups that an account is in, or would be in with some more; by their whole name where two have the same. */
  of(account: LdapEntry, more: readonly LdapEntry[] = []): Fact<readonly Fact<string>[]> {
    if (this.#entries.length === 0 && this.#why !== undefined) return this.#why;
    const through = this.#closure([
      dnKey(account.dn),
      ...textsOf(account, 'uid').map((uid) => `uid ${uid}`),
      ...textsOf(account, 'gidNumber').map((gid) => `gid ${gid}`),
      ...more.map((group) => dnKey(group.dn)),
    ]);
    const groups = [...new Set([...through, ...more])];
    const names = groups.map((entry) => {
      const name = textOf(entry, 'cn') ?? entry.dn;
      return this.#names.get(name) === 1 ? name : entry.dn;
    });
    return known(
      names.toSorted().map((name) => known(name, this.#at)),
      this.#at,
      this.#why === undefined ? [] : [this.#why],
    );
  }

  /** Does a group name an entry among its own members? What is not shown may do so. */
  names(dn: string, group: string): 'yes' | 'maybe' | 'no' {
    const entry = this.#entries.find((one) => dnKey(one.dn) === dnKey(group));
    if (entry === undefined) return this.complete ? 'no' : 'maybe';
    if (this.#parents.get(dnKey(dn))?.includes(entry) === true) return 'yes';
    return this.complete || membersOf(entry).length > 0 ? 'no' : 'maybe';
  }

  /** RFC 4519 3.5, 3.6: such a group has a member at least. One that shows none hides them. */
  #withoutMembers(): Unknown | undefined {
    const blind = this.#entries.some(
      (entry) =>
        isOf(entry, 'groupOfNames', 'groupOfUniqueNames') && textsOf(entry, 'member').length + textsOf(entry, 'uniqueMember').length === 0,
    );
    return blind ? unknown('access-denied', 'members of a group may not be read', this.#at) : undefined;
  }

  #add(key: string, group: LdapEntry): void {
    const before = this.#parents.get(key);
    if (before === undefined) this.#parents.set(key, [group]);
    else before.push(group);
  }

  #closure(keys: readonly string[]): readonly LdapEntry[] {
    const found = new Map<string, LdapEntry>();
    const open = [...keys];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      for (const group of this.#parents.get(key) ?? []) {
        const own = dnKey(group.dn);
        if (found.has(own)) continue;
        found.set(own, group);
        open.push(own);
      }
    }
    return [...found.values()];
  }
}

/** Names of the members; those of groupOfUniqueNames may end with an identifier (RFC 4517 3.3.21). */
function membersOf(group: LdapEntry): readonly string[] {
  return ['member', 'uniqueMember', 'roleOccupant']
    .flatMap((name) => textsOf(group, name))
    .map((member) => member.replace(/#'[01]*'B$/, ''));
}
