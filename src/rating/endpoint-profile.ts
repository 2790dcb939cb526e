import type { EndpointCertificate, EndpointProfile, EndpointSuite } from '../model/endpoint.ts';
import type { Resource, TargetRecord } from '../model/resource.ts';
import { valueOf, type FactReader, type Said } from './fact-reader.ts';
import { mozillaGuidelines } from './mozilla.ts';
import { ratedEndpoint, says, type RatedSuite } from './rated-endpoint.ts';
import { sslLabsRating } from './ssl-labs.ts';

/** Every version that an endpoint is asked for, oldest first. */
const PROTOCOLS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', 'TLCP'] as const;

/** The live TLS endpoints of one target, each in full with its letter and guidelines. Pure. */
export function endpointProfiles(
  { target, resources }: Pick<TargetRecord, 'target' | 'resources'>,
  asOf: string,
): readonly EndpointProfile[] {
  return resources.flatMap((resource) =>
    resource.kind === 'tls.listener' && resource.stance === 'live' ? [profileOf(target.id, resource, resources, asOf)] : [],
  );
}

function profileOf(target: string, resource: Resource, all: readonly Resource[], asOf: string): EndpointProfile {
  const endpoint = ratedEndpoint(resource, all);
  const { listener, protocols, protocolsWhole, suites } = endpoint;
  const groups = listener.strings('groups');
  const weaknesses = listener.records('weaknesses');
  const named = weaknesses.values.flatMap((weakness) => valueOf(weakness.string('name')) ?? []);
  const refused = new Set(refusedVersions(resource));
  return {
    target,
    resource: resource.id,
    address: valueOf(listener.string('address')) ?? '',
    service: valueOf(listener.string('service')) ?? '',
    protocols: PROTOCOLS.map((name) => ({
      name,
      state: protocols.includes(name) ? 'accepted' : protocolsWhole || refused.has(name) ? 'refused' : 'unknown',
    })),
    suites: suites.map(suiteOf),
    serverPreference: orUnknown(listener.boolean('server_preference')),
    groups: groups.values,
    groupsWhole: groups.whole,
    certificates: endpoint.certificates.map(({ facts }) => certificateOf(facts)),
    weaknesses: named,
    weaknessesWhole: weaknesses.whole && named.length === weaknesses.values.length,
    alpn: listener.strings('alpn').values,
    rating: sslLabsRating(endpoint, asOf),
    guidelines: mozillaGuidelines(endpoint),
    connections: valueOf(listener.number('connections')) ?? 0,
  };
}

/** Versions that the open part of the list does not name were answered: each unknown names the version it is about. */
function refusedVersions({ facts }: Resource): readonly string[] {
  const fact = facts['protocols'];
  if (fact?.state !== 'known') return [];
  const open = (fact.open ?? []).map(({ detail }) => detail);
  // An unknown that names no version may be about any.
  if (open.some((detail) => !PROTOCOLS.some((protocol) => detail.includes(WRITTEN[protocol])))) return [];
  return PROTOCOLS.filter((protocol) => !open.some((detail) => detail.includes(WRITTEN[protocol])));
}

const WRITTEN: { readonly [P in (typeof PROTOCOLS)[number]]: string } = {
  SSLv2: 'SSL 2.0',
  SSLv3: 'SSL 3.0',
  TLSv1: 'TLS 1.0',
  'TLSv1.1': 'TLS 1.1',
  'TLSv1.2': 'TLS 1.2',
  'TLSv1.3': 'TLS 1.3',
  TLCP: 'TLCP',
};

function suiteOf({ name, bits, versions, keyExchange, authentication, encryption, aead, exportGrade }: RatedSuite): EndpointSuite {
  const broken = ['NULL', 'RC4', 'DES', 'RC2'].includes(encryption) || authentication === 'NULL' || exportGrade || bits < 112;
  const good = aead && ['ECDHE', 'ANY', 'SM2'].includes(keyExchange);
  return { name, bits, versions, strength: broken ? 'insecure' : good ? 'good' : 'weak' };
}

function orUnknown(said: Said<boolean>): boolean | 'unknown' {
  return said.state === 'said' ? said.value : 'unknown';
}

function certificateOf(facts: FactReader): EndpointCertificate {
  const kind = valueOf(facts.string('key_kind')) ?? '?';
  const curve = valueOf(facts.string('curve'));
  const bits = valueOf(facts.number('key_bits'));
  return {
    subject: valueOf(facts.string('subject')) ?? '',
    names: facts.strings('names').values.slice(0, 20),
    key: `${kind} ${curve ?? bits ?? ''}`.trim(),
    signature: valueOf(facts.string('signature_hash')) ?? '?',
    notBefore: valueOf(facts.string('not_before')) ?? '',
    notAfter: valueOf(facts.string('not_after')) ?? '',
    trusted: orUnknown(facts.boolean('trusted')),
    hostMatches: facts.boolean('host_matches').state === 'absent' ? 'not-asked' : orUnknown(facts.boolean('host_matches')),
    chain: facts
      .records('chain')
      .values.map((link) => `${valueOf(link.string('subject')) ?? ''}${says(link.boolean('root'), true) ? ' ⌂' : ''}`),
    complete: orUnknown(facts.boolean('chain_complete')),
  };
}
