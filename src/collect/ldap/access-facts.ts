import { derived, known, mapFact, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { atLeast, type AccessRule, type Grant } from './access-rule.ts';

type Rule = KindFacts<typeof accessRule>;

/** A `by` clause as a rule of its own: `dc=example,dc=com: write on * by group=cn=hr,…`. */
export function idOfGrant(suffix: string, rule: AccessRule, grant: Grant): string {
  const level = grant.level ?? 'not understood';
  return `${suffix}: ${grant.self ? 'self ' : ''}${level} on ${rule.what} by ${grant.who.join(' ').replaceAll('"', '')}`.slice(0, 300);
}

/** What a clause of `olcAccess` gives to whom. Passwords travel as the server lets them: `transport`. */
export function grantFacts(rule: AccessRule, grant: Grant, transport: Fact<'tls' | 'any'>, from: Origin): Rule {
  const at = derived('olcAccess', from);
  const everybody = grant.who.length === 1 && grant.who[0] === '*';
  const nobody = grant.who.includes('anonymous') || everybody;
  const users = grant.who.length === 1 && (everybody || grant.who[0] === 'users' || grant.who[0] === 'anonymous');
  const conditional = grant.who.find((one) => /^(?:peername|sockname|domain|sockurl)/i.test(one));
  const level = grant.level;
  // To be taken for somebody (`auth`), or told that there is something (`disclose`), is no access.
  const effect: Rule['effect'] =
    level === undefined
      ? unknown('unsupported', 'a level of olcAccess that is not understood', at)
      : known(atLeast(level, 'compare') ? 'allow' : 'deny', at);
  return {
    effect,
    transport,
    local: known(false, at),
    source: known(conditional?.replaceAll('"', '').slice(0, 120) ?? 'any', at),
    // Where somebody has to prove who they are it is the listener that admits addresses, not the rule.
    any_source: conditional === undefined ? known(nobody, at) : unknown('unresolved', 'olcAccess: a condition on where one comes from', at),
    users: known([known(grant.who.join(' ').replaceAll('"', '').slice(0, 160), at)], at),
    all_users: known(users, at),
    objects: known([known(rule.what.slice(0, 160), at)], at),
    all_objects: known(rule.everything, at),
    method: known(nobody ? 'none' : 'ldap', at),
    authenticates: known(!nobody, at),
    protects_password: nobody
      ? known(true, derived('no password is sent', at))
      : mapFact(transport, 'clear-text binds', (way) => way === 'tls'),
  };
}
