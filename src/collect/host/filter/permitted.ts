import type { Condition } from './packet.ts';
import type { FilterChain, FilterRule, Ruleset } from './ruleset.ts';

/** An accepting rule and the chain that it stands in. */
export interface Permission {
  readonly chain: FilterChain;
  readonly rule: FilterRule;
}

/** What the accepting rules of a filter let through. */
export interface Permissions {
  /** Everything from everywhere. */
  readonly all: readonly Permission[];
  /** As above on one network, of which nobody knows where it leads; or their conditions were not understood. */
  readonly perhapsAll: readonly Permission[];
  /** Services, and no comment says why. */
  readonly unexplained: readonly Permission[];
}

type Breadth = 'everything' | 'interface' | 'unclear' | 'narrow';

/** Follows every path from base chains to accepting rules; a rule counts with all conditions on the way to it. */
export function permissionsOf({ chains }: Ruleset, bases: readonly FilterChain[], outside: readonly string[] | undefined): Permissions {
  const all = new Map<FilterRule, Permission>();
  const perhaps = new Map<FilterRule, Permission>();
  const unexplained = new Map<FilterRule, Permission>();
  const visited = new Set<string>();
  const visit = (chain: FilterChain, breadth: Breadth, explained: boolean): void => {
    const key = `${chain.id} ${breadth} ${String(explained)}`;
    if (visited.has(key)) return;
    visited.add(key);
    for (const rule of chain.rules) {
      const { conditions, action, comment, shipped } = rule;
      if (conditions.some(({ narrowing }) => narrowing === 'loopback' || narrowing === 'answers' || narrowing === 'messages')) continue;
      const here = narrower(breadth, breadthOf(conditions, outside));
      const said = explained || comment !== undefined;
      if (action.does === 'jump' || action.does === 'goto') {
        const target = chains.get(action.chain);
        if (target !== undefined) visit(target, here, said);
      } else if (action.does === 'accept') {
        if (here === 'everything') all.set(rule, { chain, rule });
        else if (here !== 'narrow') perhaps.set(rule, { chain, rule });
        if (!said && shipped !== true) unexplained.set(rule, { chain, rule });
      }
      // Nothing comes past a rule that takes everything.
      if (here === 'everything' && conditions.length === 0 && /^(?:accept|drop|reject|goto|return)$/.test(action.does)) break;
    }
  };
  for (const base of bases) if (base.base?.type === 'filter') visit(base, 'everything', false);
  return { all: [...all.values()], perhapsAll: [...perhaps.values()], unexplained: [...unexplained.values()] };
}

function narrower(a: Breadth, b: Breadth): Breadth {
  return (['narrow', 'interface', 'unclear', 'everything'] as const).find((one) => one === a || one === b) ?? 'narrow';
}

function breadthOf(conditions: readonly Condition[], outside: readonly string[] | undefined): Breadth {
  let breadth: Breadth = 'everything';
  for (const { narrowing, interfaces = [] } of conditions) {
    if (narrowing === 'everything') continue;
    if (narrowing === 'unclear') breadth = narrower(breadth, 'unclear');
    else if (narrowing !== 'interface') breadth = 'narrow';
    // The interface where the Internet comes in is everywhere.
    else if (outside === undefined || outside.length === 0) breadth = narrower(breadth, 'interface');
    else if (!interfaces.some((name) => outside.some((one) => one === name || (name.endsWith('*') && one.startsWith(name.slice(0, -1))))))
      breadth = 'narrow';
    if (breadth === 'narrow') return breadth;
  }
  return breadth;
}
