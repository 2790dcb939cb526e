import { unknown, type Unknown } from '../model/fact.ts';
import { ipBytes } from '../model/ip-address.ts';

/** Where clouds keep credentials, and link-local addresses at large: RFC 3927, RFC 4291 2.5.6, and the metadata services. */
const GUARDED: readonly { readonly version: 4 | 6; readonly prefix: readonly number[]; readonly bits: number }[] = [
  { version: 4, prefix: [169, 254], bits: 16 },
  { version: 4, prefix: [100, 100, 100, 200], bits: 32 },
  { version: 4, prefix: [168, 63, 129, 16], bits: 32 },
  { version: 4, prefix: [192, 0, 0, 192], bits: 32 },
  { version: 6, prefix: [0xfe, 0x80], bits: 10 },
  { version: 6, prefix: [0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54], bits: 128 },
  { version: 6, prefix: [0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54], bits: 128 },
];

/** IPv6 addresses that carry an IPv4 address and reach it: mapped and compatible (RFC 4291 2.5.5), NAT64 (RFC 6052), 6to4 (RFC 3056). */
const CARRIERS: readonly { readonly prefix: readonly number[]; readonly bits: number; readonly at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], bits: 96, at: 12 },
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96, at: 12 },
  { prefix: [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96, at: 12 },
  { prefix: [0x20, 0x02], bits: 16, at: 2 },
];

/** A name that leads to a link-local or metadata address is not followed there; the address itself may be named. */
export function guarded(address: string, named: string): Unknown | undefined {
  if (address === named.replace(/^\[(.*)\]$/, '$1')) return undefined;
  const bytes = ipBytes(address);
  return bytes !== undefined && isGuarded(bytes)
    ? unknown('refused', `${named} leads to ${address}, a link-local or metadata address`)
    : undefined;
}

/** Is it a link-local or metadata address, or does it carry one? */
export function isGuarded(bytes: readonly number[]): boolean {
  const carrier = bytes.length === 16 ? CARRIERS.find(({ prefix, bits }) => within(bytes, prefix, bits)) : undefined;
  const reached = carrier === undefined ? bytes : bytes.slice(carrier.at, carrier.at + 4);
  const version = reached.length === 4 ? 4 : 6;
  return GUARDED.some((range) => range.version === version && within(reached, range.prefix, range.bits));
}

/** Do the first bits agree with the prefix? */
export function within(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 128 >> (bit & 7);
    if (((bytes[bit >> 3] ?? 0) & mask) !== ((prefix[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}
