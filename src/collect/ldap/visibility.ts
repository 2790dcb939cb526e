import { unknown, type Known, type Unknown } from '../../model/fact.ts';
import { atLeast, givenBy } from './access-rule.ts';
import { rulesOf, type SlapdConfiguration } from './configuration.ts';
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
    const rules = rulesOf(value, database).flatMap((rule) => {
      const attributes = /(?:^|\s)attrs?=(\S+)/i.exec(rule.what)?.[1];
      if (attributes?.split(',').every((name) => PASSWORDS.test(name)) === true) return [];
      const [first] = givenBy([rule], asker);
      return first?.goesOn === true && first.certain && first.level === 'none' ? [] : [{ rule, first }];
    });
    const read = rules.map(({ first }) => first !== undefined && first.certain && !first.self && atLeast(first.level, 'read'));
    // What no rule is about, nobody reads.
    return read.includes(false) || !rules.some(({ rule }) => rule.everything);
  });
  return hiding ? unknown('access-denied', 'olcAccess does not let this account read every entry', origin) : undefined;
}
