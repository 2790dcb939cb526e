import { expect, test } from 'vitest';
import { TLS13_GROUPS } from '../../src/tls/named-groups.ts';
import { BRISK, look } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { startTls13Server, type Tls13Options } from '../support/servers/tls13-server.ts';

const kept = keeper();
const looked = async (options: Tls13Options): ReturnType<typeof look> =>
  look((await kept(startTls13Server(options))).port, { limits: BRISK });

const PQ = { X25519MLKEM768: 0x11ec, SecP256r1MLKEM768: 0x11eb, SecP384r1MLKEM1024: 0x11ed, curveSM2MLKEM768: 0x11ee } as const;
const KEM = { MLKEM512: 0x0200, MLKEM768: 0x0201, MLKEM1024: 0x0202 } as const;

test('post-quantum hybrids, plain ML-KEM and the suites of RFC 8998 are found, whatever the local OpenSSL can do', async () => {
  const groups = { ...PQ, ...KEM, curveSM2: 0x0029, x25519: 0x001d };
  const seen = await looked({ suites: [0x00c6, 0x00c7, 0x1301], groups: Object.values(groups) });
  expect(seen.whole('protocols')).toEqual(['TLSv1.3']);
  expect(seen.suites()).toEqual({ 'TLSv1.3': ['TLS_SM4_GCM_SM3', 'TLS_SM4_CCM_SM3', 'TLS_AES_128_GCM_SHA256'] });
  expect(new Set(seen.whole('groups'))).toEqual(new Set(Object.keys(groups)));
});

test.each(Object.entries(PQ))('%s alone', async (name, code) => {
  const seen = await looked({ groups: [code] });
  expect(seen.whole('groups')).toEqual([name]);
  expect(seen.suites()['TLSv1.3']).toHaveLength(3);
});

test('every group there is, in the server’s order and in the client’s', async () => {
  for (const clientOrder of [false, true]) {
    const seen = await looked({ groups: TLS13_GROUPS.toReversed(), suites: [0x1301, 0x1302, 0x1303, 0x1304, 0x1305], clientOrder });
    expect(seen.whole('groups')).toHaveLength(TLS13_GROUPS.length);
    expect(seen.suites()['TLSv1.3']).toHaveLength(5);
    expect(seen.get('server_preference')).toBe(!clientOrder);
  }
});

test('finite fields', async () => {
  const seen = await looked({ groups: [0x0100, 0x0101] });
  expect(seen.whole('groups')).toEqual(['ffdhe2048', 'ffdhe3072']);
});

test.each(['empty', 'any', 'real'] as const)('a server that wants at least this of a key_share: %s', async (leastShare) => {
  const seen = await looked({ leastShare, groups: [0x001d, 0x0017, 0x0018], suites: [0x1301, 0x1303] });
  expect(seen.whole('protocols')).toEqual(['TLSv1.3']);
  expect(seen.suites()).toEqual({ 'TLSv1.3': ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'] });
  // One that takes a real X25519 share alone can only be asked with it: which other groups it has stays open.
  if (leastShare === 'real') expect(seen.get('groups')).toEqual(['x25519', '…']);
  else expect(seen.whole('groups')).toEqual(['x25519', 'secp256r1', 'secp384r1']);
});

test('a cookie in the HelloRetryRequest', async () => {
  const seen = await looked({ cookie: Buffer.from('biscuit'), groups: [0x001d, 0x0018] });
  expect(seen.whole('protocols')).toEqual(['TLSv1.3']);
  expect(seen.whole('groups')).toEqual(['x25519', 'secp384r1']);
  expect(seen.suites()['TLSv1.3']).toHaveLength(3);
});

test('what only a whole handshake tells stays unknown where none came about', async () => {
  const seen = await looked({});
  expect(seen.pick('client_certificate', 'stapling', 'early_data', 'session_tickets')).toEqual({
    client_certificate: { unknown: 'unresolved' },
    stapling: { unknown: 'unresolved' },
    early_data: { unknown: 'unresolved' },
    session_tickets: { unknown: 'unresolved' },
  });
  expect(seen.certificates).toEqual([]);
  // No certificate came although one must have been sent: the kind is not complete.
  expect(seen.record.coverage['certificate']?.status).not.toBe('complete');
});
