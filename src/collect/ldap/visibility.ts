import { unknown, type Known, type Unknown } from '../../model/fact.ts';
import { atLeast, givenBy } from './access-rule.ts';
import type { SlapdConfiguration } from './configuration.ts';
import type { Groups } from './groups.ts';
import { dnKey, textOf } from './search.ts';

/** Attributes that nobody needs to see an entry, its groups or its policy. */
const PASSWORDS = /^(?:userpassword|shadowlastchange|pwdhistory|krbprincipalkey|sambantpassword|sambalmpassword|authpassword|olcrootpw)$/i;

/**
 * Why entries may be there that we were not shown; undefined where the rules give us all of them. A directory says nothing of what it
 * hides: without its rules no list of it is whole.
 */
export function hiddenFrom(
  identity: string | undefined,
  configuration: Known<SlapdConfiguration> | Unknown,
  groups: Groups,
): Unknown | undefined {
  if (configuration.state === 'unknown')
    return unknown('access-denied', 'whether every entry was shown, only cn=config tells', configuration.origin);
  const { value, origin } = configuration;
  if (identity === undefined) return unknown('unsupported', 'the server does not say whom it takes us for', origin);
  const asker = identity === '' ? 'anonymous' : { dn: identity, inGroup: (group: string) => groups.names(identity, group) };
  const hiding = value.databases.some((database) => {
    if (database.suffixes.length === 0 || dnKey(textOf(database.entry, 'olcRootDN') ?? '') === dnKey(identity)) return false;
    for (const rule of database.rules) {
      const attributes = /(?:^|\s)attrs?=(\S+)/i.exec(rule.what)?.[1];
      if (attributes?.split(',').every((name) => PASSWORDS.test(name)) === true) continue;
      const [first] = givenBy([rule], asker).filter(({ self }) => !self);
      if (first?.goesOn === true && first.certain && first.level === 'none') continue;
      if (first === undefined || !first.certain || !atLeast(first.level, 'read')) return true;
      if (rule.everything) return false;
    }
    // What no rule is about, nobody reads.
    return true;
  });
  return hiding ? unknown('access-denied', 'olcAccess does not let this account read every entry', origin) : undefined;
}
