import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { tlsListener } from '../../resources/tls-listener.ts';
import { compareVersions } from './defaults.ts';
import { parseCipherString } from './openssl-ciphers.ts';
import { offeredGroup } from './openssl-groups.ts';
import type { PostgresServer } from './postgres-server.ts';
import type { HbaRules } from './postgres-hba-rule.ts';

type TlsFacts = KindFacts<typeof tlsListener>;

const ORDER = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type PostgresProtocol = (typeof ORDER)[number];
/** A version as PostgreSQL writes it. */
export const protocolOf = (text: string): PostgresProtocol | undefined => ORDER.find((one) => one.toLowerCase() === text.toLowerCase());

/** How the server speaks TLS: the settings that begin with ssl_, and the versions that sessions were seen to use. */
export function tlsFacts(
  server: PostgresServer,
  ssl: Fact<boolean>,
  hba: HbaRules | Unknown,
  used: readonly Fact<PostgresProtocol>[] = [],
): TlsFacts {
  const { at } = server;
  const protocols = protocolsOf(server, used);
  const openssl = server.openssl;
  const curve = server.value('ssl_ecdh_curve', (text) => text, [
    { since: '0', value: 'prime256v1' },
    { since: '18', value: 'X25519:prime256v1' },
  ]);
  return {
    role: known('server', at),
    observed: known(false, at),
    service: known('postgresql', ssl.state === 'known' ? ssl.origin : at),
    names: known([], at),
    port: server.value('port', (text) => (/^\d+$/.test(text) ? Number(text) : undefined), [{ since: '0', value: 5432 }]),
    protocols,
    suites: suitesOf(server, protocols, openssl),
    server_preference: server.flag('ssl_prefer_server_ciphers', true),
    groups: groupsOf(server, curve),
    dh_bits: dhBits(server),
    session_tickets:
      server.version.state === 'known'
        ? known(false, derived('PostgreSQL turns session tickets off', at, server.version.origin))
        : unknown('unresolved', 'session tickets: an unknown version of postgresql', at),
    session_lifetime:
      server.version.state === 'known'
        ? known(0, derived('PostgreSQL keeps no TLS session', at, server.version.origin))
        : unknown('unresolved', 'sessions: an unknown version of postgresql', at),
    early_data: known(false, derived('PostgreSQL takes no early data', at)),
    client_certificate: clientCertificate(hba),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: known(false, derived('PostgreSQL staples nothing', at)),
  };
}

/** A version that a session uses is accepted, whatever else is open. */
function protocolsOf(server: PostgresServer, used: readonly Fact<PostgresProtocol>[]): TlsFacts['protocols'] {
  const low = server.value<PostgresProtocol>('ssl_min_protocol_version', protocolOf, [
    { since: '0', value: 'TLSv1' },
    { since: '13', value: 'TLSv1.2' },
  ]);
  const high = server.value<PostgresProtocol | 'any'>('ssl_max_protocol_version', (text) => (text === '' ? 'any' : protocolOf(text)), [
    { since: '0', value: 'any' },
  ]);
  const [first] = used;
  if (low.state !== 'known') return low.state === 'unknown' && first !== undefined ? known(used, first.origin ?? server.at, [low]) : low;
  const top = high.state === 'known' && high.value !== 'any' ? ORDER.indexOf(high.value) : ORDER.length - 1;
  const proven = new Set(used.flatMap((one) => (one.state === 'known' ? [one.value] : [])));
  const between = ORDER.slice(ORDER.indexOf(low.value), top + 1).filter((protocol) => !proven.has(protocol));
  // TLS 1.3 needs OpenSSL 1.1.1; a server whose lowest version it is would not start without.
  const openssl = server.openssl;
  const newest = low.value === 'TLSv1.3' || (openssl.state === 'known' && compareVersions(openssl.value, '1.1.1') >= 0);
  const oldest = takesOldest(server, openssl);
  const certain = between.filter((protocol) => (protocol === 'TLSv1.3' ? newest : protocol === 'TLSv1.2' || oldest === true));
  return known([...certain.map((protocol) => known(protocol, low.origin)), ...used], low.origin, [
    // An unknown upper bound can only take the newest away: the lowest is what matters, and it is known.
    ...(high.state === 'unknown' ? [high] : []),
    ...(between.includes('TLSv1.3') && !newest && openssl.state === 'unknown' ? [openssl] : []),
    ...(oldest !== true && between.some((protocol) => protocol === 'TLSv1' || protocol === 'TLSv1.1') ? [oldest] : []),
  ]);
}

/**
 * Does the library speak TLS 1.0 and 1.1 where the settings let it? OpenSSL 3 does at security level 0 alone, and which level holds its own
 * configuration says, unless ssl_ciphers does. https://docs.openssl.org/3.0/man7/migration_guide/#tls-changes
 */
function takesOldest(server: PostgresServer, openssl: Fact<string>): true | Unknown {
  const ciphers = server.written('ssl_ciphers');
  if (openssl.state === 'known' && compareVersions(openssl.value, '3') < 0) return true;
  if (ciphers !== undefined && !('state' in ciphers) && /@SECLEVEL=0\b/.test(ciphers.value)) return true;
  return unknown('unresolved', 'TLSv1 and TLSv1.1: the security level of OpenSSL decides, and nobody tells it', server.at);
}

function suitesOf(server: PostgresServer, protocols: TlsFacts['protocols'], openssl: Fact<string>): TlsFacts['suites'] {
  const found = server.written('ssl_ciphers');
  if (found !== undefined && 'state' in found) return found;
  if (found !== undefined) return parseCipherString(found.value, (start, end) => found.part(start, end), protocols, openssl);
  const byDefault = server.text('ssl_ciphers', 'HIGH:MEDIUM:+3DES:!aNULL');
  return byDefault.state === 'known'
    ? parseCipherString(byDefault.value, () => byDefault.origin, protocols, openssl)
    : byDefault.state === 'unknown'
      ? byDefault
      : unknown('unresolved', 'ssl_ciphers', server.at);
}

function groupsOf(server: PostgresServer, curve: Fact<string>): TlsFacts['groups'] {
  const found = server.written('ssl_groups');
  const names = found === undefined || 'state' in found ? curve : known(found.value, found.origin);
  if (found !== undefined && 'state' in found) return found;
  if (names.state !== 'known') return names;
  return known(
    names.value
      .split(/[:,/\s]+/)
      .filter((name) => name !== '')
      .map((name) => offeredGroup(name, names.origin)),
    names.origin,
  );
}

/** Without ssl_dh_params_file PostgreSQL uses its built-in 2048-bit parameters. */
function dhBits(server: PostgresServer): Fact<number> {
  const file = server.text('ssl_dh_params_file', '');
  if (file.state !== 'known') return file.state === 'unknown' ? file : unknown('unresolved', 'ssl_dh_params_file');
  return file.value === ''
    ? known(2048, derived('PostgreSQL’s built-in parameters', file.origin))
    : unknown('unresolved', 'ssl_dh_params_file', file.origin);
}

function clientCertificate(hba: HbaRules | Unknown): TlsFacts['client_certificate'] {
  if ('state' in hba) return hba;
  const [gap] = hba.gaps;
  const inside = hba.rules.filter(({ type, method }) => (type === 'hostssl' || type === 'host') && method !== 'reject');
  const without = inside.find(({ requiresCertificate }) => !requiresCertificate);
  if (without !== undefined)
    return known(
      inside.some(({ requiresCertificate }) => requiresCertificate) ? 'optional' : 'none',
      derived('a hostssl rule asks for no certificate', without.origin),
    );
  const [first] = inside;
  if (first === undefined || gap !== undefined) return gap ?? unknown('unresolved', 'no hostssl rule', hba.at);
  return known('required', derived('every hostssl rule demands a certificate', first.origin));
}
