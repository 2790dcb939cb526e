import { absent, derived, known, unknown, type Fact } from '../../model/fact.ts';
import { setting, yesNo } from '../files/sshd-values.ts';
import { faillockOf } from './faillock.ts';
import { lockInEffect, type Counting } from './lock-in-effect.ts';
import { demandsProof } from './pam-proof.ts';
import { anyFailure } from './pam-run.ts';
import { numberOf, pamSettings } from './pam-settings.ts';
import type { PamEntry, PamModule } from './pam-stack.ts';
import type { HostContext } from './part.ts';
import { modulesOf, stackOf } from './password-rules.ts';
import { sshdServerOf } from './sshd-server.ts';

/** After how many failed tries accounts are locked, and for how long; absent where they never are. */
export interface Lockout {
  readonly max_tries: Fact<number>;
  /** Minutes; 0 is until somebody unlocks it. */
  readonly lockout: Fact<number>;
}

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
  const place = modules[0]?.origin ?? context.at;
  const faillock = modules.filter(({ module }) => module === 'pam_faillock');
  const tally = modules.filter(isTally);
  if (faillock.length + tally.length === 0) return never(absent(derived(`the stack of ${service}`, place)));
  // Whoever is let in without a proof is never locked out.
  const demands = demandsProof(stack);
  if (typeof demands !== 'string') return never(demands);
  if (demands === 'no') return never(absent(derived(`${service} lets in without a proof`, place)));
  if (demands === 'maybe') return never(unknown('unresolved', 'PAM: who is let in without a proof', place));
  return faillock.length > 0 ? faillockOf(context, stack, faillock) : tallyOf(context, stack, tally);
}

const isTally = ({ module }: PamModule): boolean => module === 'pam_tally2';
const TALLY: Counting = {
  locked: (module) => (isTally(module) ? anyFailure(module) : undefined),
  wrong: (module) => (isTally(module) ? ['success'] : undefined),
  counts: isTally,
};

/** pam_tally2(8): it counts when it is asked, and refuses whoever was counted too often. */
async function tallyOf(context: HostContext, stack: readonly PamEntry[], modules: readonly PamModule[]): Promise<Lockout> {
  const [first] = modules;
  const effect = first === undefined ? absent(context.at) : lockInEffect(stack, TALLY, first);
  if (first === undefined || effect.state !== 'known') return never(effect.state === 'known' ? absent(context.at) : effect);
  if (!effect.value) return never(absent(effect.origin));
  const each = await Promise.all(
    modules.map(async (module): Promise<Lockout> => {
      const settings = await pamSettings(context, module, '/dev/null');
      // No limit, and no end of the lock.
      const usual = known(0, derived('pam_tally2 defaults', module.origin));
      return { max_tries: numberOf(settings, 'deny', usual), lockout: numberOf(settings, 'unlock_time', usual) };
    }),
  );
  const one = (pick: (lockout: Lockout) => Fact<number>): Fact<number> => {
    const facts = each.map(pick);
    const [fact] = facts;
    const values = new Set(facts.map((other) => (other.state === 'known' ? other.value : other.state)));
    return fact === undefined || values.size > 1 ? unknown('unresolved', `${first.module}: its lines differ`, first.origin) : fact;
  };
  const tries = one(({ max_tries }) => max_tries);
  const seconds = one(({ lockout }) => lockout);
  if (tries.state === 'known' && tries.value === 0) return never(absent(tries.origin));
  return { max_tries: tries, lockout: seconds.state === 'known' ? known(seconds.value / 60, seconds.origin) : seconds };
}
