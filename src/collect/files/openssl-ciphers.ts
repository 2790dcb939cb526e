import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { tlsListener } from '../../resources/tls-listener.ts';
import { suiteRecord, type SuiteVersions } from '../suite-facts.ts';
import { cipherSuite, type CipherSuite } from '../../tls/cipher-suites.ts';
import { ALIASED_SUITES, HISTORICAL_SUITES, TLS13_DEFAULT } from '../../tls/openssl-suites.ts';
import { compareVersions } from './defaults.ts';

type SuitesFact = KindFacts<typeof tlsListener>['suites'];
type ProtocolsFact = KindFacts<typeof tlsListener>['protocols'];
type Wanted = (suite: CipherSuite) => boolean;

const isHigh: Wanted = ({ bits, encryption }) => bits >= 128 && !['RC4', 'RC2', 'IDEA', 'SEED', '3DES', 'NULL'].includes(encryption);

/** Aliases of cipher strings: https://docs.openssl.org/3.0/man1/openssl-ciphers/ */
const ALIASES: Readonly<Record<string, Wanted>> = {
  ALL: ({ encryption }) => encryption !== 'NULL',
  COMPLEMENTOFALL: ({ encryption }) => encryption === 'NULL',
  DEFAULT: ({ encryption, authentication }) =>
    encryption !== 'NULL' && authentication !== 'NULL' && encryption !== 'ARIA' && encryption !== 'CAMELLIA',
  HIGH: isHigh,
  MEDIUM: ({ encryption }) => ['RC4', 'IDEA', 'SEED', '3DES'].includes(encryption),
  LOW: ({ encryption, exportGrade }) => encryption === 'DES' && !exportGrade,
  ...group(['EXP', 'EXPORT', 'EXPORT40', 'EXPORT56'], ({ exportGrade }) => exportGrade),
  ...group(['eNULL', 'NULL'], ({ encryption }) => encryption === 'NULL'),
  aNULL: ({ authentication }) => authentication === 'NULL',
  ...group(['kRSA', 'RSA'], ({ keyExchange }) => keyExchange === 'RSA'),
  aRSA: ({ authentication }) => authentication === 'RSA',
  ...group(['kDHE', 'kEDH', 'DH'], ({ keyExchange }) => keyExchange === 'DHE'),
  ...group(['DHE', 'EDH'], ({ keyExchange, authentication }) => keyExchange === 'DHE' && authentication !== 'NULL'),
  ADH: ({ keyExchange, authentication }) => keyExchange === 'DHE' && authentication === 'NULL',
  ...group(['kECDHE', 'kEECDH'], ({ keyExchange }) => keyExchange === 'ECDHE'),
  ...group(['ECDHE', 'EECDH'], ({ keyExchange, authentication }) => keyExchange === 'ECDHE' && authentication !== 'NULL'),
  AECDH: ({ keyExchange, authentication }) => keyExchange === 'ECDHE' && authentication === 'NULL',
  ...group(['kECDH', 'kECDHr', 'kECDHe'], ({ keyExchange }) => keyExchange === 'ECDH'),
  ECDH: ({ keyExchange }) => keyExchange === 'ECDH' || keyExchange === 'ECDHE',
  ...group(['kDH', 'kDHr', 'kDHd'], ({ keyExchange }) => keyExchange === 'DH'),
  ...group(['aDSS', 'DSS'], ({ authentication }) => authentication === 'DSS'),
  ...group(['aECDSA', 'ECDSA', 'aECDH'], ({ authentication }) => authentication === 'ECDSA'),
  ...group(['TLSv1.2'], ({ since }) => since === 'TLSv1.2'),
  ...group(['TLSv1.0', 'TLSv1'], ({ since }) => since === 'TLSv1'),
  SSLv3: ({ since }) => since === 'SSLv3',
  SSLv2: () => false,
  AES: ({ encryption }) => encryption === 'AES',
  AES128: ({ encryption, bits }) => encryption === 'AES' && bits === 128,
  AES256: ({ encryption, bits }) => encryption === 'AES' && bits === 256,
  AESGCM: ({ encryption, name }) => encryption === 'AES' && name.includes('GCM'),
  ...group(['AESCCM'], ({ name }) => name.includes('-CCM')),
  AESCCM8: ({ name }) => name.includes('-CCM8'),
  ...group(['ARIA', 'ARIAGCM'], ({ encryption }) => encryption === 'ARIA'),
  ARIA128: ({ encryption, bits }) => encryption === 'ARIA' && bits === 128,
  ARIA256: ({ encryption, bits }) => encryption === 'ARIA' && bits === 256,
  CAMELLIA: ({ encryption }) => encryption === 'CAMELLIA',
  CAMELLIA128: ({ encryption, bits }) => encryption === 'CAMELLIA' && bits === 128,
  CAMELLIA256: ({ encryption, bits }) => encryption === 'CAMELLIA' && bits === 256,
  CHACHA20: ({ encryption }) => encryption === 'CHACHA20',
  '3DES': ({ encryption }) => encryption === '3DES',
  DES: ({ encryption }) => encryption === 'DES',
  RC4: ({ encryption }) => encryption === 'RC4',
  RC2: ({ encryption }) => encryption === 'RC2',
  IDEA: ({ encryption }) => encryption === 'IDEA',
  SEED: ({ encryption }) => encryption === 'SEED',
  MD5: ({ mac }) => mac === 'MD5',
  ...group(['SHA', 'SHA1'], ({ mac }) => mac === 'SHA'),
  SHA256: ({ mac }) => mac === 'SHA256',
  SHA384: ({ mac }) => mac === 'SHA384',
  // Suites that need a shared key, a password file or an engine: no server here can negotiate them without further set-up.
  ...group(
    [
      'PSK',
      'kPSK',
      'aPSK',
      'kECDHEPSK',
      'kDHEPSK',
      'kRSAPSK',
      'SRP',
      'kSRP',
      'aSRP',
      'GOST',
      'kGOST',
      'aGOST',
      'aGOST01',
      'GOST94',
      'GOST89MAC',
      'CBC',
      'KRB5',
      'kFZA',
      'aFZA',
      'eFZA',
      'FZA',
    ],
    () => false,
  ),
};

function group(names: readonly string[], wanted: Wanted): Record<string, Wanted> {
  return Object.fromEntries(names.map((name) => [name, wanted]));
}

interface Chosen {
  readonly suite: CipherSuite;
  readonly origin: Origin;
}

/**
 * The suites that an OpenSSL cipher string lets through, each pointing at the word that lets it in. What an alias stands
 * for depends on the library's version: where that is not known (or older than 1.1.0) the list stays open.
 */
export function parseCipherString(
  text: string,
  at: (start: number, end: number) => Origin,
  protocols: KindFacts<typeof tlsListener>['protocols'],
  openssl: Fact<string>,
): SuitesFact {
  const whole = at(0, text.length);
  const open: Unknown[] = [];
  let chosen: readonly Chosen[] = [];
  const killed = new Set<string>();
  for (const match of text.matchAll(/[^:,;\s]+/g)) {
    const [word] = match;
    const origin = at(match.index, match.index + word.length);
    const [, sign = '', body = ''] = /^([!+-]?)(.*)$/.exec(word) ?? [];
    if (body.startsWith('@')) continue;
    const exact = cipherSuite(body);
    const parts = body.split('+');
    const wants = parts.map((part) => ALIASES[part]);
    const suites =
      exact === undefined
        ? [...ALIASED_SUITES, ...HISTORICAL_SUITES].filter((suite) =>
            wants.every((wanted, index) => wanted?.(suite) ?? parts[index] === suite.name),
          )
        : [exact];
    const understood =
      exact !== undefined || wants.every((wanted, index) => wanted !== undefined || cipherSuite(parts[index] ?? '') !== undefined);
    if (!understood && /^(?:ECDHE|DHE|RSA)?-?(?:PSK|SRP)-/.test(body)) continue;
    if (!understood) {
      open.push(unknown('unresolved', `cipher string "${body}"`, origin));
      continue;
    }
    const named = new Set(suites.map(({ name }) => name));
    if (sign === '!') for (const name of named) killed.add(name);
    if (sign === '!' || sign === '-') chosen = chosen.filter(({ suite }) => !named.has(suite.name));
    if (sign !== '') continue;
    const isCurrent = (suite: CipherSuite): boolean => exact !== undefined || !HISTORICAL_SUITES.some(({ name }) => name === suite.name);
    // A suite that signs with DSA needs a certificate of that kind, which no authority issues: an alias alone lets none of them in.
    const usable = ({ authentication }: CipherSuite): boolean =>
      exact !== undefined || authentication !== 'DSS' || parts.some((part) => part.includes('DSS'));
    if (exact === undefined) open.push(...aliasGap(body, openssl, origin));
    const added = suites.filter(
      (suite) => isCurrent(suite) && usable(suite) && !killed.has(suite.name) && !chosen.some((one) => one.suite.name === suite.name),
    );
    const from = exact === undefined ? derived(`OpenSSL cipher alias ${body}`, origin) : origin;
    chosen = [...chosen, ...added.map((suite) => ({ suite, origin: from }))];
  }
  return withProtocols(chosen, protocols, open, whole);
}

function aliasGap(alias: string, openssl: Fact<string>, origin: Origin): readonly Unknown[] {
  if (openssl.state === 'known' && compareVersions(openssl.value, '1.1.0') >= 0) return [];
  return [unknown('unresolved', `cipher alias ${alias}: depends on the version of OpenSSL`, origin)];
}

/** TLS 1.3 suites come with the protocol; the others go where no older protocol is left. */
function withProtocols(
  chosen: readonly Chosen[],
  protocols: KindFacts<typeof tlsListener>['protocols'],
  open: readonly Unknown[],
  whole: Origin,
): SuitesFact {
  if (protocols.state !== 'known') {
    const why = protocols.state === 'unknown' ? protocols : unknown('unresolved', 'protocols', whole);
    return known(
      chosen.map((one) => suiteFact(one, protocols)),
      whole,
      [...open, why],
    );
  }
  const names = protocols.value.flatMap((fact) => (fact.state === 'known' ? [fact.value] : []));
  const older = names.some((name) => name !== 'TLSv1.3');
  const newest = names.includes('TLSv1.3')
    ? TLS13_DEFAULT.flatMap((name) => {
        const suite = cipherSuite(name);
        return suite === undefined ? [] : [{ suite, origin: derived('TLS 1.3 suites are on by default', protocols.origin) }];
      })
    : [];
  const uncertain = protocols.open ?? [];
  return known(
    [...newest, ...(older || uncertain.length > 0 ? chosen : [])].map((one) => suiteFact(one, protocols)),
    whole,
    [...(older || uncertain.length > 0 ? open : []), ...uncertain],
  );
}

function suiteFact({ suite, origin }: Chosen, protocols: ProtocolsFact): Extract<SuitesFact, { state: 'known' }>['value'][number] {
  return known(suiteRecord(suite, versionsOf(suite, protocols, origin), origin), origin);
}

/** The versions that are on and that know the suite. */
function versionsOf({ since }: CipherSuite, protocols: ProtocolsFact, origin: Origin): SuiteVersions {
  if (protocols.state !== 'known') return protocols.state === 'unknown' ? protocols : unknown('unresolved', 'protocols', protocols.origin);
  const from =
    since === 'TLSv1.3' ? ['TLSv1.3'] : ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'].slice(since === 'TLSv1.2' ? 3 : since === 'TLSv1' ? 1 : 0);
  const on = protocols.value.filter((fact) => fact.state === 'known' && from.includes(fact.value));
  return known(on, derived('versions that are on and know the suite', origin, protocols.origin), protocols.open);
}
