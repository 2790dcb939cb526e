import { dnKey, isUnder } from './search.ts';

/** Levels of slapd.access(5), each of which includes those before it. */
export const LEVELS = ['none', 'disclose', 'auth', 'compare', 'search', 'read', 'write', 'manage'] as const;
export type Level = (typeof LEVELS)[number];

/** `by <who> <level>`: conditions that hold together, and what they are given. */
export interface Grant {
  /** Conditions as they are written: `*`, `users`, `dn.exact="…"`, `ssf=128`. */
  readonly who: readonly string[];
  /** The most that it may amount to; undefined where it is not understood. */
  readonly level: Level | undefined;
  /** Only of one's own entry, or of names that one adds or removes of oneself. */
  readonly self: boolean;
  /** Rules behind it count too (`continue`, `break`). */
  readonly goesOn: boolean;
}

/** `to <what> by … by …`: the first that fits an entry decides, and of it the first `by` that fits the one who asks. */
export interface AccessRule {
  readonly what: string;
  /** Its conditions one by one, without quotes. */
  readonly about: readonly string[];
  /** It is about every entry and attribute. */
  readonly everything: boolean;
  readonly grants: readonly Grant[];
}

/** Reads one value of `olcAccess` of a database with these suffixes. */
export function parseAccess(text: string, suffixes: readonly string[] = []): AccessRule {
  const words = wordsOf(text.replace(/^\{-?\d+\}/, ''));
  const start = words[0] === 'to' ? 1 : 0;
  const by = words.indexOf('by');
  const what = words.slice(start, by === -1 ? undefined : by).map((word) => word.replaceAll('"', ''));
  const grants: Grant[] = [];
  let clause: string[] = [];
  // Whoever no clause fits has nothing: every rule ends with `by * none`.
  for (const word of by === -1 ? [] : [...words.slice(by + 1), 'by']) {
    if (word !== 'by') clause.push(word);
    else {
      grants.push(grantOf(clause));
      clause = [];
    }
  }
  return { what: what.join(' '), about: what, everything: what.every((word) => isEverything(word, suffixes)), grants };
}

function isEverything(word: string, suffixes: readonly string[]): boolean {
  if (/^(?:\*|dn(?:\.\w+)?=\*)$/.test(word)) return true;
  const [, base] = /^dn\.sub(?:tree)?=(.*)$/i.exec(word) ?? [];
  return base !== undefined && (base === '' || (suffixes.length > 0 && suffixes.every((suffix) => isUnder(suffix, base))));
}

function grantOf(words: readonly string[]): Grant {
  const rest = [...words];
  const control = /^(?:stop|continue|break)$/i.test(rest.at(-1) ?? '') ? rest.pop()?.toLowerCase() : undefined;
  const last = rest.at(-1) ?? '';
  const [, self, name] =
    /^(self|realself|dnattr)?((?:none|disclose|auth|compare|search|read|add|delete|write|manage)|[=+-][a-z0-9]*)$/i.exec(last) ?? [];
  const goesOn = control !== undefined && control !== 'stop';
  // Without a level nothing is given: `by * break` only goes on. Behind several conditions the last may be a level that is not known here.
  if (name === undefined) return { who: rest, level: rest.length === 1 ? 'none' : undefined, self: false, goesOn };
  return {
    who: rest.slice(0, -1),
    level: levelOf(name.toLowerCase()),
    self: self !== undefined,
    goesOn,
  };
}

/** `=rscxd` names each privilege by a letter; `+` and `-` change what a rule before it gave. */
function levelOf(name: string): Level | undefined {
  if (name === 'add' || name === 'delete') return 'write';
  const level = LEVELS.find((one) => one === name);
  if (level !== undefined) return level;
  const letters = name.slice(1);
  if (name.startsWith('-') || !/^[0mwazrscxd]*$/.test(letters)) return undefined;
  if (letters.includes('m')) return 'manage';
  if (/[waz]/.test(letters)) return 'write';
  return letters.includes('r')
    ? 'read'
    : letters.includes('s')
      ? 'search'
      : letters.includes('c')
        ? 'compare'
        : letters.includes('x')
          ? 'auth'
          : letters.includes('d')
            ? 'disclose'
            : 'none';
}

/** Words, with what stands in quotes as part of the word it belongs to. */
function wordsOf(text: string): readonly string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g) ?? [];
}

/** Somebody who asks: nobody in particular, or an account with the groups that name it (slapd looks into no group within a group). */
export type Asker = 'anonymous' | { readonly dn: string; readonly inGroup: (group: string) => 'yes' | 'maybe' | 'no' };

/** What somebody is given by some rules; `maybe` where a condition depends on what only the moment tells. */
export interface Given {
  readonly rule: AccessRule;
  readonly level: Level;
  readonly self: boolean;
  readonly certain: boolean;
  /** Rules behind it count too. */
  readonly goesOn: boolean;
}

/** What rules give somebody, one line a rule at most; more than an entry further up would leave, never less. */
export function givenBy(rules: readonly AccessRule[], asker: Asker): readonly Given[] {
  const given: Given[] = [];
  for (const rule of rules) {
    const own = givenByRule(rule, asker);
    given.push(...own);
    const [first] = own.filter(({ self }) => !self);
    // What lies behind a rule about everything that decides is never reached; where no clause fits, that is `none`.
    if (rule.everything && (own.length === 0 || (first !== undefined && first.certain && !first.goesOn))) break;
  }
  return given;
}

/** Clauses of one rule that may count, up to the first that surely does. What one may do to one’s own entry says nothing of others. */
function givenByRule(rule: AccessRule, asker: Asker): readonly Given[] {
  const given: Given[] = [];
  for (const { who, level, self, goesOn } of rule.grants) {
    const fits = fitting(who, asker);
    if (fits === 'no') continue;
    const own = self || who.includes('self');
    given.push({ rule, level: level ?? 'manage', self: own, certain: fits === 'yes' && level !== undefined, goesOn });
    if (fits === 'yes' && !own && !goesOn) break;
  }
  return given;
}

function fitting(who: readonly string[], asker: Asker): 'yes' | 'maybe' | 'no' {
  return allOf(who.map((condition) => fits(condition, asker)));
}

/** Do all conditions hold? Of none nobody can tell. */
export function allOf(answers: readonly ('yes' | 'maybe' | 'no')[]): 'yes' | 'maybe' | 'no' {
  return answers.includes('no') ? 'no' : answers.includes('maybe') || answers.length === 0 ? 'maybe' : 'yes';
}

/** Does a condition on who asks hold? */
export function fits(condition: string, asker: Asker): 'yes' | 'maybe' | 'no' {
  const nobody = asker === 'anonymous';
  if (condition === '*') return 'yes';
  if (condition === 'anonymous') return nobody ? 'yes' : 'no';
  if (condition === 'users') return nobody ? 'no' : 'yes';
  // Of one's own entry it is certain, and no other is meant.
  if (condition === 'self') return nobody ? 'no' : 'yes';
  const [, kind = '', style = '', quoted = ''] = /^(dn|group(?:\/[^.=]*)?)(?:\.(\w+))?=(.*)$/i.exec(condition) ?? [];
  const value = quoted.replaceAll('"', '');
  if (kind === '' || /[\\]/.test(value)) return 'maybe';
  if (nobody) return kind.toLowerCase() === 'dn' && (value === '' || style.toLowerCase() === 'regex') ? 'maybe' : 'no';
  if (kind.toLowerCase() === 'dn') {
    switch (style.toLowerCase()) {
      case '':
      case 'exact':
      case 'base':
      case 'baseobject':
        return dnKey(asker.dn) === dnKey(value) ? 'yes' : 'no';
      case 'subtree':
      case 'sub':
        return isUnder(asker.dn, value) ? 'yes' : 'no';
      case 'children':
        return isUnder(asker.dn, value) && dnKey(asker.dn) !== dnKey(value) ? 'yes' : 'no';
      case 'one':
      case 'onelevel':
        return isUnder(asker.dn, value) ? 'maybe' : 'no';
      default:
        return 'maybe';
    }
  }
  if (style !== '' && style.toLowerCase() !== 'exact') return 'maybe';
  return asker.inGroup(value);
}

/** Is a level at least another? */
export function atLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
