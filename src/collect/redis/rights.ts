import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Claim } from '../duties.ts';
import { COMMAND_NAME } from '../../world/redis-command.ts';
import { DANGEROUS, dangerousCommandsOf, isSuperuser, scopesOf, type AclScope } from '../redis-acl.ts';

/**
 * What the rules of a user give, each as `COMMAND on PATTERN` in the words of its ACL: `@write on ~ledger:*`. A category stands for
 * all of its commands, also where single ones of it were taken away again: more than it may do, never less.
 */
export function rightsOf(rules: readonly string[]): readonly string[] {
  const rights = scopesOf(rules).flatMap((scope) => {
    const { given, patterns } = partsOf(scope);
    return [...given].flatMap((command) => patterns.map((pattern) => `${command} on ${pattern}`));
  });
  return [...new Set(rights)].toSorted();
}

const RIGHT = /^(@?[\w.|-]+) on ([~%]\S*)$/;

/** Categories of `ACL CAT`, those of Redis' own modules among them. */
const CATEGORIES: readonly string[] = (
  'all,keyspace,read,write,set,sortedset,list,hash,string,bitmap,hyperloglog,geo,stream,pubsub,admin,fast,slow,blocking,dangerous,connection,' +
  'transaction,scripting,json,search,timeseries,tdigest,bloom,cuckoo,topk,cms,vectorset'
)
  .split(',')
  .map((name) => `@${name}`);

/** Is it written as a right of Redis: `@write on ~ledger:*`, `set on ~payment:*`, or a dangerous command alone? */
export function isRedisRight(text: string): boolean {
  const [, command] = RIGHT.exec(text) ?? [];
  return command === undefined ? isDangerous(text) : !command.startsWith('@') || CATEGORIES.includes(command.toLowerCase());
}

/** The command that a right names, in lower case; undefined where it names none, or a category. */
export function commandIn(text: string): string | undefined {
  const [, command] = RIGHT.exec(text) ?? [];
  return command === undefined || command.startsWith('@') || !COMMAND_NAME.test(command.toLowerCase()) ? undefined : command.toLowerCase();
}

/**
 * Does a user hold a right that custos.yaml names? `categories` are those of the command that it names, where the server told them. Where
 * categories or patterns may or may not overlap, nobody can tell.
 */
export function claimedBy(rules: readonly string[], claim: Claim, at: Origin, categories?: readonly string[]): Fact<boolean> {
  if (isSuperuser(rules)) return known(true, at);
  if (isDangerous(claim.name))
    return known(
      dangerousCommandsOf(rules).some((one) => one === claim.name.toUpperCase()),
      at,
    );
  const [, written = '', pattern = ''] = RIGHT.exec(claim.name) ?? [];
  const command = written.toLowerCase();
  const answers = scopesOf(rules).map((scope) =>
    least(categories === undefined ? gives(scope, command) : lets(scope, command, categories), reaches(scope, pattern)),
  );
  if (answers.includes('yes')) return known(true, at);
  return answers.includes('maybe') ? unknown('unresolved', `whether its rules amount to ${claim.name.slice(0, 80)}`, at) : known(false, at);
}

/** Rules apply from left to right, and each category gives or takes the commands that are in it. */
function lets({ rules }: AclScope, command: string, categories: readonly string[]): Answer {
  const [parent = ''] = command.split('|');
  let answer: Answer = 'no';
  for (const rule of rules) {
    const word = rule.toLowerCase();
    // A selector that does not end, or stands within another.
    if (/[()]/.test(word)) return 'maybe';
    const [sign, what] = [word.charAt(0), word.slice(1)];
    const whole = /^(?:allcommands|nocommands|reset)$/.test(word) || what === '@all';
    if (!whole && sign !== '+' && sign !== '-') continue;
    if (whole || what === command || what === parent || categories.includes(what))
      answer = word === 'allcommands' || sign === '+' ? 'yes' : 'no';
    // Part of it is given, or taken.
    else if (what.startsWith(`${command}|`) && (sign === '+') !== (answer === 'yes')) answer = 'maybe';
  }
  return answer;
}

type Answer = 'yes' | 'maybe' | 'no';

function least(a: Answer, b: Answer): Answer {
  return a === 'no' || b === 'no' ? 'no' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes';
}

/** Commands and categories that are still given when all rules were read, and key patterns. */
function partsOf({ rules }: AclScope): {
  readonly given: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly patterns: readonly string[];
} {
  const given = new Set<string>();
  const taken = new Set<string>();
  const patterns: string[] = [];
  for (const rule of rules) {
    const word = rule.toLowerCase();
    if (word === '+@all' || word === 'allcommands') {
      taken.clear();
      given.add('@all');
    } else if (word === '-@all' || word === 'nocommands') {
      given.clear();
      taken.clear();
    } else if (word.startsWith('+')) {
      given.add(word.slice(1));
      taken.delete(word.slice(1));
    } else if (word.startsWith('-')) {
      given.delete(word.slice(1));
      taken.add(word.slice(1));
    } else if (word === 'allkeys') patterns.push('~*');
    else if (word === 'resetkeys') patterns.length = 0;
    else if (/^[~%]/.test(rule)) patterns.push(rule);
  }
  return { given, taken, patterns };
}

function gives(scope: AclScope, command: string): Answer {
  const { given, taken } = partsOf(scope);
  if (given.has(command)) return 'yes';
  if (taken.has(command) || given.size === 0) return 'no';
  if (given.has('@all') && taken.size === 0) return 'yes';
  // A category may hold the command, and a command may be of the category.
  return command.startsWith('@') || [...given].some((one) => one.startsWith('@') || one.startsWith(`${command}|`)) ? 'maybe' : 'no';
}

function reaches(scope: AclScope, pattern: string): Answer {
  const { patterns } = partsOf(scope);
  if (patterns.some((one) => one === pattern || one === '~*')) return 'yes';
  const wanted = literalStart(pattern);
  // Patterns that begin differently have no key in common.
  return patterns.map(literalStart).some((one) => one.startsWith(wanted) || wanted.startsWith(one)) ? 'maybe' : 'no';
}

function literalStart(pattern: string): string {
  const [, keys = ''] = /^(?:~|%\w*~)(.*)$/.exec(pattern) ?? [];
  return /^[^*?[\\]*/.exec(keys)?.[0] ?? '';
}

/** Commands are alike in either case. */
function isDangerous(text: string): boolean {
  return DANGEROUS.some((command) => command === text.toUpperCase());
}
