import { createDiffieHellmanGroup } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Observation, SeenSuite } from '../../../src/collect/tls/observation.ts';
import { dhFacts, weaknessesOf } from '../../../src/collect/tls/weaknesses.ts';
import { unknown, type Fact, type FactValue, type Origin } from '../../../src/model/fact.ts';
import type { Protocol } from '../../../src/tls/protocols.ts';
import { observed } from '../../support/observation.ts';

const wire = (exchange: string): Origin => ({ kind: 'wire', target: 't', exchange });
const WHY = unknown('timed-out', 'it went silent');
const dhe = (code: number, prime: Uint8Array): SeenSuite => ({
  code,
  exchange: `DHE ${prime.length * 8}`,
  keyExchange: { kind: 'dhe', prime, generator: Uint8Array.of(2), key: Uint8Array.of(5) },
});
const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xc5);
/** The same, with a version's suites cut short. */
const cut = (seen: Observation, protocol: Protocol): Observation => ({
  ...seen,
  suites: new Map(seen.suites).set(protocol, { suites: seen.suites.get(protocol)?.suites ?? [], ordered: false, open: [WHY] }),
});
const names = (seen: Observation): readonly string[] => {
  const fact = weaknessesOf(seen, wire);
  if (fact.state !== 'known') return [fact.state];
  const found = fact.value.map((one) => (one.state === 'known' && one.value.name.state === 'known' ? one.value.name.value : '?'));
  return [...found, ...(fact.open ?? []).map(({ detail }) => `${detail.split(':')[0] ?? ''}?`)];
};
const plain = (fact: Fact<FactValue>): unknown => (fact.state === 'known' ? fact.value : fact.state);

describe('the smallest group of Diffie and Hellman', () => {
  const modp14 = createDiffieHellmanGroup('modp14').getPrime();
  test.each<[string, Observation, unknown, unknown]>([
    ['is absent where DHE is not accepted', observed({ 'TLSv1.2': [0xc02f] }), 'absent', 'absent'],
    ['is not known where DHE may be', cut(observed({ 'TLSv1.2': [0xc02f] }), 'TLSv1'), 'unknown', 'unknown'],
    ['is the least of all', observed({ 'TLSv1.2': [dhe(0x009e, modp14)], TLSv1: [dhe(0x0033, random(128))] }), 1024, 'absent'],
    ['has a name where everybody knows it', observed({ 'TLSv1.2': [dhe(0x009e, modp14)] }), 2048, 'RFC 3526 group 14'],
    [
      'is not known to be large where suites are missing',
      cut(observed({ 'TLSv1.2': [dhe(0x009e, modp14)] }), 'TLSv1'),
      'unknown',
      'unknown',
    ],
    ['is small all the same where suites are missing', cut(observed({ 'TLSv1.2': [dhe(0x009e, random(128))] }), 'TLSv1'), 1024, 'absent'],
    [
      'is not known to be large where parameters did not come',
      observed({ 'TLSv1.2': [dhe(0x009e, modp14), 0x0033] }),
      'unknown',
      'unknown',
    ],
    ['is not known where none came', observed({ 'TLSv1.2': [0x0033] }), 'unknown', 'unknown'],
  ])('%s', (_, seen, bits, prime) => {
    const facts = dhFacts(seen, wire);
    expect([plain(facts.bits), plain(facts.prime)]).toEqual([bits, prime]);
  });
});

describe('named weaknesses', () => {
  test('of a host that refused everything are not known', () => {
    expect(names(observed({}))).toEqual(['unknown']);
  });

  test.each<[string, Observation, readonly string[]]>([
    ['DROWN: SSL 2.0, with any cipher or none', observed({ SSLv2: [], 'TLSv1.2': [0xc02f] }), ['DROWN']],
    ['FREAK: RSA of export grade', observed({ TLSv1: [0x0003] }), ['FREAK', 'RC4']],
    ['LOGJAM: DHE of export grade', observed({ TLSv1: [0x0014] }), ['LOGJAM', 'BEAST']],
    ['LOGJAM: 1024 bits', observed({ 'TLSv1.2': [dhe(0x009e, random(128))] }), ['LOGJAM']],
    ['POODLE: CBC in SSL 3.0', observed({ SSLv3: [0x002f] }), ['POODLE', 'LUCKY13', 'BEAST']],
    ['SWEET32: 64-bit blocks', observed({ 'TLSv1.2': [0x000a] }), ['SWEET32', 'LUCKY13']],
    ['RC4', observed({ 'TLSv1.2': [0x0005] }), ['RC4']],
  ])('%s', (_, seen, expected) => {
    expect(names(seen)).toEqual(expect.arrayContaining([...expected]));
  });

  test('are open, not absent, where a list that could show them was cut short', () => {
    const open = names(cut(observed({ 'TLSv1.2': [0xc02f] }), 'TLSv1'));
    expect(open).toEqual(expect.arrayContaining(['BEAST?', 'LUCKY13?', 'SWEET32?', 'RC4?', 'FREAK?', 'LOGJAM?']));
    expect(open).not.toContain('POODLE?'); // that is SSL 3.0's alone, which was refused
    const protocols = new Map(observed({ 'TLSv1.2': [0xc02f] }).protocols)
      .set('SSLv2', { state: 'unknown', why: WHY })
      .set('SSLv3', { state: 'unknown', why: WHY });
    expect(names(observed({ 'TLSv1.2': [0xc02f] }, { protocols }))).toEqual(expect.arrayContaining(['DROWN?', 'POODLE?']));
  });
});
