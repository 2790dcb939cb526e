import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BRISK, look } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { certificate } from '../support/servers/certificate.ts';
import { startSslv2Server } from '../support/servers/sslv2-server.ts';
import { startTlcpServer, tlcpCertificates } from '../support/servers/tlcp-server.ts';
import { startScriptedServer, type ScriptedServer } from '../support/servers/scripted-server.ts';
import { certificateMessage, derOf, handshake, MESSAGE, record, RECORD, serverHello } from '../support/servers/wire.ts';

const kept = keeper();

test('SSL 2.0 with its ciphers', async () => {
  const { port } = await kept(startSslv2Server());
  const seen = await look(port, { limits: BRISK });
  expect(seen.whole('protocols')).toEqual(['SSLv2']);
  expect(seen.suites()).toEqual({
    SSLv2: ['RC4-MD5', 'EXP-RC4-MD5', 'RC2-CBC-MD5', 'EXP-RC2-CBC-MD5', 'IDEA-CBC-MD5', 'DES-CBC-MD5', 'DES-CBC3-MD5'],
  });
  expect(seen.weaknesses).toEqual(expect.arrayContaining(['DROWN', 'RC4']));
});

test('SSL 2.0 that names no cipher is SSL 2.0 all the same (CVE-2015-3197)', async () => {
  const { port } = await kept(startSslv2Server({ specs: [] }));
  const seen = await look(port, { limits: BRISK });
  expect(seen.whole('protocols')).toEqual(['SSLv2']);
  expect(seen.suites()).toEqual({});
  expect(seen.weaknesses).toContain('DROWN');
});

test.each(['second', 'last'] as const)('TLCP, with the encryption certificate %s', async (encryptionCertificate) => {
  const { port } = await kept(startTlcpServer({ encryptionCertificate }));
  const seen = await look(port, { limits: BRISK, options: { ca: tlcpCertificates().signing.ca } });
  expect(seen.whole('protocols')).toEqual(['TLCP']);
  expect(seen.suites()).toEqual({ TLCP: ['ECC-SM4-CBC-SM3', 'ECC-SM4-GCM-SM3'] });
  expect(seen.get('tlcp_certificates')).toBe(true);
  const certificates = seen.certificates.map(({ id, subject, key_kind, signature_hash }) => [
    String(id).replace(/^\S+ /, ''),
    subject,
    key_kind,
    signature_hash,
  ]);
  expect(certificates).toEqual([
    ['SM2 TLCP encryption', 'CN=tlcp enc,O=Custos tests', 'SM2', 'SM3'],
    ['SM2 TLCP signing', 'CN=tlcp sign,O=Custos tests', 'SM2', 'SM3'],
  ]);
});

/** TLCP with whatever certificates are given. */
async function tlcpWith(chain: readonly Uint8Array[]): Promise<ScriptedServer> {
  return startScriptedServer(async (connection) => {
    const hello = await connection.hello();
    if (hello.recordVersion !== 0x0101) return connection.refuse(70, hello.recordVersion);
    if (!hello.suites.includes(0xe013)) return connection.refuse(40, 0x0101);
    const messages = [
      serverHello({ version: 0x0101, random: Buffer.alloc(32, 9), sessionId: Buffer.alloc(32, 8), suite: 0xe013 }),
      certificateMessage(chain),
      handshake(MESSAGE.serverHelloDone),
    ];
    connection.send(...messages.map((message) => record(RECORD.handshake, 0x0101, message)));
    await connection.drain();
  });
}

test('TLCP without both of its SM2 certificates', async () => {
  const { signing, encryption } = tlcpCertificates();
  const of = async (...chain: readonly Uint8Array[]): Promise<unknown> =>
    (await look((await kept(tlcpWith(chain))).port, { limits: BRISK })).get('tlcp_certificates');
  const authority = derOf({ cert: signing.ca });
  expect(await of(derOf(signing), derOf(encryption), authority)).toBe(true);
  expect(await of(derOf(signing), authority)).toBe(false);
  expect(await of(derOf(encryption), authority)).toBe(false);
  expect(await of(derOf(signing), derOf(signing))).toBe(false);
  expect(await of(derOf(signing), derOf(certificate()))).toBe(false);
  // What is no certificate says nothing, and neither does an empty list.
  expect(await of(derOf(signing), readFileSync(encryption.cert))).toEqual({ unknown: 'unparseable' });
  expect(await of()).toEqual({ unknown: 'unresolved' });
});

test('where TLCP is refused its certificates are absent, not false', async () => {
  const { port } = await kept(startSslv2Server());
  expect((await look(port, { limits: BRISK })).get('tlcp_certificates')).toBe('absent');
});
