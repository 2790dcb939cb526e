import { describe, expect, test } from 'vitest';
import type { Rating } from '../../src/model/endpoint.ts';
import { sslLabsRating } from '../../src/rating/ssl-labs.ts';
import { absent, AS_OF, open, rated, suite, SUITES12, SUITES13, unknown, type Changes } from '../support/rated.ts';

const rate = (changes: Changes = {}): Rating => sslLabsRating(rated(changes), AS_OF);
const weakness = (name: string): Changes => ({ listener: { weaknesses: [{ name, cve: absent }] } });
const withSuites = (...more: readonly unknown[]): Changes => ({ listener: { suites: [...SUITES13, ...SUITES12, ...more] } });
const older = ['TLSv1', 'TLSv1.1', 'TLSv1.2'];

test('as good as can be', () => {
  const rating = rate();
  expect(rating).toMatchObject({
    guide: 'SSL Labs 2009r',
    letter: 'A+',
    configuration: 'A+',
    caps: [],
    warnings: [],
    trust: [],
    notTested: [],
  });
  expect(rating.score).toEqual({ protocol: 100, keyExchange: 90, cipher: 90, total: 93 });
});

/** A change for the worse, the letter that it leaves, and the rule that says so. */
const CAPS: readonly (readonly [rule: string, letter: string, changes: Changes])[] = [
  ['2009c: SSL 2.0', 'F', { listener: { protocols: ['SSLv2', 'TLSv1.2', 'TLSv1.3'] } }],
  ['2009c: insecure renegotiation', 'F', weakness('RENEGOTIATION')],
  ['2009i: SSL 3.0 is the best version', 'F', { listener: { protocols: ['SSLv3'], suites: [suite('ECDHE-RSA-AES256-SHA', 'SSLv3')] } }],
  ['2009k: RC4 only', 'F', { listener: { suites: [suite('ECDHE-RSA-RC4-SHA', 'TLSv1.2')] } }],
  ['2009l: DROWN', 'F', weakness('DROWN')],
  ['exploitable: FREAK', 'F', weakness('FREAK')],
  ['exploitable: Logjam, below 1024 bit', 'F', { listener: { dh_bits: 768 } }],
  ['anonymous suites', 'F', withSuites(suite('ADH-AES256-GCM-SHA384', 'TLSv1.2'))],
  ['suites without encryption', 'F', withSuites(suite('ECDHE-RSA-NULL-SHA', 'TLSv1.2'))],
  ['export suites', 'F', withSuites(suite('EXP-RC4-MD5', 'TLSv1'))],
  ['exploitable: Heartbleed', 'F', { listener: { heartbleed: 'vulnerable' } }],
  ['exploitable: early ChangeCipherSpec', 'F', { listener: { early_ccs: 'vulnerable' } }],
  ['2009o: Ticketbleed', 'F', { listener: { ticketbleed: 'vulnerable' } }],
  ['2009p: ROBOT', 'F', { listener: { robot: 'vulnerable' } }],
  ['2009m, 2019: CBC padding oracles', 'F', { listener: { padding_oracles: ['GOLDENDOODLE'] } }],
  ['2009f: POODLE', 'C', weakness('POODLE')],
  ['2009j: TLS compression (CRIME)', 'C', weakness('CRIME')],
  ['2009j: RC4 with TLS 1.1 or newer', 'C', withSuites(suite('ECDHE-RSA-RC4-SHA', 'TLSv1.1'))],
  [
    '2009j: no TLS 1.2',
    'C',
    { listener: { protocols: ['TLSv1', 'TLSv1.1'], suites: [suite('ECDHE-RSA-AES256-SHA', 'TLSv1', 'TLSv1.1')] } },
  ],
  ['2009m: 64-bit block cipher with TLS 1.1 or newer', 'C', withSuites(suite('ECDHE-RSA-DES-CBC3-SHA', ...older))],
  ['2009g: SSL 3.0', 'B', { listener: { protocols: ['SSLv3', 'TLSv1.2', 'TLSv1.3'] } }],
  ['2009i: RC4', 'B', withSuites(suite('ECDHE-RSA-RC4-SHA', 'TLSv1'))],
  ['2009j: DH below 2048 bit', 'B', { listener: { dh_bits: 1024 } }],
  ['2009p: no forward secrecy', 'B', { listener: { protocols: ['TLSv1.2'], suites: [suite('AES256-GCM-SHA384', 'TLSv1.2')] } }],
  ['2009p: no authenticated encryption', 'B', { listener: { protocols: ['TLSv1.2'], suites: [suite('ECDHE-RSA-AES256-SHA', 'TLSv1.2')] } }],
  ['2009q: TLS 1.0 or 1.1', 'B', { listener: { protocols: ['TLSv1', 'TLSv1.2', 'TLSv1.3'] } }],
  ['2009q: TLS 1.0 or 1.1', 'B', { listener: { protocols: ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'] } }],
  ['2009e: key below 1024 bit', 'F', { certificate: { key_kind: 'RSA', key_bits: 512, curve: absent } }],
  ['2009e: key below 2048 bit', 'B', { certificate: { key_kind: 'RSA', key_bits: 1024, curve: absent } }],
  ['2009e: key below 2048 bit', 'B', { certificate: { key_bits: 192, curve: 'P-192' } }],
  ['2009e: MD5 signature', 'F', { certificate: { signature_hash: 'MD5' } }],
  ['2009e: MD2 signature', 'F', { certificate: { signature_hash: 'MD2' } }],
  ['2009i: incomplete chain', 'B', { certificate: { chain_complete: false } }],
];

describe('caps', () => {
  test.each(CAPS)('%s: %s at best', (rule, letter, changes) => {
    const { caps, configuration } = rate(changes);
    const cap = caps.find((one) => one.rule.en === rule);
    expect(cap).toMatchObject({ letter, because: expect.stringMatching(/./), rule: { zh: expect.stringMatching(/./) } });
    // No harder one is met: it is this cap that leaves the letter.
    const rank = (one: string): number => ['A', 'B', 'C', 'D', 'E', 'F'].indexOf(one);
    expect(configuration).toBe(caps.map((one) => one.letter).toSorted((a, b) => rank(b) - rank(a))[0]);
    expect(rank(configuration ?? '')).toBeGreaterThanOrEqual(rank(letter));
  });

  test('the best endpoint meets none of them', () => {
    expect(rate().caps).toEqual([]);
  });

  test('those that the score alone would let pass', () => {
    // The cap decides: without it each would be an A by its points.
    const decided = CAPS.filter(([, letter, changes]) => (rate(changes).score?.total ?? 0) >= 80 && letter !== 'A').length;
    expect(decided).toBeGreaterThan(20);
  });

  test('just good enough', () => {
    expect(rate({ listener: { dh_bits: 2048 } }).caps).toEqual([]);
    expect(rate({ certificate: { key_kind: 'RSA', key_bits: 2048, curve: absent } }).caps).toEqual([]);
    expect(rate({ certificate: { key_bits: 224, curve: 'P-224' } }).caps).toEqual([]);
    // 3DES with TLS 1.0 alone: the old version caps, not the cipher.
    const old = {
      protocols: ['TLSv1', 'TLSv1.2', 'TLSv1.3'],
      suites: [...SUITES13, ...SUITES12, suite('ECDHE-RSA-DES-CBC3-SHA', 'TLSv1')],
    };
    expect(rate({ listener: old }).caps.map(({ rule }) => rule.en)).toEqual(['2009q: TLS 1.0 or 1.1']);
    // An untrusted chain is a matter of trust, not of completeness.
    expect(rate({ certificate: { chain_complete: false, trusted: false } }).caps).toEqual([]);
  });
});

describe('warnings', () => {
  const WARNINGS: readonly (readonly [rule: string, changes: Changes])[] = [
    ['2009e: suites without forward secrecy', withSuites(suite('AES256-GCM-SHA384', 'TLSv1.2'))],
    ['2009e: no secure renegotiation', { listener: { secure_renegotiation: false } }],
    ['2009r: no TLS 1.3', { listener: { protocols: ['TLSv1.2'], suites: SUITES12 } }],
    ['2009r: HSTS missing or invalid', { site: { hsts_max_age: absent } }],
    ['2009r: HSTS missing or invalid', { site: { hsts_max_age: 15_551_999 } }],
  ];

  test.each(WARNINGS)('%s: A- at best', (rule, changes) => {
    const { warnings, configuration, caps } = rate(changes);
    expect(warnings.map((one) => [one.rule.en, one.letter])).toEqual([[rule, 'A-']]);
    expect([configuration, caps]).toEqual(['A-', []]);
  });

  test('a warning takes nothing from a B', () => {
    expect(rate({ listener: { dh_bits: 1024, secure_renegotiation: false } }).configuration).toBe('B');
  });

  test('A+ wants HSTS for half a year; where it was not looked at, A', () => {
    expect(rate({ site: { hsts_max_age: 15_552_000 } }).configuration).toBe('A+');
    expect(rate({ site: { hsts_max_age: unknown } }).configuration).toBe('A');
    expect(rate({ site: 'none' })).toMatchObject({ configuration: 'A', warnings: [] });
  });
});

describe('trust', () => {
  const T: readonly (readonly [rule: string, letter: string, changes: Changes])[] = [
    ['expired', 'T', { certificate: { not_after: '2026-11-23T23:59:59Z' } }],
    ['not yet valid', 'T', { certificate: { not_before: '2026-11-24T00:00:01Z' } }],
    ['self-signed', 'T', { certificate: { self_signed: true, trusted: false } }],
    ['no path to a trusted root', 'T', { certificate: { trusted: false } }],
    ['revoked', 'T', { certificate: { revocation: 'revoked' } }],
    ['revoked', 'T', { certificate: { staple: 'revoked' } }],
    ['2009n: SHA-1 signature', 'T', { certificate: { signature_hash: 'SHA1' } }],
    ['the name does not match', 'M', { certificate: { host_matches: false } }],
  ];

  test.each(T)('%s: %s, apart from the configuration’s own letter', (rule, letter, changes) => {
    const rating = rate(changes);
    expect(rating.letter).toBe(letter);
    expect(rating.trust.map((one) => [one.rule.en, one.letter])).toEqual([[rule, letter]]);
    expect(rating.configuration).toBe(rule.includes('SHA-1') ? 'A' : 'A+');
    expect(rating.caps).toEqual([]);
  });

  test('T stands before M, and a bad configuration keeps its own letter', () => {
    const rating = rate({ certificate: { host_matches: false, trusted: false }, listener: { dh_bits: 768 } });
    expect([rating.letter, rating.configuration]).toEqual(['T', 'F']);
  });

  test('a self-signed certificate that is trusted is no problem', () => {
    expect(rate({ certificate: { self_signed: true } }).letter).toBe('A+');
  });

  test('what is sent without a server name is another name’s', () => {
    expect(rate({ more: [{ host_matches: absent, trusted: false, self_signed: true }] }).letter).toBe('A+');
    expect(rate({ certificate: { host_matches: absent, trusted: false } }).letter).toBe('T');
  });

  test('unknown trust is none', () => {
    expect(rate({ certificate: { trusted: unknown, host_matches: unknown, revocation: unknown } })).toMatchObject({
      letter: 'A+',
      trust: [],
    });
  });
});

describe('score', () => {
  test.each([
    [['SSLv3', 'TLSv1.2'], 90],
    [['TLSv1', 'TLSv1.3'], 95],
    [['TLSv1.1'], 95],
    [['SSLv2', 'TLSv1.3'], 50],
    [['TLSv1.2', 'TLCP'], 100],
  ])('protocols %j: %i points', (protocols, points) => {
    expect(rate({ listener: { protocols } }).score?.protocol).toBe(points);
  });

  test.each([
    [{ key_bits: 4096 }, 100],
    [{ key_bits: 3072 }, 90],
    [{ key_bits: 2048 }, 90],
    [{ key_bits: 1024 }, 80],
    [{ key_bits: 1023 }, 40],
    [{ key_bits: 511 }, 20],
  ])('an RSA key of %j: %i points', (values, points) => {
    expect(rate({ certificate: { key_kind: 'RSA', curve: absent, ...values } }).score?.keyExchange).toBe(points);
  });

  test('the weakest of several keys and of the parameters counts', () => {
    expect(rate({ more: [{ key_kind: 'RSA', key_bits: 1024, curve: absent }] }).score?.keyExchange).toBe(80);
    expect(rate({ listener: { dh_bits: 1024 } }).score?.keyExchange).toBe(80);
    expect(rate(withSuites(suite('EXP-RC4-MD5', 'TLSv1'))).score?.keyExchange).toBe(40);
  });

  test('zero in one category is zero in all', () => {
    expect(rate(withSuites(suite('ADH-AES256-GCM-SHA384', 'TLSv1.2')))).toMatchObject({
      configuration: 'F',
      score: { keyExchange: 0, total: 0 },
    });
    expect(rate({ listener: { suites: [suite('NULL-SHA', 'TLSv1.2')] } })).toMatchObject({
      configuration: 'F',
      score: { cipher: 0, total: 0 },
    });
  });

  test('strength of ciphers: the middle between the best and the worst', () => {
    expect(rate({ listener: { suites: [suite('ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2')] } }).score?.cipher).toBe(100);
    expect(rate({ listener: { suites: [suite('ECDHE-RSA-AES128-GCM-SHA256', 'TLSv1.2')] } }).score?.cipher).toBe(80);
    expect(rate(withSuites(suite('DES-CBC3-SHA', 'TLSv1'))).score?.cipher).toBe(60);
    expect(rate(withSuites(suite('NULL-SHA', 'TLSv1'))).score?.cipher).toBe(50);
  });
});

describe('what is not known', () => {
  const UNKNOWNS: readonly (readonly [listed: string, changes: Changes])[] = [
    ['some versions', { listener: { protocols: ['TLSv1.2', 'TLSv1.3', open] } }],
    ['some suites', { listener: { suites: [...SUITES13, ...SUITES12, open] } }],
    ['some weaknesses', { listener: { weaknesses: [open] } }],
    ['DH size', { listener: { dh_bits: unknown } }],
    ['renegotiation', { listener: { secure_renegotiation: unknown } }],
    ['key', { certificate: { key_bits: unknown } }],
    ['key', { certificate: { key_kind: unknown } }],
    ['signature', { certificate: { signature_hash: unknown } }],
    ['trust', { certificate: { trusted: unknown } }],
    ['chain', { certificate: { chain_complete: unknown } }],
    ['name', { certificate: { host_matches: unknown } }],
    ['validity', { certificate: { not_after: unknown } }],
    ['HSTS', { site: { hsts_max_age: unknown } }],
    ['--probe odd', { listener: { heartbleed: unknown } }],
    ['--probe odd', { listener: { early_ccs: unknown } }],
    ['--probe intrusive', { listener: { robot: unknown } }],
    ['--probe intrusive', { listener: { ticketbleed: unknown } }],
    ['--probe intrusive', { listener: { padding_oracles: unknown } }],
    ['--online', { certificate: { revocation: unknown } }],
    ['HSTS', { site: 'none' }],
  ];

  test.each(UNKNOWNS)('%s: listed, and lowers nothing', (listed, changes) => {
    const rating = rate(changes);
    expect(rating.notTested.map(({ en }) => en)).toEqual([listed]);
    expect([rating.caps, rating.warnings, rating.trust]).toEqual([[], [], []]);
    expect(rating.configuration).toBe(listed === 'HSTS' ? 'A' : 'A+');
  });

  test('lists that are cut short withhold what their length would say', () => {
    const cut = rate({ listener: { protocols: ['TLSv1', open], suites: [suite('AES256-SHA', 'TLSv1'), open] } });
    const rules = [...cut.caps, ...cut.warnings].map(({ rule }) => rule.en);
    for (const rule of ['2009j: no TLS 1.2', '2009r: no TLS 1.3', '2009p: no forward secrecy', '2009p: no authenticated encryption'])
      expect(rules).not.toContain(rule);
  });

  test('an endpoint of which nothing is known, or that refused everything, has no letter', () => {
    for (const listener of [
      { protocols: [], suites: [] },
      { protocols: [open], suites: [open] },
      { protocols: unknown, suites: unknown },
      { protocols: ['TLCP'], suites: [] },
    ]) {
      const rating = rate({ listener });
      expect([rating.letter, rating.configuration, rating.score]).toEqual([undefined, undefined, undefined]);
    }
  });
});
