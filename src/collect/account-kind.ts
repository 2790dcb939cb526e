import { derived, known, unknown, type Fact } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';

/** Labels of a target that say whom its accounts stand for: names with `*`, separated by commas. */
const LABELS = { service_accounts: 'service', personal_accounts: 'person' } as const;

/**
 * Does an account stand for a program or for a person? No system records it, and a name proves nothing: the target's labels say
 * it, and what they do not name is unknown.
 */
export function accountKind(target: Target, name: string): Fact<'service' | 'person'> {
  const found = Object.entries(LABELS).flatMap(([label, kind]): readonly Fact<'service' | 'person'>[] => {
    const fact = target.labels[label];
    if (fact === undefined || fact.state === 'absent') return [];
    if (fact.state === 'unknown') return [fact];
    const named = fact.value.split(',').some((pattern) => fits(pattern.trim(), name));
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
