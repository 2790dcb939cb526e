import { known, unknown, type Fact, type Known, type Origin } from '../../model/fact.ts';
import type { Identification } from '../../ssh/transport.ts';

/** A flaw of one implementation, by the versions that its makers released with it, and by where distributions mended it in place. */
interface Flaw {
  readonly name: string;
  readonly software: RegExp;
  /** Versions from the first to before the last, as numbers; several ranges where several branches were mended. */
  readonly ranges: readonly (readonly [from: readonly number[], before: readonly number[]])[];
  /** Revision by which a distribution mended a release: the banner's comment has it behind the release's mark. */
  readonly mended?: readonly { readonly mark: RegExp; readonly from: number }[];
}

/**
 * Flaws that let somebody in or run code before authentication. Sources: the makers' advisories named beside each, and the
 * distributions' trackers (security-tracker.debian.org, ubuntu.com/security) for what they mended without changing the version.
 */
const FLAWS: readonly Flaw[] = [
  {
    name: 'CVE-2024-6387', // regreSSHion: openssh.com/txt/release-9.8
    software: /^OpenSSH_(\d+)\.(\d+)/,
    ranges: [
      [
        [8, 5],
        [9, 8],
      ],
    ],
    mended: [
      { mark: /Debian-\d+\+deb12u(\d+)/, from: 3 },
      { mark: /Ubuntu-3ubuntu0\.(\d+)/, from: 10 }, // 22.04: 8.9p1-3ubuntu0.10
      { mark: /Ubuntu-3ubuntu13\.(\d+)/, from: 3 }, // 24.04: 9.6p1-3ubuntu13.3
    ],
  },
  {
    name: 'CVE-2018-10933', // libssh.org/security/advisories/CVE-2018-10933.txt: authentication can be passed by
    software: /^libssh[-_](\d+)\.(\d+)\.(\d+)/,
    ranges: [
      [
        [0, 6, 0],
        [0, 7, 6],
      ],
      [
        [0, 8, 0],
        [0, 8, 4],
      ],
    ],
  },
  {
    name: 'CVE-2025-32433', // github.com/erlang/otp GHSA-37cp-fgq5-7wc2: code before authentication
    software: /^Erlang\/(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?/,
    ranges: [
      [[0], [4, 15, 3, 12]],
      [
        [5, 0],
        [5, 1, 4, 8],
      ],
      [
        [5, 2],
        [5, 2, 10],
      ],
    ],
  },
  {
    name: 'CVE-2016-7406', // matt.ucc.asn.au/dropbear/CHANGES: 2016.74
    software: /^dropbear_(\d+)\.(\d+)/,
    ranges: [[[0], [2016, 74]]],
  },
];

/**
 * Flaws of just what the banner names. The list is open where a version has a flaw as released, and the banner does not say whether a distribution
 * mended it, and where the software is none of which anything is known here.
 */
export function knownFlaws({ line, protocol, software }: Identification, origin: Origin): Known<readonly Fact<string>[]> {
  const found: Fact<string>[] = protocol === '1.99' ? [known('SSH-1', origin)] : [];
  const open = [];
  const ours = FLAWS.filter((flaw) => flaw.software.test(software));
  if (ours.length === 0) open.push(unknown('unsupported', `${software.slice(0, 60)}: its flaws are not known here`, origin));
  for (const { name, software: form, ranges, mended = [] } of ours) {
    const version = (form.exec(software) ?? []).slice(1).map((part) => Number(part ?? 0));
    if (!ranges.some(([from, before]) => compare(version, from) >= 0 && compare(version, before) < 0)) continue;
    const revision = mended.map(({ mark, from }) => ({ number: mark.exec(line)?.[1], from })).find(({ number }) => number !== undefined);
    if (revision === undefined) open.push(unknown('unresolved', `${name}: the banner does not say whether it was mended in place`, origin));
    else if (Number(revision.number) < revision.from) found.push(known(name, origin));
  }
  return known(found, origin, open);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
