import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { anyFailure, anyResult, pamCourses, type PamResult } from './pam-run.ts';
import type { PamEntry, PamModule } from './pam-stack.ts';
import { modulesOf, possible } from './password-rules.ts';
import type { Match } from './sudo-names.ts';

/** Modules that ask for the password of an account. */
export const ASKING: ReadonlySet<string> = new Set(['pam_unix', 'pam_sss', 'pam_ldap', 'pam_krb5', 'pam_winbind']);
/** Modules that let nobody through who does not prove himself: by a password, a code, a key, a token, a finger. */
const PROVING = new Set(
  `pam_unix pam_unix2 pam_tcb pam_pwdfile pam_userdb pam_sss pam_sss_gss pam_ldap pam_krb5 pam_winbind pam_lsass pam_ldapd pam_systemd_home
  pam_kanidm pam_himmelblau pam_aad pam_radius_auth pam_radius pam_tacplus pam_mysql pam_pgsql pam_vas3 pam_centrifydc pam_google_authenticator
  pam_oath pam_otpw pam_yubico pam_u2f pam_duo pam_rsa pam_securid pam_privacyidea pam_ssh_agent_auth pam_pkcs11 pam_p11 pam_fprintd pam_fscrypt_auth
  pam_ussh pam_rssh pam_opie pam_skey pam_deny`.split(/\s+/),
);
/** Modules that have no opinion of who asks: their pam_sm_authenticate() returns PAM_IGNORE. */
const INDIFFERENT = new Set('pam_env pam_faildelay pam_echo pam_group pam_motd pam_mail pam_issue pam_warn'.split(' '));

/** What a module may return of somebody who gives no proof; undefined where it is like any other. */
export type ProoflessResults = (module: PamModule) => readonly PamResult[] | undefined;

/** Does the module take a proof? One that lets those through who have set none up proves nothing. */
function proves({ module, args }: PamModule): boolean {
  return PROVING.has(module) && (module === 'pam_unix' || !args.some((arg) => arg === 'nullok' || arg === 'nouserok'));
}

/**
 * Does a stack demand a proof of whoever comes? `no`: every way lets in without one; `maybe`: some do, by what modules say of the account
 * or the place.
 */
export function demandsProof(stack: readonly PamEntry[], special: ProoflessResults = () => undefined): Match | Unknown {
  const courses = pamCourses(
    stack,
    (module) => special(module) ?? proofless(module),
    () => undefined,
  );
  if (courses === undefined) return unknown('unsupported', 'PAM: the ways through the stack', originOf(stack));
  const accepted = courses.filter((course) => course.accepted).length;
  return accepted === 0 ? 'yes' : accepted === courses.length ? 'no' : 'maybe';
}

function proofless(module: PamModule): readonly PamResult[] {
  // Some pass over accounts that are not theirs.
  const passes = module.args.some((arg) => /^(?:ignore|minimum_uid)/.test(arg)) ? ['ignore'] : [];
  if (proves(module)) return [...anyFailure(module), ...passes];
  if (INDIFFERENT.has(module.module)) return ['ignore'];
  if (module.module === 'pam_permit') return ['success'];
  // These look at who asks: root alone, and members of a group, whom they only let through with `trust`.
  if (module.module === 'pam_rootok' || module.module === 'pam_timestamp') return anyFailure(module);
  if (module.module === 'pam_wheel' && !module.args.includes('trust')) return ['ignore', ...anyFailure(module)];
  // It counts a wrong password, and says yes to none.
  if (module.module === 'pam_faillock' && module.args.includes('authfail')) return ['ignore', 'other'];
  return module.module === 'pam_faillock' ? possible(module) : [...new Set([...anyResult(module), 'ignore'])];
}

/** Where a stack begins, for what is said of the whole. */
function originOf(stack: readonly PamEntry[]): Origin | undefined {
  return modulesOf(stack)[0]?.origin;
}
