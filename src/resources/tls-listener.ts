import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

/** Protocol versions by the names that configuration files use. TLCP is GB/T 38636. */
export const TLS_PROTOCOLS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', 'TLCP'] as const;

const cipherSuite = record('CipherSuite', {
  name: { type: string, doc: 'Name as OpenSSL writes it.', example: '"ECDHE-RSA-AES128-GCM-SHA256"' },
  protocol: { type: oneOf('TLSv1.2', 'TLSv1.3', 'TLCP'), doc: 'TLSv1.3, TLCP, or TLSv1.2 for everything up to it.', example: '"TLSv1.2"' },
  key_exchange: {
    type: oneOf('ECDHE', 'DHE', 'RSA', 'ECDH', 'DH', 'PSK', 'SRP', 'GOST', 'SM2', 'ANY'),
    doc: 'Key exchange; ANY for TLS 1.3, whose suites leave it to the groups; SM2 for the static exchange of TLCP.',
    example: '"ECDHE"',
  },
  authentication: {
    type: oneOf('RSA', 'ECDSA', 'DSS', 'PSK', 'SRP', 'GOST', 'SM2', 'NULL', 'ANY'),
    doc: 'Authentication; NULL for anonymous suites.',
    example: '"RSA"',
  },
  encryption: {
    type: string,
    doc: 'Cipher: AES, CHACHA20, CAMELLIA, ARIA, SEED, IDEA, 3DES, DES, RC4, RC2, SM4, GOST, NULL.',
    example: '"AES"',
  },
  bits: { type: int, doc: 'Strength of the encryption.', unit: 'bit', example: '128' },
  aead: { type: bool, doc: 'Authenticated encryption.', example: 'true' },
  export_grade: { type: bool, doc: 'An EXPORT suite.', example: 'false' },
});

/** One place that speaks TLS: a server's socket and name, or a client's connection to a back end. */
export const tlsListener = resourceKind({
  name: 'tls.listener',
  title: { en: 'TLS endpoint', zh: 'TLS 端点' },
  doc: 'A place that speaks TLS: in the server role a socket and server name, in the client role a connection to a back end.',
  key: 'server name and port, or service; client connections by what they connect to',
  attributes: {
    role: { type: oneOf('server', 'client'), doc: 'Who it is in the handshake.', example: '"server"' },
    service: { type: string, doc: 'What speaks over it.', example: '"https"' },
    names: { type: list(string), doc: 'Server names, as configured or asked for.', example: '["pay.example.com"]' },
    port: { type: int, doc: 'TCP port.', example: '443', optional: true },
    protocols: { type: list(oneOf(...TLS_PROTOCOLS)), doc: 'Protocol versions it accepts.', example: '["TLSv1.2", "TLSv1.3"]' },
    suites: {
      type: list(cipherSuite),
      doc: 'Cipher suites it accepts, TLS 1.3 included.',
      example: '[{ name: "ECDHE-RSA-AES128-GCM-SHA256", … }]',
    },
    server_preference: { type: bool, doc: 'The server chooses the suite.', example: 'true' },
    groups: { type: list(string), doc: 'Key-exchange groups it accepts, IANA names.', example: '["X25519MLKEM768", "x25519"]' },
    dh_bits: {
      type: int,
      doc: 'Size of the finite-field Diffie-Hellman parameters. Absent where DHE is not set up.',
      unit: 'bit',
      example: '2048',
      optional: true,
    },
    session_tickets: { type: bool, doc: 'Session tickets are issued.', example: 'false' },
    session_lifetime: { type: int, doc: 'How long a session may be resumed.', unit: 'second', example: '86400' },
    early_data: { type: bool, doc: 'TLS 1.3 early data (0-RTT) is accepted.', example: 'false' },
    client_certificate: { type: oneOf('none', 'optional', 'required'), doc: 'What is asked of clients.', example: '"required"' },
    verifies_peer: {
      type: bool,
      doc: 'Client role: the server’s certificate is verified against a given authority.',
      example: 'true',
      optional: true,
    },
    verifies_name: { type: bool, doc: 'Client role: the name in the certificate is checked.', example: 'true', optional: true },
    heartbleed: {
      type: oneOf('vulnerable', 'safe'),
      doc: 'Answers to a heartbeat longer than its payload (CVE-2014-0160), asked in the form that leaks nothing.',
      example: '"safe"',
      probe: 'odd',
    },
    stapling: { type: bool, doc: 'OCSP answers are stapled.', example: 'true' },
  },
});
