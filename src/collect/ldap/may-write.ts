import { allOf, atLeast, fits, type AccessRule, type Asker } from './access-rule.ts';
import { dnKey, isUnder } from './search.ts';

export type Answer = 'yes' | 'maybe' | 'no';

/** An entry whose attributes somebody may write. */
export interface Written {
  readonly dn: string;
  /** Any of them is enough, in lower case. */
  readonly attributes: readonly string[];
  /** To add or remove oneself is enough (`selfwrite`). */
  readonly oneself: boolean;
  /** Does an attribute of the entry name somebody? For `dnattr=`. */
  readonly names: (attribute: string, dn: string) => Answer;
}

/**
 * May somebody write an attribute of an entry? Of the rules of its database the first that is about it decides, and of that the first clause
 * that fits who asks; whoever no clause fits has nothing (slapd.access(5)).
 */
export function mayWrite(rules: readonly AccessRule[], asker: Exclude<Asker, 'anonymous'>, entry: Written): Answer {
  let possible = false;
  let doubtful = false;
  const end = (write: boolean): Answer => (write && !doubtful ? 'yes' : write || possible ? 'maybe' : 'no');
  for (const rule of rules) {
    const about = isAbout(rule, entry);
    if (about === 'no') continue;
    let goesOn = false;
    for (const grant of rule.grants) {
      const who = allOf(grant.who.map((condition) => fitsEntry(condition, asker, entry)));
      if (who === 'no') continue;
      const writes = (grant.level === undefined || atLeast(grant.level, 'write')) && (!grant.self || entry.oneself);
      if (about === 'yes' && who === 'yes' && grant.level !== undefined && !grant.goesOn) return end(writes);
      // A clause that may count, or that others behind it may change.
      possible ||= writes;
      doubtful ||= who === 'maybe' || grant.level === undefined || writes;
      goesOn ||= grant.goesOn;
      if (who === 'yes' && grant.level !== undefined && !grant.goesOn) break;
    }
    if (about === 'yes' && !goesOn) return end(false);
    doubtful ||= about === 'maybe';
  }
  return end(false);
}

function fitsEntry(condition: string, asker: Exclude<Asker, 'anonymous'>, entry: Written): Answer {
  if (condition === 'self') return dnKey(asker.dn) === dnKey(entry.dn) ? 'yes' : 'no';
  const [, attribute] = /^dnattr=([\w-]+)$/i.exec(condition) ?? [];
  return attribute === undefined ? fits(condition, asker) : entry.names(attribute.toLowerCase(), asker.dn);
}

function isAbout({ about }: AccessRule, entry: Written): Answer {
  return allOf(about.map((word) => isAboutBy(word, entry)));
}

function isAboutBy(word: string, { dn, attributes }: Written): Answer {
  if (word === '*') return 'yes';
  const [, style = '', base] = /^dn(?:\.(\w+))?=(.*)$/i.exec(word) ?? [];
  if (base !== undefined) {
    if (base === '*') return 'yes';
    const under = isUnder(dn, base);
    const same = dnKey(dn) === dnKey(base);
    switch (style.toLowerCase()) {
      case '':
      case 'exact':
      case 'base':
      case 'baseobject':
        return same ? 'yes' : 'no';
      case 'sub':
      case 'subtree':
        return under ? 'yes' : 'no';
      case 'children':
        return under && !same ? 'yes' : 'no';
      case 'one':
      case 'onelevel':
        return dnKey(dn).replace(/^(?:\\.|[^,\\])+,/, '') === dnKey(base) ? 'yes' : 'no';
      default:
        return 'maybe';
    }
  }
  const [, list] = /^attrs?=(.*)$/i.exec(word) ?? [];
  if (list === undefined) return 'maybe';
  const names = list.toLowerCase().split(',');
  if (names.includes('*') || names.some((name) => attributes.includes(name))) return 'yes';
  // Classes of attributes, and attributes by their numbers.
  return names.some((name) => /^[@!\d]/.test(name)) ? 'maybe' : 'no';
}
