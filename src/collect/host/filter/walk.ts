import { both, type Answer, type Packet } from './packet.ts';
import type { FilterChain, FilterRule, Hook, Ruleset } from './ruleset.ts';

/** What may become of a packet. */
export type Outcome = 'accept' | 'drop' | 'reject' | 'unclear';

/** Rules asked before a walk is given up: sets of rules that multiply by jumps are hostile. */
const MAX_STEPS = 5_000_000;
const MAX_DEPTH = 16; // the kernel's own limit of nested jumps

/** Where address translation sends a packet. */
type Translation =
  | { readonly to: 'here'; readonly port: number }
  | { readonly to: 'elsewhere'; readonly address: string; readonly port: number }
  | { readonly to: 'unclear' };

/** Counts the rules that were asked, over all walks that share it. */
export interface Budget {
  steps: number;
}

/** Has it been asked for too long? What is left is not known. */
export function isSpent({ steps }: Budget): boolean {
  return steps > MAX_STEPS;
}

/** What may become of a packet at a hook: every base chain there must let it through. */
export function atHook(ruleset: Ruleset, hook: Hook, packet: Packet, budget: Budget): ReadonlySet<Outcome> {
  const outcomes = new Set<Outcome>();
  for (const chain of baseChains(ruleset, hook, packet.version)) {
    if (chain.base?.type === 'nat') continue;
    const passed = new Set(outcomesOf(ruleset, chain, packet, budget));
    for (const outcome of passed) if (outcome !== 'accept') outcomes.add(outcome);
    if (!passed.has('accept')) return outcomes;
  }
  return outcomes.add('accept');
}

/** What may become of a packet that arrives for a port of the host: translated first, then let in or forwarded. */
export function atArrival(
  ruleset: Ruleset,
  packet: Packet,
  budget: Budget,
  leaves: (address: string) => Packet['leaves'],
): ReadonlySet<Outcome> {
  const outcomes = new Set<Outcome>();
  const add = (found: ReadonlySet<Outcome>): void => {
    for (const outcome of found) outcomes.add(outcome);
  };
  const early = atHook(ruleset, 'prerouting', packet, budget);
  for (const outcome of early) if (outcome !== 'accept') outcomes.add(outcome);
  if (early.has('accept')) {
    for (const translation of translations(ruleset, packet, budget)) {
      if (translation.to === 'unclear') outcomes.add('unclear');
      else if (translation.to === 'here') add(atHook(ruleset, 'input', { ...packet, port: translation.port }, budget));
      else
        add(
          atHook(
            ruleset,
            'forward',
            { ...packet, port: translation.port, destination: undefined, leaves: leaves(translation.address) },
            budget,
          ),
        );
    }
  }
  // What a device's own chain drops is not looked into; what passes all others may still be stopped there.
  if (outcomes.has('accept') && baseChains(ruleset, 'ingress', packet.version).some(({ rules }) => rules.length > 0))
    outcomes.add('unclear');
  return outcomes;
}

function translations(ruleset: Ruleset, packet: Packet, budget: Budget): readonly Translation[] {
  const found: Translation[] = [];
  let waits = true;
  for (const chain of baseChains(ruleset, 'prerouting', packet.version)) {
    if (chain.base?.type !== 'nat' || !waits) continue;
    const end = walk(ruleset, chain, packet, budget, 0, found);
    waits = end.falls || end.outcomes.has('accept') || end.outcomes.has('unclear');
    if (end.outcomes.has('unclear')) found.push({ to: 'unclear' });
  }
  return waits ? [...found, { to: 'here', port: packet.port }] : found;
}

/** Base chains of a hook, in the order in which the kernel asks them. */
export function baseChains({ chains }: Ruleset, hook: Hook, version: 4 | 6): readonly FilterChain[] {
  return [...chains.values()]
    .filter(({ base, versions }) => base?.hook === hook && versions.includes(version))
    .toSorted((a, b) => (a.base?.priority ?? 0) - (b.base?.priority ?? 0));
}

function outcomesOf(ruleset: Ruleset, chain: FilterChain, packet: Packet, budget: Budget): ReadonlySet<Outcome> {
  const { outcomes, falls } = walk(ruleset, chain, packet, budget, 0, []);
  return falls ? new Set([...outcomes, chain.base?.policy ?? 'unclear']) : outcomes;
}

interface End {
  readonly outcomes: ReadonlySet<Outcome>;
  /** The packet may leave the chain at its end, or by `return`. */
  readonly falls: boolean;
}

const UNCLEAR: End = { outcomes: new Set(['unclear']), falls: false };

function walk(ruleset: Ruleset, chain: FilterChain, packet: Packet, budget: Budget, depth: number, translated: Translation[]): End {
  const outcomes = new Set<Outcome>();
  let falls = false;
  if (depth > MAX_DEPTH) return { outcomes: outcomes.add('unclear'), falls };
  for (const rule of chain.rules) {
    budget.steps += 1;
    if (isSpent(budget)) return { outcomes: outcomes.add('unclear'), falls };
    const holds = answerOf(rule, packet);
    const { action } = rule;
    if (holds === false || action.does === 'continue') continue;
    if (action.does === 'return') falls = true;
    else if (action.does === 'jump' || action.does === 'goto') {
      const target = ruleset.chains.get(action.chain);
      const end = target === undefined ? UNCLEAR : walk(ruleset, target, packet, budget, depth + 1, translated);
      for (const outcome of end.outcomes) outcomes.add(outcome);
      if (end.falls && action.does === 'goto') falls = true;
      else if (end.falls) continue;
    } else if (action.does === 'redirect') translated.push({ to: 'here', port: action.port ?? packet.port });
    else if (action.does === 'forward-to') translated.push({ to: 'elsewhere', address: action.address, port: action.port ?? packet.port });
    else outcomes.add(action.does);
    if (holds === true && action.does !== 'unclear') return { outcomes, falls };
  }
  return { outcomes, falls: true };
}

/** Do all conditions of a rule hold? Addresses that come and go hold nobody back by being empty, and let nobody in for certain. */
function answerOf({ conditions, action }: FilterRule, packet: Packet): Answer {
  const admits = action.does !== 'drop' && action.does !== 'reject';
  return both(
    conditions.map(({ test, fills, narrowing }) => {
      const answer = test(packet);
      if (packet.unnamed === true) return answer === 'unclear' && narrowing === 'narrow' ? false : answer;
      return answer === false && fills === true && admits ? 'unclear' : answer;
    }),
  );
}
