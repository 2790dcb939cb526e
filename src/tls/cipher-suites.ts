/** What a cipher suite's name says of it. */
export interface CipherSuite {
  /** Name as OpenSSL writes it. */
  readonly name: string;
  /** The lowest protocol family it belongs to: suites of TLS 1.2, and those that older versions know too. */
  readonly since: 'SSLv3' | 'TLSv1' | 'TLSv1.2' | 'TLSv1.3';
  readonly keyExchange: 'ECDHE' | 'DHE' | 'RSA' | 'ECDH' | 'DH' | 'PSK' | 'SRP' | 'GOST' | 'SM2' | 'ANY';
  readonly authentication: 'RSA' | 'ECDSA' | 'DSS' | 'PSK' | 'SRP' | 'GOST' | 'SM2' | 'NULL' | 'ANY';
  readonly encryption: string;
  /** Strength in bits. */
  readonly bits: number;
  readonly aead: boolean;
  readonly mac: string;
  readonly exportGrade: boolean;
}

const AUTHENTICATIONS = ['RSA', 'ECDSA', 'DSS'] as const;

/** Names of the suites that OpenSSL 3 can be built with, without TLS 1.3, PSK and SRP (`openssl ciphers -v ALL:COMPLEMENTOFALL`). */
const MODERN = [
  ...['256-GCM-SHA384', '128-GCM-SHA256'].flatMap((aes) => [
    `ECDHE-ECDSA-AES${aes}`,
    `ECDHE-RSA-AES${aes}`,
    `DHE-DSS-AES${aes}`,
    `DHE-RSA-AES${aes}`,
    `ADH-AES${aes}`,
    `AES${aes}`,
  ]),
  ...['ECDHE-ECDSA', 'ECDHE-RSA', 'DHE-RSA'].map((exchange) => `${exchange}-CHACHA20-POLY1305`),
  ...['256', '128'].flatMap((bits) => [
    `ECDHE-ECDSA-AES${bits}-CCM8`,
    `ECDHE-ECDSA-AES${bits}-CCM`,
    `DHE-RSA-AES${bits}-CCM8`,
    `DHE-RSA-AES${bits}-CCM`,
    `AES${bits}-CCM8`,
    `AES${bits}-CCM`,
  ]),
  ...['256-GCM-SHA384', '128-GCM-SHA256'].flatMap((aria) => [
    `ECDHE-ECDSA-ARIA${aria}`,
    `ECDHE-ARIA${aria}`,
    `DHE-DSS-ARIA${aria}`,
    `DHE-RSA-ARIA${aria}`,
    `ARIA${aria}`,
  ]),
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-CAMELLIA256-SHA384',
  'ECDHE-RSA-CAMELLIA256-SHA384',
  'ECDHE-ECDSA-CAMELLIA128-SHA256',
  'ECDHE-RSA-CAMELLIA128-SHA256',
  ...['DHE-RSA-', 'DHE-DSS-', 'ADH-', ''].flatMap((exchange) =>
    ['AES256', 'AES128', 'CAMELLIA256', 'CAMELLIA128'].flatMap((cipher) => [`${exchange}${cipher}-SHA256`, `${exchange}${cipher}-SHA`]),
  ),
  ...['ECDHE-ECDSA', 'ECDHE-RSA', 'AECDH'].flatMap((exchange) => [
    `${exchange}-AES256-SHA`,
    `${exchange}-AES128-SHA`,
    `${exchange}-NULL-SHA`,
  ]),
  'NULL-SHA256',
  'NULL-SHA',
  'NULL-MD5',
];

/** Suites that OpenSSL has had and default builds leave out since 1.1.0, or that are gone. A file may still ask for them. */
const HISTORICAL = [
  ...['ECDHE-ECDSA', 'ECDHE-RSA', 'AECDH'].flatMap((exchange) => [`${exchange}-DES-CBC3-SHA`, `${exchange}-RC4-SHA`]),
  'DHE-RSA-DES-CBC3-SHA',
  'DHE-DSS-DES-CBC3-SHA',
  'EDH-RSA-DES-CBC3-SHA',
  'EDH-DSS-DES-CBC3-SHA',
  'ADH-DES-CBC3-SHA',
  'DES-CBC3-SHA',
  'EDH-RSA-DES-CBC-SHA',
  'EDH-DSS-DES-CBC-SHA',
  'ADH-DES-CBC-SHA',
  'DES-CBC-SHA',
  'ADH-RC4-MD5',
  'RC4-SHA',
  'RC4-MD5',
  'IDEA-CBC-SHA',
  'DHE-RSA-SEED-SHA',
  'DHE-DSS-SEED-SHA',
  'ADH-SEED-SHA',
  'SEED-SHA',
  'EXP-EDH-RSA-DES-CBC-SHA',
  'EXP-EDH-DSS-DES-CBC-SHA',
  'EXP-ADH-DES-CBC-SHA',
  'EXP-ADH-RC4-MD5',
  'EXP-DES-CBC-SHA',
  'EXP-RC2-CBC-MD5',
  'EXP-RC4-MD5',
  ...['RSA', 'ECDSA'].flatMap((authentication) =>
    ['AES256-SHA', 'AES128-SHA', 'DES-CBC3-SHA', 'RC4-SHA', 'NULL-SHA', 'AES256-GCM-SHA384', 'AES128-GCM-SHA256'].map(
      (cipher) => `ECDH-${authentication}-${cipher}`,
    ),
  ),
];

/** TLS 1.3 (RFC 8446 B.4), in OpenSSL's default order, then the two that it leaves out by default and those of RFC 8998. */
export const TLS13_DEFAULT = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] as const;

const ENCRYPTIONS: readonly (readonly [RegExp, string, number, boolean])[] = [
  [/CHACHA20/, 'CHACHA20', 256, true],
  [/(AES|ARIA)(128|256)[-_](?:GCM|CCM)/, '$1', 0, true],
  [/(AES|ARIA|CAMELLIA)_?-?(128|256)/, '$1', 0, false],
  [/SM4[-_](?:GCM|CCM)/, 'SM4', 128, true],
  [/SM4/, 'SM4', 128, false],
  [/DES-CBC3|3DES/, '3DES', 112, false],
  [/DES-CBC-/, 'DES', 56, false],
  [/RC4/, 'RC4', 128, false],
  [/RC2/, 'RC2', 128, false],
  [/IDEA/, 'IDEA', 128, false],
  [/SEED/, 'SEED', 128, false],
  [/GOST/, 'GOST', 256, false],
  [/NULL/, 'NULL', 0, false],
];

/** Reads a suite's properties out of its OpenSSL name; undefined when the name is none that we know. */
export function cipherSuite(name: string): CipherSuite | undefined {
  return ALL.get(name);
}

function parse(name: string): CipherSuite {
  const exportGrade = name.startsWith('EXP-');
  const plain = name.replace(/^EXP-/, '');
  const [pattern, cipher = '', strength = 0, aead = false] = ENCRYPTIONS.find(([candidate]) => candidate.test(plain)) ?? [];
  const match = pattern?.exec(plain);
  const mac = /-(SHA384|SHA256|SHA|MD5)$/.exec(plain)?.[1] ?? 'AEAD';
  return {
    name,
    since: sinceOf(plain, aead, mac),
    keyExchange: keyExchangeOf(plain),
    authentication: authenticationOf(plain),
    encryption: cipher === '$1' ? (match?.[1] ?? '') : cipher,
    bits: exportGrade ? 40 : strength === 0 && cipher === '$1' ? Number(match?.[2] ?? 0) : strength,
    aead,
    mac: aead ? 'AEAD' : mac,
    exportGrade,
  };
}

function sinceOf(name: string, aead: boolean, mac: string): CipherSuite['since'] {
  if (aead || mac === 'SHA256' || mac === 'SHA384') return 'TLSv1.2';
  return /^(?:ECDHE|AECDH|ECDH)-/.test(name) ? 'TLSv1' : 'SSLv3';
}

function keyExchangeOf(name: string): CipherSuite['keyExchange'] {
  if (/^(?:ECDHE|AECDH)-/.test(name)) return 'ECDHE';
  if (/^(?:DHE|EDH|ADH)-/.test(name)) return 'DHE';
  if (name.startsWith('ECDH-')) return 'ECDH';
  return 'RSA';
}

function authenticationOf(name: string): CipherSuite['authentication'] {
  if (/^(?:ADH|AECDH)-/.test(name)) return 'NULL';
  const second = name.split('-')[1];
  return AUTHENTICATIONS.find((one) => one === second && /^(?:ECDHE|DHE|EDH|ECDH)-/.test(name)) ?? 'RSA';
}

const TLS13 = [...TLS13_DEFAULT, 'TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256', 'TLS_SM4_GCM_SM3', 'TLS_SM4_CCM_SM3'].map(
  (name): CipherSuite => {
    const own = parse(name.replaceAll('_', '-'));
    return {
      ...own,
      name,
      since: 'TLSv1.3',
      keyExchange: 'ANY',
      authentication: 'ANY',
      encryption: /CHACHA20/.test(name) ? 'CHACHA20' : /SM4/.test(name) ? 'SM4' : 'AES',
      bits: name.includes('256_GCM') || name.includes('CHACHA20') ? 256 : 128,
      aead: true,
      mac: 'AEAD',
    };
  },
);

const ALL: ReadonlyMap<string, CipherSuite> = new Map(
  [...TLS13, ...MODERN.map(parse), ...HISTORICAL.map(parse)].map((suite) => [suite.name, suite]),
);

/** Suites that an alias of OpenSSL's cipher strings can stand for: current ones by default, historical ones by name. */
export const ALIASED_SUITES: readonly CipherSuite[] = MODERN.map(parse);
export const HISTORICAL_SUITES: readonly CipherSuite[] = HISTORICAL.map(parse);
