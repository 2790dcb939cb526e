import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../support/agreement.ts';
import { look, type Seen } from '../support/live.ts';
import { available } from '../support/servers/available.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startJsseServer } from '../support/servers/jsse-server.ts';

/** It took 171: 137 pairs a connection each; the rest asks for groups, order, sessions and so on. */
const CONNECTIONS = 175;

describe.skipIf(!available('jsse'))('JSSE without restrictions', () => {
  let server: Daemon | undefined;
  let [seen, cut]: Seen[] = [];
  beforeAll(async () => {
    server = await startJsseServer();
    seen = await look(server.port, { limits: { connections: 200 } });
    cut = await look(server.port);
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
  });

  test('all 137 pairs of version and suite', () => {
    expect(seen?.whole('protocols')).toEqual(['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    const counts = Object.entries(seen?.suites() ?? {}).map(([version, names]) => [version, new Set(names).size] as const);
    expect(Object.fromEntries(counts)).toEqual({ SSLv3: 32, TLSv1: 32, 'TLSv1.1': 27, 'TLSv1.2': 43, 'TLSv1.3': 3 });
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(137);
    expect(seen?.openOf('suites')).toEqual([]);
    expect(seen?.connections).toBeGreaterThan(150);
    expect(seen?.connections).toBeLessThanOrEqual(CONNECTIONS);
  });

  test('what follows from them', () => {
    expect(seen?.weaknesses).toEqual(['BEAST', 'FREAK', 'LOGJAM', 'LUCKY13', 'POODLE', 'RC4', 'SWEET32']);
    expect(seen?.pick('dh_bits', 'fallback_scsv', 'downgrade_sentinel', 'encrypt_then_mac', 'session_ids', 'compression')).toEqual({
      dh_bits: 512,
      // It knows no TLS_FALLBACK_SCSV; the sentinel of RFC 8446 stands in for it: DOWNGRADE is not among the weaknesses.
      fallback_scsv: false,
      downgrade_sentinel: true,
      encrypt_then_mac: false,
      session_ids: true,
      compression: false,
    });
    const names = new Set(Object.values(seen?.suites('iana') ?? {}).flat());
    for (const name of [
      'TLS_RSA_EXPORT_WITH_RC4_40_MD5',
      'TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA',
      'TLS_ECDH_anon_WITH_NULL_SHA',
      'TLS_RSA_WITH_DES_CBC_SHA',
    ])
      expect(names).toContain(name);
  });

  test('150 connections do not suffice, and what is missing is said', () => {
    expect(cut?.connections).toBe(150);
    expect(cut?.whole('protocols')).toEqual(seen?.whole('protocols'));
    const unknown = Object.entries(cut?.listener.facts ?? {}).flatMap(([name, fact]) =>
      fact.state === 'unknown' ? [[name, fact.cause, fact.detail]] : [],
    );
    const open = Object.entries(cut?.listener.facts ?? {}).flatMap(([name, fact]) => (fact.state === 'known' && fact.open ? [name] : []));
    expect([...unknown.map(([name]) => name), ...open].length).toBeGreaterThan(0);
    for (const [, cause, detail] of unknown) expect(`${cause} ${detail}`).toMatch(/not-collected|more than 150 connections/);
    // Whatever it does know, the whole look says too.
    for (const [name, fact] of Object.entries(cut?.listener.facts ?? {}))
      if (fact.state === 'known' && fact.open === undefined && !['connections', 'signature_algorithms', 'suites', 'groups'].includes(name))
        expect(cut?.get(name), name).toEqual(seen?.get(name));
  });

  test.skipIf(!available('nmap') || !available('sslscan'))(
    'nmap and sslscan report the same',
    async () => {
      expect(await disagreements(seen as Seen, server?.port ?? 0)).toEqual([]);
    },
    60_000,
  );
});
