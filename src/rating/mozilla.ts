import type { Guideline, GuidelineField } from '../model/endpoint.ts';
import { valueOf, type FactReader } from './fact-reader.ts';
import { says, type RatedEndpoint } from './rated-endpoint.ts';

/** One of Mozilla's "Server Side TLS" configurations, version 6.0 of 2026-04-06: https://wiki.mozilla.org/Security/Server_Side_TLS */
interface Configuration {
  readonly name: string;
  readonly versions: readonly string[];
  readonly suites12: readonly string[];
  readonly suites13: readonly string[];
  readonly groups: readonly string[];
  readonly keys: readonly string[];
  readonly signatures: readonly string[];
  readonly curves: readonly string[];
  readonly rsaBits: number;
  /** Days. */
  readonly lifespan: number;
  /** Seconds. */
  readonly hsts: number;
}

const COMMON = {
  suites13: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
  curves: ['P-256', 'P-384'],
  rsaBits: 2048,
  hsts: 63_072_000,
} as const;

const CONFIGURATIONS: readonly Configuration[] = [
  {
    ...COMMON,
    name: 'Mozilla modern 6.0',
    versions: ['TLSv1.3'],
    suites12: [],
    keys: ['EC'],
    signatures: ['SHA256', 'SHA384', 'SHA512'],
    lifespan: 90,
  },
  {
    ...COMMON,
    name: 'Mozilla intermediate 6.0',
    versions: ['TLSv1.2', 'TLSv1.3'],
    suites12: ['ECDSA', 'RSA'].flatMap((key) => [
      `ECDHE-${key}-AES128-GCM-SHA256`,
      `ECDHE-${key}-AES256-GCM-SHA384`,
      `ECDHE-${key}-CHACHA20-POLY1305`,
    ]),
    keys: ['EC', 'RSA'],
    signatures: ['SHA256', 'SHA384', 'SHA512'],
    lifespan: 366,
  },
];

/** The verdict of every configuration. One field that is not met decides; one that was not tested leaves it open. */
export function mozillaGuidelines(endpoint: RatedEndpoint): readonly Guideline[] {
  return CONFIGURATIONS.map((configuration) => {
    const fields = fieldsOf(configuration, endpoint);
    const binding = fields.filter(({ advice }) => advice !== true);
    const verdict = binding.some(({ status }) => status === 'not-met')
      ? 'not-met'
      : binding.some(({ status }) => status === 'not-tested')
        ? 'not-tested'
        : 'met';
    return { name: configuration.name, verdict, fields };
  });
}

/** OCSP stapling is still asked for by the guideline, though authorities have ended OCSP since 2025: advice, no verdict. */
const ADVICE = ['ocsp_staple', 'server_preferred_order'];

function fieldsOf(wanted: Configuration, endpoint: RatedEndpoint): readonly GuidelineField[] {
  const { listener, protocols, protocolsWhole, suites, suitesWhole } = endpoint;
  const older = suites.filter(({ versions }) => versions.some((version) => version !== 'TLSv1.3')).map(({ name }) => name);
  const modern = suites.filter(({ versions }) => versions.includes('TLSv1.3')).map(({ name }) => name);
  const groups = listener.strings('groups');
  const staple = listener.boolean('stapling');
  const order = listener.boolean('server_preference');
  // A host that refused every version offers nothing, which meets nothing.
  const answered = protocols.length > 0;
  return [
    subset(
      'tls_versions',
      protocols.filter((protocol) => protocol !== 'TLCP'),
      wanted.versions,
      answered && protocolsWhole,
    ),
    subset('ciphersuites', modern, wanted.suites13, answered && suitesWhole),
    subset('ciphers', older, wanted.suites12, answered && suitesWhole),
    subset('tls_curves', groups.values, wanted.groups, answered && groups.whole),
    ...certificateFields(wanted, endpoint),
    hstsField(wanted, endpoint),
    field('ocsp_staple', staple.state === 'said' ? staple.value : undefined, 'true', staple.state === 'said' ? String(staple.value) : ''),
    field(
      'server_preferred_order',
      order.state === 'said' ? !order.value : undefined,
      'false',
      order.state === 'said' ? String(order.value) : '',
    ),
  ];
}

function field(name: string, met: boolean | undefined, wanted: string, found: string): GuidelineField {
  const status = met === undefined ? 'not-tested' : met ? 'met' : 'not-met';
  return { field: name, status, wanted, found, ...(ADVICE.includes(name) ? { advice: true } : {}) };
}

/** What is offered is within what the guideline names. An element outside decides at once; a list cut short leaves the rest open. */
function subset(name: string, found: readonly string[], wanted: readonly string[], whole: boolean): GuidelineField {
  const outside = found.filter((one) => !wanted.includes(one));
  const met = outside.length > 0 ? false : whole ? true : undefined;
  return field(name, met, wanted.join(' '), outside.length > 0 ? outside.join(' ') : found.join(' '));
}

function certificateFields(wanted: Configuration, { certificates }: RatedEndpoint): readonly GuidelineField[] {
  const asked = certificates.filter(({ facts }) => facts.boolean('host_matches').state !== 'absent');
  const list = (asked.length > 0 ? asked : certificates).map(({ facts }) => facts);
  const every = <T>(
    name: string,
    read: (facts: FactReader) => T | undefined,
    good: (value: T) => boolean,
    expected: string,
    applies: (facts: FactReader) => boolean = () => true,
  ): GuidelineField => {
    const concerned = list.filter(applies);
    const said = concerned.map(read).filter((value) => value !== undefined);
    const all = list.length > 0 && said.length === concerned.length ? true : undefined;
    return field(name, said.some((value) => !good(value)) ? false : all, expected, said.map(String).join(' '));
  };
  return [
    every(
      'certificate_types',
      (facts) => valueOf(facts.string('key_kind')),
      (kind) => wanted.keys.includes(kind),
      wanted.keys.join(' '),
    ),
    every(
      'certificate_signatures',
      (facts) => valueOf(facts.string('signature_hash')),
      (hash) => wanted.signatures.includes(hash),
      wanted.signatures.join(' '),
    ),
    every(
      'certificate_curves',
      (facts) => valueOf(facts.string('curve')),
      (curve) => wanted.curves.includes(curve),
      wanted.curves.join(' '),
      (facts) => facts.string('curve').state !== 'absent',
    ),
    every(
      'rsa_key_size',
      (facts) => (says(facts.string('key_kind'), 'RSA') ? valueOf(facts.number('key_bits')) : undefined),
      (bits) => bits >= wanted.rsaBits,
      `≥ ${wanted.rsaBits}`,
      // A key of an unknown kind may be one of RSA.
      (facts) => (valueOf(facts.string('key_kind')) ?? 'RSA') === 'RSA',
    ),
    every(
      'maximum_certificate_lifespan',
      (facts) => valueOf(facts.number('lifetime_days')),
      (days) => days <= wanted.lifespan + 1,
      `≤ ${wanted.lifespan} d`,
    ),
  ];
}

function hstsField(wanted: Configuration, { site }: RatedEndpoint): GuidelineField {
  const age = site?.number('hsts_max_age');
  const met = age === undefined || age.state === 'unknown' ? undefined : age.state === 'said' && age.value >= wanted.hsts;
  return field('hsts_min_age', met, `≥ ${wanted.hsts} s`, age?.state === 'said' ? String(age.value) : '');
}
