import { ratedEndpoint, type RatedEndpoint } from '../../src/rating/rated-endpoint.ts';
import { cipherSuite } from '../../src/tls/cipher-suites.ts';
import type { Resource } from '../../src/model/resource.ts';
import { resource } from './assess.ts';

export const AS_OF = '2026-11-24T00:00:00.000Z';
type Values = Readonly<Record<string, unknown>>;
export const absent = { absent: true };
export const unknown = { unknown: 'timed-out' };
export const open = { open: 'timed-out' };

/** A suite by OpenSSL's or IANA's name, accepted in some versions. */
export function suite(name: string, ...versions: readonly string[]): Values {
  const found = cipherSuite(name);
  if (found === undefined) throw new Error(name);
  const { iana, keyExchange, authentication, encryption, bits, aead, exportGrade, since } = found;
  return {
    name: found.name,
    iana,
    protocol: since === 'TLSv1.3' ? since : 'TLSv1.2',
    versions,
    key_exchange: keyExchange,
    authentication,
    encryption,
    bits,
    aead,
    export_grade: exportGrade,
  };
}

export const SUITES13: readonly Values[] = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'].map(
  (name) => suite(name, 'TLSv1.3'),
);
export const SUITES12: readonly Values[] = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
].map((name) => suite(name, 'TLSv1.2'));

const LISTENER: Values = {
  role: 'server',
  observed: true,
  service: 'https',
  address: '192.0.2.7',
  protocols: ['TLSv1.2', 'TLSv1.3'],
  suites: [...SUITES13, ...SUITES12],
  server_preference: false,
  groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
  dh_bits: absent,
  compression: false,
  secure_renegotiation: true,
  weaknesses: [],
  stapling: true,
  alpn: ['h2'],
  connections: 31,
  heartbleed: 'safe',
  early_ccs: 'safe',
  robot: 'safe',
  ticketbleed: 'safe',
  padding_oracles: [],
};
const CERTIFICATE: Values = {
  subject: 'CN=pay.example.com',
  names: ['pay.example.com'],
  not_before: '2026-10-01T00:00:00Z',
  not_after: '2026-12-30T00:00:00Z',
  lifetime_days: 90,
  key_kind: 'EC',
  key_bits: 256,
  curve: 'P-256',
  signature_hash: 'SHA256',
  self_signed: false,
  host_matches: true,
  trusted: true,
  chain_complete: true,
  chain: [],
  staple: 'good',
  revocation: 'good',
};
const SITE: Values = { hsts_max_age: 63_072_000 };

export interface Changes {
  readonly listener?: Values;
  readonly certificate?: Values;
  /** More certificates of the same endpoint, each over the first. */
  readonly more?: readonly Values[];
  readonly site?: Values | 'none';
}

/** Resources of an endpoint that is as good as can be, with changes. */
export function endpointOf({ listener, certificate, more = [], site }: Changes = {}): readonly [Resource, readonly Resource[]] {
  const id = 'pay.example.com:443';
  const own = resource(id, { ...LISTENER, ...listener }, 'tls.listener', 'live');
  const certificates = [{}, ...more].map((values, index) =>
    resource(`${id} EC${index === 0 ? '' : ` ${index}`}`, { ...CERTIFICATE, ...certificate, ...values }, 'certificate', 'live'),
  );
  const sites = site === 'none' ? [] : [resource(id, { ...SITE, ...site }, 'http.site', 'live')];
  return [own, [own, ...certificates, ...sites]];
}

/** The same, as the guides see it. */
export function rated(changes: Changes = {}): RatedEndpoint {
  return ratedEndpoint(...endpointOf(changes));
}
