import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { identityPrincipal } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import { atLeast, givenBy, type Given } from './access-rule.ts';
import type { AccountSurroundings } from './accounts.ts';
import { dnKey, textOf } from './search.ts';

type Principal = LiveKindFacts<typeof identityPrincipal>;

/** What an account may do, and what of that is more than any task. */
interface LdapRights {
  readonly rights: Principal['rights'];
  readonly superuser: Fact<boolean>;
  readonly dangerous: Principal['dangerous_rights'];
  /** What it is given, surely or perhaps. */
  readonly given: readonly Given[];
  /** Why there may be more. */
  readonly open: readonly Unknown[];
  readonly at: Origin;
}

/** What it may do, by the rules in their order, rights of groups included. */
export function rightsOf(
  dn: string,
  { configuration, takeovers, at: declared }: Pick<AccountSurroundings, 'configuration' | 'takeovers' | 'at'>,
  joined: readonly LdapEntry[] = [],
): LdapRights {
  if (configuration.state === 'unknown')
    return { rights: configuration, superuser: configuration, dangerous: configuration, given: [], open: [configuration], at: declared };
  const at = derived('olcAccess', configuration.origin);
  const asker = takeovers.asker(dn, { groups: joined });
  const given = configuration.value.databases.flatMap((database) => givenBy(database.rules, asker));
  const useful = given.filter(({ level }) => atLeast(level, 'compare'));
  const certain = useful.filter((one) => one.certain);
  const open = useful.some((one) => !one.certain)
    ? [unknown('unresolved', 'olcAccess: a condition that depends on more than who asks', at)]
    : [];
  const isRoot = configuration.value.databases.some(({ entry }) => dnKey(textOf(entry, 'olcRootDN') ?? '') === dnKey(dn));
  const writesAll = certain.some(overEverything);
  return {
    given: useful,
    open,
    at,
    rights: known(
      [...new Set(certain.map(textOfGiven))].toSorted().map((right) => known(right, at)),
      at,
      open,
    ),
    superuser: isRoot || writesAll ? known(true, at) : useful.some(overEverything) ? (open[0] ?? known(false, at)) : known(false, at),
    dangerous: known(
      [
        ...new Set(
          certain
            .filter(({ level, self, rule }) => !self && (level === 'manage' || (atLeast(level, 'write') && rule.everything)))
            .map(textOfGiven),
        ),
      ]
        .toSorted()
        .map((right) => known(right, at)),
      at,
      open,
    ),
  };
}

/** To write every entry is to write passwords and groups, too. */
function overEverything({ level, self, rule }: Given): boolean {
  return !self && rule.everything && atLeast(level, 'write');
}

function textOfGiven({ level, self, rule }: Given): string {
  return `${self ? 'self ' : ''}${level} on ${rule.everything ? '*' : rule.what}`.slice(0, 160);
}
