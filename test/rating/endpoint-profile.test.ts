import { describe, expect, test } from 'vitest';
import type { EndpointProfile } from '../../src/model/endpoint.ts';
import { known, unknown, type Fact, type FactRecord, type FactValue } from '../../src/model/fact.ts';
import type { Resource } from '../../src/model/resource.ts';
import { endpointProfiles } from '../../src/rating/endpoint-profile.ts';
import { tlsTarget } from '../support/live.ts';

type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain } | undefined | null;

const ORIGIN = { kind: 'wire', target: 'pay', exchange: 'a test' } as const;

/** Facts from plain data: undefined is unknown, null is absent, a last element `…` leaves a list open. */
function fact(value: Plain): Fact<FactValue> {
  if (value === undefined) return unknown('timed-out', 'a test');
  if (value === null) return { state: 'absent', origin: ORIGIN };
  if (Array.isArray(value)) {
    const open = value.at(-1) === '…';
    return known((open ? value.slice(0, -1) : value).map(fact), ORIGIN, open ? [unknown('timed-out', 'TLS 1.0: a test')] : []);
  }
  return known(typeof value === 'object' ? facts(value as { readonly [name: string]: Plain }) : value, ORIGIN);
}

function facts(plain: { readonly [name: string]: Plain }): FactRecord {
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, fact(value)]));
}

function resource(kind: Resource['kind'], id: string, plain: { readonly [name: string]: Plain }): Resource {
  return { kind, id, target: 'pay', stance: 'live', facts: facts(plain) };
}

const suite = (name: string, version: string, more: { readonly [name: string]: Plain } = {}): Plain => ({
  name,
  iana: name,
  versions: [version],
  key_exchange: version === 'TLSv1.3' ? 'ANY' : 'ECDHE',
  authentication: 'RSA',
  encryption: 'AES',
  bits: 256,
  aead: true,
  export_grade: false,
  ...more,
});

const MODERN = {
  address: '127.0.0.1:443',
  service: 'https',
  protocols: ['TLSv1.2', 'TLSv1.3'],
  suites: [suite('ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2'), suite('TLS_AES_256_GCM_SHA384', 'TLSv1.3')],
  groups: ['x25519'],
  weaknesses: [],
  secure_renegotiation: true,
  server_preference: false,
  stapling: true,
} as const;
const CERTIFICATE = {
  subject: 'CN=pay.example',
  names: ['pay.example'],
  key_kind: 'RSA',
  key_bits: 4096,
  curve: null,
  signature_hash: 'SHA256',
  not_before: '2026-01-01T00:00:00Z',
  not_after: '2027-01-01T00:00:00Z',
  lifetime_days: 365,
  self_signed: false,
  trusted: true,
  host_matches: true,
  chain_complete: true,
} as const;
const SITE = { hsts_max_age: 63_072_000 } as const;

interface Changes {
  readonly listener?: { readonly [name: string]: Plain };
  readonly certificate?: { readonly [name: string]: Plain };
  readonly site?: { readonly [name: string]: Plain };
}

function rated({ listener = {}, certificate = {}, site = {} }: Changes = {}): EndpointProfile {
  const id = 'tls://127.0.0.1:443';
  const [profile] = endpointProfiles(
    {
      target: { ...tlsTarget(id), id: 'pay' },
      resources: [
        resource('tls.listener', id, { ...MODERN, ...listener }),
        resource('certificate', `${id} RSA`, { ...CERTIFICATE, ...certificate }),
        resource('http.site', `${id} site`, { ...SITE, ...site }),
      ],
    },
    '2026-06-01T00:00:00Z',
  );
  if (profile === undefined) throw new Error('no profile');
  return profile;
}

const letter = (changes?: Changes): string | undefined => rated(changes).rating.letter;

describe('the letter of SSL Labs’ guide', () => {
  test('A+ wants HSTS that was seen, A lacks it', () => {
    expect(letter()).toBe('A+');
    expect(letter({ site: { hsts_max_age: undefined } })).toBe('A');
    expect(letter({ site: { hsts_max_age: null } })).toBe('A-');
  });

  test.each<[string, Changes]>([
    ['A-', { listener: { protocols: ['TLSv1.2'], suites: [suite('ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2')] } }],
    ['A-', { listener: { secure_renegotiation: false } }],
    ['B', { listener: { protocols: ['TLSv1', 'TLSv1.2', 'TLSv1.3'] } }],
    ['B', { listener: { dh_bits: 1024 } }],
    ['B', { certificate: { chain_complete: false } }],
    ['B', { certificate: { key_bits: 1024 } }],
    ['C', { listener: { weaknesses: [{ name: 'POODLE' }] } }],
    ['C', { listener: { suites: [suite('DES-CBC3-SHA', 'TLSv1.2', { encryption: '3DES', bits: 112, aead: false }), ...MODERN.suites] } }],
    ['F', { listener: { protocols: ['SSLv2', 'TLSv1.2', 'TLSv1.3'] } }],
    ['F', { listener: { dh_bits: 768 } }],
    ['F', { listener: { heartbleed: 'vulnerable' } }],
    ['F', { listener: { robot: 'vulnerable' } }],
    ['F', { listener: { suites: [suite('ADH-AES256-GCM-SHA384', 'TLSv1.2', { authentication: 'NULL' }), ...MODERN.suites] } }],
    ['F', { certificate: { key_bits: 512 } }],
    ['T', { certificate: { not_after: '2026-05-01T00:00:00Z' } }],
    ['T', { certificate: { trusted: false } }],
    ['T', { certificate: { revocation: 'revoked' } }],
    ['M', { certificate: { host_matches: false } }],
  ])('%s: %j', (expected, changes) => {
    expect(letter(changes)).toBe(expected);
  });

  test('trust is apart from the configuration’s own letter', () => {
    expect(rated({ certificate: { trusted: false } }).rating).toMatchObject({ letter: 'T', configuration: 'A+' });
  });

  test('a host that refused everything, or that nothing is known of, has no letter', () => {
    for (const protocols of [[], ['…'], undefined])
      expect(letter({ listener: { protocols, suites: protocols === undefined ? undefined : [] } })).toBeUndefined();
    expect(letter({ listener: { suites: undefined } })).toBeUndefined();
  });

  test('what was not seen is listed as not tested', () => {
    const open = rated({ listener: { protocols: ['TLSv1.2', '…'], weaknesses: undefined } }).rating.notTested.map(({ en }) => en);
    expect(open).toEqual(['some versions', 'some weaknesses', '--probe odd', '--probe intrusive', '--online']);
  });
});

describe('Mozilla’s guidelines', () => {
  const verdicts = (changes?: Changes): readonly string[] => rated(changes).guidelines.map(({ verdict }) => verdict);
  const statusOf = (name: string, changes: Changes): string | undefined =>
    rated(changes).guidelines[1]?.fields.find(({ field }) => field === name)?.status;

  test('TLS 1.2 is intermediate, not modern', () => expect(verdicts()).toEqual(['not-met', 'met']));

  test('TLS 1.3 alone with an EC key of 90 days is both', () => {
    const changes = {
      listener: { protocols: ['TLSv1.3'], suites: [suite('TLS_AES_256_GCM_SHA384', 'TLSv1.3')] },
      certificate: { key_kind: 'EC', key_bits: 256, curve: 'P-256', lifetime_days: 90 },
    };
    expect(verdicts(changes)).toEqual(['met', 'met']);
  });

  test.each<[string, string, Changes]>([
    ['tls_versions', 'not-met', { listener: { protocols: ['TLSv1.1', '…'] } }],
    ['tls_versions', 'not-tested', { listener: { protocols: ['TLSv1.2', '…'] } }],
    ['tls_versions', 'not-tested', { listener: { protocols: [], suites: [] } }],
    ['ciphers', 'not-met', { listener: { suites: [suite('AES256-SHA', 'TLSv1.2'), '…'] } }],
    ['ciphers', 'not-tested', { listener: { suites: undefined } }],
    ['tls_curves', 'not-met', { listener: { groups: ['secp521r1'] } }],
    ['rsa_key_size', 'not-met', { certificate: { key_bits: 1024 } }],
    ['rsa_key_size', 'not-tested', { certificate: { key_kind: undefined } }],
    ['certificate_signatures', 'not-met', { certificate: { signature_hash: 'SHA1' } }],
    ['certificate_types', 'not-tested', { certificate: { key_kind: undefined } }],
    ['maximum_certificate_lifespan', 'not-met', { certificate: { lifetime_days: 398 } }],
    ['hsts_min_age', 'not-met', { site: { hsts_max_age: null } }],
    ['hsts_min_age', 'not-tested', { site: { hsts_max_age: undefined } }],
  ])('%s is %s: %j', (name, status, changes) => {
    expect(statusOf(name, changes)).toBe(status);
  });
});

test('versions that the open part of the list does not name were refused', () => {
  const states = Object.fromEntries(rated({ listener: { protocols: ['TLSv1.2', '…'] } }).protocols.map(({ name, state }) => [name, state]));
  expect(states).toEqual({
    SSLv2: 'refused',
    SSLv3: 'refused',
    TLSv1: 'unknown',
    'TLSv1.1': 'refused',
    'TLSv1.2': 'accepted',
    'TLSv1.3': 'refused',
    TLCP: 'refused',
  });
});
