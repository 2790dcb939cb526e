/** A key-exchange group of the registry "TLS Supported Groups" of IANA (read 2026-11). */
export interface NamedGroup {
  readonly code: number;
  readonly name: string;
  readonly kind: 'curve' | 'finite-field' | 'hybrid' | 'post-quantum';
  /** Bits of the field, or of the classical half; for ML-KEM alone the parameter set. */
  readonly bits: number;
}

const CURVES: readonly (readonly [number, string, number])[] = [
  [1, 'sect163k1', 163],
  [2, 'sect163r1', 163],
  [3, 'sect163r2', 163],
  [4, 'sect193r1', 193],
  [5, 'sect193r2', 193],
  [6, 'sect233k1', 233],
  [7, 'sect233r1', 233],
  [8, 'sect239k1', 239],
  [9, 'sect283k1', 283],
  [10, 'sect283r1', 283],
  [11, 'sect409k1', 409],
  [12, 'sect409r1', 409],
  [13, 'sect571k1', 571],
  [14, 'sect571r1', 571],
  [15, 'secp160k1', 160],
  [16, 'secp160r1', 160],
  [17, 'secp160r2', 160],
  [18, 'secp192k1', 192],
  [19, 'secp192r1', 192],
  [20, 'secp224k1', 224],
  [21, 'secp224r1', 224],
  [22, 'secp256k1', 256],
  [23, 'secp256r1', 256],
  [24, 'secp384r1', 384],
  [25, 'secp521r1', 521],
  [26, 'brainpoolP256r1', 256],
  [27, 'brainpoolP384r1', 384],
  [28, 'brainpoolP512r1', 512],
  [29, 'x25519', 255],
  [30, 'x448', 448],
  [31, 'brainpoolP256r1tls13', 256],
  [32, 'brainpoolP384r1tls13', 384],
  [33, 'brainpoolP512r1tls13', 512],
  [34, 'GC256A', 256],
  [35, 'GC256B', 256],
  [36, 'GC256C', 256],
  [37, 'GC256D', 256],
  [38, 'GC512A', 512],
  [39, 'GC512B', 512],
  [40, 'GC512C', 512],
  [41, 'curveSM2', 256],
];

const OTHERS: readonly (readonly [number, string, NamedGroup['kind'], number])[] = [
  [0x0100, 'ffdhe2048', 'finite-field', 2048],
  [0x0101, 'ffdhe3072', 'finite-field', 3072],
  [0x0102, 'ffdhe4096', 'finite-field', 4096],
  [0x0103, 'ffdhe6144', 'finite-field', 6144],
  [0x0104, 'ffdhe8192', 'finite-field', 8192],
  [0x0200, 'MLKEM512', 'post-quantum', 512],
  [0x0201, 'MLKEM768', 'post-quantum', 768],
  [0x0202, 'MLKEM1024', 'post-quantum', 1024],
  [0x11eb, 'SecP256r1MLKEM768', 'hybrid', 256],
  [0x11ec, 'X25519MLKEM768', 'hybrid', 255],
  [0x11ed, 'SecP384r1MLKEM1024', 'hybrid', 384],
  [0x11ee, 'curveSM2MLKEM768', 'hybrid', 256],
  [0x6399, 'X25519Kyber768Draft00', 'hybrid', 255],
];

/** Every group, by code point. */
export const NAMED_GROUPS: ReadonlyMap<number, NamedGroup> = new Map(
  [
    ...CURVES.map(([code, name, bits]): NamedGroup => ({ code, name, kind: 'curve', bits })),
    ...OTHERS.map(([code, name, kind, bits]): NamedGroup => ({ code, name, kind, bits })),
  ].map((group) => [group.code, group]),
);

/** The name of a group, or its number. */
export function groupName(code: number): string {
  return NAMED_GROUPS.get(code)?.name ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** What TLS 1.3 may negotiate, most likely first: a server's own favourites end an enumeration early. */
export const TLS13_GROUPS: readonly number[] = [
  0x11ec, 29, 23, 24, 25, 30, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x11eb, 0x11ed, 31, 32, 33, 0x0201, 0x0202, 0x0200, 0x11ee, 41,
  0x6399,
];

/** Elliptic curves of TLS up to 1.2 (RFC 8422, and what it deprecates), most likely first. */
export const TLS12_GROUPS: readonly number[] = [
  29, 23, 24, 25, 30, 26, 27, 28, 22, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 21, 20, 19, 18, 17, 16, 15, 41,
];
