import { ipBytes } from '../../model/ip-address.ts';

/** Of which kind an address is from that a connection comes. */
export type HbaFamily = 'IPv4' | 'IPv6';

/** What the address of a rule stands for. */
export interface HbaAddress {
  /** It may be asked about connections from addresses of these. */
  readonly families: readonly HbaFamily[];
  /** And about every address of these. */
  readonly whole: readonly HbaFamily[];
  /** It limits nothing: every address, or so many that two or a few such rules are. */
  readonly wide: boolean;
  /** This machine alone. */
  readonly loopback: boolean;
}

const BOTH: readonly HbaFamily[] = ['IPv4', 'IPv6'];
/**
 * Shorter prefixes are no network of anybody's: the largest private one is 10.0.0.0/8, and of IPv6 registries hand out nothing larger than a
 * /12 among themselves and mostly /32 to others. `0.0.0.0/1` beside `128.0.0.0/1` is every address. Those of IPv6 that routers keep inside
 * (fc00::/7, fe80::/10) are networks of somebody's.
 */
const NARROW = { IPv4: 8, IPv6: 16 } as const;

/** Reads an address of pg_hba.conf and its mask, where that stands apart: https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
export function hbaAddress(address: string, mask: string | undefined): HbaAddress {
  if (address === 'all') return { families: BOTH, whole: BOTH, wide: true, loopback: false };
  if (address === 'samehost' || address === 'localhost') return { families: BOTH, whole: [], wide: false, loopback: true };
  const [text = '', length] = address.split('/');
  const bytes = ipBytes(text);
  // A host name, or samenet.
  if (bytes === undefined) return { families: BOTH, whole: [], wide: false, loopback: false };
  const family = bytes.length === 4 ? 'IPv4' : 'IPv6';
  const ones = mask === undefined ? undefined : onesOf(mask);
  const bits = ones === undefined ? (length === undefined ? bytes.length * 8 : Number(length)) : (/^1*/.exec(ones)?.[0].length ?? 0);
  const inside = family === 'IPv6' && ((bytes[0] === 0xfe && bits >= 10) || ((bytes[0] ?? 0) >> 1 === 0x7e && bits >= 7));
  return {
    families: [family],
    whole: bits === 0 && ones?.includes('1') !== true ? [family] : [],
    wide: bits < NARROW[family] && !inside,
    loopback: family === 'IPv4' ? bytes[0] === 127 && bits >= 8 : bits === 128 && bytes.every((byte, at) => byte === (at === 15 ? 1 : 0)),
  };
}

/** A mask bit by bit; it may have holes. */
function onesOf(mask: string): string {
  return (ipBytes(mask) ?? []).map((byte) => byte.toString(2).padStart(8, '0')).join('');
}
