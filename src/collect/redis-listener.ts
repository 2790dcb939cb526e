import { absent, derived, known, mapFact, unknown, type Fact, type Origin } from '../model/fact.ts';
import type { KindFacts } from '../resources/kind.ts';
import type { tlsListener } from '../resources/tls-listener.ts';
import { parseCipherString } from './files/openssl-ciphers.ts';

type Listener = KindFacts<typeof tlsListener>;

/** How the TLS settings of an instance are read: from its file, or from the running server. Absent: nobody set it. */
export interface RedisTlsSettings {
  /** Where what is true of every Redis is pinned. */
  readonly at: Origin;
  readonly protocols: Fact<readonly string[]>;
  /** In the words of OpenSSL. */
  readonly ciphers: Fact<string>;
  readonly serverPreference: Fact<boolean>;
  readonly dhParameters: Fact<string>;
  /** Seconds. */
  readonly sessionLifetime: Fact<number>;
  readonly clients: Fact<string>;
  /** Version of OpenSSL: which suites its words stand for. */
  readonly openssl: Fact<string>;
}

/** How an instance speaks TLS: https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/ */
export function redisListenerFacts(settings: RedisTlsSettings, port: Fact<number>): Listener {
  const { at, ciphers, dhParameters } = settings;
  const protocols = protocolFact(settings.protocols);
  return {
    role: known('server', at),
    observed: known(false, at),
    service: known('redis', at),
    names: known([], at),
    port,
    protocols,
    suites:
      ciphers.state === 'absent'
        ? unknown('unresolved', 'tls-ciphers: the default of the OpenSSL library', ciphers.origin)
        : ciphers.state === 'unknown'
          ? ciphers
          : parseCipherString(ciphers.value, () => ciphers.origin, protocols, settings.openssl),
    server_preference: settings.serverPreference,
    groups: unknown('unsupported', 'Redis has no setting for groups', at),
    dh_bits: dhParameters.state === 'known' ? unknown('unresolved', 'tls-dh-params-file', dhParameters.origin) : dhParameters,
    session_tickets: unknown('unsupported', 'Redis has no setting for session tickets', at),
    session_lifetime: settings.sessionLifetime,
    early_data: known(false, derived('Redis has no early data', at)),
    client_certificate: mapFact(settings.clients, 'tls-auth-clients', (text) =>
      text === 'yes' ? 'required' : text === 'optional' ? 'optional' : 'none',
    ),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: known(false, derived('Redis does not staple', at)),
  };
}

const PROTOCOLS: Readonly<Record<string, 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'>> = {
  tlsv1: 'TLSv1',
  'tlsv1.0': 'TLSv1',
  'tlsv1.1': 'TLSv1.1',
  'tlsv1.2': 'TLSv1.2',
  'tlsv1.3': 'TLSv1.3',
};

function protocolFact(written: Fact<readonly string[]>): Listener['protocols'] {
  if (written.state !== 'known') return written;
  const strange = written.value.find((name) => PROTOCOLS[name.toLowerCase()] === undefined);
  if (strange !== undefined) return unknown('unparseable', strange, written.origin);
  return known(
    written.value.flatMap((name) => {
      const protocol = PROTOCOLS[name.toLowerCase()];
      return protocol === undefined ? [] : [known(protocol, written.origin)];
    }),
    written.origin,
  );
}
