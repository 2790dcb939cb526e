import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { colonFields, type Field, type FieldLine } from '../../text/colon-fields.ts';
import { SourceText } from '../../text/source-text.ts';
import { loginDefinitions, type LoginDefinitions } from './login-definitions.ts';
import type { HostContext } from './part.ts';
import { storedPassword, type StoredPassword } from './stored-password.ts';

/** A line of passwd(5). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Empty: /bin/sh. */
  readonly shell: string;
  readonly origin: Origin;
}

/** A line of group(5), with the accounts whose primary group it is. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly origin: Origin;
}

/** A line of shadow(5). Days are counted from 1970-01-01; undefined where the field is empty. */
export interface Shadow {
  readonly password: StoredPassword;
  readonly changed: number | undefined;
  readonly maximum: number | undefined;
  readonly expires: number | undefined;
  readonly origin: Origin;
}

/** The accounts and groups of a host, as its files list them. */
export interface Accounts {
  readonly accounts: readonly Account[];
  readonly byName: ReadonlyMap<string, Account>;
  readonly byUid: ReadonlyMap<number, Account>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly byGid: ReadonlyMap<number, Group>;
  /** Names of an account's groups, its primary one first. */
  readonly groupsOf: (name: string) => readonly Group[];
  /** Why there may be more accounts. */
  readonly moreAccounts: readonly Unknown[];
  /** Why groups may have more members, or be more. */
  readonly moreGroups: readonly Unknown[];
  readonly shadow: (account: Account) => Fact<Shadow>;
  readonly definitions: LoginDefinitions;
}

const MAX_LINES = 20_000;
/** Sources of nsswitch.conf(5) that are the files which are read here: `compat` asks others by lines with `+`, which are none of an account. */
const FILES = new Set(['files', 'compat']);
/** Where other sources of this machine keep accounts: nss-systemd(8) has users of running services besides, who never log in. */
const STORES: Readonly<Record<string, readonly string[]>> = {
  systemd: ['/etc/userdb', '/run/userdb', '/run/host/userdb', '/usr/local/lib/userdb', '/usr/lib/userdb', '/var/lib/systemd/home'],
  db: ['/var/lib/misc/passwd.db', '/var/lib/misc/group.db', '/var/db/passwd.db', '/var/db/group.db'],
  altfiles: ['/usr/lib/passwd', '/usr/lib/group'],
  extrausers: ['/var/lib/extrausers/passwd', '/var/lib/extrausers/group'],
};

const read = new WeakMap<HostContext, Promise<Accounts>>();

/** Reads passwd, group, shadow and nsswitch.conf; once, however many parts ask. */
export function accountsOf(context: HostContext): Promise<Accounts> {
  const before = read.get(context) ?? readAccounts(context);
  read.set(context, before);
  return before;
}

async function readAccounts(context: HostContext): Promise<Accounts> {
  const moreAccounts: Unknown[] = [...(await otherSources(context, 'passwd'))];
  const moreGroups: Unknown[] = [...(await otherSources(context, 'group')), ...(await otherSources(context, 'initgroups'))];
  const passwd = await linesOf(context, '/etc/passwd', moreAccounts);
  const strays = new Map<string, StoredPassword>();
  const accounts: Account[] = [];
  const byName = new Map<string, Account>();
  const byUid = new Map<number, Account>();
  for (const line of passwd?.lines ?? []) {
    const [name, password, uid, gid, , home, shell] = line.fields;
    const [user, group] = [numberOf(uid), numberOf(gid)];
    if (name === undefined || password === undefined || user === undefined || group === undefined || shell === undefined) {
      moreAccounts.push(strange(passwd?.source, line));
      continue;
    }
    // The first line of a name counts: getpwnam(3) stops there.
    if (byName.has(name.text)) continue;
    if (password.text !== 'x') strays.set(name.text, storedPassword(password.text));
    const origin = passwd?.source.origin(line.start, line.end) ?? context.at;
    const account = { name: name.text, uid: user, gid: group, home: home?.text ?? '', shell: shell.text, origin };
    accounts.push(account);
    byName.set(account.name, account);
    if (!byUid.has(user)) byUid.set(user, account);
  }
  // Every machine has root: a list without it is cut, or not the list.
  if (passwd !== undefined && !byUid.has(0))
    moreAccounts.push(unknown('unparseable', '/etc/passwd: root is not in it', passwd.source.origin(0, 0)));
  const { groups, byGid } = await readGroups(context, accounts, moreGroups);
  const named = Map.groupBy(groups.values(), ({ gid }) => gid);
  const memberships = new Map<string, Set<Group>>();
  const join = (name: string, gid: number): void => {
    const of = memberships.get(name) ?? new Set();
    memberships.set(name, of);
    // Rights go by number: every name of a group is one that its members are in.
    for (const group of named.get(gid) ?? [byGid.get(gid)]) if (group !== undefined) of.add(group);
  };
  for (const account of accounts) join(account.name, account.gid);
  for (const { gid, members } of byGid.values()) for (const member of members) join(member, gid);
  return {
    accounts,
    byName,
    byUid,
    groups,
    byGid,
    groupsOf: (name) => [...(memberships.get(name) ?? [])],
    moreAccounts,
    moreGroups: passwd === undefined ? [...moreGroups, ...moreAccounts] : moreGroups,
    shadow: await shadowOf(context, strays),
    definitions: await loginDefinitions(context),
  };
}

async function readGroups(
  context: HostContext,
  accounts: readonly Account[],
  more: Unknown[],
): Promise<{ readonly groups: ReadonlyMap<string, Group>; readonly byGid: ReadonlyMap<number, Group> }> {
  const file = await linesOf(context, '/etc/group', more);
  const primary = Map.groupBy(accounts, ({ gid }) => gid);
  const groups = new Map<string, Group>();
  const byGid = new Map<number, Group>();
  for (const line of file?.lines ?? []) {
    const [name, password, gid, members] = line.fields;
    const number = numberOf(gid);
    if (name === undefined || password === undefined || number === undefined || members === undefined) {
      more.push(strange(file?.source, line));
      continue;
    }
    const listed = members.text.split(',').filter((one) => one !== '');
    const own = (primary.get(number) ?? []).map((account) => account.name);
    const group: Group = {
      name: name.text,
      gid: number,
      members: [...new Set([...own, ...listed])],
      origin: file?.source.origin(line.start, line.end) ?? context.at,
    };
    const before = byGid.get(number);
    // Two names of one number are one group to the kernel, and so are two lines of one name: initgroups(3) takes each.
    byGid.set(number, before === undefined ? group : { ...before, members: [...new Set([...before.members, ...group.members])] });
    if (!groups.has(group.name)) groups.set(group.name, group);
  }
  if (file !== undefined && !byGid.has(0)) more.push(unknown('unparseable', '/etc/group: root is not in it', file.source.origin(0, 0)));
  for (const [name, group] of groups) groups.set(name, { ...group, members: byGid.get(group.gid)?.members ?? group.members });
  // A primary group that no line names is a group all the same.
  for (const [gid, members] of primary)
    if (!byGid.has(gid)) {
      const group = { name: String(gid), gid, members: members.map(({ name }) => name), origin: members[0]?.origin ?? context.at };
      byGid.set(gid, group);
    }
  return { groups, byGid };
}

/** What shadow(5) says of an account. Nothing of a password's text is kept, and no excerpt of the file leaves. */
async function shadowOf(context: HostContext, strays: ReadonlyMap<string, StoredPassword>): Promise<Accounts['shadow']> {
  const source = await context.open('/etc/shadow');
  const entries = new Map<string, Shadow>();
  let why: Unknown | undefined;
  if (source instanceof SourceText) {
    source.withholdExcerpts();
    const { lines, cut } = colonFields(source, MAX_LINES);
    if (cut) why = unknown('unsupported', `/etc/shadow: more than ${MAX_LINES}`, source.origin(0, 0));
    for (const { fields, start, end } of lines) {
      const [name, password, changed, , maximum, , , expires] = fields;
      if (name === undefined || password === undefined || entries.has(name.text)) continue;
      entries.set(name.text, {
        password: storedPassword(password.text),
        changed: numberOf(changed),
        maximum: numberOf(maximum),
        expires: numberOf(expires),
        origin: source.origin(start, end),
      });
    }
  } else if (source !== 'not-there') why = source;
  return (account) => {
    const stray = strays.get(account.name);
    if (stray !== undefined) {
      const ages = { changed: undefined, maximum: undefined, expires: undefined, origin: account.origin };
      return known({ password: stray, ...ages }, account.origin);
    }
    const entry = entries.get(account.name);
    if (entry !== undefined) return known(entry, entry.origin);
    if (why !== undefined) return why;
    return unknown('unresolved', `/etc/shadow: ${account.name} is not in it`, account.origin);
  };
}

/** Sources of accounts or groups that no file here shows. */
async function otherSources(context: HostContext, database: 'passwd' | 'group' | 'initgroups'): Promise<readonly Unknown[]> {
  const source = await context.open('/etc/nsswitch.conf');
  if (!(source instanceof SourceText)) {
    if (database === 'initgroups') return [];
    return [source === 'not-there' ? unknown('unresolved', '/etc/nsswitch.conf is not there', context.at) : source];
  }
  const line = new RegExp(`^[ \\t]*${database}:[ \\t]*([^#\\n]*)`, 'm').exec(source.text);
  if (line === null) return [];
  const origin = source.origin(line.index, line.index + line[0].trimEnd().length);
  const words = (line[1] ?? '').replaceAll(/\[[^\]]*\]/g, ' ').split(/\s+/);
  const others: Unknown[] = [];
  for (const word of words.filter((one) => one !== '' && !FILES.has(one))) {
    const stores = STORES[word];
    if (stores === undefined) others.push(unknown('unsupported', `${database}: accounts of ${word}`, origin));
    else for (const path of stores) others.push(...(await accountsAt(context, path)));
  }
  return others;
}

/** A store of accounts that is not read here: nothing, where it is not there or has nothing in it. */
async function accountsAt({ host, at }: HostContext, path: string): Promise<readonly Unknown[]> {
  const entry = await host.stat(path, true);
  if (entry === 'not-there') return [];
  if ('state' in entry) return [entry];
  const listing = entry.kind === 'directory' ? await host.list(path) : undefined;
  if (listing !== undefined && listing !== 'not-there' && 'state' in listing) return [listing];
  const empty =
    listing === 'not-there' || (listing === undefined ? entry.size === 0 : listing.entries.length + listing.unseen.length === 0);
  return empty ? [] : [unknown('unsupported', `${path}: its accounts`, at)];
}

async function linesOf(
  context: HostContext,
  path: string,
  more: Unknown[],
): Promise<{ readonly source: SourceText; readonly lines: readonly FieldLine[] } | undefined> {
  const source = await context.open(path);
  if (!(source instanceof SourceText)) {
    more.push(source === 'not-there' ? unknown('unresolved', `${path} is not there`, context.at) : source);
    return undefined;
  }
  const { lines, cut } = colonFields(source, MAX_LINES);
  // The passwords of groups, and those that passwd held before there was shadow.
  for (const { fields } of lines) {
    const field = fields[1];
    if (field !== undefined && !/^[x!*]?$/.test(field.text)) source.markSecret(field.start, field.end, 'password hash');
  }
  if (cut) more.push(unknown('unsupported', `${path}: more than ${MAX_LINES}`, source.origin(0, 0)));
  return { source, lines };
}

function strange(source: SourceText | undefined, { start, end }: FieldLine): Unknown {
  return unknown('unparseable', `${source?.file ?? ''}: a line that is none`, source?.origin(start, end));
}

function numberOf(field: Field | undefined): number | undefined {
  return field !== undefined && /^\d{1,10}$/.test(field.text) ? Number(field.text) : undefined;
}
