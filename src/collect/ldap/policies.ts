import { absent, derived, known, mapFact, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { identityPolicy } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { LdapEntry } from '../../world/ldap.ts';
import type { SlapdConfiguration } from './configuration.ts';
import { hashOf } from './hash-scheme.ts';
import { dnKey, isUnder, textOf, textsOf, type Entries } from './search.ts';

type Policy = LiveKindFacts<typeof identityPolicy>;

/** Control of the password policy overlay (draft-behera-ldap-password-policy): a server that names it has the overlay. */
export const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';

export const POLICY_ATTRIBUTES = [
  'objectClass',
  'pwdMinLength',
  'pwdMaxFailure',
  'pwdLockout',
  'pwdLockoutDuration',
  'pwdMaxAge',
  'pwdInHistory',
  'pwdCheckQuality',
  'pwdUseCheckModule',
  'pwdCheckModule',
];

/** The rules of one entry, `pwdPolicy`, as slapo-ppolicy(5) follows them. What an entry leaves out has the default named there. */
export function policyFacts({ value: entry, origin }: Known<LdapEntry>, configuration: Known<SlapdConfiguration> | Unknown): Policy {
  const at: Origin = origin.kind === 'wire' ? { ...origin, exchange: `${origin.exchange}: ${entry.dn}`.slice(0, 160) } : origin;
  const number = (name: string): Fact<number> => {
    const text = textOf(entry, name);
    if (text === undefined) return known(0, derived(`slapo-ppolicy(5) default of ${name}`, at));
    return /^\d{1,15}$/.test(text) ? known(Number(text), at) : unknown('unparseable', `${name} ${text.slice(0, 40)}`, at);
  };
  const quality = number('pwdCheckQuality');
  const checks = mapFact(quality, 'pwdCheckQuality', (level) => level > 0);
  // Without a check of quality no length is looked at; at 1 a password that comes hashed passes unlooked.
  const length: Fact<number> =
    quality.state === 'known' && quality.value === 0 ? known(0, derived('pwdCheckQuality: 0', at)) : number('pwdMinLength');
  const locks = textOf(entry, 'pwdLockout')?.toUpperCase() === 'TRUE';
  const failures = number('pwdMaxFailure');
  const never = absent(derived('pwdLockout, pwdMaxFailure', at));
  const counted = failures.state === 'known' && (!locks || failures.value === 0) ? undefined : failures;
  const age = number('pwdMaxAge');
  const module = /^TRUE$/i.test(textOf(entry, 'pwdUseCheckModule') ?? '') || textOf(entry, 'pwdCheckModule') !== undefined;
  return {
    system: known('ldap', at),
    checks_quality: checks,
    min_length: length,
    min_classes: module
      ? unknown('unsupported', 'a check module decides over classes of characters', at)
      : known(0, derived('no check module', at)),
    applies_to_admins: known(false, derived('the root DN is exempt (slapo-ppolicy(5))', at)),
    history: number('pwdInHistory'),
    max_age: age.state === 'known' && age.value === 0 ? absent(age.origin) : mapFact(age, 'days', (seconds) => seconds / 86_400),
    max_tries: counted ?? never,
    // Left out it is "until somebody unlocks it", the strictest of all: that is not taken from what may only be hidden.
    lockout:
      counted === undefined
        ? never
        : textOf(entry, 'pwdLockoutDuration') === undefined
          ? unknown('access-denied', 'pwdLockoutDuration is not shown', at)
          : mapFact(number('pwdLockoutDuration'), 'minutes', (seconds) => seconds / 60),
    idle_timeout: idleTimeout(configuration),
    hash: newPasswords(configuration),
  };
}

/** No policy is in force: the overlay is not there, or names none for the accounts that have none of their own. */
export function noPolicy(at: Origin, configuration: Known<SlapdConfiguration> | Unknown): Policy {
  const none = derived('no password policy is in force', at);
  return {
    system: known('ldap', at),
    checks_quality: known(false, none),
    min_length: known(0, none),
    min_classes: known(0, none),
    applies_to_admins: known(false, none),
    history: known(0, none),
    max_age: absent(none),
    max_tries: absent(none),
    lockout: absent(none),
    idle_timeout: idleTimeout(configuration),
    hash: newPasswords(configuration),
  };
}

/** A database with the overlay, and the policy that counts for accounts without one of their own. */
interface DefaultPolicy {
  readonly suffixes: readonly string[];
  readonly name: string | undefined;
}

/** Default policies of the databases that have the overlay. */
export function defaultPolicies({ databases }: SlapdConfiguration): readonly DefaultPolicy[] {
  return databases.flatMap(({ suffixes, overlays }) =>
    overlays
      .filter((overlay) => /ppolicy$/i.test(textOf(overlay, 'olcOverlay') ?? ''))
      .map((overlay) => ({ suffixes, name: textOf(overlay, 'olcPPolicyDefault') })),
  );
}

/** The policy of an account: its own, else the default. */
export function policyOf(
  account: LdapEntry,
  policies: Entries,
  configuration: Known<SlapdConfiguration> | Unknown,
): Known<LdapEntry> | Unknown | undefined {
  if (configuration.state === 'unknown') return configuration;
  const own = textOf(account, 'pwdPolicySubentry');
  const overlay = defaultPolicies(configuration.value).find(({ suffixes }) => suffixes.some((suffix) => isUnder(account.dn, suffix)));
  const name = overlay === undefined ? undefined : (own ?? overlay.name);
  if (name === undefined) return undefined;
  if (policies.state === 'unknown') return policies;
  const entry = policies.value.find(({ dn }) => dnKey(dn) === dnKey(name));
  return entry === undefined
    ? unknown('access-denied', `${name.slice(0, 80)} may not be read`, policies.origin)
    : known(entry, policies.origin);
}

function idleTimeout(configuration: Known<SlapdConfiguration> | Unknown): Policy['idle_timeout'] {
  if (configuration.state === 'unknown') return configuration;
  const text = textOf(configuration.value.global, 'olcIdleTimeout') ?? '0';
  const at = derived('olcIdleTimeout', configuration.origin);
  if (!/^\d{1,9}$/.test(text)) return unknown('unparseable', 'olcIdleTimeout', at);
  return text === '0' ? absent(at) : known(Number(text), at);
}

/** Passwords that come by a plain modify are stored as they come, unless the overlay hashes them. */
function newPasswords(configuration: Known<SlapdConfiguration> | Unknown): Policy['hash'] {
  if (configuration.state === 'unknown') return configuration;
  const { value, origin } = configuration;
  const overlays = value.databases
    .flatMap((database) => database.overlays)
    .filter((overlay) => /ppolicy$/i.test(textOf(overlay, 'olcOverlay') ?? ''));
  const hashes = overlays.length > 0 && overlays.every((overlay) => /^TRUE$/i.test(textOf(overlay, 'olcPPolicyHashCleartext') ?? ''));
  if (!hashes) return unknown('unresolved', 'without olcPPolicyHashCleartext who sets a password decides how it is stored', origin);
  const schemes = value.frontend === undefined ? [] : textsOf(value.frontend, 'olcPasswordHash');
  if (schemes.length > 1) return unknown('unsupported', 'several schemes at once', origin);
  const [scheme = '{SSHA}'] = schemes;
  // {CRYPT} alone leaves the method to olcPasswordCryptSaltFormat.
  const hash = /^\{CRYPT\}$/i.test(scheme) ? undefined : hashOf(scheme.toUpperCase());
  return hash === undefined
    ? unknown('unsupported', `the scheme ${scheme.slice(0, 40)}`, origin)
    : known(hash, derived('olcPasswordHash', origin));
}
