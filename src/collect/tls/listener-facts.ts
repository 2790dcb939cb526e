import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { tlsListener } from '../../resources/tls-listener.ts';
import { CIPHER_SUITES, cipherSuite, type CipherSuite } from '../../tls/cipher-suites.ts';
import { groupName } from '../../tls/named-groups.ts';
import { PROTOCOLS, type Protocol } from '../../tls/protocols.ts';
import { schemeName } from '../../tls/signature-schemes.ts';
import { suiteRecord, type SuiteRecord } from '../suite-facts.ts';
import { answersOf, type Observation, type Seen, type SeenCodes } from './observation.ts';
import type { Place } from './place.ts';
import { dhFacts, weaknessesOf } from './weaknesses.ts';

type Facts = LiveKindFacts<typeof tlsListener>;

/** What an observation says, as the facts of a `tls.listener`. Every fact points at the exchange that showed it. */
export function listenerFacts(
  observation: Observation,
  place: Place,
  serverName: string | undefined,
  target: string,
  declared: Origin,
  tlcpCertificates: Fact<boolean>,
  authorityText: (der: Uint8Array) => string,
): Facts {
  const wire = (exchange: string): Origin => ({ kind: 'wire', target, exchange });
  const dh = dhFacts(observation, wire);
  const names = serverName ?? place.host;
  return {
    role: known('server', declared),
    observed: known(true, listOrigin(observation, wire)),
    service: known(place.service, declared),
    names: known([known(names, declared)], declared),
    port: known(place.port, declared),
    address: known(observation.address, declared),
    protocols: protocolsFact(observation, wire),
    suites: suitesFact(observation, wire),
    server_preference: factOf(observation.serverPreference, wire),
    groups: codesFact(observation.groups, groupName, wire, observation),
    signature_algorithms: codesFact(observation.schemes, schemeName, wire, observation),
    dh_bits: dh.bits,
    dh_prime: dh.prime,
    reuses_keys: factOf(observation.reusesKeys, wire),
    chacha_priority: factOf(observation.chachaPriority, wire),
    compression: factOf(observation.compression, wire),
    secure_renegotiation: factOf(observation.secureRenegotiation, wire),
    fallback_scsv: factOf(observation.fallbackScsv, wire),
    downgrade_sentinel: factOf(observation.downgradeSentinel, wire),
    extended_master_secret: factOf(observation.extendedMasterSecret, wire),
    encrypt_then_mac: factOf(observation.encryptThenMac, wire),
    weaknesses: weaknessesOf(observation, wire),
    session_tickets: factOf(observation.tickets, wire),
    session_ids: factOf(observation.sessionIds, wire),
    session_lifetime: factOf(observation.ticketLifetime, wire),
    early_data: factOf(observation.earlyData, wire),
    client_certificate: factOf(observation.clientCertificate, wire),
    client_authorities: authoritiesFact(observation.clientAuthorities, authorityText, wire),
    verifies_peer: absent(declared),
    verifies_name: absent(declared),
    stapling: factOf(observation.stapling, wire),
    alpn: alpnFact(observation, wire),
    tolerant: factOf(observation.tolerant, wire),
    tlcp_certificates: tlcpCertificates,
    connections: known(observation.connections, declared),
  };
}

function factOf<T>(value: Seen<T>, wire: (exchange: string) => Origin): Fact<T> {
  if (value.state === 'seen') return known(value.value, wire(value.exchange));
  return value.state === 'none' ? absent(wire(value.exchange)) : value.why;
}

/** Where the list of what is accepted comes from: the versions that are, or that a host refused them all. */
function listOrigin(observation: Observation, wire: (exchange: string) => Origin): Origin {
  const [first, ...rest] = answersOf(observation, wire);
  return first === undefined ? wire('no version was answered') : derived('one hello for each version', first, ...rest);
}

function protocolsFact(observation: Observation, wire: (exchange: string) => Origin): Facts['protocols'] {
  const accepted: Fact<Protocol>[] = [];
  const open: Unknown[] = [];
  for (const protocol of PROTOCOLS) {
    const answer = observation.protocols.get(protocol) ?? { state: 'unknown', why: unknown('not-collected', protocol) };
    if (answer.state === 'accepted') accepted.push(known(protocol, wire(answer.exchange)));
    if (answer.state === 'unknown') open.push(answer.why);
  }
  return known(accepted, listOrigin(observation, wire), open);
}

/** One record a suite, with the versions it is accepted in; in the server's order of the best version. */
function suitesFact(observation: Observation, wire: (exchange: string) => Origin): Facts['suites'] {
  const open: Unknown[] = [];
  const found = new Map<CipherSuite, { readonly protocol: Protocol; readonly origin: Origin }[]>();
  const gapsOf = new Map<Protocol, readonly Unknown[]>();
  for (const protocol of PROTOCOLS.toReversed()) {
    const answer = observation.protocols.get(protocol);
    const result = observation.suites.get(protocol);
    const gaps = [...(result?.open ?? []), ...(answer?.state === 'unknown' ? [answer.why] : [])];
    gapsOf.set(protocol, gaps);
    open.push(...gaps.filter((gap) => !open.includes(gap)));
    for (const { code, exchange } of result?.suites ?? []) {
      const suite = CIPHER_SUITES.get(code);
      if (suite === undefined) continue;
      const list = found.get(suite) ?? [];
      list.push({ protocol, origin: wire(exchange) });
      found.set(suite, list);
    }
  }
  const records: Fact<SuiteRecord>[] = [];
  for (const [suite, [first, ...more]] of found) {
    if (first === undefined) continue;
    // A version whose enumeration was cut short may accept it too.
    const gaps = PROTOCOLS.filter((protocol) => knows(suite, protocol)).flatMap((protocol) => gapsOf.get(protocol) ?? []);
    const versions = known(
      [first, ...more].map(({ protocol, origin }) => known(protocol, origin)),
      first.origin,
      gaps,
    );
    records.push(known(suiteRecord(suite, versions, first.origin), first.origin));
  }
  const ssl2 = observation.protocols.get('SSLv2');
  if (ssl2?.state === 'accepted') records.push(...observation.ssl2.map((cipher) => ssl2Record(cipher, wire(ssl2.exchange))));
  return known(records, listOrigin(observation, wire), open);
}

function knows({ since }: CipherSuite, protocol: Protocol): boolean {
  if (since === 'TLSv1.3' || since === 'TLCP') return protocol === since;
  if (protocol === 'TLSv1.3' || protocol === 'TLCP' || protocol === 'SSLv2') return false;
  return since !== 'TLSv1.2' || protocol === 'TLSv1.2';
}

/** SSL 2.0 cipher kinds are no suites of the registry; RSA is their only exchange. */
function ssl2Record({ name, encryption, bits, exportGrade }: Observation['ssl2'][number], origin: Origin): Fact<SuiteRecord> {
  return known(
    {
      name: known(name, origin),
      iana: known(`SSL_CK_${cipherSuite(name)?.iana.replace(/^TLS_RSA_(?:EXPORT_)?WITH_/, '') ?? name.replaceAll('-', '_')}`, origin),
      protocol: known('SSLv2', origin),
      versions: known([known('SSLv2', origin)], origin),
      key_exchange: known('RSA', origin),
      authentication: known('RSA', origin),
      encryption: known(encryption, origin),
      bits: known(bits, origin),
      aead: known(false, origin),
      export_grade: known(exportGrade, origin),
    },
    origin,
  );
}

function codesFact(
  { codes, open }: SeenCodes,
  name: (code: number) => string,
  wire: (exchange: string) => Origin,
  observation: Observation,
): Fact<readonly Fact<string>[]> {
  const gaps = [...open];
  for (const answer of observation.protocols.values()) if (answer.state === 'unknown' && gaps.length === 0) gaps.push(answer.why);
  return known(
    [...codes].map(([code, exchange]) => known(name(code), wire(exchange))),
    listOrigin(observation, wire),
    gaps,
  );
}

function alpnFact(observation: Observation, wire: (exchange: string) => Origin): Facts['alpn'] {
  const { names, open } = observation.alpn;
  return known(
    [...names].map(([name, exchange]) => known(name, wire(exchange))),
    listOrigin(observation, wire),
    open,
  );
}

function authoritiesFact(
  value: Observation['clientAuthorities'],
  text: (der: Uint8Array) => string,
  wire: (exchange: string) => Origin,
): Facts['client_authorities'] {
  if (value.state === 'none') return absent(wire(value.exchange));
  if (value.state === 'unknown') return value.why;
  const origin = wire(value.exchange);
  return known(
    value.value.slice(0, 100).map((der) => known(text(der), origin)),
    origin,
    value.value.length > 100 ? [unknown('unsupported', `${value.value.length} authorities`)] : [],
  );
}
