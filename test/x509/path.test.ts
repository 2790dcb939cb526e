import { describe, expect, test } from 'vitest';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { anchorsFrom, joinAnchors } from '../../src/x509/mozilla-roots.ts';
import { buildPath } from '../../src/x509/path.ts';
import { der, keyOf, makeCertificate, oid, pem, seq, threeTier, type CertificateSpec } from '../support/pki.ts';

const parsed = (bytes: Uint8Array): Certificate => {
  const certificate = parseCertificate(bytes);
  if (certificate === undefined) throw new Error('did not parse');
  return certificate;
};
const make = (spec: CertificateSpec): Certificate => parsed(makeCertificate(spec));
const { root, middle, leaf, keys } = threeTier();
const [Root, Middle, Leaf] = [parsed(root), parsed(middle), parsed(leaf)];
const mozilla = anchorsFrom([pem(root)]);
const none = anchorsFrom([]);
const other = anchorsFrom([pem(makeCertificate({ subject: 'Other root', key: keyOf('P-256', 'other'), ca: true }))]);
const at = '2026-06-01T00:00:00Z';
const subjects = (path: readonly Certificate[]): readonly string[] => path.map(({ subject }) => subject);

describe('chains as servers send them', () => {
  test('leaf and intermediate: trusted, complete, nothing too much', () => {
    const found = buildPath(Leaf, [Middle], mozilla, { at });
    expect(found).toMatchObject({
      trusted: 'mozilla',
      ends: 'anchor',
      complete: true,
      ordered: true,
      surplus: 0,
      notPublic: false,
      problem: undefined,
    });
    expect(subjects(found.path)).toEqual(['CN=Middle', 'CN=Root']);
  });

  test('the root is sent too: one too much', () => {
    expect(buildPath(Leaf, [Middle, Root], mozilla, { at })).toMatchObject({
      trusted: 'mozilla',
      complete: true,
      ordered: true,
      surplus: 1,
    });
  });

  test('the intermediate is missing: no path, unless it lies elsewhere, and then not complete', () => {
    expect(buildPath(Leaf, [], mozilla, { at })).toMatchObject({
      trusted: 'none',
      ends: 'issuer-missing',
      complete: undefined,
      notPublic: false,
    });
    expect(buildPath(Leaf, [], mozilla, { at, beside: [Middle] })).toMatchObject({ trusted: 'mozilla', complete: false, surplus: 0 });
    const fetchable = make({
      issuer: 'Middle',
      signer: keys[1],
      more: [['1.3.6.1.5.5.7.1.1', false, seq(seq(oid('1.3.6.1.5.5.7.48.2'), der(0x86, 'http://ca.example/m.crt')))]],
    });
    expect(buildPath(fetchable, [], mozilla, { at }).complete).toBe(false);
  });

  test('out of order and with strangers: still trusted, and said', () => {
    const stranger = make({ subject: 'Stranger', ca: true });
    expect(buildPath(Leaf, [Root, Middle], mozilla, { at })).toMatchObject({ trusted: 'mozilla', ordered: false, surplus: 1 });
    expect(buildPath(Leaf, [Middle, stranger], mozilla, { at })).toMatchObject({ trusted: 'mozilla', ordered: false, surplus: 1 });
  });

  test('a private root: not trusted, unless it was given, and never public', () => {
    expect(buildPath(Leaf, [Middle, Root], other, { at })).toMatchObject({
      trusted: 'none',
      ends: 'self-signed',
      complete: true,
      notPublic: true,
    });
    expect(buildPath(Leaf, [Middle], joinAnchors(other, anchorsFrom([pem(root)], 'given')), { at })).toMatchObject({
      trusted: 'given',
      notPublic: true,
    });
    expect(buildPath(Leaf, [Middle, Root], none, { at })).toMatchObject({ trusted: 'none', notPublic: false });
  });

  test('an intermediate of a public authority was given: trusted, and public all the same', () => {
    const given = anchorsFrom([pem(middle)], 'given');
    expect(buildPath(Leaf, [], joinAnchors(mozilla, given), { at })).toMatchObject({ trusted: 'mozilla' });
    expect(buildPath(Leaf, [], joinAnchors(other, given), { at })).toMatchObject({ trusted: 'given', notPublic: false });
  });

  test('a self-signed leaf is trusted only where it was given itself', () => {
    const lone = makeCertificate({ dns: ['pay.example.com'] });
    expect(buildPath(parsed(lone), [], mozilla, { at })).toMatchObject({ trusted: 'none', ends: 'self-signed', path: [], complete: true });
    expect(buildPath(parsed(lone), [], anchorsFrom([pem(lone)], 'given'), { at })).toMatchObject({ trusted: 'given', path: [] });
  });
});

describe('who may not issue', () => {
  const under = (spec: CertificateSpec, leafSpec: CertificateSpec = {}) => {
    const between = make({ subject: 'Middle', issuer: 'Root', key: keys[1], signer: keys[0], ca: true, usage: 0x06, ...spec });
    const below = make({
      subject: 'pay.example.com',
      issuer: 'Middle',
      key: keys[2],
      signer: keys[1],
      dns: ['pay.example.com'],
      ...leafSpec,
    });
    return buildPath(below, [between], mozilla, { at });
  };

  test('one that is no authority, or whose key may not sign certificates', () => {
    expect(under({ ca: false })).toMatchObject({ trusted: 'none', problem: 'no authority: CN=Middle' });
    expect(under({ usage: 0x80 }).trusted).toBe('none');
    const { ca: _, ...silent } = { ca: true };
    expect(buildPath(Leaf, [make({ subject: 'Middle', issuer: 'Root', key: keys[1], signer: keys[0], ...silent })], mozilla).trusted).toBe(
      'none',
    );
  });

  test('one that has expired, or is for other purposes', () => {
    expect(under({ notAfter: '2026-02-01T00:00:00Z' })).toMatchObject({ trusted: 'none', problem: 'expired: CN=Middle', notPublic: false });
    expect(under({ notBefore: '2026-07-01T00:00:00Z' }).problem).toBe('not yet valid: CN=Middle');
    expect(under({ purposes: ['1.3.6.1.5.5.7.3.4'] }).problem).toBe('purposes: CN=Middle');
    expect(under({ purposes: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] }).trusted).toBe('mozilla');
  });

  test('one whose signature is another’s', () => {
    const forged = make({ subject: 'Middle', issuer: 'Root', key: keys[1], signer: keyOf('P-256', 'forger'), ca: true });
    expect(buildPath(Leaf, [forged], mozilla, { at }).trusted).toBe('none');
    const bad = make({ issuer: 'Middle', signer: keyOf('P-256', 'forger') });
    expect(buildPath(bad, [Middle], mozilla, { at })).toMatchObject({
      trusted: 'none',
      problem: 'signature does not verify: CN=pay.example.com',
    });
  });

  test('more authorities than the path length allows', () => {
    const low = make({ subject: 'Low', issuer: 'Middle', key: keyOf('P-256', 'low'), signer: keys[1], ca: true });
    const below = make({ issuer: 'Low', signer: keyOf('P-256', 'low') });
    expect(buildPath(below, [low, Middle], mozilla, { at })).toMatchObject({ trusted: 'none', problem: 'path too long: CN=Middle' });
  });

  test('extensions that are not understood leave it unclear', () => {
    expect(under({ more: [['1.2.3.4', true, seq()]] }).trusted).toBe('unclear');
    expect(under({}, { more: [['1.2.3.4', true, seq()]] }).trusted).toBe('unclear');
    expect(under({ more: [['2.5.29.30', true, Buffer.from([1])]] }).trusted).toBe('unclear');
  });

  test('weak hashes and keys are a path all the same: other controls judge them', () => {
    const weak = keyOf('rsa-1024');
    const between = make({ subject: 'Middle', issuer: 'Root', key: weak, signer: keys[0], ca: true });
    const below = make({ issuer: 'Middle', signer: weak, hash: 'md5' });
    expect(buildPath(below, [between], mozilla, { at }).trusted).toBe('mozilla');
  });
});

describe('name constraints', () => {
  const trees = (...bases: readonly Buffer[]) => seq(...bases.map((base) => seq(base)));
  const dns = (name: string) => der(0x82, name);
  const constrained = (value: Buffer, leafSpec: CertificateSpec) => {
    const between = make({
      subject: 'Middle',
      issuer: 'Root',
      key: keys[1],
      signer: keys[0],
      ca: true,
      more: [['2.5.29.30', true, value]],
    });
    return buildPath(make({ issuer: 'Middle', signer: keys[1], ...leafSpec }), [between], mozilla, { at }).trusted;
  };
  const only = (...bases: readonly Buffer[]) => seq(der(0xa0, trees(...bases).subarray(2)));
  const never = (...bases: readonly Buffer[]) => seq(der(0xa1, trees(...bases).subarray(2)));

  test('DNS names and addresses are compared', () => {
    expect(constrained(only(dns('example.com')), { dns: ['pay.example.com', 'example.com'] })).toBe('mozilla');
    expect(constrained(only(dns('example.com')), { dns: ['pay.example.com', 'badexample.com'] })).toBe('none');
    expect(constrained(never(dns('pay.example.com')), { dns: ['*.example.com'] })).toBe('none');
    expect(constrained(never(dns('pay.example.com')), { dns: ['www.example.com'] })).toBe('mozilla');
    const net = der(0x87, Buffer.from([10, 0, 0, 0, 255, 0, 0, 0]));
    expect(constrained(only(net), { ips: [Buffer.from([10, 1, 2, 3])] })).toBe('mozilla');
    expect(constrained(only(net), { ips: [Buffer.from([11, 1, 2, 3])] })).toBe('none');
  });

  test('what is not compared here leaves it unclear, where the certificate has such a name', () => {
    const directory = der(0xa4, seq());
    expect(constrained(only(directory, dns('example.com')), { dns: ['pay.example.com'] })).toBe('unclear');
    expect(constrained(only(directory), { subject: seq(), dns: ['pay.example.com'] })).toBe('mozilla');
    expect(constrained(only(der(0x81, 'example.com')), { dns: ['pay.example.com'] })).toBe('mozilla');
  });
});

describe('bounded work', () => {
  test('authorities that cross-sign each other in rings and meshes come to an end', () => {
    const names = Array.from({ length: 12 }, (_, index) => `CA ${index}`);
    const mesh = names.flatMap((subject) =>
      names.flatMap((issuer) =>
        subject === issuer
          ? []
          : [
              make({
                subject,
                issuer,
                key: keyOf('P-256', subject),
                signer: keyOf('P-256', issuer),
                ca: true,
                notAfter: '2035-01-01T00:00:00Z',
              }),
            ],
      ),
    );
    const below = make({ issuer: 'CA 0', signer: keyOf('P-256', 'CA 0') });
    const start = performance.now();
    const found = buildPath(below, mesh, mozilla, { at });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(found).toMatchObject({ trusted: 'unclear', ends: 'unclear', notPublic: false });
  });

  test('hundreds of impostors of one name do not hide the issuer that the certificate names', () => {
    const id = (text: string) => ['2.5.29.14', false, der(0x04, text)] as const;
    const impostors = Array.from({ length: 300 }, (_, index) =>
      make({ subject: 'Middle', issuer: 'Root', serial: index + 1, ca: true, key: keyOf('P-256', 'x'), more: [id(`i${index % 50}`)] }),
    );
    const honest = make({ subject: 'Middle', issuer: 'Root', key: keys[1], signer: keys[0], ca: true, more: [id('me')] });
    const below = make({ issuer: 'Middle', signer: keys[1], more: [['2.5.29.35', false, seq(der(0x80, 'me'))]] });
    expect(buildPath(below, [...impostors, honest], mozilla, { at }).trusted).toBe('mozilla');
  });
});

test('the two certificates of a TLCP pair stand beside each other', () => {
  const point = Buffer.alloc(66, 4);
  point[0] = 0;
  const spki = (fill: number) =>
    seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), der(0x03, Buffer.from([0, 4, ...Buffer.alloc(64, fill)])));
  const signing = make({ subject: 'pay', issuer: 'Middle', spki: spki(1), signer: keys[1], usage: 0xc0 });
  const encryption = make({ subject: 'pay', issuer: 'Middle', spki: spki(2), signer: keys[1], usage: 0x38 });
  expect(buildPath(signing, [encryption, Middle], mozilla, { at })).toMatchObject({ trusted: 'mozilla', ordered: true, surplus: 0 });
});
