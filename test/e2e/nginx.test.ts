import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../support/agreement.ts';
import { look, type Seen } from '../support/live.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { NGINX_PRESETS, startNginx } from '../support/servers/nginx.ts';
import { nmapScan } from '../support/servers/scanners.ts';

const SUITES13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const scanners = available('nmap') && available('sslscan');

describe.skipIf(!available('nginx'))('nginx', () => {
  const servers: Record<'modern' | 'intermediate' | 'weak', Daemon> = Object.create(null);
  const seen: Record<keyof typeof servers, Seen> = Object.create(null);
  beforeAll(async () => {
    const own = { rsa: certificate(), ec: certificate({ key: 'ec' }) };
    servers.modern = await startNginx({ ...NGINX_PRESETS.modern, certificates: [own.ec] });
    servers.intermediate = await startNginx({ ...NGINX_PRESETS.intermediate, certificates: [own.rsa, own.ec] });
    servers.weak = await startNginx(NGINX_PRESETS.weak);
    const names = ['modern', 'intermediate', 'weak'] as const;
    await Promise.all(names.map(async (name) => void (seen[name] = await look(servers[name].port))));
  });
  afterAll(async () => void (await Promise.all(Object.values(servers).map((server) => server.stop()))));

  test('modern: TLS 1.3 alone', () => {
    const { modern } = seen;
    expect(modern.whole('protocols')).toEqual(['TLSv1.3']);
    expect(modern.suites()).toEqual({ 'TLSv1.3': SUITES13 });
    expect(modern.whole('groups')).toEqual(['x25519', 'secp256r1', 'secp384r1']);
    expect(modern.weaknesses).toEqual([]);
    // What only older versions can have is not there; nothing of it is unknown, since each of them was refused.
    expect(
      modern.pick('dh_bits', 'secure_renegotiation', 'fallback_scsv', 'downgrade_sentinel', 'extended_master_secret', 'reuses_keys'),
    ).toEqual({
      dh_bits: 'absent',
      secure_renegotiation: 'absent',
      fallback_scsv: 'absent',
      downgrade_sentinel: 'absent',
      extended_master_secret: 'absent',
      reuses_keys: 'absent',
    });
    expect(modern.pick('server_preference', 'compression', 'early_data', 'client_certificate', 'stapling', 'tolerant')).toEqual({
      server_preference: false,
      compression: false,
      early_data: false,
      client_certificate: 'none',
      stapling: false,
      tolerant: true,
    });
    // One handshake shows one scheme; which others it would sign with stays open.
    expect(modern.get('signature_algorithms')).toEqual(['ecdsa_secp256r1_sha256', '…']);
    expect(modern.certificates).toMatchObject([{ key_kind: 'EC', subject: 'CN=localhost,O=Custos tests' }]);
  });

  test('intermediate: six suites, three groups, both certificates', () => {
    const { intermediate } = seen;
    expect(intermediate.whole('protocols')).toEqual(['TLSv1.2', 'TLSv1.3']);
    const { 'TLSv1.3': suites13, 'TLSv1.2': suites12 = [], ...rest } = intermediate.suites();
    expect(rest).toEqual({});
    expect(suites13).toEqual(SUITES13);
    expect(suites12.toSorted()).toEqual(NGINX_PRESETS.intermediate.ciphers.split(':').toSorted());
    expect(intermediate.whole('groups')).toEqual(['x25519', 'secp256r1', 'secp384r1']);
    expect(intermediate.weaknesses).toEqual([]);
    expect(intermediate.certificates.map(({ key_kind }) => key_kind)).toEqual(['EC', 'RSA']);
    expect(intermediate.pick('secure_renegotiation', 'fallback_scsv', 'downgrade_sentinel', 'extended_master_secret')).toEqual({
      secure_renegotiation: true,
      fallback_scsv: true,
      downgrade_sentinel: true,
      extended_master_secret: true,
    });
    expect(intermediate.pick('server_preference', 'encrypt_then_mac', 'dh_bits', 'reuses_keys', 'session_ids', 'alpn')).toEqual({
      server_preference: false,
      encrypt_then_mac: 'absent',
      dh_bits: 'absent',
      reuses_keys: false,
      session_ids: false,
      alpn: ['http/1.1'],
    });
    expect(intermediate.whole('signature_algorithms')).toEqual(expect.arrayContaining(['ecdsa_secp256r1_sha256', 'rsa_pkcs1_sha256']));
  });

  test('weak: old versions, anonymous and NULL suites, odd curves', () => {
    const { weak } = seen;
    expect(weak.whole('protocols')).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2']);
    const suites = weak.suites();
    expect(Object.fromEntries(Object.entries(suites).map(([version, names]) => [version, names.length]))).toEqual({
      TLSv1: 12,
      'TLSv1.1': 12,
      'TLSv1.2': 34,
    });
    expect(suites['TLSv1']).toEqual([
      'ECDHE-RSA-AES256-SHA',
      'AECDH-AES256-SHA',
      'ECDHE-RSA-AES128-SHA',
      'AECDH-AES128-SHA',
      'AES256-SHA',
      'CAMELLIA256-SHA',
      'AES128-SHA',
      'CAMELLIA128-SHA',
      'ECDHE-RSA-NULL-SHA',
      'AECDH-NULL-SHA',
      'NULL-SHA',
      'NULL-MD5',
    ]);
    const groups = ['sect163k1', 'secp192r1', 'secp224r1', 'secp256r1', 'sect571r1', 'brainpoolP256r1', 'secp256k1'];
    expect(new Set(weak.whole('groups'))).toEqual(new Set(groups));
    expect(weak.weaknesses).toEqual(['BEAST', 'LUCKY13']);
    expect(weak.pick('server_preference', 'encrypt_then_mac', 'compression', 'downgrade_sentinel')).toEqual({
      server_preference: true,
      encrypt_then_mac: true,
      compression: false,
      downgrade_sentinel: 'absent',
    });
  });

  test('every fact says where it was seen', () => {
    for (const { listener } of Object.values(seen))
      for (const [name, fact] of Object.entries(listener.facts)) if (fact.state !== 'unknown') expect(fact.origin, name).toBeDefined();
    const suites = seen.weak.fact('suites');
    if (suites?.state !== 'known' || !Array.isArray(suites.value)) throw new Error('no suites');
    const texts = suites.value.map(({ origin }) => origin.exchange as string);
    expect(texts.every((text) => text.includes('→ ServerHello'))).toBe(true);
    expect(new Set(texts).size).toBe(34);
  });

  describe.skipIf(!scanners)('agreement', () => {
    test.each(['modern', 'intermediate', 'weak'] as const)('%s: nmap and sslscan report the same', async (name) => {
      expect(await disagreements(seen[name], servers[name].port)).toEqual([]);
    });

    test('nmap finds the same order', async () => {
      expect(seen.weak.suites('iana')['TLSv1.2']).toEqual((await nmapScan(servers.weak.port))['TLSv1.2']);
    });
  });

  test('a certificate for clients: optional and required, with its authority', async () => {
    const both = await Promise.all(
      (['optional', 'on'] as const).flatMap((clientCertificate) =>
        ['TLSv1.2', 'TLSv1.3'].map(async (protocols) => {
          const server = await startNginx({ clientCertificate, protocols });
          try {
            const [site, bare] = [await look(`https://127.0.0.1:${server.port}`), await look(server.port)];
            expect(bare.get('client_certificate')).toEqual({ unknown: 'unsupported' });
            return [protocols, clientCertificate, site.get('client_certificate'), site.get('client_authorities')];
          } finally {
            await server.stop();
          }
        }),
      ),
    );
    // nginx lets a handshake without certificate through whatever it wants, and answers 400 afterwards: only who asks for a page is told.
    const authority = ['CN=Custos Test Authority,O=Custos tests'];
    expect(both).toEqual([
      ['TLSv1.2', 'optional', 'optional', authority],
      ['TLSv1.3', 'optional', 'optional', authority],
      ['TLSv1.2', 'on', 'required', authority],
      ['TLSv1.3', 'on', 'required', authority],
    ]);
  });

  test('tickets, and what OpenSSL still sends where they are switched off', async () => {
    const all = await Promise.all(
      [true, false].flatMap((tickets) =>
        ['TLSv1.2', 'TLSv1.3', 'TLSv1.2 TLSv1.3'].map(async (protocols) => {
          const server = await startNginx({ tickets, protocols });
          return look(server.port)
            .then((found) => [tickets, protocols, found.get('session_tickets')])
            .finally(() => server.stop());
        }),
      ),
    );
    expect(all.map(([tickets, , found]) => [tickets, found])).toEqual(all.map(([tickets]) => [tickets, tickets]));
  });
});
