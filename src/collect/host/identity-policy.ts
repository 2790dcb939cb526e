import { absent, known, type Fact } from '../../model/fact.ts';
import { identityPolicy } from '../../resources/identity.ts';
import { accountsOf, type Accounts } from './accounts.ts';
import { idleTimeout } from './idle-sessions.ts';
import { lockoutOf } from './lockout.ts';
import type { HostPart } from './part.ts';
import { passwordRules } from './password-rules.ts';

/** Rules for passwords, lock-out and idle sessions, as PAM, login.defs and the shells' profiles put them in effect. */
export const identityPolicyPart: HostPart = {
  name: 'identity policy',
  kinds: [identityPolicy.name],
  read: async (context) => {
    const accounts = await accountsOf(context);
    const rules = await passwordRules(context, accounts.definitions);
    const lockout = await lockoutOf(context);
    const facts = {
      system: known('linux', context.at),
      ...rules,
      ...lockout,
      max_age: maximumAge(accounts),
      idle_timeout: await idleTimeout(context),
    };
    return { resources: [context.resource(identityPolicy, 'linux', facts)], gaps: [] };
  },
};

/** PASS_MAX_DAYS for new accounts: -1, and more than 10,000 days, is for ever; so is not written. */
function maximumAge({ definitions }: Accounts): Fact<number> {
  const days = definitions.number('PASS_MAX_DAYS');
  if (days.state !== 'known') return days;
  return days.value < 0 || days.value >= 10_000 ? absent(days.origin) : days;
}
