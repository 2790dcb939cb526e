import { expect, test } from 'vitest';
import { BRISK, look, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { certificate } from '../support/servers/certificate.ts';
import { startHelloServer, USUAL_EXTENSIONS, type HelloServerOptions } from '../support/servers/hello-server.ts';
import { TLS12 } from '../support/servers/wire.ts';

const kept = keeper();
const looked = async (options: HelloServerOptions = {}, sni?: string): Promise<Seen> =>
  look((await kept(startHelloServer(options))).port, { limits: BRISK, ...(sni === undefined ? {} : { options: { sni } }) });

const TLS12_ONLY = { versions: [TLS12] } as const;

test('the same server without faults', async () => {
  const seen = await looked({ tls13: {} });
  expect(seen.whole('protocols')).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
  expect(seen.suites()).toEqual({
    TLSv1: ['ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-SHA', 'AES128-SHA'],
    'TLSv1.1': ['ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-SHA', 'AES128-SHA'],
    'TLSv1.2': [
      'ECDHE-RSA-AES128-GCM-SHA256',
      'DHE-RSA-AES128-GCM-SHA256',
      'AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-SHA',
      'DHE-RSA-AES128-SHA',
      'AES128-SHA',
    ],
    'TLSv1.3': ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  });
  expect(seen.weaknesses).toEqual(['BEAST', 'LUCKY13']);
  expect(seen.pick('compression', 'fallback_scsv', 'downgrade_sentinel', 'reuses_keys', 'secure_renegotiation', 'tolerant')).toEqual({
    compression: false,
    fallback_scsv: true,
    downgrade_sentinel: true,
    reuses_keys: false,
    secure_renegotiation: true,
    tolerant: true,
  });
});

test('compression', async () => {
  const seen = await looked({ ...TLS12_ONLY, compressions: [1] });
  expect(seen.get('compression')).toBe(true);
  expect(seen.weaknesses).toContain('CRIME');
});

test('inappropriate_fallback honoured and ignored, the sentinel there and not there', async () => {
  const both = { versions: [0x0302, TLS12], tls13: {} };
  const of = async (options: HelloServerOptions): Promise<readonly unknown[]> => {
    const seen = await looked(options);
    return [seen.get('fallback_scsv'), seen.get('downgrade_sentinel'), seen.weaknesses.includes('DOWNGRADE')];
  };
  expect(await of(both)).toEqual([true, true, false]);
  expect(await of({ ...both, noSentinel: true })).toEqual([true, false, false]);
  expect(await of({ ...both, ignoresFallback: true })).toEqual([false, true, false]);
  expect(await of({ ...both, ignoresFallback: true, noSentinel: true })).toEqual([false, false, true]);
  // Without TLS 1.3 there is no sentinel to expect.
  expect(await of({ versions: [0x0302, TLS12], ignoresFallback: true })).toEqual([false, 'absent', true]);
  // With one version alone there is nothing to fall back to.
  expect(await of({ ...TLS12_ONLY, ignoresFallback: true })).toEqual(['absent', 'absent', false]);
});

test('renegotiation without RFC 5746, no extended master secret, no tickets', async () => {
  const none = await looked({ ...TLS12_ONLY, extensions: [] });
  expect(none.pick('secure_renegotiation', 'extended_master_secret', 'session_tickets', 'encrypt_then_mac')).toEqual({
    secure_renegotiation: false,
    extended_master_secret: false,
    session_tickets: false,
    encrypt_then_mac: false,
  });
  expect(none.weaknesses).toContain('RENEGOTIATION');
  const usual = await looked({ ...TLS12_ONLY, extensions: [...USUAL_EXTENSIONS, [0x0016, Buffer.alloc(0)]] });
  expect(usual.pick('secure_renegotiation', 'extended_master_secret', 'session_tickets', 'encrypt_then_mac')).toEqual({
    secure_renegotiation: true,
    extended_master_secret: true,
    session_tickets: true,
    encrypt_then_mac: true,
  });
});

test('a warning of the name before the hello is passed over', async () => {
  const plain = await looked(TLS12_ONLY, 'elsewhere.example');
  const warned = await looked({ ...TLS12_ONLY, warnsOfName: true }, 'elsewhere.example');
  expect(warned.whole('protocols')).toEqual(['TLSv1.2']);
  expect(warned.suites()).toEqual(plain.suites());
  expect(warned.whole('groups')).toEqual(plain.whole('groups'));
});

test('hellos of 256 to 511 bytes are never sent', async () => {
  const hanging = await looked({ tls13: {}, hangs: [256, 511] });
  const plain = await looked({ tls13: {} });
  for (const name of ['protocols', 'suites', 'groups']) expect(hanging.whole(name), name).toEqual(plain.whole(name));
  expect(hanging.weaknesses).toEqual(plain.weaknesses);
});

test('ephemeral keys that come twice', async () => {
  const seen = await looked({ ...TLS12_ONLY, reusesKeys: true });
  expect(seen.get('reuses_keys')).toBe(true);
  expect(seen.weaknesses).toContain('KEY-REUSE');
});

test('a suite that was not offered proves nothing', async () => {
  const seen = await looked({ ...TLS12_ONLY, unofferedSuite: 0x0005 });
  expect(seen.suites()).not.toHaveProperty('TLSv1.3');
  for (const names of Object.values(seen.suites())) expect(names).toEqual(['RC4-SHA']);
  expect(seen.get('suites')).toContain('…');
  expect(
    seen
      .openOf('suites')
      .map(({ detail }) => detail)
      .join(),
  ).toContain('suite 0005 was not offered');
});

test('more than 128 suites are never offered at once', async () => {
  const few = await looked({ mostSuites: 128 });
  const any = await looked();
  for (const name of ['protocols', 'suites', 'groups']) expect(few.whole(name), name).toEqual(any.whole(name));
});

test('a server that closes the connection at versions that it does not know', async () => {
  const seen = await looked({ ...TLS12_ONLY, intolerantAbove: TLS12 });
  expect(seen.get('protocols')).toEqual(['TLSv1.2']);
  expect(seen.get('tolerant')).toBe(false);
});

test.each([
  ['modp1', 768, 'RFC 2409 group 1 (768 bit)'],
  ['modp2', 1024, 'RFC 2409 group 2 (1024 bit)'],
  ['modp5', 1536, 'RFC 3526 group 5 (1536 bit)'],
  ['modp14', 2048, 'RFC 3526 group 14'],
] as const)('Diffie-Hellman of %s', async (dh, bits, prime) => {
  const seen = await looked({ ...TLS12_ONLY, dh });
  expect(seen.pick('dh_bits', 'dh_prime')).toEqual({ dh_bits: bits, dh_prime: prime });
  expect(seen.weaknesses.includes('LOGJAM')).toBe(bits <= 1024);
});

test('export-grade Diffie-Hellman beside a good group', async () => {
  const seen = await looked({ versions: [0x0301], suites: [0x0033, 0x0014] });
  expect(seen.suites()['TLSv1']).toEqual(['DHE-RSA-AES128-SHA', 'EXP-EDH-RSA-DES-CBC-SHA']);
  expect(seen.pick('dh_bits')).toEqual({ dh_bits: 512 });
  expect(seen.weaknesses).toEqual(expect.arrayContaining(['LOGJAM', 'SWEET32']));
});

test('the client’s order: its choice is followed', async () => {
  expect((await looked({ ...TLS12_ONLY, clientOrder: true })).get('server_preference')).toBe(false);
  expect((await looked(TLS12_ONLY)).get('server_preference')).toBe(true);
});

test('a key of its own curve is told from the RSA one', async () => {
  const seen = await looked({ ...TLS12_ONLY, certificate: certificate({ key: 'ec' }) });
  expect(seen.suites()).toEqual({ 'TLSv1.2': ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA'] });
  expect(seen.certificates).toMatchObject([{ key_kind: 'EC', curve: 'P-256' }]);
});
