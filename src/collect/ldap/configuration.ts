import { derived, known, unknown, type Fact, type Known, type Origin, type TargetId, type Unknown } from '../../model/fact.ts';
import type { LdapEntry, LdapSession } from '../../world/ldap.ts';
import { parseAccess, type AccessRule } from './access-rule.ts';
import { dnKey, entriesUnder, isOf, isUnder, textOf, textsOf } from './search.ts';

/** One database of slapd, with the overlays on it. */
export interface SlapdDatabase {
  readonly entry: LdapEntry;
  readonly suffixes: readonly string[];
  /** In their order: its own, then those of the frontend (slapd.access(5)). */
  readonly rules: readonly AccessRule[];
  readonly overlays: readonly LdapEntry[];
}

/** What cn=config says (slapd-config(5)). It was read whole: what is not in it is not set. */
export interface SlapdConfiguration {
  readonly at: Origin;
  readonly global: LdapEntry;
  readonly frontend: LdapEntry | undefined;
  readonly databases: readonly SlapdDatabase[];
  readonly modules: readonly string[];
}

const ATTRIBUTES = [
  'objectClass',
  'olcAccess',
  'olcAuthzRegexp',
  'olcDatabase',
  'olcDbEnvFlags',
  'olcDbNoSync',
  'olcDisallows',
  'olcIdleTimeout',
  'olcLastBind',
  'olcModuleLoad',
  'olcMultiProvider',
  'olcOverlay',
  'olcPPolicyDefault',
  'olcPPolicyHashCleartext',
  'olcPasswordHash',
  'olcRequires',
  'olcRootDN',
  'olcRootPW',
  'olcSecurity',
  'olcSuffix',
  'olcSyncrepl',
  'olcTLSVerifyClient',
  'createTimestamp',
];

/** Reads cn=config, where the server names it and lets us. */
export async function readConfiguration(
  session: LdapSession,
  target: TargetId,
  base: string | undefined,
  at: Origin,
): Promise<Known<SlapdConfiguration> | Unknown> {
  if (base === undefined) return unknown('unsupported', 'no configuration in the directory', at);
  const found = await entriesUnder(session, target, {
    base,
    filter: '(|(objectClass=olcGlobal)(objectClass=olcConfig))',
    attributes: ATTRIBUTES,
  });
  if (found.state === 'unknown') return found;
  const [gap] = found.open ?? [];
  if (gap !== undefined) return gap;
  const entries = found.value;
  const denied = unknown('access-denied', `${base.slice(0, 80)} may not be read`, found.origin);
  const global = entries.find((entry) => isOf(entry, 'olcGlobal'));
  const own = entries.find((entry) => /^\{0\}config$/i.test(textOf(entry, 'olcDatabase') ?? ''));
  if (global === undefined || own === undefined) return denied;
  // A rule about attributes, or about entries that fit a filter, may hide some of what is set: what is not seen is not "not set".
  if (textsOf(own, 'olcAccess').some((rule) => /\b(?:attrs?|filter|val)[.\w]*=/i.test(rule)))
    return unknown('access-denied', `${base.slice(0, 80)} may be read in part only`, found.origin);
  const databases = entries.filter((entry) => isOf(entry, 'olcDatabaseConfig'));
  const frontend = databases.find((entry) => /frontend$/i.test(textOf(entry, 'olcDatabase') ?? ''));
  const overlays = entries.filter((entry) => isOf(entry, 'olcOverlayConfig'));
  return known(
    {
      at: found.origin,
      global,
      frontend,
      databases: databases
        .filter((entry) => entry !== frontend)
        .map((entry) => ({
          entry,
          suffixes: textsOf(entry, 'olcSuffix'),
          rules: rulesOf(entry, frontend),
          // Those of the frontend are on every database (slapd-config(5)).
          overlays: overlays.filter(({ dn }) => isUnder(dn, entry.dn) || (frontend !== undefined && isUnder(dn, frontend.dn))),
        })),
      modules: entries.flatMap((entry) => textsOf(entry, 'olcModuleLoad')).map((name) => name.replace(/^\{\d+\}/, '')),
    },
    found.origin,
  );
}

/** Without any rule everybody reads; cn=config nobody but its root DN (slapd-config(5)). */
function rulesOf(database: LdapEntry, frontend: LdapEntry | undefined): readonly AccessRule[] {
  const suffixes = textsOf(database, 'olcSuffix');
  const rules = [database, ...(frontend === undefined ? [] : [frontend])]
    .flatMap((entry) => textsOf(entry, 'olcAccess'))
    .map((text) => parseAccess(text, suffixes));
  if (rules.length > 0) return rules;
  return /config$/i.test(textOf(database, 'olcDatabase') ?? '') ? [] : [parseAccess('to * by * read')];
}

/** The least strength that a factor of `olcSecurity` demands on a database, globally set ones included. */
export function securityFactor(
  configuration: SlapdConfiguration,
  database: SlapdDatabase | undefined,
  ...factors: readonly string[]
): number {
  const entries = [configuration.global, configuration.frontend, database?.entry].filter((entry) => entry !== undefined);
  const values = entries.flatMap((entry) => textsOf(entry, 'olcSecurity')).flatMap((text) => text.split(/\s+/));
  return Math.max(
    0,
    ...values.flatMap((word) => {
      const [name = '', number = ''] = word.split('=');
      return factors.includes(name.toLowerCase()) && /^\d+$/.test(number) ? [Number(number)] : [];
    }),
  );
}

/**
 * Is a password refused that comes in clear? By `olcSecurity` of the whole server or of every database that holds people, or where
 * simple binds are disallowed altogether.
 */
export function refusesClearBinds(configuration: SlapdConfiguration): Fact<boolean> {
  const { global, databases, at } = configuration;
  if (textsOf(global, 'olcDisallows').some((text) => /\bbind_simple\b/i.test(text)))
    return known(true, derived('olcDisallows: bind_simple', at));
  const holding = databases.filter(
    ({ suffixes }) => suffixes.length > 0 && !suffixes.every((suffix) => /^cn=(?:config|monitor)$/.test(dnKey(suffix))),
  );
  const refused = (holding.length === 0 ? [undefined] : holding).every(
    (database) => securityFactor(configuration, database, 'ssf', 'transport', 'tls', 'simple_bind') > 0,
  );
  return known(refused, derived('olcSecurity', at));
}
