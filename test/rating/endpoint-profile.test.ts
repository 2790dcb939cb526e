import { describe, expect, test } from 'vitest';
import type { EndpointProfile } from '../../src/model/endpoint.ts';
import { unknown as missing } from '../../src/model/fact.ts';
import { endpointProfiles } from '../../src/rating/endpoint-profile.ts';
import { tlsTarget } from '../support/live.ts';
import { absent, AS_OF, endpointOf, open, suite, unknown, type Changes } from '../support/rated.ts';

const MODERN = {
  suites: [suite('ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2'), suite('TLS_AES_256_GCM_SHA384', 'TLSv1.3')],
  groups: ['x25519'],
} as const;
const CERTIFICATE = { key_kind: 'RSA', key_bits: 4096, curve: absent, not_after: '2027-10-01T00:00:00Z', lifetime_days: 365 } as const;

/** The profile of a good endpoint with an RSA key, with changes. */
function rated({ listener, certificate, site }: Changes = {}): EndpointProfile {
  const [, resources] = endpointOf({
    listener: { ...MODERN, ...listener },
    certificate: { ...CERTIFICATE, ...certificate },
    ...(site === undefined ? {} : { site }),
  });
  const [profile] = endpointProfiles({ target: tlsTarget('tls://127.0.0.1:443'), resources }, AS_OF);
  if (profile === undefined) throw new Error('no profile');
  return profile;
}

const letter = (changes?: Changes): string | undefined => rated(changes).rating.letter;

describe('the letter of SSL Labs’ guide', () => {
  test('A+ wants HSTS that was seen, A lacks it', () => {
    expect(letter()).toBe('A+');
    expect(letter({ site: { hsts_max_age: unknown } })).toBe('A');
    expect(letter({ site: { hsts_max_age: absent } })).toBe('A-');
  });

  test.each<[string, Changes]>([
    ['A-', { listener: { protocols: ['TLSv1.2'], suites: [suite('ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2')] } }],
    ['A-', { listener: { secure_renegotiation: false } }],
    ['B', { listener: { protocols: ['TLSv1', 'TLSv1.2', 'TLSv1.3'] } }],
    ['B', { listener: { dh_bits: 1024 } }],
    ['B', { certificate: { chain_complete: false } }],
    ['B', { certificate: { key_bits: 1024 } }],
    ['C', { listener: { weaknesses: [{ name: 'POODLE' }] } }],
    ['C', { listener: { suites: [suite('DES-CBC3-SHA', 'TLSv1.2'), ...MODERN.suites] } }],
    ['F', { listener: { protocols: ['SSLv2', 'TLSv1.2', 'TLSv1.3'] } }],
    ['F', { listener: { dh_bits: 768 } }],
    ['F', { listener: { heartbleed: 'vulnerable' } }],
    ['F', { listener: { robot: 'vulnerable' } }],
    ['F', { listener: { suites: [suite('ADH-AES256-GCM-SHA384', 'TLSv1.2'), ...MODERN.suites] } }],
    ['F', { certificate: { key_bits: 512 } }],
    ['T', { certificate: { not_after: '2026-10-20T00:00:00Z' } }],
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
    for (const protocols of [[], [open], unknown])
      expect(letter({ listener: { protocols, suites: protocols === unknown ? unknown : [] } })).toBeUndefined();
    expect(letter({ listener: { suites: unknown } })).toBeUndefined();
  });

  test('what was not seen is listed as not tested', () => {
    const notTested = rated({
      listener: { protocols: ['TLSv1.2', open], weaknesses: unknown, heartbleed: unknown, robot: unknown },
      certificate: { revocation: unknown },
    }).rating.notTested.map(({ en }) => en);
    expect(notTested).toEqual(['some versions', 'some weaknesses', '--probe odd', '--probe intrusive', '--online']);
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
    ['tls_versions', 'not-met', { listener: { protocols: ['TLSv1.1', open] } }],
    ['tls_versions', 'not-tested', { listener: { protocols: ['TLSv1.2', open] } }],
    ['tls_versions', 'not-tested', { listener: { protocols: [], suites: [] } }],
    ['ciphers', 'not-met', { listener: { suites: [suite('AES256-SHA', 'TLSv1.2'), open] } }],
    ['ciphers', 'not-tested', { listener: { suites: unknown } }],
    ['tls_curves', 'not-met', { listener: { groups: ['secp521r1'] } }],
    ['rsa_key_size', 'not-met', { certificate: { key_bits: 1024 } }],
    ['rsa_key_size', 'not-tested', { certificate: { key_kind: unknown } }],
    ['certificate_signatures', 'not-met', { certificate: { signature_hash: 'SHA1' } }],
    ['certificate_types', 'not-tested', { certificate: { key_kind: unknown } }],
    ['maximum_certificate_lifespan', 'not-met', { certificate: { lifetime_days: 398 } }],
    ['hsts_min_age', 'not-met', { site: { hsts_max_age: absent } }],
    ['hsts_min_age', 'not-tested', { site: { hsts_max_age: unknown } }],
  ])('%s is %s: %j', (name, status, changes) => {
    expect(statusOf(name, changes)).toBe(status);
  });
});

test('a list that was not seen to its end says so', () => {
  expect(rated()).toMatchObject({ weaknesses: [], weaknessesWhole: true, groups: ['x25519'], groupsWhole: true });
  expect(rated({ listener: { weaknesses: unknown, groups: unknown } })).toMatchObject({
    weaknesses: [],
    weaknessesWhole: false,
    groups: [],
    groupsWhole: false,
  });
  expect(rated({ listener: { weaknesses: [{ name: 'POODLE' }, open], groups: ['x25519', open] } })).toMatchObject({
    weaknesses: ['POODLE'],
    weaknessesWhole: false,
    groups: ['x25519'],
    groupsWhole: false,
  });
  expect(rated({ listener: { weaknesses: [{ name: unknown }] } })).toMatchObject({ weaknesses: [], weaknessesWhole: false });
});

test('versions that the open part of the list does not name were refused', () => {
  const [listener] = endpointOf({ listener: { protocols: ['TLSv1.2'] } });
  const { protocols } = listener.facts;
  if (protocols?.state !== 'known') throw new Error('no protocols');
  const facts = { ...listener.facts, protocols: { ...protocols, open: [missing('timed-out', 'TLS 1.0: a test')] as const } };
  const [profile] = endpointProfiles({ target: tlsTarget('tls://127.0.0.1:443'), resources: [{ ...listener, facts }] }, AS_OF);
  const states = Object.fromEntries(profile?.protocols.map(({ name, state }) => [name, state]) ?? []);
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
