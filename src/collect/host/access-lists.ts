import { unknown, type Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import type { WalkedPath } from './path-access.ts';

/** Names of a directory, `.` for itself, and whether an access control list stands on each. */
type Listing = ReadonlyMap<string, boolean>;

const listings = new WeakMap<HostContext, Map<string, Promise<Listing | Unknown>>>();

/**
 * Why the mode of a path may not be all that decides who comes to it: an access control list (acl(5)) stands on it or on its directory.
 * Undefined where there is none: a path that the listing does not name is not known to have none. An offline root is not asked: nothing runs in it.
 */
export async function accessListOf(context: HostContext, { entry, directories, origin }: WalkedPath): Promise<Unknown | undefined> {
  if (context.host.form === 'root') return undefined;
  // Above `/` there is nothing: its own listing tells of it.
  const directory = directories.at(-1)?.path ?? entry.path;
  const known = listings.get(context) ?? new Map<string, Promise<Listing | Unknown>>();
  listings.set(context, known);
  const before = known.get(directory) ?? listed(context, directory);
  known.set(directory, before);
  const found = await before;
  if ('state' in found) return { ...found, origin };
  const name = directory === entry.path ? '.' : entry.path.slice(entry.path.lastIndexOf('/') + 1);
  const own = found.get(name);
  const above = found.get('.');
  const on = own === true ? entry.path : above === true ? directory : undefined;
  if (on !== undefined) return unknown('unsupported', `${on}: an access control list`, origin);
  if (own === undefined || above === undefined)
    return unknown('unparseable', `ls: nothing of ${own === undefined ? entry.path : directory}`, origin);
  return undefined;
}

/** A line of `ls -la`: mode, links, owner, group, size (or device numbers), month, day, time or year, and the name. */
const LINE = /^([a-z-])[rwxsStT-]{9}([+.@ ]?)\s*\d+\s+\S+\s+\S+\s+(?:\d+|\d+,\s*\d+)\s+\S+\s+\S+\s+\S+ (.*)$/i;

async function listed(context: HostContext, directory: string): Promise<Listing | Unknown> {
  const output = await context.command('ls -la', { directory });
  if (output === 'not-there') return unknown('unsupported', 'ls: no such program', context.at);
  if ('state' in output) return output;
  const names = new Map<string, boolean>();
  for (const line of output.text.split('\n')) {
    const [, kind, plus, name] = LINE.exec(line) ?? [];
    if (name !== undefined) names.set(kind === 'l' ? name.replace(/ -> .*$/, '') : name, plus === '+');
  }
  return names;
}
