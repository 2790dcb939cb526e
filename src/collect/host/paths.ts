import { absent, anyTrue, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { hostPath } from '../../resources/host.ts';
import { accessListOf } from './access-lists.ts';
import { accountsOf, type Account, type Accounts } from './accounts.ts';
import { packagedFiles, statOverrides } from './file-owners.ts';
import { loginsOf } from './logins.ts';
import { namedPaths, type PathRole } from './named-paths.ts';
import type { HostContext, HostGap, HostPart } from './part.ts';
import { changeableBeyond, isReachable, walkPath, writersOf, type WalkedPath } from './path-access.ts';
import { ADMINISTRATORS } from './root-groups.ts';
import { shippedAt, SHIPPED_BY } from './special-files.ts';
import { SourceText } from '../../text/source-text.ts';

type Logins = (account: Account) => Fact<boolean>;

const MAX_FOUND = 2000;
/** File systems that lie on disks, or in the memory of this machine. */
const LOCAL = new Set('ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs nilfs2 reiserfs overlay aufs tmpfs vfat exfat ntfs3'.split(' '));
/** Those of the kernel, those that are images which nobody writes, and those of other machines: what is theirs is not this machine's. */
const OTHERS = new Set(
  `proc sysfs devtmpfs devpts cgroup cgroup2 pstore bpf securityfs debugfs tracefs configfs fusectl efivarfs mqueue hugetlbfs autofs binfmt_misc
  selinuxfs rpc_pipefs nsfs ramfs squashfs erofs iso9660 udf nfs nfs4 nfsd cifs smb3 9p ceph afs virtiofs`.split(/\s+/),
);

/** Owners and permissions of what matters, and what a search finds that should not be as it is. */
export const pathsPart: HostPart = {
  name: 'paths',
  kinds: [hostPath.name],
  read: async (context) => {
    const accounts = await accountsOf(context);
    const login = await loginsOf(context);
    const gaps: HostGap[] = [...accounts.moreAccounts, ...accounts.moreGroups].map((why) => ({ why }));
    const miss = (why: Unknown): void => void gaps.push({ why });
    const resources: Resource[] = [];
    const look = async (path: string, role: PathRole | 'setuid' | 'world-writable', expected?: Fact<boolean>): Promise<void> => {
      const walked = await walkPath(context, path);
      if (walked === 'not-there') return;
      if ('state' in walked) miss(walked);
      else {
        const facts = factsOf(walked, role, accounts, login, expected ?? absent(walked.origin));
        // A set-user-ID program is judged by its bits, whoever may read it.
        const list = role === 'setuid' || role === 'world-writable' ? undefined : await accessListOf(context, walked);
        resources.push(context.resource(hostPath, path, list === undefined ? facts : beyondMode(facts, list)));
      }
    };
    const { paths, gaps: unseen } = await namedPaths(context);
    for (const why of unseen) miss(why);
    for (const [path, role] of paths) {
      context.signal.throwIfAborted();
      await look(path, role);
    }
    const from = await fileSystems(context, miss);
    const special = await context.host.search({ from, what: 'special' });
    if ('state' in special) miss(special);
    else {
      for (const { why } of special.unseen) miss(why);
      const found = special.entries.map(({ path }) => path).slice(0, MAX_FOUND);
      if (found.length < special.entries.length) miss(unknown('unsupported', `setuid files: more than ${MAX_FOUND}`, context.at));
      const expected = await expectations(context, accounts, found);
      for (const path of found) if (!paths.has(path)) await look(path, 'setuid', await expected(path));
    }
    const writable = await context.host.search({ from, what: 'world-writable' });
    if ('state' in writable) miss(writable);
    else {
      for (const { why } of writable.unseen) miss(why);
      if (writable.entries.length > MAX_FOUND) miss(unknown('unsupported', `world-writable paths: more than ${MAX_FOUND}`, context.at));
      for (const { path } of writable.entries.slice(0, MAX_FOUND)) if (!paths.has(path)) await look(path, 'world-writable');
    }
    return { resources, gaps };
  },
};

function factsOf(
  walked: WalkedPath,
  role: PathRole | 'setuid' | 'world-writable',
  accounts: Accounts,
  login: Logins,
  expected: Fact<boolean>,
): LiveKindFacts<typeof hostPath> {
  const { path, entry, origin } = walked;
  const { mode, uid, gid } = entry;
  const owner = accounts.byUid.get(uid);
  const group = accounts.byGid.get(gid);
  const members = new Set((group?.members ?? []).flatMap((name) => accounts.byName.get(name)?.uid ?? []));
  const writers = writersOf(walked, accounts);
  const reached = isReachable(walked);
  const readable = (mode & 0o004) !== 0 && reached;
  return {
    path: known(path, origin),
    role: known(role, origin),
    mode: known(mode.toString(8).padStart(4, '0'), origin),
    owner: named(owner, accounts.moreAccounts, uid, origin),
    group: named(group, accounts.moreGroups, gid, origin),
    readable_by_others: known(readable, reached ? origin : derived('its directories', origin)),
    writable_by_others: changeableBeyond(writers, new Set([uid, ...members]), origin),
    group_can_write: known((mode & 0o020) !== 0 && gid !== 0, origin),
    group_of_people: ofPeople(
      (group?.members ?? []).filter((name) => accounts.byName.get(name)?.uid !== uid),
      accounts,
      login,
      origin,
    ),
    owned_by_system: ownedBySystem(uid, owner, accounts, login, origin),
    expected,
    directory: known(entry.kind === 'directory', origin),
    size: known(entry.size, origin),
  };
}

/** What a mode denies, an access control list may allow. */
function beyondMode(facts: LiveKindFacts<typeof hostPath>, list: Unknown): LiveKindFacts<typeof hostPath> {
  const open = (fact: Fact<boolean>): Fact<boolean> => (fact.state === 'known' && !fact.value ? list : fact);
  return {
    ...facts,
    readable_by_others: open(facts.readable_by_others),
    writable_by_others: open(facts.writable_by_others),
    group_can_write: open(facts.group_can_write),
    group_of_people: open(facts.group_of_people),
  };
}

function named(one: { readonly name: string } | undefined, more: readonly Unknown[], number: number, origin: Origin): Fact<string> {
  if (one !== undefined) return known(one.name, derived('the account of that number', origin));
  return more[0] ?? known(String(number), origin);
}

/** Members who log in, its owner, administrators and root aside. */
function ofPeople(members: readonly string[], accounts: Accounts, login: Logins, origin: Origin): Fact<boolean> {
  const rule = derived('members of its group', origin);
  const answers = members.flatMap((name): readonly Fact<boolean>[] => {
    const account = accounts.byName.get(name);
    const passed = account === undefined || account.uid === 0 || accounts.groupsOf(name).some((group) => ADMINISTRATORS.has(group.name));
    return passed ? [] : [login(account)];
  });
  const found = anyTrue([known(false, rule), ...answers]);
  return found.state === 'known' && !found.value ? (accounts.moreGroups[0] ?? found) : found;
}

function ownedBySystem(uid: number, owner: Account | undefined, { moreAccounts }: Accounts, login: Logins, origin: Origin): Fact<boolean> {
  if (uid === 0) return known(true, origin);
  // A number without an account: whoever gets it next owns the file.
  if (owner === undefined) return moreAccounts[0] ?? known(false, derived('no account has that number', origin));
  return mapFact(login(owner), 'its owner cannot log in', (can) => !can);
}

/** What packages ship, and what dpkg-statoverride sets, at the places where special files were found. */
async function expectations(
  context: HostContext,
  accounts: Accounts,
  found: readonly string[],
): Promise<(path: string) => Promise<Fact<boolean>>> {
  const overrides = await statOverrides(context);
  const packaged = await packagedFiles(context, found);
  const release = await context.open('/etc/os-release');
  const tabled =
    release instanceof SourceText &&
    new RegExp(`^ID="?${SHIPPED_BY.id}"?$`, 'm').test(release.text) &&
    new RegExp(`^VERSION_ID="?${SHIPPED_BY.version}"?$`, 'm').test(release.text);
  return async (path) => {
    const walked = await walkPath(context, path);
    if (walked === 'not-there') return unknown('unresolved', `${path} is not there`, context.at);
    if ('state' in walked) return walked;
    const { entry, origin } = walked;
    const mode = entry.mode.toString(8).padStart(4, '0');
    const owner = accounts.byUid.get(entry.uid)?.name ?? String(entry.uid);
    const group = accounts.byGid.get(entry.gid)?.name ?? String(entry.gid);
    const fits = (one: { readonly mode: string; readonly owner: string; readonly group: string }): boolean =>
      one.mode === mode && one.owner === owner && one.group === group;
    const belongs = packaged(path);
    if (belongs.state === 'known' && !belongs.value) return belongs;
    const override = overrides instanceof Map ? overrides.get(path) : undefined;
    if (override !== undefined && fits(override)) return known(true, derived('dpkg-statoverride', override.origin, origin));
    for (const one of tabled ? shippedAt(path) : []) {
      const version = await context.package(one.package);
      if (version.state === 'known') return known(fits(one), derived(`package ${one.package}`, version.origin, origin));
      if (version.state === 'unknown') return version;
    }
    return belongs.state === 'known' ? unknown('unsupported', `${path}: which bits its package gives it`, origin) : belongs;
  };
}

/** Where searches begin: every local file system that is mounted. Of an offline root only its own is known. */
async function fileSystems({ host, at }: HostContext, miss: (why: Unknown) => void): Promise<readonly string[]> {
  if (host.form === 'root') return ['/'];
  const mounts = await host.read('/proc/self/mounts');
  if (mounts === 'not-there' || 'state' in mounts) {
    miss(mounts === 'not-there' ? unknown('unresolved', '/proc/self/mounts is not there', at) : mounts);
    return ['/'];
  }
  const points = Buffer.from(mounts.bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [, point = '', type = ''] = line.split(' ');
      if (!LOCAL.has(type) && !OTHERS.has(type)) miss(unknown('unsupported', `${point}: a file system of kind ${type}`, at));
      const seen = LOCAL.has(type) && !/^\/(?:proc|sys)(?:\/|$)/.test(point);
      return seen ? [point.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8)))] : [];
    });
  return [...new Set(['/', ...points])];
}
