import { unknown, type Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import type { WalkedPath } from './path-access.ts';

const listings = new WeakMap<HostContext, Map<string, Promise<ReadonlySet<string> | Unknown>>>();

/**
 * Why the mode of a path may not be all that decides who comes to it: an access control list (acl(5)) stands on it or on its directory.
 * Undefined where there is none. An offline root is not asked: nothing runs in it.
 */
export async function accessListOf(context: HostContext, { entry, directories, origin }: WalkedPath): Promise<Unknown | undefined> {
  const directory = directories.at(-1)?.path;
  if (context.host.form === 'root' || directory === undefined) return undefined;
  const known = listings.get(context) ?? new Map<string, Promise<ReadonlySet<string> | Unknown>>();
  listings.set(context, known);
  const before = known.get(directory) ?? listed(context, directory);
  known.set(directory, before);
  const found = await before;
  if ('state' in found) return { ...found, origin };
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  const on = found.has(name) ? entry.path : found.has('.') ? directory : undefined;
  return on === undefined ? undefined : unknown('unsupported', `${on}: an access control list`, origin);
}

/** Names in a directory, `.` for itself, behind whose mode `ls` sets a plus sign. */
async function listed(context: HostContext, directory: string): Promise<ReadonlySet<string> | Unknown> {
  const output = await context.command('ls -la', { directory });
  if (output === 'not-there') return unknown('unsupported', 'ls: no such program', context.at);
  if ('state' in output) return output;
  const names = new Set<string>();
  for (const line of output.text.split('\n')) {
    // Mode, links, owner, group, size (or device numbers), month, day, time or year, and the name.
    const [, plus, name] = /^[a-z-][rwxsStT-]{9}([+.@ ]?)\s*\d+\s+\S+\s+\S+\s+(?:\d+|\d+,\s*\d+)\s+\S+\s+\S+\s+\S+ (.*)$/i.exec(line) ?? [];
    if (plus === '+' && name !== undefined) names.add(name.replace(/ -> .*$/, ''));
  }
  return names;
}
