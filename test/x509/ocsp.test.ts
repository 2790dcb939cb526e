import { createHash, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCertificate, type Certificate } from '../../src/x509/certificate.ts';
import { readOcsp } from '../../src/x509/ocsp.ts';
import { algorithm, der, integer, keyId, keyOf, makeCertificate, oid, seq, signWith, threeTier } from '../support/pki.ts';

const parsed = (bytes: Uint8Array): Certificate => {
  const certificate = parseCertificate(bytes);
  if (certificate === undefined) throw new Error('did not parse');
  return certificate;
};
const { middle, leaf, keys } = threeTier();
const [issuer, subject] = [parsed(middle), parsed(leaf)];
const at = '2026-06-10T00:00:00Z';
const generalized = (iso: string): Buffer => der(0x18, `${iso.replaceAll(/[-:T]/g, '').slice(0, 14)}Z`);
const GOOD = Buffer.from([0x80, 0]);
const REVOKED = der(0xa1, generalized('2026-06-01T00:00:00Z'));
const DELEGATE = ['1.3.6.1.5.5.7.3.9'];

interface Spec {
  readonly status?: Buffer;
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | undefined;
  readonly serial?: number;
  readonly signer?: KeyObject;
  readonly responder?: Buffer;
  readonly certificates?: readonly Buffer[];
  readonly hash?: readonly [string, string];
}

function respond(spec: Spec = {}): Buffer {
  const signer = spec.signer ?? keys[1];
  const [hash, hashOid] = spec.hash ?? ['sha1', '1.3.14.3.2.26'];
  const digest = (bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest();
  const bits = issuer.key.spki.subarray(issuer.key.spki.length - 65);
  const id = seq(seq(oid(hashOid)), der(0x04, digest(issuer.rawSubject)), der(0x04, digest(bits)), integer(spec.serial ?? 4711));
  const next = 'nextUpdate' in spec ? spec.nextUpdate : '2026-06-12T00:00:00Z';
  const single = seq(
    id,
    spec.status ?? GOOD,
    generalized(spec.thisUpdate ?? '2026-06-09T00:00:00Z'),
    ...(next === undefined ? [] : [der(0xa0, generalized(next))]),
  );
  const data = seq(spec.responder ?? der(0xa2, der(0x04, keyId(signer))), generalized('2026-06-09T00:00:00Z'), seq(single));
  const certificates = spec.certificates === undefined ? [] : [der(0xa0, seq(...spec.certificates))];
  const basic = seq(data, algorithm(signer, 'sha256'), der(0x03, Buffer.from([0]), signWith(signer, 'sha256', data)), ...certificates);
  return seq(der(0x0a, Buffer.from([0])), der(0xa0, seq(oid('1.3.6.1.5.5.7.48.1.1'), der(0x04, basic))));
}

const read = (spec: Spec = {}, when = at) => readOcsp(respond(spec), subject, issuer, when);

test('good, signed by the issuer, named by key or by name, with either hash', () => {
  expect(read()).toMatchObject({
    status: 'good',
    thisUpdate: '2026-06-09T00:00:00Z',
    nextUpdate: '2026-06-12T00:00:00Z',
    problem: undefined,
  });
  expect(read({ responder: der(0xa1, Buffer.from(issuer.rawSubject)) }).status).toBe('good');
  expect(read({ hash: ['sha256', '2.16.840.1.101.3.4.2.1'] }).status).toBe('good');
});

test('revoked stays revoked when the answer has lapsed; good and unknown lapse', () => {
  expect(read({ status: REVOKED }).status).toBe('revoked');
  expect(read({ status: REVOKED }, '2026-09-01T00:00:00Z').status).toBe('revoked');
  expect(read({ status: Buffer.from([0x82, 0]) }).status).toBe('unknown');
  expect(read({}, '2026-06-12T01:00:00Z').status).toBe('expired');
  expect(read({ nextUpdate: undefined }, '2026-06-09T20:00:00Z').status).toBe('good');
  expect(read({ nextUpdate: undefined }, '2026-06-11T00:00:00Z').status).toBe('expired');
});

test('about another certificate, from the future, or signed by a stranger: invalid', () => {
  expect(read({ serial: 4712 })).toMatchObject({ status: 'invalid', problem: 'not about this certificate' });
  expect(read({ thisUpdate: '2026-06-11T00:00:00Z' }).status).toBe('invalid');
  expect(read({ signer: keyOf('P-256', 'stranger') }).status).toBe('invalid');
  expect(read({ signer: keyOf('P-256', 'stranger'), responder: der(0xa2, der(0x04, keyId(keys[1]))) })).toMatchObject({
    status: 'invalid',
    problem: 'signature does not verify',
  });
});

test('a delegate must be issued by the very authority, for this purpose, and be valid', () => {
  const signer = keyOf('P-256', 'responder');
  const delegate = (more: object) =>
    read({
      signer,
      certificates: [makeCertificate({ subject: 'OCSP', issuer: 'Middle', key: signer, signer: keys[1], purposes: DELEGATE, ...more })],
    });
  expect(delegate({}).status).toBe('good');
  expect(delegate({ purposes: ['1.3.6.1.5.5.7.3.1'] })).toMatchObject({
    status: 'invalid',
    problem: 'responder is no delegate: OCSPSigning',
  });
  expect(delegate({ issuer: 'Root', signer: keys[0] }).status).toBe('invalid');
  expect(delegate({ signer }).status).toBe('invalid');
  expect(delegate({ notAfter: '2026-05-01T00:00:00Z' }).status).toBe('invalid');
  expect(delegate({ usage: 0x20 }).status).toBe('invalid');
});

test('an error response, and no response at all', () => {
  expect(readOcsp(seq(der(0x0a, Buffer.from([3]))), subject, issuer, at)).toMatchObject({ status: 'invalid', problem: 'responseStatus 3' });
  expect(readOcsp(new Uint8Array(), subject, issuer, at).status).toBe('invalid');
});

test('truncated and flipped: never good, never throws', () => {
  const whole = respond();
  for (let end = 0; end < whole.length; end += 1) expect(readOcsp(whole.subarray(0, end), subject, issuer, at).status).toBe('invalid');
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
      const bytes = Buffer.from(whole);
      bytes[index] = (bytes[index] ?? 0) ^ mask;
      const { status } = readOcsp(bytes, subject, issuer, at);
      // Outside the signed part a flip may be without effect (an INTEGER's or length's other form is refused before).
      const signedFrom = whole.indexOf(Buffer.from('a216', 'hex'));
      if (index > signedFrom && index < signedFrom + 100) expect(status).not.toBe('good');
    }),
    { numRuns: 500 },
  );
});
