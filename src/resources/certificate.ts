import { bool, double, int, list, oneOf, record, resourceKind, string, timestamp } from './kind.ts';

const chainLink = record('ChainLink', {
  subject: { type: string, doc: 'Subject, as RFC 4514 writes it.', example: '"CN=Example Issuing CA,O=Example"' },
  issuer: { type: string, doc: 'Issuer, as RFC 4514 writes it.', example: '"CN=Example Root"' },
  not_after: { type: timestamp, doc: 'End of validity.', example: '"2030-01-01T00:00:00Z"' },
  key_kind: { type: string, doc: 'As `key_kind` of the certificate.', example: '"RSA"' },
  key_bits: { type: int, doc: 'As `key_bits` of the certificate.', unit: 'bit', example: '4096' },
  signature_hash: { type: string, doc: 'As `signature_hash` of the certificate.', example: '"SHA256"' },
  root: { type: bool, doc: 'A trust anchor: its own signature proves nothing.', example: 'false' },
});

/** One end-entity certificate that is in use: sent by a server, or in a file. What stands above it is its chain. */
export const certificate = resourceKind({
  name: 'certificate',
  title: { en: 'Certificate', zh: '证书' },
  doc: 'A certificate that a server sends or a file holds, with the chain that comes with it.',
  key: 'host, port and kind of key; for files the file’s path and the subject (a name or the serial number where it has none), with “(encryption)” for that half of a TLCP pair',
  attributes: {
    subject: { type: string, doc: 'Subject, as RFC 4514 writes it.', example: '"CN=pay.example.com"' },
    issuer: { type: string, doc: 'Issuer, as RFC 4514 writes it.', example: '"CN=Example Issuing CA"' },
    serial: { type: string, doc: 'Serial number in hexadecimal.', example: '"03A1"' },
    sha256: { type: string, doc: 'SHA-256 of the DER encoding in hexadecimal.', example: '"9f86…"' },
    names: { type: list(string), doc: 'DNS names and IP addresses of the subject alternative name.', example: '["pay.example.com"]' },
    not_before: { type: timestamp, doc: 'Begin of validity.', example: '"2026-01-01T00:00:00Z"' },
    not_after: { type: timestamp, doc: 'End of validity.', example: '"2026-12-31T23:59:59Z"' },
    lifetime_days: {
      type: double,
      doc: 'Validity, both ends counted (CA/B Baseline Requirements 6.3.2): (notAfter − notBefore + 1 s) ÷ 86400 s.',
      unit: 'day',
      example: '90.0',
    },
    key_kind: {
      type: oneOf('RSA', 'EC', 'Ed25519', 'Ed448', 'SM2', 'DSA', 'ML-DSA', 'SLH-DSA', 'other'),
      doc: 'Kind of public key.',
      example: '"EC"',
    },
    key_bits: {
      type: int,
      doc: 'Size of the key: modulus, or order of the curve; of post-quantum keys, which have neither, the length of the public key.',
      unit: 'bit',
      example: '256',
    },
    curve: { type: string, doc: 'Named curve. Absent for keys without one.', example: '"P-256"', optional: true },
    signature_hash: {
      type: string,
      doc: 'Hash of the issuer’s signature: MD2, MD5, SHA1, SHA256…, SM3, or `intrinsic` (EdDSA, ML-DSA).',
      example: '"SHA256"',
    },
    self_signed: { type: bool, doc: 'Its issuer is its subject, and its own key signed it.', example: 'false' },
    authority: { type: bool, doc: 'It may issue certificates (basicConstraints CA).', example: 'false' },
    key_usage: {
      type: list(string),
      doc: 'keyUsage bits. Absent where the extension is not there.',
      example: '["digitalSignature"]',
      optional: true,
    },
    extended_key_usage: {
      type: list(string),
      doc: 'extendedKeyUsage: serverAuth, clientAuth…, or dotted numbers. Absent where the extension is not there.',
      example: '["serverAuth"]',
      optional: true,
    },
    must_staple: { type: bool, doc: 'Demands a stapled OCSP answer (RFC 7633).', example: 'false' },
    scts: { type: int, doc: 'Signed certificate timestamps: in it, in the handshake and in the stapled answer.', example: '2' },
    host_matches: {
      type: bool,
      doc: 'The name that clients ask for is in it (RFC 9525). Absent where nobody asked for a name.',
      example: 'true',
      optional: true,
    },
    trusted: {
      type: bool,
      doc: 'A path leads to a root of the Mozilla store or of `ca:`, every signature on it checked, its authorities valid when it was collected. A file that does not show the path, and no `ca:`: unknown.',
      example: 'true',
    },
    public_authority: { type: bool, doc: 'That root is of the Mozilla store: the CA/B Baseline Requirements hold.', example: 'true' },
    chain: { type: list(chainLink), doc: 'The path above it, up to the root where there is one.', example: '[{ subject: … }]' },
    chain_complete: {
      type: bool,
      doc: 'Every intermediate came with it: clients need fetch nothing.',
      example: 'true',
    },
    chain_ordered: { type: bool, doc: 'Each certificate certifies the one before it (RFC 5246 7.4.2).', example: 'true' },
    chain_surplus: { type: int, doc: 'Certificates sent that no path needs; a root that is sent counts.', example: '0' },
    staple: {
      type: oneOf('good', 'revoked', 'unknown', 'expired', 'invalid'),
      doc: 'The stapled OCSP answer, as of collection. Absent where none was sent.',
      example: '"good"',
      optional: true,
    },
    revocation: {
      type: oneOf('good', 'revoked', 'unknown', 'not-needed'),
      doc: 'What the authority’s OCSP responder or CRL says; `not-needed` for certificates that live 7 days or less, which authorities need not be able to revoke.',
      example: '"good"',
      probe: 'online',
    },
    caa_issuers: {
      type: list(string),
      doc: 'Authorities that DNS lets issue for the host (CAA issue and issuewild, RFC 8659). Absent where no CAA record is found up to the top.',
      example: '["letsencrypt.org"]',
      optional: true,
      probe: 'online',
    },
    key_file_mode: {
      type: string,
      doc: 'Permission bits of the file that holds its private key, octal. Absent where no key lies beside it.',
      example: '"0640"',
      optional: true,
    },
    live: { type: bool, doc: 'A server sends it, as against: it lies in a file.', example: 'true' },
  },
});
