import { derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import { compareVersions } from '../files/defaults.ts';

/** An SSH server as its banner or its package names it. */
export interface SshSoftware {
  /** `OpenSSH`, `dropbear`, `libssh`, `Erlang`, or what else it calls itself. */
  readonly product: string;
  /** As its makers number it: `9.2p1`. */
  readonly version: string;
  /** What a distribution counts beside it: `2+deb12u3`, `3ubuntu13.5`. */
  readonly revision?: string;
}

/** A flaw of one implementation, by the versions that its makers released with it, and by where distributions mended it in place. */
interface Flaw {
  readonly name: string;
  readonly product: string;
  /** From the first version to before the last; several where several branches were mended. */
  readonly ranges: readonly (readonly [from: string, before: string])[];
  /** A distribution's revisions of one version: their count, and the first that is mended. */
  readonly mended?: readonly { readonly version: string; readonly revision: RegExp; readonly from: number }[];
}

/**
 * Flaws that let a stranger in, or run code before anybody has proved himself. Each has its source; what could not be confirmed there is not
 * listed. No table of this kind is ever whole, so that it says what a server has, never that it has nothing.
 */
const FLAWS: readonly Flaw[] = [
  {
    name: 'CVE-2024-6387', // openssh.com/txt/release-9.8; changelog of Debian's openssh; ubuntu.com/security/notices/USN-6859-1
    product: 'OpenSSH',
    ranges: [['8.5', '9.8']],
    mended: [
      { version: '9.2p1', revision: /^2(?:\+deb12u(\d+))?/, from: 3 },
      { version: '8.9p1', revision: /^3ubuntu0\.(\d+)/, from: 10 },
      { version: '9.6p1', revision: /^3ubuntu13(?:\.(\d+))?/, from: 3 },
    ],
  },
  { name: 'CVE-2023-25136', product: 'OpenSSH', ranges: [['9.1', '9.2']] }, // openssh.com/txt/release-9.2
  {
    name: 'CVE-2018-10933', // libssh.org/security/advisories/CVE-2018-10933.txt
    product: 'libssh',
    ranges: [
      ['0.6', '0.7.6'],
      ['0.8', '0.8.4'],
    ],
  },
  {
    name: 'CVE-2025-32433', // github.com/erlang/otp/security/advisories/GHSA-37cp-fgq5-7wc2
    product: 'Erlang',
    ranges: [
      ['3.0.1', '4.15.3.12'],
      ['5.0', '5.1.4.8'],
      ['5.2', '5.2.10'],
    ],
  },
  { name: 'CVE-2016-7406', product: 'dropbear', ranges: [['0', '2016.74']] }, // CVE record of 2016-09-15
];

/** What a banner names: `OpenSSH_9.2p1 Debian-2+deb12u3`, `dropbear_2022.83`, `libssh_0.8.1`, `Erlang/4.15.3`. */
export function softwareOfBanner(line: string): SshSoftware {
  const text = line.replace(/^SSH-[^-\s]+-/, '');
  const [, product = '', version = '', comment = ''] = /^([A-Za-z]+)[-_/](\d\S*)(?: (.*))?$/.exec(text) ?? [];
  if (product === '') return { product: text.slice(0, 60), version: '' };
  const revision = /^(?:Debian|Ubuntu)-(\S+)$/.exec(comment)?.[1];
  return { product, version, ...(revision === undefined ? {} : { revision }) };
}

/**
 * Flaws of just this version. The list is open: what the table does not have may be there all the same, and where a distribution may have
 * mended a flaw in place and nothing says whether it did, that flaw by name.
 */
export function knownFlaws(software: SshSoftware, origin: Origin): Known<readonly Fact<string>[]> {
  const { product, version, revision } = software;
  const found: Fact<string>[] = [];
  const open: Unknown[] = [unknown('unsupported', `${`${product} ${version}`.trim()}: its flaws are not all known here`, origin)];
  for (const flaw of FLAWS) {
    const has = hasFlaw(flaw, software);
    if (has === 'yes') found.push(known(flaw.name, origin));
    else if (has === 'maybe')
      open.push(unknown('unresolved', `${flaw.name}: ${revision ?? version} does not say whether it was mended in place`, origin));
  }
  return known(found, origin, open);
}

/** Does OpenSSH reset sequence numbers? openssh.com/txt/release-9.6, and the changelog of Debian's 1:9.2p1-2+deb12u2. */
export function strictKeyExchange(software: SshSoftware, origin: Origin): Fact<boolean> {
  const has = hasFlaw(TERRAPIN, software);
  const rule = derived(TERRAPIN.name, origin);
  if (software.product !== 'OpenSSH' || has === 'maybe')
    return unknown(
      'unresolved',
      `${TERRAPIN.name}: ${software.revision ?? software.version} does not say whether it was mended in place`,
      origin,
    );
  return known(has === 'no', rule);
}

const TERRAPIN: Flaw = {
  name: 'CVE-2023-48795',
  product: 'OpenSSH',
  ranges: [['0', '9.6']],
  mended: [{ version: '9.2p1', revision: /^2(?:\+deb12u(\d+))?/, from: 2 }],
};

function hasFlaw({ product, ranges, mended = [] }: Flaw, software: SshSoftware): 'yes' | 'no' | 'maybe' {
  if (product !== software.product) return 'no';
  const { version, revision } = software;
  if (!/^\d/.test(version)) return 'maybe';
  if (!ranges.some(([from, before]) => !isBefore(version, from) && isBefore(version, before))) return 'no';
  // Distributions mend without raising the number, and others may have mended a distribution's: only its own count tells.
  if (revision === undefined) return 'maybe';
  for (const one of mended) {
    const match = one.version === version ? one.revision.exec(revision) : null;
    if (match === null) continue;
    if (Number(match[1] ?? 0) >= one.from) return 'no';
    return match[0] === revision ? 'yes' : 'maybe';
  }
  return 'maybe';
}

/** `9.9p2` is 9.9.2: some flaws were mended by a second portable release. A release is before none of its own portable ones. */
function isBefore(version: string, other: string): boolean {
  const plain = (text: string): string => text.replace(/^(\d+(?:\.\d+)*)p(\d+)/, '$1.$2');
  return compareVersions(plain(version), plain(other)) < 0;
}
