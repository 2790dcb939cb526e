import { CIPHER_SUITES, type CipherSuite } from '../../tls/cipher-suites.ts';
import type { Protocol } from '../../tls/protocols.ts';

/** More suites than this have been refused by servers that count them. */
const MAX_SUITES = 120;
/** More than this in a hello without extensions, which cannot be padded, and it is 256 to 511 bytes long (RFC 7685 1). */
const MAX_SUITES_BARE = 104;

const EXCHANGES = ['ECDHE', 'DHE', 'RSA', 'ECDH', 'DH', 'PSK', 'SRP', 'KRB5', 'GOST', 'ECCPWD', 'SM2', 'SM9', 'ANY'];
const CIPHERS = ['AES', 'CHACHA20', 'ARIA', 'CAMELLIA', 'SM4', 'SEED', 'IDEA', '3DES', 'RC4', 'DES', 'RC2', 'GOST', 'NULL'];

/**
 * The suites that a version can have, in groups that are asked for apart. Groups lie one after the other in the order that
 * most servers prefer, so that the server's whole order usually follows from the order within each and one comparison at each
 * border. What no usual server has comes last.
 */
export function candidateGroups(protocol: Exclude<Protocol, 'SSLv2' | 'TLCP' | 'TLSv1.3'>): readonly (readonly number[])[] {
  const all = [...CIPHER_SUITES.values()].filter(({ since }) => since !== 'TLSv1.3' && since !== 'TLCP');
  const fitting = all.filter(({ since }) => protocol === 'TLSv1.2' || since !== 'TLSv1.2').toSorted(byPreference);
  const usual = (suite: CipherSuite): boolean => isUsual(suite);
  if (protocol !== 'TLSv1.2') {
    const others = fitting.filter((suite) => !usual(suite));
    const spilt = Math.max(0, others.length - (protocol === 'SSLv3' ? MAX_SUITES_BARE : MAX_SUITES));
    return cut([[...fitting.filter(usual), ...others.slice(0, spilt)], others.slice(spilt)]);
  }
  const secret = ({ keyExchange }: CipherSuite): boolean => keyExchange === 'ECDHE' || keyExchange === 'DHE';
  const first = fitting.filter((suite) => usual(suite) && secret(suite) && suite.aead);
  const second = fitting.filter((suite) => usual(suite) && !first.includes(suite));
  const rest = fitting.filter((suite) => !usual(suite)).toSorted((a, b) => Number(isLegacy(b)) - Number(isLegacy(a)));
  const room = MAX_SUITES - second.length;
  return cut([first, [...second, ...rest.slice(0, room)], rest.slice(room)]);
}

/** What libraries in use today have, or had until lately. */
function isUsual({ keyExchange, authentication, encryption, exportGrade }: CipherSuite): boolean {
  return (
    ['ECDHE', 'DHE', 'RSA'].includes(keyExchange) &&
    ['RSA', 'ECDSA'].includes(authentication) &&
    !['NULL', 'DES', 'RC2', 'SEED', 'IDEA'].includes(encryption) &&
    !exportGrade
  );
}

/** What old servers have that were never tidied up: anonymous, export, NULL, DES. */
function isLegacy({ keyExchange, authentication, encryption }: CipherSuite): boolean {
  return (
    ['ECDHE', 'DHE', 'RSA'].includes(keyExchange) &&
    ['RSA', 'ECDSA', 'DSS', 'NULL'].includes(authentication) &&
    !['ARIA', 'CAMELLIA'].includes(encryption)
  );
}

/** Roughly OpenSSL's default order: exchange, then strength with authenticated encryption first, then the cipher. */
function byPreference(a: CipherSuite, b: CipherSuite): number {
  return (
    Number(b.aead) - Number(a.aead) ||
    EXCHANGES.indexOf(a.keyExchange) - EXCHANGES.indexOf(b.keyExchange) ||
    CIPHERS.indexOf(a.encryption) - CIPHERS.indexOf(b.encryption) ||
    b.bits - a.bits ||
    a.code - b.code
  );
}

function cut(groups: readonly (readonly CipherSuite[])[]): readonly (readonly number[])[] {
  return groups.flatMap((group) => {
    const parts = Math.ceil(group.length / MAX_SUITES);
    const size = Math.ceil(group.length / Math.max(1, parts));
    return Array.from({ length: parts }, (_, index) => group.slice(index * size, (index + 1) * size).map(({ code }) => code));
  });
}

/** Suites of TLS 1.3 in the order they are offered. */
export const TLS13_SUITES: readonly number[] = [...CIPHER_SUITES.values()]
  .filter(({ since }) => since === 'TLSv1.3')
  .map(({ code }) => code);
/** Suites of TLCP: those of GB/T 38636 first. */
export const TLCP_SUITES: readonly number[] = [...CIPHER_SUITES.values()]
  .filter(({ since }) => since === 'TLCP')
  .map(({ code }) => code)
  .toSorted((a, b) => Number(b >= 0xe011) - Number(a >= 0xe011) || a - b);
