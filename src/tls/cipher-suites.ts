/** One cipher suite of the registry, and what its name says of it. */
export interface CipherSuite {
  /** Code point on the wire. */
  readonly code: number;
  /** Name of the IANA registry; for TLCP that of GB/T 38636, in the same form. */
  readonly iana: string;
  /** Name as OpenSSL writes it; the IANA name where OpenSSL never had the suite. */
  readonly name: string;
  /** The lowest protocol it belongs to, as OpenSSL counts: suites of TLS 1.2, and those that older versions know too. */
  readonly since: 'SSLv3' | 'TLSv1' | 'TLSv1.2' | 'TLSv1.3' | 'TLCP';
  readonly keyExchange: 'ECDHE' | 'DHE' | 'RSA' | 'ECDH' | 'DH' | 'PSK' | 'SRP' | 'KRB5' | 'ECCPWD' | 'GOST' | 'SM2' | 'SM9' | 'ANY';
  readonly authentication: 'RSA' | 'ECDSA' | 'DSS' | 'PSK' | 'SRP' | 'KRB5' | 'GOST' | 'SM2' | 'SM9' | 'NULL' | 'ANY';
  readonly encryption: string;
  /** Strength of the encryption in bits. */
  readonly bits: number;
  readonly aead: boolean;
  readonly mac: string;
  readonly exportGrade: boolean;
}

const DH5 = ['DH_DSS', 'DH_RSA', 'DHE_DSS', 'DHE_RSA', 'DH_anon'] as const;
const EC5 = ['ECDH_ECDSA', 'ECDHE_ECDSA', 'ECDH_RSA', 'ECDHE_RSA', 'ECDH_anon'] as const;
const EC4 = ['ECDHE_ECDSA', 'ECDH_ECDSA', 'ECDHE_RSA', 'ECDH_RSA'] as const;
const DH6 = ['DHE_RSA', 'DH_RSA', 'DHE_DSS', 'DH_DSS', 'DH_anon'] as const;
const PSK3 = ['PSK', 'DHE_PSK', 'RSA_PSK'] as const;

/** `first` and the codes after it: for each key exchange each cipher. */
type Block = readonly [first: number, keyExchanges: readonly string[], ciphers: readonly string[]];

/**
 * The registry "TLS Cipher Suites" of IANA (https://www.iana.org/assignments/tls-parameters, read 2026-11), with the suites
 * that were in use before they were registered: EXPORT1024 (draft-ietf-tls-56-bit-ciphersuites), the first ChaCha20 numbers
 * (draft-agl-tls-chacha20poly1305) and Netscape's FIPS suites.
 */
const BLOCKS: readonly Block[] = [
  [0x0001, ['RSA'], ['NULL_MD5', 'NULL_SHA']],
  [0x0003, ['RSA_EXPORT'], ['RC4_40_MD5']],
  [0x0004, ['RSA'], ['RC4_128_MD5', 'RC4_128_SHA']],
  [0x0006, ['RSA_EXPORT'], ['RC2_CBC_40_MD5']],
  [0x0007, ['RSA'], ['IDEA_CBC_SHA']],
  [0x0008, ['RSA_EXPORT'], ['DES40_CBC_SHA']],
  [0x0009, ['RSA'], ['DES_CBC_SHA', '3DES_EDE_CBC_SHA']],
  ...(['DH_DSS', 'DH_RSA', 'DHE_DSS', 'DHE_RSA'] as const).flatMap((kx, index): Block[] => [
    [0x000b + 3 * index, [`${kx}_EXPORT`], ['DES40_CBC_SHA']],
    [0x000c + 3 * index, [kx], ['DES_CBC_SHA', '3DES_EDE_CBC_SHA']],
  ]),
  [0x0017, ['DH_anon_EXPORT'], ['RC4_40_MD5']],
  [0x0018, ['DH_anon'], ['RC4_128_MD5']],
  [0x0019, ['DH_anon_EXPORT'], ['DES40_CBC_SHA']],
  [0x001a, ['DH_anon'], ['DES_CBC_SHA', '3DES_EDE_CBC_SHA']],
  [0x001e, ['KRB5'], ['DES_CBC_SHA', '3DES_EDE_CBC_SHA', 'RC4_128_SHA', 'IDEA_CBC_SHA']],
  [0x0022, ['KRB5'], ['DES_CBC_MD5', '3DES_EDE_CBC_MD5', 'RC4_128_MD5', 'IDEA_CBC_MD5']],
  [0x0026, ['KRB5_EXPORT'], ['DES_CBC_40_SHA', 'RC2_CBC_40_SHA', 'RC4_40_SHA', 'DES_CBC_40_MD5', 'RC2_CBC_40_MD5', 'RC4_40_MD5']],
  [0x002c, PSK3, ['NULL_SHA']],
  [0x002f, ['RSA', ...DH5], ['AES_128_CBC_SHA']],
  [0x0035, ['RSA', ...DH5], ['AES_256_CBC_SHA']],
  [0x003b, ['RSA'], ['NULL_SHA256', 'AES_128_CBC_SHA256', 'AES_256_CBC_SHA256']],
  [0x003e, ['DH_DSS', 'DH_RSA', 'DHE_DSS'], ['AES_128_CBC_SHA256']],
  [0x0041, ['RSA', ...DH5], ['CAMELLIA_128_CBC_SHA']],
  [0x0060, ['RSA_EXPORT1024'], ['RC4_56_MD5', 'RC2_CBC_56_MD5', 'DES_CBC_SHA']],
  [0x0063, ['DHE_DSS_EXPORT1024'], ['DES_CBC_SHA']],
  [0x0064, ['RSA_EXPORT1024', 'DHE_DSS_EXPORT1024'], ['RC4_56_SHA']],
  [0x0066, ['DHE_DSS'], ['RC4_128_SHA']],
  [0x0067, ['DHE_RSA'], ['AES_128_CBC_SHA256']],
  [0x0068, ['DH_DSS', 'DH_RSA', 'DHE_DSS', 'DHE_RSA'], ['AES_256_CBC_SHA256']],
  [0x006c, ['DH_anon'], ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA256']],
  [0x0080, ['GOSTR341094', 'GOSTR341001'], ['28147_CNT_IMIT']],
  [0x0082, ['GOSTR341094', 'GOSTR341001'], ['NULL_GOSTR3411']],
  [0x0084, ['RSA', ...DH5], ['CAMELLIA_256_CBC_SHA']],
  [0x008a, PSK3, ['RC4_128_SHA', '3DES_EDE_CBC_SHA', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA']],
  [0x0096, ['RSA', ...DH5], ['SEED_CBC_SHA']],
  [0x009c, ['RSA', ...DH6], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']],
  [0x00a8, PSK3, ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']],
  [0x00ae, PSK3, ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA384', 'NULL_SHA256', 'NULL_SHA384']],
  [0x00ba, ['RSA', ...DH5], ['CAMELLIA_128_CBC_SHA256']],
  [0x00c0, ['RSA', ...DH5], ['CAMELLIA_256_CBC_SHA256']],
  [0x00c6, [''], ['SM4_GCM_SM3', 'SM4_CCM_SM3']],
  [0x1301, [''], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256', 'AES_128_CCM_SHA256', 'AES_128_CCM_8_SHA256']],
  [0x1306, [''], ['AEGIS_256_SHA512', 'AEGIS_128L_SHA256']],
  [0xc001, EC5, ['NULL_SHA', 'RC4_128_SHA', '3DES_EDE_CBC_SHA', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA']],
  ...['3DES_EDE_CBC_SHA', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA'].map((cipher, index): Block => [
    0xc01a + 3 * index,
    ['SRP_SHA', 'SRP_SHA_RSA', 'SRP_SHA_DSS'],
    [cipher],
  ]),
  [0xc023, EC4, ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA384']],
  [0xc02b, EC4, ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384']],
  [0xc033, ['ECDHE_PSK'], ['RC4_128_SHA', '3DES_EDE_CBC_SHA', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA']],
  [0xc037, ['ECDHE_PSK'], ['AES_128_CBC_SHA256', 'AES_256_CBC_SHA384', 'NULL_SHA', 'NULL_SHA256', 'NULL_SHA384']],
  [0xc03c, ['RSA', ...DH5, ...EC4], ['ARIA_128_CBC_SHA256', 'ARIA_256_CBC_SHA384']],
  [0xc050, ['RSA', ...DH6, ...EC4], ['ARIA_128_GCM_SHA256', 'ARIA_256_GCM_SHA384']],
  [0xc064, PSK3, ['ARIA_128_CBC_SHA256', 'ARIA_256_CBC_SHA384']],
  [0xc06a, PSK3, ['ARIA_128_GCM_SHA256', 'ARIA_256_GCM_SHA384']],
  [0xc070, ['ECDHE_PSK'], ['ARIA_128_CBC_SHA256', 'ARIA_256_CBC_SHA384']],
  [0xc072, EC4, ['CAMELLIA_128_CBC_SHA256', 'CAMELLIA_256_CBC_SHA384']],
  [0xc07a, ['RSA', ...DH6, ...EC4], ['CAMELLIA_128_GCM_SHA256', 'CAMELLIA_256_GCM_SHA384']],
  [0xc08e, PSK3, ['CAMELLIA_128_GCM_SHA256', 'CAMELLIA_256_GCM_SHA384']],
  [0xc094, [...PSK3, 'ECDHE_PSK'], ['CAMELLIA_128_CBC_SHA256', 'CAMELLIA_256_CBC_SHA384']],
  [0xc09c, ['RSA', 'DHE_RSA'], ['AES_128_CCM', 'AES_256_CCM']],
  [0xc0a0, ['RSA', 'DHE_RSA'], ['AES_128_CCM_8', 'AES_256_CCM_8']],
  [0xc0a4, ['PSK', 'DHE_PSK'], ['AES_128_CCM', 'AES_256_CCM']],
  [0xc0a8, ['PSK', 'PSK_DHE'], ['AES_128_CCM_8', 'AES_256_CCM_8']],
  [0xc0ac, ['ECDHE_ECDSA'], ['AES_128_CCM', 'AES_256_CCM', 'AES_128_CCM_8', 'AES_256_CCM_8']],
  [0xc0b0, ['ECCPWD'], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'AES_128_CCM_SHA256', 'AES_256_CCM_SHA384']],
  [0xc0b4, [''], ['SHA256_SHA256', 'SHA384_SHA384']],
  [0xc100, ['GOSTR341112_256'], ['KUZNYECHIK_CTR_OMAC', 'MAGMA_CTR_OMAC', '28147_CNT_IMIT']],
  [0xc103, ['GOSTR341112_256'], ['KUZNYECHIK_MGM_L', 'MAGMA_MGM_L', 'KUZNYECHIK_MGM_S', 'MAGMA_MGM_S']],
  [0xcc13, ['ECDHE_RSA', 'ECDHE_ECDSA', 'DHE_RSA'], ['CHACHA20_POLY1305_SHA256_draft']],
  [0xcca8, ['ECDHE_RSA', 'ECDHE_ECDSA', 'DHE_RSA', 'PSK', 'ECDHE_PSK', 'DHE_PSK', 'RSA_PSK'], ['CHACHA20_POLY1305_SHA256']],
  [0xd001, ['ECDHE_PSK'], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'AES_128_CCM_8_SHA256']],
  [0xd005, ['ECDHE_PSK'], ['AES_128_CCM_SHA256']],
  [0xfefe, ['RSA_FIPS'], ['DES_CBC_SHA', '3DES_EDE_CBC_SHA']],
];

/** TLCP: GB/T 38636-2020 6.4.5.2.1, and the older suites of GM/T 0024-2014. No IANA assignment has this block. */
const TLCP: readonly (readonly [number, string])[] = [
  [0xe001, 'ECDHE_SM1_SM3'],
  [0xe003, 'ECC_SM1_SM3'],
  [0xe005, 'IBSDH_SM1_SM3'],
  [0xe007, 'IBC_SM1_SM3'],
  [0xe009, 'RSA_SM1_SM3'],
  [0xe00a, 'RSA_SM1_SHA1'],
  [0xe011, 'ECDHE_SM4_CBC_SM3'],
  [0xe013, 'ECC_SM4_CBC_SM3'],
  [0xe015, 'IBSDH_SM4_CBC_SM3'],
  [0xe017, 'IBC_SM4_CBC_SM3'],
  [0xe019, 'RSA_SM4_CBC_SM3'],
  [0xe01a, 'RSA_SM4_SHA1'],
  [0xe01c, 'RSA_SM4_CBC_SHA256'],
  [0xe051, 'ECDHE_SM4_GCM_SM3'],
  [0xe053, 'ECC_SM4_GCM_SM3'],
  [0xe055, 'IBSDH_SM4_GCM_SM3'],
  [0xe057, 'IBC_SM4_GCM_SM3'],
  [0xe059, 'RSA_SM4_GCM_SM3'],
  [0xe05a, 'RSA_SM4_GCM_SHA256'],
];

/** Signalling values that are no suites: RFC 5746 3.3 and RFC 7507. */
export const SCSV = { renegotiation: 0x00ff, fallback: 0x5600 } as const;

/** Ciphers by the beginning of the part after `WITH_`: encryption, bits (0: they are in the name), authenticated. */
const CIPHERS: readonly (readonly [RegExp, string, number])[] = [
  [/^(AES|ARIA|CAMELLIA)_(128|256)/, '', 0],
  [/^CHACHA20/, 'CHACHA20', 256],
  [/^AEGIS_(128|256)/, 'AEGIS', 0],
  [/^SM4/, 'SM4', 128],
  [/^SM1/, 'SM1', 128],
  [/^3DES/, '3DES', 112],
  [/^(?:DES40|DES_CBC_40)/, 'DES', 40],
  [/^DES/, 'DES', 56],
  [/^RC4_(40|56|128)/, 'RC4', 0],
  [/^RC2_CBC_(40|56)/, 'RC2', 0],
  [/^IDEA/, 'IDEA', 128],
  [/^SEED/, 'SEED', 128],
  [/^(?:KUZNYECHIK|MAGMA|28147)/, 'GOST', 256],
  [/^(?:NULL|SHA)/, 'NULL', 0],
];

function suiteOf(code: number, exchange: string, cipher: string, since?: 'TLCP'): CipherSuite {
  const [pattern, encryption = '', strength = 0] = CIPHERS.find(([candidate]) => candidate.test(cipher)) ?? [];
  const match = pattern?.exec(cipher);
  const aead = /GCM|CCM|POLY1305|AEGIS|MGM/.test(cipher);
  const mac = aead ? 'AEAD' : (/(SHA384|SHA256|SHA|MD5|SM3|OMAC|IMIT|GOSTR3411)1?$/.exec(cipher)?.[1] ?? 'AEAD');
  const iana = exchange === '' ? `TLS_${cipher}` : `TLS_${exchange}_WITH_${cipher}`;
  const parts = { exchange: exchange.replace(/_(?:EXPORT(?:1024)?|FIPS)$/, ''), cipher };
  return {
    code,
    iana: since === undefined ? iana : `${exchange}_${cipher}`,
    name: since === undefined ? opensslName(exchange, cipher, iana) : `${exchange}-${cipher.replaceAll('_', '-')}`,
    since: since ?? (exchange === '' || cipher.includes('MGM') ? 'TLSv1.3' : sinceOf(parts.exchange, aead, mac, code)),
    keyExchange: exchange === '' ? 'ANY' : keyExchangeOf(parts.exchange),
    authentication: exchange === '' ? 'ANY' : authenticationOf(parts.exchange),
    encryption: encryption === '' ? (match?.[1] ?? '') : encryption,
    bits: strength === 0 ? Number(match?.at(-1)?.match(/\d+$/)?.[0] ?? 0) : strength,
    aead,
    mac,
    exportGrade: exchange.includes('EXPORT'),
  };
}

function sinceOf(exchange: string, aead: boolean, mac: string, code: number): CipherSuite['since'] {
  // OpenSSL takes CBC and NULL suites of pre-shared keys in TLS 1.0, whatever their hash.
  if (!aead && exchange.endsWith('PSK') && ['SHA256', 'SHA384'].includes(mac)) return 'TLSv1';
  if (aead || ['SHA256', 'SHA384', 'OMAC'].includes(mac)) return 'TLSv1.2';
  return code >= 0xc001 && exchange.startsWith('ECDH') ? 'TLSv1' : 'SSLv3';
}

function keyExchangeOf(exchange: string): CipherSuite['keyExchange'] {
  if (/^(?:ECDHE|ECDH_anon)/.test(exchange)) return 'ECDHE';
  if (/^(?:DHE|DH_anon|PSK_DHE)/.test(exchange)) return 'DHE';
  if (exchange.startsWith('GOST')) return 'GOST';
  if (/^(?:IBSDH|IBC)/.test(exchange)) return 'SM9';
  const first = exchange.split('_')[0] ?? '';
  return KEY_EXCHANGES[first] ?? 'RSA';
}

const KEY_EXCHANGES: Readonly<Record<string, CipherSuite['keyExchange']>> = {
  ECDH: 'ECDH',
  DH: 'DH',
  PSK: 'PSK',
  SRP: 'SRP',
  KRB5: 'KRB5',
  ECCPWD: 'ECCPWD',
  ECC: 'SM2',
};

function authenticationOf(exchange: string): CipherSuite['authentication'] {
  if (exchange.endsWith('_anon')) return 'NULL';
  if (/PSK/.test(exchange)) return 'PSK';
  if (/^(?:IBSDH|IBC)/.test(exchange)) return 'SM9';
  if (exchange.startsWith('GOST')) return 'GOST';
  if (exchange === 'ECC' || exchange === 'ECDHE') return 'SM2'; // TLCP
  const last = exchange.split('_').at(-1) ?? '';
  return AUTHENTICATIONS[last] ?? 'RSA';
}

const AUTHENTICATIONS: Readonly<Record<string, CipherSuite['authentication']>> = {
  ECDSA: 'ECDSA',
  DSS: 'DSS',
  SHA: 'SRP',
  KRB5: 'KRB5',
  ECCPWD: 'PSK',
};

/** OpenSSL's names: https://docs.openssl.org/3.5/man1/openssl-ciphers/#cipher-suite-names */
function opensslName(exchange: string, cipher: string, iana: string): string {
  if (!/^(?:(?:RSA|DHE?_(?:DSS|RSA)|DH_anon)(?:_EXPORT)?|ECDHE?_(?:ECDSA|RSA)|ECDH_anon)$/.test(exchange)) return iana;
  if (cipher.endsWith('draft')) return iana;
  const strong = cipher
    .replace(/^(AES|ARIA|CAMELLIA)_(128|256)_CBC/, '$1$2')
    .replace(/^(AES|ARIA|CAMELLIA)_(128|256)/, '$1$2')
    .replace('CHACHA20_POLY1305_SHA256', 'CHACHA20-POLY1305')
    .replace('3DES_EDE_CBC', 'DES-CBC3')
    .replace('DES40_CBC', 'DES-CBC')
    .replace(/RC4_(?:40|128)/, 'RC4')
    .replace('RC2_CBC_40', 'RC2-CBC')
    .replace('SEED_CBC', 'SEED')
    .replace('CCM_8', 'CCM8')
    .replaceAll('_', '-');
  const plain = exchange.replace('_EXPORT', '');
  const single = cipher.startsWith('DES') && plain.startsWith('DHE'); // single DES kept the older word
  const prefix = ANONYMOUS[plain] ?? (plain === 'RSA' ? '' : `${(single ? plain.replace('DHE', 'EDH') : plain).replace('_', '-')}-`);
  const arian = plain === 'ECDHE_RSA' && cipher.startsWith('ARIA') && cipher.includes('GCM') ? 'ECDHE-' : prefix; // OpenSSL's oddity
  return `${exchange.endsWith('_EXPORT') ? 'EXP-' : ''}${arian}${strong}`;
}

const ANONYMOUS: Readonly<Record<string, string>> = { DH_anon: 'ADH-', ECDH_anon: 'AECDH-' };

/** Every suite of the registry, by code point. */
export const CIPHER_SUITES: ReadonlyMap<number, CipherSuite> = new Map(
  [
    ...BLOCKS.flatMap(([first, exchanges, ciphers]) =>
      exchanges.flatMap((exchange, row) =>
        ciphers.map((cipher, column) => suiteOf(first + row * ciphers.length + column, exchange, cipher)),
      ),
    ),
    ...TLCP.map(([code, name]) => suiteOf(code, name.slice(0, name.indexOf('_')), name.slice(name.indexOf('_') + 1), 'TLCP')),
  ].map((suite) => [suite.code, suite]),
);

/** A block cipher in CBC mode. */
export function isCbc(suite: CipherSuite | undefined): boolean {
  return suite !== undefined && !suite.aead && !['RC4', 'NULL'].includes(suite.encryption);
}

/** Names that OpenSSL used besides today's. */
const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ['EDH-RSA-DES-CBC3-SHA', 'DHE-RSA-DES-CBC3-SHA'],
  ['EDH-DSS-DES-CBC3-SHA', 'DHE-DSS-DES-CBC3-SHA'],
];

const BY_NAME: ReadonlyMap<string, CipherSuite> = byName();

function byName(): ReadonlyMap<string, CipherSuite> {
  const names = new Map([...CIPHER_SUITES.values()].flatMap((suite) => [[suite.iana, suite] as const, [suite.name, suite] as const]));
  for (const [other, name] of OTHER_NAMES) {
    const suite = names.get(name);
    if (suite !== undefined) names.set(other, suite);
  }
  return names;
}

/** The suite of an OpenSSL or IANA name; undefined when the name is none that we know. */
export function cipherSuite(name: string): CipherSuite | undefined {
  return BY_NAME.get(name);
}
