import { unknown, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';

/** Files of a host that were read, and what of them could not be. */
export interface HostFiles {
  readonly files: readonly SourceText[];
  readonly gaps: readonly Unknown[];
}

/** The files of a directory whose names end so, by name; none where the directory is not there. */
export async function filesIn({ host, open }: HostContext, directory: string, ending: string): Promise<HostFiles> {
  const listing = await host.list(directory);
  if (listing === 'not-there') return { files: [], gaps: [] };
  if ('state' in listing) return { files: [], gaps: [listing] };
  const files: SourceText[] = [];
  const gaps: Unknown[] = listing.unseen.filter(({ path }) => path.endsWith(ending)).map(({ why }) => why);
  for (const { path, kind } of listing.entries) {
    if (!path.endsWith(ending) || kind === 'directory' || kind === 'other') continue;
    const file = await open(path);
    if (file instanceof SourceText) files.push(file);
    else if (file !== 'not-there') gaps.push(file);
  }
  return { files, gaps };
}

/**
 * The files that make one configuration by systemd's rules: the main one, then drop-ins of all places by their names, where a
 * name in an earlier place hides the same in a later one, and a link to /dev/null hides it altogether.
 */
export async function layered(
  context: HostContext,
  main: readonly string[],
  places: readonly string[],
  ending = '.conf',
): Promise<HostFiles> {
  const files: SourceText[] = [];
  const gaps: Unknown[] = [];
  for (const path of main) {
    const file = await context.open(path);
    if (file === 'not-there') continue;
    if (file instanceof SourceText) files.push(file);
    else gaps.push(file);
    break; // a file in an earlier place stands for those in later ones
  }
  const byName = new Map<string, string>();
  for (const place of places) {
    const listing = await context.host.list(place);
    if (listing === 'not-there') continue;
    if ('state' in listing) {
      gaps.push(listing);
      continue;
    }
    gaps.push(...listing.unseen.filter(({ path }) => path.endsWith(ending)).map(({ why }) => why));
    for (const { path } of listing.entries) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name.endsWith(ending) && !byName.has(name)) byName.set(name, path);
    }
  }
  for (const [, path] of [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const link = await context.host.readlink(path);
    if (typeof link === 'object' && 'to' in link && link.to === '/dev/null') continue;
    const file = await context.open(path);
    if (file instanceof SourceText) files.push(file);
    else gaps.push(file === 'not-there' ? unknown('unresolved', `${path}: a link to nothing`) : file);
  }
  return { files, gaps };
}
