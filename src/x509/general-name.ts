import { childrenOf, type Der } from './der.ts';

/** The names of a GeneralNames sequence that certificates are used by, and the tags of the others. */
export interface GeneralNames {
  /** dNSName, in lower case, as it stands otherwise. */
  readonly dns: readonly string[];
  /** iPAddress: IPv4 dotted, IPv6 as RFC 5952 writes it. */
  readonly ips: readonly string[];
  readonly uris: readonly string[];
  /** Tag numbers of the kinds of name that occur (RFC 5280 4.2.1.6: 1 mail, 2 DNS, 4 directory, 6 URI, 7 IP). */
  readonly kinds: ReadonlySet<number>;
}

/** Reads GeneralName values; undefined where one of those that count is malformed. */
export function generalNames(values: readonly Der[] | undefined): GeneralNames | undefined {
  if (values === undefined) return undefined;
  const dns: string[] = [];
  const ips: string[] = [];
  const uris: string[] = [];
  const kinds = new Set<number>();
  for (const value of values) {
    if ((value.tag & 0xc0) !== 0x80) return undefined;
    kinds.add(value.tag & 0x1f);
    if (value.tag === 0x82 || value.tag === 0x86) {
      const text = ia5(value.contents);
      if (text === undefined) return undefined;
      if (value.tag === 0x82) dns.push(text.toLowerCase());
      else uris.push(text);
    } else if (value.tag === 0x87) {
      const ip = ipText(value.contents);
      if (ip === undefined) return undefined;
      ips.push(ip);
    }
  }
  return { dns, ips, uris, kinds };
}

/**
 * Printable ASCII only. A NUL or a control character in a name is an attack on those who read it as a C string, and
 * a name that is no IA5String is none.
 */
function ia5(bytes: Uint8Array): string | undefined {
  return bytes.length > 0 && bytes.length <= 4096 && bytes.every((octet) => octet > 0x20 && octet < 0x7f)
    ? Buffer.from(bytes).toString('latin1')
    : undefined;
}

/** Four or sixteen octets as an address. */
export function ipText(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return undefined;
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16));
  // RFC 5952 4.2: the longest run of two or more zero groups, the first of equals, is written as ::
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length === 1) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

/** The URIs of `[6]` names inside a value that wraps GeneralName values. */
export function urisIn(wrapper: Der | undefined): readonly string[] {
  return generalNames((childrenOf(wrapper) ?? []).filter(({ tag }) => tag === 0x86))?.uris ?? [];
}
