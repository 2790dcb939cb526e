import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

/** Protocol versions by the names that configuration files use. TLCP is GB/T 38636. */
export const TLS_PROTOCOLS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', 'TLCP'] as const;

const cipherSuite = record('CipherSuite', {
  name: {
    type: string,
    doc: 'Name as OpenSSL writes it; the IANA name where it never had the suite.',
    example: '"ECDHE-RSA-AES128-GCM-SHA256"',
  },
  iana: {
    type: string,
    doc: 'Name of the IANA registry; for TLCP that of GB/T 38636.',
    example: '"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"',
  },
  protocol: {
    type: oneOf('SSLv2', 'TLSv1.2', 'TLSv1.3', 'TLCP'),
    doc: 'SSLv2, TLSv1.3, TLCP, or TLSv1.2 for everything up to it.',
    example: '"TLSv1.2"',
  },
  versions: {
    type: list(oneOf(...TLS_PROTOCOLS)),
    doc: 'Protocol versions in which it is accepted.',
    example: '["TLSv1.2"]',
  },
  key_exchange: {
    type: oneOf('ECDHE', 'DHE', 'RSA', 'ECDH', 'DH', 'PSK', 'SRP', 'KRB5', 'ECCPWD', 'GOST', 'SM2', 'SM9', 'ANY'),
    doc: 'Key exchange; ANY for TLS 1.3, whose suites leave it to the groups; SM2 for the static exchange of TLCP.',
    example: '"ECDHE"',
  },
  authentication: {
    type: oneOf('RSA', 'ECDSA', 'DSS', 'PSK', 'SRP', 'KRB5', 'GOST', 'SM2', 'SM9', 'NULL', 'ANY'),
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

const weakness = record('Weakness', {
  name: {
    type: oneOf(
      'BEAST',
      'CRIME',
      'DROWN',
      'FREAK',
      'LOGJAM',
      'LUCKY13',
      'POODLE',
      'RC4',
      'SWEET32',
      'DOWNGRADE',
      'RENEGOTIATION',
      'KEY-REUSE',
    ),
    doc: 'The name it is known by; DOWNGRADE: neither fallback SCSV nor downgrade sentinel; RENEGOTIATION: CVE-2009-3555.',
    example: '"SWEET32"',
  },
  cve: { type: string, doc: 'CVE, where it has one.', example: '"CVE-2016-2183"', optional: true },
});

/** Answers of a probe that looks for a fault. */
const fault = oneOf('vulnerable', 'safe');

/** One place that speaks TLS: a server's socket and name, or a client's connection to a back end. */
export const tlsListener = resourceKind({
  name: 'tls.listener',
  title: { en: 'TLS endpoint', zh: 'TLS 端点' },
  doc: 'A place that speaks TLS: in the server role a socket and server name, in the client role a connection to a back end.',
  key: 'server name and port, or service; client connections by what they connect to',
  attributes: {
    role: { type: oneOf('server', 'client'), doc: 'Who it is in the handshake.', example: '"server"' },
    observed: { type: bool, doc: 'Seen in live handshakes, as against: declared in a file.', example: 'true' },
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
    stapling: { type: bool, doc: 'OCSP answers are stapled.', example: 'true' },
    address: { type: string, doc: 'The IP address that was asked.', example: '"192.0.2.7"', live: true },
    signature_algorithms: {
      type: list(string),
      doc: 'Signature algorithms that it signs its key exchange with, IANA names.',
      example: '["ecdsa_secp256r1_sha256"]',
      live: true,
    },
    dh_prime: {
      type: string,
      doc: 'Its finite-field group, where it is a well-known one. Absent for one of its own, or without DHE.',
      example: '"RFC 7919 ffdhe2048"',
      optional: true,
      live: true,
    },
    reuses_keys: {
      type: bool,
      doc: 'An ephemeral key came twice in different handshakes. Absent without ephemeral key exchange below TLS 1.3.',
      example: 'false',
      optional: true,
      live: true,
    },
    chacha_priority: {
      type: bool,
      doc: 'ChaCha20 is chosen for clients that prefer it, against the server’s own order. Absent where that cannot be.',
      example: 'true',
      optional: true,
      live: true,
    },
    compression: { type: bool, doc: 'TLS compression is accepted (CRIME, CVE-2012-4929).', example: 'false', live: true },
    secure_renegotiation: {
      type: bool,
      doc: 'RFC 5746 is answered. Absent where only TLS 1.3 is spoken, which has no renegotiation.',
      example: 'true',
      optional: true,
      live: true,
    },
    fallback_scsv: {
      type: bool,
      doc: 'TLS_FALLBACK_SCSV is honoured (RFC 7507). Absent where there is no lower version to fall to.',
      example: 'true',
      optional: true,
      live: true,
    },
    downgrade_sentinel: {
      type: bool,
      doc: 'The end of its random tells of a better version (RFC 8446 4.1.3). Absent without TLS 1.3 beside an older version.',
      example: 'true',
      optional: true,
      live: true,
    },
    extended_master_secret: {
      type: bool,
      doc: 'RFC 7627 is answered. Absent where only TLS 1.3 is spoken.',
      example: 'true',
      optional: true,
      live: true,
    },
    encrypt_then_mac: {
      type: bool,
      doc: 'RFC 7366 is answered with a CBC suite. Absent where none is accepted.',
      example: 'true',
      optional: true,
      live: true,
    },
    weaknesses: {
      type: list(weakness),
      doc: 'Named weaknesses that plain handshakes reveal. Open where one could not be settled.',
      example: '[{ name: "SWEET32", … }]',
      live: true,
    },
    session_ids: { type: bool, doc: 'Sessions are resumed by their id.', example: 'true', optional: true, live: true },
    alpn: { type: list(string), doc: 'Application protocols that it chooses.', example: '["h2", "http/1.1"]', live: true },
    client_authorities: {
      type: list(string),
      doc: 'Authorities that it names when it asks for a client certificate. Absent where it does not ask.',
      example: '["CN=Example Clients"]',
      optional: true,
      live: true,
    },
    tolerant: {
      type: bool,
      doc: 'Answers hellos with unknown versions, suites and extensions (RFC 8701) as it should.',
      example: 'true',
      live: true,
    },
    tlcp_certificates: {
      type: bool,
      doc: 'TLCP: a signing and an encryption certificate, both SM2 signed with SM3. Absent where TLCP is not accepted.',
      example: 'true',
      optional: true,
      live: true,
    },
    connections: { type: int, doc: 'Connections that were made to learn all this.', example: '31', live: true },
    heartbleed: {
      type: fault,
      doc: 'Answers to a heartbeat without padding (CVE-2014-0160), asked in the form that leaks nothing.',
      example: '"safe"',
      probe: 'odd',
    },
    early_ccs: { type: fault, doc: 'Takes a ChangeCipherSpec before the keys (CVE-2014-0224).', example: '"safe"', probe: 'odd' },
    client_renegotiation: {
      type: oneOf('accepted', 'refused'),
      doc: 'What comes of one renegotiation that the client asks for (CVE-2011-1473).',
      example: '"refused"',
      probe: 'odd',
    },
    opossum: { type: fault, doc: 'Upgrades HTTP to TLS in place (CVE-2025-49812).', example: '"safe"', probe: 'odd' },
    robot: { type: fault, doc: 'Tells right RSA padding from wrong (CVE-2017-13099 and others).', example: '"safe"', probe: 'intrusive' },
    ticketbleed: { type: fault, doc: 'Fills a short session id up from memory (CVE-2016-9244).', example: '"safe"', probe: 'intrusive' },
    padding_oracles: {
      type: list(oneOf('POODLE-TLS', 'ZOMBIE-POODLE', 'GOLDENDOODLE', 'SLEEPING-POODLE', 'ZERO-LENGTH', 'CVE-2016-2107')),
      doc: 'CBC padding oracles that three rounds agree on.',
      example: '[]',
      probe: 'intrusive',
    },
  },
});
