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
];

/** A name that leads to a link-local or metadata address is not followed there; the address itself may be named. */
export function guarded(address: string, named: string): Unknown | undefined {
  if (address === named.replace(/^\[(.*)\]$/, '$1')) return undefined;
  const bytes = ipBytes(address);
  if (bytes === undefined) return undefined;
  // ::ffff:a.b.c.d reaches the IPv4 address.
  const mapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255' ? bytes.slice(12) : bytes;
  const version = mapped.length === 4 ? 4 : 6;
  const hit = GUARDED.some((range) => range.version === version && within(mapped, range.prefix, range.bits));
  return hit ? unknown('refused', `${named} leads to ${address}, a link-local or metadata address`) : undefined;
}

function within(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 128 >> (bit & 7);
    if (((bytes[bit >> 3] ?? 0) & mask) !== ((prefix[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}
