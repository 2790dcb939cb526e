import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { candidateGroups, TLCP_SUITES, TLS13_SUITES } from '../../src/collect/tls/suite-order.ts';
import { CIPHER_SUITES, cipherSuite, SCSV } from '../../src/tls/cipher-suites.ts';
import { keyExchange } from '../../src/tls/server-messages.ts';
import { ALIASED_SUITES, HISTORICAL_SUITES, TLS13_DEFAULT } from '../../src/tls/openssl-suites.ts';
import { available } from '../support/servers/available.ts';

const all = [...CIPHER_SUITES.values()];

describe('the registry', () => {
  test('has each code and each name once', () => {
    for (const key of ['iana', 'name'] as const) {
      const seen = all.map((suite) => suite[key]);
      expect(seen.filter((name, index) => seen.indexOf(name) !== index)).toEqual([]);
    }
    for (const [code, suite] of CIPHER_SUITES) expect(suite.code).toBe(code);
    // The blocks do not overlap: were a code given twice, the later one would have hidden the earlier.
    expect(all.length).toBe(384);
  });

  test('holds no signalling value and no GREASE', () => {
    for (const value of Object.values(SCSV)) expect(CIPHER_SUITES.has(value)).toBe(false);
    for (const code of CIPHER_SUITES.keys()) expect((code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 255)).toBe(false);
  });

  test('knows strength, and none for NULL alone', () => {
    for (const { iana, bits, encryption } of all) {
      if (encryption === 'NULL') expect(bits, iana).toBe(0);
      else expect([40, 56, 112, 128, 256], iana).toContain(bits);
      expect(encryption, iana).not.toBe('');
    }
  });

  // RFC 2246, 4279, 4346, 4492, 5246, 5288, 5289, 5487, 5932, 6209, 6367, 6655, 7251, 7905, 8446, 8492, 8998, 9189, GB/T 38636.
  test.each([
    [0x0001, 'TLS_RSA_WITH_NULL_MD5', 'NULL-MD5', 'SSLv3', 'RSA', 'RSA', 0],
    [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'EXP-RC4-MD5', 'SSLv3', 'RSA', 'RSA', 40],
    [0x0005, 'TLS_RSA_WITH_RC4_128_SHA', 'RC4-SHA', 'SSLv3', 'RSA', 'RSA', 128],
    [0x0009, 'TLS_RSA_WITH_DES_CBC_SHA', 'DES-CBC-SHA', 'SSLv3', 'RSA', 'RSA', 56],
    [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'DES-CBC3-SHA', 'SSLv3', 'RSA', 'RSA', 112],
    [0x0014, 'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA', 'EXP-EDH-RSA-DES-CBC-SHA', 'SSLv3', 'DHE', 'RSA', 40],
    [0x0016, 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA', 'DHE-RSA-DES-CBC3-SHA', 'SSLv3', 'DHE', 'RSA', 112],
    [0x0018, 'TLS_DH_anon_WITH_RC4_128_MD5', 'ADH-RC4-MD5', 'SSLv3', 'DHE', 'NULL', 128],
    [0x001e, 'TLS_KRB5_WITH_DES_CBC_SHA', 'TLS_KRB5_WITH_DES_CBC_SHA', 'SSLv3', 'KRB5', 'KRB5', 56],
    [0x002b, 'TLS_KRB5_EXPORT_WITH_RC4_40_MD5', 'TLS_KRB5_EXPORT_WITH_RC4_40_MD5', 'SSLv3', 'KRB5', 'KRB5', 40],
    [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA', 'SSLv3', 'RSA', 'RSA', 128],
    [0x0039, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA', 'DHE-RSA-AES256-SHA', 'SSLv3', 'DHE', 'RSA', 256],
    [0x003c, 'TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256', 'TLSv1.2', 'RSA', 'RSA', 128],
    [0x006b, 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 'DHE-RSA-AES256-SHA256', 'TLSv1.2', 'DHE', 'RSA', 256],
    [0x008c, 'TLS_PSK_WITH_AES_128_CBC_SHA', 'TLS_PSK_WITH_AES_128_CBC_SHA', 'SSLv3', 'PSK', 'PSK', 128],
    [0x0096, 'TLS_RSA_WITH_SEED_CBC_SHA', 'SEED-SHA', 'SSLv3', 'RSA', 'RSA', 128],
    [0x009c, 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256', 'TLSv1.2', 'RSA', 'RSA', 128],
    [0x009f, 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'DHE-RSA-AES256-GCM-SHA384', 'TLSv1.2', 'DHE', 'RSA', 256],
    [0x00a7, 'TLS_DH_anon_WITH_AES_256_GCM_SHA384', 'ADH-AES256-GCM-SHA384', 'TLSv1.2', 'DHE', 'NULL', 256],
    [0x00c6, 'TLS_SM4_GCM_SM3', 'TLS_SM4_GCM_SM3', 'TLSv1.3', 'ANY', 'ANY', 128],
    [0x1301, 'TLS_AES_128_GCM_SHA256', 'TLS_AES_128_GCM_SHA256', 'TLSv1.3', 'ANY', 'ANY', 128],
    [0x1303, 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'TLSv1.3', 'ANY', 'ANY', 256],
    [0x1305, 'TLS_AES_128_CCM_8_SHA256', 'TLS_AES_128_CCM_8_SHA256', 'TLSv1.3', 'ANY', 'ANY', 128],
    [0xc004, 'TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA', 'ECDH-ECDSA-AES128-SHA', 'TLSv1', 'ECDH', 'ECDSA', 128],
    [0xc010, 'TLS_ECDHE_RSA_WITH_NULL_SHA', 'ECDHE-RSA-NULL-SHA', 'TLSv1', 'ECDHE', 'RSA', 0],
    [0xc014, 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA', 'TLSv1', 'ECDHE', 'RSA', 256],
    [0xc019, 'TLS_ECDH_anon_WITH_AES_256_CBC_SHA', 'AECDH-AES256-SHA', 'TLSv1', 'ECDHE', 'NULL', 256],
    [0xc01e, 'TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA', 'TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA', 'SSLv3', 'SRP', 'RSA', 128],
    [0xc024, 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ECDHE-ECDSA-AES256-SHA384', 'TLSv1.2', 'ECDHE', 'ECDSA', 256],
    [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'TLSv1.2', 'ECDHE', 'RSA', 128],
    [0xc076, 'TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256', 'ECDHE-RSA-CAMELLIA128-SHA256', 'TLSv1.2', 'ECDHE', 'RSA', 128],
    [0xc09d, 'TLS_RSA_WITH_AES_256_CCM', 'AES256-CCM', 'TLSv1.2', 'RSA', 'RSA', 256],
    [0xc0ae, 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'ECDHE-ECDSA-AES128-CCM8', 'TLSv1.2', 'ECDHE', 'ECDSA', 128],
    [0xc0b1, 'TLS_ECCPWD_WITH_AES_256_GCM_SHA384', 'TLS_ECCPWD_WITH_AES_256_GCM_SHA384', 'TLSv1.2', 'ECCPWD', 'PSK', 256],
    [0xc101, 'TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC', 'TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC', 'TLSv1.2', 'GOST', 'GOST', 256],
    [0xcca8, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305', 'TLSv1.2', 'ECDHE', 'RSA', 256],
    [0xccaa, 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'DHE-RSA-CHACHA20-POLY1305', 'TLSv1.2', 'DHE', 'RSA', 256],
    [0xd005, 'TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256', 'TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256', 'TLSv1.2', 'ECDHE', 'PSK', 128],
    [0xe013, 'ECC_SM4_CBC_SM3', 'ECC-SM4-CBC-SM3', 'TLCP', 'SM2', 'SM2', 128],
    [0xe051, 'ECDHE_SM4_GCM_SM3', 'ECDHE-SM4-GCM-SM3', 'TLCP', 'ECDHE', 'SM2', 128],
  ] as const)('%i is %s', (code, iana, name, since, keyExchange, authentication, bits) => {
    expect(CIPHER_SUITES.get(code)).toMatchObject({ iana, name, since, keyExchange, authentication, bits });
    expect(cipherSuite(iana)?.code).toBe(code);
    expect(cipherSuite(name)?.code).toBe(code);
  });

  test('says of every suite whether it is authenticated, export grade and of which version', () => {
    for (const { iana, aead, exportGrade, since } of all) {
      expect(aead, iana).toBe(/GCM|CCM|POLY1305|AEGIS|MGM/.test(iana));
      expect(exportGrade, iana).toBe(iana.includes('EXPORT'));
      if (aead && since !== 'TLCP') expect(['TLSv1.2', 'TLSv1.3'], iana).toContain(since);
    }
  });
});

/** OpenSSL's words for key exchange and authentication. */
const EXCHANGE: Readonly<Record<string, string>> = {
  ECDH: 'ECDHE',
  DH: 'DHE',
  any: 'ANY',
  ECDHEPSK: 'ECDHE',
  DHEPSK: 'DHE',
  RSAPSK: 'PSK',
  PSK: 'PSK',
};
const AUTHENTICATION: Readonly<Record<string, string>> = { None: 'NULL', any: 'ANY' };

test.skipIf(!available('openssl'))('agrees with the installed openssl on every suite it has', () => {
  const lines = execFileSync('openssl', ['ciphers', '-V', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], { encoding: 'utf8' }).trim().split('\n');
  expect(lines.length).toBeGreaterThan(100);
  for (const line of lines) {
    const [, high = '', low = '', name = '', version, kx = '', au = '', encryption = ''] =
      /0x(\w\w),0x(\w\w) - (\S+)\s+(\S+)\s+Kx=(\S+)\s+Au=(\S+)\s+Enc=(\S+)/.exec(line) ?? [];
    const suite = CIPHER_SUITES.get(Number.parseInt(high + low, 16));
    if (suite === undefined) throw new Error(`${line} is not in the registry`);
    const [bits] = /\d+(?=\)$)/.exec(encryption) ?? ['0'];
    expect(suite.bits, line).toBe(Number(bits));
    expect(suite.since === 'TLSv1' ? 'TLSv1' : suite.since, line).toBe(version);
    // PSK and SRP suites keep their IANA names: OpenSSL's are not needed where no file and no server of ours has them.
    if (!/PSK|SRP/.test(name)) {
      expect(suite.name, line).toBe(name);
      expect(suite.keyExchange, line).toBe(EXCHANGE[kx] ?? kx);
      expect(suite.authentication, line).toBe(AUTHENTICATION[au] ?? au);
    }
  }
});

describe('what is built on it', () => {
  test('candidates of each version: every suite that fits exactly once, at most 120 in a group', () => {
    for (const protocol of ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] as const) {
      const groups = candidateGroups(protocol);
      const fitting = all.filter(({ since }) => since === 'SSLv3' || since === 'TLSv1' || (protocol === 'TLSv1.2' && since === 'TLSv1.2'));
      expect(groups.flat().toSorted((a, b) => a - b)).toEqual(fitting.map(({ code }) => code).toSorted((a, b) => a - b));
      for (const group of groups) {
        expect(group.length).toBeGreaterThan(0);
        expect(group.length).toBeLessThanOrEqual(120);
      }
    }
    const rest = all.filter(({ since }) => since === 'TLSv1.3' || since === 'TLCP').map(({ code }) => code);
    expect([...TLS13_SUITES, ...TLCP_SUITES].toSorted((a, b) => a - b)).toEqual(rest.toSorted((a, b) => a - b));
  });

  test('OpenSSL’s aliases name suites that exist, each once', () => {
    const names = [...ALIASED_SUITES, ...HISTORICAL_SUITES].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const name of TLS13_DEFAULT) expect(cipherSuite(name)?.since).toBe('TLSv1.3');
  });

  test('a ServerKeyExchange is expected in a form that its suite can have', () => {
    for (const { code, keyExchange: kind, authentication, since } of all) {
      const read = keyExchange(Uint8Array.of(3, 0, 29, 1, 7, 0, 2, 0, 3, 0, 4), code, 0x0303);
      const spoken = since !== 'TLCP' && !['PSK', 'SRP'].includes(authentication);
      expect(read?.kind === 'ecdhe', String(code)).toBe(spoken && kind === 'ECDHE');
    }
  });
});
