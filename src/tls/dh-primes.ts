import { createDiffieHellmanGroup } from 'node:crypto';
import { hex } from './bytes.ts';

/** A finite-field prime that everybody knows. `weak`: precomputation against it is in reach of states (Logjam, CVE-2015-4000). */
export interface KnownPrime {
  readonly name: string;
  readonly weak: boolean;
}

const MODP: readonly (readonly [string, string])[] = [
  ['modp1', 'RFC 2409 group 1 (768 bit)'],
  ['modp2', 'RFC 2409 group 2 (1024 bit)'],
  ['modp5', 'RFC 3526 group 5 (1536 bit)'],
  ['modp14', 'RFC 3526 group 14'],
  ['modp15', 'RFC 3526 group 15'],
  ['modp16', 'RFC 3526 group 16'],
  ['modp17', 'RFC 3526 group 17'],
  ['modp18', 'RFC 3526 group 18'],
];

/** RFC 7919 A: bits and the X that makes the number prime. */
const FFDHE: readonly (readonly [number, bigint])[] = [
  [2048, 560_316n],
  [3072, 2_625_351n],
  [4096, 5_736_041n],
  [6144, 15_705_020n],
  [8192, 10_965_728n],
];

/** RFC 7919 A: p = 2^b − 2^(b−64) + (⌊2^(b−130) · e⌋ + X) · 2^64 − 1. */
export function ffdhePrime(bits: number, x: bigint): bigint {
  const b = BigInt(bits);
  return 2n ** b - 2n ** (b - 64n) + (eulerTimesPowerOfTwo(bits - 130) + x) * 2n ** 64n - 1n;
}

/** ⌊2^n · e⌋ by the series of e, with bits to spare for the rounding. */
function eulerTimesPowerOfTwo(n: number): bigint {
  const spare = 64;
  let term = 1n << BigInt(n + spare);
  let sum = 0n;
  for (let k = 1n; term > 0n; k += 1n) {
    sum += term;
    term /= k;
  }
  return sum >> BigInt(spare);
}

let table: ReadonlyMap<string, KnownPrime> | undefined;

/** The name of a prime, where it is a known one: lower-case hexadecimal without leading zeros is what is compared. */
export function knownPrime(prime: Uint8Array): KnownPrime | undefined {
  table ??= new Map([
    ...MODP.map(
      ([group, name]) =>
        [trimmed(hex(createDiffieHellmanGroup(group).getPrime())), { name, weak: ['modp1', 'modp2'].includes(group) }] as const,
    ),
    ...FFDHE.map(([bits, x]) => [ffdhePrime(bits, x).toString(16), { name: `RFC 7919 ffdhe${bits}`, weak: false }] as const),
  ]);
  return table.get(trimmed(hex(prime)));
}

/** Size of an unsigned big-endian number. */
export function bitLength(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (number.length - first) * 8 - Math.clz32(number[first] ?? 0) + 24;
}

function trimmed(digits: string): string {
  return digits.replace(/^0+/, '');
}
