import { derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';

/** A default and the first version that has it, oldest first. `since: '0'` is "from the beginning". */
export interface DefaultSince<T> {
  readonly since: string;
  readonly value: T;
}

/** Compares dotted versions number by number; what follows a letter or a dash is left out (`9.2p1`, `1.24.0-ubuntu`). */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string): readonly number[] => (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/**
 * The effective default of a setting that nobody wrote. A default of an unknown version is unknown, never the newest
 * version's. `at` is the place where it would have been written.
 */
export function defaultOf<T>(
  setting: string,
  product: string,
  version: Fact<string>,
  table: readonly DefaultSince<T>[],
  at: Origin,
): Fact<T> {
  if (version.state !== 'known') return unknown('unresolved', `${setting}: default of an unknown version of ${product}`, at);
  if (!/^\d/.test(version.value)) return unknown('unresolved', `${setting}: "${version.value}" is no version of ${product}`, at);
  const row = table.findLast(({ since }) => compareVersions(version.value, since) >= 0);
  if (row === undefined) return unknown('unresolved', `${setting}: not in ${product} ${version.value}`, at);
  return known(row.value, derived(`${product} ${version.value} default of ${setting}`, at, version.origin));
}
