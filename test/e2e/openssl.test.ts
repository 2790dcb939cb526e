import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../support/agreement.ts';
import { look, type Seen } from '../support/live.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { dhparamFile, OPENSSL_LEGACY, startOpensslServer, type OpensslServerOptions } from '../support/servers/openssl-server.ts';

const scanners = available('nmap') && available('sslscan');
const ec = (): ReturnType<typeof certificate> => certificate({ key: 'ec' });

/** One server each, all looked at before the tests. */
const SERVERS = {
  legacy: () => ({ ...OPENSSL_LEGACY, args: [...OPENSSL_LEGACY.args, '-dhparam', dhparamFile(1024)], second: ec() }),
  early: () => ({ args: ['-early_data', '-max_early_data', '16384'] }),
  'no tickets': () => ({ args: ['-no_ticket', '-tls1_2', '-no_cache'] }),
  'tickets below TLS 1.3 alone': () => ({ args: ['-num_tickets', '0'] }),
  'two certificates': () => ({ second: ec(), args: ['-tls1_2'] }),
  'wants a certificate, TLS 1.2': () => ({ args: ['-verify', '1', '-tls1_2', '-CAfile', certificate().ca] }),
  'wants a certificate, TLS 1.3': () => ({ args: ['-verify', '1', '-tls1_3', '-CAfile', certificate().ca] }),
  'insists on a certificate, TLS 1.2': () => ({ args: ['-Verify', '1', '-tls1_2', '-CAfile', certificate().ca] }),
  'insists on a certificate, TLS 1.3': () => ({ args: ['-Verify', '1', '-tls1_3', '-CAfile', certificate().ca] }),
  renegotiates: () => ({ args: ['-client_renegotiation', '-tls1_2'] }),
  'does not renegotiate': () => ({ args: ['-no_renegotiation', '-tls1_2'] }),
  'ChaCha20 or nothing else to compare': () => ({
    ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305',
    args: ['-serverpref', '-prioritize_chacha', '-tls1_2'],
  }),
  'ChaCha20 first for those who want it': () => ({
    ciphers: 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256',
    args: ['-serverpref', '-prioritize_chacha', '-tls1_2'],
  }),
} as const satisfies Readonly<Record<string, () => OpensslServerOptions>>;
type Name = keyof typeof SERVERS;

describe.skipIf(!available('openssl'))('openssl s_server', () => {
  const servers: Partial<Record<Name, Daemon>> = {};
  const looks: Partial<Record<Name, Seen>> = {};
  const seen = (name: Name): Seen => {
    const found = looks[name];
    if (found === undefined) throw new Error(name);
    return found;
  };
  beforeAll(async () => {
    for (const [name, options] of Object.entries(SERVERS) as [Name, () => OpensslServerOptions][]) {
      const server = await startOpensslServer(options());
      servers[name] = server;
      // 129 pairs of version and suite, each a connection: 192 in all.
      const limits = { connections: name === 'legacy' ? 200 : 150 };
      looks[name] = await look(server.port, { limits, options: name.includes('renegotiate') ? { probes: 'odd' } : {} });
    }
  }, 60_000);
  afterAll(async () => void (await Promise.all(Object.values(servers).map((server) => server.stop()))));

  test('legacy: everything it can be talked into, with parameters of 1024 bits', () => {
    const legacy = seen('legacy');
    expect(legacy.whole('protocols')).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
    expect(Object.fromEntries(Object.entries(legacy.suites()).map(([version, names]) => [version, names.length]))).toEqual({
      TLSv1: 23,
      'TLSv1.1': 23,
      'TLSv1.2': 77,
      'TLSv1.3': 3,
    });
    const groups = [
      'x25519',
      'secp256r1',
      'x448',
      'secp521r1',
      'secp384r1',
      'ffdhe2048',
      'ffdhe3072',
      'ffdhe4096',
      'ffdhe6144',
      'ffdhe8192',
    ];
    expect(new Set(legacy.whole('groups'))).toEqual(new Set(groups));
    expect(legacy.pick('dh_bits', 'dh_prime', 'server_preference', 'secure_renegotiation', 'session_ids')).toEqual({
      dh_bits: 1024,
      dh_prime: 'absent',
      server_preference: true,
      secure_renegotiation: true,
      session_ids: true,
    });
    expect(legacy.weaknesses).toEqual(['BEAST', 'LOGJAM', 'LUCKY13']);
    expect(legacy.certificates.map(({ key_kind }) => key_kind)).toEqual(['EC', 'RSA']);
  });

  test('two certificates: each with the suites it serves', () => {
    const both = seen('two certificates');
    expect(both.certificates.map(({ key_kind, key_bits }) => [key_kind, key_bits])).toEqual([
      ['EC', 256],
      ['RSA', 2048],
    ]);
    const suites = both.suites()['TLSv1.2'] ?? [];
    expect(suites).toContain('ECDHE-ECDSA-AES128-GCM-SHA256');
    expect(suites).toContain('ECDHE-RSA-AES128-GCM-SHA256');
  });

  test('early data and tickets', () => {
    expect(seen('early').pick('early_data', 'session_tickets', 'session_lifetime')).toEqual({
      early_data: true,
      session_tickets: true,
      session_lifetime: 7200,
    });
    expect(seen('no tickets').pick('early_data', 'session_tickets', 'session_ids')).toEqual({
      early_data: false,
      session_tickets: false,
      session_ids: false,
    });
    expect(seen('tickets below TLS 1.3 alone').pick('session_tickets')).toEqual({ session_tickets: true });
    // No ticket came: how long one would last is not known.
    expect(seen('no tickets').get('session_lifetime')).toEqual({ unknown: 'unresolved' });
  });

  test('Diffie-Hellman of its own choice is recognised', () => {
    expect(seen('early').pick('dh_bits', 'dh_prime')).toEqual({ dh_bits: 2048, dh_prime: 'RFC 3526 group 14' });
  });

  test('a certificate for clients is wished for or insisted on', () => {
    for (const version of ['1.2', '1.3'] as const) {
      const [wants, insists] = [seen(`wants a certificate, TLS ${version}`), seen(`insists on a certificate, TLS ${version}`)];
      // The handshake goes through; what is refused afterwards, only an application could tell.
      expect(wants.get('client_certificate'), version).toEqual({ unknown: 'unsupported' });
      expect(insists.get('client_certificate'), version).toBe('required');
      expect(insists.get('client_authorities'), version).toEqual(['CN=Custos Test Authority,O=Custos tests']);
    }
    expect(seen('legacy').pick('client_certificate', 'client_authorities')).toEqual({
      client_certificate: 'none',
      client_authorities: 'absent',
    });
  });

  test('one renegotiation that the client asks for is accepted or refused', () => {
    expect(seen('renegotiates').get('client_renegotiation')).toBe('accepted');
    expect(seen('does not renegotiate').get('client_renegotiation')).toBe('refused');
    for (const name of ['renegotiates', 'does not renegotiate'] as const)
      expect(seen(name).pick('heartbleed', 'early_ccs')).toEqual({ heartbleed: 'safe', early_ccs: 'safe' });
  });

  test('who chooses, and ChaCha20 for those who want it first', () => {
    expect(seen('ChaCha20 first for those who want it').pick('server_preference', 'chacha_priority')).toEqual({
      server_preference: true,
      chacha_priority: true,
    });
    // By these two alone nobody can tell it from a server that leaves the choice to the client.
    expect(seen('ChaCha20 or nothing else to compare').get('server_preference')).toEqual({ unknown: 'unresolved' });
    expect(seen('legacy').get('chacha_priority')).toBe(false);
    expect(seen('two certificates').get('server_preference')).toBe(false);
  });

  describe.skipIf(!scanners)('agreement', () => {
    test.each(['legacy', 'early', 'two certificates'] as const)(
      '%s: nmap and sslscan report the same',
      async (name) => {
        expect(await disagreements(seen(name), servers[name]?.port ?? 0)).toEqual([]);
      },
      30_000,
    );
  });
});
