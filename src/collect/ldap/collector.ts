import { isNonEmpty, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { Coverage, Resource, Target } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import { accessRule, identityPolicy, identityPrincipal } from '../../resources/identity.ts';
import { addressText } from '../../world/database-address.ts';
import type { LdapEntry, LdapSession } from '../../world/ldap.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { loginOf } from '../database-login.ts';
import { Duties } from '../duties.ts';
import type { Conduct } from '../limits.ts';
import { unique } from '../files/unique.ts';
import { inOrder } from '../in-order.ts';
import { distinctGaps } from '../distinct-gaps.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { seen } from '../seen.ts';
import { grantFacts, idOfGrant } from './access-facts.ts';
import { ACCOUNT_ATTRIBUTES, ACCOUNT_FILTER, accountFacts, rootFacts, type AccountSurroundings } from './accounts.ts';
import { readConfiguration, type SlapdConfiguration } from './configuration.ts';
import { Groups, GROUP_ATTRIBUTES, GROUP_FILTER } from './groups.ts';
import { defaultPolicies, noPolicy, PASSWORD_POLICY, POLICY_ATTRIBUTES, policyFacts, policyOf } from './policies.ts';
import { dnKey, entriesUnder, entryAt, isOf, textOf, textsOf, type Entries } from './search.ts';
import { bindTransport, serverFacts, type ServerReading } from './server.ts';
import { askAsNobody } from './stranger.ts';
import { Takeovers } from './takeovers.ts';
import { hiddenFrom } from './visibility.ts';

/**
 * Looks at a directory from inside: OpenLDAP in full, others as far as they speak the same words. Two sessions, some ten searches;
 * nothing is written, no referral followed, and no password tried.
 */
export const ldapCollector = {
  name: 'ldap',
  targets: ['ldap'],
  version: '1',
  provides: [accessRule.name, datastore.name, identityPolicy.name, identityPrincipal.name],
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, { limits }: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const login = await loginOf('ldap', target, world, { timeout: limits.connect, signal });
  if ('state' in login) return nothingSeen(ldapCollector.provides, { ...login, origin: at });
  const opened = await world.databases.ldap(login);
  const nobody = await world.databases.ldap({ ...login, anonymous: true });
  const sessions = [opened, nobody].flatMap((session) => ('state' in session ? [] : [session]));
  const [session] = sessions;
  try {
    if (session === undefined)
      return nothingSeen(ldapCollector.provides, {
        ...('state' in opened ? opened : unknown('unreachable', 'the connection ended')),
        origin: at,
      });
    // Where our account was not let in, what nobody is shown is shown to us, too; the rest is not known for that reason.
    return await look(session, nobody, 'state' in opened ? [{ ...opened, origin: at }] : [], target, at);
  } finally {
    for (const one of sessions) one.close();
  }
}

async function look(
  session: LdapSession,
  nobody: LdapSession | Unknown,
  refused: readonly Unknown[],
  target: Target,
  at: Origin,
): Promise<Collected> {
  const root = await rootOf(session, target, at);
  if (root.state === 'unknown') return nothingSeen(ldapCollector.provides, refused[0] ?? root);
  const contexts = textsOf(root.value, 'namingContexts').filter((name) => !/^cn=(?:config|monitor|schema|changelog)$/i.test(name));
  const stranger = 'state' in nobody ? { failed: { ...nobody, origin: at }, asked: at } : await askAsNobody(nobody, target.id, contexts);
  const configuration = await readConfiguration(session, target.id, textOf(root.value, 'configContext'), at);
  const monitor = await monitorOf(session, target, textOf(root.value, 'monitorContext'), at);
  const reading: ServerReading = { session, root, contexts, configuration, ...monitor, stranger, at };
  const policies = await together(session, target, contexts, '(objectClass=pwdPolicy)', POLICY_ATTRIBUTES, at);
  const groups = await together(session, target, contexts, GROUP_FILTER, GROUP_ATTRIBUTES, at);
  const accounts = await together(session, target, contexts, ACCOUNT_FILTER, ACCOUNT_ATTRIBUTES, at);
  // A group that was not shown may name us all the same: until it is settled that all were, none is ruled out.
  const unsettled = new Groups(groups, at, unknown('access-denied', 'members of a group may not be read', at));
  const hidden = hiddenFrom(session.identity, configuration, unsettled);
  const server = serverFacts(reading);
  const all = new Groups(groups, at, hidden);
  const around: AccountSurroundings = {
    target,
    configuration,
    policies,
    groups: all,
    takeovers: new Takeovers(configuration, all, accounts.state === 'known' ? accounts.value : [], at),
    duties: Duties.of(target),
    transport: bindTransport(reading),
    loopbackOnly: server.loopback_only,
    at,
  };
  const gaps = new Map<string, readonly Unknown[]>([
    [accessRule.name, configuration.state === 'known' ? [] : [configuration]],
    [identityPrincipal.name, [...gapsOf(accounts), ...(hidden === undefined ? [] : [hidden])]],
  ]);
  const rules = configuration.state === 'known' ? rulesOfAll(configuration, around, target) : [];
  const found = policyResources(policies, accounts, configuration, root, hidden, target);
  gaps.set(identityPolicy.name, found.gaps);
  if (isNonEmpty(refused)) for (const kind of ldapCollector.provides) gaps.set(kind, [...refused, ...(gaps.get(kind) ?? [])]);
  const resources: Resource[] = [
    seen(datastore, idOf(session), target, 'live', server),
    ...rules,
    ...found.resources,
    ...principalsOf(accounts, configuration, around, target),
  ];
  const looked = known(addressText(session.address), at);
  return {
    resources: inOrder(unique(resources)),
    coverage: Object.fromEntries(
      ldapCollector.provides.map((kind) => {
        const missing = gaps.get(kind) ?? [];
        return [kind, { status: missing.length === 0 ? 'complete' : 'partial', gaps: missing, looked } satisfies Coverage];
      }),
    ),
    gaps: distinctGaps([...gaps.values()].flat()),
    looked: [{ name: addressText(session.address), as: `ldap, over ${session.transport}` }],
  };
}

async function rootOf(session: LdapSession, target: Target, at: Origin): Promise<Known<LdapEntry> | Unknown> {
  const root = await entryAt(session, target.id, '', [
    'objectClass',
    'namingContexts',
    'configContext',
    'monitorContext',
    'supportedControl',
    'supportedExtension',
    'vendorName',
    'vendorVersion',
  ]);
  return root ?? unknown('access-denied', 'the root DSE may not be read', at);
}

/** What the server says of its version and listeners, where its monitor is there and lets us. */
async function monitorOf(
  session: LdapSession,
  target: Target,
  base: string | undefined,
  at: Origin,
): Promise<{ readonly monitor: Fact<string>; readonly listeners: Fact<readonly string[]> }> {
  const denied = unknown('access-denied', 'cn=Monitor may not be read', at);
  if (base === undefined) return { monitor: denied, listeners: denied };
  const top = await entryAt(session, target.id, base, ['monitoredInfo']);
  const info = top?.state === 'known' ? textOf(top.value, 'monitoredInfo') : undefined;
  const under = await entriesUnder(session, target.id, {
    base: `cn=Listeners,${base}`,
    filter: '(monitorConnectionLocalAddress=*)',
    attributes: ['monitorConnectionLocalAddress'],
  });
  const addresses = under.state === 'known' ? under.value.flatMap((entry) => textsOf(entry, 'monitorConnectionLocalAddress')) : [];
  return {
    monitor: top?.state === 'known' && info !== undefined ? known(info, top.origin) : top?.state === 'unknown' ? top : denied,
    listeners:
      under.state === 'unknown'
        ? under
        : addresses.length === 0 || under.open !== undefined
          ? denied
          : known([...new Set(addresses)].toSorted(), under.origin),
  };
}

/** Entries of all contexts together: known as far as those of any are. */
async function together(
  session: LdapSession,
  target: Target,
  contexts: readonly string[],
  filter: string,
  attributes: readonly string[],
  at: Origin,
): Promise<Entries> {
  const entries: LdapEntry[] = [];
  const open: Unknown[] = [];
  let origin: Origin | undefined;
  for (const base of contexts) {
    const found = await entriesUnder(session, target.id, { base, filter, attributes });
    origin ??= found.origin;
    if (found.state === 'unknown') open.push(found);
    else {
      entries.push(...found.value);
      open.push(...(found.open ?? []));
    }
  }
  const [first] = open;
  if (entries.length === 0 && first !== undefined) return first;
  return origin === undefined ? unknown('not-collected', 'the root DSE names no context', at) : known(entries, origin, open);
}

function rulesOfAll(configuration: Known<SlapdConfiguration>, { transport }: AccountSurroundings, target: Target): readonly Resource[] {
  return configuration.value.databases.flatMap((database) => {
    const [suffix] = database.suffixes;
    if (suffix === undefined) return [];
    return database.rules.flatMap((rule) =>
      rule.grants
        .filter(({ level, goesOn }) => !(goesOn && level === 'none'))
        .map((grant) =>
          seen(accessRule, idOfGrant(suffix, rule, grant), target, 'live', grantFacts(rule, grant, transport, configuration.origin)),
        ),
    );
  });
}

/** Every policy that is there; where none is in force, that, as one of its own. */
function policyResources(
  policies: Entries,
  accounts: Entries,
  configuration: Known<SlapdConfiguration> | Unknown,
  root: Known<LdapEntry>,
  hidden: Unknown | undefined,
  target: Target,
): { readonly resources: readonly Resource[]; readonly gaps: readonly Unknown[] } {
  const controls = textsOf(root.value, 'supportedControl');
  const none = (origin: Origin): Resource => seen(identityPolicy, 'no default policy', target, 'live', noPolicy(origin, configuration));
  if (!isOf(root.value, 'OpenLDAProotDSE'))
    return { resources: [], gaps: [unknown('unsupported', 'password rules of a server other than OpenLDAP', root.origin)] };
  if (controls.length > 0 && !controls.includes(PASSWORD_POLICY)) return { resources: [none(root.origin)], gaps: [] };
  if (policies.state === 'unknown') return { resources: [], gaps: [policies] };
  const resources = policies.value.map((entry) =>
    seen(identityPolicy, entry.dn, target, 'live', policyFacts(known(entry, policies.origin), configuration)),
  );
  const gaps = [...gapsOf(policies), ...gapsOf(accounts), ...(hidden === undefined ? [] : [hidden])];
  if (configuration.state === 'unknown') return { resources, gaps };
  const defaults = defaultPolicies(configuration.value);
  // Without the overlay on a database its entries are nothing but entries.
  if (defaults.length === 0) return { resources: [none(configuration.origin)], gaps: [] };
  const people = accounts.state === 'known' ? accounts.value : [];
  const covered =
    defaults.every(({ name }) => name !== undefined && policies.value.some(({ dn }) => dnKey(dn) === dnKey(name))) &&
    people.every((account) => policyOf(account, policies, configuration) !== undefined);
  const dangling = defaults.some(({ name }) => name !== undefined && !policies.value.some(({ dn }) => dnKey(dn) === dnKey(name)));
  // A default that was not shown may be hidden, or may not be there: slapd then follows none.
  if (dangling && hidden !== undefined) return { resources, gaps };
  return { resources: covered ? resources : [...resources, none(configuration.origin)], gaps };
}

/** Root DNs, of which several databases may share one, and the accounts that have an entry. */
function principalsOf(
  accounts: Entries,
  configuration: Known<SlapdConfiguration> | Unknown,
  around: AccountSurroundings,
  target: Target,
): readonly Resource[] {
  const roots = new Map<string, { readonly dn: string; readonly schemes: string[] }>();
  for (const { entry } of configuration.state === 'known' ? configuration.value.databases : []) {
    for (const dn of textsOf(entry, 'olcRootDN')) {
      const root = roots.get(dnKey(dn)) ?? { dn, schemes: [] };
      root.schemes.push(...textsOf(entry, 'olcRootPW'));
      roots.set(dnKey(dn), root);
    }
  }
  const found = accounts.state === 'known' ? accounts.value : [];
  return [
    ...[...roots].map(([key, { dn, schemes }]) => {
      const own = found.find((account) => dnKey(account.dn) === key);
      return seen(identityPrincipal, dn, target, 'live', rootFacts(dn, schemes, own, around));
    }),
    ...found
      .filter(({ dn }) => !roots.has(dnKey(dn)))
      .map((entry) => seen(identityPrincipal, entry.dn, target, 'live', accountFacts(entry, accounts.origin ?? around.at, around))),
  ];
}

function idOf({ address }: LdapSession): string {
  return address.socket === undefined ? `ldap:${address.port}` : `ldap:${address.socket}`;
}

function gapsOf(found: Entries): readonly Unknown[] {
  return found.state === 'unknown' ? [found] : (found.open ?? []);
}
