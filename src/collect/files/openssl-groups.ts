import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import { NAMED_GROUPS } from '../../tls/named-groups.ts';

/** Names of groups that OpenSSL has and IANA does not: https://docs.openssl.org/3.5/man3/SSL_CTX_set1_curves/ */
const ALIASES: Readonly<Record<string, string>> = {
  prime192v1: 'secp192r1',
  prime256v1: 'secp256r1',
  'p-192': 'secp192r1',
  'p-224': 'secp224r1',
  'p-256': 'secp256r1',
  'p-384': 'secp384r1',
  'p-521': 'secp521r1',
  'k-163': 'sect163k1',
  'b-163': 'sect163r2',
  'k-233': 'sect233k1',
  'b-233': 'sect233r1',
  'k-283': 'sect283k1',
  'b-283': 'sect283r1',
  'k-409': 'sect409k1',
  'b-409': 'sect409r1',
  'k-571': 'sect571k1',
  'b-571': 'sect571r1',
  sm2: 'curveSM2',
};

const BY_NAME = new Map([...NAMED_GROUPS.values()].map(({ name }) => [name.toLowerCase(), name] as const));

/** The IANA name of a group as OpenSSL takes it, in any case; undefined for one that neither has. */
function ianaGroup(name: string): string | undefined {
  const plain = name.toLowerCase();
  return ALIASES[plain] ?? BY_NAME.get(plain);
}

/**
 * A group of a list as OpenSSL takes it. `*` (3.5) asks for a key share and changes nothing else; `?group` (3.5) is left out by a
 * library that does not have it: whether it is offered cannot be seen in a file.
 */
export function offeredGroup(name: string, origin: Origin): Fact<string> {
  const plain = name.replace(/^\*/, '');
  if (plain.startsWith('?')) return unknown('unresolved', `group ${name}: offered where the library has it`, origin);
  const group = ianaGroup(plain);
  return group === undefined ? unknown('unsupported', `group ${name}`, origin) : known(group, origin);
}
