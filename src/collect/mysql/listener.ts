import { absent, derived, known, mapFact, unknown, type Fact } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { declared } from '../files/format.ts';
import { parseCipherString } from '../files/openssl-ciphers.ts';
import { portOf } from './logging.ts';
import type { MysqlServer } from './server.ts';

type Facts = KindFacts<typeof tlsListener>;

const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** How the server is set to turn to TLS: declared, since a handshake tells more (`tls: mysql+starttls://…`). None where TLS is off. */
export function listener(server: MysqlServer, tls: Fact<'required' | 'offered' | 'off'>): readonly Resource[] {
  if (tls.state === 'known' && tls.value === 'off') return [];
  const at = server.origin('show global variables like %ssl%');
  const protocols = protocolsOf(server);
  const unsaid = (what: string): Fact<never> => unknown('unsupported', `${what}: no setting of this server`, at);
  const facts: Facts = {
    role: known('server', at),
    observed: known(false, at),
    service: known(server.engine, server.origin('select version()')),
    names: known([], at),
    port: server.number('port'),
    protocols,
    suites: suitesOf(server, protocols),
    server_preference: unsaid('server preference'),
    groups: unsaid('groups'),
    dh_bits: unsaid('size of DH parameters'),
    session_tickets: unsaid('session tickets'),
    session_lifetime: server.number('ssl_session_cache_timeout'),
    early_data: known(false, derived('neither MySQL nor MariaDB takes early data', at)),
    client_certificate: clientCertificate(server),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: known(false, derived('neither MySQL nor MariaDB staples', at)),
  };
  return [declared(tlsListener, `${server.engine} ${portOf(server)}`, server.target, facts)];
}

function protocolsOf(server: MysqlServer): Facts['protocols'] {
  const written = server.variable('tls_version');
  if (written.state !== 'known') return written;
  const words = written.value.split(',').flatMap((word) => word.trim() || []);
  const names = words.map((word) => PROTOCOLS.find((name) => name.toLowerCase() === word.toLowerCase().replace(/^tlsv1\.0$/, 'tlsv1')));
  const found = names.flatMap((name) => name ?? []);
  return found.length === words.length && words.length > 0
    ? known(
        found.map((name) => known(name, written.origin)),
        written.origin,
      )
    : unknown('unparseable', 'tls_version', written.origin);
}

/** ssl_cipher in the words of OpenSSL; empty is what the library offers by itself. */
function suitesOf(server: MysqlServer, protocols: Facts['protocols']): Facts['suites'] {
  const [ciphers, newer] = [server.variable('ssl_cipher'), server.written('tls_ciphersuites')];
  if (ciphers.state !== 'known') return ciphers;
  if (ciphers.value === '') return unknown('unresolved', 'ssl_cipher: the default of the OpenSSL library', ciphers.origin);
  if (newer !== undefined && !/^(?:|NULL)$/.test(newer.value)) return unknown('unsupported', 'tls_ciphersuites', newer.origin);
  const library = server.variable('version_ssl_library');
  const version = library.state === 'known' ? /^OpenSSL (\d+\.\d+\.\d+)/.exec(library.value)?.[1] : undefined;
  const openssl: Fact<string> =
    library.state === 'known' && version !== undefined ? known(version, library.origin) : unknown('unresolved', 'version of openssl');
  return parseCipherString(ciphers.value, () => ciphers.origin, protocols, openssl);
}

/** Clients are asked for a certificate where there is an authority to verify it by; accounts demand it (REQUIRE X509). */
function clientCertificate(server: MysqlServer): Facts['client_certificate'] {
  const [file, path] = [server.variable('ssl_ca'), server.variable('ssl_capath')];
  if (file.state !== 'known') return file;
  if (path.state !== 'known') return path;
  return mapFact(file, 'ssl_ca and ssl_capath', (text) =>
    /^(?:|NULL)$/.test(text) && /^(?:|NULL)$/.test(path.value) ? 'none' : 'optional',
  );
}
