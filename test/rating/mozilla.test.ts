import { describe, expect, test } from 'vitest';
import type { Guideline } from '../../src/model/endpoint.ts';
import { mozillaGuidelines } from '../../src/rating/mozilla.ts';
import { absent, open, rated, suite, SUITES12, SUITES13, unknown, type Changes } from '../support/rated.ts';

const [MODERN, INTERMEDIATE] = ['Mozilla modern 6.0', 'Mozilla intermediate 6.0'];
const judge = (name: string, changes: Changes = {}): Guideline => {
  const found = mozillaGuidelines(rated(changes)).find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
/** Fields that do not have the status of all others. */
const other = ({ fields }: Guideline, than: string): readonly string[] =>
  fields.flatMap(({ field, status }) => (status === than ? [] : [`${field} ${status}`]));

const modern: Changes = { listener: { protocols: ['TLSv1.3'], suites: SUITES13 } };
const intermediate: Changes = {};

test('both guidelines, in order, with every field of the generator’s file', () => {
  expect(mozillaGuidelines(rated()).map(({ name }) => name)).toEqual([MODERN, INTERMEDIATE]);
  for (const { fields } of mozillaGuidelines(rated()))
    expect(fields.map(({ field }) => field)).toEqual([
      'tls_versions',
      'ciphersuites',
      'ciphers',
      'tls_curves',
      'certificate_types',
      'certificate_signatures',
      'certificate_curves',
      'rsa_key_size',
      'maximum_certificate_lifespan',
      'hsts_min_age',
      'ocsp_staple',
      'server_preferred_order',
    ]);
});

test('what meets each', () => {
  expect([judge(MODERN, modern).verdict, other(judge(MODERN, modern), 'met')]).toEqual(['met', []]);
  expect([judge(INTERMEDIATE, intermediate).verdict, other(judge(INTERMEDIATE, intermediate), 'met')]).toEqual(['met', []]);
  // Less than is allowed meets it too: TLS 1.3 alone, ECDSA or RSA.
  expect(judge(INTERMEDIATE, modern).verdict).toBe('met');
  const rsa = {
    listener: { suites: [...SUITES13, suite('ECDHE-RSA-AES128-GCM-SHA256', 'TLSv1.2')] },
    certificate: { key_kind: 'RSA', key_bits: 2048, curve: absent },
  };
  expect(judge(INTERMEDIATE, rsa).verdict).toBe('met');
  expect(other(judge(MODERN, intermediate), 'met')).toEqual(['tls_versions not-met', 'ciphers not-met']);
});

/** A change for the worse, and the fields that it breaks of modern and of intermediate. */
const BREAKS: readonly (readonly [what: string, changes: Changes, modern: readonly string[], intermediate: readonly string[]])[] = [
  ['TLS 1.1', { listener: { protocols: ['TLSv1.1', 'TLSv1.3'] } }, ['tls_versions'], ['tls_versions']],
  ['SSL 2.0', { listener: { protocols: ['SSLv2', 'TLSv1.3'] } }, ['tls_versions'], ['tls_versions']],
  [
    'CCM in TLS 1.3',
    { listener: { suites: [...SUITES13, suite('TLS_AES_128_CCM_SHA256', 'TLSv1.3')] } },
    ['ciphersuites'],
    ['ciphersuites'],
  ],
  ['a CBC suite', { listener: { suites: [...SUITES13, suite('ECDHE-RSA-AES128-SHA', 'TLSv1.2')] } }, ['ciphers'], ['ciphers']],
  ['DHE', { listener: { suites: [...SUITES13, suite('DHE-RSA-AES128-GCM-SHA256', 'TLSv1.2')] } }, ['ciphers'], ['ciphers']],
  ['a good suite in an old version', { listener: { suites: [...SUITES13, suite('AES128-SHA', 'TLSv1')] } }, ['ciphers'], ['ciphers']],
  ['P-521', { listener: { groups: ['x25519', 'secp521r1'] } }, ['tls_curves'], ['tls_curves']],
  ['an RSA key', { certificate: { key_kind: 'RSA', key_bits: 2048, curve: absent } }, ['certificate_types'], []],
  [
    'a small RSA key',
    { certificate: { key_kind: 'RSA', key_bits: 1024, curve: absent } },
    ['certificate_types', 'rsa_key_size'],
    ['rsa_key_size'],
  ],
  ['Ed25519', { certificate: { key_kind: 'Ed25519', curve: absent } }, ['certificate_types'], ['certificate_types']],
  ['SHA-1', { certificate: { signature_hash: 'SHA1' } }, ['certificate_signatures'], ['certificate_signatures']],
  ['P-521 key', { certificate: { curve: 'P-521' } }, ['certificate_curves'], ['certificate_curves']],
  ['a year', { certificate: { lifetime_days: 366 } }, ['maximum_certificate_lifespan'], []],
  ['more than a year', { certificate: { lifetime_days: 398 } }, ['maximum_certificate_lifespan'], ['maximum_certificate_lifespan']],
  ['HSTS of a year', { site: { hsts_max_age: 31_536_000 } }, ['hsts_min_age'], ['hsts_min_age']],
  ['no HSTS', { site: { hsts_max_age: absent } }, ['hsts_min_age'], ['hsts_min_age']],
  [
    'a second certificate that is worse',
    { more: [{ key_kind: 'RSA', key_bits: 1024, curve: absent }] },
    ['certificate_types', 'rsa_key_size'],
    ['rsa_key_size'],
  ],
];

describe.each([
  [MODERN, modern, 2],
  [INTERMEDIATE, intermediate, 3],
] as const)('%s', (name, base, column) => {
  const over = (changes: Changes): Changes => ({ ...base, ...changes, listener: { ...base.listener, ...changes.listener } });

  test.each(BREAKS)('%s', (...[, changes, , ,]) => {
    const row = BREAKS.find((one) => one[1] === changes);
    const wanted = (row?.[column] ?? []).map((field) => `${field} not-met`);
    const found = judge(name, over(changes));
    expect(other(found, 'met')).toEqual(wanted);
    expect(found.verdict).toBe(wanted.length === 0 ? 'met' : 'not-met');
    for (const { field, status, wanted: expected, found: there } of found.fields)
      // The modern guideline names no suite below TLS 1.3.
      if (status === 'not-met')
        expect([field, expected.length > 0 || field === 'ciphers', field === 'hsts_min_age' || there.length > 0]).toEqual([
          field,
          true,
          true,
        ]);
  });

  const UNKNOWNS: readonly (readonly [field: string, changes: Changes])[] = [
    ['tls_versions', { listener: { protocols: ['TLSv1.3', open] } }],
    ['ciphersuites', { listener: { suites: [...SUITES13, open] } }],
    ['tls_curves', { listener: { groups: ['x25519', open] } }],
    ['tls_curves', { listener: { groups: unknown } }],
    ['certificate_types', { certificate: { key_kind: unknown } }],
    ['certificate_signatures', { certificate: { signature_hash: unknown } }],
    ['certificate_curves', { certificate: { curve: unknown } }],
    ['maximum_certificate_lifespan', { certificate: { lifetime_days: unknown } }],
    ['hsts_min_age', { site: 'none' }],
    ['hsts_min_age', { site: { hsts_max_age: unknown } }],
  ];

  test.each(UNKNOWNS)('%s is not tested where it is not known: %j', (field, changes) => {
    const found = judge(name, over(changes));
    expect(found.fields.find((one) => one.field === field)?.status).toBe('not-tested');
    expect(found.verdict).toBe('not-tested');
    expect(found.fields.filter(({ status }) => status === 'not-met')).toEqual([]);
  });

  test('what is known to be outside decides, though the list was cut short', () => {
    for (const changes of [{ listener: { protocols: ['TLSv1', open] } }, { listener: { groups: ['secp521r1', open] } }])
      expect(judge(name, over(changes)).verdict).toBe('not-met');
    // One certificate of which nothing is known does not hide another that is bad.
    expect(judge(name, { ...base, certificate: { lifetime_days: 500 }, more: [{ lifetime_days: unknown }] }).verdict).toBe('not-met');
  });

  test('stapling and order are advice: shown, and decide nothing', () => {
    const found = judge(name, over({ listener: { stapling: false, server_preference: true } }));
    expect(found.fields.flatMap(({ field, status, advice }) => (advice === true ? [[field, status]] : []))).toEqual([
      ['ocsp_staple', 'not-met'],
      ['server_preferred_order', 'not-met'],
    ]);
    expect(found.verdict).toBe('met');
    const open = judge(name, over({ listener: { stapling: unknown, server_preference: unknown } }));
    expect(open.verdict).toBe('met');
  });

  test('a host that refused everything, or of which nothing is known, meets nothing', () => {
    for (const listener of [
      { protocols: [], suites: [], groups: [] },
      { protocols: [open], suites: [open], groups: [open] },
      { protocols: unknown, suites: unknown, groups: unknown },
    ]) {
      const found = judge(name, over({ listener }));
      expect(found.verdict).not.toBe('met');
      for (const field of ['tls_versions', 'ciphersuites', 'ciphers', 'tls_curves'])
        expect([field, found.fields.find((one) => one.field === field)?.status]).not.toEqual([field, 'met']);
    }
  });

  test('no certificate meets nothing', () => {
    const bare = { ...rated(over({})), certificates: [] };
    const found = mozillaGuidelines(bare).find((one) => one.name === name);
    expect(found?.verdict).toBe('not-tested');
    for (const { field, status } of found?.fields ?? [])
      if (/^certificate|rsa|lifespan/.test(field)) expect([field, status]).toEqual([field, 'not-tested']);
  });

  test('TLCP is beside the guideline', () => {
    expect(
      judge(
        name,
        over({ listener: { protocols: [...((base.listener?.['protocols'] as readonly string[]) ?? ['TLSv1.2', 'TLSv1.3']), 'TLCP'] } }),
      ).verdict,
    ).toBe('met');
  });
});

test('suites of TLS 1.2 are as the guideline names them', () => {
  const names =
    judge(INTERMEDIATE)
      .fields.find(({ field }) => field === 'ciphers')
      ?.wanted.split(' ') ?? [];
  expect(names).toHaveLength(6);
  for (const name of names) expect(suite(name, 'TLSv1.2')).toMatchObject({ key_exchange: 'ECDHE', aead: true });
  expect(SUITES12.every(({ name }) => names.includes(String(name)))).toBe(true);
});
