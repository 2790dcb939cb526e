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
type Protocol = (typeof ORDER)[number];
const protocolOf = (text: string): Protocol | undefined => ORDER.find((one) => one.toLowerCase() === text.toLowerCase());

/** How the server speaks TLS: the settings that begin with ssl_. */
export function tlsFacts(server: PostgresServer, ssl: Fact<boolean>, hba: HbaRules | Unknown): TlsFacts {
  const { at } = server;
  const protocols = protocolsOf(server);
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

function protocolsOf(server: PostgresServer): TlsFacts['protocols'] {
  const low = server.value<Protocol>('ssl_min_protocol_version', protocolOf, [
    { since: '0', value: 'TLSv1' },
    { since: '13', value: 'TLSv1.2' },
  ]);
  const high = server.value<Protocol | 'any'>('ssl_max_protocol_version', (text) => (text === '' ? 'any' : protocolOf(text)), [
    { since: '0', value: 'any' },
  ]);
  if (low.state !== 'known') return low;
  const top = high.state === 'known' && high.value !== 'any' ? ORDER.indexOf(high.value) : ORDER.length - 1;
  // An unknown upper bound can only take the newest away: the lowest is what matters, and it is known.
  const open = high.state === 'unknown' ? [high] : [];
  const between = ORDER.slice(ORDER.indexOf(low.value), top + 1);
  // TLS 1.3 needs OpenSSL 1.1.1; a server whose lowest version it is would not start without.
  const openssl = server.openssl;
  const newest = low.value === 'TLSv1.3' || (openssl.state === 'known' && compareVersions(openssl.value, '1.1.1') >= 0);
  const certain = between.filter((protocol) => newest || protocol !== 'TLSv1.3');
  const doubt = certain.length < between.length && openssl.state === 'unknown' ? [openssl] : [];
  return known(
    certain.map((protocol) => known(protocol, low.origin)),
    low.origin,
    [...open, ...doubt],
  );
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
