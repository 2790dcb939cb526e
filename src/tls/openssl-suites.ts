import { cipherSuite, type CipherSuite } from './cipher-suites.ts';

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

/** TLS 1.3 suites that OpenSSL offers by default, in its order. */
export const TLS13_DEFAULT = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] as const;

function named(name: string): CipherSuite {
  const suite = cipherSuite(name);
  if (suite === undefined) throw new Error(`${name} is not in the registry`);
  return { ...suite, name };
}

/** Suites that an alias of OpenSSL's cipher strings can stand for: current ones by default, historical ones by name. */
export const ALIASED_SUITES: readonly CipherSuite[] = MODERN.map(named);
export const HISTORICAL_SUITES: readonly CipherSuite[] = HISTORICAL.map(named);
