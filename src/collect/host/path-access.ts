import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { HostEntry } from '../../world/host.ts';
import type { Accounts } from './accounts.ts';
import type { HostContext } from './part.ts';

/** What stands at a path in the end, and every directory that is passed on the way there, links followed. */
export interface WalkedPath {
  readonly path: string;
  readonly entry: HostEntry;
  readonly directories: readonly HostEntry[];
  /** As a person would look at it. */
  readonly origin: Origin;
}

const MAX_LINKS = 40;

const stats = new WeakMap<HostContext, Map<string, Promise<HostEntry | Unknown | 'not-there'>>>();

/** Looks at each part of a path once, however many paths share it. */
function statOf(context: HostContext, path: string): Promise<HostEntry | Unknown | 'not-there'> {
  const known = stats.get(context) ?? new Map<string, Promise<HostEntry | Unknown | 'not-there'>>();
  stats.set(context, known);
  const before = known.get(path) ?? context.host.stat(path);
  known.set(path, before);
  return before;
}

/** Follows a path part by part. */
export async function walkPath(context: HostContext, path: string): Promise<WalkedPath | Unknown | 'not-there'> {
  const waiting = path.split('/').filter((part) => part !== '' && part !== '.');
  const done: string[] = [];
  const directories: HostEntry[] = [];
  let links = 0;
  let last = await statOf(context, '/');
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (last === 'not-there' || 'state' in last) return last;
    directories.push(last);
    if (part === '..') {
      done.pop();
      last = await statOf(context, `/${done.join('/')}`);
      continue;
    }
    const here = `/${[...done, part].join('/')}`;
    const entry = await statOf(context, here);
    if (entry === 'not-there' || 'state' in entry) return entry;
    if (entry.kind !== 'link') {
      done.push(part);
      last = entry;
      continue;
    }
    links += 1;
    const target = links > MAX_LINKS ? unknown('unresolved', `${path}: a loop of links`) : await context.host.readlink(here);
    if (target === 'not-there' || 'state' in target) return target;
    if (target.to.startsWith('/')) done.length = 0;
    waiting.unshift(...target.to.split('/').filter((word) => word !== '' && word !== '.'));
    last = await statOf(context, `/${done.join('/')}`);
  }
  if (last === 'not-there' || 'state' in last) return last;
  const origin: Origin = { kind: 'command', target: context.target.id, command: `stat ${path}` };
  return { path, entry: last, directories, origin };
}

/** May accounts that are neither owner nor group come to what stands there? Each directory above must let them through. */
export function isReachable({ directories }: WalkedPath): boolean {
  return directories.every(({ mode }) => (mode & 0o001) !== 0);
}

/** Who may do something to a path, as far as it is known: `open` says that groups may have more members. */
export interface Writers {
  /** Everybody. */
  readonly all: boolean;
  readonly uids: ReadonlySet<number>;
  readonly open: readonly Unknown[];
}

/**
 * Who may change what stands at a path, or put something else in its place: its owner, its group and others by its own bits, and whoever
 * may write a directory above it. In a directory with the sticky bit only owners replace.
 */
export function writersOf(walked: WalkedPath, accounts: Accounts): Writers {
  const uids = new Set<number>([walked.entry.uid]);
  const open: Unknown[] = [];
  let all = (walked.entry.mode & 0o002) !== 0 && isReachable(walked);
  const group = (gid: number): void => {
    if (gid === 0 && accounts.groups.get('root')?.members.every((name) => accounts.byName.get(name)?.uid === 0) === true) return;
    const found = accounts.byGid.get(gid);
    for (const name of found?.members ?? []) {
      const uid = accounts.byName.get(name)?.uid;
      if (uid !== undefined) uids.add(uid);
    }
    open.push(...accounts.moreGroups);
  };
  if ((walked.entry.mode & 0o020) !== 0) group(walked.entry.gid);
  for (const [index, { mode, uid, gid }] of walked.directories.entries()) {
    uids.add(uid);
    if ((mode & 0o1000) !== 0) continue;
    if ((mode & 0o020) !== 0) group(gid);
    all ||= (mode & 0o002) !== 0 && walked.directories.slice(0, index).every((above) => (above.mode & 0o001) !== 0);
  }
  return { all, uids, open };
}

/** May anybody beyond these accounts change or replace it? root may everything and counts for nobody. */
export function changeableBeyond({ all, uids, open }: Writers, allowed: ReadonlySet<number>, origin: Origin): Fact<boolean> {
  if (all || [...uids].some((uid) => uid !== 0 && !allowed.has(uid))) return known(true, origin);
  return open[0] ?? known(false, origin);
}
