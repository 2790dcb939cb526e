import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { setting, yesNo } from '../files/sshd-values.ts';
import { anyFailure, pamCourses } from './pam-run.ts';
import { numberOf, pamSettings } from './pam-settings.ts';
import type { PamEntry, PamModule } from './pam-stack.ts';
import type { HostContext } from './part.ts';
import { always, modulesOf, possible, stackOf } from './password-rules.ts';
import { sshdServerOf } from './sshd-server.ts';

/** After how many failed tries accounts are locked, and for how long; absent where they never are. */
export interface Lockout {
  readonly max_tries: Fact<number>;
  /** Minutes; 0 is until somebody unlocks it. */
  readonly lockout: Fact<number>;
}

const COUNTERS = new Set(['pam_faillock', 'pam_tally2']);
/** Modules that ask for the password of an account. */
const ASKING = new Set(['pam_unix', 'pam_sss', 'pam_ldap', 'pam_krb5', 'pam_winbind']);

/** What holds wherever passwords are asked for: at the console and over SSH. The weaker of the two counts. */
export async function lockoutOf(context: HostContext): Promise<Lockout> {
  const { scopes } = await sshdServerOf(context);
  const [globally] = scopes;
  const found: Lockout[] = [await lockoutOfService(context, 'login')];
  if (globally !== undefined) {
    const pam = setting(globally.scope, 'usepam', yesNo, [{ since: '3.7', value: false }]);
    if (pam.state !== 'known') found.push(never(pam.state === 'unknown' ? pam : unknown('unresolved', 'UsePAM', context.at)));
    else found.push(pam.value ? await lockoutOfService(context, 'sshd') : never(absent(derived('sshd asks without PAM', pam.origin))));
  }
  const weaker = (pick: (one: Lockout) => Fact<number>, worse: (a: number, b: number) => boolean): Fact<number> =>
    found.map(pick).reduce((a, b) => {
      if (a.state === 'absent' || b.state === 'absent') return a.state === 'absent' ? a : b;
      if (a.state === 'unknown' || b.state === 'unknown') return a.state === 'unknown' ? a : b;
      return worse(a.value, b.value) ? a : b;
    });
  return {
    max_tries: weaker(
      ({ max_tries }) => max_tries,
      (a, b) => a > b,
    ),
    // 0 lasts longest.
    lockout: weaker(
      ({ lockout }) => lockout,
      (a, b) => b === 0 || (a !== 0 && a < b),
    ),
  };
}

function never(why: Fact<never>): Lockout {
  return { max_tries: why, lockout: why };
}

async function lockoutOfService(context: HostContext, service: string): Promise<Lockout> {
  const stack = await stackOf(context, service, 'auth');
  if ('state' in stack) return never(stack);
  const modules = modulesOf(stack);
  const counters = modules.filter(({ module }) => COUNTERS.has(module));
  const [first] = counters;
  const place = modules[0]?.origin ?? context.at;
  if (first === undefined) return never(absent(derived(`the stack of ${service}`, place)));
  const effect = inEffect(stack, first);
  if (effect.state !== 'known') return never(effect);
  if (!effect.value) return never(absent(effect.origin));
  return settingsOf(context, counters, first);
}

/** A locked account is refused though its password is right, and every wrong password is counted. */
function inEffect(stack: readonly PamEntry[], { origin }: PamModule): Fact<boolean> | Unknown {
  const locked = pamCourses(
    stack,
    (module) => (COUNTERS.has(module.module) ? anyFailure(module) : possible(module)),
    (module, result) => (module.module === 'pam_unix' && result === 'success' ? 'asked' : undefined),
  );
  const wrong = pamCourses(
    stack,
    (module) => {
      if (ASKING.has(module.module)) return anyFailure(module);
      // faillock refuses by itself when it counts; before that it lets through.
      if (module.module === 'pam_faillock') return module.args.includes('authfail') ? anyFailure(module) : ['success', 'ignore'];
      return module.module === 'pam_tally2' ? ['success'] : possible(module);
    },
    (module) => {
      if (module.module === 'pam_unix') return 'asked';
      return module.module === 'pam_tally2' || (module.module === 'pam_faillock' && module.args.includes('authfail'))
        ? 'counted'
        : undefined;
    },
  );
  if (locked === undefined || wrong === undefined) return unknown('unsupported', 'PAM: the ways through the stack', origin);
  if (locked.some(({ accepted, marks }) => accepted && marks.has('asked')))
    return known(false, derived('a locked account is let in', origin));
  const tried = wrong.filter(({ marks }) => marks.has('asked'));
  return always(tried, 'counted', origin);
}

async function settingsOf(context: HostContext, counters: readonly PamModule[], first: PamModule): Promise<Lockout> {
  const faillock = first.module === 'pam_faillock';
  const each = await Promise.all(
    counters.map(async (module): Promise<Lockout> => {
      const settings = await pamSettings(context, module, faillock ? '/etc/security/faillock.conf' : '/dev/null');
      // faillock.conf(5): 3 tries, 600 seconds. pam_tally2(8): no limit, and no end of the lock.
      const rule = derived(`${module.module} defaults`, module.origin);
      const tries = numberOf(settings, 'deny', known(faillock ? 3 : 0, rule));
      const unlock = settings('unlock_time');
      const seconds =
        unlock.state === 'known' && unlock.value === 'never'
          ? known(0, unlock.origin)
          : numberOf(settings, 'unlock_time', known(faillock ? 600 : 0, rule));
      return { max_tries: tries, lockout: seconds };
    }),
  );
  const one = (pick: (lockout: Lockout) => Fact<number>): Fact<number> => {
    const facts = each.map(pick);
    const [fact] = facts;
    const values = new Set(facts.map((other) => (other.state === 'known' ? other.value : other.state)));
    if (fact === undefined || values.size > 1) return unknown('unresolved', `${first.module}: its lines differ`, first.origin);
    return fact;
  };
  const tries = one(({ max_tries }) => max_tries);
  const seconds = one(({ lockout }) => lockout);
  if (tries.state === 'known' && tries.value === 0) return never(absent(tries.origin));
  return { max_tries: tries, lockout: seconds.state === 'known' ? known(seconds.value / 60, seconds.origin) : seconds };
}
