import { gunzipSync } from 'node:zlib';
import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { compareDebianVersions } from '../../text/debian-version.ts';
import { decompressLz4 } from '../../text/lz4.ts';
import { SourceText } from '../../text/source-text.ts';
import { DPKG_STATUS, fieldsOf, installedPackages } from './packages.ts';
import type { HostContext } from './part.ts';

const LISTS = '/var/lib/apt/lists';
/** What a list of one component may hold once it is unpacked. */
const MAX_LIST = 64 * 1024 * 1024;
/** Suites of security updates, by what their Release files say of themselves. */
const SECURITY = [/^Label: Debian-Security$/m, /^Suite: [\w.-]+-security$/m, /^Codename: [\w.-]+-security$/m];

/** What apt's own lists say is to be installed, and how old they are. */
export interface SecurityUpdates {
  readonly pending: Fact<readonly Fact<string>[]>;
  readonly refreshed: Fact<string>;
}

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Holds the lists of security suites against dpkg's status. Nothing is asked of the network, and apt is not run. */
export async function securityUpdates(context: HostContext): Promise<SecurityUpdates> {
  const status = await context.open(DPKG_STATUS);
  if (!(status instanceof SourceText))
    return neither(status === 'not-there' ? unknown('unsupported', `packages: ${DPKG_STATUS} is not there`, context.at) : status);
  const listing = await context.host.list(LISTS);
  if (listing === 'not-there') return neither(unknown('not-collected', 'apt has no lists of packages', context.at));
  if ('state' in listing) return neither(listing);
  const installed = installedPackages(status);
  if ('state' in installed) return neither(installed);
  const release = await context.open('/etc/os-release');
  const codename = release instanceof SourceText ? /^VERSION_CODENAME=["']?([\w.-]+)/m.exec(release.text)?.[1] : undefined;
  const pending = new Map<string, Fact<string>>();
  const note = ({ name, version, architecture }: Listed): void => {
    for (const here of installed.get(name) ?? []) {
      const same = here.architecture === architecture || here.architecture === 'all' || architecture === 'all';
      if (same && compareDebianVersions(here.version, version) < 0)
        pending.set(name, known(name, derived(`${version} is there`, status.origin(here.start, here.end))));
    }
  };
  const gaps: Unknown[] = listing.unseen.map(({ why }) => why);
  const refreshed: string[] = [];
  let origin: Origin | undefined;
  for (const { path } of listing.entries) {
    const prefix = /^(.*)_(?:In)?Release$/.exec(path)?.[1];
    if (prefix === undefined) continue;
    const release = await context.host.read(path);
    if (release === 'not-there') continue;
    if ('state' in release) {
      gaps.push(release);
      continue;
    }
    const text = new TextDecoder().decode(release.bytes);
    if (!SECURITY.some((sign) => sign.test(text))) continue;
    if (!isOfRelease(text, codename)) {
      gaps.push(unknown('unresolved', `${path}: of another release`));
      continue;
    }
    origin ??= new SourceText(path, release.bytes, { on: context.target.id }).origin(0, 0);
    refreshed.push(release.modified);
    const lists = listing.entries.filter(
      (entry) => entry.path.startsWith(`${prefix}_`) && /_Packages(?:\.(?:lz4|gz|xz|bz2|zst))?$/.test(entry.path),
    );
    if (lists.length === 0) gaps.push(unknown('not-collected', `${path}: without lists of packages`));
    for (const list of lists) {
      const packages = await textOf(list.path, context);
      if (typeof packages !== 'string') gaps.push(packages);
      else if (!isWhole(packages, list.path.slice(prefix.length + 1), text)) gaps.push(unknown('unparseable', `${list.path}: cut off`));
      else for (const one of newest(packages)) note(one);
    }
  }
  const stamp = await context.host.stat('/var/lib/apt/periodic/update-success-stamp');
  const [oldest] = refreshed.toSorted();
  if (origin === undefined || oldest === undefined)
    return neither(gaps[0] ?? unknown('not-collected', 'apt has no list of a security suite', context.at));
  // A run that found nothing new leaves the lists as they were, and says so by its stamp.
  const when = stamp !== 'not-there' && !('state' in stamp) && stamp.modified > oldest ? stamp.modified : oldest;
  return {
    pending: known(
      [...pending].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact),
      derived('lists of the security suite against what is installed', status.origin(0, 0), origin),
      gaps,
    ),
    refreshed: known(when, origin),
  };
}

/** Has a list the size that its Release file promises (`SHA256: … 12345 main/binary-amd64/Packages`)? Where none is promised, it ends a line. */
function isWhole(list: string, path: string, release: string): boolean {
  const name = path
    .replace(/\.(?:lz4|gz|xz|bz2|zst)$/, '')
    .replaceAll('_', '/')
    .replaceAll('%5f', '_');
  const promised = release.split('\n').flatMap((line) => {
    const [, size, of] = /^ [0-9a-f]{64}\s+(\d{1,15}) (\S+)$/.exec(line) ?? [];
    return of === name ? [Number(size)] : [];
  })[0];
  return promised === undefined ? list === '' || list.endsWith('\n') : Buffer.byteLength(list) === promised;
}

/** After an upgrade, sources of the release before say of nothing that it waits. */
function isOfRelease(text: string, codename: string | undefined): boolean {
  if (codename === undefined) return true;
  return [...text.matchAll(/^(?:Codename|Suite): (\S+)$/gm)].some(
    ([, name = '']) => name === codename || name.startsWith(`${codename}-`) || name.startsWith(`${codename}/`),
  );
}

function neither(why: Unknown): SecurityUpdates {
  return { pending: why, refreshed: why };
}

/** The newest version of each package of a list. */
function newest(list: string): Iterable<Listed> {
  const versions = new Map<string, Listed>();
  for (const stanza of list.split('\n\n')) {
    const { Package: name, Version: version, Architecture: architecture = '' } = fieldsOf(stanza);
    if (name === undefined || version === undefined) continue;
    const key = `${name}:${architecture}`;
    const before = versions.get(key);
    if (before === undefined || compareDebianVersions(before.version, version) < 0) versions.set(key, { name, version, architecture });
  }
  return versions.values();
}

/** A list as text, unpacked; apt keeps lists plain, or packed by LZ4 or gzip. */
async function textOf(path: string, { host, command }: HostContext): Promise<string | Unknown> {
  const file = await host.read(path);
  if (file === 'not-there') return unknown('unresolved', `${path} is not there`);
  if ('state' in file) {
    if (file.cause !== 'unsupported' || host.form === 'root') return file;
    // Larger than a file may be that is read whole: apt's own helper writes it out, as far as its bound lets it.
    const output = await command('apt-helper cat-file', { list: path });
    return output === 'not-there' ? file : 'state' in output ? output : output.text;
  }
  let bytes: Uint8Array | undefined = file.bytes;
  if (path.endsWith('.lz4')) bytes = decompressLz4(file.bytes, MAX_LIST);
  else if (path.endsWith('.gz')) bytes = gunzip(file.bytes);
  else if (/\.(?:xz|bz2|zst)$/.test(path)) return unknown('unsupported', `${path}: how it is packed`);
  return bytes === undefined ? unknown('unparseable', `${path}: not to be unpacked`) : new TextDecoder().decode(bytes);
}

function gunzip(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_LIST });
  } catch {
    return undefined;
  }
}
