import { absent, derived, known, mapFact, unknown, type Fact } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { isFilledIn } from '../../text/template.ts';
import { declared, type FormatContext } from './format.ts';
import { parseCipherString } from './openssl-ciphers.ts';
import { integer, lastOf, originOfDirective, redisSetting, yesNo, type RedisSettings } from './redis-settings.ts';

type Listener = KindFacts<typeof tlsListener>;

/** How an instance speaks TLS: https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/ */
export function redisListener(settings: RedisSettings, context: FormatContext, port: Fact<number>, name: string): Resource {
  const at = settings.main.origin(0, 0);
  const openssl = context.version('openssl');
  const protocols = redisSetting(settings, context, 'tls-protocols', (text) => text.split(/\s+/), [
    { since: '6.0', value: ['TLSv1.2', 'TLSv1.3'] },
  ]);
  const parameters = lastOf(settings, 'tls-dh-params-file');
  const facts: Listener = {
    role: known('server', at),
    observed: known(false, at),
    service: known('redis', at),
    names: known([], at),
    port,
    protocols: protocolFact(protocols),
    suites: suitesOf(settings, protocolFact(protocols), openssl),
    server_preference: redisSetting(settings, context, 'tls-prefer-server-ciphers', yesNo, [{ since: '6.0', value: false }]),
    groups: unknown('unsupported', 'Redis has no setting for groups', at),
    dh_bits: parameters === undefined ? absent(at) : 'state' in parameters ? parameters : unknown('unresolved', 'tls-dh-params-file', at),
    session_tickets: unknown('unsupported', 'Redis has no setting for session tickets', at),
    session_lifetime: redisSetting(settings, context, 'tls-session-cache-timeout', integer, [{ since: '6.0', value: 300 }]),
    early_data: known(false, derived('Redis has no early data', at)),
    client_certificate: mapFact(
      redisSetting(settings, context, 'tls-auth-clients', (text) => text, [{ since: '6.0', value: 'yes' }]),
      'tls-auth-clients',
      (text) => (text === 'yes' ? 'required' : text === 'optional' ? 'optional' : 'none'),
    ),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: known(false, derived('Redis does not staple', at)),
  };
  return declared(tlsListener, name, context.target, facts);
}

function suitesOf(settings: RedisSettings, protocols: Listener['protocols'], openssl: Fact<string>): Listener['suites'] {
  const ciphers = lastOf(settings, 'tls-ciphers');
  if (ciphers === undefined) return unknown('unresolved', 'tls-ciphers: the default of the OpenSSL library', settings.main.origin(0, 0));
  if ('state' in ciphers) return ciphers;
  const at = originOfDirective(ciphers);
  const text = ciphers.words[0]?.text ?? '';
  return isFilledIn(text)
    ? unknown('unresolved', 'tls-ciphers: a value that is filled in elsewhere', at)
    : parseCipherString(text, () => at, protocols, openssl);
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
