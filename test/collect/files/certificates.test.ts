import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { filesCollector } from '../../../src/collect/files/collector.ts';
import { unknown } from '../../../src/model/fact.ts';
import { memoryWorld, type MemoryFile } from '../../../src/world/memory.ts';
import { nodeWorld } from '../../../src/world/node.ts';
import { filesTarget, ofKind, placeOf, plain } from '../../support/collect.ts';
import { der, keyOf, keyPem, makeCertificate, oid, pem, seq, threeTier } from '../../support/pki.ts';

const directory = mkdtempSync(join(tmpdir(), 'custos-certificates-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { root, middle, leaf, keys } = threeTier();
const ROOTS = [pem(root)];
const NOW = '2026-06-01T00:00:00Z';
const look = (files: Readonly<Record<string, MemoryFile>>, roots: readonly string[] = ROOTS) =>
  filesCollector.collect(filesTarget(), memoryWorld({ '.': files }, NOW, roots), new AbortController().signal);
const certificates = async (files: Readonly<Record<string, MemoryFile>>, roots: readonly string[] = ROOTS) =>
  ofKind(await look(files, roots), 'certificate');
const secretsOf = async (files: Readonly<Record<string, MemoryFile>>) =>
  Object.fromEntries(Object.entries(ofKind(await look(files), 'secret.exposure')).map(([id, { facts }]) => [id, plain(facts['secrets'])]));

describe('PEM', () => {
  test('a chain with its key beside it: every attribute', async () => {
    const files = { 'tls/full.pem': pem(leaf) + pem(middle), 'tls/pay.key': keyPem(keys[2]) };
    const found = await certificates(files);
    expect(Object.keys(found)).toEqual(['tls/full.pem CN=pay.example.com']);
    const facts = found['tls/full.pem CN=pay.example.com']?.facts ?? {};
    expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toMatchObject({
      subject: 'CN=pay.example.com',
      issuer: 'CN=Middle',
      names: ['pay.example.com'],
      not_after: '2026-12-31T23:59:59Z',
      lifetime_days: 365,
      key_kind: 'EC',
      key_bits: 256,
      curve: 'P-256',
      signature_hash: 'SHA256',
      self_signed: false,
      authority: false,
      key_usage: ['digitalSignature'],
      extended_key_usage: ['serverAuth'],
      must_staple: false,
      scts: 0,
      host_matches: 'absent',
      trusted: true,
      public_authority: true,
      chain: [
        { subject: 'CN=Middle', root: false, signature_hash: 'SHA256' },
        { subject: 'CN=Root', root: true },
      ],
      chain_complete: true,
      chain_ordered: true,
      chain_surplus: 0,
      staple: { unknown: 'not-collected' },
      key_file_mode: '0640',
      live: false,
    });
  });

  test('positions point at BEGIN, and no excerpt holds key material', async () => {
    const text = `# made by hand\r\n${keyPem(keys[2])}subject=pay\r\n${pem(leaf).replaceAll('\n', '\r\n')}`;
    const collected = await look({ 'server.pem': text });
    const facts = ofKind(collected, 'certificate')['server.pem CN=pay.example.com']?.facts ?? {};
    expect(placeOf(facts['subject'])).toBe('server.pem:8:1 -----BEGIN CERTIFICATE-----');
    for (const line of keyPem(keys[2]).split('\n').slice(1, -2)) expect(JSON.stringify(collected)).not.toContain(line.slice(0, 30));
  });

  test('a certificate alone in its file: what is not here is not known, and nothing is held against it', async () => {
    const facts = (await certificates({ 'pay.crt': pem(leaf) }))['pay.crt CN=pay.example.com']?.facts ?? {};
    for (const attribute of ['trusted', 'public_authority', 'chain_complete'])
      expect(plain(facts[attribute]), attribute).toEqual({ unknown: 'not-collected' });
    expect(plain(facts['chain'])).toEqual(['…']);
    expect(plain(facts['key_file_mode'])).toBe('absent');
  });

  test('certbot’s four files are one certificate; an intermediate elsewhere counts for trust, not for completeness', async () => {
    expect(
      Object.keys(
        await certificates({
          'live/cert.pem': pem(leaf),
          'live/chain.pem': pem(middle),
          'live/fullchain.pem': pem(leaf) + pem(middle),
          'live/privkey.pem': keyPem(keys[2]),
        }),
      ),
    ).toEqual(['live/fullchain.pem CN=pay.example.com']);
    const facts =
      (await certificates({ 'a/pay.crt': pem(leaf), 'ca/middle.crt': pem(middle) }))['a/pay.crt CN=pay.example.com']?.facts ?? {};
    expect([plain(facts['trusted']), plain(facts['public_authority']), plain(facts['chain_complete'])]).toEqual([
      true,
      true,
      { unknown: 'not-collected' },
    ]);
  });

  test('self-signed: known to be trusted by nobody, though it calls itself an authority', async () => {
    const key = keyOf('rsa-1024');
    const own = makeCertificate({ key, ca: true, hash: 'sha1', version1: false });
    const facts = (await certificates({ 'x.pem': pem(own) + keyPem(key) }, []))['x.pem CN=pay.example.com']?.facts ?? {};
    expect([plain(facts['self_signed']), plain(facts['trusted']), plain(facts['public_authority']), plain(facts['key_bits'])]).toEqual([
      true,
      false,
      false,
      1024,
    ]);
    expect(plain(facts['chain'])).toEqual([]);
  });

  test('a private authority: nobody here can say who trusts it', async () => {
    const facts =
      (await certificates({ 'x.pem': pem(leaf) + pem(middle) + pem(root) }, [pem(makeCertificate({ subject: 'Other', ca: true }))]))[
        'x.pem CN=pay.example.com'
      ]?.facts ?? {};
    expect([plain(facts['trusted']), plain(facts['public_authority']), plain(facts['chain_complete'])]).toEqual([
      { unknown: 'not-collected' },
      false,
      true,
    ]);
  });

  test('trust stores and authorities alone are no certificates in use', async () => {
    const v1 = makeCertificate({ subject: 'Old root', version1: true, key: keyOf('P-384') });
    const collected = await look({ 'ca-bundle.crt': pem(root) + pem(v1), 'etc/ca.pem': pem(middle) });
    expect(ofKind(collected, 'certificate')).toEqual({});
    expect(collected.coverage['certificate']?.status).toBe('complete');
    expect(Object.keys(await certificates({ 'server.pem': pem(v1) }))).toEqual(['server.pem CN=Old root']);
  });

  test('broken, truncated and empty files are gaps', async () => {
    for (const text of ['', pem(leaf).slice(0, 300), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'hello\n']) {
      const { coverage, resources } = await look({ 'x.crt': text });
      expect(coverage['certificate'], text).toMatchObject({ status: 'partial', gaps: [{ cause: 'unparseable' }] });
      expect(resources.filter(({ kind }) => kind === 'certificate')).toEqual([]);
    }
    expect((await look({ 'x.pem': unknown('access-denied', 'x.pem') })).coverage['certificate']).toMatchObject({
      gaps: [{ cause: 'access-denied' }],
    });
  });

  test('requests, parameters and public keys are none, and no gaps', async () => {
    const { coverage, resources } = await look({
      'dh.pem': pem(Buffer.from('x'), 'DH PARAMETERS'),
      'x.pem': pem(Buffer.from('x'), 'CERTIFICATE REQUEST'),
    });
    expect(coverage['certificate']?.status).toBe('complete');
    expect(resources.filter(({ kind }) => kind === 'certificate')).toEqual([]);
  });

  test('TRUSTED CERTIFICATE has data of OpenSSL behind it', async () => {
    const trusted = pem(Buffer.concat([leaf, seq(der(0x0c, 'alias'))]), 'TRUSTED CERTIFICATE');
    expect(Object.keys(await certificates({ 'x.pem': trusted }))).toEqual(['x.pem CN=pay.example.com']);
  });

  test('a strange file name is told by content', async () => {
    expect(Object.keys(await certificates({ 'server-certificate': pem(leaf) }))).toEqual(['server-certificate CN=pay.example.com']);
  });
});

describe('keys', () => {
  test('in the clear they are exposed; encrypted they are not, and whose they are is not known', async () => {
    const sealed = String(keys[2].export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }));
    const old =
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAABBBBCCCC\n-----END RSA PRIVATE KEY-----\n';
    expect(await secretsOf({ 'a.key': keyPem(keys[2]), 'b.key': sealed, 'c.key': old })).toMatchObject({
      'a.key': [{ name: 'private key' }],
      'b.key': [],
      'c.key': [],
    });
    const facts = (await certificates({ 'pay.crt': pem(leaf), 'pay.key': sealed }))['pay.crt CN=pay.example.com']?.facts ?? {};
    expect(plain(facts['key_file_mode'])).toEqual({ unknown: 'access-denied' });
  });

  test('a key without end is exposed, and hidden, all the same', async () => {
    const torn = keyPem(keys[2]).slice(0, 120);
    expect(await secretsOf({ 'a.pem': pem(leaf) + torn })).toMatchObject({ 'a.pem': [{ name: 'private key' }] });
    expect(JSON.stringify(await look({ 'a.pem': pem(leaf) + torn }))).not.toContain(torn.slice(40, 80));
  });

  test('in DER too, without an excerpt', async () => {
    for (const kind of ['ed25519', 'rsa-2048'] as const) {
      const key = keyOf(kind);
      const files = { 'x.der': makeCertificate({ key }), 'k.key': key.export({ type: 'pkcs8', format: 'der' }) };
      const collected = await look(files);
      expect(plain(ofKind(collected, 'certificate')['x.der CN=pay.example.com']?.facts['key_file_mode'])).toBe('0640');
      expect(plain(ofKind(collected, 'secret.exposure')['k.key']?.facts['secrets'])).toMatchObject([{ name: 'private key' }]);
      expect(JSON.stringify(collected.resources.filter(({ kind: one }) => one === 'secret.exposure'))).not.toContain('excerpt');
    }
  });

  test('of several copies the most open one counts', async () => {
    const tree = mkdtempSync(join(directory, 'modes-'));
    writeFileSync(join(tree, 'pay.crt'), pem(leaf));
    for (const [name, mode] of [
      ['a.key', 0o600],
      ['b.key', 0o644],
    ] as const) {
      writeFileSync(join(tree, name), keyPem(keys[2]));
      chmodSync(join(tree, name), mode);
    }
    const collected = await filesCollector.collect({ ...filesTarget(), address: tree }, nodeWorld(tree), new AbortController().signal);
    expect(plain(ofKind(collected, 'certificate')['pay.crt CN=pay.example.com']?.facts['key_file_mode'])).toBe('0644');
  });
});

describe('key stores', () => {
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  const pkcs12 = (password: string, ...more: readonly string[]): Uint8Array => {
    writeFileSync(join(directory, 'all.pem'), keyPem(keys[2]) + pem(leaf) + pem(middle));
    openssl('pkcs12', '-export', '-in', 'all.pem', '-out', 'out.p12', '-passout', `pass:${password}`, ...more);
    return new Uint8Array(readFileSync(join(directory, 'out.p12')));
  };

  test.each([
    ['as OpenSSL 3 makes it', []],
    ['with triple DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['with RC2', ['-legacy']],
    ['without a MAC', ['-nomac']],
    ['with its certificates in the clear', ['-certpbe', 'NONE']],
  ])('PKCS#12 with an empty password opens, %s', async (_, more) => {
    const collected = await look({ 'store.p12': pkcs12('', ...more) });
    const facts = ofKind(collected, 'certificate')['store.p12 CN=pay.example.com']?.facts ?? {};
    expect([plain(facts['trusted']), plain(facts['key_file_mode'])]).toEqual([true, '0640']);
    expect(collected.coverage['certificate']?.status).toBe('complete');
    expect(plain(ofKind(collected, 'secret.exposure')['store.p12']?.facts['secrets'])).toMatchObject([
      { name: 'private key without a password' },
    ]);
  });

  test('PKCS#12 with a password is a gap', async () => {
    const collected = await look({ 'store.pfx': pkcs12('changeit') });
    expect(collected.coverage['certificate']).toMatchObject({ status: 'partial', gaps: [{ cause: 'access-denied' }] });
    expect(plain(ofKind(collected, 'secret.exposure')['store.pfx']?.facts['secrets'])).toMatchObject([]);
  });

  test('an iteration count of billions costs nothing', async () => {
    const scheme = (iterations: Buffer) => seq(oid('1.2.840.113549.1.12.1.3'), seq(der(0x04, 'saltsalt'), iterations));
    const safe = seq(
      oid('1.2.840.113549.1.7.6'),
      der(
        0xa0,
        seq(
          Buffer.from([2, 1, 0]),
          seq(oid('1.2.840.113549.1.7.1'), scheme(Buffer.from([2, 4, 0x7f, 0xff, 0xff, 0xff])), der(0x80, Buffer.alloc(64))),
        ),
      ),
    );
    const pfx = seq(Buffer.from([2, 1, 3]), seq(oid('1.2.840.113549.1.7.1'), der(0xa0, der(0x04, seq(safe)))));
    const start = performance.now();
    expect((await look({ 'x.p12': pfx })).coverage['certificate']).toMatchObject({ gaps: [{ cause: 'access-denied' }] });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  const utf = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
  const u4 = (value: number) => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
  const entry = (der_: Uint8Array) => Buffer.concat([utf('X.509'), u4(der_.length), der_]);
  const jks = (magic: number, ...entries: readonly Buffer[]) =>
    Buffer.concat([u4(magic), u4(2), u4(entries.length), ...entries, Buffer.alloc(20)]);
  const keyEntry = Buffer.concat([u4(1), utf('pay'), Buffer.alloc(8), u4(5), Buffer.from('xxxxx'), u4(2), entry(leaf), entry(middle)]);

  test('JKS and JCEKS: chains of keys are in use, trusted entries are not, and integrity was not checked', async () => {
    const trusted = Buffer.concat([u4(2), utf('ca'), Buffer.alloc(8), entry(makeCertificate({ subject: 'partner' }))]);
    for (const magic of [0xfeedfeed, 0xcececece]) {
      const collected = await look({ 'pay.jks': jks(magic, keyEntry, trusted) });
      const found = ofKind(collected, 'certificate');
      expect(Object.keys(found)).toEqual(['pay.jks CN=pay.example.com']);
      const facts = found['pay.jks CN=pay.example.com']?.facts ?? {};
      expect([plain(facts['trusted']), plain(facts['key_file_mode']), facts['subject']?.origin]).toMatchObject([
        true,
        '0640',
        { kind: 'derived', rule: 'Java key store: its integrity was not checked' },
      ]);
      expect(collected.coverage['certificate']?.status).toBe('complete');
    }
  });

  test('a Java key store that ends too soon, or holds secret keys, is read as far as it goes', async () => {
    const whole = jks(0xcececece, keyEntry, Buffer.concat([u4(3), utf('aes'), Buffer.alloc(100)]));
    const collected = await look({ 'pay.keystore': whole });
    expect(Object.keys(ofKind(collected, 'certificate'))).toEqual(['pay.keystore CN=pay.example.com']);
    expect(collected.coverage['certificate']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unsupported' }] });
    expect((await look({ 'pay.jks': whole.subarray(0, 60) })).coverage['certificate']?.status).toBe('partial');
  });

  test('PKCS#7, as DER and as PEM', async () => {
    const bundle = seq(
      oid('1.2.840.113549.1.7.2'),
      der(0xa0, seq(Buffer.from([2, 1, 1]), der(0x31), seq(oid('1.2.840.113549.1.7.1')), der(0xa0, leaf, middle), der(0x31))),
    );
    for (const content of [new Uint8Array(bundle), pem(bundle, 'PKCS7')])
      expect(Object.keys(await certificates({ 'x.p7b': content }))).toEqual(['x.p7b CN=pay.example.com']);
  });

  test('any bytes under any of these names: never a throw, and never silence', async () => {
    const samples = [pkcs12(''), new Uint8Array(jks(0xfeedfeed, keyEntry)), new Uint8Array(leaf)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 4 }),
        fc.nat(3000),
        async (sample, flips, cut) => {
          const bytes = sample.slice(0, cut);
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          const { coverage, gaps } = await look({ 'x.jks': bytes });
          expect(gaps.filter(({ cause }) => cause === 'collector-failed')).toEqual([]);
          expect(coverage['certificate']).toBeDefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('thousands of certificates in a tree cost little', async () => {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`c/${index}.crt`, pem(index % 2 === 0 ? leaf : middle)]));
  const start = performance.now();
  await look(files);
  expect(performance.now() - start).toBeLessThan(20_000);
});
