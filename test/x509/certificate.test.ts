import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import fc from 'fast-check';
import forge from 'node-forge';
import { afterAll, describe, expect, test } from 'vitest';
import { isSm2Encryption, parseCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { selfSigned, signedBy } from '../../src/x509/verify-signature.ts';
import { der, integer, keyOf, makeCertificate, name, oid, pem, seq, threeTier, time, TRUE } from '../support/pki.ts';

const directory = mkdtempSync(join(tmpdir(), 'custos-x509-'));
afterAll(() => rmSync(directory, { recursive: true }));

export const parsed = (bytes: Uint8Array): Certificate => {
  const certificate = parseCertificate(bytes);
  if (certificate === undefined) throw new Error('did not parse');
  return certificate;
};

describe('what a certificate says', () => {
  test('its fields, as OpenSSL reads them', () => {
    const bytes = makeCertificate({
      dns: ['Pay.example.com', '*.example.com'],
      ips: [Buffer.from([10, 0, 0, 1])],
      usage: 0xa0,
      mustStaple: true,
    });
    const ours = parsed(bytes);
    const theirs = new X509Certificate(bytes);
    expect(ours).toMatchObject({ version: 3, subject: 'CN=pay.example.com', serial: theirs.serialNumber, ca: false, mustStaple: true });
    expect(ours.sha256).toBe(theirs.fingerprint256.replaceAll(':', '').toLowerCase());
    expect([Date.parse(ours.notBefore), Date.parse(ours.notAfter)]).toEqual([theirs.validFromDate.getTime(), theirs.validToDate.getTime()]);
    expect(ours.names).toMatchObject({ dns: ['pay.example.com', '*.example.com'], ips: ['10.0.0.1'] });
    expect(ours.keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(ours.extendedKeyUsage).toBeUndefined();
    expect(ours.key).toMatchObject({ kind: 'EC', bits: 256, curve: 'P-256' });
    expect(selfSigned(ours)).toBe('yes');
  });

  test.each([
    ['rsa-1024', 'md5', false, 'RSA', 1024, 'MD5'],
    ['rsa-2048', 'sha1', false, 'RSA', 2048, 'SHA1'],
    ['rsa-2048', 'sha256', true, 'RSA', 2048, 'SHA256'],
    ['P-384', 'sha384', false, 'EC', 384, 'SHA384'],
    ['ed25519', 'sha256', false, 'Ed25519', 256, 'intrinsic'],
  ] as const)('%s signed with %s (PSS %s)', (kind, hash, pss, keyKind, bits, shown) => {
    const ours = parsed(makeCertificate({ key: keyOf(kind), hash, pss }));
    expect([ours.key.kind, ours.key.bits, ours.signature.hash, selfSigned(ours)]).toEqual([keyKind, bits, shown, 'yes']);
  });

  test('the roots that Node carries all parse, and their self-signatures verify', () => {
    const roots = tls.rootCertificates.map((one) => parseCertificate(new X509Certificate(one).raw));
    expect(roots.filter((one) => one === undefined)).toEqual([]);
    expect(roots.filter((one) => one !== undefined && selfSigned(one) !== 'yes').map((one) => one?.subject)).toEqual([]);
  });

  test('node-forge reads the same of them', () => {
    for (const one of tls.rootCertificates.slice(0, 40)) {
      const bytes = new X509Certificate(one).raw;
      const tree = forge.asn1.fromDer(bytes.toString('latin1'));
      const tbs = Array.isArray(tree.value) ? tree.value[0] : undefined;
      const subject = Array.isArray(tbs?.value) ? tbs.value[5] : undefined;
      if (subject === undefined) throw new Error('no subject');
      expect(Buffer.from(parsed(bytes).rawSubject).toString('hex')).toBe(forge.asn1.toDer(subject).toHex());
    }
  });

  test('dates: before 1950, from 2050, without end; none that is not in the calendar', () => {
    const dates = (from: string, to: string) => {
      const one = parsed(makeCertificate({ notBefore: from, notAfter: to }));
      return [one.notBefore, one.notAfter];
    };
    expect(dates('1949-12-31T23:59:59Z', '9999-12-31T23:59:59Z')).toEqual(['1949-12-31T23:59:59Z', '9999-12-31T23:59:59Z']);
    expect(dates('1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z')).toEqual(['1950-01-01T00:00:00Z', '2049-12-31T23:59:59Z']);
    for (const odd of ['260231000000Z', '26010100000Z', '2601010000Z', '260101000000+0800', '261301000000Z', '260101246000Z'])
      expect(parseCertificate(makeCertificate({ notAfter: der(0x17, odd) })), odd).toBeUndefined();
    expect(parsed(makeCertificate({ notAfter: der(0x18, '20260101000000.5Z') })).notAfter).toBe('2026-01-01T00:00:00Z');
  });

  test('names steer no terminal and forge no other name', () => {
    const subject = name(['O', 'Bank\n\u001B[2J'], ['CN', 'a,b+c"\u202E x ']);
    expect(parsed(makeCertificate({ subject })).subject).toBe(String.raw`CN=a\,b\+c\"\E2\80\AE x\ ,O=Bank\0A\1B[2J`);
    expect(parsed(makeCertificate({ subject: name(['CN', 'x'.repeat(5000)]) })).subject.length).toBeLessThan(1100);
  });

  test('a NUL in a DNS name makes the names unreadable, not shorter', () => {
    const one = parsed(makeCertificate({ dns: ['pay.example.com\0.evil.example'] }));
    expect([...one.malformed]).toEqual(['names']);
    expect(one.names.dns).toEqual([]);
  });

  test('an extension twice, and one that is broken, are malformed; one that is unknown and critical is named', () => {
    const twice = parsed(makeCertificate({ ca: false, more: [['2.5.29.19', true, seq(TRUE)]] }));
    expect([...twice.malformed]).toEqual(['ca']);
    expect([...parsed(makeCertificate({ more: [['2.5.29.15', true, Buffer.from([0x03, 0x05, 0x00])]] })).malformed]).toEqual(['keyUsage']);
    expect(parsed(makeCertificate({ more: [['1.2.3.4', true, seq()]] })).unknownCritical).toEqual(['1.2.3.4']);
  });

  test('SCTs, addresses of responders and lists, key identifiers', () => {
    const sct = (size: number) => Buffer.concat([Buffer.from([0, size]), Buffer.alloc(size)]);
    const list = Buffer.concat([sct(40), sct(50)]);
    const uri = (text: string) => der(0x86, text);
    const one = parsed(
      makeCertificate({
        more: [
          ['1.3.6.1.4.1.11129.2.4.2', false, der(0x04, Buffer.concat([Buffer.from([0, list.length]), list]))],
          [
            '1.3.6.1.5.5.7.1.1',
            false,
            seq(seq(oid('1.3.6.1.5.5.7.48.1'), uri('http://ocsp.example')), seq(oid('1.3.6.1.5.5.7.48.2'), uri('http://ca.example/i.crt'))),
          ],
          ['2.5.29.31', false, seq(seq(der(0xa0, der(0xa0, uri('http://crl.example/r.crl')))))],
          ['2.5.29.14', false, der(0x04, Buffer.from([1, 2]))],
          ['2.5.29.35', false, seq(der(0x80, Buffer.from([3, 4])))],
        ],
      }),
    );
    expect(one).toMatchObject({
      scts: 2,
      ocspUrls: ['http://ocsp.example'],
      issuerUrls: ['http://ca.example/i.crt'],
      crlUrls: ['http://crl.example/r.crl'],
      subjectKeyId: '0102',
      authorityKeyId: '0304',
    });
    expect([
      ...parsed(makeCertificate({ more: [['1.3.6.1.4.1.11129.2.4.2', false, der(0x04, Buffer.from([0, 9, 1]))]] })).malformed,
    ]).toEqual(['scts']);
  });
});

describe('SM2', () => {
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] });
  };
  const read = (file: string): Certificate => parsed(new X509Certificate(readFileSync(join(directory, file))).raw);

  test('keys are told by their curve, and signatures verify for the identity that authorities use', () => {
    const id = 'distid:1234567812345678';
    for (const key of ['ca', 'leaf']) openssl('ecparam', '-genkey', '-name', 'SM2', '-out', `${key}.key`);
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-sm3', '-sigopt', id, '-subj', '/CN=SM2 CA', '-days', '30', '-out', 'ca.pem');
    openssl('req', '-new', '-key', 'leaf.key', '-sm3', '-sigopt', id, '-subj', '/CN=pay', '-out', 'leaf.csr');
    openssl(
      'x509',
      '-req',
      '-in',
      'leaf.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-sm3',
      '-sigopt',
      id,
      '-vfyopt',
      id,
      '-CAcreateserial',
      '-out',
      'leaf.pem',
    );
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-sm3', '-subj', '/CN=SM2 CA', '-days', '30', '-out', 'plain.pem');
    const [ca, leaf, plain] = [read('ca.pem'), read('leaf.pem'), read('plain.pem')];
    expect(leaf.key).toMatchObject({ kind: 'SM2', bits: 256, curve: 'SM2' });
    expect(leaf.signature).toMatchObject({ hash: 'SM3', scheme: 'SM2' });
    expect([signedBy(leaf, ca), selfSigned(ca), signedBy(ca, leaf), selfSigned(plain)]).toEqual(['yes', 'yes', 'no', 'yes']);
    const forged = Buffer.from(leaf.der);
    forged[forged.length - 3] = (forged[forged.length - 3] ?? 0) ^ 1;
    expect(signedBy(parsed(forged), ca)).toBe('no');
  });

  test('the encryption certificate of a TLCP pair is told by its keyUsage', () => {
    const spki = (): Buffer => seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), der(0x03, Buffer.alloc(66)));
    expect(isSm2Encryption(parsed(makeCertificate({ spki: spki(), usage: 0x38 })))).toBe(true);
    expect(isSm2Encryption(parsed(makeCertificate({ spki: spki(), usage: 0xc0 })))).toBe(false);
    expect(isSm2Encryption(parsed(makeCertificate({ usage: 0x38 })))).toBe(false);
  });
});

describe('signatures', () => {
  test('a key of another kind never verifies, and a scheme that nobody has is not a no', () => {
    const { leaf, middle } = threeTier();
    expect(signedBy(parsed(leaf), parsed(middle))).toBe('yes');
    expect(signedBy(parsed(leaf), parsed(makeCertificate({ key: keyOf('rsa-2048') })))).toBe('no');
    const odd = { ...parsed(leaf), signature: { oid: '1.2.643.7.1.1.3.2', hash: undefined, scheme: 'other' as const } };
    expect(signedBy(odd, parsed(middle))).toBe('unsupported');
  });
});

describe('hostile bytes', () => {
  test('10,000 names parse in bounded time', () => {
    const bytes = makeCertificate({ dns: Array.from({ length: 10_000 }, (_, index) => `host-${index}.payments.example.com`) });
    const start = performance.now();
    expect(parsed(bytes).names.dns.length).toBe(10_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('too large, too deep, indefinite, trailing: none', () => {
    expect(parseCertificate(Buffer.alloc(2 * 1024 * 1024, 0x30))).toBeUndefined();
    let nested: Buffer = Buffer.from([0x05, 0x00]);
    for (let depth = 0; depth < 2000; depth += 1) nested = seq(nested);
    expect(parseCertificate(nested)).toBeUndefined();
    expect(parseCertificate(Buffer.from([0x30, 0x80, 0x30, 0x00, 0x00, 0x00]))).toBeUndefined();
    expect(parseCertificate(Buffer.concat([makeCertificate(), Buffer.from([0])]))).toBeUndefined();
    expect(parseCertificate(new Uint8Array())).toBeUndefined();
  });

  test('two places that name different signature algorithms: none', () => {
    const bytes = makeCertificate();
    const at = bytes.lastIndexOf(oid('1.2.840.10045.4.3.2'));
    bytes[at + 9] = 3;
    expect(parseCertificate(bytes)).toBeUndefined();
  });

  const sample = makeCertificate({
    key: keyOf('rsa-2048'),
    dns: ['a.example', 'b.example'],
    ips: [Buffer.alloc(16)],
    ca: true,
    pathLength: 1,
    usage: 6,
    purposes: ['1.3.6.1.5.5.7.3.1'],
    mustStaple: true,
    more: [['2.5.29.30', true, seq(der(0xa0, seq(der(0x82, 'example.com'))))]],
  });

  test('truncated anywhere: none, and nothing throws', () => {
    for (let end = 0; end < sample.length; end += 1) expect(parseCertificate(sample.subarray(0, end))).toBeUndefined();
  });

  test('any bits flipped, any bytes at all: nothing throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 }),
        (flips) => {
          const bytes = Buffer.from(sample);
          for (const [at, mask] of flips) bytes[at] = (bytes[at] ?? 0) ^ mask;
          const one = parseCertificate(bytes);
          if (one !== undefined) expect(['yes', 'no', 'unsupported']).toContain(selfSigned(one));
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseCertificate(bytes)));
  });

  test('what is flipped inside the signed part no longer verifies', () => {
    const one = parsed(sample);
    const start = sample.indexOf(Buffer.from(one.signed));
    for (let at = start + 10; at < start + one.signed.length; at += 7) {
      const bytes = Buffer.from(sample);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      const flipped = parseCertificate(bytes);
      if (flipped !== undefined) expect(selfSigned(flipped), String(at)).not.toBe('yes');
    }
  });
});

test('a fixture of the suite is what OpenSSL takes for a certificate, too', () => {
  expect(new X509Certificate(pem(makeCertificate({ notAfter: time('2051-01-01T00:00:00Z'), serial: 1 }))).serialNumber).toBe('01');
  expect(integer(128).toString('hex')).toBe('02020080');
});
