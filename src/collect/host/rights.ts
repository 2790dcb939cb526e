import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { withoutSecrets } from '../../text/secrets.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Grant, Grants } from './grants.ts';
import { POWERFUL_GROUPS, ROOT_GROUPS } from './root-groups.ts';

/** What an account of a host may do in the end, through every chain. */
export interface EffectiveRights {
  readonly memberOf: Fact<readonly Fact<string>[]>;
  readonly rights: Fact<readonly Fact<string>[]>;
  readonly dangerous: Fact<readonly Fact<string>[]>;
  readonly superuser: Fact<boolean>;
}

/** A way from an account to root. */
interface Way {
  readonly how: string;
  readonly certain: boolean;
  readonly origin: Origin;
}

/** Another account that it may become. */
interface Become {
  readonly account: Account;
  readonly certain: boolean;
  readonly origin: Origin;
}

const MAX_RIGHTS = 500;

/** Works the rights of accounts out; what one may become is worked out once. */
export class RightsOfHost {
  readonly #accounts: Accounts;
  readonly #grants: Grants;
  readonly #granted = new Map<string, readonly Grant[]>();

  constructor(accounts: Accounts, grants: Grants) {
    this.#accounts = accounts;
    this.#grants = grants;
  }

  of(account: Account): EffectiveRights {
    const { moreGroups } = this.#accounts;
    const open: readonly Unknown[] = [...moreGroups, ...this.#grants.gaps];
    const groups = this.#accounts.groupsOf(account.name);
    const others = this.#become(account);
    const ways = this.#waysToRoot(account, others);
    const granted = [account, ...others.map(({ account: other }) => other)].flatMap((one) => this.#grantsOf(one));
    const uncertain = granted
      .filter(({ certain }) => certain === 'maybe')
      .map(({ by, command, origin }) =>
        unknown('unresolved', `${by}: whether ${withoutSecrets(command).slice(0, 60)} is meant for it`, origin),
      );
    const rights = [
      ...(account.uid === 0 ? [known('uid 0', account.origin)] : []),
      ...granted.filter(({ certain }) => certain === 'yes').map((grant) => known(rightOf(grant), grant.origin)),
    ];
    const more = rights.length > MAX_RIGHTS ? [unknown('unsupported', `rights: more than ${MAX_RIGHTS}`, account.origin)] : [];
    const powerful = groups.filter(({ name }) => POWERFUL_GROUPS.has(name)).map(({ name, origin }) => known(`group ${name}`, origin));
    const sure = ways.filter(({ certain }) => certain);
    const unsure = ways
      .filter(({ certain }) => !certain)
      .map(({ how, origin }) => unknown('unresolved', `whether ${how} makes it root`, origin));
    const [way] = sure;
    return {
      memberOf: known(
        distinct([
          ...groups.map(({ name, origin }) => known(name, derived('groups', account.origin, origin))),
          ...others.filter(({ certain }) => certain).map(({ account: other, origin }) => known(other.name, origin)),
        ]),
        derived('groups and rules', account.origin),
        open,
      ),
      rights: known(distinct(rights).slice(0, MAX_RIGHTS), derived('rules that name it', account.origin), [
        ...open,
        ...uncertain.slice(0, 20),
        ...more,
      ]),
      dangerous: known(
        distinct([...sure.map(({ how, origin }) => known(`root by ${how}`, origin)), ...powerful]),
        derived('ways to root', account.origin),
        [...open, ...unsure.slice(0, 20)],
      ),
      superuser:
        way !== undefined
          ? known(true, way.origin)
          : (unsure[0] ?? open[0] ?? known(false, derived('neither its number nor a group nor a rule makes it root', account.origin))),
    };
  }

  /** Its own rules; root needs none. */
  #grantsOf(account: Account): readonly Grant[] {
    const before = this.#granted.get(account.name) ?? (account.uid === 0 ? [] : this.#grants.of(account));
    this.#granted.set(account.name, before);
    return before;
  }

  /** Other accounts that it may become by running everything as them, root aside; through any chain. */
  #become(account: Account): readonly Become[] {
    const sure = this.#reached(account, true);
    const names = new Set(sure.map(({ account: other }) => other.name));
    return [...sure, ...this.#reached(account, false).filter(({ account: other }) => !names.has(other.name))];
  }

  #reached(account: Account, certain: boolean): readonly Become[] {
    const found = new Map<string, Become>();
    const waiting = [account];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const grant of this.#grantsOf(next)) {
        if (grant.everything === 'no' || (certain && (grant.everything === 'maybe' || grant.certain === 'maybe'))) continue;
        for (const { account: other, certain: sure } of grant.as) {
          if ((certain && !sure) || other.name === account.name || found.has(other.name)) continue;
          found.set(other.name, { account: other, certain, origin: grant.origin });
          waiting.push(other);
        }
      }
    return [...found.values()];
  }

  #waysToRoot(account: Account, others: readonly Become[]): readonly Way[] {
    const through = others.flatMap((other) =>
      this.#directWays(other.account).map((way) => ({
        how: `account ${other.account.name}`,
        certain: other.certain && way.certain,
        origin: derived(`as ${other.account.name}`, other.origin, way.origin),
      })),
    );
    return [...this.#directWays(account), ...through];
  }

  /** Ways without another account between. */
  #directWays(account: Account): readonly Way[] {
    const ways: Way[] = [];
    if (account.uid === 0) ways.push({ how: 'uid 0', certain: true, origin: account.origin });
    for (const { name, origin } of this.#accounts.groupsOf(account.name))
      if (ROOT_GROUPS.has(name)) ways.push({ how: `group ${name}`, certain: true, origin: derived('groups', account.origin, origin) });
    for (const grant of this.#grantsOf(account)) {
      // Whoever must know root's own password has no more than su gives him.
      const another = grant.password === 'no' ? 'no' : grant.another;
      if (grant.everything === 'no' || grant.asRoot === 'no' || another === 'yes') continue;
      const how = grant.password === 'no' ? `${grant.by} without a password` : grant.by;
      const certain = grant.everything === 'yes' && grant.certain === 'yes' && grant.asRoot === 'yes' && another === 'no';
      ways.push({ how, certain, origin: grant.origin });
    }
    return ways;
  }
}

function rightOf({ by, label, command }: Grant): string {
  return [by, ...(label === '' || label === '(ALL)' ? [] : [label]), withoutSecrets(command)].join(' ');
}

function distinct(list: readonly Fact<string>[]): readonly Fact<string>[] {
  const seen = new Set<string>();
  return list.filter((one) => one.state !== 'known' || (!seen.has(one.value) && seen.add(one.value)));
}
