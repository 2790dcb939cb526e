/** Commands that destroy, reconfigure or run code, by ACL categories @dangerous and @admin. */
export const DANGEROUS = ['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'KEYS', 'SAVE', 'REPLICAOF'] as const;
type Dangerous = (typeof DANGEROUS)[number];

/**
 * Which categories each command is in, besides @all (`ACL CAT`), and which of its subcommands do harm: who may only run
 * `CONFIG GET` reconfigures nothing. Without a list every subcommand counts.
 */
const COMMANDS: Readonly<
  Record<Dangerous | 'ACL', { readonly categories: readonly string[]; readonly harmful?: readonly string[]; readonly alias?: string }>
> = {
  FLUSHALL: { categories: ['@keyspace', '@write', '@slow', '@dangerous'] },
  FLUSHDB: { categories: ['@keyspace', '@write', '@slow', '@dangerous'] },
  CONFIG: { categories: ['@admin', '@slow', '@dangerous'], harmful: ['set', 'rewrite'] },
  DEBUG: { categories: ['@admin', '@slow', '@dangerous'] },
  MODULE: { categories: ['@admin', '@slow', '@dangerous'], harmful: ['load', 'loadex', 'unload'] },
  SHUTDOWN: { categories: ['@admin', '@slow', '@dangerous'] },
  KEYS: { categories: ['@keyspace', '@read', '@slow', '@dangerous'] },
  SAVE: { categories: ['@admin', '@slow', '@dangerous'] },
  REPLICAOF: { categories: ['@admin', '@slow', '@dangerous'], alias: 'slaveof' },
  ACL: { categories: ['@admin', '@slow', '@dangerous'], harmful: ['setuser'] },
};

/** One set of rules of a user: the root permissions, or a selector (Redis 7). */
export interface AclScope {
  readonly rules: readonly string[];
}

/** The rules of a user, root permissions first, each selector by itself. */
export function scopesOf(rules: readonly string[]): readonly AclScope[] {
  const text = rules.join(' ');
  const selectors = [...text.matchAll(/\(([^()]*)\)/g)].map(([, inner = '']) => inner);
  return [text.replaceAll(/\([^()]*\)/g, ' '), ...selectors].map((scope) => ({
    rules: scope.split(/\s+/).filter((word) => word !== ''),
  }));
}

/** Commands of the list that the rules of a user let it run. */
export function dangerousCommandsOf(rules: readonly string[]): readonly Dangerous[] {
  const scopes = scopesOf(rules);
  return DANGEROUS.filter((command) => scopes.some((scope) => allows(scope, command)));
}

/** Is any password taken? The last of `nopass` and what ends it counts. */
export function takesAnyPassword(rules: readonly string[]): boolean {
  const words = rules.map((rule) => rule.toLowerCase());
  return words.lastIndexOf('nopass') > Math.max(words.lastIndexOf('resetpass'), words.lastIndexOf('reset'));
}

/**
 * Everything, or what amounts to it: whoever may set users makes itself anything. Everything less a harmless command is
 * everything all the same.
 */
export function isSuperuser(rules: readonly string[]): boolean {
  const scopes = scopesOf(rules);
  const all = scopes.some((scope) => scope.rules.some((rule) => /^(?:\+@all|allcommands)$/i.test(rule)));
  return scopes.some((scope) => allows(scope, 'ACL')) || (all && DANGEROUS.length === dangerousCommandsOf(rules).length);
}

/** Rules apply from left to right; each category gives or takes its commands. What takes one subcommand leaves the others. */
function allows(scope: AclScope, command: Dangerous | 'ACL'): boolean {
  const { alias } = COMMANDS[command];
  return allowsByName(scope, command, command.toLowerCase()) || (alias !== undefined && allowsByName(scope, command, alias));
}

function allowsByName({ rules }: AclScope, command: Dangerous | 'ACL', name: string): boolean {
  const { categories, harmful } = COMMANDS[command];
  const parts = new Map((harmful ?? ['']).map((part) => [part, false]));
  for (const word of rules) {
    const rule = word.toLowerCase();
    // A selector that does not end, or stands within another: it may give anything.
    if (/[()]/.test(rule)) return true;
    const sign = rule.charAt(0);
    const [what = '', part] = rule.slice(1).split('|');
    const given = rule === 'allcommands' || sign === '+';
    const taken = rule === 'nocommands' || rule === 'reset' || sign === '-';
    const whole = /^(?:allcommands|nocommands|reset)$/.test(rule) || what === '@all' || categories.includes(what);
    if (!given && !taken) continue;
    if (whole || (what === name && part === undefined)) for (const one of parts.keys()) parts.set(one, given);
    // Without a list of harmful subcommands: one that is given counts, one that is taken leaves the rest.
    else if (what === name && part !== undefined && (harmful === undefined ? given : parts.has(part)))
      parts.set(harmful === undefined ? '' : part, given);
  }
  return [...parts.values()].includes(true);
}
