import { expect, test } from 'vitest';
import { conductOf, DEFAULT_LIMITS } from '../../../src/collect/limits.ts';
import { ldapCollector } from '../../../src/collect/ldap/collector.ts';
import type { Collected } from '../../../src/collect/collector.ts';
import { known } from '../../../src/model/fact.ts';
import type { LdapEntry, LdapSession } from '../../../src/world/ldap.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { insideTarget } from '../../support/inside.ts';

type Attributes = Readonly<Record<string, string | readonly string[]>>;
const entry = (dn: string, attributes: Attributes): LdapEntry => ({
  dn,
  attributes: new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), [value].flat()])),
});

const AUDIT = 'cn=audit,dc=a';
const READ = [`to * by dn.exact="${AUDIT}" read by * none`];
const ROOT: Attributes = {
  objectClass: ['top', 'OpenLDAProotDSE'],
  configContext: 'cn=config',
  supportedControl: '1.3.6.1.4.1.42.2.27.8.5.1',
  supportedExtension: '1.3.6.1.4.1.1466.20037',
};
const database = (index: number, suffix: string): LdapEntry =>
  entry(`olcDatabase={${index}}mdb,cn=config`, {
    objectClass: ['olcDatabaseConfig', 'olcMdbConfig', 'olcConfig'],
    olcDatabase: `{${index}}mdb`,
    olcSuffix: suffix,
    olcAccess: READ,
  });
const overlay = (of: string): LdapEntry =>
  entry(`olcOverlay={0}ppolicy,${of}`, {
    objectClass: ['olcOverlayConfig', 'olcPPolicyConfig', 'olcConfig'],
    olcOverlay: '{0}ppolicy',
    olcPPolicyDefault: 'cn=default,dc=a',
  });
const FRONTEND = 'olcDatabase={-1}frontend,cn=config';
const CONFIG: readonly LdapEntry[] = [
  entry('cn=config', { objectClass: ['olcGlobal', 'olcConfig'] }),
  entry('olcDatabase={0}config,cn=config', { objectClass: ['olcDatabaseConfig', 'olcConfig'], olcDatabase: '{0}config', olcAccess: READ }),
  entry(FRONTEND, { objectClass: ['olcDatabaseConfig', 'olcFrontendConfig', 'olcConfig'], olcDatabase: '{-1}frontend' }),
];
const POLICY = entry('cn=default,dc=a', { objectClass: 'pwdPolicy', pwdMinLength: '12', pwdCheckQuality: '2' });
const person = (dn: string, more: Attributes = {}): LdapEntry =>
  entry(dn, { objectClass: ['person', 'inetOrgPerson'], userPassword: '{SSHA}', ...more });

/** A directory that answers from a list of entries, and shows nobody anything: each search of a stranger has this code. */
async function look(
  contexts: readonly string[],
  entries: readonly LdapEntry[],
  codes: Readonly<Record<string, number>> = {},
): Promise<Collected> {
  const session = (identity: string): LdapSession => ({
    transport: 'tls',
    address: { engine: 'ldap', scheme: 'ldaps', host: 'ldap.example', port: 636, parameters: {} },
    bind: 0,
    identity,
    search: async ({ base, scope, filter }) => {
      if (base === '') return { entries: [entry('', { ...ROOT, namingContexts: contexts })], code: 0, more: false, referred: false };
      const code = codes[base];
      if (identity === '') return { entries: code === 0 ? [entry(base, {})] : [], code: code ?? 50, more: false, referred: false };
      const classes = [...filter.matchAll(/objectClass=([\w*]+)/gi)].map(([, name = '']) => name.toLowerCase());
      const found = entries.filter(
        ({ dn, attributes }) =>
          (dn === base || (scope === 'sub' && dn.endsWith(`,${base}`))) &&
          (attributes.get('objectclass') ?? []).some((name) => classes.includes('*') || classes.includes(name.toLowerCase())),
      );
      return { entries: found, code: 0, more: false, referred: false };
    },
    close: () => undefined,
  });
  const world = memoryWorld({}, '2026-11-24T00:00:00Z');
  const target = {
    ...insideTarget('ldap', 'ldaps://ldap.example', { user: AUDIT }),
    labels: { service_accounts: known('sync_*, backup', { kind: 'file', range: insideTarget('ldap', '').declaredAt }) },
  };
  return ldapCollector.collect(
    target,
    { ...world, databases: { ...world.databases, ldap: async (login) => session(login.anonymous === true ? '' : AUDIT) } },
    new AbortController().signal,
    conductOf(DEFAULT_LIMITS),
  );
}

const policies = (collected: Collected): readonly string[] => Object.keys(ofKind(collected, 'identity.policy'));
const fact = (collected: Collected, kind: string, id: string, name: string): unknown => plain(ofKind(collected, kind)[id]?.facts[name]);
const [a, b] = [database(1, 'dc=a'), database(2, 'dc=b')];

test('a database without the overlay has no policy, whatever the one beside it has', async () => {
  const people = [person('uid=li,dc=a'), person('uid=zhao,dc=b')];
  const one = await look(['dc=a', 'dc=b'], [...CONFIG, a, b, overlay(a.dn), POLICY, ...people]);
  expect(policies(one)).toEqual(['cn=default,dc=a', 'no default policy']);
  expect(fact(one, 'identity.policy', 'no default policy', 'min_length')).toBe(0);
  const both = await look(['dc=a', 'dc=b'], [...CONFIG, a, b, overlay(a.dn), overlay(b.dn), POLICY, ...people]);
  expect(policies(both)).toEqual(['cn=default,dc=a']);
});

test('an overlay of the frontend is one of every database', async () => {
  const found = await look(['dc=a', 'dc=b'], [...CONFIG, a, b, overlay(FRONTEND), POLICY, person('uid=li,dc=a')]);
  expect(policies(found)).toEqual(['cn=default,dc=a']);
});

test('labels go before the class of an account', async () => {
  const found = await look(
    ['dc=a'],
    [
      ...CONFIG,
      a,
      person('uid=sync_1,dc=a', { uid: 'sync_1' }),
      person('uid=li,dc=a', { uid: 'li' }),
      person('cn=backup,dc=a', { cn: 'backup' }),
    ],
  );
  expect(['uid=sync_1,dc=a', 'uid=li,dc=a', 'cn=backup,dc=a'].map((dn) => fact(found, 'identity.principal', dn, 'kind'))).toEqual([
    'service',
    'person',
    'service',
  ]);
});

test('nobody is refused where every context was asked about, and not where only the first were', async () => {
  const store = async (count: number): Promise<unknown> => {
    const contexts = Array.from({ length: count }, (_, index) => `dc=c${index}`);
    const codes = Object.fromEntries(contexts.map((base) => [base, 8]));
    return fact(await look(contexts, [], codes), 'datastore', 'ldap:636', 'authentication');
  };
  expect(await store(20)).toBe(true);
  expect(await store(21)).toEqual({ unknown: 'unsupported' });
});

test('two clauses of the same words that mean different things stay two', async () => {
  const long = `dn.subtree="ou=${'x'.repeat(300)},dc=a"`;
  const rules = [`to ${long} by users read`, `to ${long} by * read`, `to ${long} by users read`];
  const many = entry(a.dn, { ...Object.fromEntries(a.attributes), olcAccess: rules });
  const found = await look(['dc=a'], [...CONFIG, many]);
  expect(Object.keys(ofKind(found, 'access.rule')).length).toBe(2);
});
