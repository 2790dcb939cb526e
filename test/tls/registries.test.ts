import { checkPrimeSync, createDiffieHellmanGroup } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertText, refusesCertificate } from '../../src/tls/alerts.ts';
import { bitLength, ffdhePrime, knownPrime } from '../../src/tls/dh-primes.ts';
import { groupName, NAMED_GROUPS, TLS12_GROUPS, TLS13_GROUPS } from '../../src/tls/named-groups.ts';
import { PROTOCOLS, protocolName, protocolOf, WIRE_VERSION } from '../../src/tls/protocols.ts';
import { schemeName, SIGNATURE_SCHEMES } from '../../src/tls/signature-schemes.ts';

describe('groups', () => {
  // RFC 4492, 7027, 7919, 8422, 8734, 8998, 9367, draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem.
  test.each([
    [14, 'sect571r1', 'curve', 571],
    [15, 'secp160k1', 'curve', 160],
    [22, 'secp256k1', 'curve', 256],
    [23, 'secp256r1', 'curve', 256],
    [24, 'secp384r1', 'curve', 384],
    [25, 'secp521r1', 'curve', 521],
    [28, 'brainpoolP512r1', 'curve', 512],
    [29, 'x25519', 'curve', 255],
    [30, 'x448', 'curve', 448],
    [33, 'brainpoolP512r1tls13', 'curve', 512],
    [40, 'GC512C', 'curve', 512],
    [41, 'curveSM2', 'curve', 256],
    [256, 'ffdhe2048', 'finite-field', 2048],
    [260, 'ffdhe8192', 'finite-field', 8192],
    [512, 'MLKEM512', 'post-quantum', 512],
    [514, 'MLKEM1024', 'post-quantum', 1024],
    [4587, 'SecP256r1MLKEM768', 'hybrid', 256],
    [4588, 'X25519MLKEM768', 'hybrid', 255],
    [4589, 'SecP384r1MLKEM1024', 'hybrid', 384],
    [4590, 'curveSM2MLKEM768', 'hybrid', 256],
    [25497, 'X25519Kyber768Draft00', 'hybrid', 255],
  ] as const)('%i is %s', (code, name, kind, bits) => {
    expect(NAMED_GROUPS.get(code)).toEqual({ code, name, kind, bits });
    expect(groupName(code)).toBe(name);
  });

  test('are named once each, and those that are asked for are known', () => {
    const names = [...NAMED_GROUPS.values()].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(NAMED_GROUPS.size).toBe(41 + 13);
    for (const code of [...TLS12_GROUPS, ...TLS13_GROUPS]) expect(NAMED_GROUPS.has(code)).toBe(true);
    expect(groupName(0x9999)).toBe('0x9999');
  });

  test('every elliptic curve that TLS 1.2 has is asked for, and every hybrid in TLS 1.3', () => {
    const curves = [...NAMED_GROUPS.values()].filter(({ kind, code }) => kind === 'curve' && (code <= 30 || code === 41));
    expect([...TLS12_GROUPS].toSorted((a, b) => a - b)).toEqual(curves.map(({ code }) => code));
    for (const { code, kind } of NAMED_GROUPS.values()) if (kind !== 'curve') expect(TLS13_GROUPS).toContain(code);
  });
});

describe('signature schemes', () => {
  // RFC 5246 7.4.1.4.1, 8446 4.2.3, 8734, 8998, draft-ietf-tls-mldsa.
  test.each([
    [0x0201, 'rsa_pkcs1_sha1'],
    [0x0203, 'ecdsa_sha1'],
    [0x0401, 'rsa_pkcs1_sha256'],
    [0x0603, 'ecdsa_secp521r1_sha512'],
    [0x0708, 'sm2sig_sm3'],
    [0x0804, 'rsa_pss_rsae_sha256'],
    [0x0807, 'ed25519'],
    [0x0808, 'ed448'],
    [0x080b, 'rsa_pss_pss_sha512'],
    [0x081a, 'ecdsa_brainpoolP256r1tls13_sha256'],
    [0x0905, 'mldsa65'],
  ])('%i is %s', (code, name) => {
    expect(schemeName(code)).toBe(name);
    expect(SIGNATURE_SCHEMES).toContain(code);
  });

  test('stand once each, SHA-1 and MD5 last', () => {
    expect(new Set(SIGNATURE_SCHEMES).size).toBe(SIGNATURE_SCHEMES.length);
    const weak = SIGNATURE_SCHEMES.map((code) => /sha1|md5/.test(schemeName(code)));
    expect(weak).toEqual(weak.toSorted((a, b) => Number(a) - Number(b)));
    expect(schemeName(0x1234)).toBe('0x1234');
  });
});

describe('primes of Diffie and Hellman', () => {
  /** RFC 7919 A: the bits, the X of the formula, and the 16 digits before the last 16, which tell the groups apart. */
  const FFDHE = [
    [2048, 560_316n, '886b423861285c97'],
    [3072, 2_625_351n, '25e41d2b66c62e37'],
    [4096, 5_736_041n, 'c68a007e5e655f6a'],
    [6144, 15_705_020n, 'a40e329cd0e40e65'],
    [8192, 10_965_728n, 'd68c8bb7c5c6424c'],
  ] as const;

  test.each(FFDHE)('ffdhe%i is the prime of RFC 7919, and a safe one', (bits, x, digits) => {
    const prime = ffdhePrime(bits, x);
    const text = prime.toString(16);
    expect(text.length * 4).toBe(bits);
    expect(text.startsWith('ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1')).toBe(true);
    expect(text.slice(-32)).toBe(`${digits}ffffffffffffffff`);
    // More bits take seconds: there the digits are enough.
    if (bits <= 4096) expect(checkPrimeSync(prime, { checks: 1 })).toBe(true);
    if (bits === 2048) expect(checkPrimeSync((prime - 1n) / 2n, { checks: 1 })).toBe(true);
    expect(knownPrime(Buffer.from(text, 'hex'))).toEqual({ name: `RFC 7919 ffdhe${bits}`, weak: false });
  });

  test('groups of RFC 2409 and 3526 are known, the short ones as weak, with leading zeros too', () => {
    const prime = (group: string): Buffer => createDiffieHellmanGroup(group).getPrime();
    expect(knownPrime(prime('modp1'))).toEqual({ name: 'RFC 2409 group 1 (768 bit)', weak: true });
    expect(knownPrime(prime('modp2'))).toEqual({ name: 'RFC 2409 group 2 (1024 bit)', weak: true });
    expect(knownPrime(Buffer.concat([Buffer.alloc(3), prime('modp14')]))).toEqual({ name: 'RFC 3526 group 14', weak: false });
    expect(knownPrime(new Uint8Array())).toBeUndefined();
    expect(knownPrime(Uint8Array.from(prime('modp14')).fill(0, -1))).toBeUndefined();
  });

  test('a length in bits is that of the number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const number = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
        expect(bitLength(bytes)).toBe(number === 0n ? 0 : number.toString(2).length);
      }),
    );
  });
});

describe('versions and alerts', () => {
  test('a version on the wire is the one it is named by', () => {
    for (const protocol of PROTOCOLS) expect(protocolOf(WIRE_VERSION[protocol])).toBe(protocol);
    expect(protocolOf(0x0305)).toBeUndefined();
    expect(PROTOCOLS.map(protocolName)).toEqual(['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3', 'TLCP 1.1']);
  });

  test('alerts are named', () => {
    expect([40, 70, 86, 116, 120].map(alertText)).toEqual([
      '40 (handshake_failure)',
      '70 (protocol_version)',
      '86 (inappropriate_fallback)',
      '116 (certificate_required)',
      '120 (no_application_protocol)',
    ]);
    expect(alertText(254)).toBe('254');
    expect([0, 10, 20, 21, 47, 50, 51, 70, 80, 100].filter(refusesCertificate)).toEqual([]);
  });
});
