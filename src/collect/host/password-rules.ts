import { allTrue, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { HASHES } from '../../resources/identity.ts';
import { compareVersions } from '../files/defaults.ts';
import type { LoginDefinitions } from './login-definitions.ts';
import { anyFailure, anyResult, pamCourses, type PamCourse } from './pam-run.ts';
import { isOn, numberOf, pamSettings, type PamSetting } from './pam-settings.ts';
import { pamStack, type PamEntry, type PamModule } from './pam-stack.ts';
import type { HostContext } from './part.ts';

/** Rules for new passwords that the stack of passwd(1) puts in effect. */
export interface PasswordRules {
  readonly checks_quality: Fact<boolean>;
  readonly min_length: Fact<number>;
  readonly min_classes: Fact<number>;
  readonly applies_to_admins: Fact<boolean>;
  readonly history: Fact<number>;
  readonly hash: Fact<(typeof HASHES)[number]>;
}

const QUALITY = new Set(['pam_pwquality', 'pam_cracklib', 'pam_passwdqc']);
const CREDITS = ['dcredit', 'ucredit', 'lcredit', 'ocredit'];
/** Arguments of pam_unix(8), and ENCRYPT_METHOD of login.defs(5), in lower case. */
const HASH_OF: Readonly<Record<string, (typeof HASHES)[number]>> = {
  yescrypt: 'yescrypt',
  gost_yescrypt: 'gost-yescrypt',
  blowfish: 'bcrypt',
  bcrypt: 'bcrypt',
  sha512: 'sha512crypt',
  sha256: 'sha256crypt',
  md5: 'md5crypt',
  bigcrypt: 'bigcrypt',
  des: 'descrypt',
};

/** Reads what happens when a person changes a password. */
export async function passwordRules(context: HostContext, definitions: LoginDefinitions): Promise<PasswordRules> {
  const stack = await stackOf(context, 'passwd', 'password');
  if ('state' in stack) return all(stack);
  const modules = modulesOf(stack);
  const unix = modules.filter(({ module }) => module === 'pam_unix');
  const [first] = unix;
  const courses = pamCourses(stack, possible, (module, result) => {
    const name = QUALITY.has(module.module) ? 'quality' : module.module === 'pam_pwhistory' ? 'history' : undefined;
    if (name !== undefined) return result === 'success' ? name : `${name} said no`;
    return module.module === 'pam_unix' && result === 'success' ? 'unix' : undefined;
  });
  if (courses === undefined || first === undefined) return all(unknown('unsupported', 'PAM: the stack of passwd', context.at));
  const changed = courses.filter(({ accepted, marks }) => accepted && marks.has('unix'));
  const place = derived('the stack of passwd', first.origin);
  const hash = hashOf(unix, definitions);
  const quality = modules.find(({ module }) => QUALITY.has(module));
  const asked = quality === undefined ? known(false, place) : enforced(changed, 'quality', quality.origin);
  const historic = await historyOf(context, modules, changed, place);
  if (asked.state !== 'known') return { ...all(asked), history: historic, hash };
  if (!asked.value || quality === undefined) {
    // pam_unix looks at the length by itself, of everybody but root.
    const length = unixLength(first);
    return {
      checks_quality: asked,
      min_length: length,
      min_classes: known(0, place),
      applies_to_admins: known(false, place),
      history: historic,
      hash,
    };
  }
  return { ...(await qualityOf(context, quality)), history: historic, hash };
}

/** Is a module’s word obeyed? Not where a password that it refused may be accepted all the same. */
function enforced(changed: readonly PamCourse[], mark: string, origin: Origin): Fact<boolean> {
  if (changed.some(({ marks }) => marks.has(`${mark} said no`))) return known(false, derived('order and control of the stack', origin));
  return always(changed, mark, origin);
}

/** Every way a stack may accept: on all of them, on none, or on some only. */
export function always(courses: readonly PamCourse[], mark: string, origin: Origin): Fact<boolean> {
  const marked = courses.filter(({ marks }) => marks.has(mark)).length;
  if (marked === courses.length && marked > 0) return known(true, derived('order and control of the stack', origin));
  return marked === 0
    ? known(false, derived('order and control of the stack', origin))
    : unknown('unresolved', 'PAM: other modules decide', origin);
}

/** The stack of a service; that of `other` where it has none of its own. */
export async function stackOf(context: HostContext, service: string, type: 'auth' | 'password'): Promise<readonly PamEntry[] | Unknown> {
  for (const name of [service, 'other']) {
    const stack = await pamStack(context, name, type);
    if (stack !== 'not-there' && ('state' in stack || stack.length > 0)) return stack;
  }
  return unknown('unresolved', `PAM: no stack of ${service}`, context.at);
}

export function modulesOf(stack: readonly PamEntry[]): readonly PamModule[] {
  return stack.flatMap((entry) => ('substack' in entry ? modulesOf(entry.substack) : [entry]));
}

/** What a module may return when nothing is known of it. */
export function possible(module: PamModule): readonly string[] {
  if (module.module === 'pam_permit') return ['success'];
  // These have an opinion of every password.
  if (QUALITY.has(module.module) || module.module === 'pam_pwhistory') return ['success', ...anyFailure(module)];
  return module.module === 'pam_deny' ? ['other'] : anyResult(module);
}

async function qualityOf(context: HostContext, module: PamModule): Promise<Omit<PasswordRules, 'history' | 'hash'>> {
  const { origin } = module;
  const yes = known(true, origin);
  if (module.module === 'pam_passwdqc') {
    const why = unknown('unsupported', 'pam_passwdqc', origin);
    return { checks_quality: yes, min_length: why, min_classes: why, applies_to_admins: why };
  }
  const cracklib = module.module === 'pam_cracklib';
  const setting: PamSetting = cracklib
    ? await pamSettings(context, module, '/dev/null')
    : await pamSettings(context, module, '/etc/security/pwquality.conf', '/etc/security/pwquality.conf.d');
  const { length, credit } = cracklib ? { length: known(9, origin), credit: known(1, origin) } : await pwqualityDefaults(context, origin);
  const least = numberOf(setting, 'minlen', length);
  const credits = CREDITS.map((name) => numberOf(setting, name, credit));
  const classes = numberOf(setting, 'minclass', known(0, origin));
  const numbers = [least, ...credits];
  const missing = numbers.find(({ state }) => state !== 'known');
  const values = credits.flatMap((one) => (one.state === 'known' ? [one.value] : []));
  const places = [least, ...credits].flatMap((one) => (one.origin === undefined ? [] : [one.origin]));
  const rule = derived(`${module.module}: minlen and credits`, origin, ...places);
  // pwquality.conf(5): a credit of N lets a password be shorter by N; of -N, it must hold N of that class. Never below 6.
  const shorter = values.filter((value) => value > 0).reduce((sum, value) => sum + value, 0);
  const demanded = values.filter((value) => value < 0).length;
  return {
    checks_quality: cracklib ? yes : enforcing(setting, origin),
    min_length:
      missing !== undefined
        ? missing.state === 'unknown'
          ? missing
          : unknown('unresolved', 'minlen', origin)
        : known(Math.max(6, (least.state === 'known' ? least.value : 0) - shorter), rule),
    min_classes: missing?.state === 'unknown' ? missing : mapFact(classes, 'minclass and credits', (value) => Math.max(value, demanded)),
    applies_to_admins: isOn(setting, 'enforce_for_root'),
  };
}

/** `enforcing=0` only warns. */
function enforcing(setting: PamSetting, origin: Origin): Fact<boolean> {
  return allTrue([known(true, origin), mapFact(numberOf(setting, 'enforcing', known(1, origin)), 'enforcing', (value) => value !== 0)]);
}

/** Since 1.4 the least length is 8 and no class of characters makes it shorter: pwquality.conf(5). */
async function pwqualityDefaults(
  { package: installed }: HostContext,
  origin: Origin,
): Promise<{ readonly length: Fact<number>; readonly credit: Fact<number> }> {
  const version = await installed('libpwquality1');
  if (version.state === 'known' && compareVersions(version.value, '1.4') >= 0) {
    const rule = derived(`libpwquality ${version.value} defaults`, version.origin);
    return { length: known(8, rule), credit: known(0, rule) };
  }
  const why = unknown('unresolved', 'minlen: default of an unknown version of libpwquality', origin);
  return { length: why, credit: why };
}

/** pam_unix(8): 6 where `minlen` is not written. */
function unixLength({ args, origin }: PamModule): Fact<number> {
  const value = args.find((arg) => arg.startsWith('minlen='))?.slice(7);
  if (value === undefined) return known(6, derived('pam_unix default of minlen', origin));
  return /^\d{1,4}$/.test(value) ? known(Number(value), origin) : unknown('unparseable', 'minlen', origin);
}

async function historyOf(
  context: HostContext,
  modules: readonly PamModule[],
  changed: readonly PamCourse[],
  place: Origin,
): Promise<Fact<number>> {
  const remembering = modules.find(({ module, args }) => module === 'pam_unix' && args.some((arg) => arg.startsWith('remember=')));
  const module = modules.find((one) => one.module === 'pam_pwhistory');
  if (module === undefined) {
    const value = remembering?.args.find((arg) => arg.startsWith('remember='))?.slice(9);
    if (remembering === undefined || value === undefined) return known(0, place);
    return /^\d{1,4}$/.test(value) ? known(Number(value), remembering.origin) : unknown('unparseable', 'remember', remembering.origin);
  }
  const asked = enforced(changed, 'history', module.origin);
  if (asked.state !== 'known') return asked.state === 'unknown' ? asked : known(0, place);
  if (!asked.value) return known(0, asked.origin);
  const setting = await pamSettings(context, module, '/etc/security/pwhistory.conf');
  return numberOf(setting, 'remember', known(10, derived('pam_pwhistory default of remember', module.origin)));
}

/** The argument of pam_unix, else login.defs, else DES. */
function hashOf(unix: readonly PamModule[], definitions: LoginDefinitions): PasswordRules['hash'] {
  const [first, ...more] = unix;
  if (first === undefined || more.length > 0) return unknown('unresolved', 'PAM: pam_unix more than once', first?.origin);
  const named = first.args.map((arg) => arg.toLowerCase()).findLast((arg) => Object.hasOwn(HASH_OF, arg));
  const own = named === undefined ? undefined : HASH_OF[named];
  if (own !== undefined) return known(own, first.origin);
  const method = definitions.text('ENCRYPT_METHOD');
  if (method.state === 'unknown') return method;
  if (method.state === 'absent') return known('descrypt', derived('pam_unix without a method', first.origin, method.origin));
  const hash = HASH_OF[method.value.toLowerCase()];
  return hash === undefined
    ? unknown('unparseable', `ENCRYPT_METHOD ${method.value.slice(0, 40)}`, method.origin)
    : known(hash, method.origin);
}

function all(why: Fact<never>): PasswordRules {
  return { checks_quality: why, min_length: why, min_classes: why, applies_to_admins: why, history: why, hash: why };
}
