import { absent, derived, known, mapFact, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { datastore } from '../../resources/datastore.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { LdapEntry, LdapSession } from '../../world/ldap.ts';
import { isEncrypted } from '../../world/database.ts';
import { atLeast, givenBy } from './access-rule.ts';
import { refusesClearBinds, securityFactor, type SlapdConfiguration } from './configuration.ts';
import { dnKey, textOf, textsOf } from './search.ts';
import type { Stranger } from './stranger.ts';

type Datastore = LiveKindFacts<typeof datastore>;

/** StartTLS (RFC 4511 4.14). */
const START_TLS = '1.3.6.1.4.1.1466.20037';
const INTERNAL = /^cn=(?:config|monitor|subschema)$/;

/** What was read of a server, besides its people. */
export interface ServerReading {
  readonly session: Pick<LdapSession, 'transport'>;
  readonly root: Known<LdapEntry> | Unknown;
  readonly contexts: readonly string[];
  readonly configuration: Known<SlapdConfiguration> | Unknown;
  /** `OpenLDAP: slapd 2.5.13 (…)`, and the addresses it listens on: of cn=Monitor. */
  readonly monitor: Fact<string>;
  readonly listeners: Fact<readonly string[]>;
  readonly stranger: Stranger;
  readonly at: Origin;
}

/** The directory itself. */
export function serverFacts(reading: ServerReading): Datastore {
  const { contexts, root, configuration, listeners, at } = reading;
  const tls = transportFact(reading);
  const reached = mapFact(listeners, 'olmMonitor listeners', (addresses) => addresses.filter((address) => !address.startsWith('PATH=')));
  const loopback = mapFact(reached, 'every listener is loopback', (addresses) =>
    addresses.every((address) => /^IP=(?:127\.|\[::1\])/.test(address)),
  );
  const [first] = contexts;
  return {
    engine: known('ldap', at),
    name:
      first === undefined || root.state === 'unknown'
        ? unknown('not-collected', 'the root DSE names no context', at)
        : known(first, root.origin),
    default_name: absent(at),
    listens:
      listeners.state === 'known'
        ? known(
            listeners.value.map((address) => known(address.replace(/^(?:IP|PATH)=/, ''), listeners.origin)),
            listeners.origin,
          )
        : listeners,
    wildcard_bind: mapFact(reached, 'a listener on every address', (addresses) =>
      addresses.some((address) => /^IP=(?:0\.0\.0\.0|\[::\]):/.test(address)),
    ),
    loopback_only: loopback,
    authentication: authentication(reading),
    tls,
    protected_mode: absent(at),
    dangerous_commands: absent(at),
    password_storage: absent(at),
    checksums: absent(at),
    durable_writes: configuration.state === 'known' ? durable(configuration.value) : configuration,
    archiving: absent(at),
    archives_to: absent(at),
    replication: configuration.state === 'known' ? replication(configuration.value) : configuration,
    version: versionOf(reading),
    supported_until: unknown('unresolved', 'end of life of OpenLDAP', at),
    extensions:
      configuration.state === 'known'
        ? known(
            [...new Set(configuration.value.modules.map((name) => name.replace(/^.*\/|\.(?:la|so)$/g, '')))]
              .toSorted()
              .map((name) => known(name, configuration.origin)),
            configuration.origin,
          )
        : configuration,
    clear_sessions: clearSessions(reading, tls, loopback),
    archive_failing: absent(at),
    last_archived: absent(at),
    idle_slots: absent(at),
    idle_slots_hold: absent(at),
    connections_used: unknown('unsupported', 'slapd has no limit on connections', at),
  };
}

/**
 * May nobody who proves nothing read or change an entry? What a stranger was shown decides; what it was not shown it may still be
 * given deeper down, which only the rules tell.
 */
function authentication({ stranger, configuration, contexts, at }: ServerReading): Fact<boolean> {
  if (stranger.saw !== undefined) return known(false, stranger.saw);
  if (configuration.state === 'known') {
    const { requires, origin } = { requires: requiresProof(configuration.value), origin: configuration.origin };
    if (requires) return known(true, derived('olcRequires: authc', origin));
    const open = configuration.value.databases
      .filter(({ suffixes }) => suffixes.some((suffix) => !INTERNAL.test(dnKey(suffix))))
      .flatMap((database) => givenBy(database.rules, 'anonymous'))
      .filter(({ level, rule }) => atLeast(level, 'compare') && !/^dn\.(?:base|exact)=(?:|cn=subschema)$/i.test(rule.what));
    if (open.length === 0) return known(true, derived('olcAccess gives nobody more than to log in', origin));
    const certain = open.find((given) => given.certain);
    return certain === undefined
      ? unknown('unresolved', 'olcAccess: what it gives to nobody depends on more than who asks', origin)
      : known(false, derived(`olcAccess: to ${certain.rule.what.slice(0, 60)}`, origin));
  }
  if (stranger.refused !== undefined) return known(true, stranger.refused);
  if (contexts.length === 0) return unknown('not-collected', 'the root DSE names no context', at);
  return stranger.failed ?? unknown('access-denied', 'nobody was shown an entry; whether some may be read, only cn=config tells', at);
}

function requiresProof({ global, frontend }: SlapdConfiguration): boolean {
  return [global, frontend].some(
    (entry) => entry !== undefined && textsOf(entry, 'olcRequires').some((text) => /\b(?:authc|SASL|strong)\b/i.test(text)),
  );
}

/** What clients have to do: the answer to somebody in clear, the rules, and whether TLS is offered at all. */
function transportFact({ stranger, root, configuration, listeners, session, at }: ServerReading): Datastore['tls'] {
  if (stranger.clear === 'refused') return known('required', stranger.asked);
  const offered = root.state === 'known' && textsOf(root.value, 'supportedExtension').includes(START_TLS);
  if (configuration.state === 'known') {
    const factors = configuration.value.databases
      .filter(({ suffixes }) => suffixes.some((suffix) => !INTERNAL.test(dnKey(suffix))))
      .map((database) => securityFactor(configuration.value, database, 'ssf', 'transport', 'tls'));
    if (factors.length > 0 && factors.every((factor) => factor > 0)) return known('required', derived('olcSecurity', configuration.origin));
  }
  if (listeners.state === 'known' && listeners.value.length > 0 && listeners.value.every((address) => address.startsWith('PATH=')))
    return known('off', derived('Unix sockets only', listeners.origin));
  if (root.state === 'unknown') return root;
  if (offered || isEncrypted(session.transport)) return known('offered', derived('StartTLS', root.origin));
  // A server without rights to show its extensions shows none of them.
  return textsOf(root.value, 'supportedExtension').length > 0
    ? known('off', derived('no StartTLS among its extensions', root.origin))
    : unknown('access-denied', 'supportedExtension may not be read', at);
}

function clearSessions({ session, at }: ServerReading, tls: Datastore['tls'], loopback: Fact<boolean>): Fact<boolean> {
  if (session.transport === 'clear') return known(true, derived('this session itself is not encrypted', at));
  if (tls.state === 'known' && tls.value === 'required') return known(false, derived('nothing is answered in clear', tls.origin));
  if (loopback.state === 'known' && loopback.value) return known(false, derived('nobody comes over a network', loopback.origin));
  return unknown('unsupported', 'the directory does not tell which sessions are encrypted', at);
}

/** slapd-mdb(5): a commit is flushed unless `dbnosync`, or `nosync` and `nometasync` among the flags, say otherwise. */
function durable({ databases, at }: SlapdConfiguration): Fact<boolean> {
  const holding = databases.filter(({ entry }) => textsOf(entry, 'objectClass').some((name) => /^olcMdbConfig$/i.test(name)));
  if (holding.length === 0) return unknown('unsupported', 'a database other than mdb', at);
  const loose = holding.find(
    ({ entry }) =>
      textOf(entry, 'olcDbNoSync')?.toUpperCase() === 'TRUE' ||
      textsOf(entry, 'olcDbEnvFlags').some((flag) => /nosync|nometasync|mapasync|writemap/i.test(flag)),
  );
  return known(loose === undefined, derived(loose === undefined ? 'mdb flushes each commit' : 'olcDbNoSync, olcDbEnvFlags', at));
}

function replication({ databases, at }: SlapdConfiguration): Fact<boolean> {
  const set = databases.some(
    ({ entry, overlays }) =>
      textsOf(entry, 'olcSyncrepl').length > 0 || overlays.some((overlay) => /syncprov$/i.test(textOf(overlay, 'olcOverlay') ?? '')),
  );
  return known(set, derived('olcSyncrepl, olcOverlay: syncprov', at));
}

function versionOf({ monitor, root, at }: ServerReading): Fact<string> {
  if (monitor.state === 'known') {
    const [, version] = /slapd (\d+(?:\.\d+)*)/.exec(monitor.value) ?? [];
    if (version !== undefined) return known(version, monitor.origin);
  }
  const vendor = root.state === 'known' ? textOf(root.value, 'vendorVersion') : undefined;
  if (root.state === 'known' && vendor !== undefined) return known(vendor.slice(0, 80), root.origin);
  return monitor.state === 'unknown' ? monitor : unknown('access-denied', 'cn=Monitor may not be read', at);
}

/** How passwords travel: `tls` where what comes in clear is refused. */
export function bindTransport({ stranger, configuration }: ServerReading): Fact<'tls' | 'any'> {
  if (stranger.clear === 'refused') return known('tls', stranger.asked);
  return configuration.state === 'known'
    ? mapFact(refusesClearBinds(configuration.value), 'clear-text binds', (refused) => (refused ? 'tls' : 'any'))
    : unknown('access-denied', 'whether a password is taken in clear, only cn=config tells', configuration.origin);
}
