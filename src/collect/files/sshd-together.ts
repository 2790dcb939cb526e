import { unknown, type Fact } from '../../model/fact.ts';
import { ipBytes } from '../../model/ip-address.ts';
import type { Conditions } from './sshd-settings.ts';
import type { SshdScope } from './sshd-values.ts';

/** More Match blocks than these that bear on one fact are not laid over each other. */
const MAX_BLOCKS = 12;

/**
 * A fact that several keywords decide, where Match blocks overlap: somebody whom two blocks meet has the first value of each keyword,
 * one from this block and one from that. Where such a mixture is `bad` and neither block alone is, whether anybody meets both is not
 * in the file.
 */
export function together<T>(
  scope: SshdScope,
  keywords: readonly string[],
  bad: (value: T) => boolean,
  read: (scope: SshdScope) => Fact<T>,
): Fact<T> {
  const own = read(scope);
  if (own.state !== 'known' || bad(own.value)) return own;
  const others = scope.settings.setting(keywords).filter((conditions) => compatible([...scope.conditions, ...conditions]));
  const beside = others.filter((conditions) => !conditions.every((one) => scope.conditions.includes(one)));
  // What holds globally for those whom no block meets is told without any of them; a mixture shows in each of its blocks.
  if (scope.conditions.length === 0 || beside.length === 0) return own;
  if (beside.length > MAX_BLOCKS) return unknown('unsupported', `more than ${MAX_BLOCKS} Match blocks that may hold together`, scope.at);
  for (const chosen of subsets(beside, keywords.length - 1)) {
    const conditions = [...new Set([...scope.conditions, ...chosen.flat()])];
    if (!compatible(conditions)) continue;
    const mixed = read({ ...scope, conditions });
    if (mixed.state === 'known' && bad(mixed.value))
      return unknown('unresolved', `together with Match ${chosen.flat().join(', Match ')}`.slice(0, 200), mixed.origin);
  }
  return own;
}

function* subsets<T>(list: readonly T[], most: number): Generator<readonly T[]> {
  const visit = function* (from: number, chosen: readonly T[]): Generator<readonly T[]> {
    if (chosen.length > 0) yield chosen;
    if (chosen.length >= most) return;
    for (let index = from; index < list.length; index += 1) {
      const next = list[index];
      if (next !== undefined) yield* visit(index + 1, [...chosen, next]);
    }
  };
  yield* visit(0, []);
}

/** Can one connection meet all of these? Two lists of names or networks that share nothing cannot both hold. */
function compatible(conditions: Conditions): boolean {
  const criteria = conditions.flatMap(criteriaOf);
  return criteria.every((one, index) => criteria.slice(index + 1).every((other) => one.kind !== other.kind || !disjoint(one, other)));
}

interface Criterion {
  readonly kind: string;
  readonly values: readonly string[];
}

/** `User a,b Address 10.0.0.0/8`, in pairs. */
function criteriaOf(condition: string): readonly Criterion[] {
  const words = condition.split(/[\s=]+/).filter((word) => word !== '');
  return words.flatMap((word, index) =>
    index % 2 === 0 ? [{ kind: word.toLowerCase(), values: (words[index + 1] ?? '').split(',') }] : [],
  );
}

/** Somebody may be in several groups; names, ports and addresses are one each. */
function disjoint(a: Criterion, b: Criterion): boolean {
  if (!['user', 'host', 'localport', 'localaddress', 'address', 'rdomain'].includes(a.kind)) return false;
  const plain = [...a.values, ...b.values].every((value) => /^[\w.:/@-]+$/.test(value));
  if (!plain) return false;
  return a.values.every((left) => b.values.every((right) => (a.kind.endsWith('address') ? apart(left, right) : left !== right)));
}

/** Two IPv4 networks without a common address; of others nothing is said. */
function apart(a: string, b: string): boolean {
  const [left, right] = [networkOf(a), networkOf(b)];
  if (left === undefined || right === undefined) return false;
  const bits = Math.min(left.bits, right.bits);
  const size = 2 ** (32 - bits);
  return Math.floor(left.address / size) !== Math.floor(right.address / size);
}

function networkOf(text: string): { readonly address: number; readonly bits: number } | undefined {
  const [, address = '', bits = '32'] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const bytes = ipBytes(address);
  if (bytes?.length !== 4 || Number(bits) > 32) return undefined;
  return { address: bytes.reduce((sum, byte) => sum * 256 + byte, 0), bits: Number(bits) };
}
