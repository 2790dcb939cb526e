import { absent, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import { SourceText } from '../../text/source-text.ts';

/** dpkg's own database. */
export const DPKG_STATUS = '/var/lib/dpkg/status';

/** A package that is installed; its places are offsets in the database. */
export interface InstalledPackage {
  readonly version: string;
  readonly architecture: string;
  /** Where its version is written. */
  readonly start: number;
  readonly end: number;
}

/**
 * Packages by name, of each architecture, whose files are there: those that wait for triggers or were not configured too. A database
 * that is empty or ends within a line was cut off: of what it does not name nothing is known.
 */
export function installedPackages(status: SourceText): ReadonlyMap<string, readonly InstalledPackage[]> | Unknown {
  if (!status.text.endsWith('\n')) return unknown('unparseable', `${status.file}: cut off`, status.origin(0, 0));
  const packages = new Map<string, InstalledPackage[]>();
  let start = 0;
  for (const paragraph of status.text.split('\n\n')) {
    const at = start;
    start += paragraph.length + 2;
    const { Package: name, Version: version, Architecture: architecture = '', Status: state } = fieldsOf(paragraph);
    if (name === undefined || version === undefined || state === undefined || / (?:not-installed|config-files)$/.test(state)) continue;
    const from = at + paragraph.search(/^Version: /m) + 'Version: '.length;
    const one = { version, architecture, start: from, end: from + version.length };
    packages.set(name, [...(packages.get(name) ?? []), one]);
  }
  return packages.size === 0 ? unknown('unparseable', `${status.file}: names no package`, status.origin(0, 0)) : packages;
}

const FIELDS = /^(Package|Version|Architecture|Status): (.*)$/gm;

/** The fields of a paragraph of dpkg's database or of one of apt's lists, as far as they tell what is installed. */
export function fieldsOf(paragraph: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...paragraph.matchAll(FIELDS)].map(([, name = '', value = '']) => [name, value]));
}

/** Versions of installed packages of a Debian or Ubuntu host, by name. Other hosts: not known. */
export function packageVersions(open: HostContext['open']): HostContext['package'] {
  const read = async () => {
    const source = await open(DPKG_STATUS);
    if (source === 'not-there') return unknown('unsupported', `packages: ${DPKG_STATUS} is not there`);
    if (!(source instanceof SourceText)) return source;
    const packages = installedPackages(source);
    return 'state' in packages ? packages : { source, packages };
  };
  let reading: ReturnType<typeof read> | undefined;
  return async (name): Promise<Fact<string>> => {
    const database = await (reading ??= read());
    if ('state' in database) return database;
    const { source, packages } = database;
    const found = packages.get(name)?.at(-1);
    return found === undefined ? absent(source.origin(0, 0)) : source.fact(found.version, found.start, found.end);
  };
}
