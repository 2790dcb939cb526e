import { ipBytes } from '../model/ip-address.ts';
import { sequenceOf, type Der } from './der.ts';
import type { GeneralNames } from './general-name.ts';

interface Subtrees {
  readonly dns: readonly string[];
  /** Address and mask octets together. */
  readonly ips: readonly Uint8Array[];
  /** Tag numbers of all kinds of name that are spoken of. */
  readonly kinds: ReadonlySet<number>;
}

/** RFC 5280 4.2.1.10. */
export interface NameConstraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
}

/** Reads the extension; undefined where it is malformed. */
export function nameConstraints(value: Der): NameConstraints | undefined {
  const parts = sequenceOf(value);
  if (parts === undefined || parts.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1)) return undefined;
  const of = (tag: number): Subtrees | undefined => subtrees(parts.filter((part) => part.tag === tag));
  const [permitted, excluded] = [of(0xa0), of(0xa1)];
  return permitted === undefined || excluded === undefined ? undefined : { permitted, excluded };
}

function subtrees(lists: readonly Der[]): Subtrees | undefined {
  const dns: string[] = [];
  const ips: Uint8Array[] = [];
  const kinds = new Set<number>();
  for (const list of lists) {
    const trees = sequenceOf({ ...list, tag: 0x30 });
    if (trees === undefined) return undefined;
    for (const tree of trees) {
      const [base, ...rest] = sequenceOf(tree) ?? [];
      // minimum is always 0 and maximum absent (RFC 5280): anything else is not understood
      if (base === undefined || rest.length > 0 || (base.tag & 0xc0) !== 0x80) return undefined;
      kinds.add(base.tag & 0x1f);
      if (base.tag === 0x82) dns.push(Buffer.from(base.contents).toString('latin1').toLowerCase());
      if (base.tag === 0x87) {
        if (base.contents.length !== 8 && base.contents.length !== 32) return undefined;
        ips.push(base.contents);
      }
    }
  }
  return { dns, ips, kinds };
}

/** More comparisons than this are not made for one certificate: 10,000 names against 10,000 subtrees are an attack. */
const MAX_COMPARISONS = 250_000;

/**
 * Do the names of a certificate keep within the constraints? `unclear` where the constraints speak of kinds of name that
 * are not compared here and that the certificate has (its subject is a directory name).
 */
export function withinConstraints(
  { permitted, excluded }: NameConstraints,
  names: GeneralNames,
  hasSubject: boolean,
): 'yes' | 'no' | 'unclear' {
  const spoken = new Set([...permitted.kinds, ...excluded.kinds]);
  for (const kind of spoken) {
    if (kind === 2 || kind === 7) continue;
    if (names.kinds.has(kind) || (kind === 4 && hasSubject)) return 'unclear';
  }
  const trees = permitted.dns.length + permitted.ips.length + excluded.dns.length + excluded.ips.length;
  if (trees * (names.dns.length + names.ips.length) > MAX_COMPARISONS) return 'unclear';
  for (const name of names.dns) {
    if (excluded.dns.some((tree) => dnsWithin(name, tree))) return 'no';
    // A wildcard stands for names of which some may be excluded: *.example.com under an exclusion of pay.example.com.
    if (name.startsWith('*.') && excluded.dns.some((tree) => dnsWithin(tree, name.slice(2)))) return 'no';
    if (permitted.kinds.has(2) && !permitted.dns.some((tree) => dnsWithin(name, tree))) return 'no';
  }
  for (const ip of names.ips) {
    const octets = ipBytes(ip);
    if (octets === undefined) return 'unclear';
    if (excluded.ips.some((tree) => ipWithin(octets, tree))) return 'no';
    if (permitted.kinds.has(7) && !permitted.ips.some((tree) => ipWithin(octets, tree))) return 'no';
  }
  return 'yes';
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side". */
function dnsWithin(name: string, tree: string): boolean {
  if (tree === '') return true;
  // A leading dot is not in RFC 5280 for DNS names; those who write it mean proper subdomains.
  return tree.startsWith('.') ? name.endsWith(tree) : name === tree || name.endsWith(`.${tree}`);
}

function ipWithin(octets: readonly number[], tree: Uint8Array): boolean {
  const size = tree.length / 2;
  return octets.length === size && octets.every((octet, index) => ((octet ^ (tree[index] ?? 0)) & (tree[size + index] ?? 0xff)) === 0);
}
