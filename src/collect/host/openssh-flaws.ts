import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import { compareVersions } from '../files/defaults.ts';

interface Flaw {
  readonly id: string;
  /** First release of OpenSSH that has it, and the first that has it no more. */
  readonly since: string;
  readonly mended: string;
  /** Debian's releases that mended it in an older version: the number behind `+deb12u`. */
  readonly debian?: Readonly<Record<string, number>>;
}

/** Terrapin is apart: strict key exchange says it. https://www.openssh.com/txt/release-9.6, changelog of 1:9.2p1-2+deb12u2, DSA-5586 */
const TERRAPIN: Flaw = { id: 'CVE-2023-48795', since: '0', mended: '9.6', debian: { deb12: 2, deb11: 3 } };

/** Flaws of the server alone, not of ssh or ssh-agent: https://www.openssh.com/security.html and Debian's changelogs. */
const FLAWS: readonly Flaw[] = [
  { id: 'CVE-2018-15473', since: '0', mended: '7.8' },
  { id: 'CVE-2021-41617', since: '6.2', mended: '8.8' },
  { id: 'CVE-2024-6387', since: '8.5', mended: '9.8', debian: { deb12: 3 } },
  { id: 'CVE-2025-26466', since: '9.5', mended: '9.9.2' },
  { id: 'CVE-2025-32728', since: '7.4', mended: '10.0', debian: { deb12: 6 } },
];

/** Does the server reset sequence numbers? By its package’s version. */
export function strictKeyExchange(installed: Fact<string>): Fact<boolean> {
  const has = hasFlaw(TERRAPIN, installed);
  return has.state === 'known' ? { ...has, value: !has.value } : has;
}

/** Known flaws of an installed version. Where Debian mended an older one and its revision is not known here, the list is open. */
export function knownFlaws(installed: Fact<string>): Fact<readonly Fact<string>[]> {
  if (installed.state !== 'known')
    return installed.state === 'unknown' ? installed : unknown('unresolved', 'version of openssh', installed.origin);
  const origin = derived('known flaws of this version', installed.origin);
  const answers = FLAWS.map((flaw) => ({ flaw, has: hasFlaw(flaw, installed) }));
  return known(
    answers.filter(({ has }) => has.state === 'known' && has.value).map(({ flaw }) => known(flaw.id, origin)),
    origin,
    answers.flatMap(({ has }) => (has.state === 'unknown' ? [has] : [])),
  );
}

function hasFlaw({ id, since, mended, debian = {} }: Flaw, installed: Fact<string>): Fact<boolean> {
  if (installed.state !== 'known')
    return installed.state === 'unknown' ? installed : unknown('unresolved', 'version of openssh', installed.origin);
  const { value, origin } = installed;
  // `9.9p2-1` is 9.9.2 here: some were mended by a second portable release.
  const release = value.replace(/^(\d+\.\d+)p(\d+).*$/, '$1.$2');
  const answer = (has: boolean): Fact<boolean> => known(has, derived(id, origin));
  if (!/^\d/.test(value)) return unknown('unresolved', `openssh ${value}: ${id}`, origin);
  if (compareVersions(release, since) < 0 || compareVersions(release, mended) >= 0) return answer(false);
  const [, suite = '', update = '0'] = /\+(deb\d+)(?:u(\d+))?/.exec(value) ?? [];
  const fixed = debian[suite];
  if (fixed !== undefined) return answer(Number(update) < fixed);
  // Distributions mend without raising the number: of a version that is theirs only they can say.
  return /-/.test(value) ? unknown('unresolved', `openssh ${value}: ${id}`, origin) : answer(true);
}
