import { derived, known, unknown, type Fact } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';

/** Labels of a target that say whom its accounts stand for: names with `*`, separated by commas. */
const LABELS = { service_accounts: 'service', personal_accounts: 'person' } as const;

/**
 * Does an account stand for a program or for a person? The target's labels say it, by any of its names. What they do not name is
 * unknown: hardly a system records it, and a name proves nothing.
 */
export function accountKind(target: Target, ...names: readonly [string, ...string[]]): Fact<'service' | 'person'> {
  const found = Object.entries(LABELS).flatMap(([label, kind]): readonly Fact<'service' | 'person'>[] => {
    const fact = target.labels[label];
    if (fact === undefined || fact.state === 'absent') return [];
    if (fact.state === 'unknown') return [fact];
    const named = fact.value.split(',').some((pattern) => names.some((name) => fits(pattern.trim(), name)));
    return named ? [known(kind, derived(`label ${label}`, fact.origin))] : [];
  });
  const [first, second] = found;
  const at = { kind: 'file', range: target.declaredAt } as const;
  if (first === undefined) return unknown('not-collected', 'kind of account: no label names it', at);
  return second === undefined ? first : unknown('unresolved', 'kind of account: two labels name it', at);
}

/** A name, or one with `*` for any text: each part is looked for from left to right. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern !== '' && pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/** What the labels say, or else `otherwise`: what a system has for everybody who is not named. */
export function labelledKind<T extends string>(
  target: Target,
  names: readonly [string, ...string[]],
  otherwise: Fact<T>,
): Fact<'service' | 'person' | T> {
  const kind = accountKind(target, ...names);
  return kind.state === 'unknown' && kind.cause === 'not-collected' ? otherwise : kind;
}
