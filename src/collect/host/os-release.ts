import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import { startOfDay } from '../../model/day.ts';
import { SourceText } from '../../text/source-text.ts';
import { supportedUntil, type LifeCycleProduct } from '../end-of-life.ts';
import type { HostContext } from './part.ts';

/** Distributions whose life is known, by the ID of os-release(5). */
const PRODUCTS: Readonly<Record<string, LifeCycleProduct>> = {
  debian: 'debian',
  ubuntu: 'ubuntu',
  rhel: 'rhel',
  centos: 'centos',
  rocky: 'rocky',
  almalinux: 'almalinux',
  anolis: 'anolis',
  openEuler: 'openEuler',
};

/** What a distribution says of itself, and until when it is mended. */
export interface OsRelease {
  readonly name: Fact<string>;
  readonly release: Fact<string>;
  readonly supported_until: Fact<string>;
}

/** os-release(5). Where the distribution writes its end (`SUPPORT_END`), that counts; else the table of lives. */
export async function osRelease(context: HostContext): Promise<OsRelease> {
  let file = await context.open('/etc/os-release');
  if (file === 'not-there') file = await context.open('/usr/lib/os-release');
  if (!(file instanceof SourceText)) {
    const why = file === 'not-there' ? unknown('not-collected', '/etc/os-release is not there', context.at) : file;
    return { name: why, release: why, supported_until: why };
  }
  const text = file;
  const field = (name: string): Fact<string> | undefined => {
    const found = [...text.text.matchAll(new RegExp(`^${name}=(["']?)(.*?)\\1[ \\t]*$`, 'gm'))].at(-1);
    return found === undefined || found[2] === undefined ? undefined : text.fact(found[2], found.index, found.index + found[0].length);
  };
  const name = field('ID') ?? unknown('unresolved', '/etc/os-release: ID', text.origin(0, 0));
  const release = field('VERSION_ID') ?? unknown('unresolved', '/etc/os-release: VERSION_ID', text.origin(0, 0));
  return { name, release, supported_until: endOf(name, release, field('SUPPORT_END'), field('VERSION')) };
}

function endOf(
  name: Fact<string>,
  release: Fact<string>,
  written: Fact<string> | undefined,
  version: Fact<string> | undefined,
): Fact<string> {
  if (written?.state === 'known' && startOfDay(written.value) !== undefined)
    return known(`${written.value}T00:00:00Z`, derived('SUPPORT_END', written.origin));
  if (name.state !== 'known') return name.state === 'unknown' ? name : unknown('unresolved', 'which distribution it is', name.origin);
  const product = Object.hasOwn(PRODUCTS, name.value) ? PRODUCTS[name.value] : undefined;
  if (product === undefined) return unknown('unsupported', `end of life of ${name.value.slice(0, 60)}`, name.origin);
  if (release.state !== 'known')
    return release.state === 'unknown' ? release : unknown('unresolved', 'which release it is', release.origin);
  // CentOS Stream calls itself centos too, and has another life.
  if (product === 'centos' && version?.state === 'known' && !/^\d+ \(/.test(version.value))
    return unknown('unsupported', 'end of life of CentOS Stream', release.origin);
  if (product !== 'openEuler' || version?.state !== 'known') return supportedUntil(product, release);
  // The service pack stands in VERSION alone: `24.03 (LTS-SP3)`.
  const [, lts, pack] = /\((LTS)(?:-SP(\d+))?\)/.exec(version.value) ?? [];
  return supportedUntil(
    product,
    lts === undefined ? release : known(`${release.value}.${pack ?? '0'}`, derived('service pack', release.origin, version.origin)),
  );
}
