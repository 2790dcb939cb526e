import { absent, derived, known, mapFact, unknown, type Fact, type Origin } from '../../model/fact.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import { Duties, heldByLists } from '../duties.ts';
import { accountsOf, type Account, type Accounts, type Shadow } from './accounts.ts';
import { grantsOf } from './grants.ts';
import { lastLogins } from './last-logins.ts';
import { loginsOf } from './logins.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext, HostPart } from './part.ts';
import { RightsOfHost } from './rights.ts';

const DAY = 86_400_000;
/** A password that lasts longer than this lasts for ever: isexpired() of shadow-utils. */
const FOR_EVER = 10_000;
/** Accounts that images of systems come with, beside root: the distributions' users of cloud-init, and of boards and boxes. */
const SHIPPED = new Set(
  'ubuntu debian centos fedora ec2-user cloud-user rocky almalinux opensuse alpine arch opc azureuser pi vagrant osboxes'.split(' '),
);

/** Accounts of a Linux host: whether they can log in, with what, and what they may do in the end. */
export const principalsPart: HostPart = {
  name: 'accounts',
  kinds: [identityPrincipal.name],
  read: async (context) => {
    const accounts = await accountsOf(context);
    const rights = new RightsOfHost(accounts, await grantsOf(context, accounts));
    const login = await loginsOf(context);
    const lastLogin = await lastLogins(context);
    const limit = await connectionLimit(context);
    const duties = Duties.of(context.target);
    const system = known('linux', context.at);
    const reach = unknown('unsupported', 'an account of Linux does not say how it is reached', context.at);
    const resources = accounts.accounts.map((account) => {
      const shadow = accounts.shadow(account);
      const { memberOf, rights: held, dangerous, superuser } = rights.of(account);
      const holder = { name: account.name, memberOf, rights: held, superuser };
      return context.resource(identityPrincipal, `linux ${account.name}`, {
        name: known(account.name, account.origin),
        kind: kindOf(account, accounts),
        login: login(account),
        password: mapFact(shadow, 'shadow', ({ password }) =>
          password.kind === 'hashed' && password.locked ? ('locked' as const) : password.kind,
        ),
        superuser,
        dangerous_rights: dangerous,
        system,
        hash: hashOf(shadow),
        ...ages(shadow),
        last_login: lastLogin(account),
        any_source: reach,
        requires_tls: reach,
        connection_limit: limit,
        member_of: memberOf,
        rights: held,
        duties: duties instanceof Duties ? duties.heldBy(heldByLists(holder), ({ kind, name }) => exists(accounts, kind, name)) : duties,
      });
    });
    return { resources, gaps: accounts.moreAccounts.map((why) => ({ why })) };
  },
};

/** By its number: login.defs says where people begin. */
function kindOf({ name, uid, origin }: Account, { definitions }: Accounts): Fact<'person' | 'service' | 'default'> {
  if (uid === 0 && name === 'root') return known('default', origin);
  if (SHIPPED.has(name)) return known('default', derived('an account that images come with', origin));
  const [least, most] = [definitions.number('UID_MIN'), definitions.number('UID_MAX')];
  if (least.state === 'unknown') return least;
  if (most.state === 'unknown') return most;
  // Their defaults stand in login.defs(5).
  const [from, to] = [least.state === 'known' ? least.value : 1000, most.state === 'known' ? most.value : 60_000];
  return known(uid >= from && uid <= to ? 'person' : 'service', derived('UID_MIN and UID_MAX', origin, least.origin, most.origin));
}

function hashOf(shadow: Fact<Shadow>): Fact<Exclude<Extract<Shadow['password'], { kind: 'hashed' }>['hash'], 'strange'>> {
  if (shadow.state !== 'known') return shadow;
  const { password, origin } = shadow.value;
  if (password.kind !== 'hashed') return absent(origin);
  return password.hash === 'strange' ? unknown('unsupported', 'a hash of another kind', origin) : known(password.hash, origin);
}

interface Ages {
  readonly password_changed: Fact<string>;
  readonly password_max_age: Fact<number>;
  readonly expires: Fact<string>;
}

function ages(shadow: Fact<Shadow>): Ages {
  if (shadow.state !== 'known') return { password_changed: shadow, password_max_age: shadow, expires: shadow };
  const { password, changed, maximum, expires, origin } = shadow.value;
  const day = (days: number): Fact<string> => dayOf(days, origin);
  const without = password.kind !== 'hashed';
  return {
    // 0: it must be changed at the next login, and when it was set is not written.
    password_changed: without
      ? absent(origin)
      : changed === undefined || changed === 0
        ? unknown('unresolved', 'shadow: no day of the last change', origin)
        : day(changed),
    password_max_age: without || maximum === undefined || maximum >= FOR_EVER ? absent(origin) : known(maximum, origin),
    expires: expires === undefined ? absent(origin) : day(expires),
  };
}

function dayOf(days: number, origin: Origin): Fact<string> {
  return days > 2_000_000
    ? unknown('unparseable', 'shadow: a day', origin)
    : known(`${new Date(days * DAY).toISOString().slice(0, 19)}Z`, origin);
}

/** `maxlogins` of limits.conf(5): whether any is set. */
async function connectionLimit({ open, host, at }: HostContext): Promise<Fact<number>> {
  const listing = await host.list('/etc/security/limits.d');
  if (listing !== 'not-there' && 'state' in listing) return listing;
  const more = listing === 'not-there' ? [] : listing.entries.filter(({ path }) => path.endsWith('.conf'));
  let looked: Origin = at;
  for (const path of ['/etc/security/limits.conf', ...more.map((entry) => entry.path)]) {
    const source = await open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) return source;
    looked = source.origin(0, 0);
    const line = /^[ \t]*[^#\s].*\bmax(?:sys)?logins\b/m.exec(source.text);
    if (line !== null) return unknown('unsupported', 'maxlogins', source.origin(line.index, line.index + line[0].length));
  }
  return absent(looked);
}

function exists({ groups, byName }: Accounts, kind: 'role' | 'group' | 'right', name: string): boolean {
  return kind === 'right' || (kind === 'group' ? groups.has(name) : groups.has(name) || byName.has(name));
}
